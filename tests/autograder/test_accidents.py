"""Notebooks after random accidents: nothing crashes, and nothing is worth more than it was."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.grading import Settings, grade_file
from autograder.rebuild import rebuilt_notebook, template
from autograder.samples import ASSIGNMENT, perfect, untouched
from autograder.sandbox import best_level
from autograder.submission import UnreadableSubmission, parse_submission
from autograder.tasks import Limits
from course.build import as_bytes

SETTINGS = Settings(ASSIGNMENT, b"k" * 32, best_level(), Limits(seconds=5.0))
ANSWER = "squares_for_exponentials"
VALUES = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=3), max_size=2)
NAMES = st.sampled_from(["softmax", "softmax_check", "cross_entropy", ANSWER, "", "other"])
CHANGES = {
    "delete": lambda cells, i, j, value, name: cells.pop(i),
    "copy": lambda cells, i, j, value, name: cells.insert(j, copy.deepcopy(cells[i])),
    "move": lambda cells, i, j, value, name: cells.insert(j, cells.pop(i)),
    "retype": lambda cells, i, j, value, name: cells[i].update(cell_type=value),
    "rename": lambda cells, i, j, value, name: cells[i].update(id=name),
    "regrade": lambda cells, i, j, value, name: cells[i].update(
        metadata={"nbgrader": {"grade_id": name, "solution": value, "points": value}}),
    "undress": lambda cells, i, j, value, name: cells[i].update(metadata=value),
    "replace": lambda cells, i, j, value, name: cells[i].update(source=value),
    "cut": lambda cells, i, j, value, name: cells[i].update(
        source="".join(map(str, cells[i].get("source") or ""))[: j * 7]),
    "empty": lambda cells, i, j, value, name: cells[i].clear(),
}  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 99), st.integers(0, 99), VALUES,
              NAMES), max_size=8)  # fmt: skip
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])


def damaged(data, steps, encoding):
    """A notebook after some accidents."""
    notebook = json.loads(data)
    for kind, i, j, value, name in steps:
        cells = notebook["cells"]
        if cells:
            CHANGES[kind](cells, i % len(cells), j % len(cells), value, name)
    return json.dumps(notebook).encode(encoding, "replace")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([perfect(), untouched()]), STEPS, ENCODINGS)
def test_any_damaged_notebook_is_rebuilt(data, steps, encoding):
    """Every given cell is there once, in order; whatever is locked has its own text."""
    try:
        submission = parse_submission(damaged(data, steps, encoding), "work.ipynb")
        notebook = rebuilt_notebook(submission, ASSIGNMENT)
    except UnreadableSubmission:
        return
    given_cells = {cell.id: cell for cell in template(ASSIGNMENT).cells}
    kept = [cell for cell in notebook.cells if not cell.id.startswith("added-")]

    assert [cell.id for cell in kept] == list(given_cells)
    assert all(cell.metadata == given_cells[cell.id].metadata for cell in kept)
    assert all(
        cell.source == given_cells[cell.id].source
        for cell in kept
        if not cell.metadata.get("nbgrader", {}).get("solution")
    )
    assert as_bytes(notebook)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("accidents") / f"{ASSIGNMENT}.ipynb"


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, ENCODINGS, st.integers(0, 60_000))
def test_untouched_work_never_earns_points(file, steps, encoding, missing):
    """However it is damaged, and wherever it is cut off."""
    data = damaged(untouched(), steps, encoding)
    file.write_bytes(data if missing > 30_000 else data[: len(data) - missing])

    result, _ = grade_file(file, "ada", SETTINGS)

    assert result.points == 0


LABELS = ("move", "rename", "regrade", "undress")  # no text of a cell is lost


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, ENCODINGS)
def test_solved_work_keeps_its_points_whatever_happens_to_order_and_labels(file, steps, encoding):
    """Cells are known by what they define."""
    steps = [step for step in steps if step[0] in LABELS]
    file.write_bytes(damaged(perfect(), steps, encoding))

    result, _ = grade_file(file, "ada", SETTINGS)

    assert result.points == 33


ODD = VALUES | st.booleans() | st.floats() | st.dictionaries(st.text(max_size=3), VALUES)
PLACES = st.lists(st.integers(0, 40), max_size=6)
TREE_STEPS = st.lists(
    st.tuples(st.sampled_from(["delete", "replace", "wrap", "double"]), PLACES, ODD), max_size=6
)


def changed_somewhere(tree, kind, place, value):
    """JSON in which one part, found by going down, was deleted, replaced, wrapped or doubled."""
    if not (place and isinstance(tree, dict | list) and tree):
        return {"wrap": [tree], "double": [tree, tree]}.get(kind, value)
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
    key, tree = keys[place[0] % len(keys)], copy.copy(tree)
    if kind == "delete" and len(place) == 1:
        del tree[key]
    else:
        tree[key] = changed_somewhere(tree[key], kind, place[1:], value)
    return tree


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(TREE_STEPS, ENCODINGS)
def test_any_json_is_graded_or_refused(file, steps, encoding):
    """Also where a whole part of the notebook is something else."""
    notebook = json.loads(untouched())
    for step in steps:
        notebook = changed_somewhere(notebook, *step)
    file.write_bytes(json.dumps(notebook).encode(encoding, "replace"))

    result, _ = grade_file(file, "ada", SETTINGS)

    assert result.points == 0
    assert result.status == "graded" or result.reason


SPLICES = st.lists(
    st.tuples(st.integers(0, 80_000), st.integers(0, 40), st.binary(max_size=12)), max_size=8
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([perfect(), untouched()]), SPLICES)
def test_any_bytes_are_graded_or_refused(file, data, splices):
    """As a broken disk, an editor or a bad connection leaves them."""
    most = 33 if data == perfect() else 0
    for start, length, new in splices:
        start %= len(data)
        data = data[:start] + new + data[start + length :]
    file.write_bytes(data)

    result, _ = grade_file(file, "ada", SETTINGS)

    assert 0 <= result.points <= most
    assert result.status == "graded" or result.reason


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, ENCODINGS)
def test_solved_work_never_crashes_the_grader(file, steps, encoding):
    """It may lose what the accident took."""
    file.write_bytes(damaged(perfect(), steps, encoding))

    result, _ = grade_file(file, "ada", SETTINGS)

    assert 0 <= result.points <= 33
