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
    yield "the gradient for a single row", gradient(rng.normal(size=(1, 5)), np.array([3]))


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
    Edit("adds_one", PICK, PICK.replace("-=", "+="),
         hint="The one-hot target is subtracted from the probabilities, not added."),
    Edit("sets_minus_one", PICK, PICK.replace("-=", "= -"),
         hint="You set the right class's entry to -1; take 1 away from its probability instead."),
    Edit("turns_the_right_class", PICK,
         "rows = np.arange(len(targets))\ngrad[rows, targets] = 1 - grad[rows, targets]",
         hint="The right class's entry has the wrong sign: a larger logit there makes the loss smaller."),
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
    Edit("temperature", "softmax(logits)", "softmax(logits / 2)",
         hint="You divide the logits by 2 first. The loss is about the logits as they are."),
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
    Edit("times_probabilities", PICK, f"probs = grad.copy()\n{PICK}\ngrad *= probs",
         hint="p minus one-hot already is the derivative through the softmax. Multiplying by p again is too much."),
    Edit("without_last_row", BY_N, "grad / len(targets) * (np.arange(len(targets)) < len(targets) - 1)[:, np.newaxis]",
         hint="The last row is 0: does a loop end one too early?"),
    *(Wrong(f"finite_differences_{step}", partial(finite_differences, step),
            hint="You use finite differences, which are right to a few digits only. The formula is exact.")
      for step in (1e-1, 1e-2, 1e-3)),
]  # fmt: skip


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


@bug("You return the gradient for the probabilities, -1/p at the right class. The chain rule through the softmax is still missing.")  # fmt: skip
def gradient_of_the_log(logits, targets):
    one_hot = np.eye(logits.shape[1])[targets]
    return -one_hot / softmax(logits) / len(targets)


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
