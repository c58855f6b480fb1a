"""cross_entropy: probes, known mistakes, other correct answers."""

from functools import partial

import numpy as np

from course.spec import Edit, Wrong, alternative, bug, probe
from nnkit.functional import log_softmax, softmax


@probe("averages the negative log-probability of the right class", points=1, rtol=1e-6)
def ordinary_batches(loss, rng):
    small, large, one = rng.normal(size=(5, 7)), rng.normal(size=(8, 3)), rng.normal(size=(1, 5))
    targets = rng.permutation([0, 1, 2, 0, 1, 2, 2, 2])
    yield "the loss of a batch", loss(small, np.array([6, 0, 3, 3, 5]))
    yield "the loss of a second batch", loss(3.0 * large, targets)
    yield "the loss of a single row", loss(one, np.array([3]))


@probe("pairs each row with its own target, also when there are as many rows as classes, or a class "
       "does not occur", points=1, rtol=1e-6)  # fmt: skip
def pairs(loss, rng):
    logits = rng.normal(scale=2.0, size=(6, 6)) + 5.0 * np.arange(6)[:, np.newaxis]
    targets = np.array([1, 2, 0, 5, 5, 4])
    yield "the loss of as many rows as classes", loss(logits, targets)
    fewer = rng.normal(size=(4, 7))
    yield "the loss of a batch without the last class", loss(fewer, np.array([3, 0, 5, 3]))


@probe("stays exact when the right class is 1000 behind, and when it is far ahead", points=1)
def large_logits(loss, rng):
    near, row = rng.normal(size=(3, 4)), np.array([[1000.0, rng.normal(), -1000.0]])
    behind = np.array([[1000.0, row[0, 1], -1000.0], [-1000.0, -2000.0, row[0, 1]]])
    ahead = np.array([[1000.0, row[0, 1], -1000.0], [-1000.0, -1004.0, -2000.0], [9.0, -9.0, 0.0]])
    yield "the loss of ordinary logits", loss(rng.normal(size=(4, 4)), np.array([2, 0, 3, 3]))
    yield "the loss of logits near 1000", loss(1000.0 + near, np.array([0, 3, 1]))
    yield "the loss of logits near -1000", loss(near[:2] - 1000.0, np.array([2, 1]))
    yield "the loss with the right class 1000 behind", loss(row.copy(), np.array([1]))
    yield "the loss with the right class 2000 behind", loss(np.tile(row, (2, 1)), np.array([2, 2]))
    yield "the loss with one right class behind", loss(behind.copy(), np.array([1, 2]))
    yield (
        "the loss with the right class 50 behind",
        loss(np.tile(behind / 20, (2, 1)), np.array([1, 0, 1, 0])),
    )
    yield "the loss with the right class ahead", loss(ahead, np.array([0, 0, 0]))


@probe("returns one number, leaves its arguments as they were, and keeps nothing between calls",
       points=1, rtol=1e-6)  # fmt: skip
def clean_calls(loss, rng):
    logits, targets = rng.normal(size=(4, 5)), np.array([4, 0, 2, 2])
    same_logits, same_targets = logits.copy(), targets.copy()
    yield "the loss", loss(logits, targets)
    yield "logits unchanged", np.array_equal(logits, same_logits)
    yield "targets unchanged", np.array_equal(targets, same_targets)
    yield "the loss of another batch", loss(rng.normal(size=(4, 5)), np.array([1, 3, 0, 4]))
    yield "the loss of the first batch again", loss(same_logits, same_targets)


