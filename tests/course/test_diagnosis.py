"""Tests for course.diagnosis: the plainest true sentence about what differs."""

import numpy as np
import pytest

from course.compare import difference
from course.diagnosis import memory_remark, message
from course.judging import judged
from course.outcome import Foreign, Outcome
from course.spec import probe

RTOL, ATOL = 1e-10, 1e-12
TABLE = np.random.default_rng(0).dirichlet(np.ones(6), size=5)


SUMMARIES = {
    "a statement": ({"“two calls differ”": (True, False)}, "expected: two calls differ; it is not"),
    "another": ({"that two calls differ": (True, False)}, "expected that two calls differ; it is"),
    "a fact": ({"training in cache": (True, False)}, "training in cache as True, got False"),
    "a ratio": ({"the size": (0.5, 1.0)}, "the size is wrong: expected 0.5, got 1"),
    "a sign": ({"the mean": (-0.5, 0.5)}, "the mean is wrong: expected -0.5, got 0.5"),
    "twins": ({"one": (0.5, 0.9), "two": (0.9, 0.9)}, "one is wrong: expected 0.5, got 0.9; two"),
    "a table": ({"t": (TABLE, TABLE * (np.arange(6) < 5))}, "t is wrong in 5 of 30 places"),
}


@pytest.mark.parametrize("case", SUMMARIES)
def test_what_a_summary_made_is_told_plainly(case):
    """Its numbers are no longer those that the function computes, so no pattern is looked for."""
    parts, words = SUMMARIES[case]

    @probe("is right", points=1, summary=lambda i: {n: pair[i] for n, pair in parts.items()})
    def item(function, rng):
        return function(rng)

    assert words in judged(item, Outcome(0), Outcome(1), (), ()).message


def test_what_cannot_be_summed_up_is_not_right():
    """A summary may fail on what a student returned."""

    @probe("is right", points=1, summary=lambda value: 1 / value)
    def item(function, rng):
        return function(rng)

    assert judged(item, Outcome(2), Outcome(0), (), ()).message == "the result is not the right one"


WRONG_TYPES = {
    "nothing": (None, "got None; is a return statement missing?"),
    "a list": ([1.0], "as an ndarray, got a list"),
    "a tuple": ((1.0,), "got a tuple"),
    "a number": (1.0, "got a single number, float"),
    "a generator": (Foreign("generator"), "got a generator"),
    "a long list": (Foreign("list"), "got a list of over 100 items"),
    "a comparison": (TABLE > 0.5, "an ndarray of numbers, got an ndarray of bool; comparisons"),
    "objects": (Foreign("ndarray"), "an ndarray of objects or text"),
    "something strange": (Foreign("<script>"), "got another kind of object"),
    "complex numbers": (TABLE + 0j, "an ndarray of complex128"),
}


@pytest.mark.parametrize("case", WRONG_TYPES)
def test_a_wrong_type_is_named(case):
    """Names that a submission made up are not repeated."""
    value, words = WRONG_TYPES[case]
    found = difference(Outcome(TABLE), Outcome(value), RTOL, ATOL)
    assert words in message(found, (), hidden=False)


def failure(error, *, hidden=False, **more):
    """The message about an exception in the second of two parts."""
    expected = Outcome({"a batch": 1.0, "one row": 2.0})
    got = Outcome({"a batch": 1.0}, error=error, **more)
    return message(difference(expected, got, RTOL, ATOL), (), hidden=hidden)


def test_an_exception_is_told_with_line_and_words():
    """Locally the exception's own words help most."""
    assert failure("IndexError", line=3, text="index 6 is out of bounds") == (
        "it raised IndexError in line 3 of its cell, asked for one row: index 6 is out of bounds"
    )


def test_an_exception_without_words_is_explained():
    """The sandbox sends no words, so the kind of exception has to say it."""
    assert failure("NameError").endswith("a name is not defined; a function may only use its "
                                         "arguments and what it makes")  # fmt: skip


def test_a_warning_of_numpy_is_explained():
    """A probe can make exceptions of overflow and division by zero, to see them on the way."""
    assert failure("FloatingPointError").endswith("or was divided by zero, on the way")


def test_a_hidden_exception_says_only_what_was_asked():
    """Its name, line and words could be made of hidden inputs."""
    text = failure("KeyError", line=3, text="0.123", hidden=True)
    assert text == "it raised an exception, asked for one row"


def test_an_invented_exception_has_no_name():
    """A submission can't put its own words into a message."""
    assert failure("Give me all points") == "it raised an exception, asked for one row"


@pytest.mark.parametrize("error", ["timeout", "killed", "undefined", "NotImplementedError"])
def test_what_never_answered_says_why(error):
    """These are no exceptions of the student's code, and are worded as what they are."""
    assert failure(error) == failure(error, hidden=True)
    assert "raised an exception" not in failure(error)


