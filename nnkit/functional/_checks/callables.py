"""Checkers for functions as arguments, and for the spaces that a search looks through.

A function comes back wrapped: what it returns is checked too, and it is handed a copy, so
that it can't change the caller's data.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnkit.functional._checks.expects import Array


def returns_real_number(name: str, value: Any) -> Callable[..., float]:
    """A function that returns one real number."""
    function = _function(name, value)

    def checked(*args: Any) -> float:
        number = _single_number(name, function(*args))
        if isinstance(number, complex):
            raise TypeError(
                f"expected {name} to return a real number, got a complex one; return its .real part"
            )
        return number

    return checked


def returns_complex_number(name: str, value: Any) -> Callable[..., complex]:
    """A function that returns one complex number for complex input."""
    function = _function(name, value)

    def checked(*args: Any) -> complex:
        number = _single_number(name, function(*args))
        if not isinstance(number, complex):
            raise TypeError(
                f"expected {name} to return a complex number for complex input, got "
                f"{type(number).__name__}; the derivative is in the imaginary part, so avoid "
                "float(), abs(), .real and arrays of real numbers on the way"
            )
        return number

    return checked


def gradient_function(name: str, value: Any) -> Callable[[Array], Array]:
    """A function from an array to an array of the same shape; also that array itself."""

    def checked(x: Array) -> Array:
        gradient = np.asarray(value(x.copy()) if callable(value) else value)
        if gradient.shape != x.shape:
            raise ValueError(
                f"expected {name} to have the shape {x.shape} of x, got {gradient.shape}; "
                "a gradient has exactly the shape of what it is the gradient of"
            )
        return gradient

    return checked


def objective_function(name: str, value: Any) -> Callable[..., float]:
    """A function of a configuration, and perhaps a budget, that returns one real number."""
    function = returns_real_number(name, value)
    return lambda config, *budget: function(copy.copy(config), *budget)


def lists_of_choices(name: str, value: Any) -> dict[str, list[Any]]:
    """Names, each with a list of choices."""
    return {key: _choices(f"{name}[{key!r}]", item) for key, item in _mapping(name, value).items()}


def choices_to_sample(name: str, value: Any) -> dict[str, Any]:
    """Names, each with a list of choices or with a function of a generator."""
    return {
        key: item if callable(item) else _choices(f"{name}[{key!r}]", item)
        for key, item in _mapping(name, value).items()
    }


def _function(name: str, value: Any) -> Callable[..., Any]:
    if not callable(value):
        raise TypeError(
            f"expected {name} as a function, got {type(value).__name__}; "
            "pass the function itself, without calling it"
        )
    function: Callable[..., Any] = value
    return function


def _single_number(name: str, result: Any) -> Any:
    array = np.asarray(result)
    if array.dtype.kind not in "iufc" or array.ndim > 0:
        got = f"an array of shape {array.shape}" if array.ndim else type(result).__name__
        raise TypeError(
            f"expected {name} to return one number, got {got}; "
            "reduce it to a number, for example with .sum()"
        )
    return array.item()


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(
            f"expected {name} as a dict of names and choices, got {type(value).__name__}; "
            'for example {"lr": [0.1, 0.01]}'
        )
    return value


def _choices(name: str, value: Any) -> list[Any]:
    if callable(value):
        raise TypeError(
            f"expected {name} as a list of choices, got a function; "
            "list the values to try, or use random_search"
        )
    if not isinstance(value, list | tuple | range | np.ndarray):
        raise TypeError(
            f"expected {name} as a list of choices, got {type(value).__name__}; "
            "put a single choice into a list"
        )
    if len(value) == 0:
        raise ValueError(f"expected {name} with at least one choice, got none; leave the name out")
    return list(value)
