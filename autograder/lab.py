"""A student's working copy of the notebooks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from course.build import as_bytes, student_notebook
from course.files import write_atomically
from course.lesson import lesson_names, load_lesson


def working_copy(folder: Path) -> Iterator[str]:
    """Copy the notebooks that are missing; say what was copied and what was kept."""
    for name in lesson_names():
        path = folder / f"{name}.ipynb"
        if path.exists():
            yield f"kept {path}, as you left it"
        else:
            write_atomically(path, as_bytes(student_notebook(load_lesson(name))))
            yield f"copied {path}"


def jupyterlab_command(folder: Path, *, browser: bool) -> list[str]:
    """The command that opens JupyterLab on the working copy."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}"]
    return command if browser else [*command, "--no-browser"]
