"""cross_entropy_backward: probes, known mistakes, other correct answers."""

from functools import partial

import numpy as np

from course.spec import Edit, Wrong, alternative, bug, probe
from nnkit.functional import log_softmax, softmax


@probe("is right for a batch, whose loss is a mean", points=2, rtol=1e-6)
def batches(gradient, rng):
    small, large = rng.normal(size=(5, 7)), rng.normal(scale=3.0, size=(8, 3))
    targets = rng.permutation([0, 1, 2, 0, 1, 2, 2, 2])
    yield "the gradient for a batch", gradient(small, np.array([6, 0, 3, 3, 5]))
    yield "the gradient for a second batch", gradient(large, targets)


@probe("is right for a single row", points=1, rtol=1e-6)
def one_row(gradient, rng):
    row, behind = rng.normal(size=(1, 5)), np.array([[0.0, 0.0, 0.0, -9.0, 0.0]])
    yield "the gradient for a single row", gradient(row.copy(), np.array([3]))
    yield "the gradient for a row far off", gradient(row + behind, np.array([3]))


@probe("pairs each row with its own target, also when there are as many rows as classes, or a class "
       "does not occur", points=1, rtol=1e-6)  # fmt: skip
def pairs(gradient, rng):
    logits = rng.normal(scale=2.0, size=(6, 6)) + 5.0 * np.arange(6)[:, np.newaxis]
    targets = np.array([1, 2, 0, 5, 5, 4])
    yield "the gradient for as many rows as classes", gradient(logits, targets)
    fewer, targets = rng.normal(size=(4, 7)), np.array([3, 0, 5, 3])
    yield "the gradient for a batch without the last class", gradient(fewer, targets)


@probe("stays exact for logits of ±1000", points=1)
def large_logits(gradient, rng):
    row = rng.permutation([0.0, -1.0, -15.0, -300.0, -2000.0])
    one_far_ahead = [1000.0, -1000.0, -1000.0, -1000.0, -1000.0]
    far_apart = np.array([*(np.roll(row, i) for i in range(5)), one_far_ahead])
    mixed = far_apart[:3] + np.array([[1000.0], [0.0], [-1000.0]])
    near = rng.normal(size=(3, 4))
    yield "the gradient for ordinary logits", gradient(rng.normal(size=(3, 3)), np.array([2, 0, 0]))
    yield "the gradient for logits far apart", gradient(far_apart, rng.integers(0, 5, 6))
    yield "the gradient for logits near 1000", gradient(near + 1000.0, np.array([0, 3, 1]))
    yield "the gradient for logits near -1000", gradient(near[:2] - 1000.0, np.array([2, 1]))
    yield (
        "the gradient for rows near 1000 and rows near -1000",
        gradient(mixed, np.array([0, 2, 3])),
    )


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(gradient, rng):
    logits, targets = rng.normal(size=(4, 5)), np.array([4, 0, 2, 2])
    same_logits, same_targets = logits.copy(), targets.copy()
    others, other_targets = rng.normal(size=(4, 5)), np.array([1, 3, 0, 4])
    yield "the gradient", gradient(logits, targets)
    yield "logits unchanged", np.array_equal(logits, same_logits)
    yield "targets unchanged", np.array_equal(targets, same_targets)
    yield "the gradient for another batch", gradient(others, other_targets)
    yield "the gradient for the first batch again", gradient(same_logits, same_targets)


