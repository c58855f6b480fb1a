"""nnkit: how neural networks are trained, built by hand in NumPy."""

from nnkit import functional

__version__ = "0.1.0"
__all__ = ["functional"]
