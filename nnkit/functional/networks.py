"""A whole network: linear layers with ReLU between them, and its loss and gradients."""

# mypy: disable-error-code="var-annotated"
# (the bodies stay bare, as students write them)

from __future__ import annotations

from typing import Any

import numpy as np  # noqa: F401 (the examples use it)

from nnkit.functional._checks.arrays import arrays, class_indices, matrix
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import mlp_gradient_fits, mlp_layers_fit
from nnkit.functional._checks.scalars import cache_tuple, non_negative
from nnkit.functional.activations import relu, relu_backward
from nnkit.functional.linear import linear, linear_backward
from nnkit.functional.losses import (
    cross_entropy,
    cross_entropy_backward,
)
from nnkit.functional.regularization import l2_penalty, l2_penalty_backward


@expects(mlp_layers_fit, x=matrix("N", "D"), weights=arrays, biases=arrays)
def mlp_forward(
    x: Array, weights: list[Array], biases: list[Array]
) -> tuple[Array, tuple[Any, ...]]:
    r"""Run a batch through linear layers with a ReLU between them.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        A batch: one row for each example.
    weights : list of L ndarrays
        One matrix of shape (in_features, out_features) for each layer. The first has D rows,
        each other one as many rows as the one before has columns. One layer is enough.
    biases : list of L ndarrays
        One vector of shape (out_features,) for each layer.

    Returns
    -------
    logits : ndarray, shape (N, C)
        What the last layer gives. No ReLU follows it: logits may be negative.
    cache : tuple (inputs, weights)
        What `mlp_backward` needs. `inputs` is a list of L arrays, the inputs of the layers:
        first `x`, then the hidden activations, after their ReLU. `weights` is a list of the L
        weight matrices. Both hold copies, so that later changes to the arguments do no harm.

    Raises
    ------
    ValueError, TypeError
        If a layer does not take what the layer before it gives, or there is no layer.

    Notes
    -----
    With ``h[0] = x`` and layers numbered from 0 to L - 1::

        h[i + 1] = relu(h[i] @ weights[i] + biases[i])
        logits   = h[L - 1] @ weights[L - 1] + biases[L - 1]

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, algorithm 6.3.

    Examples
    --------
    Two hidden units get 1 + 1 = 2 and -3 + 1 = -2, and give 2 and 0; the logit is 2*5 + 0.5.

    >>> weights = [np.array([[1.0, -3.0]]), np.array([[5.0], [7.0]])]
    >>> biases = [np.array([1.0, 1.0]), np.array([0.5])]
    >>> logits, (inputs, _) = mlp_forward(np.array([[1.0]]), weights, biases)
    >>> logits
    array([[10.5]])
    >>> inputs
    [array([[1.]]), array([[2., 0.]])]
    """
    inputs = [x.copy()]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        inputs.append(relu(linear(inputs[-1], weight, bias)))
    logits = linear(inputs[-1], weights[-1], biases[-1])
    return logits, (inputs, [weight.copy() for weight in weights])


