"""mlp_backward: probes, known mistakes, other correct answers."""

from itertools import pairwise

import numpy as np

from course.spec import Edit, alternative, bug, probe
from nnkit import functional as F


def network(rng, num_rows, *widths):
    """A gradient for the logits, and the cache of the forward pass that belongs to it."""
    sizes = list(pairwise(widths))
    weights = [rng.normal(size=size) for size in sizes]
    biases = [rng.normal(scale=0.5, size=size[1]) for size in sizes]
    logits, cache = F.mlp_forward(rng.normal(size=(num_rows, widths[0])), weights, biases)
    return [rng.normal(size=logits.shape), cache]


def with_dead_units(rng):
    """One hidden unit is off for every row, one for no row, and one is exactly at 0."""
    x, weight = rng.normal(size=(5, 3)), rng.normal(size=(3, 4))
    weight[:, 1] = 0.0
    weights, biases = [weight, rng.normal(size=(4, 2))], [np.array([0, 0, 9.0, -9.0]), np.zeros(2)]
    return [rng.normal(size=(5, 2)), F.mlp_forward(x, weights, biases)[1]]


def in_single_precision(rng):
    grad, (inputs, weights) = network(rng, 4, 3, 6, 5, 2)
    lists = [[array.astype(np.float32) for array in arrays] for arrays in (inputs, weights)]
    return [grad.astype(np.float32), tuple(lists)]


@probe("is right for one layer alone, where no ReLU is passed", points=1, rtol=1e-6, atol=1e-10,
       given=lambda rng: [network(rng, 5, 4, 3), network(rng, 3, 3, 3)])  # fmt: skip
def one_layer(mlp_backward, rng, given):
    yield "the gradients", mlp_backward(*given[0])
    yield "the gradients with as many rows as inputs and classes", mlp_backward(*given[1])


@probe("goes back through a hidden layer and its ReLU", points=2, rtol=1e-6, atol=1e-10,
       given=lambda rng: network(rng, 5, 4, 6, 3))  # fmt: skip
def two_layers(mlp_backward, rng, given):
    return mlp_backward(*given)


@probe("stops the gradient at hidden units that are off, also when they are exactly at 0", points=1,
       rtol=1e-6, atol=1e-10, given=with_dead_units)  # fmt: skip
def dead_units(mlp_backward, rng, given):
    return mlp_backward(*given)


@probe("goes back through any number of layers", points=1, rtol=1e-6, atol=1e-10,
       given=lambda rng: network(rng, 6, 3, 5, 4, 2))  # fmt: skip
def many_layers(mlp_backward, rng, given):
    return mlp_backward(*given)


@probe("keeps layers and axes apart, also when all have the same width", points=1, rtol=1e-6,
       atol=1e-10, given=lambda rng: network(rng, 4, 4, 4, 4, 4, 4, 4))  # fmt: skip
def layers_of_one_width(mlp_backward, rng, given):
    return mlp_backward(*given)


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-10,
       given=lambda rng: [network(rng, 9, 5, 12, 4), network(rng, 9, 5, 12, 4)])  # fmt: skip
def clean_calls(mlp_backward, rng, given):
    (grad_logits, (inputs, weights)), other = given
    copies = [grad_logits.copy(), [x.copy() for x in inputs], [w.copy() for w in weights]]
    grads = mlp_backward(grad_logits, (inputs, weights))
    yield "all gradients", in_a_row(*grads)
    yield "grad_logits unchanged", np.array_equal(grad_logits, copies[0])
    yield "cache[0] unchanged", len(inputs) == 2 and all(map(np.array_equal, inputs, copies[1]))
    yield "cache[1] unchanged", len(weights) == 2 and all(map(np.array_equal, weights, copies[2]))
    yield "all gradients of another batch", in_a_row(*mlp_backward(*other))
    yield "the first gradients, looked at after the second call", [in_a_row(*grads)]
    again = mlp_backward(copies[0], (copies[1], copies[2]))
    yield "all gradients of the first batch again", in_a_row(*again)


