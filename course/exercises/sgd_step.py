"""sgd_step: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("moves the parameters against the gradient, by the learning rate", points=1, rtol=1e-6,
       atol=1e-6)  # fmt: skip
def ordinary_steps(sgd_step, rng):
    (param, grad), zeros = some(rng, (4, 3)), np.zeros((2, 4, 3))
    yield "the step from param 0 with lr 0.3", sgd_step(zeros[0], grad.copy(), 0.3)
    yield "the step with gradient 0", sgd_step(param, zeros[1], 0.3)
    yield "the step of a square array", sgd_step(*some(rng, (5, 5)), lr=rng.uniform(0.4, 0.9))
    yield "the step of a vector", sgd_step(*some(rng, (6,)), 0.2)


@probe("keeps every digit, for gradients of ±1000, tiny gradients and large parameters", points=1,
       atol=1e-20)  # fmt: skip
def extreme_numbers(sgd_step, rng):
    lr, signs = rng.uniform(0.01, 0.2), rng.choice([-1.0, 1.0], size=(3, 5))
    yield "the step for gradients of ±1000", sgd_step(np.zeros((3, 5)), 1000.0 * signs, lr)
    yield "the step for tiny gradients", sgd_step(np.zeros((3, 5)), 1e-9 * signs, lr)
    yield "the step for large parameters", sgd_step(rng.uniform(1e3, 2e3, (3, 5)), signs, lr)
    yield "the step with lr 0", sgd_step(*some(rng, (3, 5)), 0.0)


@probe("leaves its arguments as they were, returns a new array, and keeps nothing between calls",
       points=1, rtol=1e-6, atol=1e-6)  # fmt: skip
def clean_calls(sgd_step, rng):
    first, other, settings = some(rng, (3, 4)), some(rng, (3, 4)), (0.3,)
    copies = [array.copy() for array in first]
    result = sgd_step(*first, *settings)
    yield "param", result
    for name, array, copy in zip(("param", "grad"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "param of another step", sgd_step(*other, *settings)
    yield "param of the first step again", sgd_step(*copies, *settings)
    third = some(rng, (3, 4))
    shared = sgd_step(*third, 0.0)
    for array in third:
        array[...] = 7.0  # a result that shares their memory changes too
    yield "the result with lr 0, after its arguments were overwritten", [shared]


@probe("works for any shape, for part of a larger array, and for float32", points=1, hidden=True,
       rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_arrays(sgd_step, rng):
    n, lr = int(rng.integers(5, 9)), rng.uniform(0.1, 0.9)
    columns = [array[:, ::2] for array in some(rng, (n, 2 * n))]
    transposed = [array.T for array in some(rng, (n, 3))]
    single = [array.astype(np.float32) for array in some(rng, (n, 3))]
    yield "the step for a vector", sgd_step(*some(rng, (n,)), lr)
    yield "the step for a single number in an array", sgd_step(*some(rng, (1,)), lr)
    yield "the step for three axes", sgd_step(*some(rng, (2, n, 3)), lr)
    yield "the step for every second column", sgd_step(*columns, lr)
    yield "the step for transposed arrays", sgd_step(*transposed, lr)
    yield "the step for float32", sgd_step(*single, lr)


def some(rng, shape):
    """Parameters and a gradient that is exactly 0 here and there."""
    param, grad = rng.normal(size=(2, *shape))
    grad[...] = np.where(rng.random(shape) < 0.2, 0.0, grad)
    return param, grad


MOVE = "lr * grad"
STEP = f"param - {MOVE}"
BUGS = [
    Edit("uphill", "param -", "param +",
         hint="You walk uphill. The gradient points to where the loss grows fastest; go the "
         "other way."),
    Edit("no_lr", MOVE, "grad",
         hint="You subtract the whole gradient. The learning rate says which part of it is taken."),
    Edit("divides_by_lr", MOVE, "grad / lr",
         hint="You divide by the learning rate, so that a smaller one makes larger steps. It is a "
         "factor of the gradient."),
    Edit("only_the_move", STEP, "-lr * grad",
         hint="You return the move only. Where the parameters stood before it is missing."),
    Edit("only_the_move_uphill", STEP, "lr * grad",
         hint="You return learning rate times gradient. The task asks for the new parameters: "
         "what is left when this is taken away from the old ones."),
    Edit("lr_times_difference", STEP, "lr * (param - grad)",
         hint="Your learning rate scales the parameters too. Only the gradient is scaled by it; "
         "mind the brackets."),
    Edit("lr_times_param", STEP, "lr * param - grad",
         hint="The learning rate stands in front of the parameters; it belongs to the gradient."),
    Edit("roles_swapped", STEP, "grad - lr * param",
         hint="Parameters and gradient have changed places."),
    Edit("from_grad_to_param", STEP, "lr * grad - param",
         hint="The difference is turned round: start at the parameters and take the step away."),
    Edit("ignores_grad", MOVE, "lr * param",
         hint="You shrink the parameters and never look at the gradient."),
    Edit("fades", STEP, "(1 - lr) * param - lr * grad",
         hint="Your parameters also shrink by the part lr of themselves (that would be weight "
         "decay). They start the step in full."),
    Edit("average", STEP, "(1 - lr) * param + lr * grad",
         hint="You average parameters and gradient. A step starts at the parameters and goes "
         "against the gradient."),
    Edit("sign_only", MOVE, "lr * np.sign(grad)",
         hint="You use the sign of the gradient only: a steep slope and a flat one give the same "
         "step. Its size counts too."),
    Edit("absolute_value", MOVE, "lr * np.abs(grad)",
         hint="You lose the gradient's sign, so every parameter gets smaller. Where the slope is "
         "negative it has to grow."),
    Edit("squared", MOVE, "lr * grad**2",
         hint="You square the gradient; that loses its sign and changes its size."),
    Edit("lr_squared", MOVE, "lr**2 * grad",
         hint="The learning rate comes in twice."),
    Edit("half_a_step", MOVE, "lr * grad / 2",
         hint="You go half the way: there is a factor 1/2 too many."),
    Edit("double_step", MOVE, "2 * lr * grad",
         hint="You go twice the way: there is a factor 2 too many."),
    Edit("unit_length", MOVE, "lr * grad / (np.linalg.norm(grad) + 1e-300)",
         hint="You scale the gradient to length 1. Plain gradient descent takes larger steps "
         "where the slope is steeper."),
    Edit("mean_gradient", MOVE, "lr * grad.mean()",
         hint="You average the gradient to one number. Each parameter has a slope of its own."),
    Edit("sum_of_gradient", MOVE, "lr * grad.sum()",
         hint="You add the gradient up to one number. Each parameter has a slope of its own."),
    Edit("mean_over_rows", MOVE, "lr * grad.mean(axis=0)",
         hint="You average the gradient over its first axis. That is an axis of the parameters, "
         "not the batch: each entry moves by its own slope."),
    Edit("sum_over_rows", MOVE, "lr * grad.sum(axis=0)",
         hint="You add the gradient up over its first axis. That is an axis of the parameters, not the "
         "batch: each entry moves by its own slope."),
    Edit("divides_by_rows", MOVE, "lr * grad / len(grad)",
         hint="You divide by the number of rows. The gradient has the parameters' shape; the mean "
         "over the batch is already in it."),
    Edit("divides_by_entries", MOVE, "lr * grad / grad.size",
         hint="You divide by the number of entries. The gradient is already a mean over the "
         "batch; nothing is left to divide."),
    Edit("clipped_at_1", MOVE, "lr * np.clip(grad, -1, 1)",
         hint="You clip the gradient. Clipping is another technique; here it counts in full, "
         "however large it is."),
    Edit("fixed_lr_of_01", MOVE, "0.1 * grad",
         hint="You always use 0.1. Use the argument lr, which changes from call to call."),
    Edit("fixed_lr_of_001", MOVE, "0.01 * grad",
         hint="You always use 0.01. Use the argument lr, which changes from call to call."),
    Edit("in_place", STEP, "np.subtract(param, lr * grad, out=param)",
         hint="You write into param (-= does that): the caller's array changes too. Make a new "
         "array."),
    Edit("grad_in_place", STEP, "param - np.multiply(grad, lr, out=grad)",
         hint="You write into grad (*= does that): the caller's gradient changes too. Make a new "
         "array."),
    Edit("grad_as_well", STEP, "(param - lr * grad, grad)",
         hint="You return the gradient as well. The task asks for the new parameters only."),
    Edit("rounds", STEP, "np.round(param - lr * grad, 4)",
         hint="You round the result. Keep all digits; round only when you print."),
    Edit("float32_inside", STEP, "(param - lr * grad).astype(np.float32)",
         hint="You compute in float32, which keeps 7 digits. Let the result have the type of the "
         "arguments."),
]  # fmt: skip


@bug("You return the old parameters: the step is computed but not used.")
def returns_the_old_ones(param, grad, lr):
    return param.copy()


@alternative
def entry_by_entry(param, grad, lr):
    new = np.zeros(param.shape)
    for index in np.ndindex(param.shape):
        new[index] = param[index] - lr * grad[index]
    return new


@alternative
def in_place_on_a_copy(param, grad, lr):
    new = param.copy()
    new -= lr * grad
    return new


@alternative
def adds_the_negative_step(param, grad, lr):
    return np.add(-lr * np.asarray(grad, dtype=np.float64), param)


@alternative
def by_einsum(param, grad, lr):
    return np.einsum("k,k...->...", np.array([1.0, -lr]), np.stack([param, grad]))


@alternative
def on_flat_copies(param, grad, lr):
    pairs = zip(param.ravel(), grad.ravel(), strict=True)
    return np.array([p - g * lr for p, g in pairs]).reshape(param.shape)
