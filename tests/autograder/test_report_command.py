"""Tests for autograder.report_command: the report as tables, as a page, and as a command."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

from autograder.report import class_report
from autograder.report_command import report_page, show_report
from autograder.results import Result
from autograder.samples import ASSIGNMENT
from course.verdict import ProbeResult, Report

EVIL = "<script>alert('no')</script><img src=//x>"
LINKS = {"src", "href", "action", "data", "poster", "srcset"}


def simple(student, passed, bug="", **more):
    """One exercise `f` with one probe for each of those letters: y for passed, n for not."""
    probes = [
        ProbeResult(f"p{i}", EVIL, float(letter == "y"), 1, letter == "y", False, "")
        for i, letter in enumerate(passed)
    ]
    points = float(passed.count("y"))
    answer = Report("f", points, len(passed), "", bug, tuple(probes))
    return Result(student, ASSIGNMENT, "graded", exercises=(answer,), **more)


def unread(student, reason="not a notebook"):
    return Result(student, ASSIGNMENT, "unreadable", reason=reason)


def report(*results):
    return class_report(ASSIGNMENT, results)


def page(*results):
    return report_page(report(*results), "Softmax")


class Page(HTMLParser):
    """A page's tags with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.words.append(" " if tag in ("td", "th") else "")

    def handle_data(self, data):
        if not self.tags or self.tags[-1][0] != "style":
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


FULL = (
    simple("ada", "yy", seconds=1.0, timings={"f": 1.0}, repairs=("The cell f was split.",)),
    simple("ben", "yn", "max", wrong_values={"f": "1"}, findings=("f: eval (cell 1, line 1)",)),
    simple("cleo", "yn", "max", wrong_values={"f": "1"}),
    unread("dan"),
)


def test_the_page_stands_alone():
    """No script, no address: it can be mailed, and holds no request to anybody."""
    html = page(*FULL)
    found = Page(html)

    assert not {"script", "link", "iframe", "img"} & {tag for tag, _ in found.tags}
    assert not any(LINKS & attributes.keys() for _, attributes in found.tags)
    assert not re.search(r"url\(|@import|https?:", html)


def test_every_table_names_its_rows_and_columns():
    """Each header has a scope, each table a name; what scrolls can be reached by keyboard."""
    found = Page(page(*FULL))
    ids = [a["id"] for _, a in found.tags if "id" in a]

    assert found.all("html") == [{"lang": "en"}]
    assert "width=device-width" in found.all("meta")[1]["content"]
    assert {a.get("scope") for a in found.all("th")} == {"col", "row"}
    assert len(ids) == len(set(ids))
    assert all(a["aria-labelledby"] in ids for a in found.all("table"))
    assert all(a["tabindex"] == "0" for a in found.all("div") if a.get("role") == "region")


def test_the_chart_says_in_words_what_it_shows():
    """For those who don't see it."""
    (chart,) = [a for a in Page(page(*FULL)).all("div") if a.get("role") == "img"]

    assert chart["aria-label"].endswith("0 to under 1: 0; 1 to 2: 3.")


def test_the_page_has_all_parts_in_careful_words():
    """Equal values are a reason to look, not a verdict."""
    text = Page(page(*FULL)).text

    for words in (
        "4 students, 3 graded, 1 not read", "mean 1.333", "dan not a notebook", "f max 2",
        "prove nothing", "ben, cleo f the known mistake max", "The cell f was split. 1",
        "ben f: eval (cell 1, line 1) in the text", "ada 1.0 f 1.0",
    ):  # fmt: skip
        assert words in text, words


def test_nothing_that_a_student_made_becomes_html():
    """Names, reasons, findings and repairs are text, whatever they hold."""
    evil = simple(
        EVIL, "n", EVIL, findings=(EVIL,), noticed=(EVIL,), repairs=(EVIL,), seconds=1.0,
        timings={EVIL: 1.0}, wrong_values={EVIL: "1"},
    )  # fmt: skip
    found = Page(page(evil, evil, unread(EVIL, EVIL)))

    assert not {"script", "img"} & {tag for tag, _ in found.tags}
    assert found.text.count(EVIL) >= 10


def test_nothing_that_a_student_made_rules_the_terminal():
    """Neither rich's marks nor escape codes."""
    file = io.StringIO()
    evil = "[/bold]\x1b]0;mine\x07"

    show_report(
        report(simple(evil, "n", findings=(evil,)), unread(evil, evil)),
        Console(file=file, width=200),
    )

    assert "[/bold]�]0;mine�" in file.getvalue()
    assert "\x1b" not in file.getvalue()


@pytest.mark.parametrize(
    "results", [(), (unread("a"),)], ids=["nobody", "nothing that is readable"]
)
def test_a_class_without_grades_has_a_report(results):
    """No division by the number of students."""
    found = Page(page(*results))

    assert f"{len(results)} student" in found.text
    assert "0 graded" in found.text
    show_report(report(*results), Console(file=io.StringIO()))


def test_the_command_on_a_graded_class(run, demo, tmp_path):
    """Table, page and CSV agree with what the demo's samples must get."""
    html, table = tmp_path / "new" / "report.html", tmp_path / "probes.csv"

    done = run(
        "nnkit", "report", ASSIGNMENT, "--course", str(demo.course),
        "--html", str(html), "--csv", str(table),
    )  # fmt: skip

    assert done.code == 0, done.out + done.err
    for words in ("6 students, 5 graded, 1 not read", "mean 23,", "global_max", "the pieces were"):
        assert words in done.out, words
        assert words in Page(html.read_text()).text, words
    with table.open(newline="") as file:
        rows = {(r["exercise"], r["probe"]): r for r in csv.DictReader(file)}
    assert rows["softmax", "large_logits"]["passed"] == "3"  # not ben, not cleo
    assert {row["graded"] for row in rows.values()} == {"5"}


BAD_CALLS = {
    "an unknown assignment": (["99_x"], "got '99_x'"),
    "no course folder": ([ASSIGNMENT], "expected the course key"),
    "nothing graded": ([ASSIGNMENT, "--course", "empty"], "grade first"),
}


@pytest.mark.parametrize("case", BAD_CALLS)
def test_a_call_that_cannot_work_is_refused(run, tmp_path, case):
    """One clear sentence, exit code 2, nothing written."""
    arguments, message = BAD_CALLS[case]
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "course_key").write_text("k" * 64)

    done = run("nnkit", "report", *arguments, "--html", "r.html", cwd=tmp_path)

    assert done.code == 2
    assert message in " ".join(done.err.split())
    assert "Traceback" not in done.err
    assert not (tmp_path / "r.html").exists()
