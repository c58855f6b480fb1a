"""Tests for course.toml: every exercise has its place, and the points are right."""

from collections import Counter

import pytest

from course.exercise import exercise_names, load_exercise
from course.lesson import lesson_names
from course.table import course_table

ROWS = {row["name"]: row for row in course_table()["lessons"]}


def test_every_exercise_belongs_to_one_lesson():
    """No function is graded twice, none is left out."""
    listed = Counter(name for row in ROWS.values() for name in row["functions"])

    assert set(listed.values()) == {1}
    assert sorted(listed) == sorted(exercise_names())


def test_lessons_stand_in_the_order_of_their_numbers():
    """The order of the file is the order of the course."""
    assert list(ROWS) == sorted(ROWS)


@pytest.mark.parametrize("name", [name for name in ROWS if name not in lesson_names()])
def test_a_lesson_without_a_text_is_worth_its_exercises(name):
    """A text adds written answers later; until then the exercises are all there is."""
    points = sum(load_exercise(function).points for function in ROWS[name]["functions"])

    assert ROWS[name]["points"] == points
