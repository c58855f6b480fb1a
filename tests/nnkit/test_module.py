"""Tests for nnkit.module."""

import copy
import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnkit import BatchNorm1d, Dropout, Linear, Module, Parameter, ReLU, Sequential, Tanh


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def model(rng):
    inner = Sequential(Linear(5, 4, rng), Tanh())
    return Sequential(Linear(3, 5, rng), BatchNorm1d(5), ReLU(), inner, Linear(4, 2, rng))


class TwoHeads(Module):
    """A module of a user's own, with one layer used under two names."""

    def __init__(self, rng):
        self.scale = Parameter(2.0)
        self.left = Linear(3, 2, rng)
        self.right = self.left

    def forward(self, x):
        return self.scale.data * self.left(x)

    def backward(self, grad_output):
        return self.left.backward(self.scale.data * grad_output)


def test_parameters_have_pytorchs_names_in_the_order_of_the_layers(model):
    assert list(model.named_parameters()) == [
        *("0.weight", "0.bias", "1.weight", "1.bias", "3.0.weight", "3.0.bias"),
        *("4.weight", "4.bias"),
    ]
    assert list(model.buffers()) == ["1.running_mean", "1.running_var"]
    assert [p.data.shape for p in model.parameters()[:3]] == [(3, 5), (5,), (5,)]


def test_a_shared_parameter_counts_once(rng):
    assert list(TwoHeads(rng).named_parameters()) == ["scale", "left.weight", "left.bias"]


def test_all_parameters_of_a_network_lie_in_one_array_of_float32(model):
    """Also those of a Sequential within it; gradients likewise."""
    for arrays in ([p.data for p in model.parameters()], [p.grad for p in model.parameters()]):
        assert {id(array.base) for array in arrays} == {id(arrays[0].base)}
        assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
        assert arrays[0].base.size == sum(array.size for array in arrays)


def test_a_network_computes_in_its_own_type_whatever_it_is_given(model, rng):
    for x in (rng.normal(size=(6, 3)), rng.integers(5, size=(6, 3)), [[1.0, 2, 3], [4, 5, 6]]):
        assert model(x).dtype == np.float32
    model.astype(np.float64)
    assert model(rng.normal(size=(6, 3)).astype(np.float32)).dtype == np.float64
    assert model[3].dtype == np.float64
    assert model[1].running_mean.dtype == np.float64


def test_sequential_is_the_composition_of_its_layers(model, rng):
    """Forward in order, backward in reverse order."""
    x, grad_output = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    model.astype(np.float64)
    y, grad_x, layers = x, grad_output, copy.deepcopy(model).layers
    for layer in layers:
        y = layer(y)
    for layer in reversed(layers):
        grad_x = layer.backward(grad_x)

    assert_array_equal(model(x), y)
    assert_array_equal(model.backward(grad_output), grad_x)


def test_backward_parameters_gives_the_gradients_of_backward(rng):
    """It only leaves out what nobody asks for, also when the first layer has no parameters."""
    layers = [Dropout(0.5, rng), Linear(3, 4, rng), ReLU(), Linear(4, 2, rng)]
    model = Sequential(*layers, dtype=np.float64)
    model(rng.normal(size=(6, 3)))
    grad_output = rng.normal(size=(6, 2))
    model.backward(grad_output)
    expected = [p.grad.copy() for p in model.parameters()]

    model.zero_grad()
    assert model.backward_parameters(grad_output) is None

    for p, grad in zip(model.parameters(), expected, strict=True):
        assert_array_equal(p.grad, grad)


def test_the_first_layer_computes_no_gradient_of_the_data(rng, monkeypatch):
    model = Sequential(ReLU(), Linear(3, 4, rng), ReLU(), Linear(4, 2, rng))
    called = []
    for i, layer in enumerate(model.layers):
        backward = layer.backward
        recorder = lambda g, i=i, backward=backward: called.append(i) or backward(g)  # noqa: E731
        monkeypatch.setattr(layer, "backward", recorder)
    model(np.ones((5, 3)))
    model.backward_parameters(np.ones((5, 2)))
    assert called == [3, 2]


