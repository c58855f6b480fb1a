"""Which statements of a notebook does a function need?

Only those run in the sandbox: a plot, a training loop or a broken line elsewhere in the notebook
can't cost a point, and an endless one can't stop anything.
"""

from __future__ import annotations

import ast
import symtable
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Statement:
    """One top-level statement and where it stands."""

    node: ast.stmt
    text: str
    cell: int  # position in the list of cells that the statements came from
    line: int  # first line in its cell, from 1

    @cached_property
    def binds(self) -> frozenset[str]:
        """Names whose value the statement sets, or stores something into."""
        return frozenset(_bound_names(self.node))

    @cached_property
    def calls_methods_of(self) -> frozenset[str]:
        """Names that may change through a call such as ``table.append(row)``."""
        calls = [n.value for n in ast.walk(self.node) if isinstance(n, ast.Expr)]
        targets = [c.func for c in calls if isinstance(c, ast.Call)]
        return frozenset(name for target in targets for name in _root_name(target))

    @cached_property
    def uses(self) -> frozenset[str]:
        """Names of the notebook that it reads, also from inside functions; no local names."""
        return frozenset(_global_names(symtable.symtable(self.text, "<cell>", "exec")))


def parse(text: str) -> ast.Module | None:
    """The syntax tree of a cell, or None where Python can't read it."""
    with warnings.catch_warnings():  # "\d" in a string costs nothing
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def statements(text: str, cell: int) -> list[Statement]:
    """The top-level statements of one cell; an empty list where Python can't read it."""
    tree, lines = parse(text), text.split("\n")
    if tree is None:
        return []
    found = []
    for node in tree.body:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(d.lineno for d in decorators)])
        block = "\n".join(lines[first - 1 : node.end_lineno])
        if ast.get_source_segment(text, node) and _alone(block):
            found.append(Statement(node, block, cell, first))
        else:  # several statements share a line
            found.append(Statement(node, ast.unparse(node), cell, first))
    return found


def needed(everything: Sequence[Statement], name: str) -> list[Statement]:
    """The statements that define a name and, in turn, what those need; in their order."""
    imports = [s for s in everything if isinstance(s.node, ast.Import | ast.ImportFrom)]
    modules = frozenset[str]().union(*(s.binds for s in imports))
    wanted, kept, grew = {name}, set[int](), True
    while grew:
        grew = False
        for index, statement in enumerate(everything):
            changes = statement.binds | (statement.calls_methods_of - modules)
            if index not in kept and changes & wanted:
                kept.add(index)
                wanted |= statement.uses
                grew = True
    return [everything[index] for index in sorted(kept)]


def is_stub(function: ast.FunctionDef) -> bool:
    """Nothing written yet: docstring aside, the body only raises NotImplementedError or passes."""
    body = [n for n in function.body if not _is_constant(n)]
    if not body:
        return True
    first = body[0]
    if isinstance(first, ast.Raise) and first.exc is not None:
        return "NotImplementedError" in ast.unparse(first.exc)
    return len(body) == 1 and isinstance(first, ast.Pass)


def defined_functions(text: str) -> dict[str, ast.FunctionDef]:
    """The functions that a cell defines at its top level; the last of a name counts."""
    tree = parse(text)
    body = tree.body if tree else []
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef)}


def imported_packages(nodes: Sequence[Statement]) -> list[tuple[str, Statement]]:
    """The packages that statements import anywhere in them, each with its statement."""
    found = []
    for statement in nodes:
        for node in ast.walk(statement.node):
            if isinstance(node, ast.Import):
                found += [(alias.name.split(".")[0], statement) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.append((node.module.split(".")[0], statement))
    return found


def _alone(block: str) -> bool:
    tree = parse(block)
    return tree is not None and len(tree.body) == 1


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _bound_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return  # what happens inside stays inside
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield (alias.asname or alias.name).split(".")[0]
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        yield node.id
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(
        node.ctx, ast.Store | ast.Del
    ):
        yield from _root_name(node)
    for child in ast.iter_child_nodes(node):
        yield from _bound_names(child)


def _global_names(table: symtable.SymbolTable) -> Iterator[str]:
    at_top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (at_top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _global_names(child)


def _root_name(node: ast.AST) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id
