"""What a submission says about each exercise, found in its text before anything runs."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode

from autograder.given import Given
from autograder.ipython import readable
from autograder.slicing import Slices
from autograder.statements import UNREADABLE, Statement, is_stub, parse, statements
from autograder.submission import UnreadableSubmission

MAX_STATEMENTS = 5_000


@dataclass(frozen=True)
class Work:
    """What a submission says about one exercise, before anything runs."""

    exercise: str
    statements: tuple[Statement, ...]
    trouble: str = ""  # a reason why it can't be run, out of `course.diagnosis.ENDINGS`
    remark: str = ""


def works_in(notebook: NotebookNode, exercises: Sequence[str]) -> list[Work]:
    """For each exercise the statements that define its function, or why there are none."""
    everything = _effective_statements(notebook, exercises)
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


def _effective_statements(notebook: NotebookNode, exercises: Sequence[str]) -> list[Statement]:
    """All statements of the notebook but tests; of each exercise's function one definition.

    A written function in its own cell counts; if there is none, one found elsewhere does.
    """
    cells = [
        (i, cell)
        for i, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not cell.id.endswith("_check")
    ]
    given = Given(notebook, exercises)
    found = [
        (c.id, s)
        for i, c in cells
        for statement in statements(readable(c.source), i)
        for s in given.in_place_of(statement)
    ]
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
