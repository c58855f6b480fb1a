"""Tests for autograder.exports, and for the command that writes them."""

import csv
import io
import json

import pytest

from autograder.exports import Headings, canvas_csv, gradescope_results, moodle_csv, plain_csv
from autograder.results import Result
from autograder.samples import ASSIGNMENT, SAMPLES
from course.verdict import ProbeResult, Report

HEADINGS = Headings("SIS Login ID", "Softmax (1234)")
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}  # of the specification
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
KEYS = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format",
    "tags", "visibility", "extra_data",
}  # fmt: skip


def graded(student, *exercises, **more):
    return Result(student, ASSIGNMENT, "graded", exercises=exercises, **more)


def answer(exercise, points, most, hint=""):
    """A visible probe, which has the points, and a hidden one that failed."""
    right, message = points == most - 1, "it is 4 times ours"
    probes = (
        ProbeResult("p", "is right", points, most - 1, right, False, message),
        ProbeResult("q", "is right for 0 rows", 0, 1, False, True, "at index (3, 7)"),
    )  # fmt: skip
    return Report(exercise, points, most, hint, "", probes)


ADA = graded("ada", answer("f", 2.5, 4), answer("g", 1, 2))
BEN = graded("ben", answer("f", 0, 4, "Look at f."), answer("g", 1, 2), repairs=("It was split.",))
FAY = Result("fay", ASSIGNMENT, "unreadable", reason="cut off")
EVIL = graded('=HYPERLINK("x"),\n', answer("f", 1, 4))


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def test_canvas_gets_its_columns_and_the_row_of_possible_points():
    """As in the guide: five columns that say who, then the assignment; ID is Canvas's number."""
    assert rows(canvas_csv([ADA, BEN, FAY], HEADINGS)) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Softmax (1234)"],
        ["Points Possible", "", "", "", "", "6"],
        ["ada", "", "", "ada", "", "3.5"],
        ["ben", "", "", "ben", "", "1"],
    ]


def test_canvas_reads_the_students_where_the_instructor_says():
    """The number of Canvas itself, for instance."""
    table = rows(canvas_csv([graded("1042", answer("f", 1, 4))], Headings("ID", "Softmax")))

    assert table[2] == ["1042", "1042", "", "", "", "1"]


def test_nobody_changes_the_points_that_are_possible():
    """Canvas takes each row that begins so for the one with the possible points."""
    table = rows(canvas_csv([graded("Points Possible", answer("f", 0, 4))], HEADINGS))

    assert [row[0] for row in table] == ["Student", "Points Possible", ""]


def test_moodle_gets_who_and_the_grade():
    """A row for each student, the first row names the columns."""
    assert rows(moodle_csv([ADA, BEN, FAY], Headings("Email address", "Softmax"))) == [
        ["Email address", "Softmax"], ["ada", "3.5"], ["ben", "1"],
    ]  # fmt: skip


def test_the_plain_table_has_each_exercise():
    """Who could not be read has a row without points: that is not 0."""
    assert rows(plain_csv([ADA, FAY], Headings("student", "points"))) == [
        ["student", "points", "max", "f", "g"],
        ["ada", "3.5", "6", "2.5", "1"],
        ["fay", "", "6", "", ""],
    ]


@pytest.mark.parametrize("table", [canvas_csv, moodle_csv, plain_csv])
def test_a_name_is_never_a_formula(table):
    """Nor does a comma or a line in it make another cell or row."""
    found = rows(table([EVIL], Headings("SIS Login ID", "=1+1")))

    assert len({len(row) for row in found}) == 1
    assert not [cell for row in found for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert EVIL.student in found[-1][0]


@pytest.mark.parametrize("table", [canvas_csv, moodle_csv, plain_csv])
def test_a_class_without_grades_makes_a_table_without_grades(table):
    """And no assignment worth 0 points."""
    assert (
        rows(table([FAY], HEADINGS))[1:]
        == {
            canvas_csv: [["Points Possible", "", "", "", "", ""]],
            moodle_csv: [],
            plain_csv: [["fay", "", "0"]],
        }[table]
    )


def test_gradescope_gets_a_test_for_each_probe():
    """The keys and values that the specification names, and scores that add up."""
    found = json.loads(json.dumps(gradescope_results(BEN)))

    assert found["score"] == sum(test["score"] for test in found["tests"]) == 1
    assert sum(test["max_score"] for test in found["tests"]) == 6
    for test in found["tests"]:
        assert test.keys() <= KEYS
        assert test["visibility"] in VISIBILITIES
        assert {test["output_format"], test["name_format"]} <= FORMATS
        assert test["status"] == ("passed" if test["score"] == test["max_score"] else "failed")
    assert found["output"] == "f: Look at f.\n\nRepaired for you, at no cost:\nIt was split."


def test_a_hidden_probe_shows_nothing_of_its_inputs():
    """It is hidden itself, and its message stays here; a visible one explains itself."""
    visible, hidden = gradescope_results(BEN)["tests"][:2]

    assert (visible["visibility"], hidden["visibility"]) == ("visible", "hidden")
    assert visible["output"] == "There, it is 4 times ours"
    assert "(3, 7)" not in json.dumps(gradescope_results(BEN))


def exported(run, demo, to, out, *more):
    return run(
        "nnkit", "export", ASSIGNMENT, "--course", str(demo.course), "--to", to, str(out), *more
    )


@pytest.mark.parametrize("to", ["canvas", "moodle", "plain"])
def test_the_command_writes_every_grade_and_names_who_has_none(run, demo, tmp_path, to):
    """One sample can't be read: it is on stderr, and in the exit code."""
    done = exported(run, demo, to, tmp_path / "out.csv")

    assert done.code == 1
    assert "5 of 6 grades written" in done.out
    assert done.err.startswith("no score: fay: ")
    grade = {"canvas": -1, "moodle": -1, "plain": 1}[to]
    found = {row[0]: row[grade] for row in rows((tmp_path / "out.csv").read_text())}
    assert {s.student: f"{s.points:g}" for s in SAMPLES if s.points is not None}.items() <= (
        found.items()
    )
    assert found.get("fay", "") == ""


def test_the_command_writes_a_folder_for_gradescope(run, demo, tmp_path):
    """One results.json for each student who has a grade."""
    done = exported(run, demo, "gradescope", tmp_path / "out")

    assert done.code == 1
    scores = {
        path.parent.name: json.loads(path.read_text())["score"]
        for path in (tmp_path / "out").glob("*/results.json")
    }
    assert scores == {s.student: s.points for s in SAMPLES if s.points is not None}


@pytest.mark.parametrize(
    ("to", "more", "message"),
    [
        (
            "blackboard",
            (),
            "expected --to canvas, moodle, plain, gradescope or gradescope-zip, got 'blackboard'",
        ),
        ("canvas", ("--identify", "Email"), "ID or SIS User ID or SIS Login ID, got 'Email'"),
    ],
)
def test_what_nobody_could_import_is_refused(run, demo, tmp_path, to, more, message):
    """Exit code 2, nothing written."""
    done = exported(run, demo, to, tmp_path / "out", *more)

    assert done.code == 2
    assert message in " ".join(done.err.split())
    assert not (tmp_path / "out").exists()


def test_headings_are_those_of_the_instructor(run, demo, tmp_path):
    """The column of an assignment that is there already, and Moodle's field of the address."""
    out = tmp_path / "out.csv"
    exported(run, demo, "moodle", out, "--identify", "Email address", "--column", "Softmax")

    assert rows(out.read_text())[0] == ["Email address", "Softmax"]
