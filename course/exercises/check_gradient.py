"""check_gradient: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def slope_problem(rng, shape):
    """A function with clearly positive and negative slopes, and its gradient."""
    signs = np.where(np.arange(np.prod(shape)).reshape(shape) % 3 == 1, -1.0, 1.0)
    scales = signs * rng.uniform(1.0, 2.0, size=shape)

    def f(x):
        return float((scales * np.exp(x)).sum() + 2.0)

    return f, lambda x: scales * np.exp(x)


# Differences of any kind pass here, if they are small; which ones they are is asked below.
@probe("measures how far grad is from the slopes of f", points=1, rtol=1e-3)
def wrong_gradients(check_gradient, rng):
    f, slopes = slope_problem(rng, (5,))
    g, matrix_slopes = slope_problem(rng, (3, 4))
    low, high = rng.uniform(0.7, 0.8, size=5), rng.uniform(1.2, 1.3, size=(3, 4))
    x, matrix = rng.normal(size=5), rng.normal(size=(3, 4))
    yield (
        "the error of a gradient that is too small",
        check_gradient(f, lambda x: low * slopes(x), x.copy()),
    )
    yield (
        "the error of a matrix of slopes that are too large",
        check_gradient(g, lambda x: high * matrix_slopes(x), matrix),
    )
    yield (
        "the error of a gradient with the wrong sign",
        check_gradient(f, lambda x: -slopes(x), x.copy()),
    )


# The gradient is right up to 1e-11, and an error below the tolerance counts as none.
@probe("finds no error in a right gradient, and one wrong entry in a long one", points=1,
       rtol=1e-3, atol=1e-6)  # fmt: skip
def right_gradient(check_gradient, rng):
    x, place = rng.normal(size=15), rng.integers(5, 12)
    f, slopes = slope_problem(rng, (15,))
    one = np.where(np.arange(15) == place, 1.01, 1.0)
    last = np.append(np.ones(14), 0.99)

    def first_entries_only(array):
        return f(array[:15])

    def slopes_and_zero(array):
        return np.append(slopes(array[:15]), 0.0)

    yield "the error of a right gradient", check_gradient(f, slopes, x.copy())
    yield (
        "the error of a right gradient with a 0 in it",
        check_gradient(first_entries_only, slopes_and_zero, np.append(x, 1.0)),
    )
    yield (
        "the error where one entry is 1 % too large",
        check_gradient(f, lambda x: one * slopes(x), x.copy()),
    )
    yield (
        "the error where the last entry is 1 % too small",
        check_gradient(f, lambda x: last * slopes(x), x.copy()),
    )


# A wave turns by frequency * eps, so that its slope over 2 * eps tells one eps from another.
@probe("takes centred differences, with eps as given or 1e-5", points=2, rtol=1e-4, atol=1e-9)
def size_of_the_step(check_gradient, rng):
    x, frequency = rng.uniform(-1e-4, 1e-4, size=3), rng.uniform(2500.0, 3000.0)
    f, slopes = slope_problem(rng, (4,))

    def waves(array):
        return float(np.sin(frequency * array).sum())

    def slopes_of_waves(array):
        return frequency * np.cos(frequency * array)

    yield "the error with eps left out", check_gradient(waves, slopes_of_waves, x.copy())
    yield "the error with eps=0.2", check_gradient(f, slopes, rng.normal(size=4), 0.2)
    yield "the error with eps=0.05", check_gradient(f, slopes, rng.normal(size=4), 0.05)
    yield (
        "the error of slopes below eps",
        check_gradient(lambda x: 1e-3 * f(x), lambda x: 2e-3 * slopes(x), np.zeros(4), 0.05),
    )
    yield "the error with eps=1e-3", check_gradient(waves, slopes_of_waves, x.copy(), eps=1e-3)


@probe("asks grad at x itself, leaves x as it was, and keeps nothing between calls", points=1,
       rtol=1e-4)  # fmt: skip
def clean_calls(check_gradient, rng):
    x, other = rng.normal(size=(2, 2, 3))
    copy, seen = x.copy(), [np.zeros(0)]
    f, slopes = slope_problem(rng, (2, 3))
    factors = rng.uniform(0.7, 0.8, size=(2, 3))

    def watched(array):
        seen.append(array.copy())
        return factors * slopes(array)

    yield "the error", check_gradient(f, watched, x, 0.05)
    yield "what grad gets", [seen[-1]]
    yield "x unchanged", np.allclose(x, copy, rtol=1e-9)
    yield "the error at another x", check_gradient(f, watched, other, 0.15)
    yield "the error at the first x again", check_gradient(f, watched, copy, 0.05)


@probe("works for any shape, part of a larger array, and float32", points=1, hidden=True, rtol=1e-4,
       atol=1e-5)  # fmt: skip
def unusual_arrays(check_gradient, rng):
    size = int(rng.integers(2, 4))
    wide = rng.normal(size=(size, size, 2 * size))
    arrays = {
        "a single entry": wide[0, 0, :1].copy(),
        "an array with three axes": wide.copy(),
        "a float32 vector": wide[1, 1].astype(np.float32),
        "every other column": wide[0].copy()[:, ::2],
        "a transposed matrix": wide[0].copy().T,
    }
    for name, x in arrays.items():
        f, slopes = slope_problem(rng, x.shape)
        factors = rng.uniform(0.7, 0.8, size=x.shape)
        yield f"the error at {name}", check_gradient(f, lambda x, s=slopes, k=factors: k * s(x), x)


NUMERICAL = "numerical_gradient(f, x, eps)"
WHOLE = f"relative_error(grad(x), {NUMERICAL})"
RATIOS = f"""claimed, measured = grad(x), {NUMERICAL}
size = np.maximum(np.abs(claimed) + np.abs(measured), 1e-8)
return """
BUGS = [
    Edit("eps_not_passed_on", NUMERICAL, "numerical_gradient(f, x)",
         hint="You don't pass eps on, so the differences use their own default."),
    Edit("compares_grad_with_itself", f"grad(x), {NUMERICAL}", "grad(x), grad(x)",
         hint="Your error is 0 whatever f is. Do you compare grad with itself? Its counterpart is measured "
         "from f alone."),
    Edit("compares_the_numbers_with_themselves", "grad(x)", NUMERICAL.replace("eps)", "eps).copy()"),
         hint="Your error is 0 whatever grad says. Do you compare the centred differences with "
         "themselves?"),
    Edit("compares_with_the_value", "grad(x)", "f(x) + 0 * x",
         hint="You compare the slopes with the value of f. What is to be checked is grad(x)."),
    Edit("slopes_of_grad", NUMERICAL, "numerical_gradient(lambda x: grad(x).sum(), x, eps)",
         hint="You measure the slopes of grad, which are second derivatives. Measure those of f."),
    Edit("sign_of_grad_turned", "grad(x)", "-grad(x)",
         hint="You turn the sign of one gradient round before you compare. Compare them as they are."),
    Edit("grad_moved_up", "grad(x)", "grad(x + eps)",
         hint="You ask grad at x + eps. It is claimed to be right at x itself."),
    Edit("absolute_error", f"return {WHOLE}", f"return np.abs(grad(x) - {NUMERICAL}).max().item()",
         hint="That is the absolute error. Whether it is much depends on the size of the gradient: use "
         "the relative error."),
    Edit("mean_error", f"return {WHOLE}", f"{RATIOS}(np.abs(claimed - measured) / size).mean().item()",
         hint="You average the errors, and one wrong entry of a long gradient disappears. Take the "
         "largest."),
    Edit("median_error", f"return {WHOLE}", f"{RATIOS}np.median(np.abs(claimed - measured) / size).item()",
         hint="You take the median of the errors, and wrong entries disappear if they are few. Take the "
         "largest."),
    Edit("smallest_error", f"return {WHOLE}", f"{RATIOS}(np.abs(claimed - measured) / size).min().item()",
         hint="You take the smallest of the errors. Take the largest."),
    Edit("ratio_of_norms", f"return {WHOLE}", f"""claimed, measured = grad(x), {NUMERICAL}
