"""Enter results into nbgrader's gradebook and write its autograded notebooks.

All of it is done on a copy beside the course, through nbgrader's own interface; the course folder
changes at the end, in one step for the gradebook. Whatever goes wrong before leaves everything as
it was.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import nbformat
import nbgrader
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Base, Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, parse_utc
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SAWarning
from traitlets.config import Config, PyFileConfigLoader

from autograder.plugin import with_scores
from autograder.results import Result
from course.build import as_bytes, source_notebook
from course.files import write_atomically
from course.lesson import load_lesson

CONFIG = "nbgrader_config.py"
DESK = ".nnkit-desk-"
WAIT_SECONDS = 5.0  # for a gradebook that another program is writing


class GradebookError(RuntimeError):
    """The gradebook could not be written; the message says what to do. Nothing was changed."""


def enter_results(
    course: Path,
    assignment: str,
    results: Sequence[Result],
    notebook_of: Callable[[Result], NotebookNode],
    timestamps: dict[str, bytes],
    progress: Callable[[str], None] = lambda student: None,
) -> None:
    """Enter graded submissions into ``course/gradebook.db`` and ``course/autograded``.

    Parameters
    ----------
    course : Path
        The course folder.
    assignment : str
    results : sequence of Result
        Results that were graded.
    notebook_of : callable
        Gives a result's rebuilt notebook.
    timestamps : dict
        nbgrader's ``timestamp.txt`` of each student that has one, for late penalties.
    progress : callable
        Called with a student's name after each entry.

    Raises
    ------
    GradebookError
        If the gradebook is locked or broken, or nbgrader refuses a notebook.
    """
    course = course.resolve()
    course.mkdir(parents=True, exist_ok=True)
    database = course / "gradebook.db"
    for left in course.glob(f"{DESK}*"):  # by a process that was killed
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=DESK, dir=course) as folder:
        desk = Path(folder)
        with _connection(database) as live:
            before = _version(live, database)
            _copy(live, desk / "gradebook.db", database)
            config = _desk_config(desk, course, assignment)
            _run_nbgrader(desk, config, results, notebook_of, timestamps, progress)
            if _version(live, database) != before:
                raise GradebookError(
                    f"{database} was changed by another program while grading; grade once more"
                )
            _publish(desk, course, assignment, results, live, database)


def _publish(
    desk: Path,
    course: Path,
    assignment: str,
    results: Sequence[Result],
    live: sqlite3.Connection,
    database: Path,
) -> None:
    """The gradebook first, in one transaction; then the notebooks that go with it."""
    with contextlib.closing(sqlite3.connect(desk / "gradebook.db")) as ready, _explained(database):
        ready.backup(live)
    for result in results:
        source = desk / "autograded" / result.student / assignment
        target = course / "autograded" / result.student / assignment
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            _make_writable(target)
            shutil.rmtree(target)
        source.replace(target)


def _run_nbgrader(
    desk: Path,
    config: Config,
    results: Sequence[Result],
    notebook_of: Callable[[Result], NotebookNode],
    timestamps: dict[str, bytes],
    progress: Callable[[str], None],
) -> None:
    """On the desk, where nothing is but what we wrote: the assignment, then each submission."""
    assignment = config.CourseDirectory.assignment_id
    source = desk / "source" / assignment / f"{assignment}.ipynb"
    write_atomically(source, as_bytes(source_notebook(load_lesson(assignment))))
    with _log() as lines, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own, at every new submission
        try:
            _prepare(config.CourseDirectory.db_url)
            coursedir = CourseDirectory(config=config, student_id=".")
            GenerateAssignment(coursedir=coursedir, config=config, force=True).start()
            _enter_all(
                desk, config, coursedir.course_id, results, notebook_of, timestamps, progress
            )
        except (NbGraderException, MissingEntry, RuntimeError) as error:
            raise GradebookError(
                f"nbgrader refused: {error}; nothing was changed. Its log:\n"
                + "\n".join(lines[-20:])
            ) from error


def _prepare(url: str) -> None:
    """The tables of a new gradebook. nbgrader would start alembic, which takes seconds."""
    engine = create_engine(url)
    if not inspect(engine).get_table_names():
        migrations = Path(nbgrader.__file__).with_name("alembic")
        with engine.begin() as connection:
            Base.metadata.create_all(connection)
            MigrationContext.configure(connection).stamp(ScriptDirectory(str(migrations)), "head")
    engine.dispose()


def _enter_all(
    desk: Path,
    config: Config,
    course_id: str,
    results: Sequence[Result],
    notebook_of: Callable[[Result], NotebookNode],
    timestamps: dict[str, bytes],
    progress: Callable[[str], None],
) -> None:
    """What `nbgrader autograde` does for each submission, with one open gradebook for all."""
    assignment, late = config.CourseDirectory.assignment_id, []
    with Gradebook(config.CourseDirectory.db_url, course_id) as book:
        book.db.execute(text("PRAGMA synchronous = OFF"))  # the desk is thrown away after a crash
        for result in results:
            scored = with_scores(notebook_of(result), result)
            folder = desk / "autograded" / result.student / assignment
            write_atomically(folder / f"{assignment}.ipynb", as_bytes(scored))
            timestamp = _parsed_timestamp(timestamps.get(result.student))
            if timestamp:
                write_atomically(folder / "timestamp.txt", timestamps[result.student])
            if _enter(book, assignment, result.student, scored, timestamp):
                late.append(result.student)
            progress(result.student)
    for student in late:
        names = {"assignment": assignment, "notebook": assignment, "student": student}
        resources = {"nbgrader": {**names, "db_url": config.CourseDirectory.db_url}}
        AssignLatePenalties(config=config).preprocess(nbformat.v4.new_notebook(), resources)


def _enter(
    book: Gradebook, assignment: str, student: str, scored: NotebookNode, timestamp: datetime | None
) -> bool:
    """Points and comments of one submission; say whether it was late.

    Points and comments that were given by hand stay.
    """
    book.update_or_create_student(student)
    when = {} if timestamp is None else {"timestamp": timestamp}
    submission = book.update_or_create_submission(assignment, student, **when)
    (entry,) = submission.notebooks
    grades = {grade.name: grade for grade in entry.grades}
    comments = {comment.name: comment for comment in entry.comments}
    for cell in scored.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if is_grade(cell):
            grade = grades.get(name) or book.find_grade(name, assignment, assignment, student)
            grade.auto_score, _ = determine_grade(cell)
            by_hand = grade.manual_score is not None
            grade.needs_manual_grade = by_hand or grade.auto_score is None
        if is_solution(cell):
            comment = comments.get(name) or book.find_comment(name, assignment, assignment, student)
            untouched = cell.metadata.nbgrader.checksum == compute_checksum(cell)
            comment.auto_comment = "No response." if untouched else None
    entry.late_submission_penalty = None
    is_late = bool(submission.total_seconds_late > 0)
    book.db.commit()
    return is_late


def _parsed_timestamp(line: bytes | None) -> datetime | None:
    """When it was handed in; None if that isn't known, or can't be read."""
    try:
        return parse_utc(line.decode("ascii").strip()) if line else None
    except (ValueError, OverflowError):
        return None


def _desk_config(desk: Path, course: Path, assignment: str) -> Config:
    """The course's own nbgrader configuration, on the desk: late penalties, for example."""
    config = Config()
    if (course / CONFIG).exists():
        config.merge(PyFileConfigLoader(CONFIG, path=str(course)).load_config())
    config.CourseDirectory.root = str(desk)
    config.CourseDirectory.db_url = f"sqlite:///{desk / 'gradebook.db'}"
    config.CourseDirectory.assignment_id = assignment
    return config


