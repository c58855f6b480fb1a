"""What probes of several exercises share; it goes into the sandbox with them, as text.

Only NumPy exists there, so nothing else is used here.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def shaped(result: Any, shape: Any) -> Any:
    """An array of that shape; NaN instead of anything else, which is told by other parts."""
    try:
        array = np.asarray(result)
    except ValueError:
        array = np.zeros(0)
    fits = array.shape == shape and array.dtype.kind in "iuf"
    return array.astype(float) if fits else np.full(shape, np.nan)


def alike(one: Any, other: Any) -> bool:
    """Whether arrays are about equal wherever both have a number: digits are told elsewhere."""
    return bool((np.isclose(one, other, 1e-3, 1e-3) | np.isnan(one) | np.isnan(other)).all())


def what_parameters_depend_on(backward: Any, grad_output: Any, cache: Any) -> dict[str, bool]:
    """What holds of grad_gamma and grad_beta of a normalization; the cache may end with a mode."""
    x_hat, gamma, std, *mode = cache

    def asked(grad_output: Any, *arrays: Any) -> Any:
        grads = backward(grad_output.copy(), (*(array.copy() for array in arrays), *mode))
        found = grads[1:] if isinstance(grads, tuple | list) and len(grads) == 3 else (None, None)
        return np.array([shaped(item, gamma.shape) for item in found])

    def grown(i: int) -> Any:
        return asked(grad_output + np.outer(np.eye(len(x_hat))[i], added), x_hat, gamma, std) - both

    added, both = np.arange(2.0, 2.0 + len(gamma)), asked(grad_output, x_hat, gamma, std)
    twice = asked(2 * grad_output, x_hat, gamma, std)
    first = np.where(np.arange(len(gamma)) == 0, 3.0, 1.0)
    other_column = asked(grad_output * first, x_hat, gamma, std)
    scaled = asked(grad_output, x_hat, 3 * gamma, 2 * std)
    turned = asked(grad_output, 0.5 * x_hat[::-1], 3 * gamma, 2 * std)
    counts = [grown(i) for i in range(len(x_hat))]
    return {
        "that every row of grad_output counts once in grad_beta": all(
            alike(more[1], added) for more in counts
        ),
        "that every row of grad_output counts in grad_gamma": all(
            np.isnan(more[0]).any() or not alike(more[0], 0.0) for more in counts
        ),
        "that grad_beta depends on grad_output alone": alike(both[1], turned[1]),
        "that grad_gamma depends neither on gamma nor on std": alike(both[0], scaled[0]),
        "that grad_gamma doubles where grad_output doubles": alike(2 * both[0], twice[0]),
        "that grad_gamma and grad_beta of a column depend on its own grad_output": all(
            alike(both[i][1:], other_column[i][1:]) for i in (0, 1)
        ),
        "that grad_gamma changes its sign with x_hat": alike(
            -both[0], asked(grad_output, -x_hat, gamma, std)[0]
        ),
    }


def only_grad_x(grads: Any) -> Any:
    """The first of three gradients; whatever else came, as it is."""
    return grads[0] if isinstance(grads, tuple | list) and len(grads) == 3 else grads


def what_grad_x_depends_on(backward: Any, given: Any, axis: int) -> dict[str, bool]:
    """What holds of grad_x, with statistics over an axis; the last of what is given has no eps."""
    line, others = (("column", np.s_[:, 1:]), ("row", np.s_[1:]))[axis]

    def asked(grad_output: Any, *cache: Any) -> Any:
        result = backward(grad_output.copy(), (*(a.copy() for a in cache[:3]), *cache[3:]))
        return shaped(only_grad_x(result), grad_output.shape)

    alone = []
    for grad_output, (x_hat, gamma, std, *mode) in given:
        changed = grad_output.copy()
        changed[0, 0] += 3.0
        grad_x, other = (asked(g, x_hat, gamma, std, *mode) for g in (grad_output, changed))
        alone.append(alike(grad_x[others], other[others]))
    factors, in_mode = np.linspace(0.5, 2.0, len(gamma)), " in training mode" if mode else ""
    return {
        f"that a {line} of grad_x depends on that {line} of grad_output alone": all(alone),
        "that grad_x doubles where grad_output doubles": alike(
            2 * grad_x, asked(2 * grad_output, x_hat, gamma, std, *mode)
        ),
        f"that grad_x halves where std doubles{in_mode}": alike(
            grad_x / 2, asked(grad_output, x_hat, gamma, 2 * std, *mode)
        ),
        "that grad_x depends on grad_output and gamma by their product only": alike(
            grad_x, asked(grad_output * factors, x_hat, gamma / factors, std, *mode)
        ),
        f"that {line}s of grad_x add up to 0, as the mean's path balances the direct one": alike(
            grad_x.sum(axis=axis), 0.0
        ),
        "that the path through the variance makes grad_x * x_hat add up to 0 without eps": alike(
            (grad_x * x_hat).sum(axis=axis), 0.0
        ),
    }
