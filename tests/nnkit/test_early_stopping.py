"""Tests for nnkit.early_stopping."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnkit import BatchNorm1d, EarlyStopping
from nnkit import functional as F


@pytest.fixture
def model():
    return BatchNorm1d(2)


@pytest.mark.parametrize("patience", [1, 2, 4])
@pytest.mark.parametrize("min_delta", [0.0, 0.15])
def test_it_stops_where_the_function_says(model, patience, min_delta):
    rng = np.random.default_rng(0)
    for _ in range(20):
        losses = rng.integers(20, size=12) / 10
        stopping = EarlyStopping(patience, min_delta)
        stop_epoch = next(
            (e for e, loss in enumerate(losses) if stopping.should_stop(float(loss), model)), 11
        )
        expected = F.early_stopping_epoch(losses, patience, min_delta)
        assert (stop_epoch, stopping.best_epoch) == expected


def test_a_copy_of_the_best_weights_is_restored(model):
    """Parameters and running averages as they were, not as they have become."""
    stopping = EarlyStopping(patience=3)
    for value, loss in [(1.0, 0.5), (2.0, 0.3), (3.0, 0.4)]:
        model.weight.data[:] = value
        model.running_mean[:] = -value
        stopping.should_stop(loss, model)
    model.weight.data[:] = 9.0
    stopping.restore_best(model)
    assert_array_equal(model.weight.data, 2.0)
    assert_array_equal(model.running_mean, -2.0)


def test_a_loss_of_nan_is_no_improvement(model):
    stopping = EarlyStopping(patience=2)
    assert [stopping.should_stop(x, model) for x in (0.5, np.nan, np.nan)] == [False, False, True]
    assert stopping.best_epoch == 0


def test_before_the_first_epoch_there_is_nothing_to_restore(model):
    model.weight.data[:] = 5.0
    EarlyStopping(patience=1).restore_best(model)
    assert_array_equal(model.weight.data, 5.0)


def test_a_saved_state_goes_on_exactly(model):
    first, second = EarlyStopping(patience=2), EarlyStopping(patience=2)
    for loss in (0.5, 0.4, 0.6):
        first.should_stop(loss, model)
    second.load_state_dict(first.state_dict())
    model.weight.data[:] = 7.0
    assert second.should_stop(0.7, model)
    second.restore_best(model)
    assert_array_equal(model.weight.data, 1.0)


@pytest.mark.parametrize("settings", [{"patience": 0}, {"patience": 1, "min_delta": -0.1}])
def test_wrong_settings_are_refused(settings):
    with pytest.raises(ValueError, match="expected a patience of 1 or more"):
        EarlyStopping(**settings)
