"""What `nnkit verify` shows."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import as_completed
from dataclasses import asdict
from functools import partial

from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder.processes import local_workers
from course.calibrate import Margin, margins
from course.exercise import exercise_names, load_exercise
from course.lesson import lesson_names
from course.verify import Verdict, verify_exercise, verify_lesson

HONEST_SHARE = 0.1  # of the tolerance that an honest error may use


def verify_all(
    names: Sequence[str], num_seeds: int, *, notebooks: bool, as_json: bool, console: Console
) -> bool:
    """Verify exercises and, unless single exercises were named, lessons; say whether all held.

    Raises
    ------
    ValueError
        If there is no exercise of a name.
    """
    for name in names:
        load_exercise(name)
    tasks = [partial(verify_exercise, name, num_seeds) for name in names or exercise_names()]
    if notebooks and not names:
        tasks += [partial(verify_lesson, name) for name in lesson_names()]
    with local_workers(min(len(tasks), os.cpu_count() or 1)) as pool:
        futures = [pool.submit(task) for task in tasks]
        done = track(
            as_completed(futures), "verifying", len(tasks), console=Console(stderr=True),
            transient=True,
        )  # fmt: skip
        for future in done:
            future.result()
        verdicts = [future.result() for future in futures]
    if as_json:
        print(json.dumps([asdict(verdict) for verdict in verdicts], indent=1))
    else:
        console.print(_table(verdicts))
    return not any(verdict.problems for verdict in verdicts)


def calibrate_all(names: Sequence[str], num_seeds: int, *, as_json: bool, console: Console) -> bool:
    """Show every probe's margins; say whether honest errors stay below a tenth of each."""
    quiet = Console(stderr=True)
    found = [
        margin
        for name in track(names or exercise_names(), "exercises", console=quiet, transient=True)
        for margin in margins(name, num_seeds)
    ]
    if as_json:
        print(json.dumps([asdict(margin) for margin in found], indent=1))
    else:
        console.print(_margins_table(found))
    return all(margin.honest <= HONEST_SHARE for margin in found if not _is_statistical(margin))


def _is_statistical(margin: Margin) -> bool:
    """Probes of random functions allow for the sampling error, which honest work does use."""
    return any(p.name == margin.probe and p.summary for p in load_exercise(margin.exercise).probes)


def _margins_table(found: Sequence[Margin]) -> Table:
    table = Table("exercise", "probe", "rtol", "atol", "largest honest error", "smallest mistake")
    for m in found:
        mistake = "none" if m.mistake == float("inf") else f"{m.mistake:.1e}"
        table.add_row(m.exercise, m.probe, f"{m.rtol:g}", f"{m.atol:g}", f"{m.honest:.1e}", mistake)
    table.caption = "Errors are in tolerances: 1 is at the edge."
    return table


def _table(verdicts: Sequence[Verdict]) -> Table:
    table = Table("name", "points", "bugs", "alternatives", "verdict")
    for verdict in verdicts:
        table.add_row(
            verdict.name,
            f"{verdict.points:g}",
            str(verdict.num_bugs or ""),
            str(verdict.num_alternatives or ""),
            "\n".join(verdict.problems) or "holds",
        )
    return table
