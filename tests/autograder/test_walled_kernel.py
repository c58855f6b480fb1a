"""Tests for autograder.walled_kernel: a course of somebody else runs behind our walls."""

import contextlib
import socket
import sqlite3

import nbformat
import pytest

from autograder.sandbox import BUBBLEWRAP, best_level

pytestmark = pytest.mark.skipif(best_level() != BUBBLEWRAP, reason="needs bubblewrap")

CONFIG = """
c = get_config()
c.Execute.timeout = 4
from autograder.walled_kernel import behind_walls
behind_walls(c)
"""
RIGHT = "def area(r):\n    return 3.14159 * r ** 2"
READS_ITS_FOLDER = "factor = float(open('factor.txt').read())\n" + RIGHT
WRITES = "open('mine.txt', 'w').write('x')\nassert open('mine.txt').read() == 'x'\n" + RIGHT
SLOW = "import time\ntry:\n    time.sleep(60)\nfinally:\n    " + RIGHT.replace("\n", "\n    ")
HOSTILE = """
import os, pathlib, signal, socket
done = []
def area(r):
    return 0
for what in (
    lambda: open({course!r} + "/gradebook.db").read(),
    lambda: os.listdir({course!r} + "/submitted"),
    lambda: open("/etc/nnkit-was-here", "w"),
    lambda: open(os.path.expanduser("~root/nnkit-was-here"), "w"),
    lambda: socket.create_connection(("127.0.0.1", {port}), 2),
):
    try:
        what()
    except OSError:
        pass
    else:
        done.append(what)
os.remove("geometry.ipynb")
os.symlink({course!r} + "/gradebook.db", "geometry.ipynb")
assert not done, len(done)
try:
    os.kill(os.getppid(), signal.SIGKILL)
except OSError:
    pass
area = lambda r: 3.14159 * r ** 2
"""


def notebook(answer):
    """Two points for one function, in nbgrader's own form."""

    def cell(text, name, **told):
        usual = {
            "grade": False,
            "locked": False,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
        metadata = {"nbgrader": {**usual, "grade_id": name, **told}}
        return nbformat.v4.new_code_cell(text, id=name, metadata=metadata)

    test = "assert abs(area(2) - 12.566) < 0.01"
    cells = [
        cell(answer, "area", solution=True),
        cell(test, "area_test", grade=True, locked=True, points=2),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture(scope="module")
def graded(tmp_path_factory, run):
    """The scores of a class, graded by nbgrader with a few lines of configuration."""
    course = tmp_path_factory.mktemp("other") / "geometry course"
    listener = socket.create_server(("127.0.0.1", 0))
    hostile = HOSTILE.format(course=str(course), port=listener.getsockname()[1])
    answers = {"ada": RIGHT, "ben": "def area(r):\n    return 0", "cleo": READS_ITS_FOLDER,
               "dan": WRITES, "eve": hostile, "finn": SLOW}  # fmt: skip
    write(course / "source" / "geometry", RIGHT)
    for student, answer in answers.items():
        folder = course / "submitted" / student / "geometry"
        write(folder, answer)
        (folder / "factor.txt").write_text("3.14159")
    (course / "nbgrader_config.py").write_text(CONFIG)
    with listener:
        for command in ("generate_assignment", "autograde"):
            done = run("nbgrader", command, "geometry", cwd=course)
            assert done.code == 0, done.err
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as book:
        rows = book.execute(
            "SELECT submitted_assignment.student_id, grade.auto_score FROM grade "
            "JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
            "JOIN submitted_assignment "
            "ON submitted_notebook.assignment_id = submitted_assignment.id"
        )
        return course, dict(rows.fetchall())


def write(folder, answer):
    folder.mkdir(parents=True)
    nbformat.write(notebook(answer), folder / "geometry.ipynb")


@pytest.mark.parametrize(
    ("student", "points"),
    [("ada", 2), ("ben", 0), ("cleo", 2), ("dan", 2), ("eve", 2), ("finn", 2)],
)
def test_right_work_has_its_points_and_attacks_find_nothing(graded, student, points):
    """Eve's function is right only if nothing that she tried has worked."""
    assert graded[1][student] == points


def test_what_notebooks_did_to_their_folder_is_gone(graded):
    """What nbgrader writes there is its own: no links, no files of the students' programs."""
    folder = graded[0] / "autograded"

    assert {path.name for path in folder.glob("*/*/*")} == {
        "geometry.ipynb", "factor.txt",
    }  # fmt: skip
    assert not any(path.is_symlink() for path in folder.rglob("*"))
