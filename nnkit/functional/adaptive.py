"""Adaptive learning rates: a step of its own for each entry of a parameter."""

from __future__ import annotations

import numpy as np

from nnkit.functional._checks.arrays import numbers
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import same_shape
from nnkit.functional._checks.scalars import (
    betas_pair,
    count,
    non_negative,
    zero_to_one,
)


@expects(
    same_shape("param", "grad", "square_sum"),
    param=numbers,
    grad=numbers,
    square_sum=numbers,
    lr=non_negative,
    eps=non_negative,
)
def adagrad_step(
    param: Array, grad: Array, square_sum: Array, lr: float, eps: float = 1e-10
) -> tuple[Array, Array]:
    r"""One step of AdaGrad: entries with a history of large gradients take smaller steps.

    Parameters
    ----------
    param : ndarray, any shape
        Weights or biases.
    grad : ndarray, same shape
        Gradient of the loss with respect to them.
    square_sum : ndarray, same shape
        What the last step returned; zeros before the first one.
    lr : float
        Learning rate.
    eps : float, default=1e-10
        Added to the root, outside it, so that nothing is divided by 0.

    Returns
    -------
    param, square_sum : ndarray, same shape
        The new values, in new arrays. The sum includes the square of this gradient, and the
        parameters move by the new sum.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, or `lr` or `eps` is negative.

    Notes
    -----
    ::

        square_sum = square_sum + grad**2
        param      = param - lr * grad / (sqrt(square_sum) + eps)

    References
    ----------
    Duchi, Hazan and Singer (2011), "Adaptive subgradient methods for online learning and
    stochastic optimization", JMLR 12, 2121-2159.
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, algorithm 8.4.

    Examples
    --------
    The sum becomes 16 + 3**2 = 25, whose root is 5:

    >>> adagrad_step(np.array([1.0]), np.array([3.0]), np.array([16.0]), lr=1.0)
    (array([0.4]), array([25.]))
    """
    square_sum = square_sum + grad**2
    return param - lr * grad / (np.sqrt(square_sum) + eps), square_sum


@expects(
    same_shape("param", "grad", "square_avg"),
    param=numbers,
    grad=numbers,
    square_avg=numbers,
    lr=non_negative,
    alpha=zero_to_one,
    eps=non_negative,
)
def rmsprop_step(
    param: Array,
    grad: Array,
    square_avg: Array,
    lr: float,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> tuple[Array, Array]:
    r"""One step of RMSProp: AdaGrad with a memory that fades.

    Parameters
    ----------
    param : ndarray, any shape
        Weights or biases.
    grad : ndarray, same shape
        Gradient of the loss with respect to them.
    square_avg : ndarray, same shape
        What the last step returned; zeros before the first one. There is no bias correction.
    lr : float
        Learning rate.
    alpha : float, default=0.99
        Weight of the old average; the square of the new gradient has the rest of the weight.
    eps : float, default=1e-8
        Added to the root, outside it.

    Returns
    -------
    param, square_avg : ndarray, same shape
        The new values, in new arrays. The parameters move by the new average.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, `lr` or `eps` is negative, or `alpha` is not from 0 to 1.

    Notes
    -----
    ::

        square_avg = alpha * square_avg + (1 - alpha) * grad**2
        param      = param - lr * grad / (sqrt(square_avg) + eps)

    as ``torch.optim.RMSprop``; some texts have `eps` under the root.

    References
    ----------
    Tieleman and Hinton (2012), "Lecture 6.5 - RMSProp", Coursera: Neural Networks for Machine
    Learning.

    Examples
    --------
    The average becomes 0.75 * 4 + 0.25 * 2**2 = 4, whose root is 2:

    >>> rmsprop_step(np.array([1.0]), np.array([2.0]), np.array([4.0]), lr=0.1, alpha=0.75, eps=0)
    (array([0.9]), array([4.]))
    """
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), square_avg


