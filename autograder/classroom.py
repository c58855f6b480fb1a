"""Grade a folder of submissions: find them, grade them in parallel, write everything out."""

from __future__ import annotations

import csv
import io
import multiprocessing
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.feedback import feedback_page
from autograder.gradebook import enter_results
from autograder.grading import Settings, grade_file
from autograder.plugin import result_path
from autograder.results import Result
from autograder.submission import UnreadableSubmission, read_small_file
from course.files import write_atomically
from course.lesson import load_lesson

Graded = tuple[Result, NotebookNode]


class NoSubmissions(ValueError):
    """The folder holds nothing to grade; the message says what was expected."""


@dataclass(frozen=True)
class Handed:
    """One submission as it lies in the folder."""

    student: str
    path: Path
    problem: str = ""


def find_submissions(folder: Path, assignment: str) -> list[Handed]:
    """Submissions in nbgrader's layout (student/assignment/notebook) or in one flat folder.

    Raises
    ------
    NoSubmissions
        If there is none.
    """
    if not folder.is_dir():
        raise NoSubmissions(f"expected a folder of submissions, got {folder}; does it exist?")
    found = [*_nested(folder, assignment), *_flat(folder, assignment)]
    if not found:
        raise NoSubmissions(
            f"found no submission in {folder}; expected STUDENT/{assignment}/{assignment}.ipynb, "
            "or notebooks named after the students, STUDENT.ipynb"
        )
    return _one_each(sorted(found, key=lambda handed: handed.student))


def grade_all(
    handed: Sequence[Handed],
    settings: Settings,
    workers: int,
    progress: Callable[[str], None] = lambda student: None,
) -> list[Graded]:
    """Grade submissions, several at a time, in the order given."""
    if workers == 1 or len(handed) == 1:
        graded = []
        for one in handed:
            graded.append(_graded(one, settings))
            progress(one.student)
        return graded
    # a fresh interpreter each: forking a process that draws a progress bar is not safe
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(handed)), mp_context=context) as pool:
        futures = {pool.submit(_graded, one, settings): one for one in handed}
        for future in as_completed(futures):
            progress(futures[future].student)
        by_student = {one.student: future.result() for future, one in futures.items()}
    return [by_student[one.student] for one in handed]


def write_all(course: Path, assignment: str, handed: Sequence[Handed], graded: Sequence[Graded],
              progress: Callable[[str], None] = lambda student: None) -> None:  # fmt: skip
    """Gradebook, autograded notebooks, results, feedback and ``grades.csv`` of one assignment."""
    complete = [(r, n) for r, n in graded if r.status == "graded"]
    timestamps = {one.student: data for one in handed if (data := _timestamp(one)) is not None}
    enter_results(course, assignment, complete, timestamps, progress)
    for result, _ in graded:
        write_atomically(result_path(course, result), result.to_json().encode("utf-8"))
        write_atomically(feedback_path(course, result), feedback_page(result).encode("utf-8"))
    table = grades_csv(assignment, [result for result, _ in graded])
    write_atomically(course / "grades.csv", table.encode("utf-8"))


def feedback_path(course: Path, result: Result) -> Path:
    """Where a student's page lies: nbgrader's own place for it."""
    return course / "feedback" / result.student / result.assignment / f"{result.assignment}.html"


def grades_csv(assignment: str, results: Sequence[Result]) -> str:
    """One row for each student; a column for each exercise."""
    exercises = load_lesson(assignment).exercises
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["student", "assignment", "status", "points", *exercises, "repairs", "isolation", "reason"]
    )
    for result in results:
        reports = [result.report(name) for name in exercises]
        points = [f"{r.points:g}" if r else "" for r in reports]
        total = f"{result.points:g}" if result.status == "graded" else ""
        row = [result.student, assignment, result.status, total, *points]
        writer.writerow(
            [_inert(v) for v in (*row, len(result.repairs), result.isolation, result.reason)]
        )
    return file.getvalue()


def _inert(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _graded(handed: Handed, settings: Settings) -> Graded:
    if handed.problem:
        result = Result(handed.student, settings.assignment, "unreadable", reason=handed.problem)
        return result, NotebookNode()
    return grade_file(handed.path, handed.student, settings)


def _nested(folder: Path, assignment: str) -> Iterator[Handed]:
    for student in sorted(folder.iterdir()):
        place = student / assignment
        if student.name.startswith(".") or not (place.is_dir() or place.is_symlink()):
            continue
        if student.is_symlink() or place.is_symlink():
            yield Handed(student.name, place, f"{place} is a link; hand in the folder itself")
            continue
        yield _chosen(student.name, place, assignment)


def _chosen(student: str, place: Path, assignment: str) -> Handed:
    """The notebook named as the assignment; or the only one that there is."""
    notebooks = sorted(place.glob("*.ipynb"))
    named = place / f"{assignment}.ipynb"
    if named in notebooks:
        return Handed(student, named)
    if len(notebooks) == 1:
        return Handed(student, notebooks[0])
    names = ", ".join(path.name for path in notebooks[:5]) or "none"
    problem = f"{place}: expected {named.name}, found {names}; rename the right one"
    return Handed(student, place, problem)


def _flat(folder: Path, assignment: str) -> Iterator[Handed]:
    for path in sorted(folder.glob("*.ipynb")):
        student = re.sub(rf"^{assignment}[_.-]*|[_.-]*{assignment}$", "", path.stem) or path.stem
        yield Handed(student, path)


def _one_each(found: list[Handed]) -> list[Handed]:
    """Two files of one student: neither is graded until it is clear which one counts."""
    groups: dict[str, list[Handed]] = {}
    for handed in found:
        groups.setdefault(handed.student, []).append(handed)
    return [
        group[0]
        if len(group) == 1
        else Handed(
            student,
            group[0].path,
            f"{student} handed in {' and '.join(str(h.path) for h in group)}; remove one",
        )
        for student, group in groups.items()
    ]


def _timestamp(handed: Handed) -> bytes | None:
    """nbgrader's record of when it was handed in, if there is one."""
    path = handed.path.parent / "timestamp.txt"
    if handed.problem or not path.exists():
        return None
    try:
        return read_small_file(path)
    except UnreadableSubmission:
        return None
