"""A student's functions in the place of layers, losses and optimizers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from nnkit.losses import Loss
from nnkit.module import Module
from nnkit.optimizer_base import Optimizer
from nnkit.parameter import Array, Parameter


class FunctionLayer(Module):
    r"""A layer made of two functions, such as `linear` and `linear_backward`.

    Parameters
    ----------
    forward, backward : callable
        With signatures like those in `nnkit.functional`, see Notes.
    parameters : dict of str to array_like, optional
        First values of the arguments of `forward` that are learned.
    buffers : dict of str to array_like, optional
        First values of the arguments that `forward` returns anew, such as ``running_mean``.
    **settings
        The other arguments, such as ``p=0.5`` or ``rng=rng``. ``training`` is known.

    Attributes
    ----------
    Parameters and buffers can be reached under their names.

    Raises
    ------
    TypeError
        If an argument of `forward` has no value.
    ValueError
        In use: if a function returns too much or too little, or a gradient of another shape.

    Notes
    -----
    Arguments are passed by name, so names must agree. The first argument of `forward` is the
    input, and it returns the output: alone, or first in a tuple, before the new values of the
    buffers and then what `backward` asks for under names that are not known yet (a ``cache``, a
    ``mask``). `backward` takes ``grad_output`` and any of: the input under its name, the output
    as ``y``, parameters, buffers, settings. It returns the gradient of the input; with
    parameters, a tuple of it and theirs, in the order of `parameters`.

    Examples
    --------
    >>> from nnkit.functional import linear, linear_backward, relu, relu_backward
    >>> rng = np.random.default_rng(0)
    >>> start = {"weight": rng.normal(size=(3, 2)), "bias": np.zeros(2)}
    >>> layer = FunctionLayer(linear, linear_backward, parameters=start)
    >>> layer(np.ones((4, 3))).shape, layer.backward(np.ones((4, 2))).shape
    ((4, 2), (4, 3))
    >>> layer.bias.grad
    array([4., 4.])
    >>> FunctionLayer(relu, relu_backward)
    FunctionLayer(relu, relu_backward)
    """

    def __init__(
        self,
        forward: Callable[..., Any],
        backward: Callable[..., Any],
        parameters: Mapping[str, Any] | None = None,
        buffers: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self._functions = forward, backward
        self._parameters = {name: Parameter(value) for name, value in (parameters or {}).items()}
        self.buffer_names = tuple(buffers or {})
        self._setting_names = tuple(settings)
        for name, value in {**self._parameters, **settings}.items():
            setattr(self, name, value)
        for name, value in (buffers or {}).items():
            setattr(self, name, np.array(value, dtype=np.float64))
        self._input_name, *others = _argument_names(forward)
        self._forward_names = [name for name in others if name in self._known()]
        _expect_known(forward, _required(forward)[1:], self._known())
        known = {*self._known(), self._input_name, "grad_output", "y"}
        self._backward_names = _argument_names(backward)
        self._kept_names = [name for name in _required(backward) if name not in known]

    def forward(self, x: Array) -> Array:
        forward, _ = self._functions
        known = self._known()
        result = forward(x, **{name: known[name] for name in self._forward_names})
        y, *others = result if isinstance(result, tuple) else (result,)
        names = [*self.buffer_names, *self._kept_names]
        if len(others) != len(names):
            raise ValueError(
                f"expected {forward.__name__} to return {', '.join(['the output', *names])}, got "
                f"{len(others) + 1} value(s); these names are what the backward function asks for"
            )
        returned = dict(zip(names, others, strict=True))
        for name in self.buffer_names:
            getattr(self, name)[...] = returned[name]
        self._kept = {self._input_name: x, "y": y, **returned}
        return np.asarray(y)

    def backward(self, grad_output: Array) -> Array:
        _, backward = self._functions
        known = {**self._known(), **self._kept, "grad_output": grad_output}
        result = backward(**{n: known[n] for n in self._backward_names if n in known})
        grads = result if isinstance(result, tuple) else (result,)
        if len(grads) != 1 + len(self._parameters):
            raise ValueError(
                f"expected {backward.__name__} to return the gradients of "
                f"{', '.join([self._input_name, *self._parameters])}, got {len(grads)} value(s)"
            )
        for (name, parameter), grad in zip(self._parameters.items(), grads[1:], strict=True):
            if np.shape(grad) != parameter.data.shape:
                raise ValueError(
                    f"expected {backward.__name__} to return a gradient of shape "
                    f"{parameter.data.shape} for {name}, got {np.shape(grad)}; a gradient has the "
                    "shape of what it is the gradient of"
                )
            parameter.grad += grad
        return np.asarray(grads[0])

    def _known(self) -> dict[str, Any]:
        """Arguments that can be passed by name."""
        return {
            "training": self.training,
            **{name: parameter.data for name, parameter in self._parameters.items()},
            **{name: getattr(self, name) for name in (*self.buffer_names, *self._setting_names)},
        }

    def __repr__(self) -> str:
        forward, backward = self._functions
        settings = [f"{name}={getattr(self, name)!r}" for name in self._setting_names]
        return f"FunctionLayer({', '.join([forward.__name__, backward.__name__, *settings])})"


class FunctionLoss(Loss):
    """A loss made of two functions, such as `cross_entropy` and `cross_entropy_backward`.

    Parameters
    ----------
    forward, backward : callable
        Both are called with the outputs of the network and the targets; the first returns the
        loss, a mean over the batch, the second its gradient with respect to the outputs.

    Examples
    --------
    >>> from nnkit.functional import mse, mse_backward
    >>> loss = FunctionLoss(mse, mse_backward)
    >>> loss(np.array([[5.0, 1.0]]), np.array([[2.0, 1.0]]))
    4.5
    >>> loss.backward()
    array([[3., 0.]])
    """

    def __init__(
        self, forward: Callable[[Array, Array], float], backward: Callable[[Array, Array], Array]
    ) -> None:
        self._functions = forward, backward

    def __call__(self, outputs: Array, targets: Array) -> float:
        self._arguments = outputs, targets
        return float(self._functions[0](outputs, targets))

    def backward(self) -> Array:
        return np.asarray(self._functions[1](*self._arguments))


class FunctionOptimizer(Optimizer):
    """An optimizer whose rule is a function, such as `sgd_step` or `adam_step`.

    Parameters
    ----------
    params : iterable of Parameter
        ``model.parameters()``.
    step_function : callable
        ``step_function(param, grad, *state, lr, ...)`` returns the new parameter: alone, or first
        in a tuple, before the new values of its state. State are the arguments between `grad` and
        ``lr``; each starts as zeros. One that is called ``t`` gets the number of the step.
    lr : float
        Learning rate.
    **settings
        Other arguments, such as ``momentum=0.9``.

    Raises
    ------
    TypeError
        If `step_function` has no argument ``lr``, or one of its arguments has no value.
    ValueError
        In use: if it returns too much or too little.

    Examples
    --------
    >>> from nnkit.functional import momentum_step
    >>> p = Parameter([3.0])
    >>> optimizer = FunctionOptimizer([p], momentum_step, lr=0.1, momentum=0.5)
    >>> for _ in range(2):
    ...     p.grad = [10.0]
    ...     optimizer.step()
    >>> p, optimizer.state
    (Parameter([0.5]), {'velocity': array([15.])})
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        step_function: Callable[..., Any],
        lr: float,
        **settings: Any,
    ) -> None:
        names = _argument_names(step_function)
        if "lr" not in names[2:]:
            raise TypeError(
                f"expected {step_function.__name__}(param, grad, ..., lr, ...), got arguments "
                f"{names}; the names between grad and lr are the state"
            )
        state_names = tuple(name for name in names[2 : names.index("lr")] if name != "t")
        _expect_known(
            step_function, _required(step_function)[2:], {*state_names, "t", "lr", *settings}
        )
        super().__init__(params, lr, state_names)
        self._step_function = step_function
        self._settings = settings
        self._takes_t = "t" in names

    def _update(self) -> None:
        start = 0
        for parameter in self.parameters:
            part, shape = slice(start, start + parameter.data.size), parameter.data.shape
            start = part.stop
            state = {name: array[part].reshape(shape) for name, array in self.state.items()}
            self._update_parameter(parameter, state)

    def _update_parameter(self, parameter: Parameter, state: dict[str, Array]) -> None:
        arguments = {**state, "lr": self.lr, **self._settings}
        if self._takes_t:
            arguments["t"] = self.num_steps
        grad = parameter.grad.copy()  # a function that changes it in place does no harm
        result = self._step_function(parameter.data, grad, **arguments)
        values = result if isinstance(result, tuple) else (result,)
        if len(values) != 1 + len(state):
            raise ValueError(
                f"expected {self._step_function.__name__} to return "
                f"{', '.join(['the parameter', *state])}, got {len(values)} value(s)"
            )
        parameter.data = values[0]
        for array, value in zip(state.values(), values[1:], strict=True):
            array[...] = value


def _argument_names(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


def _required(function: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.default is p.empty]


def _expect_known(function: Callable[..., Any], required: list[str], known: Iterable[str]) -> None:
    missing = [name for name in required if name not in set(known)]
    if missing:
        raise TypeError(
            f"expected a value for each argument of {function.__name__}, got none for "
            f"{', '.join(missing)}; pass it by name, such as {missing[0]}=..."
        )
