"""Tests for autograder.workers: parallel, resumable, and robust against workers that die."""

import contextlib
import copy
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import pytest

from autograder import grading, policy, workers
from autograder.classroom import find_submissions
from autograder.grading import Settings
from autograder.records import Records
from autograder.samples import ASSIGNMENT, cut_off, one_known_bug, perfect, untouched
from autograder.tasks import Limits
from autograder.workers import (
    AHEAD,
    GradingInterrupted,
    Pool,
    dask_workers,
    grade_all,
    own_workers,
    run_tasks,
)

KEY = b"k" * 64
WORK = {"ada": perfect, "ben": one_known_bug, "cleo": cut_off, "dan": untouched}
POINTS = {"ada": 33, "ben": 31, "cleo": 0, "dan": 0}


def hand_in(course, student, data):
    path = course / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@contextlib.contextmanager
def one_thread(make=ThreadPoolExecutor):
    with make(1) as executor:
        yield Pool(executor, lambda: 1)


@pytest.fixture
def classroom(tmp_path, isolation, monkeypatch):
    """A function that grades a small class; it returns points, and counts what was graded."""
    for student, data in WORK.items():
        hand_in(tmp_path, student, data())
    graded, grade_bytes = [], workers.grade_bytes

    def counted(data, name, student, settings):
        graded.append(student)
        return grade_bytes(data, name, student, settings)

    monkeypatch.setattr(workers, "grade_bytes", counted)

    def grade(pool=one_thread, seconds=5.0, **options):
        graded.clear()
        settings = Settings(ASSIGNMENT, KEY, isolation, Limits(seconds=seconds))
        handed = find_submissions(tmp_path / "submitted", ASSIGNMENT)
        results = grade_all(handed, settings, Records(tmp_path, KEY), pool, **options)
        return {result.student: result.points for result in results}

    grade.graded = graded
    grade.folder = tmp_path
    return grade


def test_what_is_graded_is_not_graded_again(classroom):
    """Unless the work, the conditions or the wish of the instructor changed."""
    assert classroom() == POINTS
    assert sorted(classroom.graded) == sorted(WORK)

    assert classroom() == POINTS
    assert classroom.graded == ["cleo"]  # nothing was kept of what can't be read

    assert classroom(seconds=6.0) == POINTS
    assert sorted(classroom.graded) == sorted(WORK)

    hand_in(classroom.folder, "dan", perfect())
    assert classroom(seconds=6.0) == {**POINTS, "dan": 33}
    assert sorted(classroom.graded) == ["cleo", "dan"]

    assert classroom(seconds=6.0, again=True) == {**POINTS, "dan": 33}
    assert sorted(classroom.graded) == sorted(WORK)


def test_a_new_rule_or_a_new_lesson_is_another_condition(classroom, monkeypatch):
    """What an answer may use decides its points, and so may what the lesson gives."""
    classroom()
    monkeypatch.setattr(policy, "course_table", lambda: {"policy": {"cost": "exercise"}})
    classroom()
    assert sorted(classroom.graded) == sorted(WORK)

    given = copy.deepcopy(grading.template(ASSIGNMENT))
    given.cells[2].source += "\n# changed"
    assert given.cells[2].cell_type == "code"
    monkeypatch.setattr(grading, "template", lambda assignment: given)
    classroom()
    assert sorted(classroom.graded) == sorted(WORK)


def test_a_pool_that_breaks_is_replaced_and_nothing_is_lost(classroom):
    """What was graded before it broke is kept."""
    breaks = [2, 1]

    class Breaking(ThreadPoolExecutor):
        def __init__(self, number):
            super().__init__(number)
            self.left = breaks.pop() if breaks else 99

        def submit(self, *task):
            self.left -= 1
            if self.left < 0:
                raise BrokenProcessPool("a worker died")
            return super().submit(*task)

    assert classroom(lambda: one_thread(Breaking)) == POINTS


def test_workers_that_always_die_are_given_up_on(classroom):
    """The message says what is kept and what to do."""

    class Broken(ThreadPoolExecutor):
        def submit(self, *task):
            raise BrokenProcessPool("a worker died")

    with pytest.raises(GradingInterrupted, match="0 of 4 submissions are graded and kept"):
        classroom(lambda: one_thread(Broken))


def test_a_fault_of_the_grader_is_said_and_stops_nobody_else(classroom, monkeypatch):
    """There are no points for it, and the reason says whose fault it is."""
    works = workers.grade_bytes

    def fails(data, name, student, settings):
        if student == "ben":
            raise ZeroDivisionError("by our mistake")
        return works(data, name, student, settings)

    monkeypatch.setattr(workers, "grade_bytes", fails)
    handed = find_submissions(classroom.folder / "submitted", ASSIGNMENT)
    settings = Settings(ASSIGNMENT, KEY, "process", Limits(seconds=5.0))
    results = grade_all(handed, settings, Records(classroom.folder, KEY), one_thread)

    assert {r.student: r.points for r in results} == {**POINTS, "ben": 0}
    (ben,) = (result for result in results if result.student == "ben")
    assert ben.status == "unreadable"
    assert re.search("the grader itself failed .*by our mistake; test_workers.py, line", ben.reason)


