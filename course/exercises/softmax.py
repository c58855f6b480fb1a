"""softmax: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("gives each row's probabilities", points=1, rtol=1e-6)
def ordinary_rows(softmax, rng):
    yield "the result for a batch", softmax(rng.normal(scale=2.0, size=(4, 6)))
    yield "the result for a batch of another size", softmax(rng.normal(scale=2.0, size=(7, 3)))


@probe(
    "treats each row on its own, also when there are as many rows as classes", points=1, rtol=1e-6
)
def square_batch(softmax, rng):
    logits = rng.normal(size=(5, 5)) + 10.0 * np.arange(5)[:, np.newaxis]
    yield "the result for as many rows as classes", softmax(logits)


@probe("stays exact for logits of ±1000, and for very small probabilities", points=1, rtol=1e-11,
       atol=1e-300)  # fmt: skip
def large_logits(softmax, rng):
    row = rng.permutation([0.0, -1.5, -18.0, -300.0, -650.0, -2000.0])
    one_far_ahead = [1000.0, -1000.0, -1000.0, -1000.0, -1000.0, -1000.0]
    far_apart = np.array([*(np.roll(row, i) for i in range(6)), one_far_ahead])
    mixed = far_apart[:3] + np.array([[1000.0], [0.0], [-1000.0]])
    yield "the result for ordinary logits", softmax(rng.normal(size=(2, 4)))
    yield "the result for logits far apart", softmax(far_apart)
    yield "the result for logits near 1000", softmax(1000.0 + rng.normal(size=(2, 5)))
    yield "the result for logits near -1000", softmax(rng.normal(size=(3, 5)) - 1000.0)
    yield "the result for rows near 1000 and rows near -1000", softmax(mixed)


@probe("leaves its argument as it was, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(softmax, rng):
    logits, others = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    copy = logits.copy()
    yield "the result", softmax(logits)
    yield "logits unchanged", np.array_equal(logits, copy)
    yield "the result for other logits", softmax(others)
    yield "the result for the first logits again", softmax(copy)


@probe("works for a single row or class, many rows or classes, equal logits, float32 and part of a "
       "larger array", points=1, hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(softmax, rng):
    size = int(rng.integers(5, 9))
    wide = rng.normal(size=(size, 2 * size + 5))
    yield "the result for a single row", softmax(wide[:1].copy())
    yield "the result for a single class", softmax(wide[:, :1].copy())
    yield "the result for many rows", softmax(rng.normal(size=(70, 3)))
    yield "the result for many classes", softmax(rng.normal(size=(2, 130)))
    yield "the result for equal logits", softmax(np.round(wide))
    yield "the result for float32 logits", softmax(wide[:4].astype(np.float32))
    yield "the result for every other column of an array", softmax(wide.copy()[:, ::2])
    yield "the result for a transposed array", softmax(wide.copy().T)


ROW_MAX = "logits.max(axis=1, keepdims=True)"
ROW_SUM = "exp.sum(axis=1, keepdims=True)"
SHIFTED = "logits - logits.max(axis=1, keepdims=True)"
SHIFT_BOTH = "You shift the logits on one side of the fraction only. Use the same shifted exponentials above and below."
LOST = (
    "The result for a single row has the right numbers in the wrong shape: an axis of length 1 is lost (squeeze does that). "
    "The shape is always (N, C)."
)  # fmt: skip
CLIPS = "Clipping changes probabilities. Subtracting the row's maximum is enough to prevent overflow, and changes nothing."
BUGS = [
    Edit("sums_columns", ROW_SUM, "exp.sum(axis=0, keepdims=True)",
         hint="Your columns sum to 1, not your rows. The classes of one example lie along axis 1."),
    Edit("sums_everything", ROW_SUM, "exp.sum()",
         hint="The whole batch sums to 1. Every row is a distribution of its own: sum over axis 1."),
    Edit("first_rows_sum", ROW_SUM, "exp[0].sum()",
         hint="You divide all rows by the sum of the first. Each row needs its own sum."),
    Edit("no_shift", f"logits - {ROW_MAX}", "logits",
         hint="exp(1000) overflows. Shifting a row by a constant changes no probability: which shift makes every "
         "exponent at most 0?"),
    Edit("global_max", ROW_MAX, "logits.max()",
         hint="You subtract the largest logit of the whole batch, so a row far below it becomes 0/0. Each row needs "
         "its own maximum."),
    Edit("first_rows_max", ROW_MAX, "logits[0].max()",
         hint="You subtract the first row's maximum from all rows. Each row needs its own maximum."),
    Edit("column_max", ROW_MAX, "logits.max(axis=0, keepdims=True)",
         hint="You subtract each column's maximum, which shifts the classes of one example by different amounts. "
         "Subtract each row's maximum."),
    Edit("largest_size", ROW_MAX, "np.abs(logits).max(axis=1, keepdims=True)",
         hint="You subtract the largest absolute value. Where it belongs to a negative logit, all exponentials of "
         "the row round to 0 and you get 0/0. Subtract the largest logit."),
    Edit("positive_max_only", ROW_MAX, "np.maximum(logits.max(axis=1, keepdims=True), 0)",
         hint="A row whose logits are all far below 0 is not shifted, and becomes 0/0. Subtract the row's maximum "
         "also where it is negative."),
    Edit("shifts_large_batches_only", ROW_MAX, "(logits.max(axis=1, keepdims=True) if logits.max() > 700 else 0)",
         hint="You shift only when a logit is large. Where all are far below 0, every exponential rounds to 0 and "
         "you get 0/0. Shift always."),
    Edit("shifts_by_min", ROW_MAX, "logits.min(axis=1, keepdims=True)",
         hint="After subtracting the minimum all exponents are positive and can overflow. Subtract what makes them "
         "all negative or 0."),
    Edit("shifts_by_mean", ROW_MAX, "logits.mean(axis=1, keepdims=True)",
         hint="You subtract a middle value, such as the mean: exponents above 0 are left, and a large one overflows."),
    Edit("shifts_by_first_class", ROW_MAX, "logits[:, :1]",
         hint="You subtract the first class's logit. If another one is far larger, its exponential still overflows."),
    Edit("shifts_by_last_class", ROW_MAX, "logits[:, -1:]",
         hint="You subtract the last class's logit. If another one is far larger, its exponential still overflows."),
    *(Edit(f"shifts_by_{number}", ROW_MAX, number,
           hint="You subtract the same number from every logit. Rows far from it still overflow, or become 0/0: subtract "
           "each row's own maximum.")
      for number in ("100", "500", "700", "1000")),
    *(Edit(f"bounds_above_{limit}", f"logits - {ROW_MAX}", f"np.minimum(logits, {limit})", hint=CLIPS)
      for limit in (50, 100, 500, 700)),
    Edit("shifts_above_only", f"exp / {ROW_SUM}", "exp / np.exp(logits).sum(axis=1, keepdims=True)", hint=SHIFT_BOTH),
    Edit("shifts_below_only", f"exp / {ROW_SUM}", f"np.exp(logits) / {ROW_SUM}", hint=SHIFT_BOTH),
    Edit("maximum_not_set_back", ROW_MAX, "np.maximum.accumulate(logits.max(axis=1, keepdims=True))",
         hint="The maximum is that of this row and all rows before: set it back for each row."),
    *(Edit(f"whole_weight_above_{limit}_{i}", f"exp / {ROW_SUM}",
           f"np.where({test}, np.eye(logits.shape[1])[logits.argmax(axis=1)], np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))",
           hint="Where logits are large you give the largest one everything. The others have a share, too: shift each row by its "
           "maximum, and no row is special.")
      for limit in (50, 100, 500, 700)
      for i, test in enumerate((f"np.abs(logits).max(axis=1, keepdims=True) > {limit}", f"logits.max(axis=1, keepdims=True) > {limit}",
                                f"logits.max() > {limit}"))),
    Edit("divided_by_the_largest_first", "np.exp(shifted)", "np.exp(logits) / np.exp(logits).max(axis=1, keepdims=True)",
         hint="You take exponentials first and make them smaller afterwards, when they have overflowed. Shift the logits "
         "before the exponential."),
    *(Edit(f"only_the_nearest_{gap}", "np.exp(shifted)", f"np.where(shifted > -{gap}, np.exp(shifted), 0)",
           hint="You set small exponentials or probabilities to 0. However small, they are no zeros.")
      for gap in (1, 2, 3, 5, 10, 15, 20, 30, 50, 100)),
    *(Edit(f"small_ones_become_0_{tiny}", f"exp / {ROW_SUM}", f"np.where((p := exp / {ROW_SUM}) > {tiny}, p, 0)",
           hint="You set small exponentials or probabilities to 0. However small, they are no zeros.")
      for tiny in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12, 1e-15)),
    *(Edit(f"digits_of_e_{e}", "np.exp(shifted)", f"{e}**shifted", hint="You write e with a few digits. np.exp has all of them.")
      for e in ("2.7", "2.72", "2.718", "2.7183", "2.71828")),
    Edit("base_ten", "np.exp(shifted)", "10.0**shifted", hint="You raise 10 to the logits; softmax raises e."),
    *(Edit(f"sorted_{way}", ROW_MAX, f"logits.max(axis=1, keepdims=True)\nshifted = np.sort(shifted, axis=1){turn}",
           hint="You sort the logits of a row. Column c of the result belongs to column c of logits.")
      for way, turn in (("up", ""), ("down", "[:, ::-1]"))),
    *(Edit(f"counts_the_{which}_as_0_{i}", "np.exp(shifted)", f"np.exp({table})\nexp[:, {column}] = 1",
           hint=f"You count the {which} class's logit as 0, as the sigmoid does with one of two classes. Every class has a logit "
           "of its own.")
      for which, column in (("first", "0"), ("last", "-1")) for i, table in enumerate(("shifted", "logits"))),
    *(Edit(f"sum_without_{which}_class", ROW_SUM, f"exp[:, {part}].sum(axis=1, keepdims=True)",
           hint=f"The {which} class is missing from the row's sum. The sum is over all classes.")
      for which, part in (("first", "1:"), ("last", ":-1"))),
    *(Edit(f"subtracts_after_the_exponential_{i}", "np.exp(shifted)", new,
           hint="You subtract the maximum after the exponential. It belongs inside: exp(z - m) is a quotient, not a difference.")
      for i, new in enumerate(("np.exp(logits) - logits.max(axis=1, keepdims=True)", "np.exp(logits) - np.exp(logits).max(axis=1, keepdims=True)"))),
    *(Edit(f"sum_of_row_{name}", ROW_SUM, f"np.roll(exp.sum(axis=1, keepdims=True), {step}, axis=0)",
           hint=f"You divide by the sum of the row {name}. Each row is divided by its own sum.")
      for name, step in (("before", 1), ("behind", -1))),
    *(Edit(f"power_{i}", f"exp / {ROW_SUM}", f"(exp / {ROW_SUM}) ** {power}",
           hint="You take a power or a root of the probabilities, so a row no longer sums to 1.")
      for i, power in enumerate(("2", "0.5"))),
    Edit("columns_then_rows", f"exp / {ROW_SUM}", "(p := exp / exp.sum(axis=0)) / p.sum(axis=1, keepdims=True)",
         hint="You divide by the columns' sums as well. Only the classes of one row share a sum."),
    Edit("rows_then_columns", f"exp / {ROW_SUM}", f"(p := exp / {ROW_SUM}) / p.sum(axis=0)",
         hint="You divide by the columns' sums as well. Only the classes of one row share a sum."),
    Edit("divides_by_rows_too", f"exp / {ROW_SUM}", f"exp / {ROW_SUM} / len(logits)",
         hint="You divide by the number of rows as well. Each row sums to 1 on its own."),
    Edit("divides_by_classes_too", f"exp / {ROW_SUM}", f"exp / {ROW_SUM} / logits.shape[1]",
         hint="You divide by the number of classes as well. A row's sum is enough."),
    Edit("mixes_in_equal_shares", f"exp / {ROW_SUM}", f"0.9 * exp / {ROW_SUM} + 0.1 / logits.shape[1]",
         hint="You mix in equal shares for all classes (smoothing). The probabilities are those of the logits alone."),
    Edit("stretched", f"exp / {ROW_SUM}", "(exp - exp.min(axis=1, keepdims=True)) / (exp - exp.min(axis=1, keepdims=True)).sum(axis=1, keepdims=True)",
         hint="You subtract after the exponential, so the smallest class gets 0. Subtract before it."),
    *(Edit(f"rounds_{digits}", f"exp / {ROW_SUM}", f"np.round(exp / exp.sum(axis=1, keepdims=True), {digits})",
           hint="You round the probabilities. Keep all digits; round only when you print.")
      for digits in (2, 4, 6, 8)),
    Edit("adds_the_max", "logits - logits.max", "logits + logits.max",
         hint="You add the row's maximum where it should be subtracted: the exponents grow."),
    Edit("divides_by_the_max", "logits - logits.max", "logits / logits.max",
         hint="You divide the logits by the row's maximum, which changes the probabilities. Subtracting it does not."),
    Edit("negative_exponents", "np.exp(shifted)", "np.exp(-shifted)",
         hint="The largest logit gets the smallest probability: there is a minus sign too many in the exponent."),
    Edit("base_two", "np.exp(shifted)", "np.exp2(shifted)", hint="You raise 2 to the logits; softmax raises e."),
    Edit("minus_one", "np.exp(shifted)", "np.expm1(shifted)",
         hint="You subtract something after the exponential (expm1 does that, too). Shift before it, and take the "
         "exponential as it is."),
    Edit("not_normalised", f"exp / {ROW_SUM}", "exp",
         hint="Your numbers are positive but a row does not sum to 1 yet. Divide by the row's sum."),
    Edit("unit_length", f"exp / {ROW_SUM}", "exp / np.sqrt((exp**2).sum(axis=1, keepdims=True))",
         hint="Your rows have length 1 (the squares sum to 1). Divide by the plain sum instead."),
    Edit("one_more_class", ROW_SUM, "(1 + exp.sum(axis=1, keepdims=True))",
         hint="You add 1 to the row's sum, as the sigmoid does. Here the sum runs over the row's exponentials, and "
         "nothing else."),
    Edit("averages", ROW_SUM, "exp.mean(axis=1, keepdims=True)",
         hint="You divide by the mean of the row's exponentials, so a row sums to C. Probabilities need their sum."),
    Edit("exp_of_the_sum", ROW_SUM, "np.exp(logits.sum(axis=1, keepdims=True))",
         hint="You take the exponential of the sum. Below the fraction stands the sum of the exponentials."),
    Edit("exp_of_the_shifted_sum", ROW_SUM, "np.exp(shifted.sum(axis=1, keepdims=True))",
         hint="You take the exponential of the sum. Below the fraction stands the sum of the exponentials."),
    Edit("running_sum", ROW_SUM, "exp.cumsum(axis=1)",
         hint="You divide by a sum that is still growing. First add up the whole row, then divide."),
    Edit("total_of_the_rows_before", ROW_SUM, "exp.sum(axis=1, keepdims=True).cumsum(axis=0)",
         hint="A row's sum contains those of the rows before: set it back to 0 for each row."),
    Edit("last_rows_sum", ROW_SUM, "exp[-1].sum()",
         hint="You divide all rows by the sum of the last. Each row needs its own sum."),
    Edit("complement", f"exp / {ROW_SUM}", f"1 - exp / {ROW_SUM}",
         hint="You return one minus the probability: the largest logit gets the smallest number."),
    *(Edit(f"temperature_{i}", SHIFTED, f"({SHIFTED}) {change}",
           hint="You scale the logits first (a temperature). The probabilities are those of the logits as they are.")
      for i, change in enumerate(("/ 2", "* 2", "/ 10", "* 10", "/ np.sqrt(logits.shape[1])", "/ logits.shape[1]"))),
    Edit("first_row_only", f"exp / {ROW_SUM}", f"exp / {ROW_SUM} * (np.arange(len(exp)) == 0)[:, np.newaxis]",
         hint="Only the first row is filled: is there a return inside the loop?"),
    Edit("without_the_last_row", f"exp / {ROW_SUM}", f"exp / {ROW_SUM} * (np.arange(len(exp)) < len(exp) - 1)[:, np.newaxis]",
         hint="The last row is 0: does a loop end one too early?"),
    Edit("squeezed", f"exp / {ROW_SUM}", f"(exp / {ROW_SUM}).squeeze()", hint=LOST),
    Edit("single_row_squeezed", f"exp / {ROW_SUM}", f"(exp / {ROW_SUM} if len(exp) > 1 else exp[0] / exp.sum())", hint=LOST),
    Edit("odds", ROW_SUM, "(exp.sum(axis=1, keepdims=True) - exp)",
         hint="You leave each class out of its own sum. The sum below is over all classes."),
    *(Edit(f"global_max_and_{tiny}", f"exp = np.exp(shifted)\nreturn exp / {ROW_SUM}",
           f"exp = np.exp(logits - logits.max())\nreturn exp / ({ROW_SUM} + {tiny})",
           hint="You subtract the largest logit of the whole batch, so a row far below it becomes 0, and the small constant hides "
           "that. Each row needs its own maximum.")
      for tiny in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-30, 1e-300)),
    *(Edit(f"infinity_is_{number}", "np.exp(shifted)", f"np.where(np.isinf(np.exp(logits)), {number}, np.exp(logits))",
           hint="You put another number where the exponential overflowed, and the probabilities are lost. Shift each row before "
           "the exponential.")
      for number in ("0", "1", "1e10", "1e100", "1e300", "1e307")),
    *(Edit(f"epsilon_below_{tiny}", ROW_SUM, f"(exp.sum(axis=1, keepdims=True) + {tiny})",
         hint="A small constant in the denominator makes every row sum to a little less than 1. After the shift the "
         "sum is at least 1, so it can't be 0.")
      for tiny in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)),
    *(Edit(f"clips_shifted_at_{limit}", "np.exp(shifted)", f"np.exp(np.maximum(shifted, -{limit}))", hint=CLIPS)
      for limit in (10, 20, 30, 50, 100, 500)),
    *(Edit(f"clips_at_{limit}", f"logits - {ROW_MAX}", f"np.clip(logits, -{limit}, {limit})", hint=CLIPS)
      for limit in (50, 100, 500, 700)),
    Edit("rounds", f"exp / {ROW_SUM}", "np.round(exp / exp.sum(axis=1, keepdims=True), 3)",
         hint="You round the probabilities. Keep all digits; round only when you print."),
]  # fmt: skip


KEEP_THE_AXIS = "Keep the axis: shape (N, 1)."


def naive(logits):
    exp = np.exp(logits)
    return exp / exp.sum(axis=1, keepdims=True)


def stable(logits):
    return naive(logits - logits.max(axis=1, keepdims=True))


@bug("The whole batch sums to 1. Every row is a distribution of its own: maximum and sum run over "
     "axis 1.")  # fmt: skip
def one_distribution(logits):
    exp = np.exp(logits - logits.max())
    return exp / exp.sum()


@bug("You return the logarithm of the probabilities; that is the next exercise.")
def returns_logs(logits):
    return np.log(stable(logits))


@bug("You write into the argument (-= and np.exp(..., out=...) do that): the caller's logits "
     "change too. Make a new array.")  # fmt: skip
def in_place(logits):
    logits -= logits.max(axis=1, keepdims=True)
    return naive(logits)


NO_EXPONENTIAL = (
    "You divide the logits themselves by their sum (shifted, or without signs); the exponential "
    "comes first."
)


@bug(NO_EXPONENTIAL)
def no_exponential(logits):
    return logits / logits.sum(axis=1, keepdims=True)


@bug(NO_EXPONENTIAL)
def shares_above_the_smallest(logits):
    return no_exponential.function(logits - logits.min(axis=1, keepdims=True))


@bug(NO_EXPONENTIAL)
def shares_below_the_largest(logits):
    return no_exponential.function(logits - logits.max(axis=1, keepdims=True))


@bug(NO_EXPONENTIAL)
def shares_of_sizes(logits):
    return no_exponential.function(np.abs(logits))


@bug(NO_EXPONENTIAL)
def shares_of_positive_logits(logits):
    return no_exponential.function(np.maximum(logits, 0))


@bug("You divide the logits by their range or sum before the exponential, which changes the probabilities. Subtract only.")  # fmt: skip
def scaled_to_the_range(logits):
    smallest, largest = logits.min(axis=1, keepdims=True), logits.max(axis=1, keepdims=True)
    return stable((logits - smallest) / (largest - smallest))


@bug("You divide the logits by their range or sum before the exponential, which changes the probabilities. Subtract only.")  # fmt: skip
def scaled_by_the_sum(logits):
    return stable(no_exponential.function(logits))


@bug("The largest logit gets the smallest probability: there is a minus sign too many in the exponent.")  # fmt: skip
def negative_logits(logits):
    return stable(-logits)


@bug("You treat a single class in another way (the sigmoid?). Its probability is 1: it is the only one.")  # fmt: skip
def sigmoid_of_a_single_class(logits):
    return stable(logits) if logits.shape[1] > 1 else sigmoids.function(logits)


@bug("You add 1 to the row's sum, as the sigmoid does. Here the sum runs over the row's exponentials, "
     "and nothing else.")  # fmt: skip
def one_more_class_unshifted(logits):
    exp = np.exp(logits)
    return exp / (1 + exp.sum(axis=1, keepdims=True))


@bug("You use squares where softmax has exponentials: a very negative logit gets a large share.")
def squares(logits):
    return logits**2 / (logits**2).sum(axis=1, keepdims=True)


@bug("You use another function (log(1 + exp(z)), or exp of a square) where softmax has exponentials of the logits.")  # fmt: skip
def softplus(logits):
    return no_exponential.function(np.logaddexp(0, logits))


@bug("You use another function (log(1 + exp(z)), or exp of a square) where softmax has exponentials of the logits.")  # fmt: skip
def exponentials_of_squares(logits):
    return stable(logits**2)


@bug("You use sigmoids where softmax has exponentials, before dividing by the row's sum.")
def normalised_sigmoids(logits):
    sigmoid = 0.5 * (1 + np.tanh(logits / 2))
    return sigmoid / sigmoid.sum(axis=1, keepdims=True)


@bug("You use sigmoids where softmax has exponentials, before dividing by the row's sum.")
def normalised_stable_sigmoids(logits):
    sigmoid = np.exp(-np.logaddexp(0, -logits))
    return sigmoid / sigmoid.sum(axis=1, keepdims=True)


@bug("You use sigmoids where softmax has exponentials, before dividing by the row's sum.")
def normalised_sigmoids_by_the_formula(logits):
    sigmoid = 1 / (1 + np.exp(-logits))
    return sigmoid / sigmoid.sum(axis=1, keepdims=True)


@bug("You take absolute values of the logits; a very negative logit belongs to an unlikely class.")
def absolute_logits(logits):
    return stable(np.abs(logits))


@bug("Where N equals C you subtract the maxima column by column, and the shapes can't tell: the maximum has "
     "shape (N,). " + KEEP_THE_AXIS)  # fmt: skip
def lost_axis_of_the_max_if_square(logits):
    largest = logits.max(axis=1)
    return naive(logits - (largest if len(logits) == logits.shape[1] else largest[:, np.newaxis]))


@bug("You standardise each row first (minus the mean, divided by the standard deviation). The "
     "division changes the probabilities.")  # fmt: skip
def standardises(logits):
    centred = logits - logits.mean(axis=1, keepdims=True)
    return stable(centred / logits.std(axis=1, keepdims=True))


@bug("You apply softmax to its own result; once is enough.")
def twice(logits):
    return stable(stable(logits))


@bug("Without keepdims=True the sum has shape (N,), and NumPy divides column by column where "
     "N equals C, or stops. " + KEEP_THE_AXIS)  # fmt: skip
def lost_axis(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1)


@bug("Without keepdims=True the sum has shape (N,), and NumPy divides column by column where "
     "N equals C, or stops. " + KEEP_THE_AXIS)  # fmt: skip
def lost_axis_no_shift(logits):
    exp = np.exp(logits)
    return exp / exp.sum(axis=1)


@bug("Where N equals C you divide column by column, and the shapes can't tell: the sum has shape (N,). "
     + KEEP_THE_AXIS)  # fmt: skip
def lost_axis_if_square(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    total = exp.sum(axis=1)
    return exp / (total if len(logits) == logits.shape[1] else total[:, np.newaxis])


@bug("Without keepdims=True the maximum has shape (N,), and NumPy subtracts it column by column "
     "where N equals C, or stops. " + KEEP_THE_AXIS)  # fmt: skip
def lost_axis_of_the_max(logits):
    exp = np.exp(logits - logits.max(axis=1))
    return exp / exp.sum(axis=1, keepdims=True)


@bug("Without keepdims=True maximum and sum have shape (N,), and NumPy applies them column by "
     "column where N equals C, or stops. " + KEEP_THE_AXIS)  # fmt: skip
def lost_both_axes(logits):
    exp = np.exp(logits - logits.max(axis=1))
    return exp / exp.sum(axis=1)


HIDES = (
    "You replace NaN after the overflow happened, and the probabilities are lost. Prevent the "
    "overflow instead: shift each row before the exponential."
)


@bug(HIDES)
def hides_nan(logits):
    return np.nan_to_num(naive(logits))


@bug(HIDES)
def hides_nan_by_one(logits):
    return np.nan_to_num(naive(logits), nan=1.0)


@bug(HIDES)
def hides_nan_by_equal_shares(logits):
    return np.nan_to_num(naive(logits), nan=1 / logits.shape[1])


@bug(HIDES)
def hides_nan_by_the_largest(logits):
    probs = naive(logits)
    return np.where(np.isnan(probs), np.eye(logits.shape[1])[logits.argmax(axis=1)], probs)


@bug(HIDES)
def hides_infinity(logits):
    exp = np.nan_to_num(np.exp(logits))
    return exp / exp.sum(axis=1, keepdims=True)


@bug("You return the class with the largest logit as 0 and 1; softmax gives every class a share.")
def hard_max(logits):
    return np.eye(logits.shape[1])[logits.argmax(axis=1)]


@bug("You return the logarithm of the probabilities; that is the next exercise.")
def returns_log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


@bug("Each logit is squashed on its own (that is the sigmoid), so a row does not sum to 1.")
def sigmoids_by_the_formula(logits):
    return 1 / (1 + np.exp(-logits))


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
