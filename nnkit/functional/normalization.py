"""Batch normalisation and layer normalisation, forward and backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnkit.functional._checks.arrays import matrix, vector
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import (
    batch_has_two_rows,
    fits_cached,
    one_entry_per_column,
)
from nnkit.functional._checks.scalars import cache_tuple, flag, non_negative, zero_to_one


@expects(
    one_entry_per_column("x", "gamma", "beta", "running_mean", "running_var"),
    batch_has_two_rows,
    x=matrix("N", "C"),
    gamma=vector("C"),
    beta=vector("C"),
    running_mean=vector("C"),
    running_var=vector("C"),
    training=flag,
    momentum=zero_to_one,
    eps=non_negative,
)
def batchnorm_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Array, Array, Array, tuple[Any, ...]]:
    r"""Normalise each feature, then scale and shift it, as PyTorch's ``BatchNorm1d`` does.

    Parameters
    ----------
    x : ndarray, shape (N, C)
        A batch: one row for each example, one column for each feature. At least 2 rows in
        training mode.
    gamma, beta : ndarray, shape (C,)
        Learned scale and shift of each feature; used in both modes.
    running_mean, running_var : ndarray, shape (C,)
        Averages over past batches. They start at 0 and 1.
    training : bool
        True: normalise by the mean and the variance of this batch, and move the running
        averages. False: normalise by the running averages, and leave them as they are.
    momentum : float, default=0.1
        Weight of the *new* batch in the running averages; the old averages have the rest.
    eps : float, default=1e-5
        Added to the variance, under the root.

    Returns
    -------
    y : ndarray, shape (N, C)
        The output of the layer.
    running_mean, running_var : ndarray, shape (C,)
        The averages after this batch, in new arrays. Training normalises by the biased variance
        (divisor N), while `running_var` averages the unbiased one (divisor N - 1).
    cache : tuple (x_hat, gamma, std, training)
        What `batchnorm_backward` needs: the normalised input (N, C); a copy of gamma (C,); what
        the centred input was divided by (C,); the mode.

    Raises
    ------
    ValueError, TypeError
        If the shapes don't fit, a batch of one row comes in training mode, or `momentum` is not
        from 0 to 1.

    Notes
    -----
    In training mode, with ``mean`` and ``var`` over the rows of the batch::

        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var  = (1 - momentum) * running_var + momentum * var * N / (N - 1)

    In evaluation mode ``mean = running_mean`` and ``var = running_var``. In both::

        std   = sqrt(var + eps)
        x_hat = (x - mean) / std
        y     = gamma * x_hat + beta

    References
    ----------
    Ioffe and Szegedy (2015), "Batch normalization", arXiv:1502.03167, algorithms 1 and 2.

    Examples
    --------
    >>> x = np.array([[0.0, 10.0], [2.0, 30.0]])
    >>> y, running_mean, running_var, cache = batchnorm_forward(
    ...     x, np.ones(2), np.zeros(2), np.zeros(2), np.ones(2), training=True
    ... )
    >>> y.round(3)
    array([[-1., -1.],
           [ 1.,  1.]])

    The means of the batch are 1 and 20, the unbiased variances 2 and 200:

    >>> running_mean, running_var
    (array([0.1, 2. ]), array([ 1.1, 20.9]))
    """
    mean, var = running_mean.copy(), running_var.copy()
    if training:
        mean = x.mean(axis=0)
        var = ((x - mean) ** 2).mean(axis=0)
        unbiased_var = var * len(x) / (len(x) - 1)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * unbiased_var
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    y = gamma * x_hat + beta
    return y, running_mean.copy(), running_var.copy(), (x_hat, gamma.copy(), std, training)


@expects(
    fits_cached("grad_output", "x_hat"),
    grad_output=matrix("N", "C"),
    cache=cache_tuple("x_hat", "gamma", "std", "training", made_by="batchnorm_forward"),
)
def batchnorm_backward(grad_output: Array, cache: tuple[Any, ...]) -> tuple[Array, Array, Array]:
    r"""Gradients of a loss with respect to the input, scale and shift of `batchnorm_forward`.

    Parameters
    ----------
    grad_output : ndarray, shape (N, C)
        Gradient of the loss with respect to `y`.
    cache : tuple (x_hat, gamma, std, training)
        What `batchnorm_forward` returned: the normalised input (N, C); gamma (C,); what the
        centred input was divided by (C,); the mode.

    Returns
    -------
    grad_x : ndarray, shape (N, C)
        In training mode it includes the paths through the mean and the variance of the batch,
        which depend on every row. In evaluation mode these are constants.
    grad_gamma : ndarray, shape (C,)
    grad_beta : ndarray, shape (C,)
        What the examples contribute is added up.

    Raises
    ------
    ValueError, TypeError
        If `cache` is not what `batchnorm_forward` returned, or `grad_output` has another shape
        than its output.

    Notes
    -----
    With ``g = grad_output * gamma`` and ``avg`` the mean over the rows::

        grad_gamma = sum_i grad_output[i] * x_hat[i]
        grad_beta  = sum_i grad_output[i]
        grad_x     = (g - avg(g) - x_hat * avg(g * x_hat)) / std    in training mode
        grad_x     = g / std                                        in evaluation mode

    References
    ----------
    Ioffe and Szegedy (2015), "Batch normalization", arXiv:1502.03167, the gradients of
    section 3.

    Examples
    --------
    With two rows, ``x_hat`` is -1 and 1 whatever the input is. So the input gets next to no
    gradient, while gamma and beta do:

    >>> _, _, _, cache = batchnorm_forward(
    ...     np.array([[0.0], [20.0]]), np.ones(1), np.zeros(1), np.zeros(1), np.ones(1), True
    ... )
    >>> grad_x, grad_gamma, grad_beta = batchnorm_backward(np.array([[2.0], [5.0]]), cache)
    >>> grad_x.round(6), grad_gamma.round(6), grad_beta
    (array([[-0.],
           [ 0.]]), array([3.]), array([7.]))
    """
    x_hat, gamma, std, training = cache
    grad_gamma = (grad_output * x_hat).sum(axis=0)
    grad_beta = grad_output.sum(axis=0)
    g = grad_output * gamma
    if training:  # in evaluation mode the statistics are constants
        g = g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)
    return g / std, grad_gamma, grad_beta


@expects(
    one_entry_per_column("x", "gamma", "beta"),
    x=matrix("N", "D"),
    gamma=vector("D"),
    beta=vector("D"),
    eps=non_negative,
)
def layernorm_forward(
    x: Array, gamma: Array, beta: Array, eps: float = 1e-5
) -> tuple[Array, tuple[Any, ...]]:
    r"""Normalise each example over its features, then scale and shift each feature.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        A batch: one row for each example. One row is enough, since each stands for itself.
    gamma, beta : ndarray, shape (D,)
        Learned scale and shift of each feature.
    eps : float, default=1e-5
        Added to the variance, under the root.

    Returns
    -------
    y : ndarray, shape (N, D)
        The output of the layer. Mean and variance are those of a row; the variance is the
        biased one (divisor D). There is no difference between training and evaluation.
    cache : tuple (x_hat, gamma, std)
        What `layernorm_backward` needs: the normalised input (N, D); a copy of gamma (D,); what
        the centred input was divided by (N, 1).

    Raises
    ------
    ValueError, TypeError
        If the shapes don't fit, or `eps` is negative.

    Notes
    -----
    With ``mean`` and ``var`` over the entries of each row::

        std   = sqrt(var + eps)
        x_hat = (x - mean) / std
        y     = gamma * x_hat + beta

    References
    ----------
    Ba, Kiros and Hinton (2016), "Layer normalization", arXiv:1607.06450, equation 3.

    Examples
    --------
    >>> x = np.array([[0.0, 2.0], [10.0, 30.0]])
    >>> y, cache = layernorm_forward(x, gamma=np.array([1.0, 5.0]), beta=np.zeros(2))
    >>> y.round(3)
    array([[-1.,  5.],
           [-1.,  5.]])
    """
    mean = x.mean(axis=1, keepdims=True)
    var = ((x - mean) ** 2).mean(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma.copy(), std)


@expects(
    fits_cached("grad_output", "x_hat"),
    grad_output=matrix("N", "D"),
    cache=cache_tuple("x_hat", "gamma", "std", made_by="layernorm_forward"),
)
def layernorm_backward(grad_output: Array, cache: tuple[Any, ...]) -> tuple[Array, Array, Array]:
    r"""Gradients of a loss with respect to the input, scale and shift of `layernorm_forward`.

    Parameters
    ----------
    grad_output : ndarray, shape (N, D)
        Gradient of the loss with respect to `y`.
    cache : tuple (x_hat, gamma, std)
        What `layernorm_forward` returned: the normalised input (N, D); gamma (D,); what the
        centred input was divided by (N, 1).

    Returns
    -------
    grad_x : ndarray, shape (N, D)
        It includes the paths through the mean and the variance of the row, which depend on
        every entry of the row.
    grad_gamma : ndarray, shape (D,)
    grad_beta : ndarray, shape (D,)
        What the examples contribute is added up.

    Raises
    ------
    ValueError, TypeError
        If `cache` is not what `layernorm_forward` returned, or `grad_output` has another shape
        than its output.

    Notes
    -----
    With ``g = grad_output * gamma`` and ``avg`` the mean over the entries of each row::

        grad_gamma = sum_i grad_output[i] * x_hat[i]
        grad_beta  = sum_i grad_output[i]
        grad_x     = (g - avg(g) - x_hat * avg(g * x_hat)) / std

    References
    ----------
    Ba, Kiros and Hinton (2016), "Layer normalization", arXiv:1607.06450, equation 3.

    Examples
    --------
    With two features, ``x_hat`` is -1 and 1 whatever the input is. So the input gets next to no
    gradient, while gamma and beta do:

    >>> _, cache = layernorm_forward(np.array([[0.0, 20.0]]), np.ones(2), np.zeros(2))
    >>> grad_x, grad_gamma, grad_beta = layernorm_backward(np.array([[2.0, 5.0]]), cache)
    >>> grad_x.round(6), grad_gamma.round(6), grad_beta
    (array([[-0.,  0.]]), array([-2.,  5.]), array([2., 5.]))
    """
    x_hat, gamma, std = cache
    grad_gamma = (grad_output * x_hat).sum(axis=0)
    grad_beta = grad_output.sum(axis=0)
    g = grad_output * gamma
    projection = x_hat * (g * x_hat).mean(axis=1, keepdims=True)
    grad_x = (g - g.mean(axis=1, keepdims=True) - projection) / std
    return grad_x, grad_gamma, grad_beta
