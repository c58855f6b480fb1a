"""The decorator that checks a function's arguments before the function runs."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from numpy.typing import NDArray

Array = NDArray[Any]
Checker = Callable[[str, Any], Any]
Relation = Callable[..., None]
P = ParamSpec("P")
R = TypeVar("R")


def expects(
    *relations: Relation, **checkers: Checker
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function so that its arguments are checked before it runs.

    A checker takes one argument's name and value, and returns the value that the function
    is to work on. A relation takes all arguments by name and looks at how they fit together.
    Both raise ``ValueError`` or ``TypeError`` for what they refuse.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        by_name: Callable[..., R] = function
        names = tuple(signature.parameters)
        defaults = {
            name: parameter.default
            for name, parameter in signature.parameters.items()
            if parameter.default is not inspect.Parameter.empty
        }

        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            arguments = {**defaults, **dict(zip(names, args, strict=False)), **kwargs}
            twice = kwargs and not kwargs.keys().isdisjoint(names[: len(args)])
            if twice or len(args) > len(names) or len(arguments) != len(names):
                signature.bind(*args, **kwargs)  # raises, in Python's own words
            for name, checker in checkers.items():
                arguments[name] = checker(name, arguments[name])
            for relation in relations:
                relation(**arguments)
            return by_name(**arguments)

        return checked

    return decorate
