"""`check`: the exercises' probes on a student's function, in the notebook."""

from __future__ import annotations

import sys
import textwrap
from html import escape
from typing import Any

from course.exercise import exercise_names, load_exercise
from course.spec import Function
from course.verdict import ProbeResult, Report

WIDTH = 80  # characters of an error message on one line
COLUMNS = ("result", "the function …", "points")
CAPTION = "text-align: left; color: inherit"
CELL = "text-align: left; vertical-align: top; padding: 0.25em 0.6em"
LABEL = "color: #fff; padding: 0 0.5em; border-radius: 0.3em; white-space: nowrap"
PASSED = f"<span style='{LABEL}; background-color: #17622c'>✓ passed</span>"
NOT_YET = f"<span style='{LABEL}; background-color: #a1260d'>✗ not yet</span>"


class CheckFailed(AssertionError):
    """A function does not pass its check yet; the message says why."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints: the hint alone, since the trace leads into the checker.

        In lines of its own, since JupyterLab breaks a long one in the middle of a word.
        """
        return textwrap.wrap(f"{type(self).__name__}: {self}", WIDTH, break_long_words=False)


def check(function: Function, name: str | None = None) -> None:
    """Check a function of this course: show a table, and say what to repair.

    Parameters
    ----------
    function : callable
        Your function.
    name : str, optional
        The exercise; by default the function's own name.

    Raises
    ------
    CheckFailed
        If something is wrong. Nothing is sent anywhere, and you may check as often as you like.

    Examples
    --------
    >>> import numpy as np
    >>> def softmax(logits):
    ...     exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    ...     return exp / exp.sum(axis=1, keepdims=True)
    >>> check(softmax)  # doctest: +ELLIPSIS
    softmax: 4 of 4 points...
    """
    exercise_name = name or _name_of(function, sys._getframe(1).f_globals)
    if exercise_name not in exercise_names():
        raise CheckFailed(
            f"there is no exercise called {exercise_name!r}; "
            'call check(your_function, "name of the exercise")'
        )
    report = load_exercise(exercise_name).visible.grade(function)
    _show(report)
    if not report.passed:
        raise CheckFailed(report.hint)


def _name_of(function: Function, namespace: dict[str, Any]) -> str:
    """Its own name; or, after ``relu = my_relu``, the exercise's that the notebook gave it."""
    own = str(getattr(function, "__name__", ""))
    given = [n for n in exercise_names() if namespace.get(n) is function]
    return given[0] if own not in exercise_names() and len(given) == 1 else own


def _show(report: Report) -> None:
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        in_notebook = False
    else:
        in_notebook = get_ipython() is not None
    if in_notebook:
        display({"text/html": as_html(report), "text/plain": as_text(report)}, raw=True)
    else:
        print(as_text(report))


def as_text(report: Report) -> str:
    """The report as plain lines."""
    lines = [f"{report.exercise}: {_score(report)}"]
    for result, message in zip(report.probes, messages_once(report), strict=True):
        lines.append(f"  {'passed ' if result.passed else 'not yet'}  {result.claim}")
        if message:
            lines.append(f"           {message}")
    return "\n".join(lines)


def as_html(report: Report, *, with_hint: bool = False) -> str:
    """The report as a small table; passed and not yet differ in words, not only in colour.

    Styles stand on the elements, since Jupyter, nbgrader and nbconvert each bring their own and
    may drop a style sheet. A label has its own background, so that it can be read on any theme.
    """
    messages = messages_once(report)
    rows = "".join(_row(r, m) for r, m in zip(report.probes, messages, strict=True))
    hint = (
        f"<p style='margin: 0.5em 0'><b>Hint:</b> {escape(report.hint)}</p>"
        if with_hint and report.hint
        else ""
    )
    head = "".join(f"<th scope='col' style='{CELL}'>{name}</th>" for name in COLUMNS)
    return (
        f"<table><caption style='{CAPTION}'><b>{escape(report.exercise)}</b>: {_score(report)}"
        f"</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{hint}"
    )


def messages_once(report: Report) -> tuple[str, ...]:
    """For each probe its message, or nothing where the hint or an earlier probe said the same."""
    said = report.hint
    messages = []
    for result in report.probes:
        messages.append("" if result.message in said else result.message)
        said += f"\n{result.message}"
    return tuple(messages)


def _row(result: ProbeResult, message: str) -> str:
    why = f"<br>→ {escape(message)}" if message else ""
    return (
        f"<tr><td style='{CELL}'>{PASSED if result.passed else NOT_YET}</td>"
        f"<td style='{CELL}'>{escape(result.claim)}{why}</td>"
        f"<td style='{CELL}; white-space: nowrap'>{result.points:g} of {result.max_points:g}</td>"
        "</tr>"
    )


def _score(report: Report) -> str:
    """The points; and how many more there are for what only grading asks."""
    score = f"{report.points:g} of {report.max_points:g} points"
    more = load_exercise(report.exercise).points - report.max_points
    hidden = f"; up to {more:g} more for hidden questions, when it is graded"
    return score + hidden if more else score
