"""PyTorch as it is usually written: DataLoader, default optimizer, loss.item()."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from workloads import LEARNING_RATES, he_weights, make_data

OPTIMIZERS = {
    "sgd": lambda params, lr, **more: torch.optim.SGD(params, lr, **more),
    "momentum": lambda params, lr, **more: torch.optim.SGD(params, lr, momentum=0.9, **more),
    "adam": lambda params, lr, **more: torch.optim.Adam(params, lr, **more),
}


def make_step(workload, num_threads):
    """One training step of PyTorch."""
    torch.set_num_threads(num_threads)
    x, targets = (torch.from_numpy(array) for array in make_data(workload))
    loader = DataLoader(TensorDataset(x, targets), workload.batch_size, shuffle=True)
    model = make_model(workload)
    optimizer = OPTIMIZERS[workload.optimizer](
        model.parameters(), LEARNING_RATES[workload.optimizer]
    )
    criterion = nn.CrossEntropyLoss()
    batches = _endless(loader)

    def step():
        xb, yb = next(batches)
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def make_model(workload):
    """The network, with the weights that all peers start from."""
    layers, weights = [], he_weights(workload)
    for i, (d, h) in enumerate(workload.layers):
        linear = nn.Linear(d, h)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weights[i].T.copy()))
            linear.bias.zero_()
        layers.append(linear)
        if i < len(weights) - 1:
            layers += [nn.BatchNorm1d(h)] * workload.batchnorm
            layers += [nn.ReLU()]
            layers += [nn.Dropout(workload.dropout)] if workload.dropout else []
    return nn.Sequential(*layers)


def _endless(loader):
    while True:
        yield from loader
