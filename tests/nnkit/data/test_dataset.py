"""Tests for nnkit.data.dataset."""

import dataclasses
import re

import numpy as np
import pytest

from nnkit.data import Dataset

FINE = {
    "x_train": np.zeros((4, 2), np.float32),
    "targets_train": np.array([0, 1, 2, 0]),
    "x_test": np.zeros((4, 2), np.float32),
    "targets_test": np.array([2, 0, 1, 1]),
    "names": ("a", "b", "c"),
    "about": "Made up.",
}


def test_what_fits_is_accepted():
    """The fields are what was passed."""
    data = Dataset(**FINE)

    assert data.names == ("a", "b", "c")
    assert repr(data) == "Dataset(4 to train on, 4 to test on, 2 features, 3 classes)"


def test_fields_are_frozen():
    """The test set can't be swapped for another one by accident."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        Dataset(**FINE).x_test = FINE["x_train"]


WRONG = {
    "a vector": ("x", np.zeros(4), r"expected x_{part} of shape (N, D), got (4,)"),
    "too few targets": ("targets", np.zeros(2, int), "shape (4,), one for each example, got int64"),
    "real targets": ("targets", np.zeros(4), "expected targets_{part} as integers"),
    "too large": ("targets", np.array([0, 1, 3, 0]), "expected targets_{part} from 0 to 2"),
    "negative": ("targets", np.array([0, -1, 2, 0]), "the 3 names, got -1 to 2"),
}


@pytest.mark.parametrize("part", ["train", "test"])
@pytest.mark.parametrize(("field", "value", "message"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_refused(part, field, value, message):
    """In either part, and the message names it."""
    with pytest.raises(ValueError, match=re.escape(message.format(part=part))):
        Dataset(**{**FINE, f"{field}_{part}": value})


def test_both_parts_have_the_same_features():
    """A network trained on one could not be tested on the other."""
    with pytest.raises(ValueError, match="expected x_test with the 2 columns of x_train, got 5"):
        Dataset(**{**FINE, "x_test": np.zeros((4, 5))})
