"""Tests for autograder.policy: what an answer may use is found in its text and as it runs."""

import re

import numpy as np
import pytest

from autograder import policy
from autograder.grading import Settings, grade_bytes
from autograder.policy import breaches_in_text, is_numerical_differentiation, policy_of
from autograder.samples import ASSIGNMENT
from autograder.statements import statements
from course.exercise import load_exercise
from course.table import LessonError
from nnkit.functional import cross_entropy, numerical_gradient

ANY = policy.Policy(frozenset({"numpy", "math"}), policy.REPORT)


def found(text):
    return list(breaches_in_text(list(statements(text, 4)), ANY))


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np, math, itertools",
        "from functools import reduce\nfrom __future__ import annotations",
        "import matplotlib.pyplot as plt\nfrom tqdm.auto import trange",
        "def f(x):\n    open_ = x.eval()\n    return open_.compile",
        "evaluate = exec_ = 1",
    ],
)
def test_what_is_allowed_is_not_reported(text):
    """Numbers, the language itself, and what only shows something."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import torch", "import torch (cell 5, line 1)"),
        ("x = 1\n\nimport nnkit.functional as F", "import nnkit.functional (cell 5, line 3)"),
        ("def f(x):\n    from scipy import special\n", "from scipy import (cell 5, line 2)"),
        ("def f(x):\n    y = x\n    return eval('y')", "eval (cell 5, line 3)"),
        ("f = __import__('os').system", "__import__ (cell 5, line 1)"),
        ("from . import x", "from None import (cell 5, line 1)"),
    ],
)
def test_what_is_not_allowed_is_reported_with_its_place(text, what):
    """The cell as it is counted in the notebook, the line as it is counted in the cell."""
    assert found(text) == [what]


@pytest.fixture
def grade(handed, isolation):
    """A function that grades the solved notebook with some cells changed."""

    def grade(**cells):
        for name, text in cells.items():
            handed.solved[name] = text
        data = handed.solved.bytes()
        return grade_bytes(data, "x.ipynb", "x", Settings(ASSIGNMENT, b"k" * 32, isolation))[0]

    return grade


HIDDEN_IMPORT = """
def softmax(logits):
    module = __builtins__["__imp" + "ort__"]("wa" + "ve")
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)
"""


def test_what_the_text_hides_is_noticed_as_it_runs(grade):
    """It costs nothing unless the instructor says so, and students don't see it."""
    result = grade(softmax=HIDDEN_IMPORT)

    assert result.report("softmax").points == 5
    assert result.findings == ()
    names = [said.partition(": ")[0] for said in result.noticed]
    assert names == ["softmax", "cross_entropy_backward"]  # which calls it
    assert re.fullmatch(r"softmax: import wave \(cell \d+, line 3\)", result.noticed[0])


def test_a_breach_costs_what_the_instructor_says(grade, monkeypatch):
    """The whole exercise, or nothing; other exercises keep their points."""
    code = HIDDEN_IMPORT.replace('__builtins__["__imp" + "ort__"]', "__import__")
    assert grade(softmax=code).report("softmax").points == 5

    table = {**policy.course_table(), "policy": {"cost": "exercise"}}
    monkeypatch.setattr(policy, "course_table", lambda: table)
    result = grade()

    assert result.report("softmax").points == 0
    for name in ("softmax", "cross_entropy_backward"):  # which calls it
        assert "Not allowed here: __import__ (cell" in result.report(name).hint
    assert result.report("mse").points == 5


def test_one_exercise_may_have_a_rule_of_its_own(monkeypatch):
    """The rest keeps the course's."""
    rule = {"imports": ["numpy"], "exercises": {"softmax": {"imports": ["numpy", "scipy"]}}}
    monkeypatch.setattr(policy, "course_table", lambda: {"policy": rule})

    assert policy_of("softmax").allows("scipy.special")
    assert not policy_of("mse").allows("scipy")
    assert not policy_of("mse").allows("math")


def test_a_cost_that_is_no_cost_is_refused(monkeypatch):
    """A slip in course.toml must not look like leniency."""
    monkeypatch.setattr(policy, "course_table", lambda: {"policy": {"cost": "exercises"}})

    with pytest.raises(LessonError, match="expected cost report or exercise, got 'exercises'"):
        policy_of("softmax")


def by_differences(logits, targets):
    return numerical_gradient(lambda z: cross_entropy(z, targets), logits)


def by_formula(logits, targets):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(p)), targets] -= 1
    return p / len(p)


def without_division(logits, targets):
    return by_formula(logits, targets) * len(logits)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("function", "expected"),
    [(by_differences, True), (by_formula, False), (without_division, False)],
)
def test_finite_differences_are_recognised_by_their_error(function, expected, seed):
    """Larger than rounding, smaller than any mistake in a formula."""
    exercise = load_exercise("cross_entropy_backward")
    outcomes = exercise.observe(function, seed)

    assert is_numerical_differentiation(exercise.name, outcomes, seed) is expected


def test_wrong_values_have_a_name_that_the_class_shares(grade, handed):
    """The same mistake in other words has the same name; a right answer has none."""
    right, shift = handed.solved["softmax"], "logits.max(axis=1, keepdims=True)"
    assert "softmax" not in grade().wrong_values

    one = grade(softmax=right.replace(shift, "logits.max() + 0"))
    two = grade(softmax=right.replace(shift, "max(logits.ravel())") + "\n# mine")
    three = grade(softmax=right.replace("keepdims=True)", "keepdims=True) * 2"))

    names = [result.wrong_values["softmax"] for result in (one, two, three)]
    assert names[0] == names[1] != names[2]
