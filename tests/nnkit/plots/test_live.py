"""Tests for show_live: a figure below its sliders."""

import re
import threading
import time

import ipywidgets as widgets
import pytest
from matplotlib import pyplot as plt

from nnkit.plots import live, show_live


@pytest.fixture
def shown(monkeypatch):
    """What the notebook gets."""
    boxes = []
    monkeypatch.setattr(live, "display", boxes.append)
    return boxes


@pytest.fixture
def line():
    figure, axes = plt.subplots(figsize=(2, 1))
    (line,) = axes.plot([0, 1], [0, 1])
    yield line
    plt.close(figure)


def test_the_figure_and_its_words_follow_each_control(shown, line):
    """Values arrive under the controls' names; the words are the text alternative, too."""

    def redraw(slope, start):
        line.set_ydata([start, start + slope])
        return f"From {start}, the slope is < {slope + 1}."

    slope, start = widgets.IntSlider(value=1, max=9), widgets.IntSlider(value=0, max=9)
    show_live(line.figure, redraw, slope=slope, start=start)
    ((*controls, view),) = [box.children for box in shown]
    first = view.value
    slope.value, start.value = 3, 2

    assert controls == [slope, start]
    assert list(line.get_ydata()) == [2, 5]
    assert re.findall('alt="([^"]*)"', view.value) == ["From 2, the slope is &lt; 4."]
    assert view.value.endswith("<p>From 2, the slope is &lt; 4.</p>")
    assert re.search('base64,[^"]+', first).group() != re.search('base64,[^"]+', view.value).group()


def test_the_figure_is_not_shown_a_second_time(shown, line):
    """Matplotlib shows what is open at the end of a cell; this one is closed."""
    show_live(line.figure, lambda slope: f"slope {slope}", slope=widgets.IntSlider())

    assert not plt.fignum_exists(line.figure.number)


def test_no_empty_figure_stands_below_an_error(shown, line):
    """A student's function may fail in the first drawing."""

    def redraw(slope):
        raise NotImplementedError

    number = line.figure.number
    with pytest.raises(NotImplementedError):
        show_live(line.figure, redraw, slope=widgets.IntSlider())

    assert shown == []
    assert not plt.fignum_exists(number)


def test_an_error_after_a_change_is_shown_in_place_of_the_figure(shown, line):
    """The old figure would look like the answer to the new value."""

    def redraw(slope):
        if slope:
            raise ValueError("no slope < 1 yet")
        return "no slope"

    slope = widgets.IntSlider()
    show_live(line.figure, redraw, slope=slope)
    (*_, view) = shown[0].children
    assert "<img" in view.value
    slope.value = 3

    assert view.value == "<p>ValueError: no slope &lt; 1 yet</p>"
    slope.value = 0
    assert "<img" in view.value


def test_two_changes_at_once_are_drawn_one_after_the_other(shown, line):
    """JupyterLab reports changes of different controls in different threads."""
    drawing, most = [], []

    def redraw(slope, start):
        drawing.append(slope)
        most.append(len(drawing))
        time.sleep(0.02)
        drawing.pop()
        return f"slope {slope}, start {start}"

    slope, start = widgets.IntSlider(max=9), widgets.IntSlider(max=9)
    show_live(line.figure, redraw, slope=slope, start=start)
    threads = [
        threading.Thread(target=setattr, args=(control, "value", value))
        for value in (1, 2, 3)
        for control in (slope, start)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert max(most) == 1
    assert f"slope {slope.value}, start {start.value}" in shown[0].children[-1].value
