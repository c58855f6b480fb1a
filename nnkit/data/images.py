"""MNIST and Fashion-MNIST: 70,000 images of 28 x 28 pixels each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnkit.data.dataset import Dataset
from nnkit.data.download import Source, local_files
from nnkit.data.idx import DamagedFileError, read_idx

PARTS = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
TEST_PARTS = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")

MNIST = Source(
    folder="mnist",
    urls=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    checksums={
        PARTS[0]: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        PARTS[1]: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        TEST_PARTS[0]: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        TEST_PARTS[1]: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
)
MNIST_NAMES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
MNIST_ABOUT = """\
70,000 handwritten digits of 28 x 28 pixels: 60,000 to train on and 10,000, by other people, to \
test on (LeCun, Bottou, Bengio and Haffner 1998; made from NIST's collections by LeCun, Cortes and \
Burges; commonly distributed under CC BY-SA 3.0).

Limits. People who checked the test set found 15 of its labels wrong (Northcutt, Athalye and \
Mueller 2021, arXiv:2103.14749), so an error below 0.15 % would be a bad sign. The first 5,000 \
test images are cleaner than the last 5,000: never test on the first ones only. The classes are \
not of equal size (5,421 fives and 6,742 ones to train on). The standard error of a test error of \
1.3 % is 0.11 %."""

FASHION_MNIST = Source(
    folder="fashion",
    urls=(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    checksums={
        PARTS[0]: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        PARTS[1]: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        TEST_PARTS[0]: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        TEST_PARTS[1]: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    },
)
FASHION_NAMES = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
FASHION_ABOUT = """\
70,000 pictures of articles of clothing of 28 x 28 pixels, 60,000 to train on and 10,000 to test \
on, each class equally often (Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747; MIT licence, \
Zalando SE).

Limits. The class is that of the shop's catalogue, and a small grey picture often can't tell it: \
shirts, T-shirts, pullovers and coats are confused by people too. People without knowledge of \
fashion reached 83.5 % on 1,000 of the test pictures, by the majority of three (the data set's \
README). The standard error of an accuracy of 89 % is 0.31 %."""


def mnist(base_url: str | None = None, cache_folder: str | Path | None = None) -> Dataset:
    """MNIST's handwritten digits, downloaded at the first call (12 MB) and kept.

    Parameters
    ----------
    base_url : str, optional
        A mirror to download from: the address of a folder that holds the four files, or of one
        that holds them in a folder ``mnist``. The default is the environment variable
        ``NNKIT_DATA_URL``, and public addresses where it is not set.
    cache_folder : str or Path, optional
        Where the files are kept, in a folder ``mnist``. The default is the user's cache folder.
        If `base_url` is not given and the environment variable ``NNKIT_DATA_DIR`` names a folder
        that holds the files, they are read there, and nothing is downloaded.

    Returns
    -------
    data : Dataset
        60,000 training and 10,000 test examples with 784 features, float32 from 0 (paper) to
        1 (ink); 10 classes. It takes 220 MB of memory; `data.about` says what it can't tell.

    Raises
    ------
    DownloadError
        If the files are neither there nor can be downloaded; it says where to put them.
    DamagedFileError
        If a file is not the original one.
    ValueError
        If `base_url` is no address.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document
    recognition", Proceedings of the IEEE 86, 2278-2324.

    Examples
    --------
    >>> data = mnist()  # doctest: +SKIP
    >>> data  # doctest: +SKIP
    Dataset(60000 to train on, 10000 to test on, 784 features, 10 classes)
    """
    return image_set(MNIST, MNIST_NAMES, MNIST_ABOUT, base_url, cache_folder)


def fashion_mnist(base_url: str | None = None, cache_folder: str | Path | None = None) -> Dataset:
    """Fashion-MNIST's pictures of clothing, downloaded at the first call (31 MB) and kept.

    Parameters
    ----------
    base_url, cache_folder : optional
        As for `mnist`; the folder is called ``fashion``.

    Returns
    -------
    data : Dataset
        60,000 training and 10,000 test examples with 784 features, float32 from 0 to 1;
        10 classes. It takes 220 MB of memory; `data.about` says what it can't tell.

    Raises
    ------
    DownloadError
        If the files are neither there nor can be downloaded; it says where to put them.
    DamagedFileError
        If a file is not the original one.
    ValueError
        If `base_url` is no address.

    References
    ----------
    Xiao, Rasul and Vollgraf (2017), "Fashion-MNIST: a novel image dataset for benchmarking
    machine learning algorithms", arXiv:1708.07747.

    Examples
    --------
    >>> data = fashion_mnist()  # doctest: +SKIP
    >>> data.names[9]  # doctest: +SKIP
    'ankle boot'
    """
    return image_set(FASHION_MNIST, FASHION_NAMES, FASHION_ABOUT, base_url, cache_folder)


def image_set(
    source: Source,
    names: tuple[str, ...],
    about: str,
    base_url: str | None = None,
    cache_folder: str | Path | None = None,
) -> Dataset:
    """Data set in four IDX files with the names that MNIST gave them."""
    files = local_files(source, base_url, cache_folder)
    x_train, targets_train = _examples(*(files[part] for part in PARTS))
    x_test, targets_test = _examples(*(files[part] for part in TEST_PARTS))
    return Dataset(x_train, targets_train, x_test, targets_test, names, about)


def _examples(images_path: Path, labels_path: Path) -> tuple[NDArray[Any], NDArray[Any]]:
    images, labels = read_idx(images_path), read_idx(labels_path)
    if images.ndim != 3 or images.dtype != np.uint8:
        raise DamagedFileError(
            f"expected bytes of shape (N, height, width) in {images_path}, got {images.dtype} "
            f"of shape {images.shape}; check that the file is what its name says"
        )
    flat = images.reshape(len(images), -1)
    return np.divide(flat, 255, dtype=np.float32), labels.astype(np.int64)
