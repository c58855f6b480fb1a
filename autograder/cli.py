"""The command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from course.table import CHECKOUT

app = typer.Typer(
    help="How neural networks are trained: build, work through, verify and grade the course.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
console = Console()


def main() -> None:
    """Run the command line; what the user can repair becomes one clear sentence and exit code 2."""
    try:
        app()
    except Exception as error:
        if not isinstance(error, _repairable()):
            raise
        _fail(str(error))


def _repairable() -> tuple[type[Exception], ...]:
    """Loaded when they are needed, so that --help is quick."""
    from autograder.classroom import NoSubmissions
    from autograder.gradebook import GradebookError
    from autograder.key import BrokenCourseKey
    from autograder.records import BrokenRecord
    from autograder.sandbox import SandboxUnavailable
    from autograder.workers import GradingInterrupted
    from course.table import LessonError

    return (
        LessonError,
        NoSubmissions,
        GradebookError,
        BrokenCourseKey,
        BrokenRecord,
        GradingInterrupted,
        SandboxUnavailable,
        OSError,
    )


@app.command(epilog="Example: nnkit demo --keep my_demo")
def demo(
    keep: Annotated[Path | None, typer.Option(help="Keep the demo's folder, as this one.")] = None,
) -> None:
    """Build the course, hand in sample work, grade it in the sandbox, show the result."""
    from autograder.demo import run_demo

    if not run_demo(keep, console):
        raise typer.Exit(1)


@app.command(epilog="Example: nnkit lab my_notebooks")
def lab(
    folder: Annotated[Path, typer.Argument(help="Your own copy of the notebooks.")] = Path(
        "my_notebooks"
    ),
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open JupyterLab on your own copy of the notebooks; what you wrote is never overwritten."""
    from autograder.lab import jupyterlab_command, lab_environment, working_copy

    for line in working_copy(folder):
        console.print(line, highlight=False)
    command = jupyterlab_command(folder, browser=browser)
    os.execve(command[0], command, lab_environment())


@app.command(epilog="Example: nnkit build --check")
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if files differ.")
    ] = False,
    to: Annotated[
        Path, typer.Option(help="The folder that holds course/ and notebooks/.")
    ] = CHECKOUT,
) -> None:
    """Make the notebooks for students and for nbgrader, and the cheat sheet."""
    from course.build import built_files, differing_files, write_files

    if to == CHECKOUT and not (CHECKOUT / "pyproject.toml").exists():
        _fail("nnkit is installed without its checkout; name a folder to build into with --to DIR")
    files = built_files(to / "course", to / "notebooks", to / "docs")
    if check:
        # course/source is not kept in the repository: only what is there can differ
        kept = {to / "notebooks", to / "docs"}
        differing = [p for p in differing_files(files) if p.exists() or p.parent in kept]
        if differing:
            names = ", ".join(str(path.relative_to(to)) for path in differing)
            _fail(f"out of date: {names}; run `nnkit build` and commit the result", code=1)
        console.print("All notebooks and the cheat sheet are up to date.")
        return
    changed = write_files(files)
    for path in changed:
        console.print(f"wrote {path.relative_to(to)}", highlight=False, soft_wrap=True)
    console.print(f"{len(files) - len(changed)} of {len(files)} files were up to date.")


