"""Numbers to look at, and the words that patterns share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.compare import equal

Array = np.ndarray[Any, Any]
Remark = tuple[str, str]  # what to say; a detail with numbers
RTOL, ATOL = 1e-6, 1e-9  # for seeing a pattern, not for grading


@dataclass(frozen=True)
class Numbers:
    """The right numbers, the wrong ones, and the sizes of the batch that they belong to."""

    expected: Array
    got: Array
    wrong: Array  # where they differ by more than the probe allows
    sizes: tuple[tuple[int, str], ...] = ()  # (5, "rows"), (3, "columns")

    @property
    def transposed(self) -> Numbers:
        return Numbers(self.expected.T, self.got.T, self.wrong.T, self.sizes)

    def is_got(self, guess: Array) -> bool:
        """Whether the wrong numbers are what somebody would get in this way."""
        return bool(self.wrong.any()) and equal(guess, self.got, RTOL, ATOL)

    def is_near(self, most: float) -> bool:
        """Whether no error exceeds `most` times the largest right number."""
        scale = np.abs(self.expected).max(initial=0.0)
        return bool(np.abs(self.got - self.expected).max(initial=0.0) <= most * scale)


Pattern = Callable[[Numbers], Remark | None]


def first_that_fits(numbers: Numbers, ways: dict[str, Array]) -> Remark | None:
    """The first of these sentences whose numbers are those that came."""
    return next(((text, "") for text, guess in ways.items() if numbers.is_got(guess)), None)
