"""Tests for nnkit.plots.plot and nnkit.plots.show."""

import html.parser
from itertools import combinations

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb

from nnkit.plots import loss_curves, show_figure
from nnkit.plots.plot import COLORS, number, percent, styles

# How people see who lack one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1),
# for linear red, green and blue.
SEEN_BY = {
    "all cones": np.eye(3),
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def linear(color):
    channels = np.array(to_rgb(color))
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE L*a*b*, in which distances are about as large as differences look."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(to_xyz @ np.clip(rgb, 0, 1) / to_xyz.sum(axis=1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("matrix", SEEN_BY.values(), ids=SEEN_BY)
def test_colours_can_be_told_apart(matrix):
    """By people with any kind of colour vision: a distance of 15 or more (2 is just visible)."""
    for one, other in combinations(COLORS, 2):
        seen = [lab(np.array(matrix) @ linear(color)) for color in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > 15, (one, other)


@pytest.mark.parametrize("color", COLORS)
def test_colours_stand_out_from_the_background(color):
    """A contrast of 3 to 1 with white, as WCAG asks of graphics."""
    luminance = linear(color) @ [0.2126, 0.7152, 0.0722]

    assert 1.05 / (luminance + 0.05) >= 3


def test_no_two_styles_look_the_same_in_grey():
    """Dashes or markers differ as well as colours, for up to ten curves."""
    in_grey = [(str(style["linestyle"]), style["marker"]) for style in styles(10)]

    assert len(set(in_grey)) == 10


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "0.123"), (12.0, "12"), (0.0, "0"), (-2.5, "-2.5"), (1234567.8, "1,234,568")],
)
def test_numbers_are_short(value, text):
    """Three digits, and no exponent for large ones."""
    assert number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.975, "97.5 %"),
        (0.00001, "under 0.1 %"),
        (0.99999, "over 99.9 %"),
    ],
)
def test_a_share_is_0_or_100_percent_only_if_it_is(share, text):
    """One dead unit of a million is not none."""
    assert percent(share) == text


class Images(html.parser.HTMLParser):
    """The attributes of all images."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


def test_a_plot_shows_itself_with_its_words():
    """As the last line of a cell: one image whose alternative is the text, quotes and all."""
    plot = loss_curves({'a "b" <c>': [1.0, 0.5]})
    [image] = Images(plot._repr_html_()).found

    assert image["alt"] == plot.alt
    assert '"b" <c>' in image["alt"]
    assert image["src"].startswith("data:image/png;base64,iVBOR")


def test_where_there_is_only_text_a_plot_is_its_words(capsys):
    """In a terminal, and for a screen reader."""
    plot = loss_curves({"training": [1.0, 0.5]})
    plot.show()

    assert repr(plot) == f"[figure: {plot.alt}]"
    assert capsys.readouterr().out.strip() == repr(plot)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_plot_can_be_saved(tmp_path, suffix):
    """In the format that the name asks for."""
    path = tmp_path / f"plot.{suffix}"
    loss_curves({"training": [1.0, 0.5]}).save(path)

    assert path.read_bytes()[:5] in (b"\x89PNG\r", b"<?xml", b"%PDF-")


def test_show_figure_takes_any_figure_and_closes_it(capsys):
    """A lesson's own figure too."""
    figure, _ = plt.subplots()

    show_figure(figure, alt="The loss falls.")

    assert capsys.readouterr().out == "[figure: The loss falls.]\n"
    assert plt.get_fignums() == []


def test_a_figure_without_words_is_refused():
    """The message says what is missing."""
    figure, _ = plt.subplots()

    with pytest.raises(ValueError, match="expected a text alternative, got an empty one"):
        show_figure(figure, alt=" ")
    plt.close(figure)
