"""batchnorm_backward: probes, known mistakes, other correct answers."""

import numpy as np

from course.asking import (
    alike,
    only_grad_x,
    shaped,
    what_grad_x_depends_on,
    what_parameters_depend_on,
)
from course.spec import Edit, alternative, bug, probe
from nnkit import functional as F


def passed(rng, num_rows, num_columns, training=True, eps=0.05, dtype=float, spread=1.0):
    """A gradient for y, and the cache of the forward pass that belongs to it."""
    size = (num_rows, num_columns)
    x = spread * rng.uniform(0.3, 3.0, size=num_columns) * rng.normal(size=size) + rng.normal()
    gamma = rng.uniform(0.5, 2.5, size=num_columns) * rng.choice([-1.0, 1.0], size=num_columns)
    averages = rng.normal(size=num_columns), rng.uniform(0.3, 3.0, size=num_columns)
    arrays = (a.astype(dtype) for a in (x, gamma, rng.normal(size=num_columns), *averages))
    cache = F.batchnorm_forward(*arrays, training, eps=eps)[3]
    return [rng.normal(scale=2.0, size=size).astype(dtype), cache]


@probe("adds up what the examples contribute to gamma and to beta", points=1, rtol=1e-6, atol=1e-10,
       given=lambda rng: [passed(rng, 5, 3), passed(rng, 4, 4)])  # fmt: skip
def scale_and_shift(batchnorm_backward, rng, given):
    yield from what_parameters_depend_on(batchnorm_backward, *given[0]).items()
    grads = batchnorm_backward(*given[0])
    yield "grad_gamma", grads[1]
    yield "grad_beta", grads[2]
    grads = batchnorm_backward(*given[1])
    yield "grad_gamma with as many rows as columns", grads[1]
    yield "grad_beta with as many rows as columns", grads[2]


@probe("sends the gradient back to x directly, through the mean and through the variance", points=2,
       rtol=1e-6, atol=1e-10,
       given=lambda rng: [passed(rng, 5, 3), passed(rng, 4, 4), passed(rng, 6, 2, eps=1e-5),
                          passed(rng, 3, 5), passed(rng, 6, 3, eps=0.0)])  # fmt: skip
def three_paths(batchnorm_backward, rng, given):
    yield from what_grad_x_depends_on(batchnorm_backward, given[3:], axis=0).items()
    yield "grad_x", only_grad_x(batchnorm_backward(*given[0]))
    yield "grad_x with as many rows as columns", only_grad_x(batchnorm_backward(*given[1]))
    yield "grad_x with a small eps", only_grad_x(batchnorm_backward(*given[2]))


def what_evaluation_depends_on(batchnorm_backward, grad_output, cache):
    x_hat, gamma, std, _ = cache

    def asked(grad_output, x_hat=x_hat, std=std, training=False):
        cache = (x_hat.copy(), gamma.copy(), std.copy(), training)
        grads = batchnorm_backward(grad_output.copy(), cache)
        found = (
            grads if isinstance(grads, tuple | list) and len(grads) == 3 else (grads, None, None)
        )
        shapes = (x_hat.shape, gamma.shape, gamma.shape)
        return [shaped(item, shape) for item, shape in zip(found, shapes, strict=True)]

    grads, trained, changed = (
        asked(grad_output),
        asked(grad_output, training=True),
        grad_output.copy(),
    )
    changed[0] += 1.0
    without, other = np.array([[0.0], [1.0], [1.0], [1.0], [1.0]]) * grad_output, x_hat.copy()
    other[0] += 1.0
    return {
        "that in evaluation mode a row of grad_x depends on its own grad_output":
            alike(grads[0][1:], asked(changed)[0][1:]),
        "that grad_x does not depend on x_hat in evaluation mode":
            alike(grads[0], asked(grad_output, 0.5 * x_hat[::-1])[0]),
        "that grad_x halves where std doubles in evaluation mode": alike(grads[0] / 2, asked(grad_output, std=2 * std)[0]),
        "that in evaluation mode a row without a gradient does not count in grad_gamma":
            alike(asked(without, other)[1], asked(without)[1]),
        "that grad_gamma and grad_beta are the same in both modes":
            alike(grads[1], trained[1]) and alike(grads[2], trained[2]),
    }  # fmt: skip


@probe("takes mean and variance as constants in evaluation mode, also for a single row", points=1,
       rtol=1e-6, atol=1e-10,
       given=lambda rng: [passed(rng, 5, 3, False), passed(rng, 4, 4, False),
                          passed(rng, 1, 3, False)])  # fmt: skip
