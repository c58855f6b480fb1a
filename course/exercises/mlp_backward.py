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


def of_one_width(rng):
    """A deep square network in which some gradient comes back to every layer."""
    while True:
        given = network(rng, 4, 4, 4, 4, 4, 4, 4)
        if all(grad.any() for grad in F.mlp_backward(*given)[1]):
            return given


def with_dead_units(rng):
    """One hidden unit is off for every row, one for no row, one is exactly at 0, one barely on."""
    x, weight = rng.normal(size=(5, 3)), rng.normal(size=(3, 5))
    weight[:, 1], weight[:, 4] = 0.0, 1e-10
    weights, bias = [weight, rng.normal(size=(5, 2))], np.array([0, 0, 9.0, -9.0, 1e-8])
    return [rng.normal(size=(5, 2)), F.mlp_forward(x, weights, [bias, np.zeros(2)])[1]]


def in_single_precision(rng):
    grad, (inputs, weights) = network(rng, 4, 3, 6, 5, 2)
    lists = [[array.astype(np.float32) for array in arrays] for arrays in (inputs, weights)]
    return [grad.astype(np.float32), tuple(lists)]


@probe("is right for one layer alone, where no ReLU is passed, with all digits", points=1,
       given=lambda rng: [network(rng, 5, 4, 3), network(rng, 3, 3, 3)])  # fmt: skip
def one_layer(mlp_backward, rng, given):
    yield "the gradients", mlp_backward(*given[0])
    yield "the gradients with as many rows as inputs and classes", mlp_backward(*given[1])


@probe("goes back through a hidden layer and its ReLU", points=2, rtol=1e-6, atol=1e-10,
       given=lambda rng: network(rng, 5, 4, 6, 3))  # fmt: skip
def two_layers(mlp_backward, rng, given):
    return mlp_backward(*given)


@probe("stops the gradient at hidden units that are off, also when they are exactly at 0, and at no others",
       points=1, rtol=1e-6, atol=1e-10, given=with_dead_units)  # fmt: skip
def dead_units(mlp_backward, rng, given):
    return mlp_backward(*given)


@probe("goes back through any number of layers", points=1, rtol=1e-6, atol=1e-10,
       given=lambda rng: network(rng, 6, 3, 5, 4, 2))  # fmt: skip
def many_layers(mlp_backward, rng, given):
    return mlp_backward(*given)


@probe("keeps layers and axes apart, also when all have the same width", points=1, rtol=1e-6,
       atol=1e-10, given=of_one_width)  # fmt: skip
def layers_of_one_width(mlp_backward, rng, given):
    return mlp_backward(*given)


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-10,
       given=lambda rng: [network(rng, 9, 5, 12, 4), network(rng, 9, 5, 12, 4)])  # fmt: skip
