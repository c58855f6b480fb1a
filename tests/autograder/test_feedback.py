"""Tests for autograder.feedback: the page that a student gets back."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder.feedback import feedback_page
from autograder.results import Result
from autograder.samples import ASSIGNMENT
from course import load_exercise
from course.lesson import load_lesson
from course.reference import compiled, edited_reference, reference

LESSON = load_lesson(ASSIGNMENT)
LINKS = {"src", "href", "action", "data", "poster", "srcset"}


class Page(HTMLParser):
    """A page's tags, links, text, and which sections stand open."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.open, self.closed, self.words = [], [], [], [], []
        self.feed(html)
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in LINKS]
        if tag == "details":
            (self.open if "open" in attributes else self.closed).append(attributes["id"])

    def handle_data(self, data):
        if self.tags[-1:] != ["style"]:
            self.words.append(data)


@pytest.fixture
def right():
    """A submission in which everything is right."""
    reports = tuple(load_exercise(name).grade(reference(name)) for name in LESSON.exercises)
    return Result(
        "cleo",
        ASSIGNMENT,
        "graded",
        exercises=reports,
        attempt="0123456789abcdef",
        isolation="bubblewrap",
        nnkit_version="0.1.0",
        numpy_version="2.4.6",
        python_version="3.11.7",
    )


@pytest.fixture
def wrong(right):
    """log_softmax was not written, softmax subtracts one maximum for the whole batch."""
    one_maximum = edited_reference("softmax", "logits.max(axis=1, keepdims=True)", "logits.max()")
    stub = compiled(load_exercise("log_softmax").stub, "log_softmax")
    reports = (
        load_exercise("softmax").grade(one_maximum),
        load_exercise("log_softmax").grade(stub),
        *right.exercises[2:],
    )
    return replace(right, exercises=reports)


def page(result):
    return Page(feedback_page(result))


def with_hint(result, **changes):
    """The result with changes to its first report."""
    first, *others = result.exercises
    return replace(result, exercises=(replace(first, **changes), *others))


def test_the_page_stands_alone(wrong):
    """No script, and no address but its own sections: it can be mailed, and read on a train."""
    found = page(wrong)

    assert "script" not in found.tags
    assert found.links == ["#softmax"]
    assert not re.search(r"url\(|@import|https?:", feedback_page(wrong))


def test_nothing_on_the_page_becomes_html(wrong):
    """A name, a hint, a message, a repair and a reason are text, whatever they hold."""
    evil = "<script>alert('no')</script><img src=x>"
    probe = replace(wrong.exercises[0].probes[2], message=evil)
    result = replace(with_hint(wrong, hint=evil, probes=(probe,)), student=evil, repairs=(evil,))
    unread = Result(evil, ASSIGNMENT, "unreadable", reason=evil, isolation=evil)

    for found in (page(result), page(unread)):
        assert not {"script", "img"} & set(found.tags)
        assert found.text.count(evil) >= 3


def test_points_are_those_that_a_machine_can_give(wrong):
    """Written answers are announced, not counted as lost."""
    text = page(wrong).text

    assert f"{wrong.points:g} of 33 points" in text
    assert "2 more can be earned with your written answer, which is read by a person." in text


def test_the_first_exercise_that_is_wrong_is_the_next_step(wrong):
    """Later ones may fail only since they call it."""
    assert "Next step: repair softmax." in page(wrong).text


def test_what_is_wrong_stands_open_and_what_is_right_is_folded(wrong):
    """A long page is short to read."""
    found = page(wrong)

    assert found.open == ["softmax", "log_softmax"]
    assert found.closed == ["cross_entropy", "cross_entropy_backward", "mse", "mse_backward"]


def test_a_perfect_result_says_so(right):
    """And sends nobody to repair anything."""
    found = page(right)

    assert "33 of 33 points" in found.text
    assert "Everything that is graded automatically is right." in found.text
    assert "Next step" not in found.text
    assert found.open == []


def test_each_hint_is_on_the_page(wrong):
    """The sentence a good teaching assistant would say."""
    text = page(wrong).text

    for report in wrong.exercises:
        assert report.hint in text
    assert "Each row needs its own maximum." in text


def test_a_reason_is_said_once_and_as_one_sentence(wrong):
    """Not for each question anew, and never with two marks at its end."""
    text = page(wrong).text
    assert text.count("it still raises NotImplementedError") == 1

    messages = ("expected a number, got None; is a return statement missing?", "it is transposed")
    probes = tuple(
        replace(p, message=m) for p, m in zip(wrong.exercises[0].probes[:2], messages, strict=True)
    )
    text = page(with_hint(wrong, probes=probes)).text
    assert "There, expected a number, got None; is a return statement missing? " in text
    assert "There, it is transposed. " in text


def test_questions_that_the_check_does_not_ask_are_marked(right):
    """So that nobody wonders why the check passed and a point is missing."""
    hidden = sum(probe.hidden for report in right.exercises for probe in report.probes)

    assert page(right).text.count("(Asked only in grading.)") == hidden


def test_repairs_are_told_as_a_favour(right):
    """They cost nothing."""
    repairs = ("The cell softmax was there 2 times; the pieces were joined.",)

    text = page(replace(right, repairs=repairs)).text

    assert f"Repaired for you, at no cost: {repairs[0]}" in text
    assert "at no cost" not in page(right).text


def test_an_unreadable_file_is_not_zero_points():
    """The page gives the reason and a way out."""
    result = Result("fay", ASSIGNMENT, "unreadable", reason="not a notebook (it may be cut off)")

    text = page(result).text

    assert "could not be read, so it is not graded yet" in text
    assert "not a notebook (it may be cut off)" in text
    assert "hand in that file again" in text
    assert "of 33 points" not in text


def test_the_page_says_how_it_was_graded(right):
    """Isolation, versions, and the attempt that staff can replay."""
    text = page(right).text

    assert "Attempt 0123456789ab:" in text
    assert "nnkit 0.1.0 with NumPy 2.4.6 and Python 3.11.7; isolation: bubblewrap." in text
