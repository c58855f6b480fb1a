"""What is seen in random weights: whether each is drawn, from rng, and how large they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Law = Callable[[int, int], float]
SLIP = 0.06  # of the logarithm of a variance, for which a factor is still named


def varied(weight: Array) -> bool:
    """Whether the weights differ, so that their sizes are no matter of chance."""
    some = weight.ravel()[:2000]
    return bool(len(np.unique(some)) > 0.9 * some.size)


def independence(value: Mapping[str, Array]) -> dict[str, bool]:
    """Two of 1,200 numbers agree by chance, but never a tenth of them."""
    weight = value["a layer from 40 to 30"]
    centred = weight.ravel() - weight.mean()
    rows, columns = weight.std(axis=1), weight.std(axis=0)
    return {
        "“the weights are float64”": weight.dtype == np.float64,
        "“nearly all weights differ”": len(np.unique(np.abs(weight))) > 1000,
        "“weights differ within each row”": bool((rows > 0).all()),
        "“weights differ within each column”": bool((columns > 0).all()),
        "“the weights are in disorder”": bool(
            np.abs((centred[:-1] * centred[1:]).sum()) < 0.25 * (centred**2).sum()
        ),  # this correlation has a standard deviation of 0.029
    }


def sources(value: Mapping[str, Array]) -> dict[str, bool]:
    """Two draws of 20 numbers agree by chance less often than once in 2**400."""
    first, second, again, other = value.values()
    return {
        "“two calls with one generator differ, since no seed is set inside”": bool(
            (first != second).any()
        ),
        "“generators of the same seed give the same weights”": bool((first == again).all()),
        "“generators of different seeds give different weights”": bool((first != other).any()),
    }


def law(
    weights: Mapping[str, Array],
    laws: Mapping[str, Law],
    deviation: Law,
    factors: Mapping[str, float],
    *,
    allowed: float,
    apart: float,
) -> tuple[str | None, str | None]:
    """Which law the sizes of the weights follow, and which part of the variance they have.

    Parameters
    ----------
    weights : dict of str to ndarray
        Layers of different shapes (fan_in, fan_out).
    laws : dict of str to callable
        How the deviation may go with fan_in and fan_out; the right one has the name "".
    deviation : callable
        What the deviation should be, for fan_in and fan_out.
    factors : dict of str to float
        Parts of the right variance that have a name.
    allowed : float
        By how much sizes may be off, as a part of the right one, and count as right.
    apart : float
        By how much the logarithm of a ratio of two sizes may be off from a law's.
    """
    sizes = np.array([np.sqrt(np.mean(weight**2)) for weight in weights.values()])
    shapes = [weight.shape for weight in weights.values()]
    known = np.isfinite(sizes).all() and (sizes > 0).all() and all(map(varied, weights.values()))
    parts = sizes / [deviation(*shape) for shape in shapes]
    if not known or (abs(parts - 1) < allowed).all():
        return "", None
    ratios = {
        name: np.array([size(*shape) / size(*shapes[0]) for shape in shapes[1:]])
        for name, size in laws.items()
    }
    found = _nearest(np.log(sizes[1:] / sizes[0]), ratios, apart)
    return found, _nearest(2 * np.log(parts).mean(), factors, SLIP) if found == "" else None


def _nearest(found: Any, known: Mapping[str, Any], most: float) -> str | None:
    """The name of what lies nearest to some logarithms, if it is no further than `most`."""
    distances = {name: float(np.abs(np.log(right) - found).max()) for name, right in known.items()}
    name = min(distances, key=distances.__getitem__)
    return name if distances[name] <= most else None
