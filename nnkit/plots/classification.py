"""What a classifier decides: in the plane, and class by class."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm, to_rgb
from numpy.typing import ArrayLike

from nnkit.plots.checks import Array, class_names, classes, numbers, same_length
from nnkit.plots.plot import HATCHES, Plot, new_axes, percent, styles

GRID = 300  # points to a side
MAX_MISTAKES = 5  # that the text names


def decision_boundary(
    predict: Callable[[Array], Array],
    x: ArrayLike,
    targets: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    axis_labels: tuple[str, str] = ("first feature", "second feature"),
) -> Plot:
    """The regions of the plane in which a classifier decides for each class, and the examples.

    Parameters
    ----------
    predict : callable
        ``predict(points)`` takes points of shape (M, 2), of the same type as `x`, and returns
        logits of shape (M, C) or class indices of shape (M,).
    x : array, shape (N, 2)
        The examples.
    targets : array of int, shape (N,)
        Their classes.
    names : sequence of str, optional
        What the classes are called.
    axis_labels : tuple of str, default=("first feature", "second feature")
        What the two features are.

    Returns
    -------
    plot : Plot
        Regions told apart by colour and hatching, examples by colour and marker, wrong ones
        ringed. The text gives the accuracy, and for each class how many of its examples are right
        and how much of the picture its region covers.

    Raises
    ------
    ValueError
        If the arrays don't fit, or `predict` returns neither logits nor classes.

    Examples
    --------
    >>> x, targets = [[-1.0, 0.0], [1.0, 0.0], [0.5, 1.0]], [0, 1, 0]
    >>> plot = decision_boundary(lambda points: points[:, 0] > 0, x, targets)
    >>> print(plot.alt)
    Decision regions of 2 classes and 3 examples, 2 of them (66.7 %) on the right side. class 0: \
1 of 2 right, 50 % of the area. class 1: 1 of 1 right, 50 % of the area.
    """
    x, targets = numbers("x", x, ndim=2), classes("targets", targets)
    same_length(x=x, targets=targets)
    if x.shape[1] != 2:
        raise ValueError(f"expected x of shape (N, 2), got {x.shape}; pick two features")
    horizontal, vertical = (_ticks(column) for column in x.T)
    points = np.stack(np.meshgrid(horizontal, vertical), axis=-1).reshape(-1, 2).astype(x.dtype)
    regions = _decisions(predict, points).reshape(GRID, GRID)
    predictions = _decisions(predict, x)
    num_classes = int(max(targets.max(), regions.max(), predictions.max())) + 1
    names = class_names(names, num_classes)

    figure, [axes] = new_axes(width=6.4, height=5)
    axes.grid(visible=False)
    _draw_regions(axes, horizontal, vertical, regions, num_classes)
    for index, style in enumerate(styles(num_classes)):
        mine = targets == index
        axes.plot(
            *x[mine].T,
            style["marker"],
            color=style["color"],
            markeredgecolor="white",
            markersize=7,
            label=names[index],
        )
    wrong = predictions != targets
    if wrong.any():
        axes.plot(
            *x[wrong].T,
            "o",
            markersize=11,
            markerfacecolor="none",
            markeredgecolor="black",
            label="on the wrong side",
        )
    axes.set(xlabel=axis_labels[0], ylabel=axis_labels[1])
    figure.legend(loc="outside right upper", frameon=False)
    return Plot(figure, _regions_in_words(names, targets, predictions, regions))


def _ticks(column: Array) -> Array:
    """Grid lines over a column's range and a tenth more on both sides."""
    low, high = float(column.min()), float(column.max())
    margin = 0.1 * (high - low) or 1.0
    return np.linspace(low - margin, high + margin, GRID)


def _decisions(predict: Callable[[Array], Array], points: Array) -> Array:
    answer = np.asarray(predict(points))
    if answer.ndim == 2 and len(answer) == len(points) and answer.shape[1] > 1:
        return answer.argmax(axis=1)
    if answer.shape == (len(points),) and answer.dtype.kind in "iub":
        return answer.astype(int)
    raise ValueError(
        f"expected predict to return logits of shape ({len(points)}, C) or as many class "
        f"indices, got {answer.dtype} of shape {answer.shape}; for one output that is positive "
        "for class 1 return (output > 0).ravel()"
    )


def _draw_regions(
    axes: Axes, horizontal: Array, vertical: Array, regions: Array, num_classes: int
) -> None:
    """Pale areas with hatching, and a line between them."""
    colors = [style["color"] for style in styles(num_classes)]
    pale = [tuple(0.72 + 0.28 * channel for channel in to_rgb(color)) for color in colors]
    levels = np.arange(num_classes + 1) - 0.5
    hatches = [HATCHES[index % len(HATCHES)] for index in range(num_classes)]
    areas = axes.contourf(
        horizontal, vertical, regions, levels, colors=pale, hatches=hatches, antialiased=True
    )
    areas.set_edgecolor("#FFFFFF")
    areas.set_linewidth(0)
    for index in range(num_classes):
        inside = (regions == index).astype(float)
        if 0 < inside.mean() < 1:
            axes.contour(horizontal, vertical, inside, [0.5], colors="black", linewidths=1)