@expects(
    mlp_gradient_fits,
    grad_logits=matrix("N", "C"),
    cache=cache_tuple("inputs", "weights", made_by="mlp_forward"),
)
def mlp_backward(grad_logits: Array, cache: tuple[Any, ...]) -> tuple[list[Array], list[Array]]:
    r"""Gradients of a loss with respect to all weights and biases of a network.

    Parameters
    ----------
    grad_logits : ndarray, shape (N, C)
        Gradient of the loss with respect to the logits.
    cache : tuple (inputs, weights)
        What `mlp_forward` returned. `inputs` is a list of L arrays, the inputs of the layers:
        first `x`, then the hidden activations, after their ReLU. `weights` is a list of the L
        weight matrices.

    Returns
    -------
    grad_weights : list of L ndarrays
        In the order of the layers, each with the shape of its weight matrix.
    grad_biases : list of L ndarrays
        In the order of the layers, each of shape (out_features,).

    Raises
    ------
    ValueError, TypeError
        If `cache` is not what `mlp_forward` returned, or `grad_logits` has another shape than
        its logits.

    Notes
    -----
    From the last layer to the first, with ``grad[i]`` the gradient with respect to what layer
    ``i`` gives before its ReLU, and ``grad[L - 1] = grad_logits``::

        grad_weights[i] = inputs[i].T @ grad[i]
        grad_biases[i]  = sum of the rows of grad[i]
        grad[i - 1]     = (grad[i] @ weights[i].T) * (inputs[i] > 0)

    A hidden activation is positive exactly where the input of its ReLU was, so the cache needs
    no second copy of the layer.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating
    errors", Nature 323, 533-536.
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, algorithm 6.4.

    Examples
    --------
    The second hidden unit was off, so nothing passes through it: its weight and bias in the
    first layer get a gradient of 0.

    >>> weights = [np.array([[1.0, -3.0]]), np.array([[5.0], [7.0]])]
    >>> biases = [np.array([1.0, 1.0]), np.array([0.5])]
    >>> _, cache = mlp_forward(np.array([[1.0]]), weights, biases)
    >>> grad_weights, grad_biases = mlp_backward(np.array([[1.0]]), cache)
    >>> grad_weights
    [array([[5., 0.]]), array([[2.],
           [0.]])]
    >>> grad_biases
    [array([5., 0.]), array([1.])]
    """
    inputs, weights = cache
    grad_weights, grad_biases = [], []
    grad = grad_logits
    for i in reversed(range(len(weights))):
        grad_input, grad_weight, grad_bias = linear_backward(grad, inputs[i], weights[i])
        grad_weights.insert(0, grad_weight)
        grad_biases.insert(0, grad_bias)
        if i > 0:  # x came out of no ReLU
            grad = relu_backward(grad_input, inputs[i])
    return grad_weights, grad_biases


@expects(
    mlp_layers_fit,
    x=matrix("N", "D"),
    targets=class_indices,
    weights=arrays,
    biases=arrays,
    l2=non_negative,
)
def mlp_loss(
    x: Array, targets: Array, weights: list[Array], biases: list[Array], l2: float = 0.0
) -> tuple[float, list[Array], list[Array]]:
    r"""Loss of a classifier on a batch, and its gradients: all that a training step needs.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        A batch: one row for each example.
    targets : ndarray, shape (N,)
        The index of the right class for each row: integers from 0 to C - 1.
    weights : list of L ndarrays
        As in `mlp_forward`; the last has C columns.
    biases : list of L ndarrays
        As in `mlp_forward`.
    l2 : float, default=0.0
        Strength of the `l2_penalty` on the weights of all layers; biases are not penalised.

    Returns
    -------
    loss : float
        Mean cross-entropy over the batch, plus the penalty; a Python number.
    grad_weights : list of L ndarrays
        Gradients of that loss, penalty included, in the order of the layers.
    grad_biases : list of L ndarrays
        Likewise.

    Raises
    ------
    ValueError, TypeError
        If the shapes don't fit, a target is no class, or `l2` is negative.

    Notes
    -----
    ::

        loss = cross_entropy(logits, targets) + l2_penalty(weights, l2)

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, algorithms 6.3 and 6.4.

    Examples
    --------
    A network of zeros holds both classes for equally likely; ``log 2`` is 0.693. More of the
    right class would make the loss smaller:

    >>> loss, grad_weights, grad_biases = mlp_loss(
    ...     np.array([[2.0]]), np.array([1]), [np.zeros((1, 2))], [np.zeros(2)]
    ... )
    >>> round(loss, 3), grad_weights, grad_biases
    (0.693, [array([[ 1., -1.]])], [array([ 0.5, -0.5])])
    """
    logits, cache = mlp_forward(x, weights, biases)
    loss = cross_entropy(logits, targets) + l2_penalty(weights, l2)
    grad_weights, grad_biases = mlp_backward(cross_entropy_backward(logits, targets), cache)
    penalty_grads = l2_penalty_backward(weights, l2)
    grad_weights = [grad + more for grad, more in zip(grad_weights, penalty_grads, strict=True)]
    return loss, grad_weights, grad_biases
