"""Grade one rebuilt notebook: run its functions in the sandbox, judge their values here.

The verdict is computed in this process, which never runs student code. What is missing is worth
nothing; what fails costs only its own exercise.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from nbformat.notebooknode import NotebookNode

import nnkit
from autograder import wrong_values
from autograder.answers import Work, works_in
from autograder.key import probe_seed as attempt_seed
from autograder.policy import (
    EXERCISE,
    FOR_SHOW,
    breaches_in_text,
    described,
    is_numerical_differentiation,
    policy_of,
)
from autograder.rebuild import rebuilt_notebook, template
from autograder.results import Result
from autograder.sandbox import Sandbox
from autograder.slicing import imported_packages
from autograder.submission import (
    UnreadableSubmission,
    parse_submission,
    read_file,
    shown_name,
)
from autograder.tasks import Finding, Limits, Question, Task
from course.exercise import helpers_first, load_exercise
from course.lesson import load_lesson
from course.outcome import Outcome, probe_seed
from course.spec import Probe
from course.verdict import Report

PROVIDED = {"numpy"}  # what a submission may import beside Python's standard library
NOT_THERE = {"ModuleNotFoundError", "ImportError", "NameError"}


@dataclass(frozen=True)
class Settings:
    """How a class is graded."""

    assignment: str
    course_key: bytes
    isolation: str
    limits: Limits = field(default_factory=Limits)


def grade_file(path: Path, student: str, settings: Settings) -> tuple[Result, NotebookNode]:
    """Grade a submitted file; the notebook is the submission rebuilt on the template.

    A file that can't be read becomes a result that says so, on an untouched template.
    """
    try:
        data = read_file(path)
    except UnreadableSubmission as error:
        return unreadable(student, settings, str(error)), template(settings.assignment)
    return grade_bytes(data, path.name, student, settings)


def grade_bytes(
    data: bytes, file_name: str, student: str, settings: Settings
) -> tuple[Result, NotebookNode]:
    """Grade a submission given as the content of its file."""
    name = shown_name(Path(file_name))
    try:
        notebook = rebuilt_notebook(parse_submission(data, name), settings.assignment)
        stem = Path(file_name).stem
        if stem != settings.assignment and student not in stem:
            notebook.metadata["nnkit"]["repairs"].append(
                f"The file was called {name}; it was read as {settings.assignment}.ipynb."
            )
        return grade_notebook(notebook, student, settings, file_hash(data)), notebook
    except UnreadableSubmission as error:
        return unreadable(student, settings, str(error)), template(settings.assignment)


def unreadable(student: str, settings: Settings, reason: str) -> Result:
    """The result of a submission that can't be graded."""
    return Result(
        student, settings.assignment, status="unreadable", reason=reason, graded_at=_now(),
        **how_graded(settings),
    )  # fmt: skip


def file_hash(data: bytes) -> str:
    """Tells whether a file is the one that was graded before."""
    return hashlib.sha256(data).hexdigest()


def grade_notebook(
    notebook: NotebookNode, student: str, settings: Settings, file_hash: str = ""
) -> Result:
    """Grade a notebook that `rebuilt_notebook` made."""
    start = time.perf_counter()
    attempt = str(notebook.metadata["nnkit"]["attempt"])
    works = works_in(notebook, load_lesson(settings.assignment).exercises)
    seeds = {w.exercise: attempt_seed(settings, w.exercise, student, attempt) for w in works}
    with Sandbox(settings.limits, settings.isolation) as sandbox:
        run = _run(sandbox, works, seeds)
        findings = {w.exercise: list(_findings(w, run, seeds)) for w in works}
        noticed = {name: list(dict.fromkeys(said)) for name, said in run.breaches.items()}
        reports = _verdicts(works, run, seeds, findings)
        wrong = dict(_wrong_values(sandbox, works, reports, run, settings))
    return Result(
        student,
        settings.assignment,
        status="graded",
        exercises=reports,
        repairs=tuple(notebook.metadata["nnkit"]["repairs"]),
        findings=_with_names(findings),
        noticed=_with_names(noticed),
        attempt=attempt,
        file_hash=file_hash,
        graded_at=_now(),
        timings={name: round(seconds, 3) for name, seconds in run.seconds.items()},
        wrong_values=wrong,
        seconds=round(time.perf_counter() - start, 3),
        **how_graded(settings),
    )


def how_graded(settings: Settings) -> dict[str, Any]:
    """All that points depend on besides the work itself; when it changes, grade again."""
    exercises = load_lesson(settings.assignment).exercises
    return {
        "isolation": settings.isolation,
        "limits": asdict(settings.limits),
        "exercise_hashes": {name: load_exercise(name).digest for name in exercises},
        "lesson_hash": _lesson_hash(settings.assignment, exercises),
        "nnkit_version": nnkit.__version__,
        "numpy_version": np.__version__,
        "python_version": sys.version.split()[0],
    }


def _lesson_hash(assignment: str, exercises: Sequence[str]) -> str:
    cells = [cell.source for cell in template(assignment).cells if cell.cell_type == "code"]
    rules = [
        (name, sorted(rule.imports), rule.cost)
        for name, rule in zip(exercises, map(policy_of, exercises), strict=True)
    ]
    return hashlib.sha256(repr((cells, rules)).encode()).hexdigest()[:16]


@dataclass
class Run:
    """What the sandbox brought, by exercise."""

    outcomes: dict[str, dict[str, Outcome]]
    seconds: dict[str, float]
    breaches: dict[str, list[str]]
    trouble: dict[str, str]


