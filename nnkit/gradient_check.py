"""Which layer has a wrong gradient? Each is checked on its own, with what really reaches it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from nnkit.checkpoint import restore, state_of
from nnkit.losses import Loss
from nnkit.module import Module
from nnkit.parameter import Array

STEPS = (1e-5, 1e-6, 1e-7)  # where a smaller one agrees, a larger one crossed a kink
SMALL = 1e-4  # gradients below that are compared with it: differences are not more exact


@dataclass(frozen=True)
class GradientRow:
    """One gradient that was checked.

    Attributes
    ----------
    layer : str
        Name and kind of the layer, such as "2 (Linear)"; or "loss", or "whole network".
    gradient : str
        With respect to what: "input", or the name of a parameter.
    error : float
        The largest difference from central differences, divided by the largest entry.
    is_right : bool
    """

    layer: str
    gradient: str
    error: float
    is_right: bool


@dataclass(frozen=True)
class GradientReport:
    """All gradients that were checked; prints as a table, and is true if all are right.

    Attributes
    ----------
    rows : tuple of GradientRow
        Layer by layer, then the loss, then the whole network.
    """

    rows: tuple[GradientRow, ...]

    @property
    def wrong(self) -> list[str]:
        """Names of what is wrong, such as "2 (Linear): bias"."""
        return [f"{row.layer}: {row.gradient}" for row in self.rows if not row.is_right]

    def __bool__(self) -> bool:
        return not self.wrong

    def __repr__(self) -> str:
        width = max(len(row.layer) for row in self.rows)
        lines = [
            f"{row.layer:<{width}}  {row.gradient:<12}  {row.error:.0e}  "
            f"{'right' if row.is_right else 'WRONG'}"
            for row in self.rows
        ]
        verdict = f"wrong: {'; '.join(self.wrong)}" if self.wrong else "all gradients are right"
        return "\n".join([*lines, verdict])


def gradient_check(
    model: Module,
    loss: Loss,
    x: Array,
    y: Array,
    *,
    tolerance: float = 1e-5,
    max_entries: int = 50,
) -> GradientReport:
    """Compare the gradients of every layer with central differences.

    Parameters
    ----------
    model : Module
        Checked in the mode in which it is, as a copy in float64: the model itself, its buffers
        and its generators stay as they are.
    loss : Loss
    x, y : ndarray
        A small batch, and its targets.
    tolerance : float, default=1e-5
        The largest error that counts as right.
    max_entries : int, default=50
        How many entries of an array are moved up and down; in larger arrays they are spread
        evenly.

    Returns
    -------
    report : GradientReport

    Notes
    -----
    A mistake in one layer makes the gradients of all layers before it wrong. So each layer is
    checked alone, with the input that it gets in the network, and random numbers ``g``: central
    differences of ``sum(layer(input) * g)`` against ``layer.backward(g)``. The loss is checked
    likewise, and at the end the parameters of the whole network.

    Where a step crosses the kink of a ReLU, the difference means nothing. So an entry that looks
    wrong is looked at again with smaller steps.

    Examples
    --------
    >>> from nnkit import CrossEntropyLoss, Linear, ReLU, Sequential
    >>> rng = np.random.default_rng(0)
    >>> model = Sequential(Linear(4, 5, rng), ReLU(), Linear(5, 3, rng))
    >>> x, y = rng.normal(size=(6, 4)), rng.integers(3, size=6)
    >>> report = gradient_check(model, CrossEntropyLoss(), x, y)
    >>> bool(report), report.wrong, [row.layer for row in report.rows][::3]
    (True, [], ['0 (Linear)', '1 (ReLU)', '2 (Linear)', 'whole network'])
    """
    model, loss = copy.deepcopy(model).astype(np.float64), copy.deepcopy(loss)
    x = np.array(x, np.float64)
    check = partial(_checked, tolerance=tolerance, max_entries=max_entries)
    rows = []
    for name, (layer, layer_input) in _inputs_of_layers(model, x).items():
        label = f"{name} ({type(layer).__name__})" if name else type(layer).__name__
        rows += _check_layer(check, label, layer, layer_input)
    outputs = model(x)
    loss(outputs, y)
    rows.append(check("loss", "input", lambda: loss(outputs, y), outputs, loss.backward()))
    return GradientReport((*rows, *_check_network(check, model, loss, x, y)))


Check = Callable[[str, str, Callable[[], float], Array, Array], GradientRow]


def _inputs_of_layers(model: Module, x: Array) -> dict[str, tuple[Module, Array]]:
    """For each layer that has no parts, what it is given in the network."""
    inputs: dict[str, tuple[Module, Array]] = {}

    def keep_input(name: str, layer: Module, x: Array, y: Array) -> None:
        inputs[name] = layer, x.copy()

    for name, module in model.named_modules():
        module.forward_hooks = () if module.children() else (partial(keep_input, name),)
    model(x)
    for _, module in model.named_modules():
        module.forward_hooks = ()
    return inputs


def _check_layer(check: Check, label: str, layer: Module, x: Array) -> list[GradientRow]:
    forward = _repeatable(layer)
    g = np.random.default_rng(0).normal(size=forward(x).shape)
    layer.zero_grad()
    forward(x)
    gradients = {"input": (x, layer.backward(g.copy()))}
    for name, parameter in layer.named_parameters().items():
        gradients[name] = parameter.data, parameter.grad.copy()
    return [
        check(label, name, lambda: float((forward(x) * g).sum()), array, gradient)
        for name, (array, gradient) in gradients.items()
    ]


def _check_network(
    check: Check, model: Module, loss: Loss, x: Array, y: Array
) -> list[GradientRow]:
    forward = _repeatable(model)
    model.zero_grad()
    loss(forward(x), y)
    model.backward_parameters(loss.backward())
    return [
        check("whole network", name, lambda: loss(forward(x), y), p.data, p.grad.copy())
        for name, p in model.named_parameters().items()
    ]


def _repeatable(module: Module) -> Callable[[Array], Array]:
    """Its forward function with the same dropout and the same running averages every time."""
    generators = [(generator, state_of(generator)) for generator in module.generators()]
    buffers = [(buffer, buffer.copy()) for buffer in module.buffers().values()]

    def forward(x: Array) -> Array:
        for generator, state in generators:
            restore(generator, state)
        for buffer, value in buffers:
            buffer[...] = value
        return module(x)

    return forward


def _checked(
    layer: str,
    name: str,
    f: Callable[[], float],
    array: Array,
    gradient: Array,
    tolerance: float,
    max_entries: int,
) -> GradientRow:
    """Compare a gradient with differences of `f`, which reads `array`."""
    if np.shape(gradient) != array.shape:
        return GradientRow(layer, name, float("inf"), is_right=False)
    size = max(float(np.abs(gradient).max(initial=0)), SMALL)
    entries = np.unique(np.linspace(0, array.size - 1, min(array.size, max_entries)).astype(int))
    error = 0.0
    for i in (np.unravel_index(entry, array.shape) for entry in entries):
        errors: list[float] = []
        while len(errors) < len(STEPS) and min(errors, default=np.inf) > tolerance:
            difference = _difference(f, array, i, STEPS[len(errors)])
            errors.append(float(abs(difference - gradient[i]) / size))
        error = max(error, min(errors))
    return GradientRow(layer, name, error, is_right=error <= tolerance)


def _difference(f: Callable[[], float], array: Array, i: tuple[np.intp, ...], step: float) -> float:
    value = array[i]
    array[i] = value + step
    up = f()
    array[i] = value - step
    down = f()
    array[i] = value
    return (up - down) / (2 * step)
