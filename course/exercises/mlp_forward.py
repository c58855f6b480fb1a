"""mlp_forward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, probe


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
    yield "logits with three layers", mlp_forward(*network(rng, 6, 5, 7, 4, 3))[0]
    yield "logits with five layers", mlp_forward(*network(rng, 7, 3, 6, 5, 8, 4, 2))[0]
    yield "logits with layers of one width", mlp_forward(*network(rng, 6, 6, 6, 6, 6))[0]


@probe("returns the inputs of the layers, after their ReLU, and the weights as the cache", points=2,
       rtol=1e-6, atol=1e-5)  # fmt: skip
def the_cache(mlp_forward, rng):
    yield "the number of items that are returned", len(mlp_forward(*network(rng, 4, 2, 5, 3)))
    yield "cache (inputs, weights) of three layers", cache_of(mlp_forward, rng, 6, 5, 7, 4, 3)
    yield "cache (inputs, weights) of two layers", cache_of(mlp_forward, rng, 4, 3, 8, 2)
    yield "cache (inputs, weights) of one layer", cache_of(mlp_forward, rng, 5, 3, 2)
    yield "cache (inputs, weights) of one width", cache_of(mlp_forward, rng, 4, 4, 4, 4)


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
    yield "logits and cache", in_a_row(result)
    yield "x unchanged", np.array_equal(x, same[0])
    yield "weights unchanged", len(weights) == 3 and all(map(np.array_equal, weights, same[1]))
    yield "biases unchanged", len(biases) == 3 and all(map(np.array_equal, biases, same[2]))
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
BUGS = [
    Edit("relu_at_the_end", LAST, LAST.replace("linear(", "relu(linear(") + ")",
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
    Edit("absolute", HIDDEN, HIDDEN.replace("relu(", "np.abs("),
         hint="You take absolute values between the layers. ReLU sets negative numbers to 0."),
    Edit("leaky", HIDDEN, "z = linear(inputs[-1], weight, bias)\n    inputs.append(np.where(z > 0, z, 0.01 * z))",
         hint="You use a leaky ReLU. ReLU sets negative numbers to 0."),
    Edit("sigmoid", HIDDEN, HIDDEN.replace("relu(", "sigmoid("), hint="You use a sigmoid between the layers; the task says ReLU."),
    Edit("tanh", HIDDEN, HIDDEN.replace("relu(", "np.tanh("), hint="You use tanh between the layers; the task says ReLU."),
    Edit("gate_alone", HIDDEN, "inputs.append((linear(inputs[-1], weight, bias) > 0) * 1.0)",
         hint="Your hidden activations are 0 and 1. ReLU keeps a positive number as it is."),
    Edit("softmax_at_the_end", LAST, LAST.replace("linear(", "softmax(linear(") + ")",
         hint="You apply a softmax to the logits. The task asks for the logits themselves."),
    Edit("no_biases", f"{HIDDEN}\n{LAST}", "inputs.append(relu(inputs[-1] @ weight))\nlogits = inputs[-1] @ weights[-1]",
         hint="The biases are missing, in all layers."),
    Edit("no_hidden_biases", HIDDEN, "inputs.append(relu(inputs[-1] @ weight))",
         hint="The biases of the hidden layers are missing. Every layer has its own."),
    Edit("no_last_bias", LAST, "logits = inputs[-1] @ weights[-1]",
         hint="The bias of the last layer is missing. Every layer has its own."),
    Edit("biases_subtracted", f"{HIDDEN}\n{LAST}", "inputs.append(relu(linear(inputs[-1], weight, -bias)))\nlogits = linear(inputs[-1], weights[-1], -biases[-1])",
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
    Edit("cache_without_x", RETURN, RETURN.replace("inputs,", "inputs[1:],"),
         hint="x is missing in the cache: it is the input of the first layer, and inputs[0]."),
    Edit("logits_in_the_cache", RETURN, RETURN.replace("inputs,", "[*inputs, logits],"),
         hint="The logits are in your list of inputs. No layer takes them, so it has L arrays: x and the hidden "
         "activations."),
    Edit("outputs_in_the_cache", RETURN, RETURN.replace("inputs,", "[*inputs[1:], logits],"),
         hint="Your cache holds what the layers give. It should hold what they are given: x first, and no logits."),
    Edit("inputs_backwards", RETURN, RETURN.replace("inputs,", "inputs[::-1],"),
         hint="The inputs in your cache are in reverse order. x comes first."),
    Edit("all_inputs_are_x", RETURN, RETURN.replace("inputs,", "[x.copy() for _ in weights],"),
         hint="All inputs in your cache are x. From the second layer on it is the hidden activations."),
    Edit("weights_first", RETURN, f"return logits, ({COPIES}, inputs)",
         hint="The parts of your cache are exchanged: first inputs, then weights."),
    Edit("biases_too", RETURN, RETURN.replace("weights])", "weights], [bias.copy() for bias in biases])"),
         hint="Your cache contains the biases as well. The task asks for two items, inputs and weights."),
    Edit("weights_missing", RETURN, "return logits, inputs",
         hint="The weights are missing in your cache: it is a tuple (inputs, weights)."),
    Edit("weights_transposed", RETURN, RETURN.replace("weight.copy()", "weight.T.copy()"),
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
