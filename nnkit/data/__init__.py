"""Data to train on: bundled digits, two-dimensional toy sets, and two famous sets of images.

Inputs are float32 matrices, as networks are trained in; targets are int64 class indices.
"""

from nnkit.data.bundled import digits
from nnkit.data.dataset import Dataset
from nnkit.data.download import DownloadError
from nnkit.data.idx import DamagedFileError, read_idx
from nnkit.data.images import fashion_mnist, mnist
from nnkit.data.toys import blobs, moons, spiral, xor

__all__ = [
    "DamagedFileError",
    "Dataset",
    "DownloadError",
    "blobs",
    "digits",
    "fashion_mnist",
    "mnist",
    "moons",
    "read_idx",
    "spiral",
    "xor",
]
