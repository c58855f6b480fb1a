"""Tests for nnkit.data.images."""

import gzip
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnkit.data import DamagedFileError, fashion_mnist, images, mnist
from nnkit.data.images import FASHION_MNIST, MNIST, image_set

NAMES = ("a", "b", "c", "d")


def test_images_become_rows_from_0_to_1(tiny, source_of, monkeypatch, idx_bytes):
    """Row by row, float32, 255 becomes exactly 1; labels become int64."""
    pixels = np.array([[[0, 51, 255], [102, 0, 255]]] * 5, np.uint8)
    (tiny / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_bytes(pixels)))
    monkeypatch.setenv("NNKIT_DATA_DIR", str(tiny))

    data = image_set(source_of(tiny), NAMES, "Made up.")

    assert data.x_train.dtype == np.float32
    assert data.targets_train.dtype == data.targets_test.dtype == np.int64
    assert_array_equal(data.x_train, np.array([[0, 0.2, 1, 0.4, 0, 1]] * 5, np.float32))
    assert data.x_test.shape == (3, 6)
    assert (data.names, data.about) == (NAMES, "Made up.")


def test_images_and_labels_of_different_number_are_refused(tiny, source_of, monkeypatch, idx_bytes):
    """Right checksums don't help if the files don't belong together."""
    labels = gzip.compress(idx_bytes(np.zeros(4, np.uint8)))
    (tiny / "train-labels-idx1-ubyte.gz").write_bytes(labels)
    monkeypatch.setenv("NNKIT_DATA_DIR", str(tiny))

    with pytest.raises(ValueError, match=r"expected targets_train .*one for each example"):
        image_set(source_of(tiny), NAMES, "Made up.")


@pytest.mark.parametrize(
    "array",
    [np.zeros(5, np.uint8), np.zeros((5, 2, 3), np.int16)],
    ids=["labels", "numbers of two bytes"],
)
def test_images_that_are_no_images_are_refused(tiny, source_of, monkeypatch, idx_bytes, array):
    """Labels under the images' name, say."""
    (tiny / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_bytes(array)))
    monkeypatch.setenv("NNKIT_DATA_DIR", str(tiny))

    with pytest.raises(DamagedFileError, match=rf"shape \(N, height, width\).*got {array.dtype}"):
        image_set(source_of(tiny), NAMES, "Made up.")


def test_checksums_are_the_published_ones(real_files):
    """Those of the original files, for both data sets."""
    lines = (real_files / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    published = {path: checksum for checksum, path in (line.split() for line in lines)}
    ours = {
        f"{source.folder}/{name}": checksum
        for source in (MNIST, FASHION_MNIST)
        for name, checksum in source.checksums.items()
    }

    assert ours == published


@pytest.mark.parametrize(
    ("load", "folder", "counts", "first_targets"),
    [
        (mnist, "mnist", (5421, 6742), [5, 0, 4, 1, 9]),
        (fashion_mnist, "fashion", (6000, 6000), [9, 0, 0, 3, 0]),
    ],
    ids=["mnist", "fashion_mnist"],
)
def test_the_real_files_are_read(real_files, serve, tmp_path, load, folder, counts, first_targets):
    """From a mirror on this machine: 60,000 and 10,000 examples, with the known classes."""
    server = serve(real_files)

    data = load(base_url=server.url, cache_folder=tmp_path)

    assert (data.x_train.shape, data.x_test.shape) == ((60000, 784), (10000, 784))
    assert (data.x_train.min(), data.x_train.max()) == (0, 1)
    sizes = np.bincount(data.targets_train)
    assert (sizes.min(), sizes.max()) == counts
    assert_array_equal(data.targets_train[:5], first_targets)
    assert len(data.names) == 10
    assert {path.name for path in tmp_path.iterdir()} == {folder}


@pytest.mark.parametrize(
    ("load", "source"),
    [(mnist, "MNIST"), (fashion_mnist, "FASHION_MNIST")],
    ids=["mnist", "fashion_mnist"],
)
def test_the_mirror_and_the_cache_folder_can_be_named(
    serve, tiny, source_of, tmp_path, monkeypatch, load, source
):
    """Tiny files stand for the real ones."""
    monkeypatch.setattr(images, source, source_of(tiny))

    data = load(base_url=serve(tiny.parent).url, cache_folder=tmp_path / "cache")

    assert (data.x_train.shape, data.x_test.shape) == ((5, 6), (3, 6))
    assert len(list((tmp_path / "cache" / "tiny").iterdir())) == 4


@pytest.mark.parametrize("load", [mnist, fashion_mnist])
def test_the_environment_names_the_folder_of_both(real_files, monkeypatch, load):
    """One variable serves both data sets."""
    monkeypatch.setenv("NNKIT_DATA_DIR", str(real_files))

    assert "Limits." in load().about


def test_the_classes_have_their_right_names(real_files, monkeypatch):
    """Known by their looks: trousers are the darkest on average in a narrow middle, say."""
    monkeypatch.setenv("NNKIT_DATA_DIR", str(real_files))
    data = fashion_mnist()
    mean = {
        name: data.x_test[data.targets_test == target].mean(axis=0).reshape(28, 28)
        for target, name in enumerate(data.names)
    }

    gap = {name: image[20:, 13:15].mean() for name, image in mean.items()}
    height = {name: (image.mean(axis=1) > 0.1).sum() for name, image in mean.items()}
    assert gap["trouser"] < gap["dress"]
    assert sorted(height, key=height.get)[:2] == ["sneaker", "sandal"]


def test_nothing_heavy_is_imported_before_it_is_used():
    """`import nnkit.data` is quick, and works without pooch and scikit-learn."""
    code = (
        "import sys, nnkit, nnkit.data, nnkit.search\n"
        "heavy = 'matplotlib pooch dask distributed sklearn loky tqdm requests'.split()\n"
        "print(*[name for name in heavy if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == ""
