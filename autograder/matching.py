"""Which cell of a submission is which cell of the course's notebook?

A cell is known by its grade_id, by its cell id, or, where an editor dropped both, by what stands
in it. What the student added is told from what was only copied along.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode

from autograder.ipython import functions_in
from autograder.submission import SubmittedCell


@dataclass
class Match:
    """The cells of a submission, by what they are; numbers are their places in the file."""

    filled: dict[str, list[int]] = field(default_factory=dict)  # grade_id -> cells
    added: list[int] = field(default_factory=list)  # code of the student's own
    prose: list[int] = field(default_factory=list)  # text of the student's own
    anchors: dict[int, int] = field(default_factory=dict)  # cell -> given cell that it follows
    repairs: list[str] = field(default_factory=list)


def matched(cells: Sequence[SubmittedCell], given: NotebookNode) -> Match:
    """Sort the cells of a submission."""
    match = _matched_by_name(cells, given)
    _match_by_function(cells, given, match)
    _match_answers_by_place(given, match)
    return match


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's name of a given cell."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def is_fillable(cell: NotebookNode) -> bool:
    """Is it a cell that a student fills in?"""
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))


def _matched_by_name(cells: Sequence[SubmittedCell], given: NotebookNode) -> Match:
    fillable = {grade_id(c): is_fillable(c) for c in given.cells if grade_id(c)}
    by_id = {c.id: place for place, c in enumerate(given.cells)}
    by_text = {c.source.strip(): place for place, c in enumerate(given.cells)}
    match, anchor = Match(), -1
    for i, cell in enumerate(cells):
        text = cell.text.strip()
        ids = [name for name in (cell.grade_id, cell.cell_id) if name in by_id]
        known = bool(ids) or text in by_text
        anchor = (by_id[ids[0]] if ids else by_text[text]) if known else anchor
        match.anchors[i] = anchor
        name = grade_id(given.cells[anchor]) if known else ""
        if fillable.get(name):
            match.filled.setdefault(name, []).append(i)
        elif text in by_text or not text:
            continue
        elif name:
            match.repairs.append(f"The cell {name} was changed; the original was used.")
            if functions_in(cell.text):  # an answer typed into the wrong cell
                match.added.append(i)
        elif cell.kind == "code" or functions_in(cell.text):
            match.added.append(i)
        else:
            match.prose.append(i)
    return match


def _match_by_function(cells: Sequence[SubmittedCell], given: NotebookNode, match: Match) -> None:
    """A cell without a name is recognised by the function that it defines."""
    for cell in given.cells:
        name = grade_id(cell)
        if is_fillable(cell) and cell.cell_type == "code" and name not in match.filled:
            found = [i for i in match.added if name in functions_in(cells[i].text)]
            if found:
                match.filled[name] = found
                match.added = [i for i in match.added if i not in found]
                match.repairs.append(
                    f"The cell {name} had lost its name; it was recognised by its function."
                )


def _match_answers_by_place(given: NotebookNode, match: Match) -> None:
    """Text between the question and what comes after the answer belongs to the answer."""
    present = sorted({place for i, place in match.anchors.items() if i not in match.prose})
    for place, cell in enumerate(given.cells):
        if is_fillable(cell) and cell.cell_type == "markdown":
            above = bisect_left(present, place) - 1
            question = present[above] if above >= 0 else -1
            found = [i for i in match.prose if question <= match.anchors[i] <= place]
            if found:
                name = grade_id(cell)
                match.filled[name] = sorted([*match.filled.get(name, []), *found])
