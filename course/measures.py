"""Small data for training programs, and what a summary says about a trained network."""

from __future__ import annotations

import numpy as np

from course.spec import Function
from nnkit.functional import cross_entropy, log_softmax
from nnkit.functional._checks.expects import Array


def pictures(
    num_examples: int, num_classes: int, num_pixels: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Rows of pixels from 0 to 16 and their classes: each class has a pattern, with noise on it."""
    patterns = rng.integers(0, 13, size=(num_classes, num_pixels))
    targets = rng.permutation(np.arange(num_examples) % num_classes)
    noise = rng.integers(-2, 5, size=(num_examples, num_pixels))
    return np.clip(patterns[targets] + noise, 0, 16).astype(float), targets


def rings(num_examples: int, num_classes: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Points on circles around the origin, one for each class: a single unit can't part them."""
    targets = rng.permutation(np.arange(num_examples) % num_classes)
    angle = rng.uniform(0, 2 * np.pi, size=num_examples)
    radius = 0.4 + targets + rng.normal(scale=0.08, size=num_examples)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), targets


def blind_loss(logits: Array) -> float:
    """The mean cross-entropy over all labels that there could be: log C if all logits are equal."""
    return float(-log_softmax(logits).mean())


def above(value: float, bound: float) -> float:
    """By how much a value is too large; 0 for all that are small enough."""
    return float(max(0.0, value - bound)) if value == value else np.nan


def below(value: float, bound: float) -> float:
    """By how much a value is too small; 0 for all that are large enough."""
    return above(-value, -bound)


def unlearned(logits: Array, targets: Array, bound: float) -> float:
    """By how much the loss is above a part of log C, as a part of log C; NaN if it is none."""
    return above(cross_entropy(logits, targets) / np.log(logits.shape[1]), bound)


def given(make: Function) -> Function:
    """What a probe may see of a data set: all but the answers."""
    return lambda rng: {name: part for name, part in make(rng).items() if name != "answers"}


def answers(make: Function) -> Function:
    """What only the summary may see of a data set."""
    return lambda rng: make(rng)["answers"]
