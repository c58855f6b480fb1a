"""The pages around the course: links lead somewhere, lists are in order, nothing is left out."""

import re
from pathlib import Path

import pytest

from course.lesson import lesson_names
from course.table import course_table

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "notebooks/README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    """Read as a browser does, from the page's own folder."""
    links = LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_glossary_is_in_alphabetical_order_and_names_lessons():
    """Upper and lower case count alike; no word comes twice."""
    lines = [line for line in text_of("docs/glossary.md").splitlines() if line.startswith("- ")]
    entries = [re.fullmatch(r"- \*\*(.+)\*\* \((\d\d)\): \S.*\.", line) for line in lines]
    assert all(entries)
    words = [entry[1].casefold() for entry in entries]

    assert words == sorted(set(words))
    assert {entry[2] for entry in entries} <= {name[:2] for name in lesson_names()}


def test_start_page_lists_the_lessons_that_exist():
    """Each once, in order, with a link to its notebook."""
    listed = re.findall(r"^\| \[(\w+)\]\((\w+)\.ipynb\)", text_of("notebooks/README.md"), re.M)

    assert listed == [(name, name) for name in lesson_names()]


def test_instructors_see_the_points_of_the_course():
    """The table says what course.toml says, for each lesson that exists."""
    rows = re.findall(r"^\| (\d\d_\w+) \| (\d+) \|", text_of("docs/instructors.md"), re.M)
    points = {row["name"]: row["points"] for row in course_table()["lessons"]}

    assert [(name, int(number)) for name, number in rows] == [
        (name, points[name]) for name in lesson_names()
    ]