def _regions_in_words(
    names: tuple[str, ...], targets: Array, predictions: Array, regions: Array
) -> str:
    right = predictions == targets
    text = [
        f"Decision regions of {len(names)} classes and {len(targets)} examples, {right.sum()} of "
        f"them ({percent(float(right.mean()))}) on the right side."
    ]
    for index, name in enumerate(names):
        mine, area = targets == index, float((regions == index).mean())
        text.append(
            f"{name}: {(mine & right).sum()} of {mine.sum()} right, {percent(area)} of the area."
        )
    return " ".join(text)


def confusion_matrix(
    targets: ArrayLike, predictions: ArrayLike, *, names: Sequence[str] | None = None
) -> Plot:
    """How often each class was taken for each other one.

    Parameters
    ----------
    targets : array of int, shape (N,)
        The right classes.
    predictions : array of int, shape (N,)
        What the classifier said: for logits, ``logits.argmax(axis=1)``.
    names : sequence of str, optional
        What the classes are called.

    Returns
    -------
    plot : Plot
        A table of counts, a row for each right class, a column for each prediction, shaded by
        the share of the row. The text gives the accuracy, the most frequent mistakes and the
        class that is recognised worst.

    Raises
    ------
    ValueError
        If the arrays don't fit, or hold no class indices.

    Examples
    --------
    >>> plot = confusion_matrix([0, 0, 0, 1, 1], [0, 1, 1, 1, 1], names=("cat", "dog"))
    >>> print(plot.alt)
    Confusion matrix of 2 classes and 5 examples, 3 of them (60 %) right. Most frequent mistakes: \
cat taken for dog, 2 times. Recognised worst: cat, 1 of 3.
    """
    targets, predictions = classes("targets", targets), classes("predictions", predictions)
    same_length(targets=targets, predictions=predictions)
    num_classes = int(max(targets.max(), predictions.max())) + 1
    names = class_names(names, num_classes)
    num_classes = len(names)
    counts = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(counts, (targets, predictions), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)

    size = 0.5 * num_classes
    figure, [axes] = new_axes(width=size + 3, height=size + 1.8)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    image = axes.imshow(shares, cmap="Blues", norm=PowerNorm(0.5, 0, 1))
    for (row, column), count in np.ndenumerate(counts):
        axes.text(
            column,
            row,
            f"{count}" if count else "·",
            ha="center",
            va="center",
            fontsize=9,
            fontweight="bold" if row == column else "normal",
            color=_readable_on(image.cmap(image.norm(shares[row, column]))),
        )
    axes.set_xticks(range(num_classes), names, rotation=90 if max(map(len, names)) > 2 else 0)
    axes.set_yticks(range(num_classes), names)
    axes.set(xlabel="predicted class", ylabel="right class")
    figure.colorbar(image, label="share of the row", shrink=0.8, ticks=[0, 0.05, 0.25, 0.5, 1])
    return Plot(figure, _confusion_in_words(names, counts))


def _readable_on(background: ArrayLike) -> str:
    """Black or white, whichever has the higher contrast (WCAG's relative luminance)."""
    luminance = np.dot([0.2126, 0.7152, 0.0722], np.asarray(background)[:3] ** 2.2)
    return "white" if luminance < 0.179 else "black"


def _confusion_in_words(names: tuple[str, ...], counts: Array) -> str:
    total, right = counts.sum(), np.trace(counts)
    text = [
        f"Confusion matrix of {len(names)} classes and {total} examples, {right} of them "
        f"({percent(float(right / total))}) right."
    ]
    mistakes = counts - np.diag(np.diag(counts))
    order = np.argsort(-mistakes, axis=None, kind="stable")[:MAX_MISTAKES]
    worst = [
        f"{names[row]} taken for {names[column]}, {_times(mistakes[row, column])}"
        for row, column in zip(*np.unravel_index(order, counts.shape), strict=True)
        if mistakes[row, column]
    ]
    if worst:
        sizes = counts.sum(axis=1)
        recall = np.where(sizes > 0, np.diag(counts) / np.maximum(sizes, 1), np.inf)
        low = int(recall.argmin())
        text.append(f"Most frequent mistakes: {'; '.join(worst)}.")
        text.append(f"Recognised worst: {names[low]}, {counts[low, low]} of {sizes[low]}.")
    return " ".join(text)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
