"""xavier_uniform: probes, known mistakes, other correct answers."""

import numpy as np

from course.laws import independence, law, sources, varied
from course.spec import Edit, alternative, bug, probe


def scaled(weight):
    """Weights divided by the bound; wrong shapes have been noticed before."""
    return weight / np.sqrt(6 / sum(weight.shape))


LAWS = {  # how the deviation of the weights may go with fan_in and fan_out; the right one is the first
    "": lambda i, o: (i + o) ** -0.5,
    "its square (no root?)": lambda i, o: 1 / (i + o),
    "a root of it": lambda i, o: (i + o) ** -0.25,
    "fan_in + fan_out": lambda i, o: (i + o) ** 0.5,
    "1 / fan_in": lambda i, o: i**-0.5,
    "1 / fan_out": lambda i, o: o**-0.5,
    "1 / fan_in**2": lambda i, o: 1 / i,
    "1 / fan_out**2": lambda i, o: 1 / o,
    "1 / the larger of them": lambda i, o: max(i, o) ** -0.5,
    "1 / the smaller of them": lambda i, o: min(i, o) ** -0.5,
    "1 / (fan_in * fan_out)": lambda i, o: (i * o) ** -0.5,
    "1 / (fan_in**2 + fan_out**2)": lambda i, o: (i * i + o * o) ** -0.5,
    "1 / fan_in + 1 / fan_out": lambda i, o: (1 / i + 1 / o) ** 0.5,
    "1 / (2 * fan_in + fan_out)": lambda i, o: (2 * i + o) ** -0.5,
    "1 / (fan_in + 2 * fan_out)": lambda i, o: (i + 2 * o) ** -0.5,
    "1 / sqrt(fan_in * fan_out)": lambda i, o: (i * o) ** -0.25,
    "the sum of two roots": lambda i, o: i**-0.5 + o**-0.5,
    "a fixed number": lambda i, o: 1.0,
}
FACTORS = {
    "a twelfth of": 1 / 12, "a ninth of": 1 / 9, "a sixth of": 1 / 6, "a fourth of": 1 / 4, "a third of": 1 / 3,
    "half of": 1 / 2, "two thirds of": 2 / 3, "1.5 times": 1.5, "twice": 2, "25/9 (5/3 squared) of": 25 / 9, "3 times": 3,
    "4 times": 4, "6 times": 6, "9 times": 9, "12 times": 12, "18 times": 18, "36 times": 36,
}  # fmt: skip


def followed_law(value):
    """Sizes that are right, up to what a probe allows, follow the right law.

    The ratio of two others has a standard deviation of 0.004, and laws differ by 0.03 or more; the
    variance has one of 0.006. What part it is is said of uniform numbers only.
    """
    found, part = law(
        value, LAWS, lambda i, o: np.sqrt(2 / (i + o)), FACTORS, allowed=0.04, apart=0.03
    )
    return found, part if shape_fits(value) else None


def shape_fits(value):
    """Whether the mean fourth power is that of uniform numbers, 1.8 (deviation 0.01)."""
    found = [
        np.mean((weight / np.sqrt(np.mean(weight**2))) ** 4)
        for weight in value.values()
        if varied(weight)
    ]
    return all(abs(moment - 1.8) < 0.12 for moment in found if np.isfinite(moment))


