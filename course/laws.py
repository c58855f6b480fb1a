"""How the sizes of random weights go with the sizes of their layers, and how they should."""

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
