"""adamw_step: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("shrinks each parameter by lr times weight_decay of itself, also without a gradient",
       points=1, rtol=1e-6, atol=1e-6)  # fmt: skip
def decay_alone(adamw_step, rng):
    zeros, betas, param = np.zeros((6, 4, 3)), (0.7, 0.9), rng.normal(size=(4, 3))
    first = adamw_step(param.copy(), *zeros[:3], 1, 0.3, betas, 0.05, 0.5)
    yield "step 1 with gradient 0, lr 0.3 and weight_decay 0.5", first
    yield "step 3 with gradient 0", adamw_step(param, *zeros[3:], 3, 0.2, betas, 0.05, 0.8)


@probe("averages the gradients alone, and hands the averages on as they are", points=1, rtol=1e-6,
       atol=1e-6)  # fmt: skip
def new_averages(adamw_step, rng):
    (param, grad, m, v), zeros = some(rng, (4, 5)), np.zeros((3, 4, 5))
    grad, v, settings = grad + (grad == 0), v + 1.0, (0.0, (0.7, 0.9), 0.05, 0.4)
    first = adamw_step(param.copy(), grad.copy(), *zeros[:2], 1, *settings)
    third = adamw_step(param.copy(), zeros[2], m.copy(), v.copy(), 3, *settings)
    yield "step 1 with lr 0, betas 0.7 and 0.9", first
    yield "step 3 with lr 0, gradient 0, betas 0.7 and 0.9", third
    yield "step 5 with lr 0", adamw_step(param, grad, m, v, 5, 0.0, (0.8, 0.6), 0.05, 0.4)


@probe("makes Adam's step beside the decay", points=1, rtol=1e-6, atol=1e-6)
def one_step(adamw_step, rng):
    (_, grad, m, v), zeros, betas = some(rng, (4, 5)), np.zeros((4, 4, 5)), (0.7, 0.9)
    grad, v = grad + (grad == 0), v + 1.0
    first = adamw_step(zeros[0], grad.copy(), *zeros[1:3], 1, 0.3, betas, 0.0, 0.4)
    third = adamw_step(zeros[3], grad, m, v, 3, 0.3, betas, 0.0, 0.4)
    yield "step 3 from param 0 with lr 0.3 and eps 0", third
    yield "step 1 from param 0 with lr 0.3 and eps 0", first
    yield "step 4 with eps 0.05", adamw_step(*some(rng, (5, 5)), 4, 0.2, betas, 0.05, 0.4)
    yield "step 5 of a vector", adamw_step(*some(rng, (6,)), 5, 0.3, (0.6, 0.8), 0.2, 0.4)


@probe("stays exact over three steps, for gradients from 1e-6 to 1000", points=1)
def three_steps(adamw_step, rng):
    sizes, settings = np.array([1e-6, 1.0, 1000.0]), {"betas": (0.7, 0.9), "eps": 1e-7}
    param, grad, m, v = some(rng, (4, 3))
    m, v = m * sizes, v * sizes**2
    for t, lr in ((2, 0.4), (3, 0.1), (4, 0.02)):
        param, m, v = adamw_step(param, sizes * grad, m, v, t, lr, weight_decay=0.4, **settings)
        _, grad, _, _ = some(rng, (4, 3))
    yield "param after three steps", param
    yield "m after three steps", m
    yield "v after three steps", v


@probe("has the defaults of the task unless told otherwise, and takes any other setting", points=1,
       rtol=1e-6, atol=1e-6)  # fmt: skip
def defaults(adamw_step, rng):
    tiny = 1e-8 * rng.uniform(1.0, 4.0, size=(3, 4)) * rng.choice([-1.0, 1.0], size=(3, 4))
    zeros, names = np.zeros((3, 3, 4)), {"betas": (0.25, 0.75), "eps": 0.1, "lr": 0.1}
    from_zero = adamw_step(zeros[0], tiny, *zeros[1:], 1, 0.3, (0.7, 0.9))
    yield "the step without eps for tiny gradients", from_zero
    yield (
        "the step without betas",
        adamw_step(*some(rng, (3, 4)), 2, 0.3, eps=0.5, weight_decay=0.3),
    )
    yield "the step without weight_decay", adamw_step(*some(rng, (3, 4)), 2, 0.3, (0.7, 0.9), 0.05)
    yield "the step without settings", adamw_step(*some(rng, (3, 4)), 3, 0.3)
    by_name = adamw_step(*some(rng, (3, 4)), weight_decay=0.7, t=3, **names)
    yield "the step with all by name", by_name
    yield "the step with weight_decay 0", adamw_step(*some(rng, (3, 4)), 2, 0.3, weight_decay=0.0)
    yield "the step with beta1 0", adamw_step(*some(rng, (3, 4)), 2, 0.3, (0.0, 0.9), 0.05)
    yield "step 5000", adamw_step(*some(rng, (3, 4)), 5000, 0.3, eps=0.05)
    yield "the step with lr 0", adamw_step(*some(rng, (3, 4)), 4, 0.0, (0.7, 0.9), 0.05, 0.5)


@probe("leaves its arguments as they were, returns new arrays, and keeps nothing between calls",
       points=1, rtol=1e-6, atol=1e-6)  # fmt: skip
def clean_calls(adamw_step, rng):
    first, other, settings = some(rng, (3, 4)), some(rng, (3, 4)), (2, 0.3, (0.7, 0.9), 0.05, 0.4)
    copies = [array.copy() for array in first]
    result = adamw_step(*first, *settings)
    yield "param", result[0]
    yield "the result", result
    for name, array, copy in zip(("param", "grad", "m", "v"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "param of another step", adamw_step(*other, *settings)[0]
    yield "param of the first step again", adamw_step(*copies, *settings)[0]
    third = some(rng, (3, 4))
    shared = adamw_step(*third, 1, 0.3, (0.0, 0.0), 0.05, 0.4)
    for array in third:
        array[...] = 7.0  # a result that shares their memory changes too
    yield "the result with betas 0, after its arguments were overwritten", shared


@probe("works for any shape, for part of a larger array, and for float32", points=1, hidden=True,
       rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_arrays(adamw_step, rng):
    n, t, betas = int(rng.integers(5, 9)), int(rng.integers(2, 9)), rng.uniform(0.2, 0.8, 2)
    lr, eps, weight_decay = (float(number) for number in rng.uniform(0.1, 0.4, 3))
    settings = (t, lr, (float(betas[0]), float(betas[1])), eps, weight_decay)
    columns = [array[:, ::2] for array in some(rng, (n, 2 * n))]
    transposed = [array.T for array in some(rng, (n, 3))]
    single = [array.astype(np.float32) for array in some(rng, (n, 3))]
    yield "the step for a vector", adamw_step(*some(rng, (n,)), *settings)
    yield "the step for a single number in an array", adamw_step(*some(rng, (1,)), *settings)
    yield "the step for three axes", adamw_step(*some(rng, (2, n, 3)), *settings)
    yield "the step for every second column", adamw_step(*columns, *settings)
    yield "the step for transposed arrays", adamw_step(*transposed, *settings)
    yield "the step for float32", adamw_step(*single, *settings)


def some(rng, shape):
    """Parameters, gradient, m and v; the last three are 0 here and there."""
    param, grad, m = rng.normal(size=(3, *shape))
    v = rng.uniform(0.2, 2.0, shape)
    grad.flat[1::4] = 0.0
    m.flat[1::3] = v.flat[1::3] = 0.0  # the second entry never had a gradient
    return param, grad, m, v


CALL = "adam_param, m, v = adam_step(param, grad, m, v, t, lr, betas, eps)"
RESULT = "adam_param - lr * weight_decay * param"
L2 = CALL.replace("grad", "grad + weight_decay * param")
ADAM = """beta1, beta2 = betas
m = beta1 * m + (1 - beta1) * grad
v = beta2 * v + (1 - beta2) * grad**2
m_hat = m / (1 - beta1**t)
v_hat = v / (1 - beta2**t)
adam_param = param - lr * m_hat / (np.sqrt(v_hat) + eps)"""


def inside(name, old, new, hint):
    """A mistake in the part that is Adam."""
    return Edit(name, CALL, ADAM.replace(old, new), hint)


BUGS = [
    Edit("no_decay", RESULT, "adam_param", hint="That is plain Adam: weight_decay is not used."),
    Edit("l2", f"{CALL}\nreturn {RESULT}", f"{L2}\nreturn adam_param",
         hint="You add the decay to the gradient, so it gets into the averages and is divided by "
         "the root (Adam with L2). AdamW keeps it apart: take it from the parameters directly."),
    Edit("l2_in_place", f"{CALL}\nreturn {RESULT}",
         f"grad += weight_decay * param\n{CALL}\nreturn adam_param",
         hint="You add the decay to the gradient, so it gets into the averages; and += changes the "
         "caller's gradient too. Take the decay from the parameters directly."),
    Edit("l2_times_lr", f"{CALL}\nreturn {RESULT}",
         f"{L2.replace('weight_decay', 'lr * weight_decay')}\nreturn adam_param",
         hint="You add lr times the decay to the gradient, so it gets into the averages. AdamW "
         "keeps it apart: take it from the parameters directly."),
    Edit("l2_and_decay", CALL, L2,
         hint="Your decay comes in twice, in the gradient and directly. Leave the gradient as it "
         "is."),
    Edit("divided_by_the_root", f"{CALL}\nreturn {RESULT}",
         ADAM.replace("m_hat / (", "(m_hat + weight_decay * param) / (") + "\nreturn adam_param",
         hint="Your decay is divided by the root, together with m. It takes no part in that "
         "division."),
    Edit("no_lr_on_the_decay", RESULT, "adam_param - weight_decay * param",
         hint="The decay is not multiplied by lr: when the learning rate falls, it falls too."),
    Edit("lr_twice_on_the_decay", RESULT, "adam_param - lr**2 * weight_decay * param",
         hint="The learning rate comes twice into the decay."),
    Edit("decay_of_the_new_param", RESULT, "adam_param - lr * weight_decay * adam_param",
         hint="You shrink the parameters after Adam's step. What is lost is measured on param as "
         "it came in."),
    Edit("shrinks_without_lr", RESULT, "adam_param * (1 - weight_decay)",
         hint="You take the part weight_decay off the new parameters, without lr. What is lost is "
         "lr times weight_decay, of param as it came in."),
    Edit("grows", RESULT, "adam_param + lr * weight_decay * param",
         hint="Your parameters grow by the decay. They shrink: minus."),
    Edit("doubled", RESULT, "adam_param - 2 * lr * weight_decay * param",
         hint="Your decay is twice as large as it should be: there is a factor 2 too many."),
    Edit("squared_param", RESULT, "adam_param - lr * weight_decay * param**2",
         hint="You use the square of the parameters in the decay. Each loses a part of itself."),
    Edit("sign_of_param", RESULT, "adam_param - lr * weight_decay * np.sign(param)",
         hint="Your decay takes the same amount from every parameter (as L1 does). Each loses a "
         "part of itself."),
    Edit("same_for_all", RESULT, "adam_param - lr * weight_decay",
         hint="Your decay doesn't look at the parameters. Each loses a part of itself."),
    Edit("decay_of_the_gradient", RESULT, "adam_param - lr * weight_decay * grad",
         hint="You take a part of the gradient as the decay. Each parameter loses a part of itself."),
    Edit("decay_divided_by_rows", RESULT, "adam_param - lr * weight_decay * param / len(param)",
         hint="You divide the decay by the number of rows; nothing is averaged in it."),
    Edit("decay_only", RESULT, "param - lr * weight_decay * param",
         hint="You subtract the decay from the old parameters, and Adam's step is lost."),
    Edit("only_the_move", RESULT, "adam_param - lr * weight_decay * param - param",
         hint="You return the move instead of the parameters: where they stood before is missing."),
    Edit("fixed_decay", RESULT, "adam_param - lr * 0.01 * param",
         hint="You always use 0.01. Use the argument weight_decay."),
    Edit("settings_not_passed_on", CALL, CALL.replace(", betas, eps", ""),
         hint="You call adam_step without betas and eps, so it takes its own. Pass them on."),
    Edit("eps_not_passed_on", CALL, CALL.replace(", eps", ""),
         hint="You call adam_step without eps, so it takes its own. Pass it on."),
    Edit("betas_not_passed_on", CALL, CALL.replace("betas, eps", "eps=eps"),
         hint="You use fixed betas, 0.9 and 0.999, in Adam's step. Use the argument betas."),
    Edit("always_step_1", CALL, CALL.replace(", t,", ", 1,"),
         hint="You correct every step like the first one: t is not used. The correction fades as "
         "t grows."),
    Edit("t_plus_one", CALL, CALL.replace(", t,", ", t + 1,"),
         hint="You add 1 to t, but t is 1 at the first step already."),
    Edit("old_averages_returned", CALL, CALL.replace("m, v =", "new_m, new_v ="),
         hint="You return the old averages, so the next step forgets this gradient. Return the new "
         "ones."),
    inside("no_correction", "m / (1 - beta1**t)\nv_hat = v / (1 - beta2**t)", "m\nv_hat = v",
           "The averages start at 0 and are too small at first. Correct both, as in adam_step."),
    inside("m_not_corrected", " / (1 - beta1**t)", "",
           "m is used without its correction for the start at 0."),
    inside("v_not_corrected", " / (1 - beta2**t)", "",
           "v is used without its correction for the start at 0."),
    inside("eps_under_the_root", "(np.sqrt(v_hat) + eps)", "np.sqrt(v_hat + eps)",
           "eps stands under the root. Add it outside, to the root."),
    inside("eps_forgotten", " + eps", "",
           "eps is missing, so an entry that never had a gradient becomes 0/0."),
    inside("no_root", "np.sqrt(v_hat)", "v_hat", "You divide by v itself. Its root is missing."),
    inside("betas_swapped", "beta1, beta2 = betas", "beta2, beta1 = betas",
           "The betas are swapped: the first one is for m, the second one for v."),
    inside("weights_swapped", ADAM[ADAM.index("m =") : ADAM.index("\nm_hat")],
           "m = (1 - beta1) * m + beta1 * grad\nv = (1 - beta2) * v + beta2 * grad**2",
           "The weights of the averages are swapped. beta is how much of the old one is kept."),
    inside("v_not_squared", "grad**2", "grad",
           "v averages the gradients themselves; it averages their squares."),
    inside("gradient_in_the_numerator", "lr * m_hat", "lr * grad",
           "You move by the gradient, as RMSProp does. Adam moves by the corrected m."),
    inside("uphill", "param - lr", "param + lr", "Adam's part goes uphill: go against the gradient."),
    inside("no_lr", "lr * m_hat", "m_hat", "The learning rate is missing from Adam's part."),
    inside("corrected_averages_returned", "adam_param =", "m, v = m_hat, v_hat\nadam_param =",
           "You return the corrected averages, and the next step corrects them again."),
    Edit("unpacked_in_another_order", CALL, CALL.replace("adam_param, m, v =", "m, v, adam_param ="),
         hint="You unpack the result of adam_step in another order. It returns the parameters first, then "
         "m and v."),
    Edit("order_swapped", f"{RESULT}, m, v", f"m, v, {RESULT}",
         hint="Your results come in another order: the parameters, then m, then v."),
    Edit("m_and_v_swapped", f"{RESULT}, m, v", f"{RESULT}, v, m",
         hint="You return v before m: the parameters, then m, then v."),
    Edit("only_param", f"{RESULT}, m, v", RESULT,
         hint="You return the parameters only. The next step needs m and v as well."),
    Edit("averages_in_place", CALL, f"{CALL.replace('m, v =', 'm[...], v[...] =')}",
         hint="You write into m and v (*= and += do that): the caller's arrays change too. Make new "
         "arrays."),
    Edit("param_in_place", f"return {RESULT}", f"param[...] = {RESULT}\nreturn param",
         hint="You write into param (-= and *= do that): the caller's array changes too."),
    Edit("all_in_place", f"{CALL}\nreturn {RESULT}",
         f"{CALL.replace('m, v =', 'm[...], v[...] =')}\nparam[...] = {RESULT}\nreturn param",
         hint="You write into param, m and v (-=, *= and += do that): the caller's arrays change "
         "too. Make new arrays."),
    inside("float32_inside", "lr * m_hat", "lr * m_hat.astype(np.float32)",
           "You compute in float32, which keeps 7 digits."),
]  # fmt: skip


def adamw(param, grad, m, v, t, lr, betas, eps, weight_decay):
    m, v = betas[0] * m + (1 - betas[0]) * grad, betas[1] * v + (1 - betas[1]) * grad**2
    root = np.sqrt(v / (1 - betas[1] ** t))
    move = m / (1 - betas[0] ** t) / (root + eps) + weight_decay * param
    return param - lr * move, m, v


@bug("Without the argument you use another weight_decay than 0.01: look at the default.")
def default_decay_of_0(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    return adamw(param, grad, m, v, t, lr, betas, eps, weight_decay)


@bug("Without the argument you use another weight_decay than 0.01: look at the default.")
def default_decay_of_0004(
    param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.004
):
    return adamw(param, grad, m, v, t, lr, betas, eps, weight_decay)


@bug("Without the argument you use another weight_decay than 0.01: look at the default.")
def default_decay_of_01(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1):
    return adamw(param, grad, m, v, t, lr, betas, eps, weight_decay)


@bug("Without the argument you add another eps than 1e-8: look at the default.")
def default_eps_of_1e7(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-7, weight_decay=0.01):
    return adamw(param, grad, m, v, t, lr, betas, eps, weight_decay)


@bug("Without the argument you use other betas than 0.9 and 0.999: look at the default.")
def default_beta2_of_099(param, grad, m, v, t, lr, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.01):
    return adamw(param, grad, m, v, t, lr, betas, eps, weight_decay)


@alternative
def shrinks_first(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    adam_param, m, v = adamw(param, grad, m, v, t, lr, betas, eps, 0.0)
    return [adam_param - param + (1 - lr * weight_decay) * param, m, v]


@alternative
def in_place_on_copies(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    param, m, v = param.copy(), m.copy(), v.copy()
    param *= 1 - lr * weight_decay
    m *= betas[0]
    m += (1 - betas[0]) * grad
    v *= betas[1]
    v += (1 - betas[1]) * np.square(grad)
    param -= lr * (m / (1 - betas[0] ** t)) / ((v / (1 - betas[1] ** t)) ** 0.5 + eps)
    return param, m, v


@alternative
def entry_by_entry(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    new = np.zeros((3, *param.shape))
    for i in np.ndindex(param.shape):
        entry = adamw(param[i], grad[i], m[i], v[i], t, lr, betas, eps, weight_decay)
        new[(0, *i)], new[(1, *i)], new[(2, *i)] = entry
    return tuple(new)


@alternative
def with_the_factors_in_lr(
    param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01
):
    g = np.array(grad, dtype=np.float64)
    m, v = m + (1 - betas[0]) * (g - m), np.abs(v + (1 - betas[1]) * (g * g - v))
    scale = np.sqrt(1.0 - np.power(betas[1], t))
    rate = lr * scale / (1.0 - np.power(betas[0], t))
    return param * (1 - lr * weight_decay) - rate * m / (np.sqrt(v) + eps * scale), m, v
