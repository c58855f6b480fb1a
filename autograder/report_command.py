"""`nnkit report`: what a class got wrong, as tables, as one HTML page, as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.key import course_key
from autograder.pages import template
from autograder.records import BrokenRecord, Records
from autograder.report import ClassReport, Coincidence, ProbeRow, class_report, probes_csv
from autograder.results import Result
from course.files import write_atomically
from course.lesson import load_lesson

LOOK = (
    "The same wrong values on the same inputs are a reason to look at the work side by side. "
    "They prove nothing: two people can make the same mistake, each alone."
)
SHOWN = 20  # rows of a table in the terminal; the page has all


def report_class(
    assignment: str, course: Path, html: Path | None, csv_file: Path | None, console: Console
) -> None:
    """Show the report; write it to files where they are named."""
    title = load_lesson(assignment).title
    report = class_report(assignment, counted_results(course, assignment))
    if html is not None:
        write_atomically(html, report_page(report, title).encode("utf-8", "replace"))
    if csv_file is not None:
        write_atomically(csv_file, probes_csv(report).encode("utf-8", "replace"))
    show_report(report, console)
    for path in (html, csv_file):
        if path is not None:
            console.print(Text(f"Written: {path}"), soft_wrap=True)


def counted_results(course: Path, assignment: str) -> list[Result]:
    """The results that count.

    Raises
    ------
    BrokenRecord
        If there is none.
    """
    results = Records(course, course_key(course, make=False)).counted(assignment)
    if not results:
        raise BrokenRecord(
            f"expected results of {assignment} in {course / 'results'}, found none; "
            "grade first (nnkit grade)"
        )
    return results


def report_page(report: ClassReport, title: str) -> str:
    """One self-contained HTML page."""
    return template("report.html", **FILTERS).render(report=report, title=title, look=LOOK)


def correlation(value: float | None) -> str:
    """With its sign; nothing where it isn't defined."""
    return "" if value is None else f"{value:+.2f}"


FILTERS = {
    "number": lambda value: f"{value:.4g}",
    "percent": lambda share: f"{share:.0%}",
    "correlation": correlation,
}


def plain(text: object) -> Text:
    """Text that a student may have made, without marks and codes that a terminal obeys."""
    return Text("".join(c if c.isprintable() or c == "\n" else "�" for c in str(text)))


def show_report(report: ClassReport, console: Console) -> None:
    """Print the report, leaving out what is empty."""
    console.print(plain(_summary(report)))
    numbers = ", ".join(f"{name} {value:.4g}" for name, value in report.in_numbers.items())
    if numbers:
        console.print(plain(f"Points, of {report.max_points:g}: {numbers}"))
    for table in _tables(report):
        if table.row_count:
            console.print(table)
    if report.coincidences:
        console.print(plain(LOOK))


def _summary(report: ClassReport) -> str:
    return (
        f"{report.assignment}: {report.submissions} students, {len(report.points)} graded, "
        f"{len(report.unread)} not read"
    )


def _tables(report: ClassReport) -> Iterable[Table]:
    yield _table("Not read", ["student", "reason"], report.unread)
    most = max((bar.students for bar in report.bars), default=0) or 1
    bars = [(b.label, b.students, "█" * round(24 * b.students / most)) for b in report.bars]
    yield _table("Points", ["points", "students", ""], bars)
    exercises = [
        (e.exercise, f"{e.mean:.2f} of {e.max_points:g}", f"{e.passed} of {e.graded}")
        for e in report.exercises
    ]
    yield _table("Exercises", ["exercise", "mean", "passed"], exercises)
    bugs = [(b.exercise, b.bug, b.students) for b in report.bugs]
    yield _table("Known mistakes", ["exercise", "mistake", "students"], bugs)
    same = [_coincidence(c) for c in report.coincidences]
    yield _table("Same wrong values", ["students", "exercises", "explained by"], same)
    probes = [_probe(p) for p in report.probes]
    columns = ["exercise", "probe", "passed", "discrimination"]
    yield _table("Probes", columns, probes, shown=len(probes))
    breaches = [(b.student, b.what, b.seen) for b in report.breaches]
    yield _table("Against the rules", ["student", "what", "seen"], breaches)
    yield _table("Repairs", ["repair", "students"], report.repairs)
    slow = [
        (s.student, f"{s.seconds:.1f} s", f"{s.exercise} {s.exercise_seconds:.1f} s".strip())
        for s in report.slowest
    ]
    yield _table("Slowest", ["student", "time", "most of it"], slow)


def _coincidence(found: Coincidence) -> tuple[str, str, str]:
    explained = ", ".join(found.bugs) or "no known mistake: look first"
    return ", ".join(found.students), ", ".join(found.exercises), explained


def _probe(row: ProbeRow) -> tuple[str, str, str, str]:
    name = f"{row.probe} (hidden)" if row.hidden else row.probe
    return row.exercise, name, f"{row.difficulty:.0%}", correlation(row.discrimination)


def _table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], shown: int = SHOWN
) -> Table:
    more = f" (the first {shown} of {len(rows)}; all with --html)" if len(rows) > shown else ""
    table = Table(title=title + more, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows[:shown]:
        table.add_row(*map(plain, row))
    return table