return (np.linalg.norm(claimed - measured)
        / (np.linalg.norm(claimed) + np.linalg.norm(measured))).item()""",
         hint="You compare the lengths of whole gradients, and large entries hide the errors of small "
         "ones. relative_error compares entry by entry."),
    Edit("ratio_to_the_longer", f"return {WHOLE}", f"""claimed, measured = grad(x), {NUMERICAL}
return (np.linalg.norm(claimed - measured)
        / max(np.linalg.norm(claimed), np.linalg.norm(measured))).item()""",
         hint="You compare the lengths of whole gradients, and large entries hide the errors of small "
         "ones. relative_error compares entry by entry."),
    Edit("largest_difference_and_size", f"return {WHOLE}",
         f"{RATIOS}np.abs(claimed - measured).max().item() / size.max().item()",
         hint="You divide the largest difference by the largest size, which may belong to different "
         "entries. relative_error compares entry by entry."),
    Edit("relative_to_the_numbers", f"return {WHOLE}",
         f"{RATIOS}(np.abs(claimed - measured) / np.maximum(np.abs(measured), 1e-8)).max().item()",
         hint="You divide by the measured gradient alone. relative_error takes both sizes together."),
    Edit("relative_to_the_claim", f"return {WHOLE}",
         f"{RATIOS}(np.abs(claimed - measured) / np.maximum(np.abs(claimed), 1e-8)).max().item()",
         hint="You divide by the claimed gradient alone. relative_error takes both sizes together."),
    Edit("relative_to_the_larger", f"return {WHOLE}",
         f"{RATIOS}(np.abs(claimed - measured)"
         " / np.maximum(np.maximum(np.abs(claimed), np.abs(measured)), 1e-8)).max().item()",
         hint="You divide by the larger of the two. relative_error takes both sizes together."),
    Edit("error_without_abs", f"return {WHOLE}", f"{RATIOS}((claimed - measured) / size).max().item()",
         hint="Where the claimed slope is too small your error is negative, and the maximum overlooks "
         "it. Take absolute values, as relative_error does."),
    Edit("no_floor", f"return {WHOLE}", f"""claimed, measured = grad(x), {NUMERICAL}
