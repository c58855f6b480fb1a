"""Wrong numbers that are the right ones, changed in the same way everywhere."""

from __future__ import annotations

import numpy as np

from course.compare import equal
from course.patterns.numbers import (
    RTOL,
    Numbers,
    Pattern,
    Remark,
    Sizes,
    alike,
    first_that_fits,
    is_level,
    largest,
)
from course.patterns.terms import TERM_PATTERNS, name_of


def another_order(numbers: Numbers) -> Remark | None:
    """The right numbers at the wrong places."""
    if numbers.got.size < 3 or not numbers.is_got(numbers.got):
        return None
    expected, got = (np.sort(table, axis=None) for table in (numbers.expected, numbers.got))
    return ("has the right numbers, but in another order", "") if alike(expected, got) else None


def _all_the_same(numbers: Numbers) -> Remark | None:
    if numbers.got.size < 2 or not is_level(numbers.got) or is_level(numbers.expected):
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
    low, high = numbers.got.min(), numbers.got.max()
    inside = ~numbers.wrong & (numbers.got > low) & (numbers.got < high)
    if not inside.any() or not numbers.is_got(np.clip(numbers.expected, low, high)):
        return None
    stuck = {
        bound: numbers.expected[numbers.wrong & (numbers.got == bound)] for bound in (low, high)
    }
    bounds = [
        f"{bound:.4g}" for bound, meant in stuck.items() if meant.size and not is_level(meant)
    ]
    return ("is clipped", f"to {' and '.join(bounds)}") if bounds else None


def _multiple(numbers: Numbers) -> Remark | None:
    ratio = _ratio(numbers)
    if ratio is None:
        return None
    found = _meaning(abs(ratio), numbers) or _other_divisor(abs(ratio), numbers)
    factor = name_of(abs(ratio), numbers)
    if not found and factor and numbers.varied:
        found = "a multiple of the right one", f"{abs(ratio):.4g} times, which is {factor}"
    return (_signed(ratio, found[0]), found[1]) if found else None


def _other_multiple(numbers: Numbers) -> Remark | None:
    ratio = _ratio(numbers)
    if ratio is None or not numbers.varied:  # any single number is a multiple of another
        return None
    return _signed(ratio, "a multiple of the right one"), f"{abs(ratio):.4g} times"


def _signed(ratio: float, text: str) -> str:
    return f"has the wrong sign and is {text}" if ratio < 0 else f"is {text}"


def _ratio(numbers: Numbers) -> float | None:
    """The one number that all right numbers have been multiplied by, if there is one."""
    large = np.abs(numbers.expected) > RTOL * largest(numbers.expected)
    if not large.any() or not numbers.got[large].all():
        return None
    ratio = float(np.median(numbers.got[large] / numbers.expected[large]))
    return ratio if alike(ratio * numbers.expected, numbers.got) else None


def _meaning(ratio: float, numbers: Numbers) -> Remark | None:
    """What the ratio means, if exactly one meaning fits and there is evidence enough.

    That is another input of the probe, of another size, with the ratio that the same meaning
    gives it. Without one, several numbers are enough, or a ratio that nobody gets by chance.
    """
    factors = _factors(numbers.sizes)
    fitting = {name for name, (factor, _) in factors.items() if _is_close(ratio, factor)}
    seen = _other_ratios(numbers)
    fitting = {name for name in fitting if all(_is_factor(name, *other) for other in seen)}
    if len(fitting) != 1:
        return None
    (name,) = fitting
    confirmed = any(s != numbers.sizes and _tells(name, r, ratio) for r, s in seen)
    if name in BASES or confirmed or (numbers.varied and not _is_usual(ratio, name)):
        return name, factors[name][1]
    return None


def _tells(name: str, other_ratio: float, ratio: float) -> bool:
    """Whether the ratio for another size supports the meaning: it follows the size, if any."""
    return name in CONSTANTS or not _is_close(other_ratio, ratio)


def _other_ratios(numbers: Numbers) -> list[tuple[float, Sizes]]:
    """The ratios for the probe's other inputs, and the sizes of these.

    Next to several numbers that speak for themselves, what is right says nothing: it may be
    another quantity.
    """
    ratios = [(abs(_ratio(other) or 0), other.sizes) for other in numbers.others]
    return [(r, s) for r, s in ratios if r and not (numbers.varied and _is_close(r, 1))]


def _is_factor(name: str, ratio: float, sizes: Sizes) -> bool:
    """Whether this meaning gives this ratio for a batch of these sizes."""
    factor, _ = _factors(sizes).get(name, (np.nan, ""))
    return _is_close(ratio, factor)


def _is_usual(ratio: float, name: str) -> bool:
    """Whether a ratio that could mean a size may as well be a constant of somebody's."""
    return name not in CONSTANTS and any(_is_close(ratio, x) for n in USUAL for x in (n, 1 / n))


def _is_close(ratio: float, factor: float) -> bool:
    return abs(ratio - factor) <= RTOL * abs(factor)


