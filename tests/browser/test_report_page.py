"""An instructor reads the report on the class, at a desk or on a phone."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.samples import ASSIGNMENT

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
OPEN_EVERYTHING = "document.querySelectorAll('details').forEach(d => { d.open = true })"


@pytest.fixture(scope="module")
def report_file(demo_course, tmp_path_factory):
    """The report on the demo's class."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    nnkit = Path(sys.executable).with_name("nnkit")
    command = [nnkit, "report", ASSIGNMENT, "--course", demo_course, "--html", path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return path


@pytest.fixture
def report_page(report_file, page):
    page.goto(report_file.as_uri())
    page.evaluate(OPEN_EVERYTHING)
    return page


def test_the_report_fits_a_phone_and_asks_nobody(report_page, outside_requests):
    """Wide tables scroll by themselves, the page does not."""
    report_page.set_viewport_size(PHONE)

    assert report_page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert outside_requests == []


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_report_is_accessible(report_page, color_scheme, width, accessibility_problems):
    """axe-core finds nothing against WCAG 2.1, levels A and AA, on light and on dark."""
    report_page.set_viewport_size({"width": width, "height": 740})
    report_page.emulate_media(color_scheme=color_scheme)

    assert accessibility_problems() == []
