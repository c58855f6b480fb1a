"""Activation functions and their gradients, entry by entry."""

from __future__ import annotations

import numpy as np

from nnkit.functional._checks.arrays import numbers
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import same_shape
from nnkit.functional._checks.scalars import real_number


@expects(z=numbers)
def sigmoid(z: Array) -> Array:
    r"""Squash every entry into the range from 0 to 1: the logistic function.

    Parameters
    ----------
    z : ndarray, any shape
        Any size is allowed: values of 1000 or -1000 must neither overflow nor warn, and small
        results such as that of -40 keep their digits.

    Returns
    -------
    y : ndarray, same shape as `z`
        A new array: `z` stays as it was.

    Raises
    ------
    TypeError
        If `z` holds no numbers.

    Notes
    -----
    Two forms of one function, of which each is used where its exponent is not positive::

        y = 1 / (1 + exp(-z))           where z >= 0
        y = exp(z) / (1 + exp(z))       where z < 0

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.4.

    Examples
    --------
    >>> sigmoid(np.array([0.0, np.log(3.0), -1000.0]))
    array([0.5 , 0.75, 0.  ])
    """
    positive = z.real >= 0
    exp = np.exp(np.where(positive, -z, z))  # the exponent is never positive
    return np.where(positive, 1, exp) / (1 + exp)


@expects(same_shape("y", "grad_output"), grad_output=numbers, y=numbers)
def sigmoid_backward(grad_output: Array, y: Array) -> Array:
    r"""Gradient of a loss with respect to the input of `sigmoid`.

    Parameters
    ----------
    grad_output : ndarray, any shape
        Gradient of the loss with respect to the output.
    y : ndarray, same shape
        The output of `sigmoid` itself, not its input.

    Returns
    -------
    grad_z : ndarray, same shape
        A new array: the arguments stay as they were.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, or an argument holds no numbers.

    Notes
    -----
    ::

        grad_z = grad_output * y * (1 - y)

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.4.

    Examples
    --------
    The slope is largest, one quarter, where the output is 0.5:

    >>> sigmoid_backward(np.array([4.0, 4.0]), np.array([0.5, 1.0]))
    array([1., 0.])
    """
    return grad_output * y * (1 - y)


@expects(z=numbers)
def tanh(z: Array) -> Array:
    r"""Squash every entry into the range from -1 to 1: the hyperbolic tangent.

    Parameters
    ----------
    z : ndarray, any shape
        Any size is allowed: values of 1000 or -1000 must neither overflow nor warn.

    Returns
    -------
    y : ndarray, same shape as `z`
        A new array: `z` stays as it was.

    Raises
    ------
    TypeError
        If `z` holds no numbers.

    Notes
    -----
    ::

        y = (exp(z) - exp(-z)) / (exp(z) + exp(-z)) = 2 * sigmoid(2 * z) - 1

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.4.

    Examples
    --------
    >>> tanh(np.array([0.0, 0.5 * np.log(3.0), -1000.0]))
    array([ 0. ,  0.5, -1. ])
    """
    return np.tanh(z)


@expects(same_shape("y", "grad_output"), grad_output=numbers, y=numbers)
def tanh_backward(grad_output: Array, y: Array) -> Array:
    r"""Gradient of a loss with respect to the input of `tanh`.

    Parameters
    ----------
    grad_output : ndarray, any shape
        Gradient of the loss with respect to the output.
    y : ndarray, same shape
        The output of `tanh` itself, not its input.

    Returns
    -------
    grad_z : ndarray, same shape
        A new array: the arguments stay as they were.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, or an argument holds no numbers.

    Notes
    -----
    ::

        grad_z = grad_output * (1 - y**2)

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.4.

    Examples
    --------
    The slope is largest, 1, where the output is 0:

    >>> tanh_backward(np.array([4.0, 4.0]), np.array([0.0, 0.5]))
    array([4., 3.])
    """
    return grad_output * (1 - y**2)