def clean_calls(mlp_backward, rng, given):
    (grad_logits, (inputs, weights)), other = given
    copies = [grad_logits.copy(), [x.copy() for x in inputs], [w.copy() for w in weights]]
    grads = mlp_backward(grad_logits, (inputs, weights))
    yield "grad_logits unchanged", np.array_equal(grad_logits, copies[0])
    yield "cache[0] unchanged", len(inputs) == 2 and all(map(np.array_equal, inputs, copies[1]))
    yield "cache[1] unchanged", len(weights) == 2 and all(map(np.array_equal, weights, copies[2]))
    yield "all gradients", in_a_row(*grads)
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
LINEAR = "grad_input, grad_weight, grad_bias = linear_backward(grad, inputs[i], weights[i])"
UNPACKED = "inputs, weights = cache"
START, RETURN = "grad = grad_logits", "return grad_weights, grad_biases"
NO_LAST_RELU = "You pass a ReLU on the way back from the logits. None follows the last layer, so all of grad_logits comes through."
BAR = "Your gate opens a little above 0, so units that are barely on are taken for off. A ReLU opens at 0 exactly."
TOO_MANY = (
    "You return one item too many: the gradient of x is not asked for. The two lists are all."
)
FIRST_LAYER = (
    "The first layer has no gradients: your loop stops before it. It has weights and biases too."
)
WRONG_PLACE = (
    "You gate the gradient before it has gone back through the weights, so the gate belongs to another layer. First the "
    "weights, then the gate of inputs[i]."
)  # fmt: skip
BUGS = [
    *(Edit(f"gate_at_{bar}", GATE, f"np.where(inputs[i] > {bar}, grad_input, 0)", hint=BAR)
      for bar in (1e-6, 0.01, 0.1, 0.5)),
    Edit("relu_on_grad_logits", START, "grad = np.maximum(grad_logits, 0)", hint=NO_LAST_RELU),
    Edit("gate_of_the_logits", START, "grad = grad_logits * (inputs[-1] @ weights[-1] > 0)", hint=NO_LAST_RELU),
    Edit("gate_missing_at_the_first_layer", PASS_ON,
         "if i > 0:\n        grad = relu_backward(grad_input, inputs[i]) if i > 1 else grad_input",
         hint="The gradient passes the ReLU of the first hidden layer unhindered: does a condition or a loop end one too "
         "early? There is one between every two layers."),
    Edit("gate_missing_below_the_last_layer", PASS_ON,
         "if i > 0:\n        grad = relu_backward(grad_input, inputs[i]) if i < len(weights) - 1 else grad_input",
         hint="The gradient passes the ReLU below the last layer unhindered. Only the logits have no ReLU; the activations "
         "that the last layer takes went through one."),
    Edit("gate_at_the_first_layer_only", PASS_ON,
         "if i > 0:\n        grad = relu_backward(grad_input, inputs[i]) if i == 1 else grad_input",
         hint="You pass the ReLU of the first hidden layer and forget the others. There is one between every two layers."),
    Edit("gate_one_layer_off", GATE, "grad_input * (inputs[i - 1] > 0)",
         hint="You take the gate of the layer before. What comes back through weights[i] meets the ReLU that made inputs[i]."),
    Edit("gate_of_x", GATE, "grad_input * (inputs[0] > 0)",
         hint="Your gates come from x. What comes back through weights[i] meets the ReLU that made inputs[i]."),
    Edit("gate_of_the_last_inputs", GATE, "grad_input * (inputs[-1] > 0)",
         hint="All your gates come from the last hidden layer. What comes back through weights[i] meets the ReLU that made "
         "inputs[i]."),
    Edit("gate_too_soon", f"{LINEAR}\n    ", f"grad = grad * (inputs[i] > 0)\n    {LINEAR}\n    ", hint=WRONG_PLACE),
    Edit("gate_too_soon_in_hidden_layers", GATE, "(grad * (inputs[i] > 0)) @ weights[i].T", hint=WRONG_PLACE),
    Edit("gate_on_the_weights", GATE, "grad @ np.maximum(weights[i], 0).T * (inputs[i] > 0)",
         hint="You cut off negative weights. The gate is made from the activations, and the weights stay as they are."),
    Edit("signs_of_the_gradient_as_well", GATE, "relu_backward(np.maximum(grad_input, 0), inputs[i])",
         hint="You cut off negative gradients as well. The gate of a ReLU is decided by the activation alone."),
    Edit("gate_instead_of_the_gradient", GATE, "(inputs[i] > 0) * 1.0",
         hint="You send the gate itself back. The chain rule multiplies it by the gradient that arrives."),
    Edit("relu_instead_of_its_slope", GATE, "np.maximum(inputs[i], 0)",
         hint="You send the activations back. What passes a ReLU is the gradient that arrives, where the unit was on."),
    Edit("gate_instead_of_the_activation", LINEAR,
         "grad_input, grad_weight, grad_bias = linear_backward(grad, (inputs[i] > 0) * 1.0 if i > 0 else inputs[0], weights[i])",
         hint="In the gradient of the weights you take the gate (0 or 1) where the activation itself belongs."),
    Edit("x_cut_off", LINEAR, "grad_input, grad_weight, grad_bias = linear_backward(grad, np.maximum(inputs[i], 0), weights[i])",
         hint="You cut off negative entries of x. It came out of no ReLU."),
    Edit("always_x", LINEAR, "grad_input, grad_weight, grad_bias = grad @ weights[i].T, inputs[0].T @ grad, grad.sum(axis=0)",
         hint="You take x in every layer. The gradient of a layer's weights is made from that layer's own input, inputs[i]."),
    Edit("inputs_one_off", LINEAR, "grad_input, grad_weight, grad_bias = grad @ weights[i].T, inputs[i - 1].T @ grad, grad.sum(axis=0)",
         hint="You take the input of the layer before. The gradient of weights[i] is made from inputs[i]."),
    Edit("weights_one_off", GATE, "grad @ weights[i - 1].T * (inputs[i] > 0)",
         hint="You go back through the weights of the layer before. The gradient at layer i goes back through weights[i]."),
    Edit("from_the_logits_everywhere", GATE, "grad_logits @ weights[i].T * (inputs[i] > 0)",
         hint="You start from grad_logits in every layer. Each layer gets the gradient that came back through the layer "
         "after it."),
    Edit("without_the_weights", GATE, "grad * (inputs[i] > 0)",
         hint="The gradient skips the weights on its way back. What reaches a hidden unit comes through the weights of the "
         "layer after it."),
    Edit("gradient_added_up_on_the_way", PASS_ON,
         "if i > 0:\n        passed = relu_backward(grad_input, inputs[i])\n        grad = passed + grad if passed.shape == grad.shape else passed",
         hint="Where the shapes allow it, you add the gradient of the layer after. There are no skip connections here."),
    Edit("clipped", LINEAR, f"grad = np.clip(grad, -1, 1)\n    {LINEAR}",
         hint="You clip the gradient on its way. This function says how the loss grows; clipping is a task of its own."),
    Edit("clipped_at_the_end", RETURN, "return [np.clip(g, -1, 1) for g in grad_weights], [np.clip(g, -1, 1) for g in grad_biases]",
         hint="You clip the gradients. This function says how the loss grows; clipping is a task of its own."),
    Edit("averaged_in_every_layer", LINEAR, f"grad = grad / len(grad)\n    {LINEAR}",
         hint="You divide by N again in every layer, so that the factors pile up. If the loss is a mean, its 1/N is in "
         "grad_logits already."),
    Edit("times_examples", UNPACKED, f"{UNPACKED}\ngrad_logits = grad_logits * len(grad_logits)",
         hint="You multiply by N. The factor that belongs to the loss is in grad_logits already."),
    Edit("first_layer_zero", RETURN, "grad_weights[0], grad_biases[0] = 0 * grad_weights[0], 0 * grad_biases[0]\n" + RETURN,
         hint=FIRST_LAYER),
    Edit("first_layer_none", RETURN, "grad_weights[0] = grad_biases[0] = None\n" + RETURN, hint=FIRST_LAYER),
    Edit("last_layer_zero", RETURN, "grad_weights[-1], grad_biases[-1] = 0 * grad_weights[-1], 0 * grad_biases[-1]\n" + RETURN,
         hint="The last layer has no gradients: your loop starts after it. It has weights and biases too."),
    Edit("last_layer_left_out", RETURN, "return grad_weights[:-1], grad_biases[:-1]",
         hint="The last layer is missing in your lists: they hold one entry for each of the L layers."),
    Edit("with_grad_x", RETURN, "return grad_weights, grad_biases, grad_input", hint=TOO_MANY),
    Edit("with_gated_grad_x", RETURN, "return grad_weights, grad_biases, grad_input * (inputs[0] > 0)", hint=TOO_MANY),
    Edit("with_the_last_grad", RETURN, "return grad_weights, grad_biases, grad", hint=TOO_MANY),
    Edit("grad_x_first", RETURN, "return grad_input, grad_weights, grad_biases", hint=TOO_MANY),
    Edit("weights_alone", RETURN, "return grad_weights",
         hint="The gradients of the biases are missing: return both lists, the weights' and the biases'."),
    Edit("one_list", RETURN, "return [g for pair in zip(grad_weights, grad_biases, strict=True) for g in pair]",
         hint="You return one list, weights and biases in turn. The task asks for two lists: all weights' gradients, then "
         "all biases'."),
    Edit("pairs_from_the_last_layer", RETURN, "return list(zip(grad_weights, grad_biases, strict=True))[::-1]",
         hint="You return a pair for each layer, the last one first. The task asks for two lists in the order of the layers."),
    Edit("weights_last_layer_first", WEIGHT, "grad_weights.append(grad_weight)",
         hint="Your list of weight gradients starts with the last layer, that of the biases with the first. Both go in the "
         "order of the layers."),
    Edit("weight_of_the_last_example", WEIGHT, "grad_weights.insert(0, np.outer(inputs[i][-1], grad[-1]))",
         hint="Your weight gradients hold the last example only, as if each one overwrote the one before. Add up what all "
         "of them contribute."),
    Edit("bias_of_the_last_example", BIAS, "grad_biases.insert(0, grad[-1])",
         hint="Your bias gradients hold the last example only, as if each one overwrote the one before. Add up what all "
         "of them contribute."),
    Edit("bias_of_the_first_example", BIAS, "grad_biases.insert(0, grad[0])",
         hint="Your bias gradients look at the first example only. Add up what all of them contribute."),
    Edit("last_example_alone", f"{WEIGHT}\n    {BIAS}",
         "grad_weights.insert(0, np.outer(inputs[i][-1], grad[-1]))\n    grad_biases.insert(0, grad[-1])",
         hint="Your gradients hold the last example only, as if each one overwrote the one before. Add up what all of "
         "them contribute."),
    Edit("weight_for_each_example", WEIGHT, "grad_weights.insert(0, inputs[i][:, :, np.newaxis] * grad[:, np.newaxis])",
         hint="Your weight gradients have a matrix for each example. The weights serve all of them: add up over the batch."),
    Edit("bias_forgotten", BIAS, "grad_biases.insert(0, 0 * grad_bias)",
         hint="Your bias gradients are 0. Moving a bias moves that unit for every example: add up the rows of the gradient."),
    Edit("bias_counts_examples", BIAS, "grad_biases.insert(0, np.full(grad.shape[1], float(len(grad))))",
         hint="You add up 1 for each example in the bias gradients. The chain rule multiplies that slope by the gradient."),
    Edit("bias_averaged_over_units", BIAS, "grad_biases.insert(0, grad.mean(axis=1))",
         hint="Your gradients of the biases average over the units. A bias serves all examples: add up over them, axis 0, "
         "without dividing."),
    Edit("bias_of_the_layer_below", f"{BIAS}\n    {PASS_ON}",
         f"grad_biases.insert(0, grad_input.sum(axis=0))\n    {PASS_ON}",
         hint="Your bias gradients come from what has gone back through the weights already. A layer's bias gets the "
         "gradient that arrives at that layer."),
    Edit("weight_penalised", WEIGHT, "grad_weights.insert(0, grad_weight + weights[i])",
         hint="You add the weights to their gradients, as for a penalty. This loss comes in with grad_logits alone."),
    Edit("squeezed", f"{WEIGHT}\n    {BIAS}",
         "grad_weights.insert(0, grad_weight.squeeze())\n    grad_biases.insert(0, grad_bias.squeeze())",
         hint="Where a layer has one unit, your gradients lose an axis (squeeze does that). Each has the shape of what it "
         "belongs to."),
    Edit("weights_squeezed", WEIGHT, "grad_weights.insert(0, grad_weight.squeeze())",
         hint="Where a layer has one unit, your gradients lose an axis (squeeze does that). Each has the shape of what it "
         "belongs to."),
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
    Edit("all_averaged", UNPACKED, f"{UNPACKED}\ngrad_logits = grad_logits / len(grad_logits)",
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
    Edit("bias_before_the_gate", LINEAR, "arrived = grad if i == len(weights) - 1 else grad_input\n"
         f"    {LINEAR}\n    grad_bias = arrived.sum(axis=0)",
         hint="The gradients of the hidden biases ignore the ReLU. A bias enters before the ReLU, so its "
         "gradient has passed the gate, as that of the weights."),
    Edit("weight_before_the_gate", LINEAR, "arrived = grad if i == len(weights) - 1 else grad_input\n"
         f"    {LINEAR}\n    grad_weight = inputs[i].T @ arrived",
         hint="The gradients of the hidden weights ignore the ReLU. They enter before the ReLU, so their gradient has "
         "passed the gate, as that of the biases."),
    Edit("bias_averaged_in_hidden_layers", BIAS, "grad_biases.insert(0, grad_bias / (1 if i == len(weights) - 1 else len(grad)))",
         hint="You average over the batch for the hidden biases. The contributions of the examples are added up, in every "
         "layer."),
    Edit("nothing_below_the_last_layer", GATE, "0 * grad_input",
         hint="Below the last layer all your gradients are 0. Does the loop go through all layers, and is the gate open "
         "where an activation is positive (it is never negative)?"),
    Edit("half_at_zero", GATE, "grad_input * np.heaviside(inputs[i], 0.5)",
         hint="Your slope at an activation of exactly 0 is one half, and every unit that is off stands there. Nothing passes "
         "at 0."),
    Edit("times_the_squared_activation", GATE, "grad_input * inputs[i] ** 2",
         hint="You multiply by the square of the activation. The slope of a ReLU is 1 where it is on and 0 where it is off."),
    Edit("times_the_gate_and_the_gradient", GATE, "relu_backward(grad_input, inputs[i]) ** 2",
         hint="You square the gradient. It passes the gate as it is."),
    Edit("biases_shifted", RETURN, "return grad_weights, grad_biases[1:] + grad_biases[:1]",
         hint="Your bias gradients are shifted by one layer. Each belongs to the layer of its weights."),
    Edit("product_cut_off", GATE, "np.maximum(grad_input * inputs[i], 0)",
         hint="You apply a ReLU to the product of gradient and activation. The gate comes from the activation alone, and what "
         "passes is the gradient."),
    Edit("gate_where_both_agree", GATE, "grad_input * (grad_input * inputs[i] > 0)",
         hint="You cut off negative gradients as well. The gate of a ReLU is decided by the activation alone."),
    Edit("normalised_on_the_way", PASS_ON, f"{PASS_ON}\n        grad = grad / (np.linalg.norm(grad) + 1e-12)",
         hint="You divide by the length (norm) of the gradient on its way back. It comes with its size, large or small."),
    Edit("bias_over_inputs", BIAS, "grad_biases.insert(0, grad_bias / inputs[i].shape[1])",
         hint="You divide the bias gradients by the number of inputs. The contributions of the examples are added up, without "
         "dividing."),
    Edit("weight_over_inputs", WEIGHT, "grad_weights.insert(0, grad_weight / inputs[i].shape[1])",
         hint="You divide the weight gradients by the number of inputs. The contributions of the examples are added up, "
         "without dividing."),
    Edit("weights_averaged_in_hidden_layers", WEIGHT, "grad_weights.insert(0, grad_weight / (1 if i == len(weights) - 1 else len(grad)))",
         hint="You average over the batch for the hidden weights. The contributions of the examples are added up, in every "
         "layer."),
    Edit("hidden_averaged", f"{WEIGHT}\n    {BIAS}", "n = 1 if i == len(weights) - 1 else len(grad)\n"
         "    grad_weights.insert(0, grad_weight / n)\n    grad_biases.insert(0, grad_bias / n)",
         hint="You average over the batch in the hidden layers. The contributions of the examples are added up, in every layer."),
    Edit("last_averaged", f"{WEIGHT}\n    {BIAS}", "n = 1 if i < len(weights) - 1 else len(grad)\n"
         "    grad_weights.insert(0, grad_weight / n)\n    grad_biases.insert(0, grad_bias / n)",
         hint="You average over the batch in the last layer. The contributions of the examples are added up, in every layer."),
    Edit("biases_squeezed", BIAS, "grad_biases.insert(0, grad_bias.squeeze())",
         hint="Where a layer has one unit, your gradient of its bias loses its axis (squeeze does that). It has the shape "
         "(1,), as the bias."),
    Edit("biases_rows_repeated", BIAS, "grad_biases.insert(0, np.tile(grad_bias, (len(grad), 1)))",
         hint="You repeat the bias gradients for each example. One bias serves all of them: shape (H,)."),
    Edit("gate_of_the_row", GATE, "grad_input * (inputs[i].sum(axis=1, keepdims=True) > 0)",
         hint="You decide for all units of an example at once. Each unit has its own gate, in each example."),
    Edit("gate_from_the_weights", GATE, "grad @ np.maximum(weights[i], 0).T",
         hint="Your gate comes from the sign of the weights. A unit is on where its activation is positive."),
    *(Edit(f"weights_after_a_step_of_{lr}", GATE, f"relu_backward(grad @ (weights[i] - {lr} * grad_weight).T, inputs[i])",
           hint="You go back through weights that have made a step already. The gradient belongs to the weights as they "
           "were in the forward pass.") for lr in (1.0, 0.1, 0.01)),
    *(Edit(f"step_of_{lr}", WEIGHT, f"grad_weights.insert(0, weights[i] - {lr} * grad_weight)",
           hint="You return weights after a step. The task asks for the gradients; the optimizer makes the step.")
      for lr in (1.0, 0.1, 0.01)),
    Edit("rows_centred", START, "grad = grad_logits - grad_logits.mean(axis=1, keepdims=True)",
         hint="You subtract a mean from each row of grad_logits. It goes back as it came."),
    Edit("softmax_first", START, "grad = softmax(grad_logits)",
         hint="You apply a softmax to grad_logits. It is a gradient already, and goes back as it came."),
    Edit("normalised", START, "grad = grad_logits / np.linalg.norm(grad_logits)",
         hint="You divide by the length (norm) of grad_logits. A gradient comes with its size, large or small."),
    Edit("flat", RETURN, "return [g.ravel() for g in grad_weights], grad_biases",
         hint="Your weight gradients are flat. Each has the shape of its weight matrix."),
    Edit("bias_as_a_column", BIAS, "grad_biases.insert(0, grad_bias[:, np.newaxis])",
         hint="Your gradients of the biases are columns, shape (H, 1). A gradient has exactly the shape of what it belongs "
         "to: (H,)."),
    Edit("without_the_first_example", START, "grad = grad_logits * (np.arange(len(grad_logits)) > 0)[:, np.newaxis]",
         hint="The first example is left out. Python counts from 0."),
    Edit("without_the_last_example", START, "grad = grad_logits * (np.arange(len(grad_logits)) < len(grad_logits) - 1)[:, np.newaxis]",
         hint="The last example is left out: does a loop end one too early?"),
    Edit("weight_times_weight", WEIGHT, "grad_weights.insert(0, grad_weight * weights[i])",
         hint="There is a weight too many in the weight gradients: the slope of a layer with respect to a weight is its "
         "input alone."),
    Edit("weight_without_the_activation", WEIGHT, "grad_weights.insert(0, np.ones_like(inputs[i]).T @ grad)",
         hint="Your weight gradients do not depend on the inputs of the layers. A weight's influence is the input that it "
         "is multiplied with."),
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


@bug("After your call the lists in the cache are no longer the same: pop takes entries out, reverse turns them round. "
     "Read them by index, and leave them as they are.")  # fmt: skip
def empties_the_cache(grad_logits, cache):
    (inputs, weights), grad, results = cache, grad_logits, []
    while weights:
        x, weight = inputs.pop(), weights.pop()
        results.insert(0, (x.T @ grad, grad.sum(axis=0)))
        grad = (grad @ weight.T) * (x > 0)
    return [w for w, _ in results], [b for _, b in results]


@bug(
    "You write into grad_logits (/= does that): the caller's array changes, and nothing here is divided by N."
)
def divides_in_place(grad_logits, cache):
    grad_logits /= len(grad_logits)
    return in_a_table.function(grad_logits, cache)


@bug(
    "You change the weights in the cache. This function says how the loss grows; the optimizer makes the step."
)
def takes_a_step(grad_logits, cache):
    grads = in_a_table.function(grad_logits, cache)
    for weight, grad in zip(cache[1], grads[0], strict=True):
        weight -= 0.1 * grad
    return grads


@bug("You handle networks of exactly two layers. The cache tells how many there are, one or many: go through all of them with "
     "a loop.")  # fmt: skip
def two_layers_exactly(grad_logits, cache):
    (x, h), (_, weight) = cache
    grad = (grad_logits @ weight.T) * (h > 0)
    return [x.T @ grad, h.T @ grad_logits], [grad.sum(axis=0), grad_logits.sum(axis=0)]


@bug("You go through the weights from the last to the first, and through the inputs from the first to the last. Turn both "
     "lists round.")  # fmt: skip
def inputs_in_the_other_direction(grad_logits, cache):
    grad, grad_weights, grad_biases = grad_logits, [], []
    for h, w in zip(cache[0], cache[1][::-1], strict=True):
        grad_weights.insert(0, h.T @ grad)
        grad_biases.insert(0, grad.sum(axis=0))
        grad = (grad @ w.T) * (h > 0)
    return grad_weights, grad_biases


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
