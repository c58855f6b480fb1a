"""Solutions that the exercise files don't know: right ones lose nothing, wrong ones hear why."""

import copy
import math

import numpy as np
import pytest

from course.exercise import load_exercise
from nnkit.functional import cross_entropy as loss
from nnkit.functional import log_softmax as logs
from nnkit.functional import softmax as probs


def one_hot(z, t):
    return np.eye(z.shape[1])[t]


def picked(z, t):
    """The log-probabilities of the right classes."""
    return logs(z)[np.arange(len(t)), t]


def grad(z, t):
    return (probs(z) - one_hot(z, t)) / len(t)


def online(z):
    """Maximum and sum of each row in one pass over the classes."""
    largest, total = np.full(len(z), -np.inf), np.zeros(len(z))
    for column in z.T:
        new = np.maximum(largest, column)
        total = total * np.exp(largest - new) + np.exp(column - new)
        largest = new
    return largest[:, None], total[:, None]


def fsum_softmax(z):
    exp = [[math.exp(v - max(row)) for v in row] for row in z]
    return np.array([[e / math.fsum(row) for e in row] for row in exp])


def sorted_softmax(z):
    order = np.argsort(z, axis=1)
    back = np.argsort(order, axis=1)
    return np.take_along_axis(probs(np.take_along_axis(z, order, 1)), back, 1)


def log1p_of_the_others(z):
    rows, best = np.arange(len(z)), z.argmax(axis=1)
    shifted = z - z[rows, best][:, None]
    exp = np.exp(shifted)
    exp[rows, best] = 0
    return shifted - np.log1p(exp.sum(axis=1, keepdims=True))


def by_class(z, t):
    return -sum(logs(z)[t == c, c].sum() for c in range(z.shape[1])) / len(t)


def running_mean(z, t):
    mean = 0.0
    for count, value in enumerate(-picked(z, t), start=1):
        mean += (value - mean) / count
    return mean


def through_the_log(z, t):
    """Backwards through log_softmax, step by step."""
    upstream = -one_hot(z, t) / len(t)
    return upstream - probs(z) * upstream.sum(axis=1, keepdims=True)


def complex_steps(z, t):
    moves = 1e-30j * np.eye(z.size).reshape(-1, *z.shape)
    if z.size > 400:
        return grad(z, t)
    return np.array([loss(z + m, t).imag / 1e-30 for m in moves]).reshape(z.shape)


def minus_the_others(z, t):
    """The right class's entry is minus the sum of the others, which is more exact."""
    grad, rows = probs(z), np.arange(len(t))
    grad[rows, t] = 0
    grad[rows, t] = -grad.sum(axis=1)
    return grad / len(t)


RIGHT = {
    "softmax": {
        "pure Python numbers": fsum_softmax,
        "one pass": lambda z: np.exp(z - online(z)[0]) / online(z)[1],
        "sorted and back": sorted_softmax,
        "long doubles": lambda z: probs(z.astype(np.longdouble)),
        "powers of e": lambda z: (e := np.e ** (z - z.max(1)[:, None])) / e.sum(1)[:, None],
        "a product with ones": lambda z: (
            (e := np.exp(z - z.max(1)[:, None])) / (e @ np.ones((z.shape[1], z.shape[1])))
        ),
        "Fortran's order": lambda z: np.asfortranarray(probs(z)),
        "shifted a little more": lambda z: probs(z - z.mean(axis=1, keepdims=True) + 3),
    },
    "log_softmax": {
        "log1p of the others": log1p_of_the_others,
        "one pass": lambda z: z - (online(z)[0] + np.log(online(z)[1])),
        "to base 2 and back": lambda z: (
            np.log(2) * (z / np.log(2) - np.logaddexp2.reduce(z / np.log(2), axis=1, keepdims=True))
        ),
        "long doubles": lambda z: logs(z.astype(np.longdouble)),
        "twice, which changes nothing": lambda z: logs(logs(z)),
        "column by column": lambda z: np.stack(
            [-np.logaddexp.reduce(z - z[:, [c]], axis=1) for c in range(z.shape[1])], axis=1
        ),
        "the log of the inverse": lambda z: (
            z - z.max(1)[:, None] + np.log(1 / np.exp(z - z.max(1)[:, None]).sum(1))[:, None]
        ),
        "row by row": lambda z: np.vstack([logs(row[np.newaxis]) for row in z]),
    },
    "cross_entropy": {
        "a Python number": lambda z, t: float(-picked(z, t).mean()),
        "an array without axes": lambda z, t: np.array(-picked(z, t).mean()),
        "a mask": lambda z, t: -logs(z)[np.arange(z.shape[1]) == t[:, None]].mean(),
        "the diagonal of all pairs": lambda z, t: -np.trace(logs(z)[:, t]) / len(t),
        "flat indices": lambda z, t: -logs(z).ravel()[np.arange(len(t)) * z.shape[1] + t].mean(),
        "class by class": by_class,
        "a mean that grows": running_mean,
        "exact sums": lambda z, t: math.fsum(-picked(z, t)) / t.size,
    },
    "cross_entropy_backward": {
        "through the log": through_the_log,
        "complex steps": complex_steps,
        "minus the others": minus_the_others,
        "scaled first": lambda z, t: probs(z) / len(t) - one_hot(z, t) / len(t),
        "minus the negative": lambda z, t: -(one_hot(z, t) - probs(z)) * (1 / t.size),
        "where": lambda z, t: np.where(one_hot(z, t) == 1, probs(z) - 1, probs(z)) / len(z),
        "long doubles": lambda z, t: grad(z.astype(np.longdouble), t),
        "rows stacked": lambda z, t: (
            np.stack(
                [probs(row[None])[0] - np.eye(len(row))[c] for row, c in zip(z, t, strict=True)]
            )
            / len(t)
        ),
    },
}