@probe("works for a single class, many rows or classes, one-byte targets, float32 and part of a larger array",
       points=1, hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(gradient, rng):
    size = int(rng.integers(5, 9))
    wide, targets = rng.normal(size=(size, 2 * size + 5)), rng.integers(0, size, size)
    many, few = rng.normal(size=(2, 130)), np.array([129, 128])
    part = wide.copy()[:, ::2]
    yield "the gradient with a single class", gradient(wide[:, :1].copy(), 0 * targets)
    yield "the gradient with many rows", gradient(rng.normal(size=(70, 3)), np.resize([2, 0], 70))
    yield "the gradient with many classes", gradient(many, few)
    yield (
        "the gradient for one-byte targets",
        gradient(np.tile(wide, (6, 1)), np.tile(targets, 6).astype(np.uint8)),
    )
    yield "the gradient for float32 logits", gradient(wide.astype(np.float32), targets)
    yield "the gradient for every other column of an array", gradient(part, targets)
    yield "the gradient for an array read backwards", gradient(wide[:0:-1], targets[1:])


def finite_differences(step, logits, targets):
    def losses(tables):
        log_probs = log_softmax(tables.reshape(-1, logits.shape[1])).reshape(tables.shape)
        return -log_probs[:, np.arange(len(targets)), targets].mean(axis=1)

    moves = step * np.eye(logits.size).reshape(-1, *logits.shape)
    slopes = (losses(logits + moves) - losses(logits - moves)) / (2 * step)
    return slopes.reshape(logits.shape)


PICK = "grad[np.arange(len(targets)), targets] -= 1"
PROBS = "grad = softmax(logits)"
BY_N = "grad / len(targets)"
BUGS = [
    Edit("not_divided", BY_N, "grad",
         hint="The loss is a mean over the rows, so its gradient carries a factor 1/N too. Right for one row, N "
         "times too large for N rows."),
    Edit("divides_by_classes", BY_N, "grad / grad.shape[1]",
         hint="You divide by the number of classes; the mean of the loss is over the N rows."),
    Edit("divides_by_everything", BY_N, "grad / grad.size",
         hint="You divide by N times C; the mean of the loss is over the N rows only."),
    Edit("divides_twice", BY_N, "grad / len(targets) ** 2",
         hint="You divide by N twice. The mean puts one factor 1/N into the gradient."),
    Edit("divides_by_one_less", BY_N, "grad / max(len(targets) - 1, 1)",
         hint="You divide by N - 1; the mean of N losses divides by N."),
    Edit("twice", BY_N, "2 * grad / len(targets)",
         hint="Your gradient is twice the right one. The factor 2 belongs to the square of the squared error; here there is "
         "no square."),
    Edit("half", BY_N, "grad / (2 * len(targets))", hint="Your gradient is half the right one. There is no factor 2 in it."),
    Edit("divides_by_both", BY_N, "grad / (len(targets) + grad.shape[1])",
         hint="You divide by the sum of N and C; the mean of the loss is over the N rows."),
    Edit("squared", BY_N, "grad**2 / len(targets)",
         hint="You square the difference of probabilities and target. The gradient is the difference itself."),
    Edit("times_logits", BY_N, "grad * logits / len(targets)",
         hint="You multiply by the logits. The gradient with respect to the logits does not contain them once more."),
    Edit("unit_length", BY_N, "grad / np.linalg.norm(grad)",
         hint="You divide by the length of the gradient. It is divided by N, the number of rows."),
    Edit("multiplies", BY_N, "grad * len(targets)", hint="You multiply by N; the mean of N losses divides by N."),
    Edit("forgets_the_target", PICK, "",
         hint="You return the probabilities only. Moving the right class's logit also changes the numerator of its "
         "own probability: subtract the one-hot target."),
    Edit("forgets_target_and_n", f"{PICK}\nreturn {BY_N}", "return grad",
         hint="You return the probabilities only. Moving the right class's logit also changes the numerator of its "
         "own probability: subtract the one-hot target."),
    Edit("forgets_the_probabilities", PROBS, "grad = np.zeros(logits.shape)",
         hint="You return the one-hot target only. The logarithm of the row's sum depends on all logits, too: its "
         "derivative is the probabilities."),
    Edit("wrong_sign", "return grad", "return -grad",
         hint="The sign is turned round: your gradient says that a larger logit of the right class increases the "
         "loss."),
    Edit("wrong_sign_not_divided", f"return {BY_N}", "return -grad",
         hint="The sign is turned round, and the factor 1/N of the mean is missing."),
    Edit("all_columns", PICK, "grad[:, targets] -= 1",
         hint="[:, targets] subtracts 1 in these columns of every row. Pair row i with targets[i]: two index arrays "
         "of the same length do that."),
    Edit("all_columns_again_and_again", PICK, "np.subtract.at(grad, (slice(None), targets), 1)",
         hint="You subtract 1 in the columns of all targets, in every row. Pair row i with targets[i]."),
    Edit("only_the_target_rows", PICK, "grad[targets % len(targets)] -= 1",
         hint="You use targets to choose rows; they name a column (a class) in each row."),
    Edit("exchanged_indices", PICK, "grad[targets, np.arange(len(targets))] -= 1",
         hint="Row and column are exchanged where you subtract 1: first the number of the row, then the class."),
    Edit("places_in_the_flat_array", PICK, "np.subtract.at(grad.reshape(-1), targets, 1)",
         hint="You count the places through the whole array. In row i the place is targets[i] within that row."),
    Edit("flat_array_once", PICK, "grad.flat[targets] -= 1",
         hint="You count the places through the whole array. In row i the place is targets[i] within that row."),
    Edit("loops_over_classes", PICK, "for i in range(grad.shape[1]):\n    grad[i, targets[i]] -= 1",
         hint="Your loop over the rows ends at the number of classes. Every row has a 1 to subtract."),
    Edit("ignores_class_0", PICK, f"{PICK}\ngrad[targets == 0] = 0",
         hint="Rows whose right class is 0 are left out, as if 0 meant padding. Class 0 is a class as any other."),
    Edit("subtracts_a_share", PICK, "grad -= 1 / grad.shape[1]",
         hint="You subtract the same share from all classes. The one-hot target is 1 at the right class, and 0 elsewhere."),
    Edit("subtracts_one_everywhere", PICK, "grad -= 1",
         hint="You subtract 1 from all classes. The one-hot target is 1 at the right class, and 0 elsewhere."),
    Edit("subtracts_two", PICK, PICK.replace("1", "2"),
         hint="You subtract the one-hot target twice. Once is enough."),
    Edit("adds_one", PICK, PICK.replace("-=", "+="),
         hint="The one-hot target is subtracted from the probabilities, not added."),
    Edit("sets_minus_one", PICK, PICK.replace("-=", "= -"),
         hint="You set the right class's entry to -1; take 1 away from its probability instead."),
    Edit("turns_the_right_class", PICK,
         "rows = np.arange(len(targets))\ngrad[rows, targets] = 1 - grad[rows, targets]",
         hint="The right class's entry has the wrong sign (np.abs does that, too): a larger logit there makes the loss "
         "smaller, so it is negative."),
    Edit("subtracts_the_label", PICK, PICK.replace("1", "targets"),
         hint="You subtract the number of the class. The one-hot target is 1 at the right class, whichever it is."),
    Edit("label_from_all", PICK, "grad -= targets[:, np.newaxis]",
         hint="You subtract the number of the class from the whole row. The one-hot target is 1 at the right class, "
         "and 0 elsewhere."),
    Edit("off_by_one", PICK, "grad[np.arange(len(targets)), targets - 1] -= 1",
         hint="You subtract 1 at the class before the right one. Classes count from 0."),
    Edit("off_by_one_up", PICK, "grad[np.arange(len(targets)), (targets + 1) % grad.shape[1]] -= 1",
         hint="You subtract 1 at the class after the right one. Classes count from 0."),
    Edit("sorted_targets", PICK, "grad[np.arange(len(targets)), np.sort(targets)] -= 1",
         hint="You sort the targets, and they no longer belong to their rows."),
    Edit("reversed_targets", PICK, "grad[np.arange(len(targets)), targets[::-1]] -= 1",
         hint="The targets are in reverse order, and no longer belong to their rows."),
    Edit("first_target", PICK, "grad[:, targets[0]] -= 1",
         hint="You use the first row's target for all rows. Each row has its own."),
    Edit("first_row_only", PICK, "grad[0, targets[0]] -= 1",
         hint="You subtract the target in the first row only. Every row has one."),
    Edit("each_target_once", PICK, "grad[np.unique(targets, return_index=True)[::-1]] -= 1",
         hint="Rows with the same target are treated only once. Every row has a 1 to subtract."),
    Edit("diagonal", PICK, "grad -= np.eye(*grad.shape)",
         hint="You subtract 1 on the diagonal: row i, class i. Row i belongs with class targets[i]."),
    Edit("best_class", PICK, "grad[np.arange(len(targets)), grad.argmax(axis=1)] -= 1",
         hint="You subtract 1 at the most likely class; it belongs at the right class."),
    Edit("one_hot_of_the_maximum", PICK, "grad -= np.eye(targets.max() + 1)[targets]",
         hint="The largest target need not be the last class: take the number of classes from the shape of logits."),
    Edit("smooths_labels", PICK, "grad -= 0.9 * np.eye(grad.shape[1])[targets] + 0.1 / grad.shape[1]",
         hint="You smooth the labels: a tenth of the 1 goes to all classes. Here the right class has all of it."),
    Edit("divided_before_the_target", PROBS, "grad = softmax(logits) / len(targets)",
         hint="The probabilities get divided by N twice, or the 1 is not divided as they are: subtract the one-hot "
         "target first, then divide everything once."),
    Edit("only_the_right_class", PICK, PICK + "\ngrad *= np.eye(grad.shape[1])[targets]",
         hint="Only the right class's column is filled. A larger logit of a wrong class takes probability away from "
         "the right one, so its gradient isn't 0."),
    Edit("only_the_wrong_classes", PICK, PICK.replace("-= 1", "= 0"),
         hint="The right class's entry is 0. It has the largest pull: its probability minus 1."),
    Edit("clips_logits", "softmax(logits)", "softmax(np.clip(logits, -50, 50))",
         hint="Clipping the logits changes the gradient. softmax needs no protection."),
    Edit("clips_probabilities", "softmax(logits)", "np.clip(softmax(logits), 1e-7, 1 - 1e-7)",
         hint="Clipping the probabilities changes the gradient. There is no logarithm in it that needs protection."),
    Edit("smooths_over_the_others", PICK, "grad -= 0.9 * np.eye(grad.shape[1])[targets] + 0.1 / max(grad.shape[1] - 1, 1) * (1 - np.eye(grad.shape[1])[targets])",
         hint="You smooth the labels: a tenth of the 1 goes to other classes. Here the right class has all of it."),
    *(Edit(f"temperature_{factor}", "softmax(logits)", f"softmax({factor} * logits)",
           hint="You scale the logits first (a temperature). The loss is about the logits as they are.")
      for factor in (0.5, 2, 0.1)),
    *(Edit(f"lost_axis_{i}", "softmax(logits)", new,
           hint="Without keepdims=True maximum and sum have shape (N,), and NumPy combines them column by column where N "
           "equals C, or stops. Keep the axis: shape (N, 1).")
      for i, new in enumerate((
          "(e := np.exp(logits - logits.max(axis=1, keepdims=True))) / e.sum(axis=1)",
          "(e := np.exp(logits - logits.max(axis=1))) / e.sum(axis=1, keepdims=True)",
          "(e := np.exp(logits - logits.max(axis=1))) / e.sum(axis=1)",
          "(e := np.exp(logits)) / e.sum(axis=1)"))),
    *(Edit(f"global_max_and_{tiny}", "softmax(logits)", f"(e := np.exp(logits - logits.max())) / (e.sum(axis=1, keepdims=True) + {tiny})",
           hint="You subtract the largest logit of the whole batch, so a row far below it becomes 0, and the small constant hides "
           "that. Each row needs its own maximum.")
      for tiny in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-30, 1e-300)),
    *(Edit(f"epsilon_below_{tiny}", "softmax(logits)", f"(e := np.exp(logits - logits.max(axis=1, keepdims=True))) / (e.sum(axis=1, keepdims=True) + {tiny})",
           hint="A small constant in the softmax's denominator makes every row sum to a little less than 1. The sum can't be 0 "
           "after the shift.")
      for tiny in (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)),
    Edit("global_sum", "softmax(logits)", "(e := np.exp(logits - logits.max(axis=1, keepdims=True))) / e.sum()",
         hint="The sum in your softmax runs over the whole batch. Each row has its own sum, over axis 1."),
    Edit("one_minus", "softmax(logits)", "1 - softmax(logits)",
         hint="You use one minus the probability. The gradient is the probability, minus 1 at the right class."),
    Edit("not_normalised", "softmax(logits)", "np.exp(logits - logits.max(axis=1, keepdims=True))",
         hint="Your exponentials are not divided by their row's sum yet: the formula has probabilities."),
    Edit("one_distribution", "softmax(logits)", "softmax(logits.reshape(1, -1)).reshape(logits.shape)",
         hint="The probabilities of the whole batch sum to 1. Each row is a distribution of its own."),
    Edit("sigmoids", "softmax(logits)", "0.5 * (1 + np.tanh(logits / 2))",
         hint="You use a sigmoid for each class. Here one softmax covers the classes of a row."),
    Edit("equal_shares", "softmax(logits)", "np.full(logits.shape, 1 / logits.shape[1])",
         hint="Your probabilities do not depend on the logits: all classes get the same."),
    Edit("softmax_twice", "softmax(logits)", "softmax(softmax(logits))",
         hint="You apply softmax twice: the second one gets probabilities where it needs logits."),
    Edit("normalises_columns", "softmax(logits)", "softmax(logits.T).T",
         hint="Your probabilities are normalised over the batch. The classes of one example lie along axis 1."),
    Edit("logits_minus_target", "softmax(logits)", "logits.copy()",
         hint="You subtract the target from the logits. The difference is between the probabilities and the target."),
    Edit("log_probs_minus_target", "softmax(logits)", "log_softmax(logits)",
         hint="You use log-probabilities where the formula has probabilities."),
    Edit("without_last_target", PICK, "grad[np.arange(len(targets) - 1), targets[:-1]] -= 1",
         hint="In the last row the target is not subtracted: does a loop end one too early?"),
    Edit("without_first_target", PICK, "grad[np.arange(1, len(targets)), targets[1:]] -= 1",
         hint="In the first row the target is not subtracted. Python counts from 0."),
    Edit("softmax_derivative_alone", PICK, "grad = grad * (1 - grad)",
         hint="p(1 - p) is the softmax's own derivative, at the same class. The loss's derivative, and the other classes, "
         "are missing."),
    Edit("times_the_loss", PICK, f"loss = -np.mean(log_softmax(logits)[np.arange(len(targets)), targets])\n{PICK}\ngrad *= loss",
         hint="You multiply by the loss as well. The gradient is the derivative alone, however large the loss is."),
    Edit("times_the_rows_loss", PICK, f"loss = -log_softmax(logits)[np.arange(len(targets)), targets]\n{PICK}\ngrad *= loss[:, np.newaxis]",
         hint="You multiply by the loss as well. The gradient is the derivative alone, however large the loss is."),
    Edit("times_probabilities", PICK, f"probs = grad.copy()\n{PICK}\ngrad *= probs",
         hint="p minus one-hot already is the derivative through the softmax. Multiplying by p again is too much."),
    Edit("without_last_row", BY_N, "grad / len(targets) * (np.arange(len(targets)) < len(targets) - 1)[:, np.newaxis]",
         hint="The last row is 0: does a loop end one too early?"),
    *(Wrong(f"finite_differences_{step}", partial(finite_differences, step),
            hint="You use finite differences, which are right to a few digits only. The formula is exact.")
      for step in (1e-1, 1e-2, 1e-3)),
]  # fmt: skip


