"""kaiming_normal: probes, known mistakes, other correct answers."""

import numpy as np

from course.laws import independence, law, sources, varied
from course.spec import Edit, alternative, bug, probe


def scaled(weight):
    """Weights divided by the standard deviation; wrong shapes have been noticed before."""
    return weight / np.sqrt(2 / weight.shape[-2])


LAWS = {  # how the deviation of the weights may go with fan_in and fan_out; the right one is the first
    "": lambda i, o: i**-0.5,
    "its square (is a root missing?)": lambda i, o: 1 / i,
    "a root of it": lambda i, o: i**-0.25,
    "fan_in": lambda i, o: i**0.5,
    "1 / fan_out": lambda i, o: o**-0.5,
    "1 / fan_out**2": lambda i, o: 1 / o,
    "fan_out": lambda i, o: o**0.5,
    "1 / (fan_in + fan_out)": lambda i, o: (i + o) ** -0.5,
    "1 / (fan_in + fan_out)**2": lambda i, o: 1 / (i + o),
    "1 / (fan_in * fan_out)": lambda i, o: (i * o) ** -0.5,
    "1 / sqrt(fan_in * fan_out)": lambda i, o: (i * o) ** -0.25,
    "1 / (fan_in * fan_out)**2": lambda i, o: 1 / (i * o),
    "1 / fan_in + 1 / fan_out": lambda i, o: (1 / i + 1 / o) ** 0.5,
    "1 / the larger of fan_in and fan_out": lambda i, o: max(i, o) ** -0.5,
    "1 / the smaller of fan_in and fan_out": lambda i, o: min(i, o) ** -0.5,
    "a fixed number": lambda i, o: 1.0,
}
FACTORS = {
    "a sixth of": 1 / 6, "a fourth of": 1 / 4, "a third of": 1 / 3, "half of (1 / fan_in is)": 1 / 2, "two thirds of": 2 / 3,
    "1.5 times": 1.5, "twice": 2, "25/9 (5/3 squared) of": 25 / 9, "3 times": 3, "4 times": 4, "6 times": 6, "9 times": 9,
}  # fmt: skip


def followed_law(value):
    """Sizes that are right, up to what a probe allows, follow the right law.

    The ratio of two others has a standard deviation of 0.007, and laws differ by 0.03 or more; the
    variance has one of 0.005.
    """
    return law(value, LAWS, lambda i, o: np.sqrt(2 / i), FACTORS, allowed=0.06, apart=0.04)


def tails(value):
    """What the shape of the distribution is not, whatever its size.

    Of 96,000 numbers of the bell curve, one lies beyond 3.4 deviations but for a probability of
    1e-28; the mean fourth power is 3, with a deviation below 0.032.
    """
    weight = value["a layer from 400 to 240"]
    size = np.sqrt(np.mean(weight**2))
    if not varied(weight) or not np.isfinite(size) or size == 0:
        return {}
    moment, largest = np.mean((weight / size) ** 4), np.abs(weight).max() / size
    return {
        "flat": abs(moment - 1.8) < 0.1,
        "cut": moment > 1.9 and largest < 3.4,
        "long": moment > 3.25,
    }


def numbers(value):
    """At least n = 24,000 numbers of standard deviation 1.

    Two correct functions differ by 0.06 in the mean with a probability below
    2 exp(-0.06**2 n / 4) = 9e-10; in the standard deviation that is 9 and in the share of small
    numbers 13 standard deviations of the difference. That none of n exceeds 2.5 in size, where 1.2 %
    do, has a probability below 1e-100. The mean fourth power of 96,000 numbers, 3, has a standard
    deviation below 0.032, and leaves 3 by 0.25 less often than once in 10**12.
    """
    sizes = {name: np.sqrt(np.mean(weight**2)) for name, weight in value.items()}
    tall, _, _, broad = sizes.values()
    bell = np.mean(((value["a layer from 400 to 240"] / broad) ** 2) ** 2) if broad else 0.0
    results = {
        "“the weights are not all 0, as after //”": bool(tall > 0),
        "“about as many weights are negative as positive”": all(
            0.4 < (weight < 0).mean() < 0.6 for weight in value.values() if varied(weight)
        ),
        "“the mean of the weights is left to chance, and not subtracted”": not any(
            abs(weight.mean()) < 1e-12 * weight.std() for weight in value.values()
        ),
        "“the size of the weights is left to chance: they aren't divided by it”": not any(
            abs(size / np.sqrt(2 / len(weight)) - 1) < 1e-12
            for weight in value.values() for size in (weight.std(), np.sqrt(np.mean(weight**2)))
        ),
    }  # fmt: skip
    (followed, part), found = followed_law(value), tails(value)
    results |= {
        f"“the variance goes as 1 / fan_in, not as {name}”": followed != name for name in LAWS if name
    } | {
        f"“the variance is 2 / fan_in, not {name} that”": part != name for name in FACTORS
    } | {
        "“the weights follow the bell curve, and are not uniform”": not found.get("flat"),
        "“no large weights are cut off, drawn again or left out”": not found.get("cut"),
        "“there are no more large weights than the bell curve has”": not found.get("long"),
        "“fan_out does not count: 400 to 240 is as 400 to 60”": bool(abs(broad - tall) <= 0.1 * tall),
        "“weights follow the bell curve, tails and all”": bool(2.75 < bell < 3.25),
    }  # fmt: skip
    for name, weight in value.items():
        found = scaled(weight)
        squares = found * found
        results |= {
            f"the size of the weights of {name} (1 is right)": np.sqrt(squares.mean()),
            f"the mean of the weights of {name}": found.mean(),
            f"the share of small weights of {name}": np.mean(squares < 0.25),
            f"“some weights of {name} are large”": bool(squares.max() > 2.5**2),
        }  # fmt: skip
    return results