def evaluation_mode(batchnorm_backward, rng, given):
    yield from what_evaluation_depends_on(batchnorm_backward, *given[0]).items()
    yield "the result", batchnorm_backward(*given[0])
    yield "the result for as many rows as columns", batchnorm_backward(*given[1])
    yield "the result for a single row", batchnorm_backward(*given[2])


def constant_columns(rng):
    x, (gamma, beta, mean, var) = rng.normal(size=(5, 4)), rng.uniform(0.5, 2.0, size=(4, 4))
    x[:, :2] = [0.0, 3.0]
    cache = F.batchnorm_forward(x, gamma, beta, mean, var, True, eps=0.05)[3]
    return [rng.normal(size=x.shape), cache]


# With two rows the paths cancel up to eps / (var + eps): what is left is good to 1e-16 / 0.1 of the
# terms, which are below 100. So 1e-12 leaves room for any order of the operations.
@probe("stays exact with two rows, whose paths nearly cancel, and in constant columns", points=1,
       given=lambda rng: [passed(rng, 3, 5), passed(rng, 2, 3), constant_columns(rng)])  # fmt: skip
def exact_numbers(batchnorm_backward, rng, given):
    yield "the result for three rows", batchnorm_backward(*given[0])
    yield "the result for two rows", batchnorm_backward(*given[1])
    yield "the result with constant columns", batchnorm_backward(*given[2])


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-10,
       given=lambda rng: [passed(rng, 4, 3), passed(rng, 4, 3)])  # fmt: skip
def clean_calls(batchnorm_backward, rng, given):
    (grad_output, cache), other = given
    x_hat, gamma, std, training = cache
    copies = [grad_output.copy(), (x_hat.copy(), gamma.copy(), std.copy(), training)]
    yield "all gradients", in_a_row(batchnorm_backward(grad_output, cache))
    yield "grad_output unchanged", np.array_equal(grad_output, copies[0])
    yield "cache unchanged", all(map(np.array_equal, (x_hat, gamma, std), copies[1]))
    yield "all gradients of another batch", in_a_row(batchnorm_backward(*other))
    yield "all gradients of the first batch again", in_a_row(batchnorm_backward(*copies))


def in_a_row(grads):
    return np.concatenate([np.ravel(grads[0]), np.ravel(grads[1]), np.ravel(grads[2])])


@probe("works for two rows, a single column, many rows, float32, parts of larger "
       "arrays, and arguments by name", points=1, hidden=True, rtol=1e-4, atol=3e-5,
       given=lambda rng: [
           passed(rng, 2, 4), passed(rng, 5, 1), passed(rng, 1, 1, False), passed(rng, 80, 2),
           passed(rng, 6, 3, dtype=np.float32), passed(rng, *rng.integers(3, 9, size=2)),
           passed(rng, *rng.integers(3, 9, size=2), False, spread=9.0)])  # fmt: skip
def unusual_input(batchnorm_backward, rng, given):
    names = ("two rows", "a single column", "a single row and column", "many rows", "float32")
    for name, (grad_output, cache) in zip(names, given[:5], strict=True):
        yield f"the result for {name}", batchnorm_backward(grad_output, cache)
    grad_output, cache = given[5]
    wide = np.repeat(grad_output, 2, axis=1)
    yield "the result for every other column", batchnorm_backward(wide[:, ::2], cache)
    turned = np.asfortranarray(grad_output), (np.asfortranarray(cache[0]), *cache[1:])
    yield "the result for arrays in another order of memory", batchnorm_backward(*turned)
    named = batchnorm_backward(cache=given[6][1], grad_output=given[6][0])
    yield "the result for arguments by name", named


