"""Figures that are drawn anew when their reader moves a slider."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from threading import RLock
from typing import Any

import ipywidgets as widgets
from IPython.display import display
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from nnkit.plots.show import picture

DRAWING = RLock()  # JupyterLab may report two changes in two threads


def show_live(figure: Figure, redraw: Callable[..., str], **controls: widgets.Widget) -> None:
    """Display sliders or menus, and below them a figure that follows them.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        It is kept; `redraw` changes what is in it.
    redraw : callable
        Called at first and after each change, with the value of each control under the control's
        name: ``redraw(lr=0.1)`` for ``lr=slider``. It returns what is to be seen, in words. They
        stand below the figure and are its text alternative. What it raises after a change stands
        in the figure's place.
    **controls : ipywidgets.Widget
        The controls, from top to bottom. They need a running kernel.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> figure, axes = plt.subplots()
    >>> (line,) = axes.plot([0, 1], [0, 1])
    >>> def redraw(slope):
    ...     line.set_ydata([0, slope])
    ...     return f"The line rises to {slope}."
    >>> show_live(figure, redraw, slope=widgets.IntSlider(value=1, max=3))
    VBox(children=(IntSlider(value=1, max=3), HTML(...)))
    """
    plt.close(figure)  # what is open at the end of a cell is shown, also below a traceback
    view = widgets.HTML()

    def follow(change: Any = None) -> None:
        with DRAWING:
            try:
                words = redraw(**{name: control.value for name, control in controls.items()})
            except Exception as error:
                if change is None:
                    raise
                view.value = f"<p>{escape(f'{type(error).__name__}: {error}')}</p>"
                return
            view.value = f"{picture(figure, words)._repr_html_()}<p>{escape(words)}</p>"

    for control in controls.values():
        control.observe(follow, "value")
    follow()
    display(widgets.VBox([*controls.values(), view]))
