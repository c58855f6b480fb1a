"""layernorm_backward: probes, known mistakes, other correct answers."""

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


def passed(rng, num_rows, num_columns, eps=0.05, dtype=float):
    """A gradient for y, and the cache of the forward pass that belongs to it."""
    size = (num_rows, num_columns)
    x = rng.uniform(0.3, 3.0, size=(num_rows, 1)) * rng.normal(size=size) + rng.normal()
    gamma = rng.uniform(0.5, 2.5, size=num_columns) * rng.choice([-1.0, 1.0], size=num_columns)
    arrays = (a.astype(dtype) for a in (x, gamma, rng.normal(size=num_columns)))
    return [rng.normal(scale=2.0, size=size).astype(dtype), F.layernorm_forward(*arrays, eps)[1]]


@probe("adds up what the examples contribute to gamma and to beta", points=1, rtol=1e-6, atol=1e-10,
       given=lambda rng: [passed(rng, 5, 3), passed(rng, 4, 4)])  # fmt: skip
def scale_and_shift(layernorm_backward, rng, given):
    yield from what_parameters_depend_on(layernorm_backward, *given[0]).items()
    grads = layernorm_backward(*given[0])
    yield "grad_gamma", grads[1]
    yield "grad_beta", grads[2]
    grads = layernorm_backward(*given[1])
    yield "grad_gamma with as many rows as columns", grads[1]
    yield "grad_beta with as many rows as columns", grads[2]


@probe("sends the gradient back to x directly, through the mean and through the variance", points=2,
       rtol=1e-6, atol=1e-10,
       given=lambda rng: [passed(rng, 5, 3), passed(rng, 4, 4), passed(rng, 3, 6, 1e-5),
                          passed(rng, 5, 3), passed(rng, 3, 5, 0.0)])  # fmt: skip
def three_paths(layernorm_backward, rng, given):
    yield from what_grad_x_depends_on(layernorm_backward, given[3:], axis=1).items()
    yield "grad_x", only_grad_x(layernorm_backward(*given[0]))
    yield "grad_x with as many rows as columns", only_grad_x(layernorm_backward(*given[1]))
    yield "grad_x with a small eps", only_grad_x(layernorm_backward(*given[2]))


@probe("is right for a single row", points=1, rtol=1e-6, atol=1e-10,
       given=lambda rng: passed(rng, 5, 4))  # fmt: skip
def one_example(layernorm_backward, rng, given):
    grad_output, (x_hat, gamma, std) = given
    some = only_grad_x(
        layernorm_backward(grad_output.copy(), (x_hat.copy(), gamma.copy(), std.copy()))
    )
    single = layernorm_backward(grad_output[:1].copy(), (x_hat[:1].copy(), gamma, std[:1].copy()))
    same = alike(shaped(only_grad_x(single), (1, 4)), shaped(some, (5, 4))[:1])
    yield "that a single row gets the grad_x that it gets among others", same
    yield "the result for a single row", single


def constant_rows(rng):
    x, (gamma, beta) = rng.normal(size=(4, 5)), rng.uniform(0.5, 2.0, size=(2, 5))
    x[:2] = [[0.0], [3.0]]
    return [rng.normal(size=x.shape), F.layernorm_forward(x, gamma, beta, 0.05)[1]]


# With two columns the paths cancel up to eps / (var + eps): what is left is good to 1e-16 of the
# terms, which are below 100. So 1e-12 leaves room for any order of the operations.
@probe("stays exact with two columns, whose paths nearly cancel, and in constant rows", points=1,
       given=lambda rng: [passed(rng, 5, 3), passed(rng, 3, 2), constant_rows(rng)])  # fmt: skip
def exact_numbers(layernorm_backward, rng, given):
    yield "the result for three columns", layernorm_backward(*given[0])
    yield "the result for two columns", layernorm_backward(*given[1])
    yield "the result with constant rows", layernorm_backward(*given[2])


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-10, given=lambda rng: [passed(rng, 4, 3), passed(rng, 4, 3)])  # fmt: skip
def clean_calls(layernorm_backward, rng, given):
    (grad_output, cache), other = given
    copies = [grad_output.copy(), tuple(array.copy() for array in cache)]
    yield "all gradients", in_a_row(layernorm_backward(grad_output, cache))
    yield "grad_output unchanged", np.array_equal(grad_output, copies[0])
    yield "cache unchanged", all(map(np.array_equal, cache, copies[1]))
    yield "all gradients of another batch", in_a_row(layernorm_backward(*other))
    yield "all gradients of the first batch again", in_a_row(layernorm_backward(*copies))


