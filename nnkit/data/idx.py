"""Read IDX files, the format that MNIST is published in, with NumPy alone."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


class DamagedFileError(ValueError):
    """A file does not hold what it should: fetch it again."""


def read_idx(path: str | Path) -> NDArray[Any]:
    """Array in an IDX file, which may be compressed with gzip.

    Parameters
    ----------
    path : str or Path
        The file; a name that ends in ``.gz`` is decompressed in memory.

    Returns
    -------
    array : ndarray, shape as the file says
        A new array in the machine's byte order.

    Raises
    ------
    DamagedFileError
        If the file was cut off, is no IDX file, or is longer or shorter than its header says.
    OSError
        If there is no such file.

    Notes
    -----
    An IDX file begins with two zero bytes, a code for the type and the number of dimensions;
    then comes each dimension's size in four bytes, then the numbers, all big-endian.

    References
    ----------
    LeCun, Cortes and Burges, "The MNIST database of handwritten digits", section "File formats".

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "labels-idx1-ubyte")
    ...     _ = path.write_bytes(bytes([0, 0, 8, 1]) + bytes([0, 0, 0, 3]) + bytes([7, 2, 1]))
    ...     read_idx(path)
    array([7, 2, 1], dtype=uint8)
    """
    path = Path(path)
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = _decompressed(content, path)
    dtype, shape, start = _header(content, path)
    expected = math.prod(shape) * dtype.itemsize
    if len(content) - start != expected:
        raise DamagedFileError(
            f"{path} is damaged: expected {expected} bytes after the header, as its sizes "
            f"{shape} say, got {len(content) - start}; delete it and fetch it again"
        )
    numbers = np.frombuffer(content, dtype, offset=start)
    return numbers.reshape(shape).astype(dtype.newbyteorder("="))


def _decompressed(content: bytes, path: Path) -> bytes:
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise DamagedFileError(
            f"{path} is damaged: expected a whole gzip file, got {len(content)} bytes "
            f"that can't be decompressed ({error}); delete it and fetch it again"
        ) from error


def _header(content: bytes, path: Path) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """The type, the shape and where the numbers begin."""
    magic = content[:4]
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in DTYPES:
        codes = " ".join(f"{code:02x}" for code in DTYPES)
        raise DamagedFileError(
            f"{path} is no IDX file: expected it to begin with 00 00 and one of {codes}, "
            f"got {magic.hex(' ') or 'nothing'}; check the name, or fetch the file again"
        )
    start = 4 + 4 * magic[3]
    if len(content) < start:
        raise DamagedFileError(
            f"{path} is damaged: expected {magic[3]} sizes of 4 bytes in its header, "
            f"got {len(content) - 4} bytes; delete it and fetch it again"
        )
    shape = np.frombuffer(content[4:start], ">u4").tolist()
    return np.dtype(DTYPES[magic[2]]), tuple(shape), start
