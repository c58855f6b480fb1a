"""What runs in the process that is forked for a student: it defines functions and asks probes.

It lives in the sandbox beside the runner, which stays outside of this process and ends it. What
goes out are lines of JSON: what came of each probe, and what the student's lines did that may not
be done.
"""

from __future__ import annotations

import builtins
import functools
import json
import os
import sys
import types
from collections.abc import Iterator
from typing import Any

WATCHED = {"import", "compile", "exec", "open", "os.system", "subprocess.Popen", "ctypes.dlopen"}
MAX_USED = 20  # told of each task


@functools.cache
def compiled(probe_source: str) -> types.CodeType:
    return compile(probe_source, "<probes>", "exec")


def answer_all(tasks: list[dict[str, Any]], write_end: int, outcome: Any) -> None:
    """Of one task after the other, with a watch on what the student's lines do.

    `outcome` is what `course/outcome.py` makes a module.
    """
    sys.addaudithook((watch := Watch(write_end)).notice)
    provided = set(sys.modules)
    for task in tasks:
        for name in sys.modules.keys() - provided:
            del sys.modules[name]  # so that this task's own import of it is noticed, too
        probes: dict[str, Any] = {}
        exec(compiled(task["probe_source"]), probes)
        watch.begin(task["function"], task["may_import"])
        for said in answers(task, probes, outcome):
            send(write_end, {"function": task["function"], **said})


def answers(task: dict[str, Any], probes: dict[str, Any], outcome: Any) -> Iterator[dict[str, Any]]:
    """Define the student's function, run each probe on it, give what comes out."""
    function, trouble = defined(task["statements"], task["function"])
    for probe in task["probes"]:
        if function is None:
            result = outcome.Outcome(error=trouble)
        else:
            try:
                ask = probes[probe["name"]]
                result = outcome.observe(ask, function, probe["seed"], probe["given"])
            except BaseException as error:  # KeyboardInterrupt costs what any other error does
                result = outcome.Outcome(error=type(error).__name__)
        value = outcome.encode(result.value)
        yield {"probe": probe["name"], "error": result.error, "line": result.line, "value": value}


class Watch:
    """Tells what a student's own lines import or run as text; Python lets nobody remove it.

    A module that is loaded already can be had unnoticed; the text of the answer shows that.
    """

    def __init__(self, fd: int) -> None:
        self.fd, self.left = fd, 0

    def begin(self, function: str, may_import: list[str]) -> None:
        self.function, self.may_import, self.left = function, may_import, MAX_USED

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
            told = {"used": what, "cell": int(place[6:-1]), "line": frame.f_lineno}
            send(self.fd, {"function": self.function, **told})


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


def send(fd: int, message: dict[str, Any]) -> None:
    write_all(fd, (json.dumps(message) + "\n").encode())


def write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]
