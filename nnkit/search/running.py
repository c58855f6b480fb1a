"""Run trials: here, in worker processes, or on a Dask cluster. Each way gives the same trials."""

from __future__ import annotations

import copy
import math
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from nnkit.search.pickling import unpickled
from nnkit.search.trials import Config, Trial

# Read by BLAS and OpenMP when they are loaded, so they are set before a worker imports NumPy.
ONE_THREAD = {
    f"{library}_NUM_THREADS": "1"
    for library in ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR", "VECLIB_MAXIMUM")
}
DIED = "the process died: out of memory, a crash in a library, or os._exit"


class DaskClient(Protocol):
    """What is needed of a `distributed.Client`."""

    def get_executor(self, *, pure: bool) -> Executor:
        """Executor that runs functions on the cluster."""
        ...


@dataclass(frozen=True)
class Task:
    """A trial that is still to be run."""

    index: int
    config: Config
    seed: int


Run = Callable[[Task], Trial]


def run_trial(pickled_objective: bytes, task: Task) -> Trial:
    """Run one trial with one BLAS thread; whatever goes wrong becomes its error."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped, unused-ignore]

    rng = np.random.default_rng(np.random.SeedSequence(task.seed, spawn_key=(task.index, 1)))
    value, error = None, None
    start = time.perf_counter()
    try:
        with threadpool_limits(1):
            objective = unpickled(pickled_objective)
            value = _finite(objective(copy.deepcopy(task.config), rng))
    except (Exception, SystemExit) as exception:
        error = _reason(exception)
    return Trial(task.index, task.config, value, error, time.perf_counter() - start)


class _NotFiniteError(ArithmeticError):
    pass


def _finite(value: Any) -> float:
    array = np.asarray(value)
    if array.dtype.kind not in "iuf" or array.ndim > 0:
        raise TypeError(
            f"expected the objective to return one number, got {type(value).__name__}; "
            "return the loss to be made small"
        )
    if not math.isfinite(array):
        raise _NotFiniteError(f"the objective returned {value}: the training diverged")
    return float(array)


def _reason(exception: BaseException) -> str:
    if isinstance(exception, _NotFiniteError):
        return str(exception)
    last = traceback.extract_tb(exception.__traceback__)[-1]
    where = f"{Path(last.filename).name}, line {last.lineno}"
    return f"{type(exception).__name__}: {exception} ({where})"


def run_here(run: Run, tasks: Iterable[Task]) -> Iterator[Trial]:
    """Run one trial after the other in this process."""
    return map(run, tasks)


def run_in_processes(run: Run, tasks: Iterable[Task], workers: int) -> Iterator[Trial]:
    """Run trials in worker processes; a process that dies costs only its own trial.

    A dying process takes its pool along. Nobody knows which of the trials that were running it
    died of, so one of them is run again alone, and a new pool takes over the others.
    """
    rest = {task.index: task for task in tasks}
    while rest:
        lost = []
        pool = _pool(min(workers, len(rest)))
        try:
            for task, future in _completed(pool, run, list(rest.values()), workers):
                if isinstance(future.exception(), BrokenExecutor):
                    lost.append(rest.pop(task.index))
                else:
                    del rest[task.index]
                    yield future.result()
        except BrokenExecutor:
            pass  # the pool takes no more
        finally:
            pool.shutdown(kill_workers=True)
        yield from (_run_alone(run, task) for task in lost)


def usable_cpus() -> int:
    """How many CPUs this process may use, limits of a container included."""
    import loky  # type: ignore[import-untyped, unused-ignore]

    return int(loky.cpu_count())


def _run_alone(run: Run, task: Task) -> Trial:
    start = time.perf_counter()
    pool = _pool(1)
    try:
        return pool.submit(run, task).result()
    except BrokenExecutor:
        return Trial(task.index, task.config, None, DIED, time.perf_counter() - start)
    finally:
        pool.shutdown(kill_workers=True)


def _pool(workers: int) -> Any:
    from loky import ProcessPoolExecutor

    return ProcessPoolExecutor(workers, env=ONE_THREAD)


def run_on_dask(run: Run, tasks: Iterable[Task], client: DaskClient) -> Iterator[Trial]:
    """Run trials on a Dask cluster; a worker that dies costs only its own trial.

    Dask blames all trials that such a worker had before it, so those are run again one by one.
    """
    from distributed.scheduler import KilledWorker

    tasks, lost = list(tasks), []
    executor = client.get_executor(pure=False)  # a second try is one, not the first's result
    for task, future in _completed(executor, run, tasks, len(tasks)):
        if isinstance(future.exception(), KilledWorker):
            lost.append(task)
        else:
            yield future.result()
    for task in lost:
        future = executor.submit(run, task)
        died = isinstance(future.exception(), KilledWorker)
        yield Trial(task.index, task.config, None, DIED, 0.0) if died else future.result()


def _completed(
    executor: Executor, run: Run, tasks: Iterable[Task], limit: int
) -> Iterator[tuple[Task, Future[Trial]]]:
    """Tasks as they are completed, with at most `limit` of them in the executor's hands."""
    queue, running = iter(tasks), dict[Future[Trial], Task]()
    while True:
        for task in islice(queue, limit - len(running)):
            running[executor.submit(run, task)] = task
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future
