"""Grade one rebuilt notebook: run its functions in the sandbox, judge their values here.

The verdict is computed in this process, which never runs student code. What is missing is worth
nothing; what fails costs only its own exercise.
"""

from __future__ import annotations

import ast
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from nbformat.notebooknode import NotebookNode

import nnkit
from autograder import slicing
from autograder.key import probe_seed
from autograder.rebuild import readable, rebuilt_notebook, template
from autograder.results import Result
from autograder.sandbox import Finding, Limits, Task, run
from autograder.slicing import Statement
from autograder.submission import UnreadableSubmission, read_submission
from course.diagnosis import ENDINGS
from course.exercise import Report, helpers_first, load_exercise
from course.lesson import load_lesson
from course.outcome import Outcome

PROVIDED = {"numpy"}  # what a submission may import beside Python's standard library


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
        submission = read_submission(path)
    except UnreadableSubmission as error:
        result = Result(
            student,
            settings.assignment,
            status="unreadable",
            reason=str(error),
            **_versions(settings),
        )
        return result, template(settings.assignment)
    notebook = rebuilt_notebook(submission, settings.assignment)
    if path.stem != settings.assignment and student not in path.stem:
        notebook.metadata["nnkit"]["repairs"].append(
            f"The file was called {path.name}; it was read as {settings.assignment}.ipynb."
        )
    return grade_notebook(notebook, student, settings), notebook


def grade_notebook(notebook: NotebookNode, student: str, settings: Settings) -> Result:
    """Grade a notebook that `rebuilt_notebook` made."""
    start = time.perf_counter()
    attempt = str(notebook.metadata["nnkit"]["attempt"])
    works = [_work(name, notebook) for name in load_lesson(settings.assignment).exercises]
    seeds = {w.exercise: probe_seed(settings, w.exercise, student, attempt) for w in works}
    tasks = [_task(work, seeds[work.exercise]) for work in works if not work.trouble]
    findings = run(tasks, settings.limits, settings.isolation)
    return Result(
        student,
        settings.assignment,
        status="graded",
        exercises=_verdicts(works, findings, seeds),
        repairs=tuple(notebook.metadata["nnkit"]["repairs"]),
        attempt=attempt,
        seconds=round(time.perf_counter() - start, 3),
        **_versions(settings),
    )


def _work(name: str, notebook: NotebookNode) -> Work:
    """Find what defines a function, and what can already be said about it."""
    own_text = next(c.source for c in notebook.cells if c.id == name)
    everything = _effective_statements(notebook)
    needed = tuple(slicing.needed(everything, name))
    function = next((s.node for s in needed if getattr(s.node, "name", "") == name), None)
    if not any(name in statement.binds for statement in needed):
        if slicing.parse(readable(own_text)) is None:
            return Work(name, (), "unreadable code", _syntax_remark(own_text, name))
        return Work(name, (), "undefined")
    if isinstance(function, ast.FunctionDef) and slicing.is_stub(function):
        return Work(name, (), "NotImplementedError")
    return Work(name, needed, remark=_import_remark(name, needed))


def _effective_statements(notebook: NotebookNode) -> list[Statement]:
    """All statements of the notebook but tests; of each exercise's function one definition.

    A written function in its own cell counts; if there is none, one found elsewhere does.
    """
    cells = [c for c in notebook.cells if c.cell_type == "code" and not c.id.endswith("_check")]
    names = {c.id for c in cells if c.metadata.get("nbgrader", {}).get("solution")}
    statements = [
        (cell.id, s)
        for number, cell in enumerate(cells, start=1)
        for s in slicing.statements(readable(cell.source), number)
    ]
    written_at_home = {cell_id for cell_id, s in statements if _writes(s, cell_id)}
    written_elsewhere = {n for n in names for c, s in statements if c != n and _writes(s, n)}
    kept = []
    for cell_id, statement in statements:
        defines = statement.binds & names
        at_home = defines == {cell_id}
        if at_home and cell_id in written_elsewhere - written_at_home:
            continue  # the stub that was left behind
        if defines and not at_home and defines <= written_at_home:
            continue  # an experiment of the same name
        kept.append(statement)
    return kept


def _writes(statement: Statement, name: str) -> bool:
    node = statement.node
    if isinstance(node, ast.FunctionDef):
        return node.name == name and not slicing.is_stub(node)
    return name in statement.binds


def _task(work: Work, seed: int) -> Task:
    exercise = load_exercise(work.exercise)
    return Task(
        name=work.exercise,
        function=work.exercise,
        statements=tuple(
            {"code": "\n" * (s.line - 1) + s.text, "file": f"<cell {s.cell}>"}
            for s in work.statements
        ),
        probe_source=exercise.probe_source,
        probes=tuple(probe.name for probe in exercise.probes),
        seed=seed,
    )


def _verdicts(
    works: Sequence[Work], findings: dict[str, Finding], seeds: dict[str, int]
) -> tuple[Report, ...]:
    """Judge every exercise; then say where one only suffers from another."""
    outcomes = {w.exercise: _outcomes(w, findings.get(w.exercise)) for w in works}
    reports = {
        w.exercise: load_exercise(w.exercise).judge(
            outcomes[w.exercise], seeds[w.exercise], w.remark
        )
        for w in works
    }
    failed = {name for name, report in reports.items() if not report.passed}
    for work in works:
        used = frozenset[str]().union(*(s.uses for s in work.statements))
        helpers = tuple(sorted((used & failed) - {work.exercise}))
        if helpers and work.exercise in failed and not work.remark:
            reports[work.exercise] = load_exercise(work.exercise).judge(
                outcomes[work.exercise],
                seeds[work.exercise],
                helpers_first(work.exercise, helpers),
            )
    return tuple(reports.values())


def _outcomes(work: Work, finding: Finding | None) -> dict[str, Outcome]:
    """What each probe brought; for one that brought nothing, why."""
    why = work.trouble
    if finding:
        why = "timeout" if finding.end == "timeout" else "killed"
    assert why in ENDINGS
    names = [probe.name for probe in load_exercise(work.exercise).probes]
    found = finding.outcomes if finding else {}
    return {name: found.get(name, Outcome(error=why)) for name in names}


def _import_remark(name: str, statements: Sequence[Statement]) -> str:
    allowed = PROVIDED | set(sys.stdlib_module_names)
    refused = {p for p, _ in slicing.imported_packages(statements) if p not in allowed}
    if not refused:
        return ""
    return (
        f"{name} needs {', '.join(sorted(refused))}, which is not there when your work is graded: "
        "use NumPy and Python's own modules only."
    )


def _syntax_remark(text: str, name: str) -> str:
    try:
        compile(readable(text), "<cell>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"Python can't read the cell of {name}: {error.msg} in line {error.lineno}."
    except (ValueError, RecursionError, MemoryError):
        pass
    return f"Python can't read the cell of {name}."


def _versions(settings: Settings) -> dict[str, Any]:
    return {
        "isolation": settings.isolation,
        "nnkit_version": nnkit.__version__,
        "numpy_version": np.__version__,
        "python_version": sys.version.split()[0],
    }
