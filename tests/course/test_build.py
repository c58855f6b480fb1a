"""Tests for course.build and course.lesson."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from course import lesson as lesson_module
from course import table as table_module
from course.build import (
    as_bytes,
    built_files,
    differing_files,
    source_notebook,
    student_notebook,
    write_files,
)
from course.exercise import load_exercise
from course.lesson import lesson_names, load_lesson
from course.reference import solution_source
from course.table import LessonError

ROOT = Path(__file__).parents[2]
LESSONS = lesson_names()


@pytest.mark.parametrize("name", LESSONS)
def test_two_builds_are_identical(name):
    """Also in another process, with another hash seed."""
    program = (
        "import sys; from course.build import *\n"
        f"lesson = load_lesson({name!r})\n"
        "for notebook in (source_notebook(lesson), student_notebook(lesson)):\n"
        "    sys.stdout.buffer.write(as_bytes(notebook))"
    )
    lesson = load_lesson(name)
    here = as_bytes(source_notebook(lesson)) + as_bytes(student_notebook(lesson))
    there = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": "12345"},
        capture_output=True,
        check=True,
    )

    assert there.stdout == here


@pytest.mark.parametrize("name", LESSONS)
def test_committed_notebook_is_up_to_date(name):
    """`notebooks/` holds what a build makes."""
    committed = (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()

    assert committed == as_bytes(student_notebook(load_lesson(name)))


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("build", [source_notebook, student_notebook])
def test_cell_metadata_passes_nbgraders_validator(build, name):
    """Points, names and flags are as nbgrader wants them."""
    notebook = nbformat.from_dict(json.loads(as_bytes(build(load_lesson(name)))))

    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)


@pytest.mark.parametrize("name", LESSONS)
def test_each_exercise_has_a_solution_cell_and_a_check_cell(name):
    """The solution's grade_id is the function's name, the test's is `<name>_check`."""
    notebook = student_notebook(load_lesson(name))
    graded = [c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata]
    ids = [meta.grade_id for meta in graded]

    for exercise in load_lesson(name).exercises:
        position = ids.index(exercise)
        solution, test = graded[position : position + 2]
        assert (solution.solution, solution.grade, solution.locked) == (True, False, False)
        assert test.grade_id == f"{exercise}_check"
        assert (test.solution, test.grade, test.locked) == (False, True, True)
        assert test.points == load_exercise(exercise).points


@pytest.mark.parametrize("name", LESSONS)
def test_student_notebook_leaks_no_solution(name):
    """No line of a reference's body that says anything, no marker, no model answer, no output.

    A broken program shows the lines that are right in it, and not what stood in the other's place.
    """
    lesson = load_lesson(name)
    text = "\n".join(cell.source for cell in student_notebook(lesson).cells)
    shown = {cell.name: cell.text for cell in lesson.cells if cell.role == "case"}
    for exercise in lesson.exercises:
        body = solution_source(exercise).rsplit('"""', 1)[1]
        for line in body.strip().splitlines():
            says_anything = any(character.isalnum() for character in line)
            secret = says_anything and line.strip() not in shown.get(exercise, "")
            assert not secret or line.strip() not in text, f"{exercise}: {line}"
    for cell in lesson.cells:
        if cell.role == "answer":
            assert cell.text not in text
    assert "SOLUTION" not in text
    assert not any(cell.get("outputs") for cell in student_notebook(lesson).cells)


def test_writing_is_skipped_where_nothing_changed(tmp_path):
    """A second build writes nothing; an edited file is seen and mended."""
    files = built_files(tmp_path / "course", tmp_path / "notebooks")

    assert set(write_files(files)) == set(files)
    assert write_files(files) == []
    victim = next(iter(files))
    victim.write_bytes(b"edited by hand")
    assert differing_files(files) == [victim]
    assert write_files(files) == [victim]
    assert list(tmp_path.rglob("*.part")) == []


LESSON = """\
# %% [markdown]
# A question.

# %% role="exercise" name="softmax"

# %% [markdown] role="answer" id="why" points=2
# Because.
"""
BAD_LESSONS = {
    "an unknown exercise": (LESSON.replace('"softmax"', '"sofmax"'), "named 'sofmax'"),
    "an exercise with text": (
        LESSON.replace('name="softmax"\n', 'name="softmax"\nx = 1\n'),
        "empty",
    ),
    "an unknown role": (LESSON.replace('role="answer"', 'role="essay"'), "got 'essay'"),
    "an answer without points": (LESSON.replace(" points=2", ""), "'points'"),
    "points that do not add up": (LESSON.replace("points=2", "points=3"), "add up to 8"),
    "another function": (LESSON.replace('"softmax"', '"log_softmax"'), "the text has log_softmax"),
    "a case of an exercise without": (
        LESSON + '\n# %% role="case" name="softmax"\n',
        "says STARTS = [...], got a code cell named 'softmax'",
    ),
    "a case with text": (
        LESSON + '\n# %% role="case" name="repair_a"\nx = 1\n',
        "a case is an empty code cell",
    ),
    "an id with spaces": (LESSON.replace('"why"', '"why not"'), "'why not'"),
}


@pytest.fixture
def write_lesson(tmp_path, monkeypatch):
    """A course of one lesson, 7 points, in a folder of its own."""
    table = '[[lessons]]\nname = "only"\ntitle = "Only"\npoints = 7\nfunctions = ["softmax"]\n'
    (tmp_path / "course.toml").write_text(table)
    (tmp_path / "lessons").mkdir()
    for module in (lesson_module, table_module):
        monkeypatch.setattr(module, "COURSE", tmp_path)
    return (tmp_path / "lessons" / "only.py").write_text


def test_a_lesson_is_read_cell_by_cell(write_lesson):
    """Exercises and answers know their names and points."""
    write_lesson(LESSON)
    lesson = load_lesson("only")

    assert lesson.exercises == ("softmax",)
    assert lesson.answers == ("why",)
    assert [cell.points for cell in lesson.cells] == [0, 5, 2]


@pytest.mark.parametrize("case", BAD_LESSONS)
def test_a_wrong_lesson_is_refused_with_the_place(write_lesson, case):
    """The message names the file and what was expected."""
    text, message = BAD_LESSONS[case]
    write_lesson(text)

    with pytest.raises(LessonError, match="only") as refused:
        load_lesson("only")
    assert message in str(refused.value)


def test_an_unknown_lesson_is_refused_with_the_known_ones():
    """Who mistypes a name sees the right ones."""
    with pytest.raises(LessonError, match="02_softmax_and_cross_entropy"):
        load_lesson("99_nothing")
