"""The reference's calls in a probe, to be made again with something changed."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from course.compare import is_real
from course.patterns.numbers import Array
from course.spec import Function

FEW_ITEMS = 4  # of a list or tuple that are arguments of their own, as in betas
MOST_NUMBERS = 5000  # in the arguments of a call that is made again
TEXTBOOK = "nnkit.functional"  # its functions are fast; those of other tasks may train a network


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a function.

    Attributes
    ----------
    function : callable
    args : tuple
    kwargs : dict
        What it was called with, copied.
    """

    function: Function
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """What it was called with, by name, with the defaults; nothing if that doesn't fit."""
        try:
            bound = inspect.signature(self.function).bind(*self.args, **self.kwargs)
        except TypeError:  # the wrong number of arguments, on purpose
            return {}
        bound.apply_defaults()
        return bound.arguments

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """The numbers and arrays by name, those in a list or a tuple as ``betas[0]``."""
        items: dict[str, Any] = {}
        for name, value in self.arguments.items():
            several = isinstance(value, list | tuple)
            few = enumerate(value if several and len(value) <= FEW_ITEMS else ())
            items |= {f"{name}[{i}]": v for i, v in few} if several else {name: value}
        return {name: np.array(v)[()] for name, v in items.items() if is_real(v)}

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """The first array's; of several in a list, none stands for the batch."""
        arrays = {name: v for name, v in self.numbers.items() if np.ndim(v)}
        alone = len(arrays) == 1
        return next((v.shape for name, v in arrays.items() if alone or "[" not in name), ())

    @cached_property
    def is_repeatable(self) -> bool:
        """Whether it can be made again soon, with the same result."""
        size = sum(np.size(v) for v in self.numbers.values())
        random = any(isinstance(v, np.random.Generator) for v in self.arguments.values())
        of_the_textbook = str(self.function.__module__).startswith(TEXTBOOK)
        return of_the_textbook and size <= MOST_NUMBERS and not random

    @cached_property
    def result(self) -> Any:
        """What the function returns, or None where it is random, slow or raises."""
        return self._again({})

    @cached_property
    def variants(self) -> dict[str, Any]:
        """What comes out with one argument changed: in words, and the function's result."""
        if self.result is None:
            return {}
        with np.errstate(all="ignore"):
            found = {words: self._again(changes) for words, changes in self._changes()}
        return {words: value for words, value in found.items() if value is not None}

    def by(self, function: Function) -> Any:
        """What another function makes of the same arguments, or None as above."""
        return self._again({}, function)

    def _again(self, changes: Mapping[str, Any], function: Function | None = None) -> Any:
        if not self.is_repeatable:
            return None
        arguments = {name: _copied(value) for name, value in self.arguments.items()}
        for name, value in changes.items():
            outer, _, place = name.rstrip("]").partition("[")
            if place:
                items = list(arguments[outer])
                items[int(place)] = value
                value = type(arguments[outer])(items)
            arguments[outer] = value
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                return (function or self.function)(**arguments)
            except Exception:  # the change may make no sense
                return None

    def _changes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, value in self.arguments.items():
            if isinstance(value, bool):
                yield f"{name} turned round", {name: not value}
        parameters = inspect.signature(self.function).parameters
        for name, value in self.numbers.items():
            ways = _arrays_instead(value) if np.ndim(value) else _numbers_instead(value)
            yield from ((words.format(name), {name: other}) for words, other in ways)
            if name in parameters and parameters[name].default not in (
                inspect.Parameter.empty,
                value,
            ):
                yield f"{name} left at its default", {name: parameters[name].default}
        yield from self._exchanges()

    def _exchanges(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, value in self.numbers.items():
            others = ((n, v) for n, v in self.numbers.items() if n != name)
            for other, its in others:
                if np.shape(value) != np.shape(its):
                    continue
                yield f"{other} instead of {name}", {name: its}
                if other > name:
                    yield f"{name} and {other} exchanged", {name: its, other: value}


def _copied(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_copied(item) for item in value)
    return value.copy() if isinstance(value, np.ndarray) else value


def _numbers_instead(value: Any) -> Iterator[tuple[str, Any]]:
    yield "0 instead of {}", type(value)(0)
    yield "1 instead of {}", type(value)(1)
    if np.asarray(value).dtype.kind in "iu":
        yield "{0} + 1 instead of {0}", value + 1
        yield "{0} - 1 instead of {0}", value - 1
    else:
        yield "1 - {0} instead of {0}", 1 - value
        yield "the square of {0} instead of {0}", value**2
        yield "the root of {0} instead of {0}", np.sqrt(value)
        if value:
            yield "1 / {0} instead of {0}", 1 / value


def _arrays_instead(array: Array) -> Iterator[tuple[str, Array]]:
    level = np.ones_like(array)
    yield "0 instead of {}", 0 * array
    yield "1 instead of {}", level
    if array.dtype.kind in "iu":
        yield "{0} + 1 instead of {0}", array + 1
        yield "{0} - 1 instead of {0}", array - 1
        return
    yield "the sizes of {0} (abs) instead of {0}", np.abs(array)
    yield "the signs of {0} instead of {0}", np.sign(array)
    yield "the squares of {0} instead of {0}", array**2
    yield "the roots of {0} instead of {0}", np.sqrt(array)
    yield "the mean of {0} instead of its entries", level * array.mean()
    yield "the sum of {0} instead of its entries", level * array.sum()
    yield "{} divided by its length", array / np.linalg.norm(array)
    yield "{} without what is negative", np.maximum(array, 0)
    if array.ndim > 1:
        yield "the means of {0} over its first axis instead of {0}", level * array.mean(axis=0)
        yield "the sums of {0} over its first axis instead of {0}", level * array.sum(axis=0)
        yield "the first row of {} for all rows", level * array[0]
    if array.ndim == 2 and array.shape[0] == array.shape[1]:
        yield "{} transposed", array.T


class CallRecorder:
    """Calls a function and remembers the calls."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.calls: tuple[Call, ...] = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        copies = {name: _copied(value) for name, value in kwargs.items()}
        self.calls += (Call(self.function, _copied(args), copies),)
        return self.function(*args, **kwargs)
