"""Run student functions where they can do no harm, and bring back plain values.

The normal case is bubblewrap: no network, a read-only system, a private /tmp and a process space
of its own, inside it one Python with NumPy and the probes. Nothing of the course, the gradebook
or another submission is in there. The weaker level, "process", has the limits but no walls.
"""

from __future__ import annotations

import contextlib
import functools
import json
import multiprocessing.util
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder import answering, runner
from autograder.tasks import Finding, Limits, Question, Task
from autograder.walls import bubblewrap_command, environment, free_uid, process_command
from course.outcome import Outcome, decode

BUBBLEWRAP, PROCESS = "bubblewrap", "process"
LEVELS = (BUBBLEWRAP, PROCESS)
Kind = tuple[str, str | None]  # level, and the variant of bubblewrap's
MAX_BYTES = 2 * runner.MAX_OUTPUT  # that one task may send, before the grader stops listening
START_SECONDS = 30.0  # for starting Python
END_SECONDS = 1.0  # for ending by itself
PART_FOR_SEVERAL = 0.25  # of the time of one task
SPARE_SECONDS = 3.0  # for the runner, which stops a task itself when its time is up
HELP = (
    "bubblewrap can't run here. Debian and Ubuntu: `sudo apt-get install bubblewrap`; Fedora: "
    "`sudo dnf install bubblewrap`. Ubuntu 24.04 also needs an AppArmor profile for bwrap, Docker "
    "`--security-opt seccomp=unconfined --security-opt apparmor=unconfined`. "
    "On macOS and Windows grade inside Linux (WSL 2, a virtual machine or a container)."
)


class SandboxUnavailable(RuntimeError):
    """The isolation that was asked for can't be had on this machine."""


class Sandbox:
    """Asks tasks, those of one call together in a process; it knows nothing of those that follow.

    It starts with the first call. What brings the sandbox down loses only its own call: the next
    gets a new one. Starting costs more than a task, so a sandbox in which nothing was left serves
    those that come later, too. Behind walls a process that made no file has left nothing.
    """

    def __init__(self, limits: Limits, level: str, variant: str | None = None) -> None:
        self._limits, self._level, self._variant = limits, level, variant
        self._used = 0.0  # seconds
        self._runner: _Runner | None = None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *error: object) -> None:
        if self._runner and self._runner.clean:
            _idle.put(self._kind(), self._runner)
        elif self._runner:
            self._runner.close()

    def ask(self, *tasks: Task) -> dict[str, Finding]:
        """Run tasks in one process, under the limits of one; the findings by function.

        Several have a part of its time: who needs more is to be asked alone. When the submission's
        time is used up, each has run out of time.
        """
        if not tasks or self._used > self._limits.submission_seconds:
            return {task.function: Finding(end="timeout") for task in tasks}
        start = time.monotonic()
        waited = None if self._runner else _idle.take(self._kind())
        self._runner = self._runner or waited or _Runner(*self._kind())
        seconds = tasks[0].seconds or self._limits.seconds
        seconds = seconds if len(tasks) == 1 else self._limits.seconds * PART_FOR_SEVERAL
        findings = self._runner.answer(tasks, replace(self._limits, seconds=seconds))
        self._used += time.monotonic() - start
        if any(finding.end == "gone" for finding in findings.values()):
            self._runner.close()
            self._runner = None
            if waited and not any(f.outcomes for f in findings.values()):  # died as it waited
                return self.ask(*tasks)
        return findings

    def _kind(self) -> Kind:
        if self._level == PROCESS:
            return PROCESS, None
        return BUBBLEWRAP, self._variant or bubblewrap_variant()


class _Runner:
    """The conversation with the runner: one line to it, many lines back."""

    def __init__(self, level: str, variant: str | None) -> None:
        self._started = contextlib.ExitStack()
        self._process = process = self._started.enter_context(_started(level, variant))
        assert process.stdin
        assert process.stdout
        self._input, self._output = process.stdin, process.stdout
        self._rest = bytearray()
        self.clean = True
        deadline = time.monotonic() + START_SECONDS
        if not any(_parsed(line).get("ready") for line in self._lines(deadline)):
            self.close()
            raise SandboxUnavailable(
                "expected the sandbox to start, but it ended or said nothing for "
                f"{START_SECONDS:.0f} s; run `nnkit doctor` to see what this machine offers"
            )

    def close(self) -> None:
        self._started.close()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def answer(self, tasks: Sequence[Task], limits: Limits) -> dict[str, Finding]:
        findings, clean = {task.function: Finding() for task in tasks}, False
        wanted = {(task.function, probe.name) for task in tasks for probe in task.probes}
        deadline = time.monotonic() + limits.seconds + SPARE_SECONDS
        asked = {"tasks": list(map(_plain, tasks)), "limits": vars(limits)}
        with contextlib.suppress(BrokenPipeError):  # then there is no line either
            self._input.write(json.dumps(asked).encode() + b"\n")
            self._input.flush()
        for line in self._lines(deadline):
            if not line.startswith(runner.SAID):
                said = _parsed(line)
                clean = said["clean"] is True
                for finding in findings.values():
                    finding.end = str(said["end"])
                break
            _note(_parsed(line.removeprefix(runner.SAID)), wanted, findings)
        self.clean = self.clean and clean
        return findings

    def _lines(self, deadline: float) -> Iterator[bytes]:
        """What the runner prints, line by line, until it ends, is too slow or says too much."""
        received = 0
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            while received <= MAX_BYTES and selector.select(max(0.0, deadline - time.monotonic())):
                data = os.read(self._output.fileno(), 1 << 16)
                if not data:
                    break
                received += len(data)
                self._rest += data
                if b"\n" in data:
                    *lines, self._rest = self._rest.split(b"\n")
                    yield from map(bytes, lines)


