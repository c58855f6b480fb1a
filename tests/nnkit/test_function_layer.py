"""Tests for nnkit.function_layer: a student's functions train a real network."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnkit import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    BatchNorm1d,
    CrossEntropyLoss,
    Dropout,
    FunctionLayer,
    FunctionLoss,
    FunctionOptimizer,
    LayerNorm,
    LeakyReLU,
    Linear,
    MSELoss,
    Parameter,
    ReLU,
    RMSprop,
    Sequential,
    Sigmoid,
    Tanh,
    fit,
)
from nnkit import functional as F


@pytest.fixture
def data():
    rng = np.random.default_rng(1)
    return rng.normal(size=(60, 4)), rng.integers(3, size=60)


def linear_function(d, h, rng):
    start = {"weight": F.kaiming_normal(d, h, rng), "bias": np.zeros(h)}
    return FunctionLayer(F.linear, F.linear_backward, start)


def batchnorm_function(n):
    parameters = {"gamma": np.ones(n), "beta": np.zeros(n)}
    buffers = {"running_mean": np.zeros(n), "running_var": np.ones(n)}
    return FunctionLayer(
        F.batchnorm_forward, F.batchnorm_backward, parameters, buffers, momentum=0.2
    )


def layernorm_function(n):
    parameters = {"gamma": np.ones(n), "beta": np.zeros(n)}
    return FunctionLayer(F.layernorm_forward, F.layernorm_backward, parameters)


def built_in(rng):
    return [
        *(Linear(4, 9, rng), BatchNorm1d(9, momentum=0.2), ReLU(), Dropout(0.3, rng)),
        *(Linear(9, 8, rng), LayerNorm(8), Tanh(), Linear(8, 7, rng), Sigmoid()),
        *(Linear(7, 6, rng), LeakyReLU(0.2), Linear(6, 3, rng)),
    ]


def of_functions(rng):
    activations = {
        name: FunctionLayer(getattr(F, name), getattr(F, f"{name}_backward"))
        for name in ("relu", "tanh", "sigmoid")
    }
    leaky = FunctionLayer(F.leaky_relu, F.leaky_relu_backward, negative_slope=0.2)
    dropout = FunctionLayer(F.dropout_forward, F.dropout_backward, p=0.3, rng=rng)
    return [
        *(linear_function(4, 9, rng), batchnorm_function(9), activations["relu"], dropout),
        *(linear_function(9, 8, rng), layernorm_function(8), activations["tanh"]),
        *(linear_function(8, 7, rng), activations["sigmoid"]),
        *(linear_function(7, 6, rng), leaky, linear_function(6, 3, rng)),
    ]


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-9), (np.float32, 2e-3)])
def test_a_network_of_functions_trains_like_the_built_in_one(data, dtype, rtol):
    """Layers, loss and optimizer: the same losses step by step, the same weights in the end.

    A large eps, since a bias before batch normalisation has no gradient but rounding errors,
    which Adam would enlarge.
    """
    results = []
    for make in (built_in, of_functions):
        rng = np.random.default_rng(0)
        model = Sequential(*make(rng), dtype=dtype)
        if make is built_in:
            loss, optimizer = CrossEntropyLoss(), Adam(model.parameters(), lr=0.01, eps=0.01)
        else:
            loss = FunctionLoss(F.cross_entropy, F.cross_entropy_backward)
            optimizer = FunctionOptimizer(model.parameters(), F.adam_step, lr=0.01, eps=0.01)
        settings = {"num_epochs": 8, "batch_size": 16, "validation": data, "progress": False}
        history = fit(model, optimizer, data, rng=rng, loss=loss, **settings)
        results.append((history, model))
    (expected, built), (history, student) = results
    assert_allclose(history.losses, expected.losses, rtol=rtol)
    assert_allclose(history.val_losses, expected.val_losses, rtol=rtol)
    for p, q in zip(student.parameters(), built.parameters(), strict=True):
        assert p.data.dtype == dtype
        assert_allclose(p.data, q.data, rtol=10 * rtol, atol=rtol)
    for a, b in zip(student.buffers().values(), built.buffers().values(), strict=True):
        assert_allclose(a, b, rtol=rtol)


@pytest.mark.parametrize(
    ("function", "settings", "make"),
    [
        (F.sgd_step, {"lr": 0.1}, lambda p: SGD(p, 0.1)),
        (F.momentum_step, {"lr": 0.1}, lambda p: SGD(p, 0.1, momentum=0.9)),
        (F.nesterov_step, {"lr": 0.1}, lambda p: SGD(p, 0.1, momentum=0.9, nesterov=True)),
        (F.adagrad_step, {"lr": 0.1, "eps": 0.1}, lambda p: Adagrad(p, 0.1, eps=0.1)),
        (F.rmsprop_step, {"lr": 0.1, "alpha": 0.7}, lambda p: RMSprop(p, 0.1, alpha=0.7)),
        (F.adam_step, {"lr": 0.1, "betas": (0.7, 0.8)}, lambda p: Adam(p, 0.1, (0.7, 0.8))),
        (F.adamw_step, {"lr": 0.1, "weight_decay": 0.3}, lambda p: AdamW(p, 0.1, weight_decay=0.3)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_rule_can_be_a_function(function, settings, make):
    rng = np.random.default_rng(0)
    ours, theirs = ([Parameter(np.ones((3, 2))), Parameter(np.zeros(2))] for _ in range(2))
    optimizers = FunctionOptimizer(ours, function, **settings), make(theirs)
    for _ in range(5):
        for p, q in zip(ours, theirs, strict=True):
            p.grad = q.grad = rng.normal(size=p.data.shape)
        for optimizer in optimizers:
            optimizer.step()
    for p, q in zip(ours, theirs, strict=True):
        assert_allclose(p.data, q.data, rtol=1e-12)


def test_mse_can_be_a_function(data):
    outputs, targets = data[0], data[0] + 1
    loss, expected = FunctionLoss(F.mse, F.mse_backward), MSELoss()
    assert loss(outputs, targets) == pytest.approx(expected(outputs, targets))
    assert_allclose(loss.backward(), expected.backward())


def test_a_function_layer_knows_its_mode_and_its_generators():
    rng = np.random.default_rng(0)
    layer = FunctionLayer(F.dropout_forward, F.dropout_backward, p=0.5, rng=rng)
    x = np.ones((10, 10))
    assert (layer(x) == 0).any()
    assert_array_equal(layer.eval()(x), x)
    assert layer.generators() == [rng]


def test_parameters_and_buffers_are_part_of_the_state():
    layer = batchnorm_function(3)
    assert list(layer.state_dict()) == ["gamma", "beta", "running_mean", "running_var"]
    layer(np.arange(6.0).reshape(2, 3))
    assert_allclose(layer.running_mean, 0.2 * np.array([1.5, 2.5, 3.5]))


def test_a_buffer_is_an_array_of_the_layers_own_and_stays_it():
    """What it started from keeps its values; who holds it sees the new ones."""
    start = {"running_mean": np.zeros(3), "running_var": np.ones(3)}
    parameters = {"gamma": np.ones(3), "beta": np.zeros(3)}
    layer = FunctionLayer(F.batchnorm_forward, F.batchnorm_backward, parameters, start)
    held = layer.running_mean
    layer(np.arange(6.0).reshape(2, 3))
    assert_allclose(held, 0.1 * np.array([1.5, 2.5, 3.5]))
    assert_array_equal(start["running_mean"], 0)


def test_functions_may_return_lists_and_numbers_of_numpy():
    layer = FunctionLayer(lambda x: x.tolist(), lambda grad_output: grad_output.tolist())
    assert_array_equal(layer(np.ones((2, 3))), np.ones((2, 3)))
    assert isinstance(layer(np.ones((2, 3))), np.ndarray)
    assert isinstance(layer.backward(np.ones((2, 3))), np.ndarray)
    loss = FunctionLoss(lambda outputs, targets: np.float32(0.5), lambda outputs, targets: [1.0])
    assert type(loss(np.ones(1), np.ones(1))) is float
    assert isinstance(loss.backward(), np.ndarray)


def test_gradients_are_added_and_a_function_can_do_no_harm_to_them():
    def greedy_step(param, grad, lr):
        grad *= 0
        return param - lr

    layer = linear_function(2, 3, np.random.default_rng(0))
    for times in (1, 2):
        layer(np.ones((4, 2)))
        layer.backward(np.ones((4, 3)))
        assert_array_equal(layer.bias.grad, 4 * times)
    FunctionOptimizer(layer.parameters(), greedy_step, lr=1.0).step()
    assert_array_equal(layer.bias.grad, 8)
    assert_array_equal(layer.bias.data, -1)


def scale(x, factor):
    return factor * x


def scale_backward(grad_output, factor):
    return grad_output * factor


def transposed_gradient():
    def backward(grad_output, x, weight):
        return grad_output @ weight.T, grad_output.T @ x

    layer = FunctionLayer(lambda x, weight: x @ weight, backward, {"weight": np.ones((2, 3))})
    layer.backward(layer(np.ones((4, 2))))


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: FunctionLayer(scale, scale_backward), TypeError, "none for factor; pass it"),
        (
            lambda: FunctionLayer(lambda x: x, lambda grad_output, mask: mask)(np.ones(2)),
            ValueError,
            r"to return the output, mask, got 1 value\(s\)",
        ),
        (
            lambda: FunctionLayer(lambda x: (x, x), lambda grad_output: grad_output)(np.ones(2)),
            ValueError,
            r"to return the output, got 2 value\(s\)",
        ),
        (
            lambda: backward_of(scale, lambda grad_output: grad_output),
            ValueError,
            r"to return the gradients of x, factor, got 1 value\(s\)",
        ),
        (
            lambda: backward_of(scale, lambda grad_output: (grad_output, grad_output)),
            ValueError,
            r"a gradient of shape \(\) for factor, got \(2,\)",
        ),
        (
            transposed_gradient,
            ValueError,
            r"a gradient of shape \(2, 3\) for weight, got \(3, 2\)",
        ),
        (
            lambda: FunctionOptimizer([Parameter(1.0)], lambda p, g: p, lr=1),
            TypeError,
            r"\(param, grad, ..., lr, ...\)",
        ),
        (
            lambda: FunctionOptimizer([Parameter(1.0)], lambda p, g, lr, mu: p, lr=1),
            TypeError,
            "none for mu",
        ),
        (
            lambda: FunctionOptimizer([Parameter(1.0)], lambda p, g, v, lr: p, lr=1).step(),
            ValueError,
            r"to return the parameter, v, got 1 value\(s\)",
        ),
    ],
)
def test_functions_that_do_not_fit_are_refused_with_the_reason(act, error, message):
    with pytest.raises(error, match=message):
        act()


def backward_of(forward, backward):
    layer = FunctionLayer(forward, backward, {"factor": 2.0})
    layer(np.ones(2))
    layer.backward(np.ones(2))


def test_a_function_layer_prints_its_functions():
    layer = FunctionLayer(F.leaky_relu, F.leaky_relu_backward, negative_slope=0.2)
    assert repr(layer) == "FunctionLayer(leaky_relu, leaky_relu_backward, negative_slope=0.2)"
