"""complex_step_gradient: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def tangled(rng, shape):
    """A smooth function, for complex numbers too, whose entries meet in products."""
    first, second = rng.normal(size=(2, *shape))

    def f(x):
        a, b = (first * x).sum(), (second * x).sum()
        return a * a * a + a * b + 2 * np.sin(b) + 3

    return f


@probe("gives the slope of f for each entry of x", points=2, rtol=1e-6, atol=1e-9)
def slopes_of_f(complex_step_gradient, rng):
    yield "grad of a vector", complex_step_gradient(tangled(rng, (5,)), rng.normal(size=5))
    yield "grad of a matrix", complex_step_gradient(tangled(rng, (3, 4)), rng.normal(size=(3, 4)))


# Differences of f lose the digits that the large constant takes: 1e8 * 1e-16 / 1e-5 at the least.
@probe("is exact to the last digits, where differences of f are not", points=1, atol=1e-9)
def next_to_a_large_constant(complex_step_gradient, rng):
    f = tangled(rng, (5,))
    yield "grad", complex_step_gradient(lambda x: f(x) + 1e8, rng.normal(size=5))


@probe("moves by eps as given, and by a tiny number when eps is left out", points=1, rtol=1e-6,
       atol=1e-9)  # fmt: skip
def size_of_the_step(complex_step_gradient, rng):
    x, frequencies = rng.normal(size=3), rng.uniform(1.0, 2.0, size=3)

    def waves(array):
        return np.sin(frequencies * array).sum()

    def short_waves(array):
        return np.sin(1e7 * frequencies * array).sum() / 1e7

    yield "grad with eps left out", complex_step_gradient(short_waves, x.copy())
    yield "grad with eps=0.5", complex_step_gradient(waves, x.copy(), 0.5)
    yield "grad with eps=0.01", complex_step_gradient(waves, x.copy(), eps=0.01)


@probe("hands f whole arrays of the shape of x, in which one entry is moved", points=1, rtol=1e-6,
       atol=1e-9)  # fmt: skip
def what_f_gets(complex_step_gradient, rng):
    start, seen = rng.normal(size=(2, 3, 2)), [((), 0)]
    f = tangled(rng, start.shape)

    def watched(array):
        moved = np.abs(array - start) > 0.005 if array.shape == start.shape else np.zeros(0)
        seen.append((array.shape, int(moved.sum())))
        return f(array)

    grad = complex_step_gradient(watched, start.copy(), 0.01)
    most = max(count for _, count in seen)
    yield "the shape of what f gets", np.array(seen[-1][0])
    yield f"how many of {start.size} entries are moved at once", most
    yield "grad", grad


@probe("leaves x as it was, and keeps nothing between calls", points=1, rtol=1e-6, atol=1e-9)
def clean_calls(complex_step_gradient, rng):
    f, x, other = tangled(rng, (3, 2)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    copy = x.copy()
    yield "grad", complex_step_gradient(f, x)
    yield "x unchanged", np.array_equal(x, copy)
    yield "grad at another x", complex_step_gradient(f, other)
    yield "grad at the first x again", complex_step_gradient(f, copy)


@probe("works for float32, part of a larger array, a transposed matrix, and a single entry",
       points=1, hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_arrays(complex_step_gradient, rng):
    size = int(rng.integers(2, 5))
    wide = rng.normal(size=(size, 2 * size + 1))
    single, part = wide[:, 0].astype(np.float32), wide.copy().T[size:]
    yield "grad of a single entry", complex_step_gradient(tangled(rng, (1,)), wide[0, :1].copy())
    yield "grad at a float32 x", complex_step_gradient(tangled(rng, (size,)), single)
    yield (
        "grad of every other column",
        complex_step_gradient(tangled(rng, (size, size + 1)), wide.copy()[:, ::2]),
    )
    yield "grad of a transposed matrix", complex_step_gradient(tangled(rng, part.shape), part)


SLOPE = "f(shifted).imag / eps"
MOVE = "shifted[i] += 1j * eps"
BUGS = [
    Edit("real_part", SLOPE, "f(shifted).real / eps",
         hint="You take the real part, which is the value of f. The slope went into the imaginary "
         "part."),
    Edit("difference_of_real_parts", SLOPE, "(f(shifted) - f(x)).real / eps",
         hint="You take the real part of a difference, which an imaginary step leaves at 0. The slope went "
         "into the imaginary part."),
    Edit("not_divided", SLOPE, "f(shifted).imag",
         hint="The imaginary part of f is the slope times eps: divide by the step."),
    Edit("multiplies_by_eps", SLOPE, "f(shifted).imag * eps",
         hint="You multiply by eps; the imaginary part of f is already eps times the slope."),
    Edit("divides_by_two_eps", SLOPE, "f(shifted).imag / (2 * eps)",
         hint="The 2 belongs to the centred difference, whose points are twice eps apart. Here there "
         "is one step of size eps."),
    Edit("wrong_sign", MOVE, "shifted[i] -= 1j * eps",
         hint="Every sign is turned round: move by plus i times eps."),
    Edit("magnitude", SLOPE, "abs(f(shifted)) / eps",
         hint="abs() mixes the value of f into the slope. You need the imaginary part alone."),
    Edit("magnitude_of_the_imaginary_part", SLOPE, "abs(f(shifted).imag) / eps",
         hint="abs() takes the sign away. Where f falls, its gradient is negative."),
    Edit("angle", SLOPE, "np.angle(f(shifted)) / eps",
         hint="You take the angle of the complex number; the slope is in its imaginary part."),
    Edit("ignores_eps", f"{MOVE}\n    grad[i] = {SLOPE}",
         "shifted[i] += 1e-20j\n    grad[i] = f(shifted).imag / 1e-20",
         hint="Your step is a fixed number. Use the argument eps: the caller chooses it."),
    Edit("never_below_1e_8", f"{MOVE}\n    grad[i] = {SLOPE}",
         "step = max(eps, 1e-8)\n    shifted[i] += 1j * step\n    grad[i] = f(shifted).imag / step",
         hint="You keep the step from getting tiny. Here nothing is subtracted, so a tiny eps does no "
         "harm, and a larger one costs digits."),
    Edit("step_without_eps", f"{MOVE}\n    grad[i] = {SLOPE}",
         "shifted[i] += 1j\n    grad[i] = f(shifted).imag",
         hint="You move by a whole i. The step has to be i times eps."),
    Edit("step_without_eps_but_divided", MOVE, "shifted[i] += 1j",
         hint="You move by a whole i and then divide by eps. The step has to be i times eps."),
    Edit("relative_steps", f"{MOVE}\n    grad[i] = {SLOPE}",
         "shifted[i] *= 1 + 1j * eps\n    grad[i] = f(shifted).imag / (eps * x[i])",
         hint="You move each entry by a fraction of itself. Move every entry by i times eps."),
    Edit("steps_grow_with_x", f"{MOVE}\n    grad[i] = {SLOPE}",
         "step = eps * max(1.0, abs(x[i]))\n    shifted[i] += 1j * step\n"
         "    grad[i] = f(shifted).imag / step",
         hint="Your step grows with the size of the entry. Move every entry by i times eps."),
    Edit("replaces_the_entry", MOVE, "shifted[i] = 1j * eps",
         hint="You replace the entry by the step, so f is taken at 0 there. Add i times eps to the old "
         "value."),
    Edit("divides_by_i_too", SLOPE, "(f(shifted) / (1j * eps)).imag",
         hint="Dividing by i turns the slope into the real part, and you return the other one. Take the "
         "imaginary part first, then divide by eps."),
    Edit("half_the_digits", "np.complex128", "np.complex64",
         hint="complex64 has the digits of float32 only. Use complex128, which is what complex means in "
         "NumPy."),
    Edit("moves_along_both_axes", MOVE, "shifted[i] += eps + 1j * eps",
         hint="You move the real part by eps as well. Only the imaginary part moves."),
    Edit("moves_along_the_real_axis", MOVE, "shifted[i] += eps",
         hint="You move along the real axis, where f stays real. Move by eps times the imaginary "
         "unit, 1j in Python."),
    Edit("moves_everything", MOVE, "shifted += 1j * eps",
         hint="You move all entries at once. Each entry of the gradient needs an array of its own, in "
         "which only that entry is moved."),
    Edit("moves_whole_rows", "np.ndindex(x.shape)", "range(len(x))",
         hint="x[i] is a whole row when x is a matrix, and you move all of it at once. Go through "
         "every single entry, for any number of axes."),
    Edit("moves_the_last_axis", "np.ndindex(x.shape)", "np.ndindex(x.shape[:2])",
         hint="You go through two axes only, and move a whole line of numbers when x has three. Go "
         "through every single entry, for any number of axes."),
    Edit("leaves_out_the_last", "np.ndindex(x.shape)", "list(np.ndindex(x.shape))[:-1]",
         hint="The last entry is never moved: your loop ends one too early."),
    Edit("whole_numbers", "np.zeros_like(x)", "np.zeros(x.shape, dtype=int)",
         hint="The array that you fill holds whole numbers, so every slope is cut off behind the "
         "point. Make it an array of floats."),
    Edit("single_precision_result", "np.zeros_like(x)", "np.zeros(x.shape, dtype=np.float32)",
         hint="You store the slopes in float32 and lose half of their digits. Use float64."),
    Edit("transposed_result", "return grad", "return grad.T",
         hint="Your gradient is transposed. It must have exactly the shape of x."),
    Edit("flat_result", "return grad", "return grad.ravel()",
         hint="Your gradient is flat. It must have exactly the shape of x."),
    Edit("summed_result", "return grad", "return grad.sum()",
         hint="You add the slopes up. The gradient keeps one number for each entry of x."),
    Edit("overwrites_all_entries", "grad[i] =", "grad[:] =",
         hint="Every entry of your gradient is the last slope: write each slope at its own index."),
    Edit("flattens_the_argument", SLOPE, "f(shifted.ravel()).imag / eps",
         hint="f gets a flat array. Hand it an array of the same shape as x."),
    Edit("one_entry_to_f", SLOPE, "f(x[i] + 1j * eps).imag / eps",
         hint="You call f on one number. f needs the whole array, with that one entry moved and all "
         "others as they are."),
    Edit("copy_stays_real", "x.astype(np.complex128)", "x.copy()",
         hint="A copy of x is an array of real numbers: NumPy throws the imaginary part of the step "
         "away, and every slope is 0. Make a complex array first."),
]  # fmt: skip


@bug("You don't take the step back before you move the next entry, so every slope contains those "
     "before it as well. Start each time from x itself.")  # fmt: skip
def adds_up_the_steps(f, x, eps=1e-20):
    grad, shifted = np.zeros(x.shape), x.astype(complex)
    for i in np.ndindex(x.shape):
        shifted[i] += 1j * eps
        grad[i] = f(shifted).imag / eps
    return grad


@bug("Your differences are taken along the real axis, and subtracting two nearly equal numbers loses "
     "digits. Move along the imaginary axis: then nothing is subtracted.")  # fmt: skip
def centred_differences(f, x, eps=1e-20):
    step = max(eps, 1e-5)
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.astype(float), x.astype(float)
        up[i], down[i] = up[i] + step, down[i] - step
        grad[i] = np.real(f(up) - f(down)) / (2 * step)
    return grad


@bug("x + 1e-20 is x again in floating point, so the difference of the two values is 0. Move along the "
     "imaginary axis, where the tiny step is not lost.")  # fmt: skip
def difference_of_a_tiny_step(f, x, eps=1e-20):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up = x.astype(float)
        up[i] += eps
        grad[i] = np.real(f(up) - f(x.astype(float))) / eps
    return grad


@bug("These are centred differences along the real axis: x + 1e-20 is x again, and the difference is 0. "
     "Move along the imaginary axis, where the tiny step is not lost.")  # fmt: skip
def centred_differences_of_eps(f, x, eps=1e-20):
    base, basis = x.astype(float), np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [np.real(f(base + eps * e) - f(base - eps * e)) / (2 * eps) for e in basis]
    return np.array(slopes).reshape(x.shape)


def slope(f, x, i, eps):
    shifted = x.astype(complex)
    shifted[i] += 1j * eps
    return f(shifted).imag / eps


@bug("np.nditer goes through a transposed array in another order than reshape puts your list into. "
     "Write each slope at its own index.")  # fmt: skip
def in_the_order_of_memory(f, x, eps=1e-20):
    it = np.nditer(x, flags=["multi_index"])
    return np.array([slope(f, x, it.multi_index, eps) for _ in it]).reshape(x.shape)


@alternative
def by_nditer_and_restored(f, x, eps=1e-20):
    work = np.array(x, dtype=complex)
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    for value in it:
        work[it.multi_index] = complex(float(value), eps)
        grad[it.multi_index] = np.imag(f(work)) / eps
        work[it.multi_index] = value
    return grad


@alternative
def by_basis_directions(f, x, eps=1e-20):
    basis = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([f(x + 1j * eps * e).imag / eps for e in basis]).reshape(x.shape)


@alternative
def imaginary_part_written_directly(f, x, eps=1e-20):
    grad = np.empty(x.size)
    for k in range(x.size):
        moved = x.astype(np.complex128)
        moved.imag.flat[k] = eps
        grad[k] = complex(f(moved)).imag / eps
    return grad.reshape(x.shape)


@alternative
def from_above_and_below(f, x, eps=1e-20):
    grad = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        above, below = x.astype(complex), x.astype(complex)
        above[i] += eps * 1j
        below[i] -= eps * 1j
        grad[i] = ((f(above) - f(below)) / (2j * eps)).real
    return grad


@alternative
def turned_back_by_i(f, x, eps=1e-20):
    slopes = np.zeros(x.shape, dtype=complex)
    for i in np.ndindex(x.shape):
        moved = x + np.zeros(x.shape, dtype=complex)
        moved[i] += eps * 1j
        slopes[i] = -1j * (f(moved) / eps)
    return slopes.real.copy()