GAMMA, BETA = "(grad_output * x_hat).sum(axis=0)", "grad_output.sum(axis=0)"
G, IF = "g = grad_output * gamma", "if training:"
MEAN_PATH, VAR_PATH = "g.mean(axis=0)", "x_hat * (g * x_hat).mean(axis=0)"
PATHS = f"g - {MEAN_PATH} - {VAR_PATH}"
RETURN = "return g / std, grad_gamma, grad_beta"
ADDED_UP = (
    "If the loss is a mean, its 1/N is in grad_output already; here the contributions are added up."
)
SQUEEZED = (
    "Your result loses an axis where there is one row or one column: squeeze drops every axis of "
    "length 1. A gradient has the shape of what it belongs to."
)
BUGS = [
    Edit("no_path_through_the_mean", PATHS, f"g - {VAR_PATH}",
         hint="The path through the mean is missing from grad_x. Moving one entry moves the column's mean, and "
         "with it every row of x_hat."),
    Edit("no_path_through_the_variance", PATHS, f"g - {MEAN_PATH}",
         hint="The path through the variance is missing from grad_x. Moving one entry changes the column's "
         "spread, and with it every row of x_hat."),
    Edit("always_constants", IF, "if False:",
         hint="You take mean and variance as constants in training mode too. There they depend on every row: two "
         "more paths lead back to x."),
    Edit("never_constants", IF, "if True:",
         hint="In evaluation mode mean and variance are constants, so only the direct path is left. Look at the "
         "mode in the cache."),
    Edit("modes_exchanged", IF, "if not training:",
         hint="The modes have changed places: the paths through mean and variance belong to training."),
    Edit("sums_on_the_paths", PATHS, "g - g.sum(axis=0) - x_hat * (g * x_hat).sum(axis=0)",
         hint="On the paths through mean and variance you sum over the rows without dividing by N. Both "
         "statistics are means, so each row has a share of 1/N in them."),
    Edit("sum_on_the_path_of_the_mean", MEAN_PATH, "g.sum(axis=0)",
         hint="On the path through the mean you sum without dividing by N. Each row has a share of 1/N in the mean."),
    Edit("sum_on_the_path_of_the_variance", VAR_PATH, "x_hat * (g * x_hat).sum(axis=0)",
         hint="On the path through the variance you sum without dividing by N. Each row has a share of 1/N in "
         "the variance."),
    Edit("half_of_the_variance", VAR_PATH, "0.5 * x_hat * (g * x_hat).mean(axis=0)",
         hint="The path through the variance has half its size. The slope of the square is 2 times the distance, "
         "that of the root has the 1/2: they cancel."),
    Edit("twice_the_variance", VAR_PATH, "2 * x_hat * (g * x_hat).mean(axis=0)",
         hint="The path through the variance has twice its size. The slope of the square is 2 times the distance, "
         "that of the root has a 1/2: they cancel."),
    Edit("variance_path_added", PATHS, f"g - {MEAN_PATH} + {VAR_PATH}",
         hint="The path through the variance has the wrong sign. A larger spread makes x_hat smaller."),
    Edit("mean_path_added", PATHS, f"g + {MEAN_PATH} - {VAR_PATH}",
         hint="The path through the mean has the wrong sign. A larger mean makes x_hat smaller."),
    Edit("both_paths_added", PATHS, f"g + {MEAN_PATH} + {VAR_PATH}",
         hint="Both paths through the statistics have the wrong sign. A larger mean and a larger spread make x_hat "
         "smaller."),
    Edit("variance_path_without_x_hat", VAR_PATH, "(g * x_hat).mean(axis=0)",
         hint="The path through the variance is the same for all rows. How much a row moves the spread depends on "
         "its own distance from the mean: its x_hat."),
    Edit("gradient_alone_on_the_variance_path", VAR_PATH, "x_hat * g.mean(axis=0)",
         hint="On the path through the variance you average g alone. What flows into the variance is g * x_hat, "
         "averaged over the rows."),
    Edit("variance_path_without_gamma", VAR_PATH, "x_hat * (grad_output * x_hat).mean(axis=0)",
         hint="gamma is missing on the path through the variance. All paths start behind x_hat, where the gradient "
         "has been multiplied by gamma."),
    Edit("mean_path_without_gamma", MEAN_PATH, "grad_output.mean(axis=0)",
         hint="gamma is missing on the path through the mean. All paths start behind x_hat, where the gradient has "
         "been multiplied by gamma."),
    Edit("unbiased_variance", VAR_PATH, "x_hat * (g * x_hat).sum(axis=0) / max(len(g) - 1, 1)",
         hint="On the path through the variance you divide by N - 1. The batch was normalised by the biased "
         "variance, whose divisor is N."),
    Edit("divided_by_columns", PATHS,
         "g - g.sum(axis=0) / g.shape[1] - x_hat * (g * x_hat).sum(axis=0) / g.shape[1]",
         hint="On the paths through mean and variance you divide by the number of columns. Both are means over the rows."),
    Edit("variance_path_not_divided", PATHS, "g - g.mean(axis=0) - std * x_hat * (g * x_hat).mean(axis=0)",
         hint="The path through the variance is not divided by std at its end. All three paths are."),
    Edit("mean_path_not_divided", PATHS, "g - std * g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)",
         hint="The path through the mean is not divided by std. All three paths are."),
    Edit("variance_path_divided_once_more", PATHS, "g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0) / std",
         hint="On the path through the variance there is one division by std too many. Count its powers: x_hat holds "
         "one of them already."),
    Edit("constants_for_single_rows_only", IF, "if training or len(g) > 1:",
         hint="In evaluation mode mean and variance are constants, however many rows there are. Look at the mode in the "
         "cache."),
    Edit("one_mean_for_all", MEAN_PATH, "g.mean()",
         hint="On the path through the mean you average over the whole batch. Each column has its own mean: axis 0."),
    Edit("not_divided_by_std", RETURN, "return g, grad_gamma, grad_beta",
         hint="grad_x is not divided by std. Going forward x was divided by it, so a change of x arrives smaller."),
    Edit("multiplied_by_std", RETURN, "return g * std, grad_gamma, grad_beta",
         hint="You multiply grad_x by std. Going forward x was divided by it, and so is its gradient."),
    Edit("divided_by_the_variance", RETURN, "return g / std**2, grad_gamma, grad_beta",
         hint="You divide grad_x by the variance. The cache holds std itself; once is enough."),
    Edit("root_of_std", RETURN, "return g / np.sqrt(std), grad_gamma, grad_beta",
         hint="You take the root of what the cache holds. It is std already, no variance."),
    Edit("eps_once_more", RETURN, "return g / np.sqrt(std**2 + 1e-5), grad_gamma, grad_beta",
         hint="You add eps again. std in the cache is what the input was divided by, so eps is in it already."),
    Edit("no_gamma", G, "g = grad_output",
         hint="grad_x does not contain gamma. Going forward x_hat was multiplied by it, and so is the gradient."),
    Edit("no_gamma_in_evaluation", G, f"{G} if training else grad_output",
         hint="In evaluation mode grad_x does not contain gamma. It was used in both modes."),
    Edit("divided_by_gamma", G, "g = grad_output / gamma",
         hint="You divide by gamma. Going forward x_hat was multiplied by it, and so is the gradient."),
    Edit("grad_x_averaged", RETURN, "return g / std / len(g), grad_gamma, grad_beta",
         hint=f"You divide grad_x by N. {ADDED_UP}"),
    Edit("parameters_averaged", RETURN, "return g / std, grad_gamma / len(g), grad_beta / len(g)",
         hint=f"You average over the batch for gamma and beta. {ADDED_UP}"),
    Edit("gamma_averaged", GAMMA, "(grad_output * x_hat).mean(axis=0)",
         hint=f"You average over the batch for gamma. {ADDED_UP}"),
    Edit("beta_averaged", BETA, "grad_output.mean(axis=0)",
         hint=f"You average over the batch for beta. {ADDED_UP}"),
    Edit("gamma_from_the_centred_input", GAMMA, "(grad_output * x_hat * std).sum(axis=0)",
         hint="For grad_gamma you use the input before it was divided by std. gamma multiplies x_hat."),
    Edit("gamma_from_y", GAMMA, "(grad_output * x_hat * gamma).sum(axis=0)",
         hint="There is a gamma in your grad_gamma. The slope of gamma * x_hat with respect to gamma is x_hat."),
    Edit("gamma_and_beta_from_g", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * gamma * x_hat).sum(axis=0)\ngrad_beta = (grad_output * gamma).sum(axis=0)",
         hint="Your grad_gamma and grad_beta contain gamma. They come from grad_output, before it is multiplied by "
         "gamma on its way to x."),
    Edit("beta_from_g", BETA, "(grad_output * gamma).sum(axis=0)",
         hint="Your grad_beta contains gamma. beta is added to y as it is, so its gradient comes from grad_output."),
    Edit("gamma_without_x_hat", GAMMA, BETA,
         hint="Your grad_gamma does not depend on x_hat. gamma multiplies it, so the gradient does, too."),
    Edit("gamma_not_summed", GAMMA, "grad_output * x_hat",
         hint="Your grad_gamma has a row for each example. One gamma serves all of them: add the rows up."),
    Edit("beta_not_summed", BETA, "grad_output.copy()",
         hint="Your grad_beta has a row for each example. One beta serves all of them: add the rows up."),
    Edit("beta_summed_to_a_number", BETA, "grad_output.sum()",
         hint="Your grad_beta is one number. There is one beta for each column: add up over axis 0."),
    Edit("kept_axis", RETURN, "return g / std, grad_gamma[np.newaxis], grad_beta[np.newaxis]",
         hint="Your grad_gamma and grad_beta have shape (1, C). A gradient has the shape of what it belongs to: (C,)."),
    Edit("beta_first", RETURN, "return g / std, grad_beta, grad_gamma",
         hint="You return grad_beta before grad_gamma. The order is grad_x, grad_gamma, grad_beta."),
    Edit("grad_x_last", RETURN, "return grad_gamma, grad_beta, g / std",
         hint="You return grad_x last. The order is grad_x, grad_gamma, grad_beta."),
    Edit("grad_x_only", RETURN, "return g / std",
         hint="You return grad_x alone. The task asks for grad_x, grad_gamma, grad_beta."),
    Edit("wrong_signs", RETURN, "return -g / std, -grad_gamma, -grad_beta",
         hint="Every sign is turned round. A gradient points to where the loss grows; the minus comes with the update."),
    Edit("writes_into_grad_output", G, "grad_output *= gamma\ng = grad_output",
         hint="You write into grad_output (*= does that): the caller's array has changed. Make a new one."),
    Edit("writes_into_x_hat", PATHS, f"g - {MEAN_PATH} - {VAR_PATH}\n    x_hat *= g",
         hint="You write into an array of the cache (*= does that). The cache belongs to the caller: make a new one."),
    Edit("one_mean_on_both_paths", PATHS, "g - g.mean() - x_hat * (g * x_hat).mean()",
         hint="On the paths through mean and variance you average over the whole batch. Each column has its own mean: axis 0."),
    Edit("one_mean_on_the_variance_path", VAR_PATH, "x_hat * (g * x_hat).mean()",
         hint="On the path through the variance you average over the whole batch. Each column has its own mean: axis 0."),
    Edit("divided_by_N_twice", PATHS, f"g - ({MEAN_PATH} + {VAR_PATH}) / len(g)",
         hint="On the paths through mean and variance you divide by N twice. A mean is divided already."),
    Edit("squared_x_hat", VAR_PATH, "x_hat**2 * g.mean(axis=0)",
         hint="On the path through the variance one x_hat belongs inside the mean: what is averaged is g * x_hat."),
    Edit("gamma_divided_by_std", GAMMA, "(grad_output * x_hat / std).sum(axis=0)",
         hint="You divide grad_gamma by std. x_hat has been divided already."),
    Edit("beta_without_evaluation", BETA, "grad_output.sum(axis=0) * training",
         hint="In evaluation mode your grad_beta is 0. gamma and beta are used in both modes, and get gradients in both."),
    Edit("gamma_without_evaluation", GAMMA, "(grad_output * x_hat).sum(axis=0) * training",
         hint="In evaluation mode your grad_gamma is 0. gamma and beta are used in both modes, and get gradients in both."),
    Edit("gamma_again", RETURN, "return gamma * g / std, grad_gamma, grad_beta",
         hint="grad_x is multiplied by gamma twice. Once is enough."),
    Edit("brackets", PATHS, f"g * std - ({MEAN_PATH} + {VAR_PATH})",
         hint="Only a part of grad_x is divided by std: brackets are missing. All three paths are."),
    Edit("all_paths_but_the_last", PATHS, f"(g - {MEAN_PATH}) * std - {VAR_PATH}",
         hint="Only the path through the variance is divided by std: brackets are missing. All three paths are."),
    Edit("parameters_summed_over_columns", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * x_hat).sum(axis=1)\ngrad_beta = grad_output.sum(axis=1)",
         hint="Your grad_gamma and grad_beta add up over each row. gamma and beta belong to columns and serve all examples: "
         "add up over axis 0."),
    Edit("parameters_as_numbers", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * x_hat).sum()\ngrad_beta = grad_output.sum()",
         hint="Your grad_gamma and grad_beta are single numbers. There is one gamma and one beta for each column: axis 0."),
    Edit("times_N", PATHS, f"len(g) * ({PATHS})",
         hint="grad_x is N times too large: the formula with N in front and sums instead of means is divided by N at its end."),
    Edit("parameters_without_evaluation", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * x_hat).sum(axis=0) * training\ngrad_beta = grad_output.sum(axis=0) * training",
         hint="In evaluation mode your grad_gamma and grad_beta are 0. gamma and beta are used in both modes, and get gradients in both."),
    Edit("mean_path_in_evaluation", IF, f"g = g - {MEAN_PATH}\n{IF}",
         hint="In evaluation mode the mean is a constant, too: no gradient flows through it."),
    Edit("unbiased_on_both_paths", PATHS, "g - (g.sum(axis=0) + x_hat * (g * x_hat).sum(axis=0)) / max(len(g) - 1, 1)",
         hint="On the paths through mean and variance you divide by N - 1. Both are means over N rows."),
    Edit("gradients_of_gamma_and_beta_on_the_paths", PATHS, "g - grad_beta - x_hat * grad_gamma",
         hint="On the paths through mean and variance you use grad_beta and grad_gamma as they are. There gamma is a factor, "
         "and the sums are divided by N."),
    Edit("eps_added_to_std", RETURN, "return g / (std + 1e-5), grad_gamma, grad_beta",
         hint="You add eps again. std in the cache is what the input was divided by, so eps is in it already."),
    Edit("median_on_the_mean_path", MEAN_PATH, "np.median(g, axis=0)",
         hint="On the path through the mean you take the median. What flows back through a mean is a mean."),
    Edit("no_gamma_in_training", G, f"{G} if not training else grad_output",
         hint="In training mode grad_x does not contain gamma. It was used in both modes."),
    Edit("mean_path_twice", PATHS, f"g - 2 * {MEAN_PATH} - {VAR_PATH}",
         hint="The path through the mean has twice its size. A row moves the mean by a share of 1/N, once."),
    Edit("as_a_softmax", PATHS, "x_hat * (g - (g * x_hat).sum(axis=0))",
         hint="That is the form of a softmax's gradient. Here x_hat is a factor on the path through the variance only."),
    Edit("no_direct_path", PATHS, f"0 * g - {MEAN_PATH} - {VAR_PATH}",
         hint="The direct path is missing from grad_x: x is in x_hat itself, too, not only in the statistics."),
    Edit("mean_path_averages_rows", MEAN_PATH, "g.mean(axis=1, keepdims=True)",
         hint="On the path through the mean you average over each row. The mean was that of a column: axis 0."),
    Edit("variance_path_averages_rows", VAR_PATH, "x_hat * (g * x_hat).mean(axis=1, keepdims=True)",
         hint="On the path through the variance you average over each row. The variance was that of a column: axis 0."),
    Edit("not_divided_in_training", RETURN, "return (g if training else g / std), grad_gamma, grad_beta",
         hint="In training mode grad_x is not divided by std. Going forward x was divided by it in both modes."),
    Edit("not_divided_in_evaluation", RETURN, "return (g / std if training else g), grad_gamma, grad_beta",
         hint="In evaluation mode grad_x is not divided by std. Going forward x was divided by it in both modes."),
    *(Edit(f"divided_by_the_spread_of_x_hat_{which}", RETURN, f"return (g / {new} if training else g / std), grad_gamma, grad_beta",
           hint="In training mode you divide by a spread of x_hat, which is next to 1. What x was divided by is std, in the cache.")
      for which, new in (("", "x_hat.std(axis=0)"), ("with_eps", "np.sqrt(x_hat.var(axis=0) + 1e-5)"))),
    Edit("multiplied_in_training", RETURN, "return (g * std if training else g / std), grad_gamma, grad_beta",
         hint="In training mode you multiply grad_x by std. Going forward x was divided by it, and so is its gradient."),
    Edit("multiplied_in_evaluation", RETURN, "return (g / std if training else g * std), grad_gamma, grad_beta",
         hint="In evaluation mode you multiply grad_x by std. Going forward x was divided by it, and so is its gradient."),
    Edit("divided_by_the_variance_in_evaluation", RETURN, "return (g / std if training else g / std**2), grad_gamma, grad_beta",
         hint="In evaluation mode you divide grad_x by the variance. The cache holds std itself; once is enough."),
    Edit("divided_by_the_variance_in_training", RETURN, "return (g / std**2 if training else g / std), grad_gamma, grad_beta",
         hint="In training mode you divide grad_x by the variance. The cache holds std itself; once is enough."),
    Edit("root_of_std_in_evaluation", RETURN, "return (g / std if training else g / np.sqrt(std)), grad_gamma, grad_beta",
         hint="In evaluation mode you take the root of what the cache holds. It is std already, no variance."),
    Edit("gamma_again_in_training", RETURN, "return (gamma * g if training else g) / std, grad_gamma, grad_beta",
         hint="In training mode grad_x is multiplied by gamma twice. Once is enough."),
    Edit("gamma_again_in_evaluation", RETURN, "return (g if training else gamma * g) / std, grad_gamma, grad_beta",
         hint="In evaluation mode grad_x is multiplied by gamma twice. Once is enough."),
    Edit("zero_in_evaluation", RETURN, "return (g / std if training else 0.0 * g), grad_gamma, grad_beta",
         hint="In evaluation mode your grad_x is 0. Mean and variance are constants there, but x still reaches y directly."),
    Edit("averaged_in_evaluation", RETURN, "return (g / std if training else g / std / len(g)), grad_gamma, grad_beta",
         hint="In evaluation mode you divide grad_x by N. Nothing is averaged there: each row has its own gradient."),
    Edit("parameters_averaged_in_evaluation", RETURN,
         "return g / std, *((grad_gamma, grad_beta) if training else (grad_gamma / len(g), grad_beta / len(g)))",
         hint=f"In evaluation mode you average over the batch for gamma and beta. {ADDED_UP}"),
    Edit("single_row_is_zero", RETURN, "return g / std * (len(g) > 1), grad_gamma, grad_beta",
         hint="The gradient of a single row is 0 in your code. That would be so in training; in evaluation mode only the direct path "
         "is there."),
    Edit("variance_path_in_evaluation", IF, f"g = g - {VAR_PATH} * (not training)\n{IF}",
         hint="In evaluation mode the variance is a constant, too: no gradient flows through it."),
    Edit("std_and_gamma_exchanged", "x_hat, gamma, std, training = cache", "x_hat, std, gamma, training = cache",
         hint="You take gamma and std out of the cache in the wrong order. It holds x_hat, gamma, std, training."),
    Edit("mean_path_by_N_minus_1", MEAN_PATH, "g.sum(axis=0) / max(len(g) - 1, 1)",
         hint="On the path through the mean you divide by N - 1. A row's share in the mean is 1/N."),
    Edit("mean_path_by_columns", MEAN_PATH, "g.sum(axis=0) / g.shape[1]",
         hint="On the path through the mean you divide by the number of columns. It is a mean over the rows."),
    Edit("variance_path_by_columns", VAR_PATH, "x_hat * (g * x_hat).sum(axis=0) / g.shape[1]",
         hint="On the path through the variance you divide by the number of columns. It is a mean over the rows."),
    Edit("divided_by_all_numbers", PATHS, "g - (g.sum(axis=0) + x_hat * (g * x_hat).sum(axis=0)) / g.size",
         hint="On the paths through mean and variance you divide by the number of all entries. Both are means over the N rows of a column."),
    Edit("variance_path_by_N_twice", VAR_PATH, "x_hat * (g * x_hat).mean(axis=0) / len(g)",
         hint="On the path through the variance you divide by N twice. A mean is divided already."),
    Edit("mean_path_by_N_twice", MEAN_PATH, "g.mean(axis=0) / len(g)",
         hint="On the path through the mean you divide by N twice. A mean is divided already."),
    Edit("std_as_a_variance", VAR_PATH, "x_hat * (g * x_hat).mean(axis=0) * std**1.5",
         hint="On the path through the variance you raise std to -1.5, as if it were the variance. The slope of 1 / root contains std to "
         "the power of -3."),
    *(Edit(f"variance_path_power_{power}", VAR_PATH, f"x_hat * (g * x_hat).mean(axis=0) * std**{power}",
           hint="On the path through the variance a power of std is wrong. The slope of 1 / root with respect to the variance contains "
           "std to the power of -3.")
      for power in (-2, 0.5, 3)),
    Edit("direct_path_divided_by_N", PATHS, f"g / len(g) - {MEAN_PATH} - {VAR_PATH}",
         hint="You divide the direct path by N as well. Where the formula is divided by N at its end, the direct path is multiplied by N."),
    Edit("direct_path_times_N", PATHS, f"g * len(g) - {MEAN_PATH} - {VAR_PATH}",
         hint="The direct path is N times too large beside the two others."),
    Edit("gamma_from_the_products_of_sums", GAMMA, "grad_output.sum(axis=0) * x_hat.sum(axis=0)",
         hint="For grad_gamma you multiply two sums. Multiply first, row by row, and add the products up."),
    Edit("divided_by_squares_of_x_hat", VAR_PATH, "x_hat * (g * x_hat).sum(axis=0) / ((x_hat**2).sum(axis=0) + 1e-300)",
         hint="On the path through the variance you divide by the sum of x_hat**2. With eps under the root that is less than N: divide by N."),
    Edit("gamma_outside_the_variance_path", VAR_PATH, "x_hat * (g * x_hat).mean(axis=0) * gamma",
         hint="gamma is there twice on the path through the variance. Once is enough."),
    Edit("gamma_outside_the_mean_path", MEAN_PATH, "g.mean(axis=0) * gamma",
         hint="gamma is there twice on the path through the mean. Once is enough."),
    Edit("absolute_on_the_variance_path", VAR_PATH, "np.abs(x_hat) * (g * x_hat).mean(axis=0)",
         hint="On the path through the variance x_hat has lost its sign."),
    Edit("centred_on_the_variance_path", VAR_PATH, "x_hat * std * (g * x_hat * std).mean(axis=0)",
         hint="On the path through the variance you use the centred input twice. x_hat is what is meant, after the division by std."),
    Edit("minus_gamma", GAMMA, "-(grad_output * x_hat).sum(axis=0)", hint="The sign of grad_gamma is wrong."),
    Edit("minus_beta", BETA, "-grad_output.sum(axis=0)", hint="The sign of grad_beta is wrong."),
    Edit("minus_parameters", RETURN, "return g / std, -grad_gamma, -grad_beta",
         hint="grad_gamma and grad_beta have the wrong sign. The minus comes with the update."),
    Edit("minus_grad_x", RETURN, "return -g / std, grad_gamma, grad_beta",
         hint="The sign of grad_x is wrong. A gradient points to where the loss grows; the minus comes with the update."),
    Edit("beta_with_x_hat", BETA, "(grad_output * x_hat).sum(axis=0)",
         hint="There is an x_hat in your grad_beta. beta is added to y as it is, so its gradient comes from grad_output."),
    Edit("beta_divided_by_std", BETA, "(grad_output / std).sum(axis=0)",
         hint="You divide grad_beta by std. beta is added after the division."),
    Edit("beta_from_grad_x", RETURN, "return g / std, grad_gamma, (g / std).sum(axis=0)",
         hint="Your grad_beta comes from grad_x. beta is added to y as it is, so its gradient comes from grad_output."),
    Edit("parameters_summed_without_the_last_row", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * x_hat)[:-1].sum(axis=0)\ngrad_beta = grad_output[:-1].sum(axis=0)",
         hint="For gamma and beta one row is left out: does a loop stop one too early?"),
    Edit("parameters_without_the_first_row", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * x_hat)[1:].sum(axis=0)\ngrad_beta = grad_output[1:].sum(axis=0)",
         hint="For gamma and beta one row is left out: does a loop begin one too late?"),
    Edit("parameters_of_the_last_row", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * x_hat)[-1]\ngrad_beta = grad_output[-1].copy()",
         hint="grad_gamma and grad_beta are those of the last row: each turn of a loop replaces what was there. Add the rows up."),
    *(Edit(f"single_precision_{which}", old, new,
           hint="You compute in float32, which keeps 7 digits. NumPy's float64 keeps 16: leave the type of the arrays alone.")
      for which, old, new in (
          ("grad_x", RETURN, "return (g / std).astype(np.float32), grad_gamma, grad_beta"),
          ("all", RETURN, "return (g / std).astype(np.float32), grad_gamma.astype(np.float32), grad_beta.astype(np.float32)"),
          ("inside", G, "grad_output = grad_output.astype(np.float32)\ng = grad_output * gamma"))),
    Edit("squeezed", RETURN, "return (g / std).squeeze(), grad_gamma, grad_beta", hint=SQUEEZED),
    Edit("all_squeezed", RETURN, "return (g / std).squeeze(), grad_gamma.squeeze(), grad_beta.squeeze()", hint=SQUEEZED),
]  # fmt: skip


