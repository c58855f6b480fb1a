"""Tests for course.compare: when two values are the same, and what differs first."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from course.compare import difference, equal, same
from course.judging import agree, judged
from course.outcome import Foreign, Outcome, decode, encode
from course.spec import probe

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


NAMES = ("logits", "cache")
INNER = {
    "an item of the result": (((1.0, (2.0, 3.0)), (1.0, (2.0, 4.0))), "item 1 in cache in a call"),
    "the result": (((1.0, 2.0), (1.0, 3.0)), "cache in a call"),
    "results in a list": (([(1.0, 2.0)], [(1.0, 3.0)]), "cache in item 0 in a call"),
}


@pytest.mark.parametrize("case", INNER)
def test_names_belong_to_the_outermost_tuple(case):
    """A tuple in it may have as many items, which are something else."""
    (expected, got), path = INNER[case]
    found = difference(Outcome({"a call": expected}), Outcome({"a call": got}), RTOL, ATOL, NAMES)
    assert found.part == path


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("cache in training", "item 1 in cache in training"),
        ("logits and cache", "cache in logits and cache"),
        ("a step with logits 0", "cache in a step with logits 0"),
    ],
)
def test_a_part_that_is_one_item_is_not_the_result(part, path):
    """Its name says so: it is that of one of the items."""
    expected, got = Outcome({part: (1.0, 2.0)}), Outcome({part: (1.0, 3.0)})
    assert difference(expected, got, RTOL, ATOL, NAMES).part == path


def test_items_of_a_tuple_have_the_names_of_the_docstring():
    """A function that returns a tuple gets the wrong item by its name."""
    found = difference(Outcome((1.0, 2.0)), Outcome((1.0, 3.0)), RTOL, ATOL, ("loss", "grad"))
    assert found.part == "grad"


def test_a_part_that_came_out_like_another_is_noticed():
    """Two answers that should differ and are the same point to something that bounds them."""
    found = compared({"far": 1000.0, "farther": 2000.0}, {"far": 46.05, "farther": 46.05})
    assert found.twin == "farther"


@pytest.mark.parametrize("number", [0.0, 1.0, 0.5])
def test_simple_numbers_are_no_twins(number):
    """Many wrong ways lead to them."""
    found = compared({"far": 0.25, "farther": 0.75}, {"far": number, "farther": number})
    assert found.twin == ""


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


NEVER_RIGHT = {
    "objects of a type": (Foreign("generator"), Foreign("map")),
    "arrays of bool": (TABLE > 0.5, TABLE > 0.1),
    "complex numbers": (TABLE + 1j, TABLE + 2j),
    "one complex number": (np.complex128(1j), np.complex128(2j)),
    "an object and a number": (Foreign("generator"), np.float64(1.0)),
}


@pytest.mark.parametrize("case", NEVER_RIGHT)
def test_what_is_never_right_can_be_recognised(case):
    """A bug that returns such a thing is known by it, but such a thing earns nothing."""
    one, other = (Outcome({"it": [value]}) for value in NEVER_RIGHT[case])
    assert same(one, one, RTOL, ATOL)
    assert not same(one, other, RTOL, ATOL)
    assert not same(other, one, RTOL, ATOL)
    assert difference(one, one, RTOL, ATOL).kind == "type"


KINDS = [
    *(None, True, np.bool_(False), 0, 3, 10**30, 0.5, np.nan, -np.inf, 1j, np.complex64(1j)),
    *(np.float16(0.1), np.float32(3e38), np.longdouble("1e4000"), np.int8(3), np.uint64(2**63)),
    *("", "relu", "x" * 300, np.str_("relu"), b"", {1}, object(), range(3), Foreign("generator")),
    *(np.array(0.5), np.array(True), np.array("relu"), np.array([None]), (n for n in range(3))),
    *([], (), {}, [0.5] * 101, [[[[[[0.5]]]]]], (0.5, 1.5), [True, None], {"a": 0.5}, {"b": TABLE}),
    *(np.empty(0), np.empty((0, 3)), np.empty((3, 0)), TABLE, -TABLE, TABLE.T, TABLE[:1], TABLE[0]),
    *(TABLE > 0.5, TABLE * 1j, TABLE.astype(int), TABLE.astype(">f8"), TABLE.astype(np.float16)),
    *(np.full((2, 3), np.nan), np.full((2, 3), np.inf), np.full((2, 3), 1e308), TABLE * 1e-310),
]
TABLES = npst.arrays(st.sampled_from(["f8", "f4", "i8", "?"]), st.sampled_from([(2, 3), (3,)]))
NESTED = st.recursive(
    st.sampled_from(KINDS) | TABLES,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=6,
)


@probe("is summed up", points=1, summary=lambda value: {"its sum": np.mean(value["a"])})
def summed(function, rng):
    return function(rng)


@probe("is anything", points=1)
def plain(function, rng):
    return function(rng)


def assert_nothing_stops_a_comparison(one, other):
    one, other = (Outcome(decode(encode(value))) for value in (one, other))
    for item in (plain, summed):
        for names in ((), NAMES):
            found = judged(item, one, other, names, ())
            assert bool(found.difference) == bool(found.message)
        assert agree(item, one, other) in (True, False)
        assert agree(item, one, one)


@pytest.mark.parametrize(
    "part", [lambda v: v, lambda v: {"a": v}, lambda v: (1.0, v)], ids=["alone", "part", "item"]
)
def test_nothing_stops_the_comparison_of_two_kinds(part):
    """Every kind of value is compared with every other."""
    for one, other in itertools.product(KINDS, KINDS):
        assert_nothing_stops_a_comparison(part(one), part(other))


@settings(max_examples=200, deadline=None)
@given(NESTED, NESTED)
def test_nothing_stops_the_comparison_of_nested_values(one, other):
    """Whatever two functions return, it is compared, and what differs is put into words."""
    assert_nothing_stops_a_comparison(one, other)


@settings(max_examples=200, deadline=None)
@given(TABLES, TABLES)
def test_nothing_stops_the_description_of_wrong_tables(one, other):
    """Patterns are looked for in any numbers."""
    assert_nothing_stops_a_comparison({"a": one}, {"a": other})
