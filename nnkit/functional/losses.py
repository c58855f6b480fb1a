"""Losses and their gradients; softmax, which turns logits into probabilities."""

from __future__ import annotations

import numpy as np

from nnkit.functional._checks.arrays import (
    class_indices,
    logits_matrix,
    non_empty_numbers,
)
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import same_shape, targets_name_classes


@expects(logits=logits_matrix)
def softmax(logits: Array) -> Array:
    r"""Turn each row of logits into a probability distribution over the classes.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
        Real-valued scores, one row for each example, one column for each class.
        Any size is allowed: values of 1000 or -1000 must not overflow.

    Returns
    -------
    probs : ndarray, shape (N, C)
        Each row is non-negative and sums to 1. A new array: `logits` stays as it was.

    Raises
    ------
    ValueError, TypeError
        If `logits` is not a non-empty matrix of numbers.

    Notes
    -----
    With ``z`` one row of logits::

        probs[c] = exp(z[c]) / sum_k exp(z[k])

    Adding a constant to ``z`` changes nothing, so the largest logit is subtracted first:
    then no exponent is positive and nothing overflows.

    References
    ----------
    Bridle (1990), "Probabilistic interpretation of feedforward classification network
    outputs, with relationships to statistical pattern recognition".

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0], [0.0, np.log(3.0)]]))
    array([[0.5 , 0.5 ],
           [0.25, 0.75]])
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    exp = np.exp(shifted)
    return exp / exp.sum(axis=1, keepdims=True)


@expects(logits=logits_matrix)
def log_softmax(logits: Array) -> Array:
    r"""Logarithm of the softmax, exact even where a probability is too small for a float.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
        Real-valued scores, one row for each example. Values of 1000 or -1000 must neither
        overflow nor give ``-inf``.

    Returns
    -------
    log_probs : ndarray, shape (N, C)
        Never positive; ``exp`` of each row sums to 1. A new array: `logits` stays as it was.

    Raises
    ------
    ValueError, TypeError
        If `logits` is not a non-empty matrix of numbers.

    Notes
    -----
    With ``z`` one row of logits and ``m`` its maximum::

        log_probs[c] = z[c] - m - log(sum_k exp(z[k] - m))

    The logarithm of `softmax` would be ``-inf`` as soon as a probability rounds to 0.

    References
    ----------
    Blanchard, Higham and Higham (2021), "Accurately computing the log-sum-exp and softmax
    functions", IMA Journal of Numerical Analysis 41, 2311-2330.

    Examples
    --------
    >>> log_softmax(np.array([[0.0, 1000.0]]))
    array([[-1000.,     0.]])
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@expects(targets_name_classes, logits=logits_matrix, targets=class_indices)
def cross_entropy(logits: Array, targets: Array) -> float:
    r"""Mean negative log-probability that the softmax gives to the right classes.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
        Real-valued scores, one row for each example; up to 1000 in size or more.
    targets : ndarray, shape (N,)
        The index of the right class for each row: integers from 0 to C - 1.

    Returns
    -------
    loss : float
        The mean over the N rows, a Python number.

    Raises
    ------
    ValueError, TypeError
        If the shapes don't fit, or a target is no class of `logits`.

    Notes
    -----
    With ``log_probs = log_softmax(logits)``::

        loss = -mean_i log_probs[i, targets[i]]

    as ``torch.nn.functional.cross_entropy``, whose default also is the mean.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 6.2.2.3.

    Examples
    --------
    Two rows, two classes that the logits hold for equally likely; ``log 2`` is 0.693:

    >>> round(cross_entropy(np.zeros((2, 2)), np.array([0, 1])), 3)
    0.693
    """
    log_probs = log_softmax(logits)
    rows = np.arange(len(targets))
    return -log_probs[rows, targets].mean().item()


@expects(targets_name_classes, logits=logits_matrix, targets=class_indices)
def cross_entropy_backward(logits: Array, targets: Array) -> Array:
    r"""Gradient of `cross_entropy` with respect to the logits.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
        The scores that the loss was computed from.
    targets : ndarray, shape (N,)
        The index of the right class for each row: integers from 0 to C - 1.

    Returns
    -------
    grad_logits : ndarray, shape (N, C)
        How fast the mean loss grows with each logit. A new array: the arguments stay as
        they were.

    Raises
    ------
    ValueError, TypeError
        If the shapes don't fit, or a target is no class of `logits`.

    Notes
    -----
    With ``probs = softmax(logits)`` and ``one_hot[i, c] = 1 if c == targets[i] else 0``::

        grad_logits = (probs - one_hot) / N

    The loss is a mean over N rows, hence the division by N.

    References
    ----------
    Bishop (2006), *Pattern Recognition and Machine Learning*, equation 4.109.

    Examples
    --------
    One row, two equally likely classes, the second is right: less of the first, more of
    the second.

    >>> cross_entropy_backward(np.zeros((1, 2)), np.array([1]))
    array([[ 0.5, -0.5]])
    """
    grad = softmax(logits)
    grad[np.arange(len(targets)), targets] -= 1
    return grad / len(targets)


@expects(
    same_shape("predictions", "targets"),
    predictions=non_empty_numbers,
    targets=non_empty_numbers,
)
def mse(predictions: Array, targets: Array) -> float:
    r"""Mean squared error: how far predictions are from their targets, on average.

    Parameters
    ----------
    predictions : ndarray, shape (N, D) or any other
        What the network says.
    targets : ndarray, same shape as `predictions`
        What it should say. A column of shape (N, 1) is not the same as a vector (N,).

    Returns
    -------
    loss : float
        The mean of the squared differences over all entries (N times D of them), a Python
        number. There is no factor one half.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, or an argument is empty or holds no numbers.

    Notes
    -----
    With ``i`` over all ``n`` entries::

        loss = sum_i (predictions[i] - targets[i])**2 / n

    as ``torch.nn.functional.mse_loss``. Some texts halve it, or divide by the rows only.
    Different shapes are refused, since NumPy would pair (N, 1) with (N,) as (N, N).

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 5.1.4.

    Examples
    --------
    The differences are 1, 0, 2 and 1; their squares add up to 6.

    >>> mse(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 2.0], [5.0, 3.0]]))
    1.5
    """
    return ((predictions - targets) ** 2).mean().item()


@expects(
    same_shape("predictions", "targets"),
    predictions=non_empty_numbers,
    targets=non_empty_numbers,
)
def mse_backward(predictions: Array, targets: Array) -> Array:
    r"""Gradient of `mse` with respect to the predictions.

    Parameters
    ----------
    predictions : ndarray, shape (N, D) or any other
        What the network says.
    targets : ndarray, same shape as `predictions`
        What it should say.

    Returns
    -------
    grad_predictions : ndarray, same shape as `predictions`
        How fast the loss, a mean over all entries, grows with each prediction. A new array:
        the arguments stay as they were.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, or an argument is empty or holds no numbers.

    Notes
    -----
    With ``n`` the number of entries::

        grad_predictions = 2 * (predictions - targets) / n

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 5.1.4.

    Examples
    --------
    The first prediction is 3 too high, the second is right:

    >>> mse_backward(np.array([[5.0, 1.0]]), np.array([[2.0, 1.0]]))
    array([[3., 0.]])
    """
    return 2 * (predictions - targets) / predictions.size