def restored(logits):
    """The last digits of the argument change."""
    largest = logits.max(axis=1, keepdims=True)
    logits -= largest
    exp = np.exp(logits)
    logits += largest
    return exp / exp.sum(axis=1, keepdims=True)


def rows_in_place(logits):
    return np.array([np.subtract(row, row.max(), out=row) for row in logits]) - np.log(
        np.exp(logits).sum(axis=1, keepdims=True)
    )


def first_alone(logits):
    for row in logits:
        return np.exp(row - row.max()) / np.exp(row - row.max()).sum()


def sum_goes_on(logits):
    """The sum is not set back to 0 for the next row."""
    result, total = np.zeros(logits.shape), 0.0
    for i, row in enumerate(logits):
        total += np.exp(row - row.max()).sum()
        result[i] = row - row.max() - np.log(total)
    return result


def unsigned(z, t):
    """Minus 1 is 255 in one byte."""
    mask = np.zeros(z.shape, dtype=t.dtype)
    mask[np.arange(len(t)), t] = 1
    return (probs(z) + -mask) / len(t)


def columns_of_all(z, t):
    result = probs(z)
    for target in t:
        result[:, target] -= 1
    return result / len(t)


def without_ends(z, t):
    result = grad(z, t)
    result[1:-1] = 0
    return result


def lists(make):
    """A function whose default argument is one list for all calls."""
    return lambda *args, kept=[]: make(args, kept)


def cached(function):
    return lists(lambda args, kept: (kept.append(function(*args)), kept[0])[1])


def one_buffer(function):
    """The same array comes back each time, with other numbers in it."""
    buffers = {}

    def filled(*args):
        result = function(*args)
        buffer = buffers.setdefault(result.shape, np.empty(result.shape))
        buffer[...] = result
        return buffer

    return filled


def noisy(function):
    rng = np.random.default_rng()
    return lambda *args: function(*args) + rng.normal(scale=1e-9)


