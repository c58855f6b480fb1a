"""numerical_gradient: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def tangled(rng, shape):
    """A function whose entries meet in products; its cube lets the size of eps show."""
    first, second = rng.normal(size=(2, *shape))

    def f(x):
        a, b = (first * x).sum(), (second * x).sum()
        return float(a * a * a + a * b + 2 * b + 3)

    return f


# Differences of any kind pass here, if they are small; which ones they are is asked below.
@probe("gives the slope of f for each entry of x", points=1, rtol=1e-3, atol=1e-4)
def slopes_of_f(numerical_gradient, rng):
    yield "grad of a vector", numerical_gradient(tangled(rng, (5,)), rng.normal(size=5))
    yield "grad of a matrix", numerical_gradient(tangled(rng, (3, 4)), rng.normal(size=(3, 4)))


# The sine turns by frequency * eps, so that its slope over 2 * eps tells one eps from another.
@probe("compares f at eps above and at eps below each entry, with eps as given or 1e-5", points=2,
       rtol=1e-6, atol=1e-5)  # fmt: skip
def size_of_the_step(numerical_gradient, rng):
    x, frequencies = rng.normal(size=3), rng.uniform(1500.0, 2500.0, size=3)
    f = tangled(rng, (4,))

    def waves(array):
        return float(np.sin(frequencies * array).sum())

    yield "grad with eps left out", numerical_gradient(waves, x.copy())
    yield "grad with eps=0.05", numerical_gradient(f, rng.normal(size=4), 0.05)
    yield "grad with eps=0.2", numerical_gradient(f, rng.normal(size=4), 0.2)
    yield "grad with eps=1e-3", numerical_gradient(waves, x.copy(), eps=1e-3)


@probe("gives the mean of both slopes at a kink, and 0 where f does not change", points=1,
       rtol=1e-6, atol=1e-8)  # fmt: skip
def kinks(numerical_gradient, rng):
    x, left, right = rng.normal(size=(3, 6))
    x[[0, 3]] = 0.0
    left[4] = right[4] = 0.0
    yield "grad", numerical_gradient(lambda x: float(np.where(x < 0, left, right) @ x), x)


@probe("hands f whole arrays of the shape of x, in which one entry is moved", points=1, rtol=1e-6,
       atol=1e-8)  # fmt: skip
def what_f_gets(numerical_gradient, rng):
    start, seen = rng.normal(size=(2, 3, 2)), [((), 0)]
    f = tangled(rng, start.shape)

    def watched(array):
        moved = np.abs(array - start) > 0.005 if array.shape == start.shape else np.zeros(0)
        seen.append((array.shape, int(moved.sum())))
        return f(array)

    grad = numerical_gradient(watched, start.copy(), 0.01)
    most = max(count for _, count in seen)
    yield "the shape of what f gets", np.array(seen[-1][0])
    yield f"how many of {start.size} entries are moved at once", most
    yield "grad", grad


@probe("leaves x as it was, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(numerical_gradient, rng):
    f, x, other = tangled(rng, (3, 2)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    copy = x.copy()
    yield "grad", numerical_gradient(f, x, 0.05)
    yield "x unchanged", np.allclose(x, copy, rtol=1e-9)
    yield "grad at another x", numerical_gradient(f, other, 0.05)
    yield "grad at the first x again", numerical_gradient(f, copy, 0.05)


@probe("evaluates f in float64, also when x is float32", points=1, rtol=1e-4, atol=1e-5)
def single_precision(numerical_gradient, rng):
    x = rng.uniform(2.0, 3.0, size=5).astype(np.float32)
    yield "grad at a float32 x", numerical_gradient(tangled(rng, (5,)), x)


@probe("works for every other column, for a transposed matrix, and for a single entry", points=1,
       hidden=True, rtol=1e-6, atol=1e-8)  # fmt: skip
def unusual_arrays(numerical_gradient, rng):
    size = int(rng.integers(2, 5))
    wide = rng.normal(size=(size, 2 * size + 1))
    part = wide.copy().T[size:]
    yield "grad of a square matrix", numerical_gradient(tangled(rng, (size, size)), wide[:, :size])
    yield "grad of a single entry", numerical_gradient(tangled(rng, (1,)), wide[0, :1].copy())
    yield (
        "grad of every other column",
        numerical_gradient(tangled(rng, (size, size + 1)), wide.copy()[:, ::2], eps=0.02),
    )
    yield "grad of a transposed matrix", numerical_gradient(tangled(rng, part.shape), part)


SLOPE = "(f(up) - f(down)) / (2 * eps)"
MOVES = "up[i] += eps\n    down[i] -= eps"
DRIFTS = (
    "You don't put an entry back before you move the next, so later entries are measured at a point "
    "that has drifted away. Restore the old value first."
)
DRIFTED = "for j in np.ndindex(x.shape):\n        if j < i:\n            up[j], down[j] = up[j] {way} eps, down[j] {way} eps"
BUGS = [
    *(Edit(f"drifted_{i}", MOVES, f"{DRIFTED.format(way=way)}\n    {MOVES}", hint=DRIFTS) for i, way in enumerate("-+")),
    Edit("forward_difference", SLOPE, "(f(up) - f(x.astype(np.float64))) / eps",
         hint="You look to one side only, from x up to x + eps. A centred difference goes from eps "
         "below to eps above, and its error is far smaller."),
    Edit("backward_difference", SLOPE, "(f(x.astype(np.float64)) - f(down)) / eps",
         hint="You look to one side only, from x - eps up to x. A centred difference goes from eps "
         "below to eps above, and its error is far smaller."),
    Edit("comes_back_to_x_only", "f(down)", "f(x.astype(np.float64))",
         hint="Your second point is x itself (up by eps and down by eps leads back), but you divide by "
         "twice eps. Both moves start from the old value."),
    Edit("forgets_the_two", "/ (2 * eps)", "/ eps",
         hint="Your gradient is twice too large: how far apart are the two points at which you "
         "evaluate f?"),
    Edit("missing_parentheses", "/ (2 * eps)", "/ 2 * eps",
         hint="a / 2 * eps divides by 2 and then multiplies by eps. Put the whole denominator into "
         "parentheses."),
    Edit("not_divided", " / (2 * eps)", "",
         hint="You return how much f changes. Its slope is that change divided by the distance "
         "between the two points."),
    Edit("wrong_sign", "f(up) - f(down)", "f(down) - f(up)",
         hint="You subtract the upper value from the lower one, so every sign is turned round."),
    Edit("without_the_sign", SLOPE, "abs(f(up) - f(down)) / (2 * eps)",
         hint="abs() takes the sign away. Where f falls, its gradient is negative."),
    Edit("half_steps", f"{MOVES}\n    grad[i] = {SLOPE}",
         "up[i] += eps / 2\n    down[i] -= eps / 2\n    grad[i] = (f(up) - f(down)) / eps",
         hint="You move by half of eps. The task says eps up and eps down, which makes the points "
         "twice eps apart."),
    Edit("ignores_eps", f"{MOVES}\n    grad[i] = {SLOPE}",
         "up[i] += 1e-5\n    down[i] -= 1e-5\n    grad[i] = (f(up) - f(down)) / 2e-5",
         hint="Your step is a fixed number. Use the argument eps: the caller chooses it."),
    Edit("relative_steps", f"{MOVES}\n    grad[i] = {SLOPE}",
         "up[i] += eps * x[i]\n    down[i] -= eps * x[i]\n"
         "    grad[i] = (f(up) - f(down)) / (2 * eps * x[i])",
         hint="You move each entry by a fraction of itself, so an entry that is 0 does not move at "
         "all. Move every entry by eps."),
    Edit("relative_steps_divided_by_eps", MOVES, "up[i] *= 1 + eps\n    down[i] *= 1 - eps",
         hint="You multiply the entry by 1 + eps and 1 - eps, so the step is eps times the entry. Add eps "
         "and subtract it."),
    Edit("steps_grow_with_x", f"{MOVES}\n    grad[i] = {SLOPE}",
         "step = eps * max(1.0, abs(x[i]))\n    up[i] += step\n    down[i] -= step\n"
         "    grad[i] = (f(up) - f(down)) / (2 * step)",
         hint="Your step grows with the size of the entry. Move every entry by eps."),
    Edit("moves_everything", MOVES, "up += eps\n    down -= eps",
         hint="You move all entries at once. Each entry of the gradient needs its own two points, in "
         "which only that entry is moved."),
    Edit("moves_whole_rows", "np.ndindex(x.shape)", "range(len(x))",
         hint="x[i] is a whole row when x is a matrix, and you move all of it at once. Go through "
         "every single entry, for any number of axes."),
    Edit("moves_the_last_axis", "np.ndindex(x.shape)", "np.ndindex(x.shape[:2])",
         hint="You go through two axes only, and move a whole line of numbers when x has three. Go "
         "through every single entry, for any number of axes."),
    Edit("leaves_out_the_last", "np.ndindex(x.shape)", "list(np.ndindex(x.shape))[:-1]",
         hint="The last entry is never moved: your loop ends one too early."),
    Edit("in_the_digits_of_x", "x.astype(np.float64), x.astype(np.float64)", "x.copy(), x.copy()",
         hint="When x is float32, so is your moved copy: a step of 1e-5 drowns in its rounding. "
         "Make float64 copies for f."),
    Edit("one_array_for_both", "up, down = x.astype(np.float64), x.astype(np.float64)",
         "up = down = x.astype(np.float64)",
         hint="Both points are one array (= only gives it a second name), so the step down takes back the "
         "step up, and the difference is 0. Make two copies."),
    Edit("second_derivative", SLOPE, "(f(up) - 2 * f(x.astype(float)) + f(down)) / eps**2",
         hint="That is the formula of the second derivative; the gradient is made of first ones."),
    Edit("transposed_result", "return grad", "return grad.T",
         hint="Your gradient is transposed. It must have exactly the shape of x."),
    Edit("flat_result", "return grad", "return grad.ravel()",
         hint="Your gradient is flat. It must have exactly the shape of x."),
    Edit("summed_result", "return grad", "return grad.sum()",
         hint="You add the slopes up. The gradient keeps one number for each entry of x."),
    Edit("whole_numbers", "np.zeros_like(x)", "np.zeros(x.shape, dtype=int)",
         hint="The array that you fill holds whole numbers, so every slope is cut off behind the "
         "point. Make it an array of floats."),
    Edit("overwrites_all_entries", "grad[i] =", "grad[:] =",
         hint="Every entry of your gradient is the last slope: write each slope at its own index."),
    Edit("flattens_the_argument", SLOPE, "(f(up.ravel()) - f(down.ravel())) / (2 * eps)",
         hint="f gets a flat array. Hand it an array of the same shape as x."),
    Edit("one_entry_to_f", SLOPE, "(f(x[i] + eps) - f(x[i] - eps)) / (2 * eps)",
         hint="You call f on one number. f needs the whole array, with that one entry moved and all "
         "others as they are."),
]  # fmt: skip


@bug(DRIFTS)
def drifts_below(f, x, eps=1e-5):
    grad, moved = np.zeros(x.shape), x.astype(np.float64)
    for i in np.ndindex(x.shape):
        moved[i] += eps
        above = f(moved)
        moved[i] -= 2 * eps
        grad[i] = (above - f(moved)) / (2 * eps)
    return grad


@bug(
    "You move a whole column of a matrix at once. Go through every single entry, for any number of axes."
)
def moves_whole_columns(f, x, eps=1e-5):
    grad = np.zeros(x.shape)
    for j in range(x.shape[-1]):
        up, down = x.astype(np.float64), x.astype(np.float64)
        up[..., j] += eps
        down[..., j] -= eps
        grad[..., j] = (f(up) - f(down)) / (2 * eps)
    return grad


@bug("You move the entries of x itself and don't put them back: the caller's x has changed, and later "
     "entries are measured elsewhere. Restore the old value, or move a copy.")  # fmt: skip
def changes_x(f, x, eps=1e-5):
    grad, old = np.zeros(x.shape), x.astype(np.float64)
    for i in np.ndindex(x.shape):
        x[i] = old[i] + eps
        above = f(x.astype(np.float64))
        x[i] = old[i] - eps
        grad[i] = (above - f(x.astype(np.float64))) / (2 * eps)
    return grad


@bug("Your formula uses four points. That is more exact, but the task asks for the centred difference: "
     "eps up and eps down, nothing else.")  # fmt: skip
def four_points(f, x, eps=1e-5):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        values = []
        for steps in (2, 1, -1, -2):
            moved = x.astype(np.float64)
            moved[i] += steps * eps
            values.append(f(moved))
        grad[i] = (-values[0] + 8 * values[1] - 8 * values[2] + values[3]) / (12 * eps)
    return grad


@bug("You combine two step sizes (Richardson's extrapolation). That is more exact, but the task asks for "
     "one centred difference: eps up and eps down.")  # fmt: skip
def two_step_sizes(f, x, eps=1e-5):
    return (4 * centred(f, x, eps / 2) - centred(f, x, eps)) / 3


def centred(f, x, eps):
    base, basis = x.astype(float), np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [(f(base + eps * e) - f(base - eps * e)) / (2 * eps) for e in basis]
    return np.array(slopes).reshape(x.shape)


@bug("np.nditer goes through a transposed array in another order than reshape puts your list into. "
     "Write each slope at its own index.")  # fmt: skip
def in_the_order_of_memory(f, x, eps=1e-5):
    grad, it = centred(f, x, eps), np.nditer(x, flags=["multi_index"])
    return np.array([grad[it.multi_index] for _ in it]).reshape(x.shape)


@bug("ravel() and reshape() return a copy when x is a part of a larger array, or transposed: what you "
     "move is not what f gets. Index the copy that you hand to f.")  # fmt: skip
def moves_a_lost_copy(f, x, eps=1e-5):
    grad, moved = np.zeros(x.size), x.astype(np.float64) if x.dtype == np.float32 else x
    flat = moved.reshape(-1)
    for i in range(x.size):
        old = flat[i]
        flat[i] = old + eps
        above = f(moved)
        flat[i] = old - eps
        grad[i] = (above - f(moved)) / (2 * eps)
        flat[i] = old
    return grad.reshape(x.shape)


@alternative
def by_nditer_and_restored(f, x, eps=1e-5):
    work = np.array(x, dtype=float)
    grad = np.zeros(work.shape)
    it = np.nditer(work, flags=["multi_index"])
    for _ in it:
        ix = it.multi_index
        old = work[ix]
        work[ix] = old + eps
        above = f(work)
        work[ix] = old - eps
        grad[ix] = (above - f(work)) / (2.0 * eps)
        work[ix] = old
    return grad


@alternative
def by_basis_directions(f, x, eps=1e-5):
    return centred(f, x, eps)


@alternative
def restored_by_arithmetic(f, x, eps=1e-5):
    work = x.astype(np.float64)
    grad = np.empty_like(work)
    for k in range(work.size):
        ix = np.unravel_index(k, work.shape)
        work[ix] += eps
        grad[ix] = f(work)
        work[ix] -= 2 * eps
        grad[ix] -= f(work)
        work[ix] += eps
    return grad / (2 * eps)


@alternative
def mean_of_both_sides(f, x, eps=1e-5):
    grad, middle = np.zeros(x.size), f(x.astype(np.float64))
    for k in range(x.size):
        up, down = np.array(x, np.float64), np.array(x, np.float64)
        up.flat[k], down.flat[k] = up.flat[k] + eps, down.flat[k] - eps
        grad[k] = ((f(up) - middle) / eps + (middle - f(down)) / eps) / 2
    return grad.reshape(x.shape)


@alternative
def divides_by_the_true_distance(f, x, eps=1e-5):
    def slope(*ix):
        up, down = x.astype(np.float64), x.astype(np.float64)
        up[ix], down[ix] = up[ix] + eps, down[ix] - eps
        return (f(up) - f(down)) / (up[ix] - down[ix])

    return np.array([slope(*ix) for ix in np.ndindex(x.shape)]).reshape(x.shape)
