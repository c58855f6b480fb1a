"""Random weights to start from, and a look at units that never switch on."""

from __future__ import annotations

import numpy as np

from nnkit.functional._checks.arrays import matrix
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.scalars import count, generator


@expects(fan_in=count, fan_out=count, rng=generator)
def xavier_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    r"""Random weights for a layer with a symmetric activation such as tanh; uniform.

    Parameters
    ----------
    fan_in : int
        How many inputs feed one unit.
    fan_out : int
        How many units the layer has.
    rng : numpy.random.Generator
        Source of the numbers. It is used as it is, never seeded anew.

    Returns
    -------
    weight : ndarray, shape (fan_in, fan_out)
        Independent numbers from a uniform distribution around 0, as float64. Their variance is
        2 divided by the sum of `fan_in` and `fan_out`.

    Raises
    ------
    ValueError, TypeError
        If a number is not a positive integer, or `rng` is no generator.

    Notes
    -----
    A uniform distribution from ``-bound`` to ``bound`` has the variance ``bound**2 / 3``, so::

        bound = sqrt(6 / (fan_in + fan_out))

    References
    ----------
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks", equation 16.

    Examples
    --------
    >>> weight = xavier_uniform(4, 2, np.random.default_rng(0))
    >>> weight.shape
    (4, 2)
    >>> bool((abs(weight) <= 1).all())
    True
    """
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, size=(fan_in, fan_out))


@expects(fan_in=count, fan_out=count, rng=generator)
def xavier_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    r"""Random weights for a layer with a symmetric activation such as tanh; normal.

    Parameters
    ----------
    fan_in : int
        How many inputs feed one unit.
    fan_out : int
        How many units the layer has.
    rng : numpy.random.Generator
        Source of the numbers. It is used as it is, never seeded anew.

    Returns
    -------
    weight : ndarray, shape (fan_in, fan_out)
        Independent numbers from a normal distribution around 0, as float64. Their variance is 2
        divided by the sum of `fan_in` and `fan_out`.

    Raises
    ------
    ValueError, TypeError
        If a number is not a positive integer, or `rng` is no generator.

    Notes
    -----
    ::

        std = sqrt(2 / (fan_in + fan_out))

    References
    ----------
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
    networks", equation 12.

    Examples
    --------
    The standard deviation is the root of 2 / 200:

    >>> weight = xavier_normal(80, 120, np.random.default_rng(0))
    >>> weight.shape, round(float(weight.std()), 2)
    ((80, 120), 0.1)
    """
    std = np.sqrt(2 / (fan_in + fan_out))
    return rng.normal(0.0, std, size=(fan_in, fan_out))


@expects(fan_in=count, fan_out=count, rng=generator)
def kaiming_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    r"""Random weights for a layer that a ReLU follows; uniform.

    Parameters
    ----------
    fan_in : int
        How many inputs feed one unit.
    fan_out : int
        How many units the layer has; the size of the weights does not depend on it.
    rng : numpy.random.Generator
        Source of the numbers. It is used as it is, never seeded anew.

    Returns
    -------
    weight : ndarray, shape (fan_in, fan_out)
        Independent numbers from a uniform distribution around 0, as float64. Their variance is
        2 divided by `fan_in`.

    Raises
    ------
    ValueError, TypeError
        If a number is not a positive integer, or `rng` is no generator.

    Notes
    -----
    A uniform distribution from ``-bound`` to ``bound`` has the variance ``bound**2 / 3``, so::

        bound = sqrt(6 / fan_in)

    as ``torch.nn.init.kaiming_uniform_`` with its default gain, the root of 2.

    References
    ----------
    He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", arXiv:1502.01852,
    equation 10.

    Examples
    --------
    >>> weight = kaiming_uniform(6, 2, np.random.default_rng(0))
    >>> weight.shape
    (6, 2)
    >>> bool((abs(weight) <= 1).all())
    True
    """
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, size=(fan_in, fan_out))


@expects(fan_in=count, fan_out=count, rng=generator)
def kaiming_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    r"""Random weights for a layer that a ReLU follows; normal.

    Parameters
    ----------
    fan_in : int
        How many inputs feed one unit.
    fan_out : int
        How many units the layer has; the size of the weights does not depend on it.
    rng : numpy.random.Generator
        Source of the numbers. It is used as it is, never seeded anew.

    Returns
    -------
    weight : ndarray, shape (fan_in, fan_out)
        Independent numbers from a normal distribution around 0, as float64. Their variance is 2
        divided by `fan_in`.

    Raises
    ------
    ValueError, TypeError
        If a number is not a positive integer, or `rng` is no generator.

    Notes
    -----
    ::

        std = sqrt(2 / fan_in)

    A ReLU halves the mean square of what passes through it; the 2 makes up for that.

    References
    ----------
    He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", arXiv:1502.01852,
    equation 10.

    Examples
    --------
    The standard deviation is the root of 2 / 200:

    >>> weight = kaiming_normal(200, 50, np.random.default_rng(0))
    >>> weight.shape, round(float(weight.std()), 2)
    ((200, 50), 0.1)
    """
    std = np.sqrt(2 / fan_in)
    return rng.normal(0.0, std, size=(fan_in, fan_out))


@expects(activations=matrix("N", "H"))
def dead_unit_fraction(activations: Array) -> float:
    r"""Fraction of the units that are 0 for every example.

    Parameters
    ----------
    activations : ndarray, shape (N, H)
        What a layer gives after its ReLU: one row for each example, one column for each unit.

    Returns
    -------
    fraction : float
        From 0 to 1, a Python number. A unit that is 0 for some examples only is not dead.

    Raises
    ------
    ValueError, TypeError
        If `activations` is no matrix of numbers.

    Notes
    -----
    ::

        fraction = mean_j (activations[i, j] == 0 for all i)

    A unit that is dead on all training examples gets no gradient, and stays as it is.

    References
    ----------
    Lu, Shin, Su and Karniadakis (2019), "Dying ReLU and initialization: theory and numerical
    examples", arXiv:1903.06733.

    Examples
    --------
    Only the first of four units is 0 in both rows:

    >>> dead_unit_fraction(np.array([[0.0, 0.0, 3.0, 1.0], [0.0, 2.0, 0.0, 1.0]]))
    0.25
    """
    is_dead = (activations == 0).all(axis=0)
    return is_dead.mean().item()