class _Thread:
    """Is there as long as a thread is."""


class _Idle(threading.local):
    """Sandboxes that wait for their next user, each of the thread that started it.

    The kernel ends a sandbox with the thread that started it. Before that, when a thread or a
    process ends, they are closed.
    """

    def __init__(self) -> None:
        self.runners: dict[Kind, _Runner] = {}
        self.thread = _Thread()
        multiprocessing.util.Finalize(self.thread, _close_all, (self.runners,), exitpriority=0)

    def take(self, kind: Kind) -> _Runner | None:
        found = self.runners.pop(kind, None)
        if found is None or found.is_running:
            return found
        found.close()
        return None

    def put(self, kind: Kind, idle: _Runner) -> None:
        before = self.runners.pop(kind, None)
        if before is not None:
            before.close()
        self.runners[kind] = idle


def close_idle() -> None:
    """End the sandboxes of this thread that wait."""
    _close_all(_idle.runners)


def _close_all(runners: dict[Kind, _Runner]) -> None:
    while runners:
        runners.popitem()[1].close()


_idle = _Idle()


def check_level(level: str) -> None:
    """Raise `SandboxUnavailable` unless this machine offers that level of isolation."""
    if level == BUBBLEWRAP and bubblewrap_variant() is None:
        raise SandboxUnavailable(HELP)


def best_level() -> str:
    """The strongest level that this machine offers."""
    return PROCESS if bubblewrap_variant() is None else BUBBLEWRAP


def _plain(task: Task) -> dict[str, Any]:
    return {**vars(task), "probes": list(map(vars, task.probes))}


def _note(
    message: dict[str, Any], wanted: set[tuple[str, str]], findings: dict[str, Finding]
) -> None:
    """Take over one line of a student's process; whatever does not fit is left out."""
    with contextlib.suppress(ValueError, KeyError, TypeError, IndexError, OverflowError,
                             AttributeError, MemoryError, RecursionError):  # fmt: skip
        finding = findings[message["function"]]
        if "used" in message:
            if len(finding.used) < answering.MAX_USED:
                place = int(message["cell"]), int(message["line"])
                finding.used.append((str(message["used"])[:60], *place))
            return
        error, line = message["error"], message["line"]
        if (message["function"], message["probe"]) in wanted:
            finding.outcomes[message["probe"]] = Outcome(
                value=decode(message["value"]),
                error=None if error is None else str(error)[:60],
                line=line if type(line) is int and 0 < line < 10**6 else None,
            )


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


@contextlib.contextmanager
def _started(level: str, variant: str | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The runner's process; it and everything in its group is killed afterwards."""
    with contextlib.ExitStack() as stack:
        folder = "/"
        if level == PROCESS:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nnkit-"))
        command, environment = _command(level, variant, Path(folder))
        # root's user namespace would keep root's rights to files such as those of /proc/sys
        user = free_uid() if variant == "user" and os.getuid() == 0 else None
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The runner ends with its input, and then bubblewrap, which has waited for it.

    Killed at once, bubblewrap would leave the runner's remains to process 1, and until that takes
    them they count as processes of the user that the next sandbox runs as.
    """
    assert process.stdin
    assert process.stdout
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()


def _command(level: str, variant: str | None, folder: Path) -> tuple[list[str], dict[str, str]]:
    if level == PROCESS:
        return process_command(folder), environment()
    if variant is None:
        raise SandboxUnavailable(HELP)
    return bubblewrap_command(variant), {**environment(), "NNKIT_ALONE": "1"}


@functools.cache
def bubblewrap_variant() -> str | None:
    """How bubblewrap works here, found by really asking something in it; None if it doesn't."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return None
    trial = Task("f", ({"code": "f = int", "cell": 1, "line": 1},), "def p(f, rng): return f(7)",
                 (Question("p", 0),))  # fmt: skip
    for variant in ("root", "user") if os.getuid() == 0 else ("user",):
        with Sandbox(Limits(), BUBBLEWRAP, variant) as sandbox:
            try:
                if sandbox.ask(trial)["f"].outcomes == {"p": Outcome(7)}:
                    return variant
            except SandboxUnavailable:
                continue
    return None
