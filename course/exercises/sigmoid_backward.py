"""sigmoid_backward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe
from nnkit import functional as F


def outputs(rng):
    """Of forward passes: a backward function may work from the input again."""
    shapes = (4, 6), (7, 3), (5, 5)
    return tuple(F.sigmoid(rng.normal(scale=2.0, size=shape)) for shape in shapes)


@probe("multiplies the gradient by the slope at every entry", points=2, rtol=1e-6, given=outputs)
def ordinary_entries(sigmoid_backward, rng, given):
    y, second, square = given
    yield "grad_z of a batch", sigmoid_backward(rng.normal(size=(4, 6)), y)
    yield "grad_z of a second batch", sigmoid_backward(rng.normal(size=(7, 3)), second)
    yield "grad_z of a square batch", sigmoid_backward(rng.normal(size=(5, 5)), square)


def far_outputs(rng):
    z = np.array([0.0, 3.0, -9.0, 15.0, -22.0, 1000.0, -1000.0]) + np.zeros((3, 1))
    return F.sigmoid(rng.normal(size=(3, 4))), F.sigmoid(z)


@probe("is exact, also where the gradient or the slope is 0: saturated units pass nothing", points=1,
       given=far_outputs)  # fmt: skip
def saturated_units(sigmoid_backward, rng, given):
    y, far = given
    grad_output = rng.normal(size=(3, 4))
    grad_output[1, 2] = grad_output[2, 0] = 0.0
    yield "grad_z of ordinary units", sigmoid_backward(rng.normal(size=(3, 4)), y.copy())
    yield "grad_z where some gradients are 0", sigmoid_backward(grad_output, y)
    yield "grad_z of saturated units", sigmoid_backward(rng.normal(scale=50.0, size=far.shape), far)


def two_outputs(rng):
    return F.sigmoid(rng.normal(size=(3, 4))), F.sigmoid(rng.normal(size=(3, 4)))


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       given=two_outputs)  # fmt: skip
def clean_calls(sigmoid_backward, rng, given):
    grad_output, (y, other_y) = rng.normal(size=(3, 4)), given
    same_grad, same_y = grad_output.copy(), y.copy()
    yield "grad_z", sigmoid_backward(grad_output, y)
    yield "grad_output unchanged", np.array_equal(grad_output, same_grad)
    yield "y unchanged", np.array_equal(y, same_y)
    yield "grad_z of another batch", sigmoid_backward(rng.normal(size=(3, 4)), other_y)
    yield "grad_z of the first batch again", sigmoid_backward(same_grad, same_y)


def larger_outputs(rng):
    size = int(rng.integers(5, 9))
    shapes = (size, 2 * size + 5), (2, 3, size), (90, 2)
    return tuple(F.sigmoid(rng.normal(size=shape)) for shape in shapes)


@probe("works for any shape, float32 and part of a larger array", points=1, hidden=True, rtol=1e-4,
       atol=1e-5, given=larger_outputs)  # fmt: skip
def unusual_input(sigmoid_backward, rng, given):
    y, thick, tall = given
    grad = rng.normal(size=y.shape)
    yield "grad_z of a single row", sigmoid_backward(grad[:1].copy(), y[:1].copy())
    yield "grad_z with one axis", sigmoid_backward(grad[1].copy(), y[1].copy())
    yield "grad_z with three axes", sigmoid_backward(rng.normal(size=thick.shape), thick)
    yield "grad_z of many rows", sigmoid_backward(rng.normal(size=tall.shape), tall)
    yield "grad_z in float32", sigmoid_backward(grad.astype(np.float32), y.astype(np.float32))
    yield "grad_z of every other column", sigmoid_backward(grad.copy()[:, ::2], y.copy()[:, ::2])
    yield "grad_z of transposed arrays", sigmoid_backward(grad.copy().T, y.copy().T)


WHOLE = "grad_output * y * (1 - y)"
AGAIN = "(s := 1 / (1 + np.exp(-y)))"
CLIPS = "You clip y, or add a small constant to it. Nothing here is divided, so y = 0 and y = 1 do no harm: the slope is 0."
INTO_GRAD_OUTPUT = (
    "You write into grad_output (*= does that): the caller's array changes too. Make a new array."
)
WRITES = "return type('Then', (), {'__lshift__': lambda self, new: (np.copyto(grad_output, new), grad_output)[1]})() <<"
BUGS = [
    Edit("written_into_grad_output", "return", WRITES, hint=INTO_GRAD_OUTPUT),
    Edit("squashes_again", WHOLE, f"grad_output * {AGAIN} * (1 - s)",
         hint="You apply the sigmoid to y, which is its output already. The slope is y * (1 - y)."),
    Edit("squashes_again_in_part", WHOLE, "grad_output * y * (1 - 1 / (1 + np.exp(-y)))",
         hint="You apply the sigmoid to y in one of the two factors; y is its output already."),
    Edit("without_grad_output", WHOLE, "y * (1 - y)",
         hint="That is the slope alone. The chain rule multiplies it by grad_output, which says how the loss depends on y."),
    Edit("passes_everything", WHOLE, "grad_output.copy()",
         hint="You pass the gradient on unchanged. The chain rule multiplies it by the slope of the sigmoid."),
    Edit("y_only", WHOLE, "grad_output * y", hint="The slope has two factors, y and 1 - y; the second one is missing."),
    Edit("one_minus_y_only", WHOLE, "grad_output * (1 - y)",
         hint="The slope has two factors, y and 1 - y; the first one is missing."),
    Edit("slope_of_tanh", WHOLE, "grad_output * (1 - y**2)",
         hint="1 - y**2 is the slope of tanh. That of the sigmoid is y * (1 - y)."),
    Edit("wrong_sign", WHOLE, "grad_output * y * (y - 1)",
         hint="The sign is turned round: the sigmoid rises everywhere, so its slope is never negative."),
    Edit("plus", WHOLE, "grad_output * y * (1 + y)", hint="The second factor is 1 minus y; yours is 1 plus y."),
    Edit("no_parentheses", WHOLE, "grad_output * y * 1 - y",
         hint="* comes before -: put 1 - y into parentheses."),
    Edit("no_parentheses_but_order", WHOLE, "grad_output * 1 - y * y",
         hint="* comes before -: put 1 - y into parentheses."),
    Edit("no_parentheses_multiplied_out", WHOLE, "grad_output * y - y**2",
         hint="grad_output reaches only the first term: put y - y**2 into parentheses."),
    Edit("squares_first_factor", WHOLE, "grad_output * y**2 * (1 - y)", hint="There is a factor y too many in your slope."),
    Edit("squares_second_factor", WHOLE, "grad_output * y * (1 - y) ** 2",
         hint="There is a factor 1 - y too many in your slope."),
    Edit("y_minus_its_square_root", WHOLE, "grad_output * (y - np.sqrt(y))",
         hint="y * (1 - y) is y minus its square, not minus its root."),
    Edit("added", WHOLE, "grad_output + y * (1 - y)", hint="The chain rule multiplies by the slope; you add it."),
    Edit("divided", WHOLE, "grad_output / (y * (1 - y))",
         hint="You divide by the slope. The chain rule multiplies by it."),
    Edit("slope_applied_twice", WHOLE, "grad_output * (y * (1 - y)) ** 2",
         hint="The slope is multiplied in twice; once is enough."),
    Edit("twice_too_large", WHOLE, "2 * grad_output * y * (1 - y)",
         hint="There is a factor 2 too many. The slope is largest at y = 0.5, where it is one quarter."),
    Edit("largest_slope_for_all", WHOLE, "grad_output / 4",
         hint="One quarter is the slope at y = 0.5 only. Every entry has its own."),
    Edit("above_a_half_only", WHOLE, "grad_output * y * (1 - y) * (y > 0.5)",
         hint="You pass nothing where y is below one half (z is negative). The sigmoid has a slope there too."),
    Edit("gate_at_zero", WHOLE, "grad_output * (y > 0)",
         hint="That is the gate of a ReLU. A sigmoid passes every gradient, multiplied by its slope y * (1 - y)."),
    Edit("gate_at_a_half", WHOLE, "grad_output * (y > 0.5)",
         hint="You pass the gradient where y > 0.5. A sigmoid passes every gradient, multiplied by its slope y * (1 - y)."),
    Edit("through_the_logarithm", WHOLE, "grad_output * (e := np.exp(-np.log(y / (1 - y)))) / (1 + e) ** 2",
         hint="You compute z again from y, which fails where y is 0. The slope y * (1 - y) needs y only."),
    Edit("squared_gradient", WHOLE, "grad_output**2 * y * (1 - y)", hint="grad_output comes in twice; once is enough."),
    Edit("without_signs", WHOLE, "np.abs(grad_output) * y * (1 - y)",
         hint="The gradient loses its sign. Negative entries of grad_output are right as they are."),
    Edit("negative_gradients_cut", WHOLE, "np.maximum(grad_output, 0) * y * (1 - y)",
         hint="You cut off negative gradients. They pass a sigmoid as positive ones do."),
    Edit("averaged", WHOLE, "grad_output * y * (1 - y) / len(y)",
         hint="You divide by the number of rows. The mean is part of the loss, and in grad_output already."),
    Edit("summed_over_the_batch", WHOLE, "(grad_output * y * (1 - y)).sum(axis=0)",
         hint="You add the rows up. Each entry of z has a gradient of its own: the shape stays."),
    Edit("averaged_over_the_batch", WHOLE, "(grad_output * y * (1 - y)).mean(axis=0)",
         hint="You average the rows. Each entry of z has a gradient of its own: the shape stays."),
    Edit("summed", WHOLE, "(grad_output * y * (1 - y)).sum()",
         hint="You add everything up. Each entry of z has a gradient of its own: the shape stays."),
    Edit("matrix_product", WHOLE, "grad_output @ (y * (1 - y)).T",
         hint="The slope multiplies entry by entry (*). A matrix product (@, np.dot) mixes the entries."),
    Edit("softmax_jacobian", WHOLE, "y * (grad_output - (grad_output * y).sum(axis=-1, keepdims=True))",
         hint="That is the backward pass of a softmax, whose outputs depend on each other. Each sigmoid stands on its own."),
    Edit("exchanged", WHOLE, "y * grad_output * (1 - grad_output)",
         hint="The arguments are exchanged: grad_output comes first, y second, and the slope is made of y."),
    Edit("slope_of_the_gradient", WHOLE, "grad_output * grad_output * (1 - grad_output)",
         hint="The slope is made of y, the output of the sigmoid; you made it of grad_output."),
    Edit("minus_the_output", WHOLE, "grad_output - y",
         hint="y minus target belongs to a sigmoid together with its loss. Here grad_output is given: multiply it by the slope."),
    Edit("in_single_precision", WHOLE, "(grad_output * y * (1 - y)).astype(np.float32)",
         hint="You compute in float32, which has 7 digits. Stay with the float64 of the input."),
    Edit("rounds", WHOLE, "np.round(grad_output * y * (1 - y), 4)",
         hint="You round the results. Keep all digits; round only when you print."),
    *(Edit(f"clips_at_{low}", WHOLE, f"grad_output * (c := np.clip(y, {low}, 1 - {low})) * (1 - c)", hint=CLIPS)
      for low in (1e-3, 1e-5, 1e-7, 1e-8)),
    *(Edit(f"adds_{low}", WHOLE, f"grad_output * (y * (1 - y) + {low})", hint=CLIPS) for low in (1e-5, 1e-7, 1e-8)),
    *(Edit(f"slope_at_least_{low}", WHOLE, f"grad_output * np.maximum(y * (1 - y), {low})", hint=CLIPS)
      for low in (1e-3, 1e-6, 1e-8)),
]  # fmt: skip


@bug(INTO_GRAD_OUTPUT)
def into_grad_output(grad_output, y):
    grad_output *= y * (1 - y)
    return grad_output


@bug("You write into y: the caller's array changes too. Make a new array.")
def into_y(grad_output, y):
    grad_z = grad_output * y * (1 - y)
    y[...] = grad_z
    return grad_z


@alternative
def multiplied_out(grad_output, y):
    return grad_output * y - grad_output * y**2


@alternative
def entry_by_entry(grad_output, y):
    grads = [g * s * (1.0 - s) for g, s in zip(grad_output.ravel(), y.ravel(), strict=True)]
    return np.array(grads).reshape(y.shape)


@alternative
def from_the_input_again(grad_output, y):
    with np.errstate(divide="ignore"):
        z = np.log(y) - np.log1p(-y)
    e = np.exp(-np.abs(z))
    return grad_output * e / (1 + e) ** 2


@alternative
def by_einsum_in_float64(grad_output, y):
    y = y.astype(np.float64)
    return np.einsum("...,...,...->...", grad_output, y, 1 - y)


@alternative
def around_a_half(grad_output, y):
    return np.multiply(grad_output, 0.25 - (y - 0.5) ** 2)
