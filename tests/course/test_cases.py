"""Tests for course.cases: the broken programs, in every variant."""

import re
import textwrap
from pathlib import Path

import pytest

from course import lesson as lesson_module
from course.build import student_notebook
from course.cases import CAUSES, case_source, diagnoses_source, diagnosis, start, starts
from course.exercise import exercise_names, load_exercise
from course.lesson import load_lesson
from course.reference import compiled, reference
from course.table import course_table

CASES = [name for name in exercise_names() if starts(name)]
VARIANTS = (0, 1)
LESSON = "11_debugging"


def student_text(monkeypatch, variant):
    """The text of the students' notebook when `course.toml` asks for a variant."""
    table = course_table()
    row = next(row for row in table["lessons"] if row["name"] == LESSON)
    changed = {**table, "lessons": [{**row, "variant": variant}]}
    monkeypatch.setattr(lesson_module, "course_table", lambda: changed)
    return "\n".join(cell.source for cell in student_notebook(load_lesson(LESSON)).cells)


def test_there_are_eight_cases_with_two_mistakes_or_more():
    """Each of them has the same number, so that a variant is a choice for all."""
    assert [name[-1] for name in CASES] == list("abcdefgh")
    assert {len(starts(name)) for name in CASES} == {len(VARIANTS)}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", CASES)
def test_an_unrepaired_program_earns_nothing(name, variant):
    """Its hint is its own, names no cause, and is known as a mistake."""
    planted, exercise = start(name, variant), load_exercise(name)
    report = exercise.grade(exercise.bug_function(planted), seed=5)

    assert planted in exercise.bugs
    assert (report.points, report.hint) == (0, planted.hint)
    assert CAUSES[list(CAUSES)[diagnosis(name, variant) - 1]].rstrip(".") not in planted.hint


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_shows_its_mistakes_and_nothing_that_repairs_them(monkeypatch, variant):
    """Neither what stood in their place, nor any hint."""
    text = student_text(monkeypatch, variant)

    for name in CASES:
        assert case_source(name, variant) in text
        assert textwrap.indent(start(name, variant).old, "    ").strip() not in text
        assert not any(bug.hint in text for bug in load_exercise(name).bugs)


def test_variants_differ_in_every_program(monkeypatch):
    """And in nothing else."""
    first, second = (student_text(monkeypatch, variant) for variant in VARIANTS)
    for name in CASES:
        first = first.replace(case_source(name, 0), "")
        assert case_source(name, 0) not in second
        second = second.replace(case_source(name, 1), "")

    assert first == second


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_diagnoses_are_those_of_the_variant(variant):
    """A number for each letter, and what it names is what was planted."""
    found = compiled(diagnoses_source(CASES, variant), "diagnoses")()

    assert list(found) == list("abcdefgh")
    for name, number in zip(CASES, found.values(), strict=True):
        assert start(name, variant).name.startswith(list(CAUSES)[number - 1])


def test_the_reference_follows_the_lesson():
    """`course.toml` decides."""
    row = next(row for row in course_table()["lessons"] if row["name"] == LESSON)
    expected = compiled(diagnoses_source(CASES, row.get("variant", 0)), "diagnoses")()

    assert reference("diagnoses")() == expected


def test_each_diagnosis_is_scored_alone_and_check_does_not_tell():
    """Two that are exchanged cost two points; what students can ask is only the form."""
    exercise, right = load_exercise("diagnoses"), reference("diagnoses")()
    exchanged = {**right, "a": right["b"], "b": right["a"]}

    assert exercise.grade(lambda: exchanged).points == exercise.points - 2
    assert exercise.visible.grade(lambda: exchanged).passed
    assert all(probe.hidden for probe in exercise.probes if probe.points)


def test_the_lesson_prints_the_list_of_causes():
    """In the same order, with the same numbers."""
    path = Path(lesson_module.__file__).parent / "lessons" / f"{LESSON}.py"
    listed = re.findall(r"^# (\d+)\. (.+\.)$", path.read_text(), re.MULTILINE)
    numbered = [(str(number), cause) for number, cause in enumerate(CAUSES.values(), start=1)]

    assert any(listed[i : i + len(CAUSES)] == numbered for i in range(len(listed)))
