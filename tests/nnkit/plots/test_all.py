"""What every plot promises: words, labels, looks, and no traces."""

import io
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from nnkit import plots

RNG = np.random.default_rng(0)
NAN = float("nan")
GRID = [[a, b] for a in (0.1, 1.0) for b in (0.0, 0.5)]
# what a plot is made with: an ordinary case, and the worst that training comes up with
MADE_WITH = {
    "loss_curves": [
        ({"training": [2.0, 1.0], "validation": [2.0, 1.5]},),
        ({"one": [1.0], "lost": [NAN, NAN], "gone": [1.0, np.inf, -np.inf], "flat": [0, 0, 0]},),
    ],
    "learning_rate_sweep": [([0.1, 1.0, 10.0], [0.5, 0.1, NAN]), ([0.1], [np.inf])],
    "activation_histograms": [
        ({f"layer {i}": RNG.normal(size=(9, 3)) for i in range(6)},),
        ({"all the same": np.zeros(5), "lost": [NAN, np.inf], "one": [NAN, 3]},),
        ({"lost": [NAN]},),
    ],
    "gradient_flow": [
        ({f"layer {i}": RNG.normal(size=(9, 3)) for i in range(12)},),
        ({"zero": np.zeros(3), "lost": [NAN, 1.0], "infinite": [np.inf]},),
    ],
    "weight_distributions": [
        ({f"layer {i}": RNG.normal(size=(9, 3)) for i in range(12)},),
        ({"zero": np.zeros(3), "one": [1.0]},),
    ],
    "decision_boundary": [
        (lambda points: points @ np.eye(2), RNG.normal(size=(9, 2)), [0, 1, 0] * 3),
        (lambda points: np.zeros(len(points), int), [[1.0, 1.0]], [0]),
    ],
    "confusion_matrix": [([0, 1, 2, 2], [0, 2, 2, 1]), ([0], [0])],
    "grid_against_random": [
        (GRID, [4, 3, 2, 1], RNG.random((3, 2)), [1, 2, 0.5]),
        (GRID, [NAN] * 4, [[0.5, 0.5]], [3.0]),
    ],
}
CASES = {
    f"{name}-{i}": (name, arguments)
    for name, cases in MADE_WITH.items()
    for i, arguments in enumerate(cases)
}
each_case = pytest.mark.parametrize(("name", "arguments"), CASES.values(), ids=CASES)


def test_every_plot_is_looked_at():
    """A new plot has to be added here."""
    no_plots = {"Plot", "show_figure", "show_live"}

    assert set(MADE_WITH) == set(plots.__all__) - no_plots


@each_case
def test_a_plot_has_a_figure_and_words(name, arguments):
    """One sentence or more, with numbers as they are read out."""
    plot = getattr(plots, name)(*arguments)

    assert isinstance(plot.figure, Figure)
    assert re.fullmatch(r"[A-Z].*\d.*\.", plot.alt)
    assert not re.search(r"array|np\.|  |None|\bnan\b|\binf\b", plot.alt)


@each_case
def test_a_plot_is_drawn_without_a_warning(name, arguments):
    """As a picture of some size; warnings are errors in these tests."""
    buffer = io.BytesIO()

    getattr(plots, name)(*arguments).figure.savefig(buffer, format="svg")

    assert ElementTree.fromstring(buffer.getvalue()).tag.endswith("svg")


@each_case
def test_axes_are_labelled(name, arguments):
    """Each axis has a label, shares one, or has names in place of numbers."""
    figure = getattr(plots, name)(*arguments).figure

    for axes in figure.axes:
        for which in "xy":
            shared = getattr(axes, f"get_shared_{which}_axes")().get_siblings(axes)
            labels = [getattr(each, f"get_{which}label")() for each in shared]
            labels.append(getattr(figure, f"get_sup{which}label")())
            labels += [tick.get_text() for tick in getattr(axes, f"get_{which}ticklabels")()]
            is_colour_bar = axes.get_label() == "<colorbar>" and which == "x"
            assert re.search("[a-z]", " ".join(labels)) or is_colour_bar


@each_case
def test_a_plot_leaves_no_figure_open(name, arguments):
    """Pyplot knows nothing of it, so that nothing piles up in a long session."""
    plot = getattr(plots, name)(*arguments)
    plot.show()

    assert plt.get_fignums() == []


@each_case
def test_a_plot_changes_no_data(name, arguments):
    """Arrays that may not be written to are enough."""
    frozen = [read_only(argument) for argument in arguments]

    assert getattr(plots, name)(*frozen).alt == getattr(plots, name)(*arguments).alt


def read_only(argument):
    if callable(argument):
        return argument
    if isinstance(argument, dict):
        return {name: read_only(value) for name, value in argument.items()}
    array = np.array(argument)
    array.flags.writeable = False
    return array
