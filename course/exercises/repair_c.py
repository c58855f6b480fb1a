"""repair_c: probes, the mistakes that a lesson plants, half repairs, other correct answers."""

import numpy as np

from course.measures import above, answers, given
from course.spec import Edit, alternative, bug, probe, task
from nnkit.functional import linear, linear_backward, mse_backward


@task
def repair_c(x, y, x_test, lr, num_steps):
    """Fit a straight line, or a plane, by gradient descent on the mean squared error.

    Parameters
    ----------
    x, y : ndarray, shape (N, D) and (N,)
        Inputs, and the numbers to be predicted.
    x_test : ndarray, shape (M, D)
        Other inputs.
    lr : float
        Learning rate.
    num_steps : int
        How many steps; each uses all N examples.

    Returns
    -------
    losses : list of float
        The mean squared error before each step.
    predictions : ndarray, shape (M,)
        What the fit says about `x_test`.

    Examples
    --------
    The numbers follow y = 2 x + 1:

    >>> x, y = np.array([[-1.0], [0.0], [1.0]]), np.array([-1.0, 1.0, 3.0])
    >>> losses, predictions = repair_c(x, y, np.array([[2.0]]), 0.2, 60)
    >>> round(float(losses[-1]), 6), predictions.round(3)
    (0.0, array([5.]))
    """
    weight, bias = np.zeros(x.shape[1]), 0.0
    losses = []
    for _ in range(num_steps):
        error = x @ weight + bias - y
        losses.append((error**2).mean())
        slope = 2 * error / len(error)
        weight, bias = weight - lr * (x.T @ slope), bias - lr * slope.sum()
    return losses, x_test @ weight + bias


def plane(num_examples, num_inputs):
    def make(rng):
        x = rng.normal(size=(num_examples + 20, num_inputs))
        y = x @ rng.uniform(1, 2, size=num_inputs) + 3 + 0.05 * rng.normal(size=len(x))
        n = num_examples
        return {"x": x[:n], "y": y[:n], "x_test": x[n:], "answers": y[n:]}

    return make


def fitted(value, key):
    """Correct fits have an error near 0.05**2 = 0.0025."""
    losses = value["losses"]
    return {
        "how many losses there are": len(losses),
        "the excess of the mean squared error on new inputs over 0.1": above(
            ((value["predictions"] - key) ** 2).mean(), 0.1
        ),
        "the excess of the last loss over 0.1": above(losses[-1], 0.1),
        "the first loss": losses[0],
    }


SMALL, LARGE = plane(40, 3), plane(150, 5)


@probe("finds the plane", points=2, given=given(SMALL), key=answers(SMALL), summary=fitted)
def three_inputs(repair_c, rng, given):
    losses, predictions = repair_c(given["x"], given["y"], given["x_test"], 0.2, 40)
    yield "losses", np.array(losses)
    yield "predictions", predictions


@probe("finds it from many examples, too", points=1, hidden=True, given=given(LARGE),
       key=answers(LARGE), summary=fitted)  # fmt: skip
def five_inputs(repair_c, rng, given):
    losses, predictions = repair_c(given["x"], given["y"], given["x_test"], 0.15, 50)
    yield "losses", np.array(losses)
    yield "predictions", predictions


SLOPE = "slope = 2 * error / len(error)"
STEP = "weight - lr * (x.T @ slope), bias - lr * slope.sum()"
STARTS = [
    Edit("summed_gradient", SLOPE, "slope = 2 * error",
         hint="The loss still grows. Write down the slope of this loss for N examples and compare it, "
         "factor by factor, with the code. At which learning rates does the loss fall?"),
    Edit("uphill", STEP, "weight + lr * (x.T @ slope), bias + lr * slope.sum()",
         hint="The loss still grows. Try smaller and smaller learning rates: does it fall for any of "
         "them? What does that say about the direction?"),
]  # fmt: skip
BUGS = [
    *STARTS,
    Edit("bias_still_uphill", STEP, "weight - lr * (x.T @ slope), bias + lr * slope.sum()",
         hint="The weight now goes downhill, but the bias still goes up. Both go against their gradient."),
    Edit("weight_still_uphill", STEP, "weight + lr * (x.T @ slope), bias - lr * slope.sum()",
         hint="The bias goes downhill, but the weight goes up. Both go against their gradient."),
    Edit("bias_still_summed", STEP, "weight - lr * (x.T @ slope), bias - lr * slope.sum() * len(x)",
         hint="The gradient of the weight is a mean now, and that of the bias is still a sum over the "
         "examples."),
    Edit("weight_still_summed", STEP, "weight - lr * (x.T @ slope) * len(x), bias - lr * slope.sum()",
         hint="The gradient of the bias is a mean now, and that of the weight is still a sum over the "
         "examples."),
    Edit("divided_twice", SLOPE, "slope = 2 * error / len(error) ** 2",
         hint="You divide by the number of examples twice, so the steps are far too small. One place is "
         "enough."),
    Edit("smaller_steps", SLOPE, "slope = 2 * error / len(error) / 1000",
         hint="The loss no longer grows, but it hardly falls. A learning rate that hides the mistake isn't "
         "the repair: which factor is too much?"),
    Edit("bias_forgotten", STEP, "weight - lr * (x.T @ slope), bias",
         hint="Your bias stays 0: give it its step, too."),
]  # fmt: skip


@bug("You clip the steps. The loss no longer explodes, but it doesn't get small either: the factor or the "
     "sign that was wrong is still there.")  # fmt: skip
def clipped(x, y, x_test, lr, num_steps):
    weight, bias, losses = np.zeros(x.shape[1]), 0.0, []
    for _ in range(num_steps):
        error = x @ weight + bias - y
        losses.append((error**2).mean())
        slope = 2 * error
        weight = weight - lr * np.clip(x.T @ slope, -5, 5)
        bias = bias - lr * np.clip(slope.sum(), -5, 5)
    return losses, x_test @ weight + bias


@alternative
def smaller_rate_for_a_sum(x, y, x_test, lr, num_steps):
    weight, bias, losses, lr = np.zeros(x.shape[1]), 0.0, [], lr / len(x)
    for _ in range(num_steps):
        error = x @ weight + bias - y
        losses.append(np.mean(error**2))
        weight, bias = weight - lr * 2 * x.T @ error, bias - lr * 2 * error.sum()
    return losses, x_test @ weight + bias


@alternative
def without_the_two(x, y, x_test, lr, num_steps):
    weight, bias, losses = np.zeros(x.shape[1]), 0.0, []
    for _ in range(num_steps):
        error = y - x @ weight - bias
        losses.append(error @ error / len(y))
        weight = weight + 1.5 * lr * (x * error[:, None]).mean(axis=0)
        bias = bias + 1.5 * lr * error.mean()
    return losses, x_test @ weight + bias


@alternative
def with_a_linear_layer(x, y, x_test, lr, num_steps):
    weight, bias, losses = np.zeros((x.shape[1], 1)), np.zeros(1), []
    for _ in range(num_steps):
        predictions = linear(x, weight, bias)
        losses.append(((predictions[:, 0] - y) ** 2).mean())
        grad = mse_backward(predictions, y[:, None])
        _, grad_weight, grad_bias = linear_backward(grad, x, weight)
        weight, bias = weight - lr * grad_weight, bias - lr * grad_bias
    return np.array(losses), linear(x_test, weight, bias)[:, 0]
