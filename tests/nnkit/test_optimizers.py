"""Tests for nnkit.optimizers, nnkit.optimizer_base and nnkit.update_rules."""

import copy

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnkit import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    Linear,
    Parameter,
    ReLU,
    RMSprop,
    Sequential,
    clip_grad_norm_,
    optimizer_base,
)
from nnkit import functional as F

SMALL_BETAS = (0.7, 0.9)

OPTIMIZERS = {
    "sgd": lambda params: SGD(params, lr=0.1),
    "sgd_decay": lambda params: SGD(params, lr=0.1, weight_decay=0.2),
    "momentum": lambda params: SGD(params, lr=0.1, momentum=0.8),
    "momentum_decay": lambda params: SGD(params, lr=0.1, momentum=0.8, weight_decay=0.2),
    "nesterov": lambda params: SGD(params, lr=0.1, momentum=0.8, nesterov=True),
    "nesterov_decay": lambda params: SGD(
        params, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.2
    ),
    "adagrad": lambda params: Adagrad(params, lr=0.1, eps=0.05),
    "rmsprop": lambda params: RMSprop(params, lr=0.1, alpha=0.7, eps=0.05),
    "adam": lambda params: Adam(params, lr=0.1, betas=SMALL_BETAS, eps=0.05),
    "adamw": lambda params: AdamW(params, lr=0.1, betas=SMALL_BETAS, eps=0.05, weight_decay=0.3),
}

# The same steps through nnkit.functional: (param, grad, state, t) -> (param, state)
STEPS = {
    "sgd": lambda p, g, s, t: (F.sgd_step(p, g, 0.1), s),
    "sgd_decay": lambda p, g, s, t: (F.sgd_step(p, g + 0.2 * p, 0.1), s),
    "momentum": lambda p, g, s, t: F.momentum_step(p, g, s, 0.1, 0.8),
    "momentum_decay": lambda p, g, s, t: F.momentum_step(p, g + 0.2 * p, s, 0.1, 0.8),
    "nesterov": lambda p, g, s, t: F.nesterov_step(p, g, s, 0.1, 0.8),
    "nesterov_decay": lambda p, g, s, t: F.nesterov_step(p, g + 0.2 * p, s, 0.1, 0.8),
    "adagrad": lambda p, g, s, t: F.adagrad_step(p, g, s, 0.1, 0.05),
    "rmsprop": lambda p, g, s, t: F.rmsprop_step(p, g, s, 0.1, 0.7, 0.05),
    "adam": lambda p, g, s, t: _two_states(F.adam_step(p, g, *s, t, 0.1, SMALL_BETAS, 0.05)),
    "adamw": lambda p, g, s, t: _two_states(
        F.adamw_step(p, g, *s, t, 0.1, SMALL_BETAS, 0.05, weight_decay=0.3)
    ),
}


def _two_states(result):
    param, m, v = result
    return param, (m, v)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(params=OPTIMIZERS)
def name(request):
    return request.param


def parameters(rng, dtype=np.float64):
    """More entries than three small blocks hold, in several arrays."""
    shapes = [(7, 5), (5,), (), (30,)]
    return [Parameter(rng.normal(size=shape).astype(dtype)) for shape in shapes]


def gradients(rng, params):
    """Some of the entries exactly zero."""
    return [rng.normal(size=p.data.shape) * (rng.random(p.data.shape) < 0.8) for p in params]


@pytest.fixture(params=[1 << 15, 16], ids=["one_block", "many_blocks"])
def block_size(request, monkeypatch):
    monkeypatch.setattr(optimizer_base, "BLOCK_SIZE", request.param)


@pytest.mark.usefixtures("block_size")
def test_steps_equal_those_of_the_functions(name, rng):
    """Ten steps with different gradients, whether or not the parameters fit one block."""
    params = parameters(rng)
    optimizer = OPTIMIZERS[name](params)
    expected = [p.data.copy() for p in params]
    two = name in ("adam", "adamw")
    states = [
        (np.zeros(p.shape), np.zeros(p.shape)) if two else np.zeros(p.shape) for p in expected
    ]
    for t in range(1, 11):
        for i, (p, grad) in enumerate(zip(params, gradients(rng, params), strict=True)):
            p.grad = grad
            expected[i], states[i] = STEPS[name](expected[i], grad, states[i], t)
        optimizer.step()
        for p, value in zip(params, expected, strict=True):
            assert_allclose(p.data, value, rtol=1e-12, atol=1e-14)
    assert optimizer.num_steps == 10


def test_gradients_are_never_changed(name, rng):
    params = parameters(rng)
    optimizer = OPTIMIZERS[name](params)
    for _ in range(3):
        kept = gradients(rng, params)
        for p, grad in zip(params, kept, strict=True):
            p.grad = grad
        optimizer.step()
        for p, grad in zip(params, kept, strict=True):
            assert_array_equal(p.grad, grad)


def test_a_changed_learning_rate_counts_from_the_next_step(name, rng):
    """With a rate of 0 nothing moves, however the state grows."""
    params = parameters(rng)
    optimizer = OPTIMIZERS[name](params)
    before = [p.data.copy() for p in params]
    optimizer.lr = 0.0
    for p in params:
        p.grad = np.ones(p.data.shape)
    optimizer.step()
    for p, value in zip(params, before, strict=True):
        assert_array_equal(p.data, value)


