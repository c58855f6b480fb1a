"""adagrad_step: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("adds the square of the gradient to the sum", points=1, rtol=1e-6, atol=1e-6)
def new_sum(adagrad_step, rng):
    (param, grad, square_sum), zeros, settings = some(rng, (4, 3)), np.zeros((2, 4, 3)), (0.0, 0.05)
    grad, square_sum = grad + (grad == 0), square_sum + 1.0
    first = adagrad_step(param.copy(), grad.copy(), zeros[0], *settings)
    no_gradient = adagrad_step(param.copy(), zeros[1], square_sum.copy(), *settings)
    yield "the step from square_sum 0 with lr 0", first
    yield "the step with gradient 0, lr 0", no_gradient
    yield "the step with lr 0", adagrad_step(param, grad, square_sum, *settings)


@probe("divides each entry of the gradient by the root of its own new sum, plus eps", points=1,
       rtol=1e-6, atol=1e-6)  # fmt: skip
def one_step(adagrad_step, rng):
    _, grad, square_sum = some(rng, (4, 3))
    grad, square_sum, zeros = grad + (grad == 0), square_sum + 1.0, np.zeros((3, 4, 3))
    first = adagrad_step(zeros[0], grad.copy(), zeros[1], 0.3, 0.0)
    yield (
        "the step from param 0 with lr 0.3 and eps 0",
        adagrad_step(zeros[2], grad, square_sum, 0.3, 0.0),
    )
    yield "the step from param 0 and square_sum 0 with lr 0.3 and eps 0", first
    yield "the step of a square array with eps 0.05", adagrad_step(*some(rng, (5, 5)), 0.2, 0.05)
    yield "the step of a vector", adagrad_step(*some(rng, (6,)), 0.2, rng.uniform(0.1, 0.3))


@probe("stays exact over three steps, for gradients from 1e-6 to 1000", points=1)
def three_steps(adagrad_step, rng):
    sizes = np.array([1e-6, 1.0, 1000.0])
    param, grad, square_sum = some(rng, (4, 3))
    square_sum *= sizes**2
    for lr in (0.4, 0.1, 0.02):
        param, square_sum = adagrad_step(param, sizes * grad, square_sum, lr, eps=1e-7)
        _, grad, _ = some(rng, (4, 3))
    yield "param after three steps", param
    yield "square_sum after three steps", square_sum


@probe("adds 1e-10 unless told otherwise, and takes any other eps", points=1, rtol=1e-6, atol=1e-6)
def defaults(adagrad_step, rng):
    tiny = 1e-10 * rng.uniform(1.0, 4.0, size=(3, 4)) * rng.choice([-1.0, 1.0], size=(3, 4))
    from_zero = adagrad_step(np.zeros((3, 4)), tiny, np.zeros((3, 4)), 0.3)
    yield "the step without eps for tiny gradients", from_zero
    yield "the step without eps", adagrad_step(*some(rng, (3, 4)), 0.3)
    yield "the step with eps by name", adagrad_step(*some(rng, (3, 4)), 0.3, eps=0.5)
    yield "the step with lr 0", adagrad_step(*some(rng, (3, 4)), lr=0.0, eps=0.05)


@probe("leaves its arguments as they were, returns new arrays, and keeps nothing between calls",
       points=1, rtol=1e-6, atol=1e-6)  # fmt: skip
def clean_calls(adagrad_step, rng):
    first, other, settings = some(rng, (3, 4)), some(rng, (3, 4)), (0.3, 0.05)
    copies = [array.copy() for array in first]
    result = adagrad_step(*first, *settings)
    yield "param", result[0]
    yield "the result", result
    for name, array, copy in zip(("param", "grad", "square_sum"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "param of another step", adagrad_step(*other, *settings)[0]
    yield "param of the first step again", adagrad_step(*copies, *settings)[0]
    third, zeros = some(rng, (3, 4)), np.zeros((3, 4))
    shared = adagrad_step(third[0], zeros, third[2], 0.3, 0.05)
    for array in (*third, zeros):
        array[...] = 7.0  # a result that shares their memory changes too
    yield "the result for gradient 0, after its arguments were overwritten", shared


@probe("works for any shape, for part of a larger array, and for float32", points=1, hidden=True,
       rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_arrays(adagrad_step, rng):
    n, settings = int(rng.integers(5, 9)), (rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.4))
    columns = [array[:, ::2] for array in some(rng, (n, 2 * n))]
    transposed = [array.T for array in some(rng, (n, 3))]
    single = [array.astype(np.float32) for array in some(rng, (n, 3))]
    yield "the step for a vector", adagrad_step(*some(rng, (n,)), *settings)
    yield "the step for a single number in an array", adagrad_step(*some(rng, (1,)), *settings)
    yield "the step for three axes", adagrad_step(*some(rng, (2, n, 3)), *settings)
    yield "the step for every second column", adagrad_step(*columns, *settings)
    yield "the step for transposed arrays", adagrad_step(*transposed, *settings)
    yield "the step for float32", adagrad_step(*single, *settings)


def some(rng, shape):
    """Parameters, gradient and sum of squares; the last two are 0 here and there."""
    param, grad = rng.normal(size=(2, *shape))
    square_sum = rng.uniform(0.2, 2.0, shape)
    grad.flat[1::4] = 0.0
    square_sum.flat[1::3] = 0.0  # the second entry never had a gradient
    return param, grad, square_sum


UPDATE, ROOT = "square_sum = square_sum + grad**2", "(np.sqrt(square_sum) + eps)"
MOVE = f"param - lr * grad / {ROOT}"
BODY = f"{UPDATE}\nreturn {MOVE}, square_sum"
BUGS = [
    Edit("uphill", MOVE, MOVE.replace("-", "+"),
         hint="You walk uphill: the step goes against the gradient."),
    Edit("no_lr", "lr * grad", "grad", hint="The learning rate is missing."),
    Edit("only_the_move", MOVE, f"-lr * grad / {ROOT}",
         hint="You return the move instead of the parameters: where they stood before is missing."),
    Edit("no_division", MOVE, "param - lr * grad",
         hint="You collect the squares but don't use them: each entry is divided by its root."),
    Edit("no_root", ROOT, "(square_sum + eps)",
         hint="You divide by the sum of the squares itself. Its root is missing."),
    Edit("multiplies_by_the_root", f"lr * grad / {ROOT}", f"lr * grad * {ROOT}",
         hint="You multiply by the root, so large gradients take even larger steps. Divide by it."),
    Edit("eps_under_the_root", ROOT, "np.sqrt(square_sum + eps)",
         hint="eps stands under the root. Add it outside, to the root."),
    Edit("eps_squared_under_the_root", ROOT, "np.sqrt(square_sum + eps**2)",
         hint="eps stands under the root, squared. Add it outside, to the root."),
    Edit("eps_forgotten", ROOT, "np.sqrt(square_sum)",
         hint="eps is missing, so an entry that never had a gradient becomes 0/0."),
    Edit("eps_outside_the_fraction", MOVE, "param - lr * grad / np.sqrt(square_sum) + eps",
         hint="Division comes first, so your eps is added to the parameters. Put brackets around "
         "the root and eps."),
    Edit("eps_as_floor", ROOT, "np.maximum(np.sqrt(square_sum), eps)",
         hint="You use eps as a smallest value of the root. It is added to every root."),
    Edit("eps_subtracted", ROOT, "(np.sqrt(square_sum) - eps)",
         hint="eps is subtracted from the root; add it."),
    Edit("eps_in_the_sum", UPDATE, f"{UPDATE} + eps",
         hint="eps gets into the sum and piles up there. Add it to the root only, when you divide."),
    Edit("fixed_eps", ROOT, ROOT.replace("eps", "1e-10"),
         hint="You always add 1e-10. Use the argument eps."),
    Edit("moves_by_the_old_sum", BODY, f"new = square_sum + grad**2\nreturn {MOVE}, new",
         hint="You divide by the old sum. Add the square of this gradient first."),
    Edit("returns_the_old_sum", BODY, f"old = square_sum.copy()\n{UPDATE}\nreturn {MOVE}, old",
         hint="You return the old sum, so the next step forgets this gradient."),
    Edit("no_memory", UPDATE, "square_sum = grad**2",
         hint="You use the square of this gradient only. Add it to the sum so far."),
    Edit("not_squared", UPDATE, "square_sum = square_sum + grad",
         hint="You add the gradients themselves; they cancel, and the root of a negative sum is "
         "NaN. Their squares are added."),
    Edit("absolute_values", UPDATE, "square_sum = square_sum + np.abs(grad)",
         hint="You add absolute values. The squares of the gradients are added."),
    Edit("square_of_the_sum", UPDATE, "square_sum = (np.sqrt(square_sum) + grad) ** 2",
         hint="You square the sum; the sum of the squares is asked."),
    Edit("multiplies_the_sum", UPDATE, "square_sum = square_sum * grad**2",
         hint="You multiply the sum by the new square; add it."),
    Edit("subtracts_the_square", UPDATE, "square_sum = square_sum - grad**2",
         hint="You subtract the new square from the sum; add it."),
    Edit("running_average", UPDATE, "square_sum = 0.9 * square_sum + 0.1 * grad**2",
         hint="You average the squares, as RMSProp does. AdaGrad adds them up and forgets nothing."),
    Edit("lr_in_the_sum", UPDATE, "square_sum = square_sum + lr * grad**2",
         hint="The learning rate gets into the sum. The sum holds plain squares of gradients."),
    Edit("lr_in_the_square", UPDATE, "square_sum = square_sum + (lr * grad) ** 2",
         hint="Your sum holds lr times the gradient, squared. It adds up the plain gradient's square; lr "
         "scales the move only."),
    Edit("half_of_the_sum", UPDATE, "square_sum = (square_sum + grad**2) / 2",
         hint="You take the mean of the old sum and the new square. AdaGrad adds them up."),
    Edit("one_sum_for_all", UPDATE, "square_sum = square_sum + (grad**2).sum()",
         hint="You add up the squares of all entries. Each entry has a sum of its own."),
    Edit("sum_over_rows", UPDATE, "square_sum = square_sum + (grad**2).sum(axis=0)",
         hint="You add the squares up over the first axis. Each entry has a sum of its own, over the steps."),
    Edit("mean_for_all", UPDATE, "square_sum = square_sum + (grad**2).mean()",
         hint="You average the squares of all entries. Each entry has a sum of its own."),
    Edit("one_root_for_all", ROOT, "(np.sqrt(square_sum.sum()) + eps)",
         hint="You divide everything by one root. Each entry has a sum, and so a root, of its own."),
    Edit("length_of_the_sum", ROOT, "(np.linalg.norm(square_sum) + eps)",
         hint="np.linalg.norm makes one number of all sums. Each entry is divided by the root of its own."),
    Edit("gradient_counted_twice", ROOT, "(np.sqrt(square_sum + grad**2) + eps)",
         hint="You add the square of the gradient once more under the root. It is in the sum already."),
    Edit("returns_the_root", f"{MOVE}, square_sum", f"{MOVE}, np.sqrt(square_sum)",
         hint="You return the root of the sum. The next step adds to the sum itself."),
    Edit("squared_in_the_move", "lr * grad", "lr * grad**2",
         hint="The gradient is squared in the move too, which loses its sign. Only the sum takes "
         "squares."),
    Edit("sign_in_the_move", "lr * grad", "lr * np.sign(grad)",
         hint="You move by the sign of the gradient. Its size counts too, relative to its history."),
    Edit("order_swapped", f"{MOVE}, square_sum", f"square_sum, {MOVE}",
         hint="Your results come in the other order: first the parameters, then the sum."),
    Edit("only_param", f"{MOVE}, square_sum", MOVE,
         hint="You return the parameters only. The next step needs the sum as well."),
    Edit("sum_in_place", UPDATE, "square_sum += grad**2",
         hint="You write into square_sum (+= does that): the caller's array changes too. Make a "
         "new array."),
    Edit("param_in_place", f"return {MOVE}", f"param[...] = {MOVE}\nreturn param",
         hint="You write into param (-= does that): the caller's array changes too. Make a new "
         "array."),
    Edit("both_in_place", BODY, f"square_sum += grad**2\nparam[...] = {MOVE}\nreturn param, square_sum",
         hint="You write into param and square_sum (-= and += do that): the caller's arrays change "
         "too. Make new arrays."),
    Edit("float32_inside", "lr * grad", "lr * grad.astype(np.float32)",
         hint="You compute in float32, which keeps 7 digits. Let the result have the type of the "
         "arguments."),
]  # fmt: skip


def with_eps(eps, param, grad, square_sum, lr):
    square_sum = square_sum + grad**2
    return param - lr * grad / (np.sqrt(square_sum) + eps), square_sum


@bug("Without the argument you add another eps than 1e-10: look at the default.")
def default_of_1e8(param, grad, square_sum, lr, eps=1e-8):
    return with_eps(eps, param, grad, square_sum, lr)


@bug("You add 1e-8 as well as eps. eps alone is asked; it may be any number.")
def another_constant_on_top(param, grad, square_sum, lr, eps=1e-10):
    return with_eps(eps + 1e-8, param, grad, square_sum, lr)


@alternative
def in_place_on_copies(param, grad, square_sum, lr, eps=1e-10):
    param, square_sum = param.copy(), square_sum.copy()
    square_sum += np.square(grad)
    param -= grad * (lr / (square_sum**0.5 + eps))
    return param, square_sum


@alternative
def entry_by_entry(param, grad, square_sum, lr, eps=1e-10):
    new_param, new_sum = np.zeros(param.shape), np.zeros(param.shape)
    for i in np.ndindex(param.shape):
        new_sum[i] = square_sum[i] + grad[i] * grad[i]
        new_param[i] = param[i] - lr / (new_sum[i] ** 0.5 + eps) * grad[i]
    return new_param, new_sum


@alternative
def by_hypotenuse(param, grad, square_sum, lr, eps=1e-10):
    """The root of a sum of two squares is a hypotenuse."""
    root = np.hypot(np.sqrt(square_sum), grad)
    return [param - lr * (grad / np.add(root, eps)), square_sum + np.abs(grad) ** 2]


@alternative
def float64_inside(param, grad, square_sum, lr, eps=1e-10):
    p, g, s = (np.array(a, dtype=np.float64) for a in (param, grad, square_sum))
    s = np.sum([s, g * g], axis=0)
    return np.subtract(p, np.divide(lr * g, eps + np.power(s, 0.5))), s
