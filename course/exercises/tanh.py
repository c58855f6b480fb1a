"""tanh: probes, known mistakes, other correct answers."""

import math

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("gives the hyperbolic tangent of every entry", points=1, rtol=1e-6)
def ordinary_entries(tanh, rng):
    yield "the result for a batch", tanh(rng.normal(size=(4, 6)))
    yield "the result for a square batch", tanh(rng.normal(size=(5, 5)))
    yield "the result for a second batch", tanh(rng.normal(scale=2.0, size=(7, 3)))


@probe("is exact from 0 up to entries of 1000 and down to -1000", points=1, rtol=1e-12, atol=1e-13)
def whole_range(tanh, rng):
    z = rng.normal(size=(4, 3))
    z[1, 2] = z[3, 0] = 0.0
    far = np.array([[0.0, 2.0, 5.0, 9.0, 13.0, 40.0, 1000.0]]) + rng.uniform(0, 2, (4, 7))
    yield "the result for ordinary entries", tanh(rng.normal(size=(3, 5)))
    yield "the result for two zeros among others", tanh(z)
    yield "the result for entries from 0 to 1000", tanh(far.copy())
    yield "the result for entries from 0 to -1000", tanh(-far)


@probe("neither overflows nor warns for entries of 1000 and -1000", points=1)
def extremes(tanh, rng):
    large = 1000.0 + rng.normal(size=(2, 3))
    both = np.vstack([large, -large])
    copy = both.copy()
    yield "the result for ordinary entries", without_warning(tanh, rng.normal(size=(3, 4)))
    yield "the result for entries near 1000", without_warning(tanh, large.copy())
    yield "the result for entries near -1000", without_warning(tanh, -large)
    yield "the result for both at once", without_warning(tanh, both)
    yield "z unchanged", np.array_equal(both, copy)


def without_warning(function, z):
    """What NumPy would warn of becomes an exception."""
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        return function(z)


