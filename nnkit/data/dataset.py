"""What a data set consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Examples to train on, others to test on, and what one should know about them.

    Parameters
    ----------
    x_train : ndarray, shape (N, D)
        One row for each training example.
    targets_train : ndarray of int, shape (N,)
        The class of each training example, from 0 to C - 1.
    x_test : ndarray, shape (M, D)
        One row for each test example. Look at them once, at the end.
    targets_test : ndarray of int, shape (M,)
        The class of each test example.
    names : tuple of str
        What the C classes are called.
    about : str
        Where the data come from, their licence, and their own errors and limits.

    Raises
    ------
    ValueError
        If the arrays don't belong together, or a target is none of the classes.

    Examples
    --------
    >>> x, targets = np.eye(3, dtype=np.float32), np.array([0, 1, 1])
    >>> data = Dataset(x, targets, x[:1], targets[:1], names=("cat", "dog"), about="Made up.")
    >>> data
    Dataset(3 to train on, 1 to test on, 3 features, 2 classes)
    """

    x_train: NDArray[Any]
    targets_train: NDArray[Any]
    x_test: NDArray[Any]
    targets_test: NDArray[Any]
    names: tuple[str, ...]
    about: str

    def __post_init__(self) -> None:
        for part in ("train", "test"):
            x, targets = getattr(self, f"x_{part}"), getattr(self, f"targets_{part}")
            _check_part(part, x, targets, num_classes=len(self.names))
        if self.x_train.shape[1] != self.x_test.shape[1]:
            raise ValueError(
                f"expected x_test with the {self.x_train.shape[1]} columns of x_train, "
                f"got {self.x_test.shape[1]}; describe all examples by the same features"
            )

    def __repr__(self) -> str:
        (train, features), test = self.x_train.shape, len(self.x_test)
        return (
            f"Dataset({train} to train on, {test} to test on, "
            f"{features} features, {len(self.names)} classes)"
        )


def _check_part(part: str, x: NDArray[Any], targets: NDArray[Any], num_classes: int) -> None:
    if x.ndim != 2:
        raise ValueError(f"expected x_{part} of shape (N, D), got {x.shape}; flatten the examples")
    if targets.shape != (len(x),) or not np.issubdtype(targets.dtype, np.integer):
        raise ValueError(
            f"expected targets_{part} as integers of shape ({len(x)},), one for each example, "
            f"got {targets.dtype} of shape {targets.shape}; check that inputs and targets "
            "come from the same files"
        )
    if len(targets) and not (targets.min() >= 0 and targets.max() < num_classes):
        raise ValueError(
            f"expected targets_{part} from 0 to {num_classes - 1}, one of the {num_classes} "
            f"names, got {targets.min()} to {targets.max()}; name every class"
        )
