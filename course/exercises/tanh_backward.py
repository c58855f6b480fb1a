"""tanh_backward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe
from nnkit import functional as F


def outputs(rng):
    """Of forward passes: a backward function may work from the input again."""
    shapes = (4, 6), (7, 3), (5, 5)
    return tuple(F.tanh(rng.normal(size=shape)) for shape in shapes)


@probe("multiplies the gradient by the slope at every entry", points=2, rtol=1e-6, given=outputs)
def ordinary_entries(tanh_backward, rng, given):
    y, second, square = given
    yield "grad_z of a batch", tanh_backward(rng.normal(size=(4, 6)), y)
    yield "grad_z of a second batch", tanh_backward(rng.normal(size=(7, 3)), second)
    yield "grad_z of a square batch", tanh_backward(rng.normal(size=(5, 5)), square)


def far_outputs(rng):
    z = np.array([0.0, 3.0, -5.0, 8.0, -12.0, 1000.0, -1000.0]) + np.zeros((3, 1))
    return F.tanh(rng.normal(size=(3, 4))), F.tanh(z)


@probe("is exact, also where the gradient or the slope is 0: saturated units pass nothing", points=1,
       given=far_outputs)  # fmt: skip
def saturated_units(tanh_backward, rng, given):
    y, far = given
    grad_output = rng.normal(size=(3, 4))
    grad_output[1, 2] = grad_output[2, 0] = 0.0
    yield "grad_z of ordinary units", tanh_backward(rng.normal(size=(3, 4)), y.copy())
    yield "grad_z where some gradients are 0", tanh_backward(grad_output, y)
    yield "grad_z of saturated units", tanh_backward(rng.normal(scale=50.0, size=far.shape), far)


def two_outputs(rng):
    return F.tanh(rng.normal(size=(3, 4))), F.tanh(rng.normal(size=(3, 4)))


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       given=two_outputs)  # fmt: skip
def clean_calls(tanh_backward, rng, given):
    grad_output, (y, other_y) = rng.normal(size=(3, 4)), given
    same_grad, same_y = grad_output.copy(), y.copy()
    yield "grad_z", tanh_backward(grad_output, y)
    yield "grad_output unchanged", np.array_equal(grad_output, same_grad)
    yield "y unchanged", np.array_equal(y, same_y)
    yield "grad_z of another batch", tanh_backward(rng.normal(size=(3, 4)), other_y)
    yield "grad_z of the first batch again", tanh_backward(same_grad, same_y)


def larger_outputs(rng):
    size = int(rng.integers(5, 9))
    shapes = (size, 2 * size + 5), (2, 3, size), (90, 2)
    return tuple(F.tanh(rng.normal(size=shape)) for shape in shapes)


@probe("works for any shape, float32 and part of a larger array", points=1, hidden=True, rtol=1e-4,
       atol=1e-5, given=larger_outputs)  # fmt: skip
def unusual_input(tanh_backward, rng, given):
    y, thick, tall = given
    grad = rng.normal(size=y.shape)
    yield "grad_z of a single row", tanh_backward(grad[:1].copy(), y[:1].copy())
    yield "grad_z with one axis", tanh_backward(grad[1].copy(), y[1].copy())
    yield "grad_z with three axes", tanh_backward(rng.normal(size=thick.shape), thick)
    yield "grad_z of many rows", tanh_backward(rng.normal(size=tall.shape), tall)
    yield "grad_z in float32", tanh_backward(grad.astype(np.float32), y.astype(np.float32))
    yield "grad_z of every other column", tanh_backward(grad.copy()[:, ::2], y.copy()[:, ::2])
    yield "grad_z of transposed arrays", tanh_backward(grad.copy().T, y.copy().T)


WHOLE = "grad_output * (1 - y**2)"
CLIPS = "You clip y, or add a small constant to it. Nothing here is divided, so y = 1 and y = -1 do no harm: the slope is 0."
INTO_GRAD_OUTPUT = (
    "You write into grad_output (*= does that): the caller's array changes too. Make a new array."
)
WRITES = "return type('Then', (), {'__lshift__': lambda self, new: (np.copyto(grad_output, new), grad_output)[1]})() <<"
BUGS = [
    Edit("written_into_grad_output", "return", WRITES, hint=INTO_GRAD_OUTPUT),
    Edit("squashes_again", WHOLE, "grad_output * (1 - np.tanh(y) ** 2)",
         hint="You apply tanh to y, which is its output already. The slope is 1 - y**2."),
    Edit("without_grad_output", WHOLE, "1 - y**2",
         hint="That is the slope alone. The chain rule multiplies it by grad_output, which says how the loss depends on y."),
    Edit("passes_everything", WHOLE, "grad_output.copy()",
         hint="You pass the gradient on unchanged. The chain rule multiplies it by the slope of tanh."),
    Edit("not_squared", WHOLE, "grad_output * (1 - y)", hint="The square is missing: the slope of tanh is 1 - y**2."),
    Edit("doubled_instead_of_squared", WHOLE, "grad_output * (1 - y * 2)",
         hint="You double y where it should be squared: y**2 is y * y."),
    Edit("absolute_value", WHOLE, "grad_output * (1 - np.abs(y))", hint="1 - |y| is no slope of tanh: y is squared in it."),
    Edit("cubed", WHOLE, "grad_output * (1 - y**3)", hint="There is a power too many: the slope of tanh is 1 - y**2."),
    Edit("root", WHOLE, "grad_output * np.sqrt(1 - y**2)", hint="There is a root too many: the slope of tanh is 1 - y**2."),
    Edit("square_of_the_difference", WHOLE, "grad_output * (1 - y) ** 2",
         hint="You square 1 - y as a whole. Only y is squared: 1 - y**2."),
    Edit("slope_of_the_sigmoid", WHOLE, "grad_output * y * (1 - y)",
         hint="y * (1 - y) is the slope of the sigmoid. That of tanh is 1 - y**2."),
    Edit("square_only", WHOLE, "grad_output * y**2",
         hint="The slope of tanh is 1 minus the square of y; you multiply by the square itself."),
    Edit("y_only", WHOLE, "grad_output * y", hint="You multiply by y itself; the slope of tanh is 1 - y**2."),
    Edit("wrong_sign", WHOLE, "grad_output * (y**2 - 1)",
         hint="The sign is turned round: tanh rises everywhere, so its slope is never negative."),
    Edit("plus", WHOLE, "grad_output * (1 + y**2)", hint="The slope is 1 minus y squared; yours is 1 plus it."),
    Edit("no_parentheses", WHOLE, "grad_output * 1 - y**2",
         hint="* comes before -: put 1 - y**2 into parentheses."),
    Edit("no_parentheses_but_order", WHOLE, "1 - y**2 * grad_output",
         hint="* comes before -: put 1 - y**2 into parentheses."),
    Edit("added", WHOLE, "grad_output + (1 - y**2)", hint="The chain rule multiplies by the slope; you add it."),
    Edit("divided", WHOLE, "grad_output / (1 - y**2)",
         hint="You divide by the slope. The chain rule multiplies by it."),
    Edit("slope_applied_twice", WHOLE, "grad_output * (1 - y**2) ** 2",
         hint="The slope is multiplied in twice; once is enough."),
    Edit("twice_too_large", WHOLE, "2 * grad_output * (1 - y**2)",
         hint="There is a factor 2 too many. The slope is largest at y = 0, where it is 1."),
    Edit("half", WHOLE, "grad_output * (1 - y**2) / 2",
         hint="There is a factor 1/2 too many. The slope is largest at y = 0, where it is 1."),
    Edit("minus_two_y", WHOLE, "grad_output * -2 * y",
         hint="You differentiated 1 - y**2 once more. It is the slope already: multiply by it."),
    Edit("gate_at_zero", WHOLE, "grad_output * (y > 0)",
         hint="That is the gate of a ReLU. tanh passes every gradient, multiplied by its slope 1 - y**2."),
    Edit("positive_units_only", WHOLE, "grad_output * (1 - y**2) * (y > 0)",
         hint="You pass nothing where y is negative. That is right for a ReLU; tanh has a slope there too."),
    Edit("squared_gradient", WHOLE, "grad_output**2 * (1 - y**2)", hint="grad_output comes in twice; once is enough."),
    Edit("without_signs", WHOLE, "np.abs(grad_output) * (1 - y**2)",
         hint="The gradient loses its sign. Negative entries of grad_output are right as they are."),
    Edit("negative_gradients_cut", WHOLE, "np.maximum(grad_output, 0) * (1 - y**2)",
         hint="You cut off negative gradients. They pass tanh as positive ones do."),
    Edit("averaged", WHOLE, "grad_output * (1 - y**2) / len(y)",
         hint="You divide by the number of rows. The mean is part of the loss, and in grad_output already."),
    Edit("summed_over_the_batch", WHOLE, "(grad_output * (1 - y**2)).sum(axis=0)",
         hint="You add the rows up. Each entry of z has a gradient of its own: the shape stays."),
    Edit("averaged_over_the_batch", WHOLE, "(grad_output * (1 - y**2)).mean(axis=0)",
         hint="You average the rows. Each entry of z has a gradient of its own: the shape stays."),
    Edit("summed", WHOLE, "(grad_output * (1 - y**2)).sum()",
         hint="You add everything up. Each entry of z has a gradient of its own: the shape stays."),
    Edit("matrix_product", WHOLE, "grad_output @ (1 - y**2).T",
         hint="The slope multiplies entry by entry (*). A matrix product (@, np.dot) mixes the entries."),
    Edit("exchanged", WHOLE, "y * (1 - grad_output**2)",
         hint="The arguments are exchanged: grad_output comes first, y second, and the slope is made of y."),
    Edit("slope_of_the_gradient", WHOLE, "grad_output * (1 - grad_output**2)",
         hint="The slope is made of y, the output of tanh; you made it of grad_output."),
    Edit("gradient_squared_too", WHOLE, "1 - (grad_output * y) ** 2",
         hint="The slope 1 - y**2 comes from y alone; grad_output multiplies it from outside."),
    Edit("in_single_precision", WHOLE, "(grad_output * (1 - y**2)).astype(np.float32)",
         hint="You compute in float32, which has 7 digits. Stay with the float64 of the input."),
    Edit("rounds", WHOLE, "np.round(grad_output * (1 - y**2), 4)",
         hint="You round the results. Keep all digits; round only when you print."),
    *(Edit(f"clips_at_{low}", WHOLE, f"grad_output * (1 - np.clip(y, {low} - 1, 1 - {low}) ** 2)", hint=CLIPS)
      for low in (1e-3, 1e-5, 1e-7, 1e-8)),
    *(Edit(f"adds_{low}", WHOLE, f"grad_output * (1 - y**2 + {low})", hint=CLIPS) for low in (1e-5, 1e-7, 1e-8)),
    *(Edit(f"slope_at_least_{low}", WHOLE, f"grad_output * np.maximum(1 - y**2, {low})", hint=CLIPS)
      for low in (1e-3, 1e-6, 1e-8)),
]  # fmt: skip


@bug(INTO_GRAD_OUTPUT)
def into_grad_output(grad_output, y):
    grad_output *= 1 - y**2
    return grad_output


@bug("You write into y: the caller's array changes too. Make a new array.")
def into_y(grad_output, y):
    grad_z = grad_output * (1 - y**2)
    y[...] = grad_z
    return grad_z


@alternative
def multiplied_out(grad_output, y):
    return grad_output - grad_output * y * y


@alternative
def entry_by_entry(grad_output, y):
    grads = [g * (1.0 - t * t) for g, t in zip(grad_output.ravel(), y.ravel(), strict=True)]
    return np.array(grads).reshape(y.shape)


@alternative
def from_the_input_again(grad_output, y):
    with np.errstate(divide="ignore", over="ignore"):
        return grad_output / np.cosh(np.arctanh(y)) ** 2


@alternative
def by_einsum_in_float64(grad_output, y):
    y = y.astype(np.float64)
    return np.einsum("...,...,...->...", grad_output, 1 - y, 1 + y)


@alternative
def through_the_sigmoid(grad_output, y):
    s = (1 + y) / 2
    return 4 * np.multiply(grad_output, s * (1 - s))