@probe("draws numbers of the bell curve around 0 with the variance that is asked for", points=2, rtol=0.0,
       atol=0.06, summary=numbers)  # fmt: skip
def distribution(kaiming_normal, rng):
    yield "a layer from 400 to 60", kaiming_normal(400, 60, rng)
    yield "a layer from 60 to 400", kaiming_normal(60, 400, rng)
    yield "a layer from 160 to 160", kaiming_normal(160, 160, rng)
    yield "a layer from 400 to 240", kaiming_normal(400, 240, rng)


@probe("draws a number of its own for each weight", points=1, summary=independence)
def own_numbers(kaiming_normal, rng):
    yield "a layer from 40 to 30", kaiming_normal(40, 30, rng)


@probe("takes its randomness from rng, as it is", points=1, summary=sources)
def generators(kaiming_normal, rng):
    seed, another = (int(number) for number in rng.integers(1, 2**31, size=2))
    one, same, other = (np.random.default_rng(s) for s in (seed, seed, another + 2**31))
    yield "the weights", kaiming_normal(5, 4, one)
    yield "the weights of a second call", kaiming_normal(5, 4, one)
    yield "the weights from the same seed", kaiming_normal(5, 4, same)
    yield "the weights from another seed", kaiming_normal(5, 4, other)


def many_small_layers(value):
    """Each value stacks n = 12,000 weights or more: the mean of two correct functions differs by 0.09
    with a probability below 2 exp(-0.09**2 n / 4) = 6e-11; in the size that is 9 standard deviations.
    Mean and deviation of one layer have standard deviations of 0.04 and more: that those of 50 lie
    within 0.01 has a probability below 1e-30.
    """
    results = {}
    for name, stack in value.items():
        found, layer = scaled(stack), (1, 2)
        differ = bool((stack != stack[0]).any())
        sizes = (np.sqrt((found**2).mean(axis=axis)) for axis in (layer, 1))
        spread = min(np.ptp(size) for size in (found.std(axis=layer), *sizes))
        results |= {
            f"“{name} differ from call to call”": differ,
            f"the mean of the weights of {name}": found.mean() if differ else 0.0,
            f"the size of the weights of {name}": np.sqrt((found**2).mean()) if differ else 0.0,
            f"“chance moves the mean of {name}”": bool(np.ptp(found.mean(axis=layer)) > 0.01),
            f"“chance moves the size of {name}, since nothing is divided by it”": bool(spread > 0.01),
        }  # fmt: skip
    return results


@probe("works for small layers, other sizes, and arguments by name", points=1, hidden=True, rtol=0.0,
       atol=0.09, summary=many_small_layers)  # fmt: skip
