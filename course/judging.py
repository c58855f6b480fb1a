"""One probe's outcome against the reference's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course.compare import Difference, difference, same
from course.diagnosis import Shapes, message
from course.outcome import Outcome
from course.spec import Function, Probe


@dataclass(frozen=True)
class Judged:
    """One probe, what the reference and the student's function brought, and the difference."""

    probe: Probe
    expected: Outcome
    got: Outcome
    difference: Difference | None
    message: str  # about the difference; empty if there is none


def judged(
    probe: Probe, expected: Outcome, got: Outcome, names: tuple[str, ...], shapes: Shapes
) -> Judged:
    """Compare an outcome with the reference's.

    `names` are those of the items of a returned tuple; `shapes` those of the calls' first arrays.
    """
    found = _difference(probe, expected, got, names)
    text = message(found, shapes, hidden=probe.hidden) if found else ""
    return Judged(probe, expected, got, found, text)


def agree(probe: Probe, one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes of a probe are the same to it."""
    if probe.summary is None:
        return same(one, other, probe.rtol, probe.atol)
    return _difference(probe, one, other) is None


def _difference(
    probe: Probe, expected: Outcome, got: Outcome, names: tuple[str, ...] = ()
) -> Difference | None:
    """The first difference in what a probe looks at."""
    if probe.summary is None or expected.error or got.error:
        return difference(expected, got, probe.rtol, probe.atol, names)
    of_another_kind = difference(expected, got, 0.0, np.inf, names)
    if of_another_kind:
        return of_another_kind
    try:
        seen = Outcome(probe.summary(got.value))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return Difference("type", expected.value, got.value)  # nothing that can be summed up
    return difference(Outcome(probe.summary(expected.value)), seen, probe.rtol, probe.atol)


class ShapeRecorder:
    """Calls a function and remembers the shape of each call's first array."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.shapes: tuple[tuple[int, ...], ...] = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        shape = next((a.shape for a in args if isinstance(a, np.ndarray)), ())
        self.shapes += (shape,)
        return self.function(*args, **kwargs)
