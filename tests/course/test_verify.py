"""Tests for course.verify: it must see each fault that it exists for."""

from dataclasses import replace

import pytest

from course import verify
from course.exercise import exercise_names, load_exercise
from course.lesson import lesson_names
from course.spec import Alternative, Edit, Wrong


@pytest.mark.parametrize("name", exercise_names())
def test_every_exercise_holds(name):
    """Reference, stub, alternatives and bugs get what they must, with several seeds."""
    assert verify.verify_exercise(name, num_seeds=2).problems == ()


@pytest.mark.parametrize("name", lesson_names())
def test_every_lesson_runs_with_its_solutions(name):
    """Top to bottom in a fresh kernel, without an error and without a warning."""
    assert verify.verify_lesson(name).problems == ()


FAULTS = {
    "a bug that is none": (
        {"bugs": (Edit("none", "shifted = logits", "shifted = 1.0 * logits", "hint"),)},
        "the bug none earns everything",
    ),
    "two bugs that are one": (
        {
            "bugs": (
                Edit("one", "np.exp(shifted)", "np.exp2(shifted)", "first"),
                Wrong("two", lambda z: 2**z / (2**z).sum(axis=1, keepdims=True), "second"),
                Wrong("three", lambda z: z, "third"),
            )
        },
        "expected at least 5 bugs",
    ),
    "a wrong alternative": (
        {"alternatives": (Alternative(lambda logits: logits),)},
        "the alternative <lambda> loses points",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_faulty_exercise_is_refused(monkeypatch, case):
    """Each fault is named."""
    change, message = FAULTS[case]
    faulty = load_exercise("softmax").visible
    for name, value in change.items():
        monkeypatch.setattr(faulty, name, value)
    monkeypatch.setattr(verify, "load_exercise", lambda name: faulty)

    problems = verify.verify_exercise("softmax", num_seeds=1).problems

    assert any(message in problem for problem in problems), problems


def test_a_blunt_probe_is_refused(monkeypatch):
    """Probes with a tolerance so wide that a mistake fits in let bugs earn everything."""
    blunt = load_exercise("softmax").visible
    monkeypatch.setattr(blunt, "probes", tuple(replace(p, atol=1e6) for p in blunt.probes))
    monkeypatch.setattr(verify, "load_exercise", lambda name: blunt)

    problems = verify.verify_exercise("softmax", num_seeds=1).problems

    assert any("earns everything" in problem for problem in problems)