@expects(
    same_shape("param", "grad", "m", "v"),
    param=numbers,
    grad=numbers,
    m=numbers,
    v=numbers,
    t=count,
    lr=non_negative,
    betas=betas_pair,
    eps=non_negative,
)
def adam_step(
    param: Array,
    grad: Array,
    m: Array,
    v: Array,
    t: int,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Array, Array, Array]:
    r"""One step of Adam: momentum and RMSProp, both corrected for their start at zero.

    Parameters
    ----------
    param : ndarray, any shape
        Weights or biases.
    grad : ndarray, same shape
        Gradient of the loss with respect to them.
    m, v : ndarray, same shape
        Running averages of the gradient and of its square, as the last step returned them (not
        corrected); zeros before the first one.
    t : int
        Number of this step: 1 at the first one.
    lr : float
        Learning rate.
    betas : pair of float, default=(0.9, 0.999)
        Weights of the old averages: the first for `m`, the second for `v`. What is new has the
        rest of the weight.
    eps : float, default=1e-8
        Added to the root of the corrected `v`, outside the root.

    Returns
    -------
    param, m, v : ndarray, same shape
        The new values, in new arrays. The correction for the start at zero is used to move the
        parameters; the averages that are returned are not corrected.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, `t` is below 1, `lr` or `eps` is negative, or a beta is not from 0
        to below 1.

    Notes
    -----
    With ``beta1, beta2 = betas``::

        m     = beta1 * m + (1 - beta1) * grad
        v     = beta2 * v + (1 - beta2) * grad**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        param = param - lr * m_hat / (sqrt(v_hat) + eps)

    References
    ----------
    Kingma and Ba (2015), "Adam: a method for stochastic optimization", arXiv:1412.6980,
    algorithm 1.

    Examples
    --------
    The first step has size `lr`, whatever the size of the gradient:

    >>> zeros = np.zeros(2)
    >>> param, m, v = adam_step(zeros, np.array([5.0, -2.0]), zeros, zeros, t=1, lr=0.01)
    >>> param.round(6), m.round(6), v.round(6)
    (array([-0.01,  0.01]), array([ 0.5, -0.2]), array([0.025, 0.004]))
    """
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


@expects(
    same_shape("param", "grad", "m", "v"),
    param=numbers,
    grad=numbers,
    m=numbers,
    v=numbers,
    t=count,
    lr=non_negative,
    betas=betas_pair,
    eps=non_negative,
    weight_decay=non_negative,
)
def adamw_step(
    param: Array,
    grad: Array,
    m: Array,
    v: Array,
    t: int,
    lr: float,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Array, Array, Array]:
    r"""One step of AdamW: Adam, and apart from it each parameter shrinks a little.

    Parameters
    ----------
    param : ndarray, any shape
        Weights or biases.
    grad : ndarray, same shape
        Gradient of the loss with respect to them, without any penalty for large weights.
    m, v : ndarray, same shape
        Running averages of the gradient and of its square, as in `adam_step`.
    t : int
        Number of this step: 1 at the first one.
    lr : float
        Learning rate.
    betas : pair of float, default=(0.9, 0.999)
        Weights of the old averages: the first for `m`, the second for `v`.
    eps : float, default=1e-8
        Added to the root of the corrected `v`, outside the root.
    weight_decay : float, default=0.01
        Times `lr`, the part of itself that each parameter loses in the step. It takes no part
        in the averages, nor in the division by the root.

    Returns
    -------
    param, m, v : ndarray, same shape
        The new values, in new arrays. What is lost is measured on `param` as it came in.

    Raises
    ------
    ValueError, TypeError
        As in `adam_step`, or if `weight_decay` is negative.

    Notes
    -----
    With ``adam_param`` the result of `adam_step`::

        param = adam_param - lr * weight_decay * param

    as ``torch.optim.AdamW``. In the paper the decay is scaled by the schedule alone, not by the
    initial learning rate.

    References
    ----------
    Loshchilov and Hutter (2019), "Decoupled weight decay regularization", arXiv:1711.05101,
    algorithm 2.

    Examples
    --------
    Without a gradient, nothing is left but the decay, 0.1 * 0.5 of the parameter:

    >>> zeros = np.zeros(2)
    >>> param, m, v = adamw_step(
    ...     np.array([2.0, -4.0]), zeros, zeros, zeros, t=1, lr=0.1, weight_decay=0.5
    ... )
    >>> param
    array([ 1.9, -3.8])
    """
    adam_param, m, v = adam_step(param, grad, m, v, t, lr, betas, eps)
    return adam_param - lr * weight_decay * param, m, v
