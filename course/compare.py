"""Does a value equal the reference's? If not, what is the first thing that differs?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course.outcome import Foreign, Outcome


@dataclass(frozen=True)
class Difference:
    """The first difference between an outcome and the reference's."""

    kind: str  # error, type, length, keys, choice, shape, nonfinite or values
    expected: Any
    got: Any
    part: str = ""  # which of the probe's parts, which item of a tuple
    position: int = 0  # of that part among the probe's parts
    right: tuple[str, ...] = ()  # the probe's parts that are right
    twin: str = ""  # a part that should differ from this one, and came out the same
    rtol: float = 0.0
    atol: float = 0.0


def difference(
    expected: Outcome, got: Outcome, rtol: float, atol: float, names: tuple[str, ...] = ()
) -> Difference | None:
    """The first difference, or None when the outcome is right.

    `names` are those of the items of the tuple that the function returns, for messages.
    """
    found = list(_differences(expected, got, _Comparison(rtol, atol, names)))
    right = tuple(part for part, wrong in found if not wrong)
    for position, (_, wrong) in enumerate(found):
        if wrong:
            twin = _twin(wrong, expected.value, got.value)
            return replace(wrong, position=position, right=right, twin=twin, rtol=rtol, atol=atol)
    return None


def same(expected: Outcome, got: Outcome, rtol: float, atol: float) -> bool:
    """Whether there is no difference; faster than looking for the first one."""
    return not any(wrong for _, wrong in _differences(expected, got, _Comparison(rtol, atol)))


def equal(expected: np.ndarray, got: np.ndarray, rtol: float, atol: float) -> bool:
    """Equal within ``atol + rtol * abs(expected)``; NaN equals NaN, an infinity itself."""
    return expected.shape == got.shape and bool(close(expected, got, rtol, atol).all())


def close(expected: np.ndarray, got: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Where two arrays of one shape are equal, as in `equal`."""
    with np.errstate(all="ignore"):
        expected, got = expected.astype(np.float64), got.astype(np.float64)
        near = np.abs(got - expected) <= atol + rtol * np.abs(expected)
        near &= np.isfinite(expected)  # a tolerance means nothing around an infinity
        return near | (got == expected) | (np.isnan(got) & np.isnan(expected))


def is_real(value: Any) -> bool:
    """Whether a value is a real number or an array of them."""
    kinds = isinstance(value, int | float | np.number | np.ndarray)
    return kinds and np.asarray(value).dtype.kind in "fiu"


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


def _type_fits(expected: Any, got: Any) -> bool:
    """An array must be an array; a number may be Python's or NumPy's; a word is a word."""
    if isinstance(expected, str | bool) or expected is None:
        return isinstance(got, type(expected))
    if isinstance(got, Foreign | bool | str | dict | tuple | list) or got is None:
        return False
    if isinstance(expected, np.ndarray) and expected.ndim > 0:
        return isinstance(got, np.ndarray) and got.dtype.kind in "fiu"
    return np.asarray(got).dtype.kind in "fiu"