@probe("works for a single class, many rows and classes, one-byte targets, float32 and part of a larger array",
       points=1, hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(loss, rng):
    size = int(rng.integers(5, 9))
    wide, targets = rng.normal(size=(size, 2 * size + 5)), rng.integers(0, size, size)
    part = wide.copy()[:, ::2]
    yield "the loss with a single class", loss(wide[:, :1].copy(), 0 * targets)
    many = rng.normal(size=(240, 30))
    yield "the loss with many rows and classes", loss(many, np.resize([29, 3, 17], 240))
    yield (
        "the loss of one-byte targets",
        loss(np.tile(wide, (6, 1)), np.tile(targets, 6).astype(np.uint8)),
    )
    yield "the loss of float32 logits", loss(wide.astype(np.float32), targets)
    yield "the loss of every other column of an array", loss(part, targets)
    yield "the loss of a transposed array", loss(wide.copy().T, np.resize(targets, 2 * size + 5))


def picked(table, targets):
    return table[np.arange(len(targets)), targets]


def epsilon_inside(epsilon, logits, targets):
    return -np.log(picked(softmax(logits), targets) + epsilon).mean().item()


def clipped_logits(epsilon, top, divisor, logits, targets):
    logs = np.log(np.clip(picked(logits, targets), epsilon, top))
    return -logs.sum().item() / divisor(logits)


def clipped(epsilon, logits, targets):
    return -np.log(np.clip(picked(softmax(logits), targets), epsilon, 1 - epsilon)).mean().item()


PICK = "log_probs[rows, targets]"
MEAN = "log_probs[rows, targets].mean()"
BOUNDED = "A small constant inside the logarithm, or a clip, bounds the loss, however wrong the prediction. Build on log_softmax instead."
WRONG_CLASSES = "You charge for the wrong classes as well. With a softmax only the right class of each row counts."
BUGS = [
    Edit("sums_the_loss", ".mean()", ".sum()",
         hint="You add up the losses of the rows; the task asks for their mean, so that the loss does not grow with "
         "the batch."),
    Edit("forgets_the_minus", "return -log_probs", "return log_probs",
         hint="A loss is to be made small, so it is the negative log-probability: the minus sign is missing."),
    Edit("all_pairs", PICK, "log_probs[:, targets]",
         hint="[:, targets] takes every target's column from every row, N times N numbers. Pair row i with "
         "targets[i]: two index arrays of the same length do that."),
    Edit("all_pairs_over_n", MEAN, "(log_probs[:, targets].sum() / len(targets))",
         hint="You add up N times N numbers: every target's column of every row. Pair row i with targets[i]: two "
         "index arrays of the same length do that."),
    Edit("whole_rows_of_targets", PICK, "log_probs[targets % len(targets)]",
         hint="You use targets to choose rows; they name a column (a class) in each row."),
    Edit("exchanged_indices", PICK, "log_probs[targets, rows]",
         hint="Row and column are exchanged where you pick the log-probability: first the number of the row, then the class."),
    Edit("places_in_the_flat_array", PICK, "log_probs.ravel()[targets]",
         hint="You count the places through the whole array (np.take does that without an axis). In row i the place is "
         "targets[i] within that row."),
    Edit("loops_over_classes", MEAN, "(sum([log_probs[i, targets[i]] for i in range(logits.shape[1])]) / len(targets))",
         hint="Your loop over the rows ends at the number of classes. Every row counts."),
    *(Edit(f"ignores_class_0_{i}", MEAN, new,
           hint="Rows whose right class is 0 are left out, as if 0 meant padding. Class 0 is a class as any other.")
      for i, new in enumerate((
          "log_probs[rows, targets][targets != 0].mean()", "((log_probs[rows, targets] * (targets != 0)).sum() / len(targets))",
          "((log_probs[rows, targets] * (targets != 0)).sum() / max((targets != 0).sum(), 1))"))),
    Edit("mean_of_running_means", MEAN, "[m := 0.0, *(m := (m + p) / 2 for p in log_probs[rows, targets])][-1]",
         hint="You halve the loss so far with each row, so later rows weigh more. Add all up, then divide by N."),
    Edit("total_minus_own", MEAN, "(log_probs[rows, targets] - np.log1p(-np.exp(log_probs[rows, targets]))).mean()",
         hint="You compare the right class with the sum of the others only. Its own exponential belongs in the sum too."),
    Edit("diagonal", MEAN, "np.diag(log_probs).mean()",
         hint="You take the diagonal: row i with class i. Row i belongs with class targets[i]."),
    Edit("mean_over_all_entries", MEAN, "log_probs.mean()",
         hint="You average over all classes. Only the right class of each row counts."),
    Edit("sum_over_all_classes", PICK, "log_probs.sum(axis=1)", hint=WRONG_CLASSES),
    Edit("divides_by_classes_too", ".mean().item()", ".sum().item() / log_probs.size",
         hint="You divide by N times C. The mean is over the N rows; one entry of each row counts."),
    Edit("divides_by_classes", ".mean().item()", ".sum().item() / log_probs.shape[1]",
         hint="You divide by the number of classes; the mean is over the rows of the batch."),
    Edit("divides_twice", ".mean().item()", ".mean().item() / len(targets)",
         hint="You divide by N twice: the mean already does it once."),
    Edit("divides_by_one_less", ".mean().item()", ".sum().item() / max(len(targets) - 1, 1)",
         hint="You divide by N - 1; the mean of N losses divides by N."),
    Edit("divides_by_distinct_targets", ".mean().item()", ".sum().item() / len(set(targets.tolist()))",
         hint="You divide by the number of different targets; the mean is over the N rows."),
    Edit("mean_of_class_means", MEAN, "np.mean([log_probs[targets == c, c].mean() for c in set(targets)])",
         hint="You average within each class first (or weigh by its frequency), so rare classes weigh more. Every "
         "row counts the same."),
    Edit("each_target_once", MEAN,
         "(sum({t: p for t, p in zip(targets, log_probs[rows, targets])}.values()) / len(targets))",
         hint="Rows with the same target replace each other, so only one of them is counted."),
    Edit("mean_of_all_class_means", MEAN, "(sum(log_probs[targets == c, c].mean() for c in set(targets.tolist())) / log_probs.shape[1])",
         hint="You average within each class first (or weigh by its frequency), so rare classes weigh more. Every "
         "row counts the same."),
    Edit("first_of_each_target", MEAN, "log_probs[np.unique(targets, return_index=True)[::-1]].mean()",
         hint="Rows with the same target are counted only once. Every row counts."),
    Edit("best_class", PICK, "log_probs.max(axis=1)",
         hint="You take the most likely class of each row, not the right one: targets are not used."),
    Edit("off_by_one", PICK, "log_probs[rows, targets - 1]",
         hint="You look at the class before the right one. Classes count from 0, as NumPy does."),
    Edit("off_by_one_up", PICK, "log_probs[rows, (targets + 1) % log_probs.shape[1]]",
         hint="You look at the class after the right one. Classes count from 0, as NumPy does."),
    Edit("sorted_targets", PICK, "log_probs[rows, np.sort(targets)]",
         hint="You sort the targets, and they no longer belong to their rows."),
    Edit("reversed_targets", PICK, "log_probs[rows, targets[::-1]]",
         hint="The targets are in reverse order, and no longer belong to their rows."),
    Edit("first_class", PICK, "log_probs[rows, 0]",
         hint="You always charge for the first class. Charge for the class that targets names."),
    Edit("last_class", PICK, "log_probs[rows, -1]",
         hint="You always charge for the last class. Charge for the class that targets names."),
    Edit("first_target", PICK, "log_probs[rows, targets[0]]",
         hint="You use the first row's target for all rows. Each row has its own."),
    Edit("first_row_only", MEAN, "log_probs[0, targets[0]]",
         hint="You use the first row only. Take the mean over all rows."),
    Edit("last_row_only", MEAN, "log_probs[-1, targets[-1]]",
         hint="You use the last row only (is the sum replaced in each turn of a loop?)."),
    Edit("without_last_row", MEAN, f"({PICK}[:-1].sum() / len(targets))",
         hint="The last row is left out: does a loop end one too early?"),
    Edit("without_last_row_mean", MEAN, f"({PICK}[:-1].sum() / max(len(targets) - 1, 1))",
         hint="The last row is left out: does a loop end one too early?"),
    Edit("without_first_row", MEAN, f"({PICK}[1:].sum() / len(targets))",
         hint="The first row is left out. Python counts from 0."),
    Edit("worst_row", MEAN, f"{PICK}.min()", hint="You return the largest loss of a row; the task asks for the mean."),
    Edit("best_row", MEAN, f"{PICK}.max()", hint="You return the smallest loss of a row; the task asks for the mean."),
    Edit("median", MEAN, f"np.median({PICK})", hint="You take the median; the task asks for the mean."),
    Edit("squares", f"-{MEAN}", f"({PICK} ** 2).mean()",
         hint="You square the log-probabilities; the loss is their negative mean."),
    Edit("perplexity", f"-{MEAN}", f"np.exp(-{MEAN})",
         hint="That is the perplexity: e to the power of the loss. The loss itself is asked."),
    Edit("base_two", f"-{PICK}", "-(log_probs / np.log(2))[rows, targets]",
         hint="Your loss is measured in bits (logarithm to base 2). Use the natural logarithm."),
    Edit("base_ten", f"-{PICK}", "-(log_probs / np.log(10))[rows, targets]",
         hint="Your loss uses the logarithm to base 10. Use the natural logarithm."),
    Edit("loss_for_each_row", ".mean().item()", "",
         hint="You return the loss of every row. The task asks for one number: their mean."),
    Edit("array_of_one", ".mean().item()", ".mean(keepdims=True)",
         hint="You return an array that holds one number; return the number itself."),
    *(Edit(f"temperature_{factor}", "log_softmax(logits)", f"log_softmax({factor} * logits)",
           hint="You scale the logits first (a temperature). The loss is about the logits as they are.")
      for factor in (0.5, 2, 0.1)),
    Edit("twice", MEAN, f"2 * {MEAN}", hint="Your loss is twice the right one. There is no factor 2 in it."),
    Edit("half", MEAN, f"0.5 * {MEAN}",
         hint="Your loss is half of the right one. The factor one half belongs to squared errors; here there is none."),
    Edit("other_logits_are_0", "log_softmax(logits)", "log_softmax(logits * np.eye(logits.shape[1])[targets])",
         hint="You set the logits of the wrong classes to 0 before the softmax. It needs them as they are."),
    *(Edit(f"lost_axis_{i}", "log_softmax(logits)", new,
           hint="Without keepdims=True maximum and sum have shape (N,), and NumPy combines them column by column where N "
           "equals C, or stops. Keep the axis: shape (N, 1).")
      for i, new in enumerate((
          "(s := logits - logits.max(axis=1, keepdims=True)) - np.log(np.exp(s).sum(axis=1))",
          "(s := logits - logits.max(axis=1)) - np.log(np.exp(s).sum(axis=1, keepdims=True))",
          "(s := logits - logits.max(axis=1)) - np.log(np.exp(s).sum(axis=1))",
          "np.log(np.exp(logits) / np.exp(logits).sum(axis=1))"))),
    Edit("running_sum", "log_softmax(logits)", "logits - np.logaddexp.accumulate(logits, axis=1)",
         hint="The sum in the softmax is still growing when you use it. First add up the whole row."),
    Edit("global_sum", "log_softmax(logits)", "(s := logits - logits.max(axis=1, keepdims=True)) - np.log(np.exp(s).sum())",
         hint="The sum in your softmax runs over the whole batch. Each row has its own sum, over axis 1."),
    Edit("columns", "log_softmax(logits)", "log_softmax(logits.T).T",
         hint="Your probabilities are normalised over the batch. The classes of one example lie along axis 1."),
    Edit("one_distribution", "log_softmax(logits)", "log_softmax(logits.reshape(1, -1)).reshape(logits.shape)",
         hint="The probabilities of the whole batch sum to 1. Each row is a distribution of its own."),
    Edit("shifted_logits", "log_softmax(logits)", "logits - logits.max(axis=1, keepdims=True)",
         hint="You subtract the row's maximum only; the logarithm of the row's sum is missing."),
    Edit("forgets_the_shift", "log_softmax(logits)", "log_softmax(logits) + logits.max(axis=1, keepdims=True)",
         hint="The logits inside log(sum) are shifted by the row's maximum, the right class's logit is not. Shift "
         "both, or add the maximum back."),
    Edit("clips_logits", "log_softmax(logits)", "log_softmax(np.clip(logits, -50, 50))",
         hint="Clipping the logits changes the loss. log_softmax needs no protection."),
    Edit("one_hot_of_the_maximum", MEAN, "((np.eye(targets.max() + 1)[targets] * log_probs).sum() / len(targets))",
         hint="The largest target need not be the last class: take the number of classes from the shape of logits."),
    Edit("columns_up_to_the_maximum", "log_softmax(logits)", "log_softmax(logits[:, : targets.max() + 1])",
         hint="The largest target need not be the last class: all columns of logits are classes."),
    Edit("smooths_labels", PICK, f"(0.9 * {PICK} + 0.1 * log_probs.mean(axis=1))",
         hint="You smooth the labels: a tenth of the weight goes to all classes. Here the right class has all of it."),
    Edit("smooths_over_the_others", PICK, "(0.9 * log_probs[rows, targets] + 0.1 * (log_probs.sum(axis=1) - log_probs[rows, targets]) / max(log_probs.shape[1] - 1, 1))",
         hint="You smooth the labels: a tenth of the weight goes to other classes. Here the right class has all of it."),
    Edit("weighs_by_target", MEAN, f"np.average({PICK}, weights=targets + 1.0)",
         hint="Rows with a larger target weigh more. Every row counts the same."),
    Edit("focal", PICK, f"((1 - np.exp({PICK})) ** 2 * {PICK})",
         hint="You weigh rows by how unlikely the right class is (a focal loss). Every row counts the same."),
    *(Wrong(f"{way.__name__}_{tiny}", partial(way, tiny), BOUNDED)
      for way in (epsilon_inside, clipped)
      for tiny in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 2.0**-52, 1e-20, 1e-30, 1e-100, 1e-300)),
]  # fmt: skip


