"""How far does each probe's tolerance stand from honest errors, and from the smallest mistake?

Errors are counted in tolerances: 1 is just at the edge. Honest errors are those of the accepted
alternatives, and of the reference when its arrays differ in the last digit, with one thread and
with several; the probes themselves bring float64, float32 and other kinds of input. Mistakes are
the known bugs. A probe is well placed where honest errors stay far below 1 and mistakes far above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped, unused-ignore]

from course.exercise import Exercise, load_exercise
from course.outcome import Outcome
from course.reference import reference
from course.spec import Function, Probe

THREADS = (1, 2)


@dataclass(frozen=True)
class Margin:
    """One probe's largest honest error and smallest mistake, in tolerances."""

    exercise: str
    probe: str
    rtol: float
    atol: float
    honest: float
    mistake: float  # of those bugs that the probe catches by values


def margins(name: str, num_seeds: int) -> list[Margin]:
    """The margins of every probe of one exercise, over several seeds."""
    exercise = load_exercise(name)
    return [_margin(exercise, probe, num_seeds) for probe in exercise.probes]


def _margin(exercise: Exercise, probe: Probe, num_seeds: int) -> Margin:
    honest, mistakes = [0.0], [np.inf]
    for seed in range(num_seeds):
        expected, asked = exercise.expected(probe, seed), exercise.with_key(probe, seed)
        for num_threads in THREADS:
            with threadpool_limits(num_threads):
                for function in _honest_functions(exercise, probe):
                    got = exercise.outcome(probe, function, seed)
                    honest.append(error_in_tolerances(asked, expected, got))
        for bug in exercise.bugs:
            got = exercise.outcome(probe, exercise.bug_function(bug), seed)
            error = error_in_tolerances(asked, expected, got)
            if error > 1:
                mistakes.append(error)
    return Margin(exercise.name, probe.name, probe.rtol, probe.atol, max(honest), min(mistakes))


def _honest_functions(exercise: Exercise, probe: Probe) -> Iterator[Function]:
    yield from (alternative.function for alternative in exercise.alternatives)
    if probe.summary is None:  # what is summed up depends on chance much more
        yield with_other_last_digits(reference(exercise.name))


def with_other_last_digits(function: Function) -> Function:
    """The function, called with float64 arrays that are larger by one part in 4e15."""

    def moved(*args: Any, **kwargs: Any) -> Any:
        return function(*map(_moved, args), **{name: _moved(v) for name, v in kwargs.items()})

    return moved


def _moved(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(map(_moved, value))
    is_float64 = isinstance(value, np.ndarray) and value.dtype == np.float64
    return value * (1 + np.finfo(float).eps) if is_float64 else value


def error_in_tolerances(probe: Probe, expected: Outcome, got: Outcome) -> float:
    """The largest error of any number, divided by what the tolerance allows for it."""
    if expected.error or got.error:
        return 0.0 if expected.error == got.error else np.inf
    values = [outcome.value for outcome in (expected, got)]
    if probe.summary is not None:
        try:
            values = [probe.summary(value) for value in values]
        except (TypeError, ValueError, IndexError, AttributeError):  # a bug's odd result
            return np.inf
    wanted, found = (list(_numbers(value)) for value in values)
    if [a.shape for a in wanted] != [a.shape for a in found]:
        return np.inf
    return max((_excess(a, b, probe) for a, b in zip(wanted, found, strict=True)), default=0.0)


def _excess(expected: np.ndarray, got: np.ndarray, probe: Probe) -> float:
    with np.errstate(all="ignore"):
        error = np.abs(got - expected) / (probe.atol + probe.rtol * np.abs(expected))
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    error = np.where(same, 0.0, np.where(np.isnan(error), np.inf, error))
    return float(error.max(initial=0.0))


def _numbers(value: Any) -> Iterator[np.ndarray]:
    """All numbers in a value, in order."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _numbers(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _numbers(item)
    elif np.iscomplexobj(value):  # two numbers, which is never right
        yield from (np.real(value), np.imag(value))
    elif isinstance(value, int | float | np.ndarray | np.generic):
        yield np.asarray(value, dtype=np.float64)
