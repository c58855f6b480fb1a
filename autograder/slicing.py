"""Which statements of a notebook does a function need?

Only those run in the sandbox: a plot, a training loop or a broken line elsewhere in the notebook
can't cost a point, and an endless one can't stop anything. When in doubt a statement is kept: one
too many costs a little time, one too few costs a student points.
"""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterator, Sequence

from autograder.statements import Statement


class Slices:
    """A notebook's statements, and for each name those that set it or change its value."""

    def __init__(self, everything: Sequence[Statement]) -> None:
        modules = _names_set_by(everything, ast.Import, ast.ImportFrom)
        functions = _names_set_by(everything, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        self._statements = tuple(everything)
        self._binds = [s.binds for s in everything]
        self._bound = frozenset[str]().union(*self._binds, *(s.effects for s in everything))
        self._direct = _inverted(
            s.binds | (s.changes - modules) | (s.hands_over - modules - functions)
            for s in everything
        )
        self._effects = _inverted(s.effects - modules for s in everything)
        self._mentions = _inverted(s.mentions for s in everything)
        self._found: dict[str, set[int]] = {}
        self._users = _inverted(s.uses if s.run_later else frozenset() for s in everything)

    def needed(self, name: str, before: int) -> list[Statement]:
        """The statements that define a name and, in turn, what those need; in their order.

        Parameters
        ----------
        name : str
        before : int
            How many of the statements had run when the function was checked. A name that they
            set keeps their value, as in the student's kernel; another is looked up further down.
        """
        kept, seen, waiting = set[int](), {name}, [name]
        while waiting:
            wanted = waiting.pop()
            touching = self._touching(wanted)
            early = {i for i in touching if i < before}
            if not early and not hasattr(builtins, wanted):
                early = touching
            for i in early - kept:
                kept.add(i)
                fresh = self._statements[i].uses - seen
                seen |= fresh
                waiting += fresh
        kept |= {i for i, names in enumerate(self._binds) if "*" in names}  # from numpy import *
        return [self._statements[i] for i in sorted(kept)]

    def _touching(self, name: str) -> set[int]:
        if name in self._found or name not in self._bound:  # it is known, or Python's own
            return self._found.get(name, set())
        found = self._found[name] = set(self._direct[name])
        waiting, seen = list(self._effects[name]), set(self._effects[name])
        while waiting:  # functions that change it, and functions that call those
            for function in self._binds[waiting.pop()]:
                found |= self._mentions[function]
                fresh = self._users[function] - seen
                seen |= fresh
                waiting += fresh
        return found


def imported_packages(nodes: Sequence[Statement]) -> set[str]:
    """The packages that statements import anywhere in them."""
    found = set()
    for node in (n for statement in nodes for n in ast.walk(statement.node)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def _names_set_by(everything: Sequence[Statement], *kinds: type[ast.stmt]) -> frozenset[str]:
    return frozenset[str]().union(*(s.binds for s in everything if isinstance(s.node, kinds)))


def _inverted(names: Iterator[frozenset[str]]) -> defaultdict[str, set[int]]:
    found = defaultdict[str, set[int]](set)
    for i, group in enumerate(names):
        for name in group:
            found[name].add(i)
    return found
