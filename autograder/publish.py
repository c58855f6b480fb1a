"""Publish what was graded: gradebook, results, feedback pages and the table of grades."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from autograder.feedback import feedback_page
from autograder.gradebook import enter_results
from autograder.records import Records
from autograder.results import Result
from course.files import write_atomically
from course.lesson import load_lesson


def publish(
    records: Records,
    assignment: str,
    results: Sequence[Result],
    timestamps: dict[str, bytes],
    progress: Callable[[str], None] = lambda student: None,
) -> None:
    """Gradebook, autograded notebooks, results, feedback and ``grades.csv`` of one assignment.

    The gradebook changes in one step. The files that follow are written each in one step; a
    process that was killed in between leaves nothing that the same command does not complete.
    """
    course = records.course
    complete = [result for result in results if result.status == "graded"]
    enter_results(course, assignment, complete, records.notebook, timestamps, progress)
    for result in results:
        records.count(result)
        write_atomically(feedback_path(course, result), feedback_page(result).encode("utf-8"))
    write_atomically(course / "grades.csv", grades_csv(assignment, results).encode("utf-8"))


def feedback_path(course: Path, result: Result) -> Path:
    """Where a student's page lies: nbgrader's own place for it."""
    return course / "feedback" / result.student / result.assignment / f"{result.assignment}.html"


def grades_csv(assignment: str, results: Sequence[Result]) -> str:
    """One row for each student; a column for each exercise."""
    exercises = load_lesson(assignment).exercises
    rows = [
        ["student", "assignment", "status", "points", *exercises, "repairs", "isolation", "reason"]
    ]
    for result in results:
        reports = [result.report(name) for name in exercises]
        points = [f"{r.points:g}" if r else "" for r in reports]
        total = f"{result.points:g}" if result.status == "graded" else ""
        row = [result.student, assignment, result.status, total, *points]
        row += [str(len(result.repairs)), result.isolation, result.reason]
        rows.append([inert(value) for value in row])
    return csv_text(rows)


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Comma-separated values; what students may have written goes through `inert` before."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def inert(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