def in_a_row(grad_weights, grad_biases):
    return np.concatenate([np.ravel(grad) for grad in (*grad_weights, *grad_biases)])


@probe("works for a single row, a single class, float32, and layers of any size", points=1,
       hidden=True, rtol=1e-4, atol=1e-5,
       given=lambda rng: [
           network(rng, 1, 3, 4, 2), network(rng, 6, 5, 1, 1), in_single_precision(rng),
           network(rng, *rng.integers(2, 7, size=5))])  # fmt: skip
def unusual_networks(mlp_backward, rng, given):
    yield "the gradients for a single row", mlp_backward(*given[0])
    yield "the gradients for a single class", mlp_backward(*given[1])
    yield "the gradients in float32", mlp_backward(*given[2])
    yield "the gradients of layers of other sizes", mlp_backward(*given[3])


PASS_ON = "if i > 0:  # x came out of no ReLU\n        grad = relu_backward(grad_input, inputs[i])"
GATE = "relu_backward(grad_input, inputs[i])"
WEIGHT, BIAS = "grad_weights.insert(0, grad_weight)", "grad_biases.insert(0, grad_bias)"
BACKWARDS = "reversed(range(len(weights)))"
BUGS = [
    Edit("no_relu", GATE, "grad_input",
         hint="The gradient passes every hidden unit. Where a unit was off its activation is exactly 0 "
         "(so >= 0 is no test for it), and nothing may pass."),
    Edit("gate_of_the_gradient", GATE, "np.maximum(grad_input, 0)",
         hint="You cut off negative gradients. The gate of a ReLU was decided in the forward pass: by "
         "the activation, not by the incoming gradient."),
    Edit("gate_at_one", GATE, "np.where(inputs[i] > 1, grad_input, 0)",
         hint="Your gate opens above 1; a ReLU opens above 0."),
    Edit("gate_inverted", GATE, "np.where(inputs[i] > 0, 0, grad_input)",
         hint="Your gate is the wrong way round: the gradient passes where the unit was on."),
    Edit("one_gate_only", PASS_ON, "if i > 0:\n        grad = grad_input\n"
         "    if i == len(weights) - 1:\n        grad = relu_backward(grad_input, inputs[i])",
         hint="You pass the ReLU below the last layer and forget the others. There is one between every "
         "two layers."),
    Edit("gate_leaks", GATE, "np.where(inputs[i] > 0, grad_input, 0.01 * grad_input)",
         hint="Your gate leaks, as that of a leaky ReLU. Here nothing passes a unit that was off."),
    Edit("gate_without_the_bias", GATE, "grad_input * (inputs[i - 1] @ weights[i - 1] > 0)",
         hint="You decide which units were on from inputs times weights, but the bias is missing there. "
         "The cached activations tell it directly."),
    Edit("times_the_activation", GATE, "grad_input * inputs[i]",
         hint="You multiply by the activation. The slope of a ReLU is 1 where it is on and 0 where it is "
         "off, never the value itself."),
    Edit("gate_of_the_batch", GATE, "grad_input * (inputs[i] > 0).any(axis=0)",
         hint="You decide for the whole batch whether a unit is on. Each example has its own gates."),
    Edit("slope_of_tanh", GATE, "grad_input * (1 - inputs[i] ** 2)",
         hint="1 - h**2 is the slope of tanh. Between these layers there is a ReLU."),
    Edit("slope_of_sigmoid", GATE, "grad_input * inputs[i] * (1 - inputs[i])",
         hint="h * (1 - h) is the slope of the sigmoid. Between these layers there is a ReLU."),
    Edit("gate_written_into_the_cache", GATE,
         "grad_input\n        inputs[i][inputs[i] > 0] = 1\n        grad = grad * inputs[i]",
         hint="You turn the cached activations into zeros and ones. The cache belongs to the caller: "
         "make a new array."),
    Edit("back_through_the_gradient", GATE, "relu_backward(grad @ grad_weight.T, inputs[i])",
         hint="You go back through the gradient of the weights. It is the weights themselves that the "
         "hidden activations were multiplied with."),
    Edit("weights_not_transposed", GATE, "relu_backward(grad @ weights[i], inputs[i])",
         hint="You multiply by the weights as they are, which fits square layers only. Going back they "
         "are transposed: (N, H) times (H, D)."),
    Edit("always_from_the_logits", "linear_backward(grad, inputs[i], weights[i])",
         "linear_backward(grad_logits, inputs[i], weights[i])",
         hint="You start from grad_logits in every layer. Each layer gets the gradient that came back "
         "through the layer after it."),
    Edit("averaged_on_the_way", PASS_ON, f"{PASS_ON} / len(grad)",
         hint="You divide by N once more at each layer on the way down. The last layer is right, and "
         "those before it get ever smaller gradients."),
    Edit("bias_averaged", BIAS, "grad_biases.insert(0, grad_bias / len(grad))",
         hint="You average over the batch for the biases. If the loss is a mean, its 1/N is in "
         "grad_logits already; the contributions of the examples are added up."),
    Edit("weight_averaged", WEIGHT, "grad_weights.insert(0, grad_weight / len(grad))",
         hint="You divide the gradients of the weights by N. If the loss is a mean, its 1/N is in "
         "grad_logits already; the contributions of the examples are added up."),
    Edit("all_averaged", f"{WEIGHT}\n    {BIAS}",
         "grad_weights.insert(0, grad_weight / len(grad))\n"
         "    grad_biases.insert(0, grad_bias / len(grad))",
         hint="You divide by N in every layer. If the loss is a mean, its 1/N is in grad_logits already; "
         "the contributions of the examples are added up."),
    Edit("bias_with_kept_axis", BIAS, "grad_biases.insert(0, grad_bias[np.newaxis])",
         hint="Your gradients of the biases have shape (1, H). A gradient has exactly the shape of what "
         "it belongs to: (H,)."),
    Edit("bias_summed_to_a_number", BIAS, "grad_biases.insert(0, grad_bias.sum())",
         hint="Your gradient of a layer's biases is a single number. There is one bias for each unit: "
         "add up over the examples only, axis 0."),
    Edit("bias_summed_over_units", BIAS, "grad_biases.insert(0, grad.sum(axis=1))",
         hint="Your gradients of the biases add up over the units. A bias serves all examples: add up "
         "over them, which is axis 0."),
    Edit("bias_not_summed", BIAS, "grad_biases.insert(0, grad)",
         hint="Your gradients of the biases have a row for each example. One bias serves all of them: "
         "add the rows up."),
    Edit("bias_before_the_gate", PASS_ON, f"{PASS_ON}\n        grad_biases.insert(0, "
         "grad_input.sum(axis=0))\n    if i < len(weights) - 1:\n        del grad_biases[i + 1 - i]",
         hint="The gradients of the hidden biases ignore the ReLU. A bias enters before the ReLU, so its "
         "gradient has passed the gate, as that of the weights."),
    Edit("weight_transposed", WEIGHT, "grad_weights.insert(0, grad_weight.T)",
         hint="The gradients of the weights are transposed. Each must look like its weight matrix."),
    Edit("last_layer_first", f"{WEIGHT}\n    {BIAS}",
         "grad_weights.append(grad_weight)\n    grad_biases.append(grad_bias)",
         hint="Your lists start with the last layer. Return them in the order of the layers."),
    Edit("biases_last_layer_first", BIAS, "grad_biases.append(grad_bias)",
         hint="Your list of bias gradients starts with the last layer, that of the weights with the "
         "first. Both go in the order of the layers."),
    Edit("forwards", BACKWARDS, "range(len(weights))",
         hint="You go through the layers from the first to the last. The gradient starts at the logits, "
         "so the last layer comes first."),
    Edit("without_the_first_layer", BACKWARDS, "reversed(range(1, len(weights)))",
         hint="Your loop stops before the first layer; it has weights and biases too."),
    Edit("exchanged", "return grad_weights, grad_biases", "return grad_biases, grad_weights",
         hint="You return the biases' gradients first. The task asks for the weights' first."),
    Edit("pairs", "return grad_weights, grad_biases",
         "return list(zip(grad_weights, grad_biases, strict=True))",
         hint="You return a pair for each layer. The task asks for two lists: all weights' gradients, "
         "then all biases'."),
    Edit("wrong_signs", "grad = grad_logits", "grad = -grad_logits",
         hint="Every sign is turned round. A gradient points to where the loss grows; the minus comes "
         "with the update."),
]  # fmt: skip


