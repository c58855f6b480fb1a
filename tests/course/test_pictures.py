"""Tests for course.pictures, and for the capstone's question that asks for clothing."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

from course import pictures
from course.exercise import Exercise, load_exercise
from course.pictures import clothing, graded_pictures, half_negative, plain
from course.reference import reference
from course.table import LessonError
from nnkit.data import DownloadError

SHARED = Path(__file__).parents[3] / "shared" / "data"
HAS_CLOTHING = (SHARED / "fashion").is_dir()
NAME = "train_classifier"


@pytest.fixture
def say(monkeypatch):
    """A function that lets `course.toml` say which pictures; without data on this machine."""
    monkeypatch.setenv("NNKIT_DATA_DIR", os.devnull)
    pictures._clothing.cache_clear()

    def say(which):
        row = {"pictures": which}
        monkeypatch.setattr(pictures, "lesson_row", lambda exercise: row)
        graded_pictures.cache_clear()

    yield say
    graded_pictures.cache_clear()
    pictures._clothing.cache_clear()


@pytest.fixture
def exercise():
    """A function that reads the exercise's file anew."""
    load_exercise(NAME)  # the one that others use is read while the table is as it is

    def read():
        spec = importlib.util.find_spec(f"course.exercises.{NAME}")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return Exercise(NAME, module)

    return read


@pytest.mark.parametrize("parts", [plain, half_negative])
def test_digits_come_in_another_order_with_other_names_for_each_student(parts):
    """Nothing of one student's answers fits another's; the same generator gives the same."""
    (x, x_val, x_asked), (y, y_val, y_asked) = parts(np.random.default_rng(1))
    (again, *_), (y_again, *_) = parts(np.random.default_rng(1))
    (other, *_), (y_other, *_) = parts(np.random.default_rng(2))

    assert [len(part) for part in (x, x_val, x_asked)] == [700, 200, 897]
    assert [len(part) for part in (y, y_val, y_asked)] == [700, 200, 897]
    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(y, y_again)
    assert (x != other).any()
    assert (y != y_other).any()


def test_half_of_the_pictures_are_negatives():
    """Their paper is dark: most pixels of a digit are paper."""
    (x, *_), _ = half_negative(np.random.default_rng(0))

    share = np.mean(np.median(x, axis=1) > 8)
    assert 0.4 < share < 0.6
    assert np.mean(np.median(plain(np.random.default_rng(0))[0][0], axis=1) > 8) < 0.1


def test_the_course_asks_for_digits_unless_it_says_otherwise(say, exercise):
    """One question more, of two points and hidden, and another digest: it is graded anew."""
    say("digits")
    as_it_is = exercise()
    say("fashion_mnist")
    with_clothing = exercise()

    more = with_clothing.probes[len(as_it_is.probes) :]
    assert [(probe.name, probe.points, probe.hidden) for probe in more] == [
        ("hidden_clothing", 2, True)
    ]
    assert as_it_is.digest != with_clothing.digest


def test_pictures_of_another_kind_are_refused(say):
    """The message names what may be said."""
    say("cats")
    with pytest.raises(LessonError, match="expected pictures digits or fashion_mnist, got 'cats'"):
        graded_pictures()


def test_missing_clothing_is_an_error_and_no_lost_point(say):
    """Nobody is graded on other data instead."""
    say("fashion_mnist")
    with pytest.raises(DownloadError, match="expected NNKIT_DATA_DIR"):
        clothing(np.random.default_rng(0))


@pytest.mark.skipif(not HAS_CLOTHING, reason="Fashion-MNIST is not on this machine")
def test_clothing_tells_those_who_learn_from_those_who_do_not(say, exercise, monkeypatch):
    """The reference earns both points; who names one class for all earns neither."""
    monkeypatch.setenv("NNKIT_DATA_DIR", str(SHARED))
    say("fashion_mnist")
    monkeypatch.setenv("NNKIT_DATA_DIR", str(SHARED))
    asked = exercise()
    asked.probes = tuple(probe for probe in asked.probes if probe.name == "hidden_clothing")
    lazy = next(bug for bug in asked.bugs if bug.name == "most_frequent")

    def points(function):
        outcomes = asked.observe(function, seed=3)
        return sum(asked.is_right([probe.name], outcomes, seed=3) for probe in asked.probes)

    assert points(reference(NAME)) == 1
    assert points(lazy.function) == 0
