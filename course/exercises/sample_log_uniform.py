"""sample_log_uniform: probes, known mistakes, other correct answers.

Correct functions give other numbers, so each probe looks at its value through a summary.
"""

import numpy as np

from course.spec import Edit, alternative, bug, probe

STEPS, PARTS = 400, [0, 40, 100, 200, 300, 360, 400]  # six parts of the range, in steps
OUTSIDE = [-np.inf, -5, -1, -0.25, 0, 1, 1.25, 2, 6, np.inf]


def places(samples, low, high):
    """Where the logarithms lie: 0 is low and 1 is high; NaN for what has no logarithm."""
    with np.errstate(all="ignore"):
        found = np.log(np.asarray(samples, dtype=float) / low) / np.log(high / low)
    return np.where((found > -1e-9) & (found < 1 + 1e-9), np.clip(found, 1e-9, 1 - 1e-9), found)


def shapes_and_limits(value):
    """Shapes are compared before; here no chance plays a part."""
    found = [np.asarray(samples) for samples in value.values()]
    return {
        "“no number is negative, as a logarithm may be”": all((s >= 0).all() for s in found),
        "“no number lies above high”": all((s <= 4.0 * (1 + 1e-9)).all() for s in found),
        "“no number lies below low”": all((s >= 0.002 * (1 - 1e-9)).all() for s in found),
        "“the numbers are float64”": all(s.dtype == np.float64 for s in found),
    }


@probe("gives an array of the shape that was asked for", points=1, summary=shapes_and_limits)
def shapes(sample_log_uniform, rng):
    for size in (7, 1, (6,), (3, 5), (4, 1), (2, 3, 4)):
        yield f"the result for size={size}", sample_log_uniform(0.002, 4.0, size, rng)


POWERS = {  # what may be uniform instead of the logarithms
    "numbers themselves": 1.0, "roots": 0.5, "third roots": 1 / 3, "fourth roots": 0.25, "tenth roots": 0.1,
    "squares": 2.0, "third powers": 3.0, "reciprocals": -1.0, "reciprocals of the roots": -0.5,
    "reciprocals of the squares": -2.0,
}  # fmt: skip


def unevenness(places):
    """The distance of numbers from 0 to 1 from uniform ones (Kolmogorov and Smirnov), times root n."""
    found = np.sort(places)
    steps = np.arange(found.size + 1) / max(found.size, 1)
    far = np.maximum(abs(found - steps[1:]), abs(found - steps[:-1]))
    return float(far.max() * np.sqrt(found.size)) if found.size else np.inf


def other_law(samples, found, low, high):
    """In one word or two, what the distribution is instead; nothing if it may be the right one.

    Each word is for numbers that the right function brings less often than once in 10**9 times:
    they are further from a uniform distribution than it is, outside, or leave a part of the range out.
    """
    numbers = np.asarray(samples, dtype=float).ravel()
    if numbers.size < 1000 or not np.isfinite(numbers).all() or not np.isfinite(found).all():
        return ""
    some, first, last = found.ravel(), found.min(), found.max()
    if first > -1e-9 and last < 1 + 1e-9 and unevenness(some) < 3.3:
        return ""
    on_an_end = np.mean((some < 1e-8) | (some > 1 - 1e-8))
    everything, numbers, some = numbers, numbers[:8000], some[:8000]
    if len(np.unique(some[:2000])) < 1800:
        return "clipped" if 0.005 < on_an_end < 0.5 and len(np.unique(some[:2000])) > 600 else "few"
    if numbers.min() > 0:
        for name, power in POWERS.items():
            ends = np.array([low, high], dtype=float) ** power
            spans = (((x**power - ends[0]) / (ends[1] - ends[0])) for x in (numbers, everything))
            if all(unevenness(span) < 3.3 for span in spans):
                return name
    return shape_of(some, first, last)


