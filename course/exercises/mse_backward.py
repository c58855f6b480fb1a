"""mse_backward: probes, known mistakes, other correct answers."""

from functools import partial
from itertools import product

import numpy as np

from course.spec import Edit, Wrong, alternative, bug, probe


def two_tables(rng, *shape):
    """Predictions and targets; the predictions are too high on average."""
    return rng.normal(size=shape) + 0.7, rng.normal(size=shape)


@probe(
    "is right for a batch, whose loss is a mean over all entries", points=2, rtol=1e-6, atol=1e-7
)
def batches(gradient, rng):
    yield "the gradient for a batch", gradient(*two_tables(rng, 5, 7))
    yield "the gradient for a second batch", gradient(*two_tables(rng, 11, 3))
    yield "the gradient for as many rows as columns", gradient(*two_tables(rng, 6, 6))


@probe("has the shape of predictions, whatever it is", points=1, rtol=1e-6, atol=1e-7)
def any_shape(gradient, rng):
    yield "the gradient for a single row", gradient(*two_tables(rng, 1, 7))
    yield "the gradient for a column", gradient(*two_tables(rng, 5, 1))
    yield "the gradient for a single entry", gradient(*two_tables(rng, 1, 1))
    yield "the gradient for a vector", gradient(*two_tables(rng, 7))
    yield "the gradient for an array with three axes", gradient(*two_tables(rng, 3, 5, 7))


@probe("keeps all digits, for tiny and for huge numbers too, and is 0 where a prediction is right",
       points=1, atol=1e-20)  # fmt: skip
def all_digits(gradient, rng):
    predictions, targets = two_tables(rng, 3, 4)
    predictions[1, 1:3] = targets[1, 1:3]
    yield "the gradient for ordinary numbers", gradient(predictions.copy(), targets.copy())
    yield "the gradient for numbers near 1e-6", gradient(1e-6 * predictions, 1e-6 * targets)
    yield "the gradient for numbers near 1e6", gradient(1e6 * predictions, 1e6 * targets)


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-7)  # fmt: skip
def clean_calls(gradient, rng):
    predictions, targets = two_tables(rng, 4, 5)
    same_predictions, same_targets = predictions.copy(), targets.copy()
    yield "the gradient", gradient(predictions, targets)
    yield "predictions unchanged", np.array_equal(predictions, same_predictions)
    yield "targets unchanged", np.array_equal(targets, same_targets)
    yield "the gradient for another batch", gradient(*two_tables(rng, 4, 5))
    yield "the gradient for the first batch again", gradient(same_predictions, same_targets)


@probe("works for any size, float32 and parts of larger arrays", points=1, hidden=True, rtol=1e-4,
       atol=1e-5)  # fmt: skip
def unusual_input(gradient, rng):
    size = int(rng.integers(3, 9))
    predictions, targets = (10.0 * table for table in two_tables(rng, size, 2 * size + 1))
    single = [table.astype(np.float32) for table in (predictions, targets)]
    part = predictions.copy()[:, ::2], targets.copy()[:, ::2]
    yield "the gradient for another size", gradient(predictions.copy(), targets.copy())
    yield "the gradient for many rows", gradient(*(90.0 * t for t in two_tables(rng, 90, 2)))
    yield "the gradient in float32", gradient(*single)
    yield "the gradient for every other column", gradient(*part)
    yield "the gradient for transposed arrays", gradient(predictions.copy().T, targets.copy().T)
    yield (
        "the gradient for transposed predictions",
        gradient(predictions.copy().T, targets.T.copy()),
    )


