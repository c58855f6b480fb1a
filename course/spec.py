"""What an exercise file may say: probes, known bugs, accepted alternatives.

An exercise file is read from top to bottom by an instructor::

    @probe("gives the mean", points=1)
    def ordinary_numbers(mean, rng):
        return mean(rng.normal(size=5))

    BUGS = [Edit("sum", "x.mean()", "x.sum()", hint="The mean divides by the number of entries.")]

    @bug(hint="The median is the middle value; the mean adds up all of them.")
    def median(x):
        return np.median(x)

    @alternative
    def by_hand(x):
        return sum(x) / len(x)
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Function = Callable[..., Any]


@dataclass(frozen=True)
class Probe:
    """One question to a function: it makes inputs and returns what to compare.

    A probe holds no answers. It is called as ``function(student_function, rng)``. When it yields
    pairs of a name and a value, or returns a dict, the names stand for the parts in messages ("the
    result for a single row"); what is yielded before an exception counts as answered. The value
    of a part called "x unchanged" is whether the argument ``x`` still is what it was, and a part
    whose name ends with "again" asks the first question once more.

    ``given(rng)`` makes inputs that need the reference, such as the cache of a forward pass;
    it runs outside of the sandbox, and the probe gets its value as a third argument.
    ``summary(value)`` turns what a random function returned into numbers that every correct
    function shares; it too runs outside, on the student's value and on the reference's.
    ``key(rng)``, with a generator like that of ``given``, makes what only the summary may know,
    such as the labels of hidden examples; the summary gets it as ``key``.
    """

    claim: str  # completes "the function ..."
    points: float
    function: Function
    hidden: bool
    rtol: float
    atol: float
    given: Function | None
    summary: Function | None
    key: Function | None = None

    @property
    def name(self) -> str:
        return self.function.__name__


@dataclass(frozen=True)
class Edit:
    """A known mistake, as one edit of the reference's own source."""

    name: str
    old: str
    new: str
    hint: str


@dataclass(frozen=True)
class Wrong:
    """A known mistake, as a whole wrong function."""

    name: str
    function: Function
    hint: str


def probe(
    claim: str,
    *,
    points: float,
    hidden: bool = False,
    rtol: float = 1e-10,
    atol: float = 1e-12,
    given: Function | None = None,
    summary: Function | None = None,
    key: Function | None = None,
) -> Callable[[Function], Probe]:
    """Make a probe of a function ``(student_function, rng) -> value``."""
    return lambda function: Probe(claim, points, function, hidden, rtol, atol, given, summary, key)


def bug(hint: str) -> Callable[[Function], Wrong]:
    """Make a known mistake of a whole function; its name is the function's."""
    return lambda function: Wrong(function.__name__, function, hint)


@dataclass(frozen=True)
class Alternative:
    """A correct solution written another way."""

    function: Function

    @property
    def name(self) -> str:
        return self.function.__name__


def alternative(function: Function) -> Alternative:
    """Mark a correct solution that must earn everything."""
    return Alternative(function)


@dataclass(frozen=True)
class Task:
    """The reference of a function that a lesson asks for and `nnkit.functional` does not have."""

    function: Function


def task(function: Function) -> Task:
    """Mark the reference; its docstring is what students read."""
    return Task(function)


def task_of_source(source: str, name: str) -> Task:
    """The reference out of a text that was made by a program, which `inspect` can still find."""
    file = f"<reference of {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {}
    exec(compile(source, file, "exec"), namespace)
    return Task(namespace[name])
