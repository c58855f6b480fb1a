"""A student prints the cheat sheet, or reads it on a phone."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

CHEAT_SHEET = Path(__file__).parents[2] / "docs" / "cheat_sheet.html"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def sheet(page):
    page.goto(CHEAT_SHEET.as_uri())
    return page


def test_it_prints_on_one_page(sheet):
    """A4, on its side, as its style says."""
    printed = sheet.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_it_fits_a_phone(sheet):
    """Nothing sticks out on the right."""
    sheet.set_viewport_size(PHONE)

    assert sheet.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_it_is_accessible(sheet, accessibility_problems):
    """axe-core finds nothing against WCAG 2.1, levels A and AA."""
    assert accessibility_problems() == []