WRONG_FACTORS = {
    2: "",
    1: "The factor 2 is missing: the derivative of a square is twice what is squared.",
    -2: "The sign is turned round: where a prediction is too high, raising it makes the loss grow.",
    -1: "The sign is turned round, and the factor 2 of the square's derivative is missing.",
    4: "Your gradient has the factor 2 twice.",
    0.5: "You divide by 2. The derivative of a square is twice what is squared.",
    -0.5: "The sign is turned round, and you divide by 2. The derivative of a square is twice what is squared.",
}
WRONG_DIVISORS = {
    "entries": "",
    "rows": "You divide by the number of rows only. The loss is a mean over all entries, so its gradient is divided by "
    "N times D.",
    "columns": "You divide by the number of columns only. The loss is a mean over all entries, so its gradient is "
    "divided by N times D.",
    "nothing": "You don't divide by the number of entries. The loss is a mean over them, so its gradient carries that "
    "factor too.",
    "rows_and_entries": "You divide by the number of rows once too often: the number of entries contains it already.",
    "entries_twice": "You divide by the number of entries twice. The mean puts the factor in once.",
    "rows_squared": "You divide by the square of the number of rows. The number of entries is rows times columns.",
    "columns_squared": "You divide by the square of the number of columns. The number of entries is rows times columns.",
    "root_of_entries": "You divide by the root of the number of entries. The mean divides by the number itself.",
    "root_of_rows": "You divide by the root of the number of rows. The mean divides by the number of all entries.",
    "axes": "You divide by the number of axes (ndim, or len of the shape). Divide by the number of entries.",
    "rows_plus_columns": "You divide by rows plus columns. The number of entries is their product.",
    "one_less": "You divide by one entry less than there are, as for a sample's variance. The loss divides by their "
    "number.",
}


def scaled(factor, by, predictions, targets):
    rows, columns, entries = len(predictions), predictions.shape[-1], predictions.size
    divisors = {"entries": entries, "rows": rows, "columns": columns, "nothing": 1}
    divisors |= {"rows_and_entries": rows * entries, "entries_twice": entries**2}
    divisors |= {"one_less": max(entries - 1, 1), "rows_plus_columns": sum(predictions.shape)}
    divisors |= {"rows_squared": rows**2, "columns_squared": columns**2, "axes": predictions.ndim}
    divisors |= {"root_of_entries": entries**0.5, "root_of_rows": rows**0.5}
    return factor * (predictions - targets) / divisors[by]