OWN, WHOLE = "log_probs[rows, targets]", "-log_probs[rows, targets].mean().item()"
OTHERS = {  # other losses, and other ways to put rows together
    "You divide inside the loop, so the first losses are divided again and again. Divide once, after it.": {
        "running_division": f"[m := 0.0, *(m := (m - p) / len(targets) for p in {OWN})][-1]"},
    "You take log C away, or divide by it, so that equal logits give 0 or 1. The loss is the plain mean of -log p.": {
        "minus_log_c": f"-{OWN}.mean() - np.log(logits.shape[1])", "divided_by_log_c": f"-{OWN}.mean() / np.log(logits.shape[1])",
        "distance_to_equal_shares": "-log_probs.mean() - np.log(logits.shape[1])"},
    "You add a penalty to the loss (a regularisation). The loss itself is asked.": {
        **{f"penalty_{weight}_{how}": f"-{OWN}.mean() + {weight} * (logits**2).{how}()" for weight in (0.1, 0.01, 0.001, 0.0001) for how in ("sum", "mean")},
        **{f"entropy_{weight}": f"-{OWN}.mean() + {weight} * (np.exp(log_probs) * log_probs).sum(axis=1).mean()" for weight in (1, -1, 0.1, -0.1, 0.01)}},
    "You cap the loss of a row. However wrong a prediction is, its loss says so.": {
        f"cap_{most}": f"np.minimum(-{OWN}, {most}).mean()" for most in (1, 5, 10, 20, 50, 100, 500, 700, 1000)},
    "You sort the classes of a row. The right class is column targets[i] as it was.": {
        "sorted_classes": "-np.sort(log_probs, axis=1)[rows, targets].mean()", "sorted_down": "-np.sort(log_probs, axis=1)[:, ::-1][rows, targets].mean()"},
    "You use a sigmoid of the right class's logit. The softmax looks at the logits of all classes.": {
        "own_sigmoid": "np.logaddexp(0, -logits[rows, targets]).mean()", "sigmoids_over_all": "(np.logaddexp(0, logits).sum() - logits[rows, targets].sum()) / logits.size"},
    "You divide the logits by their sum, without exponentials. A softmax has exponentials.": {
        "no_exponential": "-np.log(logits[rows, targets] / logits.sum(axis=1)).mean()", "no_exponential_of_sizes": "-np.log(np.abs(logits[rows, targets]) / np.abs(logits).sum(axis=1)).mean()",
        "log_of_the_sum": "(np.log(logits.sum(axis=1)) - logits[rows, targets]).mean()"},
    "You compare the right class with the best of the others only. The softmax's sum runs over all classes.": {
        "margin": "np.where(np.eye(logits.shape[1])[targets] == 1, -np.inf, logits).max(axis=1).__sub__(logits[rows, targets]).mean()",
        "hinge_of_the_best": "np.maximum(1 + np.where(np.eye(logits.shape[1])[targets] == 1, -np.inf, logits).max(axis=1) - logits[rows, targets], 0).mean()"},
    "You average the logits of the batch first. Each row has its own loss; average those.": {
        "mean_logits": "-log_softmax(logits.mean(axis=0, keepdims=True))[0, targets].mean()", "mean_probs": "-np.log(np.exp(log_probs).mean(axis=0)[targets]).mean()"},
    "You use 1 / p or the like where the loss has -log p.": {
        "inverse": f"np.exp(-{OWN}).mean()", "odds": f"np.expm1(-{OWN}).mean()", "plus_one": f"-np.log1p(np.exp({OWN})).mean()", "absolute_root": f"np.sqrt(-{OWN}).mean()"},
    "You combine the rows' losses in another way (squares, products or roots). Their plain mean is asked.": {
        "root_mean_square": f"np.sqrt(({OWN} ** 2).mean())", "length": f"np.linalg.norm({OWN})", "geometric_mean": f"np.exp(np.log(-{OWN}).mean())",
        "by_root_of_rows": f"-{OWN}.sum() / np.sqrt(len(targets))", "deviation": f"{OWN}.std()", "one_more": f"-{OWN}.sum() / (len(targets) + 1)",
        "mean_and_worst": f"-({OWN}.mean() + {OWN}.min()) / 2"},
    "You weigh the rows by how sure the prediction is. Every row counts the same.": {
        "weighs_by_confidence": f"-np.average({OWN}, weights=np.exp(log_probs.max(axis=1)))", "times_confidence": f"-({OWN} * np.exp(log_probs.max(axis=1))).mean()",
        "focal_once": f"-((1 - np.exp({OWN})) * {OWN}).mean()"},
    "You multiply by the number of the class. The one-hot target is 1 at the right class, whichever it is.": {
        "times_label": f"-(targets * {OWN}).mean()", "labels_times_all": "-(targets[:, None] * log_probs).sum(axis=1).mean()", "labels_times_all_mean": "-(targets[:, None] * log_probs).mean()"},
    "Rows are left out: only some of them count. The mean is over all rows.": {
        "first_c_rows": f"-{OWN}[: logits.shape[1]].mean()", "first_c_of_n": f"-{OWN}[: logits.shape[1]].sum() / len(targets)", "first_c_by_c": f"-{OWN}[: logits.shape[1]].sum() / logits.shape[1]",
        "every_other_row": f"-{OWN}[::2].mean()", "not_the_last_class": f"-{OWN}[targets != logits.shape[1] - 1].mean()",
        "only_wrong_rows": f"-{OWN}[logits.argmax(axis=1) != targets].mean()", "only_wrong_rows_of_all": f"-({OWN} * (logits.argmax(axis=1) != targets)).mean()"},
    "Only one row counts, and the rest adds nothing: is there a return inside the loop, or is the sum replaced in each turn?": {
        "first_row_of_n": f"-{OWN}[0] / len(targets)", "last_row_of_n": f"-{OWN}[-1] / len(targets)"},
    "You leave the right class, or the last or first one, out of the sum in the softmax. The sum runs over all classes.": {
        "sum_without_last": "(np.logaddexp.reduce(logits[:, :-1], axis=1) - logits[rows, targets]).mean()", "sum_without_first": "(np.logaddexp.reduce(logits[:, 1:], axis=1) - logits[rows, targets]).mean()",
        "one_class_more": "(np.logaddexp(0, np.logaddexp.reduce(logits, axis=1)) - logits[rows, targets]).mean()"},
    "You square the loss, or take its root, at the end. The mean itself is asked.": {"squared": f"{OWN}.mean() ** 2", "root": f"np.sqrt(-{OWN}.mean())"},
    "You add the loss of wrong classes, or a second copy of the sum. Each row is charged -log p of its right class, once.": {
        "counts_the_sum_twice": "(2 * (logits - log_probs)[:, 0] - logits[rows, targets]).mean()", "right_logit_twice": "((logits - log_probs)[:, 0] - 2 * logits[rows, targets]).mean()"},
    "You add the right class's logit, which makes the loss grow with it. It is subtracted from the logarithm of the sum.": {
        "adds_the_right_logit": "(logits - log_probs)[:, 0].mean() + logits[rows, targets].mean()"},
    "That is the logarithm of each row's sum. The right class's logit is still to be subtracted.": {
        "only_the_sum": "(logits - log_probs)[:, 0].mean()"},
    "You compare numbers of classes. Classes have no order: the loss is -log p of the right one.": {
        "distance_of_classes": "np.abs(logits.argmax(axis=1) - targets.astype(int)).mean()", "square_of_classes": "((np.exp(log_probs) @ np.arange(logits.shape[1]) - targets) ** 2).mean()"},
    "You count a row's loss without its right class: the sum runs over the wrong classes.": {
        "only_wrong_classes": f"-(log_probs.sum(axis=1) - {OWN}).mean()"},
    "Your loss is rounded. Keep all digits; round only when you print.": {f"rounds_{digits}": f"round(float(-{OWN}.mean()), {digits})" for digits in (1, 2, 3, 4, 6)},
    "Your loss is 100 times the right one. It is no percentage.": {"percent": f"-100 * {OWN}.mean()"},
    "You cut the loss down to a whole number (int).": {"whole_number": f"int(-{OWN}.mean())", "whole_losses": f"-{OWN}.astype(int).mean()"},
}  # fmt: skip
BUGS += [
    Edit(name, WHOLE, f"float({new})", hint)
    for hint, ways in OTHERS.items()
    for name, new in ways.items()
]


