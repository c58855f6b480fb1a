"""`check`: the exercises' probes on a student's function, in the notebook."""

from __future__ import annotations

from html import escape

from course.exercise import Report, exercise_names, load_exercise
from course.spec import Function


class CheckFailed(AssertionError):
    """A function does not pass its check yet; the message says why."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints: the hint alone, since the trace leads into the checker."""
        return [f"{type(self).__name__}: {self}"]


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
    >>> def softmax(logits):
    ...     exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    ...     return exp / exp.sum(axis=1, keepdims=True)
    >>> check(softmax)  # doctest: +ELLIPSIS
    softmax: 4 of 4 points...
    """
    exercise_name = name or getattr(function, "__name__", "")
    if exercise_name not in exercise_names():
        raise CheckFailed(
            f"there is no exercise called {exercise_name!r}; "
            'call check(your_function, "name of the exercise")'
        )
    report = load_exercise(exercise_name).visible.grade(function)
    _show(report)
    if not report.passed:
        raise CheckFailed(report.hint)


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
    lines = [f"{report.exercise}: {report.points:g} of {report.max_points:g} points"]
    for result in report.probes:
        mark = "passed" if result.passed else "not yet"
        why = f" ({result.message})" if result.message else ""
        lines.append(f"  {mark}  {result.claim}{why}")
    return "\n".join(lines)


def as_html(report: Report, *, with_hint: bool = False) -> str:
    """The report as a small table; passed and not yet differ in words, not only in colour."""
    rows = "".join(
        f"<tr><td style='text-align:left'>{'✓ passed' if r.passed else '✗ not yet'}</td>"
        f"<td style='text-align:left'>{escape(r.claim)}</td>"
        f"<td>{r.points:g} of {r.max_points:g}</td>"
        f"<td style='text-align:left'>{escape(r.message)}</td></tr>"
        for r in report.probes
    )
    hint = f"<p><b>Hint:</b> {escape(report.hint)}</p>" if with_hint and report.hint else ""
    return (
        f"<table><caption style='text-align:left'><b>{escape(report.exercise)}</b>: "
        f"{report.points:g} of {report.max_points:g} points</caption>"
        "<thead><tr><th>result</th><th>the function …</th><th>points</th><th>what happened</th>"
        f"</tr></thead><tbody>{rows}</tbody></table>{hint}"
    )
