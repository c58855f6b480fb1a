"""`nnkit export`: write the grades of an assignment as another system reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from autograder.exports import (
    CANVAS_NAMES,
    MOODLE_NAMES,
    Headings,
    canvas_csv,
    gradescope_results,
    moodle_csv,
    plain_csv,
)
from autograder.gradescope import write_zip
from autograder.report_command import counted_results, plain
from autograder.results import Result
from course.files import write_atomically
from course.lesson import load_lesson
from course.table import LessonError

GRADESCOPE, GRADESCOPE_ZIP = "gradescope", "gradescope-zip"
TABLES: dict[str, Callable[[Sequence[Result], Headings], str]] = {
    "canvas": canvas_csv,
    "moodle": moodle_csv,
    "plain": plain_csv,
}
NAMES = {"canvas": CANVAS_NAMES, "moodle": MOODLE_NAMES}  # what may say there who a student is
DEFAULT_NAMES = {"canvas": "SIS Login ID", "moodle": "ID number", "plain": "student"}


def export_grades(
    assignment: str,
    course: Path,
    to: str,
    out: Path,
    headings: Headings,
    console: Console,
    errors: Console,
) -> int:
    """Write the grades; return how many submissions have none, since they could not be read.

    Empty headings are filled with what is usual there. The zip for Gradescope needs no grades: it
    makes them there.
    """
    load_lesson(assignment)
    if to == GRADESCOPE_ZIP:
        write_zip(assignment, course, out)
        console.print(plain(f"for Gradescope's “Configure Autograder”: {out}"), soft_wrap=True)
        return 0
    if to != GRADESCOPE and to not in TABLES:
        known = ", ".join([*TABLES, GRADESCOPE])
        raise LessonError(f"expected --to {known} or {GRADESCOPE_ZIP}, got {to!r}")
    results = counted_results(course, assignment)
    unread = [result for result in results if result.status != "graded"]
    if to == GRADESCOPE:
        write_gradescope(results, out)
    else:
        table = TABLES[to](results, _complete(headings, to, assignment))
        write_atomically(out, table.encode("utf-8", "replace"))
    console.print(
        plain(f"{len(results) - len(unread)} of {len(results)} grades written: {out}"),
        soft_wrap=True,
    )
    for result in unread:
        errors.print(plain(f"no score: {result.student}: {result.reason}"), soft_wrap=True)
    return len(unread)


def write_gradescope(results: Sequence[Result], folder: Path) -> None:
    """A folder for each student, with Gradescope's results.json."""
    for result in results:
        if result.status == "graded":
            text = json.dumps(gradescope_results(result), indent=1)
            write_atomically(folder / result.student / "results.json", text.encode("ascii"))


def _complete(headings: Headings, to: str, assignment: str) -> Headings:
    usual = "points" if to == "plain" else assignment
    student = headings.student or DEFAULT_NAMES[to]
    if to in NAMES and student not in NAMES[to]:
        raise LessonError(f"expected --identify {' or '.join(NAMES[to])}, got {student!r}")
    return Headings(student, headings.grade or usual)