AS_PROBABILITIES = "You take the logarithm of the logits, as if they were probabilities. The softmax comes first."  # fmt: skip
DIVISORS = {
    "by_rows": (len, ""),
    "by_all": (np.size, " And you divide by N times C; the mean is over the N rows."),
    "not_divided": (lambda logits: 1, " And you add up the losses of the rows; the task asks for their mean."),
}  # fmt: skip
BUGS += [
    Wrong(f"clipped_logits_{how}_{tiny}_{top}", partial(clipped_logits, tiny, top, divisor), AS_PROBABILITIES + second)
    for how, (divisor, second) in DIVISORS.items()
    for tiny in (1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15) for top in (1.0, 1 - tiny, np.inf)
]  # fmt: skip


@bug("You take the log of the softmax, which is -inf where the probability rounds to 0. Build on "
     "log_softmax instead.")  # fmt: skip
def log_of_softmax(logits, targets):
    return -np.log(picked(softmax(logits), targets)).mean().item()


@bug("The -inf of log(0) is hidden: the loss no longer says how wrong the prediction is. Build on "
     "log_softmax instead.")  # fmt: skip
def hides_infinity(logits, targets):
    return -np.nan_to_num(np.log(picked(softmax(logits), targets))).mean().item()


@bug("exp(1000) overflows. Build on log_softmax, which never raises e to a positive number.")
def overflows(logits, targets):
    exp = np.exp(logits)
    return -np.log(picked(exp / exp.sum(axis=1, keepdims=True), targets)).mean().item()


