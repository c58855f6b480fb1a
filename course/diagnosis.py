"""What to say when no known bug fits: the plainest true sentence about what differs.

Messages about a hidden probe carry no numbers, so that no submission can print its inputs.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np

from course.compare import Difference, close, equal, is_real
from course.outcome import Foreign, Outcome
from course.patterns import ATOL, RTOL, Numbers, remark

KNOWN_TYPES = {"function", "generator", "type", "range", "set", "str", "bytes", "complex", "object"}
KNOWN_TYPES |= {"matrix", "MaskedArray", "method", "map", "filter", "zip", "very large array"}
TYPE_NAMES = {name: name for name in KNOWN_TYPES} | {"ndarray": "an ndarray of objects or text"}
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
MEANINGS = {  # said where the exception's own words are withheld
    "AttributeError": "a value has no attribute or method of that name",
    "AxisError": "an array has fewer axes than the code uses",
    "IndexError": "an index lies outside of an array",
    "KeyError": "a key is not in a dictionary",
    "NameError": "a name is not defined; a function may only use its arguments and what it makes",
    "OverflowError": "a number became too large",
    "RecursionError": "the function calls itself without an end",
    "TypeError": "a value or the number of arguments does not fit",
    "UnboundLocalError": "a variable is read before it is set",
    "ValueError": "shapes or values do not fit together",
    "ZeroDivisionError": "something is divided by 0",
}
Shapes = tuple[tuple[int, ...], ...]


def message(difference: Difference, shapes: Shapes, *, hidden: bool) -> str:
    """One sentence about a difference.

    Parameters
    ----------
    difference : Difference
        What differs first.
    shapes : tuple of tuple of int
        The shape of the first array of each call, to explain what is off by a constant factor.
    hidden : bool
        Leave out every number that comes from the probe's inputs or the student's values.
    """
    what = difference.part or "the result"
    return DESCRIPTIONS[difference.kind](what, difference, shapes, hidden)


def _error(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    got: Outcome = difference.got
    if got.error is None:
        return f"expected {difference.expected} to be raised, got a result"
    if got.error in ENDINGS:
        return ENDINGS[got.error]
    asked = f", asked for {difference.part}" if difference.part else ""
    if hidden:
        return f"it raised an exception{asked}"
    if not difference.right:  # it may well fail whatever it is asked
        asked = ""
    name = got.error if got.error in EXCEPTIONS else "an exception"
    where = f" in line {got.line} of its cell" if got.line else ""
    words = got.text.strip() or MEANINGS.get(name, "")
    return f"it raised {name}{where}{asked}{f': {words}' if words else ''}"


def _type(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    return f"expected {what} as {_kind(difference.expected)}, got {_type_name(difference.got)}"


def _kind(expected: Any) -> str:
    if isinstance(expected, tuple | list):
        return f"a {type(expected).__name__} of {len(expected)} items"
    kinds = {np.ndarray: "an ndarray", dict: "a dict", str: "a string", bool: "True or False"}
    return kinds.get(type(expected), "a number")


def _keys(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    return f"{what} has other keys than expected, or in another order"


def _choice(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    if what.endswith(" unchanged"):
        argument = what.removesuffix(" unchanged")
        return f"it changes its argument {argument}; write into a new array instead"
    if hidden or not isinstance(difference.got, bool):
        return f"{what} is not the right one"
    return f"expected {what} as {difference.expected}, got {difference.got}"


def _type_name(value: Any) -> str:
    if value is None:
        return "None; is a return statement missing?"
    if isinstance(value, Foreign):
        return TYPE_NAMES.get(value.type_name, "another kind of object")
    if isinstance(value, np.ndarray):
        return f"an ndarray of {value.dtype}"
    number = isinstance(value, float | int | np.number) and not isinstance(value, bool)
    return f"a {'single number, ' if number else ''}{type(value).__name__}"


def _length(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    return f"expected {len(difference.expected)} items in {what}, got {len(difference.got)}"


def _shape(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    expected, got = np.asarray(difference.expected), np.asarray(difference.got)
    found = f": expected {expected.shape}, got {got.shape}"
    if hidden:
        found = ""
    elif expected.ndim == 0:
        found = f": expected a single number, got an array of shape {got.shape}"
    return f"{what} {_about_shape(expected, got)}{found}"


def _about_shape(expected: np.ndarray, got: np.ndarray) -> str:
    if got.shape == expected.T.shape and equal(expected.T, got, RTOL, ATOL):
        return "is transposed"
    if expected.ndim > 0 and len(expected) > 1 and equal(expected[0], got, RTOL, ATOL):
        return "is its first row alone (is there a return inside the loop?)"
    if expected.size == got.size and equal(expected.ravel(), got.ravel(), RTOL, ATOL):
        return "has the right numbers in the wrong shape"
    swapped = got.shape == expected.T.shape
    return "has rows and columns exchanged" if swapped else "has the wrong shape"


def _nonfinite(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    got = np.asarray(difference.got)
    name = "NaN (not a number)" if np.isnan(got).any() else "infinity"
    where = "" if hidden or got.ndim == 0 else f", first at index {_first(~np.isfinite(got))}"
    why = "something overflowed, or log(0) or 0/0 was computed"
    return f"{what} contains {name}{where}; {why}{_contrast(difference)}"


def _values(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    expected = np.asarray(difference.expected, dtype=np.float64)
    got = np.asarray(difference.got, dtype=np.float64)
    wrong = ~close(expected, got, difference.rtol, difference.atol)
    if np.asarray(difference.got).dtype.kind in "iu" and (expected != np.round(expected)).any():
        return f"{what} is made of whole numbers (int): are they cut down or rounded?"
    found = remark(Numbers(expected, got, wrong, _sizes(difference, shapes)))
    if found:
        text, detail = found
        shown = f" ({detail})" if detail and not hidden else ""
        return f"{what} {text}{shown}{_contrast(difference)}"
    if difference.twin:
        shown = "" if hidden or expected.ndim else f" ({_short(got)})"
        why = (
            "is something kept between calls" if expected.ndim else "does a small constant bound it"
        )
        same = f"is the same as {difference.twin}{shown}, and should not be"
        return f"{what} {same}: {why}, or is an argument not used?"
    if hidden:
        return f"{what} has wrong values{_contrast(difference)}"
    if expected.ndim == 0:
        numbers = f"expected {_short(expected)}, got {_short(got)}"
        return f"{what} is wrong: {numbers}{_contrast(difference)}"
    index = _first(wrong)
    return (
        f"{what} is wrong in {wrong.sum()} of {wrong.size} places, first at index {index}: "
        f"expected {_short(expected[index])}, got {_short(got[index])}{_contrast(difference)}"
    )


def _contrast(difference: Difference) -> str:
    """What is right in the same probe: it narrows down where the mistake is."""
    right = [part for part in difference.right if part and not part.endswith(" unchanged")]
    if len(right) != 1:
        return ""
    combined = ", so look at how rows are combined" if right[0].endswith("a single row") else ""
    return f"; {right[0]} is right{combined}"


def _sizes(difference: Difference, shapes: Shapes) -> tuple[tuple[int, str], ...]:
    """How many rows and columns the batch had that the difference is about."""
    shape = shapes[difference.position] if difference.position < len(shapes) else ()
    return tuple(zip(shape, ("rows", "columns"), strict=False))


KEPT = (
    "is something kept from an earlier call "
    "(a global variable, a default argument, one array for all results)?"
)
DESCRIPTIONS: dict[str, Callable[[str, Difference, Shapes, bool], str]] = {
    "error": _error,
    "type": _type,
    "length": _length,
    "keys": _keys,
    "choice": _choice,
    "shape": _shape,
    "nonfinite": _nonfinite,
    "values": _values,
}


def memory_remark(expected: Outcome, got: Outcome) -> str:
    """What to say when answers depend on chance or on earlier calls; empty if they don't.

    This shows in a probe that asks its first question again, in a part whose name ends so, and
    another one in between.
    """
    if not isinstance(expected.value, dict) or not isinstance(got.value, dict):
        return ""
    right, found = expected.value, got.value
    names = [n for n in right if n in found and is_real(right[n]) and is_real(found[n])]
    again = [name for name in names if name.endswith(" again")]
    if not again:
        return ""
    first, others = names[0], [name for name in names[1:] if name not in again]
    if not all(_is_same(found[first], found[name]) for name in again):
        return f"gives two different results for the same input: is it random, or {KEPT}"
    mixed_up = any(_is_same(found[first], found[name]) for name in others)
    if mixed_up and _is_rich(found[first]):
        return f"gives the same result for different inputs: does it not use them, or {KEPT}"
    near = [equal(np.asarray(right[n]), np.asarray(found[n]), 1e-2, 1e-2) for n in names]
    if _is_same(right[first], found[first]) and not all(near):
        return f"is right at its first call and wrong at a later one: is it random, or {KEPT}"
    return ""


def _is_same(one: Any, other: Any) -> bool:
    """Whether two answers are the same up to the last digits."""
    return equal(np.asarray(one), np.asarray(other), 1e-12, 1e-15)


def _is_rich(value: Any) -> bool:
    """Whether a value is such that different inputs don't share it by chance."""
    odd = np.isfinite(value) & (np.asarray(value) != np.round(value))
    return bool(odd.any()) and (np.ndim(value) == 0 or np.ptp(value) > 0)


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _short(number: Any) -> str:
    return f"{float(number):.6g}"
