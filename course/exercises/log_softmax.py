"""log_softmax: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe

TINY = (*(10.0**-i for i in (*range(3, 17), 20, 30, 100, 300)), 2.0**-52)


@probe("gives the logarithm of each row's probabilities", points=1, rtol=1e-6)
def ordinary_rows(log_softmax, rng):
    yield "the result for a batch", log_softmax(rng.normal(scale=2.0, size=(4, 6)))
    yield "the result for a batch of another size", log_softmax(rng.normal(scale=2.0, size=(7, 3)))


@probe(
    "treats each row on its own, also when there are as many rows as classes", points=1, rtol=1e-6
)
def square_batch(log_softmax, rng):
    logits = rng.normal(size=(5, 5)) + 10.0 * np.arange(5)[:, np.newaxis]
    yield "the result for as many rows as classes", log_softmax(logits)


@probe("stays exact for logits of ±1000, where a probability rounds to 0", points=1)
def large_logits(log_softmax, rng):
    row = rng.permutation([0.0, -0.5, -18.0, -300.0, -800.0, -2000.0])
    one_far_ahead = [1000.0, -1000.0, -1000.0, -1000.0, -1000.0, -1000.0]
    far_apart = np.array([*(np.roll(row, i) for i in range(6)), one_far_ahead])
    mixed = far_apart[:3] + np.array([[1000.0], [0.0], [-1000.0]])
    yield "the result for ordinary logits", log_softmax(rng.normal(size=(2, 4)))
    yield "the result for logits far apart", log_softmax(far_apart)
    yield "the result for logits near 1000", log_softmax(1000.0 + rng.normal(size=(2, 5)))
    yield "the result for logits near -1000", log_softmax(rng.normal(size=(3, 5)) - 1000.0)
    yield "the result for rows near 1000 and rows near -1000", log_softmax(mixed)


@probe("leaves its argument as it was, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(log_softmax, rng):
    logits, others = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    copy = logits.copy()
    yield "the result", log_softmax(logits)
    yield "logits unchanged", np.array_equal(logits, copy)
    yield "the result for other logits", log_softmax(others)
    yield "the result for the first logits again", log_softmax(copy)


@probe("works for a single row or class, many rows or classes, equal logits, float32 and part of a "
       "larger array", points=1, hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(log_softmax, rng):
    size = int(rng.integers(5, 9))
    wide = rng.normal(size=(size, 2 * size + 5))
    yield "the result for a single row", log_softmax(wide[:1].copy())
    yield "the result for a single class", log_softmax(wide[:, :1].copy())
    yield "the result for many rows", log_softmax(rng.normal(size=(70, 3)))
    yield "the result for many classes", log_softmax(rng.normal(size=(2, 130)))
    yield "the result for equal logits", log_softmax(np.round(wide))
    yield "the result for float32 logits", log_softmax(wide[:4].astype(np.float32))
    yield "the result for every other column of an array", log_softmax(wide.copy()[:, ::2])
    yield "the result for a transposed array", log_softmax(wide.copy().T)


SHIFTED = "logits - logits.max(axis=1, keepdims=True)"
ROW_MAX = "logits.max(axis=1, keepdims=True)"
ROW_SUM = "np.exp(shifted).sum(axis=1, keepdims=True)"
RESULT = f"shifted - np.log({ROW_SUM})"
LOST = "A single row or column loses its axis (squeeze does that). The shape is always (N, C)."
AXIS = (
    "Without keepdims=True the sum has shape (N,), and NumPy subtracts it column by column where N equals C, or stops. "
    "Keep the axis: shape (N, 1)."
)  # fmt: skip
BOUNDED = (
    "It is a logarithm with a small constant added inside, or a clip, which bounds it from below: log(1e-8) is about -18. "
    "Simplify log(exp(z) / sum) on paper instead."
)  # fmt: skip


PROBS = "(e := np.exp(shifted)) / e.sum(axis=1, keepdims=True)"
HIDES = (
    "You put another number where a probability rounds to 0 and its logarithm is -inf, but the true value is lost. Simplify "
    "log(exp(z) / sum) on paper instead."
)  # fmt: skip
BUGS = [
    *(Edit(f"log_of_softmax_plus_{tiny}", RESULT, f"np.log({PROBS} + {tiny})", hint=BOUNDED) for tiny in TINY),
    *(Edit(f"log_of_clipped_softmax_{tiny}_{top}", RESULT, f"np.log(np.clip({PROBS}, {tiny}, {top}))", hint=BOUNDED)
      for tiny in TINY for top in sorted({1.0, 1 - tiny})),
    *(Edit(f"log_of_larger_exponentials_{tiny}_{i}", RESULT, f"np.log((e := {new}) / e.sum(axis=1, keepdims=True))", hint=BOUNDED)
      for tiny in TINY for i, new in enumerate((f"np.maximum(np.exp(shifted), {tiny})", f"(np.exp(shifted) + {tiny})"))),
    *(Edit(f"global_max_and_{tiny}", RESULT, f"logits - logits.max() - np.log(np.exp(logits - logits.max()).sum(axis=1, keepdims=True) + {tiny})",
           hint="You subtract the largest logit of the whole batch, so a row far below it becomes log(0), and the small constant "
           "hides that. Each row needs its own maximum.")
      for tiny in TINY),
    *(Edit(f"another_number_{number}", RESULT, f"np.where((p := {PROBS}) > 0, np.log(p), {number})", hint=HIDES)
      for number in ("shifted", "-1", "-100", "-500", "-745", "-1000", "-1e4", "-1e6", "-1e9", "-1e10", "-1e30")),
    Edit("sums_columns", ROW_SUM, "np.exp(shifted).sum(axis=0, keepdims=True)",
         hint="You sum over the batch. The classes of one example lie along axis 1."),
    Edit("sums_everything", ROW_SUM, "np.exp(shifted).sum()",
         hint="You sum over the whole batch. Every row is a distribution of its own: axis 1."),
    Edit("first_rows_sum", ROW_SUM, "np.exp(shifted[0]).sum()",
         hint="You use the first row's sum for all rows. Each row needs its own."),
    Edit("averages", ROW_SUM, "np.exp(shifted).mean(axis=1, keepdims=True)",
         hint="You take the mean of the row's exponentials; probabilities need their sum."),
    Edit("no_shift", SHIFTED, "logits",
         hint="exp(1000) overflows, and so does its logarithm. Shift each row before the exponential, so that no "
         "exponent is positive."),
    Edit("global_max", ROW_MAX, "logits.max()",
         hint="You subtract the largest logit of the whole batch, so a row far below it becomes log(0). Each row "
         "needs its own maximum."),
    Edit("first_rows_max", ROW_MAX, "logits[0].max()",
         hint="You subtract the first row's maximum from all rows. Each row needs its own maximum."),
    Edit("column_max", ROW_MAX, "logits.max(axis=0, keepdims=True)",
         hint="You subtract each column's maximum, which shifts the classes of one example by different amounts. "
         "Subtract each row's maximum."),
    Edit("largest_size", ROW_MAX, "np.abs(logits).max(axis=1, keepdims=True)",
         hint="You subtract the largest absolute value. Where it belongs to a negative logit, all exponentials of "
         "the row round to 0 and you get log(0). Subtract the largest logit."),
    Edit("positive_max_only", ROW_MAX, "np.maximum(logits.max(axis=1, keepdims=True), 0)",
         hint="A row whose logits are all far below 0 is not shifted, and becomes log(0). Subtract the row's maximum "
         "also where it is negative."),
    Edit("shifts_large_batches_only", ROW_MAX, "(logits.max(axis=1, keepdims=True) if logits.max() > 700 else 0)",
         hint="You shift only when a logit is large. Where all are far below 0, every exponential rounds to 0 and "
         "you get log(0). Shift always."),
    Edit("shifts_by_min", ROW_MAX, "logits.min(axis=1, keepdims=True)",
         hint="After subtracting the minimum all exponents are positive and can overflow. Subtract what makes them "
         "all negative or 0."),
    Edit("shifts_by_mean", ROW_MAX, "logits.mean(axis=1, keepdims=True)",
         hint="You subtract a middle value, such as the mean: exponents above 0 are left, and a large one overflows."),
    Edit("shifts_by_first_class", ROW_MAX, "logits[:, :1]",
         hint="You subtract the first class's logit. If another one is far larger, its exponential still overflows."),
    Edit("forgets_the_shift", "return shifted - np.log", "return logits - np.log",
         hint="You shifted inside the exponential only. The same shift belongs in front of the logarithm, or you "
         "have to add the maximum back to log(sum)."),
    Edit("shifts_twice", RESULT, f"{RESULT} - {ROW_MAX}",
         hint="You subtract the maximum twice: either shift the logits, or add the maximum to log(sum), not both."),
    Edit("adds_the_max", RESULT, f"{RESULT} + 2 * {ROW_MAX}",
         hint="The maximum has the wrong sign: log(sum) of shifted logits is too small by it."),
    Edit("only_the_numerator", RESULT, "shifted", hint="The logarithm of the row's sum is still to be subtracted."),
    Edit("only_the_sum", RESULT, f"np.log({ROW_SUM}) + {ROW_MAX}",
         hint="That is the logarithm of each row's sum; the result is the logits minus it."),
    Edit("adds_the_log_sum", "shifted - np.log(", "shifted + np.log(",
         hint="A quotient becomes a difference in the logarithm: subtract the log of the sum."),
    Edit("divides_by_the_log_sum", "shifted - np.log(", "shifted / np.log(",
         hint="The logarithm of a quotient is a difference, not a quotient."),
    Edit("sum_without_log", f"np.log({ROW_SUM})", ROW_SUM,
         hint="You subtract the sum itself; its logarithm is what the quotient turns into."),
    *(Edit(f"sum_of_logs_{i}", RESULT, f"{front} - np.log(np.exp({inside})).sum(axis=1, keepdims=True)",
           hint="You sum the logarithms of the exponentials. First the sum, then its logarithm.")
      for i, (front, inside) in enumerate((("shifted", "shifted"), ("logits", "logits"), ("shifted", "logits")))),
    Edit("log_before_the_exponential", RESULT, "np.log(shifted) - np.log(shifted.sum(axis=1, keepdims=True))",
         hint="You take logarithms of the logits. The logarithm of exp(z) is z itself; only the sum needs one."),
    Edit("sum_of_logs", f"np.log({ROW_SUM})", "shifted.sum(axis=1, keepdims=True)",
         hint="You sum the logarithms of the exponentials. First the sum, then its logarithm."),
    Edit("base_two", "np.log(", "np.log2(",
         hint="log2 is the logarithm to base 2; softmax is built on e, so take np.log."),
    Edit("base_ten", "np.log(", "np.log10(",
         hint="log10 is the logarithm to base 10; softmax is built on e, so take np.log."),
    Edit("powers_of_two", RESULT, f"np.log(2) * shifted - np.log({ROW_SUM.replace('exp', 'exp2')})",
         hint="You raise 2 to the logits; softmax raises e."),
    Edit("powers_of_two_below", ROW_SUM, ROW_SUM.replace("exp", "exp2"),
         hint="You raise 2 to the logits in the sum; softmax raises e."),
    Edit("powers_and_log_of_two", f"np.log({ROW_SUM})", f"np.log2({ROW_SUM.replace('exp', 'exp2')})",
         hint="You work with powers of 2 and log2; softmax is built on e."),
    Edit("shifts_in_front_only", ROW_SUM, "np.exp(logits).sum(axis=1, keepdims=True)",
         hint="You shift in front of the logarithm only. The sum inside needs the same shifted logits, or it overflows."),
    Edit("running_sum", ROW_SUM, "np.exp(shifted).cumsum(axis=1)",
         hint="Your sum is still growing when you take its logarithm. First add up the whole row."),
    Edit("total_of_the_rows_before", ROW_SUM, "np.exp(shifted).sum(axis=1, keepdims=True).cumsum(axis=0)",
         hint="Your result is right in the first row only: a row's sum contains those of the rows before. Set it back to 0 for "
         "each row."),
    Edit("largest_instead_of_the_sum", ROW_SUM, "np.exp(shifted).max(axis=1, keepdims=True)",
         hint="The logarithm of the row's sum is still to be subtracted."),
    *(Edit(f"sum_without_{which}_class", ROW_SUM, f"np.exp(shifted)[:, {part}].sum(axis=1, keepdims=True)",
           hint=f"The {which} class is missing from the row's sum. The sum is over all classes.")
      for which, part in (("first", "1:"), ("last", ":-1"))),
    Edit("sum_of_shifted_logits", ROW_SUM, "shifted.sum(axis=1, keepdims=True)",
         hint="You add up the logits themselves inside the logarithm; their exponentials come first."),
    Edit("log_of_each_part", RESULT, "np.log(np.exp(shifted)) - np.exp(shifted).sum(axis=1, keepdims=True)",
         hint="You subtract the sum itself; its logarithm is what the quotient turns into."),
    Edit("ties_once", ROW_SUM, "(1 + np.where(shifted < 0, np.exp(shifted), 0).sum(axis=1, keepdims=True))",
         hint="Where several logits of a row are its largest, only one of them is counted. Each adds exp(0) = 1 to the sum."),
    Edit("without_the_largest", ROW_SUM, "np.where(shifted < 0, np.exp(shifted), 0).sum(axis=1, keepdims=True)",
         hint="You leave the largest logit out of the sum. It adds exp(0) = 1."),
    Edit("without_its_own", ROW_SUM, "(np.exp(shifted).sum(axis=1, keepdims=True) - np.exp(shifted))",
         hint="You leave each class out of its own sum. The sum is over all classes."),
    Edit("log_one_plus", f"np.log({ROW_SUM})", f"np.log1p({ROW_SUM})",
         hint="You add 1 to the sum before taking the logarithm (log1p does that)."),
    Edit("epsilon_inside", f"np.log({ROW_SUM})", f"np.log({ROW_SUM} + 1e-8)",
         hint="A small constant inside the logarithm shifts every value. After the shift the sum is at least 1, so "
         "log(0) can't happen."),
    *(Edit(f"clips_at_{limit}", SHIFTED, f"np.clip(logits, -{limit}, {limit})",
           hint="Clipping changes the result for large logits. Subtracting the row's maximum is enough "
           "to prevent overflow, and changes nothing.")
      for limit in (50, 100, 500, 700)),
    *(Edit(f"clips_shifted_at_{limit}", SHIFTED, f"np.maximum({SHIFTED}, -{limit})",
           hint="You clip the shifted logits, which bounds the result from below. No exponent is positive after the shift, "
           "so nothing needs a clip.")
      for limit in (10, 20, 30, 50, 100, 500, 700)),
    *(Edit(f"temperature_{i}", SHIFTED, f"({SHIFTED}) {change}",
           hint="You scale the logits first (a temperature). The probabilities are those of the logits as they are.")
      for i, change in enumerate(("/ 2", "* 2", "/ 10"))),
    Edit("first_row_only", RESULT, f"np.where((np.arange(len(logits)) == 0)[:, np.newaxis], {RESULT}, 0)",
         hint="Only the first row is filled: is there a return inside the loop?"),
    Edit("without_the_last_row", RESULT, f"np.where((np.arange(len(logits)) < len(logits) - 1)[:, np.newaxis], {RESULT}, 0)",
         hint="The last row is 0: does a loop end one too early?"),
    Edit("squeezed", RESULT, f"({RESULT}).squeeze()", hint=LOST),
    Edit("single_row_squeezed", RESULT, f"({RESULT})[0 if len(logits) == 1 else slice(None)]", hint=LOST),
    *(Edit(f"lost_axis_{i}", old, new, hint=AXIS)
      for i, (old, new) in enumerate((
          (RESULT, "logits - np.log(np.exp(logits).sum(axis=1))"),
          (RESULT, "shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=len(logits) != logits.shape[1]))")))),
    Edit("maximum_not_set_back", ROW_MAX, "np.maximum.accumulate(logits.max(axis=1, keepdims=True))",
         hint="The maximum is that of this row and all rows before: set it back for each row."),
    *(Edit(f"only_the_nearest_{gap}", ROW_SUM, f"np.where(shifted > -{gap}, np.exp(shifted), 0).sum(axis=1, keepdims=True)",
           hint="You leave small exponentials out of the sum. They count, too: the result is to be exact.")
      for gap in (1, 2, 3, 5, 10, 15)),
    Edit("number_of_classes", ROW_SUM, "logits.shape[1]",
         hint="You subtract the logarithm of the number of classes. What is subtracted is that of the row's sum."),
    Edit("mean_of_the_logits", RESULT, "logits - logits.mean(axis=1, keepdims=True)",
         hint="What is subtracted from a whole row is its mean. It should be the logarithm of the sum of its exponentials."),
    Edit("sum_of_the_logits", RESULT, "logits - logits.sum(axis=1, keepdims=True)",
         hint="You subtract the row's sum. What is subtracted is the logarithm of the sum of its exponentials."),
    Edit("sum_of_logits_in_the_log", RESULT, "logits - np.log(logits.sum(axis=1, keepdims=True))",
         hint="You add up the logits themselves inside the logarithm; their exponentials come first."),
    *(Edit(f"in_base_{base}", RESULT, f"({RESULT}) / np.log({base})",
           hint=f"Your result is measured in a logarithm to base {base}. Softmax is built on e: take np.log, the natural logarithm.")
      for base in (2, 10)),
    Edit("times_probabilities", RESULT, f"np.exp({RESULT}) * ({RESULT})",
         hint="You multiply the logarithms by the probabilities (as for the entropy). The logarithms alone are asked."),
    *(Edit(f"digits_of_e_{e}", f"np.log({ROW_SUM})", f"np.log(({e}**shifted).sum(axis=1, keepdims=True))",
           hint="You write e with a few digits. np.exp has all of them.")
      for e in ("2.7", "2.72", "2.718", "2.7183", "2.71828")),
    *(Edit(f"sorted_{way}", SHIFTED, f"np.sort({SHIFTED}, axis=1){turn}",
           hint="The right numbers came in another order: you sort the logits of a row. Column c of the result belongs to column "
           "c of logits.")
      for way, turn in (("up", ""), ("down", "[:, ::-1]"))),
    *(Edit(f"all_rows_unshifted_{i}", RESULT, f"logits - np.log(np.exp(logits).sum({axis}))",
           hint="You sum over the batch, where each row is a distribution of its own (axis 1). And exp(1000) overflows: shift "
           "each row first.")
      for i, axis in enumerate(("", "axis=0"))),
    Edit("positive", "return shifted - ", "return -shifted + ",
         hint="You return the negative logarithm. A log-probability is never positive; the minus sign comes with the "
         "loss."),
    Edit("negative_logits", SHIFTED, "logits.min(axis=1, keepdims=True) - logits",
         hint="The largest logit gets the smallest result: the logits have a minus sign too many."),
    Edit("absolute_logits", SHIFTED, "np.abs(logits) - np.abs(logits).max(axis=1, keepdims=True)",
         hint="You take absolute values of the logits; a very negative logit belongs to an unlikely class."),
]  # fmt: skip


def probabilities(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


@bug("You sum over the whole batch. Every row is a distribution of its own: axis 1.")
def one_distribution(logits):
    return logits - logits.max() - np.log(np.exp(logits - logits.max()).sum())


@bug("You sum over the whole batch; every row is a distribution of its own (axis 1). And your shift does not cancel: in front "
     "of the logarithm it is subtracted once, too.")  # fmt: skip
def one_distribution_shifted_twice(logits):
    shifted = logits - logits.max()
    return shifted - logits.max() - np.log(np.exp(shifted).sum())


@bug("You sum over the whole batch; every row is a distribution of its own (axis 1). And your shift does not cancel: in front "
     "of the logarithm it is subtracted once, too.")  # fmt: skip
def one_distribution_shifted_inside_only(logits):
    return logits - np.log(np.exp(logits - logits.max()).sum())


@bug("You take the log of the softmax. Where a probability rounds to 0 that is -inf. Simplify "
     "log(exp(z) / sum) on paper first: the exponential above goes away.")  # fmt: skip
def log_of_softmax(logits):
    return np.log(probabilities(logits))


@bug("exp(1000) overflows, and the log of a probability that rounds to 0 is -inf. Simplify "
     "log(exp(z) / sum) on paper first: the exponential above goes away.")  # fmt: skip
def log_of_naive_softmax(logits):
    return np.log(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))


@bug("You replace the -inf of log(0) by a large number, but the true value is lost. Simplify "
     "log(exp(z) / sum) on paper instead.")  # fmt: skip
def hides_infinity(logits):
    return np.nan_to_num(np.log(probabilities(logits)))


@bug("You replace the -inf of log(0) by 0, but the true value is lost. Simplify log(exp(z) / sum) "
     "on paper instead.")  # fmt: skip
def hides_infinity_as_zero(logits):
    return np.nan_to_num(np.log(probabilities(logits)), neginf=0.0)


@bug("You return the probabilities; their logarithm is asked here.")
def returns_probabilities(logits):
    return probabilities(logits)


EXTRA = (
    "The sum has a term too many, exp(0) = 1: does your running sum of logarithms start at 0? log(0) is -inf, and "
    "logaddexp needs that start."
)  # fmt: skip


@bug(EXTRA)
def one_more_class(logits):
    sums = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return logits - np.logaddexp(0, sums)


@bug(EXTRA)
def one_more_class_unshifted(logits):
    return logits - np.log(1 + np.exp(logits).sum(axis=1, keepdims=True))


@bug("You use a sigmoid for each class. Here one softmax covers the classes of a row.")
def log_sigmoids(logits):
    return -np.logaddexp(0, -logits)


@bug("You use a sigmoid for each class. Here one softmax covers the classes of a row.")
def log_of_sigmoids(logits):
    return np.log(1 / (1 + np.exp(-logits)))


@bug("You take the logarithm of the logits themselves. The exponential and the row's sum come first.")  # fmt: skip
def logs_of_logits(logits):
    return np.log(logits)


@bug("You take the logarithm of one minus the probability.")
def log_of_the_complement(logits):
    return np.log1p(-probabilities(logits))


@bug("You standardise each row first (minus the mean, divided by the standard deviation). The "
     "division changes the probabilities.")  # fmt: skip
def standardises(logits):
    centred = logits - logits.mean(axis=1, keepdims=True)
    z = centred / logits.std(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@bug("You write into the argument (-= does that): the caller's logits change too. Make a new array.")  # fmt: skip
def all_in_place(logits):
    logits -= logits.max(axis=1, keepdims=True)
    logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return logits


@bug("You apply softmax twice: the formula starts from the logits, not from probabilities.")
def softmax_twice(logits):
    return np.log(probabilities(probabilities(logits)))


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


@bug("Without keepdims=True the maximum has shape (N,), and NumPy subtracts it column by column "
     "where N equals C, or stops. Keep the axis: shape (N, 1).")  # fmt: skip
def lost_axis_of_the_max(logits):
    shifted = logits - logits.max(axis=1)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@bug("Without keepdims=True maximum and sum have shape (N,), and NumPy subtracts them column by "
     "column where N equals C, or stops. Keep the axis: shape (N, 1).")  # fmt: skip
def lost_both_axes(logits):
    shifted = logits - logits.max(axis=1)
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
