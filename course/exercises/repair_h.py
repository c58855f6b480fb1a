"""repair_h: probes, the mistakes that a lesson plants, half repairs, other correct answers."""

from itertools import pairwise

import numpy as np

from course.measures import above, answers, given, unlearned
from course.spec import Edit, alternative, probe, task
from nnkit.functional import (
    cross_entropy,
    cross_entropy_backward,
    dropout_backward,
    dropout_forward,
    fit_standardizer,
    relu,
    relu_backward,
    standardize,
)


@task
def repair_h(x, targets, x_test, weights, biases, p, lr, num_steps, rng):
    """Train a network with dropout on standardized features, then use it on new examples.

    Parameters
    ----------
    x, targets : ndarray, shape (N, D) and (N,)
        Training examples as they were measured, and their classes.
    x_test : ndarray, shape (M, D)
        New examples, measured in the same way. There may be any number of them, of any classes.
    weights, biases : list of 2 ndarrays
        The network at the start: shapes (D, H) and (H, C), (H,) and (C,).
    p : float
        Probability of dropping a hidden unit's output while training.
    lr : float
        Learning rate.
    num_steps : int
        How many steps; each uses all N examples.
    rng : numpy.random.Generator
        Source of the coins for dropout.

    Returns
    -------
    losses : list of float
        The training loss before each step, with dropout.
    logits : ndarray, shape (M, C)
        What the trained network says about `x_test`.

    Examples
    --------
    >>> x, targets = np.array([[10.0], [30.0]]), np.array([0, 1])
    >>> start = [np.array([[-1.0, 1.0]]), np.eye(2)], [np.zeros(2), np.zeros(2)]
    >>> rng = np.random.default_rng(0)
    >>> repair_h(x, targets, np.array([[29.0]]), *start, 0.2, 0.5, 50, rng)[1].argmax(axis=1)
    array([1])
    """
    statistics = fit_standardizer(x)
    x, x_test = standardize(x, *statistics), standardize(x_test, *statistics)
    (w1, w2), (b1, b2), losses = weights, biases, []
    for _ in range(num_steps):
        hidden = relu(x @ w1 + b1)
        dropped, mask = dropout_forward(hidden, p, True, rng)
        logits = dropped @ w2 + b2
        losses.append(cross_entropy(logits, targets))
        grad = cross_entropy_backward(logits, targets)
        grad_hidden = relu_backward(dropout_backward(grad @ w2.T, mask), hidden)
        w1, b1 = w1 - lr * x.T @ grad_hidden, b1 - lr * grad_hidden.sum(axis=0)
        w2, b2 = w2 - lr * dropped.T @ grad, b2 - lr * grad.sum(axis=0)
    hidden = relu(x_test @ w1 + b1)
    in_use, _ = dropout_forward(hidden, p, False, rng)
    return losses, in_use @ w2 + b2


def measurements(num_classes, num_features):
    """New examples mostly of one class; features of very different sizes."""

    def make(rng):
        centres = rng.permuted(np.tile(np.arange(num_classes), (num_features, 1)), axis=1).T
        targets = np.arange(60) % num_classes
        answers = np.append(rng.permutation(num_classes), np.full(9, rng.integers(num_classes)))
        scale, shift = 10.0 ** rng.integers(-1, 3, size=(2, num_features))
        x, x_test = (
            rng.normal(centres[classes], 0.25) * scale + shift for classes in (targets, answers)
        )
        widths = [num_features, 30, num_classes]
        weights = [rng.normal(size=s) / np.sqrt(s[0] / 2) for s in pairwise(widths)]
        biases = [rng.uniform(0, 0.1, size=n) for n in widths[1:]]
        return {
            "data": [x, targets, x_test], "network": [weights, biases], "answers": answers,
        }  # fmt: skip

    return make


def use(value, key):
    """Correct losses on new examples are below 0.3 log C; measured in 30 runs."""
    logits = value["logits"]
    return {
        "the largest difference when the network is used again": distance(
            logits, value["logits again"]
        ),
        "the largest difference when an example comes alone": distance(
            logits[:1], value["logits of one"]
        ),
        "the excess of the loss on new examples over 0.6 log C": unlearned(logits, key, 0.6),
        "whether other coins give other losses while training": bool(
            np.any(value["losses"] != value["losses with other coins"])
        ),
        "the excess of the last losses over 0.8 log C": above(
            value["losses"][-5:].mean() / np.log(logits.shape[1]), 0.8
        ),
    }


def distance(one, other):
    """The largest difference, without rounding errors."""
    return float(np.abs(one - other).max().round(9))


THREE, FOUR = measurements(3, 6), measurements(4, 8)


@probe("answers for each example alone, and rightly", points=2, given=given(THREE),
       key=answers(THREE), summary=use, atol=1e-9)  # fmt: skip
def three_classes(repair_h, rng, given):
    (x, targets, x_test), network, seed = given["data"], given["network"], int(rng.integers(2**31))
    twice = np.vstack([x_test, x_test])
    losses, logits = repair_h(
        x, targets, twice, *network, 0.4, 0.3, 30, np.random.default_rng(seed)
    )
    one = repair_h(x, targets, x_test[:1], *network, 0.4, 0.3, 30, np.random.default_rng(seed))
    other = repair_h(x, targets, x_test, *network, 0.4, 0.3, 30, np.random.default_rng(seed + 1))
    return {
        "losses": np.array(losses), "losses with other coins": np.array(other[0]),
        "logits": logits[: len(x_test)], "logits again": logits[len(x_test) :],
        "logits of one": one[1],
    }  # fmt: skip


