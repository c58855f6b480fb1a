"""Parameters, and how all those of a network come to lie in one array."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]


class Parameter:
    """Numbers that are learned, and the gradient of the loss with respect to them.

    Parameters
    ----------
    data : array_like
        The first values; integers become float64.

    Attributes
    ----------
    data : ndarray
        The values. Assigning to `data` copies into the array that is there, which must have the
        same shape: it may be a view into the one array of the whole network, see `flatten`.
    grad : ndarray, shape of `data`
        Sum of the gradients since `zero_grad`; zeros at first. Assigning copies, too.

    Raises
    ------
    ValueError
        In use: if what is assigned has another shape.

    Notes
    -----
    `zero_grad` writes no zeros. It leaves a note, and the first gradient that comes then is
    written over the old one, not added to it. Whoever looks at `grad` before that sees zeros.

    Examples
    --------
    >>> weight = Parameter([[1.0, 2.0]])
    >>> weight.grad += 3
    >>> weight.data -= 0.5 * weight.grad
    >>> weight
    Parameter([[-0.5,  0.5]])
    """

    def __init__(self, data: Any) -> None:
        array = np.array(data)  # a copy: nobody else's array is trained
        self._data: Array = array if array.dtype.kind == "f" else array.astype(np.float64)
        self._grad: Array = np.zeros_like(self._data)
        self._outdated = True  # whether `_grad` still has to become zeros

    @property
    def data(self) -> Array:
        return self._data

    @data.setter
    def data(self, value: Any) -> None:
        self._copy(value, into=self._data, name="data")

    @property
    def grad(self) -> Array:
        if self._outdated:
            self._grad.fill(0)
            self._outdated = False
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        self._copy(value, into=self._grad, name="grad")
        self._outdated = False

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self._outdated = True

    def add_to_grad(self, function: Callable[..., Any], *args: Any) -> None:
        """``grad += function(*args)``, where `function` takes an ``out=`` as NumPy's do."""
        if self._outdated:
            function(*args, out=self._grad)
            self._outdated = False
        else:
            self._grad += function(*args)

    def __repr__(self) -> str:
        return repr(self._data).replace("array", "Parameter", 1)

    def _copy(self, value: Any, into: Array, name: str) -> None:
        if value is into:  # p.data -= ... ends with p.data = p.data
            return
        if np.shape(value) != into.shape:
            raise ValueError(
                f"expected {name} of shape {into.shape}, got {np.shape(value)}; "
                "a parameter keeps its shape: make a new layer for another one"
            )
        into[...] = value


def flatten(parameters: Sequence[Parameter], dtype: DTypeLike | None = None) -> tuple[Array, Array]:
    """Put the values of all parameters into one array, and their gradients into another.

    Afterwards the `data` and `grad` of every parameter are views into these two arrays. An
    optimizer then is a few lines over long arrays, however many layers there are.

    Parameters
    ----------
    parameters : sequence of Parameter
        In the order in which they are to lie.
    dtype : dtype, optional
        What to convert them to; by default the type that holds them all.

    Returns
    -------
    data, grad : ndarray, shape (total number of entries,)
        The two arrays. Parameters that already lie like that, alone or within those of a larger
        network, stay where they are.

    Examples
    --------
    >>> weight, bias = Parameter([[1.0, 2.0]]), Parameter([3.0])
    >>> data, grad = flatten([weight, bias])
    >>> data *= 2
    >>> weight, bias
    (Parameter([[2., 4.]]), Parameter([6.]))
    """
    if not parameters:
        return np.zeros(0, dtype), np.zeros(0, dtype)
    dtype = np.dtype(dtype or np.result_type(*(p.data for p in parameters)))
    data = _one_view([p.data for p in parameters], dtype)
    grad = _one_view([p.grad for p in parameters], dtype)
    if data is None or grad is None:
        data = np.concatenate([p.data.ravel() for p in parameters], dtype=dtype)
        grad = np.concatenate([p.grad.ravel() for p in parameters], dtype=dtype)
        start = 0
        for p in parameters:
            shape, stop = p.data.shape, start + p.data.size
            p._data = data[start:stop].reshape(shape)
            p._grad = grad[start:stop].reshape(shape)
            start = stop
    return data, grad


def _one_view(parts: Sequence[Array], dtype: np.dtype[Any]) -> Array | None:
    """The part of a longer array that consists of exactly these views; None if there is none."""
    base = parts[0].base
    if not isinstance(base, np.ndarray) or base.ndim != 1 or base.dtype != dtype:
        return None
    start = stop = (_address(parts[0]) - _address(base)) // base.itemsize
    for part in parts:
        if part.base is not base or _address(part) != _address(base) + stop * base.itemsize:
            return None
        stop += part.size
    return base[start:stop]


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])
