"""repair_a: probes, the mistakes that a lesson plants, half repairs, other correct answers."""

import numpy as np

from course.measures import above, answers, blind_loss, given, pictures, unlearned
from course.spec import Edit, alternative, bug, probe, task
from nnkit.functional import kaiming_normal, mlp_forward, mlp_loss, xavier_uniform


@task
def repair_a(x, targets, x_test, hidden, lr, num_steps, rng):
    """Train a network with one hidden layer on small pictures.

    Parameters
    ----------
    x, targets : ndarray, shape (N, D) and (N,)
        Training pictures, as pixels from 0 to 16, and their classes.
    x_test : ndarray, shape (M, D)
        Other pictures, with pixels from 0 to 16.
    hidden : int
        How many hidden units.
    lr : float
        Learning rate.
    num_steps : int
        How many steps; 0 leaves the network as it is at the start.
    rng : numpy.random.Generator
        Source of the weights.

    Returns
    -------
    losses : list of float
        The training loss before each step. The first is near the logarithm of the number of
        classes.
    logits : ndarray, shape (M, C)
        What the trained network says about `x_test`.

    Examples
    --------
    >>> pictures = np.array([[16.0, 0.0], [0.0, 16.0]])
    >>> losses, logits = repair_a(
    ...     pictures, np.array([0, 1]), pictures, 8, 0.5, 50, np.random.default_rng(0)
    ... )
    >>> losses[-1] < 0.1, logits.argmax(axis=1)
    (True, array([0, 1]))
    """
    inputs, test_inputs = x / 16, x_test / 16
    weights, biases = [], []
    for fan_in, fan_out in [(x.shape[1], hidden), (hidden, targets.max() + 1)]:
        weights.append(rng.normal(size=(fan_in, fan_out)) / np.sqrt(fan_in))
        biases.append(np.zeros(fan_out))
    losses = []
    for _ in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(inputs, targets, weights, biases)
        losses.append(loss)
        weights = [w - lr * grad for w, grad in zip(weights, grad_weights, strict=True)]
        biases = [b - lr * grad for b, grad in zip(biases, grad_biases, strict=True)]
    return losses, mlp_forward(test_inputs, weights, biases)[0]


def small_pictures(num_classes, num_pixels):
    def make(rng):
        x, targets = pictures(90, num_classes, num_pixels, rng)
        return {"x": x[:60], "targets": targets[:60], "x_test": x[60:], "answers": targets[60:]}

    return make


def start_and_end(value, key):
    """Correct starts have 1.35 times log C at most, inputs that are not scaled 2.1; 400 runs."""
    num_classes = value["logits"].shape[1]
    return {
        "the excess of the loss at the start over 1.65 log C": above(
            blind_loss(value["logits of the start"]) / np.log(num_classes), 1.65
        ),
        "the excess of the loss on new pictures over 0.5 log C": unlearned(
            value["logits"], key, 0.5
        ),
        "the excess of the last of the losses over 0.5 log C": above(
            value["losses"][-1] / np.log(num_classes), 0.5
        ),
    }


EIGHT, TEN = small_pictures(8, 50), small_pictures(10, 60)


@probe("starts near log C and learns from there", points=2, given=given(EIGHT), key=answers(EIGHT),
       summary=start_and_end)  # fmt: skip
def eight_classes(repair_a, rng, given):
    data = given["x"], given["targets"], given["x_test"]
    yield "logits of the start", repair_a(*data, 100, 0.5, 0, rng)[1]
    losses, logits = repair_a(*data, 100, 0.5, 60, rng)
    yield "losses", np.array(losses)
    yield "logits", logits


@probe("does so with other pictures, too", points=1, hidden=True, given=given(TEN),
       key=answers(TEN), summary=start_and_end)  # fmt: skip
def ten_classes(repair_a, rng, given):
    data = given["x"], given["targets"], given["x_test"]
    yield "logits of the start", repair_a(*data, 100, 0.5, 0, rng)[1]
    losses, logits = repair_a(*data, 100, 0.5, 60, rng)
    yield "losses", np.array(losses)
    yield "logits", logits


