"""The README's commands are those that CI runs, and its code block keeps its promise."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_BLOCK = re.search(r"```sh\n(.*?)```", README, re.DOTALL).group(1).splitlines()


def test_first_block_is_the_demo_and_the_tests():
    """Two lines, each with all its own set-up."""
    assert [line.rsplit("/", 1)[1] for line in FIRST_BLOCK] == ["nnkit demo", "pytest"]
    assert all(line.startswith("python3 -m venv .venv && ") for line in FIRST_BLOCK)


def test_ci_runs_the_second_line_as_it_stands():
    """The script that CI runs cuts the command out of this README."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    cut = next(line for line in script.splitlines() if line.startswith("readme_commands="))
    found = subprocess.run(
        ["bash", "-c", f'{cut}\ntail -n 1 <<<"$readme_commands"'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == FIRST_BLOCK[1]
    assert 'bash -euo pipefail -c "$(tail -n 1 <<<"$readme_commands")"' in script


@pytest.mark.parametrize(
    "command",
    sorted(set(re.findall(r"nnkit (\w+)", README)) & {"demo", "lab", "build", "verify", "grade"}),
)
def test_every_command_that_is_named_exists(command):
    """Each has a help page with an example."""
    found = subprocess.run(
        [sys.executable, "-c", "from autograder.cli import main; main()", command, "--help"],
        capture_output=True,
        text=True,
    )

    assert found.returncode == 0
    assert "Example: nnkit" in found.stdout


@pytest.mark.parametrize(
    "path", re.findall(r"\]\((?!http)([^)]+)\)|`((?:course|autograder)/[\w./]+)`", README)
)
def test_every_file_that_is_named_exists(path):
    """Links and paths in the README lead somewhere."""
    name = path[0] or path[1]
    generated = {"course/source/"}

    assert name in generated or (ROOT / name).exists(), name
