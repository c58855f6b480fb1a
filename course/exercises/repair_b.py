"""repair_b: probes, the mistakes that a lesson plants, half repairs, other correct answers."""

import numpy as np

from course.measures import above, answers, given, pictures, unlearned
from course.spec import Edit, alternative, bug, probe, task
from nnkit.functional import (
    cross_entropy,
    cross_entropy_backward,
    linear_backward,
    minibatches,
    mlp_loss,
)


@task
def repair_b(x, targets, x_test, lr, batch_size, num_epochs, rng):
    """Train one linear layer on minibatches in random order.

    Parameters
    ----------
    x, targets : ndarray, shape (N, D) and (N,)
        Training examples, with entries from 0 to 1, and their classes.
    x_test : ndarray, shape (M, D)
        Other examples.
    lr : float
        Learning rate.
    batch_size : int
        How many examples a minibatch has; the last one of an epoch may have fewer.
    num_epochs : int
        How many passes over all examples, each in a new random order.
    rng : numpy.random.Generator
        Source of the order.

    Returns
    -------
    losses : list of float
        The loss of each minibatch before its step.
    logits : ndarray, shape (M, C)
        What the trained layer says about `x_test`.

    Examples
    --------
    >>> x, targets = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1])
    >>> losses, logits = repair_b(x, targets, x, 1.0, 1, 20, np.random.default_rng(0))
    >>> len(losses), logits.argmax(axis=1)
    (40, array([0, 1]))
    """
    classes = targets.max() + 1
    weight, bias = np.zeros((x.shape[1], classes)), np.zeros(classes)
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        inputs, labels = x[order], targets[order]
        for first in range(0, len(x), batch_size):
            batch = slice(first, first + batch_size)
            loss, grad_w, grad_b = mlp_loss(inputs[batch], labels[batch], [weight], [bias])
            losses.append(loss)
            weight, bias = weight - lr * grad_w[0], bias - lr * grad_b[0]
    return losses, x_test @ weight + bias


def examples(num_classes, num_pixels):
    def make(rng):
        x, targets = pictures(100, num_classes, num_pixels, rng)
        x = x / 16
        return {"x": x[:66], "targets": targets[:66], "x_test": x[66:], "answers": targets[66:]}

    return make


def learned(value, key):
    """Correct ends are below 0.3 log C; measured in 40 runs."""
    losses = value["losses"]
    return {
        "how many losses there are": len(losses),
        "the excess of the loss on new examples over 0.6 log C": unlearned(
            value["logits"], key, 0.6
        ),
        "the excess of the mean of the last losses over 0.6 log C": above(
            losses[-4:].mean() / np.log(value["logits"].shape[1]), 0.6
        ),
        "the first loss, in log C": losses[0] / np.log(value["logits"].shape[1]),
    }


FIVE, EIGHT = examples(5, 30), examples(8, 40)


@probe("learns what new examples are", points=2, given=given(FIVE), key=answers(FIVE),
       summary=learned)  # fmt: skip
def five_classes(repair_b, rng, given):
    losses, logits = repair_b(given["x"], given["targets"], given["x_test"], 0.4, 16, 10, rng)
    yield "losses", np.array(losses)
    yield "logits", logits


@probe("does so with other examples and batches, too", points=1, hidden=True, given=given(EIGHT),
       key=answers(EIGHT), summary=learned)  # fmt: skip
def eight_classes(repair_b, rng, given):
    losses, logits = repair_b(given["x"], given["targets"], given["x_test"], 0.4, 10, 8, rng)
    yield "losses", np.array(losses)
    yield "logits", logits


