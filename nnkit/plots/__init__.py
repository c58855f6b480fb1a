"""Figures for looking into training, each with a text alternative made from its data.

Every function takes arrays and returns a `Plot`. As the last line of a notebook cell it is shown;
`plot.show()` shows it anywhere, `plot.alt` says in words what it shows, `plot.figure` is an
ordinary Matplotlib figure. Colours can be told apart by people who are colour-blind, and differ
in line, marker or hatching as well.
"""

from nnkit.plots.classification import confusion_matrix, decision_boundary
from nnkit.plots.curves import learning_rate_sweep, loss_curves
from nnkit.plots.layers import activation_histograms, gradient_flow, weight_distributions
from nnkit.plots.live import show_live
from nnkit.plots.plot import Plot
from nnkit.plots.search import grid_against_random
from nnkit.plots.show import show_figure

__all__ = [
    "Plot",
    "activation_histograms",
    "confusion_matrix",
    "decision_boundary",
    "gradient_flow",
    "grid_against_random",
    "learning_rate_sweep",
    "loss_curves",
    "show_figure",
    "show_live",
    "weight_distributions",
]
