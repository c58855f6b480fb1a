"""Nothing grows from step to step, and a step needs little room."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from nnkit import (
    SGD,
    Adam,
    BatchNorm1d,
    CrossEntropyLoss,
    Dropout,
    Linear,
    ReLU,
    Sequential,
    accelerator,
    loss_and_gradients,
)

BATCH, WIDTHS = 128, (784, 256, 256, 10)


@pytest.fixture(autouse=True)
def _pure_numpy():
    accelerator.set_enabled(False)
    yield
    accelerator.set_enabled(True)


def network(kind, rng):
    layers = []
    for d, h in pairwise(WIDTHS[:-1]):
        layers += [Linear(d, h, rng)]
        layers += [BatchNorm1d(h)] if kind == "batchnorm" else []
        layers += [ReLU()]
        layers += [Dropout(0.5, rng)] if kind == "dropout" else []
    return Sequential(*layers, Linear(*WIDTHS[-2:], rng))


def kept_activations(kind):
    """Bytes of what backpropagation must keep: each layer's input, or output, or mask."""
    per_hidden_unit = {"plain": 1, "batchnorm": 2, "dropout": 3}[kind]
    entries = WIDTHS[0] + per_hidden_unit * sum(WIDTHS[1:-1]) + WIDTHS[-1]
    return 4 * BATCH * entries


@pytest.fixture(params=["plain", "batchnorm", "dropout"])
def kind(request):
    return request.param


@pytest.fixture(params=[SGD, Adam])
def step(request, kind):
    rng = np.random.default_rng(0)
    model, loss = network(kind, rng), CrossEntropyLoss()
    optimizer = request.param(model.parameters(), lr=0.01)
    x = rng.random((BATCH, WIDTHS[0]), dtype=np.float32)
    targets = rng.integers(10, size=BATCH)

    def one_step():
        loss_and_gradients(model, loss, x.copy(), targets)
        optimizer.step()

    return one_step


def test_nothing_grows_from_step_to_step(step):
    tracemalloc.start()
    for _ in range(3):
        step()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(20):
        step()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 2000


def test_a_step_needs_at_most_twice_the_activations(step, kind):
    """Beyond parameters, gradients and the optimizer's state."""
    tracemalloc.start()
    step()
    step()
    tracemalloc.reset_peak()
    step()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak <= 2 * kept_activations(kind)
