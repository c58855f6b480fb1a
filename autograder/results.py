"""The result of one attempt: plain data, to JSON and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from course.verdict import Report


@dataclass(frozen=True)
class Result:
    """What grading one submission gave, with all that explains it."""

    student: str
    assignment: str
    status: str  # graded or unreadable
    reason: str = ""
    exercises: tuple[Report, ...] = ()
    repairs: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()  # in the text, against the rule of what an answer may use
    noticed: tuple[str, ...] = ()  # the same, as it ran; not for students, whose code says it
    attempt: str = ""  # names the work that was graded, and with the course key its inputs
    file_hash: str = ""  # of the submitted file
    graded_at: str = ""  # ISO 8601, UTC
    isolation: str = ""
    limits: dict[str, Any] = field(default_factory=dict)
    exercise_hashes: dict[str, str] = field(default_factory=dict)
    lesson_hash: str = ""  # of the code that the lesson gives, and of what answers may use
    timings: dict[str, float] = field(default_factory=dict)  # seconds in the sandbox
    wrong_values: dict[str, str] = field(default_factory=dict)  # hash, on inputs that all share
    seconds: float = 0.0
    nnkit_version: str = ""
    numpy_version: str = ""
    python_version: str = ""

    @property
    def points(self) -> float:
        return sum(report.points for report in self.exercises)

    def report(self, exercise: str) -> Report | None:
        return next((r for r in self.exercises if r.exercise == exercise), None)

    def was_graded(self, how: Mapping[str, Any]) -> bool:
        """Whether it was graded under these conditions (`autograder.grading.how_graded`)."""
        return all(getattr(self, name) == value for name, value in how.items())

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "points": self.points}

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Result:
        """A result from its record; KeyError if something is missing there."""
        fields = {f.name: data[f.name] for f in dataclasses.fields(cls)}
        fields["exercises"] = tuple(Report.from_dict(report) for report in data["exercises"])
        fields |= {name: tuple(data[name]) for name in ("repairs", "findings", "noticed")}
        return cls(**fields)

    @classmethod
    def from_json(cls, text: str) -> Result:
        return cls.from_dict(json.loads(text))


def max_points(results: Iterable[Result]) -> float:
    """What a machine can give at most."""
    return max((sum(r.max_points for r in result.exercises) for result in results), default=0)
