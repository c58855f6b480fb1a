"""Tests for nnkit.functional._checks.callables: which functions and spaces are refused."""

from types import MappingProxyType

import numpy as np
import pytest

from nnkit import functional as F

RNG = np.random.default_rng(0)
V = np.ones(3)
SPACE = {"lr": [0.1, 0.2]}


def total(x):
    return x.sum()


# call, exception, what the message must say: what was expected, what came, what to do next
REFUSED = {
    "a number for a function": (
        lambda: F.numerical_gradient(3.0, V),
        TypeError,
        "f as a function, got float; pass the function itself, without calling it",
    ),
    "a function that returns an array": (
        lambda: F.numerical_gradient(lambda x: x, V),
        TypeError,
        r"f to return one number, got an array of shape \(3,\); reduce it .* .sum\(\)",
    ),
    "a function that returns nothing": (
        lambda: F.check_gradient(lambda x: None, V, V),
        TypeError,
        "f to return one number, got NoneType; reduce",
    ),
    "a function that returns a complex number": (
        lambda: F.numerical_gradient(lambda x: x.sum() * 1j, V),
        TypeError,
        "f to return a real number, got a complex one; return its .real part",
    ),
    "a complex step that gets lost": (
        lambda: F.complex_step_gradient(lambda x: abs(x).sum(), V),
        TypeError,
        r"f to return a complex number for complex input, got float; .* avoid float\(\), abs\(\)",
    ),
    "a gradient of another shape than x": (
        lambda: F.check_gradient(total, lambda x: 1.0, V),
        ValueError,
        r"grad to have the shape \(3,\) of x, got \(\); a gradient has exactly the shape",
    ),
    "a gradient that is a column": (
        lambda: F.check_gradient(total, lambda x: x[:, None], V),
        ValueError,
        r"grad to have the shape \(3,\) of x, got \(3, 1\);",
    ),
    "a list for a space": (
        lambda: F.grid([1, 2]),
        TypeError,
        'space as a dict of names and choices, got list; for example {"lr"',
    ),
    "a single choice": (
        lambda: F.grid({"lr": 0.1}),
        TypeError,
        r"space\['lr'\] as a list of choices, got float; put a single choice into a list",
    ),
    "a word that would fall into letters": (
        lambda: F.random_search(total, {"activation": "tanh"}, 3, RNG),
        TypeError,
        r"space\['activation'\] as a list of choices, got str;",
    ),
    "no choices": (
        lambda: F.grid({"lr": []}),
        ValueError,
        r"space\['lr'\] with at least one choice, got none; leave the name out",
    ),
    "a function in a grid": (
        lambda: F.grid({"lr": lambda rng: 0.1}),
        TypeError,
        r"space\['lr'\] as a list of choices, got a function; list the values .* random_search",
    ),
    "an objective that returns nothing": (
        lambda: F.random_search(lambda config: None, SPACE, 3, RNG),
        TypeError,
        "objective to return one number, got NoneType;",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_with_the_reason(assert_refused, case):
    """What was expected, what came, and what to do next."""
    assert_refused(*REFUSED[case])


def test_any_mapping_is_a_space():
    """Also one that can't be changed."""
    assert F.grid(MappingProxyType(SPACE)) == [{"lr": 0.1}, {"lr": 0.2}]
