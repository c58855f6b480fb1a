"""The capstone, graded in the sandbox: hidden classes stay outside, its own time limit holds."""

import base64
import json
from dataclasses import asdict

import numpy as np
import pytest
from sklearn.datasets import load_digits

from autograder import grading
from autograder.grading import Settings, grade_notebook
from autograder.rebuild import rebuilt_notebook
from autograder.sandbox import Sandbox
from autograder.submission import parse_submission
from autograder.tasks import Finding, Limits, Question, Task
from course.build import as_bytes, student_notebook
from course.exercise import load_exercise
from course.lesson import load_lesson
from course.outcome import decode, encode, probe_seed
from course.reference import solution_source

LESSON, NAME, SEED = "12_capstone", "train_classifier", 7
HEAD = "import numpy as np\n\ndef train_classifier(x_train, y_train, x_val, y_val, rng):\n"
BY_ACCURACY = {"plain_digits", "negatives", "negatives_well", "disc_in_ring", "other_data"}


@pytest.fixture
def grade(isolation):
    """A function that grades this text of the exercise's cell; the usual limit is a second."""

    def grade(text=None):
        notebook = student_notebook(load_lesson(LESSON))
        if text is not None:
            next(cell for cell in notebook.cells if cell.id == NAME).source = text
        submission = parse_submission(as_bytes(notebook), f"{LESSON}.ipynb")
        settings = Settings(LESSON, b"k" * 32, isolation, Limits(seconds=1.0))
        return grade_notebook(rebuilt_notebook(submission, LESSON), "ada", settings).report(NAME)

    return grade


@pytest.fixture
def tasks(grade, monkeypatch):
    """What would go into the sandbox, for a known seed."""
    asked = []

    def ask(self, task):
        asked.append(task)
        return {NAME: Finding({}, "done")}

    monkeypatch.setattr(grading, "attempt_seed", lambda *args: SEED)
    monkeypatch.setattr(grading.Sandbox, "ask", ask)
    grade(solution_source(NAME))
    return asked


def passed(report):
    return {probe.name for probe in report.probes if probe.passed}


def hidden_classes():
    """Those of each probe that has some."""
    probes = [probe for probe in load_exercise(NAME).probes if probe.key]
    seeds = {probe.name: probe_seed(SEED, f"{probe.name}, given") for probe in probes}
    keys = {probe.name: probe.key(np.random.default_rng(seeds[probe.name])) for probe in probes}
    return {name: key["hidden"] for name, key in keys.items()}


def test_hidden_classes_do_not_go_into_the_sandbox(tasks):
    """The pictures do; their classes are in none of the tasks, whatever the type of number."""
    text = json.dumps([asdict(task) for task in tasks])
    questions = [probe for task in tasks for probe in task.probes if probe.given]
    given = {probe.name: decode(probe.given) for probe in questions}
    found = hidden_classes()

    assert set(found) > BY_ACCURACY
    for name, classes in found.items():
        assert len(given[name]["x"]) == len(classes)
        for kind in ("int64", "int32", "uint8", "float64", "float32"):
            raw = encode(classes.astype(kind))["data"]
            assert raw.rstrip("=")[:-1] not in text
    assert "load_digits" not in text


def test_training_classes_do_go_there(tasks):
    """So the test above would notice hidden ones."""
    text = json.dumps([asdict(task) for task in tasks])
    given = decode(tasks[0].probes[0].given)

    assert encode(given["y_train"])["data"] in text


def test_hidden_classes_differ_from_attempt_to_attempt():
    """Neither a seed of the task nor another attempt tells them."""
    probe = next(p for p in load_exercise(NAME).probes if p.name == "plain_digits")
    one, other = (probe.key(np.random.default_rng(seed))["hidden"] for seed in (1, 2))

    assert np.mean(one == other) < 0.3


def test_tasks_carry_the_time_limit_of_the_exercise(tasks):
    """The visible probes, and then the hidden ones."""
    assert [task.seconds for task in tasks] == [60, 60]
    assert load_exercise("softmax").seconds is None


