"""clip_gradients: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def some(rng, *shapes, norm=None):
    """Gradients of these shapes, some entries 0; `norm` is that of all entries together."""
    grads = [rng.normal(size=shape) for shape in shapes]
    for grad in grads:
        grad.flat[1::4] = 0.0
    length = np.sqrt(sum(np.sum(grad * grad) for grad in grads))
    return grads if norm is None else [grad * (norm / length) for grad in grads]


@probe("measures the norm of all gradients together, before clipping", points=1, rtol=1e-6)
def norms(clip_gradients, rng):
    vectors, layers = some(rng, (5,), (5,), norm=3.0), some(rng, (4, 3), (3,), (3, 2), (2,))
    yield "total_norm of two vectors above max_norm", clip_gradients(vectors, 0.7)[1]
    yield "total_norm of four arrays below max_norm", clip_gradients(layers, 90.0)[1]
    yield "total_norm of one matrix above max_norm", clip_gradients(some(rng, (4, 4)), 0.2)[1]


@probe("scales gradients that are too large, all by one number, to max_norm", points=2, rtol=1e-6)
def too_large(clip_gradients, rng):
    uneven = some(rng, (3, 2), (4,), norm=4.0)
    uneven[1] *= 0.01
    layers = some(rng, (4, 3), (3,), (3, 2), (2,), norm=rng.uniform(6.0, 9.0))
    yield "the result for two vectors", clip_gradients(some(rng, (5,), (5,), norm=7.0), 0.6)
    yield "the result for four arrays", clip_gradients(layers, 2.5)
    yield "the result for a large and a small array", clip_gradients(uneven, 1.5)
    yield (
        "the result where no array alone is too large",
        clip_gradients(
            [grad * (0.8 / np.sqrt(np.sum(grad * grad))) for grad in some(rng, (4,), (2, 3))], 1.0
        ),
    )
    yield (
        "the result for norm and max_norm below 1",
        clip_gradients(some(rng, (4,), (2, 3), norm=0.6), 0.3),
    )


@probe("lets gradients through as they are if they are small enough", points=1)
def small_enough(clip_gradients, rng):
    whole = [np.array([[2.0, -4.0]]), np.array([4.0, 0.0])]
    yield (
        "the result for norm 3 and max_norm 4.5",
        clip_gradients(some(rng, (4, 3), (3,), norm=3.0), 4.5),
    )
    yield (
        "the result for norm 0.3 and max_norm 0.8",
        clip_gradients(some(rng, (2, 5), (5,), norm=0.3), 0.8),
    )
    yield "the result where the norm is max_norm", clip_gradients(whole, 6.0)
    yield "the result for gradients of 0", clip_gradients([np.zeros((2, 3)), np.zeros(4)], 0.5)


@probe("stays exact, for very small and very large gradients", points=1, atol=1e-20)
def exactness(clip_gradients, rng):
    yield (
        "the result for norm 2 and max_norm 1.5",
        clip_gradients(some(rng, (3, 4), (2,), norm=2.0), 1.5),
    )
    yield (
        "the result for norm 1e-5 and max_norm 1e-6",
        clip_gradients(some(rng, (3, 4), (2,), norm=1e-5), 1e-6),
    )
    yield (
        "the result for norm 1e7 and max_norm 2",
        clip_gradients(some(rng, (3, 4), (2,), norm=1e7), 2.0),
    )


@probe("leaves its arguments as they were, returns new arrays, and keeps nothing between calls",
       points=1, rtol=1e-6)  # fmt: skip
def clean_calls(clip_gradients, rng):
    grads, others = some(rng, (3, 4), (4,), norm=5.0), some(rng, (3, 4), (4,), norm=6.0)
    copies = [grad.copy() for grad in grads]
    yield "total_norm", clip_gradients(grads, 0.9)[1]
    same = [np.array_equal(now, then) for now, then in zip(grads, copies, strict=False)]
    yield "grads unchanged", all(same) and len(grads) == 2
    yield "total_norm of others", clip_gradients(others, 0.9)[1]
    yield "total_norm again", clip_gradients(copies, 0.9)[1]
    clipped, small = clip_gradients(others, 0.9), some(rng, (2, 3), (3,), norm=0.4)
    passed = clip_gradients(small, 0.9)
    for grad in (*others, *small):
        grad[...] = 7.0  # a result that shares their memory changes too
    yield "the clipped gradients, after grads were overwritten", clipped
    yield "the gradients let through, after grads were overwritten", passed


@probe("works for any number of arrays, any shapes, float32, parts of larger arrays, and arguments by "
       "name", points=1, hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_gradients(clip_gradients, rng):
    n, count = int(rng.integers(4, 9)), int(rng.integers(5, 9))
    wide, limit = rng.normal(size=(n, 2 * n)), rng.uniform(0.4, 0.9)
    many = some(rng, *rng.integers(1, 7, size=(count, 2)), norm=20.0)
    single = [grad.astype(np.float32) for grad in some(rng, (n, 3), (3,), norm=5.0)]
    yield "the result for one array", clip_gradients(some(rng, (n,), norm=3.0), limit)
    yield "the result for one number", clip_gradients([np.array([-rng.uniform(2.0, 3.0)])], limit)
    yield "the result for many arrays", clip_gradients(many, 10 * limit)
    yield "the result for three axes", clip_gradients(some(rng, (2, n, 3), (n, 1), norm=9.0), limit)
    yield "the result for float32", clip_gradients(single, limit)
    yield "the result for parts of arrays", clip_gradients([wide[:, ::2], wide.T], limit)
    yield (
        "the result for arguments by name",
        clip_gradients(max_norm=8.0 * limit, grads=some(rng, (n, 2), (2, n), norm=9.0)),
    )


NORM = "np.sqrt(sum((grad**2).sum().item() for grad in grads)).item()"
SCALE = "1.0 if total_norm <= max_norm else max_norm / total_norm"
SCALED, RETURN = (
    "[scale * grad for grad in grads]",
    "return [scale * grad for grad in grads], total_norm",
)
SAME = "You return the arrays that you were given: who changes the one changes the other. Make new ones."
WRITES = "You write into the arrays that you were given (*= does that). Make new ones."
BUGS = [
    Edit("each_array_alone", SCALED,
         "[grad * min(1.0, max_norm / max(np.sqrt((grad**2).sum()), 1e-300)) for grad in grads]",
         hint="You clip each array by its own norm, which changes the direction of the step. All are "
         "multiplied by one number, from the norm of all together."),
    Edit("each_entry", SCALED, "[np.clip(grad, -max_norm, max_norm) for grad in grads]",
         hint="You clip each entry, which changes the direction of the step. Multiply all by one number."),
    Edit("squared_norm", NORM, "float(sum((grad**2).sum().item() for grad in grads))",
         hint="Your norm is the sum of the squares. Its root is missing."),
    Edit("sum_of_norms", NORM, "float(sum(np.sqrt((grad**2).sum()) for grad in grads))",
         hint="You add up the norms of the arrays. Add up the squares, then take one root."),
    Edit("sum_of_sizes", NORM, "float(sum(np.abs(grad).sum() for grad in grads))",
         hint="You add up absolute values. The norm is the root of the sum of the squares."),
    Edit("largest_entry", NORM, "float(max(np.abs(grad).max() for grad in grads))",
         hint="You take the largest entry for the norm. It is the root of the sum of the squares."),
    Edit("largest_norm", NORM, "float(max(np.sqrt((grad**2).sum()) for grad in grads))",
         hint="You take the norm of the largest array. Add up the squares of all arrays first."),
    Edit("mean_of_the_squares", NORM,
         "np.sqrt(sum((grad**2).sum() for grad in grads) / sum(grad.size for grad in grads)).item()",
         hint="You average the squares. The norm is the root of their sum."),
    Edit("means_of_the_squares", NORM, "np.sqrt(sum((grad**2).mean() for grad in grads)).item()",
         hint="You average the squares of each array. The norm is the root of the sum of all squares."),
    Edit("first_array", NORM, "np.sqrt((grads[0]**2).sum()).item()",
         hint="You measure the first array only. The norm is that of all arrays together."),
    Edit("last_array", NORM, "np.sqrt((grads[-1]**2).sum()).item()",
         hint="You measure the last array only: start the sum before the loop, and add to it inside."),
    Edit("spectral_norm", NORM,
         "np.sqrt(sum(np.linalg.norm(grad, 2) ** 2 if grad.ndim < 3 else (grad**2).sum() for grad in grads)).item()",
         hint="norm(grad, 2) of a matrix is its largest singular value. Here all squares are added up."),
    Edit("scales_up", SCALE, "max_norm / max(total_norm, 1e-300)",
         hint="You scale small gradients up to max_norm. If the norm is small enough, they stay as they "
         "are."),
    Edit("wrong_way_round", SCALE, "1.0 if total_norm <= max_norm else total_norm / max_norm",
         hint="Your scale makes gradients larger that are too large. Turn the ratio round."),
    Edit("larger_of_the_two", SCALE, "max(1.0, max_norm / max(total_norm, 1e-300))",
         hint="You take the larger of 1 and the ratio, so small gradients grow and large ones stay. Take "
         "the smaller."),
    Edit("never_clipped", SCALE, "1.0", hint="Gradients whose norm is above max_norm come back unchanged."),
    Edit("norm_one", SCALE, "1.0 if total_norm <= max_norm else 1 / total_norm",
         hint="You scale too large gradients to norm 1. Their norm is to be max_norm."),
    Edit("divided_by_max_norm", SCALE, "1.0 if total_norm <= max_norm else 1 / max_norm",
         hint="You divide by max_norm. What brings the norm to max_norm is their ratio."),
    Edit("times_max_norm", SCALE, "1.0 if total_norm <= max_norm else max_norm",
         hint="You multiply by max_norm alone. What brings the norm to max_norm is their ratio."),
    Edit("compared_with_one", SCALE, "1.0 if total_norm <= 1 else max_norm / total_norm",
         hint="You compare the norm with 1. Whether it is too large depends on max_norm."),
    Edit("ratio_squared", SCALE, "min(1.0, (max_norm / max(total_norm, 1e-150)) ** 2)",
         hint="The gradients are multiplied by the ratio twice (or by its square), so they become too small."),
    Edit("root_of_the_ratio", SCALE, "min(1.0, np.sqrt(max_norm / max(total_norm, 1e-300)))",
         hint="You take a root twice: the norm is a root already."),
    Edit("pytorch", SCALE, "min(1.0, max_norm / (total_norm + 1e-6))",
         hint="You add a small constant to the norm, as PyTorch does. Here the scale is exact: nothing is "
         "divided unless the norm is above max_norm, so it can't be 0."),
    Edit("tiny_constant", SCALE, "min(1.0, max_norm / (total_norm + 1e-8))",
         hint="You add a small constant to the norm. Here the scale is exact: nothing is divided unless "
         "the norm is above max_norm, so it can't be 0."),
    Edit("zero_divided", SCALE, "max_norm / total_norm if not total_norm <= max_norm > 0 or total_norm == 0 else 1.0",
         hint="Gradients that are all 0 have norm 0, and you divide by it. Divide only if the norm is above "
         "max_norm."),
    Edit("zeros_become_nan", SCALED, "[scale * grad * (np.float64(total_norm) / total_norm if total_norm else np.nan) for grad in grads]",
         hint="Gradients that are all 0 become NaN: you compute 0 / 0. Divide only if the norm is above "
         "max_norm."),
    Edit("norm_after_clipping", RETURN, f"return {SCALED}, scale * total_norm",
         hint="You return the norm after clipping. The task asks for the one before, which tells how large "
         "the step would have been."),
    Edit("scale_for_norm", RETURN, f"return {SCALED}, scale",
         hint="You return the factor. The task asks for the norm before clipping."),
    Edit("exchanged", RETURN, f"return total_norm, {SCALED}",
         hint="You return total_norm first. The task asks for grads, total_norm."),
    Edit("grads_only", RETURN, f"return {SCALED}", hint="total_norm is missing from what you return."),
    Edit("first_scaled_only", SCALED, "[scale * grads[0], *(grad.copy() for grad in grads[1:])]",
         hint="You scale the first array only. All are multiplied by the same number."),
    Edit("flat", SCALED, "[scale * grad.ravel() for grad in grads]",
         hint="Your arrays are flat. Each keeps its shape."),
    Edit("joined", SCALED, "scale * np.concatenate([grad.ravel() for grad in grads])",
         hint="You return one long array. The task asks for a list, with an array for each one given."),
    Edit("same_arrays", RETURN, f"return ({SCALED} if scale < 1 else grads), total_norm", hint=SAME),
    Edit("in_place", RETURN, "for grad in grads:\n    grad *= scale\nreturn grads, total_norm", hint=WRITES),
    Edit("in_place_then_copied", RETURN,
         "for grad in grads:\n    grad *= scale\nreturn [grad.copy() for grad in grads], total_norm", hint=WRITES),
    Edit("list_changed", RETURN, f"grads[:] = {SCALED}\nreturn grads, total_norm",
         hint="You put the scaled arrays into the list that you were given. Make a new list."),
    Edit("smaller_of_the_inverse", SCALE, "min(1.0, total_norm / max_norm)",
         hint="Your ratio is upside down: small gradients shrink, and large ones stay. It is max_norm over the norm."),
    Edit("thrown_away", SCALE, "1.0 if total_norm <= max_norm else 0.0",
         hint="Gradients that are too large become 0. Scale them to max_norm: their direction is still good."),
    Edit("mean_over_arrays", NORM, "np.sqrt(sum((grad**2).sum().item() for grad in grads) / max(len(grads), 1)).item()",
         hint="You divide by the number of arrays. The norm is the root of the sum of all squares."),
    Edit("sum_without_squares", NORM, "abs(float(sum(grad.sum() for grad in grads)))",
         hint="You add up the entries, where both signs cancel. Square them first, and take the root of the sum."),
    Edit("only_large_ones_scaled", SCALED,
         "[(scale if np.sqrt((grad**2).sum()) > max_norm else 1.0) * grad for grad in grads]",
         hint="You scale only the arrays that are too large on their own. All are multiplied by one number."),
    Edit("shared_out", SCALE, "1.0 if total_norm <= max_norm else max_norm / total_norm / len(grads)",
         hint="You divide by the number of arrays, too. The norm of all together is to be max_norm."),
    Edit("subtracted", SCALED, "[grad - max(total_norm - max_norm, 0.0) for grad in grads]",
         hint="You subtract what is too much, which changes the direction. Multiply all by one number."),
    Edit("largest_column", NORM, "np.sqrt(sum((grad**2).sum(axis=0).max().item() for grad in grads)).item()",
         hint="You add up along one axis only. All entries of an array count, whatever its shape."),
    Edit("last_left_out", SCALED, "[scale * grad for grad in grads[:-1]]",
         hint="The last array is missing: does a loop stop one too early?"),
    Edit("signs_lost", SCALED, "[abs(scale * grad) for grad in grads]",
         hint="Your gradients have lost their signs. Only the scale changes, never the direction."),
    Edit("norm_of_the_means", NORM, "float(np.sqrt(sum(grad.mean() ** 2 for grad in grads)))",
         hint="You average each array before you square. All entries are squared, and added up."),
    Edit("scaled_by_the_largest_norm", SCALE,
         "min(1.0, max_norm / max(*(float(np.sqrt((grad**2).sum())) for grad in grads), 1e-300))",
         hint="Your scale comes from the largest array. It comes from the norm of all together, as the one that you return."),
    Edit("bounded_above", SCALED, "[grad * 1.0 if total_norm <= max_norm else np.minimum(grad, max_norm) for grad in grads]",
         hint="You bound each entry, which changes the direction of the step. Multiply all by one number."),
    Edit("whole_norm", NORM, "int(np.sqrt(sum((grad**2).sum().item() for grad in grads)))",
         hint="You cut the norm down to a whole number. Keep all digits."),
    Edit("sums_squared", NORM, "np.sqrt(sum(grad.sum().item() ** 2 for grad in grads)).item()",
         hint="You add up the entries of an array before you square. Square each entry, then add up."),
]  # fmt: skip


@bug(
    "You scale an array before the squares of the later ones are added up. Measure all of them first, then scale."
)
def scaled_on_the_way(grads, max_norm):
    total, scaled = 0.0, []
    for grad in grads:
        total += float((grad**2).sum())
        scaled.append(grad * (max_norm / np.sqrt(total) if np.sqrt(total) > max_norm else 1.0))
    return scaled, float(np.sqrt(total))


@alternative
def all_in_one_vector(grads, max_norm):
    total_norm = np.linalg.norm(np.concatenate([grad.ravel() for grad in grads]))
    factor = max_norm / total_norm if total_norm > max_norm else 1
    return tuple(grad * factor for grad in grads), total_norm


@alternative
def entry_by_entry(grads, max_norm):
    total = 0.0
    for grad in grads:
        for number in grad.flat:
            total += float(number) ** 2
    total_norm, clipped = total**0.5, []
    for grad in grads:
        clipped.append(np.array(grad, dtype=float))
        if total_norm > max_norm:
            clipped[-1] /= total_norm / max_norm
    return clipped, total_norm


@alternative
def formula_of_the_paper(grads, max_norm):
    total_norm = np.sqrt(np.sum([np.vdot(grad, grad) for grad in grads], dtype=np.float64))
    with np.errstate(divide="ignore"):
        scale = np.minimum(1.0, max_norm / total_norm)
    return [np.multiply(grad, scale) for grad in grads], total_norm


@alternative
def divided_by_the_larger(grads, max_norm):
    total_norm = np.linalg.norm([np.linalg.norm(grad.ravel()) for grad in grads])
    copies = [grad.copy() for grad in grads]
    for grad in copies:
        grad *= max_norm / max(total_norm, max_norm)
    return [copies, float(total_norm)]
