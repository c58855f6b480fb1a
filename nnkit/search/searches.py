"""Decide what to try, have it run, keep the log."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnkit.functional import grid
from nnkit.functional._checks.callables import choices_to_sample
from nnkit.functional._checks.scalars import count, index
from nnkit.progress import progress_bar
from nnkit.search.checks import Objective, pickled_objective, plain_configs
from nnkit.search.log import open_log
from nnkit.search.running import (
    DaskClient,
    Run,
    Task,
    run_here,
    run_in_processes,
    run_on_dask,
    run_trial,
    usable_cpus,
)
from nnkit.search.trials import Config, SearchResult, Trial


def random_search(
    objective: Objective,
    space: dict[str, Any],
    num_trials: int,
    seed: int,
    *,
    workers: int | None = None,
    log: str | Path | None = None,
    client: DaskClient | None = None,
    progress: bool = True,
) -> SearchResult:
    """Try configurations at random, in parallel.

    Parameters
    ----------
    objective, seed, workers, log, client, progress
        As for `run_trials`.
    space : dict of str to list or callable
        For each name either a list of choices, all equally likely, or a function that is called
        with a generator and returns a value.
    num_trials : int
        How many configurations to try. The first ones stay the same when it grows, so a longer
        search with the same log only runs the new ones.

    Returns
    -------
    result : SearchResult
        All trials; `result.best` is the one with the smallest value.

    Raises
    ------
    ValueError, TypeError, LogError
        As for `run_trials`, and if `space` is no dict of choices.

    References
    ----------
    Bergstra and Bengio (2012), "Random search for hyper-parameter optimization", JMLR 13,
    281-305.

    Examples
    --------
    >>> def objective(config, rng):
    ...     return abs(config["lr"] - 0.1) + 1 / config["hidden"]
    >>> space = {"lr": lambda rng: 10 ** rng.uniform(-3, 0), "hidden": [50, 100]}
    >>> result = random_search(objective, space, num_trials=20, seed=0, workers=1, progress=False)
    >>> len(result.trials), result.best.config["hidden"]
    (20, 100)
    """
    space = choices_to_sample("space", space)
    seed, num_trials = index("seed", seed), count("num_trials", num_trials)
    configs = [
        _sample(space, np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(trial, 0))))
        for trial in range(num_trials)
    ]
    return run_trials(
        objective, configs, seed, workers=workers, log=log, client=client, progress=progress
    )


def grid_search(
    objective: Objective,
    space: dict[str, Sequence[Any]],
    seed: int,
    *,
    workers: int | None = None,
    log: str | Path | None = None,
    client: DaskClient | None = None,
    progress: bool = True,
) -> SearchResult:
    """Try all combinations of the choices, in parallel.

    Parameters
    ----------
    objective, seed, workers, log, client, progress
        As for `run_trials`.
    space : dict of str to list
        For each name its choices. The last name varies fastest, as in `nnkit.functional.grid`.

    Returns
    -------
    result : SearchResult
        All trials; `result.best` is the one with the smallest value.

    Raises
    ------
    ValueError, TypeError, LogError
        As for `run_trials`, and if `space` is no dict of lists.

    Examples
    --------
    >>> def objective(config, rng):
    ...     return abs(config["lr"] - 0.1)
    >>> space = {"lr": [0.01, 0.1, 1.0]}
    >>> grid_search(objective, space, seed=0, workers=1, progress=False).best.config
    {'lr': 0.1}
    """
    return run_trials(
        objective, grid(space), seed, workers=workers, log=log, client=client, progress=progress
    )


def run_trials(
    objective: Objective,
    configs: Sequence[Config],
    seed: int,
    *,
    workers: int | None = None,
    log: str | Path | None = None,
    client: DaskClient | None = None,
    progress: bool = True,
) -> SearchResult:
    """Try these configurations, in parallel.

    Parameters
    ----------
    objective : callable
        ``objective(config, rng)`` returns one number, to be made small, such as a validation
        loss. All its randomness must come from `rng`, which is the trial's own. It runs in other
        processes: let it load its data itself (``functools.lru_cache`` keeps them), and print
        nothing.
    configs : sequence of dict
        The configurations: names and settings that JSON can hold (numbers, text, True, False,
        None, lists and dicts of them).
    seed : int
        Of 0 or more. The same seed gives the same trials, whatever the number of workers.
    workers : int, optional
        How many processes, each with one BLAS thread. The default is the number of CPUs that
        this process may use. With 1 the trials run in this process, which suits a debugger.
    log : str or Path, optional
        A file to which each finished trial is added as a line of JSON. A search that finds its
        own log goes on where that ends; failed trials in it are not run again unless their lines
        are deleted. Two searches must not write one log at the same time.
    client : distributed.Client, optional
        Runs the trials on this Dask cluster, where nnkit must be installed; `workers` plays no
        part then.
    progress : bool, default=True
        Whether to show a line of progress.

    Returns
    -------
    result : SearchResult
        One trial for each configuration, in their order.

    Raises
    ------
    ValueError, TypeError
        If an argument has a wrong type or value, the objective can't be pickled, or a
        configuration doesn't go to JSON and back.
    LogError
        If the log is that of another search, or is damaged.

    Examples
    --------
    A trial that fails doesn't stop the search:

    >>> def objective(config, rng):
    ...     return 1 / config["lr"]
    >>> configs = [{"lr": 0.0}, {"lr": 0.5}]
    >>> result = run_trials(objective, configs, seed=0, workers=1, progress=False)
    >>> [trial.value for trial in result.trials]
    [None, 2.0]
    >>> result.failed[0].error  # doctest: +ELLIPSIS
    'ZeroDivisionError: float division by zero (<...>, line 2)'
    """
    seed, configs = index("seed", seed), plain_configs(configs)
    run = functools.partial(run_trial, pickled_objective(objective))
    with open_log(log, _name(objective), seed, configs) as opened:
        finished = dict(opened.finished)
        tasks = [Task(i, config, seed) for i, config in enumerate(configs) if i not in finished]
        running = _running(run, tasks, workers, client)
        for trial in _with_progress(running, len(finished), len(configs), progress):
            opened.add(trial)
            finished[trial.index] = trial
    return SearchResult(tuple(finished[i] for i in range(len(configs))))


def _running(
    run: Run, tasks: list[Task], workers: int | None, client: DaskClient | None
) -> Iterator[Trial]:
    """The trials, as they are finished."""
    if client is not None:
        return run_on_dask(run, tasks, client)
    workers = usable_cpus() if workers is None else count("workers", workers)
    if workers == 1:
        return run_here(run, tasks)
    return run_in_processes(run, tasks, workers)


def _with_progress(
    trials: Iterator[Trial], finished: int, total: int, progress: bool
) -> Iterator[Trial]:
    """The same trials, and a line of progress with the best value so far."""
    if not progress:
        yield from trials
        return
    best = math.inf
    with progress_bar(total) as bar:
        for done, trial in enumerate(trials, start=finished + 1):
            best = min(best, math.inf if trial.value is None else trial.value)
            bar.update(done, f"trial {done}/{total}", {"best": best} if best < math.inf else {})
            yield trial


def _sample(space: dict[str, Any], rng: np.random.Generator) -> Config:
    return {
        name: choices(rng) if callable(choices) else choices[rng.integers(len(choices))]
        for name, choices in space.items()
    }


def _name(objective: Objective) -> str:
    return str(getattr(objective, "__qualname__", type(objective).__qualname__))