def _other_divisor(ratio: float, numbers: Numbers) -> Remark | None:
    """Whether a sum was divided by one whole number, however many rows there were."""
    rows = numbers.sizes[0][0] if numbers.sizes else 0
    divisor = rows / ratio
    if not 1 < divisor < 1e4 or abs(divisor - round(divisor)) > 1e-8:
        return None
    seen = [(s[0][0], r) for r, s in _other_ratios(numbers) if s]
    confirmed = any(n != rows for n, _ in seen)
    chance = _is_close(1 / ratio, round(1 / ratio)) or _is_close(ratio, round(ratio, 2))
    enough = confirmed or (numbers.varied and not chance)
    if not enough or not all(_is_close(n / r, divisor) for n, r in seen):
        return None
    text = "divided by another number than that of the rows"
    return text, f"by {divisor:.0f}, of {rows} rows"


CONSTANTS = {
    "twice the right one": 2.0,
    "half the right one": 0.5,
    "100 times the right one (a percentage?)": 100.0,
}
BASES = {f"measured in a logarithm to base {base}": 1 / np.log(base) for base in (2, 10)}
USUAL = (2, 3, 4, 10, 100, 1000)


def _factors(sizes: Sizes) -> dict[str, tuple[float, str]]:
    """What a ratio can mean: the ratio, and a detail with numbers."""
    found = {
        f"too {word} by a factor of {name}": (factor**power, detail)
        for name, (factor, detail) in _counts(sizes).items()
        for power, word in ((1, "large"), (-1, "small"))
    }
    both = {
        f"{name}, and {in_base}": (factor * base, detail)
        for name, (factor, detail) in found.items()
        for in_base, base in BASES.items()
        if factor != 1
    }
    constants = {name: (factor, "") for name, factor in (CONSTANTS | BASES).items()}
    return constants | found | both


def _counts(sizes: Sizes) -> dict[str, tuple[float, str]]:
    """Numbers that somebody may have forgotten to divide by, or divided by too often."""
    found: dict[str, tuple[float, str]] = {}
    for n, noun in sizes:
        if n > 0:
            found[f"the number of {noun}"] = (n, f"{n} {noun}")
            found[f"the squared number of {noun}"] = (n**2, f"{n} {noun}")
        if n > 2:
            name = f"N / (N - 1), where N is the number of {noun}"
            found[name] = (n / (n - 1), f"{n} {noun}")
            found[f"the root of {name}"] = (np.sqrt(n / (n - 1)), f"{n} {noun}")
            if np.sqrt(n) % 1:  # a whole number may as well be anything else
                found[f"the root of the number of {noun}"] = (np.sqrt(n), f"{n} {noun}")
    if len(sizes) == 2 and min(sizes)[0] > 0:
        (n, _), (c, _) = sizes
        found["the number of all entries"] = (n * c, f"{n} times {c}")
    return found


def _power(numbers: Numbers) -> Remark | None:
    if not numbers.got.any() or (numbers.expected == np.round(numbers.expected)).all():
        return None  # 4 is the square of 2, and much else
    ways = {
        "is e to the power of the right one": np.exp(numbers.expected),
        "is e to the power of minus the right one": np.exp(-numbers.expected),
        "is the logarithm of the right one": np.log(numbers.expected),
        "is the negative logarithm of the right one": -np.log(numbers.expected),
        "is the square of the right one": numbers.expected**2,
        "is the root of the right one": np.sqrt(numbers.expected),
        "is a running sum (cumsum) of the right one": numbers.expected.cumsum().reshape(
            numbers.expected.shape
        ),
    }
    return first_that_fits(numbers, ways)


def _shifted(numbers: Numbers) -> Remark | None:
    error = numbers.got - numbers.expected
    shift, rounding = np.median(error), 1e-15 * largest(numbers.expected)
    is_shift = abs(shift) > 1e6 * rounding and equal(shift + 0 * error, error, RTOL, 4 * rounding)
    if not is_shift or not numbers.varied:
        return None
    name = name_of(abs(shift), numbers)
    known = f", which is {'minus ' if shift < 0 else ''}{name}" if name else ""
    return "is the right one plus the same number everywhere", f"{shift:+.4g}{known}"


def _first_alone(numbers: Numbers) -> Remark | None:
    wrong, got = numbers.wrong.ravel(), numbers.got.ravel()
    if wrong.size < 3 or wrong.sum() < wrong.size - 1:
        return None
    ends = {
        "first": (0, "is there a return inside the loop?"),
        "last": (-1, "is it filled after the loop, or made anew inside?"),
    }
    for noun, (place, slip) in ends.items():
        rest = np.delete(got, place)
        if not wrong[place] and got[place] and not rest.any():
            return f"is right in its {noun} entry only; the rest is 0: {slip}", ""
    return None


def _all_but_the_last(numbers: Numbers) -> Remark | None:
    """A list of numbers of which one end is wrong."""
    if numbers.wrong.ndim != 1 or numbers.wrong.size < 3 or numbers.wrong.sum() != 1:
        return None
    ends = {"last": (-1, "stop one too early"), "first": (0, "start one too late")}
    for noun, (place, slip) in ends.items():
        if numbers.wrong[place]:
            if numbers.got[place] == 0:
                return f"is wrong in the {noun} place only, which is 0: does a loop {slip}?", ""
            return f"is wrong in the {noun} place only", ""
    return None


RELATIONS: tuple[Pattern, ...] = (
    _first_alone,
    _all_but_the_last,
    _sign,
    _clipped,
    _multiple,
    _power,
    *TERM_PATTERNS,
    _other_multiple,
    _all_the_same,
    _shifted,
)
