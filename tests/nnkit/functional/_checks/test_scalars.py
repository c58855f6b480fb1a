"""Tests for nnkit.functional._checks.scalars: which settings are refused."""

import numpy as np
import pytest

from nnkit import functional as F

RNG = np.random.default_rng(0)
X = np.ones((4, 3))
T = np.array([0, 1, 2, 0])
V = np.ones(3)
BATCHNORM = (V, V, V, V)  # gamma, beta, running_mean, running_var
CACHE = F.batchnorm_forward(X, *BATCHNORM, training=True)[3]
SPACE = {"lr": [0.1, 0.2]}


def total(x):
    return x.sum()


# call, exception, what the message must say: what was expected, what came, what to do next
REFUSED = {
    "a cache that is no tuple": (
        lambda: F.batchnorm_backward(X, X),
        TypeError,
        r"cache as the tuple \(x_hat, gamma, std, training\), got ndarray; pass what "
        "batchnorm_forward returned as cache",
    ),
    "the cache of another function": (
        lambda: F.layernorm_backward(X, CACHE),
        TypeError,
        r"\(x_hat, gamma, std\), got tuple of 4; pass what layernorm_forward returned",
    ),
    "a negative learning rate": (
        lambda: F.sgd_step(V, V, -0.1),
        ValueError,
        "lr of 0 or more, got -0.1; check the value, and the order of the arguments",
    ),
    "an array for a number": (
        lambda: F.sgd_step(V, V, V),
        TypeError,
        "lr as a number of 0 or more, got ndarray; pass one int or float",
    ),
    "text for a number": (lambda: F.sgd_step(V, V, "0.1"), TypeError, "lr as a number .* got str;"),
    "a bool for a number": (lambda: F.sgd_step(V, V, True), TypeError, "lr as .* got bool;"),
    "not a number": (lambda: F.sgd_step(V, V, np.nan), ValueError, "lr of 0 or more, got nan;"),
    "momentum above 1": (
        lambda: F.momentum_step(V, V, V, 0.1, 1.1),
        ValueError,
        "momentum from 0 to 1, got 1.1;",
    ),
    "a decay that divides": (
        lambda: F.step_decay(3, 0.1, 10, 2),
        ValueError,
        "drop above 0, up to 1, got 10;",
    ),
    "a decay to nothing": (
        lambda: F.step_decay(3, 0.1, 0, 2),
        ValueError,
        "drop above 0, up to 1, got 0;",
    ),
    "dropping everything": (
        lambda: F.dropout_forward(X, 1, True, RNG),
        ValueError,
        "p from 0 to below 1, got 1;",
    ),
    "a negative probability": (
        lambda: F.dropout_forward(X, -0.1, True, RNG),
        ValueError,
        "p from 0 to below 1, got -0.1;",
    ),
    "a limit of zero": (lambda: F.clip_gradients([V], 0), ValueError, "max_norm above 0, got 0;"),
    "a slope without end": (
        lambda: F.leaky_relu(V, np.inf),
        ValueError,
        "negative_slope that is finite, got inf;",
    ),
    "a step of zero": (
        lambda: F.numerical_gradient(total, V, 0),
        ValueError,
        "eps above 0, got 0;",
    ),
    "counting Adam's steps from 0": (
        lambda: F.adam_step(V, V, V, V, 0, 0.1),
        ValueError,
        "t of 1 or more, got 0; check the value",
    ),
    "a fraction of a batch": (
        lambda: F.minibatches(10, 2.5, RNG),
        TypeError,
        r"batch_size as a whole number, got float; convert it with int\(...\)",
    ),
    "a bool for a count": (
        lambda: F.one_hot(T, True),
        TypeError,
        "num_classes as a whole .* bool;",
    ),
    "a step before the first": (
        lambda: F.cosine_schedule(-1, 10, 0.1),
        ValueError,
        "step of 0 or more, got -1;",
    ),
    "one beta": (
        lambda: F.adam_step(V, V, V, V, 1, 0.1, 0.9),
        TypeError,
        r"betas as two numbers, got 0.9; pass a pair \(beta1, beta2\)",
    ),
    "three betas": (
        lambda: F.adamw_step(V, V, V, V, 1, 0.1, (0.9, 0.9, 0.9)),
        TypeError,
        "betas as two numbers, got",
    ),
    "two letters for betas": (
        lambda: F.adam_step(V, V, V, V, 1, 0.1, "ab"),
        TypeError,
        "betas as two numbers, got 'ab';",
    ),
    "a beta of 1": (
        lambda: F.adam_step(V, V, V, V, 1, 0.1, (0.9, 1.0)),
        ValueError,
        r"betas\[1\] from 0 to below 1, got 1.0;",
    ),
    "a mode that is no bool": (
        lambda: F.batchnorm_forward(X, *BATCHNORM, "train"),
        TypeError,
        "training to be True or False, got str; write the word itself",
    ),
    "a negative size": (
        lambda: F.sample_log_uniform(0.1, 1, (2, -1), RNG),
        ValueError,
        r"size\[1\] of 0 or more, got -1;",
    ),
    "a range that starts at 0": (
        lambda: F.sample_log_uniform(0, 1, 3, RNG),
        ValueError,
        "low above 0, got 0;",
    ),
    "halving by 1": (
        lambda: F.successive_halving(total, [V], 1, eta=1),
        ValueError,
        "eta of 2 or more, got 1;",
    ),
    "a budget of zero": (
        lambda: F.successive_halving(total, [V], 0),
        ValueError,
        "min_budget above 0, got 0;",
    ),
    "a seed for a generator": (
        lambda: F.kaiming_normal(2, 3, 0),
        TypeError,
        r"rng as a np.random.Generator, got int; make one with np.random.default_rng\(seed\)",
    ),
    "NumPy's old generator": (
        lambda: F.split_indices(3, (1.0,), np.random),
        TypeError,
        "rng as a np.random.Generator, got module;",
    ),
    "fractions that leave something out": (
        lambda: F.split_indices(10, (0.5, 0.25), RNG),
        ValueError,
        r"fractions of 0 or more that add up to 1, got \[0.5, 0.25\] with sum 0.75; divide them",
    ),
    "a negative fraction": (
        lambda: F.split_indices(10, (1.5, -0.5), RNG),
        ValueError,
        "fractions of 0 or more",
    ),
    "one fraction": (
        lambda: F.split_indices(10, 0.8, RNG),
        ValueError,
        r"fractions as a list of numbers, got shape \(\); pass one fraction for each part",
    ),
    "no fractions": (
        lambda: F.split_indices(10, (), RNG),
        ValueError,
        r"fractions as a list of numbers, got shape \(0,\); pass one fraction",
    ),
    "no epochs": (
        lambda: F.early_stopping_epoch([], 1),
        ValueError,
        r"losses as a list with one number for each epoch, got shape \(0,\); pass the validation",
    ),
    "a table of losses": (
        lambda: F.early_stopping_epoch(X, 1),
        ValueError,
        r"losses as a list .* got shape \(4, 3\);",
    ),
    "no patience": (
        lambda: F.early_stopping_epoch([1], 0),
        ValueError,
        "patience of 1 or more, got 0;",
    ),
    "no trials": (
        lambda: F.random_search(lambda config: 0, SPACE, 0, RNG),
        ValueError,
        "num_trials of 1 or more, got 0;",
    ),
    "a dict for configurations": (
        lambda: F.successive_halving(total, SPACE, 1),
        TypeError,
        r"configs as a list of configurations, got dict; make one with grid\(space\)",
    ),
    "no configurations": (
        lambda: F.successive_halving(total, [], 1),
        ValueError,
        "configs with at least one configuration, got none; add some",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_with_the_reason(assert_refused, case):
    """What was expected, what came, and what to do next."""
    assert_refused(*REFUSED[case])


@pytest.mark.parametrize("number", [1, 1.0, np.float32(1), np.int8(1)])
def test_numbers_of_any_kind_are_settings(number):
    """A setting may come from NumPy; it becomes Python's own number."""
    assert type(F.step_decay(0, number, 0.5, np.int64(2))) is float
    assert F.sgd_step(np.ones(1, np.float32), np.ones(1, np.float32), number).dtype == np.float32


def test_bits_of_numpy_serve_as_flags():
    """np.True_ is True."""
    *_, cache = F.batchnorm_forward(X, *BATCHNORM, np.True_)
    assert cache[3] is True


ACCEPTED = {
    "nothing of the new batch": lambda: F.batchnorm_forward(X, *BATCHNORM, True, momentum=0),
    "nothing of the old average": lambda: F.batchnorm_forward(X, *BATCHNORM, True, momentum=1),
    "no eps": lambda: F.adagrad_step(V, V, V, 1, 0),
    "no rate": lambda: F.sgd_step(V, V, 0),
    "a rate that never falls": lambda: F.step_decay(3, 0.1, 1, 1),
    "no dropout": lambda: F.dropout_forward(X, 0, True, RNG),
    "betas of zero": lambda: F.adam_step(V, V, V, V, 1, 0.1, (0, 0)),
    "no samples": lambda: F.sample_log_uniform(0.1, 1, 0, RNG),
    "one fraction of all": lambda: F.split_indices(3, (1.0,), RNG),
    "fractions up to rounding": lambda: F.split_indices(10, (0.7, 0.2, 0.1), RNG),
    "an empty part": lambda: F.split_indices(3, (1.0, 0.0), RNG),
    "one epoch, patience for one": lambda: F.early_stopping_epoch([1], 1),
    "halving": lambda: F.successive_halving(lambda config, budget: 0, [1, 2], 1, eta=2),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_the_ends_of_a_range_belong_to_it(case):
    """Where the documentation does not say "above" or "below"."""
    ACCEPTED[case]()
