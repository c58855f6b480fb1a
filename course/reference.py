"""The reference functions as text: solution, stub, and reference with one mistake in it.

The reference is written once: in `nnkit.functional`, or as a `task` in the exercise's own file
where the library has no such function. What a student sees is derived from it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from functools import cache
from typing import Any

import numpy as np

from course.spec import Function, Task
from nnkit import functional

STUB_BODY = "raise NotImplementedError()"
GIVES_AWAY = ("Raises", "Notes", "References")  # docstring sections that a stub leaves out


def reference(name: str) -> Function:
    """The reference function of that name."""
    if name in functional.__all__:
        function: Function = getattr(functional, name)
        return function
    module = importlib.import_module(f"course.exercises.{name}")
    return next(t.function for t in vars(module).values() if isinstance(t, Task))


def solution_source(name: str, begin: str = "", end: str = "") -> str:
    """The function as a student would hand it in, with `begin` and `end` around its body."""
    return _assembled(name, [_docstring(name), begin, _body(name), end])


def stub_source(name: str) -> str:
    """The function as a student gets it: signature and docstring, no body."""
    return _assembled(name, [_docstring(name), STUB_BODY])


def docstring_sections(name: str) -> dict[str, str]:
    """The sections of a docstring, each under its heading; what stands before them under ""."""
    docstring = inspect.cleandoc(reference(name).__doc__ or "")
    first, *parts = re.split(r"\n\n([A-Z][a-z]+)\n-{3,}\n", docstring)
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    return {"": first, **{head: text.strip("\n") for head, text in found.items()}}


@cache
def return_names(name: str) -> tuple[str, ...]:
    """The names under "Returns" in the docstring, one for each item of a returned tuple."""
    returns = docstring_sections(name).get("Returns", "")
    heads = re.findall(r"^([A-Za-z_, ]+) : ", returns, re.MULTILINE)
    return tuple(part.strip() for head in heads for part in head.split(","))


@cache
def edited_reference(name: str, old: str, new: str) -> Function:
    """The reference with the one place that reads `old` changed to `new`.

    Raises
    ------
    ValueError
        If `old` does not occur exactly once in the body.
    """
    return compiled(edited_source(name, old, new), name)


def edited_source(name: str, old: str, new: str, new_name: str = "") -> str:
    """The text of the edited reference, without its docstring, under its own or a new name."""
    body = _body(name)
    if body.count(old) != 1:
        raise ValueError(
            f"expected the text {old!r} once in {name}, found it {body.count(old)} times; "
            f"the body is:\n{body}"
        )
    source = _assembled(name, [body.replace(old, new)])
    return source.replace(f"def {name}(", f"def {new_name or name}(", 1)


@cache
def twice_edited_reference(name: str, first: tuple[str, str], second: tuple[str, str]) -> Function:
    """The reference with two places changed, each an ``(old, new)`` as in `edited_reference`."""
    body = _body(name)
    for old, new in sorted((first, second), key=lambda edit: body.index(edit[0]), reverse=True):
        start, end = places_of(name, old)
        body = body[:start] + new + body[end:]
    return compiled(_assembled(name, [body]), name)


@cache
def places_of(name: str, old: str) -> tuple[int, int]:
    """Where a text begins and ends in the reference's body."""
    start = _body(name).index(old)
    return start, start + len(old)


def compiled(source: str, name: str) -> Function:
    """A function from its source, with all reference functions in reach and its file's imports."""
    namespace: dict[str, Any] = {"np": np, **vars(functional), **reference(name).__globals__}
    exec(compile(source, f"<{name}>", "exec"), namespace)
    function: Function = namespace[name]
    return function


@cache
def _definition(name: str) -> tuple[ast.FunctionDef, list[str]]:
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(reference(name))))
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node, source.splitlines()


def _signature(name: str) -> str:
    """The ``def`` line without decorators and annotations: lessons stay bare."""
    node, _ = _definition(name)
    for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        arg.annotation = None
    return f"def {name}({ast.unparse(node.args)}):"


@cache
def _body(name: str) -> str:
    """The text between docstring and end, dedented, comments included."""
    node, lines = _definition(name)
    start = node.body[0].end_lineno or 0
    return textwrap.dedent("\n".join(lines[start : node.end_lineno]))


def _docstring(name: str) -> str:
    sections = docstring_sections(name)
    kept = [
        f"{head}\n{'-' * len(head)}\n{text}" if head else text
        for head, text in sections.items()
        if head not in GIVES_AWAY
    ]
    return '"""' + "\n\n".join(kept) + '\n"""'


def _assembled(name: str, parts: list[str]) -> str:
    block = "\n".join(part for part in parts if part)
    return _signature(name) + "\n" + textwrap.indent(block, "    ")
