"""Enter results into nbgrader's gradebook and write its autograded notebooks.

nbgrader itself does both, on a copy beside the course; the course folder changes at the end, in
one step for the gradebook. Whatever goes wrong before leaves everything as it was.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.plugin import ENTER, SANITIZE, Resources, with_scores
from autograder.results import Result
from course.build import as_bytes, source_notebook
from course.files import write_atomically
from course.lesson import load_lesson

WAIT_SECONDS = 5.0  # for a gradebook that another program is writing


class GradebookError(RuntimeError):
    """The gradebook could not be written; the message says what to do. Nothing was changed."""


def enter_results(
    course: Path,
    assignment: str,
    graded: Sequence[tuple[Result, NotebookNode]],
    timestamps: dict[str, bytes],
    progress: Callable[[str], None] = lambda student: None,
) -> None:
    """Enter graded submissions into ``course/gradebook.db`` and ``course/autograded``.

    Parameters
    ----------
    course : Path
        The course folder.
    assignment : str
    graded : sequence of (Result, NotebookNode)
        Results that were graded, each with its rebuilt notebook.
    timestamps : dict
        nbgrader's ``timestamp.txt`` of each student that has one, for late penalties.
    progress : callable
        Called with a student's name after each entry.

    Raises
    ------
    GradebookError
        If the gradebook is locked or broken, or nbgrader refuses a notebook.
    """
    course.mkdir(parents=True, exist_ok=True)
    database = course / "gradebook.db"
    with tempfile.TemporaryDirectory(prefix=".nnkit-", dir=course) as folder:
        desk = Path(folder)
        with _connection(database) as live:
            before = _version(live, database)
            _copy(live, desk / "gradebook.db", database)
            _write_desk(desk, assignment, graded, timestamps)
            _run_nbgrader(desk, assignment, graded, progress)
            if _version(live, database) != before:
                raise GradebookError(
                    f"{database} was changed by another program while grading; grade once more"
                )
            _publish(desk, course, assignment, graded, live, database)


def _publish(
    desk: Path,
    course: Path,
    assignment: str,
    graded: Sequence[tuple[Result, NotebookNode]],
    live: sqlite3.Connection,
    database: Path,
) -> None:
    """The gradebook first, in one transaction; then the notebooks that go with it."""
    with contextlib.closing(sqlite3.connect(desk / "gradebook.db")) as ready, _explained(database):
        ready.backup(live)
    for result, _ in graded:
        source = desk / "autograded" / result.student / assignment
        target = course / "autograded" / result.student / assignment
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            _make_writable(target)
            shutil.rmtree(target)
        source.replace(target)


def _write_desk(
    desk: Path,
    assignment: str,
    graded: Sequence[tuple[Result, NotebookNode]],
    timestamps: dict[str, bytes],
) -> None:
    """A course folder for nbgrader with nothing in it but what we wrote ourselves."""
    source = desk / "source" / assignment / f"{assignment}.ipynb"
    write_atomically(source, as_bytes(source_notebook(load_lesson(assignment))))
    for result, notebook in graded:
        folder = desk / "submitted" / result.student / assignment
        write_atomically(folder / f"{assignment}.ipynb", as_bytes(notebook))
        if result.student in timestamps:
            write_atomically(folder / "timestamp.txt", timestamps[result.student])


def _run_nbgrader(
    desk: Path,
    assignment: str,
    graded: Sequence[tuple[Result, NotebookNode]],
    progress: Callable[[str], None],
) -> None:
    results = {result.student: result for result, _ in graded}

    def write_scores(nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        return with_scores(nb, results[resources["nbgrader"]["student"]]), resources

    config = Config()
    config.CourseDirectory.root = str(desk)
    config.CourseDirectory.db_url = f"sqlite:///{desk / 'gradebook.db'}"
    config.CourseDirectory.assignment_id = assignment
    config.Autograde.sanitize_preprocessors = SANITIZE
    config.Autograde.autograde_preprocessors = [write_scores, *ENTER]
    with _log() as lines, _environment_on_path(), warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own, at every new submission
        try:
            _start(GenerateAssignment, config, ".")
            for student in results:
                _start(_AutogradeOne, config, student)
                progress(student)
        except (NbGraderException, RuntimeError) as error:
            raise GradebookError(
                f"nbgrader refused: {error}; nothing was changed. Its log:\n"
                + "\n".join(lines[-20:])
            ) from error


class _AutogradeOne(Autograde):
    """Takes one student's name as it is: nbgrader takes it for a pattern such as ``*``."""

    def init_notebooks(self) -> None:
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.assignments = {folder: [str(Path(folder) / f"{self.coursedir.assignment_id}.ipynb")]}


def _start(kind: type, config: Config, student: str) -> None:
    coursedir = CourseDirectory(config=config, student_id=student)
    kind(coursedir=coursedir, config=config, force=True).start()


@contextlib.contextmanager
def _environment_on_path() -> Iterator[None]:
    """nbgrader calls `alembic` as a program; it stands beside this Python."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


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
