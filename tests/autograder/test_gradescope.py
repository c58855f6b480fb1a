"""Tests for autograder.gradescope: the zip, unpacked as Gradescope does, grades a submission."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.gradescope import write_zip
from autograder.key import BrokenCourseKey
from autograder.samples import ASSIGNMENT, cut_off, one_known_bug, perfect

FILE = f"{ASSIGNMENT}.ipynb"


@pytest.fixture
def unpacked(tmp_path):
    """The zip where Gradescope would put it; instead of setup.sh, our own Python without -I."""
    (tmp_path / "course_key").write_text("k" * 64 + "\n")
    write_zip(ASSIGNMENT, tmp_path, tmp_path / "out.zip", root=str(tmp_path))
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extractall(tmp_path / "source")
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    for name in ("setup.sh", "run_autograder"):
        assert modes[name] & 0o111
        (tmp_path / "source" / name).chmod(0o755)
    python = tmp_path / "source/.venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nshift\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (tmp_path / "submission").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "submission_metadata.json").write_text(json.dumps({"users": [{"id": 7}]}))
    return tmp_path


def results(root):
    """What its run_autograder writes; the code comes from the zip, not from the checkout."""
    source = root / "source"
    subprocess.run(
        [source / "run_autograder"],
        check=True,
        cwd=source,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(source)},
    )
    return json.loads((root / "results/results.json").read_text())


@pytest.mark.parametrize(("work", "score"), [(perfect, 33), (one_known_bug, 31)])
def test_a_submission_gets_its_points(unpacked, work, score):
    """The same as on the instructor's own machine; hints are said."""
    (unpacked / "submission" / FILE).write_bytes(work())

    said = results(unpacked)

    assert said["score"] == sum(test["score"] for test in said["tests"]) == score
    assert bool(said["output"]) == (work is one_known_bug)


@pytest.mark.parametrize("files", [{FILE: cut_off}, {}, {"a.ipynb": perfect, "b.ipynb": perfect}])
def test_what_can_t_be_graded_says_why(unpacked, files):
    """Gradescope shows no trace of a program that failed; so this is a result, too."""
    for name, work in files.items():
        (unpacked / "submission" / name).write_bytes(work())

    said = results(unpacked)

    assert said["score"] == 0
    assert said["output"].startswith("This could not be graded: ")
    assert said["tests"] == []


def test_the_zip_holds_what_installing_needs_and_no_more(unpacked):
    """Sources, but no notebooks with solutions, no compiled files; the scripts are bash's."""
    with zipfile.ZipFile(unpacked / "out.zip") as archive:
        names = set(archive.namelist())

    assert {"pyproject.toml", "course/course.toml", "nnkit/__init__.py", "course_key"} <= names
    assert not [n for n in names if n.endswith((".pyc", ".ipynb")) or n.startswith("tests/")]
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", unpacked / "source" / script], check=True)


def test_without_a_key_nothing_is_written(tmp_path):
    """A key made on the way would give other hidden inputs than those of the course."""
    with pytest.raises(BrokenCourseKey, match="expected the course key"):
        write_zip(ASSIGNMENT, tmp_path, tmp_path / "out.zip")
    assert not Path(tmp_path, "out.zip").exists()
