"""Tests for `nnkit doctor`: it says what held, and it notices when a wall is missing."""

import contextlib
import io
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from rich.console import Console

from autograder import bait, doctor, escapes, walls
from autograder.bait import Bait, Seen
from autograder.breakouts import ATTEMPTS, Attempt, to_run, verdict
from autograder.doctor import examine, machine_table, tried
from autograder.sandbox import BUBBLEWRAP, HELP, PROCESS, best_level

BEHIND_WALLS = Seen(processes=4, memory_mb=300, marked=(1000,))
ENDS = {"stopped_in_time": {"end": "timeout"}, "output_was_cut": {"end": "output"}}
MISSING = {  # by program: what is seen when its wall is not there
    "tcp": {"connections": 1},
    "abstract_socket": {"connections": 1},
    "read_canaries": {"secrets": ("/somewhere/canary",)},
    "read_checkout": {"secrets": ("autograder/grading.py",)},
    "import_reference": {"secrets": ("nnkit",)},
    "own_environment": {"secrets": ("an environment variable",)},
    "environment_of_others": {"secrets": ("an environment variable",)},
    "write_canaries": {"changed": ("/somewhere/canary",)},
    "orphan": {"left": 1},
    "memory": {"memory_mb": 1200},
    "processes": {"processes": 44},
    "kill_parent": {"end": "gone", "told": None},
    "kill_other": {"other_alive": False},
    "become_root": {"marked": (0,)},
    "compute_without_end": {"end": "done", "told": "ended by itself"},
    "wait_without_end": {"end": "timeout", "seconds": 20.0},
    "flood": {"end": "done", "told": 2**26},
    "large_file": {"told": 2**25},
    "many_files": {"told": 96 * 2**20},
    "trace_runner": {"told": "traced"},
    "memory_of_runner": {"told": "read"},
}
needs_bubblewrap = pytest.mark.skipif(best_level() != BUBBLEWRAP, reason="bubblewrap is missing")


def name(attempt):
    return attempt.program.__name__


def seen_behind_walls(attempt):
    return replace(BEHIND_WALLS, **ENDS.get(attempt.judge.__name__, {}))


def recording():
    """A console whose text can be asked for."""
    return Console(width=2000, record=True, file=io.StringIO())


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A home and a course folder of the test's own."""
    for place in ("home", "course"):
        (tmp_path / place).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "course")
    yield
    assert not list(tmp_path.glob("*/*")) + list(tmp_path.glob("*/.*"))  # all was taken away


@pytest.fixture
def laid_out(places):
    """What doctor lays out there."""
    with contextlib.ExitStack() as stack:
        yield Bait(stack)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=name)
def test_each_judge_notices_that_its_wall_is_missing(attempt):
    """And has nothing to say where the wall stands."""
    held = seen_behind_walls(attempt)

    assert verdict(attempt, held) == ""
    assert verdict(attempt, replace(held, **MISSING[name(attempt)]))


@pytest.mark.parametrize("attempt", [a for a in ATTEMPTS if a.comes_back], ids=name)
def test_an_attempt_that_could_not_be_made_proves_nothing(attempt):
    """A program that failed before it tried must not look like a wall that held."""
    failed = replace(seen_behind_walls(attempt), told=None, error="NameError")

    assert "could not be made: NameError" in verdict(attempt, failed)


@pytest.mark.parametrize("program", ["orphan", "become_root"])
def test_a_process_that_nobody_saw_proves_nothing(program):
    """Its end, or its user, is judged from outside."""
    attempt = next(a for a in ATTEMPTS if name(a) == program)

    assert "could not be made" in verdict(attempt, replace(BEHIND_WALLS, marked=()))


def test_every_program_is_tried():
    """Adding one is adding a row."""
    programs = {n for n, f in vars(escapes).items() if callable(f)}

    assert {name(attempt) for attempt in ATTEMPTS} == programs == set(MISSING)


