"""Tests for `nnkit demo`: the whole way on sample work."""

import csv
import json

import pytest

from autograder.results import Result
from autograder.samples import ASSIGNMENT, SAMPLES

EXPECTED = {  # softmax, log_softmax, cross_entropy, cross_entropy_backward
    "ada": ["5", "5", "5", "7"],
    "ben": ["0", "0", "0", "0"],
    "cleo": ["4", "5", "5", "6"],
    "dan": ["5", "0", "0", "7"],
    "eve": ["5", "5", "0", "7"],
    "fay": ["", "", "", ""],
}


@pytest.fixture(scope="module")
def rows(demo):
    with (demo.course / "grades.csv").open(newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def result(demo, student):
    path = demo.course / "results" / ASSIGNMENT / f"{student}.json"
    return Result.from_json(path.read_text())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.student)
def test_each_sample_gets_its_exact_score(rows, sample):
    """Exercise by exercise, worked out by hand."""
    row = rows[sample.student]
    exercises = ["softmax", "log_softmax", "cross_entropy", "cross_entropy_backward"]

    assert [row[name] for name in exercises] == EXPECTED[sample.student]
    assert row["points"] == ("" if sample.points is None else f"{sample.points:g}")


def test_the_table_names_each_student_with_hint_and_isolation(demo, isolation):
    """What a newcomer sees first."""
    assert all(sample.student in demo.out for sample in SAMPLES)
    assert demo.out.count(isolation) >= len(SAMPLES)
    assert "A feedback page: " in demo.out


def test_a_known_bug_gets_its_hint(demo):
    """cleo subtracts the maximum of the whole batch."""
    softmax = result(demo, "cleo").report("softmax")

    assert softmax.bug == "global_max"
    assert "Each row needs its own maximum" in softmax.hint


def test_what_only_suffers_from_another_function_says_so(demo):
    """dan's cross_entropy calls a log_softmax that Python can't read."""
    assert "calls your log_softmax" in result(demo, "dan").report("cross_entropy").hint
    assert "never closed in line" in result(demo, "dan").report("log_softmax").hint


def test_a_split_cell_is_joined_and_said(demo):
    """It costs nothing."""
    assert result(demo, "dan").repairs == (
        "The cell softmax was there 2 times; the pieces were joined.",
    )


def test_an_endless_loop_costs_its_own_exercise_only(demo):
    """And says what happened."""
    assert "time limit" in result(demo, "eve").report("cross_entropy").hint
    assert result(demo, "eve").report("cross_entropy_backward").passed


def test_a_damaged_file_is_reported_and_the_class_goes_on(demo):
    """Not graded is not 0 points."""
    damaged = result(demo, "fay")

    assert damaged.status == "unreadable"
    assert "cut off" in damaged.reason


def test_every_record_says_how_it_was_graded(demo, isolation):
    """Isolation, versions and the attempt stand in each JSON file."""
    for path in (demo.course / "results" / ASSIGNMENT).iterdir():
        record = json.loads(path.read_text())
        assert record["isolation"] == isolation
        assert record["numpy_version"]
        assert record["status"] == "unreadable" or len(record["attempt"]) == 64


def test_a_folder_in_use_is_left_alone(run, tmp_path):
    """The demo never writes among somebody's files."""
    (tmp_path / "mine").write_text("mine")

    done = run("nnkit", "demo", "--keep", str(tmp_path))

    assert done.code == 2
    assert "not empty" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
