"""leaky_relu: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, Wrong, alternative, bug, probe


@probe("keeps positive entries and multiplies the others by 0.01, unless told otherwise", points=1)
def default_slope(leaky_relu, rng):
    yield "the result for a batch", leaky_relu(rng.normal(size=(4, 6)))
    yield "the result for a square batch", leaky_relu(rng.normal(size=(5, 5)))
    yield "the result for a second batch", leaky_relu(rng.normal(scale=3.0, size=(7, 3)))


@probe("uses the slope that it is given", points=1)
def given_slopes(leaky_relu, rng):
    z = rng.normal(size=(5, 4))
    slope = rng.uniform(0.25, 0.45)
    yield "the result for the default slope", leaky_relu(rng.normal(size=(3, 5)))
    yield "the result for negative_slope=0.2", leaky_relu(z, negative_slope=0.2)
    yield "the result for a slope given by position", leaky_relu(rng.normal(size=(4, 7)), slope)
    yield "the result for negative_slope=0", leaky_relu(rng.normal(size=(4, 3)), negative_slope=0.0)
    yield "the result for the default slope once more", leaky_relu(rng.normal(size=(2, 6)))


@probe("is exact for entries that are 0, very small or very large", points=1, atol=1e-16)
def small_and_large(leaky_relu, rng):
    z = rng.normal(size=(4, 3))
    z[1, 2] = z[3, 0] = 0.0
    sizes = 10.0 ** rng.uniform([-14, -9, -6, -3, 2, 5], [-13, -6, -3, 0, 3, 6], (4, 6))
    signs = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    yield "the result for ordinary entries", leaky_relu(rng.normal(size=(3, 5)))
    yield "the result for two zeros among others", leaky_relu(z.copy())
    yield "the result for small and large entries", leaky_relu(signs * sizes, negative_slope=0.15)
    yield "the result for entries near 1000 and -1000", leaky_relu(1000.0 * signs + z)


@probe("makes a new array, leaves its argument as it was, and keeps nothing between calls", points=1,
       rtol=1e-6)  # fmt: skip
def clean_calls(leaky_relu, rng):
    z, others = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    copy, positive = z.copy(), rng.uniform(1, 2, size=(2, 3))
    yield "the result", leaky_relu(z)
    yield "z unchanged", np.array_equal(z, copy)
    yield "the result for other entries", leaky_relu(others)
    yield "the result for the first entries again", leaky_relu(copy)
    y = leaky_relu(positive)
    yield "the result for positive entries", y.copy()
    same = positive.copy()
    y += 1.0
    yield "the result being an array of its own", np.array_equal(positive, same)


@probe("works for any shape, float32 and part of a larger array", points=1, hidden=True, rtol=1e-5)
def unusual_input(leaky_relu, rng):
    size, slope = int(rng.integers(5, 9)), rng.uniform(0.05, 0.45)
    wide = rng.normal(size=(size, 2 * size + 5))
    yield "the result for a single row", leaky_relu(wide[:1].copy(), slope)
    yield "the result for one axis", leaky_relu(wide[1].copy(), slope)
    yield "the result for three axes", leaky_relu(rng.normal(size=(2, 3, size)), slope)
    yield "the result for many rows", leaky_relu(rng.normal(size=(90, 2)), negative_slope=slope)
    yield "the result for positive entries alone", leaky_relu(np.abs(wide), slope)
    yield "the result for negative entries alone", leaky_relu(-np.abs(wide), slope)
    yield "the result for float32", leaky_relu(wide.astype(np.float32), negative_slope=0.25)
    yield "the result for every other column of an array", leaky_relu(wide.copy()[:, ::2])
    yield "the result for a transposed array", leaky_relu(wide.copy().T, slope)


def then(change):
    """What stands before the result `y` to change it, so that the rest stays free for a second mistake."""
    return f"return type('Then', (), {{'__lshift__': lambda self, y: {change}}})() <<"


RETURN, RESULT = "return", "np.where(z.real > 0, z, negative_slope * z)"
GATE, BELOW = "z.real > 0", "negative_slope * z"
SUMS = "You make one number of many. The result has the shape of z."
REDUCES = "max looks for the largest of many numbers. np.maximum compares entry by entry."
THRESHOLD = "The threshold is 0 exactly: entries above it are kept, entries below it are multiplied by the slope."
IN_PLACE = "You write into the argument (z[z < 0] *= ... and out=z do that): the caller's z changes too. Make a copy first."
BUGS = [
    Edit("written_into_z", RETURN, then("(np.copyto(z, y), z)[1]"), hint=IN_PLACE),
    Edit("plain_relu", RESULT, "np.maximum(z, 0)",
         hint="Negative entries become 0, as in a plain ReLU. A leaky one multiplies them by negative_slope."),
    Edit("slope_for_all", RESULT, "negative_slope * z",
         hint="You multiply every entry by the slope. Positive entries stay as they are."),
    Edit("keeps_everything", RESULT, "z.copy()",
         hint="Negative entries come through unchanged. They are multiplied by negative_slope."),
    Edit("slope_on_the_wrong_side", RESULT, "np.where(z > 0, negative_slope * z, z)",
         hint="The sides are exchanged (np.minimum does that, too): the negative entries are those to be multiplied by the "
         "slope."),
    Edit("constant_instead_of_a_slope", BELOW, "negative_slope",
         hint="Negative entries all become the slope itself. They are multiplied by it."),
    Edit("larger_of_z_and_slope", RESULT, "np.maximum(z, negative_slope)",
         hint="You compare z with the slope itself. The slope is multiplied by z before anything is compared."),
    Edit("minus_the_slope", BELOW, "-negative_slope",
         hint="Negative entries all become minus the slope. They are multiplied by the slope."),
    Edit("one_sign_too_many", BELOW, "-negative_slope * z",
         hint="Negative entries become positive: there is a minus sign too many, or an absolute value."),
    Edit("subtracted_leak", RESULT, "np.maximum(z, 0) - negative_slope * np.minimum(z, 0)",
         hint="Negative entries become positive: there is a minus sign too many, or an absolute value."),
    Edit("added_to_everything", RESULT, "np.maximum(z, 0) + negative_slope * z",
         hint="The slope is added for positive entries too: they come out 1 + slope times as large. Add it for the "
         "negative part only."),
    Edit("absolute_leak", RESULT, "np.maximum(z, 0) + negative_slope * np.abs(z)",
         hint="The leak is added on both sides, with its sign lost. Only negative entries leak."),
    Edit("leak_on_top", BELOW, "z + negative_slope * z",
         hint="You add slope * z to the negative entries; they are replaced by it."),
    Edit("leak_taken_away", BELOW, "(1 - negative_slope) * z",
         hint="You shrink negative entries by the slope instead of to it: they keep slope * z, not (1 - slope) * z."),
    Edit("added_slope", BELOW, "z + negative_slope",
         hint="You add the slope to negative entries. They are multiplied by it."),
    Edit("subtracted_slope", BELOW, "z - negative_slope",
         hint="You subtract the slope from negative entries. They are multiplied by it."),
    Edit("squared_slope", BELOW, "negative_slope**2 * z",
         hint="The slope is multiplied in twice; once is enough."),
    Edit("squared_z", BELOW, "negative_slope * z**2",
         hint="There is a z too many on the negative side: slope * z."),
    Edit("half_the_slope", BELOW, "negative_slope * z / 2",
         hint="Your slope on the negative side is half as large as it should be."),
    Edit("twice_the_slope", BELOW, "2 * negative_slope * z",
         hint="Your slope on the negative side is twice as large as it should be."),
    Edit("divides", BELOW, "z / negative_slope",
         hint="You divide by the slope, so that negative entries grow. Multiply by it."),
    Edit("power", BELOW, "-(np.abs(z) ** negative_slope)",
         hint="You raise to the power of the slope. Multiply by it."),
    Edit("slope_alone", RESULT, "np.where(z > 0, 1.0, negative_slope)",
         hint="You return the slopes. The function returns z times its slope."),
    Edit("always_the_default", BELOW, "0.01 * z",
         hint="The slope 0.01 is written into your code. Use the argument negative_slope; 0.01 is only its default."),
    Edit("zero_taken_for_missing", BELOW, "(negative_slope or 0.01) * z",
         hint="negative_slope=0 is a value like any other (a plain ReLU). Your code takes it for missing and uses 0.01."),
    Edit("slope_at_most_a_tenth", BELOW, "min(negative_slope, 0.1) * z",
         hint="You limit the slope. Use the one that is given as it is."),
    Edit("elu", BELOW, "negative_slope * np.expm1(np.minimum(z, 0))",
         hint="Negative entries get slope * (exp(z) - 1): that is an ELU. A leaky ReLU is straight: slope * z."),
    Edit("at_least_minus_one", BELOW, "negative_slope * np.maximum(z, -1)",
         hint="You cut off very negative entries. The line goes on without a limit."),
    *(Edit(f"at_most_{limit}", RETURN, then(f"np.minimum(y, {limit})"),
           hint="You cut off large entries. There is no upper limit.") for limit in (1, 6, 100)),
    *(Edit(f"threshold_{limit}", GATE, f"z > {limit}", hint=THRESHOLD)
      for limit in (1.0, 0.5, 0.1, 0.01, 1e-3, 1e-5, 1e-6, 1e-8, -0.1, -1.0)),
    Edit("threshold_is_the_slope", GATE, "z > negative_slope",
         hint="You compare z with the slope. Compare it with 0."),
    Edit("mean_as_threshold", GATE, "z > z.mean()",
         hint="You compare with the mean. The threshold is 0, whatever the other entries are."),
    Edit("whole_rows", GATE, "z.sum(axis=-1, keepdims=True) > 0",
         hint="You decide for whole rows. Every entry is looked at alone."),
    Edit("in_single_precision", RETURN, then("y.astype(np.float32)"),
         hint="You turn the numbers into float32, which has 7 digits. Stay with the float64 of the input."),
    Edit("rounds", RETURN, then("np.round(y, 4)"),
         hint="You round the results. Keep all digits; round only when you print."),
    Edit("max_of_python", RESULT, "max(z, negative_slope * z)",
         hint="max(...) and if z > 0 ask whether a whole array is larger, which has no single answer. np.maximum and "
         "np.where go entry by entry."),
    Edit("largest_of_all", RESULT, "max(z.max(), negative_slope * z.max())", hint=REDUCES),
    Edit("largest_of_each_column", RESULT, "np.max(z, 0)", hint=REDUCES),
    Edit("positive_ones_only", RESULT, "z[z > 0]",
         hint="z[z > 0] leaves the other entries out. The result has the shape of z, with slope * z in their place."),
    Edit("summed", RETURN, then("y.sum()"), hint=SUMS),
    Edit("averaged", RETURN, then("y.mean()"), hint=SUMS),
    *(Wrong(f"default_{other}", lambda z, negative_slope=other: np.where(z > 0, z, negative_slope * z),
            hint="Without the argument your function uses another slope than 0.01: leave the default in the def line as it is.")
      for other in (0.1, 0.2, 0.3, 0.001)),
]  # fmt: skip
BELOW_ZERO = {  # a second mistake where z is negative, with another default on top
    "constant_instead_of_a_slope": lambda z, slope: slope + 0 * z,
    "minus_the_slope": lambda z, slope: -slope + 0 * z,
    "one_sign_too_many": lambda z, slope: -slope * z,
    "subtracted_slope": lambda z, slope: z - slope,
    "leak_on_top": lambda z, slope: (1 + slope) * z,
}


def with_another_default(default, below):
    return lambda z, negative_slope=default: np.where(z > 0, z, below(z, negative_slope))


DEFAULT = " There is a second mistake, too. Without the argument your function uses another slope than 0.01."
BUGS += [
    Wrong(f"{edit.name}_with_default_{other}", with_another_default(other, BELOW_ZERO[edit.name]), edit.hint + DEFAULT)
    for edit in list(BUGS) if edit.name in BELOW_ZERO for other in (0.1, 0.2)
]  # fmt: skip


@bug(IN_PLACE)
def in_place(z, negative_slope=0.01):
    z[z < 0] *= negative_slope
    return z


@bug(IN_PLACE)
def in_place_but_returns_a_copy(z, negative_slope=0.01):
    z[z < 0] *= negative_slope
    return z.copy()


@bug("Where nothing is negative you return the argument itself, so that whoever changes the result changes z too. Make a new array.")  # fmt: skip
def itself_if_positive(z, negative_slope=0.01):
    return z if (z > 0).all() else np.where(z > 0, z, negative_slope * z)


@alternative
def larger_of_two_lines(z, negative_slope=0.01):
    return np.maximum(z, negative_slope * z)


@alternative
def two_parts(z, negative_slope=0.01):
    return np.maximum(z, 0) + negative_slope * np.minimum(z, 0)


@alternative
def by_slopes(z, negative_slope=0.01):
    return z * ((z > 0) + negative_slope * (z <= 0))


@alternative
def on_a_copy(z, negative_slope=0.01):
    y = np.array(z, dtype=np.float64)
    y[y < 0] *= negative_slope
    return y


@alternative
def entry_by_entry(z, negative_slope=0.01):
    return np.array([v if v >= 0 else negative_slope * v for v in z.ravel()]).reshape(z.shape)


@alternative
def by_absolute_values(z, negative_slope=0.01):
    return 0.5 * (1 + negative_slope) * z + 0.5 * (1 - negative_slope) * np.abs(z)
