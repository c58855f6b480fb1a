"""Grades for other systems: Canvas, Moodle, a plain table, Gradescope.

What is exported are the points that a machine gives; written answers are graded by a person, and
stand in the gradebook. A submission that could not be read has no score: it is left out of what
Canvas, Moodle and Gradescope get, since an empty cell there deletes a grade that somebody entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.publish import csv_text, inert
from autograder.results import Result, max_points
from course.local_check import messages_once
from course.verdict import ProbeResult, Report

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CANVAS_NAMES = CANVAS_COLUMNS[1:4]
POINTS_POSSIBLE = "Points Possible"
MOODLE_NAMES = ("ID number", "Email address", "Username")


@dataclass(frozen=True)
class Headings:
    """What two columns are called there: the one that says who it is, and the one of the grade."""

    student: str
    grade: str


def canvas_csv(results: Sequence[Result], headings: Headings) -> str:
    """A gradebook for Canvas: Gradebook, Import.

    The columns Student, ID, SIS User ID, SIS Login ID and Section stand first, in this order; then
    one column for each assignment, headed by its title or by ``title (number)``; the second row is
    named Points Possible. Canvas looks for a student by ID, SIS User ID, SIS Login ID and at last
    by name, and passes over those that are empty.

    References
    ----------
    Instructor guide, "How do I import grades in the Gradebook?",
    https://community.canvaslms.com/t5/Instructor-Guide/How-do-I-import-grades-in-the-Gradebook/ta-p/807
    and the importer itself,
    https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb
    """
    blank = dict.fromkeys(CANVAS_COLUMNS, "")
    most = f"{max_points(results):g}" if _graded(results) else ""
    rows = [{**blank, "Student": POINTS_POSSIBLE, headings.grade: most}]
    for result in _graded(results):
        name = "" if POINTS_POSSIBLE in result.student else result.student  # no second such row
        who = {"Student": name, headings.student: result.student}
        rows.append({**blank, **who, headings.grade: f"{result.points:g}"})
    columns = [*CANVAS_COLUMNS, headings.grade]
    return _csv(columns, ([row[column] for column in columns] for row in rows))


def moodle_csv(results: Sequence[Result], headings: Headings) -> str:
    """Grades for Moodle: Grades, Import, CSV file.

    The first row names the columns. "Map from" is then the first column, "Map to" the field of the
    same name; the grade is mapped to the assignment, or becomes a new grade item with its heading.

    References
    ----------
    Moodle documentation, "Grade import", https://docs.moodle.org/en/Grade_import, and the importer
    itself, https://github.com/moodle/moodle/blob/main/grade/import/csv/classes/load_data.php
    """
    rows = ([result.student, f"{result.points:g}"] for result in _graded(results))
    return _csv([headings.student, headings.grade], rows)


def plain_csv(results: Sequence[Result], headings: Headings) -> str:
    """One row for each student: points, the most that can be had, points of each exercise."""
    exercises = list(dict.fromkeys(r.exercise for result in results for r in result.exercises))
    most = f"{max_points(results):g}"
    return _csv(
        [headings.student, headings.grade, "max", *exercises],
        ([r.student, *_plain_points(r, most, exercises)] for r in results),
    )


def gradescope_results(result: Result) -> dict[str, Any]:
    """The content of ``results.json`` for one student, one test for each probe.

    Hidden probes have the visibility "hidden", and tell nothing but whether they passed.

    References
    ----------
    "Autograder Specifications", output format,
    https://gradescope-autograders.readthedocs.io/en/latest/specs/
    """
    return {
        "score": result.points,
        "output": "\n\n".join(_remarks(result)),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [test for report in result.exercises for test in _tests(report)],
    }


def _graded(results: Iterable[Result]) -> list[Result]:
    return [result for result in results if result.status == "graded"]


def _plain_points(result: Result, most: str, exercises: Sequence[str]) -> list[str]:
    if result.status != "graded":
        return ["", most, *("" for _ in exercises)]
    reports = [result.report(name) for name in exercises]
    return [f"{result.points:g}", most, *(f"{r.points:g}" if r else "" for r in reports)]


def _csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return csv_text(map(inert, row) for row in (columns, *rows))


def _remarks(result: Result) -> Iterator[str]:
    """What is said of the whole submission: hints, and repairs."""
    yield from (f"{r.exercise}: {r.hint}" for r in result.exercises if r.hint)
    if result.repairs:
        yield "\n".join(["Repaired for you, at no cost:", *result.repairs])


def _tests(report: Report) -> Iterator[dict[str, Any]]:
    for probe, message in zip(report.probes, messages_once(report), strict=True):
        yield {
            "score": probe.points,
            "max_score": probe.max_points,
            "status": "passed" if probe.passed else "failed",
            "name": f"{report.exercise}: it {probe.claim}",
            "name_format": "text",
            "output": _output(probe, message),
            "output_format": "text",
            "visibility": "hidden" if probe.hidden else "visible",
        }


def _output(probe: ProbeResult, message: str) -> str:
    if probe.hidden:
        return "Asked only in grading."
    return f"There, {message}" if message else ""
