"""Tests for course.diagnosis and course.patterns: the plainest true sentence about a mistake."""

import re

import numpy as np
import pytest

from course.compare import difference
from course.diagnosis import memory_remark, message
from course.outcome import Foreign, Outcome
from nnkit.functional import log_softmax, softmax

RTOL, ATOL = 1e-10, 1e-12


def table(seed=0):
    """Five rows of six probabilities."""
    return softmax(np.random.default_rng(seed).normal(scale=2.0, size=(5, 6)))


def logs(seed=0):
    """Five rows of log-probabilities, some of them far below 0."""
    logits = np.random.default_rng(seed).normal(scale=2.0, size=(5, 6))
    logits[[0, 2, 2], [1, 0, 4]] -= [700.0, 800.0, 900.0]
    return log_softmax(logits)


def gradient(seed=0):
    """Five rows that sum to 0."""
    return (table(seed) - np.eye(6)[[0, 3, 3, 5, 2]]) / 5


def said(expected, got, *, hidden=False, shapes=((5, 6),)):
    """The message about a value that came instead of another."""
    found = difference(Outcome({"the result": expected}), Outcome({"the result": got}), RTOL, ATOL)
    return message(found, shapes, hidden=hidden)


WRONG_TABLES = {  # what is right, what somebody made of it, words that name the cause
    "float16": (table, lambda p: p.astype(np.float16), "float16 precision"),
    "float32": (table, lambda p: p.astype(np.float32), "float32 precision"),
    "float32 on the way": (
        table,
        lambda p: p.astype(np.float32).astype(float),
        "float32 precision",
    ),
    "two decimals": (table, lambda p: p.round(2), "is rounded; keep all digits (2 decimals)"),
    "six decimals": (logs, lambda p: p.round(6), "is rounded; keep all digits (6 decimals)"),
    "whole numbers": (logs, lambda p: p.astype(int), "whole numbers"),
    "cut down": (logs, np.trunc, "cut down to whole numbers"),
    "a constant in the denominator": (table, lambda p: p / (1 + 1e-7), "a little too small"),
    "a constant added": (table, lambda p: p + 1e-8, "a little too large"),
    "a constant in the logarithm": (logs, lambda p: np.log(np.exp(p) + 1e-6), "constant added ins"),
    "a floor": (logs, lambda p: np.maximum(p, -30.0), "bounds it (-30)"),
    "a floor for probabilities": (
        lambda s=0: np.exp(logs(s)),
        lambda p: p + 1e-11 * (p < 1e-11) * np.arange(6),
        "only where it should be very small",
    ),
    "a hidden infinity": (logs, lambda p: np.where(p < -500, -1.7e308, p), "nan_to_num"),
    "an approximation": (gradient, lambda g: g * (1 + 1e-5 * np.sin(np.arange(6))), "few digits"),
    "the other sign": (gradient, np.negative, "wrong sign everywhere"),
    "no sign": (gradient, np.abs, "lost its minus signs"),
    "ReLU": (gradient, lambda g: np.maximum(g, 0), "0 wherever it should be negative"),
    "clipped": (gradient, lambda g: np.clip(g, -0.1, 0.05), "is clipped (to -0.1 and 0.05)"),
    "zeros": (table, np.zeros_like, "the same number everywhere"),
    "a constant row": (table, lambda p: p.max(axis=1, keepdims=True) + 0 * p, "in a row"),
    "times N": (gradient, lambda g: 5 * g, "too large by a factor of the number of rows (5 rows)"),
    "over C": (gradient, lambda g: g / 6, "too small by a factor of the number of columns"),
    "over N twice": (gradient, lambda g: g / 25, "the squared number of rows"),
    "over all entries": (gradient, lambda g: g / 30, "the number of all entries"),
    "over N - 1": (gradient, lambda g: g * 5 / 4, "N / (N - 1)"),
    "over 64": (gradient, lambda g: g * 5 / 64, "another number than that of the rows (by 64, of"),
    "twice": (gradient, lambda g: 2 * g, "twice the right one"),
    "minus N times": (gradient, lambda g: -5 * g, "the wrong sign and is too large"),
    "another multiple": (gradient, lambda g: 1.7 * g, "a multiple of the right one (1.7 times)"),
    "base 2": (logs, lambda p: p / np.log(2), "logarithm to base 2"),
    "e to its power": (table, np.exp, "e to the power of the right one"),
    "its logarithm": (table, np.log, "the logarithm of the right one"),
    "one more everywhere": (logs, lambda p: p + 1, "plus the same number everywhere (+1)"),
    "the transposed": (table, lambda p: p.T, "is transposed: expected (5, 6), got (6, 5)"),
    "a square transposed": (lambda s=0: table(s)[:, :5], lambda p: p.T, "is transposed"),
    "flat": (table, np.ravel, "the right numbers in the wrong shape"),
    "the first row alone": (table, lambda p: p[0], "return inside the loop"),
    "sums of columns": (
        table,
        lambda p: p.sum(axis=0),
        "the wrong shape: expected (5, 6), got (6,",
    ),
    "a running sum": (table, lambda p: p.cumsum(axis=1), "cumsum"),
    "sorted": (
        table,
        lambda p: np.sort(p, axis=1),
        "right numbers in each row, but in another order",
    ),
    "rows reversed": (table, lambda p: p[::-1], "right numbers in each column, but in another"),
    "shuffled": (table, lambda p: p.ravel()[::-1].reshape(p.shape), "but in another order"),
    "the first row for all": (
        table,
        lambda p: 0 * p + p[0],
        "first row only; the others are all eq",
    ),
    "the first row, then zeros": (table, lambda p: p * (np.arange(5) == 0)[:, None], "rest is 0"),
    "without the last row": (
        table,
        lambda p: p * (np.arange(5) < 4)[:, None],
        "last row only, which",
    ),
    "without the last class": (table, lambda p: p * (np.arange(6) < 5), "wrong in the last column"),
    "every other row": (table, lambda p: p * (np.arange(5) % 2)[:, None], "some rows only"),
    "columns normalised": (table, lambda p: p / p.sum(axis=0), "columns that sum to 1"),
    "one distribution": (table, lambda p: p / 5 * [[1.5], [1], [1], [1], [0.5]], "1 as a whole"),
    "a temperature": (table, lambda p: softmax(np.log(p) / 3), "multiplied by a constant"),
    "2 to the logits": (
        table,
        lambda p: softmax(np.log(2) * np.log(p)),
        "2 is raised instead of e",
    ),
    "minus the logits": (table, lambda p: softmax(-np.log(p)), "exponents have the wrong sign"),
    "not normalised": (table, lambda p: p / p.max(axis=1, keepdims=True), "divided by is wrong"),
    "rows shifted": (logs, lambda p: p - p[:, :1], "what is subtracted from a whole row is wrong"),
    "rows scaled and shifted": (
        logs,
        lambda p: 2 * p - [[1], [2], [3], [4], [5]],
        "is something scaled",
    ),
    "columns shifted": (logs, lambda p: p - p.max(axis=0), "along the wrong axis"),
    "rows that sum to something else": (gradient, lambda g: g + g**2, "do not sum to 0"),
    "negative probabilities": (lambda s=0: 2 * table(s), lambda p: p**2 - 0.1, "negative numbers"),
    "NaN": (table, lambda p: np.where(p > 0.5, np.nan, p), "NaN (not a number), first at index"),
    "infinity": (logs, lambda p: np.where(p < -100, -np.inf, p), "infinity, first at index"),
    "something else": (
        logs,
        lambda p: -1 - np.sin(40 * p) ** 2,
        "places, first at index (0, 0): expected",
    ),
}


