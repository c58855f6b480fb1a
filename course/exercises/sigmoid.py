"""sigmoid: probes, known mistakes, other correct answers."""

import math

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("gives 1 / (1 + exp(-z)) for every entry", points=1, rtol=1e-6)
def ordinary_entries(sigmoid, rng):
    yield "the result for a batch", sigmoid(rng.normal(scale=2.0, size=(4, 6)))
    yield "the result for a square batch", sigmoid(rng.normal(scale=2.0, size=(5, 5)))
    yield "the result for a second batch", sigmoid(rng.normal(scale=4.0, size=(7, 3)))


@probe("gives one half at exactly 0, whatever is around it", points=1, rtol=1e-6)
def zeros(sigmoid, rng):
    z = rng.normal(size=(4, 3))
    yield "the result for entries that aren't 0", sigmoid(z.copy())
    z[1, 2] = z[3, 0] = 0.0
    yield "the result for two zeros among others", sigmoid(z)


@probe("stays exact in both tails: results close to 0 keep their digits", points=1, atol=1e-200)
def tails(sigmoid, rng):
    far = np.array([[0.0, 30.0, 40.0, 60.0, 150.0, 350.0, 1000.0]]) + rng.uniform(0, 3, (4, 7))
    yield "the result for ordinary entries", sigmoid(rng.normal(size=(3, 5)))
    yield "the result for entries from 0 to 1000", sigmoid(far.copy())
    yield "the result for entries from 0 to -1000", sigmoid(-far)


@probe("neither overflows nor warns for entries of 1000 and -1000", points=1)
def extremes(sigmoid, rng):
    large = 1000.0 + rng.normal(size=(2, 3))
    both = np.vstack([large, -large])
    copy = both.copy()
    yield "the result for ordinary entries", without_warning(sigmoid, rng.normal(size=(3, 4)))
    yield "the result for entries near 1000", without_warning(sigmoid, large.copy())
    yield "the result for entries near -1000", without_warning(sigmoid, -large)
    yield "the result for both at once", without_warning(sigmoid, both)
    yield "z unchanged", np.array_equal(both, copy)


def without_warning(function, z):
    """What NumPy would warn of becomes an exception."""
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        return function(z)


