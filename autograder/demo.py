"""`nnkit demo`: the whole way from sources to feedback, on sample work."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from rich.console import Console

import course
from autograder.classroom import find_submissions
from autograder.grade_command import (
    Options,
    grade_with_progress,
    publish_with_progress,
    results_table,
)
from autograder.grading import Settings
from autograder.key import course_key
from autograder.publish import feedback_path
from autograder.records import Records
from autograder.samples import ASSIGNMENT, SAMPLES
from autograder.sandbox import BUBBLEWRAP, HELP, best_level
from autograder.tasks import Limits
from course.build import built_files, write_files
from course.files import write_atomically


def run_demo(keep: Path | None, console: Console) -> bool:
    """Run the demo; say whether every sample got what it must get."""
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise OSError(f"{keep} is not empty; name a new folder for the demo")
    folder = keep or Path(tempfile.mkdtemp(prefix="nnkit-demo-"))
    level = best_level()
    if level != BUBBLEWRAP:
        console.print(
            f"[bold]Isolation:[/] {HELP}\nThe demo goes on with the next best, limits without "
            "walls; `nnkit grade` would ask for it by name (--isolation process).\n"
        )
    console.print(f"Building the course in {folder}", highlight=False)
    root = folder / "course"
    write_files(built_files(root, folder / "notebooks"))
    config = Path(course.__file__).parent / "nbgrader_config.py"
    shutil.copy(config, root / "nbgrader_config.py")
    for sample in SAMPLES:
        console.print(f"Handing in: {sample.student} ({sample.what})", highlight=False)
        place = root / "submitted" / sample.student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        write_atomically(place, sample.notebook())
    records = Records(root, course_key(root))
    options = Options(level, workers=2, seconds=3.0)
    settings = Settings(ASSIGNMENT, records.key, level, Limits(seconds=options.seconds))
    handed = find_submissions(root / "submitted", ASSIGNMENT)
    results = grade_with_progress(handed, settings, options, records, console)
    publish_with_progress(handed, results, records, ASSIGNMENT, console)
    console.print(results_table(results))
    got = {r.student: r.points if r.status == "graded" else None for r in results}
    wrong = [s for s in SAMPLES if got.get(s.student) != s.points]
    for sample in wrong:
        console.print(
            f"[bold red]Wrong:[/] {sample.student} must get {sample.points} points, "
            f"got {got.get(sample.student)}"
        )
    page = next(r for r in results if r.student == "cleo")
    console.print(f"A feedback page: {feedback_path(root, page)}", highlight=False, soft_wrap=True)
    return not wrong