def test_processes_do_the_work(classroom, monkeypatch):
    """Fresh interpreters; the results are the same."""
    monkeypatch.undo()  # what counts lives in this process only
    settings = Settings(ASSIGNMENT, KEY, "process", Limits(seconds=5.0))
    handed = find_submissions(classroom.folder / "submitted", ASSIGNMENT)
    records = Records(classroom.folder, KEY)
    results = grade_all(handed[:2], settings, records, lambda: own_workers(2))

    assert [result.points for result in results] == [33, 31]


def test_a_run_that_was_killed_goes_on_where_it_was(classroom, run, isolation):
    """Nothing is half-written, nothing stays behind, and the end is that of a calm run."""
    folder = classroom.folder
    for i in range(8):
        hand_in(folder, f"more{i}", one_known_bug())
    command = [
        "nnkit", "grade", str(folder / "submitted"), "--assignment", ASSIGNMENT,
        "--isolation", isolation, "--workers", "2",
    ]  # fmt: skip
    program = [sys.executable, "-c", "from autograder.cli import main; main()", *command[1:]]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, start_new_session=True)
    kept = folder / "attempts" / ASSIGNMENT
    give_up = time.monotonic() + 120
    while len(list(kept.glob("*/*.json"))) < 3 and time.monotonic() < give_up:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    first = {path: path.stat().st_mtime_ns for path in kept.glob("*/*.json")}
    assert 3 <= len(first) < 11

    done = run(*command)

    assert done.code == 1, done.err  # one can't be read
    assert "11 of 12 graded" in done.out
    assert {path: path.stat().st_mtime_ns for path in first} == first
    assert len(list(kept.glob("*/*.json"))) == 11
    assert not list(folder.glob(".nnkit-desk-*"))


def test_two_gradings_of_one_course_are_refused(classroom, run, isolation):
    """The second says so, and writes nothing."""
    folder = classroom.folder
    with (folder / ".nnkit.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = run(
            "nnkit", "grade", str(folder / "submitted"), "--assignment", ASSIGNMENT,
            "--isolation", isolation,
        )  # fmt: skip

    assert done.code == 2
    assert "another `nnkit grade` is at work" in done.err
    assert not (folder / "gradebook.db").exists()


def test_no_more_is_read_than_the_workers_soon_take():
    """So memory doesn't grow with the class; when workers join a cluster, more is."""
    size, kept, ahead = [1], [], []

    def tasks():
        for i in range(40):
            ahead.append(i - len(kept))
            size[0] = 1 if i < 20 else 3
            yield partial(divmod, i, 7)

    @contextlib.contextmanager
    def pool():
        with ThreadPoolExecutor(1) as executor:
            yield Pool(executor, lambda: size[0])

    run_tasks(tasks(), pool, lambda *graded: kept.append(graded))

    assert len(kept) == 40
    assert max(ahead[:20]) <= AHEAD < max(ahead[20:]) <= 3 * AHEAD


@pytest.fixture
def dask(tmp_path):
    """A function that starts a scheduler or a worker, in a real process of its own."""
    pytest.importorskip("distributed", reason="Dask is not installed")
    programs = []

    def start(*arguments):
        command = [Path(sys.executable).with_name("dask"), *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        programs.append(subprocess.Popen(command, cwd=tmp_path, **quiet))
        return programs[-1]

    yield start
    for program in programs:
        program.kill()
        program.wait()


def scheduler_address(file):
    give_up = time.monotonic() + 60
    while not file.exists() and time.monotonic() < give_up:
        time.sleep(0.1)
    return json.loads(file.read_text())["address"]


def test_a_dask_worker_that_is_killed_loses_nothing(classroom, dask, isolation, monkeypatch):
    """What it was grading is graded by the other one; nothing is there twice."""
    monkeypatch.undo()  # what counts lives in this process only
    folder, file = classroom.folder, classroom.folder / "scheduler.json"
    for i in range(8):
        hand_in(folder, f"more{i}", one_known_bug())
    dask("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    address = scheduler_address(file)
    options = ["--nthreads", "1", "--no-dashboard", "--no-nanny"]
    doomed, _ = [dask("worker", address, *options) for _ in range(2)]
    settings = Settings(ASSIGNMENT, KEY, isolation, Limits(seconds=5.0))
    seen = []

    def kill_one(student):
        seen.append(student)
        if len(seen) == 3:
            doomed.kill()

    results = grade_all(
        find_submissions(folder / "submitted", ASSIGNMENT), settings, Records(folder, KEY),
        lambda: dask_workers(address), progress=kill_one,
    )  # fmt: skip

    assert doomed.wait() == -signal.SIGKILL
    points = {result.student: result.points for result in results}
    assert points == {**POINTS, **{f"more{i}": 31 for i in range(8)}}
    assert sorted(seen) == sorted(points)
    assert len(list((folder / "attempts").glob("*/*/*.json"))) == 11


def test_a_scheduler_that_is_not_there_is_said(classroom):
    """And nothing is graded."""
    pytest.importorskip("distributed", reason="Dask is not installed")

    with pytest.raises(OSError, match="Timed out"):
        classroom(lambda: dask_workers("tcp://127.0.0.1:9", timeout="1s"))
