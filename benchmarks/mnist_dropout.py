"""Dropout on MNIST: 784-800-800-10, as Hinton et al. (2012) reported it.

    python benchmarks/mnist_dropout.py --data ../shared/data/mnist
    python benchmarks/mnist_dropout.py                     fetches MNIST into nnkit's cache

Trains three networks on all 60,000 training images, without looking at the test images on the
way: without dropout, with 50 % on the hidden layers, and with 20 % on the inputs as well. The
published errors, of 10,000, are 160, 130 and 110 (arXiv:1207.0580); that paper used plain
gradient descent with momentum and a bound on the norm of weights, this script uses Adam.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

import nnkit
from nnkit.data import mnist, read_idx

WIDTH = 800
CASES = {  # name: dropout on the inputs, dropout on hidden layers, epochs, published errors
    "no dropout": (0.0, 0.0, 20, 160),
    "hidden 50 %": (0.0, 0.5, 40, 130),
    "hidden 50 %, input 20 %": (0.2, 0.5, 40, 110),
}


def main() -> None:
    """Train the networks and print how they compare."""
    options = parse_options()
    train, test = load_folder(options.data) if options.data else load_dataset()
    rows = []
    print(
        f"{'':<25}{'errors':>8}{'published':>11}{'epochs':>8}{'seconds':>9}{'cpu':>7}", flush=True
    )
    for name, (p_input, p_hidden, epochs, published) in CASES.items():
        epochs = options.epochs or epochs
        wall, cpu = time.perf_counter(), time.process_time()
        errors = train_and_count_errors(train, test, p_input, p_hidden, epochs, options.seed)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        rows.append(
            {"case": name, "errors": errors, "published": published, "epochs": epochs}
            | {"seconds": wall, "cpu_seconds": cpu, "seed": options.seed}
        )
        print(f"{name:<25}{errors:>8}{published:>11}{epochs:>8}{wall:>9.0f}{cpu:>7.0f}", flush=True)
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1) + "\n")


def train_and_count_errors(
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
    p_input: float,
    p_hidden: float,
    num_epochs: int,
    seed: int,
) -> int:
    """How many test images a freshly trained network gets wrong."""
    rng = np.random.default_rng(seed)
    layers: list[nnkit.Module] = [nnkit.Dropout(p_input, rng)] if p_input else []
    for d, h in ((784, WIDTH), (WIDTH, WIDTH)):
        layers += [nnkit.Linear(d, h, rng), nnkit.ReLU()]
        layers += [nnkit.Dropout(p_hidden, rng)] if p_hidden else []
    model = nnkit.Sequential(*layers, nnkit.Linear(WIDTH, 10, rng))
    steps_per_epoch = -(-len(train[0]) // 128)
    nnkit.fit(
        model,
        nnkit.Adam(model.parameters(), lr=1e-3),
        train,
        num_epochs=num_epochs,
        batch_size=128,
        schedule=nnkit.LinearDecay(1e-3, total_steps=num_epochs * steps_per_epoch),
        rng=rng,
        progress=False,
    )
    _, accuracy = nnkit.evaluate(model, nnkit.CrossEntropyLoss(), test)
    assert accuracy is not None
    return round((1 - accuracy) * len(test[0]))


def load_folder(folder: Path) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Training and test data from the four IDX files in a folder, compressed or not."""
    parts = []
    for prefix in ("train", "t10k"):
        images, labels = (
            read_idx(next(folder.glob(f"{prefix}-{kind}*")))
            for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")
        )
        x = images.reshape(len(images), -1).astype(np.float32) / 255
        parts.append((x, labels.astype(np.int64)))
    return tuple(parts)


def load_dataset() -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Training and test data through `nnkit.data`."""
    data = mnist()
    return (data.x_train, data.targets_train), (data.x_test, data.targets_test)


def parse_options() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with the four IDX files")
    parser.add_argument("--epochs", type=int, help="the same for all, instead of 20, 40 and 40")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", help="where to write the results, too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
