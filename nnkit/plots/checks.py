"""What the plots demand of their data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def named_arrays(name: str, value: Any) -> dict[str, Array]:
    """A dict of names to arrays of numbers, none of them empty."""
    if not isinstance(value, Mapping) or not value:
        got = "an empty one" if isinstance(value, Mapping) else type(value).__name__
        raise TypeError(
            f"expected {name} as a dict of names and arrays, got {got}; "
            'for example {"layer 1": array}'
        )
    return {str(key): numbers(f"{name}[{key!r}]", array) for key, array in value.items()}


def numbers(name: str, value: Any, ndim: int | None = None) -> Array:
    """An array of real numbers, not empty; NaN and infinity are let through."""
    array = np.asarray(value)
    if array.dtype.kind not in "iufb" or array.size == 0:
        raise ValueError(
            f"expected {name} as an array of numbers, got {array.dtype} of shape {array.shape}; "
            "pass at least one number"
        )
    if ndim is not None and array.ndim != ndim:
        shape = {1: "(N,)", 2: "(N, D)"}[ndim]
        raise ValueError(
            f"expected {name} of shape {shape}, got {array.shape}; reshape it, or pass one row"
        )
    return array


def classes(name: str, value: Any) -> Array:
    """A vector of class indices."""
    array = numbers(name, value, ndim=1)
    if array.dtype.kind not in "iu" or array.min() < 0:
        raise ValueError(
            f"expected {name} as integers of 0 or more, got {array.dtype} from {array.min()}; "
            "for logits pass logits.argmax(axis=1)"
        )
    return array


def same_length(**arrays: Array) -> None:
    """These arrays describe the same things."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        described = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise ValueError(
            f"expected one entry for each example in all arrays, got: {described}; "
            "pass arrays that belong together"
        )


def class_names(names: Any, num_classes: int) -> tuple[str, ...]:
    """A name for each class; without names, their numbers."""
    if names is None:
        return tuple(f"class {index}" for index in range(num_classes))
    if len(names) < num_classes:
        raise ValueError(
            f"expected {num_classes} names, one for each class, got {len(names)}; name them all"
        )
    return tuple(str(name) for name in names)