DIFFERENCE, BY_SIZE = "(predictions - targets)", " / predictions.size"
WHOLE = "2 * (predictions - targets) / predictions.size"
BUGS = [
    *(Wrong(f"factor_{factor}_by_{by}", partial(scaled, factor, by),
            hint=f"{WRONG_FACTORS[factor]} {WRONG_DIVISORS[by]}".strip())
      for factor, by in product(WRONG_FACTORS, WRONG_DIVISORS) if (factor, by) != (2, "entries")),
    Edit("multiplies_by_entries", BY_SIZE, " * predictions.size",
         hint="You multiply by the number of entries. The loss is a mean, so its gradient is divided by it."),
    Edit("missing_brackets", DIFFERENCE, "predictions - targets",
         hint="The factor 2 reaches predictions only, and the division targets only. Put the difference in brackets."),
    Edit("divides_one_part", WHOLE, "2 * (predictions - targets / predictions.size)",
         hint="The division reaches targets only. Put the difference in brackets."),
    Edit("doubles_one_part", WHOLE, "(2 * predictions - targets) / predictions.size",
         hint="The factor 2 reaches predictions only. Put the difference in brackets."),
    Edit("without_targets", DIFFERENCE, "predictions",
         hint="Your gradient does not depend on targets. It is proportional to the difference from them."),
    Edit("without_predictions", DIFFERENCE, "targets",
         hint="Your gradient does not depend on predictions. It is proportional to their difference from targets."),
    Edit("added", DIFFERENCE, "(predictions + targets)",
         hint="You add predictions and targets. What counts is their difference."),
    Edit("times_predictions", DIFFERENCE, "(predictions - targets) * predictions",
         hint="You multiply by predictions as well. What is squared is predictions - targets, whose derivative with "
         "respect to a prediction is 1."),
    Edit("times_targets", DIFFERENCE, "(predictions - targets) * targets",
         hint="You multiply by targets as well. What is squared is predictions - targets, whose derivative with respect to "
         "a prediction is 1."),
    Edit("centred", DIFFERENCE, "(predictions - targets - (predictions - targets).mean())",
         hint="You subtract the mean of the differences (that is the gradient of their variance). Each difference counts as "
         "it is."),
    Edit("second_derivative", DIFFERENCE, "np.ones(predictions.shape)",
         hint="Your gradient is the same number everywhere. It is larger where a prediction is further off."),
    Edit("whole_division", BY_SIZE, " // predictions.size",
         hint="// cuts the quotient down to a whole number. Divide by /."),
    Edit("third_power", DIFFERENCE, "(predictions - targets) ** 3",
         hint="You take the third power of the differences. The derivative of a square is twice what is squared."),
    Edit("absolute", DIFFERENCE, "np.abs(predictions - targets)",
         hint="Your gradient is never negative. Where a prediction is too low, raising it makes the loss smaller."),
    Edit("squared", DIFFERENCE, "(predictions - targets) ** 2",
         hint="The square is still there. Its derivative is twice the difference itself."),
    Edit("loss_of_each_entry", WHOLE, "(predictions - targets) ** 2 / predictions.size",
         hint="That is each entry's share of the loss, not its gradient. The derivative of a square is twice what is "
         "squared."),
    Edit("loss", WHOLE, "((predictions - targets) ** 2).mean()",
         hint="That is the loss itself (mse). Its gradient has a number for each prediction."),
    Edit("signs", WHOLE, "np.sign(predictions - targets) / predictions.size",
         hint="You keep only the signs (that is the gradient of the mean absolute error). The larger the difference, "
         "the larger the gradient."),
    Edit("doubled_signs", DIFFERENCE, "np.sign(predictions - targets)",
         hint="You keep only the signs of the differences. The larger the difference, the larger the gradient."),
    Edit("of_the_root", WHOLE, "(predictions - targets) / (predictions.size * np.sqrt(np.mean((predictions - targets) ** 2)))",
         hint="That is the gradient of the root of the mean. mse takes no root."),
    Edit("times_the_loss", DIFFERENCE, "(predictions - targets) * np.mean((predictions - targets) ** 2)",
         hint="You multiply by the loss as well. The gradient is the derivative alone, however large the loss is."),
    Edit("clipped", DIFFERENCE, "np.clip(predictions - targets, -1, 1)",
         hint="You clip the differences (as the Huber loss does). Here each counts as it is."),
    *(Edit(f"clipped_gradient_{i}", WHOLE, f"np.clip({WHOLE}, -{limit}, {limit})",
           hint="You clip the gradient. Here it is as it is, however large.")
      for i, limit in enumerate((0.1, 1, 5, 10))),
    Edit("only_negative", DIFFERENCE, "np.minimum(predictions - targets, 0)",
         hint="Your gradient is 0 where a prediction is too high. There it is positive: raising it makes the loss grow."),
    Edit("multiplied", DIFFERENCE, "(predictions * targets)",
         hint="You multiply predictions and targets. What counts is their difference."),
    Edit("difference_of_squares", DIFFERENCE, "(predictions**2 - targets**2)",
         hint="You square predictions and targets. The derivative of the squared difference is twice the difference itself."),
    *(Edit(f"signs_{i}", WHOLE, new, hint="You keep only the signs of the differences. The larger the difference, the larger the gradient.")
      for i, new in enumerate(("np.sign(predictions - targets) / len(predictions)", "np.sign(predictions - targets)", "2 * np.sign(predictions - targets)",
                               "np.where(predictions > targets, 1, -1) / predictions.size", "np.where(predictions > targets, 1, -1) / len(predictions)",
                               "np.where(predictions > targets, 1, -1)"))),
    Edit("whole_factor", WHOLE, "2 // predictions.size * (predictions - targets)",
         hint="// cuts the quotient down to a whole number. Divide by /."),
    Edit("only_positive", DIFFERENCE, "np.maximum(predictions - targets, 0)",
         hint="Your gradient is 0 where a prediction is too low. There it is negative: raising it makes the loss "
         "smaller."),
    Edit("sums_rows", WHOLE, f"({WHOLE}).sum(axis=0)",
         hint="You add the rows up. Every prediction has a gradient of its own, in the shape of predictions."),
    Edit("averages_rows", WHOLE, "2 * (predictions - targets).mean(axis=0)",
         hint="You average over the rows. Every prediction has a gradient of its own, in the shape of predictions."),
    Edit("averages_all", WHOLE, "2 * (predictions - targets).mean()",
         hint="You average the gradient to one number. Every prediction has its own, in the shape of predictions."),
    Edit("averages_all_in_shape", WHOLE, "np.full(predictions.shape, 2 * (predictions - targets).mean())",
         hint="You use the average difference for all entries. Every prediction has a gradient of its own."),
    Edit("sums_columns", WHOLE, f"({WHOLE}).sum(axis=-1)",
         hint="You add up within each row. Every prediction has a gradient of its own, in the shape of predictions."),
    Edit("averages_columns", WHOLE, "2 * (predictions - targets).mean(axis=-1)",
         hint="You average within each row. Every prediction has a gradient of its own, in the shape of predictions."),
    *(Edit(f"row_averages_in_shape_{axis}", DIFFERENCE, f"((predictions - targets) * 0 + (predictions - targets).mean(axis={axis}, keepdims=True))",
           hint="You use an average difference for several entries. Every prediction has a gradient of its own.")
      for axis in (0, -1)),
    *(Edit(f"means_in_shape_{axis}", WHOLE, f"2 * (predictions - targets).mean(axis={axis}, keepdims=True) * np.ones(predictions.shape){end}",
           hint="You use an average difference for several entries. Every prediction has a gradient of its own.")
      for axis, end in ((0, ""), (-1, ""), ("0 ", " / predictions.shape[-1]"), ("-1 ", " / len(predictions)"))),
    Edit("means_with_the_axis", WHOLE, "2 * (predictions - targets).mean(axis=0, keepdims=True)",
         hint="You average over the rows. Every prediction has a gradient of its own, in the shape of predictions."),
    Edit("squeezed", WHOLE, f"({WHOLE}).squeeze()",
         hint="An axis with a single entry is lost (squeeze does that). Give the gradient the shape of predictions."),
    Edit("two_axes_always", WHOLE, f"np.atleast_2d({WHOLE})",
         hint="The gradient for a vector has an axis too many. Give it the shape of predictions, whatever that is."),
    Edit("flat", WHOLE, f"({WHOLE}).ravel()",
         hint="Your gradient is flattened. Give it the shape of predictions."),
    Edit("transposed", WHOLE, f"({WHOLE}).T", hint="Your gradient is transposed. Give it the shape of predictions."),
    Edit("both_gradients", WHOLE, f"({WHOLE}, 2 * (targets - predictions) / predictions.size)",
         hint="You return two gradients. The task asks for that of predictions only."),
    Edit("as_a_list", WHOLE, f"({WHOLE}).tolist()", hint="You return a list of numbers; the task asks for an array."),
    Edit("first_row_only", WHOLE, f"{WHOLE} * (np.arange(len(predictions)) == 0).reshape(-1, *[1] * (predictions.ndim - 1))",
         hint="Only the first row is filled: is there a return inside the loop?"),
    Edit("without_the_last_row", WHOLE, f"{WHOLE} * (np.arange(len(predictions)) < len(predictions) - 1).reshape(-1, *[1] * (predictions.ndim - 1))",
         hint="The last row is 0: does a loop end one too early?"),
    *(Edit(f"without_{which}_entry", WHOLE, f"{WHOLE} * (np.arange(predictions.size) {compare}).reshape(predictions.shape)",
           hint=f"The {which} entry is 0: {why}")
      for which, compare, why in (("last", "< predictions.size - 1", "does a loop end one too early?"),
                                  ("first", "> 0", "Python counts from 0."))),
    Edit("last_column_left_out", WHOLE, f"{WHOLE} * (np.arange(predictions.shape[-1]) < predictions.shape[-1] - 1)",
         hint="The last column is 0: does a loop end one too early?"),
    Edit("first_target", DIFFERENCE, "(predictions - targets[:1])",
         hint="You compare all rows with the first row of targets. Each row has its own."),
    Edit("reversed_targets", DIFFERENCE, "(predictions - targets[::-1])",
         hint="You read targets in reverse order. Row i belongs with row i."),
    Edit("sorted_columns", DIFFERENCE, "(np.sort(predictions, axis=0) - np.sort(targets, axis=0))",
         hint="You sort predictions and targets, and they no longer belong together."),
    Edit("unit_length", WHOLE, "(d := predictions - targets) / np.sqrt((d * d).sum())",
         hint="You divide by the length of the difference. The gradient is divided by the number of entries."),
    Edit("probabilities", DIFFERENCE, "(np.exp(predictions) / np.exp(predictions).sum(axis=-1, keepdims=True) - targets)",
         hint="You apply a softmax to predictions. The squared error takes them as they are."),
    Edit("sigmoid_slope", DIFFERENCE, "(predictions - targets) * predictions * (1 - predictions)",
         hint="You multiply by the slope of a sigmoid. This is the gradient for predictions themselves, whatever "
         "made them."),
    Edit("rounds", WHOLE, f"np.round({WHOLE}, 4)",
         hint="You round the gradient. Keep all digits; round only when you print."),
]  # fmt: skip