@probe("leaves its argument as it was, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(tanh, rng):
    z, others = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    copy = z.copy()
    yield "the result", tanh(z)
    yield "z unchanged", np.array_equal(z, copy)
    yield "the result for other entries", tanh(others)
    yield "the result for the first entries again", tanh(copy)


@probe("works for any shape, float32 and part of a larger array", points=1, hidden=True, rtol=1e-4,
       atol=1e-5)  # fmt: skip
def unusual_input(tanh, rng):
    size = int(rng.integers(5, 9))
    wide = rng.normal(size=(size, 2 * size + 5))
    yield "the result for a single row", tanh(wide[:1].copy())
    yield "the result for one axis", tanh(wide[1].copy())
    yield "the result for three axes", tanh(rng.normal(size=(2, 3, size)))
    yield "the result for many rows", tanh(rng.normal(size=(90, 2)))
    yield "the result for positive entries alone", tanh(np.abs(wide))
    yield "the result for negative entries alone", tanh(-np.abs(wide))
    yield "the result for float32", tanh(wide.astype(np.float32))
    yield "the result for every other column of an array", tanh(wide.copy()[:, ::2])
    yield "the result for a transposed array", tanh(wide.copy().T)


RESULT = "np.tanh(z)"
UP, DOWN = "np.exp(z)", "np.exp(-z)"
CLIPS = (
    "You clip z or the result too early: entries beyond that should still come closer to 1 or "
    "-1. np.tanh and forms whose exponent is never positive need no clip."
)
OVERFLOWS = (
    "The values are right, but an exponential overflows on the way. Use np.tanh, or a form whose "
    "exponent is never positive."
)
HIDES = (
    "You replace NaN after the overflow happened, and large entries no longer get 1 or -1. "
    "Prevent the overflow, or use np.tanh."
)
BUGS = [
    Edit("exponentials_overflow", RESULT, f"({UP} - {DOWN}) / ({UP} + {DOWN})",
         hint="exp(1000) overflows and you get infinity divided by infinity. Use np.tanh, or a form whose exponent "
         "is never positive."),
    Edit("sinh_over_cosh", RESULT, "np.sinh(z) / np.cosh(z)",
         hint="exp(1000) overflows and you get infinity divided by infinity. Use np.tanh, or a form whose exponent "
         "is never positive."),
    Edit("overflows_above", RESULT, "(np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)",
         hint="exp(2 * z) overflows for large positive entries, and you get NaN there. Use np.tanh, or choose the "
         "form by the sign of z."),
    Edit("overflows_below", RESULT, "(1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z))",
         hint="exp(-2 * z) overflows for very negative entries, and you get NaN there. Use np.tanh, or choose the "
         "form by the sign of z."),
    Edit("warns_below", RESULT, "2 / (1 + np.exp(-2 * z)) - 1", hint=OVERFLOWS),
    Edit("warns_above", RESULT, "1 - 2 / (1 + np.exp(2 * z))", hint=OVERFLOWS),
    *(Edit(f"hides_nan_{i}", RESULT, f"np.nan_to_num({new})", hint=HIDES) for i, new in enumerate([
        f"({UP} - {DOWN}) / ({UP} + {DOWN})", "(np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)",
        "(1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z))"])),
    Edit("turned_round", RESULT, "-np.tanh(z)",
         hint="Your curve falls where it should rise: is the difference of the exponentials the other way round?"),
    Edit("same_for_both_signs", RESULT, "np.tanh(np.abs(z))",
         hint="Negative entries get what their absolute value should get. The result has the sign of z."),
    Edit("negative_sign_for_all", RESULT, "np.tanh(-np.abs(z))",
         hint="Positive entries get what minus their value should get. The result has the sign of z."),
    Edit("sigmoid_instead", RESULT, "0.5 * (1 + np.tanh(z / 2))",
         hint="That is the sigmoid, which goes from 0 to 1. tanh goes from -1 to 1."),
    Edit("from_zero_to_one", RESULT, "0.5 * (1 + np.tanh(z))",
         hint="Your values go from 0 to 1. tanh goes from -1 to 1: stretch them by 2 and subtract 1."),
    Edit("sigmoid_of_twice_z_stretched", RESULT, "1 + np.tanh(z)",
         hint="You forget to subtract 1: tanh(z) is 2 * sigmoid(2 * z) - 1."),
    Edit("not_stretched", RESULT, "0.5 * (1 + np.tanh(z)) - 1",
         hint="You forget the 2 in front: tanh(z) is 2 * sigmoid(2 * z) - 1."),
    Edit("half_as_steep", RESULT, "np.tanh(z / 2)",
         hint="Your curve is half as steep as it should be: tanh(z) is 2 * sigmoid(2 * z) - 1, with 2 * z inside the "
         "sigmoid."),
    Edit("twice_as_steep", RESULT, "np.tanh(2 * z)",
         hint="Your curve is twice as steep as it should be: there is a factor 2 in the exponents too many."),
    Edit("slope", RESULT, "1 - np.tanh(z) ** 2",
         hint="That is the slope 1 - y**2 of tanh. Here the function itself is asked for."),
    Edit("upside_down", RESULT, "1 / np.tanh(z)",
         hint="Your fraction is upside down: the difference of the exponentials is the numerator."),
    Edit("sinh_only", RESULT, "np.sinh(z)",
         hint="That is sinh, half the difference of the exponentials. It is still to be divided by half their sum."),
    Edit("cosh_only", RESULT, "np.cosh(z)",
         hint="That is cosh, half the sum of the exponentials. tanh is sinh divided by cosh."),
    Edit("difference_only", RESULT, f"{UP} - {DOWN}",
         hint="That is the difference of the exponentials only. Divide it by their sum."),
    Edit("halved", RESULT, f"({UP} - {DOWN}) / 2 / ({UP} + {DOWN})",
         hint="Your result is half as large as it should be: the difference of the exponentials is halved, but their sum is "
         "not (or the 2 is missing in 2 * sigmoid(2 * z) - 1)."),
    Edit("parentheses", RESULT, f"{UP} - {DOWN} / ({UP} + {DOWN})",
         hint="Only the second exponential is divided: put the whole numerator into parentheses."),
    Edit("parentheses_below", RESULT, f"({UP} - {DOWN}) / {UP} + {DOWN}",
         hint="You divide by the first exponential only: put the whole denominator into parentheses."),
    Edit("no_parentheses", RESULT, f"{UP} - {DOWN} / {UP} + {DOWN}",
         hint="Numerator and denominator each need parentheses: / comes before - and +."),
    Edit("base_two", RESULT, "np.tanh(z * np.log(2))", hint="You raise 2 to the power of z; tanh raises e."),
    Edit("tangent", RESULT, "np.tan(z)", hint="np.tan is the tangent of an angle. The hyperbolic one is np.tanh."),
    Edit("inverse_tangent", RESULT, "np.arctan(z)",
         hint="np.arctan has a similar curve, but goes up to pi / 2. The hyperbolic tangent is np.tanh."),
    Edit("inverse", RESULT, "np.arctanh(z)", hint="np.arctanh is the inverse function. Take np.tanh."),
    Edit("straight_line", RESULT, "np.clip(z, -1, 1)",
         hint="That is a straight line cut off at -1 and 1 (a hard tanh). tanh bends smoothly."),
    Edit("without_exponential", RESULT, "z / (1 + np.abs(z))",
         hint="You squash with z / (1 + |z|) (softsign). tanh has exponentials."),
    Edit("signs_only", RESULT, "np.sign(z)",
         hint="You return the sign alone, a hard decision. tanh goes smoothly from -1 to 1."),
    Edit("scaled", RESULT, "1.7159 * np.tanh(2 / 3 * z)",
         hint="That is the stretched form 1.7159 * tanh(2/3 * z) of LeCun. The plain tanh is asked for."),
    Edit("twice", RESULT, "np.tanh(np.tanh(z))", hint="You apply tanh to its own result; once is enough."),
    Edit("epsilon_below", RESULT, f"({UP} - {DOWN}) / ({UP} + {DOWN} + 1e-8)",
         hint="A small constant in the denominator changes the results. The sum of the exponentials is at least 2, so "
         "it can't be 0. (And exp(1000) overflows.)"),
    Edit("rounds", RESULT, "np.round(np.tanh(z), 4)",
         hint="You round the results. Keep all digits; round only when you print."),
    Edit("in_single_precision", RESULT, "np.tanh(z.astype(np.float32))",
         hint="You compute in float32, which has 7 digits. Stay with the float64 of the input."),
    *(Edit(f"clips_at_{limit}", RESULT, f"np.tanh(np.clip(z, -{limit}, {limit}))", hint=CLIPS)
      for limit in (1, 2, 3, 5, 10, 12)),
    *(Edit(f"result_below_{1 - gap}", RESULT, f"np.clip(np.tanh(z), -1 + {gap}, 1 - {gap})", hint=CLIPS)
      for gap in (1e-5, 1e-7, 1e-8, 1e-10)),
]  # fmt: skip


@bug("You write into the argument (out=z and z[...] = ... do that): the caller's z is overwritten. Make a new array.")  # fmt: skip
def in_place(z):
    return np.tanh(z, out=z)


@bug("Negative entries get what their absolute value should get. The result has the sign of z. There is a second mistake, too. "
     "exp(2 * z) overflows for large entries: use np.tanh, or a form whose exponent is never positive.")  # fmt: skip
def same_for_both_signs_and_overflows(z):
    return 1 - 2 / (np.exp(2 * np.abs(z)) + 1)


@alternative
def by_the_sign(z):
    e = np.exp(-2 * np.abs(z))
    return np.where(z >= 0, 1 - e, e - 1) / (1 + e)


@alternative
def two_masks(z):
    y, negative = np.zeros_like(z), z < 0
    y[~negative] = 2 / (1 + np.exp(-2 * z[~negative])) - 1
    y[negative] = 1 - 2 / (1 + np.exp(2 * z[negative]))
    return y


@alternative
def entry_by_entry(z):
    return np.array([math.tanh(v) for v in z.ravel()]).reshape(z.shape)


@alternative
def clipped_far_out(z):
    up, down = np.exp(np.clip(z, -20, 20)), np.exp(-np.clip(z, -20, 20))
    return (up - down) / (up + down)


@alternative
def by_expm1_in_float64(z):
    less = np.expm1(-2 * np.abs(np.asarray(z, dtype=np.float64)))
    return -np.sign(z) * less / (less + 2)


@alternative
def by_logaddexp(z):
    return 2 * np.exp(-np.logaddexp(0, -2 * z)) - 1
