"""Does a value equal the reference's? If not, what is the first thing that differs?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course.outcome import Foreign, Outcome


@dataclass(frozen=True)
class Difference:
    """The first difference between an outcome and the reference's."""

    kind: str  # error, type, length, keys, choice, shape, nonfinite or values
    expected: Any
    got: Any
    part: str = ""  # which part of a probe's dict, or which item of a tuple


def difference(
    expected: Outcome, got: Outcome, rtol: float, atol: float, names: tuple[str, ...] = ()
) -> Difference | None:
    """The first difference, or None when the outcome is right.

    `names` are those of the items of the tuple that the function returns, for messages.
    """
    if expected.error or got.error:
        same = expected.error == got.error
        return None if same else Difference("error", expected.error, got)
    return _Comparison(rtol, atol, names).difference(expected.value, got.value, part="")


@dataclass(frozen=True)
class _Comparison:
    """One comparison of two values, item by item."""

    rtol: float
    atol: float
    names: tuple[str, ...]

    def difference(self, expected: Any, got: Any, part: str) -> Difference | None:
        if isinstance(expected, dict):
            return self._in_dict(expected, got, part)
        if isinstance(expected, tuple | list):
            return self._in_sequence(expected, got, part)
        if not _type_fits(expected, got):
            return Difference("type", expected, got, part)
        if isinstance(expected, str | bool) or expected is None:
            return None if got == expected else Difference("choice", expected, got, part)
        return self._in_numbers(expected, got, part)

    def _in_numbers(self, expected: Any, got: Any, part: str) -> Difference | None:
        expected_array, got_array = np.asarray(expected), np.asarray(got)
        if got_array.shape != expected_array.shape:
            return Difference("shape", expected, got, part)
        if equal(expected_array, got_array, self.rtol, self.atol):
            return None
        finite = np.isfinite(got_array) | ~np.isfinite(expected_array)
        return Difference("values" if finite.all() else "nonfinite", expected, got, part)

    def _in_dict(self, expected: dict, got: Any, part: str) -> Difference | None:
        if not isinstance(got, dict):
            return Difference("type", expected, got, part)
        if list(got) != list(expected):
            return Difference("keys", expected, got, part)
        paths = {key: f"{part}, {key}" if part else str(key) for key in expected}
        found = (self.difference(expected[k], got[k], paths[k]) for k in expected)
        return next((d for d in found if d), None)

    def _in_sequence(self, expected: Any, got: Any, part: str) -> Difference | None:
        if not isinstance(got, tuple | list):
            return Difference("type", expected, got, part)
        if len(got) != len(expected):
            return Difference("length", expected, got, part)
        is_result = isinstance(expected, tuple) and len(expected) == len(self.names)
        names = self.names if is_result else [f"item {i}" for i in range(len(expected))]
        paths = [f"{name} in {part}" if part else name for name in names]
        found = (self.difference(e, g, p) for e, g, p in zip(expected, got, paths, strict=True))
        return next((d for d in found if d), None)


def equal(expected: np.ndarray, got: np.ndarray, rtol: float, atol: float) -> bool:
    """Equal within ``atol + rtol * abs(expected)``; NaN equals NaN, an infinity itself."""
    if expected.shape != got.shape:
        return False
    with np.errstate(all="ignore"):
        expected, got = expected.astype(np.float64), got.astype(np.float64)
        close = np.abs(got - expected) <= atol + rtol * np.abs(expected)
        close &= np.isfinite(expected)  # a tolerance means nothing around an infinity
        return bool((close | (got == expected) | (np.isnan(got) & np.isnan(expected))).all())


def _type_fits(expected: Any, got: Any) -> bool:
    """An array must be an array; a number may be Python's or NumPy's; a word is a word."""
    if isinstance(expected, str | bool) or expected is None:
        return isinstance(got, type(expected))
    if isinstance(got, Foreign | bool | str | dict | tuple | list) or got is None:
        return False
    if isinstance(expected, np.ndarray) and expected.ndim > 0:
        return isinstance(got, np.ndarray) and got.dtype.kind in "fiu"
    return np.asarray(got).dtype.kind in "fiu"
