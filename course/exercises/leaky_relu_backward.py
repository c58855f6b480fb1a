"""leaky_relu_backward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, Wrong, alternative, bug, probe


@probe(
    "passes the gradient where z is positive, and 0.01 of it elsewhere, unless told otherwise",
    points=1,
)
def default_slope(leaky_relu_backward, rng):
    second = rng.normal(scale=3.0, size=(7, 3))
    yield "grad_z of a batch", leaky_relu_backward(*rng.normal(size=(2, 4, 6)))
    yield "grad_z of a second batch", leaky_relu_backward(rng.normal(size=(7, 3)), second)
    yield "grad_z of a square batch", leaky_relu_backward(*rng.normal(size=(2, 5, 5)))


@probe("uses the slope that it is given", points=1)
def given_slopes(leaky_relu_backward, rng):
    slope, (grad_output, z) = rng.uniform(0.25, 0.45), rng.normal(size=(2, 5, 4))
    thin, thick = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 5, 4))
    yield "grad_z for the default slope", leaky_relu_backward(*rng.normal(size=(2, 3, 5)))
    yield "grad_z for negative_slope=0.2", leaky_relu_backward(grad_output, z, negative_slope=0.2)
    yield "grad_z for a slope given by position", leaky_relu_backward(*thick, slope)
    yield "grad_z for negative_slope=0", leaky_relu_backward(*thin, negative_slope=0.0)
    yield "grad_z for the default slope once more", leaky_relu_backward(*rng.normal(size=(2, 2, 6)))


@probe("counts the slope at exactly 0 as negative_slope", points=1, rtol=1e-6)
def zeros(leaky_relu_backward, rng):
    grad_output, z = rng.normal(size=(2, 4, 3))
    yield "grad_z where no z is 0", leaky_relu_backward(grad_output.copy(), z.copy(), 0.3)
    z[1, 2] = z[3, 0] = z[0, 1] = 0.0
    yield "grad_z where three of z are 0", leaky_relu_backward(grad_output.copy(), z.copy(), 0.3)
    yield "grad_z where z is 0, by default", leaky_relu_backward(grad_output, z)


@probe("is exact for small and large z, and for small, large and zero gradients", points=1,
       atol=1e-16)  # fmt: skip
def small_and_large(leaky_relu_backward, rng):
    sizes = 10.0 ** rng.uniform([-14, -9, -6, -3, 2, 5], [-13, -6, -3, 0, 3, 6], (4, 6))
    z, grad = np.array([[1.0], [-1.0], [1.0], [-1.0]]) * sizes, rng.normal(size=(4, 6))
    gaps, other = grad.copy(), sizes * np.sign(grad)
    gaps[0, 1] = gaps[2, 5] = gaps[3, 2] = 0.0
    yield "grad_z of ordinary units", leaky_relu_backward(*rng.normal(size=(2, 3, 5)))
    yield "grad_z for small and large z", leaky_relu_backward(grad.copy(), z.copy())
    yield "grad_z where some gradients are 0", leaky_relu_backward(gaps, z, 0.15)
    yield "grad_z for small and large gradients", leaky_relu_backward(other, grad[::-1])


@probe("makes a new array, leaves its arguments as they were, and keeps nothing between calls", points=1,
       rtol=1e-6)  # fmt: skip
def clean_calls(leaky_relu_backward, rng):
    grad_output, z = rng.normal(size=(2, 3, 4))
    same_grad, same_z = grad_output.copy(), z.copy()
    yield "grad_z", leaky_relu_backward(grad_output, z)
    yield "grad_output unchanged", np.array_equal(grad_output, same_grad)
    yield "z unchanged", np.array_equal(z, same_z)
    yield "grad_z of another batch", leaky_relu_backward(*rng.normal(size=(2, 3, 4)))
    yield "grad_z of the first batch again", leaky_relu_backward(same_grad, same_z)
    passed = rng.normal(size=(2, 3))
    grad_z = leaky_relu_backward(passed, rng.uniform(1, 2, size=(2, 3)))
    yield "grad_z where all z are positive", grad_z.copy()
    same_passed = passed.copy()
    grad_z += 1.0
    yield "grad_z being an array of its own", np.array_equal(passed, same_passed)


@probe("works for any shape, float32 and part of a larger array", points=1, hidden=True, rtol=1e-5)
def unusual_input(leaky_relu_backward, rng):
    size, slope = int(rng.integers(5, 9)), rng.uniform(0.05, 0.45)
    grad, z = rng.normal(size=(2, size, 2 * size + 5))
    thick, tall = rng.normal(size=(2, 2, 3, size)), rng.normal(size=(2, 90, 2))
    wide, part = (grad.copy().T, z.copy().T), (grad.copy()[:, ::2], z.copy()[:, ::2])
    small = grad.astype(np.float32), z.astype(np.float32)
    yield "grad_z of a single row", leaky_relu_backward(grad[:1].copy(), z[:1].copy(), slope)
    yield "grad_z with one axis", leaky_relu_backward(grad[1].copy(), z[1].copy(), slope)
    yield "grad_z with three axes", leaky_relu_backward(*thick, slope)
    yield "grad_z of many rows", leaky_relu_backward(*tall, negative_slope=slope)
    yield "grad_z where all z are positive", leaky_relu_backward(grad.copy(), np.abs(z), slope)
    yield "grad_z where all z are negative", leaky_relu_backward(grad.copy(), -np.abs(z), slope)
    yield "grad_z in float32", leaky_relu_backward(*small, negative_slope=0.25)
    yield "grad_z of every other column", leaky_relu_backward(*part)
    yield "grad_z of transposed arrays", leaky_relu_backward(*wide, slope)


def then(change):
    """What stands before the result `y` to change it, so that the rest stays free for a second mistake."""
    return f"return type('Then', (), {{'__lshift__': lambda self, y: {change}}})() <<"


RETURN, WHOLE = "return", "np.where(z.real > 0, grad_output, negative_slope * grad_output)"
RIGHT = "np.where(z > 0, grad_output, negative_slope * grad_output)"
GATE, ABOVE, BELOW = "z.real > 0", ", grad_output,", "negative_slope * grad_output"
SHAPE = "Each entry of z has a gradient of its own: the shape stays."
THRESHOLD = "The threshold is 0: the whole gradient passes where z > 0, however small z is, and the slope's part elsewhere."
INTO_GRAD_OUTPUT = "You write into grad_output (grad_output[z <= 0] *= ... does that): the caller's array changes too. Make a copy first."
WRITES = "return type('Then', (), {'__lshift__': lambda self, new: (np.copyto(grad_output, new), grad_output)[1]})() <<"
BUGS = [
    Edit("written_into_grad_output", "return", WRITES, hint=INTO_GRAD_OUTPUT),
    Edit("passes_everything", WHOLE, "grad_output.copy()",
         hint="You pass the gradient on unchanged. Where z is not positive it is multiplied by negative_slope."),
    Edit("plain_relu", BELOW, "0",
         hint="Nothing passes where z is not positive: that is a plain ReLU. A leaky one passes negative_slope times the "
         "gradient."),
    Edit("slope_everywhere", WHOLE, "negative_slope * grad_output",
         hint="You multiply every entry by negative_slope. Where z > 0 the slope is 1."),
    Edit("sides_exchanged", WHOLE, "np.where(z > 0, negative_slope * grad_output, grad_output)",
         hint="The sides are exchanged: the gradient shrinks where z is not positive."),
    Edit("gate_of_the_gradient", GATE, "grad_output > 0",
         hint="The sign of grad_output decides in your code (you may have called leaky_relu on it). It is z that decides."),
    Edit("both_gates", GATE, "(z > 0) & (grad_output > 0)",
         hint="You also shrink negative gradients. Where z > 0 a negative gradient passes as it is."),
    Edit("slope_one_at_zero", GATE, "z >= 0",
         hint="At exactly 0 your slope is 1. The task counts it as negative_slope: compare with z > 0, not z >= 0."),
    Edit("nothing_at_zero", WHOLE, "((z > 0) + negative_slope * (z < 0)) * grad_output",
         hint="At exactly 0 nothing passes: both comparisons leave z == 0 out. The task counts the slope there as "
         "negative_slope."),
    Edit("both_at_zero", WHOLE, "((z >= 0) + negative_slope * (z <= 0)) * grad_output",
         hint="At exactly 0 both of your cases count, and their slopes add up. Only negative_slope counts there."),
    Edit("mean_slope_at_zero", WHOLE, "(np.heaviside(z, 0.5) + negative_slope * np.heaviside(-z, 0.5)) * grad_output",
         hint="At exactly 0 you take the middle of both slopes. The task counts the slope there as negative_slope."),
    Edit("nan_at_zero", WHOLE, "grad_output * np.where(z > 0, z, negative_slope * z) / z",
         hint="You divide by z, which may be 0. A comparison with 0 gives the slope without a division."),
    Edit("slope_alone", WHOLE, "np.where(z > 0, 1.0, negative_slope)",
         hint="That is the slope alone. The chain rule multiplies it by grad_output."),
    Edit("without_gradient_below", BELOW, "negative_slope",
         hint="Where z is not positive you give the slope itself. It is still to be multiplied by grad_output."),
    Edit("without_gradient_above", ABOVE, ", 1,",
         hint="Where z is positive you give 1, the slope itself. It is still to be multiplied by grad_output."),
    Edit("z_below", BELOW, "negative_slope * z",
         hint="Where z is not positive you multiply the slope by z, as on the way forward. Here it multiplies grad_output."),
    Edit("output_again", WHOLE, "np.where(z > 0, z, negative_slope * z)",
         hint="You return the output of leaky_relu. What is multiplied by the slope here is grad_output."),
    Edit("multiplied_by_the_output", WHOLE, "grad_output * np.where(z > 0, z, negative_slope * z)",
         hint="You multiply by the output of leaky_relu. Multiply by its slope: 1 or negative_slope, however large z is."),
    Edit("z_times_slope_below", WHOLE, "grad_output * np.where(z > 0, 1, negative_slope * z)",
         hint="There is a z left over where z is not positive. The slope there is negative_slope alone."),
    Edit("of_the_leaky_product", WHOLE, "np.where(grad_output * z > 0, grad_output * z, negative_slope * grad_output * z)",
         hint="You apply the leaky ReLU to the product of both arguments. z only decides; what passes is grad_output."),
    Edit("exchanged", WHOLE, "np.where(grad_output > 0, z, negative_slope * z)",
         hint="The arguments are exchanged: grad_output comes first, and z decides where it shrinks."),
    Edit("one_sign_too_many", BELOW, "-negative_slope * grad_output",
         hint="Where z is not positive your slope is negative. A leaky ReLU rises on both sides."),
    Edit("wrong_sign", RETURN, then("-y"), hint="The sign is turned round: both slopes of a leaky ReLU are positive."),
    Edit("lost_signs", WHOLE, RIGHT.replace("grad_output", "np.abs(grad_output)"),
         hint="The gradient loses its sign. Negative entries of grad_output are right as they are."),
    Edit("slopes_added", WHOLE, "((z > 0) + negative_slope) * grad_output",
         hint="The slope is added where z is positive too: 1 + negative_slope. It is 1 there."),
    Edit("leak_on_top", BELOW, "(1 + negative_slope) * grad_output",
         hint="Where z is not positive you pass 1 + negative_slope. It is negative_slope alone."),
    Edit("leak_taken_away", BELOW, "(1 - negative_slope) * grad_output",
         hint="Where z is not positive you pass 1 - negative_slope. It is negative_slope."),
    Edit("slope_added", BELOW, "grad_output + negative_slope",
         hint="You add the slope. The chain rule multiplies by it."),
    Edit("divides", BELOW, "grad_output / negative_slope",
         hint="You divide by the slope, so that the gradient grows. Multiply by it."),
    Edit("squared_slope", BELOW, "negative_slope**2 * grad_output",
         hint="The slope is multiplied in twice; once is enough."),
    Edit("squared_gradient", WHOLE, RIGHT.replace("grad_output", "grad_output**2"),
         hint="grad_output comes in twice; once is enough."),
    Edit("twice_too_large", RETURN, then("2 * y"), hint="There is a factor 2 too many: where z > 0 the slope is 1."),
    Edit("always_the_default", BELOW, "0.01 * grad_output",
         hint="The slope 0.01 is written into your code. Use the argument negative_slope; 0.01 is only its default."),
    Edit("zero_taken_for_missing", BELOW, "(negative_slope or 0.01) * grad_output",
         hint="negative_slope=0 is a value like any other (a plain ReLU). Your code takes it for missing and uses 0.01."),
    Edit("threshold_is_the_slope", GATE, "z > negative_slope",
         hint="You compare z with the slope. Compare it with 0."),
    *(Edit(f"threshold_{limit}", GATE, f"z > {limit}", hint=THRESHOLD)
      for limit in (1.0, 0.5, 0.1, 1e-3, 1e-5, 1e-6, 1e-8, -0.1, -1.0)),
    *(Edit(f"shrinks_above_{limit}", GATE, f"(z > 0) & (z < {limit})",
           hint="You shrink the gradient for large z as well. Where z > 0 it always passes whole.") for limit in (1, 6)),
    Edit("whole_rows", GATE, "z.sum(axis=-1, keepdims=True) > 0",
         hint="You decide for whole rows. Every entry of z decides for itself."),
    Edit("first_rows_gate", GATE, "z[0] > 0",
         hint="You use the first row's gate for all rows. Every entry of z decides for itself."),
    Edit("slope_of_elu", BELOW, "negative_slope * np.exp(np.minimum(z, 0)) * grad_output",
         hint="Your slope below 0 fades away: that is an ELU. A leaky ReLU is straight, with the slope negative_slope."),
    Edit("averaged", RETURN, then("y / len(z)"),
         hint="You divide by the number of rows. The mean is part of the loss, and in grad_output already."),
    Edit("summed_over_the_batch", WHOLE, f"{RIGHT}.sum(axis=0)", hint="You add the rows up. " + SHAPE),
    Edit("averaged_over_the_batch", WHOLE, f"{RIGHT}.mean(axis=0)", hint="You average the rows. " + SHAPE),
    Edit("summed", WHOLE, f"{RIGHT}.sum()", hint="You add everything up. " + SHAPE),
    Edit("if_for_an_array", WHOLE, "grad_output if z > 0 else negative_slope * grad_output",
         hint="if z > 0 asks one question about a whole array, which has no single answer. np.where(z > 0, ..., ...) decides "
         "entry by entry."),
    Edit("matrix_product", WHOLE, "grad_output @ np.where(z > 0, 1, negative_slope).T",
         hint="The slope multiplies entry by entry (*). A matrix product (@, np.dot) mixes the entries."),
    Edit("in_single_precision", RETURN, then("y.astype(np.float32)"),
         hint="You turn the numbers into float32, which has 7 digits. Stay with the float64 of the input."),
    Edit("rounds", RETURN, then("np.round(y, 4)"),
         hint="You round the results. Keep all digits; round only when you print."),
    *(Wrong(f"default_{other}", lambda grad_output, z, negative_slope=other: np.where(z > 0, 1, negative_slope) * grad_output,
            hint="Without the argument your function uses another slope than 0.01: leave the default in the def line as it is.")
      for other in (0.1, 0.2, 0.3, 0.001)),
]  # fmt: skip


@bug(INTO_GRAD_OUTPUT)
def into_grad_output(grad_output, z, negative_slope=0.01):
    grad_output[z <= 0] *= negative_slope
    return grad_output


@bug("You write into z (z[z > 0] = 1 does that): the caller's array changes too. Make a new array for the slopes.")  # fmt: skip
def slopes_into_z(grad_output, z, negative_slope=0.01):
    z[...] = np.where(z > 0, 1, negative_slope)
    return grad_output * z


@bug("After z[z <= 0] = negative_slope these entries are positive, and z[z > 0] = 1 overwrites them. (The caller's z "
     "changes as well.) Make a new array for the slopes.")  # fmt: skip
def second_comparison_sees_the_first(grad_output, z, negative_slope=0.01):
    z[z <= 0] = negative_slope
    z[z > 0] = 1
    return grad_output * z


@bug("Where all z are positive you return grad_output itself, so that whoever changes the result changes it too. Make a new array.")  # fmt: skip
def itself_if_all_on(grad_output, z, negative_slope=0.01):
    return grad_output if (z > 0).all() else np.where(z > 0, 1, negative_slope) * grad_output


@alternative
def by_slopes(grad_output, z, negative_slope=0.01):
    return grad_output * np.where(z > 0, 1, negative_slope)


@alternative
def on_a_copy(grad_output, z, negative_slope=0.01):
    grad_z = np.array(grad_output, dtype=np.float64)
    grad_z[z <= 0] *= negative_slope
    return grad_z


@alternative
def two_gates(grad_output, z, negative_slope=0.01):
    return grad_output * (z > 0) + negative_slope * grad_output * (z <= 0)


@alternative
def entry_by_entry(grad_output, z, negative_slope=0.01):
    pairs = zip(grad_output.ravel(), z.ravel(), strict=True)
    return np.array([g if v > 0 else negative_slope * g for g, v in pairs]).reshape(z.shape)


@alternative
def what_is_added(grad_output, z, negative_slope=0.01):
    return negative_slope * grad_output + (1 - negative_slope) * np.heaviside(z, 0) * grad_output
