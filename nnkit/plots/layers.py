"""What goes on inside: activations, gradients and weights, layer by layer."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from nnkit.plots.checks import Array, named_arrays
from nnkit.plots.plot import COLORS, Plot, legend_above, new_axes, number, percent

PANELS_IN_A_ROW = 4
NUM_BINS = 40


def activation_histograms(
    activations: Mapping[str, ArrayLike], *, limits: tuple[float, float] | None = None
) -> Plot:
    """How the activations of each layer are distributed, from the first layer to the last.

    Parameters
    ----------
    activations : dict of str to array, any shape
        For each layer, in order of depth, its activations on a batch.
    limits : tuple of float, optional
        The bounds of the activation function, such as (-1, 1) for tanh; then the share of
        saturated activations is given: those within 3 % of the range from a bound.

    Returns
    -------
    plot : Plot
        A histogram for each layer over the same axis, with mean, standard deviation and the share
        of exact zeros (dead or silent units); the text gives the same numbers.

    Raises
    ------
    ValueError, TypeError
        If `activations` is no dict of arrays.

    References
    ----------
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks", figure 6.

    Examples
    --------
    >>> plot = activation_histograms({"relu 1": [0.0, 0.0, 1.0, 3.0]})
    >>> print(plot.alt)
    Histograms of activations by depth. relu 1: mean 1, std 1.22, 50 % zeros.
    """
    layers = named_arrays("activations", activations)
    finite = {name: array[np.isfinite(array)] for name, array in layers.items()}
    facts = {name: _activation_facts(array, limits) for name, array in layers.items()}
    edges = _common_edges(list(finite.values()))

    rows = math.ceil(len(layers) / PANELS_IN_A_ROW)
    columns = math.ceil(len(layers) / rows)
    figure, panels = new_axes(
        rows, columns, width=2.4 * columns + 1, height=2.5 * rows + 0.3, sharex=True, sharey=True
    )
    for axes, (name, values) in zip(panels, finite.items(), strict=False):
        if len(values):
            shares = np.histogram(values, edges)[0] / len(values)
            axes.stairs(100 * shares, edges, fill=True, color=COLORS[0])
        axes.set_title(f"{name}\n" + "\n".join(facts[name]), fontsize=9, loc="left")
        axes.tick_params(labelbottom=True)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    for axes in panels[len(layers) :]:
        axes.remove()
    figure.supxlabel("activation", fontsize="medium")
    figure.supylabel("percent of the activations", fontsize="medium")
    text = [f"{name}: {', '.join(facts[name])}." for name in layers]
    return Plot(figure, " ".join(["Histograms of activations by depth.", *text]))


def _activation_facts(array: Array, limits: tuple[float, float] | None) -> list[str]:
    finite = array[np.isfinite(array)]
    facts = [f"{percent(1 - finite.size / array.size)} not finite"] * (finite.size < array.size)
    if finite.size:
        zeros = float((finite == 0).mean())
        facts.append(f"mean {number(finite.mean())}, std {number(finite.std())}")
        facts += [f"{percent(zeros)} zeros"] * (zeros > 0)
    if finite.size and limits is not None:
        low, high = limits
        margin = 0.03 * (high - low)
        saturated = (finite < low + margin) | (finite > high - margin)
        facts.append(f"{percent(float(saturated.mean()))} saturated")
    return facts


def _common_edges(arrays: list[Array]) -> Array:
    """Bins for all layers, so that their widths can be compared."""
    together = np.concatenate([array.ravel() for array in arrays]).astype(float)
    if together.size == 0:
        return np.linspace(-1, 1, NUM_BINS + 1)
    low, high = together.min(), together.max()
    pad = 0.5 if low == high else 0.0
    return np.linspace(low - pad, high + pad, NUM_BINS + 1)


def gradient_flow(gradients: Mapping[str, ArrayLike]) -> Plot:
    """How large the gradients are, from the first layer to the last.

    Parameters
    ----------
    gradients : dict of str to array, any shape
        For each layer, in order of depth, the gradient of its weight.

    Returns
    -------
    plot : Plot
        Mean and largest absolute gradient of each layer on a logarithmic axis. The text gives the
        means, and how many times the last layer's is as large as the first layer's.

    Raises
    ------
    ValueError, TypeError
        If `gradients` is no dict of arrays.

    References
    ----------
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks", figure 7.

    Examples
    --------
    >>> plot = gradient_flow({"layer 1": [0.001, -0.003], "layer 2": [0.2, 0.2]})
    >>> print(plot.alt)
    Mean absolute gradient by depth. layer 1: 0.002, at most 0.003. layer 2: 0.2, at most 0.2. \
