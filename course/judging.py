"""One probe's outcome against the reference's."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from course.calls import Call
from course.compare import UNCHANGED, Difference, difference, same
from course.diagnosis import message, reason
from course.outcome import Outcome, decode, encode
from course.spec import Probe
from course.structure import Shapes

MOST_SUMMED = 256  # outcomes of random functions that are kept, with their sums


@dataclass(frozen=True)
class Judged:
    """One probe, what the reference and the student's function brought, and the difference."""

    probe: Probe
    expected: Outcome
    got: Outcome
    difference: Difference | None
    message: str  # about the difference; empty if there is none

    @cached_property
    def reason(self) -> str:
        """What the message is about beyond wrong numbers: "digits" or a "cause"."""
        return reason(self.difference, _shapes(self.difference.calls)) if self.difference else ""

    @property
    def is_plain(self) -> bool:
        """Whether the message says that numbers are wrong, and no more."""
        return self.difference is not None and self.difference.kind == "values" and not self.reason

    @property
    def changes_argument(self) -> bool:
        """Whether the function has changed what it was given."""
        return self.difference is not None and self.difference.part.endswith(UNCHANGED)


def judged(
    probe: Probe, expected: Outcome, got: Outcome, names: tuple[str, ...], calls: Sequence[Call]
) -> Judged:
    """Compare an outcome with the reference's.

    `names` are those of the items of a returned tuple; `calls` are the reference's.
    """
    found = _difference(probe, expected, got, names)
    if found is None:
        return Judged(probe, expected, got, None, "")
    found = replace(found, calls=tuple(calls))
    return Judged(probe, expected, got, found, message(found, _shapes(calls), hidden=probe.hidden))


def _shapes(calls: Sequence[Call]) -> Shapes:
    return tuple(call.shape for call in calls)


def agree(probe: Probe, one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes of a probe are the same to it."""
    if probe.summary is None or one.error or other.error:
        return same(one, other, probe.rtol, probe.atol)
    of_one_kind = same(one, other, 0.0, np.inf)
    return of_one_kind and same(_sum(probe, one), _sum(probe, other), probe.rtol, probe.atol)


def _difference(
    probe: Probe, expected: Outcome, got: Outcome, names: tuple[str, ...]
) -> Difference | None:
    """The first difference in what a probe looks at."""
    if probe.summary is None or expected.error or got.error:
        return difference(expected, got, probe.rtol, probe.atol, names)
    of_another_kind = difference(expected, got, 0.0, np.inf, names)
    if of_another_kind:
        return of_another_kind
    wanted, seen = _sum(probe, expected), _sum(probe, got)
    if seen.error:  # nothing that can be summed up
        return Difference("choice", expected.value, got.value)
    found = difference(wanted, seen, probe.rtol, probe.atol)
    return replace(found, summed=True) if found else None


def _sum(probe: Probe, outcome: Outcome) -> Outcome:
    """An outcome's value, summed up by the probe."""
    return _sum_of(probe, _Held(outcome))


class _Held:
    """An outcome as a key: it is equal to itself only."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    def __hash__(self) -> int:
        return id(self.outcome)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.outcome is other.outcome


@lru_cache(maxsize=MOST_SUMMED)  # one function's is held against those of all known mistakes
def _sum_of(probe: Probe, held: _Held) -> Outcome:
    assert probe.summary is not None
    outcome = held.outcome
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # such as the mean of an empty array
        try:
            return Outcome(decode(encode(probe.summary(outcome.value))))
        except Exception as error:  # a student's value can be anything
            return Outcome(error=type(error).__name__)
