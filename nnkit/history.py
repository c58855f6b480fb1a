"""What a training run leaves behind, and what of it can be recorded on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from nnkit.module import Module
from nnkit.parameter import Array

if TYPE_CHECKING:
    from nnkit.run import Run


@dataclass
class History:
    """The course of a training run; goes to JSON and back.

    Attributes
    ----------
    losses, learning_rates : list of float
        One entry for each step.
    train_losses, train_accuracies : list of float
        One entry for each epoch: the mean over its batches, while the network was changing.
        Accuracies only where targets are classes.
    val_losses, val_accuracies : list of float
        One entry for each epoch, in evaluation mode, if there are validation data.
    seconds : list of float
        What each epoch took.
    gradient_norms, update_ratios : dict of str to list of float
        On request: for each parameter, and each step, the norm of its gradient, and the norm of
        its change divided by its own.
    activations : dict of str to list of dict
        On request: for each layer, and each step, "mean" and "std" of what it gave, and the
        fraction of "zeros" in it.
    best_epoch : int or None
        From where early stopping took the weights; epochs count from 0.
    stop_reason : str
        Why training ended: "finished", "early stopping", "interrupted" or what a hook said.

    Examples
    --------
    >>> History.from_dict(History(losses=[2.3, 1.9]).to_dict()).losses
    [2.3, 1.9]
    """

    losses: list[float] = field(default_factory=list)
    learning_rates: list[float] = field(default_factory=list)
    train_losses: list[float] = field(default_factory=list)
    train_accuracies: list[float] = field(default_factory=list)
    val_losses: list[float] = field(default_factory=list)
    val_accuracies: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    gradient_norms: dict[str, list[float]] = field(default_factory=dict)
    update_ratios: dict[str, list[float]] = field(default_factory=dict)
    activations: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    best_epoch: int | None = None
    stop_reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """All of it as lists, dicts and numbers."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> History:
        """What `to_dict` gave, as a History again."""
        return cls(**values)

    def __repr__(self) -> str:
        last = {
            name: round(getattr(self, name)[-1], 4)
            for name in ("train_losses", "train_accuracies", "val_losses", "val_accuracies")
            if getattr(self, name)
        }
        epochs = f"{len(self.train_losses)} epochs, {len(self.losses)} steps"
        return f"<History: {epochs}, {self.stop_reason}; last {last}>"


def recorder(name: str) -> Callable[[Run], AbstractContextManager[None]]:
    """What records under this name, for `fit` to enter with its run."""
    if name not in RECORDERS:
        raise ValueError(f"expected record to name some of {', '.join(RECORDERS)}, got {name!r}")
    return RECORDERS[name]


@contextmanager
def record_gradient_norms(run: Run) -> Iterator[None]:
    """Norm of the gradient of each parameter, at each step."""

    def after_backward(run: Run) -> None:
        for name, parameter in run.model.named_parameters().items():
            norms = run.history.gradient_norms.setdefault(name, [])
            norms.append(float(np.linalg.norm(parameter.grad)))

    run.hooks["after_backward"].append(after_backward)
    yield


@contextmanager
def record_update_ratios(run: Run) -> Iterator[None]:
    """Norm of the change of each parameter divided by its own norm: about 0.001 is healthy."""
    before: dict[str, Array] = {}

    def after_backward(run: Run) -> None:
        for name, parameter in run.model.named_parameters().items():
            before[name] = parameter.data.copy()

    def after_step(run: Run) -> None:
        for name, parameter in run.model.named_parameters().items():
            change = float(np.linalg.norm(parameter.data - before[name]))
            size = float(np.linalg.norm(parameter.data))
            ratios = run.history.update_ratios.setdefault(name, [])
            ratios.append(change / size if size else 0.0)

    run.hooks["after_backward"].append(after_backward)
    run.hooks["after_step"].insert(0, after_step)
    yield


@contextmanager
def record_activations(run: Run) -> Iterator[None]:
    """Mean, standard deviation and fraction of zeros of what each layer gives."""
    layers = [(name, m) for name, m in run.model.named_modules() if not m.children()]

    def hook_of(name: str) -> Callable[[Module, Array, Array], None]:
        def record(module: Module, x: Array, y: Array) -> None:
            if module.training:  # not while the validation data are looked at
                values = {"mean": y.mean(), "std": y.std(), "zeros": (y == 0).mean()}
                row = {key: float(value) for key, value in values.items()}
                run.history.activations.setdefault(name, []).append(row)

        return record

    kept = [layer.forward_hooks for _, layer in layers]
    for name, layer in layers:
        layer.forward_hooks = (*layer.forward_hooks, hook_of(name))
    try:
        yield
    finally:
        for (_, layer), forward_hooks in zip(layers, kept, strict=True):
            layer.forward_hooks = forward_hooks


RECORDERS = {
    "gradient_norms": record_gradient_norms,
    "update_ratios": record_update_ratios,
    "activations": record_activations,
}
