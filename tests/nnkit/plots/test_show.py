"""Tests for show_figure: a picture that a screen reader can read too."""

import base64
import re
import struct

import pytest
from matplotlib import pyplot as plt

from nnkit.plots import show, show_figure

WORDS = 'The loss falls from 2.3 to 0.1; "steep" at first, & <flat> later.'


@pytest.fixture
def figure():
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.plot([0, 1], [2.3, 0.1])
    return figure


@pytest.fixture
def html(figure, monkeypatch):
    """What the notebook gets."""
    shown = []
    monkeypatch.setattr(show, "display", shown.append)
    show_figure(figure, alt=WORDS)
    (picture,) = shown
    return picture._repr_html_()


def test_the_picture_carries_its_words(html):
    """Quotes and brackets are part of the text, not of the HTML."""
    alt = re.search(r'alt="([^"]*)"', html).group(1)

    assert alt == WORDS.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace(
        '"', "&quot;"
    )
    assert html.count("<") == html.count(">") == 1


def test_the_picture_is_a_png_inside_the_page(html):
    """Nothing has to be fetched, and two dots for each pixel keep its lines sharp."""
    png = base64.b64decode(re.search(r"base64,([^\"]+)", html).group(1))
    width, height = struct.unpack(">II", png[16:24])

    assert png.startswith(b"\x89PNG")
    assert f'width="{width // 2}" height="{height // 2}"' in html


def test_the_picture_shrinks_on_a_narrow_page_and_is_legible_on_a_dark_one(html):
    """Its own background is white."""
    assert "max-width: 100%; height: auto; background: white" in html


def test_without_a_notebook_the_words_are_shown(figure, capsys):
    """In a terminal there is no picture."""
    show_figure(figure, alt=WORDS)

    assert capsys.readouterr().out == f"[figure: {WORDS}]\n"


def test_the_figure_is_closed(figure):
    """A lesson with many figures keeps none of them in memory."""
    show_figure(figure, alt=WORDS)

    assert not plt.fignum_exists(figure.number)


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_a_figure_without_words_is_refused(figure, empty):
    """The message says what to write."""
    with pytest.raises(ValueError, match="say what the figure shows"):
        show_figure(figure, alt=empty)

    plt.close(figure)
