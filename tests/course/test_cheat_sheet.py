"""Tests for course.cheat_sheet."""

import html
import inspect
from pathlib import Path

import pytest

from course.cheat_sheet import NO_FORMULA, cheat_sheet, formulas, shapes, summary
from course.one_page import one_page
from course.reference import reference
from course.table import course_table
from nnkit import functional

ROOT = Path(__file__).parents[2]
FUNCTIONS = [
    name
    for row in course_table()["lessons"]
    for name in row["functions"]
    if name in functional.__all__
]
WITHOUT_FORMULA = {
    "check_gradient",
    "early_stopping_epoch",
    "grid",
    "minibatches",
    "random_search",
    "successive_halving",
}


def entry(name):
    return cheat_sheet().split(f"### `{name}(", 1)[1].split("\n##", 1)[0]


def test_every_graded_function_is_in_it_once_and_in_order():
    """The order is that of course.toml."""
    headings = [line for line in cheat_sheet().splitlines() if line.startswith("### ")]

    assert [line[5:].split("(")[0] for line in headings] == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_formulas_come_from_the_docstring(name):
    """Every indented line of the Notes is there, whatever block it stands in."""
    notes = inspect.cleandoc(reference(name).__doc__).split("\nNotes\n", 1)[1]
    notes = notes.split("\nReferences\n")[0].split("\nExamples\n")[0]
    lines = [line.strip() for line in notes.splitlines() if line.startswith("    ")]

    assert all(line in entry(name) for line in lines)
    assert ("```text" in entry(name)) == bool(lines)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_without_formula_is_named(name):
    """Its first sentence stands in the formula's place; the list is known."""
    assert (not formulas(name)) == (name in WITHOUT_FORMULA)
    assert (NO_FORMULA in entry(name)) == (name in WITHOUT_FORMULA)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_goes_in_and_what_comes_out_is_named(name):
    """Each argument is there; nothing of the annotations is."""
    takes, gives = shapes(name).split(" → ")
    arguments = inspect.signature(reference(name)).parameters

    assert all(argument in takes for argument in arguments)
    assert gives
    assert "Array" not in entry(name)


def test_shapes_are_read_as_a_person_would():
    """Two examples by hand."""
    assert shapes("linear") == "`x`: (N, D); `weight`: (D, H); `bias`: (H,) → `z`: (N, H)"
    assert shapes("leaky_relu") == (
        "`z`: any shape; `negative_slope`: float → `y`: same shape as z"
    )


def test_committed_sheet_is_up_to_date():
    """The two files in `docs` hold what a build makes."""
    assert (ROOT / "docs" / "cheat_sheet.md").read_text(encoding="utf-8") == cheat_sheet()
    assert (ROOT / "docs" / "cheat_sheet.html").read_text(encoding="utf-8") == one_page()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_printed_page_says_it_too(name):
    """Formula or sentence, and all that comes out; what is no HTML is escaped."""
    page = one_page()
    block = html.unescape(page.split(f"<b>{name}(")[1].split("</div>")[0])
    _, gives = shapes(name).split(" → ")
    lines = formulas(name).splitlines() if formulas(name) else [summary(name)]

    assert gives.replace("`", "") in block
    assert all(line.replace("`", "") in block for line in lines if line not in ("```text", "```"))
