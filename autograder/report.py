"""What the results of a class say: what was hard, which mistakes, whose wrong values coincide.

Pure functions over results; `autograder.report_command` shows what they return.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.publish import csv_text, inert
from autograder.results import Result, max_points
from course.verdict import ProbeResult

BARS = 10  # at most so many in the distribution of points
SLOWEST = 5
RENAMED = re.compile(r"The file was called .*; it was read as (.*)", re.DOTALL)


@dataclass(frozen=True)
class Bar:
    """How many students have from `low` to below `high` points; the last bar holds its end, too."""

    low: float
    high: float
    last: bool
    students: int

    @property
    def label(self) -> str:
        return f"{self.low:g} to {'' if self.last else 'under '}{self.high:g}"


@dataclass(frozen=True)
class ExerciseRow:
    """How the class did in one exercise."""

    exercise: str
    graded: int
    passed: int
    mean: float
    max_points: float


@dataclass(frozen=True)
class BugRow:
    """A known mistake, and how many made it."""

    exercise: str
    bug: str
    students: int


@dataclass(frozen=True)
class ProbeRow:
    """How one probe did its work."""

    exercise: str
    probe: str
    claim: str
    hidden: bool
    max_points: float
    graded: int
    passed: int
    discrimination: float | None  # None where it isn't defined

    @property
    def difficulty(self) -> float:
        """The share that passed: the smaller, the harder."""
        return self.passed / self.graded


@dataclass(frozen=True)
class Breach:
    """What one student's answer used against the rule."""

    student: str
    what: str
    seen: str


@dataclass(frozen=True)
class Slow:
    """A submission that took long, and the exercise that took most of it."""

    student: str
    seconds: float
    exercise: str
    exercise_seconds: float


@dataclass(frozen=True)
class Coincidence:
    """Students whose wrong values are the same; the known mistakes that explain it, if any do."""

    students: tuple[str, ...]
    exercises: tuple[str, ...]
    bugs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassReport:
    """All that `nnkit report` shows."""

    assignment: str
    submissions: int
    max_points: float
    points: tuple[float, ...]  # of those that were graded
    bars: tuple[Bar, ...]
    exercises: tuple[ExerciseRow, ...]
    bugs: tuple[BugRow, ...]
    probes: tuple[ProbeRow, ...]
    coincidences: tuple[Coincidence, ...]
    breaches: tuple[Breach, ...]
    repairs: tuple[tuple[str, int], ...]
    unread: tuple[tuple[str, str], ...]
    slowest: tuple[Slow, ...]

    @property
    def in_numbers(self) -> dict[str, float]:
        """Mean, and the points that a quarter, half and three quarters of the class stay within."""
        if not self.points:
            return {}
        names = ("lowest", "lower quarter", "median", "upper quarter", "highest")
        quarters = np.percentile(self.points, (0, 25, 50, 75, 100)).tolist()
        return {"mean": float(np.mean(self.points)), **dict(zip(names, quarters, strict=True))}

    @property
    def chart_text(self) -> str:
        """The bar chart in words."""
        said = "; ".join(f"{bar.label}: {bar.students}" for bar in self.bars)
        return f"Number of students by points. {said}."


def class_report(assignment: str, results: Sequence[Result]) -> ClassReport:
    """The report on the results that count."""
    graded = [result for result in results if result.status == "graded"]
    most = max_points(graded)
    points = tuple(result.points for result in graded)
    return ClassReport(
        assignment=assignment,
        submissions=len(results),
        max_points=most,
        points=points,
        bars=distribution(points, most),
        exercises=tuple(_exercises(graded)),
        bugs=tuple(_bugs(graded)),
        probes=tuple(_probes(graded)),
        coincidences=coincidences(graded),
        breaches=tuple(_breaches(graded)),
        repairs=tuple(Counter(_kinds_of_repair(graded)).most_common()),
        unread=tuple((r.student, r.reason) for r in results if r.status != "graded"),
        slowest=tuple(_slowest(graded)),
    )


