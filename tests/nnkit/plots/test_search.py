"""Tests for nnkit.plots.search."""

import numpy as np
import pytest

from nnkit.plots import grid_against_random

NAN = float("nan")
GRID = np.array([[a, b] for a in (0.1, 1.0, 10.0) for b in (0.0, 0.5)])
RANDOM = np.array([[0.2, 0.1], [0.3, 0.3], [4.0, 0.2], [5.0, 0.4]])
NAMES = ("lr", "dropout")


@pytest.fixture
def plot():
    return grid_against_random(
        GRID, [5, 4, 3, 2, NAN, NAN], RANDOM, [3, 1, 2, 4], names=NAMES, scales=("log", "linear")
    )


def test_values_tried_and_best_values_are_told(plot):
    """That is the point of the picture: how many values of each setting were tried."""
    assert plot.alt == (
        "Grid search: 6 trials with 3 different values of lr and 2 of dropout; best loss 2; "
        "2 failed. Random search: 4 trials with 4 different values of lr and 4 of dropout; "
        "best loss 1."
    )


def test_trials_lie_below_and_their_values_above(plot):
    """Both searches with the same axes, so that they can be compared."""
    above, below = plot.figure.axes[:2], plot.figure.axes[2:]

    assert below[0].lines[0].get_xydata().tolist() == GRID.tolist()
    assert below[1].lines[0].get_xydata().tolist() == RANDOM.tolist()
    assert above[1].lines[0].get_xydata().tolist() == [[0.2, 3], [0.3, 1], [4, 2], [5, 4]]
    assert below[0].get_xlim() == below[1].get_xlim() == above[0].get_xlim()
    assert above[0].get_ylim() == above[1].get_ylim()
    assert (below[0].get_xscale(), below[0].get_yscale()) == ("log", "linear")
    assert (below[0].get_xlabel(), below[0].get_ylabel()) == NAMES


def test_the_best_trial_is_a_star(plot):
    """Failed trials are never the best."""
    stars = [
        line.get_xydata().tolist()
        for axes in plot.figure.axes[2:]
        for line in axes.lines
        if line.get_marker() == "*"
    ]

    assert stars == [[[1.0, 0.5]], [[0.3, 0.3]]]


def test_a_search_that_failed_altogether_is_told(plot):
    """It has no best value."""
    plot = grid_against_random(GRID, [NAN] * 6, RANDOM, [np.inf] * 4, names=NAMES)

    assert plot.alt.count("all failed.") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((GRID[:, :1], [1] * 6, RANDOM, [1] * 4), r"grid_points of shape \(N, 2\), got \(6, 1\)"),
        ((GRID, [1] * 6, RANDOM, [1] * 3), "random_points has 4, random_values has 3"),
        ((GRID, [[1]] * 6, RANDOM, [1] * 4), r"grid_values of shape \(N,\), got \(6, 1\)"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message):
    """The message names the argument."""
    with pytest.raises(ValueError, match=message):
        grid_against_random(*arguments)