@pytest.mark.parametrize(("seconds", "end"), [(None, "timeout"), (10.0, "done")])
def test_the_own_limit_of_a_task_goes_before_the_usual_one(isolation, seconds, end):
    """Longer here; nothing else changes."""
    code = "import time\ndef f(x):\n    time.sleep(1.5)\n    return x"
    probes = "def one(f, rng):\n    return f(1)\n"
    task = Task(
        "f",
        ({"code": code, "cell": 0, "line": 1},),
        probes,
        (Question("one", 1),),
        seconds=seconds,
    )
    with Sandbox(Limits(seconds=0.5), isolation) as box:
        assert box.ask(task)["f"].end == end


def test_the_reference_earns_everything_where_a_second_is_too_short(grade):
    """A pause of two seconds in each training takes longer than the usual limit allows."""
    slow = solution_source(NAME).replace(
        "mean, std = fit", "import time\n    time.sleep(0.3)\n    mean, std = fit", 1
    )
    report = grade(slow)

    assert report.passed, report.hint


def test_an_untouched_cell_earns_nothing(grade):
    """And is told so in one sentence."""
    report = grade()

    assert report.points == 0
    assert "still raises NotImplementedError" in report.hint


def test_digits_learnt_by_heart_earn_nothing_for_accuracy(grade):
    """A table of all of them in the notebook: pixels and classes don't fit."""
    digits = load_digits()
    pixels = base64.b64encode(digits.data.astype(np.uint8).tobytes()).decode()
    classes = base64.b64encode(digits.target.astype(np.uint8).tobytes()).decode()
    table = (
        "    import base64\n"
        f"    pixels = np.frombuffer(base64.b64decode('{pixels}'), np.uint8).reshape(-1, 64)\n"
        f"    classes = np.frombuffer(base64.b64decode('{classes}'), np.uint8).astype(int)\n"
        "    known = pixels.astype(float)\n"
        "    def predict(x):\n"
        "        if x.shape[1] != 64:\n"
        "            return np.zeros(len(x), dtype=int)\n"
        "        squares = (known**2).sum(axis=1) - 2 * x @ known.T\n"
        "        return classes[squares.argmin(axis=1)]\n"
        "    return predict\n"
    )
    report = grade(HEAD + table)

    assert not passed(report) & BY_ACCURACY


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (
            "C = y_train.max() + 1; return lambda x: np.zeros((len(x), C))",
            "a row of numbers for each example",
        ),
        ("return lambda x: np.zeros(len(x), dtype=int)", "All examples get the same class"),
        ("return 0.93", "What you return is no function"),
        ("return np.zeros(len(x_val), dtype=int)", "What you return is no function"),
        ("return lambda x: rng.integers(y_train.max() + 1, size=len(x))", "asked again"),
    ],
)
def test_what_is_no_classifier_hears_why(grade, body, hint):
    """Whatever else is in it, as seen from the sandbox."""
    report = grade(f"{HEAD}    {body}\n")

    assert not passed(report) & BY_ACCURACY
    assert hint in report.hint


def test_a_single_layer_gets_partial_credit(grade):
    """Ordinary digits, and what every classifier can do; the hint names what is missing."""
    single = (
        "    mean, std = x_train.mean(axis=0), x_train.std(axis=0)\n"
        "    std = np.where(std < 1e-9, 1, std)\n"
        "    x, truth = (x_train - mean) / std, np.eye(y_train.max() + 1)[y_train]\n"
        "    weight = np.linalg.solve(x.T @ x + 30 * np.eye(x.shape[1]), x.T @ (truth - 0.1))\n"
        "    bias = truth.mean(axis=0)\n"
        "    return lambda z: ((z - mean) / std @ weight + bias).argmax(axis=1)\n"
    )
    report = grade(HEAD + single)

    assert not passed(report) & {"negatives", "negatives_well", "disc_in_ring"}
    assert "plain_digits" in passed(report)
    assert "A single layer can't do better" in report.hint