return (np.abs(claimed - measured) / (np.abs(claimed) + np.abs(measured))).max().item()""",
         hint="Where both gradients are 0 you compute 0/0. relative_error takes care of that."),
    Edit("eps_as_floor", f"return {WHOLE}", f"""{RATIOS.replace('1e-8', 'eps')}(
    np.abs(claimed - measured) / size).max().item()""",
         hint="You bound the size from below by eps, which is the step. The floor of relative_error is "
         "1e-8, whatever eps is."),
    Edit("sums_compared", WHOLE, f"relative_error(grad(x).sum(), {NUMERICAL}.sum())",
         hint="You compare the sums of the gradients, in which errors cancel. Compare entry by entry."),
    Edit("first_entry_only", WHOLE, f"relative_error(grad(x).ravel()[:1], {NUMERICAL}.ravel()[:1])",
         hint="You compare the first entry only. Every entry of a gradient can be wrong."),
    Edit("sizes_only", "grad(x)", "np.abs(grad(x)) * np.sign(numerical_gradient(f, x, eps))",
         hint="You compare absolute values, so a gradient with the wrong sign passes."),
    Edit("error_of_each_entry", f"return {WHOLE}", f"{RATIOS}np.abs(claimed - measured) / size",
         hint="You return the error of every entry. The task asks for one number: the largest."),
    Edit("difference_returned", WHOLE, f"grad(x) - {NUMERICAL}",
         hint="You return the difference of the two gradients. The task asks for one number, their "
         "relative error."),
    Edit("only_yes_or_no", WHOLE, f"{WHOLE} < 1e-6",
         hint="You return whether the check passes. Return how large the error is."),
    Edit("yes_or_no_as_a_number", WHOLE, f"float(np.allclose(grad(x), {NUMERICAL}))",
         hint="You return whether the gradients agree, as 1 or 0. Return how large the error is."),
    Edit("length_of_the_difference", f"return {WHOLE}",
         f"return np.linalg.norm(grad(x) - {NUMERICAL}).item()",
         hint="That is the length of the difference, not compared with any size. Use the relative error."),
    Edit("first_row_only", WHOLE, f"relative_error(grad(x)[:1], {NUMERICAL}[:1])",
         hint="You compare the first entry or row only. Every entry of a gradient can be wrong."),
    Edit("threshold", f"return {WHOLE}", f"error = {WHOLE}\nreturn error if error > 0.05 else 0.0",
         hint="You round small errors to 0. Return the error as it is; the reader judges it."),
    Edit("moves_x", f"return {WHOLE}", f"x += eps\nerror = {WHOLE}\nreturn error",
         hint="You change x (+= does that), so both gradients are taken elsewhere, and the caller's "
         "array is no longer the same."),
]  # fmt: skip


@bug("Your differences look to one side only, from x up to x + eps. Centred differences, as in "
     "numerical_gradient, go from eps below to eps above.")  # fmt: skip
def one_sided(f, grad, x, eps=1e-5):
    base, basis = x.astype(float), np.eye(x.size).reshape(x.size, *x.shape)
    measured = np.array([(f(base + eps * e) - f(base)) / eps for e in basis])
    claimed = np.asarray(grad(x)).ravel()
    size = np.maximum(np.abs(claimed) + np.abs(measured), 1e-8)
    return (np.abs(claimed - measured) / size).max()


@bug("x[i] is a whole row when x is a matrix, and you move all of it at once. Use numerical_gradient, "
     "which goes through every single entry.")  # fmt: skip
def moves_whole_rows(f, grad, x, eps=1e-5):
    measured = np.zeros(x.shape)
    for i in range(len(x)):
        up, down = x.astype(float), x.astype(float)
        up[i], down[i] = up[i] + eps, down[i] - eps
        measured[i] = (f(up) - f(down)) / (2 * eps)
    size = np.maximum(np.abs(grad(x)) + np.abs(measured), 1e-8)
    return (np.abs(grad(x) - measured) / size).max()


def centred(f, x, eps):
    base, basis = x.astype(np.float64), np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [(f(base + eps * e) - f(base - eps * e)) / (2 * eps) for e in basis]
    return np.array(slopes).reshape(x.shape)


@alternative
def written_out(f, grad, x, eps=1e-5):
    claimed, worst = grad(x.copy()), 0.0
    for i in np.ndindex(x.shape):
        up, down = x.astype(float), x.astype(float)
        up[i], down[i] = up[i] + eps, down[i] - eps
        measured = (f(up) - f(down)) / (2 * eps)
        size = max(abs(measured) + abs(claimed[i]), 1e-8)
        worst = max(worst, abs(measured - claimed[i]) / size)
    return worst


@alternative
def measured_first(f, grad, x, eps=1e-5):
    measured, claimed = centred(f, x, eps), grad(x)
    size = np.fmax(np.abs(measured) + np.abs(claimed), 1e-8)
    return float(np.max(np.abs((measured - claimed) / size)))


@alternative
def in_half_sizes(f, grad, x, eps=1e-5):
    pairs = np.stack([centred(f, x, eps), grad(x)])
    size = np.clip(np.abs(pairs).mean(axis=0), 5e-9, None)
    return (np.ptp(pairs, axis=0) / (2 * size)).max()


@alternative
def flat_and_sorted(f, grad, x, eps=1e-5):
    claimed, measured = np.ravel(grad(x)), np.ravel(centred(f, x, eps))
    size = np.abs(claimed) + np.abs(measured)
    size[size < 1e-8] = 1e-8
    return sorted(np.abs(claimed - measured) / size)[-1]