def shape_of(some, first, last):
    """What is wrong with logarithms that no power of the numbers explains."""
    if (
        unevenness((some - first) / (last - first)) < 3.6
    ):  # uniform, from the wrong place to another
        starts, ends = abs(first) < 0.005, abs(last - 1) < 0.005
        if starts or ends:
            return "end" if starts else "start"
        return "both ends"
    centred = (some - some.mean()) / some.std()
    third, fourth = np.mean(centred**3), np.mean(centred**4)
    if abs(third) < 0.1 and abs(fourth - 3) < 0.2:
        return "bell"
    if first < -1e-3 or last > 1.001:
        return "outside"
    if abs(third) < 0.1:
        return "middle" if fourth > 1.8 else "ends"
    return "low half" if third > 0 else "high half"


WORDS = {name: f"the logarithms are uniform, and not the {name}" for name in POWERS} | {
    "start": "the range starts at low: its logarithm is the smallest",
    "end": "the range ends at high: its logarithm is the largest",
    "both ends": "the range goes from low to high: both logarithms are right",
    "bell": "the logarithms are uniform, and don't follow the bell curve",
    "outside": "all numbers lie from low to high",
    "clipped": "hardly any number is just low or high, as after a clip",
    "middle": "the logarithms don't lie near the middle more often",
    "ends": "the logarithms don't lie near the two ends more often",
    "low half": "small numbers aren't more frequent than log-uniform ones",
    "high half": "large numbers aren't more frequent than log-uniform ones",
    "few": "most numbers differ: no whole exponents, and no rounding",
}