def in_a_row(grads):
    return np.concatenate([np.ravel(grads[0]), np.ravel(grads[1]), np.ravel(grads[2])])


@probe("works for one or two columns, many rows, float32, parts of larger arrays, and "
       "arguments by name", points=1, hidden=True, rtol=1e-4, atol=3e-5,
       given=lambda rng: [
           passed(rng, 4, 2), passed(rng, 5, 1), passed(rng, 1, 1), passed(rng, 70, 3),
           passed(rng, 6, 4, dtype=np.float32), passed(rng, *rng.integers(3, 9, size=2)),
           passed(rng, *rng.integers(3, 9, size=2))])  # fmt: skip
def unusual_input(layernorm_backward, rng, given):
    names = ("two columns", "a single column", "a single row and column", "many rows", "float32")
    for name, (grad_output, cache) in zip(names, given[:5], strict=True):
        yield f"the result for {name}", layernorm_backward(grad_output, cache)
    grad_output, cache = given[5]
    wide = np.repeat(grad_output, 2, axis=1)
    yield "the result for every other column", layernorm_backward(wide[:, ::2], cache)
    turned = np.asfortranarray(grad_output), (np.asfortranarray(cache[0]), *cache[1:])
    yield "the result for arrays in another order of memory", layernorm_backward(*turned)
    named = layernorm_backward(cache=given[6][1], grad_output=given[6][0])
    yield "the result for arguments by name", named


