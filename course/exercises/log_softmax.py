"""log_softmax: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("gives the logarithm of each row's probabilities", points=1, rtol=1e-6)
def ordinary_rows(log_softmax, rng):
    return {
        "the first batch": log_softmax(rng.normal(scale=2.0, size=(4, 6))),
        "a second batch of another size": log_softmax(rng.normal(scale=2.0, size=(7, 3))),
    }


@probe(
    "treats each row on its own, also when there are as many rows as classes", points=1, rtol=1e-6
)
def square_batch(log_softmax, rng):
    return log_softmax(rng.normal(size=(5, 5)) + 10.0 * np.arange(5)[:, np.newaxis])


@probe("stays exact for logits of ±1000, where a probability rounds to 0", points=1)
def large_logits(log_softmax, rng):
    gaps = np.array([0.0, -0.5, -40.0, -300.0, -800.0, -2000.0])
    rows = [rng.permutation(gaps) + offset for offset in (1000.0, 0.0, -1000.0)]
    one_far_ahead = np.array([1000.0, -1000.0, -1000.0, -1000.0, -1000.0, -1000.0])
    return log_softmax(np.array([*rows, one_far_ahead]))


@probe("leaves its argument as it was", points=1, rtol=1e-6)
def unchanged_argument(log_softmax, rng):
    logits = rng.normal(size=(3, 4))
    return {"the result": log_softmax(logits), "logits after the call": logits}


@probe("works for a single row, a single class, and part of a larger array", points=1, hidden=True,
       rtol=1e-6)  # fmt: skip
def unusual_shapes(log_softmax, rng):
    size = int(rng.integers(5, 9))
    wide = rng.normal(size=(size, 2 * size + 2))
    return [
        log_softmax(wide[:1]),
        log_softmax(wide[:, :1]),
        log_softmax(wide[:, ::2]),
        log_softmax(wide.T),
    ]


ROW_MAX = "logits.max(axis=1, keepdims=True)"
ROW_SUM = "np.exp(shifted).sum(axis=1, keepdims=True)"
BUGS = [
    Edit("sums_columns", ROW_SUM, "np.exp(shifted).sum(axis=0, keepdims=True)",
         hint="You sum over the batch. The classes of one example lie along axis 1."),
    Edit("sums_everything", ROW_SUM, "np.exp(shifted).sum()",
         hint="You sum over the whole batch. Every row is a distribution of its own: axis 1."),
    Edit("no_shift", f"logits - {ROW_MAX}", "logits",
         hint="exp(1000) overflows, and so does its logarithm. Shift each row before the "
         "exponential, so that no exponent is positive."),
    Edit("global_max", ROW_MAX, "logits.max()",
         hint="You subtract the largest logit of the whole batch, so a row far below it becomes "
         "log(0). Each row needs its own maximum."),
    Edit("column_max", ROW_MAX, "logits.max(axis=0, keepdims=True)",
         hint="You subtract each column's maximum, which shifts the classes of one example by "
         "different amounts. Subtract each row's maximum."),
    Edit("shifts_by_min", ROW_MAX, "logits.min(axis=1, keepdims=True)",
         hint="After subtracting the minimum all exponents are positive and can overflow. "
         "Subtract what makes them all negative or 0."),
    Edit("shifts_by_mean", ROW_MAX, "logits.mean(axis=1, keepdims=True)",
         hint="Subtracting the mean leaves positive exponents, and a large one still overflows."),
    Edit("forgets_the_shift", "return shifted - np.log", "return logits - np.log",
         hint="You shifted inside the exponential only. The same shift belongs in front of the "
         "logarithm, or you have to add the maximum back to log(sum)."),
    Edit("only_the_numerator", f"shifted - np.log({ROW_SUM})", "shifted",
         hint="The logarithm of the row's sum is still to be subtracted."),
    Edit("adds_the_log_sum", "shifted - np.log(", "shifted + np.log(",
         hint="A quotient becomes a difference in the logarithm: subtract the log of the sum."),
    Edit("divides_by_the_log_sum", "shifted - np.log(", "shifted / np.log(",
         hint="The logarithm of a quotient is a difference, not a quotient."),
    Edit("sum_without_log", f"np.log({ROW_SUM})", ROW_SUM,
         hint="You subtract the sum itself; its logarithm is what the quotient turns into."),
    Edit("base_two", "np.log(", "np.log2(",
         hint="log2 is the logarithm to base 2; softmax is built on e, so take np.log."),
    Edit("base_ten", "np.log(", "np.log10(",
         hint="log10 is the logarithm to base 10; softmax is built on e, so take np.log."),
    Edit("log_one_plus", f"np.log({ROW_SUM})", f"np.log1p({ROW_SUM})",
         hint="log1p adds 1 to the sum before taking the logarithm."),
    Edit("epsilon_inside", f"np.log({ROW_SUM})", f"np.log({ROW_SUM} + 1e-8)",
         hint="A small constant inside the logarithm shifts every value. After the shift the sum "
         "is at least 1, so log(0) can't happen."),
    Edit("positive", "return shifted - ", "return -shifted + ",
         hint="You return the negative logarithm. A log-probability is never positive; the minus "
         "sign comes with the loss."),
]  # fmt: skip


def probabilities(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


@bug("You take the log of the softmax. Where a probability rounds to 0 that is -inf. Simplify "
     "log(exp(z) / sum) on paper first: the exponential above goes away.")  # fmt: skip
def log_of_softmax(logits):
    return np.log(probabilities(logits))


@bug("A small constant inside the logarithm bounds it from below: log(1e-8) is about -18, however "
     "unlikely the class. Simplify log(exp(z) / sum) on paper instead.")  # fmt: skip
def log_of_softmax_plus_epsilon(logits):
    return np.log(probabilities(logits) + 1e-8)


@bug("Clipping the probabilities bounds the logarithm from below, however unlikely the class. "
     "Simplify log(exp(z) / sum) on paper instead.")  # fmt: skip
def log_of_clipped_softmax(logits):
    return np.log(np.clip(probabilities(logits), 1e-12, 1.0))


@bug("You return the probabilities; their logarithm is asked here.")
def returns_probabilities(logits):
    return probabilities(logits)


@bug("You write into the argument (-= does that): the caller's logits change too. Make a new "
     "array.")  # fmt: skip
def in_place(logits):
    logits -= logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


@bug("Without keepdims=True the sum has shape (N,), and NumPy subtracts it column by column where "
     "N equals C, or stops. Keep the axis: shape (N, 1).")  # fmt: skip
def lost_axis(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1))


@alternative
def row_by_row(logits):
    result = np.zeros(logits.shape)
    for i in range(logits.shape[0]):
        m = max(logits[i])
        lse = m + np.log(sum(np.exp(logits[i] - m)))
        for c in range(logits.shape[1]):
            result[i, c] = logits[i, c] - lse
    return result


@alternative
def by_logaddexp(logits):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


@alternative
def on_the_transposed(logits):
    z = logits.T - logits.T.max(axis=0)
    return (z - np.log(np.sum(np.exp(z), axis=0))).T


@alternative
def log_of_the_inverse(logits):
    """-log sum_k exp(z[k] - z[c]), each sum shifted by its own maximum."""
    gaps = logits[:, None, :] - logits[:, :, None]
    m = gaps.max(axis=2)
    return -(m + np.log(np.exp(gaps - m[:, :, None]).sum(axis=2)))


@alternative
def by_einsum_on_a_copy(logits):
    z = np.array(logits, dtype=float)
    z -= np.amax(z, axis=-1)[:, None]
    return z - np.log(np.einsum("nc->n", np.exp(z)))[:, None]