ORDER, SHUFFLE = "order = rng.permutation(len(x))", "inputs, labels = x[order], targets[order]"
STEP = "weight - lr * grad_w[0], bias - lr * grad_b[0]"
STARTS = [
    Edit("unpaired_labels", SHUFFLE, "inputs, labels = x[order], targets[rng.permutation(len(x))]",
         hint="The loss still stays near log C. Follow one example on its way into a minibatch: is what "
         "arrives with it still its own?"),
    Edit("unpaired_labels_in_old_order", SHUFFLE, "inputs, labels = x[order], targets",
         hint="The loss still stays near log C. Print row 0 of inputs and of labels, and look for both "
         "in x and in targets."),
]  # fmt: skip
BUGS = [
    *STARTS,
    Edit("inputs_not_in_order", SHUFFLE, "inputs, labels = x, targets[order]",
         hint="Now the labels are in a new order and the inputs are not. Both have to move in the same "
         "way."),
    Edit("labels_backwards", SHUFFLE, "inputs, labels = x[order], targets[order[::-1]]",
         hint="You use the order for the inputs and its reverse for the labels. Take the same one."),
    Edit("labels_sorted", SHUFFLE, "inputs, labels = x[order], np.sort(targets)",
         hint="You sort the labels, and the inputs come in another order. Label i belongs to input i: "
         "keep the pairs."),
    Edit("tiny_steps", STEP, "weight - 0.001 * lr * grad_w[0], bias - 0.001 * lr * grad_b[0]",
         hint="Your steps are now so small that the loss stays where it is. Smaller steps don't bring "
         "labels and inputs together."),
    Edit("shuffled_twice", SHUFFLE, "inputs, labels = x[order], targets[order][order]",
         hint="You put the labels into the new order twice, the inputs once."),
]  # fmt: skip


@bug("You skip the minibatches of random order, so there is one loss for each epoch. Each minibatch makes "
     "a step and leaves its loss.")  # fmt: skip
def whole_batches(x, targets, x_test, lr, batch_size, num_epochs, rng):
    return repair_b.function(x, targets, x_test, lr, len(x), num_epochs, rng)


@alternative
def in_the_given_order(x, targets, x_test, lr, batch_size, num_epochs, rng):
    weight, bias = np.zeros((x.shape[1], max(targets) + 1)), np.zeros(max(targets) + 1)
    losses = []
    for _ in range(num_epochs):
        for i in range(0, len(x), batch_size):
            rows, labels = x[i : i + batch_size], targets[i : i + batch_size]
            logits = rows @ weight + bias
            losses.append(cross_entropy(logits, labels))
            _, grad_weight, grad_bias = linear_backward(
                cross_entropy_backward(logits, labels), rows, weight
            )
            weight, bias = weight - lr * grad_weight, bias - lr * grad_bias
    return losses, x_test @ weight + bias


@alternative
def with_minibatches(x, targets, x_test, lr, batch_size, num_epochs, rng):
    classes, losses = targets.max() + 1, []
    weights, biases = [np.zeros((x.shape[1], classes))], [np.zeros(classes)]
    for _ in range(num_epochs):
        for rows in minibatches(len(x), batch_size, rng):
            loss, grad_weights, grad_biases = mlp_loss(x[rows], targets[rows], weights, biases)
            losses.append(loss)
            weights, biases = [weights[0] - lr * grad_weights[0]], [biases[0] - lr * grad_biases[0]]
    return np.array(losses), x_test @ weights[0] + biases[0]


@alternative
def pairs_in_one_table(x, targets, x_test, lr, batch_size, num_epochs, rng):
    table = np.column_stack([x, targets])
    weight, bias, losses = (
        np.zeros((x.shape[1], targets.max() + 1)),
        np.zeros(targets.max() + 1),
        [],
    )
    for _ in range(num_epochs):
        rng.shuffle(table)
        for part in np.split(table, range(batch_size, len(table), batch_size)):
            inputs, labels = part[:, :-1], part[:, -1].astype(int)
            loss, (grad_weight,), (grad_bias,) = mlp_loss(inputs, labels, [weight], [bias])
            losses.append(loss)
            weight, bias = weight - lr * grad_weight, bias - lr * grad_bias
    return losses, x_test @ weight + bias
