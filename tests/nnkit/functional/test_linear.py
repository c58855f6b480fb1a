"""Tests for nnkit.functional.linear."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import linear, linear_backward

sizes = st.integers(1, 6)


@given(sizes, sizes, sizes, st.integers(0, 2**32 - 1))
def test_each_unit_gets_its_weighted_sum(n, d, h, seed):
    """Loops over examples, units and features give the same numbers."""
    rng = np.random.default_rng(seed)
    x, weight, bias = rng.normal(size=(n, d)), rng.normal(size=(d, h)), rng.normal(size=h)

    expected = [
        [sum(x[i, k] * weight[k, j] for k in range(d)) + bias[j] for j in range(h)]
        for i in range(n)
    ]

    assert_allclose(linear(x, weight, bias), expected, rtol=1e-12, atol=1e-13)


@given(sizes, sizes, sizes, st.integers(0, 2**32 - 1))
def test_gradients_match_loops(n, d, h, seed):
    """Each entry collects what flows through it; square shapes are no exception."""
    rng = np.random.default_rng(seed)
    x, weight, grad_output = (rng.normal(size=s) for s in [(n, d), (d, h), (n, h)])

    grad_x, grad_weight, grad_bias = linear_backward(grad_output, x, weight)

    for i in range(n):
        for k in range(d):
            expected = sum(grad_output[i, j] * weight[k, j] for j in range(h))
            assert_allclose(grad_x[i, k], expected, rtol=1e-12, atol=1e-13)
    for j in range(h):
        expected = sum(grad_output[i, j] for i in range(n))
        assert_allclose(grad_bias[j], expected, rtol=1e-12, atol=1e-13)
        for k in range(d):
            expected = sum(x[i, k] * grad_output[i, j] for i in range(n))
            assert_allclose(grad_weight[k, j], expected, rtol=1e-12, atol=1e-13)


def test_output_and_gradients_match_torch(torch, torch_vjp, rng):
    """The same layer as PyTorch's, whose weight is transposed."""
    x, weight, bias = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
    grad_output = rng.normal(size=(4, 5))

    output, grads = torch_vjp(
        lambda x, w, b: torch.nn.functional.linear(x, w.T, b), [x, weight, bias], grad_output
    )

    assert_allclose(linear(x, weight, bias), output, rtol=1e-12)
    for got, expected in zip(linear_backward(grad_output, x, weight), grads, strict=True):
        assert_allclose(got, expected, rtol=1e-12)


def test_gradients_are_derivatives(rng, assert_is_gradient):
    """All three gradients agree with complex steps and centred differences."""
    x, weight, bias = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=5)
    grad_output = rng.normal(size=(4, 5))

    grad_x, grad_weight, grad_bias = linear_backward(grad_output, x, weight)

    assert_is_gradient(grad_x, lambda x: (linear(x, weight, bias) * grad_output).sum(), x)
    assert_is_gradient(grad_weight, lambda w: (linear(x, w, bias) * grad_output).sum(), weight)
    assert_is_gradient(grad_bias, lambda b: (linear(x, weight, b) * grad_output).sum(), bias)


def test_gradients_of_a_batch_are_the_sum_over_its_examples(rng):
    """Weights and biases collect from every example; nothing is averaged."""
    x, weight, grad_output = (rng.normal(size=s) for s in [(6, 3), (3, 5), (6, 5)])

    _, grad_weight, grad_bias = linear_backward(grad_output, x, weight)

    singles = [linear_backward(grad_output[[i]], x[[i]], weight)[1:] for i in range(len(x))]
    assert_allclose(grad_weight, sum(w for w, _ in singles))
    assert_allclose(grad_bias, sum(b for _, b in singles))


def test_bias_is_the_output_for_an_input_of_zeros():
    """The same bias is added in every row."""
    assert_array_equal(linear(np.zeros((2, 3)), np.ones((3, 2)), [5, 7]), [[5, 7], [5, 7]])