def numbers(value):
    """Moments and range of at least n = 24,000 uniform numbers from -1 to 1.

    Two correct functions differ by 0.04 in the mean with a probability below
    2 exp(-0.04**2 n 3/4) = 6e-13 (a uniform variable is strictly sub-Gaussian); in the size, which
    has a standard deviation of 0.0029, or in the mean fourth power, 0.0017, with one below 1e-16
    (Bernstein). That no number exceeds 0.96 happens with probability 0.98**n.
    """
    sizes = {name: np.sqrt(np.mean(weight**2)) for name, weight in value.items()}
    tall, wide, _ = sizes.values()
    results = {
        "“the weights are not all 0, as after //”": bool(tall > 0),
        "“about as many weights are negative as positive”": all(
            0.4 < (weight < 0).mean() < 0.6 for weight in value.values() if varied(weight)
        ),
        "“the mean of the weights is left to chance, and not subtracted”": not any(
            abs(weight.mean()) < 1e-12 * weight.std() and varied(weight) for weight in value.values()
        ),
        "“the size of the weights is left to chance: they aren't divided by it”": not any(
            abs(size / np.sqrt(2 / sum(weight.shape)) - 1) < 1e-12
            for weight in value.values() for size in (weight.std(), np.sqrt(np.mean(weight**2)))
        ),
    }  # fmt: skip
    followed, part = followed_law(value)
    results |= {
        f"“the variance goes as 1 / (fan_in + fan_out), not as {name}”": followed != name for name in LAWS if name
    } | {
        f"“the variance is 2 / (fan_in + fan_out), not {name} that”": part != name for name in FACTORS
    } | {
        "“weights near the bound are as frequent as weights near 0”": shape_fits(value),
        "“fan_in and fan_out count alike: 400 to 60 is as 60 to 400”": bool(abs(tall - wide) <= 0.1 * wide),
    }  # fmt: skip
    for name, weight in value.items():
        found = scaled(weight)
        squares = found * found
        results |= {
            f"the size of the weights of {name} (1 is right)": np.sqrt(3 * squares.mean()),
            f"the mean of the weights of {name}": found.mean(),
            f"the mean fourth power of the weights of {name}": np.mean(squares * squares),
            f"the largest weight of {name}": found.max(),
            f"the smallest weight of {name}": found.min(),
            f"“the weights of {name} stay within the bound”": bool(squares.max() < 1 + 2e-6),
        }  # fmt: skip
    return results


@probe("draws uniform numbers around 0 with the variance that is asked for", points=2, rtol=0.0,
       atol=0.04, summary=numbers)  # fmt: skip
def distribution(xavier_uniform, rng):
    yield "a layer from 400 to 60", xavier_uniform(400, 60, rng)
    yield "a layer from 60 to 400", xavier_uniform(60, 400, rng)
    yield "a layer from 150 to 250", xavier_uniform(150, 250, rng)


@probe("draws a number of its own for each weight", points=1, summary=independence)
def own_numbers(xavier_uniform, rng):
    yield "a layer from 40 to 30", xavier_uniform(40, 30, rng)


@probe("takes its randomness from rng, as it is", points=1, summary=sources)
def generators(xavier_uniform, rng):
    seed, another = (int(number) for number in rng.integers(1, 2**31, size=2))
    one, same, other = (np.random.default_rng(s) for s in (seed, seed, another + 2**31))
    yield "the weights", xavier_uniform(5, 4, one)
    yield "the weights of a second call", xavier_uniform(5, 4, one)
    yield "the weights from the same seed", xavier_uniform(5, 4, same)
    yield "the weights from another seed", xavier_uniform(5, 4, other)


def many_small_layers(value):
    """Each value stacks n = 8,000 weights or more: the mean of two correct functions differs by 0.06
    with a probability below 2 exp(-0.06**2 n 3/4) = 9e-10; in the size that is 8 standard deviations.
    """
    results = {}
    for name, stack in value.items():
        numbers = stack / np.sqrt(6 / sum(stack.shape[1:]))
        differ = bool((stack != stack[0]).any())
        results |= {
            f"“{name} differ from call to call”": differ,
            f"the mean of the weights of {name}": numbers.mean() if differ else 0.0,
            f"the size of the weights of {name}": np.sqrt(3 * np.mean(numbers**2)) if differ else 0.0,
        }  # fmt: skip
    return results


@probe("works for small layers, other sizes, and arguments by name", points=1, hidden=True, rtol=0.0,
       atol=0.06, summary=many_small_layers)  # fmt: skip
