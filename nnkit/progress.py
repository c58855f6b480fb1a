"""One line of progress, right for where it appears: a notebook, a terminal or a log file."""

from __future__ import annotations

import html
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

Show = Callable[[str, bool], None]

REFRESH_SECONDS = 0.1  # of what a person watches
LOG_SECONDS = 10.0  # between two lines of a log file


class Progress:
    """A line such as ``epoch 2/10 [####      ] 38 % | loss 0.41 | 0:12 left``, now and then.

    Parameters
    ----------
    total : int
        Number of steps of the whole run.
    show : callable
        ``show(line, is_last)`` displays the line.
    seconds : float
        The least time between two lines.
    """

    def __init__(self, total: int, show: Show, seconds: float) -> None:
        self.total = total
        self._show = show
        self._seconds = seconds
        self._started = time.perf_counter()
        self._first_done: int | None = None
        self._next = 0.0
        self._line: Callable[[], str] = str

    def update(self, done: int, label: str, numbers: dict[str, float]) -> None:
        """Take note that `done` steps are done; show it if the last line is old enough."""
        now = time.perf_counter()
        if self._first_done is None:
            self._first_done = done - 1  # a resumed run doesn't start at 0
        self._line = lambda: self._text(done, label, numbers, now)
        if now >= self._next:
            self._next = now + self._seconds
            self._show(self._line(), False)

    def close(self) -> None:
        """Show how far it came."""
        if self._first_done is not None:
            self._show(self._line(), True)

    def _text(self, done: int, label: str, numbers: dict[str, float], now: float) -> str:
        fraction = done / self.total
        seconds = now - self._started
        remaining = seconds * (self.total - done) / (done - (self._first_done or 0))
        bar = "#" * round(20 * fraction)
        parts = [
            f"{label} [{bar:<20}] {fraction:.0%}",
            *(f"{name} {value:.4g}" for name, value in numbers.items()),
            f"{_clock(remaining)} left" if done < self.total else _clock(seconds),
        ]
        return " | ".join(parts)


@contextmanager
def progress_bar(total: int, stream: TextIO | None = None) -> Iterator[Progress]:
    """A `Progress` for the notebook, terminal or log file that the program runs in.

    Parameters
    ----------
    total : int
        Number of steps of the whole run.
    stream : text file, optional
        Where lines go outside of notebooks, by default standard output: in a terminal one line
        is written over and over; elsewhere a line appears every ten seconds, and at the end.

    Notes
    -----
    In a notebook the line is one output that is replaced, so that a saved notebook shows the
    last one, with or without widgets. Nothing goes to standard error, which nbgrader counts as
    a failure.

    Examples
    --------
    >>> with progress_bar(total=2) as bar:
    ...     bar.update(2, "epoch 1/1", {"loss": 0.25})
    epoch 1/1 [####################] 100% | loss 0.25 | 0:00
    """
    stream = stream or sys.stdout
    display = _notebook_display()
    if display is not None:
        progress = Progress(total, _show_in_notebook(display), REFRESH_SECONDS)
    elif stream.isatty():
        progress = Progress(total, _show_in_terminal(stream), REFRESH_SECONDS)
    else:
        progress = Progress(total, _show_in_log(stream), LOG_SECONDS)
    try:
        yield progress
    finally:
        progress.close()


def _notebook_display() -> Any:
    """IPython's `display` if this is a notebook's kernel; IPython is not imported for it."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return ipython.display.display if shell is not None and hasattr(shell, "kernel") else None


def _show_in_notebook(display: Any) -> Show:
    handle = None

    def show(line: str, is_last: bool) -> None:
        nonlocal handle
        style = "font-family: monospace; white-space: pre-wrap"
        bundle = {
            "text/plain": line,
            "text/html": f'<div role="status" style="{style}">{html.escape(line)}</div>',
        }
        if handle is None:
            handle = display(bundle, raw=True, display_id=True)
        else:
            handle.update(bundle, raw=True)

    return show


def _show_in_terminal(stream: TextIO) -> Show:
    def show(line: str, is_last: bool) -> None:
        clear_to_the_end = "\x1b[K"
        line = line[: shutil.get_terminal_size().columns - 1]  # a second line could not be undone
        stream.write(f"\r{line}{clear_to_the_end}" + "\n" * is_last)
        stream.flush()

    return show


def _show_in_log(stream: TextIO) -> Show:
    last = ""

    def show(line: str, is_last: bool) -> None:
        nonlocal last
        if line != last:
            stream.write(line + "\n")
            stream.flush()
            last = line

    return show


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes}:{seconds:02d}"
