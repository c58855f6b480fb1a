"""Losses: a number for how wrong a batch is, and its gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from nnkit.parameter import Array


class Loss(ABC):
    """Called with outputs and targets, gives the loss; `backward` then gives its gradient.

    A subclass writes both. It takes the mean over the rows of a batch.

    Examples
    --------
    >>> class MeanAbsoluteError(Loss):
    ...     def __call__(self, outputs, targets):
    ...         self._difference = outputs - targets
    ...         return float(np.abs(self._difference).mean())
    ...
    ...     def backward(self):
    ...         return np.sign(self._difference) / self._difference.size
    >>> loss = MeanAbsoluteError()
    >>> loss(np.array([[5.0], [1.0]]), np.array([[2.0], [2.0]]))
    2.0
    >>> loss.backward()
    array([[ 0.5],
           [-0.5]])
    """

    @abstractmethod
    def __call__(self, outputs: Array, targets: Array) -> float:
        """Mean loss over the batch; keeps what `backward` will need."""

    @abstractmethod
    def backward(self) -> Array:
        """Gradient of the last loss with respect to the outputs of the network."""


class CrossEntropyLoss(Loss):
    r"""Mean negative log-probability that the softmax gives to the right classes.

    Raises
    ------
    ValueError
        In use: if targets are no integers, one for each row, or name no class.

    Notes
    -----
    Logits have shape (N, C), targets (N,): integers from 0 to C - 1. With ``z`` one row of
    logits and ``m`` its maximum::

        probs[c]   = exp(z[c] - m) / sum_k exp(z[k] - m)
        loss       = -mean_i log(probs[i, targets[i]])
        dL/dlogits = (probs - one_hot) / N

    The code works on the transposed logits: a few long rows are quicker than many short ones.

    References
    ----------
    Bridle (1990), "Probabilistic interpretation of feedforward classification network
    outputs, with relationships to statistical pattern recognition".
    Bishop (2006), *Pattern Recognition and Machine Learning*, equation 4.109.

    Examples
    --------
    >>> loss = CrossEntropyLoss()
    >>> round(loss(np.zeros((1, 2)), np.array([1])), 3)
    0.693
    >>> loss.backward()
    array([[ 0.5, -0.5]])
    """

    def __call__(self, outputs: Array, targets: Array) -> float:
        _check_targets(outputs, targets)
        self._at_targets = targets, np.arange(len(targets))
        z = outputs.T.copy()
        z -= np.maximum.reduce(z)
        try:
            z_of_targets = z[self._at_targets]
        except IndexError as error:
            raise ValueError(_no_such_class(outputs, targets)) from error
        probs = np.exp(z, out=z)
        total = np.add.reduce(probs)
        probs /= total
        self._probs = probs
        log_probs = z_of_targets - np.log(total)
        return -float(np.add.reduce(log_probs)) / len(targets)

    def backward(self) -> Array:
        one_over_n = 1 / self._probs.shape[1]
        grad = self._probs * one_over_n
        grad[self._at_targets] -= one_over_n
        return grad.T


class MSELoss(Loss):
    r"""Mean squared error over all entries.

    Raises
    ------
    ValueError
        In use: if predictions and targets differ in shape.

    Notes
    -----
    Predictions and targets have one shape, of ``n`` entries::

        loss            = sum (predictions - targets)**2 / n
        dL/dpredictions = 2 * (predictions - targets) / n

    References
    ----------
    Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 5.1.4.

    Examples
    --------
    >>> loss = MSELoss()
    >>> loss(np.array([[5.0, 1.0]]), np.array([[2.0, 1.0]]))
    4.5
    >>> loss.backward()
    array([[3., 0.]])
    """

    def __call__(self, outputs: Array, targets: Array) -> float:
        if outputs.shape != np.shape(targets):
            raise ValueError(
                f"expected targets of the shape {outputs.shape} of the predictions, "
                f"got {np.shape(targets)}; reshape them: (N,) and (N, 1) are not the same"
            )
        self._difference = np.subtract(outputs, targets, dtype=outputs.dtype)
        return float(np.square(self._difference).mean())

    def backward(self) -> Array:
        return self._difference * (2 / self._difference.size)


def _check_targets(logits: Array, targets: Array) -> None:
    num_rows = len(logits)
    if targets.shape != (num_rows,) or targets.dtype.kind not in "iu":
        raise ValueError(
            f"expected targets as {num_rows} integers, one for each row of logits, got shape "
            f"{targets.shape} of {targets.dtype}; for one-hot rows use targets.argmax(axis=1)"
        )
    if np.minimum.reduce(targets) < 0:  # NumPy would count from the end
        raise ValueError(_no_such_class(logits, targets))


def _no_such_class(logits: Array, targets: Array) -> str:
    return (
        f"expected targets between 0 and {logits.shape[1] - 1}, got values from {targets.min()} "
        f"to {targets.max()}; number the classes from 0, with one output for each"
    )
