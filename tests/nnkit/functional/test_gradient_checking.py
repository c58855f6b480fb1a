"""Tests for nnkit.functional.gradient_checking."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnkit.functional import (
    check_gradient,
    complex_step_gradient,
    numerical_gradient,
    relative_error,
)

both = pytest.mark.parametrize("gradient", [numerical_gradient, complex_step_gradient])
seeds = st.integers(0, 2**32 - 1)


def smooth(x):
    """A function whose entries interact."""
    return (np.sin(x) * np.cumsum(x.ravel()).reshape(x.shape) ** 2).sum()


@both
@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3), (2, 1, 3)])
def test_gradients_match_torch(torch, torch_vjp, rng, gradient, shape):
    """For arrays of any shape, down to a single number."""
    x = rng.normal(size=shape)

    def in_torch(x):
        return (torch.sin(x) * torch.cumsum(x.ravel(), 0).reshape(x.shape) ** 2).sum()

    _, [expected] = torch_vjp(in_torch, [x], np.array(1.0))

    assert gradient(smooth, x).shape == shape
    assert_allclose(gradient(smooth, x), expected, rtol=1e-7, atol=1e-9)


def test_complex_steps_are_exact_to_the_last_digits(rng):
    """Centred differences lose half of the digits, complex steps lose none."""
    x = rng.normal(size=20)

    exact = np.exp(x) * (np.sin(x) + np.cos(x))

    assert_allclose(
        complex_step_gradient(lambda x: (np.exp(x) * np.sin(x)).sum(), x), exact, rtol=1e-14
    )


def test_differences_are_centred_and_use_eps():
    """For x**3 they are off by exactly eps**2, a difference to one side by 3 * x * eps."""
    x = np.array([2.0, -1.0])

    assert_allclose(numerical_gradient(lambda x: (x**3).sum(), x, eps=0.1), 3 * x**2 + 0.01)
    assert_allclose(numerical_gradient(lambda x: (x**3).sum(), x), 3 * x**2 + 1e-10, rtol=1e-8)


def test_complex_steps_use_eps():
    """For x**3 they are off by exactly -eps**2; the default is too small to be seen."""
    x = np.array([2.0, -1.0])

    assert_allclose(complex_step_gradient(lambda x: (x**3).sum(), x, eps=0.1), 3 * x**2 - 0.01)
    assert_allclose(complex_step_gradient(lambda x: (x**3).sum(), x), 3 * x**2, rtol=1e-15)


def test_default_eps_lies_in_the_valley_of_the_error_curve(rng):
    """Larger steps err by the formula, smaller ones by rounding."""
    x = rng.normal(size=20)

    def error(**eps):
        return relative_error(numerical_gradient(lambda x: np.exp(x).sum(), x, **eps), np.exp(x))

    assert error() < 1e-9
    assert error(eps=1e-1) > 1e-4
    assert error(eps=1e-12) > 1e-5


@both
def test_function_is_asked_about_one_entry_at_a_time(gradient):
    """All other entries are as in x, and each call gets an array of its own."""
    x, seen = np.array([1.0, 2.0, 3.0]), []

    def f(moved):
        seen.append(moved)
        return moved.sum()

    gradient(f, x)

    assert len(seen) == (6 if gradient is numerical_gradient else 3)
    assert all(np.count_nonzero(moved != x) == 1 for moved in seen)


@both
def test_function_that_writes_into_its_argument_does_no_harm(gradient):
    """The next entry starts from x again."""

    def f(x):
        x *= x
        return x.sum()

    x = np.array([1.0, 2.0, 3.0])

    assert_allclose(gradient(f, x), [2.0, 4.0, 6.0], rtol=1e-9)
    assert_array_equal(x, [1.0, 2.0, 3.0])


def test_float32_input_is_moved_in_float64():
    """The result is float32, but right to its last digits: 1e-5 is not lost in rounding."""
    x = np.array([100.0, -300.0], dtype=np.float32)

    grad = numerical_gradient(lambda x: (x**2).sum(), x)

    assert grad.dtype == np.float32
    assert_allclose(grad, 2 * x, rtol=1e-6)


@both
def test_infinite_slope_of_an_empty_array_is_no_question(gradient):
    """An array without entries has a gradient without entries."""
    assert gradient(lambda x: x.sum(), np.zeros((0, 3))).shape == (0, 3)


@pytest.mark.parametrize(
    ("a", "b", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0], [3.0], 0.5),
        ([1.0], [-1.0], 1.0),
        ([5.0], [0.0], 1.0),
        ([0.0], [0.0], 0.0),
        ([1e-9], [-1e-9], 0.2),  # 2e-9 compared with 1e-8
        ([1e6, 1.0], [1e6 + 2, 1.0], 1e-6),
        ([[1.0, 1.0], [1.0, 9.0]], [[1.0, 3.0], [1.0, 9.0]], 0.5),
        (2.0, 6.0, 0.5),
    ],
)
def test_relative_error_by_hand(a, b, error):
    """The largest of the differences, each compared with the size of its entries."""
    assert relative_error(np.array(a), np.array(b)) == pytest.approx(error, rel=1e-5)


@given(seeds, st.floats(1e-3, 1e6))
def test_relative_error_is_symmetric_and_ignores_a_common_factor(seed, factor):
    """It lies between 0 and 1, and two gradients 1000 times as large are as far apart."""
    a, b = np.random.default_rng(seed).normal(size=(2, 3, 4))

    error = relative_error(a, b)

    assert 0 < error <= 1
    assert relative_error(b, a) == error
    assert relative_error(factor * a, -factor * -b) == pytest.approx(error, rel=1e-9)


def test_relative_error_shows_not_a_number():
    """A gradient that is NaN is not close to anything."""
    assert np.isnan(relative_error(np.array([1.0, np.nan]), np.ones(2)))


@given(seeds)
def test_right_gradient_passes_and_wrong_ones_do_not(seed):
    """A factor, a sign, or a single wrong entry stand out by many powers of ten."""
    x = np.random.default_rng(seed).uniform(0.5, 2.0, size=(2, 3))
    one_off = np.zeros((2, 3))
    one_off[1, 2] = 0.1

    assert check_gradient(lambda x: (x**3).sum(), lambda x: 3 * x**2, x) < 1e-8
    assert check_gradient(lambda x: (x**3).sum(), lambda x: x**2, x) == pytest.approx(0.5)
    assert check_gradient(lambda x: (x**3).sum(), lambda x: -3 * x**2, x) == pytest.approx(1)
    assert check_gradient(lambda x: (x**3).sum(), lambda x: 3 * x**2 + one_off, x) > 1e-3


def test_check_takes_eps_from_the_caller():
    """For x**3 the differences are off by eps**2."""
    error = check_gradient(lambda x: (x**3).sum(), lambda x: 3 * x**2, np.ones(1), eps=0.1)

    assert error == pytest.approx(0.01 / 6.01)


def test_check_takes_the_gradient_itself_as_well():
    """An array of the gradient at x stands for a function."""
    x = np.array([1.0, -2.0])

    assert check_gradient(lambda x: (x**2).sum(), 2 * x, x) < 1e-9
    assert check_gradient(lambda x: (x**2).sum(), 4 * x, x) == pytest.approx(1 / 3)


def test_check_protects_x_from_the_gradient_function():
    """A gradient that is computed in place does not move the point."""
    x = np.array([1.0, -2.0])

    def in_place(x):
        x *= 2
        return x

    assert check_gradient(lambda x: (x**2).sum(), in_place, x) < 1e-9
    assert_array_equal(x, [1.0, -2.0])
