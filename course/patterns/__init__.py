"""What one would notice when holding wrong numbers next to the right ones.

A pattern looks at the right numbers, at the wrong ones, and at where they differ. It returns what
to say after "the result", and a detail with numbers in it, left out where inputs are hidden.
"""

from __future__ import annotations

import numpy as np

from course.patterns.numbers import ATOL, RTOL, Numbers, Remark, Sizes, largest
from course.patterns.precision import PRECISION_PATTERNS
from course.patterns.relations import RELATIONS, another_order
from course.patterns.tables import TABLE_PATTERNS

__all__ = ["ATOL", "RTOL", "Numbers", "Sizes", "largest", "relation", "remark"]


def remark(numbers: Numbers) -> Remark | None:
    """The first pattern that fits, if there is one."""
    with np.errstate(all="ignore"):
        found = next(filter(None, (pattern(numbers) for pattern in PRECISION_PATTERNS)), None)
    return found or relation(numbers)


def relation(numbers: Numbers) -> Remark | None:
    """The first pattern that fits of those that are about more than lost digits."""
    tables = TABLE_PATTERNS if numbers.expected.ndim == 2 else ()
    with np.errstate(all="ignore"):
        found = (pattern(numbers) for pattern in (*RELATIONS, *tables, another_order))
        return next(filter(None, found), None)
