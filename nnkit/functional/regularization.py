"""Against overfitting: a penalty on weights, dropout, and stopping in time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnkit.functional._checks.arrays import arrays, numbers
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import rng_when_training, same_shape
from nnkit.functional._checks.scalars import (
    count,
    flag,
    losses_by_epoch,
    non_negative,
    zero_to_below_one,
)


@expects(weights=arrays, strength=non_negative)
def l2_penalty(weights: list[Array], strength: float) -> float:
    r"""Penalty for large weights, to be added to the loss.

    Parameters
    ----------
    weights : list of ndarray
        The weight matrices of all layers, of any shapes. Biases are not penalised: leave
        them out.
    strength : float
        How much the penalty counts; 0 switches it off.

    Returns
    -------
    penalty : float
        Half of `strength` times the sum of the squares of all entries of all weights, a Python
        number. The batch size plays no part.

    Raises
    ------
    ValueError, TypeError
        If `weights` is not a list of arrays, or `strength` is negative.

    Notes
    -----
    With ``w`` over all entries of all weights::

        penalty = 0.5 * strength * sum(w**2)

    The half cancels the 2 of the derivative. With plain SGD the penalty is the same as
    PyTorch's ``weight_decay=strength``; with Adam it is not, see `adamw_step`.

    References
    ----------
    Krogh and Hertz (1992), "A simple weight decay can improve generalization".
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 7.1.1.

    Examples
    --------
    The squares are 1, 4 and 9:

    >>> l2_penalty([np.array([[1.0, 2.0]]), np.array([[-3.0]])], strength=0.5)
    3.5
    """
    return 0.5 * strength * sum((weight**2).sum().item() for weight in weights)


@expects(weights=arrays, strength=non_negative)
def l2_penalty_backward(weights: list[Array], strength: float) -> list[Array]:
    r"""Gradient of `l2_penalty` with respect to each of the weights.

    Parameters
    ----------
    weights : list of ndarray
        The weight matrices of all layers, of any shapes.
    strength : float
        How much the penalty counts; 0 switches it off.

    Returns
    -------
    grad_weights : list of ndarray
        One new array for each of the weights, of the same shape and in the same order.

    Raises
    ------
    ValueError, TypeError
        If `weights` is not a list of arrays, or `strength` is negative.

    Notes
    -----
    For each ``weight``::

        grad_weight = strength * weight

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 7.1.1.

    Examples
    --------
    >>> l2_penalty_backward([np.array([[1.0, 2.0]]), np.array([[-3.0]])], strength=0.5)
    [array([[0.5, 1. ]]), array([[-1.5]])]
    """
    return [strength * weight for weight in weights]


@expects(rng_when_training, x=numbers, p=zero_to_below_one, training=flag)
def dropout_forward(
    x: Array, p: float, training: bool, rng: np.random.Generator
) -> tuple[Array, Array]:
    r"""Set entries to 0 at random while training; let everything pass in evaluation.

    Parameters
    ----------
    x : ndarray, any shape
        Activations.
    p : float, from 0 to below 1
        Probability of *zeroing* an entry. Each entry has its own coin.
    training : bool
        True: drop, and make up for it by scaling what survives by ``1 / (1 - p)``, so that the
        mean of each entry stays. False: change nothing.
    rng : numpy.random.Generator
        Source of the coins, used as it is, never seeded anew. Not used in evaluation.

    Returns
    -------
    y : ndarray, same shape as `x`
        A new array in both modes.
    mask : ndarray, same shape as `x`
        What each entry was multiplied by, for `dropout_backward`: 0 or ``1 / (1 - p)``; all
        ones in evaluation.

    Raises
    ------
    ValueError, TypeError
        If `p` is not from 0 to below 1, `training` is no bool, or `rng` is no generator in
        training mode.

    Notes
    -----
    With one uniform number ``u`` from 0 to 1 for each entry::

        mask = (u >= p) / (1 - p)
        y    = x * mask

    Srivastava et al. scale at test time; scaling while training ("inverted dropout") gives the
    same network, and leaves evaluation untouched.

    References
    ----------
    Hinton, Srivastava, Krizhevsky, Sutskever and Salakhutdinov (2012), "Improving neural
    networks by preventing co-adaptation of feature detectors", arXiv:1207.0580.
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout: a simple way
    to prevent neural networks from overfitting", JMLR 15, 1929-1958.

    Examples
    --------
    Survivors are doubled:

    >>> y, mask = dropout_forward(np.full(1000, 3.0), 0.5, True, np.random.default_rng(0))
    >>> np.unique(y), np.unique(mask)
    (array([0., 6.]), array([0., 2.]))
    >>> bool(2.7 < y.mean() < 3.3)
    True
    """
    if not training:
        return x.copy(), np.ones_like(x)
    keep = rng.random(x.shape) >= p
    mask = (keep / (1 - p)).astype(x.dtype)
    return x * mask, mask


@expects(same_shape("mask", "grad_output"), grad_output=numbers, mask=numbers)
def dropout_backward(grad_output: Array, mask: Array) -> Array:
    r"""Gradient of a loss with respect to the input of `dropout_forward`.

    Parameters
    ----------
    grad_output : ndarray, any shape
        Gradient of the loss with respect to `y`.
    mask : ndarray, same shape
        What `dropout_forward` returned: the number that each entry was multiplied by.

    Returns
    -------
    grad_x : ndarray, same shape
        A new array: the arguments stay as they were.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, or an argument holds no numbers.

    Notes
    -----
    ::

        grad_x = grad_output * mask

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout: a simple way
    to prevent neural networks from overfitting", JMLR 15, 1929-1958.

    Examples
    --------
    >>> dropout_backward(np.array([3.0, 5.0]), mask=np.array([0.0, 2.0]))
    array([ 0., 10.])
    """
    return grad_output * mask


@expects(losses=losses_by_epoch, patience=count, min_delta=non_negative)
def early_stopping_epoch(
    losses: Sequence[float], patience: int, min_delta: float = 0.0
) -> tuple[int, int]:
    r"""Where training would have stopped, and which epoch was the best until then.

    Parameters
    ----------
    losses : sequence of float
        The validation loss after each epoch; epochs count from 0.
    patience : int
        Training stops at the epoch that is this many epochs after the best one: with 1, at the
        first epoch that is no improvement.
    min_delta : float, default=0.0
        An epoch is an improvement if its loss is below the best one by more than this. With 0,
        a loss that only equals the best one is none.

    Returns
    -------
    stop_epoch : int
        The last epoch that was run; that of the last loss if patience did not run out. Losses
        after it play no part.
    best_epoch : int
        The epoch of the last improvement: where to take the weights from.

    Raises
    ------
    ValueError, TypeError
        If `losses` is empty or no sequence of numbers, `patience` is below 1, or `min_delta` is
        negative.

    Notes
    -----
    The first epoch is always an improvement; a loss that is NaN never is.

    References
    ----------
    Prechelt (1998), "Early stopping - but when?".
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, algorithm 7.1.

    Examples
    --------
    The best is epoch 1; epochs 2 and 3 are worse, and then patience has run out:

    >>> early_stopping_epoch([0.9, 0.5, 0.6, 0.7, 0.4], patience=2)
    (3, 1)
    """
    best_loss, best_epoch = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best_loss - min_delta:
            best_loss, best_epoch = loss, epoch
        if epoch - best_epoch >= patience:
            break
    return epoch, best_epoch
