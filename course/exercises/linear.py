"""linear: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def layer(rng, num_rows, num_inputs, num_units):
    """An input, weights and a bias that belong together."""
    return (
        rng.normal(size=(num_rows, num_inputs)) + 0.3,
        rng.normal(size=(num_inputs, num_units)),
        rng.normal(scale=2.0, size=num_units),
    )


@probe(
    "gives each unit its weighted sum of the inputs, plus its bias", points=1, rtol=1e-6, atol=1e-5
)
def ordinary_layers(linear, rng):
    yield "z for a batch", linear(*layer(rng, 5, 3, 7))
    yield "z for a second batch", linear(*layer(rng, 4, 6, 3))
    x, weight, _ = layer(rng, 6, 4, 5)
    yield "z with a bias of 0", linear(x, weight, np.zeros(5))
    x, _, bias = layer(rng, 3, 5, 4)
    yield "z with weights of 0", linear(x, np.zeros((5, 4)), bias)
    yield "z for a single example", linear(*layer(rng, 1, 4, 6))


@probe("keeps examples, inputs and units apart, also where there are as many of each", points=1,
       rtol=1e-6, atol=1e-5)  # fmt: skip
def all_sizes_equal(linear, rng):
    yield "z for 5 examples, 5 inputs and 5 units", linear(*layer(rng, 5, 5, 5))
    yield "z for as many examples as units", linear(*layer(rng, 4, 6, 4))
    yield "z for as many inputs as units", linear(*layer(rng, 3, 6, 6))
    yield "z for as many examples as inputs", linear(*layer(rng, 4, 4, 7))


@probe("keeps all digits, for tiny and for huge numbers too", points=1, atol=1e-20)
def all_digits(linear, rng):
    x, weight, bias = layer(rng, 4, 5, 3)
    steps, heights = np.arange(12.0).reshape(4, 3), np.arange(6.0).reshape(3, 2)
    yield "z for ordinary numbers", linear(x.copy(), weight.copy(), bias.copy())
    yield "z for numbers near 1e-6", linear(1e-6 * x, weight.copy(), 1e-6 * bias)
    yield "z for numbers near 1e6", linear(1e6 * x, weight.copy(), 1e6 * bias)
    yield "z for round numbers, some of them 0", linear(steps, heights, np.array([-20.0, 0.5]))


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-5)  # fmt: skip
def clean_calls(linear, rng):
    first, other = layer(rng, 4, 3, 5), layer(rng, 4, 3, 5)
    copies = [array.copy() for array in first]
    z = linear(*first)
    yield "z", z
    for name, array, copy in zip(("x", "weight", "bias"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "z for another layer", linear(*other)
    yield "the first z, looked at after the second call", [z]
    yield "z for the first layer again", linear(*copies)


@probe("works for any sizes, one input or unit, float32 and parts of larger arrays", points=1,
       hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(linear, rng):
    size = int(rng.integers(3, 8))
    x, weight, bias = layer(rng, size, 2 * size, size + 1)
    single = [array.astype(np.float32) for array in layer(rng, size + 2, size, 3)]
    part = x.copy()[:, ::2], weight.copy()[::2], np.repeat(bias, 2)[::2]
    yield "z for other sizes", linear(x.copy(), weight.copy(), bias.copy())
    yield "z with a single input", linear(*layer(rng, size, 1, size + 2))
    yield "z with a single unit", linear(*layer(rng, size, size + 1, 1))
    yield "z for a single example with one input and unit", linear(*layer(rng, 1, 1, 1))
    yield "z for many examples", linear(*layer(rng, 90, 3, 4))
    yield "z in float32", linear(*single)
    yield "z for parts of arrays", linear(*part)
    yield "z for transposed arrays", linear(x.T.copy().T, weight.T.copy().T, bias.copy())


PRODUCT, PLUS, WHOLE = "x @ weight", " + bias", "x @ weight + bias"
TRANSPOSES = "You transpose weight, which fits square layers only. It has shape (D, H): a row for each input, a column for each unit."
WRONG_WAY = (
    "Where there are as many examples as units, your bias runs down the examples. Each unit, a column, has its own bias: "
    "shape (H,) does that by itself."
)  # fmt: skip
BUGS = [
    Edit("no_bias", PLUS, "", hint="The bias is missing: each unit adds its own to the weighted sum."),
    Edit("no_product", WHOLE, "np.tile(bias, (len(x), 1))",
         hint="You return the bias only. The weighted sum of the inputs comes before it."),
    Edit("bias_subtracted", "+ bias", "- bias", hint="You subtract the bias; it is added."),
    Edit("bias_twice", PLUS, " + 2 * bias", hint="You add the bias twice."),
    Edit("bias_for_each_input", PLUS, " + x.shape[1] * bias",
         hint="You add the bias once for each input (inside of the sum). It is added once, after the sum."),
    Edit("bias_over_inputs", PLUS, " + bias / x.shape[1]",
         hint="You divide the bias by the number of inputs. It is added once, as it is, after the sum."),
    Edit("bias_for_each_example", PLUS, " + len(x) * bias",
         hint="You multiply the bias by the number of examples. Each example gets it once."),
    Edit("bias_over_examples", PLUS, " + bias / len(x)",
         hint="You divide the bias by the number of examples. Each example gets all of it."),
    Edit("bias_multiplied", PLUS, " * bias", hint="You multiply by the bias; it is added."),
    Edit("bias_summed", PLUS, " + bias.sum()",
         hint="You add the sum of all biases to every unit. Each unit has its own."),
    Edit("bias_averaged", PLUS, " + bias.mean()",
         hint="You add the mean of all biases to every unit. Each unit has its own."),
    Edit("first_bias", PLUS, " + bias[0]", hint="You add the first unit's bias to all units. Each has its own."),
    Edit("last_bias", PLUS, " + bias[-1]", hint="You add the last unit's bias to all units. Each has its own."),
    Edit("bias_reversed", PLUS, " + bias[::-1]", hint="Your biases are in reverse order. Column j belongs to bias[j]."),
    Edit("bias_for_the_first_example", WHOLE, "x @ weight + bias * (np.arange(len(x)) == 0)[:, np.newaxis]",
         hint="Only the first example gets the bias. It is the same for all examples."),
    Edit("bias_for_the_first_unit", PLUS, " + bias * (np.arange(len(bias)) == 0)",
         hint="Only the first unit gets its bias. Every unit has one."),
    Edit("bias_without_sign", PLUS, " + np.abs(bias)", hint="You add the bias without its sign. It may be negative."),
    Edit("bias_before_the_product", WHOLE, "(x + np.resize(bias, x.shape[1])) @ weight",
         hint="You add the bias to the inputs. It belongs to the units, after the weighted sum."),
    Edit("bias_on_the_weights", WHOLE, "x @ (weight + bias)",
         hint="You add the bias to the weights, where the inputs multiply it. Add it after the product: look at the "
         "brackets."),
    Edit("bias_down_the_rows", PLUS, " + (bias[:, np.newaxis] if len(x) == len(bias) else bias)", hint=WRONG_WAY),
    Edit("bias_as_a_column", PLUS, " + bias[:, np.newaxis]",
         hint="You turn bias into a column, shape (H, 1), which fits only by chance. As it comes, shape (H,), each unit "
         "gets its own."),
    Edit("weight_transposed", "@ weight", "@ weight.T", hint=TRANSPOSES),
    Edit("weight_transposed_if_square", "@ weight", "@ (weight.T if len(weight) == len(weight.T) else weight)", hint=TRANSPOSES),
    Edit("weight_reshaped", "@ weight", "@ weight.T.reshape(weight.shape)",
         hint="reshape keeps the order of the numbers: it does not turn a transposed matrix back. weight has the right "
         "shape as it comes."),
    Edit("x_transposed_if_square", PRODUCT, "(x.T if len(x) == len(x.T) else x) @ weight",
         hint="You transpose x where it is square. Each row of it is an example."),
    Edit("entry_by_entry", PRODUCT, "(x * np.resize(weight, x.shape)).sum(axis=1, keepdims=True)",
         hint="You multiply entry by entry (*). The weighted sums are a matrix product."),
    Edit("entry_by_entry_if_square", PRODUCT, "(x * weight if x.shape == weight.shape else x @ weight)",
         hint="You multiply entry by entry (*) where the shapes allow it. The weighted sums are a matrix product."),
    Edit("exchanged_if_square", PRODUCT, "(weight @ x if x.shape == weight.shape[::-1] else x @ weight)",
         hint="You multiply weight @ x where the shapes allow it. The order counts: examples are the rows of x."),
    Edit("summed_inputs", PRODUCT, "x.sum(axis=1, keepdims=True) * weight.sum(axis=0)",
         hint="You add inputs and weights up before multiplying. Each input meets its own weight: multiply, then add."),
    Edit("mean_of_the_inputs", PRODUCT, "x @ weight / x.shape[1]",
         hint="You average over the inputs. A unit adds them up."),
    Edit("mean_of_the_examples", PRODUCT, "x @ weight / len(x)",
         hint="You divide by the number of examples. Each example has its own row; nothing is averaged here."),
    Edit("all_divided", WHOLE, f"({WHOLE}) / len(x)",
         hint="You divide by the number of examples. Each example has its own row; nothing is averaged here."),
    Edit("scaled_by_fan_in", PRODUCT, "x @ weight / np.sqrt(x.shape[1])",
         hint="You divide by the root of the number of inputs. That belongs to the initialization of the weights."),
    Edit("one_example_for_all", PRODUCT, "x[:1] @ weight",
         hint="All examples get the numbers of the first. Each has its own inputs."),
    Edit("averaged_batch", PRODUCT, "x.mean(axis=0, keepdims=True) @ weight",
         hint="You average the batch first. Each example has a row of its own in the result."),
    Edit("summed_batch", WHOLE, f"({WHOLE}).sum(axis=0)",
         hint="You add the examples up. Each has a row of its own in the result: shape (N, H)."),
    Edit("summed_units", WHOLE, f"({WHOLE}).sum(axis=1)",
         hint="You add the units up. Each has a column of its own in the result: shape (N, H)."),
    Edit("transposed", WHOLE, f"({WHOLE}).T",
         hint="Your result is transposed: each example gets a row, each unit a column."),
    Edit("transposed_if_square", WHOLE, f"({WHOLE}).T if len(x) == len(bias) else {WHOLE}",
         hint="Where there are as many examples as units, your result is transposed: each example gets a row."),
    Edit("first_row_only", WHOLE, f"({WHOLE}) * (np.arange(len(x)) == 0)[:, np.newaxis]",
         hint="Only the first row is filled: is there a return inside the loop?"),
    Edit("without_the_last_row", WHOLE, f"({WHOLE}) * (np.arange(len(x)) < len(x) - 1)[:, np.newaxis]",
         hint="The last row is 0: does a loop end one too early?"),
    Edit("without_the_last_unit", WHOLE, f"({WHOLE}) * (np.arange(len(bias)) < len(bias) - 1)",
         hint="The last column is 0: does a loop end one too early?"),
    Edit("without_the_last_input", PRODUCT, "x[:, :-1] @ weight[:-1]",
         hint="The last input does not count in your sums: does a loop end one too early?"),
    Edit("without_the_first_input", PRODUCT, "x[:, 1:] @ weight[1:]",
         hint="The first input does not count in your sums. Python counts from 0."),
    Edit("last_input_alone", PRODUCT, "x[:, -1:] @ weight[-1:]",
         hint="Only the last input counts, as if each overwrote the one before. Add them all up."),
    Edit("relu", WHOLE, f"np.maximum({WHOLE}, 0)",
         hint="You apply a ReLU. The linear layer has no activation: its result may be negative."),
    Edit("relu_before_the_bias", PRODUCT, f"np.maximum({PRODUCT}, 0)",
         hint="You apply a ReLU to the weighted sums. The linear layer has no activation."),
    Edit("sigmoid", WHOLE, f"1 / (1 + np.exp(-({WHOLE})))",
         hint="You apply a sigmoid. The linear layer has no activation."),
    Edit("tanh", WHOLE, f"np.tanh({WHOLE})", hint="You apply tanh. The linear layer has no activation."),
    Edit("softmax", WHOLE, f"softmax({WHOLE})", hint="You apply a softmax. The linear layer has no activation."),
    Edit("leaky_relu", WHOLE, f"np.where((z := {WHOLE}) > 0, z, 0.01 * z)",
         hint="You apply a leaky ReLU. The linear layer has no activation."),
    Edit("product_subtracted", WHOLE, f"bias - {PRODUCT}", hint="You subtract the weighted sums; they are added to the bias."),
    Edit("squeezed", WHOLE, f"({WHOLE}).squeeze()",
         hint="A single example or unit loses its axis (squeeze does that). The shape is always (N, H)."),
    Edit("last_example", WHOLE, "x[-1] @ weight + bias",
         hint="You return the last example's row alone, as if each overwrote the one before."),
    Edit("centred", PRODUCT, "(x - x.mean(axis=0)) @ weight",
         hint="You subtract the mean of the inputs first. A linear layer takes them as they are."),
    Edit("negative", WHOLE, f"-({WHOLE})", hint="All signs are turned round."),
    Edit("with_a_cache", WHOLE, f"{WHOLE}, (x, weight)", hint="You return more than z. The task asks for this one array."),
    Edit("rounds", WHOLE, f"({WHOLE}).round(4)", hint="You round the result. Keep all digits; round only when you print."),
]  # fmt: skip


@bug("You write into bias: the caller's array changes too. Make a new array.")
def writes_into_bias(x, weight, bias):
    z = x @ weight + bias
    bias += z.sum(axis=0)
    return z


@bug("You write into x: the caller's array changes too. Make a new array.")
def writes_into_x(x, weight, bias):
    z = x @ weight + bias
    x[:, 0] = z[:, 0]
    return z


@bug("You write into weight: the caller's array changes too. Make a new array.")
def writes_into_weight(x, weight, bias):
    z = x @ weight + bias
    weight[-1] += bias
    return z


@alternative
def unit_by_unit(x, weight, bias):
    z = np.zeros((x.shape[0], weight.shape[1]))
    for n in range(x.shape[0]):
        for h in range(weight.shape[1]):
            z[n, h] = bias[h]
            for d in range(x.shape[1]):
                z[n, h] += x[n, d] * weight[d, h]
    return z


@alternative
def by_einsum(x, weight, bias):
    return np.add(bias, np.einsum("nd,dh->nh", x, weight))


@alternative
def transposed_product(x, weight, bias):
    return (np.dot(weight.T, x.T) + bias[:, None]).T


@alternative
def bias_as_one_more_weight(x, weight, bias):
    with_ones = np.hstack([x.astype(float), np.ones((len(x), 1))])
    return with_ones @ np.vstack([weight, bias])


@alternative
def by_broadcasting(x, weight, bias):
    return (x[:, :, np.newaxis] * weight).sum(axis=1) + np.tile(bias, (len(x), 1))
