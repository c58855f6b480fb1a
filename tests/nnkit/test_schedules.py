"""Tests for nnkit.schedules."""

import pytest

from nnkit import CosineSchedule, LinearDecay, StepDecay
from nnkit import functional as F


@pytest.mark.parametrize("step", [0, 1, 2, 3, 7, 10, 11])
def test_schedules_equal_their_functions(step):
    assert StepDecay(0.5, drop=0.3, every=3)(step) == F.step_decay(step, 0.5, 0.3, 3)
    cosine = CosineSchedule(0.5, total_steps=10, min_lr=0.1, warmup_steps=2)
    assert cosine(step) == F.cosine_schedule(step, 10, 0.5, 0.1, 2)


def test_linear_decay_goes_from_lr_to_min_lr_and_stays():
    schedule = LinearDecay(0.5, total_steps=10, min_lr=0.1)
    assert [schedule(step) for step in (0, 5, 10, 20)] == pytest.approx([0.5, 0.3, 0.1, 0.1])
