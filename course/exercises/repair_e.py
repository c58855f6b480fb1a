"""repair_e: probes, the mistakes that a lesson plants, half repairs, other correct answers."""

from itertools import pairwise

import numpy as np

from course.measures import above, answers, given, pictures, unlearned
from course.spec import Edit, alternative, bug, probe, task
from nnkit.functional import kaiming_normal, kaiming_uniform, mlp_forward, mlp_loss


@task
def repair_e(x, targets, x_test, hidden_sizes, lr, num_steps, rng):
    """Train a deep network.

    Parameters
    ----------
    x, targets : ndarray, shape (N, D) and (N,)
        Training examples with entries around 0, and their classes.
    x_test : ndarray, shape (M, D)
        Other examples.
    hidden_sizes : list of int
        How many units each hidden layer has.
    lr : float
        Learning rate.
    num_steps : int
        How many steps; each uses all N examples.
    rng : numpy.random.Generator
        Source of the weights.

    Returns
    -------
    losses : list of float
        The training loss before each step.
    inputs : list of ndarray
        What each layer gets for `x_test` after training: first `x_test`, then the output of each
        hidden layer.
    logits : ndarray, shape (M, C)
        What the trained network says about `x_test`.

    Examples
    --------
    >>> x, targets = np.array([[-1.0, 0.5], [1.0, 0.5]]), np.array([0, 1])
    >>> _, inputs, logits = repair_e(x, targets, x, [8, 8], 0.3, 40, np.random.default_rng(0))
    >>> [part.shape for part in inputs], logits.argmax(axis=1)
    ([(2, 2), (2, 8), (2, 8)], array([0, 1]))
    """
    sizes = [x.shape[1], *hidden_sizes, targets.max() + 1]
    weights, biases = [], []
    for i, n_out in enumerate(sizes[1:]):
        n_in = sizes[i]
        weights.append(rng.normal(size=(n_in, n_out)) * np.sqrt(2 / n_in))
        biases.append(np.zeros(n_out))
    losses = []
    for _ in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        weights = [w - lr * grad for w, grad in zip(weights, grad_weights, strict=True)]
        biases = [b - lr * grad for b, grad in zip(biases, grad_biases, strict=True)]
    logits, (inputs, _) = mlp_forward(x_test, weights, biases)
    return losses, inputs, logits


def examples(num_classes, num_pixels):
    def make(rng):
        x, targets = pictures(100, num_classes, num_pixels, rng)
        x = x / 16 - 0.45
        return {"x": x[:66], "targets": targets[:66], "x_test": x[66:], "answers": targets[66:]}

    return make


def learned(value, key):
    """Correct ends are below 0.25 log C, those of the starts near log C; measured in 30 runs."""
    num_classes = value["logits"].shape[1]
    return {
        "how many losses there are": len(value["losses"]),
        "the excess of the loss on new examples over 0.6 log C": unlearned(
            value["logits"], key, 0.6
        ),
        "the excess of the last of the losses over 0.6 log C": above(
            value["losses"][-1] / np.log(num_classes), 0.6
        ),
        "the excess of the part of units in the last hidden layer that are off for all over 0.9": above(
            float((value["last hidden layer"] <= 0).all(axis=0).mean()), 0.9
        ),
    }


FOUR, FIVE = examples(4, 24), examples(5, 30)


@probe("learns through three hidden layers", points=2, given=given(FOUR), key=answers(FOUR),
       summary=learned)  # fmt: skip
def three_layers(repair_e, rng, given):
    data = given["x"], given["targets"], given["x_test"]
    result = repair_e(*data, [20, 21, 22], 0.25, 45, rng)
    yield "losses", np.array(result[0])
    yield "last hidden layer", result[1][-1]
    yield "logits", result[2]


@probe("does so with other examples and layers, too", points=1, hidden=True, given=given(FIVE),
       key=answers(FIVE), summary=learned)  # fmt: skip
