"""Tests for nnkit.layers and nnkit.normalization: what holds for every layer."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnkit import BatchNorm1d, Dropout, LayerNorm, LeakyReLU, Linear, ReLU, Sigmoid, Tanh
from nnkit import functional as F

N, D, H = 6, 4, 3


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def with_random_parameters(layer, rng):
    """Weight != 1 and bias != 0, since the defaults hide missing factors."""
    for p in layer.parameters():
        p.data = rng.normal(size=p.data.shape)
    return layer


LAYERS = {
    "Linear": lambda rng: Linear(D, H, rng),
    "Linear without bias": lambda rng: Linear(D, H, rng, bias=False),
    "ReLU": lambda rng: ReLU(),
    "LeakyReLU": lambda rng: LeakyReLU(0.2),
    "LeakyReLU above 1": lambda rng: LeakyReLU(1.5),
    "Tanh": lambda rng: Tanh(),
    "Sigmoid": lambda rng: Sigmoid(),
    "Dropout": lambda rng: Dropout(0.3, np.random.default_rng(1)),
    "BatchNorm1d": lambda rng: BatchNorm1d(D, eps=0.05, momentum=0.3),
    "LayerNorm": lambda rng: LayerNorm(D, eps=0.05),
}


@pytest.fixture(params=LAYERS, ids=lambda name: name.replace(" ", "_"))
def layer(request, rng):
    return with_random_parameters(LAYERS[request.param](rng), rng)


def through_functions(layer, x, grad_output):
    """What `nnkit.functional` gives: output, gradient of the input, gradients of parameters."""
    match layer:
        case Linear():
            bias = layer.bias.data if layer.bias else np.zeros(H)
            y = F.linear(x, layer.weight.data, bias)
            grads = F.linear_backward(grad_output, x, layer.weight.data)
            return y, *(grads if layer.bias else grads[:2])
        case ReLU():
            return F.relu(x), F.relu_backward(grad_output, x)
        case LeakyReLU():
            slope = layer.negative_slope
            return F.leaky_relu(x, slope), F.leaky_relu_backward(grad_output, x, slope)
        case Tanh():
            return F.tanh(x), F.tanh_backward(grad_output, F.tanh(x))
        case Sigmoid():
            return F.sigmoid(x), F.sigmoid_backward(grad_output, F.sigmoid(x))
        case Dropout():
            y, mask = F.dropout_forward(x, layer.p, layer.training, np.random.default_rng(1))
            return y, F.dropout_backward(grad_output, mask)
        case BatchNorm1d():
            state = np.zeros(D), np.ones(D)
            arguments = layer.weight.data, layer.bias.data, *state, layer.training
            y, *running, cache = F.batchnorm_forward(x, *arguments, layer.momentum, layer.eps)
            assert_allclose(layer.running_mean, running[0], rtol=1e-12)
            assert_allclose(layer.running_var, running[1], rtol=1e-12)
            return y, *F.batchnorm_backward(grad_output, cache)
        case LayerNorm():
            y, cache = F.layernorm_forward(x, layer.weight.data, layer.bias.data, layer.eps)
            return y, *F.layernorm_backward(grad_output, cache)


@pytest.mark.parametrize("training", [True, False])
def test_each_layer_equals_its_function(layer, rng, training):
    """Output, gradient of the input and gradients of the parameters, in both modes."""
    layer.train(training)
    x = 3 * rng.normal(size=(N, D)) * (rng.random((N, D)) < 0.8)  # some entries exactly zero
    y = layer(x)
    grad_output = rng.normal(size=y.shape)
    grad_x = layer.backward(grad_output)

    expected_y, *expected_grads = through_functions(layer, x, grad_output)
    assert_allclose(y, expected_y, rtol=1e-12)
    grads = [grad_x, *(p.grad for p in layer.parameters())]
    for grad, expected in zip(grads, expected_grads, strict=True):
        assert_allclose(grad, expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("training", [True, False])
def test_gradients_agree_with_central_differences(layer, rng, training):
    layer.train(training)
    x = rng.normal(size=(N, D))
    grad_output = rng.normal(size=layer(x).shape)
    reset = _reset(layer)

    def f(x):
        reset()
        return (layer(x) * grad_output).sum()

    f(x)
    layer.zero_grad()
    grad_x = layer.backward(grad_output)

    assert_allclose(grad_x, F.numerical_gradient(f, x), rtol=1e-6, atol=1e-8)
    for p in layer.parameters():
        value = p.data.copy()

        def f_of_parameter(value, p=p):
            p.data = value
            return f(x)

        assert_allclose(p.grad, F.numerical_gradient(f_of_parameter, value), rtol=1e-6, atol=1e-8)
        p.data = value


def _reset(layer):
    """A function that puts the layer's buffers and generators back to what they are now."""
    buffers = [(array, array.copy()) for array in layer.buffers().values()]
    generators = [(g, g.bit_generator.state) for g in layer.generators()]

    def reset():
        for array, value in buffers:
            array[...] = value
        for generator, state in generators:
            generator.bit_generator.state = state

    return reset


