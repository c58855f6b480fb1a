"""The update rules once more, in one pass over memory, where numba is installed.

The results are those of `nnkit.update_rules` to the last bit: the same operations in the same
order, and no "fast math". What is gained is that each number is read and written once.
"""

# mypy: disable-error-code="no-untyped-def"
# (numba finds the types out by itself)

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from nnkit.parameter import Array

SMALLEST_SIZE = 1 << 15  # below that, a rule in NumPy is quicker than importing numba

_is_enabled = True


def set_enabled(enabled: bool) -> None:
    """Whether optimizers made from now on may use numba; True at first."""
    global _is_enabled
    _is_enabled = enabled


def is_available() -> bool:
    """Whether numba is installed, and not switched off by `set_enabled`."""
    return _is_enabled and importlib.util.find_spec("numba") is not None


def fused_rule(name: str, size: int) -> Callable[..., None] | None:
    """The compiled rule of that name, to be called with whole arrays; None where it won't pay.

    Its arguments are those of the function in `nnkit.update_rules`; it makes no use of `s`.
    """
    return _compiled(name) if size >= SMALLEST_SIZE and is_available() else None


@cache
def _compiled(name: str) -> Callable[..., None]:
    numba: Any = importlib.import_module("numba")
    compiled = numba.njit(_LOOPS[name], error_model="numpy", cache=True)

    def rule(p: Array, *arguments: Array | float) -> None:
        number = p.dtype.type  # NumPy, too, computes in the type of the array
        compiled(p, *(number(a) if isinstance(a, float) else a for a in arguments))

    return rule


def _sgd(p, g, s, lr, weight_decay):
    for i in range(p.size):
        p[i] -= (p[i] * weight_decay + g[i]) * lr


def _momentum(p, g, velocity, s, lr, momentum, weight_decay):
    for i in range(p.size):
        velocity[i] = velocity[i] * momentum + (p[i] * weight_decay + g[i])
        p[i] -= velocity[i] * lr


def _nesterov(p, g, velocity, s, lr, momentum, weight_decay):
    for i in range(p.size):
        decayed = p[i] * weight_decay + g[i]
        velocity[i] = velocity[i] * momentum + decayed
        p[i] = p[i] - decayed * lr - velocity[i] * momentum * lr


def _adagrad(p, g, square_sum, s, lr, eps):
    for i in range(p.size):
        square_sum[i] += g[i] * g[i]
        p[i] -= g[i] / (np.sqrt(square_sum[i]) + eps) * lr


def _rmsprop(p, g, square_sum, s, lr, alpha, eps):
    for i in range(p.size):
        square_sum[i] = square_sum[i] * alpha + g[i] * g[i]
        p[i] -= g[i] / (np.sqrt(square_sum[i]) + eps) * lr


def _adam(p, g, grad_sum, square_sum, s, lr, beta1, beta2, eps):
    for i in range(p.size):
        grad_sum[i] = grad_sum[i] * beta1 + g[i]
        square_sum[i] = square_sum[i] * beta2 + g[i] * g[i]
        p[i] -= grad_sum[i] / (np.sqrt(square_sum[i]) + eps) * lr


def _adamw(p, g, grad_sum, square_sum, s, lr, beta1, beta2, eps, keep):
    for i in range(p.size):
        grad_sum[i] = grad_sum[i] * beta1 + g[i]
        square_sum[i] = square_sum[i] * beta2 + g[i] * g[i]
        p[i] = p[i] * keep - grad_sum[i] / (np.sqrt(square_sum[i]) + eps) * lr


_LOOPS = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
}
