"""repair_f: probes, the mistakes that a lesson plants, half repairs, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe, task
from nnkit.functional import (
    cross_entropy,
    cross_entropy_backward,
    linear_backward,
    mlp_loss,
    relu,
    relu_backward,
    sgd_step,
)


@task
def repair_f(x, targets, weights, biases, lr, num_steps):
    """Train a network with one hidden layer; its gradients are worked out by hand.

    Parameters
    ----------
    x, targets : ndarray, shape (N, D) and (N,)
        Training examples, and their classes.
    weights, biases : list of 2 ndarrays
        The network at the start: shapes (D, H) and (H, C), (H,) and (C,). They stay as they are.
    lr : float
        Learning rate.
    num_steps : int
        How many steps of plain gradient descent; each uses all N examples.

    Returns
    -------
    losses : list of float
        The mean cross-entropy before each step.
    weights, biases : list of 2 ndarrays
        The network after training.

    Examples
    --------
    >>> weights, biases = [np.eye(2), np.eye(2)], [np.zeros(2), np.zeros(2)]
    >>> losses, _, _ = repair_f(np.eye(2), np.array([0, 1]), weights, biases, 0.5, 20)
    >>> losses[-1] < losses[0] / 2
    True
    """
    params = [*weights, *biases]
    losses = []
    for _ in range(num_steps):
        grads = [np.zeros_like(param) for param in params]
        w1, w2, b1, b2 = params
        hidden = relu(x @ w1 + b1)
        logits = hidden @ w2 + b2
        losses.append(cross_entropy(logits, targets))
        grad_logits = cross_entropy_backward(logits, targets)
        grad_hidden = relu_backward(grad_logits @ w2.T, hidden)
        grads[0] += x.T @ grad_hidden
        grads[1] += hidden.T @ grad_logits
        grads[2] += grad_hidden.sum(axis=0)
        grads[3] += grad_logits.sum(axis=0)
        params = [param - lr * grad for param, grad in zip(params, grads, strict=True)]
    return losses, params[:2], params[2:]


def network(sizes, num_examples, rng):
    """Examples and a network, with biases that are not 0."""
    x = rng.normal(size=(num_examples, sizes[0]))
    targets = rng.permutation(np.arange(num_examples) % sizes[-1])
    weights = [rng.normal(size=(sizes[i], sizes[i + 1])) / 2 for i in range(len(sizes) - 1)]
    return x, targets, weights, [rng.normal(size=n) / 2 for n in sizes[1:]]


@probe("moves as gradient descent does", points=2, rtol=1e-7)
def three_steps(repair_f, rng):
    start = network([4, 6, 3], 7, rng)
    losses, weights, biases = repair_f(*start, 0.3, 3)
    yield "losses", np.array(losses)
    yield "weights", weights
    yield "biases", biases


@probe("does so for many steps, and leaves the start as it was", points=1, hidden=True, rtol=1e-6)
def many_steps(repair_f, rng):
    start = network([5, 8, 4], 12, rng)
    losses, weights, biases = repair_f(*start, 0.2, 25)
    yield "losses", np.array(losses)
    yield "weights", weights
    yield "biases", biases
    yield "weights of the start", start[2]
    yield "biases of the start", start[3]


GATE = "grad_hidden = relu_backward(grad_logits @ w2.T, hidden)"
RESET = """for _ in range(num_steps):
    grads = [np.zeros_like(param) for param in params]"""
STARTS = [
    Edit("no_gate", GATE, "grad_hidden = grad_logits @ w2.T",
         hint="The parameters still don't move as gradient descent moves them. Check the gradient of each "
         "parameter after one step: which ones are wrong, and what lies between them and the loss?"),
    Edit("not_reset", RESET, """grads = [np.zeros_like(param) for param in params]
for _ in range(num_steps):""",
         hint="The parameters still don't move as gradient descent moves them. Compare the first step "
         "with the second: which one is wrong, and what is left over from the first?"),
]  # fmt: skip
W1, W2 = "grads[0] += x.T @ grad_hidden", "grads[1] += hidden.T @ grad_logits"
B1, STEP = "grads[2] += grad_hidden.sum(axis=0)", "param - lr * grad for"
BUGS = [
    *STARTS,
    Edit("gate_of_the_gradient", GATE, "grad_hidden = relu_backward(grad_logits @ w2.T, grad_logits @ w2.T)",
         hint="You let a gradient pass where it is positive. What counts is whether the unit was on in "
         "the forward pass."),
    Edit("gate_the_wrong_way", GATE, "grad_hidden = grad_logits @ w2.T * (hidden <= 0)",
         hint="Your gate is the wrong way round: the gradient passes where the unit was on."),
    Edit("gate_in_one_place", W1, "grads[0] += x.T @ (grad_logits @ w2.T)",
         hint="The biases of the hidden layer get the gated gradient, its weights still the other one."),
    Edit("gate_not_for_the_bias", B1, "grads[2] += (grad_logits @ w2.T).sum(axis=0)",
         hint="The weights of the hidden layer get the gated gradient, its biases still the other one."),
    Edit("mean_for_the_bias", B1, "grads[2] += grad_hidden.mean(axis=0)",
         hint="The loss is a mean already, so what the examples add to a bias's gradient is summed up."),
    Edit("reset_only_for_weights", RESET, """grads = [np.zeros_like(param) for param in params]