@bug("You average over each row. That is layer normalisation: here mean and variance were those of a "
     "column, so their paths average over axis 0.")  # fmt: skip
def averages_rows(grad_output, cache):
    x_hat, gamma, std, training = cache
    g = grad_output * gamma
    if training:
        paths = x_hat * (g * x_hat).mean(axis=1, keepdims=True)
        g = g - g.mean(axis=1, keepdims=True) - paths
    return g / std, (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)


@alternative
def along_the_graph(grad_output, cache):
    """Step by step, as in the paper: variance first, then mean."""
    x_hat, gamma, std, training = cache
    n, centred, grad_x_hat = len(x_hat), x_hat * std, grad_output * gamma
    grad_x = grad_x_hat / std
    if training:
        grad_var = np.sum(grad_x_hat * centred, axis=0) * -0.5 * std**-3.0
        grad_mean = -np.sum(grad_x_hat / std, axis=0) - grad_var * 2 * centred.mean(axis=0)
        grad_x = grad_x + grad_var * 2 * centred / n + grad_mean / n
    return grad_x, np.einsum("nc,nc->c", grad_output, x_hat), np.sum(grad_output, axis=0)


@alternative
def from_sums(grad_output, cache):
    x_hat, gamma, std, training = cache
    grad_gamma, grad_beta = sum(grad_output * x_hat), sum(grad_output)
    share = 1 / len(x_hat) if training else 0
    grad_x = gamma / std * (grad_output - share * (grad_beta + x_hat * grad_gamma))
    return [grad_x, grad_gamma, grad_beta]


@alternative
def by_jacobians(grad_output, cache):
    """One matrix for each column: how each row of x_hat depends on each row of x."""
    x_hat, gamma, std, training = (np.array(item) for item in cache)
    n, grad_x = len(x_hat), np.empty(x_hat.shape)
    for j in range(x_hat.shape[1]):
        slopes = np.eye(n)
        if training:
            slopes -= 1 / n + np.outer(x_hat[:, j], x_hat[:, j]) / n
        grad_x[:, j] = gamma[j] / std[j] * (slopes.T @ grad_output[:, j])
    return grad_x, (x_hat * grad_output).sum(0), np.ones(n) @ grad_output