def test_a_network_without_parameters_has_no_gradients_to_compute():
    model = Sequential(ReLU(), Tanh())
    model(np.ones((2, 3)))
    assert model.backward_parameters(np.ones((2, 3))) is None
    assert model.parameters() == []


def test_backward_adds_to_the_gradients(model, rng):
    """Two backward passes without zero_grad give twice the gradient of one, for every layer."""
    model.astype(np.float64)
    model(rng.normal(size=(6, 3)))
    grad_output = rng.normal(size=(6, 2))
    model.backward(grad_output)
    once = [p.grad.copy() for p in model.parameters()]
    model.backward(grad_output)
    for p, grad in zip(model.parameters(), once, strict=True):
        assert_allclose(p.grad, 2 * grad, rtol=1e-12)


def test_modes_reach_all_parts(model):
    """A module starts in training mode."""
    modules = [module for _, module in model.named_modules()]
    assert all(module.training for module in modules)
    assert model.eval() is model
    assert not any(module.training for module in modules)
    model.train()
    assert all(module.training for module in modules)


def test_state_dict_is_a_copy_and_brings_everything_back(model, rng):
    """Parameters and running averages."""
    model(rng.normal(size=(6, 3)))
    state = model.state_dict()
    kept = copy.deepcopy(state)
    views = [p.data for p in model.parameters()]
    for array in (*views, *model.buffers().values()):
        array += 1
    for name, array in state.items():
        assert_array_equal(array, kept[name])

    model.load_state_dict(state)

    for name, array in model.state_dict().items():
        assert_array_equal(array, kept[name])
    assert set(state) == {*model.named_parameters(), *model.buffers()}
    assert all(p.data is view for p, view in zip(model.parameters(), views, strict=True))


def test_a_loaded_state_is_not_tied_to_the_model(model):
    state = model.state_dict()
    model.load_state_dict(state)
    model.parameters()[0].data += 1
    assert not (state["0.weight"] == model.parameters()[0].data).any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.pop("0.bias"), r"missing: \['0.bias'\]"),
        (lambda s: s.update(extra=np.ones(1)), r"too many: \['extra'\]"),
        (
            lambda s: s.update({"4.bias": np.ones(3)}),
            r"expected 4.bias of shape \(2,\), got \(3,\)",
        ),
    ],
    ids=["missing", "unknown", "shape"],
)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(model, change, message):
    before, state = model.state_dict(), {k: v + 1 for k, v in model.state_dict().items()}
    change(state)
    with pytest.raises(ValueError, match=message):
        model.load_state_dict(state)
    for name, array in model.state_dict().items():
        assert_array_equal(array, before[name])


def test_forward_hooks_see_inputs_and_outputs(model):
    seen = []
    model[2].forward_hooks = (lambda module, x, y: seen.append((module, x, y)),)
    model(np.ones((4, 3)))
    ((module, x, y),) = seen
    assert module is model[2]
    assert_array_equal(y, np.maximum(x, 0))


def test_generators_are_found_once_each(rng):
    other = np.random.default_rng(1)
    layers = [Dropout(0.5, rng), Sequential(Dropout(0.1, other)), Dropout(0.2, rng)]
    assert Sequential(*layers).generators() == [rng, other]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_is_independent_and_computes_the_same(model, rng, copied):
    x = rng.normal(size=(6, 3))
    model.eval()
    other = copied(model)
    assert_array_equal(model(x), other(x))
    other.parameters()[0].data += 1
    assert not np.array_equal(model(x), other(x))


def test_something_else_than_a_layer_is_refused():
    with pytest.raises(TypeError, match="expected layers, got function at position 1"):
        Sequential(ReLU(), lambda x: x)


def test_a_module_is_abstract():
    with pytest.raises(TypeError, match="abstract"):
        Module()


def test_a_network_prints_as_a_list_of_its_layers(model):
    assert repr(model).splitlines() == [
        "Sequential(",
        "  (0): Linear(in_features=3, out_features=5)",
        "  (1): BatchNorm1d(num_features=5, eps=1e-05, momentum=0.1)",
        "  (2): ReLU()",
        "  (3): Sequential(",
        "    (0): Linear(in_features=5, out_features=4)",
        "    (1): Tanh()",
        "  )",
        "  (4): Linear(in_features=4, out_features=2)",
        ")",
    ]
    assert len(model) == 5
