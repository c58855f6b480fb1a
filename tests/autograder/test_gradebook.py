"""Tests for autograder.gradebook: all or nothing, and manual work survives."""

import contextlib
import sqlite3
import sys
import warnings

import pytest
from nbgrader.api import Gradebook

from autograder import gradebook
from autograder.gradebook import GradebookError, enter_results
from autograder.grading import Settings, grade_file
from autograder.samples import ASSIGNMENT, one_known_bug, perfect

ANSWER = "squares_for_exponentials"


@pytest.fixture(scope="module")
def graded(tmp_path_factory, isolation):
    """Two graded submissions, by student."""
    folder = tmp_path_factory.mktemp("handed")
    settings = Settings(ASSIGNMENT, b"k" * 32, isolation)
    results = {}
    for student, notebook in (("ada", perfect), ("o'neil [x]", one_known_bug)):
        path = folder / f"{ASSIGNMENT}.ipynb"
        path.write_bytes(notebook())
        results[student] = grade_file(path, student, settings)
    return results


@pytest.fixture
def open_gradebook(tmp_path, monkeypatch):
    """nbgrader's own view of the gradebook that was written."""

    def open_gradebook():
        return Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield open_gradebook


def results(graded):
    return [result for result, _ in graded.values()]


def notebook_in(graded):
    return lambda result: graded[result.student][1]


def scores(open_gradebook):
    with open_gradebook() as book:
        return {s.student.id: s.score for s in book.assignment_submissions(ASSIGNMENT)}


def test_scores_are_in_the_gradebook_and_the_notebooks_beside_it(graded, tmp_path, open_gradebook):
    """Also for a name with characters that shells and patterns stumble over."""
    enter_results(tmp_path, ASSIGNMENT, results(graded), notebook_in(graded), {})

    assert scores(open_gradebook) == {"ada": 33, "o'neil [x]": 31}
    for student in graded:
        assert (tmp_path / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").exists()
    assert not list(tmp_path.glob(".nnkit-*"))


def test_a_new_gradebook_is_what_nbgrader_makes(graded, tmp_path, run):
    """Tables, columns and version; so `nbgrader db upgrade` finds nothing to do."""
    enter_results(tmp_path, ASSIGNMENT, results(graded), notebook_in(graded), {})
    run(
        sys.executable, "-c",
        f"import nbgrader.api as a; a.Gradebook('sqlite:///{tmp_path / 'own.db'}').close()",
    )  # fmt: skip

    ours, own = (layout(tmp_path / name) for name in ("gradebook.db", "own.db"))

    assert ours == own
    assert "alembic_version" in own[0]


def layout(database):
    with contextlib.closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        columns = {
            name: sorted(connection.execute(f"PRAGMA table_info({name})").fetchall())
            for name, _ in tables.fetchall()
        }
        columns["alembic_version"] = len(columns["alembic_version"])
        return columns, connection.execute("SELECT * FROM alembic_version").fetchall()


def test_points_and_comment_given_by_hand_survive_a_regrade(graded, tmp_path, open_gradebook):
    """The regrade changes what the machine gave, nothing else."""
    enter_results(tmp_path, ASSIGNMENT, [graded["ada"][0]], notebook_in(graded), {})
    with open_gradebook() as book:
        book.find_grade(ANSWER, ASSIGNMENT, ASSIGNMENT, "ada").manual_score = 1.5
        book.find_comment(ANSWER, ASSIGNMENT, ASSIGNMENT, "ada").manual_comment = "Well said."
        book.db.commit()

    enter_results(tmp_path, ASSIGNMENT, [graded["ada"][0]], notebook_in(graded), {})

    with open_gradebook() as book:
        assert book.find_submission(ASSIGNMENT, "ada").score == 34.5
        comment = book.find_comment(ANSWER, ASSIGNMENT, ASSIGNMENT, "ada")
        assert comment.comment == "Well said."


def test_time_of_handing_in_is_kept(graded, tmp_path, open_gradebook):
    """nbgrader counts late days from it."""
    enter_results(
        tmp_path,
        ASSIGNMENT,
        [graded["ada"][0]],
        notebook_in(graded),
        {"ada": b"2026-01-02 03:04:05 UTC"},
    )

    with open_gradebook() as book:
        assert str(book.find_submission(ASSIGNMENT, "ada").timestamp) == "2026-01-02 03:04:05"


def test_a_locked_gradebook_is_refused_and_left_alone(graded, tmp_path, monkeypatch):
    """The message names the file and the remedy."""
    monkeypatch.setattr(gradebook, "WAIT_SECONDS", 0.1)
    enter_results(tmp_path, ASSIGNMENT, [graded["ada"][0]], notebook_in(graded), {})
    before = (tmp_path / "gradebook.db").read_bytes()
    other = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(GradebookError, match=r"gradebook\.db: database is locked; close"):
        enter_results(tmp_path, ASSIGNMENT, results(graded), notebook_in(graded), {})

    other.execute("ROLLBACK")
    other.close()
    assert (tmp_path / "gradebook.db").read_bytes() == before
    assert not (tmp_path / "autograded" / "o'neil [x]").exists()


def test_a_file_that_is_no_gradebook_is_refused_and_left_alone(graded, tmp_path):
    """It may be somebody's only copy of something."""
    (tmp_path / "gradebook.db").write_bytes(b"not a database, but somebody's notes" * 100)

    with pytest.raises(GradebookError, match="no gradebook, or it is damaged"):
        enter_results(tmp_path, ASSIGNMENT, [graded["ada"][0]], notebook_in(graded), {})

    assert (tmp_path / "gradebook.db").read_bytes().startswith(b"not a database")


def test_nothing_is_left_when_nbgrader_fails(graded, tmp_path, monkeypatch):
    """No gradebook, no notebooks, no desk."""

    def refuse(*args):
        raise GradebookError("refused")

    monkeypatch.setattr(gradebook, "_run_nbgrader", refuse)

    with pytest.raises(GradebookError):
        enter_results(tmp_path, ASSIGNMENT, [graded["ada"][0]], notebook_in(graded), {})

    assert list(tmp_path.iterdir()) == []


def test_a_change_by_another_program_while_grading_is_not_overwritten(
    graded, tmp_path, monkeypatch
):
    """A point given in formgrader meanwhile must not be lost."""
    enter_results(tmp_path, ASSIGNMENT, [graded["ada"][0]], notebook_in(graded), {})
    enter = gradebook._enter_all

    def meanwhile(*args):
        other = sqlite3.connect(tmp_path / "gradebook.db")
        other.execute("UPDATE grade SET manual_score = 2")
        other.commit()
        other.close()
        enter(*args)

    monkeypatch.setattr(gradebook, "_enter_all", meanwhile)

    with pytest.raises(GradebookError, match="changed by another program"):
        enter_results(tmp_path, ASSIGNMENT, [graded["ada"][0]], notebook_in(graded), {})

    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        assert book.execute("SELECT min(manual_score) FROM grade").fetchone() == (2,)
    book.close()
