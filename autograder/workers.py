"""Grade many submissions at a time, and keep each as soon as it is graded.

A run that was interrupted, even killed, goes on where it was: what is kept and was graded under
the same conditions is not graded again.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.classroom import Handed
from autograder.grading import (
    Settings,
    file_hash,
    grade_bytes,
    grade_notebook,
    how_graded,
    unreadable,
)
from autograder.processes import local_workers
from autograder.rebuild import template
from autograder.records import Records
from autograder.results import Result
from autograder.sandbox import SandboxUnavailable
from autograder.submission import UnreadableSubmission, read_file

Graded = tuple[Result, NotebookNode]
Task = Callable[[], Graded]
AHEAD = 3  # tasks for each worker that are read before it is free
MAX_BREAKDOWNS = 3


@dataclass(frozen=True)
class Pool:
    """Workers, and how many there are now."""

    executor: Executor
    size: Callable[[], int]


Workers = Callable[[], contextlib.AbstractContextManager[Pool]]


class GradingInterrupted(RuntimeError):
    """There are no workers, or they kept dying; what is graded is kept."""


def grade_all(
    handed: Sequence[Handed],
    settings: Settings,
    records: Records,
    workers: Workers,
    *,
    again: bool = False,
    progress: Callable[[str], None] = lambda student: None,
) -> list[Result]:
    """Grade submissions as workers become free; the results come in the order given.

    Parameters
    ----------
    handed : sequence of Handed
    settings : Settings
    records : Records
        Each attempt is kept there as soon as it is graded.
    workers : callable
        Opens a `Pool`: of processes here, or of Dask workers anywhere.
    again : bool
        Grade also what is kept already.
    progress : callable
        Called with a student's name when the result is there.

    Raises
    ------
    GradingInterrupted
        If workers die again and again.
    """
    results: dict[str, Result] = {}

    def keep(result: Result, notebook: NotebookNode | None = None) -> None:
        if notebook is not None and result.status == "graded":
            records.keep(result, notebook)
        results[result.student] = result
        progress(result.student)

    def tasks() -> Iterator[Task]:
        """What is left to grade; what is not is kept on the way."""
        how = how_graded(settings)
        for one in (one for one in handed if one.student not in results):
            try:
                if one.problem:
                    raise UnreadableSubmission(one.problem)
                data = read_file(one.path)
            except UnreadableSubmission as error:
                keep(unreadable(one.student, settings, str(error)))
                continue
            known = [] if again else records.attempts(settings.assignment, one.student)
            digest = file_hash(data)
            same = [r for r in known if r.file_hash == digest and r.was_graded(how)]
            if same:
                keep(same[-1])
            else:
                yield partial(_graded, data, one.path.name, one.student, settings)

    for _ in range(MAX_BREAKDOWNS):
        with contextlib.suppress(BrokenProcessPool):
            run_tasks(tasks(), workers, keep)
            return [results[one.student] for one in handed]
    raise GradingInterrupted(
        f"workers died {MAX_BREAKDOWNS} times (is memory short?); {len(results)} of {len(handed)} "
        "submissions are graded and kept: give the same command again, with fewer --workers"
    )


def grade_attempts_again(
    attempts: Sequence[Result],
    settings: Settings,
    records: Records,
    workers: Workers,
) -> None:
    """Grade kept attempts under the present conditions; each takes the place of the old record."""
    tasks = (partial(grade_attempt, records.notebook(r), r, settings) for r in attempts)
    run_tasks(tasks, workers, records.keep)


def run_tasks(
    tasks: Iterator[Task],
    workers: Workers,
    keep: Callable[[Result, NotebookNode], None],
) -> None:
    """Never more than some tasks under way: memory doesn't grow with the class."""
    task = next(tasks, None)
    if task is None:
        return
    with workers() as pool:
        under_way: set[Future[Graded]] = set()
        while task is not None or under_way:
            room = AHEAD * pool.size()
            while task is not None and len(under_way) < room:
                under_way.add(pool.executor.submit(task))
                task = next(tasks, None)
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                keep(*future.result())


def _graded(data: bytes, file_name: str, student: str, settings: Settings) -> Graded:
    """Grade a submission; a fault of the grader's own is said, and stops nobody else's grading."""
    try:
        return grade_bytes(data, file_name, student, settings)
    except SandboxUnavailable:
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}, line {place.lineno}"
        reason = (
            f"the grader itself failed ({type(error).__name__}: {error}; {where}); "
            "this is no fault of the submission: please report it"
        )
        return unreadable(student, settings, reason), template(settings.assignment)


def grade_attempt(notebook: NotebookNode, before: Result, settings: Settings) -> Graded:
    """Grade a kept attempt once more; when it was first graded stays."""
    result = grade_notebook(notebook, before.student, settings, before.file_hash)
    return replace(result, graded_at=before.graded_at), notebook


@contextlib.contextmanager
def own_workers(number: int) -> Iterator[Pool]:
    """Processes on this machine."""
    with local_workers(number) as executor:
        yield Pool(executor, lambda: number)


@contextlib.contextmanager
def dask_workers(address: str, timeout: str = "10s") -> Iterator[Pool]:
    """The workers of a Dask scheduler, such as ``tcp://host:8786``; nnkit is installed on each."""
    try:
        from distributed import Client
    except ImportError as error:
        raise GradingInterrupted(
            f"--scheduler needs Dask ({error}); install it: pip install 'nnkit[dask]'"
        ) from None
    with Client(address, timeout=timeout, set_as_default=False) as client:  # type: ignore[no-untyped-call, unused-ignore]
        executor = client.get_executor(pure=False, retries=2)
        yield Pool(executor, lambda: max(1, sum(client.nthreads().values())))