def other_sizes(xavier_uniform, rng):
    n = int(rng.integers(4, 9))
    several = [xavier_uniform(fan_out=2, fan_in=n, rng=rng) for _ in range(12000 // (2 * n) + 1)]
    yield "small layers", np.array(several)
    tiny = [xavier_uniform(2, 1, rng) for _ in range(4000)]
    yield "layers from 2 to 1", np.array(tiny)
    yield "layers to a single unit", np.array([xavier_uniform(300, 1, rng) for _ in range(50)])
    yield "layers from a single input", np.array([xavier_uniform(1, 300, rng) for _ in range(50)])


BOUND, DRAW = (
    "np.sqrt(6 / (fan_in + fan_out))",
    "rng.uniform(-bound, bound, size=(fan_in, fan_out))",
)
BUGS = [
    Edit("std_as_bound", BOUND, "np.sqrt(2 / (fan_in + fan_out))",
         hint="You use the standard deviation as the bound. A uniform distribution from -a to a has variance a**2 / 3."),
    Edit("fan_in_only", BOUND, "np.sqrt(6 / (2 * fan_in))",
         hint="Your bound depends on fan_in alone. The variance is 2 / (fan_in + fan_out)."),
    Edit("fan_out_only", BOUND, "np.sqrt(6 / (2 * fan_out))",
         hint="Your bound depends on fan_out alone. The variance is 2 / (fan_in + fan_out)."),
    Edit("kaiming", BOUND, "np.sqrt(6 / fan_in)",
         hint="That is Kaiming's bound, for ReLU. Xavier's variance is 2 / (fan_in + fan_out)."),
    Edit("no_root", BOUND, "6 / (fan_in + fan_out)", hint="The root is missing: the bound is no variance."),
    Edit("three", BOUND, "np.sqrt(3 / (fan_in + fan_out))",
         hint="Your variance is half of what it should be: it is 2 / (fan_in + fan_out), not 1."),
    Edit("product", BOUND, "np.sqrt(6 / (fan_in * fan_out))",
         hint="You multiply fan_in and fan_out. They are added."),
    Edit("positive", DRAW, "rng.uniform(0, bound, size=(fan_in, fan_out))",
         hint="Your weights are all positive. They lie around 0, from -bound to bound."),
    Edit("normal", DRAW, "rng.normal(0, bound / np.sqrt(3), size=(fan_in, fan_out))",
         hint="You draw from the bell curve. This task asks for a uniform distribution."),
    Edit("transposed", DRAW, "rng.uniform(-bound, bound, size=(fan_out, fan_in))",
         hint="Your weights have shape (fan_out, fan_in). Here it is (fan_in, fan_out)."),
    Edit("one_row", DRAW, "np.tile(rng.uniform(-bound, bound, size=fan_out), (fan_in, 1))",
         hint="Your weights repeat. Draw a number of its own for each of them, not one row for all."),
    Edit("one_column", DRAW, "np.tile(rng.uniform(-bound, bound, size=(fan_in, 1)), (1, fan_out))",
         hint="All units start alike, and would stay so. Draw a number of its own for each weight."),
    Edit("seeded_inside", DRAW, "np.random.default_rng(0).uniform(-bound, bound, size=(fan_in, fan_out))",
         hint="You make a generator with a fixed seed, so every call gives the same weights. Use rng as it comes."),
    Edit("ignores_rng", DRAW, "np.random.default_rng().uniform(-bound, bound, size=(fan_in, fan_out))",
         hint="Your numbers don't come from rng, so no run can be repeated. Call its methods."),
    Edit("bound_as_deviation", DRAW, "rng.normal(0, bound, size=(fan_in, fan_out))",
         hint="You draw from the bell curve, with the bound as its deviation. This task asks for a uniform distribution."),
    Edit("half_the_width", DRAW, "(rng.random((fan_in, fan_out)) - 0.5) * bound",
         hint="Your weights reach half of the bound only: from -0.5 to 0.5 is a width of 1, from -bound to bound one of 2."),
    Edit("root_of_six_alone", BOUND, "np.sqrt(6) / (fan_in + fan_out)",
         hint="Only the 6 is under your root. The whole fraction is."),
    Edit("brackets", BOUND, "np.sqrt(6 / fan_in + fan_out)",
         hint="fan_out is added after the division: brackets are missing around the sum."),
    Edit("twice", BOUND, "np.sqrt(12 / (fan_in + fan_out))",
         hint="Your variance is twice what it should be: it is 2 / (fan_in + fan_out), without a gain for ReLU."),
    Edit("one", BOUND, "np.sqrt(1 / (fan_in + fan_out))",
         hint="Your bound is the root of 1 / (fan_in + fan_out). A uniform distribution from -a to a has variance a**2 / 3."),
    Edit("one_over_the_root", BOUND, "np.sqrt(1 / fan_in)",
         hint="Your bound is the root of 1 / fan_in. The variance is to be 2 / (fan_in + fan_out)."),
    *(Edit(f"bound_{bound}", BOUND, f"{bound}", hint="Your weights have one size for all layers. Their variance is "
           "2 / (fan_in + fan_out).") for bound in (1.0, 0.5, 0.1, 0.05, 0.01)),
    Edit("bias_row", DRAW, "rng.uniform(-bound, bound, size=(fan_in + 1, fan_out))",
         hint="Your weights have one row too many. A bias is no part of them: the shape is (fan_in, fan_out)."),
    Edit("even_steps", DRAW, "np.linspace(-bound, bound, fan_in * fan_out).reshape(fan_in, fan_out)",
         hint="Your weights go up in even steps, without any chance. Draw them with rng."),
    *(Edit(f"rounded_{n}", DRAW, f"rng.uniform(-bound, bound, size=(fan_in, fan_out)).round({n})",
           hint="You round the weights, so many are equal. Keep all digits.") for n in (2, 3)),
    Edit("twice_the_deviation", BOUND, "2 * np.sqrt(2 / (fan_in + fan_out))",
         hint="Your bound is twice the deviation. A uniform distribution from -a to a has the variance a**2 / 3."),
    Edit("negative", DRAW, "rng.uniform(-bound, 0, size=(fan_in, fan_out))",
         hint="Your weights are all negative. They lie around 0, from -bound to bound."),
    Edit("sorted", DRAW, "np.sort(rng.uniform(-bound, bound, size=(fan_in, fan_out)))",
         hint="Your weights are sorted. Leave them in the order in which they are drawn."),
    Edit("float32", DRAW, f"{DRAW}.astype(np.float32)", hint="Your weights are float32. They are asked for as float64."),
    Edit("normalised", DRAW, f"(w := {DRAW}) / w.std() * bound / np.sqrt(3)",
         hint="You divide the weights by their own deviation, so that it is exact. Independent numbers keep what chance gave "
         "them, and none lies beyond the bound."),
    Edit("centred", DRAW, f"(w := {DRAW}) - w.mean()",
         hint="You subtract the mean of the weights, so some lie beyond the bound. Independent numbers keep what chance gave them."),
    Edit("gain_of_tanh", BOUND, "5 / 3 * np.sqrt(6 / (fan_in + fan_out))",
         hint="You multiply by a gain of 5/3. The variance is 2 / (fan_in + fan_out), without any gain."),
    Edit("bound_alone", DRAW, "rng.uniform(bound, size=(fan_in, fan_out))",
         hint="rng.uniform with one bound goes from there to 1. Give it both: -bound and bound."),
    Edit("shuffled_steps", DRAW, "rng.permutation(np.linspace(-bound, bound, fan_in * fan_out)).reshape(fan_in, fan_out)",
         hint="You shuffle even steps. That is a grid: draw each number on its own."),
    Edit("three_values", DRAW, "rng.integers(-1, 2, size=(fan_in, fan_out)) * bound",
         hint="Your weights take a few values only. rng.integers draws whole numbers; rng.uniform draws any number between two bounds."),
    Edit("sum_of_two", DRAW, "(rng.uniform(-bound, bound, size=(fan_in, fan_out)) + rng.uniform(-bound, bound, size=(fan_in, fan_out))) / np.sqrt(2)",
         hint="You add two draws up, which makes a triangle of their distribution. One draw for each weight is enough."),
    Edit("mean_of_two", DRAW, "(rng.uniform(-bound, bound, size=(fan_in, fan_out)) + rng.uniform(-bound, bound, size=(fan_in, fan_out))) / 2",
         hint="You average two draws, which brings the weights nearer to 0. One draw for each weight is enough."),
    Edit("one_more_input", BOUND, "np.sqrt(6 / (fan_in + fan_out + 1))",
         hint="You add 1 to fan_in and fan_out, as if for a bias. A bias is no part of them."),
    Edit("deviation_for_the_bell_curve", DRAW, "rng.normal(0, bound / 3, size=(fan_in, fan_out))",
         hint="You draw from the bell curve. This task asks for a uniform distribution."),
    Edit("one_number", DRAW, "np.full((fan_in, fan_out), rng.uniform(-bound, bound))",
         hint="You draw one number for all weights, so all units start alike. Draw one for each: give the shape to rng."),
]  # fmt: skip


@bug("Your weights are all 0, so all units of a layer stay alike. Draw them at random (and if you do: does // cut "
     "the fraction down to 0?).")  # fmt: skip
def zeros(fan_in, fan_out, rng):
    return np.zeros((fan_in, fan_out))


@alternative
def from_zero_to_one(fan_in, fan_out, rng):
    return (2 * rng.random((fan_in, fan_out)) - 1) * np.sqrt(6) / np.sqrt(fan_in + fan_out)


@alternative
def drawn_transposed(fan_in, fan_out, rng):
    bound = (6 / (fan_in + fan_out)) ** 0.5
    return rng.uniform(-bound, bound, size=(fan_out, fan_in)).T


@alternative
def unit_by_unit(fan_in, fan_out, rng):
    std = np.sqrt(2 / (fan_in + fan_out))
    return np.stack([std * rng.uniform(-np.sqrt(3), np.sqrt(3), fan_in) for _ in range(fan_out)], 1)
