"""The statements of a cell, and what each of them sets, changes and uses.

This looks at the text only; nothing is run. Text that Python can't read is no error here: a
submission may hold anything.
"""

from __future__ import annotations

import ast
import symtable
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

MUTATORS = {
    "add", "append", "appendleft", "clear", "discard", "extend", "fill", "insert", "partition",
    "pop", "popitem", "popleft", "put", "remove", "resize", "reverse", "setdefault", "setflags",
    "sort", "update",
}  # fmt: skip
ONLY_LOOK = {"print", "display", "check"}  # functions that leave their arguments alone
MAX_KEPT_CHARS = 4_000
MAX_CHAIN = 50  # of a.b.c.d
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True)
class Statement:
    """One top-level statement and where it stands."""

    node: ast.stmt
    text: str
    cell: int  # position in the list of cells that the statements came from
    line: int  # first line in its cell, from 1
    uses: frozenset[str]  # global names that it reads, also from inside functions

    @cached_property
    def binds(self) -> frozenset[str]:
        """Names that the statement sets; ``*`` for those of a star import."""
        return frozenset(_bound_names(self.node))

    @cached_property
    def changes(self) -> frozenset[str]:
        """Names that it stores something into, as in ``table.append(row)``."""
        return frozenset(_changed_names(_run_at_once(self.node)))

    @cached_property
    def hands_over(self) -> frozenset[str]:
        """Names given to calls that may change them, as in ``fill(table)``."""
        return frozenset(_names_handed_over(_run_at_once(self.node)))

    @cached_property
    def mentions(self) -> frozenset[str]:
        """Names that it reads at once, so that it may call them."""
        return frozenset(
            n.id for n in _run_at_once(self.node) if isinstance(n, ast.Name) and _is_read(n)
        )

    @cached_property
    def run_later(self) -> tuple[ast.AST, ...]:
        """What lies in the bodies of functions."""
        at_once = {id(n) for n in _run_at_once(self.node)}
        return tuple(n for n in ast.walk(self.node) if id(n) not in at_once)

    @cached_property
    def effects(self) -> frozenset[str]:
        """Names of the notebook that its functions set or change."""
        nodes = self.run_later
        declared = {name for n in nodes if isinstance(n, ast.Global) for name in n.names}
        changed = {*_changed_names(nodes), *_names_handed_over(nodes)}
        return frozenset(declared | (changed & self.uses))


def parse(text: str) -> ast.Module | None:
    """The syntax tree of a cell, or None where Python can't read it."""
    with warnings.catch_warnings():  # "\d" in a string costs nothing
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except UNREADABLE:
            return None


def statements(text: str, cell: int) -> tuple[Statement, ...]:
    """The top-level statements of one cell that Python can read."""
    return _kept(text, cell) if len(text) < MAX_KEPT_CHARS else tuple(_statements(text, cell))


@lru_cache(maxsize=256)  # most cells of a notebook are the lesson's, the same for all students
def _kept(text: str, cell: int) -> tuple[Statement, ...]:
    return tuple(_statements(text, cell))


def _statements(text: str, cell: int) -> Iterator[Statement]:
    tree, lines = parse(text), text.split("\n")
    for node in tree.body if tree else ():
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(d.lineno for d in decorators)])
        code = _text_of(node, first, lines)
        uses = _global_names(code)
        if uses is not None:
            yield Statement(node, code, cell, first, uses)


def is_stub(function: ast.stmt | None) -> bool:
    """Nothing written yet: docstring aside, the body only raises NotImplementedError or passes."""
    if not isinstance(function, ast.FunctionDef):
        return False
    body = [n for n in function.body if not _is_constant(n)]
    if not body:
        return True
    first = body[0]
    if isinstance(first, ast.Raise) and first.exc is not None:
        called = first.exc.func if isinstance(first.exc, ast.Call) else first.exc
        return isinstance(called, ast.Name) and called.id == "NotImplementedError"
    return len(body) == 1 and isinstance(first, ast.Pass)


def _text_of(node: ast.stmt, first: int, lines: list[str]) -> str:
    """The statement's own text: several may share a line. Columns are counted in bytes."""
    last = node.end_lineno or first
    rows = [line.encode() for line in lines[first - 1 : last]]
    rows[-1] = rows[-1][: node.end_col_offset]
    rows[0] = rows[0][node.col_offset if node.lineno == first else 0 :]
    return b"\n".join(rows).decode()


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_read(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what lies in it, but not what waits inside a function to be called."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, FUNCTIONS):
            waiting += [*getattr(node, "decorator_list", []), *ast.iter_child_nodes(node.args)]
        elif isinstance(node, ast.comprehension):
            waiting += [node.iter, *node.ifs]  # its variables are its own
        else:
            waiting += ast.iter_child_nodes(node)


def _bound_names(node: ast.stmt) -> Iterator[str]:
    for inner in _run_at_once(node):
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield inner.name
        elif isinstance(inner, ast.alias):
            yield (inner.asname or inner.name).split(".")[0]
        elif isinstance(inner, ast.Name) and not _is_read(inner):
            yield inner.id
        elif isinstance(inner, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and inner.name:
            yield inner.name
        elif isinstance(inner, ast.MatchMapping) and inner.rest:
            yield inner.rest


def _changed_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield from _root_name(node)
        elif isinstance(node, ast.Expr):
            for call in _calls_in(node):
                if isinstance(call.func, ast.Attribute):
                    yield from _root_name(call.func)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in MUTATORS:
                yield from _root_name(node.func)
        elif isinstance(node, ast.For):
            yield from _changed_through_loop(node)


def _names_handed_over(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """A call whose value is dropped was made for what it does to its arguments."""
    for call in (c for node in nodes if isinstance(node, ast.Expr) for c in _calls_in(node)):
        if not (isinstance(call.func, ast.Name) and call.func.id in ONLY_LOOK):
            for value in (*call.args, *(keyword.value for keyword in call.keywords)):
                yield from _root_name(value)


def _calls_in(node: ast.AST) -> Iterator[ast.Call]:
    return (n for n in ast.walk(node) if isinstance(n, ast.Call))


def _changed_through_loop(loop: ast.For) -> Iterator[str]:
    """``for row in reversed(table): row /= row.sum()`` changes the table, but not `reversed`."""
    rows = {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}
    changed = {n.target.id for n in ast.walk(loop)
               if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)}  # fmt: skip
    inside = (n for s in loop.body for n in ast.walk(s) if not isinstance(n, ast.For))
    if rows & (changed | set(_changed_names(inside))):
        called = {id(call.func) for call in _calls_in(loop.iter)}
        names = (n for n in ast.walk(loop.iter) if isinstance(n, ast.Name))
        yield from (n.id for n in names if id(n) not in called)


def _root_name(node: ast.AST) -> Iterator[str]:
    """The name at the start of ``table.rows[0].copy()``; what ``f(x)`` returns has none."""
    for _ in range(MAX_CHAIN):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func
        if not isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            break
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _global_names(code: str) -> frozenset[str] | None:
    """Names of the notebook that it reads; None for what is no statement of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tables = [symtable.symtable(code, "<cell>", "exec")]
        except UNREADABLE:
            return None
    found = set()
    while tables:
        table = tables.pop()
        at_top = table.get_type() == "module"
        found |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (at_top or symbol.is_global())
        }
        tables += table.get_children()
    return frozenset(found)
