"""Tests for nnkit.functional.initialization."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import (
    dead_unit_fraction,
    kaiming_normal,
    kaiming_uniform,
    relu,
    xavier_normal,
    xavier_uniform,
)

# the standard deviation that each should have, and PyTorch's name
INITIALIZERS = {
    xavier_uniform: (lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)), "xavier_uniform_"),
    xavier_normal: (lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)), "xavier_normal_"),
    kaiming_uniform: (lambda fan_in, fan_out: np.sqrt(2 / fan_in), "kaiming_uniform_"),
    kaiming_normal: (lambda fan_in, fan_out: np.sqrt(2 / fan_in), "kaiming_normal_"),
}
each_initializer = pytest.mark.parametrize("initializer", INITIALIZERS)
FANS = [(400, 100), (100, 400), (200, 200)]


@each_initializer
@pytest.mark.parametrize(("fan_in", "fan_out"), FANS)
def test_weights_have_the_right_mean_and_deviation(initializer, fan_in, fan_out, rng):
    """Within five standard errors of 40,000 draws, for wide, narrow and square layers."""
    expected = INITIALIZERS[initializer][0](fan_in, fan_out)

    weight = initializer(fan_in, fan_out, rng)

    assert weight.shape == (fan_in, fan_out)
    assert abs(weight.mean()) < 5 * expected / np.sqrt(weight.size)
    assert weight.std() == pytest.approx(expected, rel=5 / np.sqrt(2 * weight.size))


@each_initializer
@pytest.mark.parametrize(("fan_in", "fan_out"), FANS)
def test_weights_are_distributed_as_in_torch(torch, initializer, fan_in, fan_out, rng):
    """The same quantiles as PyTorch's weights, whose matrix is transposed."""
    theirs = torch.empty(fan_out, fan_in, dtype=torch.float64)
    settings = {"nonlinearity": "relu"} if "kaiming" in initializer.__name__ else {}
    generator = torch.Generator().manual_seed(0)
    init = getattr(torch.nn.init, INITIALIZERS[initializer][1])
    init(theirs, generator=generator, **settings)
    levels = np.linspace(0.02, 0.98, 25)

    ours = initializer(fan_in, fan_out, rng)

    spread = theirs.std().item()
    assert_allclose(np.quantile(ours, levels), np.quantile(theirs, levels), atol=0.06 * spread)


@pytest.mark.parametrize("initializer", [xavier_uniform, kaiming_uniform])
def test_uniform_weights_fill_their_range_and_stay_in_it(initializer, rng):
    """The largest of 40,000 is just below the bound, sqrt(3) times the deviation."""
    bound = np.sqrt(3) * INITIALIZERS[initializer][0](400, 100)

    weight = initializer(400, 100, rng)

    assert 0.999 * bound < abs(weight).max() <= bound
    quarters, _ = np.histogram(weight, bins=4, range=(-bound, bound))
    assert_allclose(quarters, 10_000, atol=5 * np.sqrt(10_000 * 0.75))


@pytest.mark.parametrize("initializer", [xavier_normal, kaiming_normal])
def test_normal_weights_have_normal_tails(initializer, rng):
    """About 4.6 % lie beyond two deviations, and a few beyond three."""
    weight = initializer(400, 100, rng)

    outside = abs(weight) / weight.std()
    assert (outside > 2).mean() == pytest.approx(0.0455, abs=0.005)
    assert (outside > 3).mean() == pytest.approx(0.0027, abs=0.0015)


@each_initializer
def test_generator_is_used_as_it_is(initializer):
    """The same seed gives the same weights, the next call others; no two are equal."""
    rng, again = np.random.default_rng(7), np.random.default_rng(7)

    first, second = initializer(5, 3, rng), initializer(5, 3, rng)

    assert_array_equal(first, initializer(5, 3, again))
    assert not np.isin(first, second).any()
    assert len(np.unique(first)) == first.size


def test_kaiming_keeps_the_signal_through_relu_layers(rng):
    """After 20 layers the mean square is still of the size of the input's; with Xavier's
    weights for the same square layers it has fallen by 2**20.
    """
    h = g = rng.normal(size=(100, 300))
    for _ in range(20):
        h = relu(h @ kaiming_normal(300, 300, rng))
        g = relu(g @ xavier_normal(300, 300, rng))

    assert 0.3 < (h**2).mean() < 3
    assert 2.0**-22 < (g**2).mean() < 2.0**-18


def test_dead_units_are_zero_for_every_example():
    """A unit that is off for all but one example lives; half of the rest is dead."""
    activations = np.array([[0.0, 0.0, 1.0, 0.0], [0.0, 2.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]])

    assert dead_unit_fraction(activations) == 0.5
    assert dead_unit_fraction(np.zeros((3, 2))) == 1.0
    assert dead_unit_fraction(np.ones((3, 2))) == 0.0


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_dead_unit_fraction_matches_a_loop(n, h, seed):
    """Counted unit by unit, whatever the number of examples."""
    activations = np.random.default_rng(seed).integers(0, 2, size=(n, h)).astype(float)

    dead = [all(activations[i, j] == 0 for i in range(n)) for j in range(h)]

    assert dead_unit_fraction(activations) == pytest.approx(sum(dead) / h)


def test_negative_activations_are_not_dead():
    """Behind a tanh or a leaky ReLU, -1 is a signal like any other."""
    assert dead_unit_fraction(np.full((2, 3), -1.0)) == 0.0
