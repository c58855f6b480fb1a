"""Tests for course.crashes: real exceptions, in the words of the NumPy that is installed."""

import math
from random import Random

import numpy as np
import pytest

from course.crashes import WORDS, meaning
from course.exercise import load_exercise

table = np.arange(6.0).reshape(2, 3)


def appended_to_an_array():
    table.append(1)


def added_in_place():
    bias = np.zeros(3)
    bias += table


def fractions_in_place():
    whole = np.arange(3)
    whole -= 0.5


def put_in():
    np.zeros(2)[:] = np.zeros(3)


def one_value_too_few():
    _, _, _ = 1, 2


CRASHES = {
    "sums without keepdims": (lambda: table / table.sum(axis=1), "keepdims"),
    "sums first": (lambda: table.sum(axis=1) * table, "keepdims"),
    "bias not summed": (added_in_place, "is a sum missing"),
    "other shapes": (lambda: table + np.zeros((2, 2)), "from the last axis on"),
    "assignment": (put_in, "the shape of its place"),
    "matrix product": (lambda: table @ table, "as many columns as b has rows"),
    "np.dot": (lambda: np.dot(table, table), "as many columns as b has rows"),
    "matrix product with a number": (lambda: table @ 2.0, "not numbers"),
    "if": (lambda: 1 if table > 0 else 0, "want one number"),
    "fractions in place": (fractions_in_place, "can't take fractions"),
    "math.exp": (lambda: math.exp(table), "take NumPy's"),
    "rows of other lengths": (lambda: np.array([[1.0], [1.0, 2.0]]), "different lengths"),
    "index 1.0": (lambda: table[1.0], "no whole number"),
    "array of floats as index": (lambda: table[np.zeros(2)], "no whole number"),
    "one too far": (lambda: table[2], "one less than the size"),
    "axis": (lambda: table[0].sum(axis=1), "fewer axes"),
    "too many indices": (lambda: table[0, 0, 0], "fewer axes"),
    "forgotten times": (lambda: table[0](2), "is a * missing"),
    "brackets of another kind": (lambda: np.exp[0] if False else len[0], "round ones call"),
    "method without brackets": (lambda: table / table.sum, "without its brackets"),
    "list minus list": (lambda: [1.0] - [2.0], "np.array does"),
    "list times fraction": (lambda: [1.0] * 0.5, "np.array does"),
    "too few arguments": (lambda: (lambda a, b: a)(1), "fewer arguments"),
    "too many arguments": (lambda: (lambda a: a)(1, 2), "more arguments"),
    "unpacked": (one_value_too_few, "not as many as"),
    "reshaped": (lambda: table.reshape(4, 2), "another number of entries"),
    "append": (appended_to_an_array, "don't grow"),
    "shuffle's result": (lambda: Random(0).shuffle([1, 2])[0], "returns None"),
}


@pytest.mark.parametrize("case", CRASHES)
def test_an_exception_is_explained(case):
    """By what the student did, whatever NumPy calls it."""
    crash, told = CRASHES[case]
    with pytest.raises(Exception) as raised:  # noqa: PT011  # whatever it is called
        crash()

    assert told in meaning(str(raised.value), line=1)


def test_each_explanation_is_needed():
    """No pattern is left that nothing raises."""
    said = set()
    for crash, _ in CRASHES.values():
        with pytest.raises(Exception) as raised:  # noqa: PT011
            crash()
        said.add(meaning(str(raised.value), line=1))

    assert [told for _, told in WORDS if f" ({told})" not in said] == []


def test_what_is_not_known_is_left_alone():
    """A student's own words, for example."""
    assert meaning("the loss is negative", line=3) == ""


def test_check_says_it_below_the_exceptions_own_words():
    """A mean over the rows' entries that has lost its axis."""

    def layernorm_forward(x, gamma, beta, eps=1e-5):
        return (x - x.mean(axis=1)) / np.sqrt(x.var(axis=1) + eps), None

    report = load_exercise("layernorm_forward").grade(layernorm_forward)

    assert any("keepdims" in probe.message for probe in report.probes)


def test_another_exception_at_the_same_place_is_another_mistake():
    """Of two functions that are right on one probe and crash elsewhere, one is no proof."""

    def mlp_forward(x, weights, biases):
        if len(weights) == 1:
            return x @ weights[0] + biases[0], ([x.copy()], [w.copy() for w in weights])
        raise ValueError("something of my own")

    report = load_exercise("mlp_forward").grade(mlp_forward)

    assert report.points
    assert not report.bug
    assert "something of my own" in report.hint
