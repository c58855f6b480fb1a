"""nesterov_step: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("adds the gradient to what is left of the velocity", points=1, rtol=1e-6, atol=1e-6)
def new_velocity(nesterov_step, rng):
    (param, grad, velocity), zeros = some(rng, (4, 3)), np.zeros((2, 4, 3))
    from_rest = nesterov_step(param.copy(), grad, zeros[0], 0.0, 0.7)
    no_gradient = nesterov_step(param, zeros[1], velocity, 0.0, 0.7)
    yield "the step from velocity 0 with lr 0 and momentum 0.7", from_rest
    yield "the step with gradient 0, lr 0 and momentum 0.7", no_gradient
    yield "the step with lr 0", nesterov_step(*some(rng, (5, 3)), 0.0, rng.uniform(0.6, 0.8))


@probe("moves by the gradient plus momentum times the new velocity", points=1, rtol=1e-6,
       atol=1e-6)  # fmt: skip
def one_step(nesterov_step, rng):
    (_, grad, velocity), zeros = some(rng, (4, 3)), np.zeros((4, 4, 3))
    from_rest = nesterov_step(zeros[0], grad, zeros[1], 0.3, 0.7)
    no_gradient = nesterov_step(zeros[2], zeros[3], velocity, 0.3, 0.7)
    yield "the step from param 0 and velocity 0 with lr 0.3 and momentum 0.7", from_rest
    yield "the step from param 0 with gradient 0, lr 0.3 and momentum 0.7", no_gradient
    yield (
        "the step of a square array",
        nesterov_step(*some(rng, (5, 5)), 0.2, rng.uniform(0.6, 0.8)),
    )
    yield "the step of a vector", nesterov_step(*some(rng, (6,)), 0.4, 0.8)


@probe("stays exact over three steps with a falling lr, for gradients from 1e-6 to 1000", points=1)
def three_steps(nesterov_step, rng):
    sizes = np.array([1e-6, 1.0, 1000.0])
    param, grad, velocity = some(rng, (4, 3))
    for lr in (0.4, 0.1, 0.02):
        param, velocity = nesterov_step(param, sizes * grad, velocity, lr, momentum=0.6)
        _, grad, _ = some(rng, (4, 3))
    yield "param after three steps", param
    yield "velocity after three steps", velocity


@probe("has a momentum of 0.9 unless told otherwise, and takes any other", points=1, rtol=1e-6,
       atol=1e-6)  # fmt: skip
def defaults(nesterov_step, rng):
    yield "the step without momentum", nesterov_step(*some(rng, (3, 4)), 0.2)
    yield "the step with momentum by name", nesterov_step(*some(rng, (3, 4)), 0.2, momentum=0.25)
    yield "the step with momentum 0", nesterov_step(*some(rng, (3, 4)), momentum=0.0, lr=0.3)
    yield "the step with momentum 1", nesterov_step(*some(rng, (3, 4)), 0.2, 1.0)
    yield "the step with lr 0", nesterov_step(*some(rng, (3, 4)), 0.0, 0.7)


@probe("leaves its arguments as they were, returns new arrays, and keeps nothing between calls",
       points=1, rtol=1e-6, atol=1e-6)  # fmt: skip
def clean_calls(nesterov_step, rng):
    first, other, settings = some(rng, (3, 4)), some(rng, (3, 4)), (0.3, 0.7)
    copies = [array.copy() for array in first]
    result = nesterov_step(*first, *settings)
    yield "param", result[0]
    yield "the result", result
    for name, array, copy in zip(("param", "grad", "velocity"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "param of another step", nesterov_step(*other, *settings)[0]
    yield "param of the first step again", nesterov_step(*copies, *settings)[0]
    third, zeros = some(rng, (3, 4)), np.zeros((3, 4))
    shared = nesterov_step(*third[:2], zeros, 0.3, 0.7)
    for array in (*third, zeros):
        array[...] = 7.0  # a result that shares their memory changes too
    yield "the result from velocity 0, after its arguments were overwritten", shared


@probe("works for any shape, for part of a larger array, and for float32", points=1, hidden=True,
       rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_arrays(nesterov_step, rng):
    n, settings = int(rng.integers(5, 9)), (rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.4))
    columns = [array[:, ::2] for array in some(rng, (n, 2 * n))]
    transposed = [array.T for array in some(rng, (n, 3))]
    single = [array.astype(np.float32) for array in some(rng, (n, 3))]
    yield "the step for a vector", nesterov_step(*some(rng, (n,)), *settings)
    yield "the step for a single number in an array", nesterov_step(*some(rng, (1,)), *settings)
    yield "the step for three axes", nesterov_step(*some(rng, (2, n, 3)), *settings)
    yield "the step for every second column", nesterov_step(*columns, *settings)
    yield "the step for transposed arrays", nesterov_step(*transposed, *settings)
    yield "the step for float32", nesterov_step(*single, *settings)


def some(rng, shape):
    """Parameters, gradient and velocity; the last two are exactly 0 here and there."""
    param, grad, velocity = rng.normal(size=(3, *shape))
    grad[...] = np.where(rng.random(shape) < 0.2, 0.0, grad)
    velocity[...] = np.where(rng.random(shape) < 0.2, 0.0, velocity)
    return param, grad, velocity


UPDATE, MOVE = "velocity = momentum * velocity + grad", "param - lr * (grad + momentum * velocity)"
BODY = f"{UPDATE}\nreturn {MOVE}, velocity"
BUGS = [
    Edit("plain_momentum", MOVE, "param - lr * velocity",
         hint="That is plain momentum. Nesterov looks one step further ahead: it moves by the "
         "gradient plus momentum times the velocity that has been updated already."),
    Edit("whole_velocity", MOVE, "param - lr * (grad + velocity)",
         hint="You move by the gradient plus the whole new velocity. Looking ahead, the velocity "
         "fades once more before it is added."),
    Edit("momentum_on_the_gradient", MOVE, "param - lr * (velocity + momentum * grad)",
         hint="momentum is a factor of the wrong term in the move: it fades the velocity; the "
         "gradient counts in full."),
    Edit("momentum_on_both", MOVE, "param - lr * momentum * (grad + velocity)",
         hint="In the move, momentum is a factor of the velocity only; mind the brackets."),
    Edit("gradient_left_out", MOVE, "param - lr * momentum * velocity",
         hint="You move by momentum times the velocity; the gradient itself is still to be added."),
    Edit("velocity_not_used", MOVE, "param - lr * grad",
         hint="You update the velocity but move by the gradient alone."),
    Edit("average_in_the_move", MOVE, "param - lr * ((1 - momentum) * grad + momentum * velocity)",
         hint="You average gradient and velocity in the move. The gradient counts in full there."),
    Edit("minus_inside", MOVE, "param - lr * (grad - momentum * velocity)",
         hint="In the move the velocity is subtracted from the gradient; both point the same way, "
         "so add them."),
    Edit("lr_on_the_gradient_only", MOVE, "param - lr * grad - momentum * velocity",
         hint="The learning rate reaches the gradient only; mind the brackets. It scales the whole "
         "move."),
    Edit("lr_on_the_velocity_only", MOVE, "param - grad - lr * momentum * velocity",
         hint="The learning rate reaches the velocity only; mind the brackets. It scales the whole "
         "move."),
    Edit("no_lr", MOVE, "param - (grad + momentum * velocity)",
         hint="The learning rate is missing when the parameters move."),
    Edit("uphill", MOVE, "param + lr * (grad + momentum * velocity)",
         hint="You walk uphill: gradient and velocity point to a larger loss, so go against them."),
    Edit("only_the_move", MOVE, "-lr * (grad + momentum * velocity)",
         hint="You return the move instead of the parameters: where they stood before is missing."),
    Edit("ignores_the_old_velocity", UPDATE, "velocity = grad",
         hint="Your velocity is the gradient alone. Keep the part momentum of the old velocity."),
    Edit("keeps_everything", UPDATE, "velocity = velocity + grad",
         hint="You keep the whole old velocity. Only the part momentum of it survives a step."),
    Edit("running_average", UPDATE, "velocity = momentum * velocity + (1 - momentum) * grad",
         hint="Your velocity is an average. In our convention it is a sum: the new gradient counts "
         "in full."),
    Edit("one_minus_momentum", UPDATE, "velocity = (1 - momentum) * velocity + grad",
         hint="You keep 1 - momentum of the old velocity; 0.9 means that nine tenths survive."),
    Edit("weighs_the_gradient", UPDATE, "velocity = velocity + momentum * grad",
         hint="In the velocity, momentum is a factor of the wrong term: it says how much of the "
         "old velocity is left."),
    Edit("subtracts_the_gradient", UPDATE, "velocity = momentum * velocity - grad",
         hint="The gradient is subtracted from the velocity. In our convention the velocity is a "
         "running sum of gradients; the minus sign comes when the parameters move."),
    Edit("points_downhill", BODY, "velocity = momentum * velocity - grad\n"
         "return param + lr * (momentum * velocity - grad), velocity",
         hint="Your velocity points downhill. In our convention it is a running sum of gradients, "
         "and the minus sign comes when the parameters move."),
    Edit("lr_in_the_velocity", BODY, "velocity = momentum * velocity + lr * grad\n"
         "return param - (lr * grad + momentum * velocity), velocity",
         hint="You put the learning rate into the velocity. In ours the velocity is a sum of plain "
         "gradients, and lr scales the whole move."),
    Edit("lr_in_the_negative_velocity", BODY, "velocity = momentum * velocity - lr * grad\n"
         "return param + momentum * velocity - lr * grad, velocity",
         hint="Your velocity holds -lr times the gradients (as in Sutskever's and CS231n's texts). "
         "Ours is a sum of plain gradients; minus and lr come when the parameters move."),
    Edit("lr_twice", UPDATE, "velocity = momentum * velocity + lr * grad",
         hint="The learning rate comes in twice, in the velocity and in the move. The velocity is "
         "a sum of plain gradients."),
    Edit("returns_the_velocity_ahead", f"{MOVE}, velocity",
         f"{MOVE}, grad + momentum * velocity",
         hint="The velocity that you return contains the look ahead. The next step starts from the "
         "plain one, updated once."),
    Edit("velocity_is_the_move", f"{MOVE}, velocity", f"{MOVE}, -lr * (grad + momentum * velocity)",
         hint="The velocity that you return is the move of the parameters. Ours is the sum of gradients, "
         "without minus and learning rate."),
    Edit("returns_the_old_velocity", BODY, f"old = velocity.copy()\n{UPDATE}\nreturn {MOVE}, old",
         hint="You return the old velocity, so the next step forgets this gradient. Return the "
         "updated one."),
    Edit("looks_two_steps_ahead", MOVE, "param - lr * (grad + momentum * (grad + momentum * velocity))",
         hint="You look one step too far ahead: the velocity is updated once, and then counted "
         "once more in the move."),
    Edit("order_swapped", f"{MOVE}, velocity", f"velocity, {MOVE}",
         hint="Your results come in the other order: first the parameters, then the velocity."),
    Edit("only_param", f"{MOVE}, velocity", MOVE,
         hint="You return the parameters only. The next step needs the velocity as well."),
    Edit("fixed_momentum", BODY, BODY.replace("momentum", "0.9"),
         hint="You always use 0.9. Use the argument momentum, which changes from call to call."),
    Edit("zero_means_default", BODY, f"momentum = momentum or 0.9\n{BODY}",
         hint="momentum = 0 is treated as if it were missing (0 counts as False). It is a valid "
         "setting: nothing of the old velocity is kept."),
    Edit("shares_the_gradient", UPDATE, f"{UPDATE} if velocity.any() else grad",
         hint="From velocity 0 you return the gradient's own array as the velocity; when the "
         "caller reuses it, the velocity changes too. Return a new array."),
    Edit("velocity_in_place", UPDATE, "np.add(velocity * momentum, grad, out=velocity)",
         hint="You write into velocity (*= and += do that): the caller's array changes too. Make a "
         "new array."),
    Edit("param_in_place", f"return {MOVE}", f"param[...] = {MOVE}\nreturn param",
         hint="You write into param (-= does that): the caller's array changes too. Make a new "
         "array."),
    Edit("both_in_place", BODY, f"velocity[...] = {UPDATE[11:]}\nparam[...] = {MOVE}\nreturn param, velocity",
         hint="You write into param and velocity (-= and *= do that): the caller's arrays change "
         "too. Make new arrays."),
    Edit("float32_inside", BODY, BODY.replace("+ grad", "+ grad.astype(np.float32)"),
         hint="You compute in float32, which keeps 7 digits. Let the result have the type of the "
         "arguments."),
]  # fmt: skip


@bug("Without the argument you use another momentum than 0.9: look at the default.")
def another_default(param, grad, velocity, lr, momentum=0.99):
    velocity = momentum * velocity + grad
    return param - lr * (grad + momentum * velocity), velocity


@alternative
def in_place_on_copies(param, grad, velocity, lr, momentum=0.9):
    param, velocity = param.copy(), velocity.copy()
    velocity *= momentum
    velocity += grad
    param -= lr * momentum * velocity
    param -= lr * grad
    return param, velocity


@alternative
def entry_by_entry(param, grad, velocity, lr, momentum=0.9):
    new_param, new_velocity = np.zeros(param.shape), np.zeros(param.shape)
    for i in np.ndindex(param.shape):
        new_velocity[i] = velocity[i] * momentum + grad[i]
        new_param[i] = param[i] - lr * grad[i] - lr * momentum * new_velocity[i]
    return new_param, new_velocity


@alternative
def the_difference_of_two_steps(param, grad, velocity, lr, momentum=0.9):
    """Take the old look ahead back, move by the velocity, look ahead again."""
    new = momentum * velocity + grad
    return [param + lr * (momentum * velocity - (1 + momentum) * new), new]


@alternative
def from_the_old_velocity(param, grad, velocity, lr, momentum=0.9):
    move = (1 + momentum) * grad + momentum**2 * velocity
    return param - lr * move, grad + momentum * velocity


@alternative
def updates_the_velocity_twice(param, grad, velocity, lr, momentum=0.9):
    g, v = np.array(grad, dtype=np.float64), np.array(velocity, dtype=np.float64)
    once = np.add(np.multiply(v, momentum), g)
    twice = np.add(np.multiply(once, momentum), g)
    return np.subtract(param, lr * twice), once
