"""Tests for nnkit.plots.layers."""

import numpy as np
import pytest

from nnkit.plots import activation_histograms, gradient_flow, weight_distributions

NAN = float("nan")


def test_activations_are_summed_up_layer_by_layer():
    """Mean, standard deviation, the share of zeros, and of values that are not finite."""
    plot = activation_histograms({"relu 1": [[0.0, 2.0], [0.0, 2.0]], "relu 2": [1.0, NAN]})

    assert plot.alt == (
        "Histograms of activations by depth. relu 1: mean 1, std 1, 50 % zeros. "
        "relu 2: 50 % not finite, mean 1, std 0."
    )


def test_saturated_activations_are_counted_at_both_bounds():
    """Those within 3 % of the range, here from -1 to 1."""
    plot = activation_histograms({"tanh": [-0.95, -0.9, 0.5, 0.93, 0.95]}, limits=(-1, 1))

    assert "40 % saturated" in plot.alt
    assert "saturated" not in activation_histograms({"tanh": [-0.95]}).alt


def test_histograms_have_one_axis_and_add_up():
    """The same bins for all layers; the bars of a layer add up to 100 %."""
    rng = np.random.default_rng(0)
    layers = {f"layer {i}": i * rng.normal(size=200) for i in range(1, 7)}
    panels = activation_histograms(layers).figure.axes

    stairs = [panel.patches[0].get_data() for panel in panels]
    assert len(panels) == 6
    for values, edges, _ in stairs:
        assert values.sum() == pytest.approx(100)
        assert edges.tolist() == stairs[0][1].tolist()
    assert len({panel.get_ylim() for panel in panels}) == 1
    assert [panel.get_title(loc="left").split("\n")[0] for panel in panels] == list(layers)


def test_gradient_flow_gives_sizes_and_their_ratio():
    """Mean and largest absolute value, and the first layer's mean against the last one's."""
    plot = gradient_flow({"one": [0.01, -0.03], "two": [[-4.0, 0.0]]})
    [axes] = plot.figure.axes

    assert plot.alt == (
        "Mean absolute gradient by depth. one: 0.02, at most 0.03. two: 2, at most 4. "
        "The first layer's mean is 0.01 times the last layer's."
    )
    lines = {line.get_label(): line.get_ydata().tolist() for line in axes.lines}
    assert lines == {"mean": [0.02, 2], "largest": [0.03, 4]}
    assert axes.get_yscale() == "log"


def test_gradient_flow_shows_what_has_no_logarithm():
    """A layer that gets no gradient, and one that has no number, are written out."""
    plot = gradient_flow({"dead": [0.0, 0.0], "fine": [1.0], "lost": [NAN]})
    [axes] = plot.figure.axes

    assert "dead: exactly 0 everywhere. fine: 1, at most 1. lost: not finite." in plot.alt
    assert "times" not in plot.alt
    assert [(text.get_position()[0], text.get_text()) for text in axes.texts] == [
        (0, "0"),
        (2, "not finite"),
    ]


def test_weights_are_summed_up_layer_by_layer():
    """Number, range, middle half and standard deviation."""
    plot = weight_distributions({"one": np.arange(101.0).reshape(1, 101), "two": [1.0, NAN, 1.0]})

    assert plot.alt == (
        "Distribution of the weights by depth. one: 101 weights from 0 to 100, half of them "
        "between 25 and 75, std 29.2. two: 3 weights from 1 to 1, half of them between 1 and 1, "
        "std 0, 1 not finite."
    )


def test_weight_boxes_hold_half_and_whiskers_nine_tenths():
    """For 0 to 100: the box from 25 to 75, whiskers to 5 and 95, marks at 0 and 100."""
    [axes] = weight_distributions({"one": np.arange(101.0)}).figure.axes

    box = axes.patches[0].get_path().vertices[:, 0]
    lines = [sorted(line.get_xdata()) for line in axes.lines]
    assert (box.min(), box.max()) == (25, 75)
    assert [5, 25] in lines
    assert [75, 95] in lines
    assert [0, 100] in lines
    assert [50, 50] in lines


def test_the_first_layer_is_on_top():
    """As the names are read."""
    [axes] = weight_distributions({"one": [0.0, 1.0], "two": [0.0, 2.0]}).figure.axes

    assert [label.get_text() for label in axes.get_yticklabels()] == ["one", "two"]
    assert axes.yaxis_inverted()


@pytest.mark.parametrize("plot", [activation_histograms, gradient_flow, weight_distributions])
@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (np.zeros((2, 3)), TypeError, "as a dict of names and arrays, got ndarray"),
        ({"a": np.zeros((0, 3))}, ValueError, r"\['a'\] as an array of numbers.*\(0, 3\)"),
        ({"a": [1j]}, ValueError, "got complex128"),
    ],
    ids=["no names", "empty", "complex"],
)
def test_what_is_no_layer_is_refused(plot, wrong, error, message):
    """The message names it."""
    with pytest.raises(error, match=message):
        plot(wrong)


def test_weights_without_a_number_are_refused():
    """There is nothing to draw, and the message says where to look."""
    with pytest.raises(ValueError, match="got none in two; look at the loss"):
        weight_distributions({"one": [1.0], "two": [NAN]})
