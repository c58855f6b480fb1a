"""Run student functions where they can do no harm, and bring back plain values.

The normal case is bubblewrap: no network, a read-only system, a private /tmp and a process space
of its own, inside it one Python with NumPy and the probes. Nothing of the course, the gradebook
or another submission is in there. The weaker level, "process", has the limits but no walls.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import course.outcome
from autograder import runner
from course.outcome import Outcome, decode

BUBBLEWRAP, PROCESS = "bubblewrap", "process"
LEVELS = (BUBBLEWRAP, PROCESS)
MAX_BYTES = 100_000_000  # that one whole submission may send
SPARE_SECONDS = 5.0  # for starting Python, beside the exercises' own time
FIRST_FREE_UID = 61184  # nobody's; root hands each sandbox a user of its own
HELP = (
    "bubblewrap can't run here. Debian and Ubuntu: `sudo apt-get install bubblewrap`; Fedora: "
    "`sudo dnf install bubblewrap`. Ubuntu 24.04 also needs an AppArmor profile for bwrap, Docker "
    "`--security-opt seccomp=unconfined --security-opt apparmor=unconfined`. "
    "On macOS and Windows grade inside Linux (WSL 2, a virtual machine or a container)."
)


class SandboxUnavailable(RuntimeError):
    """The isolation that was asked for can't be had on this machine."""


@dataclass(frozen=True)
class Limits:
    """What one exercise may use."""

    seconds: float = 10.0
    memory_mb: int = 2048
    file_mb: int = 16
    processes: int = 32


@dataclass(frozen=True)
class Task:
    """One function to run: statements that define it, probes that ask it."""

    name: str
    function: str
    statements: tuple[dict[str, Any], ...]
    probe_source: str
    probes: tuple[str, ...]
    seed: int


@dataclass
class Finding:
    """What came out of the sandbox for one task: untrusted, but plain data."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    failed_statements: dict[int, str] = field(default_factory=dict)
    end: str = "missing"


def run(tasks: Iterable[Task], limits: Limits, level: str) -> dict[str, Finding]:
    """Run tasks one after the other in one sandbox, in order.

    A task that brings the whole sandbox down loses only itself: the rest gets a new one.
    """
    waiting = list(tasks)
    findings = {task.name: Finding() for task in waiting}
    while waiting:
        begun = _run_once(waiting, limits, level, findings)
        if not begun:
            break
        waiting = waiting[begun:]
    return findings


def check_level(level: str) -> None:
    """Raise `SandboxUnavailable` unless this machine offers that level of isolation."""
    if level == BUBBLEWRAP and _bubblewrap_variant() is None:
        raise SandboxUnavailable(HELP)


def best_level() -> str:
    """The strongest level that this machine offers."""
    return PROCESS if _bubblewrap_variant() is None else BUBBLEWRAP


def _run_once(tasks: list[Task], limits: Limits, level: str, findings: dict[str, Finding]) -> int:
    """One sandbox; fill in what it says; return how many tasks were begun."""
    job = {"exercises": [asdict(task) for task in tasks], "limits": asdict(limits)}
    seconds = SPARE_SECONDS + len(tasks) * (limits.seconds + 1)
    begun, current = 0, None
    with _started(level) as process:
        for line in _lines(process, json.dumps(job).encode(), seconds):
            message = _parsed(line)
            if message.get("begin"):
                begun += 1
                current = findings.get(str(message.get("exercise")))
            elif current is not None:
                _note(message, current)
    return begun


def _note(message: dict[str, Any], finding: Finding) -> None:
    """Take over one line from the sandbox; whatever does not fit is left out."""
    with contextlib.suppress(ValueError, KeyError, TypeError, IndexError, OverflowError,
                             AttributeError, MemoryError, RecursionError):  # fmt: skip
        if "end" in message:
            finding.end = str(message["end"])[:20] if finding.end == "missing" else finding.end
        elif "broken" in message:
            finding.end = "broken"
        elif "failed_statement" in message:
            finding.failed_statements[int(message["failed_statement"])] = str(message["error"])[:60]
        elif "probe" in message:
            error, line = message["error"], message["line"]
            finding.outcomes[str(message["probe"])[:100]] = Outcome(
                value=decode(message["value"]),
                error=None if error is None else str(error)[:60],
                line=line if isinstance(line, int) and 0 < line < 10**6 else None,
            )


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _lines(process: subprocess.Popen[bytes], job: bytes, seconds: float) -> Iterator[bytes]:
    """What the sandbox prints, line by line, until it ends, is too slow or says too much."""
    assert process.stdin
    assert process.stdout
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(job)
        process.stdin.close()
    deadline, received, rest = time.monotonic() + seconds, 0, b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while received <= MAX_BYTES and selector.select(max(0.0, deadline - time.monotonic())):
            data = os.read(process.stdout.fileno(), 1 << 16)
            if not data:
                break
            received += len(data)
            *lines, rest = (rest + data).split(b"\n")
            yield from lines


@contextlib.contextmanager
def _started(level: str, variant: str | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The runner's process; it and everything in its group is killed afterwards."""
    with tempfile.TemporaryDirectory(prefix="nnkit-") as folder:
        command, environment = _command(level, variant, Path(folder))
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(BrokenPipeError):
                    stream.close()  # type: ignore[union-attr]
            process.wait()