def four_layers(repair_e, rng, given):
    data = given["x"], given["targets"], given["x_test"]
    result = repair_e(*data, [30, 30, 30, 30], 0.2, 50, rng)
    yield "losses", np.array(result[0])
    yield "last hidden layer", result[1][-1]
    yield "logits", result[2]


DRAW, BIAS = "rng.normal(size=(n_in, n_out)) * np.sqrt(2 / n_in)", "np.zeros(n_out)"
LOOP = "losses = []\nfor _ in"
STARTS = [
    Edit("dead_units", BIAS, "np.full(n_out, -3.0)",
         hint="The loss still stays near log C. For each hidden layer, how many units are off for every "
         "example? Then ask what decides that a unit is off."),
    Edit("tiny_weights", DRAW, "rng.normal(size=(n_in, n_out)) * 0.01",
         hint="The loss still stays near log C. Print the typical size of what each layer gives, from the "
         "first to the last: what does each layer do to it?"),
]  # fmt: skip
BUGS = [
    *STARTS,
    Edit("large_biases", BIAS, "np.full(n_out, 30.0)",
         hint="Your biases are so large that all units are on and the logits are huge. Start them at 0."),
    Edit("without_the_root", DRAW, "rng.normal(size=(n_in, n_out)) * 2 / n_in",
         hint="You multiply by 2 / n_in without the root. Then each layer shrinks the numbers still."),
    Edit("still_too_small", DRAW, "rng.normal(size=(n_in, n_out)) * 0.03",
         hint="The weights are larger now, and each layer still shrinks the numbers. The right size "
         "depends on how many inputs a unit has."),
    Edit("much_too_large", DRAW, "rng.normal(size=(n_in, n_out)) * 5",
         hint="Now the weights are so large that each layer makes the numbers grow. They should keep their "
         "size."),
    Edit("smaller_steps", LOOP, "losses, lr = [], lr / 1000\nfor _ in",
         hint="You made the steps smaller, so nothing moves at all. Look at what the layers give, not at "
         "the learning rate."),
]  # fmt: skip


@bug("Your list of inputs holds the outputs of the layers, too: it begins with x_test and ends with the "
     "last hidden layer.")  # fmt: skip
def logits_among_the_inputs(x, targets, x_test, hidden_sizes, lr, num_steps, rng):
    losses, inputs, logits = repair_e.function(x, targets, x_test, hidden_sizes, lr, num_steps, rng)
    return losses, [*inputs, logits], logits


def trained(x, targets, x_test, weights, biases, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        for i in range(len(weights)):
            weights[i] = weights[i] - lr * grad_weights[i]
            biases[i] = biases[i] - lr * grad_biases[i]
    logits, (inputs, _) = mlp_forward(x_test, weights, biases)
    return losses, inputs, logits


@alternative
def kaiming(x, targets, x_test, hidden_sizes, lr, num_steps, rng):
    sizes = [x.shape[1], *hidden_sizes, targets.max() + 1]
    weights = [kaiming_normal(m, n, rng) for m, n in pairwise(sizes)]
    biases = [np.zeros(n) for n in sizes[1:]]
    return trained(x, targets, x_test, weights, biases, lr, num_steps)


@alternative
def uniform_and_small_biases(x, targets, x_test, hidden_sizes, lr, num_steps, rng):
    sizes = [x.shape[1], *hidden_sizes, targets.max() + 1]
    weights = [kaiming_uniform(m, n, rng) for m, n in pairwise(sizes)]
    biases = [np.full(n, 0.01) for n in sizes[1:]]
    return trained(x, targets, x_test, weights, biases, lr, num_steps)


@alternative
def orthogonal(x, targets, x_test, hidden_sizes, lr, num_steps, rng):
    sizes = [x.shape[1], *hidden_sizes, targets.max() + 1]
    weights = []
    for m, n in pairwise(sizes):
        square = np.linalg.qr(rng.normal(size=(max(m, n), max(m, n))))[0]
        weights.append(np.sqrt(2 * max(m, n) / m) * square[:m, :n])
    return trained(x, targets, x_test, weights, [np.zeros(n) for n in sizes[1:]], lr, num_steps)
