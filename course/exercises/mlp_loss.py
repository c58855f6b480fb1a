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


@probe("gives the mean cross-entropy of the batch when l2 is left out, with all digits", points=1)
def loss_alone(mlp_loss, rng):
    loss = mlp_loss(*problem(rng, 5, 4, 6, 3))[0]
    yield "loss", loss
    yield "loss without a hidden layer", mlp_loss(*problem(rng, 4, 3, 5))[0]
    yield "that loss is a number, no array", not isinstance(loss, np.ndarray)


@probe("gives the gradients of one layer and of several, also of one width", points=2, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def gradients_alone(mlp_loss, rng):
    yield "the result of four layers of one width", mlp_loss(*problem(rng, 4, 4, 4, 4, 4, 4))
    yield "the result with one hidden layer", mlp_loss(*problem(rng, 5, 4, 6, 3))
    x, targets, weights, biases = problem(rng, 3, 5, 4)
    yield "the result without a row of the last class", mlp_loss(x, targets % 3, weights, biases)


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
    yield "x unchanged", np.array_equal(x, same[0])
    yield "targets unchanged", np.array_equal(targets, same[1])
    yield "weights unchanged", len(weights) == 2 and all(map(np.array_equal, weights, same[2]))
    yield "biases unchanged", len(biases) == 2 and all(map(np.array_equal, biases, same[3]))
    yield "loss and gradients", in_a_row(*result)
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
BEFORE = "logits, cache ="
PASS_BACK, PICKED = (
    f"mlp_backward({BACKWARD}, cache)",
    "softmax(logits)[np.arange(len(x)), targets]",
)
CONSTANT = (
    "You add a small constant to the probabilities, or bound them, before the logarithm, which makes the loss inexact and "
    "far too small for hopeless rows. Build on your cross_entropy, which needs none."
)  # fmt: skip
ROOT = "You take the root of the sum of squares (the norm). L2 adds up the squares themselves."
CLASSES_TOO = "You average over rows and classes. The loss is the mean over the N rows alone."
STEP = "You return parameters after a step. The task asks for the gradients; the optimizer makes the step."
ORDER = "You return the right parts in another order. The task asks for loss, grad_weights, grad_biases."
PENALTY_OF_THE_BATCH = (
    "You divide the penalty by the batch size. Its task says that the batch size plays no part."
)
MEAN_SQUARES = "Your penalty averages the squares of a layer. Add them up, without dividing."
ABSOLUTE = "Your penalty adds up absolute values (that is L1). L2 adds up squares."
BATCH_SOFTMAX = "Your softmax runs down the batch (axis 0). Each row is a distribution over the classes, axis 1."
TABLE_SOFTMAX = "Your softmax divides by the sum over the whole batch. Each row is a distribution of its own: axis 1, with kept axis."
ELASTIC = "You penalise absolute values as well (L1 and L2 at once). The penalty is made from squares alone."
TWICE = (
    "You apply softmax twice: cross_entropy and cross_entropy_backward take the logits themselves."
)
BUGS = [
    *(Edit(f"plus_{eps}", LOSS, f"-np.log({PICKED} + {eps}).mean()", hint=CONSTANT)
      for eps in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20)),
    *(Edit(f"bounded_by_{eps}", LOSS, f"-np.log(np.clip({PICKED}, {eps}, 1 - {eps})).mean()", hint=CONSTANT)
      for eps in (1e-5, 1e-6, 1e-7)),
    *(Edit(f"at_least_{eps}", LOSS, f"-np.log(np.maximum({PICKED}, {eps})).mean()", hint=CONSTANT)
      for eps in (1e-300, 1e-30)),
    Edit("columns_of_the_targets", LOSS, "-log_softmax(logits)[:, targets].mean()",
         hint="[:, targets] picks whole columns, for every row. Each row has one right class: rows and classes go together."),
    Edit("flat_targets", LOSS, "-np.take(log_softmax(logits), targets).mean()",
         hint="You look the targets up in the flat table, so that all of them fall into the first rows. Each row has one "
         "right class: rows and classes go together."),
    Edit("likeliest_class", LOSS, "-log_softmax(logits).max(axis=1).mean()",
         hint="You take the likeliest class of each row. The loss looks at the right one, which targets tells."),
    Edit("all_classes", LOSS, "-log_softmax(logits).mean(axis=0).sum()",
         hint="You add up over all classes. The loss looks at the right one of each row, which targets tells."),
    Edit("loss_down_the_batch", LOSS, "-np.log(softmax(logits.T).T[np.arange(len(x)), targets]).mean()", hint=BATCH_SOFTMAX),
    Edit("gradients_down_the_batch", BACKWARD, "(softmax(logits.T).T - np.eye(logits.shape[1])[targets]) / len(x)", hint=BATCH_SOFTMAX),
    Edit("loss_of_the_whole_table", LOSS, "-np.log((np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum())[np.arange(len(x)), targets]).mean()",
         hint=TABLE_SOFTMAX),
    Edit("gradients_of_the_whole_table", BACKWARD, "(np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum() - np.eye(logits.shape[1])[targets]) / len(x)",
         hint=TABLE_SOFTMAX),
    Edit("maximum_not_added_again", LOSS, f"{LOSS} - logits.max(axis=1).mean()",
         hint="You subtract the row's maximum inside of the log-sum-exp, and not from the right class's logit. Both get the "
         "same shift."),
    Edit("both_logarithms", LOSS,
         "-(lambda p, y: (y * np.log(p) + (1 - y) * np.log(1 - p)).sum() / len(x))(softmax(logits), np.eye(logits.shape[1])[targets])",
         hint="You add log(1 - p) for the wrong classes, as the binary cross-entropy does. With a softmax the right class "
         "alone counts."),
    Edit("perplexity", LOSS, f"np.exp({LOSS})", hint="You take the exponential of the cross-entropy (the perplexity). The task asks for itself."),
    Edit("columns_sent_back", BACKWARD, "(softmax(logits) - np.isin(np.arange(logits.shape[1]), targets)) / len(x)",
         hint="[:, targets] -= 1 changes whole columns, for every row. Each row has one right class: rows and classes go "
         "together."),
    Edit("one_column_for_each_target", BACKWARD, "(softmax(logits) - np.eye(logits.shape[1])[targets].sum(axis=0)) / len(x)",
         hint="You subtract the targets of all rows from every row. Each row has its own right class."),
    Edit("probabilities_of_the_right_class", BACKWARD, "(softmax(logits) * np.eye(logits.shape[1])[targets] - np.eye(logits.shape[1])[targets]) / len(x)",
         hint="Your gradient reaches the right class only. The other logits have one too: their probabilities."),
    Edit("slope_of_the_logarithm", BACKWARD, "-np.eye(logits.shape[1])[targets] / softmax(logits) / len(x)",
         hint="-1/p is the slope with respect to the probability. The logits come before the softmax, whose slope belongs "
         "into it as well."),
    Edit("slope_of_squared_errors", BACKWARD, "2 * (softmax(logits) - np.eye(logits.shape[1])[targets]) / len(x)",
         hint="The gradient of the cross-entropy is twice too large: the 2 belongs to a squared error."),
    Edit("slope_of_a_sigmoid", BACKWARD, "(1 / (1 + np.exp(-logits)) - np.eye(logits.shape[1])[targets]) / len(x)",
         hint="You take a sigmoid for each class. The probabilities of a row come from its softmax."),
    Edit("elastic_loss", PENALTY, f"{PENALTY} + l2 * sum(float(np.abs(w).sum()) for w in weights)", hint=ELASTIC),
    Edit("elastic_gradients", SLOPES, "[l2 * (w + np.sign(w)) for w in weights]", hint=ELASTIC),
    Edit("penalty_over_layers", PENALTY, f"{PENALTY} / len(weights)",
         hint="You average the penalty over the layers. Add up the squares of all of them, without dividing."),
    Edit("mean_of_all_entries", PENALTY, "l2 / 2 * sum(float((w**2).sum()) for w in weights) / sum(w.size for w in weights)", hint=MEAN_SQUARES),
    Edit("batch_twice_in_the_penalty", PENALTY, f"{PENALTY} / (2 * len(x))",
         hint="You divide the penalty by 2 N, as some textbooks do. Its task has half of l2, and the batch size plays no "
         "part."),
    Edit("cubes", PENALTY, "l2 / 3 * sum(float((np.abs(w) ** 3).sum()) for w in weights)", hint="Your penalty adds up cubes. L2 adds up squares."),
    Edit("penalised_biases_only", PENALTY, "l2_penalty(biases, l2)",
         hint="The penalty in your loss is made from the biases. Only weights are penalised."),
    Edit("weights_back_after_decay", "mlp_backward(", "(lambda grad, c: mlp_backward(grad, (c[0], [w * (1 + l2) for w in c[1]])))(",
         hint="The penalty changes the weights that you go back through. It is added to the gradients at the end, and the "
         "way back takes the weights as they are."),
    Edit("loss_over_classes_too", LOSS, f"{LOSS} / logits.shape[1]", hint=CLASSES_TOO),
    Edit("gradients_over_classes_too", BACKWARD, f"{BACKWARD} / logits.shape[1]", hint=CLASSES_TOO),
    Edit("loss_over_examples_twice", LOSS, f"{LOSS} / len(x)",
         hint="You divide the cross-entropy by N twice. cross_entropy is a mean already."),
    Edit("loss_with_the_wrong_sign", LOSS, f"-{LOSS}",
         hint="The cross-entropy in your loss has the wrong sign. It is minus the mean logarithm, and never negative."),
    Edit("base_two", LOSS, f"{LOSS} / np.log(2)",
         hint="You take the logarithm with base 2. The cross-entropy uses the natural one."),
    Edit("base_ten", LOSS, f"{LOSS} / np.log(10)",
         hint="You take the logarithm with base 10. The cross-entropy uses the natural one."),
    Edit("without_the_logarithm", LOSS, f"1 - {PICKED}.mean()",
         hint="There is no logarithm in your loss. The cross-entropy is minus the mean logarithm of the probabilities."),
    Edit("logits_of_the_targets", LOSS, "-logits[np.arange(len(x)), targets].mean()",
         hint="You pick the logits of the right classes without a softmax. The cross-entropy takes the logarithm of its "
         "probabilities."),
    Edit("squared_errors", LOSS, "((softmax(logits) - np.eye(logits.shape[1])[targets]) ** 2).mean()",
         hint="Your loss is a squared error. The task asks for the mean cross-entropy."),
    Edit("gradient_part_negative", BACKWARD, f"-{BACKWARD}",
         hint="The cross-entropy's gradient has the wrong sign: it is the probabilities minus the targets (one-hot). The "
         "penalty's has the right one."),
    Edit("gradient_of_softmax_twice", BACKWARD, "cross_entropy_backward(softmax(logits), targets)", hint=TWICE),
    Edit("softmax_throughout", FORWARD, f"{FORWARD}\nlogits = softmax(logits)", hint=TWICE),
    Edit("log_softmax_sent_back", BACKWARD, "(log_softmax(logits) - np.eye(logits.shape[1])[targets]) / len(x)",
         hint="You send logarithms of the probabilities back. The gradient is made from the probabilities themselves."),
    Edit("logits_minus_targets", BACKWARD, "(logits - np.eye(logits.shape[1])[targets]) / len(x)",
         hint="You subtract the targets from the logits. The gradient is made from the probabilities: softmax first."),
    Edit("only_the_right_class", BACKWARD, f"{BACKWARD} * np.eye(logits.shape[1])[targets]",
         hint="Your gradient reaches the right class only. The other logits have one too: their probabilities."),
    Edit("targets_sent_back", BACKWARD, "-np.eye(logits.shape[1])[targets] / len(x)",
         hint="You send the targets back without the probabilities. The gradient of the cross-entropy contains both."),
    Edit("targets_one_off", f"logits, cache = {FORWARD}", f"targets = (targets - 1) % weights[-1].shape[1]\nlogits, cache = {FORWARD}",
         hint="Your classes are counted from 1. Class 0 is the first column."),
    Edit("penalty_for_each_layer", PENALTY, f"len(weights) * {PENALTY}",
         hint="You add the whole penalty once for each layer. It covers all layers already: add it once."),
    Edit("penalty_for_each_example", PENALTY, f"len(x) * {PENALTY}",
         hint="You add the penalty once for each example. It is added once, and the batch size plays no part."),
    Edit("quarter", PENALTY, f"0.5 * {PENALTY}",
         hint="The penalty in your loss is twice too small: l2_penalty has the factor one half already."),
    Edit("half_slopes", ADDED, "[grad + 0.5 * more for",
         hint="The penalty's gradients are twice too small. The half of the formula cancels the 2 of the derivative."),
    Edit("root_of_each_layer", PENALTY, "l2 / 2 * sum(float(np.linalg.norm(w)) for w in weights)", hint=ROOT),
    Edit("root_of_each_layer_without_half", PENALTY, "l2 * sum(float(np.linalg.norm(w)) for w in weights)", hint=ROOT),
    Edit("root_of_all", PENALTY, "l2 / 2 * float(np.sqrt(sum((w**2).sum() for w in weights)))", hint=ROOT),
    Edit("root_of_all_without_half", PENALTY, "l2 * float(np.sqrt(sum((w**2).sum() for w in weights)))", hint=ROOT),
    Edit("square_of_the_sum", PENALTY, "l2 / 2 * sum(float(w.sum()) ** 2 for w in weights)",
         hint="You square the sum of the weights. L2 adds up the squares of single entries: square first."),
    Edit("sum_of_the_weights", PENALTY, "l2 / 2 * sum(float(w.sum()) for w in weights)",
         hint="Your penalty adds up the weights themselves. L2 adds up their squares."),
    Edit("mean_in_the_loss", PENALTY, "l2 / 2 * sum(float((w**2).mean()) for w in weights)", hint=MEAN_SQUARES),
    Edit("mean_in_the_loss_without_half", PENALTY, "l2 * sum(float((w**2).mean()) for w in weights)",
         hint=f"{MEAN_SQUARES} The factor one half is missing, too."),
    Edit("mean_in_the_gradients", SLOPES, "[l2 * w / w.size for w in weights]", hint=MEAN_SQUARES),
    Edit("batch_in_the_loss", PENALTY, f"{PENALTY} / len(x)", hint=PENALTY_OF_THE_BATCH),
    Edit("batch_in_the_gradients", SLOPES, "l2_penalty_backward(weights, l2 / len(x))", hint=PENALTY_OF_THE_BATCH),
    Edit("absolute_in_the_loss", PENALTY, "l2 * sum(float(np.abs(w).sum()) for w in weights)", hint=ABSOLUTE),
    Edit("half_absolute_in_the_loss", PENALTY, "l2 / 2 * sum(float(np.abs(w).sum()) for w in weights)", hint=ABSOLUTE),
    Edit("signs_in_the_gradients", SLOPES, "[l2 * np.sign(w) for w in weights]", hint=ABSOLUTE),
    Edit("l2_as_slope", SLOPES, "[l2 for w in weights]",
         hint="You add l2 itself to the gradients. The slope of a square depends on the weight: l2 times the weight."),
    Edit("squares_as_slopes", SLOPES, "[l2 * w**2 for w in weights]",
         hint="You add squared weights to the gradients. The slope of a square is proportional to the weight itself."),
    Edit("slopes_without_l2", SLOPES, "[w for w in weights]",
         hint="You add the weights to their gradients without the factor l2."),
    Edit("penalty_without_l2", PENALTY, "0.5 * sum(float((w**2).sum()) for w in weights)",
         hint="The factor l2 is missing in the penalty of your loss."),
    Edit("l2_squared", PENALTY, "l2_penalty(weights, l2**2)",
         hint="You square l2. Only the weights are squared in the penalty."),
    Edit("l2_added", PENALTY, "l2", hint="You add l2 itself to the loss. It is a factor of the sum of squared weights."),
    Edit("first_layer_missing_in_the_loss", PENALTY, "l2_penalty(weights[1:] or [0 * weights[0]], l2)",
         hint="The first layer is missing in the penalty of your loss. All layers' weights count; Python counts from 0."),
    Edit("last_layer_missing_in_the_loss", PENALTY, "l2_penalty(weights[:-1] or [0 * weights[0]], l2)",
         hint="The last layer is missing in the penalty of your loss. All layers' weights count: does a loop end one too "
         "early?"),
    Edit("first_layer_in_the_loss", PENALTY, "l2_penalty(weights[:1], l2)",
         hint="The penalty in your loss covers the first layer only. All layers' weights count."),
    Edit("first_layer_missing_in_the_gradients", SLOPES, "[l2 * w * (i > 0) for i, w in enumerate(weights)]",
         hint="The first layer's gradient lacks the penalty. All layers' weights count; Python counts from 0."),
    Edit("last_layer_missing_in_the_gradients", SLOPES, "[l2 * w * (i < len(weights) - 1) for i, w in enumerate(weights)]",
         hint="The last layer's gradient lacks the penalty. All layers' weights count: does a loop end one too early?"),
    Edit("first_layer_in_the_gradients", SLOPES, "[l2 * w * (i == 0) for i, w in enumerate(weights)]",
         hint="Only the first layer's gradient has the penalty in it. All layers' weights count."),
    Edit("last_layer_in_the_gradients", SLOPES, "[l2 * w * (i == len(weights) - 1) for i, w in enumerate(weights)]",
         hint="Only the last layer's gradient has the penalty in it. All layers' weights count."),
    Edit("slopes_instead", ADDED, "[more for",
         hint="The penalty's gradients take the place of the cross-entropy's. Both are added."),
    Edit("slopes_instead_if_any", ADDED, "[more if l2 else grad for",
         hint="The penalty's gradients take the place of the cross-entropy's. Both are added."),
    Edit("l2_cut_down", BEFORE, f"l2 = int(l2)\n{BEFORE}",
         hint="You cut l2 down to a whole number, so that 0.3 counts as 0. Take it as it is."),
    Edit("l2_as_a_switch", BEFORE, f"l2 = float(l2 > 0)\n{BEFORE}",
         hint="You use l2 as a switch. It is a factor: the strength of the penalty."),
    Edit("accuracy", LOSS, "float((logits.argmax(axis=1) == targets).mean())",
         hint="You return the accuracy. The loss is the mean cross-entropy."),
    Edit("error_rate", LOSS, "float((logits.argmax(axis=1) != targets).mean())",
         hint="You return the share of wrong classes. The loss is the mean cross-entropy."),
    Edit("accuracy_alone", f"{LOSS} + {PENALTY}", "float((logits.argmax(axis=1) == targets).mean())",
         hint="You return the accuracy. The loss is the mean cross-entropy, plus the penalty."),
    Edit("penalty_alone", f"{LOSS} + {PENALTY}", PENALTY,
         hint="Your loss is the penalty alone. The mean cross-entropy comes first."),
    Edit("penalty_multiplied", f"{LOSS} + {PENALTY}", f"{LOSS} * (1 + {PENALTY})",
         hint="You multiply by the penalty. It is added to the cross-entropy."),
    Edit("median", LOSS, f"float(np.median(-np.log({PICKED})))", hint="You take the median over the rows. The loss is their mean."),
    Edit("last_row_alone", LOSS, f"float(-np.log({PICKED})[-1])",
         hint="Your loss holds the last row alone, as if each one overwrote the one before. Take the mean over all rows."),
    Edit("first_row_alone", LOSS, f"float(-np.log({PICKED})[0])",
         hint="Your loss looks at the first row alone: is there a return inside the loop? Take the mean over all rows."),
    Edit("one_row_fewer", LOSS, f"{LOSS} * len(x) / max(len(x) - 1, 1)",
         hint="You divide by N - 1. The mean divides by the number of rows, N."),
    Edit("decay_piles_up", SLOPES, "[l2 * w * (i + 1) for i, w in enumerate(weights)]",
         hint="The penalty's gradient is added more than once in the later layers. Each layer gets it once."),
    *(Edit(f"step_of_{lr}", RETURN, f"return loss, [w - {lr} * g for w, g in zip(weights, grad_weights)], [b - {lr} * g for b, g in zip(biases, grad_biases)]", hint=STEP)
      for lr in (1.0, 0.1, 0.01)),
    Edit("last_layer_first", RETURN, "return loss, grad_weights[::-1], grad_biases[::-1]",
         hint="Your lists start with the last layer. Return them in the order of the layers."),
    Edit("biases_last_layer_first", RETURN, "return loss, grad_weights, grad_biases[::-1]",
         hint="Your list of bias gradients starts with the last layer. Return it in the order of the layers."),
    Edit("gradients_first", RETURN, "return grad_weights, grad_biases, loss", hint=ORDER),
    Edit("loss_in_the_middle", RETURN, "return grad_weights, loss, grad_biases", hint=ORDER),
    Edit("nested", RETURN, "return loss, (grad_weights, grad_biases)",
         hint="You return loss and a pair. The task asks for three items: loss, grad_weights, grad_biases."),
    Edit("pairs", RETURN, "return loss, list(zip(grad_weights, grad_biases, strict=True))",
         hint="You return a pair of gradients for each layer. The task asks for three items: loss, grad_weights, "
         "grad_biases."),
    Edit("loss_only", RETURN, "return loss",
         hint="The gradients are missing from what you return: loss, grad_weights, grad_biases."),
    Edit("logits_too", RETURN, "return loss, grad_weights, grad_biases, logits",
         hint="You return more than three items. The task asks for loss, grad_weights, grad_biases."),
    Edit("no_bias_gradients", RETURN, "return loss, grad_weights",
         hint="The biases' gradients are missing from what you return: loss, grad_weights, grad_biases."),
    Edit("loss_as_an_array", RETURN, "return np.array(loss), grad_weights, grad_biases",
         hint="Your loss is an array, if one without axes. It is a Python number: float(...) or .item() make one."),
    Edit("loss_in_a_list", RETURN, "return np.array([loss]), grad_weights, grad_biases",
         hint="Your loss is an array with one entry. It is a Python number: float(...) or .item() make one."),
    Edit("loss_of_each_example", LOSS, f"-np.log({PICKED})",
         hint="You return a loss for each example. The task asks for their mean, one number."),
    Edit("bias_gradients_averaged", PASS_BACK, f"(lambda ws, bs: (ws, [b / len(x) for b in bs]))(*{PASS_BACK})",
         hint="You divide by N once more in the biases' gradients. The gradient of the mean has one factor 1/N."),
    Edit("bias_gradients_forgotten", PASS_BACK, f"(lambda ws, bs: (ws, [0 * b for b in bs]))(*{PASS_BACK})",
         hint="The biases' gradients are 0. They have no penalty, but the cross-entropy depends on them."),
    Edit("bias_gradients_with_kept_axis", PASS_BACK, f"(lambda ws, bs: (ws, [b[np.newaxis] for b in bs]))(*{PASS_BACK})",
         hint="Your gradients of the biases have shape (1, H). A gradient has exactly the shape of what it belongs to: (H,)."),
    Edit("cut_off_probabilities", BACKWARD, "np.round(cross_entropy_backward(logits, targets), 4)",
         hint="You round on the way. Keep all digits; round only when you print."),
    Edit("loss_without_penalty", f" + {PENALTY}", "",
         hint="Your gradients contain the penalty, and your loss does not. A gradient belongs to the "
         "very number that you return."),
    Edit("gradients_without_penalty", ADDED, "[grad for",
         hint="Your loss contains the penalty, and your gradients do not. A gradient belongs to the "
         "very number that you return."),
    Edit("no_half", BEFORE, f"l2 = 2 * l2\n{BEFORE}",
         hint="Your penalty lacks the factor one half, in the loss and in its gradients: half of l2 times the sum of "
         "squares."),
    Edit("half_twice", BEFORE, f"l2 = l2 / 2\n{BEFORE}",
         hint="The penalty is twice too small, in the loss and in its gradients: the factor one half counts once, and "
         "its gradient is l2 times the weight."),
    Edit("divided_by_the_batch", "loss =", "l2 = l2 / len(x)\nloss =",
         hint=PENALTY_OF_THE_BATCH),
    Edit("times_the_batch", "loss =", "l2 = l2 * len(x)\nloss =",
         hint="You multiply the penalty by the batch size. Its task says that the batch size plays no part."),
    Edit("largest_stretch", PENALTY, "l2 / 2 * sum(float(np.linalg.norm(w, 2)) ** 2 for w in weights)",
         hint="norm(w, 2) of a matrix is its largest singular value. L2 adds up the squares of all entries."),
    Edit("predictions_as_targets", BACKWARD, "(softmax(logits) - np.eye(logits.shape[1])[logits.argmax(axis=1)]) / len(x)",
         hint="Your gradients take the likeliest class for the right one. The right one is in targets."),
    Edit("as_many_classes_as_seen", BACKWARD, "(softmax(logits) - np.eye(int(targets.max()) + 1)[targets]) / len(x)",
         hint="You count the classes by the largest target, and the last class may not occur. There is one for each column "
         "of the logits."),
    Edit("ignores_l2", BEFORE, f"l2 = 0.0\n{BEFORE}",
         hint="l2 changes nothing in your result: the penalty is missing in the loss and in the "
         "gradients of the weights."),
    Edit("never_without_penalty", BEFORE, f"l2 = l2 or 0.01\n{BEFORE}",
         hint="When l2 is left out, or 0, there is no penalty; you still add one."),
    Edit("biases_in_the_loss", PENALTY, "l2_penalty(weights + biases, l2)",
         hint="The penalty in your loss contains the biases. Only weights are penalised."),
    Edit("biases_in_the_gradients", "penalty_grads =",
         "grad_biases = [g + l2 * b for g, b in zip(grad_biases, biases, strict=True)]\npenalty_grads =",
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
    Edit("relu_on_the_logits", FORWARD, f"{FORWARD}\nlogits = np.maximum(logits, 0)",
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


def written_out_with(x, targets, weights, biases, relu, gate):
    inputs = [x]
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        inputs.append(relu(inputs[-1] @ w + b))
    logits = inputs[-1] @ weights[-1] + biases[-1]
    grad, grad_weights, grad_biases = F.cross_entropy_backward(logits, targets), [], []
    for h, w in zip(inputs[::-1], weights[::-1], strict=True):
        grad_weights.insert(0, h.T @ grad)
        grad_biases.insert(0, grad.sum(axis=0))
        grad = grad @ w.T * gate(h)
    return F.cross_entropy(logits, targets), grad_weights, grad_biases


@bug(
    "On the way back the gradient passes every hidden unit. Nothing passes where the unit was off (its activation is 0)."
)
def no_gates(x, targets, weights, biases, l2=0.0):
    results = written_out_with(x, targets, weights, biases, F.relu, np.ones_like)
    return penalised(results, weights, l2 / 2 * squares(weights), [l2 * w for w in weights])


@bug("There is no ReLU between your layers. Without it they amount to one linear layer.")
def no_relu(x, targets, weights, biases, l2=0.0):
    results = written_out_with(x, targets, weights, biases, np.array, np.ones_like)
    return penalised(results, weights, l2 / 2 * squares(weights), [l2 * w for w in weights])


@bug("Your hidden layers use tanh; the network of this course has a ReLU between its layers.")
def tanh_between(x, targets, weights, biases, l2=0.0):
    results = written_out_with(x, targets, weights, biases, np.tanh, lambda h: 1 - h**2)
    return penalised(results, weights, l2 / 2 * squares(weights), [l2 * w for w in weights])


@bug("When l2 is left out there is no penalty: its default is 0. Yours is another number.")
def another_default(x, targets, weights, biases, l2=0.01):
    results = without_penalty(x, targets, weights, biases)
    return penalised(results, weights, l2 / 2 * squares(weights), [l2 * w for w in weights])


@bug(
    "You write the penalty into the caller's weights. It belongs to loss and gradients; only the optimizer changes weights."
)
def shrinks_the_weights(x, targets, weights, biases, l2=0.0):
    results = without_penalty(x, targets, weights, biases)
    for weight in weights:
        weight *= 1 - l2
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


@bug("Your penalty contains the biases, in loss and gradients, and lacks the factor one half. Only weights are penalised, with "
     "half of l2.")  # fmt: skip
def biases_too_without_half(x, targets, weights, biases, l2=0.0):
    loss, grad_weights, grad_biases = without_penalty(x, targets, weights, biases)
    grad_biases = [g + 2 * l2 * b for g, b in zip(grad_biases, biases, strict=True)]
    penalty, slopes = l2 * squares([*weights, *biases]), [2 * l2 * w for w in weights]
    return penalised((loss, grad_weights, grad_biases), weights, penalty, slopes)


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
