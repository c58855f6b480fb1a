"""Pictures for the capstone: scikit-learn's digits, and clothing where the instructor has it.

Both are public. So pixels come in an order of their own, with noise, and classes have other names:
a list of pictures that somebody has learnt by heart doesn't fit.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from course.table import LessonError, lesson_row
from nnkit.data import fashion_mnist

Arrays = list[NDArray[np.generic]]
DIGITS, FASHION = CHOICES = ("digits", "fashion_mnist")


@cache
def graded_pictures() -> str:
    """What the capstone is graded with: ``pictures = ...`` in its row of `course.toml`.

    Raises
    ------
    LessonError
        If it says something else than one of `CHOICES`.
    """
    said = lesson_row("train_classifier").get("pictures", DIGITS)
    if said not in CHOICES:
        raise LessonError(f"course.toml: expected pictures {' or '.join(CHOICES)}, got {said!r}")
    return str(said)


def plain(rng: Generator) -> tuple[Arrays, Arrays]:
    """Digits to train on, to validate with and to ask for: 700, 200 and 897."""
    return _parts_of_digits(rng, share_negative=0.0)


def half_negative(rng: Generator) -> tuple[Arrays, Arrays]:
    """As `plain`, but in half of the pictures dark and light are exchanged."""
    return _parts_of_digits(rng, share_negative=0.5)


def clothing(rng: Generator) -> tuple[Arrays, Arrays]:
    """Fashion-MNIST's test pictures, each 2 x 2 pixels made one: 2000, 500 and 2000.

    Raises
    ------
    OSError
        If the files can't be had; it says where to put them.
    """
    x, y = _clothing()
    chosen = rng.permutation(len(x))[:4500]
    x, y = x[chosen][:, rng.permutation(x.shape[1])], rng.permutation(10)[y[chosen]]
    x = x + rng.normal(size=x.shape).astype(np.float32)
    return np.split(x, [2000, 2500]), np.split(y, [2000, 2500])


def _parts_of_digits(rng: Generator, share_negative: float) -> tuple[Arrays, Arrays]:
    x, y = _digits()
    order = rng.permutation(len(x))
    x, y = x[order][:, rng.permutation(64)], rng.permutation(10)[y[order]]
    negative = rng.random(len(x)) < share_negative
    x = np.where(negative[:, np.newaxis], 16 - x, x) + rng.normal(size=x.shape).astype(np.float32)
    return np.split(x, [700, 900]), np.split(y, [700, 900])


@cache
def _digits() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    bundle = load_digits()
    return bundle.data.astype(np.float32), bundle.target


@cache
def _clothing() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Pictures of 14 x 14 pixels from 0 to 16, as those of the digits, and their classes."""
    data = fashion_mnist()
    blocks = data.x_test.reshape(-1, 14, 2, 14, 2)
    return 16 * blocks.mean(axis=(2, 4)).reshape(len(blocks), 196), data.targets_test
