"""The one program that runs student code. It lives inside the sandbox, where nothing else does.

It imports Python's standard library, NumPy and the text of `course/outcome.py`; it knows no
answer. A job comes in on standard input as JSON; one JSON line goes out for every probe. Each
exercise runs in a forked process of its own, with its own limits, so that a crash, an endless
loop or a memory bomb costs only that exercise.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any

DONE = b'{"done": true}\n'
MAX_OUTPUT = 32_000_000  # bytes that one exercise may send


def main() -> None:
    outcome_file, site_folder, uid = sys.argv[1:4]
    sys.path.insert(0, site_folder)
    job = json.loads(sys.stdin.buffer.read())
    spec = importlib.util.spec_from_file_location("outcome", outcome_file)
    assert spec
    assert spec.loader
    outcome = importlib.util.module_from_spec(spec)
    sys.modules["outcome"] = outcome
    spec.loader.exec_module(outcome)
    volunteer_to_be_killed()
    become(int(uid))
    say({"ready": True})
    for exercise in job["exercises"]:
        run_exercise(exercise, job["limits"], outcome)


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


def run_exercise(exercise: dict[str, Any], limits: dict[str, float], outcome: Any) -> None:
    """Fork, let the child run the probes, pass on what it says until its time is up."""
    say({"exercise": exercise["name"], "begin": True})
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            confine(write_end, limits)
            run_probes(exercise, write_end, outcome)
        except BaseException as error:  # not the student's fault, unless they meddle with ours
            send(write_end, {"broken": type(error).__name__, "why": str(error)})
        finally:
            write_all(write_end, DONE)
            os._exit(0)
    os.close(write_end)
    end = pass_on(read_end, time.monotonic() + limits["seconds"])
    os.close(read_end)
    kill_everything_else(child)
    say({"exercise": exercise["name"], "end": end})


def pass_on(read_end: int, deadline: float) -> str:
    """Copy the child's lines to standard output; say why it stopped."""
    sent = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([read_end], [], [], left)[0]:
            return "timeout"
        data = os.read(read_end, 65536)
        if not data:
            return "closed"  # killed, or it ended itself
        sent += len(data)
        if sent > MAX_OUTPUT:
            return "output"
        write_all(1, data)
        if data.endswith(DONE):  # something that it started may still hold the pipe open
            return "done"


def confine(write_end: int, limits: dict[str, float]) -> None:
    """Limits for the child, and nowhere to print to."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    os.closerange(3, write_end)
    os.closerange(write_end + 1, min(highest, 65536))
    cpu = int(limits["seconds"]) + 1
    for name, value in (
        ("RLIMIT_CPU", cpu),
        ("RLIMIT_AS", int(limits["memory_mb"]) * 2**20),
        ("RLIMIT_FSIZE", int(limits["file_mb"]) * 2**20),
        ("RLIMIT_NOFILE", 64),
        ("RLIMIT_NPROC", int(limits["processes"])),
        ("RLIMIT_CORE", 0),
    ):
        resource.setrlimit(getattr(resource, name), (value, value))


def run_probes(exercise: dict[str, Any], write_end: int, outcome: Any) -> None:
    """Define the student's function, run each probe on it, send what comes out."""
    probes: dict[str, Any] = {}
    exec(compile(exercise["probe_source"], "<probes>", "exec"), probes)
    observe, encode = outcome.observe, outcome.encode
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for number, statement in enumerate(exercise["statements"]):
        try:
            exec(compile(statement["code"], statement["file"], "exec"), namespace)
        except BaseException as error:
            send(write_end, {"failed_statement": number, "error": type(error).__name__})
    function = namespace.get(exercise["function"])
    for name in exercise["probes"]:
        if function is None:
            result = outcome.Outcome(error="NameError")
        else:
            result = observe(probes[name], function, exercise["seed"])
        line = {
            "probe": name,
            "value": encode(result.value),
            "error": result.error,
            "line": result.line,
        }
        send(write_end, line)


def kill_everything_else(child: int) -> None:
    """The child and whatever it started. Inside the sandbox nothing else is there."""
    if os.environ.get("NNKIT_ALONE") == "1":
        while True:
            try:
                os.kill(-1, signal.SIGKILL)
                os.waitpid(-1, 0)
            except (ProcessLookupError, ChildProcessError):
                return
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def say(message: dict[str, Any]) -> None:
    send(1, message)


def send(fd: int, message: dict[str, Any]) -> None:
    write_all(fd, (json.dumps(message) + "\n").encode())


def write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


if __name__ == "__main__":
    main()
