"""Optimizers: what turns gradients into better parameters."""

from __future__ import annotations

from collections.abc import Iterable

from nnkit.optimizer_base import FlatOptimizer, Optimizer
from nnkit.parameter import Parameter


class SGD(FlatOptimizer):
    r"""Gradient descent, with or without momentum, as in PyTorch.

    Parameters
    ----------
    params : iterable of Parameter
        ``model.parameters()``.
    lr : float
        Learning rate.
    momentum : float, default=0.0
        Which part of the old velocity is kept.
    nesterov : bool, default=False
        Whether to move as if the velocity had been updated once more.
    weight_decay : float, default=0.0
        Added to the gradient, times the parameter (biases, too).

    Raises
    ------
    ValueError
        If a setting is negative, or `nesterov` comes without momentum.

    Notes
    -----
    ::

        g        = grad + weight_decay * p
        velocity = momentum * velocity + g
        p        = p - lr * g                          without momentum
        p        = p - lr * velocity                   with momentum
        p        = p - lr * (g + momentum * velocity)  with Nesterov's

    References
    ----------
    Sutskever, Martens, Dahl and Hinton (2013), "On the importance of initialization and
    momentum in deep learning", equations 1 to 4 (with `lr` inside the velocity).

    Examples
    --------
    >>> p = Parameter([3.0])
    >>> optimizer = SGD([p], lr=0.1, momentum=0.5)
    >>> for _ in range(2):
    ...     p.grad = [10.0]
    ...     optimizer.step()
    >>> p, optimizer.state
    (Parameter([0.5]), {'velocity': array([15.])})
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        if nesterov and not momentum:
            raise ValueError("nesterov needs a momentum above 0; pass momentum=0.9, for example")
        rule = "nesterov" if nesterov else "momentum" if momentum else "sgd"
        state_names = ("velocity",) if momentum else ()
        super().__init__(
            params,
            lr,
            rule,
            state_names,
            momentum=momentum,
            nesterov=nesterov,
            weight_decay=weight_decay,
        )

    def _numbers(self) -> tuple[float, ...]:
        settings = self.hyperparameters
        if not self.state:
            return self.lr, settings["weight_decay"]
        return self.lr, settings["momentum"], settings["weight_decay"]


class Adagrad(FlatOptimizer):
    r"""Entries with a history of large gradients take smaller steps.

    Parameters
    ----------
    params : iterable of Parameter
        ``model.parameters()``.
    lr : float, default=0.01
        Learning rate.
    eps : float, default=1e-10
        Added to the root, outside it.

    Raises
    ------
    ValueError
        If a setting is negative.

    Notes
    -----
    ::

        square_sum = square_sum + grad**2
        p          = p - lr * grad / (sqrt(square_sum) + eps)

    References
    ----------
    Duchi, Hazan and Singer (2011), "Adaptive subgradient methods for online learning and
    stochastic optimization", JMLR 12, 2121-2159.

    Examples
    --------
    >>> p = Parameter([1.0])
    >>> p.grad = [-5.0]
    >>> Adagrad([p], lr=0.5).step()
    >>> p
    Parameter([1.5])
    """

    def __init__(self, params: Iterable[Parameter], lr: float = 0.01, eps: float = 1e-10) -> None:
        super().__init__(params, lr, "adagrad", ("square_sum",), eps=eps)

    def _numbers(self) -> tuple[float, ...]:
        return self.lr, self.hyperparameters["eps"]


class RMSprop(FlatOptimizer):
    r"""Adagrad with a memory that fades.

    Parameters
    ----------
    params : iterable of Parameter
        ``model.parameters()``.
    lr : float, default=0.01
        Learning rate.
    alpha : float, default=0.99
        Weight of the old average.
    eps : float, default=1e-8
        Added to the root, outside it.

    Raises
    ------
    ValueError
        If a setting is negative, or `alpha` is not below 1.

    Notes
    -----
    ::

        square_avg = alpha * square_avg + (1 - alpha) * grad**2
        p          = p - lr * grad / (sqrt(square_avg) + eps)

    The state is ``square_sum = square_avg / (1 - alpha)``, which saves a pass over the
    gradients: ``square_sum = alpha * square_sum + grad**2``. What is left out, its root, goes
    into `lr` and `eps`.

    References
    ----------
    Tieleman and Hinton (2012), "Lecture 6.5 - RMSProp", Coursera: Neural Networks for Machine
    Learning.

    Examples
    --------
    >>> p = Parameter([1.0])
    >>> p.grad = [-5.0]
    >>> RMSprop([p], lr=0.1, alpha=0.75).step()
    >>> p.data.round(6)
    array([1.2])
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
    ) -> None:
        _expect_below_one(alpha=alpha)
        super().__init__(params, lr, "rmsprop", ("square_sum",), alpha=alpha, eps=eps)

    def _numbers(self) -> tuple[float, ...]:
        alpha, eps = self.hyperparameters["alpha"], self.hyperparameters["eps"]
        root = (1 - alpha) ** 0.5  # sqrt(square_avg) = root * sqrt(square_sum)
        return self.lr / root, alpha, eps / root


