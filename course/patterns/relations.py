"""Wrong numbers that are the right ones, changed in the same way everywhere."""

from __future__ import annotations

import numpy as np

from course.compare import equal
from course.patterns.numbers import ATOL, RTOL, Numbers, Pattern, Remark, first_that_fits


def another_order(numbers: Numbers) -> Remark | None:
    """The right numbers at the wrong places."""
    if numbers.got.size < 3 or not numbers.is_got(numbers.got):
        return None
    expected, got = (np.sort(table, axis=None) for table in (numbers.expected, numbers.got))
    found = equal(expected, got, RTOL, ATOL)
    return ("has the right numbers, but in another order", "") if found else None


def _all_the_same(numbers: Numbers) -> Remark | None:
    if numbers.got.size < 2 or np.ptp(numbers.got) > ATOL or np.ptp(numbers.expected) < RTOL:
        return None
    return "has the same number everywhere, though the input differs", f"{numbers.got.flat[0]:.6g}"


def _sign(numbers: Numbers) -> Remark | None:
    if not numbers.got.any():
        return None
    ways = {
        "has the wrong sign everywhere": -numbers.expected,
        "has lost its minus signs": np.abs(numbers.expected),
        "is 0 wherever it should be negative": np.maximum(numbers.expected, 0),
        "is 0 wherever it should be positive": np.minimum(numbers.expected, 0),
    }
    return first_that_fits(numbers, ways)


def _clipped(numbers: Numbers) -> Remark | None:
    if numbers.got.size < 3:
        return None
    low, high = numbers.got.min(), numbers.got.max()
    inside = ((numbers.got > low) & (numbers.got < high)).any()
    found = inside and numbers.is_got(np.clip(numbers.expected, low, high))
    return ("is clipped", f"to {low:.4g} and {high:.4g}") if found else None


def _multiple(numbers: Numbers) -> Remark | None:
    large = np.abs(numbers.expected) > 1e-6
    if not large.any() or not numbers.got[large].all():
        return None
    ratio = float(np.median(numbers.got[large] / numbers.expected[large]))
    if not numbers.is_got(ratio * numbers.expected):
        return None
    found = _meaning(abs(ratio), numbers)
    sign = "has the wrong sign and " if ratio < 0 else ""
    return (sign + found[0], found[1]) if found else None


def _meaning(ratio: float, numbers: Numbers) -> Remark | None:
    for factor, meaning, detail in _factors(numbers.sizes):
        if np.isclose(ratio, factor, rtol=RTOL, atol=0):
            return f"is {meaning}", detail
    rows = numbers.sizes[0][0] if numbers.sizes else 1
    divisor = rows / ratio
    if 1 < divisor < 1e4 and abs(divisor - round(divisor)) < 1e-8:
        text = "is divided by another number than that of the rows"
        return text, f"by {divisor:.0f}, of {rows} rows"
    if numbers.expected.ndim:
        return "is a multiple of the right one", f"{ratio:.4g} times"
    return None  # any number is a multiple of another


def _factors(sizes: tuple[tuple[int, str], ...]) -> list[tuple[float, str, str]]:
    """Factors that mean something, what they mean, and a detail with numbers."""
    found: list[tuple[float, str, str]] = []
    for n, noun in sizes:
        powers = [(n, f"the number of {noun}"), (n**2, f"the squared number of {noun}")]
        found += [(factor, name, f"{n} {noun}") for factor, name in powers if n > 1]
        if n > 2:
            name = f"N / (N - 1), where N is the number of {noun}"
            found.append((n / (n - 1), name, f"{n} {noun}"))
    if len(sizes) == 2:
        (n, _), (c, _) = sizes
        found.append((n * c, "the number of all entries", f"{n} times {c}"))
    both_ways = [
        (factor**power, f"too {word} by a factor of {name}", detail)
        for factor, name, detail in found
        for power, word in ((1, "large"), (-1, "small"))
    ]
    bases = [(1 / np.log(b), f"measured in a logarithm to base {b}", "") for b in (2, 10)]
    both = [
        (factor * base, f"{meaning}, and {in_base}", detail)
        for factor, meaning, detail in both_ways
        for base, in_base, _ in bases
    ]
    simple = [(2.0, "twice the right one", ""), (0.5, "half the right one", "")]
    return [*both_ways, *simple, *bases, *both]


def _power(numbers: Numbers) -> Remark | None:
    if not numbers.got.any() or not numbers.expected.any():
        return None
    ways = {
        "is e to the power of the right one": np.exp(numbers.expected),
        "is e to the power of minus the right one": np.exp(-numbers.expected),
        "is the logarithm of the right one": np.log(numbers.expected),
        "is the negative logarithm of the right one": -np.log(numbers.expected),
        "is the square of the right one": numbers.expected**2,
        "is the root of the right one": np.sqrt(numbers.expected),
    }
    return first_that_fits(numbers, ways)


def _shifted(numbers: Numbers) -> Remark | None:
    shift = np.median(numbers.got - numbers.expected)
    if numbers.expected.size < 2 or not numbers.is_got(numbers.expected + shift):
        return None
    return "is the right one plus the same number everywhere", f"{shift:+.4g}"


RELATIONS: tuple[Pattern, ...] = (_all_the_same, _sign, _clipped, _multiple, _power, _shifted)
