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
    Edit("doubled_huber", WHOLE, "np.where((a := np.abs(predictions - targets)) < 1, a**2, 2 * a - 1).mean()",
         hint="You square small differences only (that is the Huber loss). Here all of them are squared."),
    Edit("clipped", DIFFERENCE, "np.clip(predictions - targets, -1, 1)",
         hint="You clip the differences. Here each counts as it is."),
    Edit("log_cosh", WHOLE, "np.log(np.cosh(predictions - targets)).mean()",
         hint="You take log(cosh) of the differences. Square them instead."),
    Edit("logarithms", DIFFERENCE, "np.log1p(predictions) - np.log1p(targets)",
         hint="You compare logarithms (log1p). What is squared is the difference of the numbers themselves."),
    *(Edit(f"norm_by_{i}", WHOLE, f"np.linalg.norm((predictions - targets).ravel()) / {by}",
           hint="You divide a norm, which is a root, by their number. Divide the sum of the squares itself, with no root.")
      for i, by in enumerate(("predictions.size", "len(predictions)"))),
    *(Edit(f"spectral_norm_{i}", WHOLE, new,
           hint="np.linalg.norm(d, 2) of a matrix is its largest singular value, not the root of all squares. Add up the "
           "squares of all entries.")
      for i, new in enumerate(("np.linalg.norm(predictions - targets, 2) ** 2 / predictions.size",
                               "np.linalg.norm(np.atleast_2d(predictions - targets), 2) ** 2 / predictions.size",
                               "np.linalg.norm(predictions - targets, 2)"))),
    *(Edit(f"by_variance_{i}", WHOLE, new,
           hint="You divide by the variance of the targets, as for R squared. The squared error is not relative to "
           "anything.")
      for i, new in enumerate(("((predictions - targets) ** 2).sum() / ((targets - targets.mean()) ** 2).sum()",
                               "1 - ((predictions - targets) ** 2).sum() / ((targets - targets.mean()) ** 2).sum()"))),
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
    *(Edit(f"squares_the_rows_{i}", WHOLE, f"({new} ** 2).mean()",
           hint="You average or add up within each row before squaring, so that differences cancel. Square each "
           "difference first.")
      for i, new in enumerate(("(predictions - targets).mean(axis=-1)", "(predictions - targets).mean(axis=1)",
                               "(predictions - targets).reshape(len(predictions), -1).mean(axis=1)",
                               "(predictions - targets).sum(axis=-1)", "(predictions - targets).sum(axis=0)"))),
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
    *(Edit(f"without_{which}_{i}", WHOLE, f"(({DIFFERENCE}).ravel()[{part}] ** 2){end}",
           hint=f"The {which} entry does not count in your loss: {why}")
      for which, part, why in (("last", ":-1", "does a loop end one too early?"), ("first", "1:", "Python counts from 0."))
      for i, end in enumerate((".sum() / predictions.size", ".mean()", ".sum() / max(predictions.size - 1, 1)"))),
    *(Edit(f"without_the_{which}_column", WHOLE, f"(({DIFFERENCE})[..., {part}] ** 2){end}",
           hint=f"The {which.split('_')[0]} column does not count in your loss: {why}")
      for which, part, end, why in (
          ("last", ":-1", ".sum() / predictions.size", "does a loop end one too early?"),
          ("last_mean", ":-1", ".mean()", "does a loop end one too early?"),
          ("first", "1:", ".sum() / predictions.size", "Python counts from 0."),
          ("first_mean", "1:", ".mean()", "Python counts from 0."))),
    Edit("last_row_of_all", WHOLE, "((predictions[-1] - targets[-1]) ** 2).sum() / predictions.size",
         hint="Only the last row counts in your loss: is the sum set back to 0 in each turn of a loop?"),
    Edit("first_row_of_all", WHOLE, "((predictions[0] - targets[0]) ** 2).sum() / predictions.size",
         hint="Only the first row counts in your loss. Is there a return inside the loop?"),
    Edit("last_rows_missing", DIFFERENCE, "predictions[:-1] - targets[:-1]",
         hint="The last row does not count in your loss: does a loop end one too early?"),
    Edit("last_rows_missing_from_the_sum", WHOLE, "((predictions[:-1] - targets[:-1]) ** 2).sum() / predictions.size",
         hint="The last row does not count in your loss: does a loop end one too early?"),
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
    *(Edit(f"matrix_product_{i}", f"(({DIFFERENCE}) ** 2)", new,
           hint="You multiply matrices (@ or np.dot), which mixes the rows. Square entry by entry.")
      for i, new in enumerate(("((predictions - targets).T @ (predictions - targets))",
                               "np.dot(predictions - targets, predictions - targets)"))),
    Edit("running_mean", WHOLE, "[m := 0.0, *(m := (m + d * d) / 2 for d in (predictions - targets).ravel().tolist())][-1]",
         hint="You halve the mean so far with each entry, so later ones weigh more. Add all up, then divide by their number."),
    Edit("only_wrong_ones", WHOLE, "((predictions - targets) ** 2).sum() / np.count_nonzero(predictions != targets)",
         hint="You divide by the number of predictions that are wrong. The mean is over all entries."),
    Edit("only_too_low", DIFFERENCE, "np.minimum(predictions - targets, 0)",
         hint="Predictions that are too high do not count in your loss. Either sign counts."),
    Edit("only_too_high", DIFFERENCE, "np.maximum(predictions - targets, 0)",
         hint="Predictions that are too low do not count in your loss. Either sign counts."),
    Edit("percent", WHOLE, f"100 * {WHOLE}", hint="Your loss is 100 times the right one. It is a mean, not a percentage."),
    Edit("matrix_product", f"(({DIFFERENCE}) ** 2)", "((predictions - targets) @ (predictions - targets).T)",
         hint="You multiply matrices (@ or np.dot), which mixes the rows. Square entry by entry."),
    Edit("rounds", WHOLE, f"round({WHOLE}, 4)",
         hint="You round the loss. Keep all digits; round only when you print."),
    Edit("adds_epsilon", WHOLE, f"{WHOLE} + 1e-8",
         hint="You add a small constant to the loss. Nothing can be divided by 0 here, so it needs none."),
    Edit("gradient", WHOLE, "2 * (predictions - targets) / predictions.size",
         hint="That is the gradient (mse_backward). This function returns the loss, one number."),
]  # fmt: skip


