"""What wrong tables show: rows and columns that are right, exchanged, or off together."""

from __future__ import annotations

import numpy as np

from course.compare import equal
from course.patterns.numbers import ATOL, RTOL, Array, Numbers, Pattern, Remark, alike, largest

MANY_NUMBERS = 12  # that have one sign by chance once in 2000 times


def _other_places(numbers: Numbers) -> Remark | None:
    expected = numbers.expected
    if numbers.is_got(expected.T):
        return "is transposed", ""
    if numbers.is_got(expected.cumsum(axis=1)):
        return "is a running sum (cumsum) of the right one", ""
    for axis, noun in ((1, "row"), (0, "column")):
        if alike(np.sort(expected, axis), np.sort(numbers.got, axis)):
            text = f"has the right numbers in each {noun}, but in another order"
            return text + " (sorted? reversed?)", ""
    return None


def _some_rows(numbers: Numbers) -> Remark | None:
    return _some_lines(numbers, "row") or _some_lines(numbers.transposed, "column")


def _some_lines(numbers: Numbers, noun: str) -> Remark | None:
    right = [not line.any() for line in numbers.wrong]
    count = sum(right)
    if count in (0, len(right)):
        return None
    others = numbers.got[~np.array(right)]
    rest = "" if others.any() else "; the rest is 0"
    if len(others) > 1 and others.any() and _all_equal(others):
        rest = "; the others are all equal"
    if count == 1 and len(right) > 2 and (right[0] or right[-1]):
        return f"is right in the {'first' if right[0] else 'last'} {noun} only{rest}", ""
    if count == len(right) - 1 and count > 1 and not (right[0] and right[-1]):
        zero = "" if others.any() else ", which is 0"
        return f"is wrong in the {'last' if right[0] else 'first'} {noun} only{zero}", ""
    return f"is right in some {noun}s only{rest}", f"{count} of {len(right)}"


def _all_equal(lines: Array) -> bool:
    return alike(np.broadcast_to(lines[:1], lines.shape), lines)


def _level_rows(numbers: Numbers) -> Remark | None:
    if not _has_level_rows(numbers.got) or _has_level_rows(numbers.expected):
        return None
    return "has the same number everywhere in a row, though the input differs", ""


def _has_level_rows(table: Array) -> bool:
    return bool((np.ptp(table, axis=1) <= ATOL * largest(table)).all())


def _sums_elsewhere(numbers: Numbers) -> Remark | None:
    total = _row_total(numbers.expected)
    if total is None or _row_total(numbers.got) == total:
        return None
    if _row_total(numbers.got.T) == total:
        return f"has columns that sum to {total:g}, where its rows should", ""
    if total and np.isclose(numbers.got.sum(), total, rtol=0, atol=RTOL):
        return f"sums to {total:g} as a whole, where each row should", ""
    return None


def _other_sums(numbers: Numbers) -> Remark | None:
    total = _row_total(numbers.expected)
    if total is None or _row_total(numbers.got) == total:
        return None
    sums = numbers.got.sum(axis=1)
    worst = np.abs(sums - total).argmax()
    return f"has rows that do not sum to {total:g}", f"row {worst}: {sums[worst]:.6g}"


def _row_total(table: Array) -> float | None:
    """0 or 1, if all rows sum to that."""
    if table.shape[1] < 2:
        return None
    if not table.any(axis=1).all():  # rows of zeros are no sums that hold
        return None
    sums, size = table.sum(axis=1), min(1.0, largest(table))
    return next((t for t in (0.0, 1.0) if np.allclose(sums, t, rtol=0, atol=RTOL * size)), None)


def _other_exponents(numbers: Numbers) -> Remark | None:
    if (numbers.expected <= 0).any() or (numbers.got <= 0).any():
        return None
    if _row_total(numbers.expected) != 1 or _row_total(numbers.got) != 1:
        return None  # without a softmax, it is some power
    slope = _slope(np.log(numbers.expected), np.log(numbers.got))
    if slope is None or np.isclose(slope, 1, rtol=RTOL):
        return None
    known = {"2": np.log(2), "10": np.log(10)}
    for base, factor in known.items():
        if np.isclose(slope, factor, rtol=RTOL):
            return f"is what you get when {base} is raised instead of e", ""
    if np.isclose(slope, -1, rtol=RTOL):
        return "is what you get when the exponents have the wrong sign", ""
    text = "is what you get when the exponents are multiplied by a constant (a temperature?)"
    return text, f"{slope:.4g}"


def _off_by_row(numbers: Numbers) -> Remark | None:
    slope = _slope(numbers.expected, numbers.got)
    if slope is not None and np.isclose(slope, 1, rtol=RTOL):
        return "is off by one number for each row: what is subtracted from a whole row is wrong", ""
    if slope is not None:
        text = (
            "is, in each row, a multiple of the right one plus a number: is something scaled, or "
        )
        return text + "mixed in?", f"{slope:.4g} times"
    if _is_row_times(numbers.expected, numbers.got):
        return "is off by one factor for each row: what a whole row is divided by is wrong", ""
    return None


