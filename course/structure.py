"""Messages about values of another kind, length or order than expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course.compare import Difference, is_real, same
from course.outcome import Foreign, Outcome
from course.patterns import ATOL, RTOL

Shapes = tuple[tuple[int, ...], ...]
TYPE_NAMES = {  # of what leaves the sandbox as a name only; other names are not repeated
    "builtin_function_or_method": "a function; are its parentheses () missing?",
    "bytes": "a bytes string",
    "complex": "a complex number",
    "dict": "a dict of over 100 items, or nested too deeply",
    "filter": "a filter; list() makes a list of it",
    "function": "a function",
    "Generator": "a random number generator",
    "generator": "a generator; list() makes a list of it",
    "int": "a whole number too large for 64 bits",
    "list": "a list of over 100 items, or nested too deeply",
    "map": "a map; list() makes a list of it",
    "MaskedArray": "a MaskedArray",
    "matrix": "a matrix; use an ndarray instead",
    "method": "a method; are its parentheses () missing?",
    "ndarray": "an ndarray of objects or text",
    "object": "an object",
    "range": "a range",
    "set": "a set",
    "str": "a string of over 200 characters",
    "str_": "a string of NumPy's",
    "tuple": "a tuple of over 100 items, or nested too deeply",
    "type": "a class",
    "very large array": "a very large array",
    "zip": "a zip; list() makes a list of it",
}
COMPARED = "comparisons give True and False: are parentheses or a factor missing?"


def is_reordered(difference: Difference) -> bool:
    """Whether a list holds what it should, at other places."""
    if difference.summed or difference.position >= len(difference.results):
        return False
    expected, got = difference.results[difference.position]
    if type(expected) is not list or type(got) is not list or len(expected) != len(got):
        return False
    left = list(got)
    for item in expected:
        found = (i for i, other in enumerate(left) if _is_one(item, other))
        place = next(found, None)
        if place is None:
            return False
        left.pop(place)
    return True


def _is_one(item: Any, other: Any) -> bool:
    return same(Outcome((item,)), Outcome((other,)), RTOL, ATOL)


def another_type(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    expected, got = difference.expected, difference.got
    both_arrays = isinstance(expected, np.ndarray) and isinstance(got, np.ndarray)
    wanted = "an ndarray of numbers" if both_arrays else _kind(expected)
    why = f"; {question}" if (question := _reason(expected, got)) else ""
    return f"expected {what} as {wanted}, got {_type_name(got)}{why}"


def _reason(expected: Any, got: Any) -> str:
    """Why a number or an array is of another kind, as a question; empty if that isn't clear."""
    if not is_real(expected):
        return ""
    if np.ndim(expected) == 0 and isinstance(got, np.ndarray):
        return "is a mean or a sum over all entries missing?"
    if _is_bool(got):
        return COMPARED
    alone = is_real(got) and np.size(expected) > 1 and np.ndim(got) == 0
    return "is all added up or averaged, where each entry counts?" if alone else ""


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype.kind == "b")


def _kind(expected: Any) -> str:
    if isinstance(expected, tuple | list):
        return f"a {type(expected).__name__} of {len(expected)} items"
    kinds = {np.ndarray: "an ndarray", dict: "a dict", str: "a string", bool: "True or False"}
    return kinds.get(type(expected), "a number")


def _type_name(value: Any) -> str:
    if value is None:
        return "None; is a return statement missing?"
    if isinstance(value, Foreign):
        return TYPE_NAMES.get(value.type_name, "another kind of object")
    if isinstance(value, np.ndarray):
        return f"an ndarray of {value.dtype}"
    number = isinstance(value, float | int | np.number) and not isinstance(value, bool)
    return f"a {'single number, ' if number else ''}{type(value).__name__}"


def other_keys(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    expected, got = difference.expected, difference.got
    if not isinstance(expected, dict) or not isinstance(got, dict):
        return f"{what} has other keys than expected"
    if set(expected) == set(got):
        return f"{what} has its keys in another order than expected"
    if {str(value) for value in expected.values()} & set(got):
        return f"{what} has values where its keys should be"
    lacking, extra = expected.keys() - got.keys(), got.keys() - expected.keys()
    found = [f"{word} keys" for word, keys in (("lacks", lacking), ("has other", extra)) if keys]
    return f"{what} {' and '.join(found)}"


def another_length(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    expected, got = difference.expected, difference.got
    return f"expected {len(expected)} items in {what}, got {len(got)}{_about_length(expected, got)}"


def _about_length(expected: Sequence[Any], got: Sequence[Any]) -> str:
    """Which of the right items these are, where that is clear."""
    if isinstance(expected, tuple):
        return ""

    def are(items: Sequence[Any]) -> bool:
        return same(Outcome(list(items)), Outcome(list(got)), RTOL, ATOL)

    count = len(got)
    if not got:
        return ": it stays empty; is it filled, and does what it is built from have a start?"
    if count < len(expected) and are(expected[:count]):
        if count == 1:
            return ", the first one: is there a return inside the loop, or does it end too early?"
        return ", the first ones: does a loop end too early?"
    if count < len(expected) and are(expected[-count:]):
        if count == 1:
            return ", the last one: is it put into the list after the loop, instead of inside?"
        return ", the last ones: does a loop begin too late?"
    return ""