GAP, SQUARES = "(predictions - targets)", "((predictions - targets) ** 2)"
ACTIVATIONS = {
    "sigmoid": "(1 / (1 + np.exp(-predictions)))", "tanh": "np.tanh(predictions)", "relu": "np.maximum(predictions, 0)", "exp": "np.exp(predictions)",
    "softmax": "(np.exp(predictions) / np.exp(predictions).sum(axis=-1, keepdims=True))", "sizes": "np.abs(predictions)", "unit_range": "np.clip(predictions, 0, 1)",
    "rounded": "np.round(predictions)", "both_signs": "np.clip(predictions, -1, 1)", "centred": "(predictions - predictions.mean())",
    "standard": "((predictions - predictions.mean()) / predictions.std())"}  # fmt: skip
OTHERS = {  # other losses, and other ways to put entries together
    "You change predictions first (by a sigmoid, relu, clip or the like). They are compared with the targets as they are.": {
        f"activated_{name}": f"(({new} - targets) ** 2).mean()" for name, new in ACTIVATIONS.items()},
    "You compare predictions and targets without their signs. -1 and 1 are 2 apart.": {"without_signs": "((np.abs(predictions) - np.abs(targets)) ** 2).mean()"},
    "You raise 2 to the differences. In NumPy a square is ** 2, with the 2 behind.": {"powers_of_two": f"(2.0 ** {GAP}).mean()"},
    "You take another power or root of the differences. Square them.": {
        "absolute_third_power": f"(np.abs({GAP}) ** 3).mean()", "roots": f"np.sqrt(np.abs({GAP})).mean()", "power_one_and_a_half": f"(np.abs({GAP}) ** 1.5).mean()",
        "signed_squares": f"({GAP} * np.abs({GAP})).mean()", "exponentials": f"np.exp({GAP}).mean()"},
    "You divide inside the loop, so early squares are divided again and again. Divide once, after it.": {
        "running_division": f"[m := 0.0, *(m := (m + s) / predictions.size for s in {SQUARES}.ravel().tolist())][-1]",
        "running_division_of_rows": f"[m := 0.0, *(m := (m + s) / len(predictions) for s in {SQUARES}.reshape(len(predictions), -1).mean(axis=1).tolist())][-1]"},
    "Some rows weigh more than others in your loss. Every entry counts the same.": {
        "later_rows_weigh_more": f"np.average({SQUARES}.reshape(len(predictions), -1).mean(axis=1), weights=np.arange(1, len(predictions) + 1))",
        "weighs_by_targets": f"np.average({SQUARES}, weights=np.abs(targets))", "times_targets": f"({SQUARES} * np.abs(targets)).mean()"},
    "You divide by the number of axes (ndim, or len of the shape). Divide by the number of entries.": {"by_axes": f"{SQUARES}.sum() / predictions.ndim"},
    "You divide by a square, a root, or one more than there are. Divide by the number of entries.": {
        "by_squared_rows": f"{SQUARES}.sum() / len(predictions) ** 2", "by_squared_columns": f"{SQUARES}.sum() / predictions.shape[-1] ** 2",
        "by_root": f"{SQUARES}.sum() / np.sqrt(predictions.size)", "by_root_of_rows": f"{SQUARES}.sum() / np.sqrt(len(predictions))",
        "one_more": f"{SQUARES}.sum() / (predictions.size + 1)", "rows_less_one": f"{SQUARES}.sum() / max(len(predictions) - 1, 1)"},
    "Small differences are set to 0, or left out. They count as well.": {
        f"dead_zone_{tol}": f"(np.where(np.abs({GAP}) > {tol}, {GAP}, 0) ** 2).mean()" for tol in (0.5, 0.1, 0.05, 0.01, 0.001, 0.0001, 1e-05)},
    "Only every other entry or row counts in your loss. The mean is over all entries.": {
        "every_other": f"({GAP}.ravel()[::2] ** 2).mean()", "every_other_of_all": f"({GAP}.ravel()[::2] ** 2).sum() / predictions.size",
        "every_other_row": f"({GAP}[::2] ** 2).mean()", "every_other_row_of_all": f"({GAP}[::2] ** 2).sum() / predictions.size"},
    "Both of your loops end at the same number. Rows and columns are different numbers: one loop for each.": {
        "square_part": f"({GAP}[: predictions.shape[-1], : len(predictions)] ** 2).sum() / predictions.size", "square_part_mean": f"({GAP}[: predictions.shape[-1], : len(predictions)] ** 2).mean()",
        "as_many_as_columns": f"({GAP}[: predictions.shape[-1]] ** 2).sum() / predictions.size", "as_many_as_rows": f"({GAP}[..., : len(predictions)] ** 2).sum() / predictions.size"},
    "You divide by the size or the spread of the targets. The squared error is not relative to anything.": {
        "by_squares_of_targets": f"{SQUARES}.sum() / (targets**2).sum()", "by_spread": f"{SQUARES}.mean() / np.ptp(targets)", "by_deviation": f"{SQUARES}.mean() / targets.std()",
        "by_mean_of_targets": f"{SQUARES}.mean() / np.abs(targets).mean()", "root_by_spread": f"np.sqrt({SQUARES}.mean()) / np.ptp(targets)"},
    "You take a logarithm of the mean. The mean itself is asked.": {"logarithm": f"np.log({SQUARES}.mean())", "decibels": f"-10 * np.log10({SQUARES}.mean())", "log_one_plus": f"np.log1p({SQUARES}.mean())"},
    "You turn the loss into a score. The mean of the squares itself is asked, small where predictions are good.": {
        "one_minus": f"1 - {SQUARES}.mean()", "inverse": f"1 / (1 + {SQUARES}.mean())", "gaussian": f"np.exp(-{SQUARES}.mean())",
        "cosine": "(predictions * targets).sum() / np.sqrt((predictions**2).sum() * (targets**2).sum())", "one_minus_cosine": "1 - (predictions * targets).sum() / np.sqrt((predictions**2).sum() * (targets**2).sum())",
        "correlation": "np.corrcoef(predictions.ravel(), targets.ravel())[0, 1]"},
    "You add a penalty to the loss (a regularisation). The mean of the squares alone is asked.": {
        f"penalty_{weight}_{how}": f"{SQUARES}.mean() + {weight} * (predictions**2).{how}()" for weight in (0.1, 0.01, 0.001, 0.0001) for how in ("sum", "mean")},
    "In the expansion of the square a term is missing, or has the wrong sign or factor: p**2 - 2*p*t + t**2.": {
        "mixed_term_missing": "(predictions**2 + targets**2).mean()", "mixed_term_once": "(predictions**2 - predictions * targets + targets**2).mean()",
        "square_of_targets_missing": "(predictions**2 - 2 * predictions * targets).mean()", "square_of_predictions_missing": "(targets**2 - 2 * predictions * targets).mean()",
        "square_of_targets_subtracted": "(predictions**2 - 2 * predictions * targets - targets**2).mean()"},
    "You average predictions and targets first and compare the means. Square each difference first.": {
        "means_of_columns": f"({GAP}.mean(axis=0) ** 2).sum()", "sums_of_columns_by_entries": f"({GAP}.sum(axis=0) ** 2).sum() / predictions.size",
        "means_of_rows": f"({GAP}.mean(axis=-1) ** 2).sum()", "sums_of_rows_by_entries": f"({GAP}.sum(axis=-1) ** 2).sum() / predictions.size"},
    "You square the sums or means of predictions and of targets. First the difference of each pair, then its square, then the mean.": {
        "squares_of_sums": "(predictions.sum() ** 2 - targets.sum() ** 2) / predictions.size", "squares_of_means": "predictions.mean() ** 2 - targets.mean() ** 2",
        "mean_squares_without_sign": "abs((predictions**2).mean() - (targets**2).mean())", "squared_difference_of_mean_squares": "((predictions**2).mean() - (targets**2).mean()) ** 2"},
    "You turn targets round (.T). Each prediction belongs with the target at its own place.": {"transposed_targets": "((predictions - targets.T) ** 2).mean()"},
    "You sort predictions and targets, and they no longer belong together.": {
        "sorted_rows": "((np.sort(predictions) - np.sort(targets)) ** 2).mean()", "sorted_all": "((np.sort(predictions, axis=None) - np.sort(targets, axis=None)) ** 2).mean()"},
    "You read targets in reverse order. Each prediction belongs with the target at its own place.": {"reversed_rows": "((predictions - targets[..., ::-1]) ** 2).mean()", "reversed_all": "((predictions.ravel() - targets.ravel()[::-1]) ** 2).mean()"},
    "You return the smallest square, or the largest difference; the task asks for the mean of all squares.": {"smallest": f"{SQUARES}.min()", "largest_difference": f"np.abs({GAP}).max()"},
    "You cut the loss down to a whole number (int).": {"whole_loss": f"int({SQUARES}.mean())", "whole_division": f"{SQUARES}.sum() // predictions.size"},
    "You round the loss. Keep all digits; round only when you print.": {f"rounds_to_{digits}": f"round({SQUARES}.mean().item(), {digits})" for digits in (1, 2, 3, 6)},
    "You return the squares' spread (std or var). Their mean is asked.": {"deviation_of_squares": f"{SQUARES}.std()", "variance_of_squares": f"{SQUARES}.var()", "deviation": f"{GAP}.std()", "variance_less_one": f"{GAP}.var(ddof=min(1, predictions.size - 1))"},
    "Only the first entry counts in your loss: is there a return inside the loop?": {"first_entry": f"{SQUARES}.ravel()[0]", "first_entry_of_all": f"{SQUARES}.ravel()[0] / predictions.size"},
    "Only the last entry counts in your loss, as if each overwrote the one before. Add all of them up.": {"last_entry": f"{SQUARES}.ravel()[-1]", "last_entry_of_all": f"{SQUARES}.ravel()[-1] / predictions.size"},
}  # fmt: skip
SUMS = {  # which are no single numbers
    "sum_of_each_column": f"{SQUARES}.sum(axis=0)", "sum_of_each_column_by_entries": f"{SQUARES}.sum(axis=0) / predictions.size", "sum_of_each_row": f"{SQUARES}.sum(axis=-1)",
    "sum_of_each_row_by_rows": f"{SQUARES}.sum(axis=-1) / len(predictions)", "sum_of_each_row_by_entries": f"{SQUARES}.sum(axis=-1) / predictions.size", "each_by_entries": f"{SQUARES} / predictions.size"}  # fmt: skip
