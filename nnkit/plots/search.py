"""Why random search beats the grid."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from nnkit.plots.checks import Array, numbers, same_length
from nnkit.plots.plot import COLORS, Plot, legend_above, new_axes, number


def grid_against_random(
    grid_points: ArrayLike,
    grid_values: ArrayLike,
    random_points: ArrayLike,
    random_values: ArrayLike,
    *,
    names: tuple[str, str] = ("important setting", "unimportant setting"),
    scales: tuple[str, str] = ("linear", "linear"),
    value_label: str = "loss",
) -> Plot:
    """The trials of a grid search and of a random search over two settings, side by side.

    Parameters
    ----------
    grid_points, random_points : array, shape (N, 2)
        The two settings of each trial.
    grid_values, random_values : array, shape (N,)
        What came out: the smaller the better; NaN where a trial failed.
    names : tuple of str, default=("important setting", "unimportant setting")
        What the settings are called, the one that matters first.
    scales : tuple of {"linear", "log"}, default=("linear", "linear")
        Scales of their axes.
    value_label : str, default="loss"
        What came out.

    Returns
    -------
    plot : Plot
        Below, where the trials lie; above, the values against the first setting, to see how many
        of its values each search has tried. The text gives these numbers and both best values.

    Raises
    ------
    ValueError
        If the arrays don't fit.

    References
    ----------
    Bergstra and Bengio (2012), "Random search for hyper-parameter optimization", JMLR 13,
    281-305, figure 1.

    Examples
    --------
    >>> grid_points = [[x, y] for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0)]
    >>> points = np.random.default_rng(2).random((9, 2))
    >>> bowl = lambda points: (np.asarray(points)[:, 0] - 0.3) ** 2
    >>> plot = grid_against_random(grid_points, bowl(grid_points), points, bowl(points))
    >>> print(plot.alt)
    Grid search: 9 trials with 3 different values of important setting and 3 of unimportant \
setting; best loss 0.04. Random search: 9 trials with 9 different values of important setting \
and 9 of unimportant setting; best loss 0.000627.
    """
    searches = {
        "Grid search": _trials("grid", grid_points, grid_values),
        "Random search": _trials("random", random_points, random_values),
    }
    figure, panels = new_axes(
        2,
        2,
        width=8,
        height=5.6,
        sharex=True,
        sharey="row",
        gridspec_kw={"height_ratios": [1, 2]},
    )
    for column, (name, (points, values)) in enumerate(searches.items()):
        above, below = panels[column], panels[2 + column]
        above.set_title(f"{name}: {len(np.unique(points[:, 0]))} values of {names[0]}", fontsize=10)
        _draw_trials(above, below, points, values)
        above.set_yscale("log" if _spans_decades(searches) else "linear")
        below.set(xlabel=names[0], xscale=scales[0], yscale=scales[1])
    panels[0].set_ylabel(f"{value_label}\n(less is better)")
    panels[2].set_ylabel(names[1])
    legend_above(figure, panels[2])
    text = [
        f"{name}: {_in_words(*trials, names, value_label)}" for name, trials in searches.items()
    ]
    return Plot(figure, " ".join(text))


def _trials(which: str, points: ArrayLike, values: ArrayLike) -> tuple[Array, Array]:
    points = numbers(f"{which}_points", points, ndim=2)
    values = numbers(f"{which}_values", values, ndim=1).astype(float)
    if points.shape[1] != 2:
        raise ValueError(
            f"expected {which}_points of shape (N, 2), got {points.shape}; pick two settings"
        )
    same_length(**{f"{which}_points": points, f"{which}_values": values})
    return points, np.where(np.isfinite(values), values, np.nan)


def _spans_decades(searches: dict[str, tuple[Array, Array]]) -> bool:
    values = np.concatenate([values for _, values in searches.values()])
    values = values[np.isfinite(values)]
    return bool(values.size and values.min() > 0 and values.max() > 30 * values.min())


def _draw_trials(above: Axes, below: Axes, points: Array, values: Array) -> None:
    below.plot(*points.T, "o", color=COLORS[0], markersize=7, label="trial")
    above.plot(points[:, 0], values, "o", color=COLORS[0], markersize=5)
    for axes in (above, below):
        axes.margins(0.1)
        for place in np.unique(points[:, 0]):
            axes.axvline(place, color=COLORS[0], linewidth=1, alpha=0.6, zorder=1)
    if np.isfinite(values).any():
        best = int(np.nanargmin(values))
        below.plot(*points[best], "*", color=COLORS[1], markersize=18, label="best trial")
        above.plot(points[best, 0], values[best], "*", color=COLORS[1], markersize=14)


def _in_words(points: Array, values: Array, names: tuple[str, str], value_label: str) -> str:
    first, second = (len(np.unique(column)) for column in points.T)
    finite = values[np.isfinite(values)]
    failed = len(values) - len(finite)
    best = f"best {value_label} {number(finite.min())}" if len(finite) else "all failed"
    return (
        f"{len(points)} trials with {first} different values of {names[0]} and {second} of "
        f"{names[1]}; {best}" + f"; {failed} failed" * bool(failed and len(finite)) + "."
    )
