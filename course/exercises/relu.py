"""relu: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("keeps positive entries and sets negative ones to 0", points=1)
def ordinary_entries(relu, rng):
    yield "the result for a batch", relu(rng.normal(size=(4, 6)))
    yield "the result for a square batch", relu(rng.normal(size=(5, 5)))
    yield "the result for a second batch", relu(rng.normal(scale=3.0, size=(7, 3)))


@probe("is exact for entries that are 0, very small or very large", points=1, atol=1e-16)
def small_and_large(relu, rng):
    z = rng.normal(size=(4, 3))
    z[1, 2] = z[3, 0] = 0.0
    sizes = 10.0 ** rng.uniform([-14, -9, -6, -3, 2, 5], [-13, -6, -3, 0, 3, 6], (4, 6))
    signs = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    yield "the result for ordinary entries", relu(rng.normal(size=(3, 5)))
    yield "the result for two zeros among others", relu(z.copy())
    yield "the result for small and large entries", relu(signs * sizes)
    yield "the result for entries near 1000 and -1000", relu(1000.0 * signs + z)


@probe(
    "makes a new array, leaves its argument as it was, and keeps nothing between calls", points=1
)
def clean_calls(relu, rng):
    z, others = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    copy, positive = z.copy(), rng.uniform(1, 2, size=(2, 3))
    yield "the result", relu(z)
    yield "z unchanged", np.array_equal(z, copy)
    yield "the result for other entries", relu(others)
    yield "the result for the first entries again", relu(copy)
    y = relu(positive)
    yield "the result for positive entries", y.copy()
    same = positive.copy()
    y += 1.0
    yield "the result being an array of its own", np.array_equal(positive, same)


@probe("works for any shape, float32 and part of a larger array", points=1, hidden=True, rtol=1e-6)
def unusual_input(relu, rng):
    size = int(rng.integers(5, 9))
    wide = rng.normal(size=(size, 2 * size + 5))
    yield "the result for a single row", relu(wide[:1].copy())
    yield "the result for one axis", relu(wide[1].copy())
    yield "the result for three axes", relu(rng.normal(size=(2, 3, size)))
    yield "the result for many rows", relu(rng.normal(size=(90, 2)))
    yield "the result for positive entries alone", relu(np.abs(wide))
    yield "the result for negative entries alone", relu(-np.abs(wide))
    yield "the result for float32", relu(wide.astype(np.float32))
    yield "the result for every other column of an array", relu(wide.copy()[:, ::2])
    yield "the result for a transposed array", relu(wide.copy().T)


def then(change):
    """What stands before the result `y` to change it, so that the rest stays free for a second mistake."""
    return f"return type('Then', (), {{'__lshift__': lambda self, y: {change}}})() <<"


RETURN, RESULT = "return", "np.where(z.real <= 0, 0, z)"
SMOOTH = "Your curve bends smoothly around 0. ReLU has a kink there: exactly 0 on the left, exactly z on the right."
REDUCES = "max looks for the largest of many numbers. np.maximum compares entry by entry."
SUMS = "You make one number of many. The result has the shape of z."
IN_PLACE = "You write into the argument (z[z < 0] = 0, *= and out=z do that): the caller's z changes too. Make a copy first."
BUGS = [
    Edit("written_into_z", RETURN, then("(np.copyto(z, y), z)[1]"), hint=IN_PLACE),
    Edit("keeps_everything", RESULT, "z.copy()",
         hint="Negative entries come through. ReLU sets them to 0."),
    Edit("absolute_values", RESULT, "np.abs(z)",
         hint="You turn negative entries into positive ones. ReLU sets them to 0."),
    Edit("keeps_the_negative", RESULT, "np.minimum(z, 0)",
         hint="The gate is the wrong way round: you keep the negative entries."),
    Edit("negative_made_positive", RESULT, "np.maximum(-z, 0)",
         hint="The sign is turned round: you keep minus the negative entries. Keep the positive ones."),
    Edit("result_negative", RETURN, then("-y"),
         hint="The sign is turned round: positive entries should stay as they are."),
    Edit("zero_or_one", RESULT, "np.where(z > 0, 1.0, 0.0)",
         hint="You return the gate (0 or 1), which is the slope. Positive entries keep their value."),
    Edit("slope_of_one_and_minus_one", RESULT, "np.sign(z)",
         hint="You return the sign. Positive entries keep their value, negative ones become 0."),
    Edit("ones_for_the_negative", RESULT, "np.where(z <= 0, 1, z)", hint="Negative entries become 1; they should become 0."),
    Edit("at_least_one", RESULT, "np.maximum(z, 1)", hint="The lower limit is 0, not 1."),
    Edit("minus_one_for_the_negative", RESULT, "np.where(z <= 0, -1, z)",
         hint="Negative entries become -1; they should become 0."),
    *(Edit(f"leaks_{slope}", RESULT, f"np.where(z <= 0, {slope} * z, z)",
           hint="Negative entries leak through, multiplied by a small number: that is a leaky ReLU. Here they become 0.")
      for slope in (0.01, 0.1, 0.2)),
    Edit("at_most_one", RETURN, then("np.minimum(y, 1)"), hint="You cut off at 1. ReLU has no upper limit."),
    Edit("at_most_six", RETURN, then("np.minimum(y, 6)"), hint="You cut off at 6 (ReLU6). ReLU has no upper limit."),
    *(Edit(f"at_most_{limit}", RETURN, then(f"np.minimum(y, {limit})"), hint="You cut off large entries. ReLU has no upper limit.")
      for limit in (10, 100, 255, 500, 1000)),
    Edit("threshold_one", RESULT, "np.where(z <= 1, 0, z)",
         hint="The threshold is 0; entries between 0 and 1 are kept too. (Was z turned into whole numbers?)"),
    Edit("threshold_half", RESULT, "np.where(z <= 0.5, 0, z)", hint="The threshold is 0, not 0.5."),
    *(Edit(f"threshold_{limit}", RESULT, f"np.where(z <= {limit}, 0, z)",
           hint="The threshold is 0 exactly: positive entries are kept, however small they are.")
      for limit in (0.1, 1e-2, 1e-3, 1e-5, 1e-6, 1e-7, 1e-8)),
    Edit("threshold_minus_one", RESULT, "np.where(z <= -1, 0, z)",
         hint="The threshold is 0; entries between -1 and 0 become 0 too."),
    *(Edit(f"at_least_{low}", RESULT, f"np.maximum(z, {low})",
           hint="A small positive number takes the place of 0. Units that are off give 0 exactly.")
      for low in (1e-3, 1e-5, 1e-7, 1e-8, 1e-10, 1e-12)),
    Edit("mean_as_threshold", RESULT, "np.where(z <= z.mean(), 0, z)",
         hint="You compare with the mean. The threshold is 0, whatever the other entries are."),
    Edit("row_by_row", RESULT, "np.where(z.sum(axis=-1, keepdims=True) <= 0, 0, z)",
         hint="You switch off whole rows. Every entry is looked at alone."),
    Edit("squared", RETURN, then("y**2"), hint="Positive entries come out squared; they keep their value."),
    Edit("twice_too_large", RESULT, "z + np.abs(z)",
         hint="Positive entries come out twice as large: z + |z| is still to be halved."),
    Edit("half", RETURN, then("y / 2"), hint="Positive entries come out halved; they keep their value."),
    Edit("normalised", RETURN, then("y / y.max()"),
         hint="You divide by the largest entry. Positive entries keep their value."),
    Edit("whole_numbers", RETURN, then("y.astype(int)"),
         hint="You cut the entries down to whole numbers (int). Keep them as they are."),
    Edit("rounds", RETURN, then("np.round(y, 4)"),
         hint="You round the results. Keep all digits; round only when you print."),
    Edit("in_single_precision", RETURN, then("y.astype(np.float32)"),
         hint="You turn the numbers into float32, which has 7 digits. Stay with the float64 of the input."),
    Edit("softplus", RESULT, "np.logaddexp(0, z)", hint=SMOOTH),
    Edit("softplus_overflows", RESULT, "np.log(1 + np.exp(z))", hint=SMOOTH),
    Edit("elu", RESULT, "np.where(z <= 0, np.expm1(np.minimum(z, 0)), z)",
         hint="Negative entries get exp(z) - 1: that is an ELU. Here they become 0."),
    Edit("silu", RESULT, "z * 0.5 * (1 + np.tanh(z / 2))", hint=SMOOTH),
    Edit("gelu", RESULT, "0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))", hint=SMOOTH),
    Edit("largest_of_each_column", RESULT, "np.max(z, 0)", hint=REDUCES),
    Edit("largest_of_all", RESULT, "np.max(z)", hint=REDUCES),
    Edit("largest_of_all_or_zero", RESULT, "max(z.max(), 0)", hint=REDUCES),
    Edit("largest_of_each_row", RESULT, "np.max(z, axis=-1, keepdims=True)", hint=REDUCES),
    Edit("drops_the_negative", RESULT, "z[z > 0]",
         hint="z[z > 0] leaves the other entries out. The result has the shape of z, with 0 in their place."),
    Edit("summed", RETURN, then("y.sum()"), hint=SUMS),
    Edit("averaged", RETURN, then("y.mean()"), hint=SUMS),
    Edit("max_with_z_for_the_axis", RESULT, "np.max(0, z)",
         hint="np.max takes one array, and would take z for the number of an axis. np.maximum compares two things, entry "
         "by entry."),
    Edit("max_of_python", RESULT, "max(0, z)",
         hint="max(0, z) and if z > 0 ask whether a whole array is larger, which has no single answer. np.maximum and np.where "
         "go entry by entry."),
]  # fmt: skip


@bug(IN_PLACE)
def in_place(z):
    z[z < 0] = 0
    return z


@bug(IN_PLACE)
def in_place_but_returns_a_copy(z):
    z[z < 0] = 0
    return z.copy()


@bug("Where nothing is negative you return the argument itself, so that whoever changes the result changes z too. "
     "Make a new array.")  # fmt: skip
def itself_if_positive(z):
    return z if (z > 0).all() else np.maximum(z, 0)


@alternative
def by_maximum(z):
    return np.maximum(z, 0)


@alternative
def by_a_gate(z):
    return z * (z > 0)


@alternative
def by_the_absolute_value(z):
    return (z + np.abs(z)) / 2


@alternative
def on_a_copy(z):
    y = np.array(z, dtype=np.float64)
    y[y < 0] = 0
    return y


@alternative
def entry_by_entry(z):
    return np.array([v if v > 0 else 0.0 for v in z.ravel()]).reshape(z.shape)


@alternative
def by_clip(z):
    return np.clip(z, 0, None)


@alternative
def minus_the_negative(z):
    return z - np.minimum(z, 0)