def test_a_step_after_zero_grad_sees_gradients_of_zero(rng):
    """Although zero_grad writes no zeros into memory."""
    params = parameters(rng)
    optimizer = SGD(params, lr=0.1)
    for p in params:
        p.grad = np.ones(p.data.shape)
    before = [p.data.copy() for p in params]
    optimizer.zero_grad()
    optimizer.step()
    for p, value in zip(params, before, strict=True):
        assert_array_equal(p.data, value)
        assert_array_equal(p.grad, 0)


def test_a_saved_state_goes_on_exactly(name, rng):
    params = parameters(rng)
    others = copy.deepcopy(params)
    optimizer, other = OPTIMIZERS[name](params), OPTIMIZERS[name](others)
    optimizer.lr = 0.03
    for step in range(6):
        if step == 3:
            state = optimizer.state_dict()
            kept = copy.deepcopy(state)
            for p, q in zip(params, others, strict=True):
                q.data = p.data
            other.load_state_dict(state)
        for p, q, grad in zip(params, others, gradients(rng, params), strict=True):
            p.grad, q.grad = grad, grad
        optimizer.step()
        if step >= 3:
            other.step()
    for p, q in zip(params, others, strict=True):
        assert_array_equal(p.data, q.data)
    assert other.lr == 0.03
    assert other.num_steps == 6
    for key, array in kept["state"].items():
        assert_array_equal(state["state"][key], array)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: Adam(p), "expected the state of Adam, got that of SGD"),
        (lambda p: SGD(p, lr=0.1, momentum=0.8, nesterov=True), "expected the settings"),
        (lambda p: SGD(p[:2], lr=0.1, momentum=0.8), "expected state arrays of the shapes"),
        (lambda p: SGD(p, lr=0.1), "expected state arrays of the shapes"),
    ],
    ids=["class", "settings", "size", "names"],
)
def test_the_state_of_another_optimizer_is_refused(rng, make, message):
    state = OPTIMIZERS["momentum"](parameters(rng)).state_dict()
    with pytest.raises(ValueError, match=message):
        make(parameters(rng)).load_state_dict(state)


def test_parameters_that_moved_are_noticed(rng):
    """Or else the optimizer would train arrays that nobody uses."""
    layer = Linear(3, 3, rng)
    optimizer = SGD(layer.parameters(), lr=0.1)
    Sequential(layer, ReLU(), Linear(3, 3, rng))
    with pytest.raises(RuntimeError, match="complete the model"):
        optimizer.step()


def test_a_part_of_a_network_can_be_trained_alone(rng):
    model = Sequential(Linear(3, 4, rng), ReLU(), Linear(4, 2, rng))
    optimizer = SGD(model[2].parameters(), lr=0.1)
    before = model.state_dict()
    model.backward(np.ones_like(model(rng.normal(size=(5, 3)))))
    optimizer.step()
    changed = {n for n, array in model.state_dict().items() if not np.array_equal(array, before[n])}
    assert changed == {"2.weight", "2.bias"}


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda p: SGD(p, lr=-1), ValueError, "expected lr of 0 or more, got -1"),
        (lambda p: SGD(p, lr=float("nan")), ValueError, "expected lr of 0 or more"),
        (lambda p: SGD(p, lr=0.1, nesterov=True), ValueError, "nesterov needs a momentum"),
        (lambda p: SGD(p, lr=0.1, weight_decay=-1), ValueError, "expected weight_decay"),
        (lambda p: Adam(p, betas=(0.9, 1.0)), ValueError, "expected beta2 from 0 to below 1"),
        (lambda p: AdamW(p, betas=(-0.1, 0.9)), ValueError, "expected beta1 from 0 to below 1"),
        (lambda p: RMSprop(p, alpha=1.0), ValueError, "expected alpha from 0 to below 1"),
        (lambda p: Adagrad(p, eps=-1), ValueError, "expected eps of 0 or more"),
        (lambda p: SGD([], lr=0.1), TypeError, "at least one, got list"),
        (lambda p: SGD(p[0].data, lr=0.1), TypeError, r"pass model.parameters\(\)"),
        (lambda p: SGD(Linear(1, 1, np.random.default_rng(0)), lr=0.1), TypeError, "got Linear"),
    ],
)
def test_wrong_settings_are_refused(rng, make, error, message):
    with pytest.raises(error, match=message):
        make(parameters(rng))


def test_an_optimizer_prints_its_settings(rng):
    optimizer = SGD(parameters(rng), lr=0.1, momentum=0.9)
    assert repr(optimizer) == "SGD(lr=0.1, momentum=0.9, nesterov=False, weight_decay=0.0)"


@pytest.mark.parametrize("max_norm", [0.5, 1e6])
def test_clipping_equals_its_function(rng, max_norm):
    params = parameters(rng)
    grads = gradients(rng, params)
    for p, grad in zip(params, grads, strict=True):
        p.grad = grad
    expected, total_norm = F.clip_gradients(grads, max_norm)
    assert clip_grad_norm_(params, max_norm) == pytest.approx(total_norm, rel=1e-14)
    for p, grad in zip(params, expected, strict=True):
        assert_allclose(p.grad, grad, rtol=1e-14)
