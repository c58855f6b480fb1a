"""What `nnkit bugs` shows: the bank of known mistakes, for instructors."""

from __future__ import annotations

import difflib
import inspect
import textwrap
from collections.abc import Sequence
from functools import partial

from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax

from course.exercise import Exercise, load_exercise
from course.reference import solution_source
from course.spec import Edit, Function, Wrong

SEED = 0


def show_bugs(names: Sequence[str], console: Console) -> None:
    """Print each known mistake: what differs, the hint, and which probes catch it."""
    for name in names:
        exercise = load_exercise(name)
        console.rule(f"{name}: {len(exercise.bugs)} known mistakes, {exercise.points:g} points")
        for bug in exercise.bugs:
            console.print(Panel(Syntax(_difference(exercise, bug), "diff"), title=bug.name))
            console.print(f"[bold]Hint.[/] {bug.hint}", highlight=False)
            report = exercise.grade(exercise.bug_function(bug), SEED)
            caught = [f"{p.claim} (-{p.max_points:g})" for p in report.probes if not p.passed]
            console.print(f"[bold]Not true any more:[/] {'; '.join(caught)}\n", highlight=False)


def _difference(exercise: Exercise, bug: Edit | Wrong) -> str:
    """The mistake as a diff against the reference, or as the whole wrong function."""
    if isinstance(bug, Wrong):
        return _source(bug.function)
    right = _body(solution_source(exercise.name))
    wrong = right.replace(bug.old, bug.new)
    lines = difflib.unified_diff(right.splitlines(), wrong.splitlines(), lineterm="", n=1)
    return "\n".join(list(lines)[3:])


def _source(function: Function) -> str:
    """The text of a function, or of several that are alike, with what tells this one from them."""
    if isinstance(function, partial):
        values = [repr(value) for value in function.args]
        values += [f"{name}={value!r}" for name, value in function.keywords.items()]
        return f"# with {', '.join(values)}\n{_source(function.func)}"
    source = textwrap.dedent(inspect.getsource(function))
    return source[source.index("def ") :] if "def " in source else source


def _body(source: str) -> str:
    return inspect.cleandoc(source.rsplit('"""', 1)[1])
