"""Numbers that are almost right, or right but for small ones: digits were lost somewhere."""

from __future__ import annotations

import numpy as np

from course.compare import equal
from course.patterns.numbers import Numbers, Pattern, Remark, largest


def _constant_inside(numbers: Numbers) -> Remark | None:
    """log(x + constant) for log(x)."""
    inside = np.exp(numbers.got) - np.exp(numbers.expected)
    constant = float(np.median(inside))
    varied = numbers.expected.size > 1 and np.ptp(numbers.expected) > 1e-3
    if not varied or not 1e-12 < constant < 1e-2 or np.ptp(inside) > 1e-4 * constant:
        return None
    return "is a logarithm with a small constant added inside", f"{constant:.1g}"


def _small_float(numbers: Numbers) -> Remark | None:
    if (numbers.got * 8 == np.round(numbers.got * 8)).all():  # such numbers have few digits anyway
        return None
    for dtype, digits, error in ((np.float16, 3, 1e-2), (np.float32, 7, 1e-5)):
        kept = numbers.got.astype(dtype).astype(np.float64)
        if np.array_equal(kept, numbers.got) and numbers.is_near(error):
            return f"has {dtype.__name__} precision only, {digits} digits; stay with float64", ""
    return None


def _rounded(numbers: Numbers) -> Remark | None:
    if not numbers.got.any():
        return None
    slip = 1e-13 * min(1.0, largest(numbers.got))
    for decimals in range(1, 11):
        if equal(numbers.expected.round(decimals), numbers.got, 0.0, slip):
            return "is rounded; keep all digits", f"{decimals} decimals"
    if np.abs(numbers.expected).max() > 2 and numbers.is_got(np.trunc(numbers.expected)):
        return "is cut down to whole numbers; is it stored as integers?", ""
    return None


def _hides_infinity(numbers: Numbers) -> Remark | None:
    finite = numbers.got[np.isfinite(numbers.got)]
    if np.abs(finite).max(initial=0.0) < 1e300 or np.abs(numbers.expected).max() > 1e300:
        return None
    return "has a number of 1e308 in it: does nan_to_num hide an infinity?", ""


def _bounded(numbers: Numbers) -> Remark | None:
    for side, word in ((1, "smaller"), (-1, "larger")):
        past = numbers.wrong & (side * (numbers.got - numbers.expected) > 0)
        stuck, meant = numbers.got[past], numbers.expected[past]
        if len(stuck) < 2 or past.all() or np.ptp(stuck) >= 0.5 * np.ptp(meant):
            continue
        bound = float(np.median(stuck))
        rest = Numbers(numbers.expected[~past], numbers.got[~past], numbers.wrong[~past])
        is_bound = np.ptp(stuck) <= 1e-3 * abs(bound) and (side * (rest.got - bound) >= 0).all()
        if bound and is_bound and rest.is_near(1e-2):
            text = f"stops at one value where it should be {word} still: a clip or a small "
            return text + "constant bounds it", f"{bound:.4g}"
    return None


def _wrong_where_tiny(numbers: Numbers) -> Remark | None:
    sizes = np.abs(numbers.expected)
    tiny = sizes[numbers.wrong].max(initial=0.0) <= 1e-10 * sizes.max(initial=0.0)
    if not tiny or numbers.wrong.all() or not numbers.is_near(1e-2):
        return None
    return "is wrong only where it should be very small: a clip or a small constant does that", ""


def _nearly_right(numbers: Numbers) -> Remark | None:
    error = numbers.got - numbers.expected
    sizes = np.abs(numbers.expected)
    most = 1e-3 if error.size > 1 else 1e-4
    if (np.abs(error) > most * (sizes + np.median(sizes))).any():
        return None
    detail = f"off by up to {np.abs(error).max():.1e}"
    slip = 1e-15 * np.abs(numbers.expected).max()
    low, high = (error < -slip).sum(), (error > slip).sum()
    if max(low, high) > 7 and not min(low, high):
        word = "small" if low else "large"
        text = f"is a little too {word} everywhere: a small constant that is added, or an "
        return text + "approximation, does that", detail
    text = "is right to a few digits only: rounding, float32 or float16, a small constant or an "
    return text + "approximation such as a numerical derivative does that", detail


PRECISION_PATTERNS: tuple[Pattern, ...] = (
    _constant_inside,
    _rounded,
    _small_float,
    _hides_infinity,
    _bounded,
    _wrong_where_tiny,
    _nearly_right,
)