@probe("does so for other data, too", points=1, hidden=True, given=given(FOUR), key=answers(FOUR),
       summary=use, atol=1e-9)  # fmt: skip
def four_classes(repair_h, rng, given):
    (x, targets, x_test), network, seed = given["data"], given["network"], int(rng.integers(2**31))
    twice = np.vstack([x_test, x_test])
    losses, logits = repair_h(
        x, targets, twice, *network, 0.3, 0.3, 30, np.random.default_rng(seed)
    )
    one = repair_h(x, targets, x_test[:1], *network, 0.3, 0.3, 30, np.random.default_rng(seed))
    other = repair_h(x, targets, x_test, *network, 0.3, 0.3, 30, np.random.default_rng(seed + 1))
    return {
        "losses": np.array(losses), "losses with other coins": np.array(other[0]),
        "logits": logits[: len(x_test)], "logits again": logits[len(x_test) :],
        "logits of one": one[1],
    }  # fmt: skip


STATISTICS = "standardize(x_test, *statistics)"
COINS, USE = "dropout_forward(hidden, p, True, rng)", "dropout_forward(hidden, p, False, rng)"
STARTS = [
    Edit("dropout_stays_on", USE, "dropout_forward(hidden, p, True, rng)",
         hint="Training is fine, the use is not. Ask the trained network twice about the same example: "
         "what could make the two answers differ?"),
    Edit("other_statistics", STATISTICS, "standardize(x_test, *fit_standardizer(x_test))",
         hint="Training is fine, the use is not. Ask the trained network about one example, alone and "
         "among others: what could make the two answers differ?"),
]  # fmt: skip
BUGS = [
    *STARTS,
    Edit("no_dropout_at_all", COINS, "dropout_forward(hidden, p, False, rng)",
         hint="You took dropout out of the training, too. It belongs there: only the use goes without."),
    Edit("not_standardized", STATISTICS, "x_test",
         hint="New examples arrive as they were measured now. The network has learnt from standardized "
         "ones: treat both alike."),
    Edit("half_own_statistics", STATISTICS, "standardize(x_test, statistics[0], fit_standardizer(x_test)[1])",
         hint="The mean is that of the training data now, the standard deviation is still that of the new "
         "examples."),
    Edit("statistics_of_all_data", "statistics = fit_standardizer(x)",
         "statistics = fit_standardizer(np.vstack([x, x_test]))",
         hint="Your statistics come from training and new data together, so an answer depends on what "
         "else is asked. Take those of the training data."),
    Edit("scaled_and_dropped", USE, "dropout_forward(hidden, p / 2, True, rng)",
         hint="You drop fewer units in use. There none is dropped: each answer must be the same when you "
         "ask again."),
    Edit("standardized_twice", STATISTICS, "standardize(standardize(x_test, *statistics), *statistics)",
         hint="You standardize new examples twice. Once is what the training data got."),
]  # fmt: skip


def by_hand(x, targets, x_test, weights, biases, p, lr, num_steps, mask_of):
    (w1, w2), (b1, b2), losses = weights, biases, []
    for _ in range(num_steps):
        hidden = relu(x @ w1 + b1)
        mask = mask_of(hidden)
        dropped = hidden * mask
        logits = dropped @ w2 + b2
        losses.append(cross_entropy(logits, targets))
        grad = cross_entropy_backward(logits, targets)
        grad_hidden = grad @ w2.T * mask * (hidden > 0)
        w1, b1 = w1 - lr * x.T @ grad_hidden, b1 - lr * grad_hidden.sum(axis=0)
        w2, b2 = w2 - lr * dropped.T @ grad, b2 - lr * grad.sum(axis=0)
    return losses, lambda scale: scale * relu(x_test @ w1 + b1) @ w2 + b2


@alternative
def without_a_call_in_use(x, targets, x_test, weights, biases, p, lr, num_steps, rng):
    mean, std = x.mean(axis=0), x.std(axis=0)
    x, x_test = (x - mean) / std, (x_test - mean) / std
    losses, answer = by_hand(
        x, targets, x_test, weights, biases, p, lr, num_steps,
        lambda hidden: (rng.random(hidden.shape) >= p) / (1 - p),
    )  # fmt: skip
    return losses, answer(1.0)


@alternative
def scaled_in_use(x, targets, x_test, weights, biases, p, lr, num_steps, rng):
    """Survivors keep their size in training, so that all units are scaled in use."""
    mean, std = fit_standardizer(x)
    losses, answer = by_hand(
        standardize(x, mean, std), targets, standardize(x_test, mean, std), weights, biases, p, lr,
        num_steps, lambda hidden: rng.binomial(1, 1 - p, size=hidden.shape),
    )  # fmt: skip
    return losses, answer(1 - p)


@alternative
def scaled_by_the_range(x, targets, x_test, weights, biases, p, lr, num_steps, rng):
    middle, half = (x.max(axis=0) + x.min(axis=0)) / 2, np.ptp(x, axis=0) / 3
    losses, answer = by_hand(
        (x - middle) / half, targets, (x_test - middle) / half, weights, biases, p, lr, num_steps,
        lambda hidden: dropout_forward(hidden, p, True, rng)[1],
    )  # fmt: skip
    return losses, answer(1)
