"""Tests for nnkit.functional.losses."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import (
    cross_entropy,
    cross_entropy_backward,
    log_softmax,
    mse,
    mse_backward,
    softmax,
)

sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture
def logits(rng):
    return rng.normal(scale=3.0, size=(5, 4))


@pytest.fixture
def targets():
    return np.array([3, 0, 1, 1, 2])


@given(sizes, sizes, seeds)
def test_softmax_rows_are_distributions_that_ignore_shifts(n, c, seed):
    """Rows add up to 1, are positive, and only differences of logits count."""
    rng = np.random.default_rng(seed)
    logits, shift = rng.normal(scale=3.0, size=(n, c)), rng.normal(scale=100.0, size=(n, 1))

    probs = softmax(logits)

    assert_allclose(probs.sum(axis=1), 1.0)
    assert (probs > 0).all()
    assert_allclose(softmax(logits + shift), probs, rtol=1e-10)
    assert_allclose(log_softmax(logits + shift), np.log(probs), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_softmax_matches_torch_at_any_size(torch, logits, function):
    """Rows around 1000, around -1000, and with both, neither overflow nor lose the small ones."""
    big = np.array([[1000.0, 999.0, -5.0, 0.0], [-1000.0, -1001.0, -1e4, -999.0]])
    logits = np.concatenate([logits, big, [[1000.0, -1000.0, 0.0, 1000.0]]])

    expected = getattr(torch.nn.functional, function.__name__)(torch.tensor(logits), dim=1)

    assert_allclose(function(logits), expected, rtol=1e-12)


def test_cross_entropy_of_equal_logits_is_the_logarithm_of_the_number_of_classes():
    """A network that knows nothing starts at log C, whatever its targets."""
    assert cross_entropy(np.full((3, 10), 7.0), np.array([0, 9, 4])) == pytest.approx(np.log(10))


def test_cross_entropy_of_a_class_far_behind_is_the_distance():
    """1000 behind costs 1000, far ahead costs nothing; the mean of both is 500."""
    assert cross_entropy(np.array([[0.0, 1000.0], [0.0, 1000.0]]), np.array([0, 1])) == 500.0


def test_cross_entropy_and_gradient_match_torch(torch, torch_vjp, logits, targets):
    """PyTorch's default is the mean too."""
    classes = torch.tensor(targets)

    loss, [grad] = torch_vjp(
        lambda z: torch.nn.functional.cross_entropy(z, classes), [logits], np.array(1.0)
    )

    assert_allclose(cross_entropy(logits, targets), loss, rtol=1e-12)
    assert_allclose(cross_entropy_backward(logits, targets), grad, rtol=1e-12)


def test_cross_entropy_gradient_is_the_derivative(assert_is_gradient, logits, targets):
    """Complex steps, centred differences and HIPS autograd agree."""
    grad = cross_entropy_backward(logits, targets)

    def loss(z):
        log_probs = z - anp.log(anp.sum(anp.exp(z), axis=1))[:, None]
        return -anp.mean(log_probs[anp.arange(5), targets])

    assert_is_gradient(grad, lambda z: cross_entropy(z, targets), logits)
    assert_allclose(grad, autograd.grad(loss)(logits), rtol=1e-10)


def test_cross_entropy_gradient_rows_add_up_to_zero(logits, targets):
    """What one class gains the others lose; only the right class is pushed up."""
    grad = cross_entropy_backward(logits, targets)

    assert_allclose(grad.sum(axis=1), 0.0, atol=1e-15)
    assert_array_equal(np.argwhere(grad < 0), np.stack([np.arange(5), targets], axis=1))


@pytest.mark.parametrize("shape", [(6,), (5, 3), (4, 1), (2, 3, 4)])
def test_mse_and_gradient_match_torch(torch, torch_vjp, rng, shape):
    """The mean is over all entries, of arrays of any shape."""
    predictions, targets = rng.normal(size=(2, *shape))

    loss, [grad] = torch_vjp(
        lambda p: torch.nn.functional.mse_loss(p, torch.tensor(targets)),
        [predictions],
        np.array(1.0),
    )

    assert_allclose(mse(predictions, targets), loss, rtol=1e-12)
    assert_allclose(mse_backward(predictions, targets), grad, rtol=1e-12)


def test_mse_gradient_is_the_derivative(rng, assert_is_gradient):
    """Complex steps and centred differences agree."""
    predictions, targets = rng.normal(size=(2, 4, 3))

    assert_is_gradient(mse_backward(predictions, targets), lambda p: mse(p, targets), predictions)


@given(sizes, sizes, seeds)
def test_mse_is_zero_only_for_right_predictions(n, d, seed):
    """It is symmetric, grows with the square of the error, and ignores common shifts."""
    rng = np.random.default_rng(seed)
    predictions, targets = rng.normal(size=(2, n, d))

    loss = mse(predictions, targets)

    assert mse(targets, targets) == 0.0
    assert loss > 0
    assert mse(targets, predictions) == loss
    assert mse(predictions + 2, targets + 2) == pytest.approx(loss, rel=1e-10)
    assert mse(targets + 3 * (predictions - targets), targets) == pytest.approx(9 * loss)