BUGS += [
    Edit(
        name,
        WHOLE,
        new,
        hint="You return several numbers. The loss is one: the mean over all entries.",
    )
    for name, new in SUMS.items()
]
BUGS += [
    Edit(name, WHOLE, f"float({new})", hint)
    for hint, ways in OTHERS.items()
    for name, new in ways.items()
]


@bug("You write into predictions (-= does that): the caller's array changes too. Make a new array.")
def in_place(predictions, targets):
    predictions -= targets
    return (predictions**2).mean()


@bug("You write into targets: the caller's array changes too. Make a new array.")
def writes_into_targets(predictions, targets):
    targets -= predictions
    return (targets**2).mean()


TWO_AXES = "You take for granted that there are two axes, rows and columns. The mean is over all entries, whatever the shape."


@bug(TWO_AXES)
def unpacks_two_sizes(predictions, targets):
    num_rows, num_columns = predictions.shape
    return ((predictions - targets) ** 2).sum() / (num_rows * num_columns)


@bug(TWO_AXES)
def first_two_sizes(predictions, targets):
    return ((predictions - targets) ** 2).sum() / (predictions.shape[0] * predictions.shape[1])


@bug(TWO_AXES)
def rows_times_width_of_the_first(predictions, targets):
    return ((predictions - targets) ** 2).sum() / (len(predictions) * len(predictions[0]))


@bug(TWO_AXES)
def rows_of_entries(predictions, targets):
    total, count = 0.0, 0
    for i in range(len(predictions)):
        for j in range(len(predictions[i])):
            total, count = total + (predictions[i][j] - targets[i][j]) ** 2, count + 1
    return total / count


@bug(TWO_AXES)
def averages_along_axis_one(predictions, targets):
    return ((predictions - targets) ** 2).mean(axis=1).mean()


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
