"""The linear layer and its gradients."""

from __future__ import annotations

import numpy as np  # noqa: F401 (the examples use it)

from nnkit.functional._checks.arrays import matrix, vector
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import layer_gradient_fits, layer_shapes_fit


@expects(layer_shapes_fit, x=matrix("N", "D"), weight=matrix("D", "H"), bias=vector("H"))
def linear(x: Array, weight: Array, bias: Array) -> Array:
    r"""Give every unit of a layer its weighted sum of the inputs, plus a bias.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        A batch: one row for each example, one column for each input feature.
    weight : ndarray, shape (D, H)
        One column of weights for each of the H units.
    bias : ndarray, shape (H,)
        One number for each unit, the same for all examples.

    Returns
    -------
    z : ndarray, shape (N, H)
        Entry (i, j) is what unit j makes of example i.

    Raises
    ------
    ValueError, TypeError
        If the shapes don't fit, or an argument holds no numbers.

    Notes
    -----
    ::

        z = x @ weight + bias

    ``torch.nn.functional.linear`` keeps `weight` transposed, as (H, D).

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, algorithm 6.3.

    Examples
    --------
    One example, two features, three units; the third unit gets 1*2 + 2*3 + 30.

    >>> weight = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 3.0]])
    >>> linear(np.array([[1.0, 2.0]]), weight, np.array([10.0, 20.0, 30.0]))
    array([[11., 22., 38.]])
    """
    return x @ weight + bias


@expects(
    layer_gradient_fits,
    grad_output=matrix("N", "H"),
    x=matrix("N", "D"),
    weight=matrix("D", "H"),
)
def linear_backward(grad_output: Array, x: Array, weight: Array) -> tuple[Array, Array, Array]:
    r"""Gradients of a loss with respect to the three arguments of `linear`.

    Parameters
    ----------
    grad_output : ndarray, shape (N, H)
        Gradient of the loss with respect to the output of the layer. If the loss is a mean over
        the batch, the division by N is in it already.
    x : ndarray, shape (N, D)
        The input that the layer was given.
    weight : ndarray, shape (D, H)
        Its weights.

    Returns
    -------
    grad_x : ndarray, shape (N, D)
    grad_weight : ndarray, shape (D, H)
    grad_bias : ndarray, shape (H,)
        In this order, each with the shape of what it is the gradient of. What the examples
        contribute to `grad_weight` and `grad_bias` is added up.

    Raises
    ------
    ValueError, TypeError
        If the shapes don't fit, or an argument holds no numbers.

    Notes
    -----
    With ``z = x @ weight + bias`` and ``grad_output`` the gradient with respect to ``z``::

        grad_x      = grad_output @ weight.T
        grad_weight = x.T @ grad_output
        grad_bias   = sum_i grad_output[i]

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating
    errors", Nature 323, 533-536.
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, algorithm 6.4.

    Examples
    --------
    >>> weight = np.array([[1.0, 4.0], [5.0, 6.0]])
    >>> grads = linear_backward(np.array([[1.0, 10.0]]), np.array([[2.0, 3.0]]), weight)
    >>> for grad in grads:
    ...     print(grad)
    [[41. 65.]]
    [[ 2. 20.]
     [ 3. 30.]]
    [ 1. 10.]
    """
    grad_x = grad_output @ weight.T
    grad_weight = x.T @ grad_output
    grad_bias = grad_output.sum(axis=0)
    return grad_x, grad_weight, grad_bias
