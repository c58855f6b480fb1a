"""Tests for autograder.lab: a student's work is never overwritten."""

import json
import os
import re
from pathlib import Path

from autograder.lab import jupyterlab_command, lab_environment, working_copy
from course.lesson import lesson_names


def test_missing_notebooks_are_copied_and_existing_ones_kept(tmp_path):
    """Also when the course has changed since."""
    folder = tmp_path / "mine"
    assert all(line.startswith("copied") for line in working_copy(folder))
    mine = folder / f"{lesson_names()[0]}.ipynb"
    mine.write_text("my work")

    lines = list(working_copy(folder))

    assert mine.read_text() == "my work"
    assert f"kept {mine}, as you left it" in lines


def test_the_start_page_comes_with_what_it_points_to(tmp_path):
    """All its links lead to a file of the copy."""
    list(working_copy(tmp_path))

    links = re.findall(r"\]\(([^)#]+)\)", (tmp_path / "README.md").read_text(encoding="utf-8"))
    assert "docs/glossary.md" in links
    assert [link for link in links if not (tmp_path / link).exists()] == []


def test_jupyterlab_opens_the_copy(tmp_path):
    """Its root is the working copy, so that generated notebooks are out of reach."""
    command = jupyterlab_command(tmp_path, browser=False)

    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert "--no-browser" in command


def test_instructors_tools_are_hidden_and_settings_of_the_user_kept():
    """The Validate button stays; a folder that the user named comes first."""
    paths = lab_environment({"JUPYTER_CONFIG_PATH": "/mine", "HOME": "/h"})["JUPYTER_CONFIG_PATH"]
    mine, ours = paths.split(os.pathsep)

    assert mine == "/mine"
    config = json.loads(Path(ours, "labconfig", "page_config.json").read_text())
    assert "@jupyter/nbgrader:formgrader" in config["disabledExtensions"]
    assert "@jupyter/nbgrader:validate-assignment" not in config["disabledExtensions"]
    assert lab_environment({})["JUPYTER_CONFIG_PATH"] == ours
