"""Tests for nnkit.accelerator: with numba, the same results to the last bit."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnkit import SGD, Parameter, accelerator, optimizer_base, update_rules

RULES = {
    "sgd": (0, (0.1, 0.0)),
    "sgd with decay": (0, (0.1, 0.01)),
    "momentum": (1, (0.1, 0.9, 0.0)),
    "momentum with decay": (1, (0.1, 0.9, 0.01)),
    "nesterov": (1, (0.1, 0.9, 0.0)),
    "nesterov with decay": (1, (0.1, 0.9, 0.01)),
    "adagrad": (1, (0.1, 1e-10)),
    "rmsprop": (1, (0.1, 0.99, 1e-8)),
    "adam": (2, (0.1, 0.9, 0.999, 1e-8)),
    "adamw": (2, (0.1, 0.9, 0.999, 1e-8, 0.999)),
}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(autouse=True)
def _always_enabled_afterwards():
    yield
    accelerator.set_enabled(True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("case", RULES, ids=lambda name: name.replace(" ", "_"))
def test_the_fused_rule_equals_numpy_bit_for_bit(case, dtype, rng):
    pytest.importorskip("numba")
    num_states, numbers = RULES[case]
    name = case.split()[0]
    size = accelerator.SMALLEST_SIZE + 5
    fused = accelerator.fused_rule(name, size)
    ours = [rng.normal(size=size).astype(dtype)] + [np.zeros(size, dtype)] * 0
    states = [np.zeros(size, dtype) for _ in range(num_states)]
    theirs, their_states = ours[0].copy(), [state.copy() for state in states]
    for _ in range(4):
        grad = (rng.normal(size=size) * (rng.random(size) < 0.9)).astype(dtype)
        kept = grad.copy()
        room = np.empty(size, dtype)
        getattr(update_rules, name)(ours[0], grad, *states, room, *numbers)
        fused(theirs, grad, *their_states, room[:0], *numbers)

        assert_array_equal(theirs, ours[0])
        assert_array_equal(grad, kept)
        for state, their_state in zip(states, their_states, strict=True):
            assert_array_equal(their_state, state)


def test_an_optimizer_uses_it_where_it_pays(rng):
    pytest.importorskip("numba")
    large, small = (Parameter(rng.normal(size=n)) for n in (accelerator.SMALLEST_SIZE, 10))
    assert SGD([large], lr=0.1)._rule is not update_rules.sgd
    assert SGD([small], lr=0.1)._rule is update_rules.sgd
    accelerator.set_enabled(False)
    assert SGD([large], lr=0.1)._rule is update_rules.sgd
    assert not accelerator.is_available()


def test_training_does_not_depend_on_it(rng):
    """Several blocks in NumPy, one pass in numba, the same parameters."""
    pytest.importorskip("numba")
    start = rng.normal(size=3 * optimizer_base.BLOCK_SIZE + 7).astype(np.float32)
    results = []
    for enabled in (True, False):
        accelerator.set_enabled(enabled)
        parameter = Parameter(start)
        optimizer = SGD([parameter], lr=0.1, momentum=0.9, weight_decay=0.1)
        for _ in range(3):
            parameter.grad = np.sin(parameter.data)
            optimizer.step()
        results.append(parameter.data)
    assert_array_equal(*results)


def test_without_numba_nothing_is_missing(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert not accelerator.is_available()
    assert accelerator.fused_rule("sgd", 1 << 20) is None


def test_importing_nnkit_imports_nothing_heavy():
    """No numba, no matplotlib, no IPython, no torch: they come when they are needed."""
    heavy = {"numba", "matplotlib", "IPython", "torch", "rich", "tqdm", "sklearn", "scipy"}
    code = f"import sys, nnkit; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
