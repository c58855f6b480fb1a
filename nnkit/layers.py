"""Linear layers, activations and dropout."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnkit.functional import kaiming_normal
from nnkit.module import Module
from nnkit.parameter import Array, Parameter

Initializer = Callable[[int, int, np.random.Generator], Array]


class Linear(Module):
    r"""Give every unit its weighted sum of the inputs, plus a bias.

    Parameters
    ----------
    in_features, out_features : int
        Number of inputs, D, and of units, H.
    rng : numpy.random.Generator
        Source of the first weights.
    bias : bool, default=True
        Whether there is a bias. It starts at 0.
    init : callable, default=kaiming_normal
        ``init(fan_in, fan_out, rng)`` returns the first weights, as the functions of
        `nnkit.functional` do; `kaiming_normal` suits a ReLU, `xavier_normal` a tanh.

    Attributes
    ----------
    weight : Parameter, shape (D, H)
        One column for each unit. (PyTorch keeps it transposed.)
    bias : Parameter, shape (H,), or None

    Raises
    ------
    ValueError
        If `init` returns another shape; in use, if the input has another number of columns.

    Notes
    -----
    Input has shape (N, D), output (N, H). With ``g = dL/dy``::

        y    = x @ weight + bias
        dL/dx      = g @ weight.T
        dL/dweight = x.T @ g
        dL/dbias   = sum_i g[i]

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating
    errors", Nature 323, 533-536.

    Examples
    --------
    >>> layer = Linear(3, 2, np.random.default_rng(0))
    >>> layer.weight.data = [[1, 0], [0, 1], [1, 1]]
    >>> layer.bias.data = [10, 20]
    >>> layer(np.array([[1.0, 2.0, 3.0]]))
    array([[14., 25.]])
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        rng: np.random.Generator,
        bias: bool = True,
        init: Initializer = kaiming_normal,
    ) -> None:
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(init(in_features, out_features, rng))
        self.bias = Parameter(np.zeros(out_features)) if bias else None
        if self.weight.data.shape != (in_features, out_features):
            raise ValueError(
                f"expected init to return weights of shape {(in_features, out_features)}, "
                f"got {self.weight.data.shape}; they are (in_features, out_features)"
            )

    def forward(self, x: Array) -> Array:
        if x.ndim != 2 or x.shape[1] != self.in_features:
            raise ValueError(
                f"expected input of shape (N, {self.in_features}), got {x.shape}; "
                "one row for each example, one column for each of in_features"
            )
        self._x = x
        y = x @ self.weight.data
        if self.bias:
            y += self.bias.data
        return y

    def backward(self, grad_output: Array) -> Array:
        self.backward_parameters(grad_output)
        return grad_output @ self.weight.data.T

    def backward_parameters(self, grad_output: Array) -> None:
        self.weight.add_to_grad(np.matmul, self._x.T, grad_output)
        if self.bias:
            self.bias.add_to_grad(np.add.reduce, grad_output)  # the sum of the rows


class ReLU(Module):
    r"""Keep what is positive, set the rest to 0.

    Notes
    -----
    Any shape. The slope at exactly 0 counts as 0::

        y     = max(x, 0)
        dL/dx = dL/dy * (y > 0)

    References
    ----------
    Nair and Hinton (2010), "Rectified linear units improve restricted Boltzmann machines".
    Glorot, Bordes and Bengio (2011), "Deep sparse rectifier neural networks".

    Examples
    --------
    >>> ReLU()(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """

    def forward(self, x: Array) -> Array:
        zeros = np.zeros(x.shape[-1:], x.dtype)  # NumPy has fast code for rows, not for a number
        self._y = np.maximum(x, zeros)
        return self._y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * (self._y > 0)


