"""cross_entropy_backward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("is right for a single row", points=1, rtol=1e-6)
def one_row(cross_entropy_backward, rng):
    return cross_entropy_backward(rng.normal(size=(1, 5)), np.array([3]))


@probe("is right for a batch, whose loss is a mean", points=2, rtol=1e-6)
def batches(cross_entropy_backward, rng):
    small, large = rng.normal(size=(5, 7)), rng.normal(scale=3.0, size=(8, 3))
    return {
        "the gradient": cross_entropy_backward(small, np.array([6, 0, 3, 3, 5])),
        "the gradient of a second batch": cross_entropy_backward(
            large, rng.permutation([0, 1, 2, 0, 1, 2, 2, 2])
        ),
    }


@probe("pairs each row with its own target, also when there are as many rows as classes", points=1,
       rtol=1e-6)  # fmt: skip
def square_batch(cross_entropy_backward, rng):
    logits = rng.normal(scale=2.0, size=(6, 6)) + 5.0 * np.arange(6)[:, np.newaxis]
    return cross_entropy_backward(logits, np.array([1, 2, 0, 5, 5, 4]))


@probe("stays exact for logits of ±1000", points=1)
def large_logits(cross_entropy_backward, rng):
    gaps = np.array([0.0, -1.0, -15.0, -300.0, -2000.0])
    rows = [rng.permutation(gaps) + offset for offset in (1000.0, 0.0, -1000.0)]
    one_far_ahead = np.array([1000.0, -1000.0, -1000.0, -1000.0, -1000.0])
    return cross_entropy_backward(np.array([*rows, one_far_ahead]), rng.permutation([0, 2, 3, 4]))


@probe("leaves its arguments as they were", points=1, rtol=1e-6)
def unchanged_arguments(cross_entropy_backward, rng):
    logits, targets = rng.normal(size=(4, 5)), np.array([4, 0, 2, 2])
    grad = cross_entropy_backward(logits, targets)
    again = cross_entropy_backward(logits, targets)
    return {
        "the gradient": grad,
        "the gradient when called again": again,
        "logits after the calls": logits,
        "targets after the calls": targets,
    }


@probe("works for one-byte targets and part of a larger array", points=1, hidden=True, rtol=1e-6)
def unusual_input(cross_entropy_backward, rng):
    size = int(rng.integers(5, 9))
    wide, targets = rng.normal(size=(size, 2 * size + 2)), rng.integers(0, size + 1, size)
    return [
        cross_entropy_backward(wide[:, ::2], targets.astype(np.uint8)),
        cross_entropy_backward(wide.T, np.repeat(targets, 3)[: 2 * size + 2] % size),
    ]


PICK = "grad[np.arange(len(targets)), targets] -= 1"
BUGS = [
    Edit("not_divided", "grad / len(targets)", "grad",
         hint="The loss is a mean over the rows, so its gradient carries a factor 1/N too. Right "
         "for one row, N times too large for N rows."),
    Edit("divides_by_classes", "grad / len(targets)", "grad / grad.shape[1]",
         hint="You divide by the number of classes; the mean of the loss is over the N rows."),
    Edit("divides_by_everything", "grad / len(targets)", "grad / grad.size",
         hint="You divide by N times C; the mean of the loss is over the N rows only."),
    Edit("divides_twice", "grad / len(targets)", "grad / len(targets) ** 2",
         hint="You divide by N twice. The mean puts one factor 1/N into the gradient."),
    Edit("forgets_the_target", PICK, "",
         hint="You return the probabilities only. Moving the right class's logit also changes the "
         "numerator of its own probability: subtract the one-hot target."),
    Edit("wrong_sign", "return grad", "return -grad",
         hint="The sign is turned round: your gradient says that a larger logit of the right class "
         "increases the loss."),
    Edit("all_columns", PICK, "grad[:, targets] -= 1",
         hint="[:, targets] subtracts 1 in these columns of every row. Pair row i with targets[i]: "
         "two index arrays of the same length do that."),
    Edit("only_the_target_rows", PICK, "grad[targets % len(targets)] -= 1",
         hint="You use targets to choose rows; they name a column (a class) in each row."),
    Edit("adds_one", PICK, PICK.replace("-=", "+="),
         hint="The one-hot target is subtracted from the probabilities, not added."),
    Edit("off_by_one", PICK, "grad[np.arange(len(targets)), targets - 1] -= 1",
         hint="You subtract 1 at the class before the right one. Classes count from 0."),
    Edit("sorted_targets", PICK, "grad[np.arange(len(targets)), np.sort(targets)] -= 1",
         hint="You sort the targets, and they no longer belong to their rows."),
    Edit("divided_before_the_target", "grad = softmax(logits)", "grad = softmax(logits) / len(targets)",
         hint="The probabilities get divided by N twice, or the 1 is not divided as they are: "
         "subtract the one-hot target first, then divide everything once."),
    Edit("only_the_right_class", PICK, PICK + "\ngrad *= np.eye(grad.shape[1])[targets]",
         hint="Only the right class's column is filled. A larger logit of a wrong class takes "
         "probability away from the right one, so its gradient isn't 0."),
    Edit("best_class", PICK, "grad[np.arange(len(targets)), grad.argmax(axis=1)] -= 1",
         hint="You subtract 1 at the most likely class; it belongs at the right class."),
]  # fmt: skip


def probabilities(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def minus_one_hot(table, targets):
    return table - np.eye(table.shape[1])[targets]


@bug("The division by N reaches the probabilities only, not the 1 of the target. Divide the whole "
     "difference.")  # fmt: skip
def divides_one_part(logits, targets):
    return minus_one_hot(probabilities(logits) / len(targets), targets)


@bug("exp(1000) overflows. Use your softmax, which subtracts each row's maximum first.")
def overflows(logits, targets):
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return minus_one_hot(probs, targets) / len(targets)


@bug("You subtract the largest logit of the whole batch, so a row far below it becomes 0/0. Each "
     "row needs its own maximum.")  # fmt: skip
def global_max(logits, targets):
    exp = np.exp(logits - logits.max())
    return minus_one_hot(exp / exp.sum(axis=1, keepdims=True), targets) / len(targets)


@bug("Your probabilities are normalised over the batch. The classes of one example lie along "
     "axis 1.")  # fmt: skip
def normalises_columns(logits, targets):
    exp = np.exp(logits - logits.max(axis=0))
    return minus_one_hot(exp / exp.sum(axis=0), targets) / len(targets)


@bug("You subtract the target from the logits. The difference is between the probabilities and "
     "the target.")  # fmt: skip
def logits_minus_target(logits, targets):
    return minus_one_hot(logits, targets) / len(targets)


@bug("You use log-probabilities where the formula has probabilities.")
def log_probs_minus_target(logits, targets):
    return minus_one_hot(np.log(probabilities(logits)), targets) / len(targets)


@bug("p minus one-hot already is the derivative through the softmax. Multiplying by p(1 - p) "
     "applies the softmax's derivative a second time.")  # fmt: skip
def softmax_derivative_twice(logits, targets):
    probs = probabilities(logits)
    return minus_one_hot(probs, targets) * probs * (1 - probs) / len(targets)


@bug("You apply softmax twice: the second one gets probabilities where it needs logits.")
def softmax_twice(logits, targets):
    return minus_one_hot(probabilities(probabilities(logits)), targets) / len(targets)


@bug("You return the gradient for the probabilities, -1/p at the right class. The chain rule "
     "through the softmax is still missing.")  # fmt: skip
def gradient_of_the_log(logits, targets):
    one_hot = np.eye(logits.shape[1])[targets]
    return -one_hot / probabilities(logits) / len(targets)


@bug("You write into logits (-= does that): the caller's array changes too. Make a new array.")
def in_place(logits, targets):
    logits -= logits.max(axis=1, keepdims=True)
    exp = np.exp(logits)
    return minus_one_hot(exp / exp.sum(axis=1, keepdims=True), targets) / len(targets)


@bug("You turn the gradient into an average over the batch. Each row's logits have a gradient of "
     "their own: shape (N, C).")  # fmt: skip
def averaged_over_the_batch(logits, targets):
    return minus_one_hot(probabilities(logits), targets).mean(axis=0)


@bug("You add the rows up. Each row's logits have a gradient of their own: shape (N, C).")
def summed_over_the_batch(logits, targets):
    return minus_one_hot(probabilities(logits), targets).sum(axis=0)


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
    probs = probabilities(logits)
    one_hot = np.eye(logits.shape[1])[targets]
    jacobian = np.eye(logits.shape[1]) - probs[:, None, :]
    return -np.einsum("nc,nck->nk", one_hot, jacobian) / len(targets)


@alternative
def by_put_along_axis(logits, targets):
    grad = probabilities(logits)
    index = targets.astype(np.int64)[:, None]
    np.put_along_axis(grad, index, np.take_along_axis(grad, index, 1) - 1, 1)
    return np.divide(grad, logits.shape[0])
