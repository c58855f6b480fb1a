"""A student reads the feedback page, perhaps on a phone at midnight."""

import pytest

from autograder.samples import ASSIGNMENT, SAMPLES

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.browser

STUDENTS = [sample.student for sample in SAMPLES]
PHONE = {"width": 360, "height": 740}
OPEN_EVERYTHING = "document.querySelectorAll('details').forEach(d => { d.open = true })"


@pytest.fixture
def open_feedback(demo_course, page):
    """A function: open a student's page."""

    def opened(student):
        path = demo_course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
        page.goto(path.as_uri())
        return page

    return opened


def test_the_page_says_first_what_to_do_next(open_feedback):
    """On a phone cleo reads the points, what to repair and the hint before scrolling."""
    page = open_feedback("cleo")
    page.set_viewport_size(PHONE)

    expect(page.get_by_text("31 of 33 points")).to_be_in_viewport()
    expect(page.get_by_text("Next step: repair softmax")).to_be_in_viewport()
    expect(page.get_by_text("Each row needs its own maximum.")).to_be_in_viewport()
    expect(page.get_by_text("gives the logarithm of each row's probabilities")).to_be_hidden()


@pytest.mark.parametrize("student", STUDENTS)
def test_the_page_fits_a_phone_and_asks_nobody(open_feedback, student, outside_requests):
    """At a width of 360 pixels there is nothing to scroll sideways, and nothing to load."""
    page = open_feedback(student)
    page.set_viewport_size(PHONE)
    page.evaluate(OPEN_EVERYTHING)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert outside_requests == []


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("student", STUDENTS)
def test_the_page_is_accessible(open_feedback, student, color_scheme, accessibility_problems):
    """axe-core finds nothing against WCAG 2.1, levels A and AA, on light and on dark."""
    page = open_feedback(student)
    page.emulate_media(color_scheme=color_scheme)
    page.evaluate(OPEN_EVERYTHING)

    assert accessibility_problems() == []
