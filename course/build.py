"""From lessons to notebooks: for nbgrader with solutions, for students without.

Two builds of the same sources are the same bytes: cell ids are a cell's own name, or a hash of
its text; nothing is run, nothing depends on the time.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearSolutions, ComputeChecksums, LockCells

from course.cheat_sheet import cheat_sheet
from course.exercise import load_exercise
from course.files import write_atomically
from course.lesson import Cell, Lesson, lesson_names, load_lesson
from course.one_page import one_page
from course.reference import solution_source

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def source_notebook(lesson: Lesson) -> NotebookNode:
    """The notebook for nbgrader: solutions between markers, model answers in place."""
    cells = [node for cell in lesson.cells for node in _nodes(cell)]
    _set_ids(cells)
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    nbformat.validate(notebook)
    return notebook


def student_notebook(lesson: Lesson) -> NotebookNode:
    """The notebook for students: what nbgrader's own steps make of the source."""
    notebook = source_notebook(lesson)
    for step in (LockCells(), ClearSolutions(), ComputeChecksums()):
        notebook, _ = step.preprocess(notebook, {})
    return notebook


def as_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as it stands in its file, a line of text on a line of its own."""
    text: str = nbformat.v4.writes(notebook)
    return (text.rstrip("\n") + "\n").encode("utf-8")


def built_files(
    course_folder: Path, notebooks_folder: Path, docs_folder: Path | None = None
) -> dict[Path, bytes]:
    """Every generated file with its content; the cheat sheet only if a folder is named."""
    files = {}
    for name in lesson_names():
        lesson = load_lesson(name)
        source = course_folder / "source" / name / f"{name}.ipynb"
        files[source] = as_bytes(source_notebook(lesson))
        files[notebooks_folder / f"{name}.ipynb"] = as_bytes(student_notebook(lesson))
    if docs_folder:
        files[docs_folder / "cheat_sheet.md"] = cheat_sheet().encode("utf-8")
        files[docs_folder / "cheat_sheet.html"] = one_page().encode("utf-8")
    return files


def write_files(files: dict[Path, bytes]) -> list[Path]:
    """Write what differs, each file in one step; return the files that were written."""
    changed = differing_files(files)
    for path in changed:
        write_atomically(path, files[path])
    return changed


def differing_files(files: dict[Path, bytes]) -> list[Path]:
    """The files that are missing or differ from what a build would write."""
    return [p for p, data in files.items() if not p.exists() or p.read_bytes() != data]


def _nodes(cell: Cell) -> Iterator[NotebookNode]:
    if cell.role == "exercise":
        yield _graded("code", solution_source(cell.name, BEGIN, END), cell.name, solution=True)
        yield _graded("code", _check_source(cell), f"{cell.name}_check", points=cell.points)
    elif cell.role == "answer":
        yield _graded("markdown", cell.text, cell.name, solution=True, points=cell.points)
    elif cell.kind == "code":
        yield nbformat.v4.new_code_cell(cell.text)
    else:
        yield nbformat.v4.new_markdown_cell(cell.text)


def _check_source(cell: Cell) -> str:
    hidden = sum(probe.hidden for probe in load_exercise(cell.name).probes)
    questions = "hidden question comes" if hidden == 1 else "hidden questions come"
    more = f" When it is graded, {hidden} {questions} on top." if hidden else ""
    return f"# {cell.name}: {cell.points:g} points.{more}\ncheck({cell.name})"


def _graded(
    kind: str, text: str, grade_id: str, *, solution: bool = False, points: float | None = None
) -> NotebookNode:
    """A cell with nbgrader's metadata: a solution, a test, or (both) a written answer."""
    new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    metadata: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        metadata["points"] = points
    return new(text, metadata={"nbgrader": metadata})


def _set_ids(cells: list[NotebookNode]) -> None:
    """Ids that stay when other cells change: the cell's name, or a hash of its text."""
    seen: Counter[str] = Counter()
    for cell in cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        base = name or hashlib.sha256(f"{cell.cell_type} {cell.source}".encode()).hexdigest()[:12]
        cell.id = base if not seen[base] else f"{base}-{seen[base]}"
        seen[base] += 1