@probe("leaves its argument as it was, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(sigmoid, rng):
    z, others = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    copy = z.copy()
    yield "the result", sigmoid(z)
    yield "z unchanged", np.array_equal(z, copy)
    yield "the result for other entries", sigmoid(others)
    yield "the result for the first entries again", sigmoid(copy)


@probe("works for any shape, float32 and part of a larger array", points=1, hidden=True, rtol=1e-4,
       atol=1e-5)  # fmt: skip
def unusual_input(sigmoid, rng):
    size = int(rng.integers(5, 9))
    wide = rng.normal(scale=2.0, size=(size, 2 * size + 5))
    yield "the result for a single row", sigmoid(wide[:1].copy())
    yield "the result for one axis", sigmoid(wide[1].copy())
    yield "the result for three axes", sigmoid(rng.normal(size=(2, 3, size)))
    yield "the result for many rows", sigmoid(rng.normal(size=(90, 2)))
    yield "the result for positive entries alone", sigmoid(np.abs(wide))
    yield "the result for negative entries alone", sigmoid(-np.abs(wide))
    yield "the result for float32", sigmoid(wide.astype(np.float32))
    yield "the result for every other column of an array", sigmoid(wide.copy()[:, ::2])
    yield "the result for a transposed array", sigmoid(wide.copy().T)


EXP = "np.exp(np.where(positive, -z, z))"
RESULT = "np.where(positive, 1, exp) / (1 + exp)"
CLIPS = (
    "You clip z or the result: very negative entries all get the same small number. A form "
    "whose exponent is never positive needs no clip."
)
LOSES = (
    "Small results lose their digits, because you compute them as a difference of two numbers "
    "close to 1 (1 - ..., or 1 + tanh). For negative entries divide exp(z) by 1 + exp(z)."
)
BUGS = [
    Edit("turned_round", RESULT, "np.where(positive, exp, 1) / (1 + exp)",
         hint="Your curve falls where it should rise: a sign in the exponent is wrong (or the two branches are "
         "exchanged)."),
    Edit("positive_form_everywhere", RESULT, "1 / (1 + exp)",
         hint="Negative entries get what their absolute value should get: in the form for z < 0 the numerator is exp(z), "
         "not 1."),
    Edit("negative_form_everywhere", RESULT, "exp / (1 + exp)",
         hint="Positive entries get what minus their value should get: in the form for z >= 0 the numerator is 1."),
    Edit("minus_below", RESULT, "np.where(positive, 1, -exp) / (1 - exp)",
         hint="The denominator is 1 plus the exponential; yours is 1 minus it, which is 0 at z = 0."),
    Edit("no_one_below", RESULT, "np.exp(z)",
         hint="The 1 in the denominator is missing, so that large entries grow without bound instead of towards 1."),
    Edit("without_numerator", RESULT, "1 + np.exp(-z)",
         hint="You return 1 + exp(-z); the sigmoid is 1 divided by all of that. In 1 / 1 + exp(-z) parentheses are missing."),
    Edit("exponential_only", RESULT, "np.exp(-z)",
         hint="You return exp(-z) only; the sigmoid is 1 / (1 + exp(-z))."),
    Edit("sum_outside", RESULT, "1 / np.exp(-z) + 1",
         hint="You divide first and add 1 afterwards. The 1 belongs into the denominator: parentheses are missing."),
    Edit("log_of_it", RESULT, "np.where(positive, 0, z) - np.log(1 + exp)",
         hint="You return the logarithm of the sigmoid. Here the number between 0 and 1 itself is asked for."),
    Edit("slope", RESULT, "exp / (1 + exp) ** 2",
         hint="That is the slope y * (1 - y) of the sigmoid. Here the function itself is asked for."),
    Edit("base_two", EXP, "np.exp2(np.where(positive, -z, z))",
         hint="You raise 2 to the power of z; the sigmoid raises e."),
    Edit("base_ten", EXP, "10.0 ** np.where(positive, -z, z)",
         hint="You raise 10 to the power of z; the sigmoid raises e."),
    Edit("minus_one", EXP, "np.expm1(np.where(positive, -z, z))",
         hint="expm1 subtracts 1 from the exponential; the sigmoid takes the exponential as it is."),
    Edit("twice_as_steep", EXP, "np.exp(2 * np.where(positive, -z, z))",
         hint="Your curve is twice as steep as it should be: sigmoid(z) is (1 + tanh(z / 2)) / 2, with z halved."),
    Edit("half_as_steep", EXP, "np.exp(np.where(positive, -z, z) / 2)",
         hint="Your curve is half as steep as it should be: there is a division of z by 2 too many."),
    Edit("squares", EXP, "np.exp(-(z**2))", hint="There is a square in your exponent; it is -z alone."),
    Edit("from_minus_one_to_one", RESULT, "2 * (np.where(positive, 1, exp) / (1 + exp)) - 1",
         hint="Your values go from -1 to 1, as tanh's do. The sigmoid goes from 0 to 1."),
    Edit("epsilon_below", "(1 + exp)", "(1 + exp + 1e-8)",
         hint="A small constant in the denominator changes every result. The denominator is at least 1, so it can't "
         "be 0."),
    Edit("epsilon_added", RESULT, f"{RESULT} + 1e-8",
         hint="A small constant is added to every result. Results close to 0 are then wrong; nothing here needs it."),
    Edit("zeros_left_out", RESULT, f"np.where(z == 0, 0, {RESULT})",
         hint="Entries that are exactly 0 are left out: one of your two cases must include z == 0, with z >= 0 or "
         "z <= 0."),
    Edit("zeros_counted_twice", RESULT, f"np.where(z == 0, 1, {RESULT})",
         hint="At exactly 0 you get 1. Do both of your cases include z == 0, so that it counts twice?"),
    Edit("rounds", RESULT, f"np.round({RESULT}, 4)",
         hint="You round the results. Keep all digits; round only when you print."),
    Edit("yes_or_no", RESULT, "np.where(z > 0, 1.0, np.where(z < 0, 0.0, 0.5))",
         hint="You return 0 or 1, a hard decision. The sigmoid goes smoothly from one to the other."),
    *(Edit(f"clips_at_{limit}", EXP, f"np.exp(np.where(positive, -z, np.maximum(z, -{limit})))", hint=CLIPS)
      for limit in (10, 20, 30, 50, 100)),
    *(Edit(f"result_at_least_{low}", RESULT, f"np.clip({RESULT}, {low}, 1 - {low})", hint=CLIPS)
      for low in (1e-7, 1e-8, 1e-10, 1e-12, 1e-15)),
    *(Edit(f"nothing_below_{limit}", RESULT, f"np.where(z < -{limit}, 0, {RESULT})",
           hint="You set the results of very negative entries to 0. They are small, but not 0: that of -40 is 4e-18.")
      for limit in (20, 30, 50, 100)),
    Edit("one_form_for_all", RESULT, "1 / (1 + np.exp(-z)) if z.max() > 0 else np.exp(z) / (1 + np.exp(z))",
         hint="You choose one form for the whole array. The sign of each entry decides which form it needs."),
    *(Edit(f"loses_digits_{i}", RESULT, new, hint=LOSES) for i, new in enumerate([
        "0.5 * (1 + np.tanh(z / 2))", "0.5 * np.tanh(z / 2) + 0.5",
        "np.where(positive, 1, 1 - 1 / (1 + exp)) / np.where(positive, 1 + exp, 1)",
        "1 - np.where(positive, exp, 1) / (1 + exp)"])),
    Edit("one_minus_the_fraction", RESULT, "1 - 1 / (1 + np.exp(z))",
         hint="Small results lose their digits in 1 - ..., and exp(1000) overflows. Use two forms: one for z >= 0 and "
         "one for z < 0."),
    Edit("in_single_precision", "np.where(positive, -z, z)", "np.where(positive, -z, z).astype(np.float32)",
         hint="You compute in float32, which has 7 digits. Stay with the float64 of the input."),
    Edit("softmax_of_rows", RESULT, "np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)",
         hint="Each entry is squashed on its own. You divide by the sum of a row, as softmax does."),
    Edit("stable_softmax_of_rows", RESULT, "(e := np.exp(z - z.max(axis=-1, keepdims=True))) / e.sum(axis=-1, keepdims=True)",
         hint="Each entry is squashed on its own. You divide by the sum of a row, as softmax does."),
    Edit("softmax_of_all", RESULT, "np.exp(z) / np.exp(z).sum()",
         hint="Each entry is squashed on its own. You divide by the sum of all entries."),
    Edit("straight_line", RESULT, "np.clip(0.2 * z + 0.5, 0, 1)",
         hint="That is a straight line with its ends cut off (a hard sigmoid). The sigmoid is 1 / (1 + exp(-z))."),
    Edit("without_exponential", RESULT, "0.5 * (1 + z / (1 + np.abs(z)))",
         hint="You squash with z / (1 + |z|). The sigmoid has an exponential: 1 / (1 + exp(-z))."),
    Edit("twice", RESULT, "1 / (1 + np.exp(-np.where(positive, 1, exp) / (1 + exp)))",
         hint="You apply the sigmoid to its own result; once is enough."),
]  # fmt: skip


@bug("The values are right, but exp(1000) overflows on the way, for very negative entries. There, use "
     "a form of the same fraction whose exponent is negative.")  # fmt: skip
def overflows(z):
    return 1 / (1 + np.exp(-z))


@bug("np.where computes both of its branches for all entries, and one of them overflows. Choose what goes into "
     "the exponential first, so that its exponent is never positive.")  # fmt: skip
def both_branches(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@bug("For large positive entries exp(z) overflows and you get infinity divided by infinity. There, use a form "
     "with a negative exponent.")  # fmt: skip
def overflows_to_nan(z):
    return np.exp(z) / (1 + np.exp(z))


@bug("You replace NaN after the overflow happened, and large entries no longer get 1. Prevent the overflow: the "
     "exponent should never be positive.")  # fmt: skip
def hides_nan(z):
    return np.nan_to_num(overflows_to_nan.function(z))


@bug("You write into the argument (out=z and z[mask] = ... do that): the caller's z is overwritten. Make a new "
     "array.")  # fmt: skip
def in_place(z):
    z[...] = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    return z


@alternative
def two_masks(z):
    y = np.zeros_like(z)
    positive = z >= 0
    y[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    y[~positive] = e / (1 + e)
    return y


@alternative
def by_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


@alternative
def entry_by_entry(z):
    values = []
    for v in z.ravel():
        e = math.exp(-abs(v))
        values.append(1 / (1 + e) if v >= 0 else e / (1 + e))
    return np.array(values).reshape(z.shape)


@alternative
def two_exponentials(z):
    return np.exp(np.minimum(z, 0)) / (np.exp(np.minimum(z, 0)) + np.exp(-np.maximum(z, 0)))


@alternative
def clipped_far_out(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@alternative
def by_log1p_in_float64(z):
    z = np.array(z, dtype=np.float64)
    return np.exp(np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z))))


@alternative
def by_vectorize(z):
    return np.vectorize(lambda v: 1 / (1 + math.exp(-v)) if v > -700 else math.exp(v))(z)