@expects(z=numbers)
def relu(z: Array) -> Array:
    r"""Keep the positive entries, set the others to 0.

    Parameters
    ----------
    z : ndarray, any shape
        What the units of a layer add up to.

    Returns
    -------
    y : ndarray, same shape as `z`
        A new array: `z` stays as it was.

    Raises
    ------
    TypeError
        If `z` holds no numbers.

    Notes
    -----
    ::

        y = z if z > 0 else 0

    Written from the other side, ``z <= 0``, so that NaN stays NaN, as in PyTorch. The real
    part decides: complex numbers then serve to check derivatives.

    References
    ----------
    Nair and Hinton (2010), "Rectified linear units improve restricted Boltzmann machines".
    Glorot, Bordes and Bengio (2011), "Deep sparse rectifier neural networks".

    Examples
    --------
    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    return np.where(z.real <= 0, 0, z)


@expects(same_shape("z", "grad_output"), grad_output=numbers, z=numbers)
def relu_backward(grad_output: Array, z: Array) -> Array:
    r"""Gradient of a loss with respect to the input of `relu`.

    Parameters
    ----------
    grad_output : ndarray, any shape
        Gradient of the loss with respect to the output.
    z : ndarray, same shape
        The input of `relu`, which decides where the gradient passes.

    Returns
    -------
    grad_z : ndarray, same shape
        A new array: the arguments stay as they were. The slope at exactly 0 counts as 0.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, or an argument holds no numbers.

    Notes
    -----
    ::

        grad_z = grad_output if z > 0 else 0

    At 0 any slope from 0 to 1 would do; 0 is PyTorch's choice too.

    References
    ----------
    Glorot, Bordes and Bengio (2011), "Deep sparse rectifier neural networks".

    Examples
    --------
    >>> relu_backward(np.array([5.0, 5.0, -5.0]), np.array([-2.0, 0.0, 3.0]))
    array([ 0.,  0., -5.])
    """
    return np.where(z.real <= 0, 0, grad_output)


@expects(z=numbers, negative_slope=real_number)
def leaky_relu(z: Array, negative_slope: float = 0.01) -> Array:
    r"""Keep the positive entries, shrink the others.

    Parameters
    ----------
    z : ndarray, any shape
        What the units of a layer add up to.
    negative_slope : float, default=0.01
        What entries that are not positive get multiplied by.

    Returns
    -------
    y : ndarray, same shape as `z`
        A new array: `z` stays as it was.

    Raises
    ------
    ValueError, TypeError
        If `z` holds no numbers, or `negative_slope` is no finite number.

    Notes
    -----
    ::

        y = z if z > 0 else negative_slope * z

    References
    ----------
    Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic
    models".

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 0.0, 3.0]), negative_slope=0.1)
    array([-0.2,  0. ,  3. ])
    """
    return np.where(z.real > 0, z, negative_slope * z)


@expects(
    same_shape("z", "grad_output"),
    grad_output=numbers,
    z=numbers,
    negative_slope=real_number,
)
def leaky_relu_backward(grad_output: Array, z: Array, negative_slope: float = 0.01) -> Array:
    r"""Gradient of a loss with respect to the input of `leaky_relu`.

    Parameters
    ----------
    grad_output : ndarray, any shape
        Gradient of the loss with respect to the output.
    z : ndarray, same shape
        The input of `leaky_relu`, which decides where the gradient shrinks.
    negative_slope : float, default=0.01
        The slope where `z` is not positive.

    Returns
    -------
    grad_z : ndarray, same shape
        A new array: the arguments stay as they were. The slope at exactly 0 counts as
        `negative_slope`.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, an argument holds no numbers, or `negative_slope` is not finite.

    Notes
    -----
    ::

        grad_z = grad_output if z > 0 else negative_slope * grad_output

    References
    ----------
    Maas, Hannun and Ng (2013), "Rectifier nonlinearities improve neural network acoustic
    models".

    Examples
    --------
    >>> leaky_relu_backward(np.array([5.0, 5.0, -5.0]), np.array([-2.0, 0.0, 3.0]), 0.1)
    array([ 0.5,  0.5, -5. ])
    """
    return np.where(z.real > 0, grad_output, negative_slope * grad_output)