WRONG = {
    "softmax": {
        "restored": (restored, "write into the argument"),
        "first row alone": (first_alone, "return inside the loop"),
        "one buffer": (one_buffer(probs), "kept from an earlier call"),
        "noise": (noisy(probs), "is it random"),
        "float32 inside": (lambda z: probs(z.astype("f4")).astype(float), "float32 precision"),
        "eps 1e-10": (lambda z: probs(z) / (1 + 1e-10), "small constant"),
        "a floor": (lambda z: np.maximum(probs(z), 1e-12), "a small constant bounds it"),
        "hotter": (lambda z: probs(z / 3), "temperature"),
        "transposed": (lambda z: probs(z).T, "is transposed"),
        "squeezed": (lambda z: probs(z).squeeze(), "a single row has the right numbers in the wr"),
        "six classes": (lambda z: np.stack([probs(z)[:, c] for c in range(6)], 1), "another size"),
        "float64 only": (lambda z: {np.dtype(float): probs}[z.dtype](z), "float32 logits"),
    },
    "log_softmax": {
        "rows in place": (rows_in_place, "write into the argument"),
        "a sum that goes on": (sum_goes_on, "right in the first row only"),
        "cached": (cached(logs), "kept from an earlier call"),
        "noise": (noisy(logs), "is it random"),
        "two decimals": (lambda z: logs(z).round(2), "is rounded; keep all digits (2 decimals)"),
        "eps 1e-5": (lambda z: np.log(probs(z) + 1e-5), "a small constant added inside"),
        "bounded": (lambda z: np.maximum(logs(z), -700), "bounds it (-700)"),
        "bits": (lambda z: logs(z) / np.log(2), "logarithm to base 2"),
        "lost sum": (lambda z: z - z.mean(axis=1, keepdims=True), "subtracted from a whole row"),
        "sorted": (lambda z: np.sort(logs(z), axis=1), "in another order"),
        "no return": (lambda z: None, "is a return statement missing?"),
        "few classes": (lambda z: logs(z) if z.shape[1] < 100 else 0 * z, "many classes"),
    },
    "cross_entropy": {
        "minus the sum": (lambda z, t: picked(z, t).sum(), "There is a second mistake, too."),
        "over 64": (lambda z, t: -picked(z, t).sum() / 64, "another number than that of the rows"),
        "geometric": (lambda z, t: np.exp(picked(z, t).mean()), "e to the power of minus"),
        "bounded": (lambda z, t: min(loss(z, t), 100.0), "does a small constant bound it"),
        "rounded": (lambda z, t: round(loss(z, t), 3), "is rounded"),
        "float16": (lambda z, t: np.float16(loss(z, t)), "float16 precision"),
        "a tuple": (lambda z, t: (loss(z, t), grad(z, t)), "as a number, got a tuple"),
        "a text": (lambda z, t: f"{loss(z, t):.3f}", "as a number, got a str"),
        "targets in place": (
            lambda z, t: (loss(z, t), t.sort())[0],
            "changes its argument targets",
        ),
        "cached": (cached(loss), "kept from an earlier call"),
        "rolled": (lambda z, t: loss(z, np.roll(t, 1)), "look at how rows are combined"),
        "64 rows": (lambda z, t: loss(z[:64], t[:64]), "the loss with many rows and classes"),
    },
    "cross_entropy_backward": {
        "over 64": (lambda z, t: grad(z, t) * len(t) / 64, "another number than that of the rows"),
        "half": (lambda z, t: grad(z, t) / 2, "half the right one"),
        "no negatives": (lambda z, t: np.maximum(grad(z, t), 0), "right class's entry is 0"),
        "clipped": (lambda z, t: np.clip(grad(z, t), -0.1, 0.1), "clip"),
        "flat": (lambda z, t: grad(z, t).ravel(), "the right numbers in the wrong shape"),
        "a list": (lambda z, t: grad(z, t).tolist(), "as an ndarray, got a list"),
        "whole numbers": (lambda z, t: (9 * grad(z, t)).astype(int), "whole numbers"),
        "all columns": (columns_of_all, "in the columns of all targets"),
        "one buffer": (one_buffer(grad), "kept from an earlier call"),
        "one byte": (unsigned, "the gradient for one-byte targets"),
        "ends only": (without_ends, "right in some rows only; the rest is 0"),
        "reversed rows": (lambda z, t: grad(z, t)[::-1], "in another order"),
    },
}


NEAR_KNOWN_MISTAKES = (
    "restored",
    "rows in place",
    "minus the sum",
    "no negatives",
    "all columns",
)


def cases(bank):
    return [(exercise, case) for exercise, solutions in bank.items() for case in solutions]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("name", "case"), cases(RIGHT))
def test_a_right_solution_earns_everything(name, case, seed):
    """However it is written, in whatever type of number it comes."""
    report = load_exercise(name).grade(RIGHT[name][case], seed)
    assert report.passed, report.hint


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("name", "case"), cases(WRONG))
def test_a_wrong_solution_loses_points_and_hears_why(name, case, seed):
    """The hint names the cause; but for a few, the exercise's file need not know any mistake."""
    function, words = WRONG[name][case]
    exercise = copy.copy(load_exercise(name))
    if case not in NEAR_KNOWN_MISTAKES:
        exercise.bugs = ()
    report = exercise.grade(function, seed)
    assert report.points < report.max_points
    assert words in report.hint


@pytest.mark.parametrize(("name", "case"), cases(WRONG))
def test_a_wrong_solution_loses_points_and_gets_a_hint(name, case):
    """With all mistakes that the file knows."""
    report = load_exercise(name).grade(WRONG[name][case][0])
    assert report.points < report.max_points
    assert report.hint
