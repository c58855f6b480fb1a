"""l2_penalty_backward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def layers(rng, *shapes):
    return [rng.normal(scale=2.0, size=shape) for shape in shapes]


@probe("gives each weight's slope of the penalty", points=1, rtol=1e-6)
def one_layer(l2_penalty_backward, rng):
    yield "the gradient with strength 1", l2_penalty_backward(layers(rng, (4, 3)), 1.0)
    yield "the gradient with strength 0.3", l2_penalty_backward(layers(rng, (4, 3)), 0.3)
    yield "the gradient with strength 5", l2_penalty_backward(layers(rng, (2, 6)), 5.0)
    yield "the gradient with strength 0", l2_penalty_backward(layers(rng, (2, 6)), 0.0)


@probe("returns one gradient for each of the weights, of its shape and in the same order", points=1,
       rtol=1e-6)  # fmt: skip
def several_layers(l2_penalty_backward, rng):
    sizes, others = [(5, 4), (4, 6), (6, 2)], [(2, 3, 4), (5,), (1, 1)]
    yield "the gradients of three layers", l2_penalty_backward(layers(rng, *sizes), 0.7)
    yield (
        "the gradients of two layers of one size",
        l2_penalty_backward(layers(rng, (3, 3), (3, 3)), 0.7),
    )
    yield (
        "the gradients of arrays with one and three axes",
        l2_penalty_backward(layers(rng, *others), 0.7),
    )


@probe("leaves the weights as they were, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(l2_penalty_backward, rng):
    weights, others = layers(rng, (3, 2), (2, 4)), layers(rng, (3, 2), (2, 4))
    copies = [weight.copy() for weight in weights]
    yield "the first layer's gradient", l2_penalty_backward(weights, 0.4)[0]
    same = [np.array_equal(now, then) for now, then in zip(weights, copies, strict=False)]
    yield "weights unchanged", all(same)
    yield "the first layer's gradient for other weights", l2_penalty_backward(others, 0.4)[0]
    yield "the first layer's gradient again", l2_penalty_backward(copies, 0.4)[0]


@probe("makes new arrays, also when strength is 1", points=1, rtol=1e-6)
def new_arrays(l2_penalty_backward, rng):
    weights = layers(rng, (3, 2), (2, 4))
    grad, other_grad = l2_penalty_backward(weights, 1.0)
    yield "the gradients", [grad.copy(), other_grad.copy()]
    grad += 1.0
    other_grad += 1.0
    yield "weights after the gradients have changed", weights


@probe("works for many layers, float32, and parts of larger arrays", points=1, hidden=True,
       rtol=1e-4)  # fmt: skip
def unusual_weights(l2_penalty_backward, rng):
    num_layers, size = (int(n) for n in rng.integers(4, 8, size=2))
    wide, strength = rng.normal(size=(size, 2 * size)), rng.uniform(0.1, 0.9)
    sizes = rng.integers(1, 9, size=(num_layers, 2))
    single = [weight.astype(np.float32) for weight in layers(rng, (size, 3), (3, 2))]
    yield "the gradients of many layers", l2_penalty_backward(layers(rng, *sizes), strength)
    yield "the gradients of float32 weights", l2_penalty_backward(single, 0.3)
    yield "the gradients of parts of arrays", l2_penalty_backward([wide[:, ::2], wide.T], 1e-4)


GRAD, LOOP = "strength * weight", "in weights"
WHOLE = f"[{GRAD} for weight {LOOP}]"
BUGS = [
    Edit("factor_two", GRAD, "2 * strength * weight",
         hint="Your gradients are twice too large. The penalty has a factor one half, which the 2 of the "
         "derivative cancels."),
    Edit("factor_half", GRAD, "0.5 * strength * weight",
         hint="Your gradients are half of what they should be: the derivative of the square brings a 2, "
         "which cancels the one half."),
    Edit("no_strength", GRAD, "1.0 * weight",
         hint="strength changes nothing in your result. The gradient is multiplied by it, as the penalty "
         "is."),
    Edit("strength_squared", GRAD, "strength**2 * weight",
         hint="You multiply by strength twice; once is asked."),
    Edit("divided_by_strength", GRAD, "weight / max(strength, 1e-12)",
         hint="You divide by strength. The gradient grows with it, as the penalty does."),
    Edit("signs_only", GRAD, "strength * np.sign(weight)",
         hint="That is the gradient of the L1 penalty, which adds up absolute values. A square has the "
         "slope 2w."),
    Edit("sizes_only", GRAD, "strength * np.abs(weight)",
         hint="You lose the sign. The gradient of a negative weight is negative."),
    Edit("squares", GRAD, "strength * weight**2",
         hint="You square the weights, as in the penalty itself. Its derivative has no square."),
    Edit("half_squares", GRAD, "0.5 * strength * weight**2",
         hint="You return the penalty of every entry. The derivative of half a square is the weight "
         "itself, without a square."),
    Edit("wrong_sign", GRAD, "-strength * weight",
         hint="Every sign is turned round. The gradient points to where the penalty grows; the minus "
         "comes with the update."),
    Edit("averaged", GRAD, "strength * weight / weight.size",
         hint="You divide by the number of weights. The penalty is a sum, not a mean."),
    Edit("divided_by_the_rows", GRAD, "strength * weight / len(weight)",
         hint="You divide by the number of rows. The rows of a weight matrix are no batch, and the batch "
         "size plays no part."),
    Edit("divided_by_the_layers", GRAD, "strength * weight / len(weights)",
         hint="You divide by the number of layers. The penalty adds them up, so each keeps its own "
         "gradient."),
    Edit("normalised", GRAD, "strength * weight / np.linalg.norm(weight)",
         hint="You divide by the length of the weights, which would be right for a root of the squares. "
         "This penalty has no root."),
    Edit("transposed", GRAD, "strength * weight.T",
         hint="Your gradients are transposed. Each has the shape of its weights."),
    Edit("flat", GRAD, "strength * weight.ravel()",
         hint="Your gradients are flat. Each has the shape of its weights."),
    Edit("one_number_for_each_layer", GRAD, "(strength * weight).sum()",
         hint="You add up over each layer. Every single weight has a slope of its own."),
    Edit("strength_everywhere", GRAD, "strength * np.ones_like(weight)",
         hint="Your gradient does not depend on the weight. The slope of a square does."),
    Edit("decayed_weights", GRAD, "weight - strength * weight",
         hint="You return weights that have been made smaller. The task asks for the gradient; the "
         "optimizer subtracts it."),
    Edit("weights_added", GRAD, "weight + strength * weight",
         hint="You add the weight itself to its gradient. Only the penalty's slope is asked."),
    Edit("last_layer_first", LOOP, "in reversed(weights)",
         hint="Your list starts with the last layer. Keep the order of weights."),
    Edit("last_layer_only", LOOP, "in weights[-1:]",
         hint="You return the gradient of the last layer only. Return one for each of the weights."),
    Edit("first_layer_only", LOOP, "in weights[:1]",
         hint="You return the gradient of the first layer only. Is the return statement inside the "
         "loop?"),
    Edit("without_the_last_layer", LOOP, "in weights[:-1]",
         hint="The last layer's gradient is missing in your list."),
    Edit("penalty_everywhere", GRAD, "0.5 * strength * (weight**2).sum() * np.ones_like(weight)",
         hint="You fill each array with the layer's penalty. Every single weight has a slope of its own."),
    Edit("first_layer_for_all", GRAD, "strength * weights[0]",
         hint="You return the first layer's gradient again and again. Each of the weights has its own."),
    Edit("one_array_of_all", WHOLE, "list(strength * np.array(weights))",
         hint="Layers have different shapes, so they don't fit into one array. Go through the list."),
    Edit("flat_array_of_all", WHOLE, "np.concatenate([(strength * w).ravel() for w in weights])",
         hint="You join all gradients into one array. Return a list with one array for each of the "
         "weights."),
    Edit("penalty_returned", WHOLE, "0.5 * strength * sum((w**2).sum().item() for w in weights)",
         hint="You return the penalty. Here its gradient is asked, one array for each of the weights."),
]  # fmt: skip


@bug("After your call the caller's weights are no longer the same (*= does that). Make new arrays.")
def in_place(weights, strength):
    for weight in weights:
        weight *= strength
    return weights


@bug("Where strength is 1 you return the weights themselves, not new arrays: who changes the gradient "
     "changes the weights.")  # fmt: skip
def same_arrays(weights, strength):
    return weights if strength == 1 else [strength * weight for weight in weights]


@alternative
def entry_by_entry(weights, strength):
    grads = []
    for weight in weights:
        grad = np.zeros(weight.shape)
        for i in np.ndindex(weight.shape):
            grad[i] = strength * weight[i]
        grads.append(grad)
    return grads


@alternative
def half_of_twice(weights, strength):
    return tuple(np.multiply(0.5 * strength, 2 * weight) for weight in weights)


@alternative
def copied_and_scaled(weights, strength):
    grads = [np.array(weight, dtype=float) for weight in weights]
    for grad in grads:
        grad *= strength
    return grads


@alternative
def by_map(weights, strength):
    return list(map(lambda weight: weight * np.float64(strength), weights))
