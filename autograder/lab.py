"""A student's working copy of the notebooks."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from course.build import as_bytes, student_notebook
from course.files import write_atomically
from course.lesson import lesson_names, load_lesson
from course.table import CHECKOUT

SETTINGS = Path(__file__).with_name("lab_settings")
FOR_STUDENTS = ("notation", "glossary", "cheat_sheet")


def working_copy(folder: Path) -> Iterator[str]:
    """Copy what is missing; say what was copied and what was kept."""
    for name, contents in _files():
        path = folder / name
        if path.exists():
            yield f"kept {path}, as you left it"
        else:
            write_atomically(path, contents())
            yield f"copied {path}"


def _files() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Names of the notebooks, of the start page and of what it points to; and what is in them."""
    for name in lesson_names():
        yield f"{name}.ipynb", partial(_notebook, name)
    start, beside = CHECKOUT / "notebooks" / "README.md", sorted((CHECKOUT / "docs").glob("*"))
    for page in [start, *(page for page in beside if page.stem in FOR_STUDENTS)]:
        if page.exists():  # not where nnkit was installed from an archive
            yield f"{'' if page == start else 'docs/'}{page.name}", partial(_page, page)


def _notebook(name: str) -> bytes:
    return as_bytes(student_notebook(load_lesson(name)))


def _page(page: Path) -> bytes:
    """A page of the checkout, its links as they are in the copy."""
    text = page.read_text(encoding="utf-8")
    return (
        text.replace("](../docs/", "](docs/").replace("[README](../README.md)", "README").encode()
    )


def jupyterlab_command(folder: Path, *, browser: bool) -> list[str]:
    """The command that opens JupyterLab on the working copy."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}"]
    return command if browser else [*command, "--no-browser"]


def lab_environment(inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Students see nbgrader's Validate button, not its instructor's tools; and no news.

    What the user has set stays, and comes first.
    """
    path = [inherited.get("JUPYTER_CONFIG_PATH", ""), str(SETTINGS)]
    return {**inherited, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, path))}
