"""Tests for nnkit.plots.curves."""

import numpy as np
import pytest

from nnkit.plots import learning_rate_sweep, loss_curves

NAN = float("nan")
IN_WORDS = {
    "falling": ([3.0, 2.0, 1.0], "falls from 3 to 1 in 3 values."),
    "rising": ([1.0, 2.0, 3.0], "rises from 1 to 3 in 3 values."),
    "with a valley": ([3.0, 1.0, 2.0], "falls from 3 to its lowest, 1 at epoch 1, and ends at 2."),
    "flat": ([2.0, 2.0, 2.0], "stays at 2."),
    "one value": ([2.0], "stays at 2."),
    "nearly flat": ([2.30262, 2.30261, 2.3026], "stays at 2.3."),
    "diverging": (
        [1.0, 2.0, NAN, np.inf],
        "rises from 1 to 2 in 4 values; not finite at 2 of 4 values, first at epoch 2.",
    ),
    "lost": ([NAN, NAN], "none of its 2 values is finite."),
}


@pytest.mark.parametrize(("curve", "words"), IN_WORDS.values(), ids=IN_WORDS)
def test_the_course_of_a_curve_is_told(curve, words):
    """Where it begins, where it is lowest, where it ends, and where it has gaps."""
    assert loss_curves({"training": curve}).alt == f"Loss against epoch. training: {words}"


def test_curves_lie_where_their_steps_say():
    """In the picture and in the text; the others count from 0."""
    plot = loss_curves(
        {"training": [3.0, 2.0, 1.0, 0.5], "validation": [3.0, 1.0, 2.0]},
        steps={"validation": [0, 100, 200]},
        x_label="step",
        y_label="error",
        y_scale="log",
    )
    [axes] = plot.figure.axes

    lines = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
    assert lines["validation"] == [[0, 3], [100, 1], [200, 2]]
    assert lines["training"] == [[0, 3], [1, 2], [2, 1], [3, 0.5]]
    assert "Error against step (log scale)." in plot.alt
    assert "validation: falls from 3 to its lowest, 1 at step 100" in plot.alt
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == ("step", "error", "log")


def test_the_lowest_point_is_marked_and_the_end_of_a_diverging_curve():
    """With a marker on the curve, and a cross."""
    [axes] = loss_curves({"a": [3.0, 1.0, 2.0], "b": [1.0, 2.0, NAN]}).figure.axes

    assert [line.get_markevery() for line in axes.lines if line.get_label() in "ab"] == [[1], [0]]
    crosses = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == "x"]
    assert crosses == [[[1, 2]]]


def test_a_sweep_finds_the_best_learning_rate():
    """In any order; rates at which training diverged are named and crossed."""
    plot = learning_rate_sweep([1.0, 0.01, 10.0, 0.1, 100.0], [0.6, 0.9, NAN, 0.2, np.inf])
    [axes] = plot.figure.axes

    assert plot.alt == (
        "Loss for 5 learning rates from 0.01 to 100. Best: 0.2 at learning rate 0.1. The smallest "
        "rate gives 0.9. Training diverged at learning rate 10, 100."
    )
    lines = {line.get_label(): line.get_xydata() for line in axes.lines}
    assert lines["trained"].tolist() == [[0.01, 0.9], [0.1, 0.2], [1.0, 0.6]]
    assert lines["best"].tolist() == [[0.1, 0.2]]
    assert lines["diverged"][:, 0].tolist() == [10, 100]
    assert axes.get_xscale() == "log"


def test_a_sweep_says_how_both_ends_do():
    """The best is in the middle only if both ends are worse."""
    assert "The largest rate gives 3." in learning_rate_sweep([1, 2, 3], [2, 1, 3]).alt
    assert "smallest rate" not in learning_rate_sweep([1, 2, 3], [1, 2, 3]).alt


def test_losses_of_different_sizes_get_a_logarithmic_axis():
    """So that the small ones can be told apart."""
    assert learning_rate_sweep([1, 2], [0.01, 5]).figure.axes[0].get_yscale() == "log"
    assert learning_rate_sweep([1, 2], [0.5, 5]).figure.axes[0].get_yscale() == "linear"
    assert learning_rate_sweep([1, 2], [0.0, 5]).figure.axes[0].get_yscale() == "linear"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: loss_curves([1.0, 2.0]), TypeError, "curves as a dict .* got list"),
        (lambda: loss_curves({}), TypeError, "got an empty one"),
        (lambda: loss_curves({"a": []}), ValueError, r"curves\['a'\] as an array of numbers"),
        (lambda: loss_curves({"a": ["x"]}), ValueError, r"curves\['a'\] as an array of numbers"),
        (lambda: loss_curves({"a": [[1.0]]}), ValueError, r"of shape \(N,\), got \(1, 1\)"),
        (lambda: loss_curves({"a": [1.0]}, steps={"a": [1, 2]}), ValueError, "steps.* has 2"),
        (
            lambda: loss_curves({"a": [1.0]}, steps={"b": [1]}),
            ValueError,
            "steps for a, got some for 'b'",
        ),
        (lambda: learning_rate_sweep([0.0], [1.0]), ValueError, "expected lrs above 0, got 0"),
        (lambda: learning_rate_sweep([1.0], [1.0, 2.0]), ValueError, "lrs has 1, losses has 2"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, message):
    """The message names the argument."""
    with pytest.raises(error, match=message):
        call()