@bug("exp(1000) overflows, and far below 0 you take log(0). Shift each row by its maximum, or build "
     "on log_softmax.")  # fmt: skip
def log_sum_exp_overflows(logits, targets):
    return (np.log(np.exp(logits).sum(axis=1)) - picked(logits, targets)).mean().item()


@bug("You subtract the largest logit of the whole batch, so a row far below it becomes log(0). "
     "Each row needs its own maximum.")  # fmt: skip
def global_max(logits, targets):
    shifted = logits - logits.max()
    return (np.log(np.exp(shifted).sum(axis=1)) - picked(shifted, targets)).mean().item()


@bug("0 times -inf is NaN: your sum over the one-hot row meets log(0) at the wrong classes. Build "
     "on log_softmax, or pick the right class by its index.")  # fmt: skip
def one_hot_of_infinities(logits, targets):
    one_hot = np.eye(logits.shape[1])[targets]
    return -(one_hot * np.log(softmax(logits))).sum(axis=1).mean().item()


@bug("You average the right classes' probabilities; their logarithm is missing.")
def no_logarithm(logits, targets):
    return -picked(softmax(logits), targets).mean().item()


@bug("You take one minus the probability; cross-entropy is the negative logarithm of it.")
def one_minus(logits, targets):
    return (1 - picked(softmax(logits), targets)).mean().item()


