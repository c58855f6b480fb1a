"""The grade of one function: what each probe found, the points and the hint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from course.judging import Judged


@dataclass(frozen=True)
class ProbeResult:
    """What one probe found."""

    name: str
    claim: str
    points: float
    max_points: float
    passed: bool
    hidden: bool
    message: str

    @classmethod
    def of(cls, result: Judged) -> ProbeResult:
        """What is told of a probe that was judged."""
        probe, passed = result.probe, result.difference is None
        return cls(
            name=probe.name,
            claim=probe.claim,
            points=probe.points if passed else 0,
            max_points=probe.points,
            passed=passed,
            hidden=probe.hidden,
            message=result.message,
        )


@dataclass(frozen=True)
class Report:
    """The grade of one function, with its reasons."""

    exercise: str
    points: float
    max_points: float
    hint: str
    bug: str
    probes: tuple[ProbeResult, ...]

    @property
    def passed(self) -> bool:
        return all(result.passed for result in self.probes)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        return cls(**{**data, "probes": tuple(ProbeResult(**p) for p in data["probes"])})
