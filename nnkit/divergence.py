"""Why a loss became NaN: what can be seen, and what is likely."""

from __future__ import annotations

import math

import numpy as np

from nnkit.history import History
from nnkit.parameter import Array
from nnkit.run import Run


class TrainingDiverged(RuntimeError):
    """The loss became NaN or infinite.

    Parameters
    ----------
    message : str
        When it happened, what is not finite, and what to try.
    history : History
        What was recorded until then.

    Attributes
    ----------
    history : History

    Examples
    --------
    >>> from nnkit import SGD, Linear, MSELoss, Sequential, fit
    >>> rng = np.random.default_rng(0)
    >>> model = Sequential(Linear(1, 1, rng))
    >>> optimizer = SGD(model.parameters(), lr=1e30)
    >>> data = np.ones((1, 1)), np.ones((1, 1))
    >>> settings = {"num_epochs": 9, "rng": rng, "loss": MSELoss(), "progress": False}
    >>> try:
    ...     history = fit(model, optimizer, data, **settings)
    ... except TrainingDiverged as error:
    ...     history = error.history
    >>> bool(np.isfinite(history.losses).all()), len(history.losses) < 9
    (True, True)
    """

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


def explain_divergence(run: Run, x: Array) -> str:
    """A message that says when the loss became NaN, what is not finite, and what to try."""
    step = len(run.history.losses)
    return (
        f"expected a finite loss, got {run.loss_value} at step {step} (epoch {run.epoch}); "
        f"the losses before it were {[round(loss, 3) for loss in run.history.losses[-3:]]}. "
        f"{_cause(run, x)}"
    )


def _cause(run: Run, x: Array) -> str:
    if not _is_finite(x):
        return (
            "The batch has entries that are NaN or infinite: clean the data, and look for a "
            "division by a standard deviation of 0."
        )
    if not _is_finite(run.targets):
        return "The targets of the batch have entries that are NaN or infinite: clean the data."
    broken = [n for n, p in run.model.named_parameters().items() if not _is_finite(p.data)]
    if broken:
        return (
            f"Parameters are NaN or infinite already: {', '.join(broken)}. Most likely the "
            f"learning rate, {run.optimizer.lr:g}, is too large: try a tenth of it, a warm-up or "
            "clip_grad_norm_. Also possible: a mistake in a backward function or an update rule."
        )
    largest = max((float(np.abs(p.data).max()) for p in run.model.parameters()), default=math.nan)
    return (
        f"All parameters are finite (the largest is {largest:.3g}), so the forward pass "
        "overflowed, or took a logarithm or a quotient of 0. Likely causes: a learning rate "
        f"({run.optimizer.lr:g}) that is too large, inputs that are not standardised, first "
        "weights that are too large, or exp, log or a division without care in a function of "
        "your own."
    )


def _is_finite(array: Array) -> bool:
    return bool(np.isfinite(array).all())
