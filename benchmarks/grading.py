"""How long grading a class takes: nnkit beside stock nbgrader, on the same work.

    python benchmarks/grading.py                     40 submissions, three times each
    python benchmarks/grading.py --students 200 --repeats 1

The assignment is lesson 01 with its ten graded functions. Stock nbgrader runs a notebook with the
same ten functions and an assert cell for each in a kernel, one submission after the other, as it
does. nnkit runs the functions behind walls, asks several probes of each, compares outside, and
writes gradebook, autograded notebooks, records and feedback. Both take turns; medians are printed,
and whether both find the same functions right.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook

from autograder.key import course_key
from autograder.records import Records
from course.build import as_bytes, built_files, student_notebook, write_files
from course.lesson import load_lesson
from course.reference import reference, solution_source

ASSIGNMENT = "01_layers_and_activations"
X = "np.linspace(-2.0, 2.0, 6).reshape(2, 3)"
QUESTIONS = {  # what the assert cells of the stock notebook ask
    "linear": f"{X}, np.arange(12.0).reshape(3, 4), np.arange(4.0)",
    "sigmoid": X,
    "tanh": X,
    "relu": X,
    "leaky_relu": X,
    "sigmoid_backward": f"{X}, 1 / (1 + np.exp(-{X}))",
    "tanh_backward": f"{X}, np.tanh({X})",
    "relu_backward": f"np.ones((2, 3)), {X}",
    "leaky_relu_backward": f"np.ones((2, 3)), {X}",
    "mlp_forward": f"{X}, [np.eye(3), np.ones((3, 2))], [np.ones(3), np.zeros(2)]",
}
MISTAKES = {  # some students' whole answers
    "relu": "def relu(z):\n    return np.abs(z)",
    "tanh_backward": "def tanh_backward(grad_output, y):\n    return grad_output * (1 - y)",
}
PROGRAMS = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"}


def main() -> None:
    """Measure both in turn, compare what they found, print, write JSON."""
    options = parse_options()
    times: dict[str, list[dict[str, float]]] = {"nnkit": [], "nbgrader": []}
    with tempfile.TemporaryDirectory(prefix="nnkit-benchmark-") as folder:
        ours, stock = Path(folder, "ours"), Path(folder, "stock")
        hand_in(ours, stock, options.students)
        for _ in range(options.repeats):
            for name, course in (("nnkit", ours), ("nbgrader", stock)):
                times[name].append(timed(name, course, options.workers))
                print(f"{name:<9}{times[name][-1]['wall']:8.1f} s", flush=True)
        different = compare(ours, stock)
    report(times, different, options)


def hand_in(ours: Path, stock: Path, number: int) -> None:
    """A class's work, on our notebook and on the stock one; every third has a mistake."""
    write_files(built_files(ours, ours / "notebooks"))
    exercises = load_lesson(ASSIGNMENT).exercises
    assert set(exercises) == set(QUESTIONS), "lesson 01 asks for other functions by now"
    write(stock, "source", ".", stock_notebook())
    for i in range(number):
        answers = {name: solution_source(name) for name in exercises}
        if i % 3 == 0:
            wrong = list(MISTAKES)[i % len(MISTAKES)]
            answers[wrong] = MISTAKES[wrong]
        for course, notebook in ((ours, student_notebook(load_lesson(ASSIGNMENT))),
                                 (stock, stock_notebook())):  # fmt: skip
            for cell in notebook.cells:
                cell.source = answers.get(cell.id, cell.source)
            write(course, "submitted", f"student{i:03}", notebook)


def stock_notebook() -> NotebookNode:
    """Ten functions to fill in, and under each an assert cell of one point."""
    cells = [nbformat.v4.new_code_cell("import numpy as np")]
    for name, arguments in QUESTIONS.items():
        expected = first(reference(name)(*eval(f"({arguments},)", {"np": np})))
        cells.append(graded(name, "raise NotImplementedError()", solution=True))
        test = f"got = {name}({arguments})\n" + (
            "got = got[0] if isinstance(got, tuple) else got\n"
            f"assert np.allclose(got, {np.asarray(expected).tolist()})"
        )
        cells.append(graded(f"{name}_check", test, points=1))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def first(value: object) -> object:
    return value[0] if isinstance(value, tuple) else value


def graded(name: str, text: str, *, solution: bool = False, points: float = 0) -> NotebookNode:
    told = {"grade_id": name, "grade": not solution, "solution": solution, "locked": not solution,
            "schema_version": 3, "task": False}  # fmt: skip
    if points:
        told["points"] = points
    return nbformat.v4.new_code_cell(text, id=name, metadata={"nbgrader": told})


def write(course: Path, step: str, student: str, notebook: NotebookNode) -> None:
    path = course / step / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(notebook))


def timed(name: str, course: Path, workers: int) -> dict[str, float]:
    """Wall and processor time of grading the class from scratch."""
    for left in ("gradebook.db", "autograded", "attempts", "results", "feedback", "release"):
        path = course / left
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    if name == "nnkit":
        command = ["nnkit", "grade", "submitted", "--assignment", ASSIGNMENT]
        command += ["--workers", str(workers)]
    else:
        run(["nbgrader", "generate_assignment", ASSIGNMENT, "--force"], course)
        command = ["nbgrader", "autograde", ASSIGNMENT]
    before, start = processor_time(), time.perf_counter()
    run(command, course)
    return {"wall": time.perf_counter() - start, "cpu": processor_time() - before}


def run(command: list[str], course: Path) -> None:
    done = subprocess.run(command, cwd=course, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def processor_time() -> float:
    """Of children that have ended; what was killed inside a sandbox is not in it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compare(ours: Path, stock: Path) -> list[str]:
    """Where the two disagree on whether a function is right."""
    found = {}
    for result in Records(ours, course_key(ours, make=False)).counted(ASSIGNMENT):
        found[result.student] = {r.exercise for r in result.exercises if r.passed}
    different = []
    with Gradebook(f"sqlite:///{stock / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(ASSIGNMENT):
            grades = submission.notebooks[0].grades
            right = {g.name.removesuffix("_check") for g in grades if g.auto_score}
            student = submission.student.id
            if right != found[student]:
                different.append(f"{student}: {sorted(right ^ found[student])}")
    return different


def report(
    times: dict[str, list[dict[str, float]]], different: list[str], options: argparse.Namespace
) -> None:
    """Medians, per submission, and their ratio."""
    medians = {
        name: statistics.median(run["wall"] for run in runs) / options.students
        for name, runs in times.items()
    }
    for name, seconds in medians.items():
        print(f"{name:<9}{1000 * seconds:8.0f} ms for each of {options.students} submissions")
    print(f"ratio    {medians['nbgrader'] / medians['nnkit']:8.1f}")
    print(f"functions judged otherwise: {len(different)} {different[:3] or ''}")
    told = {"times": times, "students": options.students, "workers": options.workers,
            "different": different, "cores": os.cpu_count()}  # fmt: skip
    Path(options.json).write_text(json.dumps(told, indent=1) + "\n")


def parse_options() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="of nnkit")
    parser.add_argument("--json", default="grading_benchmark.json", help="where to write results")
    return parser.parse_args()


if __name__ == "__main__":
    main()
