"""Learning-rate schedules: objects that are called with the step and give the learning rate.

`fit` takes any function of the step, counted from 0: one of these, or a student's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnkit.functional import cosine_schedule, step_decay


@dataclass(frozen=True)
class StepDecay:
    """A learning rate that falls by the same factor again and again.

    Parameters
    ----------
    lr : float
        Learning rate at step 0.
    drop : float
        What each fall multiplies it by.
    every : int
        After how many steps it falls.

    Raises
    ------
    ValueError
        In use: if `lr` is negative, `drop` is not above 0 and up to 1, or `every` is below 1.

    Notes
    -----
    ::

        lr * drop ** (step // every)

    Examples
    --------
    >>> schedule = StepDecay(lr=1.0, drop=0.5, every=2)
    >>> [schedule(step) for step in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    lr: float
    drop: float
    every: int

    def __call__(self, step: int) -> float:
        return step_decay(step, self.lr, self.drop, self.every)


@dataclass(frozen=True)
class CosineSchedule:
    """A learning rate that rises in a line, then falls along half a cosine.

    Parameters
    ----------
    lr : float
        The largest learning rate, at the end of the warm-up.
    total_steps : int
        The step at which `min_lr` is reached.
    min_lr : float, default=0.0
        The last learning rate.
    warmup_steps : int, default=0
        Length of the rise, part of `total_steps`.

    Raises
    ------
    ValueError
        In use: if the warm-up is not shorter than `total_steps`, or `min_lr` is above `lr`.

    Notes
    -----
    ::

        lr * (step + 1) / warmup_steps                              during the warm-up
        min_lr + (lr - min_lr) * (1 + cos(pi * progress)) / 2       then

    with ``progress = (step - warmup_steps) / (total_steps - warmup_steps)``, at most 1.

    References
    ----------
    Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with warm restarts",
    arXiv:1608.03983, equation 5.

    Examples
    --------
    >>> schedule = CosineSchedule(lr=1.0, total_steps=6, warmup_steps=2)
    >>> [round(schedule(step), 3) for step in range(8)]
    [0.5, 1.0, 1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """

    lr: float
    total_steps: int
    min_lr: float = 0.0
    warmup_steps: int = 0

    def __call__(self, step: int) -> float:
        return cosine_schedule(step, self.total_steps, self.lr, self.min_lr, self.warmup_steps)


@dataclass(frozen=True)
class LinearDecay:
    """A learning rate that falls in a line.

    Parameters
    ----------
    lr : float
        Learning rate at step 0.
    total_steps : int
        The step at which `min_lr` is reached.
    min_lr : float, default=0.0
        The last learning rate; it stays.

    Raises
    ------
    ValueError
        If `total_steps` is below 1.

    Notes
    -----
    ::

        lr + (min_lr - lr) * min(1, step / total_steps)

    Examples
    --------
    >>> schedule = LinearDecay(lr=1.0, total_steps=4)
    >>> [schedule(step) for step in range(6)]
    [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """

    lr: float
    total_steps: int
    min_lr: float = 0.0

    def __post_init__(self) -> None:
        if self.total_steps < 1:
            raise ValueError(
                f"expected total_steps of 1 or more, got {self.total_steps}; "
                "check the value, and the order of the arguments"
            )

    def __call__(self, step: int) -> float:
        progress = min(1.0, step / self.total_steps)
        return self.lr + (self.min_lr - self.lr) * progress
