"""Does a value equal the reference's? If not, what is the first thing that differs?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from course.outcome import Foreign, Outcome

UNCHANGED = " unchanged"  # ends the name of a part that says whether an argument is what it was


@dataclass(frozen=True)
class Difference:
    """The first difference between an outcome and the reference's."""

    kind: str  # error, type, length, keys, choice, shape, nonfinite or values
    expected: Any
    got: Any
    part: str = ""  # which of the probe's parts, which item of a tuple
    position: int = 0  # of that part among the probe's results
    results: tuple[tuple[Any, Any], ...] = ()  # all of them, the expected and the one that came
    summed: bool = False  # whether these are what a probe's summary made of the results
    right: tuple[str, ...] = ()  # the probe's parts that are right
    twin: str = ""  # a part that should differ from this one, and came out the same
    calls: tuple[Any, ...] = ()  # the reference's, as in `course.calls`
    rtol: float = 0.0
    atol: float = 0.0


def difference(
    expected: Outcome, got: Outcome, rtol: float, atol: float, names: tuple[str, ...] = ()
) -> Difference | None:
    """The first difference, or None when the outcome is right.

    `names` are those of the items of the tuple that the function returns, for messages.
    """
    found = list(_differences(expected, got, _Comparison(rtol, atol, names)))
    wrong = next(((part, wrong) for part, wrong in found if wrong), None)
    if wrong is None:
        return None
    part, first = wrong
    parts = [name for name, _ in found]
    results = [name for name in parts[: parts.index(part)] if not name.endswith(UNCHANGED)]
    return replace(
        first,
        position=len(results),
        results=_results(expected.value, got.value),
        right=tuple(part for part, wrong in found if not wrong),
        twin=_twin(first, expected.value, got.value),
        rtol=rtol,
        atol=atol,
    )


def _results(expected: Any, got: Any) -> tuple[tuple[Any, Any], ...]:
    """What was asked for in each part and what came, without what became of arguments."""
    if not isinstance(expected, dict) or not isinstance(got, dict):
        return ((expected, got),)
    names = (name for name in expected if not name.endswith(UNCHANGED))
    return tuple((expected[name], got.get(name)) for name in names)


def same(one: Outcome, other: Outcome, rtol: float, atol: float) -> bool:
    """Whether two outcomes look like those of one function.

    What is no real number is never right, so `difference` finds fault with it. Here it is the
    same as itself: booleans and complex numbers by value, foreign objects by the name of the type.
    """
    comparison = _Comparison(rtol, atol, in_words=True)
    return not any(wrong for _, wrong in _differences(one, other, comparison))


def equal(expected: np.ndarray, got: np.ndarray, rtol: float, atol: float) -> bool:
    """Equal within ``atol + rtol * abs(expected)``; NaN equals NaN, an infinity itself."""
    return expected.shape == got.shape and bool(close(expected, got, rtol, atol).all())


