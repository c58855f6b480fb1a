"""Is a gradient right? Derivatives from values of the function alone, and how far off one is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnkit.functional._checks.arrays import non_empty_numbers, real_numbers
from nnkit.functional._checks.callables import (
    gradient_function,
    returns_complex_number,
    returns_real_number,
)
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import same_shape
from nnkit.functional._checks.scalars import positive


@expects(f=returns_real_number, x=real_numbers, eps=positive)
def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    r"""Gradient of any function of an array, by centred differences.

    Parameters
    ----------
    f : callable
        ``f(array)`` returns one number. It must give the same number for the same array: no
        randomness inside.
    x : ndarray, any shape
        Where to take the gradient. It stays as it was.
    eps : float, default=1e-5
        How far each entry is moved, up and down.

    Returns
    -------
    grad : ndarray, same shape as `x`
        How fast `f` grows with each entry. `f` is evaluated in float64, also when `x` is
        float32: its digits would not suffice.

    Raises
    ------
    ValueError, TypeError
        If `f` does not return one real number, `x` is complex, or `eps` is not positive.

    Notes
    -----
    For each entry ``i``, with all other entries as they are::

        grad[i] = (f(x[i] + eps) - f(x[i] - eps)) / (2 * eps)

    The error is of order ``eps**2`` from the formula and of order ``1e-16 * f / eps`` from
    rounding: both a large and a tiny `eps` do harm.

    References
    ----------
    Press, Teukolsky, Vetterling and Flannery (2007), *Numerical Recipes*, section 5.7.

    Examples
    --------
    The slope of ``x**2`` is ``2 * x``:

    >>> numerical_gradient(lambda x: (x**2).sum(), np.array([1.0, -3.0])).round(6)
    array([ 2., -6.])
    """
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.astype(np.float64), x.astype(np.float64)
        up[i] += eps
        down[i] -= eps
        grad[i] = (f(up) - f(down)) / (2 * eps)
    return grad


@expects(f=returns_complex_number, x=real_numbers, eps=positive)
def complex_step_gradient(f: Callable[[Array], complex], x: Array, eps: float = 1e-20) -> Array:
    r"""Gradient of a smooth function of an array, exact to the last digits.

    Parameters
    ----------
    f : callable
        ``f(array)`` returns one number, a complex one for complex input. It must be made of
        operations that complex numbers pass through as real ones do: no ``abs``, no ``float``,
        no ``.real`` on the way, and comparisons by the real part.
    x : ndarray, any shape
        Where to take the gradient: real numbers. It stays as it was.
    eps : float, default=1e-20
        How far each entry is moved in the direction of the imaginary unit.

    Returns
    -------
    grad : ndarray, same shape as `x`
        How fast `f` grows with each entry: real numbers.

    Raises
    ------
    ValueError, TypeError
        If `f` returns no complex number, `x` is complex, or `eps` is not positive.

    Notes
    -----
    For each entry ``i``, with all other entries as they are::

        grad[i] = imag(f(x[i] + 1j * eps)) / eps

    No two numbers of about the same size are subtracted, so `eps` may be as small as one likes:
    the error of order ``eps**2`` vanishes, and nothing is lost to rounding.

    References
    ----------
    Squire and Trapp (1998), "Using complex variables to estimate derivatives of real
    functions", SIAM Review 40, 110-112.

    Examples
    --------
    >>> complex_step_gradient(lambda x: (x**3).sum(), np.array([1.0, -2.0]))
    array([ 3., 12.])
    """
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        shifted = x.astype(np.complex128)
        shifted[i] += 1j * eps
        grad[i] = f(shifted).imag / eps
    return grad


@expects(same_shape("a", "b"), a=non_empty_numbers, b=non_empty_numbers)
def relative_error(a: Array, b: Array) -> float:
    r"""Largest difference between two arrays, compared with the size of the entries.

    Parameters
    ----------
    a, b : ndarray, any shape, the same for both
        For example two gradients of one function.

    Returns
    -------
    error : float
        0 if the arrays are equal, 1 where signs are opposite or one entry is 0; a Python
        number. The size of a pair of entries is the sum of their absolute values, or 1e-8 if
        that is larger, so that two zeros are no problem.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, or an argument is empty or holds no numbers.

    Notes
    -----
    ::

        error = max_i abs(a[i] - b[i]) / max(abs(a[i]) + abs(b[i]), 1e-8)

    For gradients of a smooth function in float64, 1e-7 is good; 1e-2 is a bug.

    References
    ----------
    Stanford CS231n, course notes, "Gradient checks".

    Examples
    --------
    The second pair differs by 1 in 4, the first not at all:

    >>> relative_error(np.array([100.0, 1.5]), np.array([100.0, 2.5]))
    0.25
    """
    size = np.maximum(np.abs(a) + np.abs(b), 1e-8)
    return (np.abs(a - b) / size).max().item()


@expects(f=returns_real_number, grad=gradient_function, x=real_numbers, eps=positive)
def check_gradient(
    f: Callable[[Array], float],
    grad: Callable[[Array], Array],
    x: Array,
    eps: float = 1e-5,
) -> float:
    r"""How far a gradient is from the centred differences of its function.

    Parameters
    ----------
    f : callable
        ``f(array)`` returns one number.
    grad : callable
        ``grad(array)`` returns what is claimed to be the gradient of `f` there, an array of the
        same shape.
    x : ndarray, any shape
        Where to check. It stays as it was.
    eps : float, default=1e-5
        How far each entry is moved, up and down.

    Returns
    -------
    error : float
        The `relative_error` between the claimed gradient and the `numerical_gradient`.

    Raises
    ------
    ValueError, TypeError
        If `f` does not return one real number, or the gradient has another shape than `x`.

    Notes
    -----
    For `grad`, the array ``grad(x)`` itself is taken as well. The order of the arguments is
    that of ``scipy.optimize.check_grad``.

    A check can't see a term that is missing from both `f` and `grad`, and it passes when `f`
    does not depend on `x` at all. Multiply outputs by random numbers before adding them up.

    References
    ----------
    Stanford CS231n, course notes, "Gradient checks".

    Examples
    --------
    The slope of ``x**2`` is ``2 * x``, not ``3 * x``: the error is x / 5x.

    >>> x = np.array([1.0, -3.0])
    >>> round(check_gradient(lambda x: (x**2).sum(), lambda x: 2 * x, x), 6)
    0.0
    >>> round(check_gradient(lambda x: (x**2).sum(), lambda x: 3 * x, x), 6)
    0.2
    """
    return relative_error(grad(x), numerical_gradient(f, x, eps))
