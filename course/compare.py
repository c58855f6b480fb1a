"""Does a value equal the reference's? If not, what is the first thing that differs?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course.outcome import Foreign, Outcome


@dataclass(frozen=True)
class Difference:
    """The first difference between an outcome and the reference's."""

    kind: str  # error, type, length, shape, nonfinite or values
    expected: Any
    got: Any
    part: str = ""  # which part of a probe's dict, or which item of a tuple


def difference(expected: Outcome, got: Outcome, rtol: float, atol: float) -> Difference | None:
    """The first difference, or None when the outcome is right."""
    if expected.error or got.error:
        same = expected.error == got.error
        return None if same else Difference("error", expected.error, got)
    return _difference(expected.value, got.value, rtol, atol, part="")


def _difference(expected: Any, got: Any, rtol: float, atol: float, part: str) -> Difference | None:
    if isinstance(expected, dict):
        return _first_in_parts(expected, got, rtol, atol)
    if isinstance(expected, tuple | list):
        return _first_in_sequence(expected, got, rtol, atol, part)
    if not _type_fits(expected, got):
        return Difference("type", expected, got, part)
    expected_array, got_array = np.asarray(expected), np.asarray(got)
    if got_array.shape != expected_array.shape:
        return Difference("shape", expected, got, part)
    if equal(expected_array, got_array, rtol, atol):
        return None
    finite = np.isfinite(got_array) | ~np.isfinite(expected_array)
    return Difference("values" if finite.all() else "nonfinite", expected, got, part)


def equal(expected: np.ndarray, got: np.ndarray, rtol: float, atol: float) -> bool:
    """Equal within ``atol + rtol * abs(expected)``; NaN equals NaN, an infinity itself."""
    if expected.shape != got.shape:
        return False
    with np.errstate(all="ignore"):
        expected, got = expected.astype(np.float64), got.astype(np.float64)
        close = np.abs(got - expected) <= atol + rtol * np.abs(expected)
        close &= np.isfinite(expected)  # a tolerance means nothing around an infinity
        return bool((close | (got == expected) | (np.isnan(got) & np.isnan(expected))).all())


def _first_in_parts(expected: dict, got: Any, rtol: float, atol: float) -> Difference | None:
    if not isinstance(got, dict) or list(got) != list(expected):  # a tampered sandbox
        return Difference("type", expected, got)
    found = (_difference(expected[k], got[k], rtol, atol, part=k) for k in expected)
    return next((d for d in found if d), None)


def _first_in_sequence(
    expected: Any, got: Any, rtol: float, atol: float, part: str
) -> Difference | None:
    if not isinstance(got, tuple | list):
        return Difference("type", expected, got, part)
    if len(got) != len(expected):
        return Difference("length", expected, got, part)
    parts = [f"{part}, item {i}" if part else f"item {i}" for i in range(len(expected))]
    found = (_difference(e, g, rtol, atol, p) for e, g, p in zip(expected, got, parts, strict=True))
    return next((d for d in found if d), None)


def _type_fits(expected: Any, got: Any) -> bool:
    """An array must be an array; a number may be Python's or NumPy's."""
    if isinstance(got, Foreign | bool | dict | tuple | list) or got is None:
        return expected is None and got is None
    if isinstance(expected, np.ndarray) and expected.ndim > 0:
        return isinstance(got, np.ndarray) and got.dtype.kind in "fiu"
    return np.asarray(got).dtype.kind in "fiu"
