"""Tests for nnkit.losses."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnkit import CrossEntropyLoss, MSELoss
from nnkit import functional as F


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("scale", [0.1, 1, 1000])
@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (7, 5), (5, 5)])
def test_cross_entropy_equals_its_functions(rng, shape, scale):
    logits = scale * rng.normal(size=shape)
    targets = rng.integers(shape[1], size=shape[0])
    kept = logits.copy()
    loss = CrossEntropyLoss()

    assert loss(logits, targets) == pytest.approx(F.cross_entropy(logits, targets), rel=1e-12)
    assert_allclose(loss.backward(), F.cross_entropy_backward(logits, targets), atol=1e-14)
    assert_allclose(loss.backward(), F.cross_entropy_backward(logits, targets), atol=1e-14)
    assert_array_equal(logits, kept)


def test_mse_equals_its_functions(rng):
    predictions, targets = rng.normal(size=(2, 5, 3))
    loss = MSELoss()
    assert loss(predictions, targets) == pytest.approx(F.mse(predictions, targets), rel=1e-14)
    assert_allclose(loss.backward(), F.mse_backward(predictions, targets), rtol=1e-14)


def test_losses_are_python_numbers_and_gradients_keep_the_type(rng):
    logits = rng.normal(size=(4, 3)).astype(np.float32)
    for loss, targets in (
        (CrossEntropyLoss(), np.array([0, 1, 2, 0])),
        (MSELoss(), np.ones((4, 3))),
    ):
        assert type(loss(logits, targets)) is float
        assert loss.backward().dtype == np.float32
        assert loss.backward().shape == (4, 3)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([0, 1, 3], "between 0 and 2, got values from 0 to 3"),
        ([0, -1, 2], "between 0 and 2, got values from -1 to 2"),
        ([0, 1], r"expected targets as 3 integers, one for each row of logits, got shape \(2,\)"),
        ([[0], [1], [2]], r"got shape \(3, 1\)"),
        ([0.0, 1.0, 2.0], "of float64"),
        (np.eye(3), r"use targets.argmax\(axis=1\)"),
    ],
    ids=["too_large", "negative", "too_few", "column", "floats", "one_hot"],
)
def test_targets_that_name_no_class_are_refused(targets, message):
    with pytest.raises(ValueError, match=message):
        CrossEntropyLoss()(np.zeros((3, 3)), np.array(targets))


def test_a_column_of_targets_is_not_a_vector():
    """NumPy would pair (N, 1) with (N,) as (N, N)."""
    with pytest.raises(ValueError, match=r"shape \(3, 1\) of the predictions, got \(3,\)"):
        MSELoss()(np.zeros((3, 1)), np.zeros(3))
