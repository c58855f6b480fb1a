"""Tests for course.compare: when two values are the same, and what differs first."""

import numpy as np
import pytest

from course.compare import difference, equal, same
from course.outcome import Foreign, Outcome

TABLE = np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])
RTOL, ATOL = 1e-6, 1e-9


def compared(expected, got):
    """The difference of two values that two functions returned."""
    return difference(Outcome(expected), Outcome(got), RTOL, ATOL)


EQUAL = {
    "the same numbers": (TABLE, TABLE.copy()),
    "the last digit": (TABLE, np.nextafter(TABLE, 1)),
    "within the relative tolerance": (1e6 * TABLE, 1e6 * TABLE * (1 + 0.9e-6)),
    "within the absolute tolerance": (0 * TABLE, 0 * TABLE + 0.9e-9),
    "NaN for NaN": (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
    "infinity for infinity": (np.array([np.inf, -np.inf]), np.array([np.inf, -np.inf])),
    "another memory layout": (TABLE, np.asfortranarray(TABLE)),
    "another precision": (TABLE, TABLE.astype(np.longdouble)),
    "a NumPy number for a Python number": (0.5, np.float64(0.5)),
    "an array without axes for a number": (0.5, np.array(0.5)),
    "a list for a tuple": ((1.0, 2.0), [1.0, 2.0]),
    "the same words": ("relu", "relu"),
}


@pytest.mark.parametrize("case", EQUAL)
def test_what_is_right_has_no_difference(case):
    """A right value is right in whatever form a correct solution returns it."""
    expected, got = EQUAL[case]
    assert compared(expected, got) is None
    assert same(Outcome(expected), Outcome(got), RTOL, ATOL)


DIFFERENT = {
    "a wrong number": (TABLE, TABLE + np.eye(2, 3), "values"),
    "beyond the tolerance": (TABLE, TABLE * (1 + 2e-6), "values"),
    "the other infinity": (np.array([np.inf]), np.array([-np.inf]), "values"),
    "NaN": (TABLE, np.where(TABLE > 0.6, np.nan, TABLE), "nonfinite"),
    "infinity": (0.5, np.inf, "nonfinite"),
    "the transposed": (TABLE, TABLE.T, "shape"),
    "an array of one number": (0.5, np.array([0.5]), "shape"),
    "a list for an array": (TABLE, TABLE.tolist(), "type"),
    "a number for an array": (TABLE, 0.5, "type"),
    "nothing": (0.5, None, "type"),
    "True for a number": (1.0, True, "type"),
    "a word for a number": (0.5, "0.5", "type"),
    "complex numbers": (TABLE, TABLE + 0j, "type"),
    "booleans": (TABLE, TABLE > 0.5, "type"),
    "another kind of object": (TABLE, Foreign("matrix"), "type"),
    "one item too few": ((1.0, 2.0), (1.0,), "length"),
    "other keys": ((0.0, {"a": 1.0}), (0.0, {"b": 1.0}), "keys"),
    "another word": ("relu", "tanh", "choice"),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_what_is_wrong_has_a_kind(case):
    """The kind says in which way a value is wrong."""
    expected, got, kind = DIFFERENT[case]
    assert compared(expected, got).kind == kind
    assert not same(Outcome(expected), Outcome(got), RTOL, ATOL)


def test_a_tolerance_means_nothing_around_an_infinity():
    """An infinity is not close to the largest finite number, nor to the other infinity."""
    assert not equal(np.array([np.inf]), np.array([1e308]), 1.0, 1.0)
    assert not equal(np.array([np.inf]), np.array([-np.inf]), 1.0, 1.0)


def test_the_first_wrong_part_is_named_and_so_are_the_right_ones():
    """What is right in the same probe narrows down where the mistake is."""
    expected = {"one row": TABLE[:1], "a batch": TABLE, "another": 2 * TABLE}
    found = compared(expected, {**expected, "a batch": TABLE + 1})
    assert (found.part, found.position) == ("a batch", 1)
    assert found.right == ("one row", "another")


def test_items_of_a_tuple_have_the_names_of_the_docstring():
    """A function that returns a tuple gets the wrong item by its name."""
    found = difference(Outcome((1.0, 2.0)), Outcome((1.0, 3.0)), RTOL, ATOL, ("loss", "grad"))
    assert found.part == "grad"


def test_a_part_that_came_out_like_another_is_noticed():
    """Two answers that should differ and are the same point to something that bounds them."""
    found = compared({"far": 1000.0, "farther": 2000.0}, {"far": 46.05, "farther": 46.05})
    assert found.twin == "farther"


PARTS = {"one row": 0.5, "a batch": 0.25, "float32": 0.75}


def ended(**parts):
    """An outcome that ended with an exception after these parts."""
    return Outcome({name.replace("_", " "): v for name, v in parts.items()}, error="ValueError")


def test_an_exception_is_laid_to_the_part_that_was_asked_for():
    """Parts that were answered before count as right."""
    found = difference(Outcome(PARTS), ended(one_row=0.5), RTOL, ATOL)
    assert (found.kind, found.part, found.right) == ("error", "a batch", ("one row",))


def test_a_wrong_answer_comes_before_a_later_exception():
    """The first thing that differs is reported."""
    found = difference(Outcome(PARTS), ended(one_row=0.6), RTOL, ATOL)
    assert (found.kind, found.part) == ("values", "one row")


SAME_END = {
    "the same parts": (ended(one_row=0.5), True),
    "another answer before": (ended(one_row=0.6), False),
    "a later part": (ended(one_row=0.5, a_batch=0.25), False),
    "no answer at all": (Outcome(error="ValueError"), False),
    "another exception": (Outcome({"one row": 0.5}, error="TypeError"), False),
    "no exception": (Outcome(PARTS), False),
}


@pytest.mark.parametrize("case", SAME_END)
def test_two_exceptions_are_the_same_if_they_came_at_the_same_part(case):
    """Two mistakes that stop in different places are not one."""
    other, expected = SAME_END[case]
    assert same(ended(one_row=0.5), other, RTOL, ATOL) is expected


@pytest.mark.parametrize(
    "value", [None, 1.0, [], {}, {"one row": 0.5}, {**PARTS, "more": 1.0}, {"x": 0.5, **PARTS}]
)
def test_parts_that_do_not_fit_are_a_difference(value):
    """What a tampered sandbox sends is wrong, and stops nothing."""
    assert difference(Outcome(PARTS), Outcome(value), RTOL, ATOL) is not None
