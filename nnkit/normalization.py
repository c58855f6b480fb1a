"""Batch normalisation and layer normalisation."""

from __future__ import annotations

import numpy as np

from nnkit.module import Module
from nnkit.parameter import Array, Parameter


class BatchNorm1d(Module):
    r"""Normalise each feature over the batch, then scale and shift it.

    Parameters
    ----------
    num_features : int
        Number of features, C.
    eps : float, default=1e-5
        Added to the variance, inside the square root.
    momentum : float, default=0.1
        Weight of the *new* batch in the running statistics (PyTorch's convention;
        some texts call ``1 - momentum`` the momentum).

    Attributes
    ----------
    weight, bias : Parameter, shape (C,)
        Learned scale (gamma) and shift (beta); start at 1 and 0.
    running_mean, running_var : ndarray, shape (C,)
        Used in evaluation mode.  `running_var` averages the unbiased variance
        (divisor N - 1), though training normalises by the biased one (N).

    Raises
    ------
    ValueError
        In use: if the input has another number of columns, or a single row in training mode.

    Notes
    -----
    Input and output have shape (N, C).  With mean and variance over the batch, axis 0::

        x_hat = (x - mean) / sqrt(var + eps)
        y     = weight * x_hat + bias

    Both statistics depend on every row, hence two extra terms in the gradient; with
    ``g = dL/dy`` and ``avg`` the mean over the batch::

        dL/dx = weight / sqrt(var + eps) * (g - avg(g) - x_hat * avg(g * x_hat))

    The code keeps ``x - mean`` and not `x_hat`: dividing C numbers is less work than N times C.

    References
    ----------
    Ioffe and Szegedy (2015), "Batch Normalization", arXiv:1502.03167, Algorithm 1
    and the gradients of Section 3.

    Examples
    --------
    >>> layer = BatchNorm1d(2)
    >>> y = layer(np.array([[0.0, 10.0], [2.0, 30.0]]))
    >>> y.round(3)
    array([[-1., -1.],
           [ 1.,  1.]])
    """

    buffer_names = ("running_mean", "running_var")

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.weight = Parameter(np.ones(num_features))
        self.bias = Parameter(np.zeros(num_features))
        self.running_mean: Array = np.zeros(num_features)
        self.running_var: Array = np.ones(num_features)

    def forward(self, x: Array) -> Array:
        self._check_shape(x)
        if self.training:
            mean = x.sum(axis=0) / len(x)
            self._centred = x - mean
            var = _dot_columns(self._centred, self._centred) / len(x)
            self._update_running_stats(mean, var, n=len(x))
        else:
            self._centred = x - self.running_mean
            var = self.running_var
        self._inv_std = 1 / np.sqrt(var + self.eps)
        y = self._centred * (self.weight.data * self._inv_std)
        y += self.bias.data
        return y

    def backward(self, grad_output: Array) -> Array:
        grad_weight = _dot_columns(grad_output, self._centred) * self._inv_std
        grad_bias = grad_output.sum(axis=0)
        self.weight.add_to_grad(np.positive, grad_weight)
        self.bias.add_to_grad(np.positive, grad_bias)
        if not self.training:  # in evaluation mode the statistics are constants
            return grad_output * (self.weight.data * self._inv_std)
        n = len(grad_output)
        grad_x = self._centred * (self._inv_std * grad_weight / -n)
        grad_x += grad_output
        grad_x -= grad_bias / n
        grad_x *= self.weight.data * self._inv_std
        return grad_x

    def _update_running_stats(self, mean: Array, var: Array, n: int) -> None:
        unbiased_var = var * (n / (n - 1))
        self.running_mean += self.momentum * (mean - self.running_mean)
        self.running_var += self.momentum * (unbiased_var - self.running_var)

    def _check_shape(self, x: Array) -> None:
        if x.ndim != 2 or x.shape[1] != self.num_features:
            raise ValueError(
                f"expected input of shape (N, {self.num_features}), got {x.shape}; "
                "one row for each example, one column for each of num_features"
            )
        if self.training and len(x) < 2:
            raise ValueError(
                f"batch normalisation needs at least 2 rows in training mode, got {len(x)}; "
                "use a larger batch, or call model.eval() first"
            )


class LayerNorm(Module):
    r"""Normalise each example over its features, then scale and shift each feature.

    Parameters
    ----------
    normalized_shape : int
        Number of features, D.
    eps : float, default=1e-5
        Added to the variance, inside the square root.

    Attributes
    ----------
    weight, bias : Parameter, shape (D,)
        Learned scale (gamma) and shift (beta); start at 1 and 0.

    Raises
    ------
    ValueError
        In use: if the input has another number of columns.

    Notes
    -----
    Input and output have shape (N, D). With the mean and the biased variance of each row; there
    is no difference between training and evaluation::

        x_hat = (x - mean) / sqrt(var + eps)
        y     = weight * x_hat + bias

    With ``g = dL/dy * weight`` and ``avg`` the mean over the entries of a row::

        dL/dx = (g - avg(g) - x_hat * avg(g * x_hat)) / sqrt(var + eps)

    References
    ----------
    Ba, Kiros and Hinton (2016), "Layer normalization", arXiv:1607.06450, equation 3.

    Examples
    --------
    >>> layer = LayerNorm(2)
    >>> layer(np.array([[0.0, 2.0], [10.0, 30.0]])).round(3)
    array([[-1.,  1.],
           [-1.,  1.]])
    """

    def __init__(self, normalized_shape: int, eps: float = 1e-5) -> None:
        self.normalized_shape = normalized_shape
        self.eps = eps
        self.weight = Parameter(np.ones(normalized_shape))
        self.bias = Parameter(np.zeros(normalized_shape))

    def forward(self, x: Array) -> Array:
        if x.ndim != 2 or x.shape[1] != self.normalized_shape:
            raise ValueError(
                f"expected input of shape (N, {self.normalized_shape}), got {x.shape}; "
                "one row for each example, one column for each feature"
            )
        self._x_hat = x - x.mean(axis=1, keepdims=True)
        var = _dot_rows(self._x_hat, self._x_hat) / self.normalized_shape
        self._inv_std = 1 / np.sqrt(var + self.eps)
        self._x_hat *= self._inv_std
        return self._x_hat * self.weight.data + self.bias.data

    def backward(self, grad_output: Array) -> Array:
        self.weight.grad += _dot_columns(grad_output, self._x_hat)
        self.bias.grad += grad_output.sum(axis=0)
        g = grad_output * self.weight.data
        avg = _dot_rows(g, self._x_hat) / self.normalized_shape
        g -= g.mean(axis=1, keepdims=True)
        g -= self._x_hat * avg
        g *= self._inv_std
        return g


def _dot_columns(a: Array, b: Array) -> Array:
    """``(a * b).sum(axis=0)`` without the product in memory."""
    return np.einsum("ij,ij->j", a, b)


def _dot_rows(a: Array, b: Array) -> Array:
    """``(a * b).sum(axis=1, keepdims=True)`` without the product in memory."""
    return np.einsum("ij,ij->i", a, b)[:, np.newaxis]