@pytest.mark.parametrize("training", [True, False])
def test_arguments_stay_as_they_were(layer, rng, training):
    """Neither forward nor backward changes what it is given; backward can be called again."""
    layer.train(training)
    x = rng.normal(size=(N, D))
    kept_x = x.copy()
    y = layer(x)
    kept_y = y.copy()
    grad_output = rng.normal(size=y.shape)
    kept_grad = grad_output.copy()

    once = layer.backward(grad_output).copy()
    again = layer.backward(grad_output)

    assert_array_equal(x, kept_x)
    assert_array_equal(y, kept_y)
    assert_array_equal(grad_output, kept_grad)
    assert_array_equal(once, again)


def test_float32_stays_float32(layer, rng):
    """Outputs and gradients, once the layer has been converted."""
    layer.astype(np.float32)
    y = layer(rng.normal(size=(N, D)).astype(np.float32))
    assert y.dtype == np.float32
    assert layer.backward(y).dtype == np.float32
    assert {p.grad.dtype for p in layer.parameters()} <= {np.dtype(np.float32)}


def test_backward_adds_to_gradients_that_are_there(layer, rng):
    x = rng.normal(size=(N, D))
    grad_output = rng.normal(size=layer(x).shape)
    layer.backward(grad_output)
    once = [p.grad.copy() for p in layer.parameters()]
    layer.backward(grad_output)
    for p, grad in zip(layer.parameters(), once, strict=True):
        assert_allclose(p.grad, 2 * grad, rtol=1e-12)


def test_a_layer_in_evaluation_mode_treats_rows_alone(layer, rng):
    x = rng.normal(size=(N, D))
    layer(x)
    layer.eval()
    assert_allclose(layer(x)[:1], layer(x[:1]), rtol=1e-12)


def test_linear_starts_with_small_weights_and_no_bias(rng):
    """The deviation of a Kaiming initialisation is the root of 2 / fan_in."""
    layer = Linear(400, 300, rng)
    assert layer.weight.data.std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert_array_equal(layer.bias.data, 0)


def test_linear_takes_any_initialisation(rng):
    layer = Linear(4, 3, rng, init=lambda fan_in, fan_out, rng: np.full((fan_in, fan_out), 7.0))
    assert_array_equal(layer.weight.data, 7)
    with pytest.raises(ValueError, match=r"weights of shape \(4, 3\), got \(3, 4\)"):
        Linear(4, 3, rng, init=lambda fan_in, fan_out, rng: np.ones((fan_out, fan_in)))


@pytest.mark.parametrize("shape", [(6, 5), (4,), (2, 3, 4)])
@pytest.mark.parametrize("name", ["Linear", "BatchNorm1d", "LayerNorm"])
def test_input_of_another_shape_is_refused(name, shape, rng):
    with pytest.raises(ValueError, match=r"expected input of shape \(N, 4\), got \("):
        LAYERS[name](rng)(np.zeros(shape))


@pytest.mark.parametrize("activation", [ReLU, Tanh, Sigmoid, LeakyReLU])
@pytest.mark.parametrize("shape", [(5,), (2, 3, 4), ()])
def test_activations_take_any_shape(activation, shape, rng):
    layer = activation()
    x = rng.normal(size=shape)
    assert layer(x).shape == layer.backward(np.ones(shape)).shape == shape


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_of_huge_numbers_neither_overflows_nor_warns(dtype):
    """And what is small keeps its digits."""
    x = np.array([-1e30, -1000, -40, 0, 1000, 1e30], dtype)
    y = Sigmoid()(x)
    assert_allclose(y, [0, 0, np.exp(-40.0), 0.5, 1, 1], rtol=1e-5, atol=1e-37)
    assert y.dtype == dtype


def test_relu_is_exact_and_lets_nan_through():
    layer = ReLU()
    assert_array_equal(layer(np.array([-np.inf, -1, 0, 2, np.inf])), [0, 0, 0, 2, np.inf])
    assert_array_equal(layer.backward(np.full(5, 3.0)), [0, 0, 0, 3, 3])
    assert np.isnan(layer(np.array([np.nan]))[0])


def test_dropout_zeroes_a_fraction_p_and_keeps_the_mean(rng):
    """p is the probability of zeroing; survivors are scaled by 1 / (1 - p)."""
    y = Dropout(0.2, rng)(np.ones((1000, 100)))
    assert_allclose(np.unique(y), [0, 1.25])
    assert (y == 0).mean() == pytest.approx(0.2, abs=0.01)


def test_dropout_draws_a_new_mask_each_time_and_none_in_evaluation(rng):
    layer, x = Dropout(0.5, rng), np.ones((20, 20))
    assert not np.array_equal(layer(x), layer(x))
    state = rng.bit_generator.state
    assert_array_equal(layer.eval()(x), x)
    assert_array_equal(layer.backward(x), x)
    assert rng.bit_generator.state == state


@pytest.mark.parametrize("p", [-0.1, 1.0, 50, float("nan")])
def test_dropout_refuses_what_is_no_probability(p, rng):
    with pytest.raises(ValueError, match=r"expected p from 0 to below 1"):
        Dropout(p, rng)
