"""Tests for nnkit.functional.normalization."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import (
    batchnorm_backward,
    batchnorm_forward,
    layernorm_backward,
    layernorm_forward,
)

N, C = 6, 3
both_modes = pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
sizes = st.integers(2, 7)
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture
def x(rng):
    return rng.normal(loc=[5.0, 0.0, -2.0], scale=[0.1, 1.0, 30.0], size=(N, C))


@pytest.fixture
def affine(rng):
    """Gamma and beta; not 1 and 0, since defaults hide missing factors."""
    return tuple(rng.normal(size=(2, C)))


@pytest.fixture
def running(rng):
    """A running mean and variance that are not those of the start."""
    return rng.normal(size=C), rng.uniform(0.5, 2.0, size=C)


@pytest.fixture
def grad_output(rng):
    return rng.normal(size=(N, C))


@both_modes
@pytest.mark.parametrize("settings", [{}, {"momentum": 0.3, "eps": 0.1}])
def test_batchnorm_matches_torch(
    torch, torch_vjp, x, affine, running, grad_output, training, settings
):
    """Output, running statistics and all gradients are PyTorch's, whatever the settings."""
    tracked = [torch.tensor(statistic) for statistic in running]

    output, grads = torch_vjp(
        lambda x, gamma, beta: torch.nn.functional.batch_norm(
            x, *tracked, gamma, beta, training=training, **settings
        ),
        [x, *affine],
        grad_output,
    )
    y, mean, var, cache = batchnorm_forward(x, *affine, *running, training, **settings)

    assert_allclose(y, output, rtol=1e-10)
    assert_allclose([mean, var], [t.numpy() for t in tracked], rtol=1e-12)
    for got, expected in zip(batchnorm_backward(grad_output, cache), grads, strict=True):
        assert_allclose(got, expected, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("settings", [{}, {"eps": 0.1}])
def test_layernorm_matches_torch(torch, torch_vjp, x, affine, grad_output, settings):
    """Output and all gradients are PyTorch's."""
    output, grads = torch_vjp(
        lambda x, gamma, beta: torch.nn.functional.layer_norm(x, (C,), gamma, beta, **settings),
        [x, *affine],
        grad_output,
    )
    y, cache = layernorm_forward(x, *affine, **settings)

    assert_allclose(y, output, rtol=1e-10)
    for got, expected in zip(layernorm_backward(grad_output, cache), grads, strict=True):
        assert_allclose(got, expected, rtol=1e-8, atol=1e-12)


@both_modes
def test_batchnorm_gradients_are_derivatives(
    assert_is_gradient, x, affine, running, grad_output, training
):
    """dL/dx, dL/dgamma and dL/dbeta agree with complex steps in both modes."""

    def loss(x, gamma, beta):
        y, *_ = batchnorm_forward(x, gamma, beta, *running, training, eps=0.1)
        return (y * grad_output).sum()

    gamma, beta = affine
    *_, cache = batchnorm_forward(x, gamma, beta, *running, training, eps=0.1)
    grad_x, grad_gamma, grad_beta = batchnorm_backward(grad_output, cache)

    assert_is_gradient(grad_x, lambda x: loss(x, gamma, beta), x)
    assert_is_gradient(grad_gamma, lambda gamma: loss(x, gamma, beta), gamma)
    assert_is_gradient(grad_beta, lambda beta: loss(x, gamma, beta), beta)


def test_layernorm_gradients_are_derivatives(assert_is_gradient, x, affine, grad_output):
    """dL/dx, dL/dgamma and dL/dbeta agree with complex steps."""

    def loss(x, gamma, beta):
        return (layernorm_forward(x, gamma, beta, eps=0.1)[0] * grad_output).sum()

    gamma, beta = affine
    _, cache = layernorm_forward(x, gamma, beta, eps=0.1)
    grad_x, grad_gamma, grad_beta = layernorm_backward(grad_output, cache)

    assert_is_gradient(grad_x, lambda x: loss(x, gamma, beta), x)
    assert_is_gradient(grad_gamma, lambda gamma: loss(x, gamma, beta), gamma)
    assert_is_gradient(grad_beta, lambda beta: loss(x, gamma, beta), beta)


@pytest.mark.parametrize("axis", [0, 1])
def test_input_gradients_match_autograd(x, affine, running, grad_output, axis):
    """HIPS autograd finds the same; the two layers differ in the axis alone."""
    gamma, beta = affine

    def loss(x):
        mean, var = anp.mean(x, axis, keepdims=True), anp.var(x, axis, keepdims=True)
        return anp.sum((gamma * (x - mean) / anp.sqrt(var + 1e-5) + beta) * grad_output)

    if axis == 0:
        *_, cache = batchnorm_forward(x, gamma, beta, *running, training=True)
        grad_x, _, _ = batchnorm_backward(grad_output, cache)
    else:
        _, cache = layernorm_forward(x, gamma, beta)
        grad_x, _, _ = layernorm_backward(grad_output, cache)

    assert_allclose(grad_x, autograd.grad(loss)(x), rtol=1e-7, atol=1e-12)


@given(sizes, sizes, seeds)
def test_training_output_is_standardised(n, c, seed):
    """With gamma 1 and beta 0, columns have mean 0 and a variance of just below 1."""
    rng = np.random.default_rng(seed)
    x = rng.normal(loc=5.0, scale=10.0, size=(n, c))

    y, *_ = batchnorm_forward(x, np.ones(c), np.zeros(c), np.zeros(c), np.ones(c), True)

    assert_allclose(y.mean(axis=0), 0, atol=1e-11)
    assert_allclose(y.var(axis=0), x.var(axis=0) / (x.var(axis=0) + 1e-5), rtol=1e-9)


@given(sizes, sizes, seeds)
def test_layernorm_of_the_transposed_batch_is_batchnorm(n, c, seed):
    """Without scale and shift, rows of one are columns of the other."""
    x = np.random.default_rng(seed).normal(size=(n, c))

    across, _ = layernorm_forward(x.T, np.ones(n), np.zeros(n))
    down, *_ = batchnorm_forward(x, np.ones(c), np.zeros(c), np.zeros(c), np.ones(c), True)

    assert_allclose(across.T, down, rtol=1e-12, atol=1e-13)


@given(seeds, st.floats(0.5, 20), st.floats(-10, 10))
def test_training_output_ignores_affine_changes_of_the_input(seed, scale, shift):
    """Normalising undoes any positive scale and any shift of a feature, up to eps."""
    rng = np.random.default_rng(seed)
    x, state = rng.normal(size=(8, C)), (rng.normal(size=C), np.zeros(C), np.zeros(C), np.ones(C))

    y, *_ = batchnorm_forward(x, *state, training=True, eps=0.0)
    other, *_ = batchnorm_forward(scale * x + shift, *state, training=True, eps=0.0)

    assert_allclose(other, y, rtol=1e-9, atol=1e-11)


def test_running_statistics_by_hand():
    """The batch 1, 5 has mean 3 and unbiased variance 8, of which a quarter is taken over."""
    _, mean, var, _ = batchnorm_forward(
        *([[1.0], [5.0]], [1.0], [0.0], [7.0], [4.0]), training=True, momentum=0.25
    )

    assert_allclose([mean, var], [[6.0], [5.0]])


def test_running_statistics_reach_those_of_a_batch_that_is_repeated(x, affine):
    """Seen often enough, the batch's mean and unbiased variance are all that is left."""
    mean, var = np.zeros(C), np.ones(C)
    for _ in range(400):
        _, mean, var, _ = batchnorm_forward(x, *affine, mean, var, training=True)

    assert_allclose(mean, x.mean(axis=0))
    assert_allclose(var, x.var(axis=0, ddof=1))


def test_evaluation_leaves_the_running_statistics_alone(x, affine, running):
    """They come back with the same values, in arrays of their own."""
    _, mean, var, _ = batchnorm_forward(x, *affine, *running, training=False)

    assert_array_equal([mean, var], running)


def test_evaluation_treats_each_row_on_its_own(x, affine, running):
    """A single example gives what it gives within a batch, and so do its gradients."""
    y, *_, cache = batchnorm_forward(x, *affine, *running, training=False)
    single, *_, single_cache = batchnorm_forward(x[:1], *affine, *running, training=False)

    assert_allclose(single, y[:1])
    assert_allclose(batchnorm_backward(y[:1], single_cache)[0], batchnorm_backward(y, cache)[0][:1])


def test_layernorm_treats_each_row_on_its_own(x, affine, grad_output):
    """A batch of one is as good as any other."""
    y, cache = layernorm_forward(x, *affine)
    single, single_cache = layernorm_forward(x[:1], *affine)

    assert_allclose(single, y[:1])
    grad_x, _, _ = layernorm_backward(grad_output, cache)
    assert_allclose(layernorm_backward(grad_output[:1], single_cache)[0], grad_x[:1])


def test_constant_columns_and_rows_give_beta(affine):
    """Their variance is 0, and eps keeps the division finite."""
    gamma, beta = affine
    x = np.full((4, C), 0.1)

    y, *_ = batchnorm_forward(x, gamma, beta, np.zeros(C), np.ones(C), training=True)
    across, _ = layernorm_forward(x, gamma, beta)

    assert_allclose([y, across], np.broadcast_to(beta, (2, 4, C)))


def test_training_gradient_is_orthogonal_to_what_normalising_removes(x, affine, running, rng):
    """Moving a whole column, or stretching it, does not change the output: with eps = 0 the
    gradient has no part in these two directions.
    """
    *_, cache = batchnorm_forward(x, *affine, *running, training=True, eps=0.0)

    grad_x, _, _ = batchnorm_backward(rng.normal(size=(N, C)), cache)

    assert_allclose(grad_x.sum(axis=0), 0, atol=1e-10)
    assert_allclose((grad_x * x).sum(axis=0), 0, atol=1e-9)


@both_modes
def test_batchnorm_cache_is_as_documented(x, affine, running, training):
    """(x_hat, gamma, std, training)."""
    gamma, beta = affine
    y, *_, (x_hat, cached_gamma, std, mode) = batchnorm_forward(x, *affine, *running, training)

    mean, var = (x.mean(axis=0), x.var(axis=0)) if training else running
    assert_allclose(std, np.sqrt(var + 1e-5))
    assert_allclose(x_hat, (x - mean) / std, atol=1e-12)
    assert_allclose(y, cached_gamma * x_hat + beta)
    assert mode is training
    assert_array_equal(cached_gamma, gamma)


def test_layernorm_cache_is_as_documented(x, affine):
    """(x_hat, gamma, std), with std as a column."""
    _, (x_hat, gamma, std) = layernorm_forward(x, *affine)

    assert_allclose(std, np.sqrt(x.var(axis=1, keepdims=True) + 1e-5))
    assert_allclose(x_hat * std, x - x.mean(axis=1, keepdims=True))
    assert_array_equal(gamma, affine[0])


def test_changing_gamma_after_the_forward_pass_does_no_harm(x, affine, running, grad_output):
    """The gradients are those of the pass that was run, also after an update in place."""
    gamma, beta = affine
    *_, cache = batchnorm_forward(x, gamma, beta, *running, training=True)
    _, row_cache = layernorm_forward(x, gamma, beta)
    before = batchnorm_backward(grad_output, cache), layernorm_backward(grad_output, row_cache)

    gamma *= 0

    after = batchnorm_backward(grad_output, cache), layernorm_backward(grad_output, row_cache)
    for one, other in zip(before, after, strict=True):
        assert all(map(np.array_equal, one, other))
