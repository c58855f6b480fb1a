"""Rebuild a submission on the course's own notebook.

From a submission only what a student may write is taken: the text of solution cells, written
answers, and cells that the student added or changed. Tests, points, metadata, outputs and the
order of cells come from the template. Whatever had to be repaired is said, and costs nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.ipython import functions_in, is_readable
from autograder.matching import Match, grade_id, is_fillable, matched
from autograder.submission import MAX_CELL_CHARS, Submission, SubmittedCell
from course.build import student_notebook
from course.lesson import load_lesson

MAX_PIECES = 4  # of a cell that was split


@cache
def template(assignment: str) -> NotebookNode:
    """The notebook as it was given to students."""
    return student_notebook(load_lesson(assignment))


def rebuilt_notebook(submission: Submission, assignment: str) -> NotebookNode:
    """The template, filled with the student's work.

    ``notebook.metadata.nnkit`` holds the attempt's name and what was repaired.
    """
    given, submitted = template(assignment), submission.cells
    match = matched(submitted, given)
    repairs = [*submission.notes, *match.repairs]
    texts = {
        grade_id(cell): _text(cell, submitted, match, repairs)
        for cell in given.cells
        if is_fillable(cell)
    }
    cells = [_new_cell(submitted[i], i) for i in match.added if match.anchors[i] == -1]
    for place, cell in enumerate(given.cells):
        cells.append(nbformat.from_dict({**cell, "source": texts.get(grade_id(cell), cell.source)}))
        cells += [_new_cell(submitted[i], i) for i in match.added if match.anchors[i] == place]
    repairs += _moved_functions(cells, assignment)
    told = {"attempt": _digest(cells), "repairs": list(dict.fromkeys(repairs))}
    metadata = {**given.metadata, "nnkit": told}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def _text(
    cell: NotebookNode, submitted: Sequence[SubmittedCell], match: Match, repairs: list[str]
) -> str:
    """The student's text for one cell to be filled in."""
    name = grade_id(cell)
    places = match.filled.get(name, [])
    if not places:
        repairs.append(f"The cell {name} was missing; it was put back.")
        return str(cell.source)
    pieces = [submitted[i] for i in places]
    written = [p.text for p in pieces if p.text.strip() != cell.source.strip()]
    if cell.cell_type == "markdown":
        if len(pieces) > 1:
            repairs.append(f"The answer {name} stood in {len(pieces)} cells; all of it was kept.")
        return "\n\n".join(written)[:MAX_CELL_CHARS] or str(cell.source)
    if any(piece.kind != "code" for piece in pieces):
        repairs.append(f"The cell {name} was no code cell any more; it was read as code.")
    if len(pieces) > 1:
        repairs.append(f"The cell {name} was there {len(pieces)} times; the pieces were joined.")
    return _with_split_off(_joined(written or [cell.source]), places[-1], submitted, match, repairs)


def _joined(texts: Sequence[str]) -> str:
    """One text out of a cell that may have been split or duplicated."""
    for separator in ("\n", ""):
        if is_readable(separator.join(texts)):
            return separator.join(sorted(texts, key=_is_written) if separator else texts)
    return "\n".join([text for text in texts if is_readable(text)] or texts)


def _with_split_off(
    text: str, last: int, submitted: Sequence[SubmittedCell], match: Match, repairs: list[str]
) -> str:
    """The text, with the cells below it where only both together are Python."""
    rest: list[int] = []
    while len(rest) + 1 < MAX_PIECES and last + len(rest) + 1 in match.added:
        rest.append(last + len(rest) + 1)
        pieces = [text, *(submitted[i].text for i in rest)]
        whole = next((w for w in ("\n".join(pieces), "".join(pieces)) if is_readable(w)), None)
        if whole is not None and not all(map(_stands_alone, pieces)):
            match.added = [i for i in match.added if i not in rest]
            name = next(n for n, places in match.filled.items() if last in places)
            repairs.append(f"The cell {name} was split; the pieces were joined.")
            return whole
    return text


def _moved_functions(cells: list[NotebookNode], assignment: str) -> Iterator[str]:
    """Functions that were found outside of the cell that was meant for them."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    for name in load_lesson(assignment).exercises:
        writing = [cell.id for cell in code if functions_in(cell.source).get(name)]
        if writing and name not in writing:
            yield f"{name} was found in another cell than its own; it was graded there."


def _is_written(text: str) -> bool:
    """Does it hold more than functions without a body? The last definition of a name counts."""
    bodies = functions_in(text).values()
    return any(bodies) or not bodies


def _stands_alone(text: str) -> bool:
    return is_readable(text) and text.strip("\n")[:1] not in (" ", "\t")


def _new_cell(cell: SubmittedCell, number: int) -> NotebookNode:
    return nbformat.v4.new_code_cell(cell.text, id=f"added-{number}")


def _digest(cells: Sequence[NotebookNode]) -> str:
    """Names an attempt by all that can make a difference when it is run.

    Hidden inputs are drawn anew for each name. So whoever saw those of one attempt can't use them
    in another: what is hard-coded in between changes the name.
    """
    said = [[cell.id, cell.source] for cell in cells]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
