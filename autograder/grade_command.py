"""What `nnkit grade` and `nnkit demo` show while they grade, and afterwards."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder.classroom import Handed, find_submissions, timestamps
from autograder.grading import Settings, how_graded
from autograder.key import course_key
from autograder.publish import publish
from autograder.records import Records, what_changed
from autograder.results import Result
from autograder.sandbox import LEVELS, PROCESS, check_level
from autograder.tasks import Limits
from autograder.workers import (
    GradingInterrupted,
    Workers,
    dask_workers,
    grade_all,
    grade_attempts_again,
    own_workers,
)
from course.exercise import load_exercise
from course.lesson import load_lesson
from course.table import LessonError

LAST, BEST = ATTEMPTS = ("last", "best")


@dataclass(frozen=True)
class Options:
    """How to grade, as the command line says it."""

    isolation: str
    workers: int
    seconds: float
    scheduler: str = ""
    attempts: str = LAST
    again: bool = False

    def make_workers(self) -> Workers:
        if self.scheduler:
            return partial(dask_workers, self.scheduler)
        return partial(own_workers, self.workers)


def grade_folder(
    submissions: Path,
    assignment: str,
    course: Path | None,
    options: Options,
    diff: Path | None,
    console: Console,
) -> int:
    """Grade a folder; return how many submissions could not be graded, or would change."""
    check_inputs(assignment)
    for name, value, known in (
        ("isolation", options.isolation, LEVELS), ("attempts", options.attempts, ATTEMPTS),
    ):  # fmt: skip
        if value not in known:
            raise LessonError(f"expected --{name} {' or '.join(known)}, got {value!r}")
    handed = find_submissions(submissions, assignment)
    check_level(options.isolation)
    folder = (course or default_course_folder(submissions)).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    records = Records(folder, course_key(folder))
    limits = Limits(seconds=options.seconds)
    settings = Settings(assignment, records.key, options.isolation, limits)
    with _only_one(folder):
        results = grade_with_progress(handed, settings, options, records, console)
        if diff is not None:
            return show_changes(Records(diff, records.key).counted(assignment), results, console)
        publish_with_progress(handed, results, records, assignment, console)
    console.print(results_table(results))
    unread = [result for result in results if result.status != "graded"]
    for result in unread:
        console.print(
            f"[bold]not graded:[/] {escape(f'{result.student}: {result.reason}')}", highlight=False
        )
    console.print(f"{len(results) - len(unread)} of {len(results)} graded.", highlight=False)
    console.print(f"Gradebook, feedback and grades.csv: {folder}", highlight=False, soft_wrap=True)
    if options.isolation == PROCESS:
        console.print(
            "[bold]Isolation was only “process”:[/] limits on time and memory, but no walls "
            "around files and network. Don't use it for work of people you don't know."
        )
    return len(unread)


def check_inputs(assignment: str) -> None:
    """Make the inputs of all questions once: data that are missing are missed before grading."""
    for exercise in map(load_exercise, load_lesson(assignment).exercises):
        for probe in exercise.probes:
            exercise.given(probe, seed=0)


def default_course_folder(submissions: Path) -> Path:
    """nbgrader's course folder if there is one, else a folder beside the submissions."""
    submissions = submissions.resolve()
    if submissions.name == "submitted":
        return submissions.parent
    return submissions.with_name(f"{submissions.name}-graded")


def grade_with_progress(
    handed: Sequence[Handed],
    settings: Settings,
    options: Options,
    records: Records,
    console: Console,
) -> list[Result]:
    """Grade under a progress bar; return the results that count."""
    workers = options.make_workers()
    with _progress(console) as bar:
        task = bar.add_task("grading", total=len(handed))
        results = grade_all(
            handed, settings, records, workers,
            again=options.again, progress=lambda _: bar.advance(task),
        )  # fmt: skip
    if options.attempts == LAST:
        return results
    how = how_graded(settings)
    attempts = {r.student: records.attempts(settings.assignment, r.student) for r in results}
    outdated = [a for student in attempts for a in attempts[student] if not a.was_graded(how)]
    grade_attempts_again(outdated, settings, records, workers)
    return [_best(r, records.attempts(settings.assignment, r.student)) for r in results]


def publish_with_progress(
    handed: Sequence[Handed],
    results: Sequence[Result],
    records: Records,
    assignment: str,
    console: Console,
) -> None:
    """Write everything, under a progress bar."""
    with _progress(console) as bar:
        task = bar.add_task("writing", total=sum(r.status == "graded" for r in results))
        publish(records, assignment, results, timestamps(handed), lambda _: bar.advance(task))


def show_changes(before: Sequence[Result], now: Sequence[Result], console: Console) -> int:
    """Whose result would change, and why; nothing is published. Returns for how many."""
    old = {result.student: result for result in before}
    changed = [(r, list(what_changed(old.get(r.student), r))) for r in now]
    changed = [(result, reasons) for result, reasons in changed if reasons]
    table = Table("student", "before", "now", "why", box=box.SIMPLE_HEAD, expand=True)
    for result, reasons in changed:
        was = old.get(result.student)
        points = f"{was.points:g}" if was and was.status == "graded" else "none"
        table.add_row(
            escape(result.student), points, f"{result.points:g}", escape("\n".join(reasons))
        )
    if changed:
        console.print(table)
    console.print(
        f"{len(changed)} of {len(now)} results would change. Nothing was published; "
        "the same command without --diff does it.",
        highlight=False,
    )
    return len(changed)


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
            escape(result.student),
            points,
            escape(hint) if result.status == "graded" else "not graded, see below",
            escape("\n".join(result.repairs)),
            result.isolation,
            f"{result.seconds:.1f} s",
        )
    return table


def _best(current: Result, attempts: Sequence[Result]) -> Result:
    """The attempt with most points; of equal ones the last."""
    return max([*attempts, current], key=lambda r: (r.points, r.graded_at))


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    return Progress(*columns, console=console, transient=True)


@contextlib.contextmanager
def _only_one(course: Path) -> Iterator[None]:
    """One grading at a time in a course folder; the system lets go when the process ends."""
    with (course / ".nnkit.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GradingInterrupted(
                f"another `nnkit grade` is at work in {course}; wait until it has ended"
            ) from None
        yield
