"""Arrays as the language: encoding labels, counting hits, all distances at once."""

from __future__ import annotations

import numpy as np

from nnkit.functional._checks.arrays import class_indices, logits_matrix, matrix
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import (
    same_columns,
    targets_below_num_classes,
    targets_name_classes,
)
from nnkit.functional._checks.scalars import count


@expects(targets_below_num_classes, targets=class_indices, num_classes=count)
def one_hot(targets: Array, num_classes: int) -> Array:
    r"""Write each class index as a row that is 1 at that class and 0 elsewhere.

    Parameters
    ----------
    targets : ndarray, shape (N,)
        Class indices: integers from 0 to ``num_classes - 1``. Not every class needs to occur.
    num_classes : int
        Number of classes, C.

    Returns
    -------
    encoded : ndarray, shape (N, C)
        Zeros and ones as float64, one row for each target.

    Raises
    ------
    ValueError, TypeError
        If `targets` is no vector of integers, or names a class that does not exist.

    Notes
    -----
    ::

        encoded[i, c] = 1 if c == targets[i] else 0

    The number of classes is an argument, since a batch may lack the highest class.

    Examples
    --------
    >>> one_hot(np.array([2, 0]), num_classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    encoded = np.zeros((len(targets), num_classes))
    encoded[np.arange(len(targets)), targets] = 1
    return encoded


@expects(targets_name_classes, logits=logits_matrix, targets=class_indices)
def accuracy(logits: Array, targets: Array) -> float:
    r"""Fraction of the rows whose largest logit is at the right class.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
        Scores or probabilities, one row for each example, one column for each class.
    targets : ndarray, shape (N,)
        The index of the right class for each row: integers from 0 to C - 1.

    Returns
    -------
    accuracy : float
        From 0 to 1, a Python number. Where several logits of a row are the largest, the first
        of them counts.

    Raises
    ------
    ValueError, TypeError
        If the shapes don't fit, or a target is no class of `logits`.

    Notes
    -----
    ::

        accuracy = mean_i (argmax_c logits[i, c] == targets[i])

    Examples
    --------
    The first row says class 1, which is right; the second says class 0, which is not:

    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1]))
    0.5
    """
    predicted = logits.argmax(axis=1)
    return (predicted == targets).mean().item()


@expects(same_columns, a=matrix("N", "D"), b=matrix("M", "D"))
def pairwise_squared_distances(a: Array, b: Array) -> Array:
    r"""Squared Euclidean distance from every row of `a` to every row of `b`.

    Parameters
    ----------
    a : ndarray, shape (N, D)
        N points.
    b : ndarray, shape (M, D)
        M points with the same number of coordinates.

    Returns
    -------
    distances : ndarray, shape (N, M)
        Entry (i, j) belongs to row i of `a` and row j of `b`. Squared: no root is taken.

    Raises
    ------
    ValueError, TypeError
        If an argument is no matrix of numbers, or the numbers of columns differ.

    Notes
    -----
    ::

        distances[i, j] = sum_d (a[i, d] - b[j, d])**2

    The differences of all pairs are held at once, N times M times D numbers. The expansion
    ``a**2 - 2*a*b + b**2`` takes less room and time, but loses the digits of points that are
    close together, and can become negative.

    Examples
    --------
    >>> points = np.array([[0.0, 0.0], [3.0, 4.0]])
    >>> pairwise_squared_distances(points, np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]]))
    array([[ 0.,  9., 25.],
           [25., 16.,  0.]])
    """
    differences = a[:, np.newaxis, :] - b[np.newaxis, :, :]
    return (differences**2).sum(axis=2)