@app.command(epilog="Example: nnkit verify softmax --seeds 100")
def verify(
    exercises: Annotated[list[str] | None, typer.Argument(help="Exercises; all if none.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds to try.")] = 1,
    notebooks: Annotated[bool, typer.Option(help="Also run the lessons with solutions.")] = True,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Show how far each tolerance is from both sides.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """The mutation test: the reference earns all, the stub nothing, each bug gets its own hint."""
    from autograder.verify_command import calibrate_all, verify_all

    try:
        if calibrate:
            ok = calibrate_all(exercises or [], seeds, as_json=json, console=console)
        else:
            ok = verify_all(
                exercises or [], seeds, notebooks=notebooks, as_json=json, console=console
            )
    except ValueError as error:
        _fail(str(error))
    if not ok:
        raise typer.Exit(1)


@app.command(epilog="Example: nnkit bugs softmax")
def bugs(
    exercises: Annotated[list[str] | None, typer.Argument(help="Exercises; all if none.")] = None,
) -> None:
    """Show the known mistakes of an exercise: what differs, the hint, which probes catch it."""
    from autograder.bugs_command import show_bugs
    from course.exercise import exercise_names

    try:
        show_bugs(exercises or exercise_names(), console)
    except ValueError as error:
        _fail(str(error))


@app.command(
    epilog="Example: nnkit grade submitted --assignment 02_softmax_and_cross_entropy --workers 4"
)
def grade(
    submissions: Annotated[Path, typer.Argument(help="STUDENT/ASSIGNMENT/*.ipynb, or *.ipynb.")],
    assignment: Annotated[str, typer.Option(help="The lesson's name.")],
    course: Annotated[
        Path | None,
        typer.Option(
            help="Where gradebook, results and feedback go. Default: the folder above one named "
            "`submitted`, else SUBMISSIONS-graded."
        ),
    ] = None,
    isolation: Annotated[
        str, typer.Option(help="bubblewrap, or process: limits but no walls.")
    ] = "bubblewrap",
    workers: Annotated[int, typer.Option(min=1, help="How many to grade at a time.")] = (
        os.cpu_count() or 1
    ),
    seconds: Annotated[float, typer.Option(min=0.1, help="Time for each exercise.")] = 10.0,
    scheduler: Annotated[
        str, typer.Option(help="Grade on Dask workers: tcp://host:8786; nnkit is there, too.")
    ] = "",
    attempts: Annotated[str, typer.Option(help="Which attempt counts: last or best.")] = "last",
    again: Annotated[bool, typer.Option("--again", help="Grade also what is graded.")] = False,
    diff: Annotated[
        Path | None,
        typer.Option(
            help="Publish nothing; show whose result would change against this course folder."
        ),
    ] = None,
) -> None:
    """Grade a folder of submissions: gradebook, autograded notebooks, feedback, grades.csv.

    An interrupted run goes on where it was; what is graded is not graded again.
    """
    from autograder.processes import start_loading

    if not scheduler:
        start_loading()  # beside what this process loads
    from autograder.grade_command import Options, grade_folder

    options = Options(isolation, workers, seconds, scheduler, attempts, again)
    if grade_folder(submissions, assignment, course, options, diff, console):
        raise typer.Exit(1)


@app.command(epilog="Example: nnkit replay 3f2a9c --course my_course")
def replay(
    attempt: Annotated[str, typer.Argument(help="The number on the feedback page, or a file.")],
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
) -> None:
    """Grade an attempt again, on the same inputs, and say whether the result is the same."""
    from autograder.replay_command import replay_attempt

    if not replay_attempt(attempt, course, console):
        raise typer.Exit(1)


@app.command(epilog="Example: nnkit report 02_softmax_and_cross_entropy --html report.html")
def report(
    assignment: Annotated[str, typer.Argument(help="The lesson's name.")],
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
    html: Annotated[Path | None, typer.Option(help="Write it as one HTML page, too.")] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write a table with one row for each probe, too.")
    ] = None,
) -> None:
    """Show what the class got wrong: known mistakes, hard probes, equal wrong values, repairs."""
    from autograder.report_command import report_class

    report_class(assignment, course, html, csv, console)


@app.command(epilog="Example: nnkit export 02_softmax_and_cross_entropy out.csv --to canvas")
def export(
    assignment: Annotated[str, typer.Argument(help="The lesson's name.")],
    out: Annotated[Path, typer.Argument(help="The file; for gradescope the folder.")],
    to: Annotated[
        str,
        typer.Option(help="canvas, moodle, plain, gradescope, or gradescope-zip: grades there."),
    ],
    course: Annotated[Path, typer.Option(help="The course folder.")] = Path(),
    identify: Annotated[
        str,
        typer.Option(
            help="What the students' names are there. canvas: ID, 'SIS User ID', 'SIS Login ID'; "
            "moodle: 'ID number', 'Email address', Username."
        ),
    ] = "",
    column: Annotated[
        str, typer.Option(help="The grade's heading, as 'Softmax (1234)'. Default: the assignment.")
    ] = "",
) -> None:
    """Write the points that were given by machine as another system reads them.

    Submissions that could not be read have no score; they are listed, and the exit code is 1.
    """
    from autograder.export_command import export_grades
    from autograder.exports import Headings

    errors = Console(stderr=True)
    headings = Headings(identify, column)
    if export_grades(assignment, course, to, out, headings, console, errors):
        raise typer.Exit(1)


@app.command(epilog="Example: nnkit doctor --isolation process")
def doctor(
    isolation: Annotated[
        str, typer.Option(help="The level to examine: bubblewrap or process.")
    ] = "bubblewrap",
) -> None:
    """Show what this machine offers, try to break out of the sandbox, and say what held."""
    from autograder.doctor import examine

    try:
        held = examine(isolation, console)
    except ValueError as error:
        _fail(str(error))
    if not held:
        raise typer.Exit(1)


def _fail(message: str, code: int = 2) -> NoReturn:
    Console(stderr=True).print(
        f"[bold red]Error:[/] {escape(message)}", highlight=False, soft_wrap=True
    )
    sys.exit(code)
