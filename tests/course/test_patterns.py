"""Tests for course.patterns: what is noticed in wrong numbers, and what is not claimed."""

import re

import numpy as np
import pytest

from course.compare import difference
from course.diagnosis import message
from course.outcome import Outcome
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
    "five times it": (lambda loss: 5 * loss, "is wrong: expected 2.34568, got 11.7284"),
    "half of it": (lambda loss: loss / 2, "is wrong: expected 2.34568, got 1.17284"),
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


TABLE_4 = softmax(np.random.default_rng(4).normal(size=(4, 6)))


def said_of(*samples):
    """The message about several calls: what is right, what came, the shape of the input."""
    parts = [{f"call {i}": sample[k] for i, sample in enumerate(samples)} for k in (0, 1)]
    found = difference(*map(Outcome, parts), RTOL, ATOL)
    return message(found, tuple(sample[2] for sample in samples), hidden=False)


SAMPLES = {
    "the sum": ([(0.7, 3.5, (5, 4)), (1.1, 3.3, (3, 4))], "factor of the number of rows (5 rows)"),
    "the sum, one row right": ([(0.7, 3.5, (5, 4)), (1.1, 1.1, (1, 4))], "the number of rows"),
    "the sum, in bits": (
        [(0.7, 3.5 / np.log(2), (5, 4)), (1.1, 3.3 / np.log(2), (3, 4))],
        "the number of rows, and measured in a logarithm",
    ),
    "half": ([(0.7, 0.35, (5, 4)), (1.1, 0.55, (3, 4))], "is half the right one"),
    "half, of two rows": ([(0.7, 0.35, (2, 4)), (1.1, 0.55, (2, 4))], "got 0.35"),
    "five times, whatever the size": ([(0.7, 3.5, (5, 4)), (1.1, 5.5, (3, 4))], "got 3.5"),
    "five times, with other sizes": ([(0.7, 3.5, (5, 4)), (1.1, 1.1, (3, 4))], "got 3.5"),
    "a quarter of four rows": (
        [(TABLE_4, TABLE_4 / 4, (4, 6))],
        "a multiple of the right one (0.25",
    ),
    "a quarter, then a third": (
        [(TABLE_4, TABLE_4 / 4, (4, 6)), (TABLE_4[:3], TABLE_4[:3] / 3, (3, 6))],
        "too small by a factor of the number of rows (4 rows)",
    ),
    "a square table": ([(TABLE_4[:, :4], 4 * TABLE_4[:, :4], (4, 4))], "a multiple of the right"),
    "one number in an array": ([(np.full(5, 0.7), np.full(5, 3.5), (5, 4))], "5 of 5 places"),
    "a number over 861": ([(0.7, 0.7 * 41 / 861, (41, 2))], "is wrong: expected 0.7"),
    "a table over 21": ([(TABLE_4, TABLE_4 / 21, (4, 6))], "a multiple of the right one (0.04762"),
    "momentum": ([(TABLE_4, 0.75 * TABLE_4, (3, 6))], "a multiple of the right one (0.75 times)"),
}


@pytest.mark.parametrize("case", SAMPLES)
def test_a_ratio_has_a_meaning_only_where_nothing_else_fits(case):
    """One number is a multiple of any other; a second input of another size decides."""
    samples, words = SAMPLES[case]
    assert words in said_of(*samples)


LINES = {
    "the first alone": (lambda g: g * (np.arange(5) == 0), "is there a return inside the loop?"),
    "the last alone": (lambda g: g * (np.arange(5) == 4), "made anew inside?"),
    "a running sum": (np.cumsum, "is a running sum (cumsum)"),
    "a hundred times": (lambda g: 100 * g, "100 times the right one (a percentage?)"),
}


@pytest.mark.parametrize("case", LINES)
def test_a_wrong_vector_is_described(case):
    """As a table is."""
    change, words = LINES[case]
    right = np.array([0.31, -0.47, 0.83, 1.21, -0.67])
    assert words in said(right, change(right), shapes=((5,),))


SMALL = 1e-11 * np.array([[1.0, -2.0, 3.0], [0.5, 0.7, -0.9]])
CHANCE = {  # what is right, what came, words that would claim too much
    "small numbers": (SMALL, SMALL + 1e-11 * np.array([[1, 3, 9], [5, 5, 5]]), "sign"),
    "small numbers in another order": (SMALL, SMALL**2 * 1e10, "order"),
    "small numbers, not level": (SMALL, SMALL * [[2], [3]], "the same number"),
    "one wrong number": (gradient(), np.maximum(gradient(), gradient().min() + 0.01), "clipped"),
    "one size": (np.array([-2.0, 2.0, 2.0]), np.array([-1.0, 1.0, 1.0]), "clipped"),
    "one number for constants": (
        np.array([0.0, 0.3, 0.5, 0]),
        np.array([1, 0.3, 0.5, 1]),
        "clipped",
    ),
    "an offset that is rounding": (1e3 * table(), 1e3 * table() + 1e-9, "plus the same number"),
    "roots": (table(), 3 * np.sqrt(table()), "temperature"),
    "2 and 4": (2.0, 4.0, "square"),
}


@pytest.mark.parametrize("case", CHANCE)
def test_what_may_be_chance_is_not_claimed(case):
    """A pattern needs several numbers above rounding that show it."""
    expected, got, words = CHANCE[case]
    text = message(difference(Outcome(expected), Outcome(got), 0.0, 1e-14), (), hidden=False)
    assert words not in text


def test_a_few_positive_numbers_do_not_forbid_negative_ones():
    """One number of a linear layer may well be negative."""
    assert "where none can be" not in said(np.array([[0.3]]), np.array([[-1.7]]))
    sizes = np.abs(logs())
    assert "where none can be" in said(sizes, sizes * np.sin(np.arange(30)).reshape(5, 6))


def test_rows_of_zeros_are_no_sums_that_hold():
    """A network that happens to be off has gradients of 0."""
    assert "sum to 0" not in said(np.zeros((5, 6)), gradient() + np.arange(6))


def test_tiny_numbers_are_not_rounded_ones():
    """Of a rate that has fallen for long, every decimal is 0."""
    found = difference(Outcome({"lr": 2e-15}), Outcome({"lr": 1e-15}), RTOL, 0.0)

    assert "rounded" not in message(found, (), hidden=False)
