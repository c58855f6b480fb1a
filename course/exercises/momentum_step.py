"""momentum_step: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("adds the gradient to what is left of the velocity", points=1, rtol=1e-6, atol=1e-6)
def new_velocity(momentum_step, rng):
    (param, grad, velocity), zeros = some(rng, (4, 3)), np.zeros((2, 4, 3))
    from_rest = momentum_step(param.copy(), grad, zeros[0], 0.0, 0.7)
    no_gradient = momentum_step(param, zeros[1], velocity, 0.0, 0.7)
    yield "the step from velocity 0 with lr 0 and momentum 0.7", from_rest
    yield "the step with gradient 0, lr 0 and momentum 0.7", no_gradient
    yield "the step with lr 0", momentum_step(*some(rng, (5, 3)), 0.0, rng.uniform(0.6, 0.8))


@probe("moves the parameters by the learning rate times the new velocity", points=1, rtol=1e-6,
       atol=1e-6)  # fmt: skip
def one_step(momentum_step, rng):
    (_, grad, velocity), zeros = some(rng, (4, 3)), np.zeros((4, 4, 3))
    from_rest = momentum_step(zeros[0], grad, zeros[1], 0.3, 0.7)
    no_gradient = momentum_step(zeros[2], zeros[3], velocity, 0.3, 0.7)
    yield "the step from param 0 and velocity 0 with lr 0.3 and momentum 0.7", from_rest
    yield "the step from param 0 with gradient 0, lr 0.3 and momentum 0.7", no_gradient
    yield (
        "the step of a square array",
        momentum_step(*some(rng, (5, 5)), 0.2, rng.uniform(0.6, 0.8)),
    )
    yield "the step of a vector", momentum_step(*some(rng, (6,)), 0.4, 0.8)


@probe("stays exact over three steps with a falling lr, for gradients from 1e-6 to 1000", points=1)
def three_steps(momentum_step, rng):
    sizes = np.array([1e-6, 1.0, 1000.0])
    param, grad, velocity = some(rng, (4, 3))
    for lr in (0.4, 0.1, 0.02):
        param, velocity = momentum_step(param, sizes * grad, velocity, lr, momentum=0.6)
        _, grad, _ = some(rng, (4, 3))
    yield "param after three steps", param
    yield "velocity after three steps", velocity


@probe("keeps 0.9 of the velocity unless told otherwise, and takes any other part", points=1,
       rtol=1e-6, atol=1e-6)  # fmt: skip
def defaults(momentum_step, rng):
    yield "the step without momentum", momentum_step(*some(rng, (3, 4)), 0.2)
    yield "the step with momentum by name", momentum_step(*some(rng, (3, 4)), 0.2, momentum=0.25)
    yield "the step with momentum 0", momentum_step(*some(rng, (3, 4)), momentum=0.0, lr=0.3)
    yield "the step with momentum 1", momentum_step(*some(rng, (3, 4)), 0.2, 1.0)
    yield "the step with lr 0", momentum_step(*some(rng, (3, 4)), 0.0, 0.7)


@probe("leaves its arguments as they were, returns new arrays, and keeps nothing between calls",
       points=1, rtol=1e-6, atol=1e-6)  # fmt: skip
def clean_calls(momentum_step, rng):
    first, other, settings = some(rng, (3, 4)), some(rng, (3, 4)), (0.3, 0.7)
    copies = [array.copy() for array in first]
    result = momentum_step(*first, *settings)
    yield "param", result[0]
    yield "the result", result
    for name, array, copy in zip(("param", "grad", "velocity"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "param of another step", momentum_step(*other, *settings)[0]
    yield "param of the first step again", momentum_step(*copies, *settings)[0]
    third, zeros = some(rng, (3, 4)), np.zeros((3, 4))
    shared = momentum_step(*third[:2], zeros, 0.3, 0.7)
    for array in (*third, zeros):
        array[...] = 7.0  # a result that shares their memory changes too
    yield "the result from velocity 0, after its arguments were overwritten", shared


@probe("works for any shape, for part of a larger array, and for float32", points=1, hidden=True,
       rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_arrays(momentum_step, rng):
    n, settings = int(rng.integers(5, 9)), (rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.4))
    columns = [array[:, ::2] for array in some(rng, (n, 2 * n))]
    transposed = [array.T for array in some(rng, (n, 3))]
    single = [array.astype(np.float32) for array in some(rng, (n, 3))]
    yield "the step for a vector", momentum_step(*some(rng, (n,)), *settings)
    yield "the step for a single number in an array", momentum_step(*some(rng, (1,)), *settings)
    yield "the step for three axes", momentum_step(*some(rng, (2, n, 3)), *settings)
    yield "the step for every second column", momentum_step(*columns, *settings)
    yield "the step for transposed arrays", momentum_step(*transposed, *settings)
    yield "the step for float32", momentum_step(*single, *settings)


def some(rng, shape):
    """Parameters, gradient and velocity; the last two are exactly 0 here and there."""
    param, grad, velocity = rng.normal(size=(3, *shape))
    grad[...] = np.where(rng.random(shape) < 0.2, 0.0, grad)
    velocity[...] = np.where(rng.random(shape) < 0.2, 0.0, velocity)
    return param, grad, velocity


UPDATE, MOVE = "momentum * velocity + grad", "param - lr * velocity"
BODY = f"velocity = {UPDATE}\nreturn {MOVE}, velocity"
BUGS = [
    Edit("ignores_the_old_velocity", UPDATE, "grad",
         hint="Your velocity is the gradient alone, which is plain gradient descent. Keep the part "
         "momentum of the old velocity."),
    Edit("keeps_everything", UPDATE, "velocity + grad",
         hint="You keep the whole old velocity. Only the part momentum of it survives a step."),
    Edit("running_average", UPDATE, "momentum * velocity + (1 - momentum) * grad",
         hint="You average old velocity and gradient. There are several conventions: in ours the "
         "new gradient counts in full."),
    Edit("swapped_average", UPDATE, "(1 - momentum) * velocity + momentum * grad",
         hint="momentum weighs the gradient where it should weigh the old velocity; and the new "
         "gradient counts in full."),
    Edit("one_minus_momentum", UPDATE, "(1 - momentum) * velocity + grad",
         hint="You keep 1 - momentum of the old velocity; 0.9 means that nine tenths survive."),
    Edit("weighs_the_gradient", UPDATE, "velocity + momentum * grad",
         hint="momentum is a factor of the wrong term. It says how much of the old velocity is "
         "left."),
    Edit("weighs_both", UPDATE, "momentum * (velocity + grad)",
         hint="momentum weighs the new gradient too; mind the brackets. The new gradient counts in "
         "full."),
    Edit("subtracts_the_gradient", BODY,
         "velocity = momentum * velocity - grad\nreturn param + lr * velocity, velocity",
         hint="Your velocity points downhill. In our convention it is a running sum of gradients, "
         "and the minus sign comes when the parameters move."),
    Edit("subtracts_twice", UPDATE, "momentum * velocity - grad",
         hint="There are two minus signs, one in the velocity and one in the move. The gradient is "
         "added to the velocity."),
    Edit("subtracts_the_old_velocity", UPDATE, "grad - momentum * velocity",
         hint="The old velocity is subtracted; it is to be carried on, so add what is left of it."),
    Edit("lr_in_the_velocity", BODY,
         "velocity = momentum * velocity + lr * grad\nreturn param - velocity, velocity",
         hint="You put the learning rate into the velocity. In ours the velocity is a sum of plain "
         "gradients, and lr scales the whole of it when the parameters move."),
    Edit("lr_in_the_negative_velocity", BODY,
         "velocity = momentum * velocity - lr * grad\nreturn param + velocity, velocity",
         hint="Your velocity holds -lr times the gradients (another convention). Ours is a sum of "
         "plain gradients; minus and learning rate come when the parameters move."),
    Edit("lr_twice", UPDATE, "momentum * velocity + lr * grad",
         hint="The learning rate comes in twice, in the velocity and in the move. The velocity is "
         "a sum of plain gradients."),
    Edit("moves_by_the_old_velocity", BODY, f"return {MOVE}, {UPDATE}",
         hint="You move by the old velocity. Update the velocity first, then move by the new one."),
    Edit("returns_the_old_velocity", BODY, f"return param - lr * ({UPDATE}), velocity.copy()",
         hint="You return the old velocity, so the next step forgets this gradient. Return the "
         "updated one."),
    Edit("returns_lr_times_velocity", f"{MOVE}, velocity", f"{MOVE}, lr * velocity",
         hint="The velocity that you return is multiplied by lr. Keep lr out of it; it belongs to "
         "the move only."),
    Edit("velocity_is_the_move", f"{MOVE}, velocity", f"{MOVE}, -lr * velocity",
         hint="The velocity that you return is the move of the parameters. Ours is the sum of gradients, "
         "without minus and learning rate."),
    Edit("returns_the_decayed_velocity", f"{MOVE}, velocity", f"{MOVE}, momentum * velocity",
         hint="The velocity that you return has lost the part 1 - momentum once more. The next "
         "step does that itself."),
    Edit("moves_by_the_gradient", MOVE, "param - lr * grad",
         hint="You update the velocity but move by the gradient. Move by the velocity."),
    Edit("gradient_twice", MOVE, "param - lr * (grad + velocity)",
         hint="You move by the gradient and the velocity; the gradient is in the velocity already."),
    Edit("nesterov", MOVE, "param - lr * (grad + momentum * velocity)",
         hint="That is Nesterov's momentum, the next exercise. Here the parameters move by the "
         "velocity itself."),
    Edit("momentum_in_the_move", MOVE, "param - lr * momentum * velocity",
         hint="momentum comes in twice: it fades the old velocity, but the move takes the new one "
         "in full."),
    Edit("uphill", MOVE, "param + lr * velocity",
         hint="You walk uphill: the velocity is a sum of gradients, so go against it."),
    Edit("lr_on_the_gradient_only", BODY,
         f"{BODY.splitlines()[0]}\nreturn param - lr * grad - (velocity - grad), velocity",
         hint="The learning rate reaches the gradient only. It scales the whole velocity."),
    Edit("no_lr", MOVE, "param - velocity",
         hint="The learning rate is missing when the parameters move."),
    Edit("only_the_move", MOVE, "-lr * velocity",
         hint="You return the move instead of the parameters: where they stood before is missing."),
    Edit("order_swapped", f"{MOVE}, velocity", f"velocity, {MOVE}",
         hint="Your results come in the other order: first the parameters, then the velocity."),
    Edit("only_param", f"{MOVE}, velocity", MOVE,
         hint="You return the parameters only. The next step needs the velocity as well."),
    Edit("fixed_momentum", UPDATE, "0.9 * velocity + grad",
         hint="You always keep 0.9. Use the argument momentum, which changes from call to call."),
    Edit("zero_means_default", UPDATE, "(momentum or 0.9) * velocity + grad",
         hint="momentum = 0 is treated as if it were missing (0 counts as False). It is a valid "
         "setting: nothing of the old velocity is kept."),
    Edit("velocity_in_place", UPDATE, "np.add(velocity * momentum, grad, out=velocity)",
         hint="You write into velocity (*= and += do that): the caller's array changes too. Make a "
         "new array."),
    Edit("param_in_place", MOVE, "np.subtract(param, lr * velocity, out=param)",
         hint="You write into param (-= does that): the caller's array changes too. Make a new "
         "array."),
    Edit("both_in_place", BODY, f"velocity[...] = {UPDATE}\nparam[...] = {MOVE}\nreturn param, velocity",
         hint="You write into param and velocity (-= and *= do that): the caller's arrays change "
         "too. Make new arrays."),
    Edit("shares_the_gradient", UPDATE, f"{UPDATE} if velocity.any() else grad",
         hint="From velocity 0 you return the gradient's own array as the velocity; when the "
         "caller reuses it, the velocity changes too. Return a new array."),
    Edit("skips_zero_gradients", BODY, f"velocity = np.where(grad == 0, velocity, {UPDATE})\n"
         f"return np.where(grad == 0, param, {MOVE}), velocity",
         hint="Where the gradient is 0 you do nothing. The old velocity still fades and moves the "
         "parameter there: that is what momentum is for."),
    Edit("float32_inside", BODY, BODY.replace("+ grad", "+ grad.astype(np.float32)"),
         hint="You compute in float32, which keeps 7 digits. Let the result have the type of the "
         "arguments."),
]  # fmt: skip


@bug("Without the argument you keep another part than 0.9 of the velocity: look at the default.")
def another_default(param, grad, velocity, lr, momentum=0.99):
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity


@alternative
def in_place_on_copies(param, grad, velocity, lr, momentum=0.9):
    param, velocity = param.copy(), velocity.copy()
    velocity *= momentum
    velocity += grad
    param -= lr * velocity
    return param, velocity


@alternative
def entry_by_entry(param, grad, velocity, lr, momentum=0.9):
    new_param, new_velocity = np.zeros(param.shape), np.zeros(param.shape)
    for i in np.ndindex(param.shape):
        new_velocity[i] = velocity[i] * momentum + grad[i]
        new_param[i] = param[i] - new_velocity[i] * lr
    return new_param, new_velocity


@alternative
def two_moves(param, grad, velocity, lr, momentum=0.9):
    """Coast first, then follow the gradient."""
    return [param - lr * momentum * velocity - lr * grad, grad + momentum * velocity]


@alternative
def by_matrix(param, grad, velocity, lr, momentum=0.9):
    """All three as one state, which a 2 x 3 matrix maps to the next one."""
    matrix = np.array([[1.0, -lr, -lr * momentum], [0.0, 1.0, momentum]])
    return tuple(np.tensordot(matrix, np.stack([param, grad, velocity]), axes=1))


@alternative
def float64_inside(param, grad, velocity, lr, momentum=0.9):
    p, g, v = (np.array(a, dtype=np.float64) for a in (param, grad, velocity))
    new = np.add(np.multiply(v, momentum), g)
    return np.subtract(p, np.multiply(new, lr)), new
