"""Tests for nnkit.functional.arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import accuracy, one_hot, pairwise_squared_distances

sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


@given(st.lists(st.integers(0, 6), max_size=9))
def test_one_hot_rows_hold_a_single_one_at_the_target(targets):
    """Each row adds up to 1 and is largest at its target; other entries are 0."""
    targets = np.array(targets, dtype=int)

    encoded = one_hot(targets, 7)

    assert encoded.shape == (len(targets), 7)
    assert_array_equal(encoded.sum(axis=1), 1)
    assert_array_equal(encoded.argmax(axis=1) if len(targets) else [], targets)
    assert set(np.unique(encoded)) <= {0.0, 1.0}


def test_one_hot_matches_torch(torch, rng):
    """PyTorch encodes the same way, as integers."""
    targets = rng.integers(0, 4, size=10)

    assert_array_equal(one_hot(targets, 6), torch.nn.functional.one_hot(torch.tensor(targets), 6))


def test_one_hot_has_a_column_for_classes_that_do_not_occur():
    """The shape depends on the number of classes, not on the batch."""
    assert one_hot(np.array([0]), 10).shape == (1, 10)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint64"])
def test_one_hot_takes_integers_of_any_type(dtype):
    """Labels often are single bytes; the result is float64 all the same."""
    encoded = one_hot(np.array([1, 0], dtype=dtype), 2)

    assert_array_equal(encoded, [[0, 1], [1, 0]])
    assert encoded.dtype == np.float64


@given(sizes, sizes, seeds)
def test_accuracy_matches_a_loop(num_rows, num_classes, seed):
    """The fraction of rows that a person would count."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(num_rows, num_classes))
    targets = rng.integers(0, num_classes, size=num_rows)

    hits = [max(range(num_classes), key=lambda c: row[c]) for row in logits] == targets

    assert accuracy(logits, targets) == pytest.approx(sum(hits) / num_rows)


def test_accuracy_counts_the_first_of_equal_logits():
    """A row of equal logits says class 0."""
    assert accuracy(np.zeros((4, 3)), np.array([0, 1, 2, 0])) == 0.5


def test_accuracy_is_the_same_for_logits_and_probabilities(rng):
    """A function that grows does not change which entry is the largest."""
    logits, targets = rng.normal(size=(20, 5)), rng.integers(0, 5, size=20)

    assert accuracy(logits, targets) == accuracy(np.exp(logits), targets)


@given(sizes, sizes, sizes, seeds)
def test_distances_match_a_loop(n, m, d, seed):
    """Entry (i, j) is the sum over the features of squared differences."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(n, d)), rng.normal(size=(m, d))

    expected = [[sum((p - q) ** 2 for p, q in zip(u, v, strict=True)) for v in b] for u in a]

    assert_allclose(pairwise_squared_distances(a, b), expected, rtol=1e-12)


def test_distances_match_torch(torch, rng):
    """The squares of PyTorch's distances."""
    a, b = rng.normal(size=(7, 4)), rng.normal(size=(5, 4))

    expected = torch.cdist(torch.tensor(a), torch.tensor(b)) ** 2

    assert_allclose(pairwise_squared_distances(a, b), expected, rtol=1e-10)


def test_distances_of_close_points_keep_their_digits():
    """Far from the origin a difference of 1 is 1, and a point is at distance 0 from itself."""
    points = np.array([[1e8], [1e8 + 1]])

    assert_array_equal(pairwise_squared_distances(points, points), [[0, 1], [1, 0]])


def test_distances_have_the_right_derivative(rng, assert_is_gradient):
    """The gradient of the sum over all pairs is 2 * sum_j (a[i] - b[j])."""
    a, b = rng.normal(size=(3, 2)), rng.normal(size=(4, 2))

    grad = 2 * (4 * a - b.sum(axis=0))

    assert_is_gradient(grad, lambda a: pairwise_squared_distances(a, b).sum(), a)
