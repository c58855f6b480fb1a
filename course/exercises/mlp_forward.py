"""mlp_forward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def network(rng, num_rows, *widths):
    """A batch and a network that fit: x, weights, biases."""
    sizes = [(widths[i], widths[i + 1]) for i in range(len(widths) - 1)]
    weights = [rng.normal(scale=1.5 / np.sqrt(size[0]), size=size) for size in sizes]
    biases = [rng.normal(size=size[1]) for size in sizes]
    return rng.normal(size=(num_rows, widths[0])) - 0.2, weights, biases


@probe(
    "gives the logits of one layer alone, where no ReLU is passed, with all their digits", points=1
)
def one_layer(mlp_forward, rng):
    yield "logits", mlp_forward(*network(rng, 5, 4, 3))[0]
    yield "logits of another layer", mlp_forward(*network(rng, 3, 2, 6))[0]
    yield "logits with as many rows as inputs and classes", mlp_forward(*network(rng, 4, 4, 4))[0]


@probe("passes a ReLU between the layers, and none after the last", points=1, rtol=1e-6, atol=1e-5)
def hidden_layer(mlp_forward, rng):
    yield "logits", mlp_forward(*network(rng, 7, 4, 6, 3))[0]
    yield "logits of another network", mlp_forward(*network(rng, 5, 3, 9, 8))[0]
    yield "logits of a single row", mlp_forward(*network(rng, 1, 4, 7, 5))[0]


@probe("goes through any number of layers in their order, also where all have the same width",
       points=1, rtol=1e-6, atol=1e-5)  # fmt: skip
def many_layers(mlp_forward, rng):
    yield "logits with layers of one width", mlp_forward(*network(rng, 6, 6, 6, 6, 6))[0]
    yield "logits with three layers", mlp_forward(*network(rng, 6, 5, 7, 4, 3))[0]
    yield "logits with five layers", mlp_forward(*network(rng, 7, 3, 6, 5, 8, 4, 2))[0]


@probe("returns the inputs of the layers, after their ReLU, and the weights as the cache", points=2,
       rtol=1e-6, atol=1e-5)  # fmt: skip
def the_cache(mlp_forward, rng):
    yield "the number of items that are returned", len(mlp_forward(*network(rng, 4, 2, 5)))
    yield "cache (inputs, weights) of one width", cache_of(mlp_forward, rng, 4, 4, 4, 4, 4)
    yield "cache (inputs, weights) of three layers", cache_of(mlp_forward, rng, 6, 5, 7, 4, 3)
    yield "cache (inputs, weights) of two layers", cache_of(mlp_forward, rng, 4, 3, 8, 2)
    yield "cache (inputs, weights) of one layer", cache_of(mlp_forward, rng, 5, 3, 2)


def cache_of(mlp_forward, rng, *sizes):
    """The cache alone; as a list, so that messages count its items."""
    cache = mlp_forward(*network(rng, *sizes))[1]
    return list(cache) if isinstance(cache, tuple) else cache


@probe("keeps copies in the cache, which later changes of the arguments don't reach", points=1,
       rtol=1e-6, atol=1e-5)  # fmt: skip
def copies_kept(mlp_forward, rng):
    x, weights, biases = network(rng, 5, 3, 6, 4, 2)
    _, (inputs, cached_weights) = mlp_forward(x, weights, biases)
    first_input, first_list = np.array(inputs[0]), [np.array(weight) for weight in cached_weights]
    for array in (x, *weights, *biases):
        array += 1.0
    weights.reverse()
    yield "the cached x", first_input
    yield "the cached x, after x has changed", inputs[0]
    yield "the hidden activations, after the biases have changed", list(inputs[1:])
    yield "the cached weights", first_list
    yield "the cached weights, after the weights have changed", list(cached_weights)


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-5)  # fmt: skip
def clean_calls(mlp_forward, rng):
    x, weights, biases = network(rng, 4, 3, 5, 6, 2)
    same = x.copy(), [w.copy() for w in weights], [b.copy() for b in biases]
    result = mlp_forward(x, weights, biases)
    yield "x unchanged", np.array_equal(x, same[0])
    yield "weights unchanged", len(weights) == 3 and all(map(np.array_equal, weights, same[1]))
    yield "biases unchanged", len(biases) == 3 and all(map(np.array_equal, biases, same[2]))
    yield "logits and cache", in_a_row(result)
    yield "logits and cache of another network", in_a_row(mlp_forward(*network(rng, 4, 3, 5, 6, 2)))
    yield "the first result, looked at after the second call", [in_a_row(result)]
    yield "logits and cache of the first network again", in_a_row(mlp_forward(*same))


def in_a_row(result):
    logits, (inputs, weights) = result
    return np.concatenate([np.ravel(array) for array in (logits, *inputs, *weights)])


@probe("works for any sizes, hidden layers that are off, float32 and parts of larger arrays", points=1,
       hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(mlp_forward, rng):
    sizes = rng.integers(3, 8, size=5)
    x, weights, biases = network(rng, *sizes)
    part = np.repeat(x, 2, axis=1)[:, ::2]
    transposed = [weight.T.copy().T for weight in weights]
    single = [(np.round(8 * table) / 8).astype(np.float32) for table in (x, *weights, *biases)]
    many, *layers = network(rng, 70, 2, 4, 2)
    off_x, off_weights, off_biases = network(rng, 4, 3, 5, 6, 2)
    off_biases[0] -= 99.0
    yield "logits for other sizes", mlp_forward(*network(rng, *sizes))[0]
    yield "logits with one unit in each layer", mlp_forward(*network(rng, sizes[0], 1, 1, 1, 1))[0]
    yield "cache with one unit in each layer", cache_of(mlp_forward, rng, sizes[0], 1, 1, 1, 1)
    yield "logits for many rows of large numbers", mlp_forward(30.0 * many, *layers)[0]
    yield "logits where no hidden unit is on", mlp_forward(off_x, off_weights, off_biases)[0]
    yield "logits for parts of arrays", mlp_forward(part, transposed, biases)[0]
    yield "logits in float32", mlp_forward(single[0], single[1:4], single[4:])[0]


HIDDEN = "inputs.append(relu(linear(inputs[-1], weight, bias)))"
LAST = "logits = linear(inputs[-1], weights[-1], biases[-1])"
FIRST, COPIES = "inputs = [x.copy()]", "[weight.copy() for weight in weights]"
RETURN = "return logits, (inputs, [weight.copy() for weight in weights])"
PAIRS = "zip(weights[:-1], biases[:-1], strict=True)"
NO_COPY = "Your cache holds the caller's own arrays: when they change, the cache does, too. Keep copies of x and of each weight matrix."
BEFORE_RELU = "Your cache holds the hidden sums before their ReLU. What the next layer gets is what comes after it."
SUM = "linear(inputs[-1], weight, bias)"
INPUTS, LOGITS = "(inputs,", "return logits"
PIECES = "inputs, [weight.copy() for weight in weights]"
LAST_ALONE = "The last hidden layer has no ReLU: does a loop or a condition end one too early? Only the logits go without."
BUGS = [
    Edit("relu_at_the_end", LOGITS, "return relu(logits)",
         hint="You apply a ReLU to the last layer, too. None follows it: logits may be negative."),
    Edit("no_relu", HIDDEN, "inputs.append(linear(inputs[-1], weight, bias))",
         hint="There is no ReLU between your layers. Without it they amount to one linear layer."),
    Edit("relu_before_the_bias", HIDDEN, "inputs.append(relu(inputs[-1] @ weight) + bias)",
         hint="Your ReLU comes before the bias. First the whole linear layer, then the ReLU."),
    Edit("relu_on_the_input", HIDDEN, "inputs.append(linear(relu(inputs[-1]), weight, bias))",
         hint="Your ReLU comes before each layer, so that x loses its negative entries and the last hidden sums keep "
         "theirs. It follows each layer but the last."),
    Edit("relu_before_each_layer", f"{HIDDEN}\n{LAST}", f"inputs.append(linear(relu(inputs[-1]), weight, bias))\n{LAST.replace('inputs[-1]', 'relu(inputs[-1])')}",
         hint="Your ReLU comes before each layer, so that x loses its negative entries. It follows each layer but the "
         "last."),
    Edit("relu_on_x", FIRST, "inputs = [relu(x)]",
         hint="x passes a ReLU before the first layer. It goes in as it is, negative entries too."),
    Edit("relu_missing_in_the_last_hidden_layer", HIDDEN,
         f"inputs.append(relu({SUM}) if len(inputs) < len(weights) - 1 else {SUM})", hint=LAST_ALONE),
    Edit("relu_missing_in_the_first_hidden_layer", HIDDEN, f"inputs.append(relu({SUM}) if len(inputs) > 1 else {SUM})",
         hint="The first hidden layer has no ReLU. Python counts from 0: only the last layer goes without."),
    Edit("relu_in_the_first_hidden_layer_only", HIDDEN, f"inputs.append({SUM} if len(inputs) > 1 else relu({SUM}))",
         hint="Only the first hidden layer has a ReLU. One follows each layer but the last."),
    Edit("relu_after_one_layer_alone", LOGITS, "return relu(logits) if len(weights) == 1 else logits",
         hint="Where there is one layer only you apply a ReLU to it. It is the last layer then, and none follows."),
    Edit("relu_at_the_end_only", f"{HIDDEN}\n{LAST}", f"inputs.append({SUM})\nlogits = relu({SUM.replace('weight, bias', 'weights[-1], biases[-1]')})",
         hint="Your only ReLU comes after the last layer. It is the other way round: one after each layer but the last."),
    Edit("positive_cut_off", HIDDEN, HIDDEN.replace("relu(", "np.minimum(0, "),
         hint="You keep the negative numbers and cut off the positive ones. ReLU does the opposite."),
    Edit("cut_off_at_one", HIDDEN, HIDDEN.replace("relu(", "np.clip(").replace(")))", "), 0, 1))"),
         hint="Your hidden activations end at 1. ReLU has no upper end."),
    Edit("cut_off_at_six", HIDDEN, HIDDEN.replace("relu(", "np.clip(").replace(")))", "), 0, 6))"),
         hint="Your hidden activations end at 6. ReLU has no upper end."),
    Edit("squared", HIDDEN, HIDDEN.replace(")))", ")) ** 2)"),
         hint="You square the hidden activations. ReLU keeps a positive number as it is."),
    Edit("elu", HIDDEN, f"z = {SUM}\n    inputs.append(np.where(z > 0, z, np.exp(z) - 1))",
         hint="You use an ELU. ReLU sets negative numbers to 0."),
    Edit("softplus", HIDDEN, f"inputs.append(np.log1p(np.exp({SUM})))",
         hint="You use the softplus, log(1 + exp(z)). ReLU sets negative numbers to 0 and keeps the others as they are."),
    Edit("softmax_between", HIDDEN, HIDDEN.replace("relu(", "softmax("),
         hint="You use a softmax between the layers; the task says ReLU."),
    Edit("relu_on_weights", HIDDEN, "inputs.append(linear(inputs[-1], relu(weight), bias))",
         hint="Your ReLU goes over the weights. It goes over what the layer gives."),
    Edit("hidden_biases_twice", HIDDEN, "inputs.append(relu(linear(inputs[-1], weight, 2 * bias)))",
         hint="You add the biases of the hidden layers twice."),
    Edit("hidden_biases_subtracted", HIDDEN, "inputs.append(relu(linear(inputs[-1], weight, -bias)))",
         hint="You subtract the biases of the hidden layers; they are added."),
    Edit("last_bias_twice", LAST, "logits = linear(inputs[-1], weights[-1], 2 * biases[-1])",
         hint="You add the last layer's bias twice."),
    Edit("last_bias_subtracted", LAST, "logits = linear(inputs[-1], weights[-1], -biases[-1])",
         hint="You subtract the last layer's bias; it is added."),
    Edit("no_first_bias", f"{HIDDEN}\n{LAST}",
         "inputs.append(relu(linear(inputs[-1], weight, bias * (len(inputs) > 1))))\nlogits = linear(inputs[-1], weights[-1], biases[-1] * (len(inputs) > 1))",
         hint="The bias of the first layer is missing. Every layer has its own; Python counts from 0."),
    Edit("no_first_hidden_bias", HIDDEN, "inputs.append(relu(linear(inputs[-1], weight, bias * (len(inputs) > 1))))",
         hint="The bias of the first hidden layer is missing. Every layer has its own; Python counts from 0."),
    Edit("relu_before_the_last_layer", LAST, f"inputs[-1] = relu(inputs[-1])\n{LAST}",
         hint="You apply a ReLU to whatever the last layer takes. Where there is one layer only that is x, which passes none."),
    Edit("gate_by_the_bias", HIDDEN, f"z = {SUM}\n    inputs.append(np.where(z > bias, z, 0))",
         hint="You compare with the bias, which is in the sum already. ReLU keeps what is above 0."),
    Edit("gate_at_one", HIDDEN, f"z = {SUM}\n    inputs.append(np.where(z > 1, z, 0))",
         hint="Your ReLU begins at 1. It keeps all that is above 0."),
    Edit("gate_of_the_row", HIDDEN, f"z = {SUM}\n    inputs.append(z * (z.sum(axis=1, keepdims=True) > 0))",
         hint="You keep or drop all units of an example at once. ReLU decides for each number alone."),
    Edit("gate_of_the_unit", HIDDEN, f"z = {SUM}\n    inputs.append(z * (z.sum(axis=0) > 0))",
         hint="You keep or drop a unit for all examples at once. ReLU decides for each number alone."),
    Edit("hidden_sums_centred", HIDDEN, f"z = {SUM}\n    inputs.append(relu(z - z.mean(axis=0)))",
         hint="You subtract the mean over the batch before the ReLU. This network normalizes nothing."),
    Edit("hidden_sums_normalized", HIDDEN, f"z = {SUM}\n    inputs.append(relu((z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + 1e-5)))",
         hint="You normalize over the batch before the ReLU. There is no batch normalization in this network."),
    Edit("scaled_by_fan_in", HIDDEN, "inputs.append(relu(linear(inputs[-1], weight / np.sqrt(len(weight)), bias)))",
         hint="You divide by the root of the number of inputs. That belongs to the initialization of the weights."),
    Edit("averaged_inputs", f"{HIDDEN}\n{LAST}", "inputs.append(relu(inputs[-1] @ weight / len(weight) + bias))\nlogits = inputs[-1] @ weights[-1] / len(weights[-1]) + biases[-1]",
         hint="You average over the inputs of a layer. A unit adds them up."),
    Edit("row_maximum_subtracted", LOGITS, "return logits - logits.max(axis=1, keepdims=True)",
         hint="You subtract the largest logit of each row, as a softmax does. The task asks for the logits as they are."),
    Edit("x_centred", FIRST, "inputs = [x - x.mean(axis=0)]",
         hint="You subtract the mean of the inputs first. The network takes x as it is."),
    Edit("leaky_by_two_tenths", HIDDEN, "z = linear(inputs[-1], weight, bias)\n    inputs.append(np.where(z > 0, z, 0.2 * z))",
         hint="You use a leaky ReLU. ReLU sets negative numbers to 0."),
    Edit("leaky_by_a_tenth", HIDDEN, "z = linear(inputs[-1], weight, bias)\n    inputs.append(np.where(z > 0, z, 0.1 * z))",
         hint="You use a leaky ReLU. ReLU sets negative numbers to 0."),
    Edit("logits_transposed", LOGITS, "return logits.T",
         hint="Your logits are transposed: each example gets a row, each class a column."),
    Edit("logits_squeezed", LOGITS, "return logits.squeeze()",
         hint="For a single row or class your logits lose an axis (squeeze does that). The shape is always (N, C)."),
    Edit("absolute", HIDDEN, HIDDEN.replace("relu(", "np.abs("),
         hint="You take absolute values between the layers. ReLU sets negative numbers to 0."),
    Edit("leaky", HIDDEN, "z = linear(inputs[-1], weight, bias)\n    inputs.append(np.where(z > 0, z, 0.01 * z))",
         hint="You use a leaky ReLU. ReLU sets negative numbers to 0."),
    Edit("sigmoid", HIDDEN, HIDDEN.replace("relu(", "sigmoid("), hint="You use a sigmoid between the layers; the task says ReLU."),
    Edit("tanh", HIDDEN, HIDDEN.replace("relu(", "np.tanh("), hint="You use tanh between the layers; the task says ReLU."),
    Edit("gate_alone", HIDDEN, "inputs.append((linear(inputs[-1], weight, bias) > 0) * 1.0)",
         hint="Your hidden activations are 0 and 1. ReLU keeps a positive number as it is."),
    Edit("softmax_at_the_end", LOGITS, "return softmax(logits)",
         hint="You apply a softmax to the logits. The task asks for the logits themselves."),
    Edit("sigmoid_at_the_end", LOGITS, "return sigmoid(logits)",
         hint="You apply a sigmoid to the logits. The task asks for the logits themselves."),
    Edit("tanh_at_the_end", LOGITS, "return np.tanh(logits)",
         hint="You apply tanh to the logits. The task asks for the logits themselves."),
    Edit("log_softmax_at_the_end", LOGITS, "return log_softmax(logits)",
         hint="You apply a log-softmax to the logits. The task asks for the logits themselves."),
    Edit("classes", LOGITS, "return logits.argmax(axis=1)",
         hint="You return the class with the largest logit. The task asks for the logits themselves."),
    Edit("last_layer_twice", PAIRS, "zip(weights, biases, strict=True)",
         hint="Your loop takes the last layer along, and after it you apply that layer once more. Its ReLU goes, too."),
    Edit("logits_after_a_loop_over_all", f"for weight, bias in {PAIRS}:\n    {HIDDEN}\n{LAST}",
         f"for weight, bias in zip(weights, biases, strict=True):\n    {HIDDEN}\nlogits = inputs[-1]",
         hint="Your loop treats the last layer like the others: its ReLU cuts off the logits, and they end up among the "
         "inputs in the cache."),
    Edit("first_layer_skipped", PAIRS, "zip(weights[1:-1], biases[1:-1], strict=True)",
         hint="Your loop begins with the second layer. Python counts from 0."),
    Edit("last_hidden_layer_skipped", PAIRS, "zip(weights[:-2], biases[:-2], strict=True)",
         hint="The last hidden layer is left out: does the loop end one too early?"),
    Edit("biases_shifted", f"{HIDDEN}\n{LAST}",
         "inputs.append(relu(inputs[-1] @ weight + biases[len(inputs) - 2]))\nlogits = inputs[-1] @ weights[-1] + biases[len(weights) - 2]",
         hint="Your biases are shifted by one layer. Layer i takes weights[i] and biases[i]."),
    Edit("first_biases_everywhere", f"{HIDDEN}\n{LAST}", "inputs.append(relu(inputs[-1] @ weight + biases[0]))\nlogits = inputs[-1] @ weights[-1] + biases[0]",
         hint="All layers use the first biases. Each has its own."),
    Edit("first_biases_in_hidden_layers", HIDDEN, "inputs.append(relu(inputs[-1] @ weight + biases[0]))",
         hint="All hidden layers use the first biases. Each has its own."),
    Edit("first_biases_if_same", HIDDEN, "inputs.append(relu(inputs[-1] @ weight + (biases[0] if biases[0].shape == bias.shape else bias)))",
         hint="Where the shapes allow it, hidden layers use the first biases. Each has its own."),
    Edit("last_biases_in_hidden_layers", HIDDEN, "inputs.append(relu(inputs[-1] @ weight + biases[-1]))",
         hint="Your hidden layers use the last biases. Each has its own."),
    Edit("first_weights_in_all", HIDDEN, "inputs.append(relu(inputs[-1] @ weights[0] + bias))",
         hint="All hidden layers use the first weights. Each has its own."),
    Edit("x_in_all_layers", f"{HIDDEN}\n{LAST}", "inputs.append(relu(x @ weight + bias))\nlogits = x @ weights[-1] + biases[-1]",
         hint="Every layer gets x. It takes what the layer before gave."),
    Edit("x_in_hidden_layers", HIDDEN, "inputs.append(relu(x @ weight + bias))",
         hint="Every hidden layer gets x. It takes what the layer before gave."),
    Edit("x_in_the_last_layer", LAST, "logits = x @ weights[-1] + biases[-1]",
         hint="The last layer gets x. It takes the hidden activations, what the layer before gave."),
    Edit("all_transposed", f"{HIDDEN}\n{LAST}", "inputs.append(relu(inputs[-1] @ weight.T + bias))\nlogits = inputs[-1] @ weights[-1].T + biases[-1]",
         hint="You transpose the weights, as PyTorch keeps them. Here they are (in_features, out_features) as they come."),
    Edit("x_added_to_each_layer", HIDDEN, f"z = relu({SUM})\n    inputs.append(z + inputs[-1] if z.shape == inputs[-1].shape else z)",
         hint="Where the shapes allow it, you add the input of a layer to its output. There are no skip connections here."),
    Edit("bias_on_the_weights", f"{HIDDEN}\n{LAST}", "inputs.append(relu(inputs[-1] @ (weight + bias)))\nlogits = inputs[-1] @ (weights[-1] + biases[-1])",
         hint="You add the biases to the weights, where the inputs multiply them. Add them after the product: look at the "
         "brackets."),
    Edit("x_cut_off_on_the_way", f"{HIDDEN}\n{LAST}",
         "h = inputs[-1] if len(inputs) > 1 else relu(x)\n    inputs.append(relu(linear(h, weight, bias)))\n"
         "logits = linear(inputs[-1] if len(inputs) > 1 else relu(x), weights[-1], biases[-1])",
         hint="x passes a ReLU before the first layer. It goes in as it is, negative entries too."),
    Edit("relu_in_every_second_layer", HIDDEN, f"inputs.append(relu({SUM}) if len(inputs) % 2 else {SUM})",
         hint="Only every second hidden layer has a ReLU. One follows each layer but the last."),
    Edit("bias_sums", HIDDEN, "inputs.append(relu(inputs[-1] @ weight + bias.sum()))",
         hint="You add the sum of a layer's biases to every unit. Each unit has its own."),
    Edit("no_biases", FIRST, f"biases = [0 * bias for bias in biases]\n{FIRST}",
         hint="The biases are missing, in all layers."),
    Edit("no_hidden_biases", HIDDEN, "inputs.append(relu(inputs[-1] @ weight))",
         hint="The biases of the hidden layers are missing. Every layer has its own."),
    Edit("no_last_bias", LAST, "logits = inputs[-1] @ weights[-1]",
         hint="The bias of the last layer is missing. Every layer has its own."),
    Edit("biases_subtracted", FIRST, f"biases = [-bias for bias in biases]\n{FIRST}",
         hint="You subtract the biases; they are added."),
    Edit("hidden_layers_skipped", PAIRS, "zip(weights[1:1], biases[1:1], strict=True)",
         hint="The hidden layers don't take part. Go through the layers from the first to the last."),
    Edit("first_hidden_layer_only", PAIRS, "zip(weights[:-1][:1], biases[:-1][:1], strict=True)",
         hint="There are more than two layers in some networks. Go through all of them, in a loop."),
    Edit("without_the_last_layer", LAST, "logits = inputs[-1]",
         hint="You return what the last hidden layer gives. One layer is still to come, without a ReLU."),
    Edit("each_layer_gets_x", HIDDEN, "inputs.append(relu(linear(x if x.shape[1] == len(weight) else inputs[-1], weight, bias)))",
         hint="Where the shapes allow it, a layer gets x. It takes what the layer before gave."),
    Edit("first_weights_everywhere", HIDDEN, "inputs.append(relu(linear(inputs[-1], weights[0] if weights[0].shape == weight.shape else weight, bias)))",
         hint="Where the shapes allow it, all layers use the first weights. Each has its own."),
    Edit("transposed_if_square", f"{HIDDEN}\n{LAST}",
         "inputs.append(relu(inputs[-1] @ (weight.T if len(weight) == len(weight.T) else weight) + bias))\nlogits = inputs[-1] @ (weights[-1].T if len(weights[-1]) == len(weights[-1].T) else weights[-1]) + biases[-1]",
         hint="You transpose square weights. They are (in_features, out_features) as they come."),
    Edit("backwards_if_same", PAIRS, f"{PAIRS} if len({{w.shape for w in weights}}) > 1 else zip(weights[:0:-1], biases[:0:-1], strict=True)",
         hint="Where the shapes allow it, you go through the layers backwards."),
    Edit("cache_before_relu", RETURN, "return logits, ([x.copy(), *(linear(h, w, b) for h, w, b in zip(inputs[:-1], weights[:-1], biases[:-1], strict=True))], [w.copy() for w in weights])",
         hint=BEFORE_RELU),
    Edit("sums_in_the_cache", INPUTS, "([*(linear(h, w, b) for h, w, b in zip(inputs, weights, biases, strict=True))],",
         hint="Your cache holds the sums that the layers give, before the ReLU. It should hold what the layers are given: x "
         "first, and hidden activations after their ReLU."),
    Edit("sums_without_x", INPUTS, "([*(linear(h, w, b) for h, w, b in zip(inputs[:-1], weights[:-1], biases[:-1], strict=True))],",
         hint="Your cache holds the hidden sums before their ReLU, and no x. It should hold what the layers are given: x "
         "first, then hidden activations after their ReLU."),
    Edit("gates_in_the_cache", INPUTS, "([inputs[0], *((h > 0) * 1.0 for h in inputs[1:])],",
         hint="Your cache holds 0 and 1, the gates of the ReLU. Keep the hidden activations themselves."),
    Edit("relu_on_x_in_the_cache", INPUTS, "([relu(h) for h in inputs],",
         hint="x in your cache has passed a ReLU. It goes in as it is, negative entries too."),
    Edit("last_sums_in_the_cache", INPUTS, "([*inputs[:-1], inputs[-1] if len(inputs) == 1 else linear(inputs[-2], weights[-2], biases[-2])],",
         hint="The last hidden layer's entry in your cache is its sum before the ReLU. Keep what comes after it."),
    Edit("first_input_everywhere_but_x", INPUTS, "([inputs[0], *(inputs[1] for _ in inputs[1:])],",
         hint="All hidden activations in your cache are those of the first hidden layer. Each layer has its own."),
    Edit("last_hidden_everywhere", INPUTS, "([inputs[0], *(inputs[-1] for _ in inputs[1:])],",
         hint="All hidden activations in your cache are those of the last hidden layer: is one array written over? Each layer "
         "has its own."),
    Edit("zeros_in_the_cache", INPUTS, "([0 * h for h in inputs],",
         hint="The inputs in your cache are 0. Keep x and hidden activations as they are."),
    Edit("no_biases_in_the_cache", INPUTS, "([inputs[0], *(relu(h @ w) for h, w in zip(inputs[:-1], weights[:-1], strict=True))],",
         hint="The hidden activations in your cache lack the biases. Keep what the next layer really gets."),
    Edit("x_twice_in_the_cache", INPUTS, "([inputs[0], *inputs],", hint="x stands twice in your cache. Each layer has one input: L arrays."),
    Edit("biases_instead_of_weights", COPIES, "[bias.copy() for bias in biases]",
         hint="Your cache holds the biases where the weights belong. The way back needs the weights, and no biases."),
    Edit("a_pair_for_each_layer", RETURN, f"return logits, list(zip({PIECES}, strict=True))",
         hint="Your cache has a pair for each layer. The task asks for two lists: all inputs first, then all weights."),
    Edit("three_things_for_each_layer", RETURN, f"return logits, list(zip({PIECES}, biases, strict=True))",
         hint="Your cache has an entry for each layer, with the biases. The task asks for two lists: all inputs first, "
         "then all weights."),
    Edit("logits_as_a_third_item", RETURN, f"return logits, ({PIECES}, logits)",
         hint="Your cache contains the logits as well. The task asks for two items, inputs and weights."),
    Edit("x_alone_in_the_cache", INPUTS, "(inputs[0],",
         hint="Your cache holds x alone. It needs the inputs of all layers, as a list: x first, then hidden activations."),
    Edit("last_input_alone", INPUTS, "(inputs[-1],",
         hint="Your cache holds the input of the last layer alone. It needs those of all layers, as a list: x first."),
    Edit("last_weights_missing", COPIES, COPIES.replace("in weights]", "in weights[:-1]]"),
         hint="The last layer's weights are missing in your cache. It holds those of all L layers."),
    Edit("last_input_missing", INPUTS, "(inputs[:-1] if len(inputs) > 1 else inputs,",
         hint="The last hidden activations are missing in your cache: they are the input of the last layer."),
    Edit("weights_backwards", COPIES, COPIES.replace("in weights]", "in weights[::-1]]"),
         hint="The weights in your cache are in reverse order. Those of the first layer come first."),
    Edit("cache_backwards", RETURN, RETURN.replace("inputs,", "inputs[::-1],").replace("in weights]", "in weights[::-1]]"),
         hint="Your cache begins with the last layer. Keep inputs and weights in the order of the layers."),
    Edit("cache_without_x", INPUTS, "(inputs[1:],",
         hint="x is missing in the cache: it is the input of the first layer, and inputs[0]."),
    Edit("logits_in_the_cache", INPUTS, "([*inputs, logits],",
         hint="The logits are in your list of inputs. No layer takes them, so it has L arrays: x and the hidden "
         "activations."),
    Edit("x_and_sums_in_the_cache", INPUTS, "([inputs[0], *(linear(h, w, b) for h, w, b in zip(inputs, weights, biases, strict=True))],",
         hint="After x your list of inputs holds what each layer gives before its ReLU, the logits too. It should hold what the "
         "layers are given: x first, then the hidden activations after their ReLU."),
    Edit("outputs_in_the_cache", INPUTS, "([*inputs[1:], logits],",
         hint="Your cache holds what the layers give. It should hold what they are given: x first, and no logits."),
    Edit("inputs_backwards", INPUTS, "(inputs[::-1],",
         hint="The inputs in your cache are in reverse order. x comes first."),
    Edit("all_inputs_are_x", INPUTS, "([x.copy() for _ in weights],",
         hint="All inputs in your cache are x. From the second layer on it is the hidden activations."),
    Edit("weights_first", RETURN, f"return logits, ({COPIES}, inputs)",
         hint="The parts of your cache are exchanged: first inputs, then weights."),
    Edit("biases_too", RETURN, RETURN.replace("weights])", "weights], [bias.copy() for bias in biases])"),
         hint="Your cache contains the biases as well. The task asks for two items, inputs and weights."),
    Edit("weights_missing", RETURN, "return logits, inputs",
         hint="The weights are missing in your cache: it is a tuple (inputs, weights)."),
    Edit("weights_transposed", COPIES, COPIES.replace("weight.copy()", "weight.T.copy()"),
         hint="The weights in your cache are transposed. Keep them as they came."),
    Edit("only_logits", RETURN, "return logits", hint="The cache is missing: return logits and (inputs, weights)."),
    Edit("cache_alone", RETURN, "return inputs, weights",
         hint="The logits are missing: return logits first, then the tuple (inputs, weights)."),
    Edit("three_items", RETURN, f"return logits, inputs, {COPIES}",
         hint="You return three items. inputs and weights belong together, in one tuple: two items."),
    Edit("cache_first", RETURN, f"return (inputs, {COPIES}), logits", hint="The order is turned round: logits first, then the cache."),
    Edit("x_not_copied", FIRST, "inputs = [x]", hint=NO_COPY),
    Edit("weights_not_copied", COPIES, "weights", hint=NO_COPY),
    Edit("list_of_weights_copied", COPIES, "list(weights)",
         hint="You copy the list of weights (list(...) or [:]), which still holds the caller's arrays. Copy each array."),
    Edit("nothing_copied", RETURN, "inputs[0] = x\nreturn logits, (inputs, weights)", hint=NO_COPY),
    Edit("lists_copied", RETURN, "inputs[0] = x\nreturn logits, (inputs, list(weights))", hint=NO_COPY),
    Edit("writes_into_x", RETURN, f"x -= 1.0\n{RETURN}",
         hint="You write into x: the caller's array changes too. Make a new array for each layer."),
    Edit("writes_into_biases", RETURN, f"biases[0] += 1.0\n{RETURN}",
         hint="You write into the biases (+= does that): the caller's arrays change too. Make a new array."),
    Edit("empties_the_lists", RETURN, f"copies = {COPIES}\nweights.pop(), biases.pop()\nreturn logits, (inputs, copies)",
         hint="You take layers out of the caller's lists (pop does that). Go through them, and leave them as they are."),
]  # fmt: skip


@bug(
    "You set the negative entries of x to 0, in the caller's own array. x goes in as it is, and stays as it was."
)
def relu_written_into_x(x, weights, biases):
    h, inputs = x, []
    for weight, bias in zip(weights, biases, strict=True):
        h[h < 0] = 0
        inputs.append(h)
        h = h @ weight + bias
    return h, (inputs, [weight.copy() for weight in weights])


@bug(
    "You handle two layers at most. The lists tell how many there are: go through all of them with a loop."
)
def two_layers_at_most(x, weights, biases):
    copies = [weight.copy() for weight in weights[:2]]
    if len(weights) == 1:
        return x @ weights[0] + biases[0], ([x.copy()], copies)
    hidden = np.maximum(x @ weights[0] + biases[0], 0)
    return hidden @ weights[1] + biases[1], ([x.copy(), hidden], copies)


@bug(
    "You always compute a hidden layer, the first, and a last one. With one layer alone x goes straight to the logits."
)
def two_layers_at_least(x, weights, biases):
    inputs = [x.copy(), np.maximum(x @ weights[0] + biases[0], 0)]
    for weight, bias in zip(weights[1:-1], biases[1:-1], strict=True):
        inputs.append(np.maximum(inputs[-1] @ weight + bias, 0))
    logits = inputs[-1] @ weights[-1] + biases[-1]
    return logits, (inputs, [weight.copy() for weight in weights])


KEPT = []


@bug("The list in your cache is one and the same in every call (a global variable, or a default argument): a later call "
     "changes what an earlier one returned. Make a new list in each call.")  # fmt: skip
def one_list_for_all_calls(x, weights, biases):
    KEPT.clear()
    KEPT.append(x.copy())
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        KEPT.append(np.maximum(KEPT[-1] @ weight + bias, 0))
    return KEPT[-1] @ weights[-1] + biases[-1], (KEPT, [weight.copy() for weight in weights])


@alternative
def by_index(x, weights, biases):
    inputs, z = [], np.array(x)
    for i in range(len(weights)):
        inputs.append(z)
        z = np.dot(z, weights[i]) + biases[i]
        if i + 1 < len(weights):
            z = z * (z > 0)
    return z, (inputs, [np.array(w) for w in weights])


@alternative
def recursive(x, weights, biases):
    z = np.einsum("nd,dh->nh", x, weights[0]) + biases[0]
    kept = [np.copy(x)], [np.copy(weights[0])]
    if len(weights) == 1:
        return z, kept
    logits, (inputs, later) = recursive.function(np.where(z < 0, 0, z), weights[1:], biases[1:])
    return logits, (kept[0] + inputs, kept[1] + later)


@alternative
def row_by_row_in_double(x, weights, biases):
    layers = [np.zeros((len(x), len(w))) for w in weights]
    logits = np.zeros((len(x), len(biases[-1])))
    for n, h in enumerate(x.astype(np.float64)):
        for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
            layers[i][n] = h
            z = w.T @ h + b
            h = (z + abs(z)) / 2
        logits[n] = z
    return [logits, (tuple(layers), tuple(w.copy() for w in weights))]
