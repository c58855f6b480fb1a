"""Layers, losses, optimizers and whole training runs against PyTorch."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nnkit

torch = pytest.importorskip("torch")
nn = torch.nn


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def tensor(array):
    return torch.tensor(np.asarray(array))


PAIRS = {
    "Linear": (lambda rng: nnkit.Linear(4, 3, rng), lambda: nn.Linear(4, 3)),
    "ReLU": (lambda rng: nnkit.ReLU(), nn.ReLU),
    "LeakyReLU": (lambda rng: nnkit.LeakyReLU(0.2), lambda: nn.LeakyReLU(0.2)),
    "Tanh": (lambda rng: nnkit.Tanh(), nn.Tanh),
    "Sigmoid": (lambda rng: nnkit.Sigmoid(), nn.Sigmoid),
    "BatchNorm1d": (
        lambda rng: nnkit.BatchNorm1d(4, eps=0.03, momentum=0.3),
        lambda: nn.BatchNorm1d(4, eps=0.03, momentum=0.3),
    ),
    "LayerNorm": (lambda rng: nnkit.LayerNorm(4, eps=0.03), lambda: nn.LayerNorm(4, eps=0.03)),
}


def copy_parameters(ours, theirs):
    """From ours to theirs; PyTorch keeps the weight of a linear layer transposed."""
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        q.data = tensor(p.data.T.copy())


def assert_same_parameters(ours, theirs, rtol=1e-10, atol=1e-12):
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert_allclose(p.data, q.detach().numpy().T, rtol=rtol, atol=atol)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", PAIRS)
def test_layers_agree(name, training, rng):
    """Outputs, gradients of input and parameters, and running averages over three batches."""
    make_ours, make_theirs = PAIRS[name]
    ours, theirs = make_ours(rng).train(training), make_theirs().double().train(training)
    for p in ours.parameters():
        p.data = rng.normal(size=p.data.shape)
    copy_parameters(ours, theirs)
    for _ in range(3):
        x = rng.normal(loc=1.0, size=(6, 4))
        tensor_x = tensor(x).requires_grad_()
        y, expected = ours(x), theirs(tensor_x)
        grad_output = rng.normal(size=y.shape)
        expected.backward(tensor(grad_output))
        assert_allclose(y, expected.detach().numpy(), rtol=1e-12, atol=1e-14)
        assert_allclose(ours.backward(grad_output), tensor_x.grad.numpy(), rtol=1e-10, atol=1e-12)
        for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
            assert_allclose(p.grad, q.grad.numpy().T, rtol=1e-10, atol=1e-12)
    for key, array in ours.buffers().items():
        assert_allclose(array, theirs.state_dict()[key].numpy(), rtol=1e-12)


@pytest.mark.parametrize("scale", [1, 100])
def test_losses_agree(rng, scale):
    outputs, targets = scale * rng.normal(size=(6, 4)), rng.integers(4, size=6)
    for ours, theirs, y in (
        (nnkit.CrossEntropyLoss(), nn.CrossEntropyLoss(), targets),
        (nnkit.MSELoss(), nn.MSELoss(), rng.normal(size=(6, 4))),
    ):
        tensor_outputs = tensor(outputs).requires_grad_()
        expected = theirs(tensor_outputs, tensor(y))
        expected.backward()
        assert ours(outputs, y) == pytest.approx(expected.item(), rel=1e-12)
        assert_allclose(ours.backward(), tensor_outputs.grad.numpy(), rtol=1e-10, atol=1e-14)


OPTIMIZERS = {
    "sgd": ("SGD", {"lr": 0.1}),
    "sgd_decay": ("SGD", {"lr": 0.1, "weight_decay": 0.1}),
    "momentum": ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1}),
    "nesterov": ("SGD", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
    "adagrad": ("Adagrad", {"lr": 0.1}),
    "adagrad_eps": ("Adagrad", {"lr": 0.1, "eps": 0.1}),
    "rmsprop": ("RMSprop", {"lr": 0.01, "alpha": 0.9}),
    "adam": ("Adam", {"lr": 0.1, "betas": (0.7, 0.95), "eps": 0.01}),
    "adam_defaults": ("Adam", {}),
    "adamw": ("AdamW", {"lr": 0.1, "weight_decay": 0.2}),
    "adamw_defaults": ("AdamW", {}),
    "rmsprop_defaults": ("RMSprop", {}),
    "adagrad_defaults": ("Adagrad", {}),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_agree_over_many_steps(name, rng):
    kind, settings = OPTIMIZERS[name]
    ours = [nnkit.Parameter(rng.normal(size=shape)) for shape in ((5, 4), (4,))]
    theirs = [tensor(p.data.copy()).requires_grad_() for p in ours]
    optimizer = getattr(nnkit, kind)(ours, **settings)
    expected = getattr(torch.optim, kind)(theirs, **settings)
    for _ in range(200):
        for p, q in zip(ours, theirs, strict=True):
            p.grad = rng.normal(size=p.data.shape)
            q.grad = tensor(p.grad.copy())
        optimizer.step()
        expected.step()
    for p, q in zip(ours, theirs, strict=True):
        assert_allclose(p.data, q.detach().numpy(), rtol=1e-9, atol=1e-11)


def network(lib, linear):
    return [
        *(linear(8, 16), lib.BatchNorm1d(16), lib.ReLU(), linear(16, 12), lib.LayerNorm(12)),
        *(lib.Tanh(), linear(12, 10), lib.Sigmoid(), linear(10, 9), lib.LeakyReLU(0.1)),
        linear(9, 5),
    ]


@pytest.mark.parametrize("name", ["momentum", "adam", "adamw", "rmsprop"])
def test_a_whole_training_run_agrees(name, rng):
    """Losses, weights, running averages and predictions after 60 steps, in float64."""
    kind, settings = OPTIMIZERS[name]
    model = nnkit.Sequential(
        *network(nnkit, lambda d, h: nnkit.Linear(d, h, rng)), dtype=np.float64
    )
    theirs = nn.Sequential(*network(nn, nn.Linear)).double()
    copy_parameters(model, theirs)
    x, targets = rng.normal(size=(160, 8)), rng.integers(5, size=160)
    batches = [indices for _ in range(12) for indices in np.split(rng.permutation(160), 5)]

    expected = getattr(torch.optim, kind)(theirs.parameters(), **settings)
    losses = []
    for indices in batches:
        expected.zero_grad()
        loss = nn.functional.cross_entropy(theirs(tensor(x[indices])), tensor(targets[indices]))
        loss.backward()
        expected.step()
        losses.append(loss.item())

    history = nnkit.fit(
        model,
        getattr(nnkit, kind)(model.parameters(), **settings),
        (x, targets),
        num_epochs=1,
        rng=rng,
        minibatches=lambda *_: batches,
        progress=False,
    )

    assert_allclose(history.losses, losses, rtol=1e-8)
    assert_same_parameters(model, theirs, rtol=1e-6, atol=1e-8)
    for key, array in model.buffers().items():
        assert_allclose(array, theirs.state_dict()[key].numpy(), rtol=1e-8, atol=1e-9)
    predicted = theirs.eval()(tensor(x)).detach().numpy()
    assert_allclose(model(x), predicted, rtol=1e-6, atol=1e-8)