@bug("You take the logarithm of the mean; the task asks for the mean of the logarithms.")
def log_of_the_mean(logits, targets):
    return -np.log(picked(softmax(logits), targets).mean()).item()


@bug("You average the logits of the right classes; turn them into log-probabilities first.")
def logits_as_log_probs(logits, targets):
    return -picked(logits, targets).mean().item()


@bug("You apply softmax twice: log_softmax gets probabilities where it needs logits.")
def softmax_twice(logits, targets):
    return -picked(log_softmax(softmax(logits)), targets).mean().item()


@bug(WRONG_CLASSES + " (Yes-or-no targets have another formula.)")
def binary_formula(logits, targets):
    probs, one_hot = softmax(logits), np.eye(logits.shape[1])[targets]
    rest = np.log(np.where(one_hot == 1, 1.0, 1 - probs))
    return -(np.log(picked(probs, targets)) + rest.sum(axis=1)).mean().item()


@bug(WRONG_CLASSES + " (Yes-or-no targets have another formula.)")
def binary_formula_of_every_entry(logits, targets):
    return log_of_the_distance.function(logits, targets) * logits.shape[1]


@bug(WRONG_CLASSES + " (Yes-or-no targets have another formula.)")
def binary_formula_with_epsilon(logits, targets):
    gaps = 1 - np.abs(softmax(logits) - np.eye(logits.shape[1])[targets])
    return -np.log(gaps + 1e-12).sum(axis=1).mean().item()


