"""Tests for nnkit.normalization; what holds for every layer is in test_layers."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnkit import BatchNorm1d, LayerNorm


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def layer(rng):
    """A layer with weight != 1 and bias != 0: defaults hide missing factors."""
    layer = BatchNorm1d(3)
    layer.weight.data[:] = rng.normal(size=3)
    layer.bias.data[:] = rng.normal(size=3)
    return layer


@pytest.mark.parametrize("n", [2, 5, 64])
def test_training_output_is_standardised(rng, n):
    """With weight 1 and bias 0, each output column has mean 0 and variance 1."""
    y = BatchNorm1d(3)(rng.normal(loc=5.0, scale=10.0, size=(n, 3)))

    assert_allclose(y.mean(axis=0), 0.0, atol=1e-12)
    assert_allclose(y.var(axis=0), 1.0, rtol=1e-3)


def test_training_output_ignores_affine_changes_of_the_input(layer, rng):
    """Normalising undoes any positive scale and any shift of a feature."""
    x = rng.normal(size=(8, 3))

    assert_allclose(layer(x), layer(7.0 * x - 3.0), rtol=1e-3)


def test_running_statistics_after_one_batch(rng):
    """One step moves them a fraction `momentum` towards the mean and unbiased variance."""
    layer = BatchNorm1d(3, momentum=0.1)
    x = rng.normal(size=(4, 3))

    layer(x)

    assert_allclose(layer.running_mean, 0.1 * x.mean(axis=0))
    assert_allclose(layer.running_var, 0.9 + 0.1 * x.var(axis=0, ddof=1))


def test_evaluation_mode_is_a_fixed_map(layer, rng):
    """In evaluation mode a row's output does not depend on the rest, and nothing is learned."""
    layer(rng.normal(size=(16, 3)))
    layer.eval()
    x = rng.normal(size=(5, 3))
    before = layer.state_dict()

    assert_allclose(layer(x)[:1], layer(x[:1]))
    for name, array in layer.state_dict().items():
        assert_array_equal(array, before[name])


@pytest.mark.parametrize("n", [0, 1])
def test_too_small_a_batch_is_refused_in_training_mode_only(layer, n):
    with pytest.raises(ValueError, match=f"at least 2 rows in training mode, got {n}"):
        layer(np.zeros((n, 3)))
    assert layer.eval()(np.zeros((n, 3))).shape == (n, 3)


def test_a_constant_column_gives_the_bias(layer, rng):
    x = rng.normal(size=(8, 3))
    x[:, 1] = 0.1
    assert_allclose(layer(x)[:, 1], layer.bias.data[1])


def test_float32_variance_of_a_large_mean_is_accurate(rng):
    """The mean is subtracted before squares are taken."""
    x = (1000 + rng.normal(size=(256, 3))).astype(np.float32)
    y = BatchNorm1d(3).astype(np.float32)(x)
    assert_allclose(y.std(axis=0), 1, rtol=1e-3)


def test_layernorm_standardises_each_row_alone(rng):
    layer = LayerNorm(50)
    x = rng.normal(loc=5.0, scale=10.0, size=(4, 50))
    y = layer(x)
    assert_allclose(y.mean(axis=1), 0.0, atol=1e-12)
    assert_allclose(y.var(axis=1), 1.0, rtol=1e-3)
    assert_array_equal(y[:1], layer(x[:1]))
    assert_array_equal(y, layer.eval()(x))
