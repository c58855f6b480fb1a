"""A network as courses write it: a dict of float64 arrays, new arrays in every line."""

import numpy as np
from workloads import LEARNING_RATES, endless_batches, he_weights, make_data


def make_step(workload, num_threads):
    """One training step in plain NumPy."""
    x_all, y_all = make_data(workload)
    x_all = x_all.astype(np.float64)
    batches = endless_batches(workload.batch_size)
    rng = np.random.default_rng(3)
    params = {}
    for i, weight in enumerate(he_weights(workload)):
        params[f"W{i}"] = weight.astype(np.float64)
        params[f"b{i}"] = np.zeros(weight.shape[1])
        if workload.batchnorm and i < len(workload.layers) - 1:
            params[f"gamma{i}"], params[f"beta{i}"] = (
                np.ones(weight.shape[1]),
                np.zeros(weight.shape[1]),
            )
    m = {name: np.zeros_like(value) for name, value in params.items()}
    v = {name: np.zeros_like(value) for name, value in params.items()}
    running = {}
    lr, t = LEARNING_RATES[workload.optimizer], 0

    def step():
        nonlocal t
        indices = next(batches)
        loss, grads = loss_and_grads(workload, params, running, x_all[indices], y_all[indices], rng)
        t += 1
        for name, grad in grads.items():
            if workload.optimizer == "sgd":
                params[name] = params[name] - lr * grad
            elif workload.optimizer == "momentum":
                v[name] = 0.9 * v[name] - lr * grad
                params[name] = params[name] + v[name]
            else:
                m[name] = 0.9 * m[name] + 0.1 * grad
                v[name] = 0.999 * v[name] + 0.001 * grad**2
                m_hat, v_hat = m[name] / (1 - 0.9**t), v[name] / (1 - 0.999**t)
                params[name] = params[name] - lr * m_hat / (np.sqrt(v_hat) + 1e-8)
        return loss

    return step


def loss_and_grads(workload, params, running, x, y, rng):
    """Loss and gradients of a batch."""
    last, caches, h = len(workload.layers) - 1, [], x
    for i in range(last + 1):
        cache = {"h": h}
        h = h @ params[f"W{i}"] + params[f"b{i}"]
        if i < last:
            if workload.batchnorm:
                mean, var = h.mean(axis=0), h.var(axis=0)
                running[i] = 0.9 * running.get(i, 0) + 0.1 * np.array([mean, var])
                cache["x_hat"] = (h - mean) / np.sqrt(var + 1e-5)
                cache["std"] = np.sqrt(var + 1e-5)
                h = params[f"gamma{i}"] * cache["x_hat"] + params[f"beta{i}"]
            cache["z"] = h
            h = np.maximum(0, h)
            if workload.dropout:
                cache["mask"] = (rng.random(h.shape) >= workload.dropout) / (1 - workload.dropout)
                h = h * cache["mask"]
        caches.append(cache)
    exp = np.exp(h - h.max(axis=1, keepdims=True))
    probs = exp / exp.sum(axis=1, keepdims=True)
    n = len(x)
    loss = -np.log(probs[np.arange(n), y]).mean()
    grad, grads = probs.copy(), {}
    grad[np.arange(n), y] -= 1
    grad /= n
    for i in reversed(range(last + 1)):
        cache = caches[i]
        if i < last:
            if workload.dropout:
                grad = grad * cache["mask"]
            grad[cache["z"] <= 0] = 0
            if workload.batchnorm:
                x_hat = cache["x_hat"]
                grads[f"gamma{i}"], grads[f"beta{i}"] = (grad * x_hat).sum(axis=0), grad.sum(axis=0)
                g = grad * params[f"gamma{i}"]
                grad = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / cache["std"]
        grads[f"W{i}"], grads[f"b{i}"] = cache["h"].T @ grad, grad.sum(axis=0)
        grad = grad @ params[f"W{i}"].T
    return loss, grads
