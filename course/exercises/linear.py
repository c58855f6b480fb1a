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


@probe("keeps all digits, for tiny, huge and whole numbers too", points=1, atol=1e-20)
def all_digits(linear, rng):
    x, weight, bias = layer(rng, 4, 5, 3)
    steps, heights = np.arange(12.0).reshape(4, 3), np.arange(6.0).reshape(3, 2)
    yield "z for ordinary numbers", linear(x.copy(), weight.copy(), bias.copy())
    yield "z for numbers near 1e-6", linear(1e-6 * x, weight.copy(), 1e-6 * bias)
    yield "z for numbers near 1e6", linear(1e6 * x, weight.copy(), 1e6 * bias)
    yield "z for round numbers, some of them 0", linear(steps, heights, np.array([-20.0, 0.5]))
    yield "z for an x of whole numbers (int)", linear(rng.integers(-9, 10, (4, 5)), weight, bias)


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-5)  # fmt: skip
def clean_calls(linear, rng):
    first, other = layer(rng, 4, 3, 5), layer(rng, 4, 3, 5)
    copies = [array.copy() for array in first]
    z = linear(*first)
    for name, array, copy in zip(("x", "weight", "bias"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "z", z
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


def then(change):
    """What stands before x @ weight + bias to change its sum z, so that both parts stay free for a second mistake."""
    return f"return type('Then', (), {{'__lshift__': lambda self, z: {change}}})() <<"


PRODUCT, PLUS, BIAS, WHOLE, RETURN = "x @ weight", " + bias", "bias", "x @ weight + bias", "return"
SCALED = "You scale x first. A linear layer takes its inputs as they are."
TRANSPOSES = "You transpose weight, which fits square layers only. It has shape (D, H): a row for each input, a column for each unit."
WRONG_WAY = (
    "Where there are as many examples as units, your bias runs down the examples. Each unit, a column, has its own bias: "
    "shape (H,) does that by itself."
)  # fmt: skip
BUGS = [
    Edit("no_bias", PLUS, "", hint="The bias is missing: each unit adds its own to the weighted sum."),
    Edit("no_product", WHOLE, "np.tile(bias, (len(x), 1))",
         hint="You return the bias only. The weighted sum of the inputs comes before it."),
    Edit("bias_subtracted", "+", "-", hint="You subtract the bias; it is added."),
    Edit("bias_twice", BIAS, "2 * bias", hint="You add the bias twice."),
    Edit("bias_for_each_input", BIAS, "x.shape[1] * bias",
         hint="You add the bias once for each input (inside of the sum). It is added once, after the sum."),
    Edit("bias_over_inputs", BIAS, "bias / x.shape[1]",
         hint="You divide the bias by the number of inputs. It is added once, as it is, after the sum."),
    Edit("bias_for_each_example", BIAS, "len(x) * bias",
         hint="You multiply the bias by the number of examples. Each example gets it once."),
    Edit("bias_over_examples", BIAS, "bias / len(x)",
         hint="You divide the bias by the number of examples. Each example gets all of it."),
    Edit("bias_multiplied", "+", "*", hint="You multiply by the bias; it is added."),
    Edit("bias_summed", BIAS, "bias.sum()",
         hint="You add the sum of all biases to every unit. Each unit has its own."),
    Edit("bias_averaged", BIAS, "bias.mean()",
         hint="You add the mean of all biases to every unit. Each unit has its own."),
    Edit("first_bias", BIAS, "bias[0]", hint="You add the first unit's bias to all units. Each has its own."),
    Edit("last_bias", BIAS, "bias[-1]", hint="You add the last unit's bias to all units. Each has its own."),
    Edit("bias_reversed", BIAS, "bias[::-1]", hint="Your biases are in reverse order. Column j belongs to bias[j]."),
    Edit("bias_for_the_first_example", WHOLE, "x @ weight + bias * (np.arange(len(x)) == 0)[:, np.newaxis]",
         hint="Only the first example gets the bias. It is the same for all examples."),
    Edit("bias_for_the_first_unit", BIAS, "bias * (np.arange(len(bias)) == 0)",
         hint="Only the first unit gets its bias. Every unit has one."),
    Edit("bias_without_sign", BIAS, "np.abs(bias)", hint="You add the bias without its sign. It may be negative."),
    Edit("bias_before_the_product", WHOLE, "(x + np.resize(bias, x.shape[1])) @ weight",
         hint="You add the bias to the inputs. It belongs to the units, after the weighted sum."),
    Edit("bias_on_the_weights", WHOLE, "x @ (weight + bias)",
         hint="You add the bias to the weights, where the inputs multiply it. Add it after the product: look at the "
         "brackets."),
    Edit("bias_down_the_rows", BIAS, "(bias[:, np.newaxis] if len(x) == len(bias) else bias)", hint=WRONG_WAY),
    Edit("bias_as_a_column", BIAS, "bias[:, np.newaxis]",
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
    Edit("all_divided", RETURN, then("z / len(x)"),
         hint="You divide by the number of examples. Each example has its own row; nothing is averaged here."),
    Edit("scaled_by_fan_in", PRODUCT, "x @ weight / np.sqrt(x.shape[1])",
         hint="You divide by the root of the number of inputs. That belongs to the initialization of the weights."),
    Edit("one_example_for_all", PRODUCT, "x[:1] @ weight",
         hint="All examples get the numbers of the first. Each has its own inputs."),
    Edit("averaged_batch", PRODUCT, "x.mean(axis=0, keepdims=True) @ weight",
         hint="You average the batch first. Each example has a row of its own in the result."),
    Edit("summed_batch", RETURN, then("z.sum(axis=0)"),
         hint="You add the examples up. Each has a row of its own in the result: shape (N, H)."),
    Edit("summed_units", RETURN, then("z.sum(axis=1)"),
         hint="You add the units up. Each has a column of its own in the result: shape (N, H)."),
    Edit("transposed", RETURN, then("z.T"),
         hint="Your result is transposed: each example gets a row, each unit a column."),
    Edit("transposed_if_square", WHOLE, f"({WHOLE}).T if len(x) == len(bias) else {WHOLE}",
         hint="Where there are as many examples as units, your result is transposed: each example gets a row."),
    Edit("first_row_only", RETURN, then("z * (np.arange(len(z)) == 0)[:, np.newaxis]"),
         hint="Only the first row is filled: is there a return inside the loop?"),
    Edit("without_the_last_row", RETURN, then("z * (np.arange(len(z)) < len(z) - 1)[:, np.newaxis]"),
         hint="The last row is 0: does a loop end one too early?"),
    Edit("without_the_last_unit", RETURN, then("z * (np.arange(z.shape[1]) < z.shape[1] - 1)"),
         hint="The last column is 0: does a loop end one too early?"),
    Edit("without_the_last_input", PRODUCT, "x[:, :-1] @ weight[:-1]",
         hint="The last input does not count in your sums: does a loop end one too early?"),
    Edit("without_the_first_input", PRODUCT, "x[:, 1:] @ weight[1:]",
         hint="The first input does not count in your sums. Python counts from 0."),
    Edit("last_input_alone", PRODUCT, "x[:, -1:] @ weight[-1:]",
         hint="Only the last input counts, as if each overwrote the one before. Add them all up."),
    Edit("relu", RETURN, then("np.maximum(z, 0)"),
         hint="You apply a ReLU. The linear layer has no activation: its result may be negative."),
    Edit("relu_before_the_bias", PRODUCT, f"np.maximum({PRODUCT}, 0)",
         hint="You apply a ReLU to the weighted sums. The linear layer has no activation."),
    Edit("sigmoid", RETURN, then("1 / (1 + np.exp(-z))"),
         hint="You apply a sigmoid. The linear layer has no activation."),
    Edit("tanh", RETURN, then("np.tanh(z)"), hint="You apply tanh. The linear layer has no activation."),
    Edit("softmax", RETURN, then("softmax(z)"), hint="You apply a softmax. The linear layer has no activation."),
    Edit("leaky_relu", RETURN, then("np.where(z > 0, z, 0.01 * z)"),
         hint="You apply a leaky ReLU. The linear layer has no activation."),
    Edit("product_subtracted", PRODUCT, f"-({PRODUCT})", hint="You subtract the weighted sums; they are added to the bias."),
    Edit("squeezed", RETURN, then("z.squeeze()"),
         hint="A single example or unit loses its axis (squeeze does that). The shape is always (N, H)."),
    Edit("last_example", RETURN, then("z[-1]"),
         hint="You return the last example's row alone, as if each overwrote the one before."),
    Edit("centred", PRODUCT, "(x - x.mean(axis=0)) @ weight",
         hint="You subtract the mean of the inputs first. A linear layer takes them as they are."),
    Edit("negative", RETURN, then("-z"), hint="All signs are turned round."),
    Edit("with_a_cache", WHOLE, f"{WHOLE}, (x, weight)", hint="You return more than z. The task asks for this one array."),
    Edit("exchanged", PRODUCT, "weight @ x",
         hint="You multiply weight @ x, which fits by chance only. The order counts: examples are the rows of x."),
    Edit("x_transposed", PRODUCT, "x.T @ weight", hint="You transpose x. Each row of it is an example, as it comes."),
    Edit("entry_by_entry_everywhere", PRODUCT, "x * weight",
         hint="You multiply entry by entry (*). The weighted sums are a matrix product."),
    Edit("summed_over_the_units", PRODUCT, "(x[:, :, np.newaxis] * weight).sum(axis=2)",
         hint="You add up over the units. A unit adds up over its inputs, axis 1 of these products."),
    Edit("summed_over_the_examples", PRODUCT, "(x[:, :, np.newaxis] * weight).sum(axis=0)",
         hint="You add up over the examples. A unit adds up over its inputs, for each example alone."),
    Edit("largest_product", PRODUCT, "(x[:, :, np.newaxis] * weight).max(axis=1)",
         hint="You keep the largest product. A unit adds up all of its weighted inputs."),
    Edit("transposed_before_the_bias", PRODUCT, "(x @ weight).T",
         hint="Your product is transposed when the bias comes: each example should be a row, each unit a column."),
    Edit("bias_shifted", BIAS, "np.roll(bias, 1)",
         hint="Your biases are shifted by one unit. Column j belongs to bias[j]; Python counts from 0."),
    Edit("bias_shifted_back", BIAS, "np.roll(bias, -1)",
         hint="Your biases are shifted by one unit. Column j belongs to bias[j]; Python counts from 0."),
    Edit("first_unit_without_bias", BIAS, "bias * (np.arange(len(bias)) > 0)",
         hint="The first unit gets no bias. Python counts from 0."),
    Edit("last_unit_without_bias", BIAS, "bias * (np.arange(len(bias)) < len(bias) - 1)",
         hint="The last unit gets no bias: does a loop end one too early?"),
    Edit("first_example_without_bias", WHOLE, f"{PRODUCT} + bias * (np.arange(len(x)) > 0)[:, np.newaxis]",
         hint="The first example gets no bias. It is the same for all examples."),
    Edit("last_example_without_bias", WHOLE, f"{PRODUCT} + bias * (np.arange(len(x)) < len(x) - 1)[:, np.newaxis]",
         hint="The last example gets no bias: does a loop end one too early?"),
    Edit("bias_for_the_last_example", WHOLE, f"{PRODUCT} + bias * (np.arange(len(x)) == len(x) - 1)[:, np.newaxis]",
         hint="Only the last example gets the bias: has the line with it slipped out of the loop?"),
    Edit("bias_once_more_for_each_example", WHOLE, f"{PRODUCT} + bias * np.arange(1, len(x) + 1)[:, np.newaxis]",
         hint="The bias piles up: the second example gets it twice, the third three times. Each gets it once."),
    Edit("bias_in_the_mean", RETURN, then("z / x.shape[1]"),
         hint="You divide by the number of inputs. A unit adds its inputs up, and the bias once."),
    Edit("single_example_squeezed", RETURN, then("z[0] if len(z) == 1 else z"),
         hint="A single example loses its axis. The shape is (N, H) for one example, too."),
    Edit("single_unit_squeezed", RETURN, then("z[:, 0] if z.shape[1] == 1 else z"),
         hint="A single unit loses its axis. The shape is (N, H) for one unit, too."),
    Edit("type_of_x", RETURN, then("z.astype(x.dtype)"),
         hint="Your result takes its type from x: where x holds whole numbers (int), all that stands behind the point is "
         "cut off. Fill an array of floats."),
    Edit("x_cut_down", PRODUCT, "x.astype(int) @ weight",
         hint="You cut x down to whole numbers (int). Take its entries as they are."),
    Edit("rows_of_length_one", PRODUCT, "(x / np.linalg.norm(x, axis=1, keepdims=True)) @ weight", hint=SCALED),
    Edit("standardized", PRODUCT, "((x - x.mean(axis=0)) / (x.std(axis=0) + 1e-8)) @ weight", hint=SCALED),
    Edit("scaled_by_the_largest", PRODUCT, "(x / np.abs(x).max()) @ weight", hint=SCALED),
    Edit("weights_of_length_one", PRODUCT, "x @ (weight / np.linalg.norm(weight, axis=0))",
         hint="You scale the weights to length 1 first. A linear layer takes them as they are."),
    Edit("weights_without_sign", PRODUCT, "x @ np.abs(weight)", hint="You take the weights without their signs."),
    Edit("ones_before_and_bias_after", WHOLE, "np.hstack([np.ones((len(x), 1)), x]) @ np.vstack([weight, bias])",
         hint="The ones stand before x, and the bias after the weights, so that every input meets the next one's weight. "
         "Both go at the same end."),
    Edit("ones_after_and_bias_before", WHOLE, "np.hstack([x, np.ones((len(x), 1))]) @ np.vstack([bias, weight])",
         hint="The ones stand after x, and the bias before the weights, so that every input meets the weight of the one "
         "before. Both go at the same end."),
    Edit("bias_times_weights", BIAS, "bias * weight.sum(axis=0)",
         hint="You multiply the bias by weights. It is added as it is, after the weighted sum."),
    Edit("bias_repeated_by_entry", BIAS, "np.repeat(bias, len(x)).reshape(len(x), -1)",
         hint="You repeat each bias N times in a row (np.repeat) and cut that into rows, which mixes the units. bias fits "
         "every row by itself; np.tile repeats it as a whole."),
    Edit("bias_scaled", BIAS, "bias / np.linalg.norm(bias)", hint="You scale the bias. It is added as it is."),
    Edit("bias_under_the_relu", BIAS, "np.maximum(bias, 0)", hint="You cut off negative biases. They are added as they are."),
    Edit("softplus", RETURN, then("np.log1p(np.exp(z))"), hint="You apply a softplus. The linear layer has no activation."),
    Edit("absolute", RETURN, then("np.abs(z)"), hint="You take absolute values. The linear layer has no activation."),
    Edit("squared", RETURN, then("z**2"), hint="You square the result. The linear layer has no activation."),
    Edit("cut_off_at_one", RETURN, then("np.clip(z, 0, 1)"), hint="You cut the result off at 0 and 1. It may be any number."),
    Edit("result_standardized", RETURN, then("(z - z.mean(axis=0)) / (z.std(axis=0) + 1e-8)"),
         hint="You normalize the result. A linear layer gives the sums as they are."),
    Edit("row_maximum_subtracted", RETURN, then("z - z.max(axis=1, keepdims=True)"),
         hint="You subtract the largest entry of each row, as a softmax does. A linear layer gives the sums as they are."),
    Edit("averaged_over_units", RETURN, then("z.mean(axis=1)"),
         hint="You average over the units. Each has a column of its own in the result: shape (N, H)."),
    Edit("averaged_over_examples", RETURN, then("z.mean(axis=0)"),
         hint="You average over the examples. Each has a row of its own in the result: shape (N, H)."),
    Edit("first_entry_only", RETURN, then("z * (np.arange(z.size) == 0).reshape(z.shape)"),
         hint="Only the first entry is filled: is there a return inside the inner loop?"),
    Edit("flat", RETURN, then("z.ravel()"), hint="Your result is one long row of numbers. The shape is (N, H)."),
    Edit("inputs_up_to_the_units", PRODUCT, "x[:, : weight.shape[1]] @ weight[: weight.shape[1]]",
         hint="Your sum over the inputs ends at the number of units: a range takes the wrong size. weight has D rows, one for "
         "each input."),
    Edit("inputs_up_to_the_examples", PRODUCT, "x[:, : len(x)] @ weight[: len(x)]",
         hint="Your sum over the inputs ends at the number of examples: a range takes the wrong size. x has D columns, one "
         "for each input."),
    Edit("examples_up_to_the_inputs", RETURN, then("z * (np.arange(len(z)) < x.shape[1])[:, np.newaxis]"),
         hint="Rows beyond the number of inputs stay 0: a range takes the wrong size. The result has N rows."),
    Edit("examples_up_to_the_units", RETURN, then("z * (np.arange(len(z)) < len(bias))[:, np.newaxis]"),
         hint="Rows beyond the number of units stay 0: a range takes the wrong size. The result has N rows."),
    Edit("units_up_to_the_inputs", RETURN, then("z * (np.arange(len(bias)) < x.shape[1])"),
         hint="Columns beyond the number of inputs stay 0: a range takes the wrong size. The result has H columns."),
    Edit("units_up_to_the_examples", RETURN, then("z * (np.arange(len(bias)) < len(x))"),
         hint="Columns beyond the number of examples stay 0: a range takes the wrong size. The result has H columns."),
    Edit("bias_where_positive", WHOLE, f"{PRODUCT} + bias * ({PRODUCT} > 0)",
         hint="You add the bias only where the weighted sum is positive. Every sum gets it."),
    Edit("transposed_and_reshaped", RETURN, then("z.T.reshape(z.shape)"),
         hint="reshape keeps the order of the numbers: it does not turn a transposed result back. Use .T."),
    Edit("units_reversed", RETURN, then("z[:, ::-1]"), hint="Your units are in reverse order. Column j belongs to unit j."),
    Edit("examples_reversed", RETURN, then("z[::-1]"), hint="Your rows are in reverse order. Row i belongs to example i."),
    Edit("piles_up_over_examples", PRODUCT, "np.cumsum(x @ weight, axis=0)",
         hint="Each row contains the sums of the examples before it. Set the sum back for each example."),
    Edit("single_example_without_bias", BIAS, "bias * (len(x) > 1)",
         hint="A single example gets no bias: is there a case of its own for N = 1? It needs none."),
    Edit("bias_by_the_row", BIAS, "np.resize(bias, len(x))[:, np.newaxis]",
         hint="You pick the bias by the number of the example. It belongs to the unit: column j gets bias[j]."),
    Edit("bias_centred", BIAS, "(bias - bias.mean())", hint="You subtract the mean of the biases. Each is added as it is."),
    Edit("rounds", RETURN, then("z.round(4)"), hint="You round the result. Keep all digits; round only when you print."),
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


@bug("You add into bias itself: a second name for it is no copy, so the next example starts from what the one before "
     "left. Start each row from a new array.")  # fmt: skip
def starts_each_row_from_bias_itself(x, weight, bias):
    rows = []
    for example in x:
        row = bias
        row += example @ weight
        rows.append(row.copy())
    return np.array(rows)


@bug("All your rows are one and the same array, bias itself, into which every example is added. Start each row from a "
     "new array.")  # fmt: skip
def rows_are_bias_itself(x, weight, bias):
    rows = []
    for example in x:
        row = bias
        row += example @ weight
        rows.append(row)
    return np.array(rows)


@bug(
    "You add into bias (+=), whose shape (H,) has no room for N rows. Make a new array: the product plus the bias."
)
def adds_the_product_into_bias(x, weight, bias):
    bias += x @ weight
    return bias


@bug("You write into the row of x that you read. Make a new array for the sums.")
def sums_kept_in_x(x, weight, bias):
    z = np.zeros((len(x), len(bias)))
    for n in range(len(x)):
        for h in range(len(bias)):
            x[n] *= weight[:, h]
            z[n, h] = x[n].sum() + bias[h]
    return z


@bug(
    "You read weight[unit, input]. It has shape (D, H): the input comes first, weight[input, unit]."
)
def indices_of_weight_exchanged(x, weight, bias):
    z = np.zeros((len(x), len(bias)))
    for n in range(len(x)):
        for h in range(len(bias)):
            z[n, h] = bias[h] + sum(x[n, d] * weight[h, d] for d in range(x.shape[1]))
    return z


@bug("You begin each sum where the one before ended. Set it back for every unit.")
def sum_not_set_back(x, weight, bias):
    z = np.zeros((len(x), len(bias)))
    for n in range(len(x)):
        total = 0.0
        for h in range(len(bias)):
            for d in range(x.shape[1]):
                total += x[n, d] * weight[d, h]
            z[n, h] = total + bias[h]
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
