"""Tests for nnkit.functional._checks.relations: which arguments do not fit together."""

import numpy as np
import pytest

from nnkit import functional as F

RNG = np.random.default_rng(0)
X = np.ones((4, 3))
W = np.ones((3, 5))
B = np.ones(5)
T = np.array([0, 1, 2, 0])
V = np.ones(3)
BATCHNORM = (V, V, V, V)  # gamma, beta, running_mean, running_var
CACHE = F.batchnorm_forward(X, *BATCHNORM, training=True)[3]
_, MLP_CACHE = F.mlp_forward(X, [W], [B])


def total(x):
    return x.sum()


# call, exception, what the message must say: what was expected, what came, what to do next
REFUSED = {
    "targets of another batch": (
        lambda: F.cross_entropy_backward(X, T[:3]),
        ValueError,
        "one target for each of the 4 rows of logits, got 3; pass logits and targets of the same",
    ),
    "a target that is too large": (
        lambda: F.cross_entropy(X, T + 1),
        ValueError,
        r"between 0 and 2 \(logits have 3 columns\), got values from 1 to 3; number the classes",
    ),
    "a negative target": (
        lambda: F.mlp_loss(X, T - 1, [W], [B]),
        ValueError,
        "targets between 0 and 4 .* got values from -1 to 1;",
    ),
    "a target beyond the number of classes": (
        lambda: F.one_hot(T, 2),
        ValueError,
        r"between 0 and 1 \(num_classes is 2\), got values from 0 to 2;",
    ),
    "a negative target to encode": (
        lambda: F.one_hot(np.array([-1]), 2),
        ValueError,
        "between 0 and 1 .* got values from -1 to -1;",
    ),
    "a vector and a column": (
        lambda: F.mse(V, V[:, None]),
        ValueError,
        r"targets to have the shape \(3,\) of predictions, got \(3, 1\); pass arrays that",
    ),
    "gradients of another shape": (
        lambda: F.relu_backward(V, X),
        ValueError,
        r"grad_output to have the shape \(4, 3\) of z, got \(3,\);",
    ),
    "a state of another shape": (
        lambda: F.adam_step(V, V, V, X, 1, 0.1),
        ValueError,
        r"v to have the shape \(3,\) of param, got \(4, 3\);",
    ),
    "points with other coordinates": (
        lambda: F.pairwise_squared_distances(X, W),
        ValueError,
        r"same number of columns, got \(4, 3\) and \(3, 5\); pass one row for each point",
    ),
    "a transposed weight": (
        lambda: F.linear(X, W.T, V),
        ValueError,
        r"weight with 3 rows \(one for each column of x\), got shape \(5, 3\); weight is "
        r"\(in_features, out_features\)",
    ),
    "a bias that is too long": (
        lambda: F.linear(X, W, np.ones(4)),
        ValueError,
        r"bias of shape \(5,\) \(one entry for each column of weight\), got \(4,\); check",
    ),
    "an input of another width": (
        lambda: F.linear_backward(np.ones((4, 5)), W.T, W),
        ValueError,
        r"grad_output of shape \(5, 5\) \(rows of x, columns of weight\), got \(4, 5\);",
    ),
    "a weight of another width": (
        lambda: F.linear_backward(np.ones((4, 5)), X, np.ones((2, 5))),
        ValueError,
        "weight with 3 rows",
    ),
    "layers that do not follow each other": (
        lambda: F.mlp_forward(X, [W, W], [B, B]),
        ValueError,
        r"weights\[1\] with 5 rows \(one for each column of weights\[0\]\), got shape \(3, 5\);",
    ),
    "a first layer that does not take x": (
        lambda: F.mlp_forward(X, [W.T], [V]),
        ValueError,
        r"weights\[0\] with 3 rows \(one for each column of x\)",
    ),
    "a bias of another layer": (
        lambda: F.mlp_loss(X, T, [W], [V]),
        ValueError,
        r"biases\[0\] of shape \(5,\) \(one entry for each column of weights\[0\]\), got \(3,\);",
    ),
    "a weight that is no matrix": (
        lambda: F.mlp_forward(X, [V], [B]),
        ValueError,
        r"weights\[0\] of shape \(in_features, out_features\), got \(3,\); reshape it first",
    ),
    "fewer biases than weights": (
        lambda: F.mlp_forward(X, [W, W], [B]),
        ValueError,
        "one bias for each weight and at least one layer, got 2 weights and 1 biases; every layer",
    ),
    "no layers": (lambda: F.mlp_forward(X, [], []), ValueError, "got 0 weights and 0 biases;"),
    "statistics of other columns": (
        lambda: F.standardize(X, V, B),
        ValueError,
        r"std of shape \(3,\) \(one entry for each column of x\), got \(5,\);",
    ),
    "a shift of other columns": (
        lambda: F.layernorm_forward(X, V, B),
        ValueError,
        r"beta of shape \(3,\)",
    ),
    "a running mean of other columns": (
        lambda: F.batchnorm_forward(X, V, V, B, V, False),
        ValueError,
        r"running_mean of shape \(3,\)",
    ),
    "a gradient of another batch": (
        lambda: F.batchnorm_backward(X[:2], CACHE),
        ValueError,
        r"grad_output of shape \(4, 3\) \(as x_hat in the cache\), got \(2, 3\);",
    ),
    "a gradient of other logits": (
        lambda: F.mlp_backward(X, MLP_CACHE),
        ValueError,
        r"grad_logits of shape \(4, 5\) \(as the logits of that forward pass\), got \(4, 3\);",
    ),
    "an exchanged range": (
        lambda: F.sample_log_uniform(1.0, 0.1, 3, RNG),
        ValueError,
        r"high above low \(1.0\), got 0.1; exchange them",
    ),
    "a range without width": (
        lambda: F.sample_log_uniform(0.1, 0.1, 3, RNG),
        ValueError,
        "high above low",
    ),
    "a warm-up without end": (
        lambda: F.cosine_schedule(0, 10, 0.1, warmup_steps=10),
        ValueError,
        r"warmup_steps below total_steps \(10\), got 10; shorten the warm-up",
    ),
    "a floor above the ceiling": (
        lambda: F.cosine_schedule(0, 10, 0.1, 0.2),
        ValueError,
        r"min_lr of at most lr \(0.1\), got 0.2; the schedule ends at min_lr",
    ),
    "no generator for dropout": (
        lambda: F.dropout_forward(X, 0.5, True, None),
        TypeError,
        "rng as a np.random.Generator, got NoneType;",
    ),
    "a single row in training": (
        lambda: F.batchnorm_forward(X[:1], *BATCHNORM, True),
        ValueError,
        "at least 2 rows in training mode, got 1; use a larger batch, or pass training=False",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_with_the_reason(assert_refused, case):
    """What was expected, what came, and what to do next."""
    assert_refused(*REFUSED[case])
