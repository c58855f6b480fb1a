"""Tests for autograder.grading: the verdict is computed from values, by a process of our own."""

from dataclasses import replace

import pytest

from autograder import grading
from autograder.grading import Settings, grade_file, grade_notebook
from autograder.rebuild import rebuilt_notebook
from autograder.samples import ASSIGNMENT, one_known_bug, perfect, untouched
from autograder.sandbox import best_level
from autograder.submission import parse_submission
from autograder.tasks import Finding, Limits
from course.outcome import Outcome


@pytest.fixture
def grade(tmp_path):
    """A function that grades a notebook, with a short time limit."""

    def grade(data, student="ada", key=b"k" * 32, name=f"{ASSIGNMENT}.ipynb"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.bytes())
        result, _ = grade_file(path, student, Settings(ASSIGNMENT, key, best_level(), LIMITS))
        return result

    return grade


LIMITS = Limits(seconds=5.0)


def points(result):
    return [report.points for report in result.exercises]


def test_solved_work_earns_everything_and_untouched_work_nothing(grade):
    """The two ends of the scale."""
    assert points(grade(perfect())) == [5, 5, 5, 7, 5, 6]
    assert points(grade(untouched())) == [0] * 6


def test_the_same_work_gets_the_same_record(grade):
    """When it was and the time that it took aside, nothing depends on chance."""
    one, two = (
        replace(grade(one_known_bug()), seconds=0, timings={}, graded_at="") for _ in range(2)
    )

    assert one == two


@pytest.fixture
def seeds(grade, monkeypatch):
    """The seeds that a submission is asked with."""

    def seeds(*args, **kwargs):
        asked = []

        def ask(self, *tasks):
            asked.extend(probe.seed for task in tasks for probe in task.probes)
            return {task.function: Finding({}, "done") for task in tasks}

        monkeypatch.setattr(grading.Sandbox, "ask", ask)
        grade(*args, **kwargs)
        return asked

    return seeds


def test_inputs_depend_on_key_student_and_work(seeds, handed):
    """Nobody can know them, copy them, or use them twice."""
    base = seeds(perfect())
    handed.solved["softmax"] += "\n# again"
    others = [
        seeds(perfect(), student="ben"),
        seeds(perfect(), key=b"x" * 32),
        seeds(handed.solved),
        base[::-1],
    ]

    assert {base.count(seed) for seed in base} == {2}  # together, and alone since it wasn't right
    assert base == seeds(perfect())
    assert all(not set(base) & set(other) for other in others[:3])


def test_hidden_probes_are_asked_last_and_apart(grade, monkeypatch):
    """By then nothing can be said in a message that shows numbers."""
    asked = []

    def ask(self, *tasks):
        hidden = {probe.name.startswith("unusual") for task in tasks for probe in task.probes}
        asked.append((len(tasks), hidden))
        return {task.function: Finding({}, "done") for task in tasks}

    monkeypatch.setattr(grading.Sandbox, "ask", ask)
    grade(perfect())

    assert asked == [(6, {False}), *[(1, {False})] * 6, (6, {True}), *[(1, {True})] * 6]


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("timeout", "did not finish within the time limit"),
        ("closed", "its process ended before it answered"),
        ("output", "its process ended before it answered"),
        ("gone", "its process ended before it answered"),
        ("done", "no result came back"),
    ],
)
def test_what_did_not_come_back_is_worth_nothing_and_explained(grade, monkeypatch, end, words):
    """A missing value is never taken for a right one."""

    def ask(self, *tasks):
        return {task.function: Finding({}, end) for task in tasks}

    monkeypatch.setattr(grading.Sandbox, "ask", ask)

    result = grade(perfect())

    assert points(result) == [0] * 6
    assert words in result.exercises[0].probes[0].message


def test_a_claim_to_have_passed_is_no_value(grade, monkeypatch):
    """Whatever the sandbox says, it is compared with the reference."""

    def ask(self, *tasks):
        true = Outcome(value=True)
        return {t.function: Finding({p.name: true for p in t.probes}, "done") for t in tasks}

    monkeypatch.setattr(grading.Sandbox, "ask", ask)

    assert points(grade(perfect())) == [0] * 6


def test_an_unreadable_file_gets_a_result_without_points(grade):
    """It says why, on which machine, and on an untouched notebook."""
    result = grade(perfect()[:999])

    assert (result.status, result.points, result.exercises) == ("unreadable", 0, ())
    assert result.reason.startswith(f"{ASSIGNMENT}.ipynb: ")
    assert result.isolation == best_level()


@pytest.mark.parametrize(
    ("name", "said"),
    [("ada.ipynb", False), (f"ada_{ASSIGNMENT}.ipynb", False), ("final (2).ipynb", True)],
)
def test_a_file_under_another_name_is_read_and_that_is_said(grade, name, said):
    """A name that holds the student's is what a flat folder has."""
    result = grade(untouched(), name=name)

    assert ("was called" in " ".join(result.repairs)) == said


def test_a_package_is_only_blamed_where_it_was_missed(grade, handed):
    """Importing without need costs nothing; wrong values have other reasons."""
    handed.solved["softmax"] = (
        "import torch\n\ndef softmax(logits):\n    return logits * torch.one if 0 else logits"
    )
    handed.solved["log_softmax"] = "def log_softmax(logits):\n    import torch\n    return torch.x"

    result = grade(handed.solved)

    assert "torch" not in result.report("softmax").hint
    assert "log_softmax needs torch" in result.report("log_softmax").hint


def test_one_fault_is_told_where_it_is(grade, handed):
    """What only suffers from another function says so."""
    handed.solved["log_softmax"] = "def log_softmax(logits):\n    return logits"

    result = grade(handed.solved)

    assert "calls your log_softmax" in result.report("cross_entropy").hint
    assert "calls your" not in result.report("log_softmax").hint


def test_a_notebook_can_be_graded_without_a_file():
    """As the plug-in for nbgrader does."""
    notebook = rebuilt_notebook(parse_submission(perfect(), "work.ipynb"), ASSIGNMENT)

    result = grade_notebook(notebook, "ada", Settings(ASSIGNMENT, b"k" * 32, best_level(), LIMITS))

    assert points(result) == [5, 5, 5, 7, 5, 6]
