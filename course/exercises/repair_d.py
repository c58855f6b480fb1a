"""repair_d: probes, the mistakes that a lesson plants, half repairs, other correct answers."""

import numpy as np

from course.measures import above, answers, given, rings, unlearned
from course.spec import Edit, alternative, probe, task
from nnkit.functional import kaiming_normal, mlp_forward, mlp_loss, xavier_uniform


@task
def repair_d(x, targets, x_test, hidden, lr, num_steps, rng):
    """Train a network with one hidden layer on points in the plane.

    Parameters
    ----------
    x, targets : ndarray, shape (N, 2) and (N,)
        Training points, and their classes.
    x_test : ndarray, shape (M, 2)
        Other points.
    hidden : int
        How many hidden units.
    lr : float
        Learning rate.
    num_steps : int
        How many steps; each uses all N points.
    rng : numpy.random.Generator
        Source of random numbers.

    Returns
    -------
    losses : list of float
        The training loss before each step.
    weights : list of 2 ndarrays, shape (2, hidden) and (hidden, C)
        The weights after training.
    logits : ndarray, shape (M, C)
        What the trained network says about `x_test`.

    Examples
    --------
    >>> x, targets = np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([0, 1])
    >>> _, _, logits = repair_d(x, targets, x, 8, 1.0, 50, np.random.default_rng(0))
    >>> logits.argmax(axis=1)
    array([0, 1])
    """
    shapes = [(x.shape[1], hidden), (hidden, targets.max() + 1)]
    weights = [rng.normal(size=shape) * np.sqrt(2 / shape[0]) for shape in shapes]
    biases = [np.zeros(outputs) for _, outputs in shapes]
    losses = []
    for _ in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        weights = [w - lr * grad for w, grad in zip(weights, grad_weights, strict=True)]
        biases = [b - lr * grad for b, grad in zip(biases, grad_biases, strict=True)]
    return losses, weights, mlp_forward(x_test, weights, biases)[0]


def points(num_classes):
    def make(rng):
        x, targets = rings(120, num_classes, rng)
        return {"x": x[:60], "targets": targets[:60], "x_test": x[60:], "answers": targets[60:]}

    return make


def learned(value, key):
    """Correct ends are below 0.35 log C, those of equal units above 0.7; measured in 30 runs."""
    num_classes = value["logits"].shape[1]
    return {
        "how many losses there are": len(value["losses"]),
        "the excess of the loss on new points over 0.5 log C": unlearned(value["logits"], key, 0.5),
        "the excess of the last of the losses over 0.5 log C": above(
            value["losses"][-1] / np.log(num_classes), 0.5
        ),
        "whether hidden units differ": bool(np.ptp(value["weights"][0], axis=1).max() > 0),
    }


TWO, THREE = points(2), points(3)


@probe("tells a ring from what lies inside", points=2, given=given(TWO), key=answers(TWO),
       summary=learned)  # fmt: skip
def two_rings(repair_d, rng, given):
    result = repair_d(given["x"], given["targets"], given["x_test"], 20, 1.5, 60, rng)
    yield "losses", np.array(result[0])
    yield "weights", result[1]
    yield "logits", result[2]


@probe("does so with three rings, too", points=1, hidden=True, given=given(THREE),
       key=answers(THREE), summary=learned)  # fmt: skip
def three_rings(repair_d, rng, given):
    result = repair_d(given["x"], given["targets"], given["x_test"], 30, 1.0, 80, rng)
    yield "losses", np.array(result[0])
    yield "weights", result[1]
    yield "logits", result[2]


DRAW = "rng.normal(size=shape) * np.sqrt(2 / shape[0])"
STARTS = [
    Edit("equal_units", DRAW, "np.full(shape, 0.1)",
         hint="The loss still doesn't get small. Print the columns of weights[0], one for each hidden "
         "unit: how many different units does the network have?"),
    Edit("equal_units_of_zero", DRAW, "np.zeros(shape)",
         hint="The loss still stays at log C. Print the columns of weights[0] before and after training: "
         "what could make one unit differ from another?"),
]  # fmt: skip
BUGS = [
    *STARTS,
    Edit("another_constant", DRAW, "np.full(shape, 0.5)",
         hint="You start from another constant, so the units are still equal, and get equal gradients. "
         "Only random weights make them differ."),
    Edit("ones", DRAW, "np.ones(shape)",
         hint="You start from ones, so all hidden units are equal and stay equal. Draw the weights at "
         "random."),
    Edit("one_number_for_all", DRAW, "np.full(shape, rng.normal())",
         hint="You draw one random number for a whole layer, so its units are equal. Draw one for each "
         "weight."),
    Edit("columns_equal", DRAW, "np.repeat(rng.normal(size=(shape[0], 1)), shape[1], axis=1)",
         hint="You draw one number for each input, and all units share them. A unit is a column: the "
         "columns must differ."),
    Edit("a_smaller_constant", DRAW, "np.full(shape, 0.01)",
         hint="You made the constant smaller. The size isn't the trouble: the units are equal."),
]  # fmt: skip


def trained(x, targets, x_test, weights, biases, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        for i in range(2):
            weights[i] = weights[i] - lr * grad_weights[i]
            biases[i] = biases[i] - lr * grad_biases[i]
    return losses, weights, mlp_forward(x_test, weights, biases)[0]


@alternative
def kaiming(x, targets, x_test, hidden, lr, num_steps, rng):
    classes = targets.max() + 1
    weights = [kaiming_normal(2, hidden, rng), kaiming_normal(hidden, classes, rng)]
    return trained(
        x, targets, x_test, weights, [np.zeros(hidden), np.zeros(classes)], lr, num_steps
    )


@alternative
def xavier_and_small_biases(x, targets, x_test, hidden, lr, num_steps, rng):
    classes = targets.max() + 1
    weights = [xavier_uniform(2, hidden, rng), xavier_uniform(hidden, classes, rng)]
    biases = [np.full(hidden, 0.1), np.zeros(classes)]
    return trained(x, targets, x_test, weights, biases, lr, num_steps)


@alternative
def random_first_layer_only(x, targets, x_test, hidden, lr, num_steps, rng):
    classes = targets.max() + 1
    weights = [rng.normal(size=(2, hidden)), np.zeros((hidden, classes))]
    return trained(
        x, targets, x_test, weights, [np.zeros(hidden), np.zeros(classes)], lr, num_steps
    )


@alternative
def uniform_weights(x, targets, x_test, hidden, lr, num_steps, rng):
    classes = targets.max() + 1
    weights = [rng.uniform(-1, 1, size=(2, hidden)), rng.uniform(-0.4, 0.4, size=(hidden, classes))]
    return trained(
        x, targets, x_test, weights, [np.zeros(hidden), np.zeros(classes)], lr, num_steps
    )
