"""Checkers for settings: numbers in a range, flags, generators, pairs and tuples.

A number comes back as Python's own float or int. NumPy's float64 would make the result of a
float32 computation float64.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnkit.functional._checks.arrays import real_numbers
from nnkit.functional._checks.expects import Array, Checker


def _number(expected: str, is_fine: Callable[[float], bool]) -> Checker:
    """One real number for which `is_fine` holds, as a float."""

    def checker(name: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise TypeError(
                f"expected {name} as a number {expected}, got {type(value).__name__}; "
                "pass one int or float"
            )
        if not is_fine(float(value)):
            raise ValueError(
                f"expected {name} {expected}, got {value}; "
                "check the value, and the order of the arguments"
            )
        return float(value)

    return checker


real_number = _number("that is finite", math.isfinite)
positive = _number("above 0", lambda number: number > 0)
non_negative = _number("of 0 or more", lambda number: number >= 0)
zero_to_one = _number("from 0 to 1", lambda number: 0 <= number <= 1)
zero_to_one_above_zero = _number("above 0, up to 1", lambda number: 0 < number <= 1)
zero_to_below_one = _number("from 0 to below 1", lambda number: 0 <= number < 1)


def _whole_number(at_least: int) -> Checker:
    """One integer that is not below `at_least`."""

    def checker(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, numbers.Integral):
            raise TypeError(
                f"expected {name} as a whole number, got {type(value).__name__}; "
                "convert it with int(...)"
            )
        if value < at_least:
            raise ValueError(
                f"expected {name} of {at_least} or more, got {value}; "
                "check the value, and the order of the arguments"
            )
        return int(value)

    return checker


index = _whole_number(at_least=0)
count = _whole_number(at_least=1)
count_above_one = _whole_number(at_least=2)


def budget_number(name: str, value: Any) -> float | int:
    """A number above 0; an integer stays an integer, so that it can count epochs."""
    is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    number = positive(name, value)
    return int(value) if is_whole else number


def flag(name: str, value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(
            f"expected {name} to be True or False, got {type(value).__name__}; "
            "write the word itself"
        )
    return bool(value)


def generator(name: str, value: Any) -> np.random.Generator:
    """A random generator, which is used as it is."""
    if not isinstance(value, np.random.Generator):
        raise TypeError(
            f"expected {name} as a np.random.Generator, got {type(value).__name__}; "
            "make one with np.random.default_rng(seed)"
        )
    return value


def betas_pair(name: str, value: Any) -> tuple[float, float]:
    """Two numbers from 0 to below 1."""
    if not isinstance(value, Sequence | np.ndarray) or isinstance(value, str) or len(value) != 2:
        raise TypeError(
            f"expected {name} as two numbers, got {value!r}; pass a pair (beta1, beta2)"
        )
    beta1, beta2 = (zero_to_below_one(f"{name}[{i}]", value[i]) for i in range(2))
    return beta1, beta2


def array_shape(name: str, value: Any) -> int | tuple[int, ...]:
    """A length, or a tuple of lengths."""
    if isinstance(value, tuple):
        return tuple(index(f"{name}[{i}]", length) for i, length in enumerate(value))
    length: int = index(name, value)
    return length


def fractions_of_one(name: str, value: Any) -> Array:
    """Numbers of 0 or more whose sum is 1."""
    fractions = real_numbers(name, value)
    if fractions.ndim != 1 or fractions.size == 0:
        raise ValueError(
            f"expected {name} as a list of numbers, got shape {fractions.shape}; "
            "pass one fraction for each part, such as (0.8, 0.2)"
        )
    if not (fractions >= 0).all() or not math.isclose(fractions.sum(), 1.0, abs_tol=1e-6):
        raise ValueError(
            f"expected {name} of 0 or more that add up to 1, got {fractions.tolist()} "
            f"with sum {fractions.sum():g}; divide them by their sum"
        )
    return fractions


def losses_by_epoch(name: str, value: Any) -> list[float]:
    """One real number for each epoch, at least one; NaN and infinity are allowed."""
    losses = real_numbers(name, value)
    if losses.ndim != 1 or losses.size == 0:
        raise ValueError(
            f"expected {name} as a list with one number for each epoch, got shape "
            f"{losses.shape}; pass the validation losses of at least one epoch"
        )
    as_list: list[float] = losses.tolist()
    return as_list


def cache_tuple(*parts: str, made_by: str) -> Checker:
    """The tuple that a forward function returned for its backward function."""

    def checker(name: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, tuple) or len(value) != len(parts):
            size = f" of {len(value)}" if isinstance(value, tuple | list) else ""
            raise TypeError(
                f"expected {name} as the tuple ({', '.join(parts)}), "
                f"got {type(value).__name__}{size}; pass what {made_by} returned as cache"
            )
        return value

    return checker


def configurations(name: str, value: Any) -> list[Any]:
    """A list of configurations, at least one."""
    if not isinstance(value, list | tuple | np.ndarray):
        raise TypeError(
            f"expected {name} as a list of configurations, got {type(value).__name__}; "
            "make one with grid(space), or with list(...)"
        )
    if len(value) == 0:
        raise ValueError(f"expected {name} with at least one configuration, got none; add some")
    return list(value)
