"""Tests for nnkit.functional.data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.preprocessing import StandardScaler

from nnkit.functional import fit_standardizer, minibatches, split_indices, standardize

seeds = st.integers(0, 2**32 - 1)


@given(st.integers(1, 40), st.integers(1, 50), seeds)
def test_minibatches_hold_every_example_once(num_examples, batch_size, seed):
    """All batches are full but the last, which holds the rest; none is empty."""
    batches = list(minibatches(num_examples, batch_size, np.random.default_rng(seed)))

    assert sorted(np.concatenate(batches)) == list(range(num_examples))
    assert [len(batch) for batch in batches[:-1]] == [batch_size] * (len(batches) - 1)
    assert 1 <= len(batches[-1]) <= batch_size
    assert all(batch.dtype.kind == "i" and batch.ndim == 1 for batch in batches)


def test_minibatches_of_two_epochs_differ():
    """The generator goes on where it was; nobody seeds it anew."""
    rng = np.random.default_rng(0)

    first, second = (np.concatenate(list(minibatches(50, 8, rng))) for _ in range(2))

    assert not np.array_equal(first, second)


def test_minibatches_repeat_for_a_generator_of_the_same_seed():
    """A run can be reproduced."""
    first, second = (list(minibatches(20, 6, np.random.default_rng(5))) for _ in range(2))

    assert all(map(np.array_equal, first, second))


def test_minibatches_mix_all_examples():
    """Over 2000 epochs each example is in the first batch about as often as any other."""
    rng = np.random.default_rng(0)
    counts = np.zeros(10)
    for _ in range(2000):
        counts[next(minibatches(10, 3, rng))] += 1

    assert counts.sum() == 6000
    assert_allclose(counts, 600, atol=5 * np.sqrt(2000 * 0.3 * 0.7))


def test_minibatches_complain_at_the_call():
    """A mistake is reported where it is made, not when the first batch is taken."""
    with pytest.raises(TypeError, match="rng"):
        minibatches(10, 3, 0)


@given(
    st.integers(1, 60),
    st.lists(st.integers(0, 9), min_size=1, max_size=5).filter(any),
    seeds,
)
def test_split_is_disjoint_and_covers_everything(num_examples, weights, seed):
    """Every index is in exactly one part, and each size is within 1 of its fraction."""
    fractions = np.array(weights) / sum(weights)

    parts = split_indices(num_examples, fractions, np.random.default_rng(seed))

    assert len(parts) == len(fractions)
    assert sorted(np.concatenate(parts)) == list(range(num_examples))
    for part, fraction in zip(parts, fractions, strict=True):
        assert abs(len(part) - fraction * num_examples) <= 1


@pytest.mark.parametrize(
    ("num_examples", "fractions", "sizes"),
    [
        (10, (1 / 3, 1 / 3, 1 / 3), [3, 4, 3]),  # ends at 3.33, 6.67 and 10
        (10, (0.5, 0.3, 0.2), [5, 3, 2]),
        (7, (0.5, 0.5), [4, 3]),  # 3.5 is rounded to the even 4
        (5, (0.5, 0.5), [2, 3]),  # 2.5 is rounded to the even 2
        (4, (0.1, 0.1, 0.8), [0, 1, 3]),
        (3, (1,), [3]),
        (6, (0.5, 0.0, 0.5), [3, 0, 3]),
    ],
)
def test_split_sizes_come_from_rounded_cumulated_fractions(num_examples, fractions, sizes, rng):
    """Part k ends at the rounded product of the examples and the first k fractions."""
    assert [len(part) for part in split_indices(num_examples, fractions, rng)] == sizes


def test_split_is_random_and_reproducible():
    """The same seed gives the same split, the next call another one, and neither is sorted."""
    rng, again = np.random.default_rng(1), np.random.default_rng(1)

    first, second = split_indices(50, (0.8, 0.2), rng), split_indices(50, (0.8, 0.2), rng)

    assert_array_equal(first[0], split_indices(50, (0.8, 0.2), again)[0])
    assert not np.array_equal(first[0], second[0])
    assert not np.array_equal(first[0], np.sort(first[0]))


def test_statistics_match_numpy_and_scikit_learn(rng):
    """One mean and one biased deviation for each column."""
    x = rng.normal(loc=[5.0, -300.0, 0.0], scale=[1.0, 1000.0, 0.01], size=(9, 3))
    scaler = StandardScaler().fit(x)

    mean, std = fit_standardizer(x)

    assert_allclose(mean, x.mean(axis=0), rtol=1e-12, atol=1e-15)
    assert_allclose(std, x.std(axis=0), rtol=1e-12)
    assert_allclose(standardize(x, mean, std), scaler.transform(x), rtol=1e-10, atol=1e-12)


@given(st.integers(2, 8), st.integers(1, 4), seeds)
def test_training_data_is_standardised(n, d, seed):
    """Columns of the data that was fitted have mean 0 and deviation 1."""
    x = np.random.default_rng(seed).normal(loc=100.0, scale=7.0, size=(n, d))

    z = standardize(x, *fit_standardizer(x))

    assert_allclose(z.mean(axis=0), 0, atol=1e-9)
    assert_allclose(z.std(axis=0), 1, rtol=1e-9)


@given(seeds, st.floats(0.1, 100), st.floats(-100, 100))
def test_units_of_measurement_do_not_matter(seed, scale, shift):
    """Metres or feet, Celsius or Fahrenheit: the standardised numbers are the same."""
    x = np.random.default_rng(seed).normal(size=(6, 3))
    other = scale * x + shift

    assert_allclose(
        standardize(other, *fit_standardizer(other)),
        standardize(x, *fit_standardizer(x)),
        rtol=1e-6,
        atol=1e-8,
    )


@given(st.floats(-1e9, 1e9), st.integers(1, 20))
def test_constant_column_has_deviation_zero_and_becomes_zero(value, n):
    """Exactly, though the mean of equal numbers such as 0.1 can be off in the last digit."""
    x = np.full((n, 2), value)

    mean, std = fit_standardizer(x)

    assert_array_equal(mean, x[0])
    assert_array_equal(std, 0)
    assert_array_equal(standardize(x, mean, std), 0)


def test_column_that_was_constant_in_training_stays_at_zero_later():
    """What has no known scale gives no signal, rather than a huge one."""
    z = standardize(np.array([[5.0, 3.0]]), np.array([1.0, 1.0]), np.array([0.0, 4.0]))

    assert_array_equal(z, [[0.0, 0.5]])


def test_test_data_is_measured_by_the_training_data():
    """The statistics come in as arguments and are not computed again."""
    z = standardize(np.array([[10.0], [14.0]]), np.array([8.0]), np.array([2.0]))

    assert_array_equal(z, [[1.0], [3.0]])


def test_bytes_do_not_wrap_around():
    """Pixels below the mean become negative numbers, also when they come as bytes."""
    x = np.array([[0, 10], [4, 250]], dtype=np.uint8)

    z = standardize(x, *fit_standardizer(x))

    assert_array_equal(z, [[-1, -1], [1, 1]])