The first layer's mean is 0.01 times the last layer's.
    """
    sizes = {name: np.abs(array) for name, array in named_arrays("gradients", gradients).items()}
    means = np.array([size.mean() for size in sizes.values()], dtype=float)
    largest = np.array([size.max() for size in sizes.values()], dtype=float)

    places = np.arange(len(sizes))
    figure, [axes] = new_axes(width=max(5, 0.8 * len(sizes) + 3))
    drawn = [np.where(_drawable(values), values, np.nan) for values in (largest, means)]
    axes.plot(places, drawn[0], "^--", color=COLORS[1], label="largest")
    axes.plot(places, drawn[1], "o-", color=COLORS[0], label="mean")
    for place, mean in enumerate(means):
        if not _drawable(mean):
            says = "0" if mean == 0 else "not finite"
            axes.text(
                place, 0.02, says, ha="center", weight="bold", transform=axes.get_xaxis_transform()
            )
    if _drawable(largest).any():
        axes.set_yscale("log")
    axes.set(ylabel="absolute gradient", xlabel="layer, from the first to the last")
    axes.set_xticks(places, list(sizes))
    if len("".join(sizes)) > 60:
        axes.tick_params(axis="x", rotation=30)
    axes.set_xlim(-0.5, len(sizes) - 0.5)
    legend_above(figure, axes)
    return Plot(figure, _flow_in_words(list(sizes), means, largest))


def _drawable(values: Array) -> Array:
    """Whether a logarithmic axis can show it."""
    return np.isfinite(values) & (values > 0)


def _flow_in_words(names: list[str], means: Array, largest: Array) -> str:
    text = ["Mean absolute gradient by depth."]
    for name, mean, most in zip(names, means, largest, strict=True):
        if not np.isfinite(mean):
            text.append(f"{name}: not finite.")
        elif most == 0:
            text.append(f"{name}: exactly 0 everywhere.")
        else:
            text.append(f"{name}: {number(mean)}, at most {number(most)}.")
    if len(names) > 1 and _drawable(means[[0, -1]]).all():
        text.append(
            f"The first layer's mean is {number(means[0] / means[-1])} times the last layer's."
        )
    return " ".join(text)


def weight_distributions(weights: Mapping[str, ArrayLike]) -> Plot:
    """How the weights of each layer are distributed, from the first layer to the last.

    Parameters
    ----------
    weights : dict of str to array, any shape
        For each layer, in order of depth, its weights.

    Returns
    -------
    plot : Plot
        For each layer a box around the middle half of the weights, whiskers around nine tenths,
        and the extremes as triangles; the text gives these numbers.

    Raises
    ------
    ValueError, TypeError
        If `weights` is no dict of arrays, or holds a layer with no finite number.

    Examples
    --------
    >>> plot = weight_distributions({"layer 1": [-0.2, -0.1, 0.0, 0.1, 0.3]})
    >>> print(plot.alt)
    Distribution of the weights by depth. layer 1: 5 weights from -0.2 to 0.3, half of them \
between -0.1 and 0.1, std 0.172.
    """
    layers = named_arrays("weights", weights)
    finite = {name: array[np.isfinite(array)] for name, array in layers.items()}
    lost = [name for name, array in finite.items() if array.size == 0]
    if lost:
        raise ValueError(
            f"expected finite weights, got none in {', '.join(lost)}; look at the loss: "
            "training diverged before"
        )
    quantiles = {
        name: np.quantile(array, (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1))
        for name, array in finite.items()
    }

    figure, [axes] = new_axes(height=0.55 * len(layers) + 1.4)
    boxes = [
        {"whislo": q[1], "q1": q[2], "med": q[3], "q3": q[4], "whishi": q[5], "fliers": q[[0, 6]]}
        for q in quantiles.values()
    ]
    axes.bxp(
        boxes,
        positions=range(len(layers)),
        orientation="horizontal",
        patch_artist=True,
        boxprops={"facecolor": "#9CC9E6", "edgecolor": COLORS[0]},
        medianprops={"color": COLORS[4], "linewidth": 2},
        flierprops={"marker": "d", "markerfacecolor": COLORS[1], "markeredgecolor": COLORS[1]},
    )
    axes.set_yticks(range(len(layers)), list(layers))
    axes.invert_yaxis()  # the first layer on top
    axes.set_xlabel("weight (box: middle half, whiskers: nine tenths, diamonds: extremes)")
    return Plot(figure, _weights_in_words(layers, finite, quantiles))


def _weights_in_words(
    layers: dict[str, Array], finite: dict[str, Array], quantiles: dict[str, Array]
) -> str:
    text = ["Distribution of the weights by depth."]
    for name, q in quantiles.items():
        lost = layers[name].size - finite[name].size
        text.append(
            f"{name}: {layers[name].size:,} weights from {number(q[0])} to {number(q[6])}, half "
            f"of them between {number(q[2])} and {number(q[4])}, std {number(finite[name].std())}"
            + f", {lost} not finite" * (lost > 0)
            + "."
        )
    return " ".join(text)
