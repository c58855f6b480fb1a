"""Every lesson runs in JupyterLab from top to bottom, with its solutions."""

import pytest

from course.build import as_bytes, source_notebook
from course.lesson import lesson_names, load_lesson

pytestmark = pytest.mark.browser

LONGEST = 300_000  # milliseconds; a lesson takes less than a minute on an idle machine
HAS_RUN = """() => {
    const cells = window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
        .filter(cell => cell.cell_type === 'code' && cell.source.length);
    const failed = cells.some(cell => cell.outputs.some(out => out.output_type === 'error'));
    return failed || cells.every(cell => cell.execution_count);
}"""


@pytest.mark.parametrize("name", lesson_names())
def test_a_lesson_runs_with_its_solutions(name, open_notebook, page, outside_requests):
    """No error, no warning, nothing asked of other machines; figures and tables are there."""
    notebook = open_notebook(as_bytes(source_notebook(load_lesson(name))), name)

    notebook.run_all()
    page.wait_for_function(HAS_RUN, timeout=LONGEST)

    outputs = [out for cell in notebook.code_cells() for out in cell["outputs"]]
    assert [out for out in outputs if out["output_type"] == "error"] == []
    assert [out for out in outputs if out.get("name") == "stderr"] == []
    html = "".join(str(out.get("data", {}).get("text/html", "")) for out in outputs)
    assert "<img" in html
    assert "passed" in html
    assert outside_requests == []
