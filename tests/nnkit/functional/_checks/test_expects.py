"""Tests for nnkit.functional._checks.expects."""

import inspect

import pytest

from nnkit.functional._checks.expects import expects


def positive(name, value):
    if value <= 0:
        raise ValueError(f"{name} is {value}")
    return value * 10


def increasing(low, high, **_):
    if high < low:
        raise ValueError("falls")


@expects(increasing, low=positive, high=positive)
def span(low, high=5):
    """Length of an interval."""
    return high - low


def test_function_works_on_what_the_checkers_return():
    """Positional, named and default arguments all pass through their checkers."""
    assert span(1, 2) == 10
    assert span(low=1, high=2) == 10
    assert span(1) == 40


def test_checkers_see_the_name_and_relations_see_all_arguments():
    """Both may refuse, before the function runs."""
    with pytest.raises(ValueError, match="high is -1"):
        span(1, -1)
    with pytest.raises(ValueError, match="falls"):
        span(2, 1)


def test_calls_with_wrong_arguments_fail_as_usual():
    """A missing, an unknown and a superfluous argument are TypeErrors."""
    for call in (lambda: span(), lambda: span(1, middle=2), lambda: span(1, 2, 3)):
        with pytest.raises(TypeError):
            call()


def test_checked_function_looks_like_the_function():
    """Help, signature and source are those of the function itself."""
    assert span.__name__ == "span"
    assert span.__doc__ == "Length of an interval."
    assert list(inspect.signature(span).parameters) == ["low", "high"]
    assert inspect.unwrap(span) is not span
