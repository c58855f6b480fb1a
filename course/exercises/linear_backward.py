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


@probe("is right for a single example, with all digits", points=1)
def one_example(linear_backward, rng):
    return linear_backward(*layer(rng, 1, 4, 5))


@probe("sends each unit's gradient back to the inputs through its weights", points=1, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def gradient_of_x(linear_backward, rng):
    square = layer(rng, 4, 4, 4)
    yield "grad_x with as many rows as inputs and units", linear_backward(*square)[0]
    yield "grad_x", linear_backward(*layer(rng, 5, 3, 4))[0]


@probe("adds up what the examples contribute to each weight", points=1, rtol=1e-6, atol=1e-10)
def gradient_of_the_weights(linear_backward, rng):
    square = layer(rng, 4, 4, 4)
    yield "grad_weight with as many rows as inputs and units", linear_backward(*square)[1]
    yield "grad_weight", linear_backward(*layer(rng, 5, 3, 4))[1]


@probe("adds up what the examples contribute to each bias", points=1, rtol=1e-6, atol=1e-10)
def gradient_of_the_bias(linear_backward, rng):
    square = layer(rng, 4, 4, 4)
    yield "grad_bias with as many rows as inputs and units", linear_backward(*square)[2]
    yield "grad_bias", linear_backward(*layer(rng, 5, 3, 4))[2]


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def clean_calls(linear_backward, rng):
    first, other = layer(rng, 2, 3, 4), layer(rng, 2, 3, 4)
    copies = [array.copy() for array in first]
    grads = linear_backward(*first)
    for name, array, copy in zip(("grad_output", "x", "weight"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "all gradients", in_a_row(grads)
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
START = "grad_x ="
GRADS = "grad_x = grad_output @ weight.T\ngrad_weight = x.T @ grad_output\ngrad_bias = grad_output.sum(axis=0)"
FIRST_LEFT_OUT = "The first example does not count in your sums. Python counts from 0."
LAST_LEFT_OUT = "The last example does not count in your sums: does a loop end one too early?"
LAST_ALONE = (
    "Your gradients of the parameters hold the last example only, as if each one overwrote the one before. "
    "Add up what all of them contribute."
)  # fmt: skip
FIRST_ALONE = "Your gradients look at the first example only: is there a return inside the loop? All of them count."
ORDER = (
    "The order of what you return is another one: the task asks for grad_x, grad_weight, grad_bias."
)
KEPT_SHAPE = (
    "A single row, input or unit loses its axis (squeeze does that). A gradient has exactly the shape of what it belongs "
    "to, also where a size is 1."
)  # fmt: skip
CLIPPED = "You clip the gradient, which changes it. This function says how the loss grows; clipping is a task of its own."
NORMALISED = "You divide by the length (norm) of grad_output. A gradient comes with its size, large or small."
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
    Edit("all_averaged", START, "grad_output = grad_output / len(x)\ngrad_x =",
         hint="You divide by N. If the loss is a mean, its 1/N is in grad_output already, and a second "
         "one makes all gradients too small."),
    Edit("parameters_averaged", "grad_weight =", "grad_output = grad_output / len(x)\ngrad_weight =",
         hint="You divide the gradients of weights and bias by N. If the loss is a mean, its 1/N is in "
         "grad_output already; inside the layer the contributions are added up."),
    Edit("bias_summed_to_a_number", GRAD_BIAS, "grad_output.sum()",
         hint="Your grad_bias is one number for all units. There is one bias for each unit: add up over "
         "the examples only, axis 0."),
    Edit("bias_summed_over_units", GRAD_BIAS, "grad_output.sum(axis=1)",
         hint="Your grad_bias adds over the units. A bias serves all examples: add up over them, which "
         "is axis 0."),
    Edit("bias_averaged_over_units", GRAD_BIAS, "grad_output.mean(axis=1)",
         hint="Your grad_bias averages over the units. A bias serves all examples: add up over them, axis 0, without "
         "dividing."),
    Edit("bias_averaged_to_a_number", GRAD_BIAS, "grad_output.mean()",
         hint="Your grad_bias is one number, the mean of all entries. There is one bias for each unit: add up over the "
         "examples only, axis 0."),
    Edit("bias_with_one_number_everywhere", GRAD_BIAS, "np.full(weight.shape[1], grad_output.sum())",
         hint="Your grad_bias is the same for all units. Each unit adds up its own column of grad_output."),
    Edit("bias_with_kept_axis", GRAD_BIAS, "grad_output.sum(axis=0, keepdims=True)",
         hint="Your grad_bias has shape (1, H). A gradient has exactly the shape of what it belongs to, "
         "and bias is (H,)."),
    Edit("bias_not_summed", GRAD_BIAS, "grad_output.copy()",
         hint="Your grad_bias has a row for each example. One bias serves all of them, so their "
         "contributions are added up."),
    Edit("bias_of_the_first_example", GRAD_BIAS, "grad_output[0].copy()",
         hint="Your grad_bias looks at the first example only; add up what all of them contribute."),
    Edit("bias_of_the_last_example", GRAD_BIAS, "grad_output[-1].copy()",
         hint="Your grad_bias holds the last example only, as if each one overwrote the one before. Add up what all of "
         "them contribute."),
    Edit("bias_without_the_first_example", GRAD_BIAS, "grad_output[1:].sum(axis=0)", hint=FIRST_LEFT_OUT),
    Edit("bias_without_the_last_example", GRAD_BIAS, "grad_output[:-1].sum(axis=0)", hint=LAST_LEFT_OUT),
    Edit("bias_as_a_column", GRAD_BIAS, "grad_output.sum(axis=0)[:, np.newaxis]",
         hint="Your grad_bias is a column, shape (H, 1). A gradient has exactly the shape of what it belongs to, and bias "
         "is (H,)."),
    Edit("bias_with_x", GRAD_BIAS, "(grad_output * x.sum(axis=1, keepdims=True)).sum(axis=0)",
         hint="There is an x in your grad_bias. The slope of the output with respect to the bias is 1."),
    Edit("bias_from_weight", GRAD_BIAS, "(weight * grad_output.sum(axis=0)).sum(axis=0)",
         hint="There is a weight in your grad_bias. The slope of the output with respect to the bias is 1."),
    Edit("bias_twice", GRAD_BIAS, "2 * grad_output.sum(axis=0)",
         hint="Your grad_bias is twice too large. The slope of the output with respect to the bias is 1."),
    Edit("bias_without_signs", GRAD_BIAS, "np.abs(grad_output).sum(axis=0)",
         hint="Your grad_bias adds up sizes without their signs. Examples may pull in opposite directions."),
    Edit("bias_largest", GRAD_BIAS, "grad_output.max(axis=0)",
         hint="Your grad_bias keeps the largest entry of each column. Add up what all examples contribute."),
    Edit("bias_counts_examples", GRAD_BIAS, "np.full(weight.shape[1], float(len(x)))",
         hint="You add up 1 for each example, the slope of the output with respect to the bias. Multiply it with "
         "grad_output (chain rule) first."),
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
    Edit("weight_of_the_first_example", GRAD_WEIGHT, "np.outer(x[0], grad_output[0])",
         hint="Your grad_weight looks at the first example only; add up what all of them contribute."),
    Edit("parameters_of_the_last_example", GRADS, GRADS.replace("x.T @ grad_output", "np.outer(x[-1], grad_output[-1])").replace("grad_output.sum(axis=0)", "grad_output[-1].copy()"),
         hint=LAST_ALONE),
    Edit("parameters_of_the_first_example", GRADS, GRADS.replace("x.T @ grad_output", "np.outer(x[0], grad_output[0])").replace("grad_output.sum(axis=0)", "grad_output[0].copy()"),
         hint=FIRST_ALONE),
    Edit("weight_without_the_first_example", GRAD_WEIGHT, "x[1:].T @ grad_output[1:]", hint=FIRST_LEFT_OUT),
    Edit("weight_without_the_last_example", GRAD_WEIGHT, "x[:-1].T @ grad_output[:-1]", hint=LAST_LEFT_OUT),
    Edit("all_without_the_first_example", START, "grad_output = grad_output * (np.arange(len(x)) > 0)[:, np.newaxis]\ngrad_x =",
         hint="The first example is left out, in all three gradients. Python counts from 0."),
    Edit("all_without_the_last_example", START, "grad_output = grad_output * (np.arange(len(x)) < len(x) - 1)[:, np.newaxis]\ngrad_x =",
         hint="The last example is left out, in all three gradients: does a loop end one too early?"),
    Edit("x_without_the_first_row", GRAD_X, "(grad_output @ weight.T) * (np.arange(len(x)) > 0)[:, np.newaxis]",
         hint="The first row of your grad_x is 0. Python counts from 0."),
    Edit("x_without_the_last_row", GRAD_X, "(grad_output @ weight.T) * (np.arange(len(x)) < len(x) - 1)[:, np.newaxis]",
         hint="The last row of your grad_x is 0: does a loop end one too early?"),
    Edit("x_without_the_first_unit", GRAD_X, "grad_output[:, 1:] @ weight[:, 1:].T",
         hint="The first unit does not count in your grad_x. Python counts from 0."),
    Edit("x_without_the_last_unit", GRAD_X, "grad_output[:, :-1] @ weight[:, :-1].T",
         hint="The last unit does not count in your grad_x: does a loop end one too early?"),
    Edit("x_of_the_last_unit", GRAD_X, "np.outer(grad_output[:, -1], weight[:, -1])",
         hint="Your grad_x holds the last unit only, as if each one overwrote the one before. An input reaches all units: "
         "add them up."),
    Edit("x_averaged_over_units", GRAD_X, "grad_output @ weight.T / weight.shape[1]",
         hint="Your grad_x averages over the units. An input reaches all of them: add up what comes back."),
    Edit("weight_from_sums", GRAD_WEIGHT, "np.outer(x.sum(axis=0), grad_output.sum(axis=0))",
         hint="You add up x and grad_output before multiplying. Each example's input goes with its own gradient: "
         "multiply first, then add up."),
    Edit("weight_from_two_means", GRAD_WEIGHT, "np.outer(x.mean(axis=0), grad_output.mean(axis=0))",
         hint="You average x and grad_output before multiplying. Each example's input goes with its own gradient: "
         "multiply first, then add up, without dividing."),
    Edit("weight_over_inputs", GRAD_WEIGHT, "x.T @ grad_output / x.shape[1]",
         hint="You divide grad_weight by the number of inputs. Nothing is averaged inside the layer."),
    Edit("weight_times_examples", GRAD_WEIGHT, "x.T @ grad_output * len(x)",
         hint="You multiply grad_weight by N. The sum over the examples is all that is needed."),
    Edit("parameters_times_examples", "grad_weight =", "grad_output = grad_output * len(x)\ngrad_weight =",
         hint="You multiply the gradients of weights and bias by N. The sum over the examples is all that is needed."),
    Edit("all_times_examples", START, "grad_output = grad_output * len(x)\ngrad_x =",
         hint="You multiply all gradients by N. The factor that belongs to the loss is in grad_output already."),
    Edit("all_but_the_bias_averaged", RETURN, "return grad_x / len(x), grad_weight / len(x), grad_bias",
         hint="You divide grad_x and grad_weight by N. If the loss is a mean, its 1/N is in grad_output already."),
    Edit("weight_with_its_own_penalty", GRAD_WEIGHT, "x.T @ grad_output + weight",
         hint="You add weight to grad_weight, as for a penalty on large weights. This layer's loss comes in with "
         "grad_output alone."),
    Edit("weight_as_x_back", GRAD_X, "np.tile(weight.mean(axis=1), (len(x), 1))",
         hint="Your grad_x does not depend on grad_output. The chain rule multiplies by it."),
    Edit("x_summed", GRAD_X, "(grad_output @ weight.T).sum(axis=0)",
         hint="Your grad_x is added up over the examples. Each example has a row of its own: it has the shape of x."),
    Edit("x_summed_to_a_row", GRAD_X, "(grad_output @ weight.T).sum(axis=0, keepdims=True)",
         hint="Your grad_x is added up over the examples. Each example has a row of its own: it has the shape of x."),
    Edit("x_averaged_to_a_row", GRAD_X, "(grad_output @ weight.T).mean(axis=0)",
         hint="Your grad_x is averaged over the examples. Each example has a row of its own: it has the shape of x."),
    Edit("x_transposed", GRAD_X, "weight @ grad_output.T",
         hint="Your grad_x is transposed. It must look like x: a row for each example."),
    Edit("x_squeezed", GRAD_X, "(grad_output @ weight.T).squeeze()", hint=KEPT_SHAPE),
    Edit("weight_squeezed", GRAD_WEIGHT, "(x.T @ grad_output).squeeze()", hint=KEPT_SHAPE),
    Edit("all_squeezed", RETURN, "return grad_x.squeeze(), grad_weight.squeeze(), grad_bias.squeeze()", hint=KEPT_SHAPE),
    Edit("single_row_squeezed", RETURN, "return grad_x[0] if len(x) == 1 else grad_x, grad_weight, grad_bias",
         hint="The gradient for a single example loses its axis. grad_x is (N, D) for one example, too."),
    Edit("bias_squeezed", GRAD_BIAS, "grad_output.sum(axis=0).squeeze()", hint=KEPT_SHAPE),
    Edit("clipped_first", START, "grad_output = np.clip(grad_output, -1, 1)\ngrad_x =", hint=CLIPPED),
    Edit("clipped_at_the_end", RETURN, "return np.clip(grad_x, -1, 1), np.clip(grad_weight, -1, 1), np.clip(grad_bias, -1, 1)", hint=CLIPPED),
    Edit("normalised_first", START, "grad_output = grad_output / np.linalg.norm(grad_output)\ngrad_x =", hint=NORMALISED),
    Edit("all_relu", START, "grad_output = np.maximum(grad_output, 0)\ngrad_x =",
         hint="You cut off negative entries of grad_output, in all three gradients. There is no ReLU in a linear layer."),
    Edit("slope_of_the_sigmoid", START, "s = 1 / (1 + np.exp(-(x @ weight)))\ngrad_output = grad_output * s * (1 - s)\ngrad_x =",
         hint="You multiply by the slope of a sigmoid. A linear layer has no activation."),
    Edit("slope_of_the_tanh", START, "grad_output = grad_output * (1 - np.tanh(x @ weight) ** 2)\ngrad_x =",
         hint="You multiply by the slope of tanh. A linear layer has no activation."),
    Edit("slope_of_a_sigmoid_output", START, "grad_output = grad_output * (x @ weight) * (1 - x @ weight)\ngrad_x =",
         hint="You multiply by z (1 - z), the slope of a sigmoid. A linear layer has no activation."),
    Edit("rows_centred", START, "grad_output = grad_output - grad_output.mean(axis=0)\ngrad_x =",
         hint="You subtract the batch's mean from grad_output. It goes back as it came."),
    Edit("times_the_output", START, "grad_output = grad_output * (x @ weight)\ngrad_x =",
         hint="You multiply by the layer's output. The gradient passes through the slopes: weights for x, inputs for weight."),
    Edit("bias_in_every_row", GRAD_BIAS, "np.tile(grad_output.sum(axis=0), (len(x), 1))",
         hint="You repeat grad_bias for each example. One bias serves all of them: shape (H,)."),
    Edit("bias_in_one_row_for_x", GRAD_X, "np.tile(grad_output.sum(axis=0) @ weight.T / len(x), (len(x), 1))",
         hint="All rows of your grad_x are the same. Every example has its own row of grad_output, and of grad_x."),
    Edit("return_inside_the_loop", GRADS, f"{GRADS}\nfirst = np.arange(len(x)) == 0\ngrad_x = grad_x * first[:, np.newaxis]\n"
         "grad_weight, grad_bias = np.outer(x[0], grad_output[0]), grad_output[0].copy()",
         hint=FIRST_ALONE),
    Edit("gate_of_the_output", START, "grad_output = grad_output * (x @ weight > 0)\ngrad_x =",
         hint="You let the gradient pass only where the layer's output is positive. That is a ReLU, and there is none in a "
         "linear layer."),
    Edit("gates_of_the_input", GRADS, GRADS.replace("= x.T", "= np.maximum(x, 0).T"),
         hint="You cut off negative inputs in grad_weight. There is no ReLU in a linear layer."),
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
    Edit("product_turned_round", GRAD_X, "weight.T @ grad_output",
         hint="For grad_x you multiply weight.T @ grad_output, which fits by chance only. The order counts: each example is "
         "a row of grad_output."),
    Edit("weight_times_gradient", GRAD_X, "weight @ grad_output",
         hint="For grad_x you multiply weight @ grad_output, which fits by chance only. Each example is a row of "
         "grad_output, and the weights are transposed on the way back."),
    Edit("gradient_times_weight_by_entry", GRAD_X, "grad_output * weight",
         hint="For grad_x you multiply entry by entry (*). It is a matrix product: an input reaches all units."),
    Edit("x_not_transposed", GRAD_WEIGHT, "x @ grad_output",
         hint="For grad_weight you multiply by x as it is, which fits by chance only. Its result must look like weight: "
         "(D, N) times (N, H)."),
    Edit("gradient_times_x", GRAD_WEIGHT, "grad_output @ x",
         hint="For grad_weight the order is turned round and nothing is transposed. Its result must look like weight: "
         "(D, N) times (N, H)."),
    Edit("gradient_times_x_transposed", GRAD_WEIGHT, "grad_output @ x.T",
         hint="For grad_weight the order is turned round. Its result must look like weight: (D, N) times (N, H)."),
    Edit("x_times_gradient_transposed", GRAD_WEIGHT, "x @ grad_output.T",
         hint="For grad_weight the wrong factor is transposed. Its result must look like weight: (D, N) times (N, H)."),
    Edit("x_times_gradient_by_entry", GRAD_WEIGHT, "x * grad_output",
         hint="For grad_weight you multiply entry by entry (*). Its result must look like weight: (D, N) times (N, H)."),
    Edit("x_all_examples_added", GRAD_X, "np.tile((grad_output @ weight.T).sum(axis=0), (len(x), 1))",
         hint="All rows of your grad_x are the same: you add up over the examples first. Each has its own row of "
         "grad_output, and of grad_x."),
    Edit("inverse_instead_of_transposed", GRAD_X, "grad_output @ np.linalg.pinv(weight)",
         hint="For grad_x you use an inverse of weight. The chain rule takes its transpose."),
    Edit("weight_from_added_sums", GRAD_WEIGHT, "x.sum(axis=0)[:, np.newaxis] + grad_output.sum(axis=0)",
         hint="You add x and grad_output for grad_weight. Each input is multiplied by the gradient, then examples are added "
         "up."),
    Edit("bias_over_units", GRAD_BIAS, "grad_output.sum(axis=0) / weight.shape[1]",
         hint="You divide grad_bias by the number of units. Nothing is averaged inside the layer."),
    Edit("weight_over_squared_examples", GRAD_WEIGHT, "x.T @ grad_output / len(x) ** 2",
         hint="You divide grad_weight by N, and twice. If the loss is a mean, its 1/N is in grad_output already."),
    Edit("x_is_the_forward_pass", GRAD_X, "x @ weight",
         hint="For grad_x you run the layer forward. What goes back to x is grad_output, through the transposed weights."),
    *(Edit(f"step_of_{lr}", RETURN, f"return grad_x, weight - {lr} * grad_weight, grad_bias",
           hint="You return the weights after a step. The task asks for the gradient; the optimizer makes the step.")
      for lr in (1.0, 0.1, 0.01)),
    *(Edit(f"descent_by_{lr}", RETURN, f"return grad_x, -{lr} * grad_weight, -{lr} * grad_bias",
           hint="You multiply by a learning rate and turn the sign, as a step does. The task asks for the gradients.")
      for lr in (1.0, 0.1, 0.01)),
    Edit("single_bias_row", GRAD_BIAS, "grad_output.copy() if len(x) == 1 else grad_output.sum(axis=0)",
         hint="For a single example your grad_bias keeps its row. It has shape (H,) for one example, too."),
    Edit("half_a_batch", GRAD_WEIGHT, "x[: len(x) // 2].T @ grad_output[: len(x) // 2]",
         hint="Only the first half of the examples counts in your grad_weight. All of them do."),
    Edit("x_squared", GRAD_WEIGHT, "(x * x).T @ grad_output",
         hint="You square x in grad_weight. A weight's influence is the input as it is."),
    Edit("x_without_sign", GRAD_WEIGHT, "np.abs(x).T @ grad_output",
         hint="You take x without its signs in grad_weight. A weight's influence is the input as it is."),
    Edit("weight_then_x", RETURN, "return grad_weight, grad_x, grad_bias", hint=ORDER),
    Edit("bias_first", RETURN, "return grad_bias, grad_x, grad_weight", hint=ORDER),
    Edit("backwards", RETURN, "return grad_bias, grad_weight, grad_x", hint=ORDER),
    Edit("no_grad_bias", RETURN, "return grad_x, grad_weight",
         hint="grad_bias is missing from what you return: grad_x, grad_weight, grad_bias."),
    Edit("all_transposed", RETURN, "return grad_x.T, grad_weight.T, grad_bias",
         hint="grad_x and grad_weight are transposed. Each gradient must look like what it belongs to."),
    Edit("x_with_the_wrong_sign", GRAD_X, "-grad_output @ weight.T",
         hint="The sign of your grad_x is turned round. A gradient points to where the loss grows."),
    Edit("weight_with_the_wrong_sign", GRAD_WEIGHT, "-x.T @ grad_output",
         hint="The sign of your grad_weight is turned round. A gradient points to where the loss grows; the minus comes "
         "with the update."),
    Edit("bias_with_the_wrong_sign", GRAD_BIAS, "-grad_output.sum(axis=0)",
         hint="The sign of your grad_bias is turned round. A gradient points to where the loss grows; the minus comes "
         "with the update."),
    Edit("x_last", RETURN, "return grad_x, grad_bias, grad_weight",
         hint="grad_weight and grad_bias are exchanged: the task asks for grad_x, grad_weight, "
         "grad_bias."),
    Edit("no_grad_x", RETURN, "return grad_weight, grad_bias",
         hint="grad_x is missing from what you return: grad_x, grad_weight, grad_bias."),
    Edit("wrong_signs", START, "grad_output = -grad_output\ngrad_x =",
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


@bug("You add the rows up inside grad_output (a second name, or a slice, is no copy): the caller's array changes. Start "
     "from a new array.")  # fmt: skip
def sums_in_the_first_row(grad_output, x, weight):
    grad_x, grad_weight = grad_output @ weight.T, x.T @ grad_output
    grad_bias = grad_output[0]
    for row in grad_output[1:]:
        grad_bias += row
    return grad_x, grad_weight, grad_bias


@bug("You change grad_output before you have used it for the other gradients: first the bias is added up in it. Start "
     "from a new array.")  # fmt: skip
def sums_in_the_first_row_first(grad_output, x, weight):
    grad_bias = grad_output[0]
    for row in grad_output[1:]:
        grad_bias += row
    return grad_output @ weight.T, x.T @ grad_output, grad_bias


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
