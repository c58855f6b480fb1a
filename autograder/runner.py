"""The one program that runs student code. It lives inside the sandbox, where nothing else does.

It imports Python's standard library, NumPy and the text of `course/outcome.py`; it knows no
answer. Tasks come in on standard input, a line of JSON each; what later tasks ask is not here
yet. Each task runs in a forked process of its own, with its own limits, so that a crash, an
endless loop or a memory bomb costs only that task. What the process says goes out behind a mark
that it can't leave out, so that it can't speak in our name.
"""

from __future__ import annotations

import builtins
import ctypes
import functools
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
WATCHED = {"import", "compile", "exec", "open", "os.system", "subprocess.Popen", "ctypes.dlopen"}
MAX_OUTPUT = 16_000_000  # bytes that one task may send
compiled = functools.cache(compile)
SET_DUMPABLE, SET_SECCOMP, SET_CHILD_SUBREAPER, SET_NO_NEW_PRIVS = 4, 22, 36, 38  # of prctl(2)


def main() -> None:
    outcome_file, site_folder, uid, rules = sys.argv[1:5]
    sys.path.insert(0, site_folder)
    outcome: Any = module_from(outcome_file)
    volunteer_to_be_killed()
    become(int(uid))
    shut_out_own_children()
    for place in (os.__file__, outcome.np.__file__):
        open(place).close()  # students import more of both
    warm_up(outcome)
    send(1, {"ready": True})
    untouched = writable_places()
    for line in sys.stdin.buffer:
        end = run_task(json.loads(line), outcome, bytes.fromhex(rules))
        send(1, {"end": end, "clean": bool(rules) and alone() and writable_places() == untouched})
    os._exit(0)  # nothing to tidy up


def module_from(file: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location("outcome", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["outcome"] = module
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


def run_task(task: dict[str, Any], outcome: Any, rules: bytes) -> str:
    """Fork, let the child run the probes, pass on what it says until its time is up; say why."""
    read_end, write_end = os.pipe()
    compiled(task["probe_source"], "<probes>", "exec")  # before forking: for all students
    child = os.fork()
    if child == 0:
        os.close(read_end)
        try:
            confine(write_end, task["limits"])
            refuse_calls(rules)
            run_probes(task, write_end, outcome)
        finally:
            write_all(write_end, DONE + b"\n")
            os._exit(0)
    os.close(write_end)
    end = pass_on(read_end, time.monotonic() + task["limits"]["seconds"])
    os.close(read_end)
    kill_everything_else(child)
    return end


def pass_on(read_end: int, deadline: float) -> str:
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


def run_probes(task: dict[str, Any], write_end: int, outcome: Any) -> None:
    """Define the student's function, run each probe on it, send what comes out."""
    probes: dict[str, Any] = {}
    exec(compiled(task["probe_source"], "<probes>", "exec"), probes)
    observe, encode, refused = outcome.observe, outcome.encode, outcome.Outcome
    sys.addaudithook(Watch(write_end, frozenset(task["may_import"])).notice)
    function, trouble = defined(task["statements"], task["function"])
    for probe in task["probes"]:
        if function is None:
            result = refused(error=trouble)
        else:
            try:
                result = observe(probes[probe["name"]], function, probe["seed"], probe["given"])
            except BaseException as error:  # KeyboardInterrupt costs what any other error does
                result = refused(error=type(error).__name__)
        said = {"probe": probe["name"], "error": result.error, "line": result.line}
        send(write_end, {**said, "value": encode(result.value)})


class Watch:
    """Tells what a student's own lines import or run as text; Python lets nobody remove it.

    A module that is loaded already can be had unnoticed; the text of the answer shows that.
    """

    def __init__(self, fd: int, may_import: frozenset[str]) -> None:
        self.fd, self.may_import, self.left = fd, may_import, 20

    def notice(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in WATCHED or not self.left:
            return
        frame = sys._getframe(1)
        while event == "import" and frame.f_back and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        place = frame.f_code.co_filename
        what = f"import {arguments[0]}" if event == "import" else event
        if event == "import" and str(arguments[0]).split(".")[0] in self.may_import:
            return
        if place.startswith("<cell ") and place[6:-1].isdecimal():
            self.left -= 1
            send(self.fd, {"used": what, "cell": int(place[6:-1]), "line": frame.f_lineno})


def defined(statements: list[dict[str, Any]], name: str) -> tuple[Any, str]:
    """What has that name after the student's statements ran, and the last error among them.

    In a notebook cells can be run in any order. So one that fails is passed over, and tried again
    when others have run; a decorator, for example, may stand further down.
    """
    sys.modules["__main__"] = types.ModuleType("__main__")
    namespace = vars(sys.modules["__main__"])
    provide_what_only_shows()
    waiting, trouble = statements, "NameError"
    while waiting:
        failed = []
        for statement in waiting:
            code = "\n" * (statement["line"] - 1) + statement["code"]
            try:
                exec(compile(code, f"<cell {statement['cell']}>", "exec"), namespace)
            except BaseException as error:
                trouble = type(error).__name__
                failed.append(statement)
        if len(failed) == len(waiting):
            break
        waiting = failed
    return namespace.get(name), trouble


class ForShow(types.ModuleType):
    """Stands for a package that only shows things: whatever is asked of it does nothing."""

    __path__: list[str] = []  # noqa: RUF012  # what makes a module a package

    def __getattr__(self, name: str) -> ForShow:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> ForShow:
        return self

    def __iter__(self) -> Any:
        return iter((self, self))  # fig, ax = plt.subplots()

    def __getitem__(self, key: Any) -> ForShow:
        return self

    def __enter__(self) -> ForShow:
        return self

    def __exit__(self, *error: object) -> None:
        pass


def provide_what_only_shows() -> None:
    """A plot or a progress bar that was left in a function shall not cost a point."""
    builtins.display = ForShow("display")  # type: ignore[attr-defined]  # as IPython has it
    for name in ("matplotlib", "matplotlib.pyplot", "IPython", "IPython.display"):
        sys.modules[name] = ForShow(name)
    for name in ("tqdm", "tqdm.auto", "tqdm.notebook"):
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(tqdm=lambda rows, **kwargs: rows, trange=range)


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


def send(fd: int, message: dict[str, Any]) -> None:
    write_all(fd, (json.dumps(message) + "\n").encode())


def write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


if __name__ == "__main__":
    main()
