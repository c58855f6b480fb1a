"""Tests for nnkit.data.bundled."""

import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnkit.data import digits
from nnkit.functional import pairwise_squared_distances

sklearn_datasets = pytest.importorskip("sklearn.datasets")


def nearest_neighbour_accuracy(x_train, targets_train, x_test, targets_test):
    distances = pairwise_squared_distances(x_test.astype(float), x_train.astype(float))
    return (targets_train[distances.argmin(axis=1)] == targets_test).mean()


def test_digits_are_scikit_learns_in_another_order():
    """Every image comes once, with its own class, scaled from 0..16 to 0..1."""
    data, bundle = digits(), sklearn_datasets.load_digits()
    ours = np.column_stack(
        [
            np.concatenate([data.x_train, data.x_test]) * 16,
            np.concatenate([data.targets_train, data.targets_test]),
        ]
    )
    theirs = np.column_stack([bundle.data, bundle.target])

    assert_array_equal(ours[np.lexsort(ours.T)], theirs[np.lexsort(theirs.T)])


def test_digits_have_the_documented_types():
    """float32 from 0 to 1, int64, ten names."""
    data = digits()

    assert data.x_train.dtype == data.x_test.dtype == np.float32
    assert data.targets_train.dtype == data.targets_test.dtype == np.int64
    assert (data.x_train.min(), data.x_train.max()) == (0, 1)
    assert data.names == tuple("0123456789")


def test_digits_are_split_the_same_way_at_every_call():
    """And not in the file's order, which seems to go from writer to writer."""
    first, second = digits(), digits()

    assert_array_equal(first.x_test, second.x_test)
    assert not (first.targets_test == sklearn_datasets.load_digits().target[-360:]).all()


def test_every_digit_is_in_both_parts():
    """At least 25 of each to test on."""
    data = digits()

    assert np.bincount(data.targets_train).min() > 100
    assert np.bincount(data.targets_test).min() >= 25


def test_the_text_gives_the_true_numbers():
    """The nearest neighbour's accuracies in `about` are the measured ones."""
    data, bundle = digits(), sklearn_datasets.load_digits()
    here = nearest_neighbour_accuracy(
        data.x_train, data.targets_train, data.x_test, data.targets_test
    )
    x, targets = bundle.data, bundle.target
    by_writer = nearest_neighbour_accuracy(x[:-360], targets[:-360], x[-360:], targets[-360:])

    stated = [float(number) for number in re.findall(r"(\d+\.\d) % of the", data.about)]
    assert_array_equal(stated, np.round([100 * here, 100 * by_writer], 1))
