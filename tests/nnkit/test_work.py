"""How much a step computes, counted and not timed."""

from itertools import pairwise

import numpy as np
import pytest

from nnkit import (
    BatchNorm1d,
    CrossEntropyLoss,
    Dropout,
    Linear,
    ReLU,
    Sequential,
    loss_and_gradients,
)

PLAIN, FULL = (ReLU,), (BatchNorm1d, ReLU, Dropout)


class Counted(np.ndarray):
    """Counts the multiplications in the matrix products that it takes part in."""

    multiplications = 0

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **settings):
        if ufunc is np.matmul:
            a, b = inputs
            Counted.multiplications += a.shape[0] * a.shape[1] * b.shape[1]
        plain, places = ([np.asarray(array) for array in arrays] for arrays in (inputs, out))
        if places:
            settings["out"] = tuple(places)
        return getattr(ufunc, method)(*plain, **settings)


def network(widths, between, rng):
    make = {ReLU: lambda h: ReLU(), BatchNorm1d: BatchNorm1d, Dropout: lambda h: Dropout(0.5, rng)}
    layers = []
    for d, h in pairwise(widths[:-1]):
        layers += [Linear(d, h, rng), *(make[kind](h) for kind in between)]
    return Sequential(*layers, Linear(*widths[-2:], rng))


def multiplications(batch_size, widths, between=PLAIN):
    """In the matrix products of the forward and the backward pass."""
    rng = np.random.default_rng(0)
    model = network(widths, between, rng)
    for parameter in model.parameters():
        parameter._data, parameter._grad = (
            array.view(Counted) for array in (parameter._data, parameter._grad)
        )
    x, targets = rng.normal(size=(batch_size, widths[0])), rng.integers(widths[-1], size=batch_size)
    Counted.multiplications = 0
    loss_and_gradients(model, CrossEntropyLoss(), x, targets)
    return Counted.multiplications


@pytest.mark.parametrize("between", [PLAIN, FULL], ids=["plain", "batchnorm and dropout"])
@pytest.mark.parametrize("widths", [(7, 3), (7, 5, 3), (7, 5, 6, 4, 3)], ids=str)
def test_each_weight_is_used_three_times_for_each_example(widths, between):
    """For the output, for its own gradient, and for that of the input, which the first layer
    leaves out. So work is linear in the batch, in the width squared, and in the depth.
    """
    weights = [d * h for d, h in pairwise(widths)]

    assert multiplications(11, widths, between) == 11 * (3 * sum(weights) - weights[0])


@pytest.mark.parametrize(
    ("batch_size", "width", "depth", "factor"),
    [(64, 16, 3, 2), (32, 32, 3, 4), (32, 16, 6, 2), (32, 64, 3, 16)],
)
def test_work_is_linear_in_batch_and_depth_and_square_in_width(batch_size, width, depth, factor):
    """Against 32 examples, 16 units and 3 layers between the first and the last."""

    def between_the_ends(batch_size, width, depth):
        deep, shallow = ((5, *[width] * n, 3) for n in (depth + 1, 1))
        return multiplications(batch_size, deep) - multiplications(batch_size, shallow)

    assert between_the_ends(batch_size, width, depth) == factor * between_the_ends(32, 16, 3)
