"""Grade one rebuilt notebook: run its functions in the sandbox, judge their values here.

The verdict is computed in this process, which never runs student code. What is missing is worth
nothing; what fails costs only its own exercise.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from nbformat.notebooknode import NotebookNode

import nnkit
from autograder.ipython import readable
from autograder.key import probe_seed as attempt_seed
from autograder.rebuild import rebuilt_notebook, template
from autograder.results import Result
from autograder.sandbox import Finding, Limits, Question, Sandbox, Task
from autograder.slicing import Slices, imported_packages
from autograder.statements import UNREADABLE, Statement, is_stub, parse, statements
from autograder.submission import UnreadableSubmission, read_submission, shown_name
from course.exercise import Report, helpers_first, load_exercise
from course.lesson import load_lesson
from course.outcome import Outcome, probe_seed
from course.spec import Probe

PROVIDED = {"numpy"}  # what a submission may import beside Python's standard library
FOR_SHOW = {"matplotlib", "IPython", "tqdm"}  # may be imported too, but show nothing
NOT_THERE = {"ModuleNotFoundError", "ImportError", "NameError"}
MAX_STATEMENTS = 5_000


@dataclass(frozen=True)
class Settings:
    """How a class is graded."""

    assignment: str
    course_key: bytes
    isolation: str
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Work:
    """What a submission says about one exercise, before anything runs."""

    exercise: str
    statements: tuple[Statement, ...]
    trouble: str = ""  # a reason why it can't be run, out of `course.diagnosis.ENDINGS`
    remark: str = ""


def grade_file(path: Path, student: str, settings: Settings) -> tuple[Result, NotebookNode]:
    """Grade a submitted file; the notebook is the submission rebuilt on the template.

    A file that can't be read becomes a result that says so, on an untouched template.
    """
    try:
        notebook = rebuilt_notebook(read_submission(path), settings.assignment)
        if path.stem != settings.assignment and student not in path.stem:
            notebook.metadata["nnkit"]["repairs"].append(
                f"The file was called {shown_name(path)}; "
                f"it was read as {settings.assignment}.ipynb."
            )
        return grade_notebook(notebook, student, settings), notebook
    except UnreadableSubmission as error:
        result = Result(
            student,
            settings.assignment,
            status="unreadable",
            reason=str(error),
            **_versions(settings),
        )
        return result, template(settings.assignment)


def grade_notebook(notebook: NotebookNode, student: str, settings: Settings) -> Result:
    """Grade a notebook that `rebuilt_notebook` made."""
    start = time.perf_counter()
    attempt = str(notebook.metadata["nnkit"]["attempt"])
    works = _works(notebook, load_lesson(settings.assignment).exercises)
    seeds = {w.exercise: attempt_seed(settings, w.exercise, student, attempt) for w in works}
    outcomes = _outcomes(works, seeds, settings)
    return Result(
        student,
        settings.assignment,
        status="graded",
        exercises=_verdicts(works, outcomes, seeds),
        repairs=tuple(notebook.metadata["nnkit"]["repairs"]),
        attempt=attempt,
        seconds=round(time.perf_counter() - start, 3),
        **_versions(settings),
    )


def _works(notebook: NotebookNode, exercises: Sequence[str]) -> list[Work]:
    everything = _effective_statements(notebook)
    slices = Slices(everything)
    return [
        _work(name, notebook, slices.needed(name, _had_run(name, notebook, everything)))
        for name in exercises
    ]


def _work(name: str, notebook: NotebookNode, mine: Sequence[Statement]) -> Work:
    """What defines a function, and what can already be said about it."""
    definitions = [statement.node for statement in mine if name in statement.binds]
    if not definitions:
        own_text = next(c.source for c in notebook.cells if c.id == name)
        if parse(readable(own_text)) is None:
            return Work(name, (), "unreadable code", _syntax_remark(own_text, name))
        return Work(name, (), "undefined")
    if is_stub(definitions[-1]):
        return Work(name, (), "NotImplementedError")
    return Work(name, tuple(mine))


def _had_run(name: str, notebook: NotebookNode, everything: Sequence[Statement]) -> int:
    """How many of the statements had run when the student checked the function."""
    check = next(i for i, cell in enumerate(notebook.cells) if cell.id == f"{name}_check")
    defined = max((s.cell for s in everything if name in s.binds), default=0)
    return sum(s.cell <= max(check, defined) for s in everything)


def _effective_statements(notebook: NotebookNode) -> list[Statement]:
    """All statements of the notebook but tests; of each exercise's function one definition.

    A written function in its own cell counts; if there is none, one found elsewhere does.
    """
    cells = [
        (i, cell)
        for i, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not cell.id.endswith("_check")
    ]
    found = [(c.id, s) for i, c in cells for s in statements(readable(c.source), i)]
    if len(found) > MAX_STATEMENTS:
        raise UnreadableSubmission(
            f"expected at most {MAX_STATEMENTS} statements in the notebook, got {len(found)}; "
            "ask for a notebook that keeps its data in files"
        )
    names = {c.id for _, c in cells if c.metadata.get("nbgrader", {}).get("solution")}
    written_at_home = {home for home, s in found if _writes(s, home)}
    written_elsewhere = {n for n in names for home, s in found if home != n and _writes(s, n)}
    kept = []
    for home, statement in found:
        defines = statement.binds & names
        at_home = defines == {home}
        if at_home and home in written_elsewhere - written_at_home:
            continue  # the stub that was left behind
        if defines and not at_home and defines <= written_at_home:
            continue  # an experiment of the same name
        kept.append(statement)
    return kept


def _writes(statement: Statement, name: str) -> bool:
    return name in statement.binds and not is_stub(statement.node)


def _outcomes(
    works: Sequence[Work], seeds: dict[str, int], settings: Settings
) -> dict[str, dict[str, Outcome]]:
    """What each probe brought; for one that brought nothing, why.

    Hidden probes come last, and messages about them show no numbers. So what a student's function
    saw in one can't return as the value of another, in a message that shows it.
    """
    found: dict[str, dict[str, Outcome]] = {work.exercise: {} for work in works}
    trouble = {work.exercise: work.trouble for work in works}
    with Sandbox(settings.limits, settings.isolation) as sandbox:
        for hidden in (False, True):
            for work in works:
                name = work.exercise
                probes = [p for p in load_exercise(name).probes if p.hidden == hidden]
                if probes and not trouble[name]:
                    finding = sandbox.ask(_task(work, probes, seeds[name]))
                    found[name] |= finding.outcomes
                    trouble[name] = _trouble(finding)
    return {
        name: {
            probe.name: found[name].get(probe.name, Outcome(error=trouble[name] or "no result"))
            for probe in load_exercise(name).probes
        }
        for name in found
    }


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
    )


def _verdicts(
    works: Sequence[Work], outcomes: dict[str, dict[str, Outcome]], seeds: dict[str, int]
) -> tuple[Report, ...]:
    """Judge every exercise; then say where one only suffers from another."""
    reports = {
        work.exercise: load_exercise(work.exercise).judge(
            outcomes[work.exercise],
            seeds[work.exercise],
            work.remark or _import_remark(work, outcomes[work.exercise]),
        )
        for work in works
    }
    failed = {name for name, report in reports.items() if not report.passed}
    for work in works:
        name = work.exercise
        used = frozenset[str]().union(*(s.uses for s in work.statements))
        helpers = tuple(sorted((used & failed) - {name}))
        if helpers and name in failed and not _import_remark(work, outcomes[name]):
            reports[name] = load_exercise(name).judge(
                outcomes[name], seeds[name], helpers_first(name, helpers)
            )
    return tuple(reports.values())


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


def _syntax_remark(text: str, name: str) -> str:
    where = ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(readable(text), "<cell>", "exec", dont_inherit=True)
        except SyntaxError as error:
            where = f": {error.msg} in line {error.lineno}"
        except UNREADABLE:
            where = ": it is nested too deeply, or holds characters that are no text"
    return f"Python can't read the cell of {name}{where}."


def _versions(settings: Settings) -> dict[str, Any]:
    return {
        "isolation": settings.isolation,
        "nnkit_version": nnkit.__version__,
        "numpy_version": np.__version__,
        "python_version": sys.version.split()[0],
    }
