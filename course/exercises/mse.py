"""mse: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def two_tables(rng, *shape):
    """Predictions and targets; the predictions are too high on average."""
    return rng.normal(size=shape) + 0.7, rng.normal(size=shape)


@probe("averages the squared differences of a batch", points=1, rtol=1e-6)
def ordinary_batches(mse, rng):
    yield "the loss of a batch", mse(*two_tables(rng, 5, 7))
    yield "the loss of a second batch", mse(*two_tables(rng, 11, 3))
    yield "the loss of as many rows as columns", mse(*two_tables(rng, 6, 6))
    yield "the loss of a single row", mse(*two_tables(rng, 1, 7))


@probe("averages over all entries, whatever the shape", points=1, rtol=1e-6)
def any_shape(mse, rng):
    yield "the loss of a single entry", mse(*two_tables(rng, 1, 1))
    yield "the loss of a vector", mse(*two_tables(rng, 7))
    yield "the loss of a column", mse(*two_tables(rng, 5, 1))
    yield "the loss of an array with three axes", mse(*two_tables(rng, 3, 5, 7))


@probe("keeps all digits, for tiny and for huge numbers too, and gives 0 where all is right",
       points=1, atol=1e-30)  # fmt: skip
def all_digits(mse, rng):
    predictions, targets = two_tables(rng, 3, 4)
    yield "the loss of ordinary numbers", mse(predictions.copy(), targets.copy())
    yield "the loss of numbers near 1e-6", mse(1e-6 * predictions, 1e-6 * targets)
    yield "the loss of numbers near 1e6", mse(1e6 * predictions, 1e6 * targets)
    yield "the loss of predictions that are all right", mse(targets.copy(), targets.copy())


@probe("returns one number, leaves its arguments as they were, and keeps nothing between calls",
       points=1, rtol=1e-6)  # fmt: skip
def clean_calls(mse, rng):
    predictions, targets = two_tables(rng, 4, 5)
    same_predictions, same_targets = predictions.copy(), targets.copy()
    yield "the loss", mse(predictions, targets)
    yield "predictions unchanged", np.array_equal(predictions, same_predictions)
    yield "targets unchanged", np.array_equal(targets, same_targets)
    yield "the loss of another batch", mse(*two_tables(rng, 4, 5))
    yield "the loss of the first batch again", mse(same_predictions, same_targets)


@probe("works for any size, float32 and parts of larger arrays", points=1, hidden=True, rtol=1e-4,
       atol=1e-5)  # fmt: skip
def unusual_input(mse, rng):
    size = int(rng.integers(3, 9))
    predictions, targets = two_tables(rng, size, 2 * size + 1)
    single = [table.astype(np.float32) for table in (predictions, targets)]
    yield "the loss of another size", mse(predictions.copy(), targets.copy())
    yield "the loss of many entries", mse(*two_tables(rng, 90, 13))
    yield "the loss in float32", mse(*single)
    yield "the loss of every other column", mse(predictions.copy()[:, ::2], targets.copy()[:, ::2])
    yield "the loss of transposed arrays", mse(predictions.copy().T, targets.copy().T)
    yield "the loss of transposed predictions", mse(predictions.copy().T, targets.T.copy())


DIFFERENCE, SQUARE, MEAN = "predictions - targets", ") ** 2)", ".mean().item()"
WHOLE = "((predictions - targets) ** 2).mean().item()"
BUGS = [
    Edit("sum", ".mean()", ".sum()",
         hint="You add up the squares. The task asks for their mean, so that the loss does not grow with the number "
         "of entries."),
    Edit("mean_of_rows", MEAN, ".sum() / len(predictions)",
         hint="You divide by the number of rows only. The mean is over all entries, N times D of them."),
    Edit("mean_of_columns", MEAN, ".sum() / predictions.shape[-1]",
         hint="You divide by the number of columns only. The mean is over all entries, N times D of them."),
    Edit("half", WHOLE, f"{WHOLE} / 2",
         hint="Your loss is half of the right one. Some texts have a factor one half; here there is none."),
    Edit("half_of_the_sum", MEAN, ".sum() / 2",
         hint="You take half of the sum of the squares. The task asks for their mean over all entries, without a "
         "factor one half."),
    Edit("half_of_the_mean_of_rows", MEAN, ".sum() / (2 * len(predictions))",
         hint="You divide by twice the number of rows. The task asks for the mean over all entries, without a factor "
         "one half."),
    Edit("twice", WHOLE, f"2 * {WHOLE}",
         hint="Your loss is twice the right one. The factor 2 comes with the derivative, not before."),
    Edit("divides_twice", MEAN, ".mean().item() / predictions.size",
         hint="You divide by the number of entries twice: the mean already does it once."),
    Edit("mean_divided_by_rows", MEAN, ".mean().item() / len(predictions)",
         hint="You take the mean and divide by the number of rows as well. The mean has divided already."),
    Edit("rows_plus_columns", MEAN, ".sum() / sum(predictions.shape)",
         hint="You divide by rows plus columns. The number of entries is their product."),
    Edit("one_less", MEAN, ".sum() / max(predictions.size - 1, 1)",
         hint="You divide by one entry less than there are, as for a sample's variance. A mean divides by their "
         "number."),
    Edit("absolute", f"(({DIFFERENCE}) ** 2)", f"np.abs({DIFFERENCE})",
         hint="You average absolute differences (that is the mean absolute error). Square them instead."),
    Edit("half_absolute", WHOLE, "np.abs(predictions - targets).mean() / 2",
         hint="You average absolute differences, and halve them. Square them instead, and leave out the one half."),
    Edit("huber", WHOLE, "np.where((a := np.abs(predictions - targets)) < 1, a**2 / 2, a - 0.5).mean()",
         hint="You square small differences only (that is the Huber loss). Here all of them are squared."),
    Edit("root_of_the_mean_of_rows", WHOLE, "np.sqrt(((predictions - targets) ** 2).sum() / len(predictions))",
         hint="You divide by the number of rows only, and take a root. The task asks for the mean over all entries, "
         "with no root."),
    Edit("root", WHOLE, f"np.sqrt({WHOLE})",
         hint="You take a root at the end. The mean squared error is the mean itself."),
    Edit("norm", WHOLE, "np.linalg.norm(predictions - targets)",
         hint="You take the root of the sum (np.linalg.norm does that). The task asks for the mean of the squares."),
    Edit("mean_distance_of_rows", WHOLE, "np.linalg.norm(predictions - targets, axis=-1).mean()",
         hint="You average the rows' distances, which are roots. Square each entry's difference and take the mean of "
         "all, with no root."),
    Edit("no_square", SQUARE, "))",
         hint="The square is missing: positive and negative differences cancel each other."),
    Edit("square_of_the_mean", WHOLE, "(predictions - targets).mean() ** 2",
         hint="You average first and square then, so that positive and negative differences cancel. Square each "
         "difference first."),
    Edit("squares_the_means", WHOLE, "((predictions - targets).mean(axis=0) ** 2).mean()",
         hint="You average over the rows before squaring, so that differences cancel. Square each difference first."),
    Edit("squares_the_sum", WHOLE, "((predictions - targets).sum() ** 2) / predictions.size",
         hint="You add up first and square then, so that positive and negative differences cancel. Square each "
         "difference first."),
    Edit("difference_of_squares", f"(({DIFFERENCE}) ** 2)", "(predictions**2 - targets**2)",
         hint="You square predictions and targets before subtracting. First the difference, then its square: look at "
         "the brackets."),
    Edit("target_squared", f"(({DIFFERENCE}) ** 2)", "(predictions - targets**2)",
         hint="The square reaches targets only, since ** comes before the minus. Put the difference in brackets."),
    Edit("added", DIFFERENCE, "predictions + targets",
         hint="You add predictions and targets. What counts is their difference."),
    Edit("multiplied", DIFFERENCE, "predictions * targets",
         hint="You multiply predictions and targets. What counts is their difference."),
    Edit("without_targets", DIFFERENCE, "predictions",
         hint="Your loss does not depend on targets. What counts is the difference between predictions and targets."),
    Edit("without_predictions", DIFFERENCE, "targets",
         hint="Your loss does not depend on predictions. What counts is the difference between predictions and "
         "targets."),
    Edit("third_power", SQUARE, ") ** 3)", hint="You take the third power of the differences; square them."),
    Edit("fourth_power", SQUARE, ") ** 4)", hint="You square twice: the fourth power of the differences is too much."),
    Edit("doubled_difference", SQUARE, ") * 2)",
         hint="You multiply the differences by 2. In NumPy a square is ** 2."),
    Edit("variance", WHOLE, "(predictions - targets).var()",
         hint="You subtract the mean of the differences first (var does that). A constant error counts as well: "
         "average the squares as they are."),
    Edit("relative", DIFFERENCE, "(predictions - targets) / np.where(targets == 0, 1, targets)",
         hint="You divide the differences by the targets. The squared error is about the differences themselves."),
    Edit("minus", WHOLE, f"-{WHOLE}", hint="Your loss is negative. A mean of squares has no minus sign."),
    Edit("median", WHOLE, "np.median((predictions - targets) ** 2)",
         hint="You take the median, the middle value. The mean adds up all of them and divides by their number."),
    Edit("largest", ".mean()", ".max()", hint="You return the largest square; the task asks for the mean of all."),
    Edit("first_row", DIFFERENCE, "predictions[:1] - targets[:1]",
         hint="Only the first row counts in your loss. Is there a return inside the loop?"),
    Edit("last_row_alone", DIFFERENCE, "predictions[-1:] - targets[-1:]",
         hint="Only the last row counts in your loss, as if each row overwrote the one before. Add all of them up."),
    Edit("without_the_last_row", DIFFERENCE, "predictions[: max(len(targets) - 1, 1)] - targets[: max(len(targets) - 1, 1)]",
         hint="The last row does not count in your loss: does a loop end one too early?"),
    Edit("first_columns", DIFFERENCE, "predictions[..., :1] - targets[..., :1]",
         hint="Only the first column counts in your loss. The mean is over all entries."),
    Edit("first_target", DIFFERENCE, "predictions - targets[:1]",
         hint="You compare all rows with the first row of targets. Each row has its own."),
    Edit("sorted_columns", DIFFERENCE, "np.sort(predictions, axis=0) - np.sort(targets, axis=0)",
         hint="You sort predictions and targets, and they no longer belong together."),
    Edit("reversed", DIFFERENCE, "predictions - targets[::-1]",
         hint="You read targets in reverse order. Row i belongs with row i."),
    Edit("all_pairs_of_entries", DIFFERENCE, "predictions.reshape(-1, 1) - targets.ravel()",
         hint="You compare every entry of predictions with every entry of targets. Each belongs with the one at its "
         "own place."),
    Edit("all_pairs", DIFFERENCE, "predictions[:, np.newaxis] - targets",
         hint="You compare every row of predictions with every row of targets. Row i belongs with row i only."),
    Edit("not_averaged", MEAN, "",
         hint="You return a square for each entry. The mean of all of them is still to be taken."),
    Edit("averages_columns", MEAN, ".mean(axis=0)",
         hint="You average over the rows only (axis=0). The loss is one number, the mean over all entries."),
    Edit("averages_rows", MEAN, ".mean(axis=-1)",
         hint="You average within each row only. The loss is one number, the mean over all entries."),
    Edit("keeps_axes", MEAN, ".mean(keepdims=True)",
         hint="Your mean is still an array (keepdims keeps its axes). The loss is one plain number."),
    Edit("matrix_product", f"(({DIFFERENCE}) ** 2)", "((predictions - targets) @ (predictions - targets).T)",
         hint="You multiply matrices (@ or np.dot), which mixes the rows. Square entry by entry."),
    Edit("rounds", WHOLE, f"round({WHOLE}, 4)",
         hint="You round the loss. Keep all digits; round only when you print."),
    Edit("adds_epsilon", WHOLE, f"{WHOLE} + 1e-8",
         hint="You add a small constant to the loss. Nothing can be divided by 0 here, so it needs none."),
    Edit("gradient", WHOLE, "2 * (predictions - targets) / predictions.size",
         hint="That is the gradient (mse_backward). This function returns the loss, one number."),
]  # fmt: skip


@bug("You write into predictions (-= does that): the caller's array changes too. Make a new array.")
def in_place(predictions, targets):
    predictions -= targets
    return (predictions**2).mean()


@bug("You write into targets: the caller's array changes too. Make a new array.")
def writes_into_targets(predictions, targets):
    targets -= predictions
    return (targets**2).mean()


@bug("You compute with whole numbers (int), which cuts off the digits behind the point.")
def whole_numbers(predictions, targets):
    return ((predictions - targets).astype(int) ** 2).mean()


@alternative
def entry_by_entry(predictions, targets):
    total = 0.0
    for p, t in zip(predictions.ravel(), targets.ravel(), strict=True):
        total += (float(p) - float(t)) ** 2
    return total / predictions.size


@alternative
def by_norm(predictions, targets):
    return np.linalg.norm((targets - predictions).ravel()) ** 2 / targets.size


@alternative
def by_expansion(predictions, targets):
    squares = predictions * predictions - 2 * predictions * targets + targets * targets
    return squares.sum() / squares.size


@alternative
def by_dot_in_double(predictions, targets):
    gaps = np.subtract(predictions, targets, dtype=np.float64).reshape(-1)
    return float(np.dot(gaps, gaps)) / len(gaps)


@alternative
def variance_and_bias(predictions, targets):
    """The mean square is the variance plus the square of the mean."""
    gaps = predictions.astype(np.float64) - targets
    return np.array(gaps.var() + gaps.mean() ** 2)
