"""Every lesson's own solutions earn everything in the sandbox, where nnkit is not."""

import pytest

from autograder.grading import Settings, grade_notebook
from autograder.rebuild import rebuilt_notebook
from autograder.submission import parse_submission
from course.build import as_bytes, student_notebook
from course.lesson import lesson_names, load_lesson
from course.reference import solution_source


@pytest.fixture
def grade(isolation):
    """A function that grades a lesson's notebook after `change(cell)` went over its cells."""

    def grade(name, change):
        notebook = student_notebook(load_lesson(name))
        for cell in notebook.cells:
            change(cell)
        submission = parse_submission(as_bytes(notebook), f"{name}.ipynb")
        rebuilt = rebuilt_notebook(submission, name)
        return grade_notebook(rebuilt, "ada", Settings(name, b"k" * 32, isolation))

    return grade


@pytest.mark.parametrize("name", lesson_names())
def test_the_solutions_earn_everything_and_break_no_rule(grade, name):
    """Also where they call functions of earlier lessons, which the lesson imports."""

    def solve(cell):
        if cell.id in load_lesson(name).exercises:
            cell.source = solution_source(cell.id)

    result = grade(name, solve)

    assert {r.exercise: r.hint for r in result.exercises if not r.passed} == {}
    assert (result.findings, result.noticed, result.repairs) == ((), (), ())


def test_what_a_lesson_asks_for_can_not_be_imported(grade):
    """Neither by its name, nor inside of a given function that calls it."""

    def borrow(cell):
        if cell.id == "mlp_backward":
            cell.source = "from nnkit.functional import mlp_backward"
        if cell.id == "mlp_loss":
            cell.source = "from nnkit.functional import mlp_loss as given\n\nmlp_loss = given"

    result = grade("04_backpropagation", borrow)

    assert result.points == 0
    assert "mlp_backward: from nnkit.functional import (cell" in " ".join(result.findings)
