"""Gradient descent: plain, with momentum, with Nesterov's look ahead; and clipping."""

from __future__ import annotations

import numpy as np

from nnkit.functional._checks.arrays import numbers, real_arrays
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import same_shape
from nnkit.functional._checks.scalars import (
    non_negative,
    positive,
    zero_to_one,
)


@expects(same_shape("param", "grad"), param=numbers, grad=numbers, lr=non_negative)
def sgd_step(param: Array, grad: Array, lr: float) -> Array:
    r"""One step of gradient descent: against the gradient.

    Parameters
    ----------
    param : ndarray, any shape
        Weights or biases.
    grad : ndarray, same shape
        Gradient of the loss with respect to them.
    lr : float
        Learning rate.

    Returns
    -------
    param : ndarray, same shape
        The new values, in a new array.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, or `lr` is negative.

    Notes
    -----
    ::

        param = param - lr * grad

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, algorithm 8.1.

    Examples
    --------
    >>> sgd_step(np.array([1.0, 2.0]), np.array([10.0, -10.0]), lr=0.1)
    array([0., 3.])
    """
    return param - lr * grad


@expects(
    same_shape("param", "grad", "velocity"),
    param=numbers,
    grad=numbers,
    velocity=numbers,
    lr=non_negative,
    momentum=zero_to_one,
)
def momentum_step(
    param: Array, grad: Array, velocity: Array, lr: float, momentum: float = 0.9
) -> tuple[Array, Array]:
    r"""One step of gradient descent with momentum, as in PyTorch.

    Parameters
    ----------
    param : ndarray, any shape
        Weights or biases.
    grad : ndarray, same shape
        Gradient of the loss with respect to them.
    velocity : ndarray, same shape
        What the last step returned; zeros before the first one.
    lr : float
        Learning rate. It multiplies the whole velocity when the parameters move; the velocity
        itself is a running sum of gradients, without it.
    momentum : float, default=0.9
        Which part of the old velocity is kept. The new gradient counts in full.

    Returns
    -------
    param, velocity : ndarray, same shape
        The new values, in new arrays.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, `lr` is negative, or `momentum` is not from 0 to 1.

    Notes
    -----
    ::

        velocity = momentum * velocity + grad
        param    = param - lr * velocity

    Other texts put `lr` into the velocity, which differs when `lr` changes, or weigh the
    gradient by ``1 - momentum``.

    References
    ----------
    Polyak (1964), "Some methods of speeding up the convergence of iteration methods".
    Sutskever, Martens, Dahl and Hinton (2013), "On the importance of initialization and
    momentum in deep learning", equations 1 and 2 (with `lr` inside the velocity).

    Examples
    --------
    The velocity becomes 0.5 * 4 + 8 = 10:

    >>> momentum_step(np.array([3.0]), np.array([8.0]), np.array([4.0]), lr=0.1, momentum=0.5)
    (array([2.]), array([10.]))
    """
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity


@expects(
    same_shape("param", "grad", "velocity"),
    param=numbers,
    grad=numbers,
    velocity=numbers,
    lr=non_negative,
    momentum=zero_to_one,
)
def nesterov_step(
    param: Array, grad: Array, velocity: Array, lr: float, momentum: float = 0.9
) -> tuple[Array, Array]:
    r"""One step of gradient descent with Nesterov's momentum, as in PyTorch.

    Parameters
    ----------
    param : ndarray, any shape
        Weights or biases.
    grad : ndarray, same shape
        Gradient of the loss with respect to them, at `param` itself.
    velocity : ndarray, same shape
        What the last step returned; zeros before the first one.
    lr : float
        Learning rate.
    momentum : float, default=0.9
        Which part of the old velocity is kept. The new gradient counts in full.

    Returns
    -------
    param, velocity : ndarray, same shape
        The new values, in new arrays. The velocity is that of `momentum_step`. The parameters
        move as if the velocity had been updated by this gradient once more: by the gradient
        plus momentum times the new velocity, times the learning rate.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, `lr` is negative, or `momentum` is not from 0 to 1.

    Notes
    -----
    ::

        velocity = momentum * velocity + grad
        param    = param - lr * (grad + momentum * velocity)

    References
    ----------
    Nesterov (1983), "A method for solving the convex programming problem with convergence rate
    O(1/k^2)".
    Sutskever, Martens, Dahl and Hinton (2013), "On the importance of initialization and
    momentum in deep learning", equations 3 and 4, where the gradient is taken at the point
    ahead; here `param` stands for that point.

    Examples
    --------
    The velocity becomes 0.5 * 4 + 8 = 10, the parameter moves by 0.1 * (8 + 0.5 * 10):

    >>> param, velocity = nesterov_step(
    ...     np.array([3.0]), np.array([8.0]), np.array([4.0]), lr=0.1, momentum=0.5
    ... )
    >>> param.round(6), velocity
    (array([1.7]), array([10.]))
    """
    velocity = momentum * velocity + grad
    return param - lr * (grad + momentum * velocity), velocity


@expects(grads=real_arrays, max_norm=positive)
def clip_gradients(grads: list[Array], max_norm: float) -> tuple[list[Array], float]:
    r"""Scale all gradients down together if they are too large together.

    Parameters
    ----------
    grads : list of ndarray
        The gradients of all parameters, of any shapes.
    max_norm : float
        The largest norm that is let through.

    Returns
    -------
    grads : list of ndarray
        New arrays, all multiplied by one number, so that their direction stays: by 1 if the
        total norm is at most `max_norm`, otherwise by what brings it to `max_norm`.
    total_norm : float
        The norm before clipping: the root of the sum of the squares of all entries of all
        arrays. A Python number.

    Raises
    ------
    ValueError, TypeError
        If `grads` is not a list of arrays of real numbers, or `max_norm` is not positive.

    Notes
    -----
    ::

        total_norm = sqrt(sum of grad**2 over all entries of all grads)
        scale      = min(1, max_norm / total_norm)
        grads      = [scale * grad for grad in grads]

    PyTorch's ``clip_grad_norm_`` adds 1e-6 to the norm before it divides.

    References
    ----------
    Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural
    networks", arXiv:1211.5063, algorithm 1.

    Examples
    --------
    The squares are 9 and 16, so the norm is 5, ten times too large:

    >>> grads, total_norm = clip_gradients([np.array([3.0]), np.array([[4.0]])], max_norm=0.5)
    >>> total_norm
    5.0
    >>> grads
    [array([0.3]), array([[0.4]])]
    """
    total_norm = np.sqrt(sum((grad**2).sum().item() for grad in grads)).item()
    scale = 1.0 if total_norm <= max_norm else max_norm / total_norm
    return [scale * grad for grad in grads], total_norm
