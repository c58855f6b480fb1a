"""Toy sets in the plane, whose decision boundaries one can look at.

The classes take turns (0, 1, 2, 0, 1, ...), so every run of examples holds them in equal parts.
"""

from __future__ import annotations

import numpy as np

from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.scalars import count, count_above_one, generator, non_negative


@expects(num_examples=count, rng=generator, num_classes=count_above_one, noise=non_negative)
def spiral(
    num_examples: int, rng: np.random.Generator, num_classes: int = 3, noise: float = 0.2
) -> tuple[Array, Array]:
    r"""Arms of a spiral, one for each class: no straight line tells them apart.

    Parameters
    ----------
    num_examples : int
        How many points, N. The classes differ by at most one point.
    rng : numpy.random.Generator
        Source of the noise, used as it is, never seeded anew.
    num_classes : int, default=3
        How many arms, C.
    noise : float, default=0.2
        Standard deviation of the angle, in radians.

    Returns
    -------
    x : ndarray of float32, shape (N, 2)
        Points at most 1 away from the origin.
    targets : ndarray of int64, shape (N,)
        The arm of each point, from 0 to C - 1.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range, or `rng` is no generator.

    Notes
    -----
    Along an arm of n points the radius ``r`` goes from 1/n to 1, and::

        angle = 2 pi * arm / C + 4 r + noise * normal
        x     = (r sin(angle), r cos(angle))

    References
    ----------
    Karpathy, CS231n notes, "Putting it together: minimal neural network case study". There the
    arms begin 4 radians apart, and all in the same point; here they are spread evenly.

    Examples
    --------
    >>> x, targets = spiral(300, np.random.default_rng(0))
    >>> x.shape, np.bincount(targets).tolist()
    ((300, 2), [100, 100, 100])
    """
    targets = _in_turn(num_examples, num_classes)
    radius = (np.arange(num_examples) // num_classes + 1) / -(-num_examples // num_classes)
    angle = 2 * np.pi * targets / num_classes + 4 * radius + noise * rng.normal(size=num_examples)
    return _points(radius * np.sin(angle), radius * np.cos(angle)), targets


@expects(num_examples=count, rng=generator, noise=non_negative)
def moons(num_examples: int, rng: np.random.Generator, noise: float = 0.1) -> tuple[Array, Array]:
    r"""Two interlocking half circles, one for each class.

    Parameters
    ----------
    num_examples : int
        How many points, N. The classes differ by at most one point.
    rng : numpy.random.Generator
        Source of the noise, used as it is, never seeded anew.
    noise : float, default=0.1
        Standard deviation of each coordinate around the half circle.

    Returns
    -------
    x : ndarray of float32, shape (N, 2)
        The points; both half circles have radius 1.
    targets : ndarray of int64, shape (N,)
        0 for the upper moon, 1 for the lower one.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range, or `rng` is no generator.

    Notes
    -----
    With the angle ``a`` from 0 to pi, and noise added to both coordinates::

        upper = (cos(a), sin(a))
        lower = (1 - cos(a), 0.5 - sin(a))

    Examples
    --------
    >>> x, targets = moons(200, np.random.default_rng(0))
    >>> x.shape, np.bincount(targets).tolist()
    ((200, 2), [100, 100])
    """
    targets = _in_turn(num_examples, 2)
    place = np.arange(num_examples) // 2
    angle = np.pi * place / max(1, place[-1])
    horizontal = np.where(targets == 0, np.cos(angle), 1 - np.cos(angle))
    vertical = np.where(targets == 0, np.sin(angle), 0.5 - np.sin(angle))
    return _points(horizontal, vertical, noise * rng.normal(size=(num_examples, 2))), targets


@expects(num_examples=count, rng=generator, num_classes=count_above_one, noise=non_negative)
def blobs(
    num_examples: int, rng: np.random.Generator, num_classes: int = 3, noise: float = 0.5
) -> tuple[Array, Array]:
    r"""Round clouds of points, one for each class: straight lines tell them apart.

    Parameters
    ----------
    num_examples : int
        How many points, N. The classes differ by at most one point.
    rng : numpy.random.Generator
        Source of the noise, used as it is, never seeded anew.
    num_classes : int, default=3
        How many clouds, C.
    noise : float, default=0.5
        Standard deviation of each coordinate around the centre of its cloud.

    Returns
    -------
    x : ndarray of float32, shape (N, 2)
        The points.
    targets : ndarray of int64, shape (N,)
        The cloud of each point, from 0 to C - 1.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range, or `rng` is no generator.

    Notes
    -----
    The centres lie evenly on a circle of radius 2::

        centre = (2 sin(2 pi * cloud / C), 2 cos(2 pi * cloud / C))

    Examples
    --------
    >>> x, targets = blobs(90, np.random.default_rng(0))
    >>> x.shape, np.bincount(targets).tolist()
    ((90, 2), [30, 30, 30])
    """
    targets = _in_turn(num_examples, num_classes)
    angle = 2 * np.pi * targets / num_classes
    spread = noise * rng.normal(size=(num_examples, 2))
    return _points(2 * np.sin(angle), 2 * np.cos(angle), spread), targets


@expects(num_examples=count, rng=generator, noise=non_negative)
def xor(num_examples: int, rng: np.random.Generator, noise: float = 0.3) -> tuple[Array, Array]:
    r"""Four clouds at the corners of a square: the smallest problem that needs a hidden layer.

    Parameters
    ----------
    num_examples : int
        How many points, N. The classes differ by at most one point.
    rng : numpy.random.Generator
        Source of the noise, used as it is, never seeded anew.
    noise : float, default=0.3
        Standard deviation of each coordinate around its corner. 0 gives the corners themselves.

    Returns
    -------
    x : ndarray of float32, shape (N, 2)
        Points around (-1, -1), (1, -1), (1, 1) and (-1, 1), in turn.
    targets : ndarray of int64, shape (N,)
        0 where the corner's two coordinates are equal, 1 where they differ.

    Raises
    ------
    ValueError, TypeError
        If a number is out of its range, or `rng` is no generator.

    References
    ----------
    Minsky and Papert (1969), *Perceptrons*.

    Examples
    --------
    >>> xor(4, np.random.default_rng(0), noise=0)
    (array([[-1., -1.],
           [ 1., -1.],
           [ 1.,  1.],
           [-1.,  1.]], dtype=float32), array([0, 1, 0, 1]))
    """
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])[_in_turn(num_examples, 4)]
    horizontal, vertical = corners.T
    targets = (horizontal != vertical).astype(np.int64)
    return _points(horizontal, vertical, noise * rng.normal(size=(num_examples, 2))), targets


def _in_turn(num_examples: int, num_classes: int) -> Array:
    return np.arange(num_examples, dtype=np.int64) % num_classes


def _points(horizontal: Array, vertical: Array, noise: Array | float = 0.0) -> Array:
    return (np.stack([horizontal, vertical], axis=1) + noise).astype(np.float32)