LOSS = "-log_softmax(logits)[np.arange(len(targets)), targets]"
RIGHT = "(logits.argmax(axis=1) == targets)"
OTHERS = {  # what else is done with the difference of probabilities and target
    "You return the logits after a step. The gradient itself is asked.": {
        f"step_{rate}": f"logits - {rate} * grad / len(targets)" for rate in (1, 0.1, 0.01, 0.001)},
    "You divide row i by its own number (in the loop?). Every row is divided by N.": {
        "by_place": "grad / np.arange(1, len(grad) + 1)[:, None]", "by_label": "grad / (targets[:, None] + 1.0)"},
    "You divide inside the loop, so the first rows are divided again and again. Divide once, after it.": {
        "divides_again_and_again": "[(grad.__setitem__(slice(i + 1), grad[: i + 1] / len(targets))) for i in range(len(grad))] and grad",
        "divides_all_each_time": "(p := grad + np.eye(grad.shape[1])[targets]) / float(len(p)) ** len(p) - np.eye(grad.shape[1])[targets] * (1 / float(len(p))) ** (len(p) - np.arange(len(p)))[:, None]"},
    "You divide by a root, or by one more than N. The mean of N losses divides by N.": {
        "root_of_rows": "grad / np.sqrt(len(targets))", "root_of_classes": "grad / np.sqrt(grad.shape[1])", "root_of_all": "grad / np.sqrt(grad.size)", "one_more": "grad / (len(targets) + 1)"},
    "You weigh the rows by a probability. Every row counts the same.": {
        "by_own_probability": f"grad * np.exp(-({LOSS}))[:, None] / len(targets)", "by_missing_probability": f"-grad * np.expm1(-({LOSS}))[:, None] / len(targets)",
        "by_confidence": "grad * softmax(logits).max(axis=1, keepdims=True) / len(targets)"},
    "Rows that are right already get no gradient from you (as for the perceptron). Here they do, as long as p is below 1.": {
        "only_wrong_rows": f"grad * ~{RIGHT}[:, None] / len(targets)", "only_wrong_rows_mean": f"grad * ~{RIGHT}[:, None] / max((~{RIGHT}).sum(), 1)"},
    "You subtract a column's mean from the gradient. Each entry is the difference of probability and target as it is.": {
        "centred_columns": "(grad - grad.mean(axis=0)) / len(targets)", "standard_columns": "(grad - grad.mean(axis=0)) / (grad.std(axis=0) + 1e-8)"},
    "The signs in the softmax's derivative are mixed up: the product of two different probabilities is subtracted, not added.": {
        "sign_of_the_jacobian": "-(softmax(logits) + np.eye(grad.shape[1])[targets]) / len(targets)"},
    "reshape keeps the numbers in their order; it does not turn columns into rows. Make the one-hot target with a row for each target.": {
        "reshaped_target": "(softmax(logits) - np.eye(grad.shape[1])[targets].T.reshape(grad.shape)) / len(targets)"},
    "You clip the gradient. Here it is as it is.": {f"clipped_{most}": f"np.clip(grad / len(targets), -{most}, {most})" for most in (0.01, 0.05, 0.1, 0.2, 0.5)},
    "You add a penalty's gradient (a multiple of the logits). The gradient of the loss alone is asked.": {
        f"penalty_{weight}": f"grad / len(targets) + {weight} * logits" for weight in (1, 0.1, 0.01, 0.001, 0.0001, 0.02, 0.002)},
    "You keep only the signs. The larger the difference of probability and target, the larger the gradient.": {
        "signs": "np.sign(grad) / len(targets)", "signs_alone": "np.sign(grad)"},
    "You add up or average the rows or the columns. Each logit has a gradient of its own: shape (N, C).": {
        "negative_mean_of_rows": "-grad.mean(axis=0)", "negative_sum_of_rows": "-grad.sum(axis=0)", "mean_of_rows_by_n": "grad.mean(axis=0) / len(targets)",
        "mean_in_shape": "grad * 0 + grad.mean(axis=0)", "mean_of_columns": "grad.mean(axis=1)", "sum_of_columns": "grad.sum(axis=1) / len(targets)",
        "mean_of_all": "grad.mean()", "mean_keeping_the_axis": "grad.mean(axis=0, keepdims=True)"},
    "Your probabilities count C times. The derivative of the row's logarithm of the sum is the probability, once.": {
        "probabilities_c_times": "(grad + (grad.shape[1] - 1) * softmax(logits)) / len(targets)", "probabilities_twice": "(grad + softmax(logits)) / len(targets)"},
    "You divide by the probability as well. The chain rule's p in the softmax's derivative cancels that of the logarithm.": {
        "by_probability": "grad / softmax(logits) / len(targets)", "by_both_probabilities": "grad / (softmax(logits) * (1 - softmax(logits))) / len(targets)"},
    "That is each row's loss at its right class. Its derivative with respect to the logits is asked.": {
        "losses": f"np.eye(grad.shape[1])[targets] * ({LOSS})[:, None] / len(targets)", "losses_alone": LOSS, "loss": f"float(({LOSS}).mean())"},
    "You return the right class's entry only. Every logit has a gradient: shape (N, C).": {
        "right_entries": "grad[np.arange(len(targets)), targets] / len(targets)", "right_entries_in_a_column": "(grad[np.arange(len(targets)), targets] / len(targets))[:, None]"},
    "You compare the most likely class with the right one. The difference is between the probabilities and the target.": {
        "hard": "(np.eye(grad.shape[1])[logits.argmax(axis=1)] - np.eye(grad.shape[1])[targets]) / len(targets)"},
    "You return more than the gradient. One array is asked.": {"with_loss": f"(({LOSS}).mean(), grad / len(targets))"},
    "You round the gradient. Keep all digits; round only when you print.": {f"rounds_{digits}": f"np.round(grad / len(targets), {digits})" for digits in (2, 3, 4, 6)},
    "Your gradient has the right numbers in the wrong shape, turned or strung together. It has the shape of logits: (N, C).": {
        "transposed": "grad.T / len(targets)", "flat": "grad.ravel() / len(targets)", "squeezed": "(grad / len(targets)).squeeze()"},
    "You sort the classes of a row. Column c of the gradient belongs to column c of logits.": {"sorted": "np.sort(grad, axis=1) / len(targets)"},
    "You divide by the number of different targets, or by how often a class occurs. The mean is over the N rows.": {
        "by_distinct": "grad / len(set(targets.tolist()))", "by_occurrence": "grad / np.bincount(targets.astype(int))[targets.astype(int)][:, None]"},
    "You divide by the sum of the gradient or of the probabilities. It is divided by N, the number of rows.": {
        "by_sum_of_sizes": "grad / np.abs(grad).sum()", "by_row_sum_of_sizes": "grad / np.abs(grad).sum(axis=1, keepdims=True)"},
    "The first row is 0. Python counts from 0.": {"without_first_row": "grad / len(targets) * (np.arange(len(grad)) > 0)[:, None]"},
    "Only the first row is filled: is there a return inside the loop?": {"first_row_alone": "grad / len(targets) * (np.arange(len(grad)) == 0)[:, None]"},
}  # fmt: skip
BUGS += [Edit(name, BY_N, new, hint) for hint, ways in OTHERS.items() for name, new in ways.items()]


