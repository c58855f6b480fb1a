"""The house: imports go one way, files stay short, nothing names one machine."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "nnkit": {"nnkit"},
    "course": {"course", "nnkit"},
    "autograder": {"autograder", "course", "nnkit"},
}
MAX_LINES = {"lessons": None, "exercises": 650}  # prose, and lists of mistakes; all others:
FEW_SCREENS = 350


def imported_packages(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_one_way(package):
    """nnkit <- course <- autograder, and never back."""
    for path in (ROOT / package).rglob("*.py"):
        ours = set(imported_packages(path)) & set(MAY_IMPORT)

        assert ours <= MAY_IMPORT[package], f"{path.relative_to(ROOT)} imports {ours}"


def test_what_goes_into_the_sandbox_imports_nothing_of_ours():
    """The runner and the outcome file need Python and NumPy only."""
    for path in (ROOT / "autograder/runner.py", ROOT / "course/outcome.py"):
        assert not set(imported_packages(path)) & set(MAY_IMPORT), path.name


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_files_fit_on_a_few_screens(package):
    """A file that grows beyond that holds a second thing."""
    for path in (ROOT / package).rglob("*.py"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        most = MAX_LINES.get(path.parent.name, FEW_SCREENS)

        assert most is None or lines <= most, f"{path.relative_to(ROOT)} has {lines} lines"


def test_no_tracked_file_names_a_registry_or_a_home_folder():
    """The repository must say the same on every machine."""
    words = "|".join(
        ["/home/" + "[a-z]", "/root" + "/", "index-" + "url", "files.python" + "hosted"]
    )
    found = subprocess.run(
        ["git", "grep", "-nE", words, "--", "."], cwd=ROOT, capture_output=True, text=True
    )

    if found.returncode == 128:
        pytest.skip("not a git checkout")
    assert found.stdout == ""
