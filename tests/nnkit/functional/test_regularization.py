"""Tests for nnkit.functional.regularization."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import (
    dropout_backward,
    dropout_forward,
    early_stopping_epoch,
    l2_penalty,
    l2_penalty_backward,
)

SIZE = 40_000


def test_l2_penalty_by_hand():
    """Half of 0.1 times 1 + 4 + 9 + 16, and the gradient is a tenth of each weight."""
    weights = [np.array([[1.0, -2.0]]), np.array([3.0, 4.0])]

    assert l2_penalty(weights, 0.1) == pytest.approx(1.5)
    for grad, weight in zip(l2_penalty_backward(weights, 0.1), weights, strict=True):
        assert_allclose(grad, 0.1 * weight)


def test_l2_penalty_gradient_is_the_derivative(rng, assert_is_gradient):
    """For each of the weights, with the others as they are."""
    first, second = rng.normal(size=(3, 2)), rng.normal(size=(2, 4))

    grads = l2_penalty_backward([first, second], 0.7)

    assert_is_gradient(grads[0], lambda w: l2_penalty([w, second], 0.7), first)
    assert_is_gradient(grads[1], lambda w: l2_penalty((first, w), 0.7), second)


@pytest.mark.parametrize("weights", [[], [np.zeros((0, 3))], [np.ones((2, 2))]])
def test_l2_penalty_of_strength_zero_is_zero(weights):
    """No weights, empty weights and no strength all cost nothing."""
    assert l2_penalty(weights, 0.0) == 0.0
    assert type(l2_penalty(weights, 0.0)) is float
    assert len(l2_penalty_backward(weights, 0.0)) == len(weights)


@pytest.mark.parametrize("strength", [0.0, 0.3])
def test_l2_with_sgd_is_weight_decay(torch, rng, strength):
    """A step against loss and penalty is PyTorch's SGD with weight_decay = strength."""
    weight, grad = rng.normal(size=(2, 3, 4))
    parameter = torch.nn.Parameter(torch.tensor(weight))
    parameter.grad = torch.tensor(grad)

    torch.optim.SGD([parameter], lr=0.1, weight_decay=strength).step()

    [penalty_grad] = l2_penalty_backward([weight], strength)
    assert_allclose(weight - 0.1 * (grad + penalty_grad), parameter.detach(), rtol=1e-12)


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9])
def test_p_is_the_probability_of_zeroing(rng, p):
    """The fraction of zeros is within five standard errors, survivors are scaled."""
    _, mask = dropout_forward(np.ones((200, 200)), p, True, rng)

    assert (mask == 0).mean() == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / SIZE) + 1e-12)
    assert_allclose(mask[mask != 0], 1 / (1 - p))


@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_the_mean_stays(rng, p):
    """What is dropped is made up for by the survivors."""
    y, _ = dropout_forward(np.full((200, 200), 3.0), p, True, rng)

    assert y.mean() == pytest.approx(3.0, abs=15 * np.sqrt(p / (1 - p) / SIZE))


@given(st.integers(0, 2**32 - 1), st.floats(0, 0.95))
def test_output_and_gradient_are_multiplied_by_the_same_mask(seed, p):
    """y = x * mask, and the gradient passes where the entry did, with the same factor."""
    rng = np.random.default_rng(seed)
    x, grad_output = rng.normal(size=(2, 5, 4))

    y, mask = dropout_forward(x, p, True, rng)

    assert_array_equal(y, x * mask)
    assert_array_equal(dropout_backward(grad_output, mask), grad_output * mask)


def test_gradient_is_the_derivative(assert_is_gradient, rng):
    """With the coins held fixed by the seed, complex steps agree."""
    x, grad_output = rng.normal(size=(2, 5, 4))

    def loss(x):
        return (dropout_forward(x, 0.3, True, np.random.default_rng(1))[0] * grad_output).sum()

    _, mask = dropout_forward(x, 0.3, True, np.random.default_rng(1))

    assert_is_gradient(dropout_backward(grad_output, mask), loss, x)


def test_each_entry_has_its_own_coin(rng):
    """Rows, columns and neighbours are dropped independently of each other."""
    _, mask = dropout_forward(np.ones((200, 200)), 0.5, True, rng)
    kept = mask > 0

    assert len(np.unique(kept, axis=0)) == len(np.unique(kept, axis=1)) == 200
    for one, other in [(kept[1:], kept[:-1]), (kept[:, 1:], kept[:, :-1]), (kept, kept.T)]:
        assert (one == other).mean() == pytest.approx(0.5, abs=0.02)