def minus_one_hot(table, targets):
    return table - np.eye(table.shape[1])[targets]


@bug("The division by N reaches the probabilities only, not the 1 of the target. Divide the whole difference.")  # fmt: skip
def divides_one_part(logits, targets):
    return minus_one_hot(softmax(logits) / len(targets), targets)


@bug("The division by N reaches the 1 of the target only, not the probabilities. Divide the whole difference.")  # fmt: skip
def divides_the_target(logits, targets):
    return softmax(logits) - np.eye(logits.shape[1])[targets] / len(targets)


@bug("exp(1000) overflows. Use your softmax, which subtracts each row's maximum first.")
def overflows(logits, targets):
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return minus_one_hot(probs, targets) / len(targets)


@bug("exp(1000) overflows, and replacing NaN afterwards can't bring the probabilities back. Use your softmax.")  # fmt: skip
def hides_nan(logits, targets):
    return np.nan_to_num(overflows.function(logits, targets))


@bug("You subtract the largest logit of the whole batch, so a row far below it becomes 0/0. Each row needs its own maximum.")  # fmt: skip
def global_max(logits, targets):
    exp = np.exp(logits - logits.max())
    return minus_one_hot(exp / exp.sum(axis=1, keepdims=True), targets) / len(targets)


@bug("p minus one-hot already is the derivative through the softmax. Multiplying by p(1 - p) "
     "applies the softmax's derivative a second time.")  # fmt: skip
