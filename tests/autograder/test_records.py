"""Tests for autograder.records and `nnkit replay`: what is kept is what was found."""

import json
from dataclasses import replace

import pytest

from autograder.grading import Settings, grade_bytes
from autograder.records import BrokenRecord, Records, what_changed
from autograder.samples import ASSIGNMENT, one_known_bug, perfect

KEY = b"k" * 64


@pytest.fixture(scope="module")
def graded(isolation):
    """Two graded attempts: a wrong one, and a right one."""
    settings = Settings(ASSIGNMENT, KEY, isolation)
    return [
        grade_bytes(data(), f"{ASSIGNMENT}.ipynb", "ada", settings)
        for data in (one_known_bug, perfect)
    ]


@pytest.fixture
def records(tmp_path, graded):
    """A course folder that holds both."""
    (tmp_path / "course_key").write_bytes(KEY)
    kept = Records(tmp_path, KEY)
    for result, notebook in graded:
        kept.keep(result, notebook)
        kept.count(result)
    return kept


def test_what_is_kept_comes_back(records, graded):
    """Results and notebooks; attempts in the order in which they were graded."""
    attempts = [result for result, _ in graded]

    assert records.attempts(ASSIGNMENT, "ada") == attempts
    assert records.counted(ASSIGNMENT) == attempts[-1:]
    assert [records.notebook(r) for r in attempts] == [notebook for _, notebook in graded]


@pytest.mark.parametrize("field", ["student", "points", "graded_at", "repairs"])
def test_a_changed_record_is_refused(records, graded, field):
    """Whoever has not got the key can't give points."""
    path = records.counted_path(graded[1][0])
    data = json.loads(path.read_text())
    data[field] = {"student": "ben", "points": 99, "graded_at": "", "repairs": ["x"]}[field]
    if field == "points":
        data["exercises"][0]["points"] = 99
    path.write_text(json.dumps(data))

    with pytest.raises(BrokenRecord, match="was changed after it was written"):
        records.read(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"signature": 3}', "\udcff", '{"student": 1'])
def test_a_file_that_is_no_record_is_refused(records, tmp_path, text):
    """It is said which file it is."""
    path = tmp_path / "broken.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(BrokenRecord, match=r"broken\.json: no record"):
        records.read(path)


def test_another_key_refuses_all(records, graded):
    """A record of another course is none of ours."""
    other = Records(records.course, b"x" * 64)

    assert other.attempts(ASSIGNMENT, "ada") == []
    with pytest.raises(BrokenRecord, match="another course key"):
        other.counted(ASSIGNMENT)


def test_what_changed_is_said_probe_by_probe(graded):
    """From wrong to right, and back."""
    (wrong, _), (right, _) = graded
    again = replace(right, attempt=wrong.attempt)

    assert list(what_changed(wrong, wrong)) == []
    points = wrong.report("softmax").points
    assert f"softmax: {points:g} → 5 points" in what_changed(wrong, again)
    assert any("failed before): passes" in said for said in what_changed(wrong, again))
    assert any("passed before): fails" in said for said in what_changed(again, wrong))
    assert list(what_changed(None, right)) == ["was not graded before"]


def test_replay_finds_the_same_result(records, graded, run):
    """By the number on the feedback page, and by the file."""
    attempt = graded[0][0].attempt

    by_number = run("nnkit", "replay", attempt[:12], "--course", str(records.course))
    path = records.course / "attempts" / ASSIGNMENT / "ada" / f"{attempt}.json"
    by_file = run("nnkit", "replay", str(path), "--course", str(records.course))

    assert by_number.code == by_file.code == 0, by_number.err + by_file.err
    assert "The same result" in by_number.out
    assert "31 points" in by_file.out


def test_replay_says_what_differs(records, graded, run):
    """A notebook that was changed after it was graded gives another result."""
    result, _ = graded[1]
    path = records.course / "attempts" / ASSIGNMENT / "ada" / f"{result.attempt}.ipynb"
    path.write_text(path.read_text().replace("shifted = logits -", "shifted = logits +"))

    done = run("nnkit", "replay", result.attempt[:12], "--course", str(records.course))

    assert done.code == 1
    assert "differs:" in done.out
    assert "softmax" in done.out


@pytest.mark.parametrize(("name", "folder"), [("ffff", "."), ("0", "nowhere")])
def test_replay_of_what_is_not_there_is_refused(records, run, name, folder):
    """One clear sentence."""
    done = run("nnkit", "replay", name, "--course", str(records.course / folder))

    assert done.code == 2
    assert "expected" in done.err
    assert "Traceback" not in done.err
