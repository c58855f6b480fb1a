"""repair_g: probes, the mistakes that a lesson plants, half repairs, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe, task
from nnkit.functional import adam_step, mlp_loss


@task
def repair_g(x, targets, weights, biases, lr, num_steps):
    """Train a network with Adam, whose betas are 0.9 and 0.999.

    Parameters
    ----------
    x, targets : ndarray, shape (N, D) and (N,)
        Training examples, and their classes.
    weights, biases : list of L ndarrays
        The network at the start, as for `mlp_loss`. They stay as they are.
    lr : float
        Learning rate.
    num_steps : int
        How many steps; each uses all N examples.

    Returns
    -------
    losses : list of float
        The loss before each step.
    weights, biases : list of L ndarrays
        The network after training.

    Examples
    --------
    >>> start = [np.zeros((2, 2))], [np.zeros(2)]
    >>> losses, weights, _ = repair_g(np.eye(2), np.array([0, 1]), *start, 0.1, 1)
    >>> weights[0].round(3)
    array([[ 0.1, -0.1],
           [-0.1,  0.1]])
    """
    depth, params = len(weights), [*weights, *biases]
    losses = []
    m = [np.zeros_like(param) for param in params]
    v = [np.zeros_like(param) for param in params]
    for t in range(1, num_steps + 1):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, params[:depth], params[depth:])
        losses.append(loss)
        for i, grad in enumerate([*grad_weights, *grad_biases]):
            params[i], m[i], v[i] = adam_step(params[i], grad, m[i], v[i], t, lr)
    return losses, params[:depth], params[depth:]


def network(sizes, num_examples, rng):
    """Examples and a network, with biases that are not 0."""
    x = rng.normal(size=(num_examples, sizes[0]))
    targets = rng.permutation(np.arange(num_examples) % sizes[-1])
    weights = [rng.normal(size=(sizes[i], sizes[i + 1])) / 2 for i in range(len(sizes) - 1)]
    return x, targets, weights, [rng.normal(size=n) / 2 for n in sizes[1:]]


@probe("moves as Adam does", points=2, rtol=1e-7)
def eight_steps(repair_g, rng):
    start = network([4, 6, 3], 9, rng)
    losses, weights, biases = repair_g(*start, 0.05, 8)
    yield "losses", np.array(losses)
    yield "weights", weights
    yield "biases", biases


@probe("does so for many steps, and leaves the start as it was", points=1, hidden=True, rtol=1e-5)
def many_steps(repair_g, rng):
    start = network([5, 4], 12, rng)
    losses, weights, biases = repair_g(*start, 0.1, 30)
    yield "losses", np.array(losses)
    yield "weights", weights
    yield "biases", biases
    yield "weights of the start", start[2]
    yield "biases of the start", start[3]


STATE = """m = [np.zeros_like(param) for param in params]
v = [np.zeros_like(param) for param in params]
for t in range(1, num_steps + 1):
"""
CALL = "adam_step(params[i], grad, m[i], v[i], t, lr)"
STARTS = [
    Edit("state_anew", STATE, """for t in range(1, num_steps + 1):
    m = [np.zeros_like(param) for param in params]
    v = [np.zeros_like(param) for param in params]
""",
         hint="The parameters still don't move as Adam moves them. The first step is right. Print m[0] "
         "just before the second one: what should be in it?"),
    Edit("step_not_counted", CALL, "adam_step(params[i], grad, m[i], v[i], 1, lr)",
         hint="The parameters still don't move as Adam moves them. The first step is right. Which argument "
         "of adam_step should have another value in the second one?"),
]  # fmt: skip
BUGS = [
    *STARTS,
    Edit("counts_from_two", CALL, "adam_step(params[i], grad, m[i], v[i], t + 1, lr)",
         hint="Your first step has t = 2. The correction fits when t is 1 in the first step."),
    Edit("counts_parameters", CALL, "adam_step(params[i], grad, m[i], v[i], i + 1, lr)",
         hint="You count the parameters, not the steps: t is the same for all parameters of a step."),
    Edit("only_m_kept", STATE, """m = [np.zeros_like(param) for param in params]
for t in range(1, num_steps + 1):
    v = [np.zeros_like(param) for param in params]
""",
         hint="You keep m from step to step now, and v still starts anew. Both are averages over all "
         "steps."),
    Edit("only_v_kept", STATE, """v = [np.zeros_like(param) for param in params]
