"""mlp_loss: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe
from nnkit import functional as F


def problem(rng, num_rows, *widths):
    """A batch and a network that fit: x, targets, weights, biases."""
    sizes = [(widths[i], widths[i + 1]) for i in range(len(widths) - 1)]
    return (
        rng.normal(size=(num_rows, widths[0])),
        rng.integers(0, widths[-1], size=num_rows),
        [rng.normal(size=size) for size in sizes],
        [rng.normal(scale=0.5, size=size[1]) for size in sizes],
    )


def in_eighths(rng, num_rows, *widths):
    """Float32 numbers whose products and sums are exact, so that no ReLU can tip over."""
    x, targets, weights, biases = problem(rng, num_rows, *widths)
    eighths = [(np.round(a * 8) / 8).astype(np.float32) for a in (x, *weights, *biases)]
    num_layers = len(weights)
    return eighths[0], targets, eighths[1 : num_layers + 1], eighths[num_layers + 1 :]


@probe("gives the mean cross-entropy of the batch when l2 is left out", points=1, rtol=1e-6)
def loss_alone(mlp_loss, rng):
    yield "loss", mlp_loss(*problem(rng, 5, 4, 6, 3))[0]
    yield "loss without a hidden layer", mlp_loss(*problem(rng, 4, 3, 5))[0]


@probe("gives the gradients of one layer and of several, also of one width", points=2, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def gradients_alone(mlp_loss, rng):
    yield "the result with one hidden layer", mlp_loss(*problem(rng, 5, 4, 6, 3))
    yield "the result without a hidden layer", mlp_loss(*problem(rng, 3, 5, 4))
    yield "the result of four layers of one width", mlp_loss(*problem(rng, 4, 4, 4, 4, 4, 4))


@probe("adds the penalty on the weights of all layers to the loss", points=1, rtol=1e-6)
def penalised_loss(mlp_loss, rng):
    yield "loss with l2=0", mlp_loss(*problem(rng, 4, 3, 5), 0.0)[0]
    yield "loss with l2=0.3", mlp_loss(*problem(rng, 5, 3, 4, 4, 2), 0.3)[0]
    yield "loss with l2=2.0", mlp_loss(*problem(rng, 4, 3, 5), l2=2.0)[0]


@probe("adds the penalty's gradients to those of the weights, and to no others", points=1,
       rtol=1e-6, atol=1e-10)  # fmt: skip
def penalised_gradients(mlp_loss, rng):
    _, grad_weights, grad_biases = mlp_loss(*problem(rng, 5, 3, 4, 4, 2), 0.3)
    yield "grad_biases with l2=0.3", grad_biases
    yield "grad_weights with l2=0.3", grad_weights
    _, grad_weights, grad_biases = mlp_loss(*problem(rng, 4, 3, 5), l2=2.0)
    yield "grad_biases with l2=2.0", grad_biases
    yield "grad_weights with l2=2.0", grad_weights


@probe("stays exact for logits of ±1000", points=1, rtol=1e-6, atol=1e-10)
def large_logits(mlp_loss, rng):
    gaps = np.array([0.0, -1.0, -15.0, -300.0, -2000.0])
    weight = np.array([rng.permutation(gaps) + offset for offset in (1000.0, 0.0, -1000.0)])
    targets = np.array([weight[0].argmin(), weight[1].argmax(), weight[2].argmin()])
    loss, grad_weights, grad_biases = mlp_loss(np.eye(3), targets, [weight], [rng.normal(size=5)])
    yield "loss", loss
    yield "grad_weights", grad_weights
    yield "grad_biases", grad_biases


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def clean_calls(mlp_loss, rng):
    x, targets, weights, biases = problem(rng, 3, 2, 4, 5)
    targets = np.array([4, 0, 2])
    same = x.copy(), targets.copy(), [w.copy() for w in weights], [b.copy() for b in biases]
    result = mlp_loss(x, targets, weights, biases, 0.5)
    yield "loss and gradients", in_a_row(*result)
    yield "x unchanged", np.array_equal(x, same[0])
    yield "targets unchanged", np.array_equal(targets, same[1])
    yield "weights unchanged", all(map(np.array_equal, weights, same[2]))
    yield "biases unchanged", all(map(np.array_equal, biases, same[3]))
    yield "loss and gradients of another batch", in_a_row(*mlp_loss(*problem(rng, 3, 2, 4, 5), 0.5))
    yield "the first result, looked at after the second call", [in_a_row(*result)]
    yield "loss and gradients of the first batch again", in_a_row(*mlp_loss(*same, 0.5))


def in_a_row(loss, grad_weights, grad_biases):
    return np.concatenate([np.ravel(part) for part in (loss, *grad_weights, *grad_biases)])


@probe("works for a single row, one-byte targets, float32, and part of a larger array", points=1,
       hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(mlp_loss, rng):
    sizes = rng.integers(2, 7, size=4)
    x, targets, weights, biases = problem(rng, *sizes)
    part = np.repeat(x, 2, axis=1)[:, ::2]
    yield "the result for a single row", mlp_loss(*problem(rng, 1, 3, 4, 2), 0.7)
    yield "the result for one-byte targets", mlp_loss(x, targets.astype(np.uint8), weights, biases)
    yield "the result for part of an array", mlp_loss(part, targets, weights, biases, 0.2)
    yield "the result for float32", mlp_loss(*in_eighths(rng, *sizes), l2=0.1)


FORWARD, SLOPES = "mlp_forward(x, weights, biases)", "l2_penalty_backward(weights, l2)"
LOSS, PENALTY = "cross_entropy(logits, targets)", "l2_penalty(weights, l2)"
BACKWARD, ADDED = "cross_entropy_backward(logits, targets)", "[grad + more for"
RETURN = "return loss, grad_weights, grad_biases"
BUGS = [
    Edit("loss_without_penalty", f" + {PENALTY}", "",
         hint="Your gradients contain the penalty, and your loss does not. A gradient belongs to the "
         "very number that you return."),
    Edit("gradients_without_penalty", ADDED, "[grad for",
         hint="Your loss contains the penalty, and your gradients do not. A gradient belongs to the "
         "very number that you return."),
    Edit("ignores_l2", f"logits, cache = {FORWARD}", f"l2 = 0.0\nlogits, cache = {FORWARD}",
         hint="l2 changes nothing in your result: the penalty is missing in the loss and in the "
         "gradients of the weights."),
    Edit("never_without_penalty", f"logits, cache = {FORWARD}",
         f"l2 = l2 or 0.01\nlogits, cache = {FORWARD}",
         hint="When l2 is left out, or 0, there is no penalty; you still add one."),
    Edit("biases_in_the_loss", PENALTY, "l2_penalty(weights + biases, l2)",
         hint="The penalty in your loss contains the biases. Only weights are penalised."),
    Edit("biases_in_the_gradients", RETURN,
         "grad_biases = [g + l2 * b for g, b in zip(grad_biases, biases, strict=True)]\n" + RETURN,
         hint="You add the penalty's gradient to the biases' gradients too. Only weights are "
         "penalised."),
    Edit("no_half_in_the_loss", PENALTY, f"2 * {PENALTY}",
         hint="The penalty in your loss is twice too large: half of l2 times the sum of squares. Its "
         "gradients are right."),
    Edit("two_in_the_gradients", ADDED, "[grad + 2 * more for",
         hint="The penalty's gradients are twice too large. Its formula has a factor one half, which "
         "the 2 of the derivative cancels."),
    Edit("last_layer_in_the_loss", PENALTY, "l2_penalty(weights[-1:], l2)",
         hint="The penalty in your loss covers the last layer only. All layers' weights count."),
    Edit("the_number_as_a_gradient", SLOPES, f"[{PENALTY}] * len(weights)",
         hint="You add the penalty itself, a number, to the gradients. What belongs there is its "
         "gradient with respect to each weight."),
    Edit("gradients_penalised", SLOPES, "l2_penalty_backward(grad_weights, l2)",
         hint="You penalise the gradients. The penalty is made from the weights."),
    Edit("penalty_subtracted", f" + {PENALTY}", f" - {PENALTY}",
         hint="You subtract the penalty from the loss; large weights would then be a reward."),
    Edit("decay_subtracted", ADDED, "[grad - more for",
         hint="You subtract the penalty's gradient. The minus comes with the update; here gradients of "
         "a sum are added."),
    Edit("summed_loss", LOSS, f"{LOSS} * len(x)",
         hint="Your loss adds up over the batch; the task asks for the mean. The penalty does not "
         "depend on the batch."),
    Edit("summed_gradients", BACKWARD, f"{BACKWARD} * len(x)",
         hint="Your gradients are those of a sum over the batch, N times too large. The loss is a mean, "
         "so its gradient carries 1/N."),
    Edit("divided_twice", BACKWARD, f"{BACKWARD} / len(x)",
         hint="You divide by N twice in the gradients. The gradient of the mean has one factor 1/N."),
    Edit("from_the_logits", BACKWARD, "logits",
         hint="You send the logits back through the network. The way back starts with the gradient of "
         "the cross-entropy with respect to them."),
    Edit("probabilities_sent_back", BACKWARD, "softmax(logits) / len(x)",
         hint="You send the probabilities back without the targets. The gradient of the cross-entropy "
         "contains both."),
    Edit("softmax_twice", LOSS, "cross_entropy(softmax(logits), targets)",
         hint="You apply softmax twice in the loss: cross_entropy takes the logits themselves."),
    Edit("relu_on_the_logits", f"logits, cache = {FORWARD}",
         f"logits, cache = {FORWARD}\nlogits = np.maximum(logits, 0)",
         hint="You apply a ReLU to the logits. None follows the last layer: logits may be negative."),
    Edit("wrong_signs", RETURN, "return loss, [-g for g in grad_weights], [-g for g in grad_biases]",
         hint="The signs of your gradients are turned round. They point to where the loss grows; the "
         "minus comes with the update."),
    Edit("takes_a_step", RETURN,
         "for weight, grad in zip(weights, grad_weights, strict=True):\n    weight -= 0.1 * grad\n"
         + RETURN,
         hint="After your call the caller's weights are no longer the same. This function says how the "
         "loss grows; the optimizer changes the weights."),
    Edit("biases_first", RETURN, "return loss, grad_biases, grad_weights",
         hint="You return the biases' gradients first. The task asks for loss, grad_weights, "
         "grad_biases."),
    Edit("gradients_only", RETURN, "return grad_weights, grad_biases",
         hint="The loss is missing from what you return: loss, grad_weights, grad_biases."),
]  # fmt: skip


def without_penalty(x, targets, weights, biases):
    logits, cache = F.mlp_forward(x, weights, biases)
    grads = F.mlp_backward(F.cross_entropy_backward(logits, targets), cache)
    return F.cross_entropy(logits, targets), *grads


def penalised(results, weights, penalty, slopes):
    loss, grad_weights, grad_biases = results
    grad_weights = [g + s for g, s in zip(grad_weights, slopes, strict=True)]
    return loss + penalty, grad_weights, grad_biases


def squares(weights):
    return sum(float((w * w).sum()) for w in weights)


@bug("Your penalty lacks the factor one half, in the loss and in its gradients: half of l2 times the "
     "sum of squares.")  # fmt: skip
def no_half(x, targets, weights, biases, l2=0.0):
    results = without_penalty(x, targets, weights, biases)
    return penalised(results, weights, l2 * squares(weights), [2 * l2 * w for w in weights])


@bug("You divide the penalty by the batch size. Its task says that the batch size plays no part.")
def divided_by_the_batch(x, targets, weights, biases, l2=0.0):
    results, l2 = without_penalty(x, targets, weights, biases), l2 / len(x)
    return penalised(results, weights, l2 / 2 * squares(weights), [l2 * w for w in weights])


@bug("Your penalty covers the last layer only. The weights of all layers count.")
def last_layer_only(x, targets, weights, biases, l2=0.0):
    results = without_penalty(x, targets, weights, biases)
    slopes = [0 * w for w in weights[:-1]] + [l2 * weights[-1]]
    return penalised(results, weights, l2 / 2 * squares(weights[-1:]), slopes)


@bug("The last layer is missing in your penalty. The weights of all layers count.")
def without_the_last_layer(x, targets, weights, biases, l2=0.0):
    results = without_penalty(x, targets, weights, biases)
    slopes = [*(l2 * w for w in weights[:-1]), 0 * weights[-1]]
    return penalised(results, weights, l2 / 2 * squares(weights[:-1]), slopes)


@bug("Your penalty averages the squares of a layer. Add them up, without dividing.")
def mean_of_the_squares(x, targets, weights, biases, l2=0.0):
    results = without_penalty(x, targets, weights, biases)
    penalty = l2 / 2 * sum(float((w**2).mean()) for w in weights)
    return penalised(results, weights, penalty, [l2 * w / w.size for w in weights])


@bug("Loss and gradients are those of a sum over the batch; the task asks for its mean.")
def summed_throughout(x, targets, weights, biases, l2=0.0):
    loss, *grads = without_penalty(x, targets, weights, biases)
    results = loss * len(x), *([len(x) * g for g in part] for part in grads)
    return penalised(results, weights, l2 / 2 * squares(weights), [l2 * w for w in weights])


@bug("Your penalty contains the biases, in loss and gradients. Only weights are penalised.")
def biases_too(x, targets, weights, biases, l2=0.0):
    loss, grad_weights, grad_biases = without_penalty(x, targets, weights, biases)
    grad_biases = [g + l2 * b for g, b in zip(grad_biases, biases, strict=True)]
    penalty = l2 / 2 * squares([*weights, *biases])
    return penalised((loss, grad_weights, grad_biases), weights, penalty, [l2 * w for w in weights])


@bug("Your penalty adds up absolute values (that is L1). L2 adds up squares.")
def absolute_values(x, targets, weights, biases, l2=0.0):
    results = without_penalty(x, targets, weights, biases)
    penalty = l2 * sum(float(np.abs(w).sum()) for w in weights)
    return penalised(results, weights, penalty, [l2 * np.sign(w) for w in weights])


@bug("The softmax overflows, or the logarithm meets 0. Build on your cross_entropy and "
     "cross_entropy_backward, which stay exact.")  # fmt: skip
def unstable(x, targets, weights, biases, l2=0.0):
    logits, cache = F.mlp_forward(x, weights, biases)
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    one_hot = np.eye(logits.shape[1])[targets]
    loss = -np.log(probs[np.arange(len(x)), targets]).mean()
    results = loss, *F.mlp_backward((probs - one_hot) / len(x), cache)
    return penalised(results, weights, l2 / 2 * squares(weights), [l2 * w for w in weights])


@bug("Your loss takes the logarithm of the softmax, which is -inf where a probability rounds to 0. "
     "Build on your cross_entropy.")  # fmt: skip
def log_of_the_softmax(x, targets, weights, biases, l2=0.0):
    _, grad_weights, grad_biases = without_penalty(x, targets, weights, biases)
    probs = F.softmax(F.mlp_forward(x, weights, biases)[0])
    results = -np.log(probs[np.arange(len(x)), targets]).mean(), grad_weights, grad_biases
    return penalised(results, weights, l2 / 2 * squares(weights), [l2 * w for w in weights])


@alternative
def written_out(x, targets, weights, biases, l2=0.0):
    inputs, z = [x], x
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z = inputs[-1] @ w + b
        if i < len(weights) - 1:
            inputs.append(np.maximum(z, 0))
    shifted = z - z.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(x))
    loss = -log_probs[rows, targets].mean() + 0.5 * l2 * sum(np.sum(w**2) for w in weights)
    grad = np.exp(log_probs)
    grad[rows, targets] -= 1
    grad /= len(x)
    grad_weights, grad_biases = [None] * len(weights), [None] * len(weights)
    for i in range(len(weights) - 1, -1, -1):
        grad_weights[i] = inputs[i].T @ grad + l2 * weights[i]
        grad_biases[i] = grad.sum(axis=0)
        grad = (grad @ weights[i].T) * (inputs[i] > 0)
    return loss, grad_weights, grad_biases


@alternative
def mean_over_single_examples(x, targets, weights, biases, l2=0.0):
    sums = [0.0, [l2 * w * len(x) for w in weights], [np.zeros(b.shape) for b in biases]]
    for n in range(len(x)):
        one = without_penalty(x[n : n + 1], targets[n : n + 1], weights, biases)
        sums[0] += one[0] + 0.5 * l2 * squares(weights)
        sums[1] = [s + g for s, g in zip(sums[1], one[1], strict=True)]
        sums[2] = [s + g for s, g in zip(sums[2], one[2], strict=True)]
    return sums[0] / len(x), [s / len(x) for s in sums[1]], [s / len(x) for s in sums[2]]


@alternative
def in_double_precision_with_tuples(x, targets, weights, biases, l2=0.0):
    weights, biases = ([a.astype(float) for a in arrays] for arrays in (weights, biases))
    loss, grad_weights, grad_biases = without_penalty(x.astype(float), targets, weights, biases)
    for grad, weight in zip(grad_weights, weights, strict=True):
        grad += l2 * weight
        loss += l2 * np.vdot(weight, weight) / 2
    return np.float64(loss), tuple(grad_weights), tuple(grad_biases)
