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
words in the [glossary](glossary.md). This page is made from the docstrings of `nnkit.functional`
by `nnkit build`; a change here would be lost.
"""
NO_FORMULA = "(no formula)"


def cheat_sheet() -> str:
    """The page as Markdown."""
    return "\n".join([HEAD, *(part for row in course_table()["lessons"] for part in _lesson(row))])


def formulas(name: str) -> str:
    """The blocks behind ``::`` in the Notes of a function, each with the sentence before it."""
    notes = docstring_sections(name).get("Notes", "")
    return "\n\n".join(_formula_parts(notes.split("\n\n")))


def shapes(name: str) -> str:
    """What a function takes and gives, as ``x``: (N, D) → ``z``: (N, H)."""
    sections = docstring_sections(name)
    gives = sections.get("Returns", "") or sections.get("Yields", "")
    return f"{_heads(sections.get('Parameters', ''))} → {_heads(gives)}"


def _lesson(row: dict[str, object]) -> Iterator[str]:
    functions = row["functions"]
    assert isinstance(functions, list)
    known = [name for name in functions if name in functional.__all__]
    if known:
        yield f"## {row['name']}: {row['title']}\n"
        yield from (_entry(name) for name in known)


def _entry(name: str) -> str:
    signature = stub_source(name).splitlines()[0].removeprefix("def ").removesuffix(":")
    summary = inspect.cleandoc(reference(name).__doc__ or "").split("\n\n")[0]
    formula = formulas(name) or f"{_plain(summary)} {NO_FORMULA}"
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