for t in range(1, num_steps + 1):
    m = [np.zeros_like(param) for param in params]
""",
         hint="You keep v from step to step now, and m still starts anew. Both are averages over all "
         "steps."),
    Edit("m_and_v_exchanged", CALL, "adam_step(params[i], grad, abs(v[i]), abs(m[i]), t, lr)",
         hint="You hand over v in the place of m: the order is m, v."),
    Edit("smaller_steps", CALL, "adam_step(params[i], grad, m[i], v[i], t, lr / 10)",
         hint="You changed the learning rate. That isn't what was wrong: use lr as it is."),
    Edit("no_correction", CALL, "adam_step(params[i], grad, m[i], v[i], 10**6, lr)",
         hint="With a huge t nothing is corrected, so the first steps have the wrong size. Count the steps "
         "from 1."),
    Edit("rate_falls", CALL, "adam_step(params[i], grad, m[i], v[i], t, lr / t)",
         hint="You divide the learning rate by t. t is for the correction alone."),
]  # fmt: skip


@bug("You write into the weights and biases that you get. Whoever trains again from the same start then "
     "starts somewhere else: make new arrays.")  # fmt: skip
def start_overwritten(x, targets, weights, biases, lr, num_steps):
    losses, new_weights, new_biases = repair_g.function(x, targets, weights, biases, lr, num_steps)
    for old, new in zip([*weights, *biases], [*new_weights, *new_biases], strict=True):
        old[...] = new
    return losses, weights, biases


@bug("You took Adam out and use plain gradient descent. The task is to repair Adam.")
def plain_descent(x, targets, weights, biases, lr, num_steps):
    losses = []
    for _ in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        weights = [w - lr * g for w, g in zip(weights, grad_weights, strict=True)]
        biases = [b - lr * g for b, g in zip(biases, grad_biases, strict=True)]
    return losses, weights, biases


@alternative
def formula_by_formula(x, targets, weights, biases, lr, num_steps):
    weights, biases, losses = [w.copy() for w in weights], [b.copy() for b in biases], []
    m, v = [0.0] * (2 * len(weights)), [0.0] * (2 * len(weights))
    for t in range(num_steps):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        losses.append(loss)
        pairs = zip([*weights, *biases], [*grad_weights, *grad_biases], strict=True)
        for i, (param, grad) in enumerate(pairs):
            m[i] = 0.9 * m[i] + 0.1 * grad
            v[i] = 0.999 * v[i] + 0.001 * grad**2
            m_hat, v_hat = m[i] / (1 - 0.9 ** (t + 1)), v[i] / (1 - 0.999 ** (t + 1))
            param -= lr * m_hat / (np.sqrt(v_hat) + 1e-8)
    return losses, weights, biases


@alternative
def a_state_for_each_parameter(x, targets, weights, biases, lr, num_steps):
    params, depth, losses, step = [*weights, *biases], len(weights), [], 0
    state = {i: (np.zeros(p.shape), np.zeros(p.shape)) for i, p in enumerate(params)}
    while step < num_steps:
        step += 1
        loss, *grads = mlp_loss(x, targets, params[:depth], params[depth:])
        losses.append(loss)
        for i, grad in enumerate(grads[0] + grads[1]):
            params[i], *state[i] = adam_step(params[i], grad, *state[i], step, lr)
    return np.array(losses), params[:depth], params[depth:]


@alternative
def all_in_one_vector(x, targets, weights, biases, lr, num_steps):
    shapes, depth = [p.shape for p in (*weights, *biases)], len(weights)
    ends = np.cumsum([np.prod(shape) for shape in shapes])[:-1]
    flat, losses = np.concatenate([p.ravel() for p in (*weights, *biases)]), []
    m, v = np.zeros_like(flat), np.zeros_like(flat)
    for t in range(1, num_steps + 1):
        params = [p.reshape(s) for p, s in zip(np.split(flat, ends), shapes, strict=True)]
        loss, grad_weights, grad_biases = mlp_loss(x, targets, params[:depth], params[depth:])
        losses.append(loss)
        grad = np.concatenate([g.ravel() for g in (*grad_weights, *grad_biases)])
        flat, m, v = adam_step(flat, grad, m, v, t, lr)
    params = [p.reshape(s) for p, s in zip(np.split(flat, ends), shapes, strict=True)]
    return losses, params[:depth], params[depth:]
