"""Tests for course.calibrate: how far tolerances are from honest errors and from mistakes."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import threadpoolctl

from course import calibrate
from course.calibrate import error_in_tolerances, margins, with_other_last_digits
from course.exercise import load_exercise
from course.outcome import Outcome
from course.spec import Alternative


@pytest.fixture
def probe():
    return replace(load_exercise("softmax").probes[0], rtol=0.01, atol=0.5)


@pytest.fixture
def changed(monkeypatch):
    """A function that lets an exercise have other parts than its file says."""

    def change(name, **parts):
        exercise = copy.copy(load_exercise(name))
        vars(exercise).update(parts)
        monkeypatch.setattr(calibrate, "load_exercise", lambda name: exercise)

    return change


def test_an_error_is_counted_in_tolerances(probe):
    """Of the number that allows least for it: 0.5 + 0.01 * 50 is 1."""
    expected, got = Outcome(np.array([50.0, 1000.0])), Outcome(np.array([53.0, 1003.0]))

    assert error_in_tolerances(probe, expected, got) == pytest.approx(3.0)


@pytest.mark.parametrize(
    "got", [np.array([50.0 + 0j]), np.array([[50.0]]), np.array([np.nan]), np.array([50.0, 1.0])]
)
def test_what_is_no_such_array_of_real_numbers_is_infinitely_wrong(probe, got):
    """Complex, of another shape, not a number."""
    assert error_in_tolerances(probe, Outcome(np.array([50.0])), Outcome(got)) == np.inf


def test_a_tolerance_below_what_rounding_does_is_seen(changed):
    """Other last digits of the arguments alone are more than a probe without tolerance allows."""
    probes = tuple(replace(p, rtol=0.0, atol=0.0) for p in load_exercise("softmax").probes[:1])
    changed("softmax", probes=probes, alternatives=())

    (margin,) = margins("softmax", num_seeds=1)
    assert margin.honest > 1


def test_the_least_exact_alternative_counts(changed):
    """One that computes in half precision is far beyond the tolerance of every probe."""
    exact = load_exercise("softmax").alternatives[0].function
    coarse = Alternative(lambda logits: exact(logits).astype(np.float16).astype(float))
    changed("softmax", alternatives=(coarse,))

    assert margins("softmax", num_seeds=1)[0].honest > 10


def test_each_is_asked_with_one_thread_and_with_several(changed):
    """BLAS adds up in another order then."""
    if not any(pool["user_api"] == "blas" for pool in threadpoolctl.threadpool_info()):
        pytest.skip("NumPy's BLAS here has no number of threads to set")
    seen = set()
    exact = load_exercise("linear").alternatives[0].function

    def watching(*args):
        pools = threadpoolctl.threadpool_info()
        seen.update(p["num_threads"] for p in pools if p["user_api"] == "blas")
        return exact(*args)

    changed("linear", alternatives=(Alternative(watching),))
    margins("linear", num_seeds=1)
    assert seen == {1, 2}


def test_arrays_are_moved_in_the_last_digit_and_nothing_else_is():
    """Lists of arrays, too; zeros and whole numbers stay."""
    x, k = np.array([1.0, 0.0, -3.0]), np.array([1, 2])
    (moved,), scalar, whole = with_other_last_digits(lambda *args: args)([x], 0.5, k)

    np.testing.assert_allclose(moved, x, rtol=1e-15)
    np.testing.assert_array_equal(moved != x, [True, False, True])
    assert scalar == 0.5
    assert whole is k


@pytest.mark.parametrize("name", ["linear", "log_softmax", "batchnorm_backward", "adam_step"])
def test_the_tolerances_of_exercises_are_well_placed(name):
    """Honest errors use less than a tenth, mistakes more than all of them."""
    assert all(m.honest < 0.1 and m.mistake > 1 for m in margins(name, num_seeds=1))
