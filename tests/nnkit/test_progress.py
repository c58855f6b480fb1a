"""Tests for nnkit.progress."""

import io
import sys
from types import SimpleNamespace

import pytest

from nnkit import progress
from nnkit.progress import Progress, progress_bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(progress.time, "perf_counter", lambda: clock.now)
    return clock


def run(clock, stream=None, num_steps=20, seconds=1.0):
    with progress_bar(num_steps, stream) as bar:
        for done in range(1, num_steps + 1):
            clock.now += seconds
            bar.update(done, "epoch 1/1", {"loss": 1 / done})


def test_a_log_gets_a_plain_line_now_and_then_and_one_at_the_end(clock):
    """No control characters, and not a line for each step."""
    stream = io.StringIO()
    run(clock, stream)
    lines = stream.getvalue().splitlines()
    assert lines == [
        "epoch 1/1 [#                   ] 5% | loss 1 | 0:19 left",
        "epoch 1/1 [###########         ] 55% | loss 0.09091 | 0:09 left",
        "epoch 1/1 [####################] 100% | loss 0.05 | 0:20",
    ]


def test_a_line_has_the_nearest_twentieth_minutes_and_no_repetition(clock):
    """The last line is written once, although it is shown again at the end."""
    stream = io.StringIO()
    run(clock, stream, num_steps=3, seconds=45)
    assert stream.getvalue().splitlines() == [
        "epoch 1/1 [#######             ] 33% | loss 1 | 1:30 left",
        "epoch 1/1 [#############       ] 67% | loss 0.5 | 0:45 left",
        "epoch 1/1 [####################] 100% | loss 0.3333 | 2:15",
    ]


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_line_is_there_at_once(is_terminal):
    """It does not wait in a buffer until there are many."""
    written = io.BytesIO()
    stream = io.TextIOWrapper(written)
    stream.isatty = lambda: is_terminal
    with progress_bar(10, stream) as bar:
        bar.update(1, "epoch 1/1", {})
        assert written.getvalue()


def test_lines_go_to_standard_output(capsys):
    with progress_bar(10) as bar:
        bar.update(10, "epoch 1/1", {})
    out, err = capsys.readouterr()
    assert out.startswith("epoch 1/1")
    assert err == ""


def test_a_terminal_has_one_line_that_is_written_over(clock, monkeypatch):
    monkeypatch.setattr(progress.shutil, "get_terminal_size", lambda: SimpleNamespace(columns=40))
    stream = Terminal()
    run(clock, stream)
    text = stream.getvalue()
    assert text.count("\n") == 1
    assert text.endswith("\n")
    lines = text.rstrip("\n").split("\r")[1:]
    assert len(lines) == 21
    assert all(len(line.removesuffix("\x1b[K")) < 40 for line in lines)
    assert all(line.endswith("\x1b[K") for line in lines)  # no rest of a longer line stays


def test_a_terminal_is_written_to_ten_times_a_second(clock):
    """Not at every step."""
    stream = Terminal()
    run(clock, stream, num_steps=1000, seconds=0.001)
    assert 10 <= stream.getvalue().count("\r") <= 12


@pytest.fixture
def notebook(monkeypatch):
    """What a notebook's kernel offers: a display whose output can be replaced."""
    outputs = []

    def display(bundle, raw, display_id):
        assert raw
        assert display_id
        outputs.append(bundle)
        return SimpleNamespace(update=lambda bundle, raw: outputs.__setitem__(-1, bundle))

    shell = SimpleNamespace(kernel=object())
    ipython = SimpleNamespace(get_ipython=lambda: shell, display=SimpleNamespace(display=display))
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    return outputs


def test_a_notebook_has_one_output_that_ends_as_the_last_line(clock, notebook, capsys):
    """Nothing goes to the streams: nbgrader counts standard error as a failure."""
    run(clock)
    ((plain, html),) = [(bundle["text/plain"], bundle["text/html"]) for bundle in notebook]
    assert plain == "epoch 1/1 [####################] 100% | loss 0.05 | 0:20"
    assert plain in html
    assert 'role="status"' in html
    assert capsys.readouterr() == ("", "")


def test_a_name_is_no_html_in_a_notebook(clock, notebook):
    with progress_bar(1) as bar:
        bar.update(1, "<b>R&D</b>", {})
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in notebook[0]["text/html"]
    assert "<b>R&D</b>" in notebook[0]["text/plain"]


def test_a_shell_without_a_kernel_is_a_terminal(clock, notebook, monkeypatch):
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: SimpleNamespace())
    stream = Terminal()
    run(clock, stream)
    assert stream.getvalue()
    assert notebook == []


def interrupted(clock, stream):
    with progress_bar(10, stream) as bar:
        clock.now += 1
        bar.update(3, "epoch 1/1", {})
        raise KeyboardInterrupt


def test_an_exception_leaves_the_last_line_finished(clock):
    stream = Terminal()
    with pytest.raises(KeyboardInterrupt):
        interrupted(clock, stream)
    assert stream.getvalue().endswith("\n")


def test_a_run_that_was_resumed_estimates_from_where_it_started(clock):
    lines = []
    bar = Progress(100, lambda line, is_last: lines.append(line), seconds=0)
    for done in (51, 52):
        clock.now += 1
        bar.update(done, "epoch 6/10", {})
    assert lines[-1].endswith("0:48 left")


def test_nothing_is_shown_when_nothing_was_done(clock):
    stream = Terminal()
    with progress_bar(10, stream):
        pass
    assert stream.getvalue() == ""