def distribution(points: Sequence[float], max_points: float) -> tuple[Bar, ...]:
    """Bars of equal width in whole points, from 0 to the most that can be had."""
    width = max(1, math.ceil(max_points / BARS))
    number = max(1, math.ceil(max_points / width))
    counts = Counter(min(int(p // width), number - 1) for p in points)
    lows = [width * i for i in range(number)]
    highs = [*lows[1:], max_points]
    return tuple(
        Bar(low, high, i == number - 1, counts[i])
        for i, (low, high) in enumerate(zip(lows, highs, strict=True))
    )


def point_biserial(passed: Sequence[bool], rest: Sequence[float]) -> float | None:
    """The correlation of passing with the points in everything else.

    ``(M1 - M0) / s * sqrt(p (1 - p))``, with the mean of `rest` for those who passed and for those
    who did not, its standard deviation, and the share that passed. Near 1 a probe tells strong work
    from weak; below 0 it fails the strong. None if all passed or none, or all have the same rest.
    """
    if len(set(passed)) < 2 or len(set(rest)) < 2:
        return None
    yes, points = np.asarray(passed), np.asarray(rest, dtype=float)
    share = yes.mean()
    gap = points[yes].mean() - points[~yes].mean()
    return float(gap / points.std() * np.sqrt(share * (1 - share)))


def coincidences(graded: Sequence[Result]) -> tuple[Coincidence, ...]:
    """Groups of two or more with the same wrong values; those that no known mistake explains first.

    The more exercises they share, and the smaller the group, the more it says.
    """
    exercises: dict[tuple[tuple[str, ...], bool], list[tuple[str, str]]] = {}
    for exercise, students, bug in _same_values(graded):
        exercises.setdefault((students, bool(bug)), []).append((exercise, bug))
    found = [
        Coincidence(students, tuple(e for e, _ in shared), tuple(b for _, b in shared if b))
        for (students, _), shared in exercises.items()
    ]
    return tuple(
        sorted(found, key=lambda c: (bool(c.bugs), -len(c.exercises), len(c.students), c.students))
    )


def probes_csv(report: ClassReport) -> str:
    """One row for each probe."""
    rows = [
        ["assignment", "exercise", "probe", "claim", "hidden", "points", "graded", "passed",
         "difficulty", "discrimination"]
    ]  # fmt: skip
    for row in report.probes:
        words = [inert(text) for text in (report.assignment, row.exercise, row.probe, row.claim)]
        known = row.discrimination is not None
        rows.append([
            *words, "yes" if row.hidden else "no", f"{row.max_points:g}", str(row.graded),
            str(row.passed), f"{row.difficulty:.4f}", f"{row.discrimination:.4f}" if known else "",
        ])  # fmt: skip
    return csv_text(rows)


def _exercises(graded: Sequence[Result]) -> Iterator[ExerciseRow]:
    for name in _names(graded):
        reports = [r for result in graded if (r := result.report(name))]
        mean = sum(r.points for r in reports) / len(reports)
        most = max(r.max_points for r in reports)
        yield ExerciseRow(name, len(reports), sum(r.passed for r in reports), mean, most)


def _bugs(graded: Sequence[Result]) -> Iterator[BugRow]:
    for name in _names(graded):
        bugs = Counter(r.bug for result in graded if (r := result.report(name)) and r.bug)
        yield from (BugRow(name, bug, number) for bug, number in bugs.most_common())


def _probes(graded: Sequence[Result]) -> Iterator[ProbeRow]:
    answers: dict[tuple[str, str], list[tuple[ProbeResult, float]]] = {}
    for result in graded:
        for report in result.exercises:
            for probe in report.probes:
                rest = round(result.points - probe.points, 9)  # equal ones stay equal
                answers.setdefault((report.exercise, probe.name), []).append((probe, rest))
    for (exercise, name), found in answers.items():
        probe = found[-1][0]
        passed = [p.passed for p, _ in found]
        yield ProbeRow(
            exercise, name, probe.claim, probe.hidden, probe.max_points, len(found), sum(passed),
            point_biserial(passed, [rest for _, rest in found]),
        )  # fmt: skip


def _same_values(graded: Sequence[Result]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Exercise, students, and the known mistakes if every one of them made one."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in graded:
        for exercise, values in result.wrong_values.items():
            groups.setdefault((exercise, values), []).append(result)
    for (exercise, _), results in groups.items():
        if len(results) > 1:
            reports = [result.report(exercise) for result in results]
            bugs = {report.bug if report else "" for report in reports}
            explained = "" if "" in bugs else " or ".join(sorted(bugs))
            yield exercise, tuple(sorted(result.student for result in results)), explained


def _breaches(graded: Sequence[Result]) -> Iterator[Breach]:
    for result in graded:
        yield from (Breach(result.student, what, "in the text") for what in result.findings)
        yield from (Breach(result.student, what, "as it ran") for what in result.noticed)


def _kinds_of_repair(graded: Sequence[Result]) -> Iterator[str]:
    """Repairs without the name of the file, which is another one for each student."""
    for result in graded:
        for repair in result.repairs:
            yield RENAMED.sub(r"The file had another name; it was read as \1", repair)


def _slowest(graded: Sequence[Result]) -> Iterator[Slow]:
    for result in sorted(graded, key=lambda r: (-r.seconds, r.student))[:SLOWEST]:
        exercise = max(result.timings, key=result.timings.__getitem__, default="")
        seconds = result.timings.get(exercise, 0.0)
        yield Slow(result.student, result.seconds, exercise, seconds)


def _names(graded: Sequence[Result]) -> list[str]:
    """The exercises, in the order of the lesson."""
    return list(dict.fromkeys(r.exercise for result in graded for r in result.exercises))
