"""The mutation test of the exercises, and the lessons run with their solutions.

An exercise is refused unless the reference earns everything, the stub nothing, every known bug
loses points and gets its own hint, and every accepted alternative earns everything, for every
seed that is tried.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from course.build import source_notebook
from course.exercise import Exercise, load_exercise
from course.lesson import load_lesson
from course.reference import compiled, reference, solution_source


@dataclass(frozen=True)
class Verdict:
    """What `verify_exercise` or `verify_lesson` found; no problems means that all is well."""

    name: str
    points: float
    num_bugs: int
    num_alternatives: int
    problems: tuple[str, ...]


def verify_exercise(name: str, num_seeds: int = 1) -> Verdict:
    """Try reference, stub, bugs and alternatives of one exercise with several seeds."""
    exercise = load_exercise(name)
    problems = Counter[str]()
    for seed in range(num_seeds):
        problems.update(_problems(exercise, seed))
    problems.update(_static_problems(exercise))
    return Verdict(
        name,
        exercise.points,
        len(exercise.bugs),
        len(exercise.alternatives),
        tuple(f"{text} ({count} of {num_seeds} seeds)" for text, count in problems.items()),
    )


def verify_lesson(name: str) -> Verdict:
    """Run a lesson with its solutions, top to bottom in a fresh kernel."""
    lesson = load_lesson(name)
    notebook = source_notebook(lesson)
    with tempfile.TemporaryDirectory(prefix="nnkit-") as folder:
        environment = {**os.environ, "IPYTHONDIR": folder, "JUPYTER_RUNTIME_DIR": folder}
        client = NotebookClient(
            notebook,
            timeout=120,
            resources={"metadata": {"path": folder}},
            extra_arguments=["--IPKernelApp.log_level=40"],
        )
        try:
            client.execute(env=environment)
            problems = tuple(_warnings(notebook))
        except CellExecutionError as error:
            problems = (f"{error.ename}: {error.evalue}",)
    return Verdict(name, lesson.points, 0, 0, problems)


def _problems(exercise: Exercise, seed: int) -> Iterator[str]:
    if not exercise.grade(reference(exercise.name), seed).passed:
        yield "the reference loses points"
    solution = compiled(solution_source(exercise.name), exercise.name)
    if not exercise.grade(solution, seed).passed:
        yield "the reference's own text, as a student would hand it in, loses points"
    if exercise.grade(compiled(exercise.stub, exercise.name), seed).points:
        yield "the stub earns points"
    for alternative in exercise.alternatives:
        report = exercise.grade(alternative.function, seed)
        if not report.passed:
            yield f"the alternative {alternative.name} loses points: {report.hint}"
    for bug in exercise.bugs:
        report = exercise.grade(exercise.bug_function(bug), seed)
        if report.passed:
            yield f"the bug {bug.name} earns everything"
        elif report.hint != bug.hint:
            yield f"the bug {bug.name} gets the hint of {report.bug or 'none'}"


def _static_problems(exercise: Exercise) -> Iterator[str]:
    names = [bug.name for bug in exercise.bugs]
    if len(set(names)) < len(names):
        yield "two bugs have the same name"
    if len(names) < 5:
        yield f"expected at least 5 bugs, got {len(names)}"
    if len(exercise.alternatives) < 3:
        yield f"expected at least 3 alternatives, got {len(exercise.alternatives)}"
    answers = {*names, *(alternative.name for alternative in exercise.alternatives)}
    if any(re.search(rf"\bdef {name}\b", exercise.probe_source) for name in answers):
        yield "an answer goes into the sandbox with the probes"


def _warnings(notebook: object) -> Iterator[str]:
    for cell in notebook.cells:  # type: ignore[attr-defined]
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                yield f"a cell wrote to stderr: {output['text'].strip().splitlines()[-1]}"
