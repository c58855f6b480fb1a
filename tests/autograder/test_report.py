"""Tests for autograder.report: the numbers, against others worked by hand or by NumPy."""

import csv
import io

import numpy as np
import pytest

from autograder.report import class_report, distribution, point_biserial, probes_csv
from autograder.results import Result
from autograder.samples import ASSIGNMENT
from course.verdict import ProbeResult, Report


def probe(name, passed, points=1.0, hidden=False, claim="does what it must"):
    return ProbeResult(name, claim, points if passed else 0, points, passed, hidden, "")


def answer(exercise, probes, bug=""):
    points, most = sum(p.points for p in probes), sum(p.max_points for p in probes)
    return Report(exercise, points, most, "", bug, tuple(probes))


def result(student, *exercises, **more):
    return Result(student, ASSIGNMENT, "graded", exercises=exercises, **more)


def simple(student, passed, bug="", **more):
    """One exercise `f` with one probe for each of those letters: y for passed, n for not."""
    probes = [probe(f"p{i}", letter == "y") for i, letter in enumerate(passed)]
    return result(student, answer("f", probes, bug), **more)


def unread(student, reason="not a notebook"):
    return Result(student, ASSIGNMENT, "unreadable", reason=reason)


def report(*results):
    return class_report(ASSIGNMENT, results)


def test_the_point_biserial_correlation_is_the_closed_form():
    """Worked by hand: means 3 and 1, deviation sqrt(2), half passed: 2 / sqrt(2) * 1/2."""
    assert point_biserial([True, True, False, False], [4, 2, 2, 0]) == pytest.approx(0.5**0.5)


@pytest.mark.parametrize(
    ("passed", "rest"),
    [([True, True], [1, 2]), ([False, False], [1, 2]), ([True, False], [3, 3]), ([True], [1])],
    ids=["all passed", "none passed", "the rest is the same", "one student"],
)
def test_discrimination_is_blank_where_it_is_undefined(passed, rest):
    """No division by 0, no warning."""
    assert point_biserial(passed, rest) is None


def test_each_probe_agrees_with_corrcoef():
    """Against the rest of the whole score, over two exercises with unequal points."""
    rng = np.random.default_rng(3)
    points = np.array([[0.1, 0.7, 2.0], [1.5, 0.2, 3.0]])
    passed = rng.random((12, 2, 3)) < 0.6
    results = [
        result(
            f"s{i}",
            *(
                answer(e, [probe(f"p{k}", bool(passed[i, j, k]), points[j, k]) for k in range(3)])
                for j, e in enumerate("ab")
            ),
        )
        for i in range(12)
    ]
    totals = (passed * points).sum((1, 2))

    rows = report(*results).probes

    assert [(r.exercise, r.probe) for r in rows] == [(e, f"p{k}") for e in "ab" for k in range(3)]
    for row, j, k in zip(rows, [0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2], strict=True):
        ones = passed[:, j, k]
        expected = np.corrcoef(ones, totals - ones * points[j, k])[0, 1]
        assert row.discrimination == pytest.approx(expected)
        assert row.difficulty == pytest.approx(ones.mean())


def test_rests_that_only_rounding_tells_apart_are_equal():
    """0.1 + 0.2 - 0.1 is not 0.2 in binary."""
    rows = [
        result(name, answer("f", [probe("p", passed, 0.1), probe("q", True, 0.2)]))
        for name, passed in (("a", True), ("b", False), ("c", True))
    ]
    assert rows[0].points - 0.1 != 0.2

    assert report(*rows).probes[0].discrimination is None


def test_every_student_stands_in_one_bar():
    """Equal widths in whole points; the last bar holds the full score, too."""
    bars = distribution([0, 3.5, 4, 31, 32, 33], 33)

    assert [bar.students for bar in bars] == [2, 1, 0, 0, 0, 0, 0, 1, 2]
    assert bars[0].label == "0 to under 4"
    assert bars[-1].label == "32 to 33"
    assert [bar.students for bar in distribution([0, 0.5, 1], 1)] == [3]
    assert [bar.students for bar in distribution([], 0)] == [0]


def test_means_and_passes_by_hand():
    """ada 3 of 3, ben 1 of 3: mean 2, one passed."""
    (row,) = report(simple("ada", "yyy"), simple("ben", "nyn")).exercises

    assert (row.exercise, row.mean, row.max_points, row.passed, row.graded) == ("f", 2, 3, 1, 2)


