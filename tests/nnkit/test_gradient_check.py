"""Tests for nnkit.gradient_check."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnkit import (
    BatchNorm1d,
    CrossEntropyLoss,
    Dropout,
    FunctionLayer,
    FunctionLoss,
    LayerNorm,
    LeakyReLU,
    Linear,
    Module,
    MSELoss,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    gradient_check,
    loss_and_gradients,
)
from nnkit import functional as F
from nnkit.gradient_check import GradientReport, GradientRow


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def model(rng):
    layers = [
        *(Linear(4, 6, rng), BatchNorm1d(6), ReLU(), Dropout(0.3, rng)),
        *(Sequential(Linear(6, 5, rng), LayerNorm(5), Tanh()), Linear(5, 5, rng), Sigmoid()),
        *(LeakyReLU(0.3), Linear(5, 3, rng)),
    ]
    model = Sequential(*layers)
    for p in model.parameters():
        p.data = rng.normal(size=p.data.shape)
    return model


@pytest.fixture
def batch(rng):
    return rng.normal(size=(7, 4)), rng.integers(3, size=7)


@pytest.mark.parametrize("training", [True, False])
def test_every_layer_of_the_library_passes(model, batch, training):
    report = gradient_check(model.train(training), CrossEntropyLoss(), *batch)
    assert report, report
    assert str(report).endswith("all gradients are right")
    assert {row.layer for row in report.rows} >= {"4.0 (Linear)", "loss", "whole network"}


def test_model_loss_and_batch_stay_as_they_were(model, batch):
    """Parameters, gradients, buffers, generators, mode and type; gradients that are there
    already do no harm.
    """
    x, y = batch
    x.flags.writeable = False
    loss = CrossEntropyLoss()
    loss_and_gradients(model, loss, x, y)
    before, state = model.state_dict(), model.generators()[0].bit_generator.state
    gradients, of_loss = [p.grad.copy() for p in model.parameters()], loss.backward()
    assert gradient_check(model, loss, x[:4], y[:4])
    for name, array in model.state_dict().items():
        assert_array_equal(array, before[name])
        assert array.dtype == np.float32
    assert model.generators()[0].bit_generator.state == state
    for p, gradient in zip(model.parameters(), gradients, strict=True):
        assert_array_equal(p.grad, gradient)
    assert_array_equal(loss.backward(), of_loss)
    assert model.training
    assert all(module.forward_hooks == () for _, module in model.named_modules())


def wrong(which):
    def backward(grad_output, x, weight):
        grads = list(F.linear_backward(grad_output, x, weight))
        grads[which] = grads[which] * 1.01
        return tuple(grads)

    return backward


@pytest.mark.parametrize(("which", "name"), [(0, "input"), (1, "weight"), (2, "bias")])
def test_the_layer_and_the_parameter_that_are_wrong_are_named(rng, batch, which, name):
    """Only they, although all layers before it get wrong gradients in the network."""
    start = {"weight": rng.normal(size=(5, 6)), "bias": rng.normal(size=6)}
    model = Sequential(
        *(Linear(4, 5, rng), Tanh(), FunctionLayer(F.linear, wrong(which), start)),
        *(Tanh(), Linear(6, 3, rng)),
    )
    report = gradient_check(model, CrossEntropyLoss(), *batch)
    assert not report
    assert [w for w in report.wrong if "network" not in w] == [f"2 (FunctionLayer): {name}"]
    assert f"wrong: 2 (FunctionLayer): {name}" in repr(report)


def test_a_wrong_loss_is_named(model, batch):
    """The usual mistake: the mean forgotten in the gradient."""
    sum_backward = lambda logits, y: len(y) * F.cross_entropy_backward(logits, y)  # noqa: E731
    report = gradient_check(model, FunctionLoss(F.cross_entropy, sum_backward), *batch)
    assert report.wrong[0] == "loss: input"
    assert all("network" in w for w in report.wrong[1:])


def test_layers_that_are_put_together_wrongly_are_noticed(rng, batch):
    """Each layer is right, only the network is not."""

    class Residual(Module):
        def __init__(self):
            self.linear = Linear(4, 4, rng)
            self.inner = Tanh()

        def forward(self, x):
            return x + self.inner(self.linear(x))

        def backward(self, grad_output):
            return self.linear.backward(self.inner.backward(grad_output))  # + grad_output

    model = Sequential(Linear(4, 4, rng), Residual(), Linear(4, 3, rng))
    report = gradient_check(model, CrossEntropyLoss(), *batch)
    assert report.wrong == ["whole network: 0.weight", "whole network: 0.bias"]


def test_a_gradient_of_another_shape_is_wrong(rng, batch):
    layer = FunctionLayer(lambda x: 2 * x, lambda grad_output: 2 * grad_output.sum(axis=0))
    model = Sequential(layer, Linear(4, 3, rng))
    assert gradient_check(model, CrossEntropyLoss(), *batch).wrong == ["0 (FunctionLayer): input"]


@pytest.mark.parametrize("entry", [(0, 0), (20, 4), (39, 9)])
def test_one_wrong_entry_is_enough(rng, entry):
    """Also in an array of which not every entry is looked at: the first and the last one are."""

    def backward(grad_output):
        grad = 2 * grad_output
        grad[entry] += 0.01
        return grad

    model = Sequential(FunctionLayer(lambda x: 2 * x, backward))
    arrays = rng.normal(size=(2, 40, 10))
    assert not gradient_check(model, MSELoss(), *arrays, max_entries=400)
    assert bool(gradient_check(model, MSELoss(), *arrays)) == (entry == (20, 4))


def test_a_small_gradient_can_be_wrong_too(rng):
    """By a thousandth of itself: errors are relative."""
    layer = FunctionLayer(lambda x: 1e-3 * x, lambda grad_output: 1.001e-3 * grad_output)
    report = gradient_check(Sequential(layer), MSELoss(), *rng.normal(size=(2, 4, 3)))
    assert report.wrong == ["0 (FunctionLayer): input"]
    assert report.rows[0].error == pytest.approx(1e-3, rel=0.01)


@pytest.mark.parametrize(("tolerance", "is_right"), [(1e-4, False), (1e-2, True)])
def test_the_tolerance_can_be_chosen(rng, tolerance, is_right):
    layer = FunctionLayer(lambda x: x, lambda grad_output: 1.001 * grad_output)
    arrays = rng.normal(size=(2, 4, 3))
    report = gradient_check(Sequential(layer), MSELoss(), *arrays, tolerance=tolerance)
    assert bool(report) == is_right


def test_the_batch_stays_also_where_a_function_works_in_place(rng):
    def double(x):
        x *= 2
        return x

    x, y = rng.normal(size=(2, 3, 2))
    before = x.copy()
    gradient_check(
        Sequential(FunctionLayer(double, lambda grad_output: grad_output)), MSELoss(), x, y
    )
    assert_array_equal(x, before)


def test_a_gradient_that_is_computed_in_place_is_no_mistake(rng):
    def backward(grad_output):
        grad_output *= 2
        return grad_output

    layer = FunctionLayer(lambda x: 2 * x, backward)
    assert gradient_check(Sequential(layer), MSELoss(), *rng.normal(size=(2, 4, 3)))


def test_a_state_that_moves_on_with_each_forward_pass_is_no_mistake(rng):
    """Every difference starts from the state that the gradient started from."""

    def forward(x, scale):
        return x * scale, scale * 1.5, scale.copy()

    layer = FunctionLayer(
        forward, lambda grad_output, used: grad_output * used, buffers={"scale": 2}
    )
    assert gradient_check(Sequential(layer), MSELoss(), *rng.normal(size=(2, 4, 3)))


def test_a_report_is_a_table_with_the_verdict_below():
    rows = GradientRow("0 (Linear)", "input", 2e-9, True), GradientRow("loss", "input", 0.5, False)
    report = GradientReport(rows)
    assert report.wrong == ["loss: input"]
    assert str(report).splitlines() == [
        "0 (Linear)  input         2e-09  right",
        "loss        input         5e-01  WRONG",
        "wrong: loss: input",
    ]


def test_inputs_close_to_a_kink_are_no_mistake():
    """A step of 1e-5 crosses it, a smaller one does not."""
    x = np.array([[3e-6, -2.0, 1.0], [-4e-6, 2.0, -1.0]])
    assert gradient_check(Sequential(ReLU()), MSELoss(), x, np.ones((2, 3)))


def test_gradients_that_are_zero_are_no_mistake(rng, batch):
    """A bias before batch normalisation: rounding is all that there is."""
    model = Sequential(Linear(4, 6, rng), BatchNorm1d(6), Linear(6, 3, rng))
    assert gradient_check(model, CrossEntropyLoss(), *batch)


def test_a_single_layer_is_a_model_too(rng, batch):
    report = gradient_check(Linear(4, 3, rng), CrossEntropyLoss(), *batch)
    assert [row.layer for row in report.rows][:3] == ["Linear"] * 3
    assert report


def test_only_some_entries_of_large_arrays_are_moved(rng):
    calls = []

    def counted(x):
        calls.append(1)
        return x

    layer = FunctionLayer(counted, lambda grad_output: grad_output)
    gradient_check(Sequential(layer), MSELoss(), np.ones((50, 50)), np.zeros((50, 50)))
    assert len(calls) < 120
