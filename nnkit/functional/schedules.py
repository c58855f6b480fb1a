"""Learning-rate schedules: the learning rate as a function of the step."""

from __future__ import annotations

import numpy as np

from nnkit.functional._checks.expects import expects
from nnkit.functional._checks.relations import min_lr_below_lr, warmup_leaves_steps
from nnkit.functional._checks.scalars import (
    count,
    index,
    non_negative,
    zero_to_one_above_zero,
)


@expects(step=index, lr=non_negative, drop=zero_to_one_above_zero, every=count)
def step_decay(step: int, lr: float, drop: float, every: int) -> float:
    r"""Learning rate that falls by the same factor again and again.

    Parameters
    ----------
    step : int
        Number of the step (or epoch), counted from 0.
    lr : float
        Learning rate at step 0. It is always this one that gets scaled, not the last one.
    drop : float
        What each fall multiplies the learning rate by, such as 0.1.
    every : int
        After how many steps it falls: for the first time at step `every`.

    Returns
    -------
    lr : float
        The learning rate for this step, a Python number.

    Raises
    ------
    ValueError, TypeError
        If `step` is negative, `every` is below 1, or `drop` is not above 0 and up to 1.

    Notes
    -----
    ::

        lr * drop ** (step // every)

    as ``torch.optim.lr_scheduler.StepLR(step_size=every, gamma=drop)``.

    Examples
    --------
    >>> [step_decay(step, lr=1.0, drop=0.5, every=2) for step in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    return lr * drop ** (step // every)


@expects(
    warmup_leaves_steps,
    min_lr_below_lr,
    step=index,
    total_steps=count,
    lr=non_negative,
    min_lr=non_negative,
    warmup_steps=index,
)
def cosine_schedule(
    step: int, total_steps: int, lr: float, min_lr: float = 0.0, warmup_steps: int = 0
) -> float:
    r"""Learning rate that rises in a line, then falls along half a cosine.

    Parameters
    ----------
    step : int
        Number of the step, counted from 0.
    total_steps : int
        The step at which `min_lr` is reached; from there on it stays.
    lr : float
        The largest learning rate, at the end of the warm-up.
    min_lr : float, default=0.0
        The last learning rate.
    warmup_steps : int, default=0
        Length of the rise, part of `total_steps`. The first step of the rise is not 0 but a
        `warmup_steps`-th of `lr`, the last one is `lr`. The cosine starts at step
        `warmup_steps`, there with `lr` too.

    Returns
    -------
    lr : float
        The learning rate for this step, a Python number.

    Raises
    ------
    ValueError, TypeError
        If `step` is negative, the warm-up is not shorter than `total_steps`, or `min_lr` is
        above `lr`.

    Notes
    -----
    With ``progress`` going from 0 at step `warmup_steps` to 1 at step `total_steps`::

        lr * (step + 1) / warmup_steps                          while step < warmup_steps
        min_lr + (lr - min_lr) * (1 + cos(pi * progress)) / 2   afterwards

    References
    ----------
    Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with warm restarts",
    arXiv:1608.03983, equation 5.
    Goyal et al. (2017), "Accurate, large minibatch SGD: training ImageNet in 1 hour",
    arXiv:1706.02677, section 2.2, for the warm-up.

    Examples
    --------
    Two steps of rise, then a fall over four: half of it is done at step 4.

    >>> [round(cosine_schedule(step, 6, lr=1.0, warmup_steps=2), 3) for step in range(8)]
    [0.5, 1.0, 1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = min(1.0, (step - warmup_steps) / (total_steps - warmup_steps))
    return float(min_lr + (lr - min_lr) * (1 + np.cos(np.pi * progress)) / 2)
