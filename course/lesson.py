"""A lesson: the text source of one notebook, read and checked.

A lesson is a jupytext file in percent format. Besides ordinary cells it has three kinds
of its own::

    # %% role="exercise" name="softmax"
    # %% [markdown] role="answer" id="why_the_exponential" points=2
    # %% role="case" name="repair_a"

The first becomes a cell to fill in and a graded cell below it. The second, whose text is the model
answer with its marking scheme, becomes a written answer that is graded by hand; its question stands
in the cell before it. The third becomes an ordinary cell with a broken program, which the exercise
of that name repairs; `course.cases` says which one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jupytext
from nbformat.notebooknode import NotebookNode

from course.cases import case_source, starts
from course.exercise import exercise_names, load_exercise
from course.table import COURSE, LessonError, course_table

ROLES = {
    "exercise": {"role", "name"},
    "answer": {"role", "id", "points"},
    "case": {"role", "name"},
    None: set(),
}


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson's source."""

    kind: str  # code or markdown
    text: str
    role: str | None = None
    name: str = ""  # the exercise, the one that a case belongs to, or the written answer's id
    points: float = 0


@dataclass(frozen=True)
class Lesson:
    """One lesson: its name is the assignment's and the notebook's."""

    name: str
    title: str
    points: float
    cells: tuple[Cell, ...]

    @property
    def exercises(self) -> tuple[str, ...]:
        return tuple(cell.name for cell in self.cells if cell.role == "exercise")

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(cell.name for cell in self.cells if cell.role == "answer")


def lesson_names() -> tuple[str, ...]:
    """The lessons of `course.toml` that have a text, in order."""
    rows = course_table()["lessons"]
    return tuple(row["name"] for row in rows if _text_file(row["name"]).exists())


def load_lesson(name: str) -> Lesson:
    """Read one lesson.

    Raises
    ------
    LessonError
        If there is no such lesson, a cell's header is wrong, or the points do not add up.
    """
    rows = {row["name"]: row for row in course_table()["lessons"]}
    if name not in rows:
        raise LessonError(f"expected a lesson out of {', '.join(rows)}; got {name!r}")
    path = _text_file(name)
    if not path.exists():
        raise LessonError(
            f"course.toml names {name}, but there is no {path.name} in course/lessons"
        )
    row = rows[name]
    lesson = Lesson(name, row["title"], row["points"], tuple(_cells(path, row.get("variant", 0))))
    _check_functions(lesson, row["functions"])
    _check_points(lesson)
    return lesson


def _text_file(name: str) -> Path:
    return COURSE / "lessons" / f"{name}.py"


def _cells(path: Path, variant: int) -> Iterator[Cell]:
    notebook = _parsed(path.read_text(encoding="utf-8"))
    for number, node in enumerate(notebook.cells, start=1):
        header = {k: v for k, v in node.metadata.items() if k != "lines_to_next_cell"}
        try:
            yield _cell(node.cell_type, node.source, header, variant)
        except ValueError as error:
            raise LessonError(f"{path.name}, cell {number}: {error}") from None


@lru_cache(maxsize=32)
def _parsed(text: str) -> NotebookNode:
    return jupytext.reads(text, fmt="py:percent")


def _cell(kind: str, text: str, header: dict[str, Any], variant: int) -> Cell:
    role = header.get("role")
    if role not in ROLES:
        raise ValueError(f"expected role exercise, answer or case, got {role!r}")
    if set(header) != ROLES[role]:
        raise ValueError(
            f"expected {sorted(ROLES[role]) or 'nothing'} in the header, got {sorted(header)}"
        )
    if role == "exercise":
        if kind != "code" or text.strip() or header["name"] not in exercise_names():
            raise ValueError(
                f"an exercise is an empty code cell named as a file of course/exercises, "
                f"got a {kind} cell named {header['name']!r}"
            )
        return Cell(kind, text, role, header["name"], load_exercise(header["name"]).points)
    if role == "case":
        known = header["name"] in exercise_names() and bool(starts(header["name"]))
        if kind != "code" or text.strip() or not known:
            raise ValueError(
                f"a case is an empty code cell named as an exercise that says STARTS = [...], "
                f"got a {kind} cell named {header['name']!r}"
            )
        return Cell(kind, case_source(header["name"], variant), role, header["name"])
    if role == "answer":
        if kind != "markdown" or not header["id"].isidentifier():
            raise ValueError(
                "an answer is a markdown cell whose id is letters, digits and underscores, "
                f"got a {kind} cell with id {header['id']!r}"
            )
        return Cell(kind, text, role, header["id"], float(header["points"]))
    return Cell(kind, text)


def _check_functions(lesson: Lesson, functions: list[str]) -> None:
    if sorted(lesson.exercises) != sorted(functions):
        raise LessonError(
            f"{lesson.name}: course.toml expects the exercises {', '.join(functions)}; "
            f"the text has {', '.join(lesson.exercises) or 'none'}; change one of them"
        )


def _check_points(lesson: Lesson) -> None:
    total = sum(cell.points for cell in lesson.cells)
    if total != lesson.points:
        raise LessonError(
            f"{lesson.name}: course.toml gives {lesson.points:g} points, its exercises and answers "
            f"add up to {total:g}; change one of them"
        )
