"""Tests for course.calls and course.substitution: a call of the reference, changed."""

import numpy as np
import pytest

from course.calls import Call, CallRecorder
from course.compare import difference
from course.diagnosis import message
from course.judging import judged
from course.outcome import Outcome
from course.spec import probe
from nnkit import functional as F

RNG = np.random.default_rng(0)
PARAM, GRAD, VELOCITY = RNG.normal(size=(3, 4, 3))


def asked(momentum_step, rng):
    """Two steps with settings that differ."""
    yield "the first step", momentum_step(PARAM, GRAD, VELOCITY, 0.25, 0.6)
    yield "the second step", momentum_step(GRAD, VELOCITY, PARAM, 0.35, 0.85)


def said(wrong, *, hidden=False):
    """What is said of a function that does this instead of `momentum_step`."""
    item = probe("is right", points=1, hidden=hidden)(asked)
    recorder = CallRecorder(F.momentum_step)
    expected = Outcome(dict(asked(recorder, None)))
    got = Outcome(dict(asked(wrong, None)))
    return judged(item, expected, got, ("param", "velocity"), recorder.calls).message


def step(change):
    """A step in which the arguments have been changed."""
    return lambda *args: F.momentum_step(*change(*args))


WRONG = {  # what is done to the arguments, and what is said
    "another number": (
        lambda p, g, v, lr, m: (p, g, v, lr, 1 - m),
        "1 - momentum instead of momentum",
    ),
    "another array": (lambda p, g, v, lr, m: (p, g, g, lr, m), "grad instead of velocity"),
    "no array": (lambda p, g, v, lr, m: (p, g, 0 * v, lr, m), "0 instead of "),
    "a default": (lambda p, g, v, lr, m: (p, g, v, lr, 0.9), "momentum left at its default"),
    "signs": (lambda p, g, v, lr, m: (p, np.sign(g), v, lr, m), "the signs of grad"),
    "exchanged": (lambda p, g, v, lr, m: (p, v, g, lr, m), "grad and velocity exchanged"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("hidden", [False, True])
def test_a_changed_argument_is_named(case, hidden):
    """It explains all parts of the probe; no number is told."""
    change, words = WRONG[case]
    assert words in said(step(change), hidden=hidden)


TERMS = {
    "a term left out": (
        lambda p, g, v, lr, m: (p, m * v + g - lr * g),
        "is the right one minus lr * grad",
    ),
    "a term too many": (lambda p, g, v, lr, m: (p - lr * (m * v + g) + v, v), "plus velocity"),
    "a factor": (lambda p, g, v, lr, m: (g, v), "is grad as it came in"),
}


@pytest.mark.parametrize("case", TERMS)
def test_a_term_is_named_by_the_arguments(case):
    """The difference is a multiple of an argument, and the factor has a name."""
    wrong, words = TERMS[case]
    right = F.momentum_step
    keep = "term left out" in case

    def function(*args):
        return (right(*args)[0], wrong(*args)[1]) if keep else wrong(*args)

    assert words in said(function)


def test_what_explains_one_part_only_is_not_claimed():
    """A change that would show in the second part, where all is right, is no explanation."""
    calls = iter([step(WRONG["signs"][0]), F.momentum_step])
    assert "signs" not in said(lambda *args: next(calls)(*args))


def test_a_random_call_is_not_made_again():
    """Its result would be another one anyway."""
    recorder = CallRecorder(F.dropout_forward)
    recorder(PARAM, 0.5, True, np.random.default_rng(0))
    (call,) = recorder.calls
    assert call.result is None
    assert call.variants == {}


def test_a_call_keeps_its_arguments():
    """A probe may write into them later."""
    grad = GRAD.copy()
    recorder = CallRecorder(F.sgd_step)
    recorder(PARAM, grad, 0.5)
    grad[...] = 7.0
    assert np.array_equal(recorder.calls[0].numbers["grad"], GRAD)


def test_wrong_arguments_are_passed_on():
    """A probe may call a function with too few of them, to see it raise."""
    with pytest.raises(TypeError):
        CallRecorder(F.sgd_step)(PARAM)


def test_items_of_a_pair_have_names():
    """As in Python."""
    call = Call(lambda betas, losses: 0, (), {"betas": (0.7, 0.9), "losses": [0.1] * 9})
    assert set(call.numbers) == {"betas[0]", "betas[1]"}


def test_without_calls_nothing_is_claimed():
    """A message needs no calls."""
    found = difference(Outcome(PARAM), Outcome(2.5 * PARAM), 1e-9, 1e-9)
    assert "multiple of the right one (2.5 times)" in message(found, (), hidden=False)
