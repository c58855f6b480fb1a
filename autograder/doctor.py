"""`nnkit doctor`: what this machine offers, and whether the sandbox holds on it."""

from __future__ import annotations

import contextlib
import getpass
import importlib.metadata
import inspect
import os
import platform
import shutil
import subprocess
import textwrap
import time
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table

from autograder.bait import Bait, Seen, cpu_seconds
from autograder.breakouts import ATTEMPTS, UNTRIED, Attempt, to_run, verdict
from autograder.sandbox import BUBBLEWRAP, HELP, LEVELS, PROCESS, Sandbox, best_level
from autograder.tasks import Question, Task
from course.outcome import Outcome, encode

PACKAGES = {  # what it is for, where it is optional: how to install it
    "nnkit": "", "numpy": "", "jupyterlab": "", "nbgrader": "",
    "numba": "faster training: pip install 'nnkit[fast]'",
    "distributed": "grading on a cluster: pip install 'nnkit[dask]'",
}  # fmt: skip
PROBE = """
def attempt(program, rng, facts):
    try:
        return program(facts)
    except (OSError, ImportError) as error:
        return type(error).__name__
"""


@dataclass(frozen=True)
class Row:
    """What came of one attempt."""

    attempt: Attempt
    through: str  # what got through the wall
    promised: bool

    @property
    def held(self) -> bool:
        return not self.through

    @property
    def result(self) -> str:
        if self.through.startswith(UNTRIED):
            words = "not tried"
        else:
            words = "held" if self.held else "did not hold" if self.promised else "went through"
        return words if self.promised else f"{words} (not promised at this level)"


def examine(level: str, console: Console) -> bool:
    """Try to break out of the sandbox at that level; say whether everything promised held."""
    if level not in LEVELS:
        raise ValueError(f"expected --isolation {' or '.join(LEVELS)}, got {level!r}")
    console.print(machine_table())
    available = best_level()
    if available == PROCESS:
        console.print(f"[bold]{_what_is_missing()}[/] {HELP}\n", highlight=False)
    if level == BUBBLEWRAP != available:
        console.print(
            "Nothing was tried. `nnkit doctor --isolation process` examines the weaker level.",
            highlight=False,
        )
        return False
    rows = []
    with contextlib.ExitStack() as stack:
        bait, status = Bait(stack), stack.enter_context(console.status(""))
        for attempt in to_run(level):
            status.update(f"trying to {attempt.what}")
            rows.append(tried(attempt, level, bait))
    console.print(rows_table(rows))
    return _conclusion(rows, level, console)


def machine_table() -> Table:
    """Versions, user and levels of isolation."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in (
        ("system", f"{platform.platform()}, {os.cpu_count()} processors"),
        ("Python", platform.python_version()),
        *((name, _version(name, remedy)) for name, remedy in PACKAGES.items()),
        ("bubblewrap", _bubblewrap_version()),
        ("user", _user()),
        ("isolation", _levels()),
    ):
        table.add_row(name, value)
    return table


def tried(attempt: Attempt, level: str, bait: Bait) -> Row:
    """Run one attempt in a sandbox of its own, and look at what it has done outside."""
    begun, used = time.monotonic(), cpu_seconds()
    with bait.watch() as watch, Sandbox(attempt.limits, level) as sandbox:
        (finding,) = sandbox.ask(_task(attempt, bait)).values()
    outcome = finding.outcomes.get("attempt", Outcome())
    seen = Seen(
        told=outcome.value,
        error=outcome.error or "",
        end=finding.end,
        seconds=time.monotonic() - begun,
        cpu_seconds=cpu_seconds() - used,
        **bait.found(outcome.value, watch),
    )
    return Row(attempt, verdict(attempt, seen), level in attempt.promised)


def rows_table(rows: list[Row]) -> Table:
    """One row for each attempt."""
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column("a student's program tries to", ratio=3)
    table.add_column("the wall", ratio=3)
    table.add_column("what got through", ratio=3, overflow="fold")
    for row in rows:
        style = "green" if row.held else "bold red" if row.promised else "yellow"
        table.add_row(row.attempt.what, f"[{style}]{row.result}[/]", row.through)
    return table


def _conclusion(rows: list[Row], level: str, console: Console) -> bool:
    promised = [row for row in rows if row.promised]
    held = sum(row.held for row in promised)
    console.print(f"{held} of {len(promised)} promises of {level} held.", highlight=False)
    if left_out := [a.what for a in ATTEMPTS if a not in [row.attempt for row in rows]]:
        console.print(f"Not tried without walls: {', '.join(left_out)}.", highlight=False)
    if level == PROCESS:
        console.print(
            "This level has limits, but no walls around files, network and other processes. "
            "Don't use it for work of people you don't know.",
            highlight=False,
        )
    if held < len(promised):
        console.print(
            "[bold red]Don't grade here[/] until every promise holds; what got through stands "
            "in the table.",
            highlight=False,
        )
    return held == len(promised)


def _task(attempt: Attempt, bait: Bait) -> Task:
    program = attempt.program
    code = {"code": textwrap.dedent(inspect.getsource(program)), "cell": 1, "line": 1}
    return Task(program.__name__, (code,), PROBE, (Question("attempt", 1, encode(bait.facts)),))


def _version(package: str, remedy: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return f"not installed ({remedy})" if remedy else "not installed"


def _bubblewrap_version() -> str:
    if shutil.which("bwrap") is None:
        return "not installed"
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        command = ["bwrap", "--version"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
        return done.stdout.split()[-1] if done.stdout.split() else "gives no version"
    return "can't be run"


def _user() -> str:
    if os.getuid() == 0:
        return "root: an ordinary user is safer, and enough where bubblewrap works for one"
    try:
        return f"{getpass.getuser()}, an ordinary user"
    except (OSError, KeyError):
        return f"number {os.getuid()}, an ordinary user"


def _levels() -> str:
    best = best_level()
    return ", ".join(
        f"{level} ({'works' if level in (best, PROCESS) else 'missing'})" for level in LEVELS
    )


def _what_is_missing() -> str:
    if shutil.which("bwrap") is None:
        return "The program bwrap is not there:"
    return "bwrap is installed, but this machine doesn't let it work:"
