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
    LayerNorm,
    Linear,
    ReLU,
    Sequential,
    Tanh,
    accelerator,
    evaluate,
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
        layers += [LayerNorm(h)] if kind == "layernorm" else []
        layers += [Tanh() if kind == "tanh" else ReLU()]
        layers += [Dropout(0.5, rng)] if kind == "dropout" else []
    return Sequential(*layers, Linear(*WIDTHS[-2:], rng))


def kept_activations(kind):
    """Bytes of what backpropagation must keep: each layer's input, or output, or mask."""
    per_hidden_unit = {"plain": 1, "tanh": 1, "batchnorm": 2, "layernorm": 2, "dropout": 3}[kind]
    entries = WIDTHS[0] + per_hidden_unit * sum(WIDTHS[1:-1]) + WIDTHS[-1]
    return 4 * BATCH * entries


@pytest.fixture(params=["plain", "tanh", "batchnorm", "layernorm", "dropout"])
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


def peak_of(function):
    """The most bytes in use at a time in a second call."""
    function()
    tracemalloc.start()
    function()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_the_room_of_a_step_is_linear_in_the_batch(kind):
    """From 256 rows to 512 as much is added as from 512 to 768."""
    rng = np.random.default_rng(0)
    model, loss = network(kind, rng), CrossEntropyLoss()
    x = rng.random((768, WIDTHS[0]), dtype=np.float32)
    targets = rng.integers(10, size=768)
    small, middle, large = (
        peak_of(lambda n=n: loss_and_gradients(model, loss, x[:n], targets[:n]))
        for n in (256, 512, 768)
    )
    assert large - middle == pytest.approx(middle - small, rel=0.02)


def test_evaluation_needs_no_more_room_for_more_data():
    """It goes through them batch by batch: here two of them, or four."""
    rng = np.random.default_rng(0)
    model, x = network("plain", rng), rng.random((4096, WIDTHS[0]), dtype=np.float32)
    targets = rng.integers(10, size=4096)
    two, four = (
        peak_of(lambda n=n: evaluate(model, CrossEntropyLoss(), (x[:n], targets[:n])))
        for n in (2048, 4096)
    )
    assert four <= 1.05 * two