class Adam(FlatOptimizer):
    r"""Momentum and RMSprop, both corrected for their start at zero.

    Parameters
    ----------
    params : iterable of Parameter
        ``model.parameters()``.
    lr : float, default=0.001
        Learning rate.
    betas : pair of float, default=(0.9, 0.999)
        Weights of the old averages, of the gradient and of its square.
    eps : float, default=1e-8
        Added to the root of the corrected average, outside it.

    Raises
    ------
    ValueError
        If a setting is negative, or one of the betas is not below 1.

    Notes
    -----
    With ``beta1, beta2 = betas`` and ``t = num_steps``, which is 1 at the first step::

        m     = beta1 * m + (1 - beta1) * grad
        v     = beta2 * v + (1 - beta2) * grad**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        p     = p - lr * m_hat / (sqrt(v_hat) + eps)

    The state is ``grad_sum = m / (1 - beta1)`` and ``square_sum = v / (1 - beta2)``, which saves
    two passes over the gradients. What is left out, with both corrections, goes into `lr` and
    `eps`: two numbers a step, not two for each entry.

    References
    ----------
    Kingma and Ba (2015), "Adam: a method for stochastic optimization", arXiv:1412.6980,
    algorithm 1.

    Examples
    --------
    The first step has size `lr`, whatever the size of the gradient:

    >>> p = Parameter([0.0, 0.0])
    >>> p.grad = [5.0, -2.0]
    >>> Adam([p], lr=0.01).step()
    >>> p.data.round(6)
    array([-0.01,  0.01])
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        beta1, beta2 = betas
        _expect_below_one(beta1=beta1, beta2=beta2)
        super().__init__(
            params, lr, "adam", ("grad_sum", "square_sum"), beta1=beta1, beta2=beta2, eps=eps
        )

    def _numbers(self) -> tuple[float, ...]:
        return _adam_numbers(self)


class AdamW(FlatOptimizer):
    r"""Adam, and apart from it each parameter shrinks a little.

    Parameters
    ----------
    params : iterable of Parameter
        ``model.parameters()``.
    lr, betas, eps
        As for `Adam`.
    weight_decay : float, default=0.01
        Times `lr`, the part of itself that each parameter loses in a step.

    Raises
    ------
    ValueError
        If a setting is negative, or one of the betas is not below 1.

    Notes
    -----
    With ``adam_p`` the result of a step of `Adam`::

        p = adam_p - lr * weight_decay * p

    as ``torch.optim.AdamW``. The decay takes no part in Adam's averages.

    References
    ----------
    Loshchilov and Hutter (2019), "Decoupled weight decay regularization", arXiv:1711.05101,
    algorithm 2.

    Examples
    --------
    Without a gradient, nothing is left but the decay, 0.1 * 0.5 of the parameter:

    >>> p = Parameter([2.0, -4.0])
    >>> AdamW([p], lr=0.1, weight_decay=0.5).step()
    >>> p
    Parameter([ 1.9, -3.8])
    """

    def __init__(
        self,
        params: Iterable[Parameter],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        beta1, beta2 = betas
        _expect_below_one(beta1=beta1, beta2=beta2)
        super().__init__(
            params,
            lr,
            "adamw",
            ("grad_sum", "square_sum"),
            beta1=beta1,
            beta2=beta2,
            eps=eps,
            weight_decay=weight_decay,
        )

    def _numbers(self) -> tuple[float, ...]:
        keep = 1 - self.lr * self.hyperparameters["weight_decay"]
        return *_adam_numbers(self), keep


def _adam_numbers(optimizer: Optimizer) -> tuple[float, float, float, float]:
    """The learning rate, betas and eps for sums of gradients that still have to be averaged."""
    settings, t = optimizer.hyperparameters, optimizer.num_steps
    beta1, beta2 = settings["beta1"], settings["beta2"]
    m_hat_over_sum = (1 - beta1) / (1 - beta1**t)
    root = ((1 - beta2) / (1 - beta2**t)) ** 0.5  # sqrt(v_hat) = root * sqrt(square_sum)
    return optimizer.lr * m_hat_over_sum / root, beta1, beta2, settings["eps"] / root


def _expect_below_one(**numbers: float) -> None:
    for name, value in numbers.items():
        if not 0 <= value < 1:
            raise ValueError(f"expected {name} from 0 to below 1, got {value}")
