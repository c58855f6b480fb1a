"""Tests for autograder.rebuild and matching: the template, filled with a student's work."""

import copy

import pytest

from autograder.rebuild import rebuilt_notebook, template
from autograder.samples import ASSIGNMENT, untouched
from autograder.submission import parse_submission
from course.build import as_bytes

ANSWER = "squares_for_exponentials"


def rebuilt(data):
    return rebuilt_notebook(parse_submission(data, "work.ipynb"), ASSIGNMENT)


def source(notebook, name):
    return next(cell.source for cell in notebook.cells if cell.id == name)


def told(notebook):
    return notebook.metadata["nnkit"]


def test_an_untouched_notebook_is_the_template():
    """Nothing was repaired, nothing was added."""
    notebook = rebuilt(untouched())

    assert told(notebook)["repairs"] == []
    assert [(c.id, c.source) for c in notebook.cells] == [
        (c.id, c.source) for c in template(ASSIGNMENT).cells
    ]


def test_the_template_is_left_as_it_was(handed):
    """The next submission must get a fresh one."""
    before = as_bytes(template(ASSIGNMENT))
    handed.solved["softmax_check"] = "pass"

    rebuilt(handed.solved.bytes())

    assert as_bytes(template(ASSIGNMENT)) == before


def test_solutions_are_taken_and_tests_are_not(handed):
    """Nor metadata, points, outputs or order."""
    handed.solved["softmax"] += "\n# mine"
    handed.solved["softmax_check"] = "pass"
    handed.solved.json["cells"] = handed.solved.cells[::-1]

    notebook = rebuilt(handed.solved.bytes())

    assert source(notebook, "softmax").endswith("\n# mine")
    assert source(notebook, "softmax_check") == source(template(ASSIGNMENT), "softmax_check")
    assert told(notebook)["repairs"] == [
        "The cell softmax_check was changed; the original was used."
    ]


def test_added_cells_stand_where_the_student_put_them(handed):
    """Below the same given cell, and in their order."""
    handed.solved.add("first = 1", after="softmax")
    handed.solved.add("top = 1", after="")
    handed.solved.add("second = 2", after="softmax_check")

    sources = [cell.source for cell in rebuilt(handed.solved.bytes()).cells]

    assert sources[0] == "top = 1"
    assert sources.index("first = 1") == sources.index(handed.solved["softmax"]) + 1
    assert sources.index("second = 2") == sources.index(handed.solved["softmax_check"]) + 1


def attempt(notebook):
    return told(rebuilt(notebook.bytes()))["attempt"]


def test_an_attempt_keeps_its_name_however_the_file_is_saved(handed):
    """Outputs, metadata, encoding and the order of given cells make no difference."""
    name = attempt(handed.solved)
    handed.solved.cell("softmax")["outputs"] = [{"output_type": "stream", "text": "hello"}]
    handed.solved.json["metadata"] = {"widgets": {}}
    handed.solved.json["cells"] = handed.solved.cells[::-1]

    assert attempt(handed.solved) == name
    assert told(rebuilt(handed.solved.bytes().decode().encode("utf-16")))["attempt"] == name


def test_an_attempt_gets_a_new_name_for_whatever_can_change_its_run(handed):
    """Else inputs seen in one attempt could be hard-coded in the next, which has the same seed.

    The names of cells decide which of them count: whoever could switch cells on and off by them
    without a new seed could write down as many bits as there are cells.
    """
    names = [attempt(handed.solved)]
    cell = handed.solved.add("SEEN = 1")
    names.append(attempt(handed.solved))
    cell["id"] = "softmax_check"  # now it is a changed test, and left out
    names.append(attempt(handed.solved))
    cell["id"] = "softmax"  # now it is a piece of a solution
    names.append(attempt(handed.solved))
    cell["id"], cell["cell_type"] = "free", "markdown"
    handed.solved["softmax"] += " "
    names.append(attempt(handed.solved))

    assert names[2] == names[0]
    assert len({names[0], names[1], names[3], names[4]}) == 4


PLACES = {  # where text is typed: (cell, text, what must then stand in the answer)
    "in its cell": lambda nb: nb.__setitem__(ANSWER, "mine"),
    "below it": lambda nb: nb.add("mine", after=ANSWER, kind="markdown"),
    "above it": lambda nb: nb.add("mine", after=question(nb), kind="markdown"),
    "in place of it": lambda nb: (
        nb.add("mine", after=ANSWER, kind="markdown"), nb.remove(ANSWER)),
    "in the question": lambda nb: nb.cell(question(nb)).update(source="What? mine"),
    "in a raw cell": lambda nb: nb.add("mine", after=ANSWER, kind="raw"),
}  # fmt: skip


def question(notebook):
    return notebook.cells[notebook.cells.index(notebook.cell(ANSWER)) - 1]["id"]


@pytest.mark.parametrize("place", PLACES)
def test_a_written_answer_is_found_in_and_around_its_cell(handed, place):
    """It is graded by hand, and must not get lost on the way."""
    PLACES[place](handed.untouched)

    assert "mine" in source(rebuilt(handed.untouched.bytes()), ANSWER)


def test_notes_elsewhere_are_no_part_of_an_answer(handed):
    """Students write between the lines."""
    handed.untouched.add("a note", after="softmax_check", kind="markdown")

    assert source(rebuilt(handed.untouched.bytes()), ANSWER) == "YOUR ANSWER HERE"


@pytest.mark.parametrize("cut", range(3, 23))
def test_a_cell_split_at_any_line_is_joined(handed, cut):
    """With and without the name on its second half; one with the name alone costs nothing."""
    for keeps_name in (True, False):
        notebook = copy.deepcopy(handed.solved)
        whole = notebook["softmax"]
        lines = whole.split("\n")
        notebook["softmax"] = "\n".join(lines[:cut])
        half = notebook.add("\n".join(lines[cut:]), after="softmax")
        if keeps_name:
            half["metadata"] = notebook.cell("softmax")["metadata"]

        assert source(rebuilt(notebook.bytes()), "softmax") == whole


def test_a_cell_is_recognised_by_its_function(handed):
    """Colab drops ids, other editors metadata."""
    text = handed.solved["softmax"]
    for cell in handed.solved.cells:
        cell.pop("id")
        cell["metadata"] = {}

    notebook = rebuilt(handed.solved.bytes())

    assert source(notebook, "softmax") == text
    assert "softmax had lost its name" in told(notebook)["repairs"][0]


def test_what_is_said_is_said_once(handed):
    """A page of 1,000 equal lines helps nobody."""
    for _ in range(20):
        handed.solved.add("x")["id"] = "softmax_check"

    assert len(told(rebuilt(handed.solved.bytes()))["repairs"]) == 1