def _run(sandbox: Sandbox, works: Sequence[Work], seeds: dict[str, int]) -> Run:
    """What each probe brought; for one that brought nothing, why.

    Hidden probes come last, and messages about them show no numbers. So what a student's function
    saw in one can't return as the value of another, in a message that shows it.
    """
    names = [work.exercise for work in works]
    run = Run(
        outcomes={name: {} for name in names},
        seconds=dict.fromkeys(names, 0.0),
        breaches={name: [] for name in names},
        trouble={work.exercise: work.trouble for work in works},
    )
    for hidden in (False, True):
        tasks = {}
        for work in works:
            name = work.exercise
            probes = [p for p in load_exercise(name).probes if p.hidden == hidden]
            if probes and not run.trouble[name]:
                tasks[name] = _task(work, probes, seeds[name])
        for name, finding, seconds in _asked(sandbox, tasks, seeds):
            run.outcomes[name] |= finding.outcomes
            run.seconds[name] += seconds
            run.breaches[name] += [described(*used) for used in finding.used]
            run.trouble[name] = _trouble(finding)
    for name in names:
        for probe in load_exercise(name).probes:
            missing = Outcome(error=run.trouble[name] or "no result")
            run.outcomes[name].setdefault(probe.name, missing)
    return run


def _asked(
    sandbox: Sandbox, tasks: dict[str, Task], seeds: dict[str, int]
) -> Iterator[tuple[str, Finding, float]]:
    """What came of each task, and how long it took.

    All are asked in one process, which is soonest done. What isn't right there is asked again in
    a process of its own, so that a fault costs only its own exercise.
    """
    start = time.perf_counter()
    together = sandbox.ask(*tasks.values())
    share = (time.perf_counter() - start) / max(len(tasks), 1)
    for name, task in tasks.items():
        finding, start = together[name], time.perf_counter()
        asked = [probe.name for probe in task.probes]
        if load_exercise(name).is_right(asked, finding.outcomes, seeds[name]):
            finding.end = "done"  # whatever came after it
        elif len(tasks) > 1:
            finding = sandbox.ask(task)[name]
        yield name, finding, share + time.perf_counter() - start


def _trouble(finding: Finding) -> str:
    if finding.end == "done":
        return ""
    return "timeout" if finding.end == "timeout" else "killed"


def _task(work: Work, probes: Sequence[Probe], seed: int) -> Task:
    exercise = load_exercise(work.exercise)
    return Task(
        function=work.exercise,
        statements=tuple({"code": s.text, "cell": s.cell, "line": s.line} for s in work.statements),
        probe_source=exercise.probe_source,
        probes=tuple(
            Question(p.name, probe_seed(seed, p.name), exercise.given(p, seed)) for p in probes
        ),
        may_import=policy_of(work.exercise).modules,
        seconds=exercise.seconds,
    )


def _findings(work: Work, run: Run, seeds: dict[str, int]) -> Iterator[str]:
    """What an answer does against the rule of its exercise."""
    name = work.exercise
    yield from dict.fromkeys(breaches_in_text(work.statements, policy_of(name)))
    outcomes, seed = run.outcomes[name], seeds[name]
    if work.statements and is_numerical_differentiation(name, outcomes, seed):
        yield "the gradient is computed by finite differences, not by backpropagation"


def _verdicts(
    works: Sequence[Work],
    run: Run,
    seeds: dict[str, int],
    findings: dict[str, list[str]],
) -> tuple[Report, ...]:
    """Judge every exercise; then say where one only suffers from another."""
    reports, outcomes, refusals = {}, dict(run.outcomes), {}
    for work in works:
        name = work.exercise
        refusals[name] = _import_remark(work, outcomes[name])
        if (findings[name] or run.breaches[name]) and policy_of(name).cost == EXERCISE:
            what = ", ".join(findings[name]) or "what it uses as it runs"
            refusals[name] = f"Not allowed here: {what}."
            outcomes[name] = {}
        remark = refusals[name] or work.remark
        reports[name] = load_exercise(name).judge(outcomes[name], seeds[name], remark)
    failed = {name for name, report in reports.items() if not report.passed}
    for work in works:
        name = work.exercise
        used = frozenset[str]().union(*(s.uses for s in work.statements))
        helpers = tuple(sorted((used & failed) - {name}))
        if helpers and name in failed and not refusals[name]:
            reports[name] = load_exercise(name).judge(
                outcomes[name], seeds[name], helpers_first(name, helpers)
            )
    return tuple(reports.values())


def _wrong_values(
    sandbox: Sandbox,
    works: Sequence[Work],
    reports: Sequence[Report],
    run: Run,
    settings: Settings,
) -> Iterator[tuple[str, str]]:
    """A name for the wrong values of each answer, from inputs that the whole class shares."""
    for work, report in zip(works, reports, strict=True):
        failed = [probe.name for probe in report.probes if not probe.passed and not probe.hidden]
        values = [run.outcomes[work.exercise][probe].error is None for probe in failed]
        if not any(values) or run.trouble[work.exercise]:
            continue
        seed = attempt_seed(settings, work.exercise, "everybody", "")
        probes = [p for p in load_exercise(work.exercise).probes if p.name in failed]
        finding = sandbox.ask(_task(work, probes, seed))[work.exercise]
        name = wrong_values.name_of(finding.outcomes, failed)
        if name:
            yield work.exercise, name


def _with_names(said: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(f"{name}: {one}" for name in said for one in said[name])


def _import_remark(work: Work, outcomes: dict[str, Outcome]) -> str:
    """Where something was not there: which package the student would have needed."""
    allowed = PROVIDED | FOR_SHOW | set(sys.stdlib_module_names)
    refused = imported_packages(work.statements) - allowed
    if not refused or not any(outcome.error in NOT_THERE for outcome in outcomes.values()):
        return ""
    return (
        f"{work.exercise} needs {', '.join(sorted(refused))}, which is not there when your work "
        "is graded: use NumPy and Python's own modules only."
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
