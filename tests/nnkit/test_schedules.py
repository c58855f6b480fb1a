"""Tests for nnkit.schedules."""

import pytest

from nnkit import CosineSchedule, LinearDecay, StepDecay
from nnkit import functional as F


@pytest.mark.parametrize("step", [0, 1, 2, 3, 7, 10, 11])
def test_schedules_equal_their_functions(step):
    assert StepDecay(0.5, drop=0.3, every=3)(step) == F.step_decay(step, 0.5, 0.3, 3)
    cosine = CosineSchedule(0.5, total_steps=10, min_lr=0.1, warmup_steps=2)
    assert cosine(step) == F.cosine_schedule(step, 10, 0.5, 0.1, 2)


def test_defaults_are_no_warmup_and_a_fall_to_zero():
    assert CosineSchedule(0.5, total_steps=10)(0) == F.cosine_schedule(0, 10, 0.5)
    assert CosineSchedule(0.5, total_steps=10)(10) == LinearDecay(0.5, total_steps=10)(10) == 0


def test_a_fall_without_length_is_refused():
    for schedule in (LinearDecay, CosineSchedule):
        with pytest.raises(ValueError, match="expected total_steps of 1 or more, got 0; check"):
            schedule(0.5, total_steps=0)(0)


def test_linear_decay_goes_from_lr_to_min_lr_and_stays():
    schedule = LinearDecay(0.5, total_steps=10, min_lr=0.1)
    assert [schedule(step) for step in (0, 5, 10, 20)] == pytest.approx([0.5, 0.3, 0.1, 0.1])
