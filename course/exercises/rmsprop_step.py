"""rmsprop_step: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("averages the square of the gradient with the old ones", points=1, rtol=1e-6, atol=1e-6)
def new_average(rmsprop_step, rng):
    (param, grad, average), zeros, settings = (
        some(rng, (4, 3)),
        np.zeros((2, 4, 3)),
        (0.0, 0.7, 0.05),
    )
    grad, average = grad + (grad == 0), average + 1.0
    first = rmsprop_step(param.copy(), grad.copy(), zeros[0], *settings)
    no_gradient = rmsprop_step(param.copy(), zeros[1], average.copy(), *settings)
    yield "the step from square_avg 0 with lr 0 and alpha 0.7", first
    yield "the step with gradient 0, lr 0 and alpha 0.7", no_gradient
    yield "the step with lr 0", rmsprop_step(param, grad, average, *settings)


@probe("divides each entry of the gradient by the root of its own new average, plus eps", points=1,
       rtol=1e-6, atol=1e-6)  # fmt: skip
def one_step(rmsprop_step, rng):
    _, grad, average = some(rng, (4, 3))
    grad, average, zeros = grad + (grad == 0), average + 1.0, np.zeros((3, 4, 3))
    first = rmsprop_step(zeros[0], grad.copy(), zeros[1], 0.3, 0.7, 0.0)
    yield (
        "the step from param 0 with lr 0.3 and eps 0",
        rmsprop_step(zeros[2], grad, average, 0.3, 0.7, 0.0),
    )
    yield "the step from param 0 and square_avg 0 with lr 0.3 and eps 0", first
    yield (
        "the step of a square array with eps 0.05",
        rmsprop_step(*some(rng, (5, 5)), 0.2, 0.7, 0.05),
    )
    yield (
        "the step of a vector",
        rmsprop_step(*some(rng, (6,)), 0.2, rng.uniform(0.6, 0.8), rng.uniform(0.1, 0.3)),
    )


@probe("stays exact over three steps, for gradients from 1e-6 to 1000", points=1)
def three_steps(rmsprop_step, rng):
    sizes = np.array([1e-6, 1.0, 1000.0])
    param, grad, average = some(rng, (4, 3))
    average *= sizes**2
    for lr in (0.4, 0.1, 0.02):
        param, average = rmsprop_step(param, sizes * grad, average, lr, alpha=0.6, eps=1e-7)
        _, grad, _ = some(rng, (4, 3))
    yield "param after three steps", param
    yield "square_avg after three steps", average


@probe("has alpha = 0.99 and eps = 1e-8 unless told otherwise, and takes any other", points=1,
       rtol=1e-6, atol=1e-6)  # fmt: skip
def defaults(rmsprop_step, rng):
    tiny = 1e-7 * rng.uniform(1.0, 4.0, size=(3, 4)) * rng.choice([-1.0, 1.0], size=(3, 4))
    from_zero = rmsprop_step(np.zeros((3, 4)), tiny, np.zeros((3, 4)), 0.3, 0.8)
    yield "the step without eps for tiny gradients", from_zero
    yield "the step without alpha", rmsprop_step(*some(rng, (3, 4)), 0.3, eps=0.5)
    yield "the step without alpha and eps", rmsprop_step(*some(rng, (3, 4)), 0.3)
    yield "the step with all by name", rmsprop_step(*some(rng, (3, 4)), eps=0.2, alpha=0.25, lr=0.1)
    yield "the step with alpha 0", rmsprop_step(*some(rng, (3, 4)), 0.3, 0.0, 0.05)
    yield "the step with alpha 1", rmsprop_step(*some(rng, (3, 4)), 0.3, 1.0, 0.05)
    yield "the step with lr 0", rmsprop_step(*some(rng, (3, 4)), 0.0, 0.7, 0.05)


@probe("leaves its arguments as they were, returns new arrays, and keeps nothing between calls",
       points=1, rtol=1e-6, atol=1e-6)  # fmt: skip
def clean_calls(rmsprop_step, rng):
    first, other, settings = some(rng, (3, 4)), some(rng, (3, 4)), (0.3, 0.7, 0.05)
    copies = [array.copy() for array in first]
    result = rmsprop_step(*first, *settings)
    yield "param", result[0]
    yield "the result", result
    for name, array, copy in zip(("param", "grad", "square_avg"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "param of another step", rmsprop_step(*other, *settings)[0]
    yield "param of the first step again", rmsprop_step(*copies, *settings)[0]
    third = some(rng, (3, 4))
    shared = rmsprop_step(*third, 0.0, 1.0, 0.05)
    for array in third:
        array[...] = 7.0  # a result that shares their memory changes too
    yield "the result with lr 0 and alpha 1, after its arguments were overwritten", shared


@probe("works for any shape, for part of a larger array, and for float32", points=1, hidden=True,
       rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_arrays(rmsprop_step, rng):
    n, lr = int(rng.integers(5, 9)), rng.uniform(0.1, 0.9)
    settings = (lr, rng.uniform(0.1, 0.4), rng.uniform(0.1, 0.4))
    columns = [array[:, ::2] for array in some(rng, (n, 2 * n))]
    transposed = [array.T for array in some(rng, (n, 3))]
    single = [array.astype(np.float32) for array in some(rng, (n, 3))]
    yield "the step for a vector", rmsprop_step(*some(rng, (n,)), *settings)
    yield "the step for a single number in an array", rmsprop_step(*some(rng, (1,)), *settings)
    yield "the step for three axes", rmsprop_step(*some(rng, (2, n, 3)), *settings)
    yield "the step for every second column", rmsprop_step(*columns, *settings)
    yield "the step for transposed arrays", rmsprop_step(*transposed, *settings)
    yield "the step for float32", rmsprop_step(*single, *settings)


def some(rng, shape):
    """Parameters, gradient and average of squares; the last two are 0 here and there."""
    param, grad = rng.normal(size=(2, *shape))
    average = rng.uniform(0.2, 2.0, shape)
    grad.flat[1::4] = 0.0
    average.flat[1::3] = 0.0  # the second entry never had a gradient
    return param, grad, average


AVERAGE = "alpha * square_avg + (1 - alpha) * grad**2"
UPDATE, ROOT = f"square_avg = {AVERAGE}", "(np.sqrt(square_avg) + eps)"
MOVE = f"param - lr * grad / {ROOT}"
BODY = f"{UPDATE}\nreturn {MOVE}, square_avg"
BUGS = [
    Edit("uphill", MOVE, MOVE.replace("-", "+"),
         hint="You walk uphill: the step goes against the gradient."),
    Edit("no_lr", "lr * grad", "grad", hint="The learning rate is missing."),
    Edit("only_the_move", MOVE, f"-lr * grad / {ROOT}",
         hint="You return the move instead of the parameters: where they stood before is missing."),
    Edit("no_division", MOVE, "param - lr * grad",
         hint="You average the squares but don't use them: each entry is divided by its root."),
    Edit("no_root", ROOT, "(square_avg + eps)",
         hint="You divide by the average of the squares itself. Its root is missing."),
    Edit("multiplies_by_the_root", f"lr * grad / {ROOT}", f"lr * grad * {ROOT}",
         hint="You multiply by the root, so large gradients take even larger steps. Divide by it."),
    Edit("eps_under_the_root", ROOT, "np.sqrt(square_avg + eps)",
         hint="eps stands under the root. Add it outside, to the root."),
    Edit("eps_squared_under_the_root", ROOT, "np.sqrt(square_avg + eps**2)",
         hint="eps stands under the root, squared. Add it outside, to the root."),
    Edit("eps_forgotten", ROOT, "np.sqrt(square_avg)",
         hint="eps is missing, so an entry that never had a gradient becomes 0/0."),
    Edit("eps_outside_the_fraction", MOVE, "param - lr * grad / np.sqrt(square_avg) + eps",
         hint="Division comes first, so your eps is added to the parameters. Put brackets around "
         "the root and eps."),
    Edit("eps_as_floor", ROOT, "np.maximum(np.sqrt(square_avg), eps)",
         hint="You use eps as a smallest value of the root. It is added to every root."),
    Edit("eps_in_the_average", UPDATE, f"{UPDATE} + eps",
         hint="eps gets into the average and piles up there. Add it to the root only, when you "
         "divide."),
    Edit("fixed_eps", ROOT, ROOT.replace("eps", "1e-8"),
         hint="You always add 1e-8. Use the argument eps."),
    Edit("weights_swapped", AVERAGE, "(1 - alpha) * square_avg + alpha * grad**2",
         hint="The weights are swapped. alpha is how much of the old average is kept; the new "
         "square has the rest."),
    Edit("no_weight_on_the_square", AVERAGE, "alpha * square_avg + grad**2",
         hint="The new square counts in full, so this is no average. Its weight is what alpha "
         "leaves."),
    Edit("no_weight_on_the_average", AVERAGE, "square_avg + (1 - alpha) * grad**2",
         hint="Nothing is forgotten: the old average is kept in full. Its weight is alpha."),
    Edit("adagrad", AVERAGE, "square_avg + grad**2",
         hint="You add the squares up, as AdaGrad does. RMSProp averages: the old has the weight "
         "alpha, the new one the rest."),
    Edit("alpha_on_both", AVERAGE, "alpha * square_avg + alpha * grad**2",
         hint="Old and new both have the weight alpha. The new square has what alpha leaves."),
    Edit("one_minus_alpha_on_both", AVERAGE, "(1 - alpha) * (square_avg + grad**2)",
         hint="Old and new both have the weight 1 - alpha. The old average has the weight alpha."),
    Edit("no_memory", AVERAGE, "grad**2",
         hint="You use the square of this gradient only. It is averaged with the old ones."),
    Edit("forgets_the_average", AVERAGE, "(1 - alpha) * grad**2",
         hint="The old average is missing from the new one."),
    Edit("not_squared", AVERAGE, "alpha * square_avg + (1 - alpha) * grad",
         hint="You average the gradients themselves; the root of a negative average is NaN. Their "
         "squares are averaged."),
    Edit("absolute_values", AVERAGE, "alpha * square_avg + (1 - alpha) * np.abs(grad)",
         hint="You average absolute values. The squares of the gradients are averaged."),
    Edit("weight_squared_too", AVERAGE, "alpha * square_avg + ((1 - alpha) * grad) ** 2",
         hint="You square the weight 1 - alpha as well; only the gradient is squared."),
    Edit("lr_in_the_average", AVERAGE, "alpha * square_avg + (1 - alpha) * (lr * grad) ** 2",
         hint="Your average holds lr times the gradient, squared. It averages the plain gradient's "
         "square; lr scales the move only."),
    Edit("eps_in_the_average_only", BODY, f"{UPDATE} + eps\nreturn param - lr * grad / np.sqrt(square_avg), square_avg",
         hint="You add eps to the average, where it piles up. Add it to the root, in the move only."),
    Edit("minus", AVERAGE, "alpha * square_avg - (1 - alpha) * grad**2",
         hint="You subtract the new square from the average; add it."),
    Edit("fixed_alpha_of_099", AVERAGE, AVERAGE.replace("alpha", "0.99"),
         hint="You always use 0.99. Use the argument alpha, which changes from call to call."),
    Edit("fixed_alpha_of_09", AVERAGE, AVERAGE.replace("alpha", "0.9"),
         hint="You always use 0.9. Use the argument alpha, which changes from call to call."),
    Edit("bias_correction", ROOT, "(np.sqrt(square_avg / (1 - alpha)) + eps)",
         hint="You divide the average by 1 - alpha, as Adam does in its first step. RMSProp has no "
         "correction."),
    Edit("adagrad_by_the_old_sum", BODY, f"new = square_avg + grad**2\nreturn {MOVE}, new",
         hint="You add the squares up, as AdaGrad does, and move by the old sum. RMSProp averages, and moves by the "
         "new average."),
    Edit("moves_by_the_old_average", BODY, f"new = {AVERAGE}\nreturn {MOVE}, new",
         hint="You divide by the old average. Bring this gradient into it first."),
    Edit("returns_the_old_average", BODY, f"old = square_avg.copy()\n{UPDATE}\nreturn {MOVE}, old",
         hint="You return the old average, so the next step forgets this gradient."),
    Edit("one_average_for_all", AVERAGE, "alpha * square_avg + (1 - alpha) * (grad**2).mean()",
         hint="You average the squares over all entries. Each entry has an average over time of its "
         "own."),
    Edit("one_root_for_all", ROOT, "(np.sqrt(square_avg.mean()) + eps)",
         hint="You divide everything by one root. Each entry has an average, and so a root, of its "
         "own."),
    Edit("returns_the_root", f"{MOVE}, square_avg", f"{MOVE}, np.sqrt(square_avg)",
         hint="You return the root of the average. The next step continues the average itself."),
    Edit("average_of_roots", BODY, f"{UPDATE.replace('square_avg + ', 'square_avg**2 + ')}\n"
         f"square_avg = np.sqrt(square_avg)\nreturn param - lr * grad / (square_avg + eps), square_avg",
         hint="You treat square_avg as a root: it is the average of the squares, before the root."),
    Edit("squared_in_the_move", "lr * grad", "lr * grad**2",
         hint="The gradient is squared in the move too, which loses its sign. Only the average "
         "takes squares."),
    Edit("order_swapped", f"{MOVE}, square_avg", f"square_avg, {MOVE}",
         hint="Your results come in the other order: first the parameters, then the average."),
    Edit("only_param", f"{MOVE}, square_avg", MOVE,
         hint="You return the parameters only. The next step needs the average as well."),
    Edit("average_in_place", UPDATE, f"square_avg[...] = {AVERAGE}",
         hint="You write into square_avg (*= and += do that): the caller's array changes too. Make "
         "a new array."),
    Edit("param_in_place", f"return {MOVE}", f"param[...] = {MOVE}\nreturn param",
         hint="You write into param (-= does that): the caller's array changes too. Make a new "
         "array."),
    Edit("both_in_place", BODY, f"square_avg[...] = {AVERAGE}\nparam[...] = {MOVE}\nreturn param, square_avg",
         hint="You write into param and square_avg (-= and *= do that): the caller's arrays change "
         "too. Make new arrays."),
    Edit("float32_inside", "lr * grad", "lr * grad.astype(np.float32)",
         hint="You compute in float32, which keeps 7 digits. Let the result have the type of the "
         "arguments."),
]  # fmt: skip


def with_settings(alpha, eps, param, grad, square_avg, lr):
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (np.sqrt(square_avg) + eps), square_avg


@bug("Without the argument you use alpha = 0.9: look at the default.")
def default_alpha_of_09(param, grad, square_avg, lr, alpha=0.9, eps=1e-8):
    return with_settings(alpha, eps, param, grad, square_avg, lr)


@bug(
    "Without the arguments you use alpha = 0.9 and eps = 1e-7, as Keras does: look at both defaults."
)
def defaults_of_keras(param, grad, square_avg, lr, alpha=0.9, eps=1e-7):
    return with_settings(alpha, eps, param, grad, square_avg, lr)


@bug("Without the argument you add another eps than 1e-8: look at the default.")
def default_eps_of_1e7(param, grad, square_avg, lr, alpha=0.99, eps=1e-7):
    return with_settings(alpha, eps, param, grad, square_avg, lr)


@bug("Without the argument you add another eps than 1e-8: look at the default.")
def default_eps_of_1e10(param, grad, square_avg, lr, alpha=0.99, eps=1e-10):
    return with_settings(alpha, eps, param, grad, square_avg, lr)


@alternative
def in_place_on_copies(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    param, square_avg = param.copy(), square_avg.copy()
    square_avg *= alpha
    square_avg += (1 - alpha) * np.square(grad)
    param -= grad * (lr / (square_avg**0.5 + eps))
    return param, square_avg


@alternative
def entry_by_entry(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    new_param, average = np.zeros(param.shape), np.zeros(param.shape)
    for i in np.ndindex(param.shape):
        average[i] = alpha * square_avg[i] + (1 - alpha) * grad[i] * grad[i]
        new_param[i] = param[i] - lr / (average[i] ** 0.5 + eps) * grad[i]
    return new_param, average


@alternative
def towards_the_square(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    average = square_avg + (1 - alpha) * (grad**2 - square_avg)
    return [param - lr * (grad / np.add(np.sqrt(np.abs(average)), eps)), average]


@alternative
def by_hypotenuse(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    """The root of a sum of two squares is a hypotenuse."""
    root = np.hypot(np.sqrt(alpha * square_avg), np.sqrt(1 - alpha) * grad)
    return param - lr * grad / (root + eps), (1 - alpha) * grad * grad + alpha * square_avg


@alternative
def float64_inside(param, grad, square_avg, lr, alpha=0.99, eps=1e-8):
    p, g, s = (np.array(a, dtype=np.float64) for a in (param, grad, square_avg))
    s = np.average([s, g * g], axis=0, weights=[alpha, 1 - alpha])
    return np.subtract(p, np.divide(lr * g, eps + np.power(s, 0.5))), s
