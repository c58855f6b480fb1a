"""A student works in JupyterLab, as `nnkit lab` opens it."""

import re

import nbformat
import pytest

from autograder.samples import ASSIGNMENT, one_known_bug, perfect
from course.build import as_bytes
from course.lesson import load_lesson

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser

ERROR = "[data-mime-type='application/vnd.jupyter.stderr']"  # exceptions are shown like stderr
CHANGE_THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"

SOFTMAX_WITH_ONE_MAXIMUM = """\
def softmax(logits):
    exp = np.exp(logits - logits.max())
    return exp / exp.sum(axis=1, keepdims=True)
"""
SOFTMAX = SOFTMAX_WITH_ONE_MAXIMUM.replace("max()", "max(axis=1, keepdims=True)")


@pytest.fixture
def solved():
    """All functions written, and the question answered."""
    notebook = nbformat.reads(perfect().decode(), as_version=4)
    answers = load_lesson(ASSIGNMENT).answers
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = "The order is lost, and a logit of 0 is forbidden."
    return as_bytes(notebook)


def test_the_notebook_renders_without_the_internet(open_notebook, page, outside_requests):
    """Headings are there, and every formula is typeset with what is installed."""
    open_notebook()

    expect(page.get_by_role("heading", name="Softmax and cross-entropy", level=1)).to_be_visible()
    expect(page.locator("mjx-container").first).to_be_visible()
    expect(page.locator(".jp-MarkdownOutput").filter(has_text="$")).to_have_count(0)
    assert outside_requests == []


def test_an_unwritten_function_gets_a_sentence_of_advice(open_notebook):
    """The check cell shows its table and a hint, not a traceback through the checker."""
    notebook = open_notebook()
    notebook.run_all_above("softmax_check")

    output = notebook.run("softmax_check")

    expect(output.locator("table")).to_contain_text("softmax: 0 of 4 points")
    expect(output.locator(ERROR)).to_have_text(
        "CheckFailed: softmax: it still raises NotImplementedError; write its body instead of it."
    )


def test_a_typed_mistake_is_named_and_its_repair_passes(open_notebook):
    """The maximum of the whole batch, then that of each row."""
    notebook = open_notebook()
    notebook.run_all_above("softmax")

    notebook.type_into("softmax", SOFTMAX_WITH_ONE_MAXIMUM)
    notebook.run("softmax")
    output = notebook.run("softmax_check")
    expect(output.locator("table")).to_contain_text("softmax: 3 of 4 points")
    expect(output.locator(ERROR)).to_contain_text("Each row needs its own maximum.")

    notebook.type_into("softmax", SOFTMAX)
    notebook.run("softmax")
    output = notebook.run("softmax_check")
    expect(output.locator("table")).to_contain_text("softmax: 4 of 4 points")
    expect(output.locator(ERROR)).to_have_count(0)


def test_the_check_table_is_accessible_on_light_and_dark(
    open_notebook, page, accessibility_problems
):
    """Its colours have enough contrast in both themes, and its headers name the columns."""
    notebook = open_notebook(one_known_bug())
    notebook.run_all_above("softmax_check")
    output = notebook.run("softmax_check")
    expect(output.locator("table").get_by_text("✗ not yet")).to_have_count(1)

    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        page.evaluate(CHANGE_THEME, theme)
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        assert accessibility_problems(".jp-mod-active .jp-OutputArea table") == []


def test_the_solved_notebook_runs_from_top_to_bottom(open_notebook, solved):
    """No cell fails or warns, and every figure has a picture and a text alternative."""
    notebook = open_notebook(solved)

    notebook.run_all()

    cells = notebook.code_cells()
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert all(cell["execution_count"] for cell in cells)
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []
    figures = [cell for cell in cells if "show_figure(" in "".join(cell["source"])]
    assert figures
    for cell in figures:
        image = notebook.select(cell["id"]).locator(".jp-OutputArea img")
        expect(image).to_have_attribute("alt", re.compile(".{80}"))
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_validate_refuses_the_untouched_notebook(open_notebook):
    """nbgrader's button names each cell that fails, with its advice."""
    text = open_notebook().validate()

    assert text.count("The following cell failed") == 7
    assert "CheckFailed: cross_entropy: it still raises NotImplementedError" in text
    assert "You did not provide a response." in text


def test_validate_accepts_the_solved_notebook(open_notebook, solved):
    """A student who has done all can be sure of it before handing in."""
    assert "Success! Your notebook passes all the tests." in open_notebook(solved).validate()


def test_students_see_no_tools_of_instructors(open_notebook, page):
    """The Validate button is there; formgrader and nbgrader's menu are not."""
    open_notebook()

    expect(page.get_by_role("button", name="Validate", exact=True)).to_be_visible()
    expect(page.get_by_role("menuitem", name="File", exact=True)).to_be_visible()
    expect(page.get_by_role("menuitem", name="Nbgrader", exact=True)).to_have_count(0)
