"""A class that was graded once, for tests that only look at the result."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

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
