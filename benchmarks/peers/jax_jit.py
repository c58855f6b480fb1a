"""JAX: the whole step compiled, parameters donated."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from workloads import LEARNING_RATES, endless_batches, he_weights, make_data


def make_step(workload, num_threads):
    """One training step of JAX; threads are set by the environment of the process."""
    x, targets = make_data(workload)
    batches = endless_batches(workload.batch_size)
    params = [
        {
            "weight": jnp.asarray(weight),
            "bias": jnp.zeros(weight.shape[1]),
            "gamma": jnp.ones(weight.shape[1]),
            "beta": jnp.zeros(weight.shape[1]),
        }
        for weight in he_weights(workload)
    ]
    zeros = jax.tree.map(jnp.zeros_like, params)
    running = [jnp.zeros((2, h)) for _, h in workload.layers]
    state = params, zeros, jax.tree.map(jnp.zeros_like, params), running, jnp.zeros(())
    key = jax.random.key(0, impl="rbg")

    def step():
        nonlocal state, key
        indices = next(batches)
        xb, yb = np.take(x, indices, axis=0), targets[indices]
        state, key, loss = _update(workload, state, key, xb, yb)
        return float(loss)

    return step


@partial(jax.jit, static_argnums=0, donate_argnums=(1, 2))
def _update(workload, state, key, x, y):
    params, m, v, running, t = state
    key, dropout_key = jax.random.split(key)
    grad_function = jax.value_and_grad(_loss, argnums=1, has_aux=True)
    (loss, running), grads = grad_function(workload, params, running, x, y, dropout_key)
    lr, t = LEARNING_RATES[workload.optimizer], t + 1
    if workload.optimizer == "sgd":
        params = jax.tree.map(lambda p, g: p - lr * g, params, grads)
    elif workload.optimizer == "momentum":
        v = jax.tree.map(lambda v, g: 0.9 * v + g, v, grads)
        params = jax.tree.map(lambda p, v: p - lr * v, params, v)
    else:
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
        rate, root = lr / (1 - 0.9**t), jnp.sqrt(1 - 0.999**t)
        params = jax.tree.map(
            lambda p, m, v: p - rate * m / (jnp.sqrt(v) / root + 1e-8), params, m, v
        )
    return (params, m, v, running, t), key, loss


def _loss(workload, params, running, x, y, key):
    new_running = []
    for i, layer in enumerate(params):
        x = x @ layer["weight"] + layer["bias"]
        if i == len(params) - 1:
            break
        if workload.batchnorm:
            mean, var = x.mean(axis=0), x.var(axis=0)
            new_running.append(0.9 * running[i] + 0.1 * jnp.stack([mean, var]))
            x = layer["gamma"] * (x - mean) * jax.lax.rsqrt(var + 1e-5) + layer["beta"]
        x = jax.nn.relu(x)
        if workload.dropout:
            key, this_key = jax.random.split(key)
            keep = jax.random.bernoulli(this_key, 1 - workload.dropout, x.shape)
            x = jnp.where(keep, x / (1 - workload.dropout), 0)
    log_probs = jax.nn.log_softmax(x)
    loss = -jnp.take_along_axis(log_probs, y[:, None], axis=1).mean()
    return loss, new_running + running[len(new_running) :]
