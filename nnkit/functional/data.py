"""Data before training: minibatches, splits, standardisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nnkit.functional._checks.arrays import matrix, vector
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import one_entry_per_column
from nnkit.functional._checks.scalars import count, fractions_of_one, generator


@expects(num_examples=count, batch_size=count, rng=generator)
def minibatches(num_examples: int, batch_size: int, rng: np.random.Generator) -> Iterator[Array]:
    r"""Go through all examples once, in random order, a few at a time.

    Parameters
    ----------
    num_examples : int
        How many examples there are, N.
    batch_size : int
        How many to take at a time; may be larger than N.
    rng : numpy.random.Generator
        Decides the order. It is used as it is, never seeded anew: two passes differ.

    Yields
    ------
    indices : ndarray of int, shape (batch_size,)
        Which examples make up the batch, as numbers from 0 to N - 1. Every example comes once;
        the last batch is smaller when `batch_size` does not divide N.

    Raises
    ------
    ValueError, TypeError
        If a number is not a positive integer, or `rng` is no generator.

    Notes
    -----
    One pass over the data is an epoch. Indexing the inputs and the targets with the same
    indices keeps them together.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 8.1.3.

    Examples
    --------
    >>> batches = list(minibatches(5, 2, np.random.default_rng(0)))
    >>> [len(batch) for batch in batches]
    [2, 2, 1]
    >>> sorted(np.concatenate(batches).tolist())
    [0, 1, 2, 3, 4]
    """
    order = rng.permutation(num_examples)
    for start in range(0, num_examples, batch_size):
        yield order[start : start + batch_size]


@expects(num_examples=count, fractions=fractions_of_one, rng=generator)
def split_indices(
    num_examples: int, fractions: Sequence[float], rng: np.random.Generator
) -> list[Array]:
    r"""Divide the examples at random into parts, such as training, validation and test.

    Parameters
    ----------
    num_examples : int
        How many examples there are, N.
    fractions : sequence of float
        What share each part is to have, such as ``(0.8, 0.1, 0.1)``; the sum is 1.
    rng : numpy.random.Generator
        Decides which example goes where. It is used as it is, never seeded anew.

    Returns
    -------
    parts : list of ndarray of int
        For each fraction the indices of its examples, as numbers from 0 to N - 1. No example is
        in two parts, and none is left out. Part k ends after (sum of the first k fractions)
        times N examples, rounded to the nearest integer (halves to the even one).

    Raises
    ------
    ValueError, TypeError
        If the fractions don't add up to 1, `num_examples` is not positive, or `rng` is no
        generator.

    Notes
    -----
    ::

        end[k] = round(N * (fractions[0] + ... + fractions[k]))

    Rounding each size on its own could lose an example, or count one twice.

    Examples
    --------
    The parts end after 3.5, 5.25 and 7 examples, rounded: 4, 5 and 7.

    >>> parts = split_indices(7, (0.5, 0.25, 0.25), np.random.default_rng(0))
    >>> [len(part) for part in parts]
    [4, 1, 2]
    """
    order = rng.permutation(num_examples)
    ends = np.round(num_examples * np.cumsum(fractions)).astype(int)
    return np.split(order, ends[:-1])


@expects(x=matrix("N", "D"))
def fit_standardizer(x: Array) -> tuple[Array, Array]:
    r"""Mean and standard deviation of each feature, for `standardize`.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        The training examples only: the test set must not be looked at.

    Returns
    -------
    mean : ndarray, shape (D,)
        One mean for each column.
    std : ndarray, shape (D,)
        One standard deviation for each column, the biased one: squares are averaged with
        divisor N. Exactly 0 for a column that is constant.

    Raises
    ------
    ValueError, TypeError
        If `x` is no matrix of numbers.

    Notes
    -----
    ::

        mean = sum_i x[i] / N
        std  = sqrt(sum_i (x[i] - mean)**2 / N)

    The mean is taken relative to the first row. The mean of equal numbers, computed directly,
    can be off in the last digit, and a constant column would get a tiny deviation, not 0.

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.3.

    Examples
    --------
    >>> mean, std = fit_standardizer(np.array([[1.0, 0.1], [5.0, 0.1]]))
    >>> mean
    array([3. , 0.1])
    >>> std
    array([2., 0.])
    """
    mean = x[0] + (x - x[0]).mean(axis=0)
    std = np.sqrt(((x - mean) ** 2).mean(axis=0))
    return mean, std


@expects(
    one_entry_per_column("x", "mean", "std"),
    x=matrix("N", "D"),
    mean=vector("D"),
    std=vector("D"),
)
def standardize(x: Array, mean: Array, std: Array) -> Array:
    r"""Shift and scale each feature by the statistics of the training examples.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        Any examples: training, validation or test. Integers are fine.
    mean, std : ndarray, shape (D,)
        What `fit_standardizer` returned for the training examples.

    Returns
    -------
    z : ndarray, shape (N, D)
        On the training examples each column has mean 0 and standard deviation 1. A column whose
        `std` is 0 becomes 0, never NaN or infinite, and gives no warning.

    Raises
    ------
    ValueError, TypeError
        If `x` is no matrix of numbers, or `mean` or `std` don't fit its columns.

    Notes
    -----
    ::

        z = (x - mean) / std      where std is not 0
        z = 0                     where std is 0

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.3.

    Examples
    --------
    >>> standardize(np.array([[1.0, 7.0], [6.0, 7.0]]), np.array([3.0, 7.0]), np.array([2.0, 0.0]))
    array([[-1. ,  0. ],
           [ 1.5,  0. ]])
    """
    constant = std == 0
    return np.where(constant, 0, (x - mean) / np.where(constant, 1, std))
