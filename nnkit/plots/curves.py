"""How the loss develops: over time, and with the learning rate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from nnkit.plots.checks import Array, named_arrays, numbers, same_length
from nnkit.plots.plot import COLORS, GREY, Plot, legend_above, new_axes, number, styles


def loss_curves(
    curves: Mapping[str, ArrayLike],
    *,
    steps: Mapping[str, ArrayLike] | None = None,
    x_label: str = "epoch",
    y_label: str = "loss",
    y_scale: str = "linear",
) -> Plot:
    """Curves over time, such as the training and the validation loss.

    Parameters
    ----------
    curves : dict of str to array, shape (T,)
        For each name its values. The lengths may differ; values that are not finite are left out
        and mentioned.
    steps : dict of str to array, shape (T,), optional
        Where the values of a curve lie; by default 0, 1, 2 and so on.
    x_label : str, default="epoch"
        What is counted.
    y_label : str, default="loss"
        What is measured.
    y_scale : {"linear", "log"}, default="linear"
        Scale of the vertical axis.

    Returns
    -------
    plot : Plot
        Each curve with its lowest point marked; the text gives its first, lowest and last value.

    Raises
    ------
    ValueError, TypeError
        If `curves` is no dict of vectors, or `steps` don't fit.

    Examples
    --------
    >>> plot = loss_curves({"training": [2.3, 0.5, 0.1], "validation": [2.4, 0.9, 1.2]})
    >>> print(plot.alt)
    Loss against epoch. training: falls from 2.3 to 0.1 in 3 values. validation: falls from 2.4 to \
its lowest, 0.9 at epoch 1, and ends at 1.2.
    """
    values = {
        name: numbers(f"curves[{name!r}]", curve, ndim=1).astype(float)
        for name, curve in named_arrays("curves", curves).items()
    }
    places = {name: np.arange(len(curve)) for name, curve in values.items()}
    for name, given in (steps or {}).items():
        if name not in values:
            raise ValueError(
                f"expected steps for {', '.join(values)}, got some for {name!r}; "
                "name them as the curves"
            )
        places[name] = numbers(f"steps[{name!r}]", given, ndim=1)
        same_length(**{f"steps[{name!r}]": places[name], f"curves[{name!r}]": values[name]})

    figure, [axes] = new_axes()
    described = []
    for (name, curve), style in zip(values.items(), styles(len(values)), strict=True):
        finite = np.where(np.isfinite(curve), curve, np.nan)
        marks = [] if np.isnan(finite).all() else [int(np.nanargmin(finite))]
        axes.plot(places[name], finite, label=name, markevery=marks, markersize=7, **style)
        if stops := _last_before_a_gap(finite):
            axes.plot(places[name][stops], finite[stops], "x", color=style["color"], markersize=9)
        described.append(f"{name}: {_course(finite, places[name], x_label)}.")
    axes.set(xlabel=x_label, ylabel=y_label, yscale=y_scale)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    stopped = any(_last_before_a_gap(curve) for curve in values.values())
    title = "marked: the lowest point" + ", and × before a value that is not finite" * stopped
    legend_above(figure, axes, title=title)
    heading = f"{y_label.capitalize()} against {x_label}{' (log scale)' * (y_scale == 'log')}."
    return Plot(figure, " ".join([heading, *described]))


def _last_before_a_gap(curve: Array) -> list[int]:
    """Where a curve is finite for the last time before it is not."""
    finite = np.isfinite(curve)
    return np.flatnonzero(finite[:-1] & ~finite[1:]).tolist()


def _course(curve: Array, steps: Array, x_label: str) -> str:
    """In words: where the curve begins, its lowest point, its end, and where it has gaps."""
    kept = np.flatnonzero(~np.isnan(curve))
    gaps = len(curve) - len(kept)
    if len(kept) == 0:
        return f"none of its {len(curve)} values is finite"
    first, last, low = curve[kept[0]], curve[kept[-1]], np.nanargmin(curve)
    lowest = curve[low]
    if len(kept) == 1 or number(lowest) == number(np.nanmax(curve)):
        text = f"stays at {number(first)}"
    elif lowest == last:
        text = f"falls from {number(first)} to {number(last)} in {len(curve)} values"
    elif lowest == first:
        text = f"rises from {number(first)} to {number(last)} in {len(curve)} values"
    else:
        text = (
            f"falls from {number(first)} to its lowest, {number(lowest)} at {x_label} "
            f"{number(steps[low])}, and ends at {number(last)}"
        )
    if gaps:
        where = number(steps[np.flatnonzero(np.isnan(curve))[0]])
        text += f"; not finite at {gaps} of {len(curve)} values, first at {x_label} {where}"
    return text


def learning_rate_sweep(lrs: ArrayLike, losses: ArrayLike, *, y_label: str = "loss") -> Plot:
    """The loss that training ends with, for each learning rate.

    Parameters
    ----------
    lrs : array, shape (N,)
        The learning rates, above 0, in any order.
    losses : array, shape (N,)
        The loss after training with each; NaN or infinite where training diverged.
    y_label : str, default="loss"
        What is measured; the smaller the better.

    Returns
    -------
    plot : Plot
        Losses over learning rates on a logarithmic axis, the best one marked, and a cross where
        training diverged; the text says the same.

    Raises
    ------
    ValueError
        If the arrays don't fit, or a learning rate is not above 0.

    Examples
    --------
    >>> plot = learning_rate_sweep([0.01, 0.1, 1.0, 10.0], [0.9, 0.2, 0.5, float("nan")])
    >>> print(plot.alt)
    Loss for 4 learning rates from 0.01 to 10. Best: 0.2 at learning rate 0.1. The smallest \
