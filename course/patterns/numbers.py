"""Numbers to look at, and the words that patterns share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.compare import equal

Array = np.ndarray[Any, Any]
Remark = tuple[str, str]  # what to say; a detail with numbers
RTOL, ATOL = 1e-6, 1e-9  # for seeing a pattern, not for grading

Sizes = tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Numbers:
    """The right numbers, the wrong ones, and the sizes of the batch that they belong to."""

    expected: Array
    got: Array
    wrong: Array  # where they differ by more than the probe allows
    sizes: Sizes = ()  # (5, "rows"), (3, "columns")
    others: tuple[Numbers, ...] = ()  # what came for the probe's other inputs, right or wrong
    arguments: Mapping[str, Any] = field(default_factory=dict)  # numbers and arrays of the call

    @property
    def transposed(self) -> Numbers:
        return Numbers(self.expected.T, self.got.T, self.wrong.T, self.sizes)

    def is_got(self, guess: Array) -> bool:
        """Whether the wrong numbers are what somebody would get in this way."""
        return bool(self.wrong.any()) and alike(guess, self.got)

    def is_near(self, most: float) -> bool:
        """Whether no error exceeds `most` times the largest right number."""
        error = np.abs(self.got - self.expected).max(initial=0.0)
        return bool(error <= most * largest(self.expected))

    @property
    def varied(self) -> bool:
        """Whether there are several right numbers of different size."""
        sizes = np.abs(self.expected)
        sizes = sizes[sizes > RTOL * largest(sizes)]
        return sizes.size > 1 and bool(np.ptp(sizes) > RTOL * largest(sizes))


Pattern = Callable[[Numbers], Remark | None]


def largest(numbers: Array) -> float:
    """The largest size among the finite ones."""
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))


def alike(guess: Array, got: Array) -> bool:
    """Whether two arrays are equal up to rounding, next to the largest number."""
    return equal(guess, got, RTOL, ATOL * largest(guess))


def is_level(numbers: Array) -> bool:
    """Whether all are one number, up to rounding."""
    return bool(np.ptp(numbers) <= RTOL * largest(numbers))


def first_that_fits(numbers: Numbers, ways: dict[str, Array]) -> Remark | None:
    """The first of these sentences whose numbers are those that came."""
    return next(((text, "") for text, guess in ways.items() if numbers.is_got(guess)), None)