@contextlib.contextmanager
def _log() -> Iterator[list[str]]:
    """nbgrader's log lines, kept from the terminal."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("traitlets")
    propagate, level = logger.propagate, logger.level
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
        logger.setLevel(level)


@contextlib.contextmanager
def _connection(database: Path) -> Iterator[sqlite3.Connection]:
    is_new = not database.exists()
    with _explained(database):
        connection = sqlite3.connect(database, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        with contextlib.closing(connection):
            yield connection
    except BaseException:
        if is_new:
            database.unlink(missing_ok=True)
        raise


def _version(live: sqlite3.Connection, database: Path) -> int:
    """A number that changes when another program writes; refuses a locked or broken file."""
    with _explained(database):
        live.execute("BEGIN IMMEDIATE")
        live.execute("ROLLBACK")
        return int(live.execute("PRAGMA data_version").fetchone()[0])


def _copy(live: sqlite3.Connection, target: Path, database: Path) -> None:
    with contextlib.closing(sqlite3.connect(target)) as copy, _explained(database):
        live.backup(copy)


@contextlib.contextmanager
def _explained(database: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise GradebookError(
            f"{database}: {error}; close the program that is using it (formgrader, nbgrader), "
            "or check that the folder can be written; nothing was changed"
        ) from error
    except sqlite3.DatabaseError as error:
        raise GradebookError(
            f"{database}: {error}; it is no gradebook, or it is damaged: put a backup in its "
            "place; nothing was changed"
        ) from error


def _make_writable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
