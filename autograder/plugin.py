"""Where nbgrader reads and runs a submission, through its own configuration replaced by ours.

``nbgrader autograde`` with `course/nbgrader_config.py` rebuilds each submission on the template
instead of trusting it, and grades it in the sandbox instead of a kernel. `nnkit grade` sends its
results through the same steps, so that both give the same scores.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum, Float, Integer

from autograder import sandbox
from autograder.grading import Settings, grade_notebook
from autograder.key import course_key
from autograder.rebuild import rebuilt_notebook
from autograder.records import Records
from autograder.results import Result
from autograder.submission import read_submission
from autograder.tasks import Limits
from course.local_check import as_html, as_text

Resources = dict[str, Any]


class RebuildingExporter(NotebookExporter):
    """Reads a submission as `nnkit grade` does: whatever its state, on the course's notebook."""

    def from_filename(
        self, filename: str, resources: Resources | None = None, **kw: Any
    ) -> tuple[str, Resources]:
        if resources is None or not self.parent._sanitizing:  # the second step reads our own file
            exported: tuple[str, Resources] = super().from_filename(filename, resources, **kw)
            return exported
        submission = read_submission(Path(filename))
        notebook = rebuilt_notebook(submission, resources["nbgrader"]["assignment"])
        exported = self.from_notebook_node(notebook, resources=resources, **kw)
        return exported


def drop_links(assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before a submission is read: take out links, pipes and devices.

    nbgrader copies whatever lies beside a notebook, and follows links while it does: one to the
    gradebook would end in the student's feedback.
    """
    folder = Path(notebooks[0]).parent
    if folder.is_symlink():
        folder.unlink()
        return
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            path.unlink()


class GradeInSandbox(NbGraderPreprocessor):
    """Grade the rebuilt notebook in the sandbox and write the scores into its test cells."""

    isolation = Enum(sandbox.LEVELS, sandbox.BUBBLEWRAP, help="How student code is kept in.").tag(
        config=True
    )
    seconds = Float(Limits.seconds, help="Time for each exercise.").tag(config=True)
    memory_mb = Integer(Limits.memory_mb, help="Memory for each exercise.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        sandbox.check_level(self.isolation)
        names = resources["nbgrader"]
        root = Path(self.parent.parent.coursedir.root)
        limits = Limits(seconds=self.seconds, memory_mb=self.memory_mb)
        settings = Settings(names["assignment"], course_key(root), self.isolation, limits)
        result = grade_notebook(nb, names["student"], settings)
        records = Records(root, settings.course_key)
        records.keep(result, nb)
        records.count(result)
        return with_scores(nb, result), resources


def with_scores(notebook: NotebookNode, result: Result) -> NotebookNode:
    """The notebook with each test cell's score and its explanation as outputs.

    nbgrader reads a number in an ``execute_result`` as partial credit.
    """
    scored = nbformat.from_dict(notebook)
    for report in result.exercises:
        cell = next(c for c in scored.cells if c.id == f"{report.exercise}_check")
        text = as_text(report) + (f"\n{report.hint}" if report.hint else "")
        html = as_html(report, with_hint=True)
        explanation = nbformat.v4.new_output(
            "display_data", {"text/plain": text, "text/html": html}
        )
        points = nbformat.v4.new_output(
            "execute_result", {"text/plain": repr(float(report.points))}, execution_count=1
        )
        cell.outputs, cell.execution_count = [explanation, points], 1
    return scored