GAMMA, BETA = "(grad_output * x_hat).sum(axis=0)", "grad_output.sum(axis=0)"
G, GRAD_X = "g = grad_output * gamma", "(g - g.mean(axis=1, keepdims=True) - projection) / std"
VAR_PATH = "x_hat * (g * x_hat).mean(axis=1, keepdims=True)"
MEAN_PATH, RETURN = "g.mean(axis=1, keepdims=True)", "return grad_x, grad_gamma, grad_beta"
BOTH = f"projection = {VAR_PATH}\ngrad_x = {GRAD_X}"
ADDED_UP = (
    "If the loss is a mean, its 1/N is in grad_output already; here the contributions are added up."
)
SQUEEZED = (
    "Your result loses an axis where there is one row or one column: squeeze drops every axis of "
    "length 1. A gradient has the shape of what it belongs to."
)
LOST_AXIS = (
    "A mean over a row (without keepdims=True), or a flattened std, has shape (N,) in your code. NumPy "
    "applies it column by column where N equals D, or stops. Keep the axis: shape (N, 1)."
)
BUGS = [
    Edit("no_path_through_the_mean", GRAD_X, "(g - projection) / std",
         hint="The path through the mean is missing from grad_x. Moving one entry moves the row's mean, and with it "
         "every x_hat of the row."),
    Edit("no_path_through_the_variance", GRAD_X, f"(g - {MEAN_PATH}) / std",
         hint="The path through the variance is missing from grad_x. Moving one entry changes the row's spread, and "
         "with it every x_hat of the row."),
    Edit("constants", GRAD_X, "g / std",
         hint="You take mean and variance as constants. They depend on every entry of the row, in evaluation as well: "
         "two more paths lead back to x."),
    Edit("averages_columns", BOTH, "grad_x = (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / std",
         hint="On the paths through mean and variance you average over the examples. That is batch normalisation: here "
         "both are those of a row, axis 1."),
    Edit("mean_path_averages_columns", MEAN_PATH, "g.mean(axis=0)",
         hint="On the path through the mean you average over the examples. The mean was that of a row: axis 1."),
    Edit("variance_path_averages_columns", VAR_PATH, "x_hat * (g * x_hat).mean(axis=0)",
         hint="On the path through the variance you average over the examples. The variance was that of a row: axis 1."),
    Edit("averages_everything", BOTH, "grad_x = (g - g.mean() - x_hat * (g * x_hat).mean()) / std",
         hint="On the paths through mean and variance you average over the whole batch. Each row has its own: axis 1."),
    Edit("sums_on_the_paths", BOTH, "grad_x = (g - g.sum(axis=1, keepdims=True) - x_hat * (g * x_hat).sum(axis=1, keepdims=True)) / std",
         hint="On the paths through mean and variance you sum over the row without dividing by D. Both statistics are "
         "means, so each entry has a share of 1/D in them."),
    Edit("sum_on_the_path_of_the_mean", MEAN_PATH, "g.sum(axis=1, keepdims=True)",
         hint="On the path through the mean you sum without dividing by D. Each entry has a share of 1/D in the mean."),
    Edit("sum_on_the_path_of_the_variance", VAR_PATH, "x_hat * (g * x_hat).sum(axis=1, keepdims=True)",
         hint="On the path through the variance you sum without dividing by D. Each entry has a share of 1/D in it."),
    Edit("divided_by_rows", BOTH, "s = x_hat * (g * x_hat).sum(axis=1, keepdims=True)\n"
         "grad_x = (g - (g.sum(axis=1, keepdims=True) + s) / len(g)) / std",
         hint="On the paths through mean and variance you divide by the number of rows. Both are means over the D "
         "entries of a row."),
    Edit("half_of_the_variance", VAR_PATH, f"0.5 * {VAR_PATH}",
         hint="The path through the variance has half its size. The slope of the square is 2 times the distance, that "
         "of the root has the 1/2: they cancel."),
    Edit("twice_the_variance", VAR_PATH, f"2 * {VAR_PATH}",
         hint="The path through the variance has twice its size. The slope of the square is 2 times the distance, that "
         "of the root has a 1/2: they cancel."),
    Edit("variance_path_added", GRAD_X, f"(g - {MEAN_PATH} + projection) / std",
         hint="The path through the variance has the wrong sign. A larger spread makes x_hat smaller."),
    Edit("mean_path_added", GRAD_X, f"(g + {MEAN_PATH} - projection) / std",
         hint="The path through the mean has the wrong sign. A larger mean makes x_hat smaller."),
    Edit("both_paths_added", GRAD_X, f"(g + {MEAN_PATH} + projection) / std",
         hint="Both paths through the statistics have the wrong sign. A larger mean and a larger spread make x_hat smaller."),
    Edit("variance_path_without_x_hat", VAR_PATH, "(g * x_hat).mean(axis=1, keepdims=True)",
         hint="The path through the variance is the same for the whole row. How much an entry moves the spread depends "
         "on its own distance from the mean: its x_hat."),
    Edit("gradient_alone_on_the_variance_path", VAR_PATH, "x_hat * g.mean(axis=1, keepdims=True)",
         hint="On the path through the variance you average g alone. What flows into the variance is g * x_hat."),
    Edit("variance_path_without_gamma", VAR_PATH, "x_hat * (grad_output * x_hat).mean(axis=1, keepdims=True)",
         hint="gamma is missing on the path through the variance. All paths start behind x_hat, where the gradient has "
         "been multiplied by gamma."),
    Edit("mean_path_without_gamma", MEAN_PATH, "grad_output.mean(axis=1, keepdims=True)",
         hint="gamma is missing on the path through the mean. All paths start behind x_hat, where the gradient has been "
         "multiplied by gamma."),
    Edit("gamma_at_the_end", f"{G}\n{BOTH}", f"g = grad_output\n{BOTH} * gamma",
         hint="You multiply by gamma after averaging over the row. gamma differs from column to column, so multiply "
         "before the averages are taken."),
    Edit("variance_path_not_divided", GRAD_X, f"(g - {MEAN_PATH}) / std - projection",
         hint="The path through the variance is not divided by std at its end. All three paths are."),
    Edit("mean_path_not_divided", GRAD_X, f"(g - projection) / std - {MEAN_PATH}",
         hint="The path through the mean is not divided by std. All three paths are."),
    Edit("variance_path_divided_once_more", VAR_PATH, f"{VAR_PATH} / std",
         hint="On the path through the variance there is one division by std too many. Count its powers: x_hat holds "
         "one of them already."),
    Edit("unbiased_variance", VAR_PATH, "x_hat * (g * x_hat).sum(axis=1, keepdims=True) / max(g.shape[1] - 1, 1)",
         hint="On the path through the variance you divide by D - 1. Rows were normalised by the biased variance, whose "
         "divisor is D."),
    Edit("not_divided_by_std", GRAD_X, f"g - {MEAN_PATH} - projection",
         hint="grad_x is not divided by std. Going forward x was divided by it, so a change of x arrives smaller."),
    Edit("multiplied_by_std", GRAD_X, f"(g - {MEAN_PATH} - projection) * std",
         hint="You multiply grad_x by std. Going forward x was divided by it, and so is its gradient."),
    Edit("divided_by_the_variance", GRAD_X, f"{GRAD_X}**2",
         hint="You divide grad_x by the variance. The cache holds std itself; once is enough."),
    Edit("root_of_std", GRAD_X, f"(g - {MEAN_PATH} - projection) / np.sqrt(std)",
         hint="You take the root of what the cache holds. It is std already, no variance."),
    Edit("no_gamma", G, "g = grad_output",
         hint="grad_x does not contain gamma. Going forward x_hat was multiplied by it, and so is the gradient."),
    Edit("divided_by_gamma", G, "g = grad_output / gamma",
         hint="You divide by gamma. Going forward x_hat was multiplied by it, and so is the gradient."),
    Edit("grad_x_averaged", RETURN, "return grad_x / len(g), grad_gamma, grad_beta",
         hint="You divide grad_x by N. Each row has its own gradient; nothing is averaged over the batch."),
    Edit("parameters_averaged", RETURN, "return grad_x, grad_gamma / len(g), grad_beta / len(g)",
         hint=f"You average over the batch for gamma and beta. {ADDED_UP}"),
    Edit("gamma_averaged", GAMMA, "(grad_output * x_hat).mean(axis=0)",
         hint=f"You average over the batch for gamma. {ADDED_UP}"),
    Edit("beta_averaged", BETA, "grad_output.mean(axis=0)",
         hint=f"You average over the batch for beta. {ADDED_UP}"),
    Edit("parameters_summed_over_columns", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * x_hat).sum(axis=1)\ngrad_beta = grad_output.sum(axis=1)",
         hint="Your grad_gamma and grad_beta add up over each row. gamma and beta belong to columns and serve all "
         "examples: add up over axis 0."),
    Edit("gamma_from_the_centred_input", GAMMA, "(grad_output * x_hat * std).sum(axis=0)",
         hint="For grad_gamma you use the input before it was divided by std. gamma multiplies x_hat."),
    Edit("gamma_and_beta_from_g", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * gamma * x_hat).sum(axis=0)\ngrad_beta = (grad_output * gamma).sum(axis=0)",
         hint="Your grad_gamma and grad_beta contain gamma. They come from grad_output, before it is multiplied by "
         "gamma on its way to x."),
    Edit("gamma_from_y", GAMMA, "(grad_output * x_hat * gamma).sum(axis=0)",
         hint="There is a gamma in your grad_gamma. The slope of gamma * x_hat with respect to gamma is x_hat."),
    Edit("gamma_without_x_hat", GAMMA, BETA,
         hint="Your grad_gamma does not depend on x_hat. gamma multiplies it, so the gradient does, too."),
    Edit("parameters_not_summed", RETURN, "return grad_x, grad_output * x_hat, grad_output.copy()",
         hint="Your grad_gamma and grad_beta have a row for each example. One gamma and one beta serve all of them: add "
         "the rows up."),
    Edit("kept_axis", RETURN, "return grad_x, grad_gamma[np.newaxis], grad_beta[np.newaxis]",
         hint="Your grad_gamma and grad_beta have shape (1, D). A gradient has the shape of what it belongs to: (D,)."),
    Edit("beta_first", RETURN, "return grad_x, grad_beta, grad_gamma",
         hint="You return grad_beta before grad_gamma. The order is grad_x, grad_gamma, grad_beta."),
    Edit("grad_x_only", RETURN, "return grad_x",
         hint="You return grad_x alone. The task asks for grad_x, grad_gamma, grad_beta."),
    Edit("wrong_signs", RETURN, "return -grad_x, -grad_gamma, -grad_beta",
         hint="Every sign is turned round. A gradient points to where the loss grows; the minus comes with the update."),
    Edit("writes_into_grad_output", G, "grad_output *= gamma\ng = grad_output",
         hint="You write into grad_output (*= does that): the caller's array has changed. Make a new one."),
    Edit("writes_into_x_hat", RETURN, f"x_hat *= g\n{RETURN}",
         hint="You write into an array of the cache (*= does that). The cache belongs to the caller: make a new one."),
    Edit("times_D", RETURN, "return g.shape[1] * grad_x, grad_gamma, grad_beta",
         hint="grad_x is D times too large: the formula with D in front and sums instead of means is divided by D at its end."),
    Edit("gamma_again", RETURN, "return gamma * grad_x, grad_gamma, grad_beta",
         hint="grad_x is multiplied by gamma twice. Once is enough."),
    Edit("divided_by_D_twice", BOTH, f"grad_x = (g - ({MEAN_PATH} + {VAR_PATH}) / g.shape[1]) / std",
         hint="On the paths through mean and variance you divide by D twice. A mean is divided already."),
    Edit("brackets", GRAD_X, f"g - {MEAN_PATH} - projection / std",
         hint="Only the path through the variance is divided by std: brackets are missing. All three paths are."),
    Edit("direct_path_not_divided", GRAD_X, f"g - ({MEAN_PATH} + projection) / std",
         hint="The direct path is not divided by std: brackets are missing. All three paths are."),
    Edit("squared_x_hat", VAR_PATH, "x_hat**2 * g.mean(axis=1, keepdims=True)",
         hint="On the path through the variance one x_hat belongs inside the mean: what is averaged is g * x_hat."),
    Edit("gamma_divided_by_std", GAMMA, "(grad_output * x_hat / std).sum(axis=0)",
         hint="You divide grad_gamma by std. x_hat has been divided already."),
    Edit("parameters_as_numbers", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}",
         "grad_gamma = (grad_output * x_hat).sum()\ngrad_beta = grad_output.sum()",
         hint="Your grad_gamma and grad_beta are single numbers. There is one gamma and one beta for each column: axis 0."),
    Edit("beta_from_g", BETA, "(grad_output * gamma).sum(axis=0)",
         hint="Your grad_beta contains gamma. beta is added to y as it is, so its gradient comes from grad_output."),
    Edit("grad_x_last", RETURN, "return grad_gamma, grad_beta, grad_x",
         hint="You return grad_x last. The order is grad_x, grad_gamma, grad_beta."),
    Edit("no_grad_beta", RETURN, "return grad_x, grad_gamma",
         hint="grad_beta is missing from what you return: grad_x, grad_gamma, grad_beta."),
    Edit("beta_divided_by_D", BETA, "grad_output.sum(axis=0) / grad_output.shape[1]",
         hint="You divide grad_beta by D. What the examples contribute is added up."),
    Edit("grad_x_divided_by_D", RETURN, "return grad_x / g.shape[1], grad_gamma, grad_beta",
         hint="You divide grad_x by D. Only the means on the paths through the statistics are divided."),
    Edit("mean_of_std", GRAD_X, "(g - g.mean(axis=1, keepdims=True) - projection) / std.mean()",
         hint="You divide all rows by one number. Each row has its own std."),
    Edit("beta_with_x_hat", BETA, "(grad_output * x_hat).sum(axis=0)",
         hint="There is an x_hat in your grad_beta. beta is added to y as it is, so its gradient comes from grad_output."),
    Edit("mean_path_twice", GRAD_X, f"(g - 2 * {MEAN_PATH} - projection) / std",
         hint="The path through the mean has twice its size. An entry moves the mean by a share of 1/D, once."),
    Edit("x_hat_squared_in_the_mean", VAR_PATH, "g * (x_hat * x_hat).mean(axis=1, keepdims=True)",
         hint="On the path through the variance g and one x_hat have changed places: what is averaged is g * x_hat."),
    Edit("gamma_from_gamma", GAMMA, "(grad_output * gamma).sum(axis=0)",
         hint="Your grad_gamma contains gamma, but no x_hat. gamma multiplies x_hat, so that is its slope."),
    Edit("grad_gamma_on_the_variance_path", VAR_PATH, "x_hat * grad_gamma / len(g)",
         hint="On the path through the variance you average over the examples. The variance was that of a row: axis 1."),
    Edit("as_a_softmax", GRAD_X, "x_hat * (g - (g * x_hat).sum(axis=1, keepdims=True)) / std",
         hint="That is the form of a softmax's gradient. Here x_hat is a factor on the path through the variance only."),
    Edit("std_of_the_first_row", GRAD_X, f"(g - {MEAN_PATH} - projection) / std[0]",
         hint="You divide all rows by the std of the first one. Each row has its own."),
    Edit("no_direct_path", GRAD_X, f"(-{MEAN_PATH} - projection) / std",
         hint="The direct path is missing from grad_x: x is in x_hat itself, too, not only in the statistics."),
    *(Edit(f"mean_path_{which}", MEAN_PATH, new, hint=text)
      for which, new, text in (
          ("averages_everything", "g.mean()", "On the path through the mean you average over the whole batch. Each row has its own mean: axis 1."),
          ("by_rows", "g.sum(axis=1, keepdims=True) / len(g)",
           "On the path through the mean you divide by the number of rows. It is a mean over the D entries of a row."),
          ("by_D_minus_1", "g.sum(axis=1, keepdims=True) / max(g.shape[1] - 1, 1)",
           "On the path through the mean you divide by D - 1. An entry's share in the mean is 1/D."),
          ("by_D_twice", "g.mean(axis=1, keepdims=True) / g.shape[1]",
           "On the path through the mean you divide by D twice. A mean is divided already."),
          ("with_gamma_outside", "gamma * grad_output.mean(axis=1, keepdims=True)",
           "On the path through the mean you multiply by gamma after averaging. gamma differs from column to column, so multiply "
           "before the average is taken."),
          ("with_gamma_twice", "gamma * g.mean(axis=1, keepdims=True)", "gamma is there twice on the path through the mean. Once is enough."))),
    *(Edit(f"variance_path_{which}", VAR_PATH, new, hint=text)
      for which, new, text in (
          ("averages_everything", "x_hat * (g * x_hat).mean()",
           "On the path through the variance you average over the whole batch. Each row has its own variance: axis 1."),
          ("by_rows", "x_hat * (g * x_hat).sum(axis=1, keepdims=True) / len(g)",
           "On the path through the variance you divide by the number of rows. It is a mean over the D entries of a row."),
          ("by_D_twice", "x_hat * (g * x_hat).mean(axis=1, keepdims=True) / g.shape[1]",
           "On the path through the variance you divide by D twice. A mean is divided already."),
          ("with_gamma_outside", "gamma * x_hat * (grad_output * x_hat).mean(axis=1, keepdims=True)",
           "On the path through the variance you multiply by gamma after averaging. gamma differs from column to column, so multiply "
           "before the average is taken."),
          ("with_gamma_twice", f"gamma * {VAR_PATH}", "gamma is there twice on the path through the variance. Once is enough."),
          ("absolute", "np.abs(x_hat) * (g * x_hat).mean(axis=1, keepdims=True)", "On the path through the variance x_hat has lost its sign."),
          ("centred", f"std**2 * {VAR_PATH}",
           "On the path through the variance you use the centred input twice. x_hat is what is meant, after the division by std."),
          ("std_as_a_variance", f"{VAR_PATH} * std**1.5",
           "On the path through the variance you raise std to -1.5, as if it were the variance. The slope of 1 / root contains std to "
           "the power of -3."),
          *((f"power_{power}", f"{VAR_PATH} * std**{power}",
             "On the path through the variance a power of std is wrong. The slope of 1 / root with respect to the variance contains "
             "std to the power of -3.")
            for power in (-2, 0.5, 3)),
          ("by_squares", "x_hat * (g * x_hat).sum(axis=1, keepdims=True) / ((x_hat**2).sum(axis=1, keepdims=True) + 1e-300)",
           "On the path through the variance you divide by the sum of x_hat**2. With eps under the root that is less than D: divide by D."))),
    Edit("averages_everything_by_rows", BOTH, "grad_x = (g - (g.sum(axis=1, keepdims=True) + x_hat * (g * x_hat).sum(axis=1, keepdims=True)) / g.size) / std",
         hint="On the paths through mean and variance you divide by the number of all entries. Both are means over the D entries of a row."),
    Edit("unbiased_on_both_paths", BOTH,
         "grad_x = (g - (g.sum(axis=1, keepdims=True) + x_hat * (g * x_hat).sum(axis=1, keepdims=True)) / max(g.shape[1] - 1, 1)) / std",
         hint="On the paths through mean and variance you divide by D - 1. Both are means over D entries."),
    Edit("only_direct_path_divided", GRAD_X, f"g / std - {MEAN_PATH} - projection",
         hint="Only the direct path is divided by std: brackets are missing. All three paths are."),
    Edit("only_mean_path_divided", GRAD_X, f"g - {MEAN_PATH} / std - projection",
         hint="Only the path through the mean is divided by std: brackets are missing. All three paths are."),
    Edit("direct_path_divided_by_D", GRAD_X, f"(g / g.shape[1] - {MEAN_PATH} - projection) / std",
         hint="You divide the direct path by D as well. Where the formula is divided by D at its end, the direct path is multiplied by D."),
    Edit("direct_path_times_D", GRAD_X, f"(g * g.shape[1] - {MEAN_PATH} - projection) / std",
         hint="The direct path is D times too large beside the two others."),
    Edit("divided_by_the_spread_of_x_hat", GRAD_X, f"(g - {MEAN_PATH} - projection) / (x_hat.std(axis=1, keepdims=True) + 1e-300)",
         hint="You divide by a spread of x_hat, which is next to 1. What x was divided by is std, in the cache."),
    *(Edit(f"eps_once_more_{which}", GRAD_X, f"(g - {MEAN_PATH} - projection) / {new}",
           hint="You add eps again. std in the cache is what the input was divided by, so eps is in it already.")
      for which, new in (("under_the_root", "np.sqrt(std**2 + 1e-5)"), ("outside", "(std + 1e-5)"), ("small", "(std + 1e-8)"))),
    Edit("std_and_gamma_exchanged", "x_hat, gamma, std = cache",
         "x_hat, gamma, std = cache\nif gamma.shape == std.ravel().shape:\n    gamma, std = std.ravel(), gamma[:, np.newaxis]",
         hint="Where there are as many rows as columns, gamma and std change places in your code. Look at the order in the cache, not at shapes."),
    Edit("std_and_gamma_unpacked_in_the_wrong_order", "x_hat, gamma, std = cache", "x_hat, std, gamma = cache",
         hint="You take gamma and std out of the cache in the wrong order. It holds x_hat, gamma, std."),
    *(Edit(f"std_{which}", GRAD_X, f"(g - {MEAN_PATH} - projection) / {new}",
           hint=LOST_AXIS)
      for which, new in (("flat", "std.ravel()"), ("squeezed", "std.squeeze()"))),
    Edit("squeezed", RETURN, "return grad_x.squeeze(), grad_gamma, grad_beta", hint=SQUEEZED),
    Edit("all_squeezed", RETURN, "return grad_x.squeeze(), grad_gamma.squeeze(), grad_beta.squeeze()", hint=SQUEEZED),
    *(Edit(f"single_row_{which}", RETURN, f"return {new}, grad_gamma, grad_beta",
           hint="A single row is treated in another way in your code. Each row stands for itself, so one is like many.")
      for which, new in (
          ("is_zero", "grad_x * (len(g) > 1)"),
          ("constants", "(grad_x if len(g) > 1 else g / std)"))),
    Edit("single_column", RETURN, "return (grad_x if g.shape[1] > 1 else g / std), grad_gamma, grad_beta",
         hint="A single column is treated in another way in your code. There x_hat is 0 whatever x is, so its gradient is 0."),
    Edit("gamma_from_the_products_of_sums", GAMMA, "grad_output.sum(axis=0) * x_hat.sum(axis=0)",
         hint="For grad_gamma you multiply two sums. Multiply first, row by row, and add the products up."),
    Edit("gamma_alone_summed_over_columns", GAMMA, "(grad_output * x_hat).sum(axis=1)",
         hint="Your grad_gamma adds up over each row. gamma belongs to columns and serves all examples: add up over axis 0."),
    Edit("beta_alone_summed_over_columns", BETA, "grad_output.sum(axis=1)",
         hint="Your grad_beta adds up over each row. beta belongs to columns and serves all examples: add up over axis 0."),
    Edit("gamma_not_summed", GAMMA, "grad_output * x_hat",
         hint="Your grad_gamma has a row for each example. One gamma serves all of them: add the rows up."),
    Edit("beta_not_summed", BETA, "grad_output.copy()",
         hint="Your grad_beta has a row for each example. One beta serves all of them: add the rows up."),
    Edit("beta_as_a_number", BETA, "grad_output.sum()", hint="Your grad_beta is one number. There is one beta for each column: add up over axis 0."),
    Edit("beta_divided_by_std", BETA, "(grad_output / std).sum(axis=0)", hint="You divide grad_beta by std. beta is added after the division."),
    Edit("beta_from_grad_x", BETA, "(grad_output * gamma / std).sum(axis=0)",
         hint="Your grad_beta contains gamma and std. beta is added to y as it is, so its gradient comes from grad_output."),
    *(Edit(f"parameters_{which}", f"grad_gamma = {GAMMA}\ngrad_beta = {BETA}", f"grad_gamma = {gamma}\ngrad_beta = {beta}", hint=text)
      for which, gamma, beta, text in (
          ("without_the_last_row", "(grad_output * x_hat)[:-1].sum(axis=0)", "grad_output[:-1].sum(axis=0)",
           "For gamma and beta one row is left out: does a loop stop one too early?"),
          ("without_the_first_row", "(grad_output * x_hat)[1:].sum(axis=0)", "grad_output[1:].sum(axis=0)",
           "For gamma and beta one row is left out: does a loop begin one too late?"),
          ("of_the_last_row", "(grad_output * x_hat)[-1]", "grad_output[-1].copy()",
           "grad_gamma and grad_beta are those of the last row: each turn of a loop replaces what was there. Add the rows up."),
          ("averaged_over_D", "(grad_output * x_hat).sum(axis=0) / x_hat.shape[1]", "grad_output.sum(axis=0) / x_hat.shape[1]",
           "You divide grad_gamma and grad_beta by D. What the examples contribute is added up."))),
    Edit("minus_gamma", GAMMA, "-(grad_output * x_hat).sum(axis=0)", hint="The sign of grad_gamma is wrong."),
    Edit("minus_beta", BETA, "-grad_output.sum(axis=0)", hint="The sign of grad_beta is wrong."),
    Edit("minus_parameters", RETURN, "return grad_x, -grad_gamma, -grad_beta",
         hint="grad_gamma and grad_beta have the wrong sign. The minus comes with the update."),
    Edit("minus_grad_x", RETURN, "return -grad_x, grad_gamma, grad_beta",
         hint="The sign of grad_x is wrong. A gradient points to where the loss grows; the minus comes with the update."),
    *(Edit(f"single_precision_{which}", old, new,
           hint="You compute in float32, which keeps 7 digits. NumPy's float64 keeps 16: leave the type of the arrays alone.")
      for which, old, new in (
          ("grad_x", RETURN, "return grad_x.astype(np.float32), grad_gamma, grad_beta"),
          ("all", RETURN, "return grad_x.astype(np.float32), grad_gamma.astype(np.float32), grad_beta.astype(np.float32)"),
          ("inside", G, "grad_output = grad_output.astype(np.float32)\ng = grad_output * gamma"))),
]  # fmt: skip


