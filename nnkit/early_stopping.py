"""Stopping when the validation loss no longer falls, with the weights of its lowest point."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from nnkit.module import Module
from nnkit.parameter import Array


class EarlyStopping:
    """Keeps a copy of the best weights so far, and says when to stop waiting for better ones.

    Parameters
    ----------
    patience : int
        Training stops this many epochs after the best one.
    min_delta : float, default=0.0
        An epoch is an improvement if its loss is below the best one by more than this.

    Attributes
    ----------
    best_epoch : int
        Epochs count from 0.
    best_loss : float

    Raises
    ------
    ValueError
        If `patience` is below 1, or `min_delta` is negative.

    Notes
    -----
    The rule is that of `nnkit.functional.early_stopping_epoch`, one epoch at a time.

    Examples
    --------
    >>> from nnkit.layers import Linear
    >>> import numpy as np
    >>> model = Linear(1, 1, np.random.default_rng(0))
    >>> stopping = EarlyStopping(patience=2)
    >>> [stopping.should_stop(loss, model) for loss in (0.9, 0.5, 0.6, 0.7)]
    [False, False, False, True]
    >>> stopping.best_epoch
    1
    """

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        if patience < 1 or min_delta < 0:
            raise ValueError(
                f"expected a patience of 1 or more and a min_delta of 0 or more, got {patience} "
                f"and {min_delta}; patience counts epochs"
            )
        self.patience = patience
        self.min_delta = min_delta
        self.best_epoch = 0
        self.best_loss = math.inf
        self._epoch = -1
        self._best_state: dict[str, Array] = {}

    def should_stop(self, loss: float, model: Module) -> bool:
        """Take note of the validation loss of one more epoch; True if patience has run out."""
        self._epoch += 1
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_epoch = loss, self._epoch
            self._best_state = model.state_dict()
        return self._epoch - self.best_epoch >= self.patience

    def restore_best(self, model: Module) -> None:
        """Give the model the weights of the best epoch."""
        if self._best_state:
            model.load_state_dict(self._best_state)

    def state_dict(self) -> dict[str, Any]:
        """All that its next decisions depend on."""
        return {
            "epoch": self._epoch,
            "best_epoch": self.best_epoch,
            "best_loss": self.best_loss,
            "best_state": dict(self._best_state),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on as the one whose `state_dict` this was."""
        self._epoch, self.best_epoch = state["epoch"], state["best_epoch"]
        self.best_loss, self._best_state = state["best_loss"], dict(state["best_state"])
