"""What a lesson gives its students from `nnkit.functional`, as text for the sandbox.

A lesson builds on functions of earlier ones: it imports them in a cell of its own. nnkit is not in
the sandbox, since it holds all answers. So such an import is replaced by the text of just those
functions; never by that of a function which the lesson itself asks for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from nbformat.notebooknode import NotebookNode

from autograder.ipython import readable
from autograder.statements import Statement, parse, statements
from course.reference import solution_source
from nnkit import functional

LIBRARY = "nnkit.functional"


class Given:
    """The functions that the cells of a lesson import, if none needs one that it asks for."""

    def __init__(self, notebook: NotebookNode, exercises: Sequence[str]) -> None:
        imported = {
            name for cell in notebook.cells if _is_ours(cell) for name in _imports(cell.source)
        }
        self._needed = {name: with_what_it_calls(name) for name in imported}
        self._asked = set(exercises)

    def in_place_of(self, statement: Statement) -> Iterator[Statement]:
        """The statement itself, or the functions that it imports."""
        node = statement.node
        if not (isinstance(node, ast.ImportFrom) and node.module == LIBRARY):
            yield statement
            return
        names = [alias.name for alias in node.names if alias.asname is None]
        given = [n for n in names if n in self._needed and not self._asked & {*self._needed[n]}]
        for name in dict.fromkeys(n for g in given for n in self._needed[g]):
            yield from statements(solution_source(name), statement.cell)
        if len(given) < len(node.names):
            yield statement


@cache
def with_what_it_calls(name: str) -> tuple[str, ...]:
    """A function of the library after all others that it calls."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        for node in ast.walk(ast.parse(solution_source(name))):
            if isinstance(node, ast.Name) and node.id in functional.__all__ and node.id != name:
                visit(node.id)
        found[name] = None

    visit(name)
    return tuple(found)


def _is_ours(cell: NotebookNode) -> bool:
    """A cell of the lesson that nobody can change: those of students come as others."""
    is_added = str(cell.id).startswith("added-")
    return cell.cell_type == "code" and "nbgrader" not in cell.metadata and not is_added


@lru_cache(maxsize=256)
def _imports(source: str) -> frozenset[str]:
    tree = parse(readable(source))
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)] if tree else []
    aliases = [alias for node in nodes if node.module == LIBRARY for alias in node.names]
    return frozenset(alias.name for alias in aliases if alias.asname is None)
