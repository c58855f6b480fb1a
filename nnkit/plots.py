"""Figures that a screen reader can read too."""

from __future__ import annotations

import base64
import io
from html import escape

from IPython.display import HTML, display
from matplotlib import pyplot as plt
from matplotlib.figure import Figure


def show_figure(figure: Figure, alt: str) -> None:
    """Display a figure below the notebook cell, with a text alternative, and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The finished figure.
    alt : str
        What a reader would see in it, in a sentence or two. JupyterLab gives an ordinary
        image output no text alternative, so the picture goes out as HTML.

    Raises
    ------
    ValueError
        If `alt` is empty.

    Examples
    --------
    >>> figure, axes = plt.subplots()
    >>> _ = axes.plot([0, 1], [2.3, 0.1])
    >>> show_figure(figure, alt="The loss falls from 2.3 to 0.1.")
    <IPython.core.display.HTML object>
    """
    if not alt.strip():
        raise ValueError("expected a text alternative, got an empty one; say what the figure shows")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    plt.close(figure)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    style = "max-width: 100%; height: auto; background: white"
    src = f"data:image/png;base64,{data}"
    display(HTML(f'<img alt="{escape(alt, quote=True)}" style="{style}" src="{src}">'))