def other_sizes(kaiming_normal, rng):
    n = int(rng.integers(4, 9))
    several = [kaiming_normal(fan_out=2, fan_in=n, rng=rng) for _ in range(12000 // (2 * n) + 1)]
    yield "small layers", np.array(several)
    yield "layers to a single unit", np.array([kaiming_normal(300, 1, rng) for _ in range(50)])
    yield "layers from a single input", np.array([kaiming_normal(1, 300, rng) for _ in range(50)])


STD, DRAW = "np.sqrt(2 / fan_in)", "rng.normal(0.0, std, size=(fan_in, fan_out))"
BUGS = [
    Edit("variance_as_std", STD, "2 / fan_in",
         hint="You use the variance as the standard deviation: its root is missing."),
    Edit("one", STD, "np.sqrt(1 / fan_in)",
         hint="Your variance is 1 / fan_in. A ReLU halves the mean square; a 2 makes up for that."),
    Edit("two_outside", STD, "2 / np.sqrt(fan_in)",
         hint="Your variance is 4 / fan_in. It is 2 / fan_in: a 2 outside of the root gets squared."),
    Edit("fan_out", STD, "np.sqrt(2 / fan_out)",
         hint="You use fan_out. The variance is 2 / fan_in: as many inputs are added up in a unit."),
    Edit("xavier", STD, "np.sqrt(2 / (fan_in + fan_out))",
         hint="That is Xavier's deviation. Kaiming's variance is 2 / fan_in, whatever fan_out is."),
    Edit("fixed_size", STD, "0.01", hint="Your weights have one size for all layers. Their variance is 2 / fan_in."),
    Edit("not_scaled", STD, "1.0", hint="Your weights have variance 1. It should be 2 / fan_in."),
    Edit("uniform", DRAW, "rng.uniform(-std * np.sqrt(3), std * np.sqrt(3), size=(fan_in, fan_out))",
         hint="You draw from a uniform distribution. This task asks for a normal one."),
    Edit("positive", DRAW, "np.abs(rng.normal(0.0, std, size=(fan_in, fan_out)))",
         hint="Your weights are all positive. They lie around 0, on both sides."),
    Edit("clipped", DRAW, "np.clip(rng.normal(0.0, std, size=(fan_in, fan_out)), -2 * std, 2 * std)",
         hint="You cut large weights off. A normal distribution has some beyond two deviations."),
    Edit("mean_std", DRAW, "rng.normal(std, std, size=(fan_in, fan_out))",
         hint="Your weights do not lie around 0. The first argument of rng.normal is the mean."),
    Edit("transposed", DRAW, "rng.normal(0.0, std, size=(fan_out, fan_in))",
         hint="Your weights have shape (fan_out, fan_in). Here it is (fan_in, fan_out)."),
    Edit("one_row", DRAW, "np.tile(rng.normal(0.0, std, size=fan_out), (fan_in, 1))",
         hint="Your weights repeat. Draw a number of its own for each of them, not one row for all."),
    Edit("one_column", DRAW, "np.tile(rng.normal(0.0, std, size=(fan_in, 1)), (1, fan_out))",
         hint="All units start alike, and would stay so. Draw a number of its own for each weight."),
    Edit("seeded_inside", DRAW, "np.random.default_rng(0).normal(0.0, std, size=(fan_in, fan_out))",
         hint="You make a generator with a fixed seed, so every call gives the same weights. Use rng as it comes."),
    Edit("ignores_rng", DRAW, "np.random.default_rng().normal(0.0, std, size=(fan_in, fan_out))",
         hint="Your numbers don't come from rng, so no run can be repeated. Call its methods."),
    Edit("std_as_bound", DRAW, "rng.uniform(-std, std, size=(fan_in, fan_out))",
         hint="You draw uniform numbers, with the deviation as their bound. This task asks for a normal distribution."),
    Edit("upside_down", STD, "np.sqrt(fan_in / 2)",
         hint="Your deviation is upside down: the more inputs are added up, the smaller the weights. It is the root of "
         "2 / fan_in."),
    Edit("root_of_two_alone", STD, "np.sqrt(2) / fan_in", hint="Only the 2 is under your root. The whole fraction is."),
    Edit("six", STD, "np.sqrt(6 / fan_in)",
         hint="The root of 6 / fan_in is the bound of a uniform distribution. The variance is 2 / fan_in."),
    Edit("three", STD, "np.sqrt(3 / fan_in)", hint="Your variance is 3 / fan_in. It is 2 / fan_in."),
    Edit("deviation_as_mean", DRAW, "rng.normal(std, size=(fan_in, fan_out))",
         hint="Your weights have mean std and deviation 1. The first argument of rng.normal is the mean, the second the "
         "deviation. (Numbers that are drawn already are multiplied by it; nothing is added.)"),
    *(Edit(f"size_{size}", STD, f"{size}", hint="Your weights have one size for all layers. Their variance is 2 / fan_in.")
      for size in (0.1, 0.02, 0.001)),
    Edit("entries", STD, "np.sqrt(2 / (fan_in * fan_out))",
         hint="You divide by the number of all weights. The variance is 2 / fan_in, whatever fan_out is."),
    Edit("bias_row", DRAW, "rng.normal(0.0, std, size=(fan_in + 1, fan_out))",
         hint="Your weights have one row too many. A bias is no part of them: the shape is (fan_in, fan_out)."),
    *(Edit(f"rounded_{n}", DRAW, f"rng.normal(0.0, std, size=(fan_in, fan_out)).round({n})",
           hint="You round the weights, so many are equal. Keep all digits.") for n in (2, 3)),
    Edit("large_ones_dropped", DRAW, "np.where(np.abs(w := rng.normal(0.0, std, size=(fan_in, fan_out))) > 2 * std, 0, w)",
         hint="You set large weights to 0, or draw them again. A normal distribution has some beyond two deviations."),
    *(Edit(f"mean_of_{mean}", DRAW, f"rng.normal({mean}, std, size=(fan_in, fan_out))",
           hint="Your weights do not lie around 0. The first argument of rng.normal is the mean.") for mean in (0.1, 1.0)),
    Edit("diagonal", DRAW, "np.eye(fan_in, fan_out) * std",
         hint="Your weights are 0 but for a diagonal, without any chance. Draw a number of its own for each."),
    Edit("float32", DRAW, f"{DRAW}.astype(np.float32)", hint="Your weights are float32. They are asked for as float64."),
    *(Edit(name, DRAW, f"(w := {DRAW}) / ({size}) * std",
           hint="You divide the weights by their own size, so that it is exact. Independent numbers keep what chance gave "
           "them: multiply by the deviation that is asked for, and no more.")
      for name, size in (("normalised", "w.std()"), ("normalised_units", "np.linalg.norm(w, axis=0) / np.sqrt(fan_in)"))),
    Edit("centred", DRAW, f"(w := {DRAW}) - w.mean()",
         hint="You subtract the mean of the weights. Independent numbers keep what chance gave them."),
    Edit("centred_and_normalised", DRAW, f"((w := {DRAW}) - w.mean()) / w.std() * std",
         hint="You shift and scale the weights by their own mean and deviation, so that these are exact. Independent "
         "numbers keep what chance gave them."),
    Edit("cut_down", STD, "np.sqrt(2 // fan_in)", hint="2 // fan_in cuts the fraction down to a whole number, mostly 0. Use /."),
    Edit("from_0_to_1", DRAW, "rng.random((fan_in, fan_out)) * std",
         hint="rng.random draws uniform numbers from 0 to 1. This task asks for normal ones, around 0."),
    Edit("signs", DRAW, "rng.choice([-1.0, 1.0], size=(fan_in, fan_out)) * std",
         hint="Your weights differ in their signs only. A normal distribution brings numbers of all sizes."),
    Edit("uniform_of_one_width", DRAW, "(rng.random((fan_in, fan_out)) - 0.5) * std",
         hint="You draw uniform numbers. This task asks for a normal distribution with that deviation."),
    *(Edit(f"drawn_again_beyond_{n}", DRAW, f"(w := {DRAW.replace('fan_in, fan_out', '9, fan_in, fan_out')})[(np.abs(w) < {n} * std).argmax(axis=0), "
           "np.arange(fan_in)[:, np.newaxis], np.arange(fan_out)]",
           hint="You set large weights to 0, or draw them again. A normal distribution has some beyond two deviations.") for n in (2, 3)),
    Edit("six_over_the_sum", STD, "np.sqrt(6 / (fan_in + fan_out))",
         hint="That is the bound of Xavier's uniform distribution. Kaiming's deviation is the root of 2 / fan_in."),
    Edit("mean_of_both", STD, "np.sqrt(4 / (fan_in + fan_out))",
         hint="You take the mean of fan_in and fan_out. The variance is 2 / fan_in, whatever fan_out is."),
    Edit("one_more_input", STD, "np.sqrt(2 / (fan_in + 1))",
         hint="You add 1 to fan_in, as if for a bias. A bias is no part of it."),
    Edit("one_number", DRAW, "np.full((fan_in, fan_out), rng.normal(0.0, std))",
         hint="You draw one number for all weights, so all units start alike. Draw one for each: give the shape to rng."),
]  # fmt: skip


@bug("Your weights are all 0, so all units of a layer stay alike. Draw them at random (and if you do: does // cut "
     "the fraction down to 0?).")  # fmt: skip
def zeros(fan_in, fan_out, rng):
    return np.zeros((fan_in, fan_out))


@alternative
def standard_normal(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) * np.sqrt(2) / np.sqrt(fan_in)


@alternative
def drawn_transposed(fan_in, fan_out, rng):
    return (2 / fan_in) ** 0.5 * rng.normal(size=(fan_out, fan_in)).T


@alternative
def unit_by_unit(fan_in, fan_out, rng):
    return np.stack([rng.normal(scale=np.sqrt(2 / fan_in), size=fan_in) for _ in range(fan_out)], 1)
