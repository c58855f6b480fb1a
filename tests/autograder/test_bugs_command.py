"""Tests for `nnkit bugs`: an instructor reads what the exercises know."""

import io

import pytest
from rich.console import Console

from autograder.bugs_command import _difference, show_bugs
from course.exercise import exercise_names, load_exercise
from course.spec import Edit


@pytest.mark.parametrize("name", exercise_names())
def test_each_mistake_can_be_shown(name):
    """As an edit, as a function, or as one of several functions that are alike."""
    exercise = load_exercise(name)
    for bug in exercise.bugs:
        text = _difference(exercise, bug)
        assert ("\n+" in f"\n{text}") if isinstance(bug, Edit) else text.strip()


def test_functions_that_are_alike_are_told_apart():
    """What each one was made with stands above it, and the body keeps its indentation."""
    exercise = load_exercise("cross_entropy")
    shown = [_difference(exercise, bug) for bug in exercise.bugs]
    made = [text for text in shown if text.startswith("# with ")]

    assert len(set(made)) == len(made) > 1
    assert all("\n    return" in text for text in made)


def test_a_mistake_is_shown_with_its_hint_and_what_catches_it():
    """The claims that are not true any more, each with its points."""
    console = Console(file=io.StringIO(), width=200)
    show_bugs(["relu"], console)
    text = console.file.getvalue()

    assert "Hint." in text
    assert "keeps positive entries and sets negative ones to 0 (-1)" in text