def softmax_derivative_twice(logits, targets):
    probs = softmax(logits)
    return minus_one_hot(probs, targets) * probs * (1 - probs) / len(targets)


@bug("p minus one-hot already is the derivative through the softmax. Multiplying by its Jacobian applies that a second time.")  # fmt: skip
def jacobian_twice(logits, targets):
    probs = softmax(logits)
    grad = minus_one_hot(probs, targets) / len(targets)
    return probs * (grad - (grad * probs).sum(axis=1, keepdims=True))


@bug("That is the gradient of the squared difference between probabilities and target, not of the cross-entropy.")  # fmt: skip
def squared_differences(logits, targets):
    return 2 * jacobian_twice.function(logits, targets)


OF_THE_LOG = "You return the gradient for the probabilities, -1/p at the right class. The chain rule through the softmax is still missing."
NOT_DIVIDED = " And the factor 1/N of the mean is missing."


def gradient_of_the_log(tiny, averaged, logits, targets):
    one_hot = np.eye(logits.shape[1])[targets]
    return -one_hot / (softmax(logits) + tiny) / (len(targets) if averaged else 1)


BUGS += [
    Wrong(f"gradient_of_the_log_{tiny}_{averaged}", partial(gradient_of_the_log, tiny, averaged),
          OF_THE_LOG + ("" if averaged else NOT_DIVIDED))
    for tiny in (0, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7) for averaged in (True, False)
]  # fmt: skip


