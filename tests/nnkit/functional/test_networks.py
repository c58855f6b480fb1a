"""Tests for nnkit.functional.networks."""

from itertools import pairwise

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import cross_entropy, mlp_backward, mlp_forward, mlp_loss

SHAPES = {
    "one layer": [4, 3],
    "one hidden layer": [4, 6, 3],
    "three hidden layers": [4, 7, 5, 6, 3],
    "all widths equal": [5, 5, 5, 5],
    "one hidden unit": [4, 1, 3],
}
each_shape = pytest.mark.parametrize("widths", SHAPES.values(), ids=SHAPES)


def network(widths, rng):
    weights = [rng.normal(size=shape) for shape in pairwise(widths)]
    return weights, [rng.normal(size=width) for width in widths[1:]]


def torch_forward(torch, x, weights, biases):
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = torch.relu(x @ weight + bias)
    return x @ weights[-1] + biases[-1]


@each_shape
def test_output_and_gradients_match_torch(torch, torch_vjp, rng, widths):
    """The logits, and the gradients of all weights and biases in the order of the layers."""
    x, (weights, biases) = rng.normal(size=(8, widths[0])), network(widths, rng)
    grad_logits = rng.normal(size=(8, widths[-1]))
    depth = len(weights)

    output, grads = torch_vjp(
        lambda *p: torch_forward(torch, torch.tensor(x), p[:depth], p[depth:]),
        [*weights, *biases],
        grad_logits,
    )
    logits, cache = mlp_forward(x, weights, biases)
    grad_weights, grad_biases = mlp_backward(grad_logits, cache)

    assert_allclose(logits, output, rtol=1e-11)
    assert len(grad_weights) == len(grad_biases) == depth
    for got, expected in zip([*grad_weights, *grad_biases], grads, strict=True):
        assert_allclose(got, expected, rtol=1e-11, atol=1e-13)


@each_shape
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_loss_gradients_are_derivatives(rng, assert_is_gradient, widths, l2):
    """Each weight and bias agrees with complex steps and centred differences, penalty included."""
    x, (weights, biases) = rng.normal(size=(6, widths[0])), network(widths, rng)
    targets = rng.integers(0, widths[-1], size=6)

    _, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases, l2)

    for parameters, grads in [(weights, grad_weights), (biases, grad_biases)]:
        for i, grad in enumerate(grads):

            def loss(value, parameters=parameters, i=i):
                changed = [value if k == i else p for k, p in enumerate(parameters)]
                pair = (changed, biases) if parameters is weights else (weights, changed)
                return mlp_loss(x, targets, *pair, l2)[0]

            assert_is_gradient(grad, loss, parameters[i])


def test_loss_and_gradients_match_autograd(rng):
    """HIPS autograd, on the loss written out in one expression, finds the same."""
    x, targets = rng.normal(size=(6, 4)), np.array([0, 2, 1, 1, 0, 2])
    (w1, w2), (b1, b2) = weights, biases = network([4, 5, 3], rng)

    def loss(w1, b1, w2, b2):
        z = anp.maximum(0, x @ w1 + b1) @ w2 + b2
        log_probs = z - anp.log(anp.sum(anp.exp(z), axis=1, keepdims=True))
        penalty = 0.5 * 0.2 * (anp.sum(w1**2) + anp.sum(w2**2))
        return -anp.mean(log_probs[np.arange(6), targets]) + penalty

    value, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases, l2=0.2)

    expected = autograd.grad(loss, argnum=(0, 1, 2, 3))(w1, b1, w2, b2)
    assert value == pytest.approx(loss(w1, b1, w2, b2), rel=1e-12)
    grads = [grad_weights[0], grad_biases[0], grad_weights[1], grad_biases[1]]
    for got, want in zip(grads, expected, strict=True):
        assert_allclose(got, want, rtol=1e-10)


def test_logits_may_be_negative():
    """There is no ReLU after the last layer."""
    logits, _ = mlp_forward(np.ones((1, 2)), [np.full((2, 3), -1.0)], [np.zeros(3)])

    assert_array_equal(logits, [[-2.0, -2.0, -2.0]])


