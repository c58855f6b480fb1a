"""The cheat sheet: every formula and shape of the course, taken from the reference's docstrings.

`nnkit build` writes it as `docs/cheat_sheet.md`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from course.reference import docstring_sections, reference, stub_source
from course.table import course_table
from nnkit import functional

HEAD = """\
# Cheat sheet

All formulas and shapes, lesson by lesson. Letters are explained in the [notation](notation.md),
words in the [glossary](glossary.md). To print it on one sheet, open
[cheat_sheet.html](cheat_sheet.html) in a browser. Both pages are made from the docstrings of
`nnkit.functional` by `nnkit build`; a change here would be lost.
"""
NO_FORMULA = "(no formula)"


def cheat_sheet() -> str:
    """The page as Markdown."""
    parts = (part for title, names in lessons_and_functions() for part in _lesson(title, names))
    return "\n".join([HEAD, *parts])


def lessons_and_functions() -> Iterator[tuple[str, list[str]]]:
    """Number and title of each lesson that asks for functions of the library, and these."""
    for row in course_table()["lessons"]:
        known = [name for name in row["functions"] if name in functional.__all__]
        if known:
            yield f"{row['name'][:2]} {row['title']}", known


def formulas(name: str) -> str:
    """The blocks behind ``::`` in the Notes of a function, each with the sentence before it."""
    notes = docstring_sections(name).get("Notes", "")
    return "\n\n".join(_formula_parts(notes.split("\n\n")))


def summary(name: str) -> str:
    """The first sentence of a function's docstring."""
    return _plain(inspect.cleandoc(reference(name).__doc__ or "").split("\n\n")[0])


def shapes(name: str) -> str:
    """What a function takes and gives, as ``x``: (N, D) → ``z``: (N, H)."""
    sections = docstring_sections(name)
    gives = sections.get("Returns", "") or sections.get("Yields", "")
    return f"{_heads(sections.get('Parameters', ''))} → {_heads(gives)}"


def _lesson(title: str, names: list[str]) -> Iterator[str]:
    yield f"## {title}\n"
    yield from map(_entry, names)


def _entry(name: str) -> str:
    signature = stub_source(name).splitlines()[0].removeprefix("def ").removesuffix(":")
    formula = formulas(name) or f"{summary(name)} {NO_FORMULA}"
    return f"### `{signature}`\n\n{shapes(name)}\n\n{formula}\n"


def _formula_parts(paragraphs: list[str]) -> Iterator[str]:
    in_formula = False
    for paragraph in paragraphs:
        if paragraph.endswith("::"):
            in_formula = True
            if sentence := paragraph.removesuffix("::").strip():
                yield f"{_plain(sentence)}:"
        elif in_formula and paragraph.startswith("    "):
            yield f"```text\n{inspect.cleandoc(paragraph)}\n```"
        else:
            in_formula = False


def _heads(section: str) -> str:
    """The names and types of a section, without what is said about them."""
    heads = re.findall(r"^(\w[\w, ]*) : (.+)$", section, re.MULTILINE)
    return "; ".join(f"`{names}`: {_shape(kind)}" for names, kind in heads)


def _shape(kind: str) -> str:
    without_default = re.sub(r", default=.*", "", kind)
    return re.sub(r"^ndarray, (shape )?", "", without_default).replace("`", "")


def _plain(text: str) -> str:
    """ReStructuredText's double backticks as Markdown's single ones."""
    return text.replace("``", "`")