def spread(value):
    """How many of 40,000 logarithms lie in each part of the range, and outside of it.

    The fractions of two correct functions, at most 0.25 each, have a difference with a standard
    deviation of at most sqrt(2 * 0.1875 / 40000) = 0.0031. That one of 12 differs by more than
    0.02, 6.5 times that, happens less often than once in 10**9 gradings.

    The distance of their distribution function from a straight line (Kolmogorov and Smirnov), here at
    401 places, exceeds 3.3 / sqrt(n) with a probability below 2 exp(-2 * 3.3**2) = 7e-10 (Massart). The
    mean of log(u (1 - u)), which is -2 and says how many lie near the ends, is off by more than
    5.5 / sqrt(n) with one below 2e-9 (Chernoff). For six samples that makes 2e-8.
    """
    words = {
        name: other_law(x, places(x, low, high), low, high)
        for name, (x, low, high) in value.items()
    }
    results = {f"“{text}”": word not in words.values() for word, text in WORDS.items()}
    for name, (samples, low, high) in value.items():
        found = places(samples, low, high)
        inside = found[(found > 0) & (found < 1)]
        below = (
            np.cumsum([0, *np.bincount((inside * STEPS).astype(int), minlength=STEPS)]) / found.size
        )
        elsewhere = np.histogram(
            found[np.isfinite(found) & ((found < 0) | (found > 1))], bins=OUTSIDE
        )[0]
        distance = np.abs(below - np.linspace(0, 1, STEPS + 1)).max()
        ends = np.log(inside * (1 - inside)).mean() + 2 if inside.size else np.inf
        root = np.sqrt(found.size)
        results |= {
            f"the fraction inside of the range, {name}": inside.size / found.size,
            f"“half of the logarithms lie in the lower half, {name}”": bool(abs(below[STEPS // 2] - 0.5) * root < 3.3),
            f"“the ends of the range get as much as the middle, {name}”": bool(abs(ends) * root < 5.5),
            f"“the logarithms are spread evenly, {name}”": bool(distance * root < 3.3),
            f"the fractions in six parts of the logarithms' range, {name}": np.diff(below[PARTS]),
            f"the fractions outside of the range, {name}": np.delete(elsewhere, 4) / found.size,
        }  # fmt: skip
    return results


@probe("spreads the logarithms evenly from low to high", points=2, rtol=0.0, atol=0.02,
       summary=spread)  # fmt: skip
def distribution(sample_log_uniform, rng):
    low, more = 10 ** rng.uniform(-6.0, -4.0), rng.uniform(2.0, 5.0)
    high, most = low * 10 ** rng.uniform(2.0, 3.5), more * rng.uniform(200.0, 900.0)
    return {
        "below 1": [sample_log_uniform(low, high, 40000, rng), low, high],
        "above 1": [sample_log_uniform(more, most, 40000, rng), more, most],
    }


def independence(value):
    """Has each number its own draw?

    Order: the correlations of 6,000 numbers with their places have a standard deviation of 0.013, and
    exceed 0.1 less often than once in 10**13. Doubles: 6,000 numbers of float32 precision hold about
    one. Calls: of 10 numbers, on average 5 lie below the middle, with a variance of 2.5; over 500
    calls the variance found has a standard deviation of 0.15, and leaves 2.5 by 1.2 (8 times that)
    less often than once in 10**12. Rows and columns are the same less often than once in 10**15.
    """
    table, calls = (np.atleast_2d(numbers) for numbers in value.values())
    number = np.log(np.maximum(table.ravel(), 1e-300))
    by_place = [np.arange(number.size), np.arange(number.size) % table.shape[1]]
    order = [np.corrcoef(number, place)[0, 1] for place in by_place if np.ptp(number) > 0]
    low_ones = (calls < 0.1).sum(axis=1)
    return {
        "“the rows differ”": len(np.unique(table.round(9), axis=0)) == len(table),
        "“the columns differ”": len(np.unique(table.T.round(9), axis=0)) == len(table.T),
        "“hardly any number comes twice, as after rounding or from a list”": len(np.unique(table))
        > 5900,
        "“the numbers come in random order”": all(abs(r) < 0.1 for r in order),
        "“each call has as many small numbers as chance wants”": bool(1.3 < low_ones.var() < 3.7),
    }


@probe("draws each number on its own", points=1, summary=independence)
def own_draws(sample_log_uniform, rng):
    return {
        "a table": sample_log_uniform(0.01, 100.0, (60, 100), rng),
        "500 calls": np.array([sample_log_uniform(0.001, 10.0, 10, rng) for _ in range(500)]),
    }


def sources(value):
    """Two sets of 30 numbers agree by chance less often than once in 10**100."""
    first, second, again, other = (np.asarray(numbers) for numbers in value)
    return {
        "“a second call brings new numbers”": bool((first != second).any()),
        "“they are new whatever their order”": bool(
            (np.sort(first, None) != np.sort(second, None)).any()
        ),
        "“generators of the same seed bring the same numbers”": bool((first == again).all()),
        "“generators of different seeds bring different numbers”": bool((first != other).any()),
    }


@probe("takes its randomness from rng, as it is", points=1, summary=sources)
def generators(sample_log_uniform, rng):
    seed, another = (int(n) for n in rng.integers(1, 2**31, size=2))
    one, same, other = (np.random.default_rng(s) for s in (seed, seed, another + 2**31))
    return [sample_log_uniform(0.1, 3.0, 30, source) for source in (one, one, same, other)]


@probe("works for wide and narrow ranges, whole numbers, and arguments by name", points=1,
       hidden=True, rtol=0.0, atol=0.02, summary=spread)  # fmt: skip
def unusual_ranges(sample_log_uniform, rng):
    width, high = rng.uniform(0.02, 0.05), int(rng.integers(300, 3000))
    wide, named = (1e-12, 1e12), {"rng": rng, "size": (200, 200), "high": 50.0, "low": 1e-3}
    return {
        "in a wide range": [sample_log_uniform(*wide, 40000, rng), *wide],
        "in a narrow range": [sample_log_uniform(1 - width, 1.0, 40000, rng), 1 - width, 1.0],
        "from 1 to a whole number": [sample_log_uniform(1, high, (400, 100), rng), 1, high],
        "with arguments by name": [sample_log_uniform(**named), 1e-3, 50.0],
    }


DRAW = "rng.uniform(np.log(low), np.log(high), size)"
WHOLE = f"np.exp({DRAW})"
BUGS = [
    Edit("uniform", WHOLE, "rng.uniform(low, high, size)",
         hint="Your numbers themselves are uniform, so nearly all lie near high. Make their logarithms uniform."),
    Edit("logarithms_returned", WHOLE, DRAW,
         hint="You return the logarithms. Take the exponential, so that the numbers lie from low to high."),
    Edit("ten_to_the_natural_logarithm", WHOLE, f"10.0 ** {DRAW}",
         hint="You raise 10 to natural logarithms. np.log goes with np.exp, np.log10 with a power of 10."),
    Edit("two_to_the_natural_logarithm", WHOLE, f"2.0 ** {DRAW}",
         hint="You raise 2 to natural logarithms. np.log goes with np.exp, np.log2 with a power of 2."),
    Edit("e_to_the_logarithm_of_ten", WHOLE, "np.exp(rng.uniform(np.log10(low), np.log10(high), size))",
         hint="You raise e to logarithms to base 10. np.log10 goes with a power of 10, np.log with np.exp."),
    Edit("limits_as_exponents_of_ten", WHOLE, "10.0 ** rng.uniform(low, np.minimum(high, 300), size)",
         hint="You take low and high for exponents of 10. They are the smallest and the largest number themselves: the "
         "exponent goes from log10(low) to log10(high)."),
    Edit("limits_as_exponents", WHOLE, "np.exp(rng.uniform(low, high, size))",
         hint="You take low and high for exponents of e. They are the smallest and the largest number themselves: the "
         "exponent goes from log(low) to log(high)."),
    Edit("logarithm_of_uniform", WHOLE, "np.log(rng.uniform(np.exp(low), np.exp(np.minimum(high, 700)), size))",
         hint="The exponential and the logarithm have changed places: the logarithms are drawn, and the exponential "
         "turns them back into numbers."),
    Edit("uniform_reciprocals", WHOLE, "1 / rng.uniform(1 / high, 1 / low, size)",
         hint="The reciprocals of your numbers are uniform, so nearly all lie near low. Make the logarithms uniform."),
    Edit("uniform_roots", WHOLE, "rng.uniform(np.sqrt(low), np.sqrt(high), size) ** 2",
         hint="The roots of your numbers are uniform. Make the logarithms uniform."),
    Edit("starts_at_one", WHOLE, "np.exp(rng.uniform(0, np.log(high), size))",
         hint="Your range starts at 1. The smallest logarithm is that of low."),
    Edit("starts_at_zero", WHOLE, "high * rng.random(size)",
         hint="Your numbers are uniform from 0 to high. Draw logarithms, from that of low to that of high."),
    Edit("ends_at_one", WHOLE, "np.exp(rng.uniform(np.log(low), 0, size))",
         hint="Your range ends at 1. The largest logarithm is that of high."),
    Edit("bell_shaped", WHOLE, "np.exp(rng.normal(np.log(low * high) / 2, np.log(high / low) / 6, size))",
         hint="Your logarithms follow the bell curve. Every part of the range is equally likely: draw them with uniform."),
    Edit("bell_with_the_same_spread", WHOLE, "np.exp(rng.normal(np.log(low * high) / 2, np.log(high / low) / 12**0.5, size))",
         hint="Your logarithms follow the bell curve, and some leave the range. Draw them with uniform."),
    Edit("middle_only", WHOLE, "np.exp((rng.uniform(np.log(low), np.log(high), size) + rng.uniform(np.log(low), np.log(high), size)) / 2)",
         hint="Most of your logarithms lie near the middle, as the mean of two draws does. All parts of the range are "
         "equally likely: one uniform draw for each number is enough."),
    Edit("powers_of_ten", WHOLE, "10.0 ** np.round(rng.uniform(np.log10(low), np.log10(high), size))",
         hint="You draw whole exponents only, so few different numbers can come. The exponent may be any number between."),
    Edit("even_steps", WHOLE, "rng.permutation(np.geomspace(low, high, int(np.prod(size)))).reshape(size)",
         hint="You shuffle numbers with even steps between their logarithms. That is a grid: draw each one at random."),
    Edit("even_steps_in_order", WHOLE, "np.geomspace(low, high, int(np.prod(size))).reshape(size)",
         hint="You return numbers with even steps between their logarithms, without any chance. Draw them with rng."),
    Edit("in_order", WHOLE, f"np.exp(np.sort({DRAW}, axis=None)).reshape(size)",
         hint="You sort the numbers. Leave them in the order in which they are drawn."),
    Edit("one_number", WHOLE, f"np.full(size, np.exp({DRAW.replace(', size', '')}))",
         hint="You draw one number for all places. Each place has its own: draw as many as the shape has."),
    Edit("rows_alike", WHOLE, "np.exp(rng.uniform(np.log(low), np.log(high), np.shape(np.empty(size))[-1:])) * np.ones(size)",
         hint="All rows hold the same numbers. Draw one for each place of the shape."),
    Edit("one_from_each_part", WHOLE, "low * (high / low) ** ((rng.permutation(int(np.prod(size))) + rng.random(int(np.prod(size)))) "
         "/ int(np.prod(size))).reshape(size)",
         hint="You take one number from each part of the range, so they depend on each other. Draw each on its own."),
    Edit("float32", WHOLE, f"{WHOLE}.astype(np.float32)",
         hint="Your numbers are float32. They are asked for as float64."),
    Edit("whole_numbers", WHOLE, f"np.ceil({WHOLE})",
         hint="You round the numbers to whole ones. Learning rates are small: keep all digits."),
    Edit("flat", WHOLE, f"{WHOLE}.ravel()",
         hint="You return all numbers in one row. The result has the shape that size says."),
    Edit("first_length_only", DRAW, "rng.uniform(np.log(low), np.log(high), np.ravel(size)[:1])",
         hint="You use the first length of size only. It may be a tuple, which the methods of rng take as it is."),
    Edit("a_number", WHOLE, f"float(np.ravel({WHOLE})[0])",
         hint="You return a single number. The result has as many as size says."),
    Edit("seeded_inside", DRAW, "np.random.default_rng(0).uniform(np.log(low), np.log(high), size)",
         hint="You make a generator with a fixed seed inside, so every call brings the same numbers. Use rng as it comes."),
    Edit("not_from_rng", DRAW, "np.random.default_rng().uniform(np.log(low), np.log(high), size)",
         hint="Your numbers don't come from rng (but from np.random, or a generator of your own), so no search can be "
         "repeated. Use rng as it comes."),
    Edit("logarithm_of_uniform_numbers", WHOLE, "np.log(rng.uniform(low, high, size))",
         hint="You take the logarithm of uniform numbers. It is the other way round: the logarithms are uniform, and the exponential "
         "turns them into numbers."),
    Edit("limits_raised_too_far", WHOLE, "np.log(rng.uniform(np.exp(low), np.exp(high), size))",
         hint="The exponential and the logarithm have changed places: the logarithms are drawn, and the exponential turns "
         "them back into numbers."),
    Edit("ten_to_the_limits", WHOLE, "10.0 ** rng.uniform(low, high, size)",
         hint="You take low and high for exponents of 10. They are the smallest and the largest number themselves: the "
         "exponent goes from log10(low) to log10(high)."),
    Edit("e_to_the_logarithm_of_two", WHOLE, "np.exp(rng.uniform(np.log2(low), np.log2(high), size))",
         hint="You raise e to logarithms to base 2. np.log2 goes with a power of 2, np.log with np.exp."),
    Edit("two_to_the_logarithm_of_ten", WHOLE, "2.0 ** rng.uniform(np.log10(low), np.log10(high), size)",
         hint="You raise 2 to logarithms to base 10. np.log10 goes with a power of 10, np.log with np.exp."),
    Edit("ten_to_the_logarithm_of_two", WHOLE, "10.0 ** rng.uniform(np.log2(low), np.log2(high), size)",
         hint="You raise 10 to logarithms to base 2. np.log2 goes with a power of 2, np.log with np.exp."),
    Edit("log1p", WHOLE, "np.expm1(rng.uniform(np.log1p(low), np.log1p(high), size))",
         hint="log1p and expm1 add and subtract 1, which changes small numbers a lot. Take log and exp."),
    Edit("high_as_a_factor", WHOLE, "low * high ** rng.random(size)",
         hint="Your numbers go from low to low times high. The largest factor is high / low."),
    Edit("difference_as_a_factor", WHOLE, "low * (high - low) ** rng.random(size)",
         hint="You raise high - low. What is raised is the ratio, high / low."),
    Edit("low_added", WHOLE, "low + np.exp(rng.uniform(np.log(low), np.log(high), size))",
         hint="You add low. The range of the logarithms starts at that of low already."),
    Edit("squared_position", WHOLE, "low * (high / low) ** (rng.random(size) ** 2)",
         hint="You square the uniform number, so most logarithms lie near that of low. Use it as it is."),
    Edit("log_normal", WHOLE, "rng.lognormal(np.log(low * high) / 2, 1.0, size)",
         hint="Your logarithms follow the bell curve. Every part of the range is equally likely: draw them with uniform."),
    *(Edit(f"{name}_half", WHOLE, f"np.exp(rng.uniform({first}, {last}, size))",
           hint=f"Only the {name} half of the range comes. The logarithms go from that of low to that of high.")
      for name, first, last in (("lower", "np.log(low)", "np.log(low * high) / 2"), ("upper", "np.log(low * high) / 2", "np.log(high)"))),
    *(Edit(f"rounded_{n}", WHOLE, f"np.round({WHOLE}, {n})",
           hint="You round the numbers, and small ones lose all their digits. Keep them as they are.") for n in (2, 3, 4, 5, 6)),
    Edit("bell_shaped_and_cut", WHOLE, "np.clip(np.exp(rng.normal(np.log(low * high) / 2, np.log(high / low) / 4, size)), low, high)",
         hint="Your logarithms follow the bell curve. Every part of the range is equally likely: draw them with uniform."),
    Edit("whole_exponents", WHOLE, "10.0 ** rng.integers(round(np.log10(low)), round(np.log10(high)) + 1, size)",
         hint="You draw whole exponents. All numbers between are possible, too: draw exponents with rng.uniform."),
    Edit("ten_to_a_natural_logarithm", WHOLE, "low * 10 ** rng.uniform(0, np.log(high / low), size)",
         hint="You raise 10 to natural logarithms. np.log10 goes with a power of 10, np.log with np.exp."),
    Edit("uniform_squares_of_all", WHOLE, "np.sqrt(rng.uniform(low**2, high**2, size))",
         hint="The squares of your numbers are uniform, so nearly all lie near high. Make the logarithms uniform."),
]  # fmt: skip


@bug("Each call brings the same numbers, since you copy rng or put it back. Use it as it comes: each call goes "
     "on where the last one stopped.")  # fmt: skip
def copies_rng(low, high, size, rng):
    state = rng.bit_generator.state
    samples = np.exp(rng.uniform(np.log(low), np.log(high), size))
    rng.bit_generator.state = state
    return samples


@alternative
def powers_of_the_ratio(low, high, size, rng):
    return low * (high / low) ** rng.random(size)


@alternative
def by_powers_of_ten(low, high, size, rng):
    exponent = rng.uniform(size=size) * (np.log10(high) - np.log10(low)) + np.log10(low)
    return np.power(10.0, exponent)


@alternative
def one_after_the_other(low, high, size, rng):
    samples = np.empty(size)
    for i in np.ndindex(samples.shape):
        samples[i] = np.exp2(rng.uniform(np.log2(low), np.log2(high)))
    return samples


@alternative
def from_the_top(low, high, size, rng):
    u = rng.random(int(np.prod(size)), dtype=np.float32).astype(float)
    return np.exp(np.log(high) * (1 - u) + np.log(low) * u).reshape(size)
