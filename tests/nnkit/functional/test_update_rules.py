"""Tests for nnkit.functional.sgd and nnkit.functional.adaptive: the update rules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import (
    adagrad_step,
    adam_step,
    adamw_step,
    clip_gradients,
    momentum_step,
    nesterov_step,
    rmsprop_step,
    sgd_step,
)

seeds = st.integers(0, 2**32 - 1)


def with_count(step, **settings):
    """A step of Adam's kind as a function of its state: m, v, and the steps done so far."""

    def counted(param, grad, m, v, done):
        param, m, v = step(param, grad, m, v, done + 1, **settings)
        return param, m, v, done + 1

    return counted


def with_settings(step, **settings):
    def stepped(param, grad, *state):
        result = step(param, grad, *state, **settings)
        return result if isinstance(result, tuple) else (result,)

    return stepped


# our step as a function of (param, grad, *state); the state's size; PyTorch's name and settings
RULES = {
    "sgd": (with_settings(sgd_step, lr=0.1), 0, "SGD", {"lr": 0.1}),
    "momentum": (
        with_settings(momentum_step, lr=0.1, momentum=0.7),
        1,
        "SGD",
        {"lr": 0.1, "momentum": 0.7},
    ),
    "momentum, defaults": (
        with_settings(momentum_step, lr=0.1),
        1,
        "SGD",
        {"lr": 0.1, "momentum": 0.9},
    ),
    "nesterov": (
        with_settings(nesterov_step, lr=0.1, momentum=0.7),
        1,
        "SGD",
        {"lr": 0.1, "momentum": 0.7, "nesterov": True},
    ),
    "nesterov, defaults": (
        with_settings(nesterov_step, lr=0.1),
        1,
        "SGD",
        {"lr": 0.1, "momentum": 0.9, "nesterov": True},
    ),
    "adagrad": (
        with_settings(adagrad_step, lr=0.1, eps=0.05),
        1,
        "Adagrad",
        {"lr": 0.1, "eps": 0.05},
    ),
    "adagrad, defaults": (with_settings(adagrad_step, lr=0.1), 1, "Adagrad", {"lr": 0.1}),
    "rmsprop": (
        with_settings(rmsprop_step, lr=0.1, alpha=0.8, eps=0.05),
        1,
        "RMSprop",
        {"lr": 0.1, "alpha": 0.8, "eps": 0.05},
    ),
    "rmsprop, defaults": (with_settings(rmsprop_step, lr=0.1), 1, "RMSprop", {"lr": 0.1}),
    "adam": (
        with_count(adam_step, lr=0.1, betas=(0.7, 0.9), eps=0.05),
        2,
        "Adam",
        {"lr": 0.1, "betas": (0.7, 0.9), "eps": 0.05},
    ),
    "adam, defaults": (with_count(adam_step, lr=0.1), 2, "Adam", {"lr": 0.1}),
    "adamw": (
        with_count(adamw_step, lr=0.1, betas=(0.7, 0.9), eps=0.05, weight_decay=0.3),
        2,
        "AdamW",
        {"lr": 0.1, "betas": (0.7, 0.9), "eps": 0.05, "weight_decay": 0.3},
    ),
    "adamw, defaults": (with_count(adamw_step, lr=0.1), 2, "AdamW", {"lr": 0.1}),
}


