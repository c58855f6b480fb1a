"""Sample submissions for `nnkit demo`: each is a notebook as a student might hand it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat.notebooknode import NotebookNode

from course.build import as_bytes, student_notebook
from course.lesson import load_lesson
from course.reference import solution_source

ASSIGNMENT = "02_softmax_and_cross_entropy"


@dataclass(frozen=True)
class Sample:
    """A submission, and what it must get."""

    student: str
    what: str
    points: float | None  # None: can't be read
    notebook: Callable[[], bytes]


def perfect() -> bytes:
    return as_bytes(_solved())


def untouched() -> bytes:
    return as_bytes(student_notebook(load_lesson(ASSIGNMENT)))


def one_known_bug() -> bytes:
    notebook = _solved()
    softmax = _cell(notebook, "softmax")
    softmax.source = softmax.source.replace("logits.max(axis=1, keepdims=True)", "logits.max()")
    return as_bytes(notebook)


def broken_and_split() -> bytes:
    """A syntax error in one cell; another was cut in two, as JupyterLab does it."""
    notebook = _solved()
    broken = _cell(notebook, "log_softmax")
    broken.source = broken.source.replace("keepdims=True)", "keepdims=True", 1)
    first = _cell(notebook, "softmax")
    head, tail = first.source.rsplit("\n", 1)
    second = nbformat.from_dict({**first, "source": tail, "id": "cut-off"})
    first.source = head
    notebook.cells.insert(notebook.cells.index(first) + 1, second)
    return as_bytes(notebook)


def hostile() -> bytes:
    """Patches NumPy's tests, and one function never returns."""
    notebook = _solved()
    patch = "np.testing.assert_allclose = np.allclose = lambda *args, **kwargs: True\n\n\n"
    softmax = _cell(notebook, "softmax")
    softmax.source = patch + softmax.source
    endless = _cell(notebook, "cross_entropy")
    endless.source = "def cross_entropy(logits, targets):\n    while True:\n        pass"
    return as_bytes(notebook)


def cut_off() -> bytes:
    return perfect()[:5000]


SAMPLES = (
    Sample("ada", "everything right", 33, perfect),
    Sample("ben", "untouched", 0, untouched),
    Sample("cleo", "one known bug in softmax", 31, one_known_bug),
    Sample("dan", "syntax error in log_softmax, split cell", 23, broken_and_split),
    Sample("eve", "endless loop, patched np.testing", 28, hostile),
    Sample("fay", "file cut off", None, cut_off),
)


def _solved() -> NotebookNode:
    notebook = student_notebook(load_lesson(ASSIGNMENT))
    for name in load_lesson(ASSIGNMENT).exercises:
        _cell(notebook, name).source = solution_source(name)
    return notebook


def _cell(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == name)
