"""What is measured: five networks, and how one step of training looks for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NUM_EXAMPLES = 60_000


@dataclass(frozen=True)
class Workload:
    """A fully connected classifier with ReLU between layers, and how it is trained.

    `optimizer` is "sgd", "momentum" (0.9) or "adam"; `dropout` and `batchnorm` are for the hidden
    layers.
    """

    sizes: tuple[int, ...]
    batch_size: int
    optimizer: str
    dropout: float = 0.0
    batchnorm: bool = False

    @property
    def layers(self) -> list[tuple[int, int]]:
        """(in_features, out_features) of each linear layer."""
        return list(zip(self.sizes[:-1], self.sizes[1:], strict=True))

    def describe(self) -> str:
        """As in ``784-128-10, batch 64, sgd``."""
        extras = [f"dropout {self.dropout}"] * bool(self.dropout) + ["batchnorm"] * self.batchnorm
        widths = "-".join(str(size) for size in self.sizes)
        return ", ".join([widths, f"batch {self.batch_size}", *extras, self.optimizer])


WORKLOADS = {
    "a": Workload((64, 64, 10), 32, "sgd"),
    "b": Workload((784, 128, 10), 64, "sgd"),
    "c": Workload((784, 512, 512, 10), 128, "adam"),
    "d": Workload((784, 1024, 1024, 10), 128, "momentum", dropout=0.5),
    "e": Workload((784, 256, 256, 256, 10), 128, "adam", batchnorm=True),
}
LEARNING_RATES = {"sgd": 1e-2, "momentum": 1e-3, "adam": 1e-3}


def make_data(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Random inputs and targets: speed does not depend on what they show."""
    rng = np.random.default_rng(0)
    x = rng.random((NUM_EXAMPLES, workload.sizes[0]), dtype=np.float32)
    return x, rng.integers(workload.sizes[-1], size=NUM_EXAMPLES)


def he_weights(workload: Workload) -> list[np.ndarray]:
    """First weights of shape (in_features, out_features), the same for all peers."""
    rng = np.random.default_rng(1)
    return [
        (rng.standard_normal((d, h)) * np.sqrt(2 / d)).astype(np.float32)
        for d, h in workload.layers
    ]


def endless_batches(batch_size: int):
    """Indices of minibatches, epoch after epoch."""
    rng = np.random.default_rng(2)
    while True:
        order = rng.permutation(NUM_EXAMPLES)
        for start in range(0, NUM_EXAMPLES, batch_size):
            yield order[start : start + batch_size]