def test_two_calls_drop_different_entries():
    """The generator goes on where it was; nobody seeds it anew, and it decides everything."""
    rng, again = np.random.default_rng(0), np.random.default_rng(0)
    x = np.ones((10, 10))

    first, second = (dropout_forward(x, 0.5, True, rng)[1] for _ in range(2))

    assert not np.array_equal(first, second)
    assert_array_equal(first, dropout_forward(x, 0.5, True, again)[1])


def test_evaluation_lets_everything_pass_and_needs_no_coins(rng):
    """Exactly the input, a mask of ones, and the generator is where it was."""
    x, state = rng.normal(size=(5, 4)), rng.bit_generator.state

    y, mask = dropout_forward(x, 0.9, False, rng)

    assert_array_equal(y, x)
    assert_array_equal(mask, np.ones((5, 4)))
    assert rng.bit_generator.state == state
    for p in (0.0, 0.9):
        assert_array_equal(dropout_forward(x, p, False, None)[0], x)


def test_a_probability_of_zero_drops_nothing():
    """Not even for the smallest number that a generator gives."""

    class Zeros(np.random.Generator):
        def random(self, size):
            return np.zeros(size)

    _, mask = dropout_forward(np.ones((2, 3)), 0.0, True, Zeros(np.random.PCG64(0)))

    assert_array_equal(mask, 1)


@pytest.mark.parametrize(
    ("losses", "patience", "min_delta", "expected"),
    [
        ([5, 4, 3, 2, 1], 1, 0.0, (4, 4)),  # never worse: all epochs
        ([1, 2, 3, 4, 5], 1, 0.0, (1, 0)),
        ([1, 2, 3, 4, 5], 3, 0.0, (3, 0)),
        ([3, 2, 4, 4, 1, 5, 5, 5], 3, 0.0, (7, 4)),  # back in time, patience starts anew
        ([3, 2, 4, 4, 4, 1], 3, 0.0, (4, 1)),  # the 1 comes too late
        ([2, 2, 2], 2, 0.0, (2, 0)),  # equal is no improvement
        ([3.0, 2.9, 2.8, 2.7], 3, 0.25, (3, 3)),  # 2.7 is 0.3 below 3, in small steps
        ([3.0, 2.75, 2.5], 2, 0.25, (2, 2)),  # 2.75 is below by 0.25, not by more
        ([3.0, 2.5, 2.25, 2.25], 2, 0.25, (3, 1)),
        ([1], 5, 0.0, (0, 0)),
        ([9, 8], 5, 0.0, (1, 1)),  # patience longer than the run
        ([np.nan, 5, 4], 2, 0.0, (2, 2)),
        ([2, np.nan, np.nan, 1], 2, 0.0, (2, 0)),  # NaN is no improvement
        ([np.nan, np.nan, np.nan], 2, 0.0, (2, 0)),
        ([np.inf, 7, 8, 9], 2, 0.0, (3, 1)),
    ],
)
def test_early_stopping_by_hand(losses, patience, min_delta, expected):
    """The stop is `patience` epochs after the last improvement, or at the end."""
    assert early_stopping_epoch(losses, patience, min_delta) == expected


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=15),
    st.integers(1, 5),
    st.integers(0, 2),
)
def test_early_stopping_matches_a_counter(losses, patience, min_delta):
    """Counting bad epochs, as most libraries do, gives the same."""
    best, best_epoch, bad = losses[0], 0, 0
    stop = len(losses) - 1
    for epoch, loss in enumerate(losses[1:], start=1):
        if best - loss > min_delta:
            best, best_epoch, bad = loss, epoch, 0
        else:
            bad += 1
        if bad == patience:
            stop = epoch
            break

    assert early_stopping_epoch(losses, patience, min_delta) == (stop, best_epoch)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=15), st.integers(1, 5))
def test_losses_after_the_stop_play_no_part(losses, patience):
    """The rule can be followed while training: it does not look ahead."""
    stop, best = early_stopping_epoch(losses, patience)

    assert early_stopping_epoch(losses[: stop + 1], patience) == (stop, best)
    assert losses[best] == min(losses[: stop + 1])


def test_losses_may_be_an_array():
    """A history is a list or an array, of integers or of floats."""
    assert early_stopping_epoch(np.array([3, 1, 2, 2], dtype=np.float32), 2) == (3, 1)
