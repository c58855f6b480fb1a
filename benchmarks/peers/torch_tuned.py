"""PyTorch with what helps on a CPU: index_select instead of a DataLoader, a fused optimizer."""

import torch
from torch import nn
from workloads import LEARNING_RATES, NUM_EXAMPLES, make_data

from peers.torch_usual import OPTIMIZERS, make_model


def make_step(workload, num_threads):
    """One training step of PyTorch, tuned."""
    torch.set_num_threads(num_threads)
    x, targets = (torch.from_numpy(array) for array in make_data(workload))
    model = make_model(workload)
    lr = LEARNING_RATES[workload.optimizer]
    optimizer = OPTIMIZERS[workload.optimizer](model.parameters(), lr, fused=True)
    criterion = nn.CrossEntropyLoss()
    batches = _endless(workload.batch_size)

    def step():
        indices = next(batches)
        xb, yb = x.index_select(0, indices), targets.index_select(0, indices)
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def _endless(batch_size):
    while True:
        yield from torch.randperm(NUM_EXAMPLES).split(batch_size)
