"""The result of one attempt: plain data, to JSON and back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from course.exercise import Report


@dataclass(frozen=True)
class Result:
    """What grading one submission gave, with all that explains it."""

    student: str
    assignment: str
    status: str  # graded or unreadable
    reason: str = ""
    exercises: tuple[Report, ...] = ()
    repairs: tuple[str, ...] = ()
    attempt: str = ""
    isolation: str = ""
    seconds: float = 0.0
    nnkit_version: str = ""
    numpy_version: str = ""
    python_version: str = ""

    @property
    def points(self) -> float:
        return sum(report.points for report in self.exercises)

    def report(self, exercise: str) -> Report | None:
        return next((r for r in self.exercises if r.exercise == exercise), None)

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "points": self.points}, indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Result:
        data: dict[str, Any] = json.loads(text)
        data.pop("points")
        data["exercises"] = tuple(Report.from_dict(report) for report in data["exercises"])
        return cls(**{**data, "repairs": tuple(data["repairs"])})
