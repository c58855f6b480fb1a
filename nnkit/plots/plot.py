"""A figure together with its text alternative, and the looks that all figures share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnkit.plots.show import picture, show_figure

# From Okabe and Ito (2008), "Color universal design": those with enough contrast to white.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000")
DASHES = ("-", (0, (6, 2)), (0, (1, 1.2)), (0, (6, 2, 1, 2)))
MARKERS = ("o", "^", "s", "D", "v", "P", "X")
HATCHES = ("", "//", "..", "\\\\", "xx", "--", "oo")
GREY = "#595959"


@dataclass(frozen=True, eq=False, repr=False)
class Plot:
    """A figure and its text alternative.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which belongs to no window and needs no closing.
    alt : str
        What the figure shows, in words and numbers.

    Examples
    --------
    >>> from nnkit.plots import loss_curves
    >>> plot = loss_curves({"training": [2.3, 0.5, 0.1]})
    >>> plot.alt
    'Loss against epoch. training: falls from 2.3 to 0.1 in 3 values.'
    """

    figure: Figure
    alt: str

    def show(self) -> None:
        """Display the figure below the notebook cell, with its text alternative."""
        show_figure(self.figure, self.alt)

    def save(self, path: str | Path) -> None:
        """Write the figure to a file; its kind follows from the name (.png, .svg, .pdf)."""
        self.figure.savefig(path, dpi=200, bbox_inches="tight")

    def __repr__(self) -> str:
        return f"[figure: {self.alt}]"

    def _repr_html_(self) -> str:
        return picture(self.figure, self.alt)._repr_html_()


def new_axes(
    rows: int = 1, columns: int = 1, width: float = 7, height: float = 4, **options: Any
) -> tuple[Figure, list[Axes]]:
    """A figure and its axes in reading order."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, **options).ravel().tolist()
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
        each.grid(color="#DDDDDD", linewidth=0.8)
        each.set_axisbelow(True)
    return figure, axes


def legend_above(figure: Figure, axes: Axes, title: str | None = None) -> None:
    """The legend above the axes, where it hides nothing, with lines long enough for dashes."""
    handles, labels = axes.get_legend_handles_labels()
    columns = min(len(labels), 4)
    figure.legend(
        handles,
        labels,
        title=title,
        loc="outside upper center",
        ncols=columns,
        frameon=False,
        handlelength=3.5,
    )


def styles(number: int) -> list[dict[str, Any]]:
    """Colour, dashes and marker for each of so many things: no two have all three in common."""
    all_styles = zip(cycle(COLORS), cycle(DASHES), cycle(MARKERS), strict=False)
    return [
        {"color": color, "linestyle": dashes, "marker": marker}
        for color, dashes, marker in islice(all_styles, number)
    ]


def number(value: float) -> str:
    """A number as it is read out: three digits at most, no exponent where one can do without."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def percent(share: float) -> str:
    """A share in percent, with 0 and 100 for exact ones only."""
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    return f"{100 * share:.3g} %"