def test_cache_holds_the_inputs_of_the_layers_and_the_weights(rng):
    """First x, then the hidden activations after their ReLU."""
    x, (weights, biases) = rng.normal(size=(8, 4)), network([4, 6, 5, 3], rng)

    _, (inputs, cached_weights) = mlp_forward(x, weights, biases)

    h1 = np.maximum(x @ weights[0] + biases[0], 0)
    h2 = np.maximum(h1 @ weights[1] + biases[1], 0)
    for got, expected in zip(inputs, [x, h1, h2], strict=True):
        assert_allclose(got, expected)
    for got, expected in zip(cached_weights, weights, strict=True):
        assert_array_equal(got, expected)


def test_changing_the_arguments_after_the_forward_pass_does_no_harm(rng):
    """The gradients are those of the pass that was run, also after an update in place."""
    x, (weights, biases) = rng.normal(size=(8, 4)), network([4, 6, 3], rng)
    grad_logits = rng.normal(size=(8, 3))
    _, cache = mlp_forward(x, weights, biases)
    expected, _ = mlp_backward(grad_logits, cache)

    x *= 0
    for weight in weights:
        weight *= 0

    for got, want in zip(mlp_backward(grad_logits, cache)[0], expected, strict=True):
        assert_array_equal(got, want)


def test_units_that_were_off_get_no_gradient():
    """Below a dead layer everything is exactly 0; the last bias still learns."""
    weights, biases = [np.ones((2, 3)), np.ones((3, 2))], [np.full(3, -9.0), np.zeros(2)]
    _, cache = mlp_forward(np.ones((4, 2)), weights, biases)

    grad_weights, grad_biases = mlp_backward(np.ones((4, 2)), cache)

    assert not grad_weights[0].any()
    assert not grad_biases[0].any()
    assert not grad_weights[1].any()
    assert_array_equal(grad_biases[1], [4.0, 4.0])


def test_unit_at_exactly_zero_counts_as_off():
    """The slope of ReLU at 0 is 0."""
    weights, biases = [np.array([[1.0]]), np.array([[5.0]])], [np.array([-2.0]), np.zeros(1)]
    _, cache = mlp_forward(np.array([[2.0]]), weights, biases)

    grad_weights, _ = mlp_backward(np.ones((1, 1)), cache)

    assert_array_equal(grad_weights[0], [[0.0]])


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_loss_is_the_mean_over_the_batch(n, seed):
    """Repeating every example changes neither loss nor gradients."""
    rng = np.random.default_rng(seed)
    x, targets = rng.normal(size=(n, 3)), rng.integers(0, 4, size=n)
    weights, biases = network([3, 5, 4], rng)

    once = mlp_loss(x, targets, weights, biases, 0.1)
    twice = mlp_loss(np.tile(x, (2, 1)), np.tile(targets, 2), weights, biases, 0.1)

    assert once[0] == pytest.approx(twice[0])
    for got, want in zip([*once[1], *once[2]], [*twice[1], *twice[2]], strict=True):
        assert_allclose(got, want, rtol=1e-9, atol=1e-12)


def test_penalty_is_off_by_default_and_spares_the_biases(rng):
    """l2 adds to the loss and to the gradients of the weights, not to those of the biases."""
    x, targets = rng.normal(size=(6, 4)), rng.integers(0, 3, size=6)
    weights, biases = network([4, 5, 3], rng)

    plain = mlp_loss(x, targets, weights, biases)
    decayed = mlp_loss(x, targets, weights, biases, l2=0.4)

    assert plain[0] == cross_entropy(mlp_forward(x, weights, biases)[0], targets)
    assert decayed[0] - plain[0] == pytest.approx(0.2 * sum((w**2).sum() for w in weights))
    for i, weight in enumerate(weights):
        assert_allclose(decayed[1][i] - plain[1][i], 0.4 * weight)
        assert_array_equal(decayed[2][i], plain[2][i])


def test_descent_on_the_loss_learns_xor():
    """The gradients are good for what they are for: four points that no line separates."""
    rng = np.random.default_rng(1)
    x, targets = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    weights, biases = network([2, 8, 2], rng)

    for _ in range(300):
        loss, grad_weights, grad_biases = mlp_loss(x, targets, weights, biases)
        weights = [w - 0.5 * g for w, g in zip(weights, grad_weights, strict=True)]
        biases = [b - 0.5 * g for b, g in zip(biases, grad_biases, strict=True)]

    assert loss < 0.05
