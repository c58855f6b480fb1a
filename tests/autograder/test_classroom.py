"""Tests for autograder.classroom and the command that grades a folder."""

import csv
import io

import pytest

from autograder.classroom import NoSubmissions, find_submissions
from autograder.publish import grades_csv
from autograder.results import Result
from autograder.samples import ASSIGNMENT, one_known_bug, perfect


def hand_in(folder, path, data=b"{}"):
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def found(folder):
    return {h.student: h.problem or h.path.name for h in find_submissions(folder, ASSIGNMENT)}


def test_nbgraders_layout_is_found(tmp_path):
    """The named notebook; or, renamed, the only one that there is."""
    hand_in(tmp_path, f"ada/{ASSIGNMENT}/{ASSIGNMENT}.ipynb")
    hand_in(tmp_path, f"ada/{ASSIGNMENT}/scratch.ipynb")
    hand_in(tmp_path, f"ben/{ASSIGNMENT}/final version (2).ipynb")
    hand_in(tmp_path, "cleo/another_assignment/x.ipynb")

    assert found(tmp_path) == {"ada": f"{ASSIGNMENT}.ipynb", "ben": "final version (2).ipynb"}


def test_a_flat_folder_is_found(tmp_path):
    """The student's name with or without the assignment's."""
    hand_in(tmp_path, "ada.ipynb")
    hand_in(tmp_path, f"ben_{ASSIGNMENT}.ipynb")
    hand_in(tmp_path, f"{ASSIGNMENT}-cleo.ipynb")

    assert set(found(tmp_path)) == {"ada", "ben", "cleo"}


def test_what_is_unclear_is_said_and_not_guessed(tmp_path):
    """No notebook, several, or two files of one student."""
    (tmp_path / "ada" / ASSIGNMENT).mkdir(parents=True)
    hand_in(tmp_path, f"ben/{ASSIGNMENT}/a.ipynb")
    hand_in(tmp_path, f"ben/{ASSIGNMENT}/b.ipynb")
    hand_in(tmp_path, "cleo.ipynb")
    hand_in(tmp_path, f"cleo_{ASSIGNMENT}.ipynb")
    (tmp_path / "dan").symlink_to(tmp_path / "ben")

    problems = found(tmp_path)

    assert "found none" in problems["ada"]
    assert "found a.ipynb, b.ipynb" in problems["ben"]
    assert "remove one" in problems["cleo"]
    assert "is a link" in problems["dan"]


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_submissions_is_refused(tmp_path, name):
    """The message says what was expected."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(NoSubmissions, match="expected"):
        find_submissions(tmp_path / name, ASSIGNMENT)


def test_a_name_that_a_spreadsheet_would_compute_stays_text():
    """A student's id is data, not a formula."""
    table = grades_csv(ASSIGNMENT, [Result("=1+1", ASSIGNMENT, "graded")])

    assert list(csv.reader(io.StringIO(table)))[1][0] == "'=1+1"


@pytest.fixture
def course(tmp_path):
    """A flat folder of two submissions."""
    folder = tmp_path / "handed"
    hand_in(folder, "ada.ipynb", perfect())
    hand_in(folder, "ben.ipynb", one_known_bug())
    return folder


def test_a_flat_folder_is_graded_beside_itself(run, course, isolation):
    """Everything lands in one folder; what was handed in stays as it was."""
    before = {path: path.read_bytes() for path in course.iterdir()}

    done = run("nnkit", "grade", str(course), "--assignment", ASSIGNMENT, "--isolation", isolation)

    assert done.code == 0, done.out + done.err
    assert {path: path.read_bytes() for path in course.iterdir()} == before
    out = course.with_name("handed-graded")
    assert {p.name for p in out.iterdir()} == {
        ".nnkit.lock", "attempts", "autograded", "course_key", "feedback", "gradebook.db",
        "grades.csv", "results",
    }  # fmt: skip
    with (out / "grades.csv").open(newline="") as file:
        assert [row["points"] for row in csv.DictReader(file)] == ["33", "31"]


def test_one_worker_or_two_give_the_same(run, course, isolation, tmp_path):
    """And the same inputs: the seed depends on key, student and attempt only."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    for name, workers in (("one", "1"), ("two", "2")):
        (tmp_path / name / "course_key").write_text("k" * 64)
        done = run(
            "nnkit", "grade", str(course), "--assignment", ASSIGNMENT, "--isolation", isolation,
            "--course", str(tmp_path / name), "--workers", workers,
        )  # fmt: skip
        assert done.code == 0, done.err

    one, two = (
        [
            Result.from_json((tmp_path / name / "results" / ASSIGNMENT / f"{s}.json").read_text())
            for s in ("ada", "ben")
        ]
        for name in ("one", "two")
    )
    assert [r.exercises for r in one] == [r.exercises for r in two]


BAD_CALLS = {
    "a missing folder": (["nowhere", "--assignment", ASSIGNMENT], "nowhere"),
    "an unknown assignment": (["handed", "--assignment", "99_x"], "got '99_x'"),
    "an unknown isolation": (
        ["handed", "--assignment", ASSIGNMENT, "--isolation", "none"],
        "bubblewrap or process, got 'none'",
    ),
    "a broken key": (["handed", "--assignment", ASSIGNMENT], "expected at least 32 characters"),
}


@pytest.mark.parametrize("case", BAD_CALLS)
def test_a_call_that_cannot_work_is_refused_before_anything_is_written(run, course, case):
    """One clear sentence, exit code 2, no half-written state."""
    arguments, message = BAD_CALLS[case]
    if case == "a broken key":
        out = course.with_name("handed-graded")
        out.mkdir()
        (out / "course_key").write_text("short")

    done = run("nnkit", "grade", *arguments, cwd=course.parent)

    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err
    written = {p.name for p in course.parent.rglob("*")} - {"handed", "ada.ipynb", "ben.ipynb"}
    assert written <= {"handed-graded", "course_key"}


def test_an_unreadable_file_is_named_and_the_rest_is_graded(run, course, isolation):
    """The exit code says that something is left to do."""
    hand_in(course, "cleo.ipynb", perfect()[:3000])

    done = run("nnkit", "grade", str(course), "--assignment", ASSIGNMENT, "--isolation", isolation)

    assert done.code == 1
    assert "cleo.ipynb: not a notebook" in done.out
    assert "2 of 3 graded" in done.out


def test_weak_isolation_is_said(run, course):
    """Whoever asks for less gets told what is missing."""
    done = run("nnkit", "grade", str(course), "--assignment", ASSIGNMENT, "--isolation", "process")

    assert done.code == 0, done.err
    assert "no walls" in done.out


def test_a_name_that_looks_like_markup_is_shown_as_it_is(run, tmp_path, isolation):
    """In the table, and where a file can't be read."""
    hand_in(tmp_path / "handed", "[bold]ada[red].ipynb", perfect())
    hand_in(tmp_path / "handed", "[ben].ipynb", b"nothing")

    done = run(
        "nnkit", "grade", str(tmp_path / "handed"), "--assignment", ASSIGNMENT,
        "--isolation", isolation,
    )  # fmt: skip

    assert done.code == 1, done.err
    assert "[bold]ada[red]" in done.out
    assert "not graded: [ben]: [ben].ipynb: not a notebook" in done.out
