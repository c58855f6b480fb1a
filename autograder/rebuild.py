"""Rebuild a submission on the course's own notebook.

From a submission only what a student may write is taken: the text of solution cells, written
answers, and cells that the student added or changed. Tests, points, metadata, outputs and the
order of cells come from the template. Whatever had to be repaired is said, and costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.slicing import defined_functions, is_stub, parse
from autograder.submission import Submission, SubmittedCell
from course.build import student_notebook
from course.lesson import load_lesson

MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)


@dataclass
class _Sorted:
    """The cells of a submission, by what they are."""

    filled: dict[str, list[int]] = field(default_factory=dict)  # grade_id -> positions
    added: list[int] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)


@cache
def template(assignment: str) -> NotebookNode:
    """The notebook as it was given to students."""
    return student_notebook(load_lesson(assignment))


def rebuilt_notebook(submission: Submission, assignment: str) -> NotebookNode:
    """The template, filled with the student's work.

    ``notebook.metadata.nnkit`` holds the attempt's name and what was repaired.
    """
    given = template(assignment)
    sorted_cells = _sort(submission.cells, given)
    repairs = [*submission.notes, *sorted_cells.repairs]
    texts = _filled_texts(submission.cells, sorted_cells, given, repairs)
    after = _anchors(submission.cells, sorted_cells.added, given)
    cells = []
    for position, cell in enumerate([None, *given.cells]):
        if cell is not None:
            grade_id = _grade_id(cell)
            cells.append(_with_text(cell, texts.get(grade_id, cell.source)))
        cells += [_new_cell(submission.cells[i], i) for i in after.get(position, [])]
    repairs += _function_repairs(cells, assignment)
    metadata = {**given.metadata, "nnkit": {"attempt": submission.digest, "repairs": repairs}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def readable(text: str) -> str:
    """A cell's text as Python: lines for IPython (%time, !ls) become ``pass`` where needed."""
    if parse(text) is None:
        without_magic = MAGIC.sub(r"\1pass", text)
        if parse(without_magic) is not None:
            return without_magic
    return text


def _sort(cells: Sequence[SubmittedCell], given: NotebookNode) -> _Sorted:
    fillable = {_grade_id(c) for c in given.cells if _is_fillable(c)}
    tests = {_grade_id(c): c.source for c in given.cells if _grade_id(c) and not _is_fillable(c)}
    known_texts = {c.source.strip() for c in given.cells}
    found = _Sorted()
    for i, cell in enumerate(cells):
        name = next((n for n in (cell.grade_id, cell.cell_id) if n in fillable), "")
        if name:
            found.filled.setdefault(name, []).append(i)
        elif cell.text.strip() in known_texts or not cell.text.strip():
            continue
        elif cell.grade_id in tests or cell.cell_id in tests:
            found.repairs.append(
                f"The cell {cell.grade_id or cell.cell_id} was changed; the original was used."
            )
            if defined_functions(readable(cell.text)):  # an answer typed into the wrong cell
                found.added.append(i)
        elif cell.kind == "code" or defined_functions(cell.text):
            found.added.append(i)
    return found


def _filled_texts(
    cells: Sequence[SubmittedCell], found: _Sorted, given: NotebookNode, repairs: list[str]
) -> dict[str, str]:
    """The student's text for each cell to be filled in."""
    texts = {}
    for cell in (c for c in given.cells if _is_fillable(c)):
        name = _grade_id(cell)
        positions = found.filled.get(name, [])
        if not positions:
            repairs.append(f"The cell {name} was missing; it was put back.")
            continue
        if cell.cell_type == "code":
            texts[name] = _joined_code(cells, positions, found, cell.source, name, repairs)
        else:
            texts[name] = _joined_answer(cells, positions, cell.source, name, repairs)
    return texts


def _joined_code(
    cells: Sequence[SubmittedCell],
    positions: list[int],
    found: _Sorted,
    stub: str,
    name: str,
    repairs: list[str],
) -> str:
    """One text out of a cell that may have been split or duplicated."""
    if any(cells[i].kind != "code" for i in positions):
        repairs.append(f"The cell {name} was no code cell any more; it was read as code.")
    texts = [cells[i].text for i in positions]
    if len(texts) > 1:
        repairs.append(f"The cell {name} was there {len(texts)} times; the pieces were joined.")
        written = [t for t in texts if t.strip() != stub.strip()] or texts[:1]
        if _parses("\n".join(written)):
            texts = sorted(written, key=lambda text: not _only_stubs(text))
        else:
            texts = [t for t in written if _parses(t)] or written
    text = "\n".join(texts)
    following = positions[-1] + 1
    while not _parses(text) and following in found.added and following < positions[-1] + 4:
        longer = "\n".join(
            [text, *(cells[i].text for i in range(positions[-1] + 1, following + 1))]
        )
        if _parses(longer):
            for i in range(positions[-1] + 1, following + 1):
                found.added.remove(i)
            repairs.append(f"The cell {name} was split; the pieces were joined.")
            return longer
        following += 1
    return text


def _joined_answer(
    cells: Sequence[SubmittedCell], positions: list[int], blank: str, name: str, repairs: list[str]
) -> str:
    texts = [cells[i].text for i in positions]
    written = [t for t in texts if t.strip() != blank.strip()] or texts[:1]
    if len(texts) > 1:
        repairs.append(f"The answer {name} was there {len(texts)} times; all of it was kept.")
    return "\n\n".join(written)


def _anchors(
    cells: Sequence[SubmittedCell], added: list[int], given: NotebookNode
) -> dict[int, list[int]]:
    """For each added cell the template cell (counted from 1) that it stands behind."""
    places = {}
    for position, cell in enumerate(given.cells, start=1):
        places[cell.id] = places[cell.source.strip()] = position
    after: dict[int, list[int]] = {}
    last = 0
    for i, cell in enumerate(cells):
        if i in added:
            after.setdefault(last, []).append(i)
        else:
            keys = (cell.grade_id, cell.cell_id, cell.text.strip())
            last = next((places[k] for k in keys if k and k in places), last)
    return after


def _function_repairs(cells: list[NotebookNode], assignment: str) -> Iterator[str]:
    """Functions that were found outside of the cell that was meant for them."""
    for name in load_lesson(assignment).exercises:
        own = next(c for c in cells if _grade_id(c) == name)
        others = [c for c in cells if c is not own and _defines(c, name)]
        if others and not _defines(own, name):
            yield f"{name} was found in another cell than its own; it was graded there."


def _defines(cell: NotebookNode, name: str) -> bool:
    if cell.cell_type != "code":
        return False
    function = defined_functions(readable(cell.source)).get(name)
    return function is not None and not is_stub(function)


def _only_stubs(text: str) -> bool:
    functions = defined_functions(readable(text)).values()
    return bool(functions) and all(is_stub(function) for function in functions)


def _parses(text: str) -> bool:
    return parse(readable(text)) is not None


def _with_text(cell: NotebookNode, text: str) -> NotebookNode:
    return nbformat.from_dict({**cell, "source": text})


def _new_cell(cell: SubmittedCell, number: int) -> NotebookNode:
    return nbformat.v4.new_code_cell(cell.text, id=f"added-{number}")


def _grade_id(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _is_fillable(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))