for _ in range(num_steps):
    grads = [np.zeros_like(param) for param in params[:2]] + grads[2:]""",
         hint="You start the gradients of the weights anew in each step, but not those of the biases."),
    Edit("half_of_the_old_kept", RESET, """grads = [np.zeros_like(param) for param in params]
for _ in range(num_steps):
    grads = [0.5 * grad for grad in grads]""",
         hint="You keep a part of the old gradients, which is momentum. Plain gradient descent uses those "
         "of this step alone."),
    Edit("smaller_steps", STEP, "param - lr / 10 * grad for",
         hint="You made the steps shorter. That hides a wrong gradient and doesn't repair it."),
    Edit("uphill", STEP, "param + lr * grad for", hint="Your steps go uphill now: keep the minus."),
]  # fmt: skip


@bug("You use the new weights of the last layer for the gradient of the first one. All gradients belong to "
     "the same place: compute them first, then take the step.")  # fmt: skip
def new_weights_on_the_way_back(x, targets, weights, biases, lr, num_steps):
    (w1, w2), (b1, b2), losses = weights, biases, []
    for _ in range(num_steps):
        hidden = relu(x @ w1 + b1)
        logits = hidden @ w2 + b2
        losses.append(cross_entropy(logits, targets))
        grad_logits = cross_entropy_backward(logits, targets)
        w2, b2 = w2 - lr * hidden.T @ grad_logits, b2 - lr * grad_logits.sum(axis=0)
        grad_hidden = relu_backward(grad_logits @ w2.T, hidden)
        w1, b1 = w1 - lr * x.T @ grad_hidden, b1 - lr * grad_hidden.sum(axis=0)
    return losses, [w1, w2], [b1, b2]


@bug("You write into the weights and biases that you get (-= does that). Whoever trains again from the "
     "same start then starts somewhere else: make new arrays.")  # fmt: skip
def start_overwritten(x, targets, weights, biases, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        for i in range(2):
            weights[i] -= lr * grad_weights[i]
            biases[i] -= lr * grad_biases[i]
    return losses, weights, biases


@alternative
def with_mlp_loss(x, targets, weights, biases, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        weights = [sgd_step(w, g, lr) for w, g in zip(weights, grad_weights, strict=True)]
        biases = [sgd_step(b, g, lr) for b, g in zip(biases, grad_biases, strict=True)]
    return losses, weights, biases


@alternative
def with_linear_backward(x, targets, weights, biases, lr, num_steps):
    (w1, w2), (b1, b2), losses = weights, biases, []
    for _ in range(num_steps):
        z = x @ w1 + b1
        hidden = np.maximum(z, 0)
        logits = hidden @ w2 + b2
        losses.append(float(cross_entropy(logits, targets)))
        grad, grad_w2, grad_b2 = linear_backward(
            cross_entropy_backward(logits, targets), hidden, w2
        )
        _, grad_w1, grad_b1 = linear_backward(np.where(z > 0, grad, 0.0), x, w1)
        w1, w2, b1, b2 = w1 - lr * grad_w1, w2 - lr * grad_w2, b1 - lr * grad_b1, b2 - lr * grad_b2
    return losses, [w1, w2], [b1, b2]


@alternative
def set_to_zero_after_the_step(x, targets, weights, biases, lr, num_steps):
    params = [param.copy() for param in (*weights, *biases)]
    losses, grads = [], [np.zeros_like(param) for param in params]
    for _ in range(num_steps):
        hidden = relu(x @ params[0] + params[2])
        logits = hidden @ params[1] + params[3]
        losses.append(cross_entropy(logits, targets))
        grad_logits = cross_entropy_backward(logits, targets)
        grad_hidden = grad_logits @ params[1].T
        grad_hidden[hidden == 0] = 0
        grads[0] += x.T @ grad_hidden
        grads[1] += hidden.T @ grad_logits
        grads[2] += grad_hidden.sum(axis=0)
        grads[3] += grad_logits.sum(axis=0)
        for param, grad in zip(params, grads, strict=True):
            param -= lr * grad
            grad[...] = 0
    return np.array(losses), params[:2], params[2:]