OTHERS = {  # what else is done with the differences
    "You return the predictions after a step. The gradient itself is asked.": {
        f"step_{rate}": f"predictions - {rate} * {WHOLE}" for rate in (1, 0.1, 0.01, 0.001)},
    "You divide by a sum of numbers (of targets, predictions or differences). Divide by how many there are.": {
        "by_sum_of_targets": "2 * (predictions - targets) / targets.sum()", "by_sizes_of_targets": "2 * (predictions - targets) / np.abs(targets).sum()",
        "by_sum_of_predictions": "2 * (predictions - targets) / predictions.sum()", "by_sum_of_differences": "2 * (predictions - targets) / np.abs(predictions - targets).sum()"},
    "You divide by the largest difference, or by the spread. The gradient is divided by the number of entries.": {
        "by_largest": "(d := predictions - targets) / np.abs(d).max()", "by_spread": "(d := predictions - targets) / (d.std() + 1e-8)", "by_variance_of_targets": "2 * (predictions - targets) / predictions.size / targets.var()"},
    "You raise 2 to the differences. The derivative of a square is 2 times what is squared.": {
        "powers_of_two": "2.0 ** (predictions - targets) / predictions.size", "powers_of_two_alone": "2.0 ** (predictions - targets)"},
    "You add up differences on the way (cumsum, or a sum that is not set back). Every prediction has its own difference.": {
        "running_sum": "2 * np.cumsum(predictions - targets).reshape(predictions.shape) / predictions.size", "running_sum_of_rows": "2 * np.cumsum(predictions - targets, axis=0) / predictions.size",
        "running_sum_in_rows": "2 * np.cumsum(predictions - targets, axis=-1) / predictions.size"},
    "Small differences get no gradient from you. They count as well.": {
        f"dead_zone_{tol}": f"np.where(np.abs(predictions - targets) > {tol}, {WHOLE}, 0)" for tol in (1, 0.5, 0.1, 0.05, 0.01, 0.001, 0.0001, 1e-05)},
    "You clip the differences (as the Huber loss does). Here each counts as it is.": {"huber": "np.clip(predictions - targets, -1, 1) / predictions.size", "huber_alone": "np.clip(predictions - targets, -1, 1)"},
    "You change predictions first (by a sigmoid, tanh, relu or clip). This is the gradient for predictions as they are.": {
        "sigmoid": "2 * (1 / (1 + np.exp(-predictions)) - targets) / predictions.size", "tanh": "2 * (np.tanh(predictions) - targets) / predictions.size",
        "relu": "2 * (np.maximum(predictions, 0) - targets) / predictions.size", "relu_gate": f"{WHOLE} * (predictions > 0)",
        "unit_range": "2 * (np.clip(predictions, 0, 1) - targets) / predictions.size", "tanh_slope": f"{WHOLE} * (1 - predictions**2)", "sizes": "2 * (np.abs(predictions) - targets) / predictions.size"},
    "You add a penalty's gradient (a multiple of predictions). The gradient of the loss alone is asked.": {
        f"penalty_{weight}": f"{WHOLE} + {weight} * predictions" for weight in (1, 0.1, 0.01, 0.001, 0.0001, 0.2, 0.02, 0.002)},
    "The differences are squared with their signs kept. The derivative of a square is twice what is squared.": {
        "signed_squares": "2 * (predictions - targets) * np.abs(predictions - targets) / predictions.size", "three_squares": "3 * (predictions - targets) ** 2 / predictions.size"},
    "You turn targets round or compare each prediction with other targets. Each belongs with the target at its own place.": {
        "transposed_targets": "2 * (predictions - targets.T) / predictions.size", "all_pairs": "2 * (predictions[:, None] - targets) / predictions.size", "reversed_in_rows": "2 * (predictions - targets[..., ::-1]) / predictions.size",
        "mean_target": "2 * (predictions - targets.mean()) / predictions.size", "mean_target_of_columns": "2 * (predictions - targets.mean(axis=0)) / predictions.size"},
    "You divide row i by its own number (in the loop?). Everything is divided by the number of entries.": {
        "by_place": "2 * (predictions - targets) / np.arange(1, len(predictions) + 1).reshape(-1, *[1] * (predictions.ndim - 1))",
        "by_place_too": f"{WHOLE} / np.arange(1, len(predictions) + 1).reshape(-1, *[1] * (predictions.ndim - 1))"},
    "Only every other entry has a gradient. The loss depends on all predictions.": {
        "every_other": f"{WHOLE} * (np.arange(predictions.size) % 2 == 0).reshape(predictions.shape)", "every_other_row": f"{WHOLE} * (np.arange(len(predictions)) % 2 == 0).reshape(-1, *[1] * (predictions.ndim - 1))"},
    "You compute with whole numbers (int), which cuts off the digits behind the point.": {
        "whole_gradient": f"({WHOLE}).astype(int)", "whole_differences": "2 * (predictions - targets).astype(int) / predictions.size"},
    "The gradient is reshaped. Give it the shape of predictions.": {"reshaped": f"({WHOLE}).reshape(predictions.shape[::-1])", "as_a_row": f"({WHOLE}).reshape(1, -1)", "as_a_column": f"({WHOLE}).reshape(-1, 1)"},
    "You return more than the gradient, or the loss with it. One array is asked.": {"with_loss": f"(((predictions - targets) ** 2).mean(), {WHOLE})"},
    "You multiply by the squared differences as well, or take the root of them. The derivative of a square is twice what is squared.": {
        "roots": "2 * np.sqrt(np.abs(predictions - targets)) / predictions.size", "signed_roots": "2 * np.sign(predictions - targets) * np.sqrt(np.abs(predictions - targets)) / predictions.size"},
}  # fmt: skip
BUGS += [
    Edit(name, WHOLE, new, hint) for hint, ways in OTHERS.items() for name, new in ways.items()
]


