"""A class that was graded once, and notebooks to change, for tests that look at the result."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.samples import perfect, untouched
from autograder.sandbox import best_level

PROGRAMS = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"}


@pytest.fixture(scope="session")
def isolation():
    """The strongest level that this machine offers."""
    return best_level()


@pytest.fixture(scope="session")
def run():
    """Run a program of this environment; returns exit code and output."""

    def run(*command, cwd=None, timeout=300):
        done = subprocess.run(
            command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=timeout
        )
        return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)

    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory, run):
    """What `nnkit demo --keep` leaves behind, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "kept"
    done = run("nnkit", "demo", "--keep", str(folder))
    assert done.code == 0, done.out + done.err
    return SimpleNamespace(folder=folder, course=folder / "course", out=done.out)


class Handed:
    """A notebook to be changed before it is handed in: its JSON, with the usual handles."""

    def __init__(self, data, canary=""):
        self.json = json.loads(data)
        self.canary = canary  # a folder that no submission may read or change

    @property
    def cells(self):
        return self.json["cells"]

    def cell(self, name):
        return next(cell for cell in self.cells if cell.get("id") == name)

    def __getitem__(self, name):
        return "".join(self.cell(name)["source"])

    def __setitem__(self, name, text):
        self.cell(name)["source"] = text

    def add(self, text, after=None, kind="code"):
        """Put a new cell behind another; without `after` at the end, with "" at the top."""
        cell = {"cell_type": kind, "id": f"new-{len(self.cells)}", "metadata": {}, "source": text}
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        names = [c.get("id") for c in self.cells]
        place = len(names) if after is None else names.index(after) + 1 if after else 0
        self.cells.insert(place, cell)
        return cell

    def remove(self, name):
        self.cells.remove(self.cell(name))

    def bytes(self):
        return json.dumps(self.json, indent=1).encode()


@pytest.fixture
def handed(tmp_path):
    """The solved and the untouched notebook, and a folder that holds what nobody may touch."""
    canary = tmp_path / "canary"
    for name in ("gradebook.db", "course_key", "submitted/ben/work.ipynb", "home/.profile"):
        (canary / name).parent.mkdir(parents=True, exist_ok=True)
        (canary / name).write_text(f"canary {name}")
    return SimpleNamespace(
        solved=Handed(perfect(), str(canary)),
        untouched=Handed(untouched(), str(canary)),
        canary=canary,
    )