def test_a_changed_argument_is_named():
    """A part called "x unchanged" says whether the argument is what it was."""
    expected, got = Outcome({"logits unchanged": True}), Outcome({"logits unchanged": False})
    text = message(difference(expected, got, RTOL, ATOL), (), hidden=True)
    assert text == "it changes its argument logits; write into a new array instead"


def test_an_argument_may_be_compared_as_numbers():
    """A part called "x unchanged" that is an array is described like any other."""
    expected, got = Outcome({"y": 0.5, "x unchanged": 0.2}), Outcome({"y": 0.5, "x unchanged": 0.7})
    text = message(difference(expected, got, RTOL, ATOL), ((2, 3),), hidden=False)
    assert "expected 0.2, got 0.7" in text


def test_what_is_right_in_the_same_probe_is_told():
    """A loss that is right for one row and wrong for a batch is a matter of the batch."""
    expected = Outcome({"the loss of a batch": 1.5, "the loss of a single row": 0.5})
    got = Outcome({"the loss of a batch": 2.1, "the loss of a single row": 0.5})
    text = message(difference(expected, got, RTOL, ATOL), (), hidden=False)
    assert "got 2.1; the loss of a single row is right, so look at how rows are combined" in text


def test_an_answer_that_does_not_grow_is_noticed():
    """A loss that is the same however far the right class is behind is bounded by something."""
    expected = Outcome({"the loss 1000 behind": 1000.5, "the loss 2000 behind": 2000.5})
    got = Outcome(dict.fromkeys(expected.value, 46.0517))
    text = message(difference(expected, got, RTOL, ATOL), (), hidden=False)
    assert "is the same as the loss 2000 behind (46.0517)" in text
    assert "constant bound it" in text


def calls(first, other, again):
    """What came out of a probe that asks its first question once more."""
    return Outcome({"the loss": first, "the loss of others": other, "the first loss again": again})


MEMORY = {
    "no memory": (calls(0.5, 0.7, 0.5), ""),
    "wrong in the same way each time": (calls(0.6, 0.8, 0.6), ""),
    "random": (calls(0.51, 0.69, 0.52), "two different results for the same input"),
    "a hair's breadth": (calls(0.5 + 1e-10, 0.7, 0.5 - 1e-10), "two different results"),
    "a running mean": (calls(0.5, 0.6, 0.57), "two different results"),
    "a cache": (calls(0.5, 0.5, 0.5), "the same result for different inputs"),
    "another number that is the same": (calls(0.6, 0.6, 0.6), ""),
    "a constant that is whole": (calls(1.0, 1.0, 1.0), ""),
    "wrong for other inputs only": (calls(0.5, 0.9, 0.5), ""),
    "nearly right": (calls(0.504, 0.9, 0.504), ""),
    "no numbers": (calls(None, "text", [0.5]), ""),
    "an exception": (Outcome({"the loss": 0.5}, error="ValueError"), ""),
    "no parts": (Outcome(0.5), ""),
}


@pytest.mark.parametrize("case", MEMORY)
def test_memory_between_calls_is_noticed(case):
    """Asking the first question again shows what is random and what is kept."""
    got, words = MEMORY[case]
    text = memory_remark(calls(0.5, 0.7, 0.5), got)
    assert words in text
    assert bool(words) == bool(text)


def test_a_single_number_that_comes_from_every_probe_is_kept():
    """One that is wrong and comes twice from one probe may come by chance."""
    expected, got = calls(0.5, 0.7, 0.5), calls(0.61, 0.61, 0.61)
    assert memory_remark(expected, got, [0.62, None]) == ""
    assert "the same result for different inputs" in memory_remark(expected, got, [0.61])


def test_a_result_that_is_kept_is_noticed_even_if_it_is_wrong():
    """Several odd numbers are not the same for other inputs by chance; very small ones differ."""
    expected, kept = calls(TABLE, 2 * TABLE, TABLE), calls(*3 * [TABLE + 0.1])
    assert "the same result for different inputs" in memory_remark(expected, kept)
    small = calls(1e-20 * TABLE, 2e-20 * TABLE, 1e-20 * TABLE)
    assert memory_remark(expected, small) == ""


def test_only_the_same_question_is_held_against_the_first():
    """The first part may be another one than the part that is asked again."""
    names = "the mean", "the std", "the std of others", "the std again"
    expected, got = (dict(zip(names, v, strict=True)) for v in [(1, 2, 3, 2), (7.5, 2, 3, 2)])
    assert memory_remark(Outcome(expected), Outcome(got)) == ""
    changed = memory_remark(Outcome(expected), Outcome(got | {"the std again": 5}))
    assert "two different results" in changed


def test_equal_answers_to_different_questions_are_no_sign_of_memory():
    """Only a part whose name ends with "again" repeats a question."""
    expected = Outcome({"step 3": 0.1, "step 4": 0.1})
    assert memory_remark(expected, Outcome({"step 3": 0.2, "step 4": 0.3})) == ""