def close(expected: np.ndarray, got: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Where two arrays of one shape are equal, as in `equal`."""
    with np.errstate(all="ignore"):
        expected, got = expected.astype(float, copy=False), got.astype(float, copy=False)
        near = np.abs(got - expected) <= atol + rtol * np.abs(expected)
        near &= np.isfinite(expected)  # a tolerance means nothing around an infinity
        return near | (got == expected) | (np.isnan(got) & np.isnan(expected))


def is_simple(number: float, largest: int = 60) -> bool:
    """Whether it is a whole number or a fraction of small ones, which many mistakes bring."""
    if not np.isfinite(number):
        return True
    return abs(float(Fraction(float(number)).limit_denominator(largest)) - number) < 1e-9


def is_real(value: Any) -> bool:
    """Whether a value is a real number or an array of them."""
    kinds = isinstance(value, int | float | np.number | np.ndarray)
    return kinds and np.asarray(value).dtype.kind in "fiu"


def _in_words(value: Any) -> Any:
    """What is no real number, put into words and real numbers; all else as it is."""
    if isinstance(value, Foreign):
        return "foreign", value.type_name
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind == "c":
            return "complex", np.real(value), np.imag(value)
        if value.dtype.kind == "b":
            return "bool", np.asarray(value, dtype=int)
    return value


def _differences(
    expected: Outcome, got: Outcome, comparison: _Comparison
) -> Iterator[tuple[str, Difference | None]]:
    """Each part's name, and what is wrong with it; after an exception nothing more comes."""
    if isinstance(expected.value, dict) and isinstance(got.value, dict):
        ended = got.error is not None and expected.error is None
        yield from comparison.parts(expected.value, got.value, ended=ended)
    elif not (expected.error or got.error):
        yield "", comparison.difference(expected.value, got.value, part="")
    elif expected.error == got.error and type(expected.value) is not type(got.value):
        yield "", Difference("keys", expected.value, got.value)
    if expected.error != got.error:
        answered = got.value if isinstance(got.value, dict) else ()
        parts = expected.value if isinstance(expected.value, dict) else ()
        part = next((name for name in parts if name not in answered), "")
        yield part, Difference("error", expected.error, got, part)


def _twin(wrong: Difference, expected: Any, got: Any) -> str:
    """A part of a probe that has the wrong value of another, though it should not."""
    if wrong.kind != "values" or not isinstance(expected, dict) or not isinstance(got, dict):
        return ""
    if np.isin(wrong.got, np.arange(-10, 11) / 10).all():  # many mistakes give 0, 1 or 0.5
        return ""
    same = (name for name, value in got.items() if _identical(value, wrong.got))
    return next((name for name in same if not _identical(expected[name], wrong.expected)), "")


def _identical(one: Any, other: Any) -> bool:
    both = is_real(one) and is_real(other)
    return both and equal(np.asarray(one), np.asarray(other), 1e-9, 0.0)


@dataclass(frozen=True)
class _Comparison:
    """One comparison of two values, item by item."""

    rtol: float
    atol: float
    names: tuple[str, ...] = ()
    in_words: bool = False  # what is no real number is the same as itself

    def parts(
        self, expected: dict, got: dict, *, ended: bool
    ) -> Iterator[tuple[str, Difference | None]]:
        """The parts of a probe; with `ended`, as many as were answered."""
        if list(got) != list(expected)[: len(got) if ended else None]:
            yield "", Difference("keys", expected, got)
            return
        for name in got:
            yield name, self.difference(expected[name], got[name], name)

    def difference(self, expected: Any, got: Any, part: str) -> Difference | None:
        if self.in_words:
            expected, got = _in_words(expected), _in_words(got)
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
        names, inside = [f"item {i}" for i in range(len(expected))], self
        if isinstance(expected, tuple):
            names = list(self.names) if self._is_result(expected, part) else names
            inside = replace(self, names=())  # they belong to the outermost tuple
        paths = [f"{name} in {part}" if part else name for name in names]
        items = zip(expected, got, paths, strict=True)
        return next((d for d in (inside.difference(*item) for item in items) if d), None)

    def _is_result(self, expected: tuple, part: str) -> bool:
        """Whether a tuple is what the function returned, and not one of its items.

        A part that is an item begins with its name, as in "cache in training mode".
        """
        words = re.findall(r"\w+", part)
        one_item = words[:1] and words[0] in self.names and not set(self.names) <= set(words)
        return len(expected) == len(self.names) and not one_item


def _type_fits(expected: Any, got: Any) -> bool:
    """An array must be an array; a number may be Python's or NumPy's; a word is a word."""
    if isinstance(expected, str | bool) or expected is None:
        return isinstance(got, type(expected))
    if isinstance(expected, np.ndarray) and expected.ndim > 0 and not isinstance(got, np.ndarray):
        return False
    return is_real(expected) and is_real(got)
