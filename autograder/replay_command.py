"""`nnkit replay`: grade a kept attempt once more, and compare."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape

from autograder.grade_command import results_table
from autograder.grading import Settings, grade_notebook, how_graded
from autograder.key import course_key
from autograder.records import Records, what_changed
from autograder.sandbox import check_level
from autograder.tasks import Limits


def replay_attempt(name: str, course: Path, console: Console) -> bool:
    """Grade an attempt again as it was graded; say whether the result is the same."""
    records = Records(course, course_key(course, make=False))
    before = records.read(records.find(name))
    check_level(before.isolation)
    settings = Settings(before.assignment, records.key, before.isolation, Limits(**before.limits))
    now = grade_notebook(records.notebook(before), before.student, settings)
    console.print(results_table([now]))
    changes = list(what_changed(before, now))
    for change in changes:
        console.print(f"[bold]differs:[/] {escape(change)}", highlight=False)
    for name, value in how_graded(settings).items():
        if getattr(before, name) != value:
            console.print(f"{name} was {getattr(before, name)}, is {value}", highlight=False)
    if not changes:
        console.print(f"The same result as on {before.graded_at[:10]}: {now.points:g} points.")
    return not changes
