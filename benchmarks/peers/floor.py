"""The floor: nothing but the matrix products of a step, with NumPy's BLAS."""

import numpy as np
from workloads import he_weights


def make_step(workload, num_threads):
    """Forward, gradients of the weights, and gradients of the inputs but the first."""
    rng = np.random.default_rng(0)
    weights = he_weights(workload)
    n = workload.batch_size
    inputs = [rng.random((n, d), dtype=np.float32) for d, _ in workload.layers]
    outputs = [rng.random((n, h), dtype=np.float32) for _, h in workload.layers]
    grad_weights = [np.empty_like(weight) for weight in weights]
    grad_inputs = [np.empty_like(x) for x in inputs]
    grad_outputs = [rng.random(y.shape, dtype=np.float32) for y in outputs]

    def step():
        for x, weight, y in zip(inputs, weights, outputs, strict=True):
            np.matmul(x, weight, out=y)
        for i in reversed(range(len(weights))):
            np.matmul(inputs[i].T, grad_outputs[i], out=grad_weights[i])
            if i > 0:
                np.matmul(grad_outputs[i], weights[i].T, out=grad_inputs[i])

    return step
