"""relu_backward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe(
    "passes the gradient where the unit was on, and nothing where it was off", points=2, rtol=1e-6
)
def ordinary_entries(relu_backward, rng):
    yield "grad_z of a batch", relu_backward(rng.normal(size=(4, 6)), rng.normal(size=(4, 6)))
    second = rng.normal(scale=3.0, size=(7, 3))
    yield "grad_z of a second batch", relu_backward(rng.normal(size=(7, 3)), second)
    yield "grad_z of a square batch", relu_backward(*rng.normal(size=(2, 5, 5)))


@probe("counts the slope at exactly 0 as 0", points=1, rtol=1e-6)
def zeros(relu_backward, rng):
    grad_output, z = rng.normal(size=(2, 4, 3))
    yield "grad_z where no z is 0", relu_backward(grad_output.copy(), z.copy())
    z[1, 2] = z[3, 0] = z[0, 1] = 0.0
    yield "grad_z where three of z are 0", relu_backward(grad_output, z)


@probe(
    "is exact for small and large z, and for small, large and zero gradients", points=1, atol=1e-16
)
def small_and_large(relu_backward, rng):
    sizes = 10.0 ** rng.uniform([-14, -9, -6, -3, 2, 5], [-13, -6, -3, 0, 3, 6], (4, 6))
    z, grad = np.array([[1.0], [-1.0], [1.0], [-1.0]]) * sizes, rng.normal(size=(4, 6))
    gaps = grad.copy()
    gaps[0, 1] = gaps[2, 5] = gaps[3, 2] = 0.0
    yield "grad_z of ordinary units", relu_backward(*rng.normal(size=(2, 3, 5)))
    yield "grad_z for small and large z", relu_backward(grad.copy(), z.copy())
    yield "grad_z where some gradients are 0", relu_backward(gaps, z)
    yield "grad_z for small and large gradients", relu_backward(sizes * np.sign(grad), grad[::-1])


@probe("makes a new array, leaves its arguments as they were, and keeps nothing between calls", points=1,
       rtol=1e-6)  # fmt: skip
def clean_calls(relu_backward, rng):
    grad_output, z = rng.normal(size=(2, 3, 4))
    same_grad, same_z = grad_output.copy(), z.copy()
    yield "grad_z", relu_backward(grad_output, z)
    yield "grad_output unchanged", np.array_equal(grad_output, same_grad)
    yield "z unchanged", np.array_equal(z, same_z)
    yield "grad_z of another batch", relu_backward(*rng.normal(size=(2, 3, 4)))
    yield "grad_z of the first batch again", relu_backward(same_grad, same_z)
    passed = rng.normal(size=(2, 3))
    grad_z = relu_backward(passed, rng.uniform(1, 2, size=(2, 3)))
    yield "grad_z where all units are on", grad_z.copy()
    same_passed = passed.copy()
    grad_z += 1.0
    yield "grad_z being an array of its own", np.array_equal(passed, same_passed)


@probe("works for any shape, float32 and part of a larger array", points=1, hidden=True, rtol=1e-6)
def unusual_input(relu_backward, rng):
    size = int(rng.integers(5, 9))
    grad, z = rng.normal(size=(2, size, 2 * size + 5))
    yield "grad_z of a single row", relu_backward(grad[:1].copy(), z[:1].copy())
    yield "grad_z with one axis", relu_backward(grad[1].copy(), z[1].copy())
    yield "grad_z with three axes", relu_backward(*rng.normal(size=(2, 2, 3, size)))
    yield "grad_z of many rows", relu_backward(*rng.normal(size=(2, 90, 2)))
    yield "grad_z where all units are on", relu_backward(grad.copy(), np.abs(z))
    yield "grad_z where all units are off", relu_backward(grad.copy(), -np.abs(z))
    yield "grad_z in float32", relu_backward(grad.astype(np.float32), z.astype(np.float32))
    yield "grad_z of every other column", relu_backward(grad.copy()[:, ::2], z.copy()[:, ::2])
    yield "grad_z of transposed arrays", relu_backward(grad.copy().T, z.copy().T)


WHOLE = "np.where(z.real <= 0, 0, grad_output)"
SHAPE = "Each entry of z has a gradient of its own: the shape stays."
THRESHOLD = "The threshold is 0: a unit is on where z > 0, however small z is."
SLOPE = "A ReLU's slope is 1 where z > 0 and 0 elsewhere; yours is another number."
INTO_GRAD_OUTPUT = "You write into grad_output (grad_output[z <= 0] = 0 and *= do that): the caller's array changes too. Make a copy first."
WRITES = "return type('Then', (), {'__lshift__': lambda self, new: (np.copyto(grad_output, new), grad_output)[1]})() <<"
BUGS = [
    Edit("written_into_grad_output", "return", WRITES, hint=INTO_GRAD_OUTPUT),
    Edit("passes_everything", WHOLE, "grad_output.copy()",
         hint="You pass the gradient on everywhere. Where the unit was off (z is not positive) the slope is 0."),
    Edit("gate_of_the_gradient", WHOLE, "np.where(grad_output <= 0, 0, grad_output)",
         hint="The sign of grad_output decides in your code. The gate was set on the way forward, by z."),
    Edit("both_gates", WHOLE, "np.where((z <= 0) | (grad_output <= 0), 0, grad_output)",
         hint="You also cut off negative gradients. Where z > 0 a negative gradient passes as it is."),
    Edit("slope_one_at_zero", WHOLE, "np.where(z < 0, 0, grad_output)",
         hint="At exactly 0 your slope is 1. The task counts it as 0: the gate is z > 0, not z >= 0."),
    Edit("half_at_zero", WHOLE, "grad_output * np.heaviside(z, 0.5)",
         hint="At exactly 0 your slope is one half. The task counts it as 0."),
    Edit("nan_at_zero", WHOLE, "grad_output * np.maximum(z, 0) / z",
         hint="You divide by z, which may be 0. A comparison with 0 gives the gate without a division."),
    Edit("gate_the_wrong_way_round", WHOLE, "np.where(z < 0, grad_output, 0)",
         hint="The gate is the wrong way round: you pass the gradient where the unit was off."),
    Edit("wrong_way_round_with_zero", WHOLE, "np.where(z <= 0, grad_output, 0)",
         hint="The gate is the wrong way round: you pass the gradient where the unit was off."),
    Edit("gate_not_zero", WHOLE, "np.where(z != 0, grad_output, 0)",
         hint="You close the gate only where z is exactly 0. It is closed for negative z, too."),
    Edit("gate_alone", WHOLE, "np.where(z <= 0, 0.0, 1.0)",
         hint="That is the slope alone. The chain rule multiplies it by grad_output."),
    Edit("output_again", WHOLE, "np.where(z <= 0, 0, z)",
         hint="You return the output of the ReLU. What passes the gate here is grad_output."),
    Edit("multiplied_by_the_output", WHOLE, "grad_output * np.maximum(z, 0)",
         hint="You multiply by z where the unit is on. The slope there is 1, however large z is."),
    Edit("multiplied_by_z", WHOLE, "grad_output * z",
         hint="You multiply by z. The slope is 1 where z > 0 and 0 elsewhere."),
    Edit("sign_as_slope", WHOLE, "grad_output * np.sign(z)",
         hint="Your slope for negative z is -1 (that of the absolute value). It is 0."),
    Edit("exchanged", WHOLE, "np.where(grad_output <= 0, 0, z)",
         hint="The arguments are exchanged: grad_output comes first, and z decides where it passes."),
    Edit("limits_the_product", WHOLE, "np.maximum(grad_output * z, 0)",
         hint="You apply a ReLU to the product. The gate comes from z alone, and what passes is grad_output."),
    *(Edit(f"leaks_{slope}", WHOLE, f"np.where(z <= 0, {slope} * grad_output, grad_output)",
           hint="A small part of the gradient leaks through where the unit was off: that is a leaky ReLU. Here nothing "
           "passes.") for slope in (0.01, 0.1, 0.2)),
    Edit("leaks_at_zero", WHOLE, "np.where(z < 0, 0, np.where(z == 0, 0.01 * grad_output, grad_output))",
         hint="At exactly 0 something leaks through. The task counts the slope there as 0."),
    *(Edit(f"threshold_{limit}", WHOLE, f"np.where(z <= {limit}, 0, grad_output)", hint=THRESHOLD)
      for limit in (1.0, 0.5, 0.1, 1e-2, 1e-3, 1e-5, 1e-6, 1e-7, 1e-8)),
    Edit("threshold_minus_one", WHOLE, "np.where(z <= -1, 0, grad_output)",
         hint="Your gate opens at -1; it opens at 0. (Was z turned into whole numbers?)"),
    *(Edit(f"closed_above_{limit}", WHOLE, f"np.where((z <= 0) | (z >= {limit}), 0, grad_output)",
           hint="You close the gate for large z as well (that fits a clipped ReLU). Where z > 0 the gradient always passes.")
      for limit in (1, 6)),
    Edit("wrong_sign", WHOLE, "np.where(z <= 0, 0, -grad_output)",
         hint="The sign is turned round: the slope of an open gate is 1."),
    Edit("lost_signs", WHOLE, "np.where(z <= 0, 0, np.abs(grad_output))",
         hint="The gradient loses its sign. Where z > 0 it passes as it is."),
    Edit("minus_one_off", WHOLE, "np.where(z <= 0, -1, grad_output)",
         hint="Where the unit was off you give -1; nothing passes there: 0."),
    Edit("slope_for_off_one", WHOLE, "np.where(z <= 0, 1, grad_output)",
         hint="Where the unit was off you give 1; nothing passes there: 0."),
    Edit("twice_too_large", WHOLE, "np.where(z <= 0, 0, 2 * grad_output)", hint=SLOPE),
    Edit("half", WHOLE, "np.where(z <= 0, 0, grad_output / 2)", hint=SLOPE),
    Edit("squared_gradient", WHOLE, "np.where(z <= 0, 0, grad_output**2)",
         hint="grad_output comes in twice; once is enough."),
    Edit("slope_of_the_sigmoid", WHOLE, "grad_output / (2 + np.exp(-z) + np.exp(z))",
         hint="That is the slope of a sigmoid. A ReLU's is 1 where z > 0 and 0 elsewhere."),
    Edit("slope_of_softplus", WHOLE, "grad_output / (1 + np.exp(-z))",
         hint="That is the slope of a softplus. A ReLU's is 1 where z > 0 and 0 elsewhere."),
    Edit("slope_of_tanh", WHOLE, "grad_output * (1 - np.tanh(z) ** 2)",
         hint="That is the slope of tanh. A ReLU's is 1 where z > 0 and 0 elsewhere."),
    Edit("averaged", WHOLE, "np.where(z <= 0, 0, grad_output) / len(z)",
         hint="You divide by the number of rows. The mean is part of the loss, and in grad_output already."),
    Edit("divided_by_the_open_gates", WHOLE, "np.where(z <= 0, 0, grad_output) / max((z > 0).mean(), 1e-12)",
         hint="You divide by the fraction of units that are on, as dropout does. A ReLU scales nothing."),
    Edit("whole_rows", WHOLE, "np.where(z.sum(axis=-1, keepdims=True) <= 0, 0, grad_output)",
         hint="You open or close whole rows. Every entry of z decides for itself."),
    Edit("first_rows_gate", WHOLE, "np.where(z[0] <= 0, 0, grad_output)",
         hint="You use the first row's gate for all rows. Every entry of z decides for itself."),
    Edit("summed_over_the_batch", WHOLE, "np.where(z <= 0, 0, grad_output).sum(axis=0)", hint="You add the rows up. " + SHAPE),
    Edit("averaged_over_the_batch", WHOLE, "np.where(z <= 0, 0, grad_output).mean(axis=0)", hint="You average the rows. " + SHAPE),
    Edit("summed", WHOLE, "np.where(z <= 0, 0, grad_output).sum()", hint="You add everything up. " + SHAPE),
    Edit("drops_the_rest", WHOLE, "grad_output[z > 0]",
         hint="grad_output[z > 0] leaves the other entries out. Put 0 in their place: the shape stays."),
    Edit("if_for_an_array", WHOLE, "grad_output if z > 0 else 0",
         hint="if z > 0 asks one question about a whole array, which has no single answer. z > 0 alone compares entry by entry: "
         "use it as a gate."),
    Edit("matrix_product", WHOLE, "grad_output @ (z > 0).T",
         hint="The gate multiplies entry by entry (*). A matrix product (@, np.dot) mixes the entries."),
    Edit("in_single_precision", WHOLE, "np.where(z <= 0, 0, grad_output).astype(np.float32)",
         hint="You turn the numbers into float32, which has 7 digits. Stay with the float64 of the input."),
    Edit("rounds", WHOLE, "np.round(np.where(z <= 0, 0, grad_output), 4)",
         hint="You round the results. Keep all digits; round only when you print."),
    Edit("whole_numbers", WHOLE, "np.where(z <= 0, 0, grad_output).astype(int)",
         hint="You cut the gradient down to whole numbers (int). Only the gate is made of 0 and 1."),
]  # fmt: skip


@bug(INTO_GRAD_OUTPUT)
def into_grad_output(grad_output, z):
    grad_output[z <= 0] = 0
    return grad_output


INTO_Z = "You write into z (z[z > 0] = 1 does that): the caller's array changes too. Make a new array for the gate."


@bug(INTO_Z)
def gate_into_z(grad_output, z):
    z[z <= 0] = 0
    z[z > 0] = 1
    return grad_output * z


@bug("Where all units are on you return grad_output itself, so that whoever changes the result changes it too. Make a new array.")  # fmt: skip
def itself_if_all_on(grad_output, z):
    return grad_output if (z > 0).all() else grad_output * (z > 0)


@alternative
def by_a_gate(grad_output, z):
    return grad_output * (z > 0)


@alternative
def on_a_copy(grad_output, z):
    grad_z = np.array(grad_output, dtype=np.float64)
    grad_z[z <= 0] = 0
    return grad_z


@alternative
def by_heaviside(grad_output, z):
    return np.heaviside(z, 0.0) * grad_output


@alternative
def entry_by_entry(grad_output, z):
    pairs = zip(grad_output.ravel(), z.ravel(), strict=True)
    return np.array([g if v > 0 else 0.0 for g, v in pairs]).reshape(z.shape)


@alternative
def by_the_output(grad_output, z):
    return grad_output * np.sign(np.maximum(z, 0))


@alternative
def by_choice(grad_output, z):
    return np.select([z > 0, z <= 0], [grad_output, np.zeros_like(grad_output)])
