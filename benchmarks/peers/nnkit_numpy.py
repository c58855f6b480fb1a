"""nnkit without its accelerator."""

import numpy as np
from workloads import LEARNING_RATES, endless_batches, make_data

import nnkit
from nnkit import accelerator

OPTIMIZERS = {
    "sgd": lambda params, lr: nnkit.SGD(params, lr),
    "momentum": lambda params, lr: nnkit.SGD(params, lr, momentum=0.9),
    "adam": lambda params, lr: nnkit.Adam(params, lr),
}


def make_step(workload, num_threads):
    """One training step of nnkit, in NumPy alone."""
    accelerator.set_enabled(False)
    return make_nnkit_step(workload, num_threads)


def make_nnkit_step(workload, num_threads):
    """One training step of nnkit."""
    nnkit.set_num_threads(num_threads)
    rng = np.random.default_rng(1)
    x, targets = make_data(workload)
    *hidden, last = workload.layers
    layers = []
    for d, h in hidden:
        layers += [nnkit.Linear(d, h, rng)]
        layers += [nnkit.BatchNorm1d(h)] * workload.batchnorm
        layers += [nnkit.ReLU()]
        layers += [nnkit.Dropout(workload.dropout, rng)] if workload.dropout else []
    model = nnkit.Sequential(*layers, nnkit.Linear(*last, rng))
    lr = LEARNING_RATES[workload.optimizer]
    optimizer = OPTIMIZERS[workload.optimizer](model.parameters(), lr)
    loss = nnkit.CrossEntropyLoss()
    batches = endless_batches(workload.batch_size)

    def step():
        indices = next(batches)
        xb, yb = x.take(indices, axis=0), targets.take(indices)  # as in nnkit.fit
        value = nnkit.loss_and_gradients(model, loss, xb, yb)
        optimizer.step()
        return value

    return step
