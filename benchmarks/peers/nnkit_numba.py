"""nnkit with numba for the optimizer's pass."""

import importlib

from peers.nnkit_numpy import make_nnkit_step


def make_step(workload, num_threads):
    """One training step of nnkit, accelerated where that pays."""
    importlib.import_module("numba")  # without it, this implementation is left out
    return make_nnkit_step(workload, num_threads)