@bug("You write into logits (-= does that): the caller's array changes too. Make a new array.")
def in_place(logits, targets):
    logits -= logits.max(axis=1, keepdims=True)
    return minus_one_hot(softmax(logits), targets) / len(targets)


@bug("You turn the gradient into an average over the batch. Each row's logits have a gradient of their own: shape (N, C).")  # fmt: skip
def averaged_over_the_batch(logits, targets):
    return minus_one_hot(softmax(logits), targets).mean(axis=0)


@bug("You add the rows up. Each row's logits have a gradient of their own: shape (N, C).")
def summed_over_the_batch(logits, targets):
    return minus_one_hot(softmax(logits), targets).sum(axis=0)


@alternative
def row_by_row(logits, targets):
    num_rows, num_classes = logits.shape
    grad = np.zeros((num_rows, num_classes))
    for i in range(num_rows):
        e = np.exp(logits[i] - logits[i].max())
        for c in range(num_classes):
            grad[i, c] = (e[c] / e.sum() - (1.0 if c == targets[i] else 0.0)) / num_rows
    return grad


@alternative
def by_identity_matrix(logits, targets):
    shifted = logits - np.amax(logits, axis=-1, keepdims=True)
    probs = np.exp(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))
    return (probs - np.identity(logits.shape[1])[targets]) / logits.shape[0]


@alternative
def by_comparison(logits, targets):
    e = np.exp(logits - np.max(logits, axis=1).reshape(-1, 1))
    probs = e / np.sum(e, axis=1)[:, None]
    return (probs - (np.arange(logits.shape[1]) == targets[:, None])) * (1.0 / len(logits))


@alternative
def through_the_jacobian(logits, targets):
    """The chain rule in full: the log-loss's gradient times the softmax's Jacobian."""
    probs = softmax(logits)
    one_hot = np.eye(logits.shape[1])[targets]
    jacobian = np.eye(logits.shape[1]) - probs[:, None, :]
    return -np.einsum("nc,nck->nk", one_hot, jacobian) / len(targets)


@alternative
def by_put_along_axis(logits, targets):
    grad = softmax(logits)
    index = targets.astype(np.int64)[:, None]
    np.put_along_axis(grad, index, np.take_along_axis(grad, index, 1) - 1, 1)
    return np.divide(grad, logits.shape[0])
