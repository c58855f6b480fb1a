"""A student's working copy of the notebooks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from course.build import as_bytes, student_notebook
from course.files import write_atomically
from course.lesson import lesson_names, load_lesson

SETTINGS = Path(__file__).with_name("lab_settings")


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


def lab_environment(inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Students see nbgrader's Validate button, not its instructor's tools; and no news.

    What the user has set stays, and comes first.
    """
    path = [inherited.get("JUPYTER_CONFIG_PATH", ""), str(SETTINGS)]
    return {**inherited, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, path))}
