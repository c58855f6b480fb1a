"""Tests for nnkit.functional._checks.arrays: which arrays are refused."""

import numpy as np
import pytest

from nnkit import functional as F

X = np.ones((4, 3))
W = np.ones((3, 5))
B = np.ones(5)
T = np.array([0, 1, 2, 0])
V = np.ones(3)


def total(x):
    return x.sum()


# call, exception, what the message must say: what was expected, what came, what to do next
REFUSED = {
    "a vector for a batch": (
        lambda: F.softmax(V),
        ValueError,
        r"logits of shape \(N, C\), got \(3,\); for a single example pass logits\[np.newaxis, :\]",
    ),
    "three axes for two": (
        lambda: F.linear(np.ones((2, 2, 3)), W, B),
        ValueError,
        r"x of shape \(N, D\), got \(2, 2, 3\); reshape it first",
    ),
    "a vector for a weight": (
        lambda: F.linear(X, V, B),
        ValueError,
        r"weight of shape \(D, H\), got \(3,\); reshape it first",
    ),
    "an empty batch": (
        lambda: F.cross_entropy(np.zeros((0, 3)), T[:0]),
        ValueError,
        r"at least one row and one column, got \(0, 3\); leave empty batches out",
    ),
    "an empty array": (
        lambda: F.mse(np.zeros(0), np.zeros(0)),
        ValueError,
        r"at least one entry, got shape \(0,\); leave empty",
    ),
    "text": (lambda: F.relu(np.array(["a"])), TypeError, "z as an array of numbers, got <U1;"),
    "booleans": (lambda: F.tanh(X > 0), TypeError, "z as an array of numbers, got bool; convert"),
    "objects": (lambda: F.sigmoid([None]), TypeError, "numbers, got object; convert it with"),
    "complex numbers where size counts": (
        lambda: F.clip_gradients([V, V * 1j], 1.0),
        TypeError,
        r"grads\[1\] as real numbers, got complex128; use grads\[1\].real",
    ),
    "a column for a bias": (
        lambda: F.linear(X, W, B[:, None]),
        ValueError,
        r"bias of shape \(H,\), got \(5, 1\); use bias.ravel\(\)",
    ),
    "one array for a list": (
        lambda: F.l2_penalty(W, 0.1),
        TypeError,
        r"weights as a list of arrays, got ndarray; put a single array into a list: \[weights\]",
    ),
    "targets that are no integers": (
        lambda: F.cross_entropy(X, T * 1.0),
        TypeError,
        r"targets as integers .*, got float64; use targets.astype\(int\)",
    ),
    "a column of targets": (
        lambda: F.accuracy(X, T[:, None]),
        ValueError,
        r"targets of shape \(N,\), got \(4, 1\); use targets.ravel\(\)",
    ),
    "complex numbers to differentiate at": (
        lambda: F.complex_step_gradient(total, V * 1j),
        TypeError,
        "x as real numbers, got complex128;",
    ),
    "nothing to compare": (
        lambda: F.relative_error([], []),
        ValueError,
        "a with at least one entry",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_with_the_reason(assert_refused, case):
    """What was expected, what came, and what to do next."""
    assert_refused(*REFUSED[case])


def test_lists_stand_for_arrays():
    """Whatever NumPy makes an array of numbers of is an array."""
    assert F.linear([[1, 2]], [[3], [4]], [5]).tolist() == [[16.0]]
    assert F.adam_step([1.0], [1.0], [0.0], [0.0], 1, 0.0, [0.9, 0.99])[0].tolist() == [1.0]
