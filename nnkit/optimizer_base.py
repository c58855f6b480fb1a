"""What all optimizers have in common, and the clipping of gradients."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nnkit import accelerator, update_rules
from nnkit.parameter import Parameter, flatten

BLOCK_SIZE = 1 << 15  # entries; parameters, gradients and state of a block fit the cache


class Optimizer(ABC):
    """What all optimizers have in common.

    Parameters
    ----------
    params : iterable of Parameter
        What to train: ``model.parameters()``, of a model that is complete.
    lr : float
        Learning rate.
    state_names : tuple of str
        What is remembered from step to step, for each parameter.
    **hyperparameters : float
        The other settings, for `state_dict`.

    Attributes
    ----------
    parameters : list of Parameter
    lr : float
        May be changed between steps; a schedule does so.
    num_steps : int
        How many steps have been taken.
    hyperparameters : dict of str to float
    state : dict of str to ndarray
        By the names in `state_names`, one array for all parameters; zeros at first.

    Raises
    ------
    TypeError
        If there are no parameters.
    ValueError
        If a setting is negative, or a state that is loaded is that of another optimizer.
    RuntimeError
        At a step: if parameters have moved to another array since the optimizer was made.

    Notes
    -----
    `step` reads the gradients and never changes them.

    Examples
    --------
    A rule of one's own is a method ``_update``:

    >>> class SignDescent(Optimizer):
    ...     def _update(self):
    ...         for p in self.parameters:
    ...             p.data -= self.lr * np.sign(p.grad)
    >>> p = Parameter([3.0, 3.0])
    >>> p.grad = [10.0, -0.5]
    >>> SignDescent([p], lr=0.5, state_names=()).step()
    >>> p
    Parameter([2.5, 3.5])
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float,
        state_names: tuple[str, ...],
        **hyperparameters: float,
    ) -> None:
        self.parameters = _list_of_parameters(params)
        for name, value in {"lr": lr, **hyperparameters}.items():
            if not value >= 0:
                raise ValueError(f"expected {name} of 0 or more, got {value}")
        self.lr = float(lr)
        self.num_steps = 0
        self.hyperparameters = hyperparameters
        self._data, self._grad = flatten(self.parameters)
        self._views = [parameter.data for parameter in self.parameters]
        self.state = {name: np.zeros_like(self._data) for name in state_names}

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters, before new ones are computed."""
        for parameter in self.parameters:
            parameter._outdated = True

    def step(self) -> None:
        """Change all parameters once, by their gradients."""
        for parameter, view in zip(self.parameters, self._views, strict=True):
            if parameter._data is not view:
                raise RuntimeError(
                    "expected the parameters where they were when the optimizer was made, but "
                    "they have moved to another array; complete the model (and its astype) "
                    "first, then make the optimizer"
                )
            if parameter._outdated:  # no gradient came: it is zero
                parameter.grad.fill(0)
        self.num_steps += 1
        self._update()

    @abstractmethod
    def _update(self) -> None:
        """Change all parameters; `num_steps` is 1 at the first step."""

    def state_dict(self) -> dict[str, Any]:
        """Copies of all that the next steps depend on."""
        return {
            "optimizer": type(self).__name__,
            "num_steps": self.num_steps,
            "lr": self.lr,
            "hyperparameters": dict(self.hyperparameters),
            "state": {name: array.copy() for name, array in self.state.items()},
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on as the optimizer whose `state_dict` this was."""
        if state_dict["optimizer"] != type(self).__name__:
            raise ValueError(
                f"expected the state of {type(self).__name__}, got that of "
                f"{state_dict['optimizer']}; make the optimizer that was used before"
            )
        shapes = {name: array.shape for name, array in self.state.items()}
        got = {name: np.shape(array) for name, array in state_dict["state"].items()}
        if got != shapes:
            raise ValueError(
                f"expected state arrays of the shapes {shapes}, got {got}; "
                "make the optimizer for the same model with the same settings"
            )
        if state_dict["hyperparameters"] != self.hyperparameters:
            raise ValueError(
                f"expected the settings {self.hyperparameters} of this optimizer, got "
                f"{state_dict['hyperparameters']}; make it with those, change them after loading"
            )
        self.num_steps = int(state_dict["num_steps"])
        self.lr = float(state_dict["lr"])
        for name, array in self.state.items():
            array[...] = state_dict["state"][name]

    def __repr__(self) -> str:
        settings = {"lr": self.lr, **self.hyperparameters}
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in settings.items())})"


class FlatOptimizer(Optimizer):
    """An optimizer whose rule treats each entry alone, so that it can run block by block.

    Parameters
    ----------
    rule : str
        Name of the function in `nnkit.update_rules`.
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float,
        rule: str,
        state_names: tuple[str, ...],
        **hyperparameters: float,
    ) -> None:
        super().__init__(params, lr, state_names, **hyperparameters)
        arrays = [self._data, self._grad, *self.state.values()]
        size = self._data.size
        fused = accelerator.fused_rule(rule, size)
        self._rule = fused or getattr(update_rules, rule)
        block_size = max(size, 1) if fused else BLOCK_SIZE
        room = np.empty_like(self._data[:block_size] if not fused else self._data[:0])
        self._blocks = [
            (*(array[start : start + block_size] for array in arrays), room[: size - start])
            for start in range(0, size, block_size)
        ]

    @abstractmethod
    def _numbers(self) -> tuple[float, ...]:
        """What the rule takes after the arrays, in this step."""

    def _update(self) -> None:
        numbers = self._numbers()
        for block in self._blocks:
            self._rule(*block, *numbers)


def clip_grad_norm_(params: Iterable[Parameter], max_norm: float) -> float:
    """Scale all gradients down together if they are too large together, in place.

    Parameters
    ----------
    params : iterable of Parameter
        Whose gradients; call it after `backward` and before the step.
    max_norm : float
        The largest norm that is let through.

    Returns
    -------
    total_norm : float
        The norm before clipping, of all gradients as one long vector.

    Raises
    ------
    TypeError
        If there are no parameters.

    Notes
    -----
    As `nnkit.functional.clip_gradients`, which explains it.

    Examples
    --------
    >>> p = Parameter([0.0, 0.0])
    >>> p.grad = [3.0, 4.0]
    >>> clip_grad_norm_([p], max_norm=0.5), p.grad
    (5.0, array([0.3, 0.4]))
    """
    parameters = _list_of_parameters(params)
    total_norm = float(np.sqrt(sum(float(np.vdot(p.grad, p.grad)) for p in parameters)))
    if total_norm > max_norm:
        for parameter in parameters:
            parameter.grad *= max_norm / total_norm
    return total_norm


def _list_of_parameters(params: Iterable[Parameter]) -> list[Parameter]:
    parameters = list(params) if isinstance(params, Iterable) else []
    if not parameters or not all(isinstance(p, Parameter) for p in parameters):
        raise TypeError(
            f"expected the parameters to train, at least one, got {type(params).__name__}; "
            "pass model.parameters()"
        )
    return parameters