def finite_differences(step, predictions, targets):
    """Of the one-sided kind, which for a square is off by the step itself."""
    gaps = predictions.astype(float) - targets
    return ((gaps + step) ** 2 - gaps**2) / step / gaps.size


BUGS += [
    Wrong(f"finite_differences_{step}", partial(finite_differences, step),
          hint="You use finite differences, which are right to a few digits only. The formula is exact.")
    for step in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
]  # fmt: skip


TWO_AXES = "You take for granted that there are two axes, rows and columns. Divide by the number of all entries, whatever the shape."


@bug(TWO_AXES)
def unpacks_two_sizes(predictions, targets):
    num_rows, num_columns = predictions.shape
    return 2 * (predictions - targets) / (num_rows * num_columns)


@bug(TWO_AXES)
def first_two_sizes(predictions, targets):
    return 2 * (predictions - targets) / (predictions.shape[0] * predictions.shape[1])


@bug(TWO_AXES)
def rows_times_width_of_the_first(predictions, targets):
    return 2 * (predictions - targets) / (len(predictions) * len(predictions[0]))


@bug(TWO_AXES)
def rows_times_last_size(predictions, targets):
    return 2 * (predictions - targets) / (len(predictions) * predictions.shape[-1])


@bug("You write into predictions (-= does that): the caller's array changes too. Make a new array.")
def in_place(predictions, targets):
    predictions -= targets
    return 2 * predictions / predictions.size


@bug("You write into targets: the caller's array changes too. Make a new array.")
def writes_into_targets(predictions, targets):
    targets -= predictions
    return -2 * targets / targets.size


@alternative
def entry_by_entry(predictions, targets):
    grad = np.zeros(predictions.shape)
    for index in np.ndindex(*predictions.shape):
        grad[index] = 2.0 * (float(predictions[index]) - float(targets[index])) / predictions.size
    return grad


@alternative
def signs_exchanged(predictions, targets):
    grad = np.subtract(targets, predictions, dtype=np.float64)
    grad *= -2.0 / np.prod(grad.shape)
    return grad


@alternative
def mean_and_sum_of_two(predictions, targets):
    """The product rule on gap * gap."""
    gaps, share = predictions - targets, 1 / np.ones(predictions.shape).sum()
    return share * gaps + gaps * share


@alternative
def through_the_flat_array(predictions, targets):
    flat = (predictions / (predictions.size / 2) - targets / (targets.size / 2)).ravel()
    return flat.reshape(predictions.shape)
