"""softmax: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("gives each row's probabilities", points=1, rtol=1e-6)
def ordinary_rows(softmax, rng):
    return {
        "the first batch": softmax(rng.normal(scale=2.0, size=(4, 6))),
        "a second batch of another size": softmax(rng.normal(scale=2.0, size=(7, 3))),
    }


@probe(
    "treats each row on its own, also when there are as many rows as classes", points=1, rtol=1e-6
)
def square_batch(softmax, rng):
    logits = rng.normal(size=(5, 5)) + 10.0 * np.arange(5)[:, np.newaxis]
    return softmax(logits)


@probe("stays exact for logits of ±1000, and for very small probabilities", points=1, atol=1e-300)
def large_logits(softmax, rng):
    gaps = np.array([0.0, -1.5, -60.0, -300.0, -650.0, -2000.0])
    rows = [rng.permutation(gaps) + offset for offset in (1000.0, 0.0, -1000.0)]
    one_far_ahead = np.array([1000.0, -1000.0, -1000.0, -1000.0, -1000.0, -1000.0])
    return softmax(np.array([*rows, one_far_ahead]))


@probe("leaves its argument as it was", points=1, rtol=1e-6)
def unchanged_argument(softmax, rng):
    logits = rng.normal(size=(3, 4))
    return {"the result": softmax(logits), "logits after the call": logits}


@probe("works for a single row, a single class, and part of a larger array", points=1, hidden=True,
       rtol=1e-6)  # fmt: skip
def unusual_shapes(softmax, rng):
    size = int(rng.integers(5, 9))
    wide = rng.normal(size=(size, 2 * size + 2))
    return [softmax(wide[:1]), softmax(wide[:, :1]), softmax(wide[:, ::2]), softmax(wide.T)]


BUGS = [
    Edit("sums_columns", "exp.sum(axis=1, keepdims=True)", "exp.sum(axis=0, keepdims=True)",
         hint="Your columns sum to 1, not your rows. The classes of one example lie along axis 1."),
    Edit("sums_everything", "exp.sum(axis=1, keepdims=True)", "exp.sum()",
         hint="The whole batch sums to 1. Every row is a distribution of its own: sum over axis 1."),
    Edit("no_shift", "logits - logits.max(axis=1, keepdims=True)", "logits",
         hint="exp(1000) overflows. Shifting a row by a constant changes no probability: "
         "which shift makes every exponent at most 0?"),
    Edit("global_max", "logits.max(axis=1, keepdims=True)", "logits.max()",
         hint="You subtract the largest logit of the whole batch, so a row far below it becomes "
         "0/0. Each row needs its own maximum."),
    Edit("column_max", "logits.max(axis=1, keepdims=True)", "logits.max(axis=0, keepdims=True)",
         hint="You subtract each column's maximum, which shifts the classes of one example by "
         "different amounts. Subtract each row's maximum."),
    Edit("shifts_by_min", "logits.max(axis=1, keepdims=True)", "logits.min(axis=1, keepdims=True)",
         hint="After subtracting the minimum all exponents are positive and can overflow. "
         "Subtract what makes them all negative or 0."),
    Edit("shifts_by_mean", "logits.max(axis=1, keepdims=True)", "logits.mean(axis=1, keepdims=True)",
         hint="Subtracting the mean leaves positive exponents, and a large one still overflows."),
    Edit("adds_the_max", "logits - logits.max", "logits + logits.max",
         hint="You add the row's maximum where it should be subtracted: the exponents grow."),
    Edit("negative_exponents", "np.exp(shifted)", "np.exp(-shifted)",
         hint="The largest logit gets the smallest probability: there is a minus sign too many "
         "in the exponent."),
    Edit("base_two", "np.exp(shifted)", "np.exp2(shifted)",
         hint="You raise 2 to the logits; softmax raises e."),
    Edit("not_normalised", "exp / exp.sum(axis=1, keepdims=True)", "exp",
         hint="Your numbers are positive but a row does not sum to 1 yet. Divide by the row's sum."),
    Edit("epsilon_below", "exp.sum(axis=1, keepdims=True)", "(exp.sum(axis=1, keepdims=True) + 1e-8)",
         hint="A small constant in the denominator makes every row sum to a little less than 1. "
         "After the shift the sum is at least 1, so it can't be 0."),
    Edit("clips_logits", "np.exp(shifted)", "np.exp(np.clip(shifted, -50, 50))",
         hint="Clipping changes very small probabilities. Subtracting the row's maximum is enough "
         "to prevent overflow, and changes nothing."),
    Edit("rounds", "exp / exp.sum(axis=1, keepdims=True)",
         "np.round(exp / exp.sum(axis=1, keepdims=True), 3)",
         hint="You round the probabilities. Keep all digits; round only when you print."),
]  # fmt: skip


@bug("You return the logarithm of the probabilities; that is the next exercise.")
def returns_logs(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@bug("You write into the argument (-= and np.exp(..., out=...) do that): the caller's logits "
     "change too. Make a new array.")  # fmt: skip
def in_place(logits):
    logits -= logits.max(axis=1, keepdims=True)
    exp = np.exp(logits)
    return exp / exp.sum(axis=1, keepdims=True)


@bug("You divide the logits themselves by their sum; the exponential comes first.")
def no_exponential(logits):
    return logits / logits.sum(axis=1, keepdims=True)


@bug("Without keepdims=True the sum has shape (N,), and NumPy divides column by column where "
     "N equals C, or stops. Keep the axis: shape (N, 1).")  # fmt: skip
def lost_axis(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1)


@bug("Without keepdims=True the maximum has shape (N,), and NumPy subtracts it column by column "
     "where N equals C, or stops. Keep the axis: shape (N, 1).")  # fmt: skip
def lost_axis_of_the_max(logits):
    exp = np.exp(logits - logits.max(axis=1))
    return exp / exp.sum(axis=1, keepdims=True)


@bug("You turn NaN into 0 after the overflow happened, and the probabilities are lost. Prevent "
     "the overflow instead: shift each row before the exponential.")  # fmt: skip
def hides_nan(logits):
    exp = np.exp(logits)
    return np.nan_to_num(exp / exp.sum(axis=1, keepdims=True))


@bug("You return the class with the largest logit as 0 and 1; softmax gives every class a share.")
def hard_max(logits):
    return np.eye(logits.shape[1])[logits.argmax(axis=1)]


@bug("Each logit is squashed on its own (that is the sigmoid), so a row does not sum to 1.")
def sigmoids(logits):
    return 0.5 * (1 + np.tanh(logits / 2))


@alternative
def row_by_row(logits):
    rows = []
    for z in logits:
        e = np.exp(z - max(z))
        rows.append(e / sum(e))
    return np.array(rows)


@alternative
def through_logs(logits):
    m = np.max(logits, axis=1)
    lse = m + np.log(np.sum(np.exp(logits - m[:, None]), axis=1))
    return np.exp(logits - lse[:, None])


@alternative
def on_the_transposed(logits):
    z = logits.T - np.amax(logits.T, axis=0)
    e = np.exp(z)
    return (e / e.sum(0)).T


@alternative
def by_logaddexp(logits):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


@alternative
def by_einsum_on_a_copy(logits):
    z = np.array(logits, dtype=np.float64)
    z -= np.max(z, axis=-1)[:, np.newaxis]
    np.exp(z, out=z)
    return z / np.einsum("nc->n", z).reshape(-1, 1)


@alternative
def ratios(logits):
    """p[c] = 1 / sum_k exp(z[k] - z[c])."""
    gaps = logits[:, np.newaxis, :] - logits[:, :, np.newaxis]
    with np.errstate(over="ignore"):
        return 1.0 / np.exp(gaps).sum(axis=2)
