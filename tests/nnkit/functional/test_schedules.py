"""Tests for nnkit.functional.schedules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnkit.functional import cosine_schedule, step_decay


def torch_rates(torch, scheduler, num_steps, **settings):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.3)
    schedule = getattr(torch.optim.lr_scheduler, scheduler)(optimizer, **settings)
    rates = []
    for _ in range(num_steps):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return rates


def test_step_decay_matches_torch(torch):
    """PyTorch's StepLR, in which drop is called gamma."""
    expected = torch_rates(torch, "StepLR", 12, step_size=4, gamma=0.7)

    assert [step_decay(step, 0.3, 0.7, 4) for step in range(12)] == pytest.approx(expected)


@pytest.mark.parametrize("min_lr", [0.0, 0.02])
def test_cosine_matches_torch(torch, min_lr):
    """PyTorch's CosineAnnealingLR, from the first step to the last."""
    expected = torch_rates(torch, "CosineAnnealingLR", 11, T_max=10, eta_min=min_lr)

    rates = [cosine_schedule(step, 10, 0.3, min_lr) for step in range(11)]

    assert rates == pytest.approx(expected, abs=1e-12)


def test_step_decay_by_hand():
    """Three steps at each level, always a power of the first rate."""
    rates = [step_decay(step, lr=8.0, drop=0.5, every=3) for step in range(10)]

    assert rates == [8.0] * 3 + [4.0] * 3 + [2.0] * 3 + [1.0]


def test_warmup_is_linear_and_part_of_the_total():
    """It starts with a fraction and not with 0, ends with lr, and delays only the start."""
    rates = [cosine_schedule(step, 12, 0.8, 0.1, warmup_steps=4) for step in range(13)]

    assert rates[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8])
    assert rates[8] == pytest.approx(0.45)  # half of the fall is done at step 8
    assert rates[12] == pytest.approx(0.1)


@given(st.integers(1, 50), st.integers(0, 40), st.floats(0.1, 1), st.floats(0, 0.1))
def test_cosine_rises_to_lr_then_falls_to_min_lr_and_stays(falling, warmup, lr, min_lr):
    """No step is above lr or, after the warm-up, below min_lr."""
    total = warmup + falling
    rates = np.array(
        [cosine_schedule(step, total, lr, min_lr, warmup) for step in range(total + 3)]
    )

    assert (np.diff(rates[:warmup]) > 0).all()
    assert (np.diff(rates[warmup : total + 1]) <= 0).all()
    assert rates.max() == pytest.approx(lr)
    assert rates[warmup] == pytest.approx(lr)
    assert rates[total:] == pytest.approx(min_lr)
    assert all(type(cosine_schedule(step, total, lr)) is float for step in (0, total))


def test_defaults_are_no_floor_and_no_warmup():
    """The plain half cosine from lr to 0."""
    rates = [cosine_schedule(step, 4, 1.0) for step in (0, 2, 4)]

    assert rates == pytest.approx([1.0, 0.5, 0.0], abs=1e-12)
