"""Every submission of the corpus gets exactly what it must get, and harms nobody.

A case is a file in `corpus/`. Its docstring says what it tries; `submission(solved, untouched)`
returns the notebook to hand in, as bytes or changed, or a function that makes the file; `POINTS`
are the points of the first four exercises, or None for a file that can't be read. It may also say
`STUDENTS`, `FILE_NAME`, `REPAIRS`, `HINTS` and `REASON`, texts that must appear, `ABSENT`, texts
that must not, and `ANSWER`, what must stand in the written answer.
"""

import os
import re
import runpy
import socket
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.feedback import feedback_page
from autograder.grading import Settings, grade_file
from autograder.key import probe_seed as attempt_seed
from autograder.rebuild import template
from autograder.results import Result
from autograder.samples import ASSIGNMENT
from autograder.sandbox import BUBBLEWRAP, best_level, close_idle
from autograder.tasks import Limits
from autograder.walls import free_uid
from course.build import as_bytes
from course.exercise import load_exercise
from course.outcome import probe_seed
from course.reference import reference, solution_source

CASES = {path.stem: path for path in sorted((Path(__file__).parent / "corpus").glob("*.py"))}
SECONDS = 3.0
MARKER = "nnkit-corpus-marker"  # stands in the command line of whatever a case starts


@pytest.fixture
def surroundings(handed, monkeypatch):
    """A home, a secret in the environment, and servers that nobody may reach."""
    monkeypatch.setenv("HOME", str(handed.canary / "home"))
    monkeypatch.setenv("NNKIT_SECRET", "canary in the environment")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(f"\0{MARKER}-{os.getpid()}")
        abstract.listen()
        (handed.canary / "port").write_text(str(tcp.getsockname()[1]))
        (handed.canary / "abstract").write_text(f"{MARKER}-{os.getpid()}")
        tcp.settimeout(0)
        abstract.settimeout(0)
        yield handed
        for server in (tcp, abstract):
            with pytest.raises(BlockingIOError):
                server.accept()


@pytest.mark.parametrize("name", CASES)
def test_case(name, surroundings, tmp_path):
    """Exact points, nothing left behind, nothing told that was hidden."""
    if best_level() != BUBBLEWRAP and name.startswith(("host_", "verdict_")):
        pytest.skip("bubblewrap is missing, and this could do harm without it")
    case = runpy.run_path(str(CASES[name]))
    submission = case["submission"](surroundings.solved, surroundings.untouched)
    before = contents(surroundings.canary)
    for student in case.get("STUDENTS", ["ada"]):
        path = tmp_path / "handed" / case.get("FILE_NAME", f"{ASSIGNMENT}.ipynb")
        hand_in(submission, path)
        settings = Settings(ASSIGNMENT, b"k" * 32, best_level(), Limits(seconds=SECONDS))
        start = time.monotonic()
        result, notebook = grade_file(path, student, settings)

        assert time.monotonic() - start < 60
        assert_verdict(case, result, notebook)
        assert_texts(case, result, notebook)
        assert_well_formed(result, notebook)
        assert_nothing_runs()
        assert contents(surroundings.canary) == before
        assert not hidden_numbers(result, student, settings) & numbers(feedback_page(result))


def hand_in(submission, path):
    path.parent.mkdir(exist_ok=True)
    if callable(submission):
        submission(path)
    else:
        path.write_bytes(submission if isinstance(submission, bytes) else submission.bytes())


def assert_verdict(case, result, notebook):
    if case["POINTS"] is None:
        assert result.status == "unreadable"
        assert case.get("REASON", "") in result.reason
        assert result.points == 0
    else:
        assert result.status == "graded", result.reason
        said = {r.exercise: [(p.name, p.message) for p in r.probes] for r in result.exercises}
        tried = result.exercises[: len(case["POINTS"])]
        assert [report.points for report in tried] == case["POINTS"], said
        for report in result.exercises[len(tried) :]:
            text = next(c.source for c in notebook.cells if c.id == report.exercise)
            is_right = text == solution_source(report.exercise)  # no case changes these
            assert report.points == report.max_points * is_right, said


def assert_texts(case, result, notebook):
    page = feedback_page(result)
    assert "<script" not in page
    for text in case.get("REPAIRS", ()):
        assert any(text in repair for repair in result.repairs), (text, result.repairs)
    for exercise, text in case.get("HINTS", {}).items():
        assert text in result.report(exercise).hint
    for text in case.get("ABSENT", ()):
        assert text not in page + result.to_json()
    answer = next(c.source for c in notebook.cells if c.id == "squares_for_exponentials")
    assert case.get("ANSWER", "") in answer


def assert_well_formed(result, notebook):
    """The record survives JSON; tests, points and order of the notebook are the course's own."""
    assert Result.from_json(result.to_json()) == result
    assert len(as_bytes(notebook)) > 1000
    nbformat.validate(notebook)
    own = {cell.id: cell for cell in template(ASSIGNMENT).cells}
    kept = [cell for cell in notebook.cells if cell.id in own]
    assert [cell.id for cell in kept] == list(own)
    assert all(cell.metadata == own[cell.id].metadata for cell in kept)
    assert all(
        cell.source == own[cell.id].source
        for cell in kept
        if not cell.metadata.get("nbgrader", {}).get("solution")
    )


def assert_nothing_runs():
    """The kernel needs a moment to end what was killed; a sandbox that waits is ours to end."""
    close_idle()
    deadline = time.monotonic() + 5
    while left_behind() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left_behind()


def left_behind():
    """Processes of the sandbox's user, or with the marker in their command line."""
    uid = free_uid()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            mine = process.stat().st_uid == uid or MARKER in (process / "cmdline").read_text()
            ended = "\nState:\tZ" in (process / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if mine and not ended:
            found.append(process)
    return found


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def numbers(page):
    """The numbers of a page that are precise enough to tell one input from another."""
    found = re.findall(r"(?<![\w.])\d+\.\d+(?:e[+-]?\d+)?", page)
    return {f"{float(n):.6g}" for n in found if len(re.sub(r"e.*|\D", "", n).lstrip("0")) >= 6}


def hidden_numbers(result, student, settings):
    """What hidden probes gave to the functions, written as a page would write it."""
    seen = []
    for name in (report.exercise for report in result.exercises):
        exercise = load_exercise(name)
        seed = attempt_seed(settings, name, student, result.attempt)

        def recorder(*args, name=name):
            seen.extend(np.abs(args[0]).ravel())
            return reference(name)(*args)

        for probe in exercise.probes:
            if probe.hidden:
                exercise.outcome(probe, recorder, seed)
                seen.append(probe_seed(seed, probe.name) % 10**6)
    return {f"{float(number):.6g}" for number in seen}