@needs_bubblewrap
def test_every_promise_of_bubblewrap_holds_here(run, tmp_path):
    """The whole command, on this very machine; it leaves nothing behind."""
    done = run("nnkit", "doctor", cwd=tmp_path)

    assert done.code == 0, done.out + done.err
    assert f"{len(ATTEMPTS)} of {len(ATTEMPTS)} promises of bubblewrap held" in done.out
    assert list(tmp_path.iterdir()) == []


def test_without_walls_it_says_what_was_never_promised(places):
    """Files can be read and changed at level "process"; that is no failure of it."""
    console = recording()

    assert examine(PROCESS, console)

    text = console.export_text()
    assert "went through (not promised at this level)" in text
    assert "Not tried without walls: start many processes" in text
    assert "no walls around files, network" in text


@pytest.mark.parametrize(
    "program", ["read_canaries", "read_checkout", "import_reference", "write_canaries"]
)
def test_what_walls_stop_goes_through_without_them(laid_out, program):
    """The attempts are real ones: they succeed where nothing stands in their way."""
    attempt = next(a for a in to_run(PROCESS) if name(a) == program)

    assert tried(attempt, PROCESS, laid_out).through


@pytest.mark.parametrize("program", ["tcp", "abstract_socket"])
def test_a_connection_is_noticed_by_the_server(laid_out, program, monkeypatch):
    """Without walls only the kernel's filter stops it; here that is taken away, too."""
    monkeypatch.setattr(walls, "seccomp_program", lambda: b"")
    attempt = next(a for a in ATTEMPTS if name(a) == program)

    assert tried(attempt, PROCESS, laid_out).through == "the server got 1 connection(s)"


def test_a_process_that_outlives_the_sandbox_is_noticed_and_ended(monkeypatch, laid_out):
    """Judged by the machine's list of processes, not by what a program says."""
    monkeypatch.setattr(bait, "GRACE_SECONDS", 0.1)
    code = (
        "import sys, time\nopen('/proc/self/comm', 'w').write(sys.argv[1])\n"
        "print('ready', flush=True)\ntime.sleep(60)"
    )
    command = [sys.executable, "-I", "-c", code, laid_out.facts["mark"]]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as orphan, laid_out.watch() as watch:
        orphan.stdout.readline()
        time.sleep(0.2)

        found = laid_out.found("", watch)
        laid_out.end_marked()

        assert orphan.wait(timeout=10) < 0
    assert found["left"] == 1
    assert found["marked"] == (os.getuid(),)
    assert laid_out.found("", watch)["left"] == 0


def test_a_promise_that_is_broken_fails_the_command(monkeypatch, places):
    """Exit code 1, with what got through."""
    broken = Attempt("touch what it may not", escapes.read_checkout, lambda seen: "got through",
                     promised=(PROCESS,))  # fmt: skip
    monkeypatch.setattr(doctor, "to_run", lambda level: [broken])
    console = recording()

    assert not examine(PROCESS, console)

    text = console.export_text()
    assert "did not hold" in text
    assert "got through" in text
    assert "Don't grade here" in text


def test_a_missing_level_is_said_with_its_remedy_and_nothing_is_tried(monkeypatch):
    """Not even at the weaker level: that has to be asked for by name."""
    monkeypatch.setattr(doctor, "best_level", lambda: PROCESS)
    monkeypatch.setattr(doctor.shutil, "which", lambda program: None)
    console = recording()

    assert not examine(BUBBLEWRAP, console)

    text = console.export_text()
    assert "The program bwrap is not there" in text
    assert HELP in text
    assert "Nothing was tried" in text


def test_an_unknown_level_is_refused(run):
    """With the levels that there are."""
    done = run("nnkit", "doctor", "--isolation", "none")

    assert done.code == 2
    assert "bubblewrap or process" in done.err


def test_the_machine_is_described():
    """Versions, the user, and which levels there are."""
    console = recording()
    console.print(machine_table())
    text = console.export_text()

    for word in ("numpy", "bubblewrap", "user", "process (works)"):
        assert word in text