rate gives 0.9. Training diverged at learning rate 10.
    """
    lrs, losses = numbers("lrs", lrs, ndim=1), numbers("losses", losses, ndim=1)
    same_length(lrs=lrs, losses=losses)
    if not (lrs > 0).all():
        raise ValueError(f"expected lrs above 0, got {lrs.min()}; the axis is logarithmic")
    order = np.argsort(lrs, kind="stable")
    lrs, losses = lrs[order], losses[order].astype(float)
    finite = np.isfinite(losses)

    figure, [axes] = new_axes()
    axes.set(xscale="log", xlabel="learning rate", ylabel=y_label)
    axes.set_xlim(lrs[0] / 1.5, lrs[-1] * 1.5)
    axes.plot(lrs[finite], losses[finite], color=COLORS[0], marker="o", label="trained")
    if finite.any():
        best = int(np.nanargmin(np.where(finite, losses, np.nan)))
        axes.plot(lrs[best], losses[best], "*", color=COLORS[1], markersize=18, label="best")
        axes.annotate(
            f"{number(losses[best])} at {number(lrs[best])}",
            (lrs[best], losses[best]),
            xytext=(0, -24),
            textcoords="offset points",
            ha="center",
        )
        if (losses[finite] > 0).all() and losses[finite].max() > 30 * losses[finite].min():
            axes.set_yscale("log")
    if not finite.all():
        axes.plot(
            lrs[~finite],
            np.full((~finite).sum(), 0.97),
            "x",
            color=GREY,
            markersize=9,
            markeredgewidth=2,
            transform=axes.get_xaxis_transform(),
            label="diverged",
        )
    axes.margins(y=0.2)
    legend_above(figure, axes)
    return Plot(figure, _sweep_in_words(lrs, losses, finite, y_label))


def _sweep_in_words(lrs: Array, losses: Array, finite: Array, y_label: str) -> str:
    text = [
        f"{y_label.capitalize()} for {len(lrs)} learning rates "
        f"from {number(lrs[0])} to {number(lrs[-1])}."
    ]
    if finite.any():
        best = int(np.nanargmin(np.where(finite, losses, np.nan)))
        text.append(f"Best: {number(losses[best])} at learning rate {number(lrs[best])}.")
        if finite[0] and best != 0:
            text.append(f"The smallest rate gives {number(losses[0])}.")
        if finite[-1] and best != len(lrs) - 1:
            text.append(f"The largest rate gives {number(losses[-1])}.")
    if not finite.all():
        rates = ", ".join(number(rate) for rate in lrs[~finite])
        text.append(f"Training diverged at learning rate {rates}.")
    return " ".join(text)