def _slope(expected: Array, got: Array) -> float | None:
    """The slope, if in every row `got` is the same slope times `expected` plus a constant."""
    if len(expected) < 2 or expected.shape[1] < 3:
        return None
    x = expected - expected.mean(axis=1, keepdims=True)
    y = got - got.mean(axis=1, keepdims=True)
    slope = float((x * y).sum() / (x * x).sum())
    fits = np.isfinite(slope) and abs(slope) > RTOL and equal(slope * x, y, RTOL, 1e-7)
    return slope if fits else None


def _is_row_times(expected: Array, got: Array) -> bool:
    if min(expected.shape) < 2 or not got.any(axis=1).all():
        return False
    largest = np.abs(expected).argmax(axis=1)[:, np.newaxis]
    factors = np.take_along_axis(got, largest, 1) / np.take_along_axis(expected, largest, 1)
    return bool(np.isfinite(factors).all()) and alike(factors * expected, got)


def _column_factors(numbers: Numbers) -> Remark | None:
    if not _is_row_times(numbers.expected.T, numbers.got.T):
        return None
    text = "is off by one factor for each column: is what the columns are multiplied or divided by "
    return text + "missing, wrong, or used twice?", ""


def _off_by_column(numbers: Numbers) -> Remark | None:
    axis = "does a sum or a maximum run along the wrong axis?"
    error = numbers.got - numbers.expected
    if (
        min(error.shape) > 2
        and np.isfinite(error).all()
        and equal(error[:1] + 0 * error, error, RTOL, 1e-7)
    ):
        text = "is off by one number for each column: what is added to a column or subtracted from "
        return text + "it is wrong, or runs along the wrong axis", ""
    if _is_row_plus_column(numbers.got - numbers.expected):
        return f"is off by one number for each row or column: {axis}", ""
    if _is_row_plus_column(np.log(numbers.got / numbers.expected)):
        return f"is off by one factor for each row or column: {axis}", ""
    return None


def _is_row_plus_column(table: Array) -> bool:
    if min(table.shape) < 3 or not np.isfinite(table).all():
        return False
    sums = table.mean(axis=0) + table.mean(axis=1, keepdims=True) - table.mean()
    return equal(sums, table, RTOL, 1e-7)


def _stretched_lines(numbers: Numbers) -> Remark | None:
    """Each row, or each column, is the right one times a number of its own plus another."""
    for table, noun in ((numbers, "row"), (numbers.transposed, "column")):
        slopes = _slopes(table.expected, table.got)
        if slopes is None:
            continue
        means = (table.expected.mean(axis=1), table.got.mean(axis=1))
        if equal(*means, RTOL, 1e-7 * largest(table.expected)):
            return (
                f"is, in each {noun}, stretched around the right middle: what a {noun} is divided "
                "or multiplied by is wrong",
                "",
            )
        if equal(np.ones_like(slopes), slopes, RTOL, 0.0):
            return (
                f"is, in each {noun}, shifted: what is subtracted or added there is wrong",
                "",
            )
        text = f"is, in each {noun}, the right one stretched and shifted: is what is subtracted "
        return text + f"from the {noun}s, or what they are divided by, right?", ""
    return None


def _slopes(expected: Array, got: Array) -> Array | None:
    """How steep each row is against the right one, if all are linear; of four numbers or more."""
    if len(expected) < 2 or expected.shape[1] < 4 or not np.isfinite(got).all():
        return None
    x = expected - expected.mean(axis=1, keepdims=True)
    y = got - got.mean(axis=1, keepdims=True)
    length, size = (x * x).sum(axis=1), largest(y)
    if not (length > 0).all() or not (np.ptp(y, axis=1) > RTOL * size).all():
        return None
    slopes: Array = (x * y).sum(axis=1) / length
    return slopes if equal(slopes[:, np.newaxis] * x, y, RTOL, 1e-7 * size) else None


def _signs(numbers: Numbers) -> Remark | None:
    together = [numbers.expected.ravel(), *(other.expected.ravel() for other in numbers.others)]
    right = np.concatenate(together)
    if right.size < MANY_NUMBERS or ((right > 0).any() and (right < 0).any()):
        return None  # of a few, all may have one sign by chance
    if (numbers.expected >= 0).all() and (numbers.got < 0).any():
        return "has negative numbers, where none can be", ""
    if (numbers.expected <= 0).all() and (numbers.got > 0).any():
        return "has positive numbers, where none can be", ""
    return None


TABLE_PATTERNS: tuple[Pattern, ...] = (
    _other_places,
    _some_rows,
    _level_rows,
    _sums_elsewhere,
    _other_exponents,
    _off_by_row,
    _column_factors,
    _off_by_column,
    _stretched_lines,
    _other_sums,
    _signs,
)
