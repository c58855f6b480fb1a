"""Tests for autograder.grade_command: which attempt counts, and what would change."""

import csv

import pytest
from rich.console import Console

from autograder.grade_command import Options, grade_folder
from autograder.samples import ASSIGNMENT, cut_off, one_known_bug, perfect, untouched


@pytest.fixture
def grade(tmp_path, isolation):
    """A function that hands in work of ada's and grades it; it returns points and what was said."""
    console = Console(record=True, width=200)

    def grade(work=None, diff=None, attempts="last"):
        if work:
            (tmp_path / "handed").mkdir(exist_ok=True)
            (tmp_path / "handed" / "ada.ipynb").write_bytes(work())
        options = Options(isolation=isolation, workers=1, seconds=10.0, attempts=attempts)
        code = grade_folder(
            tmp_path / "handed", ASSIGNMENT, tmp_path / "course", options, diff, console
        )
        table = tmp_path / "course" / "grades.csv"
        rows = csv.DictReader(table.read_text().splitlines() if table.exists() else [])
        return code, [row["points"] for row in rows], console.export_text()

    grade.course = tmp_path / "course"
    return grade


def test_the_last_attempt_counts_unless_the_best_is_asked_for(grade):
    """Neither choice loses an attempt: the other can be made afterwards."""
    assert grade(perfect)[1] == ["33"]
    assert grade(one_known_bug)[1] == ["31"]
    assert grade(attempts="best")[1] == ["33"]
    assert grade()[1] == ["31"]


def test_a_better_attempt_takes_the_place_of_the_best(grade):
    """In the order in which students usually hand in."""
    grade(untouched, attempts="best")

    assert grade(one_known_bug, attempts="best")[1] == ["31"]
    assert grade(perfect, attempts="best")[1] == ["33"]


def test_a_file_that_can_t_be_read_does_not_take_the_best_away(grade):
    """What was graded before stays."""
    grade(perfect, attempts="best")

    assert grade(cut_off, attempts="best")[1] == ["33"]


def test_a_diff_says_whose_result_would_change_and_publishes_nothing(grade):
    """The exit code counts them; the same command without --diff publishes."""
    grade(one_known_bug)

    code, points, said = grade(perfect, diff=grade.course)
    assert code == 1
    assert points == ["31"]
    assert "1 of 1 results would change" in said
    assert "ada" in said

    assert grade()[1] == ["33"]
    code, _, said = grade(diff=grade.course)
    assert code == 0
    assert "0 of 1 results would change" in said