class LeakyReLU(Module):
    r"""Keep what is positive, shrink the rest.

    Parameters
    ----------
    negative_slope : float, default=0.01
        What entries that are not positive get multiplied by.

    Notes
    -----
    Any shape::

        y     = x     if x > 0 else negative_slope * x
        dL/dx = dL/dy if x > 0 else negative_slope * dL/dy

    References
    ----------
    Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic
    models".

    Examples
    --------
    >>> LeakyReLU(0.1)(np.array([-2.0, 0.0, 3.0]))
    array([-0.2,  0. ,  3. ])
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = float(negative_slope)

    def forward(self, x: Array) -> Array:
        self._positive = x > 0
        return np.where(self._positive, x, self.negative_slope * x)

    def backward(self, grad_output: Array) -> Array:
        return np.where(self._positive, grad_output, self.negative_slope * grad_output)


class Tanh(Module):
    r"""Squash every entry into the range from -1 to 1.

    Notes
    -----
    Any shape::

        y     = tanh(x)
        dL/dx = dL/dy * (1 - y**2)

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.4.

    Examples
    --------
    >>> Tanh()(np.array([0.0, 0.5 * np.log(3.0), -1000.0]))
    array([ 0. ,  0.5, -1. ])
    """

    def forward(self, x: Array) -> Array:
        self._y = np.tanh(x)
        return self._y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * (1 - self._y * self._y)


class Sigmoid(Module):
    r"""Squash every entry into the range from 0 to 1: the logistic function.

    Notes
    -----
    Any shape::

        y     = 1 / (1 + exp(-x))
        dL/dx = dL/dy * y * (1 - y)

    Where ``exp(-x)`` would be too large for a float, a large one stands for it.

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.4.

    Examples
    --------
    >>> Sigmoid()(np.array([0.0, np.log(3.0), -1000.0])).round(3)
    array([0.5 , 0.75, 0.  ])
    """

    def forward(self, x: Array) -> Array:
        largest_exponent = np.log(np.finfo(x.dtype).max) - 1
        self._y = 1 / (1 + np.exp(np.minimum(-x, largest_exponent)))
        return self._y

    def backward(self, grad_output: Array) -> Array:
        return grad_output * self._y * (1 - self._y)


class Dropout(Module):
    r"""While training, set entries to 0 at random and scale up the others.

    Parameters
    ----------
    p : float, from 0 to below 1
        Probability of *zeroing* an entry.
    rng : numpy.random.Generator
        Source of the coins.

    Raises
    ------
    ValueError
        If `p` is not from 0 to below 1.

    Notes
    -----
    Any shape. With one uniform number ``u`` from 0 to 1 for each entry::

        keep  = u >= p
        y     = x * keep / (1 - p)          and y = x in evaluation mode
        dL/dx = dL/dy * keep / (1 - p)

    The mean of each entry stays, so that evaluation needs no change of the weights.

    References
    ----------
    Hinton, Srivastava, Krizhevsky, Sutskever and Salakhutdinov (2012), "Improving neural
    networks by preventing co-adaptation of feature detectors", arXiv:1207.0580.
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout: a simple way
    to prevent neural networks from overfitting", JMLR 15, 1929-1958.

    Examples
    --------
    >>> layer = Dropout(0.5, np.random.default_rng(0))
    >>> layer(np.ones(8))
    array([2., 0., 0., 0., 2., 2., 2., 2.])
    >>> layer.eval()(np.ones(8))
    array([1., 1., 1., 1., 1., 1., 1., 1.])
    """

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        if not 0 <= p < 1:
            raise ValueError(
                f"expected p from 0 to below 1, got {p}; it is the probability of zeroing"
            )
        self.p = float(p)
        self.rng = rng

    def forward(self, x: Array) -> Array:
        self._mask = None
        if not self.training:
            return x
        keep = self.rng.random(x.shape) >= self.p
        self._mask = keep.astype(x.dtype)
        self._mask *= 1 / (1 - self.p)
        return x * self._mask

    def backward(self, grad_output: Array) -> Array:
        return grad_output if self._mask is None else grad_output * self._mask
