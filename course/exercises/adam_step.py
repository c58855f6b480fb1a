"""adam_step: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("averages the gradients and their squares, and hands the averages on as they are", points=2,
       rtol=1e-6, atol=1e-6)  # fmt: skip
def new_averages(adam_step, rng):
    (param, grad, m, v), zeros = some(rng, (4, 5)), np.zeros((3, 4, 5))
    grad, v, settings = grad + (grad == 0), v + 1.0, (0.0, (0.7, 0.9), 0.05)
    first = adam_step(param.copy(), grad.copy(), *zeros[:2], 1, *settings)
    third = adam_step(param.copy(), zeros[2], m.copy(), v.copy(), 3, *settings)
    yield "step 1 with lr 0, betas 0.7 and 0.9", first
    yield "step 3 with lr 0, gradient 0, betas 0.7 and 0.9", third
    yield "step 5 with lr 0", adam_step(param, grad, m, v, 5, 0.0, (0.8, 0.6), 0.05)


@probe("moves by the corrected m, divided by the root of the corrected v plus eps", points=1,
       rtol=1e-6, atol=1e-6)  # fmt: skip
def one_step(adam_step, rng):
    (_, grad, m, v), zeros, betas = some(rng, (4, 5)), np.zeros((4, 4, 5)), (0.7, 0.9)
    grad, v = grad + (grad == 0), v + 1.0
    first = adam_step(zeros[0], grad.copy(), *zeros[1:3], 1, 0.3, betas, 0.0)
    yield (
        "step 3 from param 0 with lr 0.3 and eps 0",
        adam_step(zeros[3], grad, m, v, 3, 0.3, betas, 0.0),
    )
    yield "step 1 from param 0 with lr 0.3 and eps 0", first
    yield "step 4 with eps 0.05", adam_step(*some(rng, (5, 5)), 4, 0.2, betas, 0.05)
    yield "step 5 of a vector", adam_step(*some(rng, (6,)), 5, 0.3, (0.6, 0.8), 0.2)


@probe("stays exact over three steps, for gradients from 1e-6 to 1000", points=2)
def three_steps(adam_step, rng):
    sizes = np.array([1e-6, 1.0, 1000.0])
    param, grad, m, v = some(rng, (4, 3))
    m, v = m * sizes, v * sizes**2
    for t, lr in ((2, 0.4), (3, 0.1), (4, 0.02)):
        param, m, v = adam_step(param, sizes * grad, m, v, t, lr, betas=(0.7, 0.9), eps=1e-7)
        _, grad, _, _ = some(rng, (4, 3))
    yield "param after three steps", param
    yield "m after three steps", m
    yield "v after three steps", v


@probe("has betas (0.9, 0.999) and eps = 1e-8 unless told otherwise, and takes any other", points=1,
       rtol=1e-6, atol=1e-6)  # fmt: skip
def defaults(adam_step, rng):
    tiny = 1e-8 * rng.uniform(1.0, 4.0, size=(3, 4)) * rng.choice([-1.0, 1.0], size=(3, 4))
    zeros, betas = np.zeros((3, 3, 4)), (0.25, 0.75)
    from_zero = adam_step(zeros[0], tiny, *zeros[1:], 1, 0.3, (0.7, 0.9))
    yield "the step without eps for tiny gradients", from_zero
    yield "the step without betas", adam_step(*some(rng, (3, 4)), 2, 0.3, eps=0.5)
    yield "the step without betas and eps", adam_step(*some(rng, (3, 4)), 3, 0.3)
    by_name = adam_step(*some(rng, (3, 4)), eps=0.1, betas=betas, lr=0.1, t=3)
    yield "the step with all by name", by_name
    yield "the step with beta1 0", adam_step(*some(rng, (3, 4)), 2, 0.3, (0.0, 0.9), 0.05)
    yield "step 5000", adam_step(*some(rng, (3, 4)), 5000, 0.3, eps=0.05)
    yield "the step with lr 0", adam_step(*some(rng, (3, 4)), 4, 0.0, (0.7, 0.9), 0.05)


@probe("leaves its arguments as they were, returns new arrays, and keeps nothing between calls",
       points=1, rtol=1e-6, atol=1e-6)  # fmt: skip
def clean_calls(adam_step, rng):
    first, other, settings = some(rng, (3, 4)), some(rng, (3, 4)), (2, 0.3, (0.7, 0.9), 0.05)
    copies = [array.copy() for array in first]
    result = adam_step(*first, *settings)
    yield "param", result[0]
    yield "the result", result
    for name, array, copy in zip(("param", "grad", "m", "v"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "param of another step", adam_step(*other, *settings)[0]
    yield "param of the first step again", adam_step(*copies, *settings)[0]
    third = some(rng, (3, 4))
    shared = adam_step(*third, 1, 0.3, (0.0, 0.0), 0.05)
    for array in third:
        array[...] = 7.0  # a result that shares their memory changes too
    yield "the result with betas 0, after its arguments were overwritten", shared


@probe("works for any shape, for part of a larger array, and for float32", points=1, hidden=True,
       rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_arrays(adam_step, rng):
    n, t, betas = int(rng.integers(5, 9)), int(rng.integers(2, 9)), rng.uniform(0.2, 0.8, 2)
    settings = (t, rng.uniform(0.1, 0.9), (float(betas[0]), float(betas[1])), rng.uniform(0.1, 0.4))
    columns = [array[:, ::2] for array in some(rng, (n, 2 * n))]
    transposed = [array.T for array in some(rng, (n, 3))]
    single = [array.astype(np.float32) for array in some(rng, (n, 3))]
    yield "the step for a vector", adam_step(*some(rng, (n,)), *settings)
    yield "the step for a single number in an array", adam_step(*some(rng, (1,)), *settings)
    yield "the step for three axes", adam_step(*some(rng, (2, n, 3)), *settings)
    yield "the step for every second column", adam_step(*columns, *settings)
    yield "the step for transposed arrays", adam_step(*transposed, *settings)
    yield "the step for float32", adam_step(*single, *settings)


def some(rng, shape):
    """Parameters, gradient, m and v; the last three are 0 here and there."""
    param, grad, m = rng.normal(size=(3, *shape))
    v = rng.uniform(0.2, 2.0, shape)
    grad.flat[1::4] = 0.0
    m.flat[1::3] = v.flat[1::3] = 0.0  # the second entry never had a gradient
    return param, grad, m, v


M, V = "beta1 * m + (1 - beta1) * grad", "beta2 * v + (1 - beta2) * grad**2"
M_HAT, V_HAT, ROOT = "m / (1 - beta1**t)", "v / (1 - beta2**t)", "(np.sqrt(v_hat) + eps)"
MOVE = f"param - lr * m_hat / {ROOT}"
UPDATES, HATS = f"m = {M}\nv = {V}", f"m_hat = {M_HAT}\nv_hat = {V_HAT}"
BODY = f"{UPDATES}\n{HATS}\nreturn {MOVE}, m, v"
BUGS = [
    Edit("no_correction", HATS, "m_hat, v_hat = m, v",
         hint="The averages start at 0 and are too small at first. Correct both before you move."),
    Edit("m_not_corrected", M_HAT, "m", hint="m is used without its correction for the start at 0."),
    Edit("v_not_corrected", V_HAT, "v", hint="v is used without its correction for the start at 0."),
    Edit("correction_of_the_first_step", HATS, HATS.replace("**t", ""),
         hint="You correct every step like the first one. The correction fades as t grows: t is "
         "the exponent."),
    Edit("t_plus_one", HATS, HATS.replace("**t", "**(t + 1)"),
         hint="You add 1 to t, but t is 1 at the first step already."),
    Edit("t_minus_one", HATS, HATS.replace("**t", "**(t - 1)"),
         hint="You take 1 from t. It counts from 1, so the first step divides by 0 now."),
    Edit("times_t", HATS, HATS.replace("**t", " * t"),
         hint="You multiply beta by t where it is raised to the power t."),
    Edit("power_of_the_difference", HATS, HATS.replace("1 - beta1**t", "(1 - beta1)**t").replace("1 - beta2**t", "(1 - beta2)**t"),
         hint="You raise 1 - beta to the power t. The power comes first, then the difference."),
    Edit("correction_multiplied", HATS, HATS.replace("/", "*"),
         hint="Your correction makes the averages smaller. They are too small: divide."),
    Edit("beta1_corrects_both", V_HAT, "v / (1 - beta1**t)",
         hint="You correct v with beta1; each average has its own beta."),
    Edit("beta2_corrects_both", M_HAT, "m / (1 - beta2**t)",
         hint="You correct m with beta2; each average has its own beta."),
    Edit("corrected_averages_returned", f"{MOVE}, m, v", f"{MOVE}, m_hat, v_hat",
         hint="You return the corrected averages, and the next step corrects them again. Use the "
         "correction for the move only."),
    Edit("v_corrected_after_the_root", "np.sqrt(v_hat)", "np.sqrt(v) / (1 - beta2**t)",
         hint="You take the root before you correct v. Correct first, then take the root."),
    Edit("old_averages_returned", BODY, f"old = m.copy(), v.copy()\n{BODY.replace(', m, v', ', *old')}",
         hint="You return the old averages, so the next step forgets this gradient."),
    Edit("moves_by_the_old_averages", f"{BODY}",
         f"{HATS}\nnew_m, new_v = {M}, {V}\nreturn {MOVE}, new_m, new_v",
         hint="You move by the old averages. Bring this gradient into them first."),
    Edit("betas_swapped", "beta1, beta2 = betas", "beta2, beta1 = betas",
         hint="The betas are swapped: the first one is for m, the second one for v."),
    Edit("beta1_for_both", "beta1, beta2 = betas", "beta1 = beta2 = betas[0]",
         hint="You use the first beta for both averages; v has the second one."),
    Edit("beta2_for_both", "beta1, beta2 = betas", "beta1 = beta2 = betas[1]",
         hint="You use the second beta for both averages; m has the first one."),
    Edit("weights_swapped", UPDATES, "m = (1 - beta1) * m + beta1 * grad\nv = (1 - beta2) * v + beta2 * grad**2",
         hint="The weights are swapped. beta is how much of the old average is kept."),
    Edit("weights_of_m_swapped", M, "(1 - beta1) * m + beta1 * grad",
         hint="The weights of m are swapped. beta1 is how much of the old m is kept."),
    Edit("weights_of_v_swapped", V, "(1 - beta2) * v + beta2 * grad**2",
         hint="The weights of v are swapped. beta2 is how much of the old v is kept."),
    Edit("m_is_a_sum", M, "beta1 * m + grad",
         hint="In m the new gradient counts in full, as in momentum. Adam averages: its weight is "
         "what beta1 leaves."),
    Edit("v_is_a_sum", V, "beta2 * v + grad**2",
         hint="In v the new square counts in full. Adam averages: its weight is what beta2 leaves."),
    Edit("both_are_sums", UPDATES, "m = beta1 * m + grad\nv = beta2 * v + grad**2",
         hint="What is new counts in full. Adam averages: its weight is what beta leaves."),
    Edit("no_memory", UPDATES, "m = (1 - beta1) * grad\nv = (1 - beta2) * grad**2",
         hint="The old averages are missing from the new ones."),
    Edit("v_not_squared", V, "beta2 * v + (1 - beta2) * grad",
         hint="v averages the gradients themselves, and the root of a negative number is NaN. It "
         "averages their squares."),
    Edit("v_of_absolute_values", V, "beta2 * v + (1 - beta2) * np.abs(grad)",
         hint="v averages absolute values. It averages the squares of the gradients."),
    Edit("v_weight_squared_too", V, "beta2 * v + ((1 - beta2) * grad) ** 2",
         hint="You square the weight 1 - beta2 as well; only the gradient is squared."),
    Edit("v_from_m", V, "beta2 * v + (1 - beta2) * m**2",
         hint="v gets the square of m. It averages the squares of the gradients."),
    Edit("m_squared_too", M, "beta1 * m + (1 - beta1) * grad**2",
         hint="m averages squares too. It averages the gradients themselves; only v squares."),
    Edit("adamax", BODY, f"m = {M}\nv = np.maximum(beta2 * v, np.abs(grad))\n"
         f"return param - lr * {M_HAT} / (v + eps), m, v",
         hint="Your v follows the largest gradient, as AdaMax does. Adam averages the squares, corrects, "
         "and takes the root."),
    Edit("v_never_falls", V, f"np.maximum(v, {V})",
         hint="Your v never falls (that is AMSGrad). Adam's v is a plain average."),
    Edit("amsgrad", BODY, f"m = {M}\nnew_v = {V}\nlargest = np.maximum(v, new_v)\n"
         f"return param - lr * {M_HAT} / (np.sqrt(largest / (1 - beta2**t)) + eps), m, new_v",
         hint="You divide by the larger of the old and the new v, as AMSGrad does. Adam divides by the new "
         "one."),
    Edit("correction_with_plus", HATS, HATS.replace("1 - beta", "1 + beta"),
         hint="The correction divides by 1 minus the power of beta, not plus."),
    Edit("gradient_in_the_numerator", "lr * m_hat", "lr * grad",
         hint="You move by the gradient, as RMSProp does. Adam moves by the corrected m."),
    Edit("nesterov", M_HAT, "(beta1 * m + (1 - beta1) * grad) / (1 - beta1**t)",
         hint="The gradient comes into the move once more, as in NAdam. Adam moves by the corrected "
         "m."),
    Edit("no_root", ROOT, "(v_hat + eps)", hint="You divide by v itself. Its root is missing."),
    Edit("eps_under_the_root", ROOT, "np.sqrt(v_hat + eps)",
         hint="eps stands under the root. Add it outside, to the root."),
    Edit("eps_before_the_correction", ROOT, "((np.sqrt(v) + eps) / np.sqrt(1 - beta2**t))",
         hint="You add eps to the root of the uncorrected v, so the correction scales eps too. "
         "Correct v first."),
    Edit("eps_forgotten", ROOT, "np.sqrt(v_hat)",
         hint="eps is missing, so an entry that never had a gradient becomes 0/0."),
    Edit("eps_outside_the_fraction", MOVE, "param - lr * m_hat / np.sqrt(v_hat) + eps",
         hint="Division comes first, so your eps is added to the parameters. Put brackets around "
         "the root and eps."),
    Edit("fixed_betas", "beta1, beta2 = betas", "beta1, beta2 = 0.9, 0.999",
         hint="You always use 0.9 and 0.999. Use the argument betas."),
    Edit("fixed_eps", "+ eps", "+ 1e-8", hint="You always add 1e-8. Use the argument eps."),
    Edit("uphill", MOVE, MOVE.replace("-", "+"), hint="You walk uphill: go against the gradient."),
    Edit("no_lr", "lr * m_hat", "m_hat", hint="The learning rate is missing."),
    Edit("only_the_move", MOVE, f"-lr * m_hat / {ROOT}",
         hint="You return the move instead of the parameters: where they stood before is missing."),
    Edit("order_swapped", f"{MOVE}, m, v", f"m, v, {MOVE}",
         hint="Your results come in another order: the parameters, then m, then v."),
    Edit("m_and_v_swapped", f"{MOVE}, m, v", f"{MOVE}, v, m",
         hint="You return v before m: the parameters, then m, then v."),
    Edit("only_param", f"{MOVE}, m, v", MOVE,
         hint="You return the parameters only. The next step needs m and v as well."),
    Edit("t_returned", f"{MOVE}, m, v", f"{MOVE}, m, v, t + 1",
         hint="You return the step number too. The caller counts the steps: return three arrays."),
    Edit("averages_in_place", UPDATES, f"m[...] = {M}\nv[...] = {V}",
         hint="You write into m and v (*= and += do that): the caller's arrays change too. Make new "
         "arrays."),
    Edit("param_in_place", f"return {MOVE}", f"param[...] = {MOVE}\nreturn param",
         hint="You write into param (-= does that): the caller's array changes too."),
    Edit("all_in_place", BODY, f"m[...] = {M}\nv[...] = {V}\n{HATS}\nparam[...] = {MOVE}\nreturn param, m, v",
         hint="You write into param, m and v (-=, *= and += do that): the caller's arrays change "
         "too. Make new arrays."),
    Edit("float32_inside", "lr * m_hat", "lr * m_hat.astype(np.float32)",
         hint="You compute in float32, which keeps 7 digits."),
]  # fmt: skip


def adam(param, grad, m, v, t, lr, betas, eps):
    m, v = betas[0] * m + (1 - betas[0]) * grad, betas[1] * v + (1 - betas[1]) * grad**2
    root = np.sqrt(v / (1 - betas[1] ** t))
    return param - lr * m / (1 - betas[0] ** t) / (root + eps), m, v


@bug("Without the argument you use other betas than 0.9 and 0.999: look at the default.")
def default_beta2_of_099(param, grad, m, v, t, lr, betas=(0.9, 0.99), eps=1e-8):
    return adam(param, grad, m, v, t, lr, betas, eps)


@bug("Without the argument you add another eps than 1e-8: look at the default.")
def default_eps_of_1e7(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-7):
    return adam(param, grad, m, v, t, lr, betas, eps)


@alternative
def in_place_on_copies(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8):
    param, m, v = param.copy(), m.copy(), v.copy()
    m *= betas[0]
    m += (1 - betas[0]) * grad
    v *= betas[1]
    v += (1 - betas[1]) * np.square(grad)
    param -= lr * (m / (1 - betas[0] ** t)) / ((v / (1 - betas[1] ** t)) ** 0.5 + eps)
    return [param, m, v]


@alternative
def towards_the_new(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8):
    beta1, beta2 = betas
    m, v = m + (1 - beta1) * (grad - m), np.abs(v + (1 - beta2) * (grad * grad - v))
    return param - lr * m / ((1 - beta1**t) * (np.sqrt(v / (1 - beta2**t)) + eps)), m, v


@alternative
def with_the_factors_in_lr(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8):
    """The form of Kingma and Ba's section 2, with eps scaled so that nothing changes."""
    m = (1.0 - betas[0]) * grad + betas[0] * m
    v = (1.0 - betas[1]) * grad**2 + betas[1] * v
    scale = np.sqrt(1.0 - np.power(betas[1], t))
    rate = lr * scale / (1.0 - np.power(betas[0], t))
    return param - rate * m / (np.sqrt(v) + eps * scale), m, v


@alternative
def entry_by_entry(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8):
    new = np.zeros((3, *param.shape))
    for i in np.ndindex(param.shape):
        entry = adam(param[i], grad[i], m[i], v[i], t, lr, betas, eps)
        new[(0, *i)], new[(1, *i)], new[(2, *i)] = entry
    return tuple(new)


@alternative
def float64_inside(param, grad, m, v, t, lr, betas=(0.9, 0.999), eps=1e-8):
    p, g, m, v = (np.array(a, dtype=np.float64) for a in (param, grad, m, v))
    m = np.average([m, g], axis=0, weights=[betas[0], 1 - betas[0]])
    v = np.average([v, g * g], axis=0, weights=[betas[1], 1 - betas[1]])
    m_hat, v_hat = (
        a / -np.expm1(t * np.log(max(b, 1e-300))) for a, b in zip((m, v), betas, strict=True)
    )
    return np.subtract(p, np.divide(lr * m_hat, eps + np.power(v_hat, 0.5))), m, v