@pytest.mark.parametrize("name", RULES)
def test_parameters_match_torch_over_many_steps(torch, rng, name):
    """Six steps with different gradients, some of them exactly 0, from a state of zeros."""
    step, state_size, torch_name, settings = RULES[name]
    param = rng.normal(size=(3, 4))
    parameter = torch.nn.Parameter(torch.tensor(param))
    optimizer = getattr(torch.optim, torch_name)([parameter], **settings)
    state = [np.zeros((3, 4)) for _ in range(state_size)] + [0] * (state_size == 2)

    for _ in range(6):
        grad = rng.normal(size=(3, 4)) * rng.integers(0, 2, size=(3, 4))
        param, *state = step(param, grad, *state)
        parameter.grad = torch.tensor(grad)
        optimizer.step()

        assert_allclose(param, parameter.detach(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_step_without_a_gradient_keeps_what_decays(name):
    """From zeros with a gradient of zeros nothing moves, and nothing is divided by 0."""
    step, state_size, _, _ = RULES[name]
    state = [np.zeros(3) for _ in range(state_size)] + [0] * (state_size == 2)

    param, *_ = step(np.zeros(3), np.zeros(3), *state)

    assert_array_equal(param, 0)


def test_states_by_hand():
    """One step from a state that is not zero, with numbers that a pencil can check."""
    param, grad, state = np.array([1.0]), np.array([2.0]), np.array([4.0])

    assert_allclose(sgd_step(param, grad, 0.5), [0.0])
    assert_allclose(momentum_step(param, grad, state, 0.1, 0.5), [[0.6], [4.0]])
    assert_allclose(nesterov_step(param, grad, state, 0.1, 0.5), [[0.6], [4.0]])
    assert_allclose(adagrad_step(param, grad, np.array([5.0]), 0.3, 3.0), [[0.9], [9.0]])
    assert_allclose(rmsprop_step(param, grad, np.array([29.0]), 0.2, 0.2, 1.0), [[0.9], [9.0]])


def test_adam_by_hand():
    """At t = 2 with betas 0.5 and 0: m becomes 3, m_hat 4, v and v_hat 4, the step 4 / (2 + 2)."""
    param, m, v = adam_step(
        *(np.array([number]) for number in (1.0, 2.0, 4.0, 9.0)), 2, 0.1, (0.5, 0.0), 2.0
    )

    assert_allclose([param, m, v], [[0.9], [3.0], [4.0]])


@given(seeds, st.floats(1e-3, 1e3))
def test_first_step_of_adam_has_the_size_of_the_learning_rate(seed, scale):
    """Whatever the size of the gradient: the corrections make up for the start at zero."""
    grad, zeros = scale * np.random.default_rng(seed).uniform(0.5, 1.0, size=5), np.zeros(5)

    param, _, _ = adam_step(zeros, -grad, zeros, zeros, 1, 0.01)

    assert_allclose(param, 0.01, rtol=1e-4)


@given(seeds)
def test_momentum_zero_is_plain_gradient_descent(seed):
    """Nothing of the past is kept."""
    param, grad, velocity = np.random.default_rng(seed).normal(size=(3, 2, 3))

    expected = sgd_step(param, grad, 0.1)

    assert_array_equal(momentum_step(param, grad, velocity, 0.1, 0.0)[0], expected)
    assert_array_equal(nesterov_step(param, grad, velocity, 0.1, 0.0)[0], expected)


def test_momentum_multiplies_the_step_of_a_constant_gradient():
    """After many steps the velocity is the gradient times 1 / (1 - momentum)."""
    param, velocity = np.zeros(1), np.zeros(1)
    for _ in range(200):
        param, velocity = momentum_step(param, np.ones(1), velocity, 0.1, 0.8)

    assert_allclose(velocity, 5.0)


def test_nesterov_is_the_textbook_rule_seen_from_the_point_ahead(rng):
    """Sutskever's equations 3 and 4, whose gradient is taken at theta + mu * v, visit theta
    such that our parameters are the points ahead.
    """
    target, lr, mu = rng.normal(size=3), 0.1, 0.8
    theta, v = np.zeros(3), np.zeros(3)
    param, velocity = np.zeros(3), np.zeros(3)

    for _ in range(5):
        v = mu * v - lr * (theta + mu * v - target)
        theta = theta + v
        param, velocity = nesterov_step(param, param - target, velocity, lr, mu)

        assert_allclose(param, theta + mu * v)


def test_steps_of_adagrad_shrink_and_those_of_rmsprop_do_not():
    """For a gradient that stays the same, AdaGrad's steps fall as 1 / sqrt(t)."""
    adagrad, rmsprop = (np.zeros(1), np.zeros(1)), (np.zeros(1), np.zeros(1))
    grad = np.array([3.0])
    for _ in range(99):
        adagrad, rmsprop = adagrad_step(adagrad[0], grad, adagrad[1], 0.1), rmsprop_step(
            rmsprop[0], grad, rmsprop[1], 0.1, 0.5
        )  # fmt: skip

    next_adagrad = adagrad_step(adagrad[0], grad, adagrad[1], 0.1)[0]
    next_rmsprop = rmsprop_step(rmsprop[0], grad, rmsprop[1], 0.1, 0.5)[0]

    assert_allclose(adagrad[0] - next_adagrad, 0.1 / np.sqrt(100), rtol=1e-6)
    assert_allclose(rmsprop[0] - next_rmsprop, 0.1, rtol=1e-6)


@given(seeds, st.floats(0, 1))
def test_decay_of_adamw_is_apart_from_the_gradient(seed, weight_decay):
    """Each parameter loses lr * weight_decay of itself, the averages do not see it."""
    rng = np.random.default_rng(seed)
    param, grad, m = rng.normal(size=(3, 4))
    arguments = (param, grad, m, rng.random(4), 3, 0.1)

    plain = adam_step(*arguments)
    decayed = adamw_step(*arguments, weight_decay=weight_decay)

    assert_allclose(plain[0] - decayed[0], 0.1 * weight_decay * param, atol=1e-14)
    assert_array_equal(plain[1:], decayed[1:])


@given(seeds, st.floats(0.01, 100))
def test_clipped_gradients_keep_their_direction(seed, max_norm):
    """One factor for all, at most 1, after which the total norm is within the limit."""
    rng = np.random.default_rng(seed)
    grads = [rng.normal(size=(3, 2)), rng.normal(size=4)]

    clipped, total_norm = clip_gradients(grads, max_norm)

    together, flat = (np.concatenate([g.ravel() for g in gs]) for gs in (grads, clipped))
    assert total_norm == pytest.approx(np.linalg.norm(together))
    assert np.linalg.norm(flat) == pytest.approx(min(total_norm, max_norm))
    assert_allclose(flat, together * min(1, max_norm / total_norm))


@pytest.mark.parametrize("max_norm", [0.5, 3.0, 100.0])
def test_clipping_matches_torch(torch, rng, max_norm):
    """Up to the 1e-6 that PyTorch adds to the norm."""
    grads = [rng.normal(size=(3, 2)), rng.normal(size=4)]
    parameters = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in grads]
    for parameter, grad in zip(parameters, grads, strict=True):
        parameter.grad = torch.tensor(grad)

    expected_norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    clipped, total_norm = clip_gradients(grads, max_norm)

    assert total_norm == pytest.approx(expected_norm.item())
    for got, parameter in zip(clipped, parameters, strict=True):
        assert_allclose(got, parameter.grad, rtol=1e-5)


@pytest.mark.parametrize("grads", [[], [np.zeros(3)], [np.zeros((0, 2))]])
def test_clipping_nothing_changes_nothing(grads):
    """Zero gradients have norm 0, and nothing is divided by it."""
    clipped, total_norm = clip_gradients(grads, 1.0)

    assert total_norm == 0.0
    assert all(map(np.array_equal, clipped, grads))


def test_infinite_limit_only_measures():
    """max_norm = inf is the way to look at the norm."""
    clipped, total_norm = clip_gradients([np.array([3.0, 4.0])], np.inf)

    assert total_norm == 5.0
    assert_array_equal(clipped[0], [3.0, 4.0])


def test_clipping_shows_not_a_number():
    """One gradient that is NaN makes all NaN, as in PyTorch: the step must not look harmless."""
    clipped, total_norm = clip_gradients([np.array([np.nan]), np.ones(2)], 1.0)

    assert np.isnan(total_norm)
    assert np.isnan(clipped[1]).all()