def test_what_could_not_be_read_is_counted_and_not_taken_for_zero():
    """It stands in the report with its reason, and changes no mean and no difficulty."""
    found = report(simple("ada", "y"), unread("ben", "cut off"))

    assert (found.submissions, found.points, found.unread) == (2, (1,), (("ben", "cut off"),))
    assert found.exercises[0].mean == 1
    assert found.probes[0].difficulty == 1


def test_known_mistakes_are_counted_by_exercise():
    """The most frequent first."""
    rows = report(simple("a", "n", "sum"), simple("b", "n", "max"), simple("c", "n", "max")).bugs

    assert [(r.exercise, r.bug, r.students) for r in rows] == [("f", "max", 2), ("f", "sum", 1)]


def test_equal_wrong_values_without_a_known_mistake_come_first():
    """Then those that share more exercises, then the smaller group."""
    found = report(
        simple("a", "n", "max", wrong_values={"f": "1"}),
        simple("b", "n", "max", wrong_values={"f": "1"}),
        *(simple(name, "n", wrong_values={"f": "2", "g": "7", "h": name}) for name in "cde"),
        *(simple(name, "n", wrong_values={"h": "3"}) for name in "uvw"),
        *(simple(name, "n", wrong_values={"h": "4"}) for name in "xy"),
        simple("alone", "n", wrong_values={"f": "4"}),
    ).coincidences

    assert [(c.students, c.exercises, c.bugs) for c in found] == [
        (("c", "d", "e"), ("f", "g"), ()),
        (("x", "y"), ("h",), ()),
        (("u", "v", "w"), ("h",), ()),
        (("a", "b"), ("f",), ("max",)),
    ]


def test_a_mistake_that_explains_only_one_of_them_explains_nothing():
    """The other one's equal values are still to be looked at."""
    (found,) = report(
        simple("a", "n", "max", wrong_values={"f": "1"}),
        simple("b", "n", wrong_values={"f": "1"}),
    ).coincidences

    assert found.bugs == ()


def test_repairs_are_counted_without_the_names_of_files():
    """Otherwise each renamed file were a kind of its own."""
    text = "The file was called {}; it was read as x.ipynb."
    found = report(
        simple("a", "y", repairs=(text.format("hw(1).ipynb"), "The cell f was split.")),
        simple("b", "y", repairs=(text.format("a; it was read as b.ipynb"),)),
    )

    assert found.repairs == (
        ("The file had another name; it was read as x.ipynb.", 2),
        ("The cell f was split.", 1),
    )


def test_breaches_name_student_place_and_moment():
    """What the text says, and what was noticed as it ran."""
    (first, second) = report(
        simple("a", "y", findings=("f: eval (cell 3, line 2)",), noticed=("f: import torch",))
    ).breaches

    assert (first.student, first.what, first.seen) == (
        "a", "f: eval (cell 3, line 2)", "in the text",
    )  # fmt: skip
    assert (second.what, second.seen) == ("f: import torch", "as it ran")


def test_the_slowest_say_where_their_time_went():
    """Five of them, the slowest first."""
    rows = report(
        *(simple(f"s{i}", "y", seconds=float(i), timings={"f": 0.5, "g": i}) for i in range(7))
    ).slowest

    assert [row.student for row in rows] == ["s6", "s5", "s4", "s3", "s2"]
    assert (rows[0].exercise, rows[0].exercise_seconds) == ("g", 6)


def test_the_table_has_one_row_for_each_probe_and_no_formula():
    """Words that begin like one stay text; negative numbers stay numbers; undefined is blank."""
    results = [
        result("a", answer("f", [probe("=p", True, claim="=1+1"), probe("q", False)])),
        result("b", answer("f", [probe("=p", False), probe("q", True)])),
        result("c", answer("f", [probe("=p", False, claim="=1+1"), probe("q", True)])),
    ]

    first, second = csv.DictReader(io.StringIO(probes_csv(report(*results))))

    assert (first["probe"], first["claim"]) == ("'=p", "'=1+1")
    assert (first["difficulty"], first["discrimination"]) == ("0.3333", "-1.0000")
    assert (second["passed"], second["graded"], second["hidden"]) == ("2", "3", "no")
    (alone,) = csv.DictReader(io.StringIO(probes_csv(report(simple("a", "y")))))
    assert alone["discrimination"] == ""