@pytest.mark.parametrize("case", WRONG_TABLES)
@pytest.mark.parametrize("seed", range(3))
def test_a_wrong_table_is_described(case, seed):
    """A pattern in wrong numbers is seen, whatever the numbers are."""
    make, change, words = WRONG_TABLES[case]
    assert words in said(make(seed), change(make(seed)))


@pytest.mark.parametrize("case", WRONG_TABLES)
def test_a_hidden_message_carries_no_numbers(case):
    """It is the same for other inputs, so nothing about them can be read from it."""
    make, change, _ = WRONG_TABLES[case]
    messages = [said(make(seed), change(make(seed)), hidden=True) for seed in range(3)]
    assert messages[0] == messages[1] == messages[2]
    assert not re.search(r"\d\.\d|index|got", messages[0])


WRONG_NUMBERS = {
    "the sum": (lambda loss: 5 * loss, "too large by a factor of the number of rows"),
    "the sum, in bits": (lambda loss: 5 * loss / np.log(2), "rows, and measured in a logarithm"),
    "the other sign": (np.negative, "wrong sign everywhere"),
    "bits": (lambda loss: loss / np.log(2), "logarithm to base 2"),
    "perplexity": (np.exp, "e to the power of the right one"),
    "rounded": (lambda loss: round(loss, 3), "is rounded"),
    "float32": (lambda loss: float(np.float32(loss)), "float32 precision"),
    "a whole number": (int, "whole numbers"),
    "almost": (lambda loss: loss * (1 + 1e-5), "a few digits only"),
    "another number": (lambda loss: loss + 0.777, "is wrong: expected 2.34568, got 3.12268"),
}


@pytest.mark.parametrize("case", WRONG_NUMBERS)
def test_a_wrong_number_is_described(case):
    """One number shows less than a table, but often enough."""
    change, words = WRONG_NUMBERS[case]
    assert words in said(2.345678901234, change(2.345678901234))


WRONG_TYPES = {
    "nothing": (None, "got None; is a return statement missing?"),
    "a list": ([1.0], "as an ndarray, got a list"),
    "a tuple": ((1.0,), "got a tuple"),
    "a number": (1.0, "got a single number, float"),
    "a generator": (Foreign("generator"), "got generator"),
    "objects": (Foreign("ndarray"), "an ndarray of objects or text"),
    "something strange": (Foreign("<script>"), "got another kind of object"),
    "complex numbers": (table() + 0j, "an ndarray of complex128"),
}


@pytest.mark.parametrize("case", WRONG_TYPES)
def test_a_wrong_type_is_named(case):
    """Names that a submission made up are not repeated."""
    value, words = WRONG_TYPES[case]
    assert words in said(table(), value)


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
    "a constant that is whole": (calls(1.0, 1.0, 1.0), ""),
    "wrong later": (calls(0.5, 0.9, 0.5), "right at its first call and wrong at a later one"),
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


def test_equal_answers_to_different_questions_are_no_sign_of_memory():
    """Only a part whose name ends with "again" repeats a question."""
    expected = Outcome({"step 3": 0.1, "step 4": 0.1})
    assert memory_remark(expected, Outcome({"step 3": 0.2, "step 4": 0.3})) == ""
