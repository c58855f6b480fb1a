"""Tests for course.local_check: what a student sees when a function is checked."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from course import CheckFailed, check, exercise_names, load_exercise
from course.local_check import as_html, as_text, messages_once
from course.reference import compiled, reference


def softmax(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def softmax_with_one_maximum(logits):
    exp = np.exp(logits - logits.max())
    return exp / exp.sum(axis=1, keepdims=True)


def failing(text):
    """A softmax that raises an exception with this text."""

    def softmax(logits):
        raise ValueError(text)

    return softmax


def report(function):
    """What the check of softmax finds."""
    return load_exercise("softmax").visible.grade(function)


class Tags(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.names, self.attributes, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.attributes.append(dict(attrs))

    def handle_data(self, data):
        self.text += data


def test_a_right_function_passes(capsys):
    """It shows the points and raises nothing."""
    check(softmax)

    shown = capsys.readouterr().out
    assert shown.startswith("softmax: 4 of 4 points")
    assert "not yet" not in shown


def test_a_known_mistake_raises_its_hint(capsys):
    """The table says which question failed; the exception says what to repair."""
    with pytest.raises(CheckFailed, match=r"Each row needs its own maximum\.$"):
        check(softmax_with_one_maximum, "softmax")

    shown = capsys.readouterr().out
    assert shown.startswith("softmax: 3 of 4 points; up to 1 more for hidden questions, when")
    assert re.search(r"not yet  stays exact for logits of ±1000.*\n +.*contains NaN", shown)


def test_an_unwritten_function_is_told_to_be_written():
    """The stub fails with one sentence."""
    stub = compiled(load_exercise("softmax").stub, "softmax")

    with pytest.raises(CheckFailed, match="write its body"):
        check(stub)


def test_a_function_under_another_name_is_known_by_the_one_it_was_given(capsys):
    """As after ``softmax = stable``, which grading takes, too."""

    def stable(logits):
        exp = np.exp(logits - logits.max(axis=1, keepdims=True))
        return exp / exp.sum(axis=1, keepdims=True)

    notebook = {"check": check, "softmax": stable}
    exec("check(softmax)", notebook)

    assert "softmax: 4 of 4 points" in capsys.readouterr().out
    with pytest.raises(CheckFailed, match="no exercise called 'stable'"):
        exec("check(softmax)", {**notebook, "relu": stable})  # for which of the two?


@pytest.mark.parametrize("unknown", [lambda x: x, 3, None, np.exp], ids=str)
def test_what_is_no_exercise_is_told_what_to_do(unknown):
    """Also for what has no name at all."""
    with pytest.raises(CheckFailed, match='call check\\(your_function, "name of the exercise"\\)'):
        check(unknown)


def test_a_failed_check_is_an_assertion_without_a_trace():
    """nbgrader takes an AssertionError as a failed test; IPython prints no way into the checker."""
    error = CheckFailed("Each row needs its own maximum.")

    assert isinstance(error, AssertionError)
    assert error._render_traceback_() == ["CheckFailed: Each row needs its own maximum."]


def test_a_long_hint_is_shown_in_lines_of_whole_words():
    """JupyterLab would break it in the middle of a word."""
    words = "Each row needs its own maximum. " * 5

    lines = CheckFailed(words)._render_traceback_()

    assert len(lines) > 1
    assert max(map(len, lines)) <= 80
    assert " ".join(lines).split() == ["CheckFailed:", *words.split()]


@pytest.mark.parametrize("name", exercise_names())
def test_hidden_questions_stay_hidden_but_are_counted(name):
    """A student knows how many points more there are, not what for."""
    exercise = load_exercise(name)
    found = exercise.visible.grade(reference(name))
    hidden = [probe for probe in exercise.probes if probe.hidden]

    for shown in (as_text(found), as_html(found)):
        assert not any(probe.claim in shown for probe in hidden)
        more = sum(probe.points for probe in hidden)
        assert ("hidden questions" in shown) == bool(hidden)
        assert not hidden or f"; up to {more:g} more for hidden questions" in shown


def test_a_graded_report_promises_no_more_points():
    """It holds all questions."""
    assert "more when" not in as_html(load_exercise("softmax").grade(softmax))


@pytest.mark.parametrize("hint", ["{words}", "Something else."], ids=["in hint", "in table"])
def test_what_a_student_wrote_is_text_not_html(hint):
    """An exception's words appear as they are, and add no tag."""

    def tags(words):
        found = replace(report(failing(words)), hint=hint.format(words=words))
        return Tags(as_html(found, with_hint=True))

    words = "<script>alert('no')</script> & <b>"
    assert words in tags(words).text
    assert tags(words).names == tags("plain words").names


def test_the_table_says_its_results_in_words_and_names_its_columns():
    """For readers who don't see colours, or hear the page."""
    tags = Tags(as_html(report(softmax_with_one_maximum)))

    assert tags.text.count("✓ passed") == 3
    assert tags.text.count("✗ not yet") == 1
    assert [a["scope"] for a in tags.attributes if "scope" in a] == ["col"] * 3
    assert "caption" in tags.names


def test_the_hint_is_in_the_table_only_where_it_is_asked_for():
    """In the notebook the exception says it; in a graded notebook there is none."""
    found = report(softmax_with_one_maximum)

    assert found.hint not in as_html(found)
    assert found.hint in as_html(found, with_hint=True)


def test_a_message_is_said_once():
    """A function that fails everywhere for one reason gets a short table."""
    found = report(failing("the same everywhere"))

    assert len(found.probes) > 1
    said = "\n".join([*messages_once(found), found.hint])
    assert said.count("the same everywhere") == 1
