"""Tests for nnkit.functional.activations."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import (
    leaky_relu,
    leaky_relu_backward,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    tanh,
    tanh_backward,
)

# forward, backward of z, PyTorch's name, its further arguments
BY_NAME = {
    "sigmoid": (sigmoid, lambda g, z: sigmoid_backward(g, sigmoid(z)), ()),
    "tanh": (tanh, lambda g, z: tanh_backward(g, tanh(z)), ()),
    "relu": (relu, relu_backward, ()),
    "leaky_relu": (leaky_relu, leaky_relu_backward, ()),
    "leaky_relu with slope 0.3": (
        lambda z: leaky_relu(z, 0.3),
        lambda g, z: leaky_relu_backward(g, z, 0.3),
        (0.3,),
    ),
}
each_activation = pytest.mark.parametrize("name", BY_NAME)
real_arrays = arrays("float64", array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6))


@pytest.fixture
def z(rng):
    """Both signs, exact zeros, and sizes from tiny to huge."""
    return np.concatenate([rng.normal(size=20), [0.0, -0.0, 1e-300, 40.0, -40.0, 1000.0, -1000.0]])


@each_activation
def test_output_and_gradient_match_torch(torch, torch_vjp, rng, z, name):
    """The same values and slopes as PyTorch's, at 0 too."""
    forward, backward, settings = BY_NAME[name]
    function = getattr(torch.nn.functional, name.split()[0])
    grad_output = rng.normal(size=z.shape)

    output, [grad] = torch_vjp(lambda z: function(z, *settings), [z], grad_output)

    assert_allclose(forward(z), output, rtol=1e-12)
    assert_allclose(backward(grad_output, z), grad, rtol=1e-12)


@each_activation
def test_gradient_is_the_derivative(rng, assert_is_gradient, name):
    """Complex steps and centred differences agree, away from the kink."""
    forward, backward, _ = BY_NAME[name]
    z, grad_output = rng.normal(size=(2, 3, 4))

    assert_is_gradient(backward(grad_output, z), lambda z: (forward(z) * grad_output).sum(), z)


@each_activation
def test_the_real_part_decides_at_the_kink(name):
    """0 with a small imaginary part is no positive number, forward and backward: a complex step
    finds the slope that counts at 0.
    """
    forward, backward, _ = BY_NAME[name]
    z = np.array([0.0 + 1e-20j, 0.0 - 1e-20j])

    slope = backward(np.ones(2), np.zeros(2))

    assert_allclose(forward(z).imag / z.imag, slope)
    assert_allclose(backward(np.ones(2), z).real, slope)


@each_activation
@given(real_arrays)
def test_every_entry_is_treated_on_its_own(name, z):
    """Any shape comes back, and an entry's value does not depend on its neighbours."""
    forward, backward, _ = BY_NAME[name]

    assert forward(z).shape == z.shape
    assert_array_equal(forward(z).ravel(), [forward(entry) for entry in z.ravel()])
    assert_array_equal(backward(z, z).ravel(), [backward(entry, entry) for entry in z.ravel()])


@each_activation
def test_not_a_number_stays_visible(name):
    """A network that has gone wrong must not look healthy behind an activation."""
    forward, backward, _ = BY_NAME[name]

    assert np.isnan(forward(np.array([np.nan]))).all()
    assert np.isnan(backward(np.array([np.nan]), np.array([1.0]))).all()


@given(real_arrays)
def test_sigmoid_is_symmetric_around_one_half(z):
    """What is taken from one class goes to the other."""
    assert_allclose(sigmoid(-z), 1 - sigmoid(z), atol=1e-15)


def test_sigmoid_keeps_the_digits_of_small_values():
    """Far to the left the sigmoid is exp(z), not 0, down to the smallest float."""
    z = np.array([-37.0, -40.0, -100.0, -700.0])

    assert_allclose(sigmoid(z), np.exp(z), rtol=1e-15)


def test_sigmoid_reaches_its_limits_without_a_warning():
    """Nothing overflows on either side, in float32 neither, nor with complex numbers."""
    z = np.array([-np.inf, -1000.0, 0.0, 1000.0, np.inf])

    for dtype in ("float64", "float32", "complex128"):
        finite = z[1:-1] if dtype == "complex128" else z
        expected = [0.0, 0.5, 1.0] if dtype == "complex128" else [0.0, 0.0, 0.5, 1.0, 1.0]
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            assert_allclose(sigmoid(finite.astype(dtype)), expected)


@given(real_arrays)
def test_tanh_is_a_stretched_sigmoid(z):
    """tanh(z) = 2 * sigmoid(2 * z) - 1."""
    assert_allclose(tanh(z), 2 * sigmoid(2 * z) - 1, atol=1e-15)


@given(real_arrays)
def test_relu_keeps_or_zeroes(z):
    """Every entry is the larger one of itself and 0, and the two halves make up the whole."""
    assert_array_equal(relu(z), np.maximum(z, 0))
    assert_array_equal(relu(z) - relu(-z), z)


def test_relu_backward_follows_the_input_and_not_the_gradient():
    """A negative gradient passes where the unit was on; at exactly 0 nothing passes."""
    grad = relu_backward(np.array([-5.0, -5.0, 5.0, 5.0]), np.array([0.1, -0.1, 0.0, 1e-300]))

    assert_array_equal(grad, [-5.0, 0.0, 0.0, 5.0])


@given(real_arrays)
def test_leaky_relu_lies_between_relu_and_the_identity(z):
    """Slope 0 is ReLU, slope 1 changes nothing, and the default is 0.01."""
    assert_array_equal(leaky_relu(z, 0.0), relu(z))
    assert_array_equal(leaky_relu(z, 1.0), z)
    assert_array_equal(leaky_relu(z), leaky_relu(z, 0.01))
    assert_array_equal(leaky_relu_backward(z, z), leaky_relu_backward(z, z, 0.01))


def test_slopes_are_largest_at_the_centre():
    """One quarter for the sigmoid, one for tanh, and less and less on both sides."""
    z = np.linspace(-5.0, 5.0, 101)
    ones = np.ones_like(z)

    for slope, largest in [
        (sigmoid_backward(ones, sigmoid(z)), 0.25),
        (tanh_backward(ones, tanh(z)), 1.0),
    ]:
        assert_allclose(slope[50], largest)
        assert (np.diff(slope[:51]) > 0).all()
        assert (np.diff(slope[50:]) < 0).all()