SCALE, DRAW = "x / 16, x_test / 16", "rng.normal(size=(fan_in, fan_out)) / np.sqrt(fan_in)"
STEP = "w - lr * grad for w, grad"
STARTS = [
    Edit("huge_weights", DRAW, "rng.normal(size=(fan_in, fan_out))",
         hint="The first loss is still far above log C, so the first logits are far from equal. How large "
         "are they, and what in your code sets their size at the start?"),
    Edit("unscaled_inputs", SCALE, "x.astype(float), x_test.astype(float)",
         hint="The first loss is still far above log C. Print the typical size of what goes into the first "
         "layer, and of what comes out of it."),
]  # fmt: skip
BUGS = [
    *STARTS,
    Edit("divided_by_255", SCALE, "x / 255, x_test / 255",
         hint="Your inputs are now far too small, so that training hardly moves. Pixels go to 16 here, "
         "not to 255: divide by what fits."),
    Edit("a_fixed_small_factor", SCALE, "x / 1000, x_test / 1000",
         hint="You made the inputs so small that the first loss is log C and stays there. They should "
         "have a size near 1."),
    Edit("weights_of_zero", DRAW, "np.zeros((fan_in, fan_out))",
         hint="With all weights zero the first loss is log C, but nothing is learnt: no unit differs from "
         "another. The weights need to be random."),
    Edit("test_pictures_left_out", SCALE, "x / 16, x_test",
         hint="You scale the training pictures and leave x_test as it is. The network must see both in "
         "the same units."),
    Edit("divided_by_fan_in_squared", DRAW, "rng.normal(size=(fan_in, fan_out)) / fan_in**4",
         hint="Your weights are now so small that nothing gets through both layers. A sum of fan_in terms "
         "grows with the root of fan_in."),
    Edit("smaller_steps", STEP, "w - lr / 1000 * grad for w, grad",
         hint="You made the steps smaller. The first loss comes before any step, so the learning rate "
         "isn't what was wrong."),
]  # fmt: skip


@bug("Your network returns the loss and says nothing about x_test: return losses, logits.")
def losses_only(x, targets, x_test, hidden, lr, num_steps, rng):
    return repair_a.function(x, targets, x_test, hidden, lr, num_steps, rng)[0]


def trained(x, targets, x_test, weights, biases, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        for i in range(2):
            weights[i] = weights[i] - lr * grad_weights[i]
            biases[i] = biases[i] - lr * grad_biases[i]
    return losses, mlp_forward(x_test, weights, biases)[0]


@alternative
def kaiming_and_largest_pixel(x, targets, x_test, hidden, lr, num_steps, rng):
    largest, classes = x.max(), targets.max() + 1
    weights = [kaiming_normal(x.shape[1], hidden, rng), kaiming_normal(hidden, classes, rng)]
    biases = [np.zeros(hidden), np.zeros(classes)]
    return trained(x / largest, targets, x_test / largest, weights, biases, lr, num_steps)


@alternative
def standardized_and_xavier(x, targets, x_test, hidden, lr, num_steps, rng):
    mean, std, classes = x.mean(axis=0), x.std(axis=0) + 1e-6, targets.max() + 1
    weights = [xavier_uniform(x.shape[1], hidden, rng), xavier_uniform(hidden, classes, rng)]
    biases = [np.zeros(hidden), np.zeros(classes)]
    x, x_test = (x - mean) / std, (x_test - mean) / std
    return trained(x, targets, x_test, weights, biases, lr, num_steps)


@alternative
def small_weights(x, targets, x_test, hidden, lr, num_steps, rng):
    classes = targets.max() + 1
    weights = [
        0.01 * rng.standard_normal((x.shape[1], hidden)), 0.01 * rng.standard_normal((hidden, classes)),
    ]  # fmt: skip
    biases = [np.zeros(hidden), np.zeros(classes)]
    return trained(x / 16, targets, x_test / 16, weights, biases, lr, num_steps)
