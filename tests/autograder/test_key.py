"""Tests for autograder.key."""

import stat

import pytest

from autograder.grading import Settings
from autograder.key import BrokenCourseKey, course_key, probe_seed


def seed(key=b"k" * 32, assignment="a", exercise="e", student="s", attempt="1"):
    return probe_seed(Settings(assignment, key, "process"), exercise, student, attempt)


@pytest.mark.parametrize("part", ["assignment", "exercise", "student", "attempt"])
def test_every_part_changes_the_seed(part):
    """Nobody meets another's inputs, or their own again."""
    assert seed() == seed()
    assert seed(**{part: "other"}) != seed()
    assert seed(key=b"q" * 32) != seed()


def test_parts_cannot_run_into_each_other():
    """("ab", "c") and ("a", "bc") are different attempts."""
    assert seed(exercise="ab", student="c") != seed(exercise="a", student="bc")


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path):
    """A second call finds the same key."""
    key = course_key(tmp_path)

    assert course_key(tmp_path) == key
    assert len(key) == 64
    assert stat.S_IMODE((tmp_path / "course_key").stat().st_mode) == 0o600


def test_a_broken_key_is_refused(tmp_path):
    """An empty file would make every seed guessable."""
    (tmp_path / "course_key").write_text("\n")

    with pytest.raises(BrokenCourseKey, match="expected at least 32"):
        course_key(tmp_path)
