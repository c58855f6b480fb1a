"""Tests for nnkit.data.toys."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.data import blobs, moons, spiral, xor
from nnkit.functional import pairwise_squared_distances

TOYS = {"spiral": (spiral, 3), "moons": (moons, 2), "blobs": (blobs, 3), "xor": (xor, 2)}
each_toy = pytest.mark.parametrize(("toy", "num_classes"), TOYS.values(), ids=TOYS)


@each_toy
@pytest.mark.parametrize("num_examples", [1, 2, 7, 60])
def test_shapes_and_types(toy, num_classes, num_examples):
    """float32 points, int64 classes, any number of them."""
    x, targets = toy(num_examples, np.random.default_rng(0))

    assert (x.shape, x.dtype) == ((num_examples, 2), np.float32)
    assert (targets.shape, targets.dtype) == ((num_examples,), np.int64)
    assert np.isfinite(x).all()


@each_toy
def test_every_run_of_examples_holds_the_classes_in_equal_parts(toy, num_classes):
    """A split without shuffling is a fair one."""
    _, targets = toy(61, np.random.default_rng(0))

    for stop in range(1, 62):
        counts = np.bincount(targets[:stop], minlength=num_classes)
        assert counts.max() - counts.min() <= 1


@each_toy
def test_the_generator_decides_and_nothing_else(toy, num_classes):
    """The same state gives the same points; the next call gives others."""
    rng = np.random.default_rng(3)
    first, second = toy(20, rng)[0], toy(20, rng)[0]

    assert_array_equal(toy(20, np.random.default_rng(3))[0], first)
    assert (first != second).any(axis=1).all()


@each_toy
def test_neighbours_belong_together(toy, num_classes):
    """The classes can be told apart: at the usual noise, 9 of 10 nearest points share theirs."""
    x, targets = toy(300, np.random.default_rng(0))
    distances = pairwise_squared_distances(x, x)
    np.fill_diagonal(distances, np.inf)

    assert (targets[distances.argmin(axis=1)] == targets).mean() > 0.9


@each_toy
def test_noise_moves_points_as_much_as_it_says(toy, num_classes):
    """Twice the noise moves each point twice as far, and by as much as it should on average."""
    clean, small, large = (
        toy(3000, np.random.default_rng(1), noise=noise)[0] for noise in (0, 0.01, 0.02)
    )
    lever = np.hypot(*clean.T) if toy is spiral else np.ones(3000)  # an angle moves at a radius

    assert_allclose(large - clean, 2 * (small - clean), atol=1e-3)
    expected = 0.01 * np.sqrt((lever**2).mean() * (1 if toy is spiral else 2))
    assert_allclose(np.sqrt(((small - clean) ** 2).sum(axis=1).mean()), expected, rtol=0.05)


@pytest.mark.parametrize("toy", [spiral, blobs])
def test_any_number_of_classes(toy):
    """As many arms or clouds as asked for."""
    _, targets = toy(50, np.random.default_rng(0), num_classes=5)

    assert_array_equal(np.bincount(targets), [10] * 5)


def test_spiral_arms_are_one_arm_turned():
    """Without noise each arm is the one before, turned by the same angle; up to radius 1."""
    x, targets = spiral(100, np.random.default_rng(0), num_classes=4, noise=0)
    arms = [x[targets == arm] for arm in range(4)]
    clockwise = np.array([[0, -1], [1, 0]])

    for arm, following in zip(arms, [*arms[1:], arms[0]], strict=True):
        assert_allclose(following, arm @ clockwise, atol=1e-6)
    assert_allclose(np.hypot(*arms[0].T), np.arange(1, 26) / 25, atol=1e-6)
    turned = np.unwrap(np.arctan2(*arms[0].T))
    assert_allclose(turned[-1] - turned[0], 4 * 24 / 25, rtol=1e-4)


def test_moons_lie_on_half_circles():
    """Without noise: the upper one around (0, 0), the lower one around (1, 0.5)."""
    x, targets = moons(80, np.random.default_rng(0), noise=0)
    upper, lower = x[targets == 0], x[targets == 1]

    assert_allclose(np.hypot(*upper.T), 1, rtol=1e-6)
    assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1, rtol=1e-6)
    assert (upper[:, 1] >= -1e-6).all()
    assert (lower[:, 1] <= 0.5 + 1e-6).all()
    assert_allclose([upper[0], upper[-1]], [[1, 0], [-1, 0]], atol=1e-6)
    assert_allclose([lower[0], lower[-1]], [[0, 0.5], [2, 0.5]], atol=1e-6)


def test_blobs_have_their_centres_on_a_circle():
    """Of radius 2, at equal distances from one another."""
    x, targets = blobs(3000, np.random.default_rng(0), num_classes=3, noise=0.1)
    centres = np.array([x[targets == cloud].mean(axis=0) for cloud in range(3)])

    assert_allclose(np.hypot(*centres.T), 2, rtol=0.02)
    sides = np.diff(centres[[0, 1, 2, 0]], axis=0)
    assert_allclose((sides**2).sum(axis=1), 12, rtol=0.03)


def test_xor_is_solved_by_the_sign_of_the_product_and_by_no_line():
    """The class is 1 where the signs differ; each coordinate alone says nothing."""
    x, targets = xor(400, np.random.default_rng(0), noise=0.1)

    assert_array_equal(targets, x[:, 0] * x[:, 1] < 0)
    for coordinate in x.T:
        assert np.bincount(targets[coordinate > 0]).tolist() == [100, 100]


@each_toy
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"num_examples": 0}, ValueError, "expected num_examples of 1 or more, got 0"),
        ({"noise": -1}, ValueError, "expected noise of 0 or more, got -1"),
        ({"rng": 0}, TypeError, r"np\.random\.default_rng\(seed\)"),
    ],
    ids=["no examples", "negative noise", "a seed for a generator"],
)
def test_wrong_arguments_are_refused(toy, num_classes, arguments, error, message):
    """The message says what to pass."""
    fine = {"num_examples": 4, "rng": np.random.default_rng(0)}

    with pytest.raises(error, match=message):
        toy(**{**fine, **arguments})
