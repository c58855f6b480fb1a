"""Tests for course.mutants: mistakes that no bank lists are named by the changed place."""

import numpy as np
import pytest

from course.exercise import load_exercise
from course.mutants import LONGEST_TEXT, MOST_MUTANTS, mutants


def moves_by_a_power(param, grad, lr):
    return param - lr**grad


def without_the_mean(param, grad, lr):
    return param - lr * (grad - np.mean(grad))


def more_patience_asks_for_more(losses, patience, min_delta=0.0):
    best, best_epoch = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best - patience * min_delta:
            best, best_epoch = loss, epoch
        if epoch - best_epoch >= patience:
            break
    return epoch, best_epoch


def cubes(weights, strength):
    return [strength * w * w * w for w in weights]


CASES = {  # exercise, a wrong function, what is said of it
    "a power": ("sgd_step", moves_by_a_power, "lr ** grad"),
    "the mean taken off": ("sgd_step", without_the_mean, "grad - np.mean(grad)"),
    "a cube": ("l2_penalty_backward", cubes, "weight ** 3"),
    "whole numbers": ("early_stopping_epoch", more_patience_asks_for_more, "min_delta * patience"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(3))
def test_a_small_change_is_named(case, seed):
    """The student's own expression is shown."""
    name, function, words = CASES[case]
    report = load_exercise(name).grade(function, seed)
    assert words in report.hint
    assert not report.passed


def test_what_is_no_small_change_is_not_claimed():
    """A function that differs in another way gets no such hint."""
    report = load_exercise("sgd_step").grade(lambda p, g, lr: np.cos(p) - lr * np.sin(7 * g))
    assert not report.bug
    assert "olution with" not in report.hint


LAZY = {
    "0": ("l2_penalty", lambda weights, strength: 0.0),
    "an argument": ("sgd_step", lambda param, grad, lr: param.copy()),
    "zeros": ("dropout_backward", lambda grad_output, mask: 0 * mask),
    "the input": ("softmax", lambda logits: logits.copy()),
}


@pytest.mark.parametrize("case", LAZY)
def test_who_has_not_begun_is_shown_no_formula(case):
    """0 or an argument is no result of a formula."""
    name, function = LAZY[case]
    assert "olution with" not in load_exercise(name).grade(function).hint


@pytest.mark.parametrize("name", ["adam_step", "batchnorm_forward", "l2_penalty", "relu"])
def test_mutants_differ_from_each_other_and_stay_few(name):
    """Each has its own source, and a text that fits into a sentence."""
    found = mutants(name)
    assert 0 < len(found) <= MOST_MUTANTS
    assert len({mutant.source for mutant in found}) == len(found)
    assert max(len(mutant.text) for mutant in found) < 3 * LONGEST_TEXT


def test_a_loop_that_might_never_end_is_left_alone():
    """A reference with a while has no mutants."""
    assert mutants("successive_halving") == ()


def test_functions_outside_of_the_library_are_left_alone():
    """They may train a network, which would take too long thousands of times."""
    report = load_exercise("repair_a").grade(lambda *args, **kwargs: 0.5)
    assert "olution with" not in report.hint
