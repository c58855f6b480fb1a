"""What is asked of student code, within which limits, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from course.outcome import Outcome


@dataclass(frozen=True)
class Limits:
    """What one exercise may use, and how long a whole submission may take."""

    seconds: float = 10.0
    submission_seconds: float = 300.0
    memory_mb: int = 2048
    file_mb: int = 16
    processes: int = 32


@dataclass(frozen=True)
class Question:
    """One probe of a task: its own seed, and what it is given."""

    name: str
    seed: int
    given: dict[str, Any] | None = None


@dataclass(frozen=True)
class Task:
    """One function to run: statements that define it, probes that ask it."""

    function: str
    statements: tuple[dict[str, Any], ...]
    probe_source: str
    probes: tuple[Question, ...]
    may_import: tuple[str, ...] = ()  # all may be imported, but it is noticed
    seconds: float | None = None  # its own time limit, where it has one


@dataclass
class Finding:
    """What came out of the sandbox for one task: untrusted, but plain data."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    end: str = "gone"  # done, timeout, closed or output; gone: it brought the sandbox down
    used: list[tuple[str, int, int]] = field(default_factory=list)  # what may not be; cell, line
