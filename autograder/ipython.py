"""A cell's text as Python: what only IPython understands is taken out or rewritten."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from autograder.statements import is_stub, parse

REWRITES = (
    (re.compile(r"^([ \t]*)%time[ \t]+(?=\S)", re.MULTILINE), r"\1"),  # %time x = f()
    (re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE), r"\1pass"),  # %matplotlib inline, !ls, ?f
    (re.compile(r"^([ \t]*)[\w.]+\?{1,2}[ \t]*$", re.MULTILINE), r"\1pass"),  # f?
    (re.compile(r"^([ \t]*\w+[ \t]*=)[ \t]*[%!].*$", re.MULTILINE), r"\1 None"),  # files = !ls
)


@lru_cache(maxsize=128)
def readable(text: str) -> str:
    """The cell as Python, if it can be made so; otherwise as it is."""
    if parse(text) is not None:
        return text
    python = _without_indent(text)
    for pattern, replacement in REWRITES:
        python = pattern.sub(replacement, python)
    return python if parse(python) is not None else text


@lru_cache(maxsize=128)
def is_readable(text: str) -> bool:
    """Can Python read the cell?"""
    return parse(readable(text)) is not None


@lru_cache(maxsize=128)
def functions_in(text: str) -> dict[str, bool]:
    """The functions that a cell defines at its top level, and whether each has a body.

    Of several with one name the last counts.
    """
    tree = parse(readable(text))
    body = tree.body if tree else []
    return {node.name: not is_stub(node) for node in body if isinstance(node, ast.FunctionDef)}


def _without_indent(text: str) -> str:
    """IPython takes the first line's indent from every line."""
    first = re.search(r"^([ \t]*)\S", text, re.MULTILINE)
    indent = first[1] if first else ""
    return re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) if indent else text