@bug("You use a sigmoid for each class. Here one softmax covers the classes of a row.")
def sigmoids(logits, targets):
    return (np.logaddexp(0, logits).sum(axis=1) - picked(logits, targets)).mean().item()


@bug("You take the logarithm of the logits, as if they were probabilities. The softmax comes first.")  # fmt: skip
def log_of_the_logits(logits, targets):
    return -np.log(picked(logits, targets)).mean().item()


@bug("You take the logarithm of the logits, as if they were probabilities. The softmax comes first.")  # fmt: skip
def log_of_the_size_of_the_logits(logits, targets):
    return -np.log(np.abs(picked(logits, targets)) + 1e-300).mean().item()


@bug("That is the hinge loss (of a support vector machine): it asks for a margin of 1. Here the loss is -log p.")  # fmt: skip
def hinge(logits, targets):
    margins = np.maximum(1 + logits - picked(logits, targets)[:, None], 0)
    return (margins.sum(axis=1) - 1).mean().item()


@bug(WRONG_CLASSES + " (Yes-or-no targets have another formula.)")
def log_of_the_distance(logits, targets):
    return -np.log(1 - np.abs(softmax(logits) - np.eye(logits.shape[1])[targets])).mean().item()


@bug("You weigh the log-probabilities by the probabilities themselves. The target weighs them: 1 for the right class, 0 else.")  # fmt: skip
def weighs_by_probability(logits, targets):
    return -(picked(softmax(logits), targets) * picked(log_softmax(logits), targets)).mean().item()


