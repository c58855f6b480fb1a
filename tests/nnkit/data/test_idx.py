"""Tests for nnkit.data.idx."""

import gzip
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_array_equal

from nnkit.data import DamagedFileError, read_idx

TYPES = ("uint8", "int8", "int16", "int32", "float32", "float64")
any_array = st.sampled_from(TYPES).flatmap(
    lambda name: arrays(name, array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5))
)


def read(content, name="numbers"):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        return read_idx(path)


@given(any_array)
def test_what_was_written_is_read(idx_bytes, array):
    """Values, shape and type survive, in all six types and from 1 to 4 dimensions."""
    result = read(idx_bytes(array))

    assert result.dtype == array.dtype
    assert result.dtype.isnative
    assert_array_equal(result, array)


def test_a_compressed_file_holds_the_same(idx_bytes):
    """A name in .gz is decompressed, any other is not."""
    array = np.arange(12, dtype=np.uint8).reshape(3, 4)

    assert_array_equal(read(gzip.compress(idx_bytes(array)), "numbers.gz"), array)


def test_the_result_may_be_changed(idx_bytes):
    """It is a copy, not a view of the file's bytes."""
    result = read(idx_bytes(np.zeros(3, np.uint8)))

    result[0] = 1


@given(any_array.filter(lambda array: array.size), st.data())
def test_a_cut_off_file_is_refused(idx_bytes, array, data):
    """Wherever it was cut, the message says that bytes are missing."""
    content = idx_bytes(array)
    length = data.draw(st.integers(0, len(content) - 1))

    with pytest.raises(DamagedFileError, match=r"expected .* got "):
        read(content[:length])


def test_a_cut_off_compressed_file_is_refused(idx_bytes):
    """Every prefix of the gzip file, the empty one too, is refused as damaged."""
    content = gzip.compress(idx_bytes(np.arange(100, dtype=np.uint8)))

    for length in range(len(content)):
        with pytest.raises(DamagedFileError, match="fetch"):
            read(content[:length], "numbers.gz")


def test_flipped_bytes_in_a_compressed_file_are_noticed(idx_bytes):
    """Gzip's own checksum is looked at."""
    content = bytearray(gzip.compress(idx_bytes(np.arange(100, dtype=np.uint8))))
    content[-10] ^= 255

    with pytest.raises(DamagedFileError, match="can't be decompressed"):
        read(bytes(content), "numbers.gz")


def test_bytes_after_the_end_are_refused(idx_bytes):
    """A file that is too long is as wrong as one that is too short."""
    with pytest.raises(DamagedFileError, match=r"expected 3 bytes after the header.*got 4"):
        read(idx_bytes(np.zeros(3, np.uint8)) + b"\0")


@pytest.mark.parametrize(
    "magic",
    [b"", b"\0\0\x08", b"\x1f\x8b\x08\x01", b"\0\x01\x08\x01", b"\0\0\x0a\x01", b"<htm"],
    ids=["empty", "too short", "gzip", "no second zero", "unknown type", "a web page"],
)
def test_another_format_is_refused(magic):
    """The message shows the first bytes."""
    with pytest.raises(DamagedFileError, match=f"no IDX file.*got {magic.hex(' ') or 'nothing'};"):
        read(magic + bytes(20 if len(magic) == 4 else 0))


def test_a_message_names_the_file(tmp_path):
    """One knows which of the four files to replace."""
    path = tmp_path / "train-labels"
    path.write_bytes(b"nonsense")

    with pytest.raises(DamagedFileError, match=str(path)):
        read_idx(path)
