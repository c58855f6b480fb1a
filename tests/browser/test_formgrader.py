"""An instructor looks at graded work in nbgrader's formgrader."""

import pytest

from autograder.results import Result
from autograder.samples import ASSIGNMENT, SAMPLES
from course.lesson import load_lesson

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser

TOTAL = load_lesson(ASSIGNMENT).points


@pytest.fixture
def formgrader(instructor_server, page):
    """Formgrader, opened from JupyterLab's menu; its pages have addresses of their own."""
    page.goto(instructor_server.address("lab"))
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="Manage Assignments").wait_for()
    return frame


@pytest.fixture
def results(demo_course):
    """nnkit's own records, by student."""
    files = (demo_course / "results" / ASSIGNMENT).glob("*.json")
    read = [Result.from_json(path.read_text()) for path in files]
    return {result.student: result for result in read}


def test_formgrader_lists_the_assignment(formgrader):
    """With the number of submissions that were handed in."""
    row = formgrader.get_by_role("row").filter(has_text=ASSIGNMENT)

    expect(row.locator(".num-submissions")).to_have_text(str(len(SAMPLES)))


def test_formgrader_shows_the_scores_of_nnkit(formgrader, results):
    """Each graded student's points, out of all; the damaged file waits for another try."""
    formgrader.get_by_role("link", name=str(len(SAMPLES)), exact=True).click()

    for student, result in results.items():
        row = formgrader.get_by_role("row").filter(has=formgrader.get_by_text(student, exact=True))
        graded = result.status == "graded"
        expect(row.locator(".status")).to_have_text("graded" if graded else "needs autograding")
        expect(row.locator(".score")).to_have_text(f"{result.points:g} / {TOTAL:g}" * graded)


def test_the_graded_notebook_opens_with_its_reasons(instructor_server, formgrader, page, results):
    """Beside each test cell stand nnkit's points, and below it the hint."""
    page.goto(instructor_server.address(f"formgrader/manage_students/cleo/{ASSIGNMENT}"))
    page.locator("tbody").get_by_role("link", name=ASSIGNMENT).click()

    for report in results["cleo"].exercises:
        score = page.locator(f"#{report.exercise}_check.score")
        expect(score).to_have_attribute("placeholder", f"{report.points:g}")
    expect(page.get_by_text(results["cleo"].report("softmax").hint)).to_be_visible()
