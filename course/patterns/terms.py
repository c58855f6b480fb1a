"""Wrong numbers that an argument of the call explains: a term or a factor too many or too few."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course.compare import equal
from course.patterns.numbers import RTOL, Array, Numbers, Pattern, Remark, alike, largest


def name_of(number: float, numbers: Numbers) -> str:
    """What makes this number of the call's own numbers: one way, or two; empty if more."""
    scalars = {n: float(v) for n, v in numbers.arguments.items() if np.ndim(v) == 0 and v > 0}
    for ways in (_simple_ways, _other_ways):
        found = [name for name, v in ways(scalars) if np.isclose(v, number, rtol=1e-9, atol=0)]
        if found:
            return " or ".join(found) if len(found) < 3 else ""
    return ""


def _simple_ways(scalars: dict[str, float]) -> Iterator[tuple[str, float]]:
    for name, value in scalars.items():
        if value != 1:
            yield name, value
            yield f"1 - {name}", 1 - value
        yield f"1 + {name}", 1 + value


def _other_ways(scalars: dict[str, float]) -> Iterator[tuple[str, float]]:
    for i, (name, value) in enumerate(scalars.items()):
        if value == 1:
            continue
        yield f"1 / {name}", 1 / value
        yield f"1 / (1 - {name})", 1 / (1 - value)
        yield f"1 / (1 + {name})", 1 / (1 + value)
        yield f"{name} / 2", value / 2
        yield f"2 * {name}", value * 2
        yield f"{name} squared", value**2
        yield f"the root of {name}", np.sqrt(value)
        for other, factor in list(scalars.items())[:i]:
            yield f"{other} * {name}", factor * value
            yield f"1 - {other} * {name}", 1 - factor * value


def is_round(number: float) -> bool:
    """Whether a number has two decimals at most, so that it may have come about in many ways."""
    return abs(number * 100 - round(number * 100)) < 1e-9


def _another_term(numbers: Numbers) -> Remark | None:
    error = numbers.got - numbers.expected
    if not np.isfinite(error).all() or largest(error) <= RTOL * largest(numbers.expected):
        return None
    found = [(n, f) for n, a in _arrays(numbers) if (f := _times(a, error)) is not None]
    if len(found) != 1:
        return None
    name, factor = found[0]
    scale, sign = name_of(abs(factor), numbers), "plus" if factor > 0 else "minus"
    detail = ""
    if np.isclose(abs(factor), 1, RTOL, 0):
        term = name
    elif scale:
        term = f"({scale}) * {name}" if " or " in scale or "1 " in scale else f"{scale} * {name}"
    elif any(_times(a, numbers.expected) for n, a in _arrays(numbers) if n == name):
        return None  # the right one is a multiple of it, and so are all of its multiples
    else:
        term, sign, detail = f"a multiple of {name}", "plus", f"{factor:+.4g} times {name}"
    text = f"is the right one {sign} {term}: is a term with {name} missing, counted twice, or "
    return text + "wrongly scaled?", detail


def _times(argument: Array, error: Array) -> float | None:
    """The number that makes the error of the argument, if there is one."""
    factor = float((argument * error).sum() / (argument * argument).sum())
    guess = factor * argument
    return factor if factor and equal(guess, error, 1e-5, 1e-7 * largest(guess)) else None


def _another_factor(numbers: Numbers) -> Remark | None:
    expected, got = numbers.expected, numbers.got
    if not numbers.varied or not got.any():
        return None
    for name, argument in _arrays(numbers):
        if alike(expected * argument, got):
            return f"is the right one times {name}: is that factor one too many?", ""
        if alike(got * argument, expected) and largest(expected):
            return f"is the right one without the factor {name}", ""
    return None


def _argument_itself(numbers: Numbers) -> Remark | None:
    found = ((n, a) for n, a in _arrays(numbers) if np.shape(numbers.arguments[n]) == a.shape)
    same = [name for name, argument in found if numbers.is_got(argument)]
    return (f"is {same[0]} as it came in", "") if len(same) == 1 else None


def _arrays(numbers: Numbers) -> list[tuple[str, Array]]:
    """The arrays of the call that speak for themselves, in the shape of the result."""
    shape = numbers.expected.shape
    return [
        (name, np.broadcast_to(value, shape))
        for name, value in numbers.arguments.items()
        if np.ndim(value) and _fits(np.shape(value), shape) and _is_odd(value)
    ]


def _fits(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, wanted) == wanted
    except ValueError:
        return False


def _is_odd(array: Array) -> bool:
    """Whether it holds several numbers that others hardly share."""
    sizes = np.abs(array[np.isfinite(array)])
    odd = sizes[sizes != np.round(sizes)]
    return sizes.size == array.size and np.unique(odd).size > 2


def _off_by_a_number(numbers: Numbers) -> Remark | None:
    """A single number that is too large or too small by a number of the call."""
    if numbers.expected.ndim:
        return None
    name, sign = _shift(numbers)
    wrong = [other for other in numbers.others if other.wrong.any() and other.expected.ndim == 0]
    agree = all(_shift(other) == (name, sign) for other in wrong)
    if not name or not agree or (is_round(float(numbers.got)) and not (wrong or not numbers.got)):
        return None
    return f"is the right one {sign} {name}", ""


def _shift(numbers: Numbers) -> tuple[str, str]:
    error = float(numbers.got - numbers.expected)
    found = name_of(abs(error), numbers)
    return (found if found in numbers.arguments else ""), "plus" if error > 0 else "minus"


def _named_multiple(numbers: Numbers) -> Remark | None:
    """A single number that is off by a factor with a name, the same in all parts of the probe."""
    wrong = [o for o in numbers.others if o.wrong.any() and o.expected.ndim == 0]
    if numbers.expected.ndim or not wrong:
        return None
    names = [name_of(float(n.got / n.expected), n) for n in (numbers, *wrong)]
    if not names[0] or len(set(names)) > 1:
        return None
    return f"is {names[0]} times the right one", ""


TERM_PATTERNS: tuple[Pattern, ...] = (
    _argument_itself,
    _another_term,
    _another_factor,
    _off_by_a_number,
    _named_multiple,
)