@bug("You take the last entry of the lists in the cache out (pop does that), so the caller's cache is "
     "empty afterwards. Read it by index.")  # fmt: skip
def empties_the_cache(grad_logits, cache):
    (inputs, weights), grad, results = cache, grad_logits, []
    while weights:
        x, weight = inputs.pop(), weights.pop()
        results.insert(0, (x.T @ grad, grad.sum(axis=0)))
        grad = (grad @ weight.T) * (x > 0)
    return [w for w, _ in results], [b for _, b in results]


@bug("You handle the first and the last layer only. The cache tells how many there are: go through all "
     "of them with a loop.")  # fmt: skip
def two_layers_at_most(grad_logits, cache):
    inputs, weights = cache
    grad = (grad_logits @ weights[-1].T) * (inputs[-1] > 0)
    grad_weights = [inputs[0].T @ grad, inputs[-1].T @ grad_logits]
    return grad_weights, [grad.sum(axis=0), grad_logits.sum(axis=0)]


@alternative
def example_by_example(grad_logits, cache):
    inputs, weights = cache
    grad_weights = [np.zeros(w.shape) for w in weights]
    grad_biases = [np.zeros(w.shape[1]) for w in weights]
    for n in range(len(grad_logits)):
        delta = grad_logits[n]
        for layer in range(len(weights) - 1, -1, -1):
            grad_weights[layer] += np.outer(inputs[layer][n], delta)
            grad_biases[layer] += delta
            delta = weights[layer] @ delta * np.heaviside(inputs[layer][n], 0)
    return grad_weights, grad_biases


