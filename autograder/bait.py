"""What `nnkit doctor` lays out for the programs in the sandbox, and what it then finds outside."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nnkit
from course.table import CHECKOUT

PROC = Path("/proc")
GRACE_SECONDS = 2.0  # for a killed process to be gone


@dataclass(frozen=True)
class Seen:
    """What was seen of one attempt. Only `told` comes from inside the sandbox."""

    told: Any = "tried"
    error: str = ""  # of an attempt that did not come to its end
    end: str = "done"
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    connections: int = 0
    secrets: tuple[str, ...] = ()  # which of them came out
    changed: tuple[str, ...] = ()  # canaries and their folders
    other_alive: bool = True  # the process that nobody may kill
    processes: int = 0  # at most, at one time
    memory_mb: int = 0  # at most, of one process
    marked: tuple[int, ...] = ()  # the users that ran a process with the mark
    left: int = 0  # processes with the mark, after the end


class Bait:
    """Servers, files, secrets and a process that no student's program may reach.

    Attributes
    ----------
    facts : dict
        All that an attempt is told: where to look, never what is there.
    """

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._mark = "nnkit" + secrets.token_hex(4)
        self._servers = [
            stack.enter_context(_server(socket.AF_INET, ("127.0.0.1", 0))),
            stack.enter_context(_server(socket.AF_UNIX, "\0" + self._mark)),
        ]
        self._canaries = list(_canaries(stack))
        self._states = self._canary_states()
        variable = secrets.token_hex(16)
        self._other = stack.enter_context(_sleeping_process({"NNKIT_DOCTOR": variable}))
        stack.enter_context(_variable("NNKIT_DOCTOR", variable))
        self._secrets = {
            **{str(path): text for path, (text, *_) in self._states.items()},
            "an environment variable": variable,
            "autograder/grading.py": _hash(CHECKOUT / "autograder" / "grading.py"),
            "nnkit": _hash(Path(str(nnkit.__file__))),
        }
        stack.callback(self.end_marked)
        self.facts: dict[str, Any] = {
            "port": self._servers[0].getsockname()[1],
            "mark": self._mark,
            "canaries": [str(path) for path in self._canaries],
            "checkout": str(CHECKOUT),
            "packages": [str(CHECKOUT), str(Path(str(nnkit.__file__)).parents[1])],
            "pids": [self._other.pid, os.getpid()],
        }

    def found(self, told: Any, watch: Watch) -> dict[str, Any]:
        """What has happened outside since the last attempt."""
        left = self._left()
        return {
            "connections": sum(_connections(server) for server in self._servers),
            "secrets": tuple(n for n, secret in self._secrets.items() if secret in repr(told)),
            "changed": tuple(self._changed()),
            "other_alive": self._other.poll() is None,
            "processes": watch.processes,
            "memory_mb": watch.memory // 2**20,
            "marked": tuple(sorted(watch.users)),
            "left": left,
        }

    def watch(self) -> Watch:
        return Watch(self._mark, self._other.pid)

    def end_marked(self) -> None:
        """End what a missing wall has left behind."""
        for pid in _marked(self._mark):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def _changed(self) -> list[str]:
        before, self._states = self._states, self._canary_states()
        return [str(path) for path, state in self._states.items() if state != before[path]]

    def _canary_states(self) -> dict[Path, tuple[str, int, list[str]]]:
        """Text, mode and neighbours of each canary."""
        return {
            path: (
                path.read_text() if path.exists() else "",
                path.stat().st_mode if path.exists() else 0,
                sorted(os.listdir(path.parent)),
            )
            for path in self._canaries
        }

    def _left(self) -> int:
        deadline = time.monotonic() + GRACE_SECONDS
        while (left := len(_marked(self._mark))) and time.monotonic() < deadline:
            time.sleep(0.02)
        return left


class Watch:
    """Counts this process's descendants from outside while an attempt runs.

    Attributes
    ----------
    processes, memory : int
        The most at one time, and the most bytes that one of them was promised.
    users : set of int
        Who ran processes that bear the mark.
    """

    def __init__(self, mark: str, besides: int) -> None:
        self.processes = self.memory = 0
        self.users: set[int] = set()
        self._mark, self._besides = mark, besides
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.01):
            pids = _descendants(os.getpid(), self._besides)
            self.processes = max(self.processes, len(pids))
            for pid in pids:
                with contextlib.suppress(OSError, ValueError, IndexError):
                    pages = int((PROC / str(pid) / "statm").read_text().split()[0])
                    self.memory = max(self.memory, pages * os.sysconf("SC_PAGE_SIZE"))
            self.users |= set(_marked(self._mark).values())


def cpu_seconds() -> float:
    """What ended children have used so far."""
    times = os.times()
    return times.children_user + times.children_system


def _descendants(pid: int, besides: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        for task in PROC.glob(f"{waiting.pop()}/task/*/children"):
            with contextlib.suppress(OSError):
                children = [int(child) for child in task.read_text().split()]
                waiting += [child for child in children if child != besides]
                found += [child for child in children if child != besides]
    return found


def _marked(mark: str) -> dict[int, int]:
    """Processes of this machine that have named themselves so, and their users."""
    found = {}
    for place in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError, StopIteration):
            if (place / "comm").read_text().strip() == mark:
                lines = (place / "status").read_text().splitlines()
                state, user = (
                    next(line.split()[1] for line in lines if line.startswith(name))
                    for name in ("State:", "Uid:")
                )
                if state not in "ZX":  # ended, but not yet noticed by its parent
                    found[int(place.name)] = int(user)
    return found


@contextlib.contextmanager
def _server(family: int, address: Any) -> Iterator[socket.socket]:
    with socket.socket(family) as server:
        server.bind(address)
        server.listen(8)
        server.setblocking(False)
        yield server


def _connections(server: socket.socket) -> int:
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def _canaries(stack: contextlib.ExitStack) -> Iterator[Path]:
    """A file with a secret in the home, in this folder (the course's) and among others' files."""
    for place in dict.fromkeys((Path.home(), Path.cwd(), Path(tempfile.gettempdir()))):
        with contextlib.suppress(OSError):  # there are users without a home
            folder = stack.enter_context(
                tempfile.TemporaryDirectory(prefix=".nnkit-doctor-", dir=place)
            )
            os.chmod(folder, 0o777)
            canary = Path(folder, "canary")
            canary.write_text(secrets.token_hex(16))
            canary.chmod(0o666)
            yield canary


@contextlib.contextmanager
def _sleeping_process(extra: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"],
        env={**os.environ, **extra},
        stdin=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
