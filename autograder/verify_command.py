"""What `nnkit verify` shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.progress import track
from rich.table import Table

from course.exercise import exercise_names, load_exercise
from course.lesson import lesson_names
from course.verify import Verdict, verify_exercise, verify_lesson


def verify_all(
    names: Sequence[str], num_seeds: int, *, notebooks: bool, as_json: bool, console: Console
) -> bool:
    """Verify exercises and, unless single exercises were named, lessons; say whether all held.

    Raises
    ------
    ValueError
        If there is no exercise of a name.
    """
    for name in names:
        load_exercise(name)
    quiet = Console(stderr=True)
    chosen = names or exercise_names()
    verdicts = [
        verify_exercise(name, num_seeds)
        for name in track(chosen, "exercises", console=quiet, transient=True)
    ]
    if notebooks and not names:
        verdicts += [
            verify_lesson(name)
            for name in track(lesson_names(), "lessons", console=quiet, transient=True)
        ]
    if as_json:
        print(json.dumps([asdict(verdict) for verdict in verdicts], indent=1))
    else:
        console.print(_table(verdicts))
    return not any(verdict.problems for verdict in verdicts)


def _table(verdicts: Sequence[Verdict]) -> Table:
    table = Table("name", "points", "bugs", "alternatives", "verdict")
    for verdict in verdicts:
        table.add_row(
            verdict.name,
            f"{verdict.points:g}",
            str(verdict.num_bugs or ""),
            str(verdict.num_alternatives or ""),
            "\n".join(verdict.problems) or "holds",
        )
    return table
