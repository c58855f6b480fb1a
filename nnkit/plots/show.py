"""Figures that a screen reader can read too."""

from __future__ import annotations

import base64
import io
import struct
from html import escape

from IPython.display import display
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

DOTS_PER_PIXEL = 2  # so that lines stay sharp on phones and new laptops
PIXELS_PER_INCH = 96


class Picture:
    """A picture in the notebook; where there is only text, its text alternative."""

    def __init__(self, png: bytes, alt: str) -> None:
        self.png = png
        self.alt = alt

    def __repr__(self) -> str:
        return f"[figure: {self.alt}]"

    def _repr_html_(self) -> str:
        width, height = (n // DOTS_PER_PIXEL for n in struct.unpack(">II", self.png[16:24]))
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<img alt="{escape(self.alt, quote=True)}" width="{width}" height="{height}" '
            'style="max-width: 100%; height: auto; background: white" '
            f'src="data:image/png;base64,{data}">'
        )


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
    [figure: The loss falls from 2.3 to 0.1.]
    """
    display(picture(figure, alt))


def picture(figure: Figure, alt: str) -> Picture:
    """The figure, drawn and closed, with its text alternative."""
    if not alt.strip():
        raise ValueError("expected a text alternative, got an empty one; say what the figure shows")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_PIXEL * PIXELS_PER_INCH, bbox_inches="tight")
    plt.close(figure)
    return Picture(buffer.getvalue(), alt)