@bug("You multiply the rows' probabilities first, and the product rounds to 0 for many rows. Add up their logarithms.")  # fmt: skip
def log_of_the_product(logits, targets):
    return (-np.log(np.prod(picked(softmax(logits), targets))) / len(targets)).item()


@bug("You take log(1 - p), the formula for a wrong class. The right class is charged -log p.")
def log_of_one_minus(logits, targets):
    return -np.log1p(-picked(softmax(logits), targets)).mean().item()


@bug("That is the entropy of the prediction: targets are not used.")
def entropy(logits, targets):
    return -(softmax(logits) * log_softmax(logits)).sum(axis=1).mean().item()


@bug("You take squared differences to the one-hot targets; cross-entropy is -log p of the right class.")  # fmt: skip
def squared_differences(logits, targets):
    return ((softmax(logits) - np.eye(logits.shape[1])[targets]) ** 2).sum(axis=1).mean().item()


@bug("You take squared differences to the one-hot targets; cross-entropy is -log p of the right class.")  # fmt: skip
def mean_squared_difference(logits, targets):
    return ((softmax(logits) - np.eye(logits.shape[1])[targets]) ** 2).mean().item()


@bug("That is the accuracy: it only counts whether the right class has the largest logit.")
def accuracy(logits, targets):
    return (logits.argmax(axis=1) == targets).mean().item()


@bug("That is the error rate: it only counts whether the right class has the largest logit.")
def error_rate(logits, targets):
    return (logits.argmax(axis=1) != targets).mean().item()


@bug("You write into logits (-= does that): the caller's array changes too. Make a new array.")
def in_place(logits, targets):
    logits -= logits.max(axis=1, keepdims=True)
    return -picked(log_softmax(logits), targets).mean().item()


@alternative
def row_by_row(logits, targets):
    total = 0.0
    for z, y in zip(logits, targets, strict=True):
        m = max(z)
        total += m + np.log(sum(np.exp(z - m))) - z[y]
    return total / len(targets)


@alternative
def by_one_hot(logits, targets):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    one_hot = np.zeros(logits.shape)
    one_hot[np.arange(logits.shape[0]), targets] = 1.0
    return -np.sum(one_hot * log_probs) / logits.shape[0]


@alternative
def log_sum_exp_minus_the_right_logit(logits, targets):
    right = np.take_along_axis(logits, targets.reshape(-1, 1).astype(np.int64), axis=1)[:, 0]
    return float(np.mean(np.logaddexp.reduce(logits, axis=1) - right))


@alternative
def by_margins(logits, targets):
    margins = logits - logits[np.arange(len(targets)), targets][:, None]
    m = margins.max(axis=1)
    return np.mean(m + np.log(np.exp(margins - m[:, None]).sum(axis=1)))


@alternative
def by_einsum(logits, targets):
    z = logits - np.amax(logits, axis=1)[:, None]
    log_probs = z - np.log(np.sum(np.exp(z), axis=1))[:, None]
    return -np.einsum("nc,nc->", np.eye(logits.shape[1])[targets], log_probs) / len(logits)
