"""The state of a training run: what hooks see, and what is saved so that it can go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nnkit.checkpoint import restore, save, state_of
from nnkit.early_stopping import EarlyStopping
from nnkit.history import History
from nnkit.losses import Loss
from nnkit.module import Module
from nnkit.optimizer_base import Optimizer
from nnkit.parameter import Array

Data = tuple[Array, Array]
Hook = Callable[["Run"], None]
Minibatches = Callable[[int, int, np.random.Generator], Iterable[Array]]


@dataclass
class Totals:
    """Sums over the batches of an epoch so far."""

    rows: int = 0
    loss: float = 0.0
    hits: int = 0


@dataclass
class Run:
    """What `fit` works on. Hooks may look at all of it, and call `stop` and `save`.

    Attributes
    ----------
    model, optimizer, loss, rng, data, validation, batch_size, num_epochs, schedule,
    early_stopping, minibatches
        As `fit` was given them.
    hooks : dict of str to list of callable
        For each event the functions to call.
    epoch, batch : int
        How many epochs are done, and how many batches of the present one.
    loss_value : float
        Loss of the last batch.
    outputs, targets : ndarray
        Outputs of the network for the last batch, and its targets.
    history : History
    totals : Totals
        Sums over the batches of the present epoch.
    stop_reason : str
        Empty as long as training goes on.
    state_before_epoch : dict
        State of `rng` before it chose the batches of the present epoch.
    """

    model: Module
    optimizer: Optimizer
    loss: Loss
    rng: np.random.Generator
    data: Data
    validation: Data | None
    batch_size: int
    num_epochs: int
    schedule: Callable[[int], float] | None
    early_stopping: EarlyStopping | None
    minibatches: Minibatches
    hooks: dict[str, list[Hook]]
    epoch: int = 0
    batch: int = 0
    totals: Totals = field(default_factory=Totals)
    history: History = field(default_factory=History)
    loss_value: float = float("nan")
    outputs: Array = field(default_factory=lambda: np.zeros(0))
    targets: Array = field(default_factory=lambda: np.zeros(0))
    stop_reason: str = ""
    state_before_epoch: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.batch_size < 1 or self.num_epochs < 0:
            raise ValueError(
                f"expected a batch_size of 1 or more and num_epochs of 0 or more, got "
                f"{self.batch_size} and {self.num_epochs}; both are whole numbers"
            )

    def stop(self, reason: str) -> None:
        """End training after this step."""
        self.stop_reason = reason

    def save(self, path: str | Path) -> None:
        """Write a file from which ``fit(..., resume=path)`` goes on; for use in hooks."""
        save(path, run=self)

    def call_hooks(self, event: str) -> None:
        """Call the functions that are registered for an event."""
        for hook in self.hooks[event]:
            hook(self)

    def state_dict(self) -> dict[str, Any]:
        """All that the rest of the run depends on."""
        return {
            "model": state_of(self.model),
            "optimizer": self.optimizer.state_dict(),
            "rng": state_of(self.rng),
            "state_before_epoch": self.state_before_epoch,
            "early_stopping": self.early_stopping.state_dict() if self.early_stopping else {},
            "epoch": self.epoch,
            "batch": self.batch,
            "totals": vars(self.totals),
            "history": self.history.to_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where the run was whose `state_dict` this is."""
        if bool(state["early_stopping"]) != bool(self.early_stopping):
            was, now = ("with", "without") if state["early_stopping"] else ("without", "with")
            raise ValueError(
                f"expected early_stopping as in the run that was saved, {was} it, got a run {now} "
                "it; give `fit` the same arguments as before"
            )
        restore(self.model, state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        restore(self.rng, state["rng"])
        self.state_before_epoch = state["state_before_epoch"]
        if self.early_stopping:
            self.early_stopping.load_state_dict(state["early_stopping"])
        self.epoch, self.batch = state["epoch"], state["batch"]
        self.totals = Totals(**state["totals"])
        self.history = History.from_dict(state["history"])
