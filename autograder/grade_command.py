"""What `nnkit grade` and `nnkit demo` show while they grade, and afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder.classroom import Handed, find_submissions, grade_all, write_all
from autograder.grading import Settings
from autograder.key import course_key
from autograder.results import Result
from autograder.sandbox import LEVELS, PROCESS, Limits, check_level
from course.lesson import LessonError, load_lesson


def grade_folder(
    submissions: Path,
    assignment: str,
    course: Path | None,
    isolation: str,
    workers: int,
    seconds: float,
    console: Console,
) -> int:
    """Grade a folder; return how many submissions could not be graded."""
    load_lesson(assignment)
    if isolation not in LEVELS:
        raise LessonError(f"expected --isolation {' or '.join(LEVELS)}, got {isolation!r}")
    handed = find_submissions(submissions, assignment)
    check_level(isolation)
    folder = course or default_course_folder(submissions)
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(assignment, course_key(folder), isolation, Limits(seconds=seconds))
    results = grade_with_progress(handed, settings, workers, folder, console)
    console.print(results_table(results))
    unread = [result for result in results if result.status != "graded"]
    for result in unread:
        console.print(f"[bold]not graded:[/] {result.student}: {result.reason}", highlight=False)
    console.print(f"{len(results) - len(unread)} of {len(results)} graded.", highlight=False)
    console.print(f"Gradebook, feedback and grades.csv: {folder}", highlight=False, soft_wrap=True)
    if isolation == PROCESS:
        console.print(
            "[bold]Isolation was only “process”:[/] limits on time and memory, but no walls "
            "around files and network. Don't use it for work of people you don't know."
        )
    return len(unread)


def default_course_folder(submissions: Path) -> Path:
    """nbgrader's course folder if there is one, else a folder beside the submissions."""
    submissions = submissions.resolve()
    if submissions.name == "submitted":
        return submissions.parent
    return submissions.with_name(f"{submissions.name}-graded")


def grade_with_progress(
    handed: Sequence[Handed], settings: Settings, workers: int, folder: Path, console: Console
) -> list[Result]:
    """Grade and write everything, under two progress bars."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        grading = progress.add_task("grading", total=len(handed))
        writing = progress.add_task("writing", total=None)
        graded = grade_all(handed, settings, workers, lambda _: progress.advance(grading))
        complete = sum(result.status == "graded" for result, _ in graded)
        progress.update(writing, total=complete)
        write_all(folder, settings.assignment, handed, graded, lambda _: progress.advance(writing))
    return [result for result, _ in graded]


def results_table(results: Sequence[Result]) -> Table:
    """One row for each student."""
    table = Table(box=box.SIMPLE_HEAD, expand=True, padding=(0, 1, 0, 0))
    table.add_column("student", overflow="fold")
    table.add_column("points", justify="right")
    table.add_column("first hint", ratio=3)
    table.add_column("repairs", ratio=2)
    table.add_column("isolation", no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    for result in results:
        hint = next((r.hint for r in result.exercises if r.hint), "")
        points = f"{result.points:g}" if result.status == "graded" else "none"
        table.add_row(
            result.student,
            points,
            hint if result.status == "graded" else "not graded, see below",
            "\n".join(result.repairs),
            result.isolation,
            f"{result.seconds:.1f} s",
        )
    return table