@alternative
def by_recursion(grad_logits, cache):
    def grads_up_to(last, grad):
        if last < 0:
            return [], []
        h, w = cache[0][last], cache[1][last]
        below = grads_up_to(last - 1, (grad @ w.T) * np.sign(np.abs(h)))
        return [*below[0], h.T @ grad], [*below[1], grad.sum(0)]

    return grads_up_to(len(cache[1]) - 1, grad_logits)


@alternative
def all_deltas_first(grad_logits, cache):
    inputs, weights = cache
    deltas = [grad_logits]
    for h, w in zip(inputs[:0:-1], weights[:0:-1], strict=True):
        delta = np.einsum("nh,dh->nd", deltas[-1], w)
        delta[h == 0] = 0.0
        deltas.append(delta)
    deltas.reverse()
    grad_weights = tuple(np.einsum("nd,nh->dh", h, d) for h, d in zip(inputs, deltas, strict=True))
    return grad_weights, tuple(np.add.reduce(d, axis=0) for d in deltas)


@alternative
def in_a_table(grad_logits, cache):
    num_layers = len(cache[1])
    grad_weights, grad_biases = [None] * num_layers, [None] * num_layers
    grad = np.array(grad_logits, dtype=float)
    for i in range(num_layers)[::-1]:
        x, weight = cache[0][i], cache[1][i]
        grad_weights[i] = np.dot(grad.T, x).T
        grad_biases[i] = np.ones(len(grad)) @ grad
        grad = np.where(x > 0, np.dot(weight, grad.T).T, 0)
    return [grad_weights, grad_biases]