def _command(level: str, variant: str | None, folder: Path) -> tuple[list[str], dict[str, str]]:
    environment = {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
    }
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # the machine's own BLAS settings
        if name in os.environ:
            environment[name] = os.environ[name]
    python = os.path.realpath(sys.executable)
    numpy_folder = Path(np.__file__).parent
    if level == PROCESS:
        for part in _numpy_parts(numpy_folder):
            (folder / part.name).symlink_to(part)
        files = [runner.__file__, course.outcome.__file__, str(folder), "0"]
        return [python, "-I", "-S", *files], environment
    environment["NNKIT_ALONE"] = "1"
    variant = variant or _bubblewrap_variant()
    if variant is None:
        raise SandboxUnavailable(HELP)
    walls = _bubblewrap(variant, numpy_folder)
    uid = str(FIRST_FREE_UID + os.getpid() % 4000) if variant == "root" else "0"
    inside = ["/grader/runner.py", "/grader/outcome.py", "/grader/site", uid]
    return [*walls, python, "-I", "-S", *inside], environment


ROOT_VARIANT = [
    "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
    "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
]  # fmt: skip
VARIANTS = {"root": ROOT_VARIANT, "user": ["--unshare-all"]}


def _bubblewrap(variant: str, numpy_folder: Path) -> list[str]:
    """The walls: what the sandbox sees of this machine, all of it read-only."""
    prefix = Path(sys.base_prefix)
    command = ["bwrap", *VARIANTS[variant], "--die-with-parent", "--new-session"]
    for place in ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin"):
        if Path(place).is_symlink():
            command += ["--symlink", os.readlink(place), place]
        elif Path(place).exists():
            command += ["--ro-bind", place, place]
    for passage in (*reversed(prefix.parents), Path("/grader"), Path("/grader/site")):
        command += ["--perms", "0755", "--dir", str(passage)]  # others may pass through
    if not prefix.is_relative_to("/usr"):
        command += ["--ro-bind", str(prefix), str(prefix)]
    for hidden in _folders_to_hide(prefix):
        command += ["--tmpfs", hidden, "--remount-ro", hidden]
    for part in _numpy_parts(numpy_folder):
        command += ["--ro-bind", str(part), f"/grader/site/{part.name}"]
    command += ["--ro-bind", runner.__file__, "/grader/runner.py"]
    command += ["--ro-bind", course.outcome.__file__, "/grader/outcome.py"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for place, size in (("/dev/shm", 2**26), ("/tmp", 2**26)):
        command += ["--perms", "1777", "--size", str(size), "--tmpfs", place]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]


def _folders_to_hide(prefix: Path) -> list[str]:
    """Folders under what is shown that hold other packages, this project, or people's files."""
    shown = [Path("/usr"), prefix]
    packages = {Path(sysconfig.get_path(name, vars={"base": str(prefix), "platbase": str(prefix)}))
                for name in ("purelib", "platlib")}  # fmt: skip
    packages |= set(Path("/usr").glob("lib/python3*/*-packages"))
    packages |= set(Path("/usr").glob("local/lib/python3*/*-packages"))
    private = {Path(course.outcome.__file__).parents[1], Path.cwd(), Path.home()}
    hidden = {
        str(folder)
        for folder in packages | private
        if folder.is_dir()
        and any(folder.is_relative_to(place) for place in shown)
        and not any(place.is_relative_to(folder) for place in shown)
    }
    return sorted(hidden)


def _numpy_parts(numpy_folder: Path) -> list[Path]:
    return [p for p in (numpy_folder, numpy_folder.with_name("numpy.libs")) if p.exists()]


@functools.cache
def _bubblewrap_variant() -> str | None:
    """How bubblewrap works here, found by really starting the runner in it; None if it doesn't."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return None
    for variant in ("root", "user") if os.getuid() == 0 else ("user",):
        job = json.dumps({"exercises": [], "limits": asdict(Limits())}).encode()
        with _started(BUBBLEWRAP, variant) as process:
            if any(_parsed(line).get("ready") for line in _lines(process, job, 20.0)):
                return variant
    return None
