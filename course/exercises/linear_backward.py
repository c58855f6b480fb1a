"""linear_backward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def layer(rng, num_rows, num_inputs, num_units):
    """A gradient, an input and weights that belong together."""
    return (
        rng.normal(size=(num_rows, num_units)),
        rng.normal(size=(num_rows, num_inputs)),
        rng.normal(size=(num_inputs, num_units)),
    )


@probe("is right for a single example", points=1, rtol=1e-6, atol=1e-10)
def one_example(linear_backward, rng):
    return linear_backward(*layer(rng, 1, 4, 5))


@probe("sends each unit's gradient back to the inputs through its weights", points=1, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def gradient_of_x(linear_backward, rng):
    yield "grad_x", linear_backward(*layer(rng, 5, 3, 4))[0]
    square = layer(rng, 4, 4, 4)
    yield "grad_x with as many rows as inputs and units", linear_backward(*square)[0]


@probe("adds up what the examples contribute to each weight", points=1, rtol=1e-6, atol=1e-10)
def gradient_of_the_weights(linear_backward, rng):
    yield "grad_weight", linear_backward(*layer(rng, 5, 3, 4))[1]
    square = layer(rng, 4, 4, 4)
    yield "grad_weight with as many rows as inputs and units", linear_backward(*square)[1]


@probe("adds up what the examples contribute to each bias", points=1, rtol=1e-6, atol=1e-10)
def gradient_of_the_bias(linear_backward, rng):
    yield "grad_bias", linear_backward(*layer(rng, 5, 3, 4))[2]
    square = layer(rng, 4, 4, 4)
    yield "grad_bias with as many rows as inputs and units", linear_backward(*square)[2]


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def clean_calls(linear_backward, rng):
    first, other = layer(rng, 2, 3, 4), layer(rng, 2, 3, 4)
    copies = [array.copy() for array in first]
    grads = linear_backward(*first)
    yield "all gradients", in_a_row(grads)
    for name, array, copy in zip(("grad_output", "x", "weight"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "all gradients of another batch", in_a_row(linear_backward(*other))
    yield "the first gradients, looked at after the second call", [in_a_row(grads)]
    yield "all gradients of the first batch again", in_a_row(linear_backward(*copies))


def in_a_row(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


@probe("works for one unit, one input, float32, and parts of larger arrays", points=1, hidden=True,
       rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_arrays(linear_backward, rng):
    size = int(rng.integers(3, 6))
    grad_output, x, weight = layer(rng, size, 2 * size, size + 1)
    single = [array.astype(np.float32) for array in layer(rng, size + 2, size, 2)]
    parts = grad_output.copy()[:, ::-1], x.copy()[:, ::2], weight.copy()[::2]
    yield "the gradients of one unit", linear_backward(*layer(rng, size, size + 1, 1))
    yield "the gradients with one input", linear_backward(*layer(rng, size, 1, size + 2))
    yield "the gradients in float32", linear_backward(*single)
    yield "the gradients for parts of arrays", linear_backward(*parts)
    yield "the gradients for a transposed x", linear_backward(grad_output, x.T.copy().T, weight)


GRAD_X, GRAD_WEIGHT = "grad_output @ weight.T", "x.T @ grad_output"
GRAD_BIAS = "grad_output.sum(axis=0)"
RETURN = "return grad_x, grad_weight, grad_bias"
BUGS = [
    Edit("bias_averaged", GRAD_BIAS, "grad_output.mean(axis=0)",
         hint="You average grad_output for the bias. If the loss is a mean, its 1/N is in grad_output "
         "already; inside the layer the contributions are added up."),
    Edit("weight_averaged", GRAD_WEIGHT, "x.T @ grad_output / len(x)",
         hint="You divide grad_weight by N. If the loss is a mean, its 1/N is in grad_output already; "
         "inside the layer the contributions are added up."),
    Edit("x_the_same_for_all", GRAD_X, "np.tile((grad_output @ weight.T).mean(axis=0), (len(x), 1))",
         hint="All rows of your grad_x are the same. Every example has its own row of grad_output, and "
         "of grad_x."),
    Edit("x_averaged", GRAD_X, "grad_output @ weight.T / len(x)",
         hint="You divide grad_x by N. Every example has its own row of it; nothing is averaged here."),
    Edit("all_averaged", RETURN, "return grad_x / len(x), grad_weight / len(x), grad_bias / len(x)",
         hint="You divide by N. If the loss is a mean, its 1/N is in grad_output already, and a second "
         "one makes all gradients too small."),
    Edit("parameters_averaged", RETURN, "return grad_x, grad_weight / len(x), grad_bias / len(x)",
         hint="You divide the gradients of weights and bias by N. If the loss is a mean, its 1/N is in "
         "grad_output already; inside the layer the contributions are added up."),
    Edit("bias_summed_to_a_number", GRAD_BIAS, "grad_output.sum()",
         hint="Your grad_bias is one number for all units. There is one bias for each unit: add up over "
         "the examples only, axis 0."),
    Edit("bias_summed_over_units", GRAD_BIAS, "grad_output.sum(axis=1)",
         hint="Your grad_bias adds over the units. A bias serves all examples: add up over them, which "
         "is axis 0."),
    Edit("bias_with_kept_axis", GRAD_BIAS, "grad_output.sum(axis=0, keepdims=True)",
         hint="Your grad_bias has shape (1, H). A gradient has exactly the shape of what it belongs to, "
         "and bias is (H,)."),
    Edit("bias_not_summed", GRAD_BIAS, "grad_output.copy()",
         hint="Your grad_bias has a row for each example. One bias serves all of them, so their "
         "contributions are added up."),
    Edit("bias_of_the_first_example", GRAD_BIAS, "grad_output[0].copy()",
         hint="Your grad_bias looks at the first example only; add up what all of them contribute."),
    Edit("bias_forgotten", GRAD_BIAS, "np.zeros(weight.shape[1])",
         hint="Your grad_bias is 0. Moving a bias moves that unit's output for every example."),
    Edit("bias_of_ones", GRAD_BIAS, "np.ones(weight.shape[1])",
         hint="1 is the slope of the output with respect to the bias. Multiply it with grad_output "
         "(chain rule) and add up over the examples."),
    Edit("weight_transposed", GRAD_WEIGHT, "grad_output.T @ x",
         hint="Your grad_weight is transposed. It must look like weight: (D, N) times (N, H)."),
    Edit("weight_made_from_weight", GRAD_WEIGHT, "weight * grad_output.sum(axis=0)",
         hint="Your grad_weight is made from weight. How much an output changes with a weight depends "
         "on the input that the weight is multiplied with."),
    Edit("weight_without_x", GRAD_WEIGHT, "np.ones_like(x).T @ grad_output",
         hint="Your grad_weight does not depend on x. A weight's influence is the input that it is "
         "multiplied with."),
    Edit("weight_without_gradient", GRAD_WEIGHT, "x.T @ np.ones_like(grad_output)",
         hint="Your grad_weight does not depend on grad_output. The chain rule multiplies by it."),
    Edit("weight_from_means", GRAD_WEIGHT, "np.outer(x.mean(axis=0), grad_output.sum(axis=0))",
         hint="You average x before multiplying. Each example's input goes with its own gradient: "
         "multiply first, then add up."),
    Edit("weight_of_the_last_example", GRAD_WEIGHT, "np.outer(x[-1], grad_output[-1])",
         hint="Your grad_weight holds the last example only, as if each one overwrote the one before. "
         "Add up what all of them contribute."),
    Edit("weight_for_each_example", GRAD_WEIGHT, "x[:, :, np.newaxis] * grad_output[:, np.newaxis, :]",
         hint="Your grad_weight has a matrix for each example. The weights serve all of them: add up "
         "over the batch."),
    Edit("weight_not_transposed_back", GRAD_X, "grad_output @ weight",
         hint="For grad_x you multiply by weight as it is, which fits square layers only. Going back, "
         "the weights are transposed: (N, H) times (H, D)."),
    Edit("weight_reshaped", GRAD_X, "grad_output @ weight.reshape(weight.shape[::-1])",
         hint="reshape keeps the order of the numbers, so (H, D) made this way is no transposed matrix. "
         "Use .T."),
    Edit("x_reshaped", GRAD_WEIGHT, "x.reshape(x.shape[::-1]) @ grad_output",
         hint="reshape keeps the order of the numbers, so (D, N) made this way is no transposed matrix. "
         "Use .T."),
    Edit("negative_gradients_cut", GRAD_X, "np.maximum(grad_output, 0) @ weight.T",
         hint="You cut off negative gradients. There is no ReLU in a linear layer."),
    Edit("x_multiplied_in", GRAD_X, "(grad_output @ weight.T) * x",
         hint="There is an x too many in grad_x: the slope of the output with respect to x is the "
         "weight alone."),
    Edit("x_masked", GRAD_X, "(grad_output @ weight.T) * (x > 0)",
         hint="There is a ReLU in your grad_x. A linear layer passes the gradient for negative inputs "
         "too."),
    Edit("x_without_gradient", GRAD_X, "np.ones_like(grad_output) @ weight.T",
         hint="Your grad_x does not depend on grad_output. The chain rule multiplies by it."),
    Edit("weight_first", RETURN, "return grad_weight, grad_bias, grad_x",
         hint="The order of what you return is another one: the task asks for grad_x, grad_weight, "
         "grad_bias."),
    Edit("x_last", RETURN, "return grad_x, grad_bias, grad_weight",
         hint="grad_weight and grad_bias are exchanged: the task asks for grad_x, grad_weight, "
         "grad_bias."),
    Edit("no_grad_x", RETURN, "return grad_weight, grad_bias",
         hint="grad_x is missing from what you return: grad_x, grad_weight, grad_bias."),
    Edit("wrong_signs", RETURN, "return -grad_x, -grad_weight, -grad_bias",
         hint="Every sign is turned round. A gradient points to where the loss grows; the minus comes "
         "with the update."),
]  # fmt: skip


@bug("reshape keeps the order of the numbers: it does not transpose. Use .T in both products.")
def reshapes_both(grad_output, x, weight):
    grad_x = grad_output @ weight.reshape(weight.shape[::-1])
    return grad_x, x.reshape(x.shape[::-1]) @ grad_output, grad_output.sum(axis=0)


@bug("You use grad_weight where weight belongs. The gradient goes back to x through the weights "
     "themselves.")  # fmt: skip
def back_through_the_gradient(grad_output, x, weight):
    grad_weight = x.T @ grad_output
    return grad_output @ grad_weight.T, grad_weight, grad_output.sum(axis=0)


@bug("You write into grad_output (/= does that): the caller's array changes, and nothing here is "
     "divided by N.")  # fmt: skip
def divides_in_place(grad_output, x, weight):
    grad_output /= len(x)
    return grad_output @ weight.T, x.T @ grad_output, grad_output.sum(axis=0)


@bug("After your call the caller's x is no longer the same. Make a new array for what you compute.")
def writes_into_x(grad_output, x, weight):
    grad_weight = x.T @ grad_output
    x[...] = grad_output @ weight.T
    return x.copy(), grad_weight, grad_output.sum(axis=0)


@bug("After your call the caller's weight is no longer the same. This function only says how the loss "
     "grows; the optimizer changes the weights.")  # fmt: skip
def takes_a_step(grad_output, x, weight):
    grad_weight = x.T @ grad_output
    grads = grad_output @ weight.T, grad_weight, grad_output.sum(axis=0)
    weight -= 0.1 * grad_weight
    return grads


@alternative
def example_by_example(grad_output, x, weight):
    grad_x, grad_weight = np.zeros(x.shape), np.zeros(weight.shape)
    grad_bias = np.zeros(weight.shape[1])
    for n in range(x.shape[0]):
        for h in range(weight.shape[1]):
            grad_bias[h] += grad_output[n, h]
            for d in range(weight.shape[0]):
                grad_x[n, d] += grad_output[n, h] * weight[d, h]
                grad_weight[d, h] += grad_output[n, h] * x[n, d]
    return grad_x, grad_weight, grad_bias


@alternative
def by_einsum(grad_output, x, weight):
    return [
        np.einsum("nh,dh->nd", grad_output, weight),
        np.einsum("nd,nh->dh", x, grad_output),
        np.einsum("nh->h", grad_output),
    ]


@alternative
def transposed_products(grad_output, x, weight):
    grad_x = np.dot(weight, grad_output.T).T
    grad_weight = np.dot(grad_output.T, x).T
    return grad_x, grad_weight, np.dot(np.ones(len(x)), grad_output)


@alternative
def by_broadcasting(grad_output, x, weight):
    grad_weight = (x[:, :, None] * grad_output[:, None, :]).sum(0)
    grad_x = np.sum(grad_output[:, None, :] * weight[None], axis=2)
    return grad_x, grad_weight, np.add.reduce(grad_output)


@alternative
def bias_as_one_more_input(grad_output, x, weight):
    with_ones = np.column_stack([x.astype(float), np.ones(len(x))])
    both = with_ones.T @ grad_output
    return np.tensordot(grad_output, weight, axes=(1, 1)), both[:-1], both[-1]