@bug(LOST_AXIS)
def lost_axis(grad_output, cache):
    x_hat, gamma, std = cache
    g = grad_output * gamma
    grad_x = (g - g.mean(axis=1) - x_hat * (g * x_hat).mean(axis=1)) / std
    return grad_x, (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)


@alternative
def along_the_graph(grad_output, cache):
    """Step by step: variance first, then mean."""
    x_hat, gamma, std = cache
    d, centred, grad_x_hat = x_hat.shape[1], x_hat * std, grad_output * gamma
    grad_var = np.sum(grad_x_hat * centred, axis=1, keepdims=True) * -0.5 * std**-3.0
    grad_mean = -np.sum(grad_x_hat / std, axis=1, keepdims=True)
    grad_x = grad_x_hat / std + grad_var * 2 * centred / d + grad_mean / d
    return grad_x, np.einsum("nd,nd->d", grad_output, x_hat), np.sum(grad_output, axis=0)


@alternative
def row_by_row(grad_output, cache):
    x_hat, gamma, std = (np.array(item) for item in cache)
    grad_x, d = np.empty(x_hat.shape), x_hat.shape[1]
    for i in range(len(x_hat)):
        slopes = np.eye(d) - 1 / d - np.outer(x_hat[i], x_hat[i]) / d
        grad_x[i] = slopes.T @ (gamma * grad_output[i]) / std[i, 0]
    return [grad_x, sum(x_hat * grad_output), np.ones(len(x_hat)) @ grad_output]


@alternative
def on_the_transposed(grad_output, cache):
    x_hat, gamma, std = cache[0].T, cache[1][:, None], cache[2].T
    d, g = len(x_hat), grad_output.T * gamma
    grad_x = (d * g - g.sum(0) - x_hat * np.einsum("dn,dn->n", g, x_hat)) / (d * std)
    return grad_x.T, (grad_output.T * x_hat).sum(1), np.add.reduce(grad_output)
