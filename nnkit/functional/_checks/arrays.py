"""Checkers for arrays: each returns the array that the function is to work on."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnkit.functional._checks.expects import Array, Checker


def numbers(name: str, value: Any) -> Array:
    """Numbers of any shape; integers become float64."""
    array = np.asarray(value)
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    if array.dtype.kind not in "fc":  # complex numbers serve complex-step derivatives
        raise TypeError(
            f"expected {name} as an array of numbers, got {array.dtype}; "
            "convert it with np.asarray(..., dtype=float)"
        )
    return array


def real_numbers(name: str, value: Any) -> Array:
    """Numbers of any shape, none of them complex; integers become float64."""
    array = numbers(name, value)
    if array.dtype.kind == "c":
        raise TypeError(f"expected {name} as real numbers, got {array.dtype}; use {name}.real")
    return array


def non_empty_numbers(name: str, value: Any) -> Array:
    """Numbers of any shape, at least one; integers become float64."""
    array = numbers(name, value)
    if array.size == 0:
        raise ValueError(
            f"expected {name} with at least one entry, got shape {array.shape}; "
            "leave empty arrays out"
        )
    return array


def matrix(rows: str, columns: str) -> Checker:
    """Numbers of shape (rows, columns), at least one of each; integers become float64."""

    def checker(name: str, value: Any) -> Array:
        array = numbers(name, value)
        if array.ndim == 2 and array.size > 0:
            return array
        expected = f"expected {name} of shape ({rows}, {columns})"
        if array.ndim == 2:
            raise ValueError(
                f"{expected} with at least one row and one column, got {array.shape}; "
                "leave empty batches out"
            )
        if array.ndim == 1 and rows == "N":
            advice = f"for a single example pass {name}[np.newaxis, :]"
        else:
            advice = "reshape it first"
        raise ValueError(f"{expected}, got {array.shape}; {advice}")

    return checker


logits_matrix = matrix("N", "C")


def vector(length: str) -> Checker:
    """Numbers of shape (length,), at least one; integers become float64."""

    def checker(name: str, value: Any) -> Array:
        array = non_empty_numbers(name, value)
        if array.ndim != 1:
            raise ValueError(
                f"expected {name} of shape ({length},), got {array.shape}; use {name}.ravel()"
            )
        return array

    return checker


def class_indices(name: str, value: Any) -> Array:
    """Integers of shape (N,)."""
    array = np.asarray(value)
    if array.dtype.kind not in "iu":
        raise TypeError(
            f"expected {name} as integers (one class index for each row), got {array.dtype}; "
            f"use {name}.astype(int) if they are whole numbers"
        )
    if array.ndim != 1:
        raise ValueError(
            f"expected {name} of shape (N,), got {array.shape}; "
            f"use {name}.ravel() for a column, {name}.argmax(axis=1) for one-hot rows"
        )
    return array


def arrays(name: str, value: Any) -> list[Array]:
    """A list of arrays of numbers, of any shapes; integers become float64."""
    return _each(numbers, name, value)


def real_arrays(name: str, value: Any) -> list[Array]:
    """A list of arrays of real numbers, of any shapes; integers become float64."""
    return _each(real_numbers, name, value)


def _each(checker: Checker, name: str, value: Any) -> list[Array]:
    if not isinstance(value, list | tuple):
        raise TypeError(
            f"expected {name} as a list of arrays, got {type(value).__name__}; "
            f"put a single array into a list: [{name}]"
        )
    return [checker(f"{name}[{i}]", item) for i, item in enumerate(value)]
