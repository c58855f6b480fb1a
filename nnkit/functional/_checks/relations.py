"""Relations: how the arguments of one call must fit together.

A relation is called with all arguments by name, and names those that it looks at.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnkit.functional._checks.expects import Array, Relation
from nnkit.functional._checks.scalars import generator


def same_shape(first: str, *others: str) -> Relation:
    """These arrays have one shape."""

    def relation(**arguments: Any) -> None:
        shape = arguments[first].shape
        for other in others:
            if arguments[other].shape != shape:
                raise ValueError(
                    f"expected {other} to have the shape {shape} of {first}, "
                    f"got {arguments[other].shape}; pass arrays that belong together"
                )

    return relation


def one_entry_per_column(of: str, *vectors: str) -> Relation:
    """These vectors have one entry for each column of a matrix."""

    def relation(**arguments: Any) -> None:
        columns = arguments[of].shape[1]
        for name in vectors:
            _expect_shape(name, arguments[name], (columns,), f"one entry for each column of {of}")

    return relation


def fits_cached(name: str, part: str) -> Relation:
    """An array has the shape of the first item of the cache, which is called `part`."""

    def relation(**arguments: Any) -> None:
        shape = np.shape(arguments["cache"][0])
        _expect_shape(name, arguments[name], shape, f"as {part} in the cache")

    return relation


def same_columns(a: Array, b: Array, **_: Any) -> None:
    """Both matrices describe their rows by the same number of features."""
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"expected a and b with the same number of columns, got {a.shape} and {b.shape}; "
            "pass one row for each point"
        )


def targets_name_classes(logits: Array, targets: Array, **_: Any) -> None:
    """Targets must name a class for every row of the logits, and no other class."""
    num_rows, num_classes = logits.shape
    if len(targets) != num_rows:
        raise ValueError(
            f"expected one target for each of the {num_rows} rows of logits, "
            f"got {len(targets)}; pass logits and targets of the same batch"
        )
    _expect_classes(targets, num_classes, f"logits have {num_classes} columns")


def targets_below_num_classes(targets: Array, num_classes: int, **_: Any) -> None:
    """Targets must name classes from 0 to num_classes - 1."""
    if targets.size > 0:
        _expect_classes(targets, num_classes, f"num_classes is {num_classes}")


def layer_shapes_fit(x: Array, weight: Array, bias: Array, **_: Any) -> None:
    """``x @ weight + bias`` makes sense."""
    _expect_inputs(x.shape[1], weight, "weight", "x")
    _expect_shape("bias", bias, (weight.shape[1],), "one entry for each column of weight")


def layer_gradient_fits(grad_output: Array, x: Array, weight: Array, **_: Any) -> None:
    """The gradient has the shape of ``x @ weight``."""
    _expect_inputs(x.shape[1], weight, "weight", "x")
    expected = (x.shape[0], weight.shape[1])
    _expect_shape("grad_output", grad_output, expected, "rows of x, columns of weight")


def mlp_layers_fit(x: Array, weights: list[Array], biases: list[Array], **_: Any) -> None:
    """Each layer takes what the layer before it gives."""
    if len(weights) != len(biases) or not weights:
        raise ValueError(
            f"expected one bias for each weight and at least one layer, got {len(weights)} "
            f"weights and {len(biases)} biases; every layer has both"
        )
    width, source = x.shape[1], "x"
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        if weight.ndim != 2:
            raise ValueError(
                f"expected weights[{i}] of shape (in_features, out_features), "
                f"got {weight.shape}; reshape it first"
            )
        _expect_inputs(width, weight, f"weights[{i}]", source)
        width, source = weight.shape[1], f"weights[{i}]"
        _expect_shape(f"biases[{i}]", bias, (width,), f"one entry for each column of {source}")


def mlp_gradient_fits(grad_logits: Array, cache: tuple[Any, ...], **_: Any) -> None:
    """The gradient has the shape of the network's logits."""
    inputs, weights = cache
    expected = (len(inputs[0]), weights[-1].shape[1])
    _expect_shape("grad_logits", grad_logits, expected, "as the logits of that forward pass")


def batch_has_two_rows(x: Array, training: bool, **_: Any) -> None:
    """A batch that is normalised by its own variance has more than one row."""
    if training and len(x) < 2:
        raise ValueError(
            f"batch normalisation needs at least 2 rows in training mode, got {len(x)}; "
            "use a larger batch, or pass training=False"
        )


def rng_when_training(training: bool, rng: Any, **_: Any) -> None:
    """Randomness needs a generator; evaluation has none."""
    if training:
        generator("rng", rng)


def warmup_leaves_steps(total_steps: int, warmup_steps: int, **_: Any) -> None:
    """The warm-up ends before the schedule does."""
    if warmup_steps >= total_steps:
        raise ValueError(
            f"expected warmup_steps below total_steps ({total_steps}), got {warmup_steps}; "
            "shorten the warm-up, or train for more steps"
        )


def min_lr_below_lr(lr: float, min_lr: float, **_: Any) -> None:
    """The schedule falls."""
    if min_lr > lr:
        raise ValueError(
            f"expected min_lr of at most lr ({lr}), got {min_lr}; the schedule ends at min_lr"
        )


def high_above_low(low: float, high: float, **_: Any) -> None:
    """The interval is not empty."""
    if high <= low:
        raise ValueError(f"expected high above low ({low}), got {high}; exchange them")


def _expect_shape(name: str, array: Any, expected: tuple[int, ...], reason: str) -> None:
    if np.shape(array) != expected:
        raise ValueError(
            f"expected {name} of shape {expected} ({reason}), got {np.shape(array)}; "
            "check the sizes, and the order of the arguments"
        )


def _expect_inputs(width: int, weight: Array, name: str, source: str) -> None:
    if weight.shape[0] != width:
        raise ValueError(
            f"expected {name} with {width} rows (one for each column of {source}), "
            f"got shape {weight.shape}; weight is (in_features, out_features)"
        )


def _expect_classes(targets: Array, num_classes: int, why: str) -> None:
    if targets.min() < 0 or targets.max() >= num_classes:
        raise ValueError(
            f"expected targets between 0 and {num_classes - 1} ({why}), "
            f"got values from {targets.min()} to {targets.max()}; "
            "number the classes from 0"
        )
