"""The one program that runs student code. It lives inside the sandbox, where nothing else does.

It imports Python's standard library, NumPy and the files beside it; it knows no answer. Tasks come
in on standard input, some in a line of JSON; what later lines ask is not here yet. Each line's
tasks run in a forked process of their own, with its own limits, so that a crash, an endless loop
or a memory bomb costs no others. What the process says goes out behind a mark that it can't leave
out, so that it can't speak in our name.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import json
import os
import resource
import select
import signal
import sys
import time
import types
from typing import Any

SAID = b">"  # stands before a line that comes from the student's process
DONE = b'{"done": true}'
MAX_OUTPUT = 16_000_000  # bytes that one task may send
SET_DUMPABLE, SET_SECCOMP, SET_CHILD_SUBREAPER, SET_NO_NEW_PRIVS = 4, 22, 36, 38  # of prctl(2)


def main() -> None:
    answering_file, outcome_file, site_folder, uid, rules = sys.argv[1:6]
    sys.path.insert(0, site_folder)
    outcome: Any = module_from("outcome", outcome_file)
    answering: Any = module_from("answering", answering_file)
    volunteer_to_be_killed()
    become(int(uid))
    shut_out_own_children()
    for place in (os.__file__, outcome.np.__file__):
        open(place).close()  # students import more of both
    warm_up(outcome)
    answering.send(1, {"ready": True})
    untouched = writable_places()
    for line in sys.stdin.buffer:
        end = run_tasks(json.loads(line), answering, outcome, bytes.fromhex(rules))
        clean = bool(rules) and alone() and writable_places() == untouched
        answering.send(1, {"end": end, "clean": clean})
    os._exit(0)  # nothing to tidy up


def module_from(name: str, file: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def warm_up(outcome: Any) -> None:
    """Load what each task would load for itself, and spare it the garbage of doing so.

    NumPy loads its random generators when they are first used; a task took three times as long.
    """
    outcome.observe(lambda function, rng: function(rng.normal(size=2)), abs, 0)
    gc.collect()
    gc.freeze()


def volunteer_to_be_killed() -> None:
    """When the machine runs out of memory, the sandbox goes first."""
    if os.path.exists("/proc/self/oom_score_adj"):
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")


def become(uid: int) -> None:
    """Root gives itself up for a user that owns nothing; 0 stands for staying who we are."""
    if uid:  # the limit on processes doesn't bind root
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)


def shut_out_own_children() -> None:
    """Nobody of our own user may read our memory or use our pipes; orphans come back to us."""
    if sys.platform == "linux":
        prctl(SET_DUMPABLE, 0)
        prctl(SET_CHILD_SUBREAPER, 1)


def prctl(option: int, *values: Any) -> None:
    if ctypes.CDLL(None).prctl(option, *values, *[0] * (4 - len(values))):
        raise OSError(f"prctl({option}, {values}) was refused")


def alone() -> bool:
    """Is nothing else in this sandbox?"""
    return os.environ.get("NNKIT_ALONE") == "1"


def writable_places() -> list[tuple[int, ...]]:
    """What changes for good as soon as a file is made there, even one that was deleted again.

    The kernel refuses other things that outlive their maker, such as System V's shared memory.
    """
    found = map(os.stat, filter(os.path.exists, ("/tmp", "/dev/shm")))
    return [(place.st_mode, place.st_mtime_ns, place.st_ctime_ns) for place in found]


def run_tasks(asked: dict[str, Any], answering: Any, outcome: Any, rules: bytes) -> str:
    """Fork, let the child run the probes, pass on what it says until its time is up; say why."""
    tasks, limits = asked["tasks"], asked["limits"]
    for task in tasks:
        answering.compiled(task["probe_source"])  # before forking: for all students
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            confine(write_end, limits)
            refuse_calls(rules)
            answering.answer_all(tasks, write_end, outcome)
        finally:
            answering.write_all(write_end, DONE + b"\n")
            os._exit(0)
    os.close(write_end)
    end = pass_on(read_end, time.monotonic() + limits["seconds"], answering.write_all)
    os.close(read_end)
    kill_everything_else(child)
    return end


def pass_on(read_end: int, deadline: float, write_all: Any) -> str:
    """Copy the child's lines to standard output; say why it stopped."""
    sent, rest = 0, bytearray()
    while (left := deadline - time.monotonic()) > 0 and select.select([read_end], [], [], left)[0]:
        data = os.read(read_end, 65536)
        if not data:
            return "closed"  # killed, or it ended itself
        sent += len(data)
        if sent > MAX_OUTPUT:
            return "output"
        rest += data
        if b"\n" not in data:
            continue
        *lines, rest = rest.split(b"\n")
        for line in lines:
            if line == DONE:  # something that it started may still hold the pipe open
                return "done"
            write_all(1, SAID + line + b"\n")
    return "timeout"


def confine(write_end: int, limits: dict[str, float]) -> None:
    """Limits for the child, and nowhere to print to."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    os.closerange(3, write_end)
    os.closerange(write_end + 1, min(highest, 65536))
    for name, wanted in (
        ("RLIMIT_CPU", int(limits["seconds"]) + 1),
        ("RLIMIT_AS", int(limits["memory_mb"]) * 2**20),
        ("RLIMIT_FSIZE", int(limits["file_mb"]) * 2**20),
        ("RLIMIT_NOFILE", 64),
        ("RLIMIT_NPROC", int(limits["processes"]) + others_of_our_user()),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (value, value))


def others_of_our_user() -> int:
    """Threads outside: without walls the kernel counts them towards the limit on processes."""
    if alone() or not os.path.exists("/proc/self/task"):
        return 0
    count = 0
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            tasks = os.stat(f"/proc/{pid}/task")
        except OSError:  # it has ended
            continue
        count += tasks.st_nlink - 2 if tasks.st_uid == os.getuid() else 0
    return count


def refuse_calls(rules: bytes) -> None:
    """Hand the kernel a filter of system calls, from here on for this process and its children."""
    if rules:
        filters = ctypes.create_string_buffer(rules, len(rules))
        program = Program(len(rules) // 8, ctypes.addressof(filters))
        prctl(SET_NO_NEW_PRIVS, 1)
        prctl(SET_SECCOMP, 2, ctypes.byref(program))


class Program(ctypes.Structure):
    """The kernel's `sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def kill_everything_else(child: int) -> None:
    """The child and whatever it started. Inside the sandbox nothing else is there."""
    if alone():
        while True:
            try:
                os.kill(-1, signal.SIGKILL)
                os.waitpid(-1, 0)
            except (ProcessLookupError, ChildProcessError):
                return
    pids = [child]
    while pids:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        pids = orphans()


def orphans() -> list[int]:
    """Processes that came to us when those that had started them ended."""
    place = f"/proc/self/task/{os.getpid()}/children"
    if not os.path.exists(place):
        return []
    with open(place) as file:
        return [int(pid) for pid in file.read().split()]


if __name__ == "__main__":
    main()
