"""What to say when no known bug fits: the plainest true sentence about what differs.

Messages about a hidden probe carry no numbers, so that no submission can print its inputs.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np

from course.compare import Difference, equal
from course.outcome import Foreign, Outcome

KNOWN_TYPES = {"function", "generator", "type", "range", "set", "str", "bytes", "complex", "object"}
KNOWN_TYPES |= {"matrix", "MaskedArray", "method", "map", "filter", "zip", "very large array"}
ENDINGS = {
    "NotImplementedError": "it still raises NotImplementedError; write its body instead of it",
    "timeout": "it did not finish within the time limit; is there a loop that never ends?",
    "killed": "its process ended before it answered (out of memory, or it stopped Python)",
    "undefined": "no function of this name was found",
    "unreadable code": "Python can't read its cell",
    "no result": "no result came back",
}
EXCEPTIONS = {n for n in dir(builtins) if isinstance(getattr(builtins, n), type)}
EXCEPTIONS |= {"LinAlgError", "AxisError"}
Sizes = tuple[tuple[int, str], ...]
RTOL, ATOL = 1e-6, 1e-9  # for spotting a pattern in wrong values, not for grading


def message(difference: Difference, sizes: Sizes, *, hidden: bool) -> str:
    """One sentence about a difference.

    Parameters
    ----------
    difference : Difference
        What differs first.
    sizes : tuple of (int, str)
        How many rows and columns the probe's arrays had, to explain constant ratios.
    hidden : bool
        Leave out every number that comes from the probe's inputs or the student's values.
    """
    what = difference.part or "the result"
    return DESCRIPTIONS[difference.kind](what, difference, sizes, hidden)


def _error(what: str, difference: Difference, sizes: Sizes, hidden: bool) -> str:
    got: Outcome = difference.got
    if got.error is None:
        return f"expected {difference.expected} to be raised, got a result"
    if got.error in ENDINGS:
        return ENDINGS[got.error]
    if hidden:
        return "it raised an exception"
    name = got.error if got.error in EXCEPTIONS else "an exception"
    where = f" in line {got.line} of its cell" if got.line else ""
    words = f": {got.text}" if got.text else ""
    return f"it raised {name}{where}{words}"


def _type(what: str, difference: Difference, sizes: Sizes, hidden: bool) -> str:
    return f"expected {what} as {_kind(difference.expected)}, got {_type_name(difference.got)}"


def _kind(expected: Any) -> str:
    if isinstance(expected, tuple | list):
        return f"a {type(expected).__name__} of {len(expected)} items"
    kinds = {np.ndarray: "an ndarray", dict: "a dict", str: "a string", bool: "True or False"}
    return kinds.get(type(expected), "a number")


def _keys(what: str, difference: Difference, sizes: Sizes, hidden: bool) -> str:
    return f"{what} has other keys than expected, or in another order"


def _choice(what: str, difference: Difference, sizes: Sizes, hidden: bool) -> str:
    if hidden or not isinstance(difference.got, bool):
        return f"{what} is not the right one"
    return f"expected {what} as {difference.expected}, got {difference.got}"


def _type_name(value: Any) -> str:
    if value is None:
        return "None; is a return statement missing?"
    if isinstance(value, Foreign):
        return value.type_name if value.type_name in KNOWN_TYPES else "another kind of object"
    if isinstance(value, np.ndarray):
        return f"an ndarray of {value.dtype}"
    return f"a {type(value).__name__}"


def _length(what: str, difference: Difference, sizes: Sizes, hidden: bool) -> str:
    return f"expected {len(difference.expected)} items in {what}, got {len(difference.got)}"


def _shape(what: str, difference: Difference, sizes: Sizes, hidden: bool) -> str:
    expected, got = np.asarray(difference.expected), np.asarray(difference.got)
    if hidden:
        return f"{what} has the wrong shape"
    if expected.ndim == 0:
        return f"expected {what} as a single number, got an array of shape {got.shape}"
    if got.shape == expected.T.shape and equal(expected.T, got, RTOL, ATOL):
        return f"{what} is transposed: expected shape {expected.shape}, got {got.shape}"
    return f"expected {what} of shape {expected.shape}, got {got.shape}"


def _nonfinite(what: str, difference: Difference, sizes: Sizes, hidden: bool) -> str:
    got = np.asarray(difference.got)
    name = "NaN (not a number)" if np.isnan(got).any() else "infinity"
    where = "" if hidden or got.ndim == 0 else f", first at index {_first(~np.isfinite(got))}"
    return f"{what} contains {name}{where}; something overflowed, or log(0) or 0/0 was computed"


def _values(what: str, difference: Difference, sizes: Sizes, hidden: bool) -> str:
    if hidden:
        return f"{what} has wrong values"
    expected = np.asarray(difference.expected, dtype=np.float64)
    got = np.asarray(difference.got, dtype=np.float64)
    for pattern in PATTERNS:
        found = pattern(expected, got, sizes)
        if found:
            return f"{what} {found}"
    if expected.ndim == 0:
        return f"{what}: expected {_short(expected)}, got {_short(got)}"
    wrong = ~np.isclose(got, expected, rtol=RTOL, atol=ATOL)
    wrong = wrong if wrong.any() else got != expected
    index = _first(wrong)
    return (
        f"{what} is wrong in {wrong.sum()} of {wrong.size} places, first at index {index}: "
        f"expected {_short(expected[index])}, got {_short(got[index])}"
    )


def _nearly_right(expected: np.ndarray, got: np.ndarray, sizes: Sizes) -> str:
    if not equal(expected, got, RTOL, ATOL):
        return ""
    error = np.abs(got - expected).max()
    return f"is right to a few digits only (off by {error:.1e}); is a small constant added?"


def _negative(expected: np.ndarray, got: np.ndarray, sizes: Sizes) -> str:
    return "has the wrong sign everywhere" if equal(-expected, got, RTOL, ATOL) else ""


def _multiple(expected: np.ndarray, got: np.ndarray, sizes: Sizes) -> str:
    large = np.abs(expected) > 1e-6
    if not large.any() or not np.abs(got[large]).all():
        return ""
    ratio = float(np.median(got[large] / expected[large]))
    if not equal(ratio * expected, got, RTOL, ATOL):
        return ""
    for count, noun in sizes:
        if count > 1 and np.isclose(ratio, count, rtol=1e-6):
            return f"is {count} times ours, and the batch had {count} {noun}"
        if count > 1 and np.isclose(ratio, 1 / count, rtol=1e-6):
            return f"is ours divided by {count}, and the batch had {count} {noun}"
    return f"is {ratio:.4g} times ours everywhere"


def _shifted(expected: np.ndarray, got: np.ndarray, sizes: Sizes) -> str:
    if expected.ndim == 0:
        return ""
    shift = float(np.median(got - expected))
    return (
        f"is ours plus {shift:.4g} everywhere" if equal(expected + shift, got, RTOL, ATOL) else ""
    )


def _transposed(expected: np.ndarray, got: np.ndarray, sizes: Sizes) -> str:
    return "is transposed" if expected.ndim > 1 and equal(expected.T, got, RTOL, ATOL) else ""


def _one_row(expected: np.ndarray, got: np.ndarray, sizes: Sizes) -> str:
    if expected.ndim < 2 or len(expected) < 2 or not equal(expected[0], got[0], RTOL, ATOL):
        return ""
    return "is right for the first row and wrong for a later one"


PATTERNS: list[Callable[[np.ndarray, np.ndarray, Sizes], str]] = [
    _nearly_right,
    _negative,
    _multiple,
    _shifted,
    _transposed,
    _one_row,
]

DESCRIPTIONS: dict[str, Callable[[str, Difference, Sizes, bool], str]] = {
    "error": _error,
    "type": _type,
    "length": _length,
    "keys": _keys,
    "choice": _choice,
    "shape": _shape,
    "nonfinite": _nonfinite,
    "values": _values,
}


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _short(number: Any) -> str:
    return f"{float(number):.6g}"
