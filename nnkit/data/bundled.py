"""The digits that come with scikit-learn: small, and nothing to download."""

from __future__ import annotations

import numpy as np

from nnkit.data.dataset import Dataset

NUM_TEST = 360
SPLIT_SEED = 0  # the split is part of the data set: the same one for everybody

ABOUT = """\
1797 handwritten digits of 8 x 8 pixels from 13 people: the test part of "Optical Recognition of \
Handwritten Digits" (Alpaydin and Kaynak 1998, UCI Machine Learning Repository, CC BY 4.0), as \
bundled with scikit-learn. 1437 to train on and 360 to test on, drawn at random once and for all.

Limits. The file does not say who wrote which digit, so the same hands are in both parts, and the \
test error is kinder than reality: the nearest neighbour is right on 99.2 % of these test digits, \
but on 95.6 % of the last 360 digits of the file, which seems to go from writer to writer. With \
360 test digits one error is 0.28 %, and the standard error of an accuracy of 98 % is 0.7 %: \
don't rank models by less."""


def digits() -> Dataset:
    """1797 handwritten digits of 8 x 8 pixels, bundled with scikit-learn.

    Returns
    -------
    data : Dataset
        1437 training and 360 test examples with 64 features, float32 from 0 (paper) to 1 (ink);
        10 classes. The split is the same at every call; `data.about` says what it can't tell.

    Raises
    ------
    ImportError
        If scikit-learn is not installed.

    References
    ----------
    Alpaydin and Kaynak (1998), "Cascading classifiers", Kybernetika 34, 369-374.

    Examples
    --------
    >>> data = digits()
    >>> data
    Dataset(1437 to train on, 360 to test on, 64 features, 10 classes)
    >>> image = data.x_train[0].reshape(8, 8)
    """
    from sklearn.datasets import load_digits

    bundle = load_digits()
    x = bundle.data.astype(np.float32) / 16
    targets = bundle.target.astype(np.int64)
    order = np.random.default_rng(SPLIT_SEED).permutation(len(x))
    test, train = order[:NUM_TEST], order[NUM_TEST:]
    names = tuple(str(name) for name in bundle.target_names)
    return Dataset(x[train], targets[train], x[test], targets[test], names, ABOUT)
