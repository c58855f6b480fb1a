"""nbgrader's own commands on the built course: same notebooks, same scores."""

import csv
import shutil

import pytest

from autograder.samples import ASSIGNMENT, SAMPLES, one_known_bug
from course.build import as_bytes, source_notebook, student_notebook
from course.lesson import load_lesson


@pytest.fixture(scope="module")
def stock(demo, run, isolation, tmp_path_factory):
    """The demo's course, graded by stock nbgrader alone."""
    course = tmp_path_factory.mktemp("stock") / "course"
    shutil.copytree(demo.course, course)
    for name in ("autograded", "feedback", "results"):
        shutil.rmtree(course / name)
    (course / "gradebook.db").unlink()
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(
            f"\nc.GradeInSandbox.isolation = {isolation!r}\nc.GradeInSandbox.seconds = 3\n"
        )
    folder = course / "submitted" / "ada" / ASSIGNMENT
    (folder / "stolen.txt").symlink_to(course / "course_key")
    windows = course / "submitted" / "gil" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    windows.parent.mkdir(parents=True)
    windows.write_bytes(b"\xef\xbb\xbf" + one_known_bug().replace(b"\n", b"\r\n"))
    assigned = run("nbgrader", "generate_assignment", ASSIGNMENT, cwd=course)
    assert assigned.code == 0, assigned.err
    return course, run("nbgrader", "autograde", ASSIGNMENT, cwd=course)


@pytest.fixture(scope="module")
def stock_scores(stock, run):
    course, _ = stock
    exported = run("nbgrader", "export", cwd=course)
    assert exported.code == 0, exported.err
    with (course / "grades.csv").open(newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def test_generate_assignment_makes_our_student_notebook(stock):
    """Byte for byte."""
    course, _ = stock
    released = course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"

    assert released.read_bytes() == as_bytes(student_notebook(load_lesson(ASSIGNMENT)))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.student)
def test_stock_autograde_gives_the_same_scores(stock_scores, sample):
    """Through our configuration; a file that can't be read has no score in either."""
    assert stock_scores[sample.student] == (sample.points or 0)


def test_a_file_in_windows_dress_is_read(stock_scores):
    """Byte order mark and CRLF don't trouble the stock command either."""
    assert stock_scores["gil"] == 31


def test_a_damaged_file_is_named_and_the_class_goes_on(stock):
    """The exit code says that something is left to do."""
    _, done = stock

    assert done.code != 0
    assert "cut off" in done.err
    assert "student 'fay'" in done.err


def test_a_link_in_a_submission_is_not_followed(stock):
    """nbgrader would copy what it points to beside the graded notebook."""
    course, _ = stock

    assert not list((course / "autograded").rglob("stolen.txt"))
    assert (course / "course_key").exists()


def test_feedback_of_nbgrader_is_made(stock, run):
    """The page shows our explanation, and nothing that was hidden."""
    course, _ = stock
    done = run("nbgrader", "generate_feedback", ASSIGNMENT, "--force", cwd=course)
    page = (course / "feedback" / "cleo" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text()

    assert done.code == 0, done.err
    assert "Each row needs its own maximum" in page


@pytest.mark.parametrize(
    ("build", "passes"),
    [(student_notebook, False), (source_notebook, True)],
    ids=["untouched", "solved"],
)
def test_validate_fails_the_untouched_notebook_and_passes_the_solved_one(
    run, tmp_path, build, passes
):
    """As the Validate button does."""
    path = tmp_path / f"{ASSIGNMENT}.ipynb"
    path.write_bytes(as_bytes(build(load_lesson(ASSIGNMENT))))

    done = run("nbgrader", "validate", path.name, cwd=tmp_path)

    assert ("Success! Your notebook passes all the tests." in done.out) == passes
    assert ("VALIDATION FAILED" in done.out) != passes
