"""What these tests share: a generator, and oracles that know nothing of nnkit."""

import re

import numpy as np
import pytest
from hypothesis import settings
from numpy.testing import assert_allclose

settings.register_profile("nnkit", deadline=None, database=None, derandomize=True, max_examples=25)
settings.load_profile("nnkit")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def torch():
    return pytest.importorskip("torch")


@pytest.fixture(scope="session")
def torch_vjp(torch):
    """PyTorch's output of a function, and the gradients of sum(output * grad_output)."""

    def vjp(function, arrays, grad_output):
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        output = function(*tensors)
        output.backward(torch.tensor(grad_output))
        return output.detach().numpy(), [tensor.grad.numpy() for tensor in tensors]

    return vjp


@pytest.fixture(scope="session")
def assert_is_gradient():
    """A gradient agrees with complex steps to 1e-10, and with centred differences to 1e-6."""

    def check(grad, f, x):
        assert grad.shape == x.shape
        assert_allclose(grad, complex_steps(f, x), rtol=1e-10, atol=1e-13)
        assert_allclose(grad, centred_differences(f, x), rtol=1e-6, atol=1e-8)

    return check


@pytest.fixture(scope="session")
def assert_refused():
    """A call is refused with a message of three parts: expected this, got that; do this."""

    def check(call, exception, message):
        with pytest.raises(exception, match=message) as caught:
            call()
        assert re.search(
            r"^(expected|batch normalisation needs) .*, got .*; .*$", str(caught.value)
        )

    return check


def complex_steps(f, x, step=1e-30):
    moves = step * 1j * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([np.imag(f(x + move)) / step for move in moves]).reshape(x.shape)


def centred_differences(f, x, step=1e-5):
    moves = step * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + move) - f(x - move)) / (2 * step) for move in moves]).reshape(x.shape)
