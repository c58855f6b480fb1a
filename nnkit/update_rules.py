"""The update rules of the optimizers, in place, for a block of a long array.

A rule takes the parameters `p`, their gradients `g`, its state, a block `s` of room for
intermediate results, and numbers. It changes `p`, the state and `s`, never `g`. It makes no
new array, since blocks that stay in the processor's cache are half of what makes it quick.
"""

from __future__ import annotations

import numpy as np

from nnkit.parameter import Array


def sgd(p: Array, g: Array, s: Array, lr: float, weight_decay: float) -> None:
    """``p -= lr * (g + weight_decay * p)``."""
    if weight_decay:
        np.multiply(p, weight_decay, out=s)
        s += g
        s *= lr
    else:
        np.multiply(g, lr, out=s)
    p -= s


def momentum(
    p: Array, g: Array, velocity: Array, s: Array, lr: float, momentum: float, weight_decay: float
) -> None:
    """``velocity = momentum * velocity + (g + weight_decay * p)``, then ``p -= lr * velocity``."""
    velocity *= momentum
    if weight_decay:
        np.multiply(p, weight_decay, out=s)
        s += g
        velocity += s
    else:
        velocity += g
    np.multiply(velocity, lr, out=s)
    p -= s


def nesterov(
    p: Array, g: Array, velocity: Array, s: Array, lr: float, momentum: float, weight_decay: float
) -> None:
    """As momentum, but then ``p -= lr * ((g + weight_decay * p) + momentum * velocity)``."""
    np.multiply(p, weight_decay, out=s)
    s += g
    velocity *= momentum
    velocity += s
    s *= lr
    p -= s
    np.multiply(velocity, momentum, out=s)
    s *= lr
    p -= s


def adagrad(p: Array, g: Array, square_sum: Array, s: Array, lr: float, eps: float) -> None:
    """``square_sum += g**2``, then ``p -= lr * g / (sqrt(square_sum) + eps)``."""
    np.multiply(g, g, out=s)
    square_sum += s
    np.sqrt(square_sum, out=s)
    s += eps
    np.divide(g, s, out=s)
    s *= lr
    p -= s


def rmsprop(
    p: Array, g: Array, square_sum: Array, s: Array, lr: float, alpha: float, eps: float
) -> None:
    """Adagrad with a sum that fades: it is multiplied by alpha first."""
    square_sum *= alpha
    adagrad(p, g, square_sum, s, lr, eps)


def adam(
    p: Array,
    g: Array,
    grad_sum: Array,
    square_sum: Array,
    s: Array,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
) -> None:
    """Both sums fade, then ``p -= lr * grad_sum / (sqrt(square_sum) + eps)``."""
    grad_sum *= beta1
    grad_sum += g
    square_sum *= beta2
    np.multiply(g, g, out=s)
    square_sum += s
    np.sqrt(square_sum, out=s)
    s += eps
    np.divide(grad_sum, s, out=s)
    s *= lr
    p -= s


def adamw(
    p: Array,
    g: Array,
    grad_sum: Array,
    square_sum: Array,
    s: Array,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    keep: float,
) -> None:
    """Adam, after each parameter has shrunk: ``p *= keep``."""
    p *= keep
    adam(p, g, grad_sum, square_sum, s, lr, beta1, beta2, eps)
