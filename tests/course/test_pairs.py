"""Tests for course.pairs: two known mistakes at once are named together, and never guessed."""

import numpy as np
import pytest

from course.exercise import load_exercise
from course.pairs import SECOND
from course.reference import twice_edited_reference


def edits(exercise, *names):
    return [next(b for b in load_exercise(exercise).bugs if b.name == name) for name in names]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("exercise", "one", "other"),
    [
        ("adam_step", "v_not_corrected", "corrected_averages_returned"),
        ("layernorm_forward", "normalises_columns", "no_root"),
        ("linear_backward", "bias_averaged", "weight_transposed"),
        ("mlp_loss", "loss_without_penalty", "summed_loss"),
    ],
)
def test_both_mistakes_are_named(exercise, one, other, seed):
    """Each with its own hint, whatever the inputs are."""
    first, second = edits(exercise, one, other)
    wrong = twice_edited_reference(exercise, (first.old, first.new), (second.old, second.new))

    report = load_exercise(exercise).grade(wrong, seed)

    assert report.bug == f"{one}, {other}"
    assert report.hint == f"{first.hint} {SECOND} {second.hint}"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, weight, bias: x @ weight * 1.7 + bias + 0.3,
        lambda x, weight, bias: np.full((len(x), weight.shape[1]), np.nan),
        lambda x, weight, bias: None,
    ],
)
def test_what_no_pair_explains_is_given_no_pair(wrong):
    """A wrong name would send a student astray."""
    report = load_exercise("linear").grade(wrong)

    assert report.points < report.max_points
    assert SECOND not in report.hint


def test_one_mistake_stays_one():
    """A pair is looked for only where no single mistake explains everything."""
    (bug,) = edits("linear_backward", "bias_averaged")

    report = load_exercise("linear_backward").grade(
        load_exercise("linear_backward").bug_function(bug)
    )

    assert (report.bug, report.hint) == (bug.name, bug.hint)
