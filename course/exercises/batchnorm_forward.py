"""batchnorm_forward: probes, known mistakes, other correct answers."""

import numpy as np

from course.asking import alike, shaped
from course.spec import Edit, alternative, bug, probe
from nnkit import functional as F


def layer(rng, num_rows, num_columns):
    """A batch with columns of different places and sizes, scale and shift, and past averages."""
    places, sizes = rng.normal(scale=4.0, size=num_columns), rng.uniform(0.1, 3.0, size=num_columns)
    return [
        places + sizes * rng.normal(size=(num_rows, num_columns)),
        rng.uniform(0.5, 2.5, size=num_columns) * rng.choice([-1.0, 1.0], size=num_columns),
        rng.normal(size=num_columns),
        rng.normal(scale=4.0, size=num_columns),
        rng.uniform(0.3, 3.0, size=num_columns),
    ]


def is_complete(result):
    return isinstance(result, tuple | list) and len(result) == 4


def only_y(result):
    return result[0] if is_complete(result) else result


def without_cache(result):
    return tuple(result[:3]) if is_complete(result) else result


def what_y_depends_on(batchnorm_forward, rng):
    x, gamma, beta, mean, var = layer(rng, 6, 3)

    def asked(x, mean=mean, var=var, momentum=0.3, eps=0.05):
        copies = [array.copy() for array in (x, gamma, beta, mean, var)]
        return shaped(only_y(batchnorm_forward(*copies, True, momentum, eps)), x.shape)

    y, changed, even = asked(x), x.copy(), (x - x.mean(axis=0)) / x.std(axis=0)
    changed[0, 0] += 3.0
    alone = [alike(asked(some), asked(some, mean + 1.0, 2.0 * var)) for some in (x, x[:2])]
    return {
        "that y in training mode does not depend on the running averages": all(alone),
        "that y does not depend on momentum": alike(y, asked(x, momentum=0.8)),
        "that a column of y depends on that column of x alone": alike(y[:, 1:], asked(changed)[:, 1:]),
        "that all rows count alike, whatever their order": alike(y[::-1], asked(x[::-1])),
        "that y stays when one number is added to a column of x": alike(y, asked(x + np.array([5, -7, 3]))),
        "that the mean of each column of y is beta": alike(y.mean(axis=0), beta),
        "that gamma is the standard deviation of each column of y without eps":
            alike(asked(x, eps=0.0).std(axis=0), np.abs(gamma)),
        "that eps=1 divides a column with the variance 1 by the root of 2":
            alike(asked(even, eps=1.0).std(axis=0), np.abs(gamma) / np.sqrt(2.0)),
    }  # fmt: skip


@probe("normalises each column by its own mean and variance in training mode", points=1, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def training_output(batchnorm_forward, rng):
    yield from what_y_depends_on(batchnorm_forward, rng).items()
    small = layer(rng, 6, 3)
    small[0] *= 0.02
    yield "y with eps=0.05", only_y(batchnorm_forward(*layer(rng, 5, 3), True, 0.3, 0.05))
    yield (
        "y of as many rows as columns",
        only_y(batchnorm_forward(*layer(rng, 4, 4), True, 0.3, 0.05)),
    )
    yield "y with eps left out", only_y(batchnorm_forward(*small, True))


def what_averages_depend_on(batchnorm_forward, rng):
    x, gamma, beta, mean, var = layer(rng, 5, 3)
    none = np.zeros(3)

    def asked(x, mean=mean, var=var, momentum=0.3, gamma=gamma, beta=beta, eps=0.05):
        copies = [array.copy() for array in (x, gamma, beta, mean, var)]
        result = batchnorm_forward(*copies, True, momentum, eps)
        found = result[1:3] if is_complete(result) else (None, None)
        return np.array([shaped(item, (3,)) for item in found])

    both, more = asked(x), asked(x, mean + 1.0, var + 1.0)
    batch = asked(x, none, none)[1]
    return {
        "that the running averages do not depend on gamma and beta": alike(both, asked(x, gamma=-gamma, beta=beta + 1)),
        "that the running averages do not depend on eps": alike(both, asked(x, eps=0.5)),
        "that running_mean does not depend on running_var": alike(both[0], asked(x, var=2 * var)[0]),
        "that running_var does not depend on running_mean": alike(both[1], asked(x, mean=mean + 1)[1]),
        "that running_var stays when one number is added to a column of x": alike(both[1], asked(x + np.array([5, -7, 3]))[1]),
        "that all rows count alike, whatever their order": alike(both, asked(x[::-1])),
        "that the old running_mean has the weight 1 - momentum": alike(more[0] - both[0], 0.7),
        "that the old running_var has the weight 1 - momentum": alike(more[1] - both[1], 0.7),
        "that the mean of the batch has the weight momentum": alike(asked(x + 1.0)[0] - both[0], 0.3),
        "that the variance of the batch has the weight momentum": alike(2 * batch, asked(x, none, none, 0.6)[1]),
        "that twice as large an x adds 4 times as much to running_var":
            alike(4 * batch, asked(2 * x, none, none)[1]),
    }  # fmt: skip


@probe("moves both running averages towards the batch", points=2, rtol=1e-6, atol=1e-10)
def running_averages(batchnorm_forward, rng):
    yield from what_averages_depend_on(batchnorm_forward, rng).items()
    first = layer(rng, 5, 3)
    result = batchnorm_forward(*first, True, 0.3, 0.05)
    yield "running_mean after a batch of 5", result[1]
    yield "running_var after a batch of 5", result[2]
    for _ in range(2):
        x, gamma, beta, _, _ = layer(rng, 3, 3)
        result = batchnorm_forward(x, gamma, beta, result[1], result[2], True, 0.4, 0.05)
    yield "running_mean after two batches of 3 more", result[1]
    yield "running_var after two batches of 3 more", result[2]
    result = batchnorm_forward(*layer(rng, 4, 4), True)
    yield "running_mean with momentum left out", result[1]
    yield "running_var with momentum left out", result[2]


def what_evaluation_depends_on(batchnorm_forward, rng):
    x, *others = layer(rng, 4, 3)
    _, beta, mean, _ = others

    def asked(x):
        copies = [array.copy() for array in (x, *others)]
        return shaped(only_y(batchnorm_forward(*copies, False, 0.3, 0.05)), x.shape)

    return {
        "that a row of y does not depend on the other rows": alike(asked(x)[:1], asked(x[:1])),
        "that y is beta where x is running_mean": alike(asked(np.stack([mean, mean])), beta),
    }


@probe("normalises by the running averages in evaluation mode, also a single row, and returns them as "
       "they are, in new arrays", points=1, rtol=1e-6, atol=1e-10)  # fmt: skip
def evaluation_mode(batchnorm_forward, rng):
    yield from what_evaluation_depends_on(batchnorm_forward, rng).items()
    single = batchnorm_forward(*layer(rng, 1, 3), False, 0.3, 0.05)
    yield "y of a single row", only_y(single)
    several, small = layer(rng, 4, 4), layer(rng, 5, 2)
    y, mean, var, _ = batchnorm_forward(*several, False, 0.3, 0.05)
    yield "y of several rows", y
    yield "running_mean", mean.copy()
    yield "running_var", var.copy()
    mean += 1.0
    var += 1.0
    yield "the argument running_mean after the returned one has changed", several[3]
    yield "the argument running_var after the returned one has changed", several[4]
    small[4] *= 0.01
    yield "y with eps left out", only_y(batchnorm_forward(*small, False))


def as_blanks(cache):
    """Only how many items there are."""
    return (None,) * len(cache) if isinstance(cache, tuple | list) else cache


@probe("puts x_hat, gamma, std and the mode into cache", points=1, rtol=1e-6, atol=1e-10)
def cache_for_backward(batchnorm_forward, rng):
    for mode, training in (("training", True), ("evaluation", False)):
        batch = layer(rng, 5, 3)
        cache = batchnorm_forward(*batch, training, 0.3, 0.05)[3]
        yield f"cache in {mode} mode", as_blanks(cache)
        for name, item in zip(("x_hat", "gamma", "std"), cache, strict=False):
            yield f"{name} in cache in {mode} mode", np.copy(item) if name == "gamma" else item
        yield f"training in cache in {mode} mode", bool(cache[3])
        batch[1] += 1.0
        yield f"gamma in cache in {mode} mode, after gamma has changed", cache[1]


# The mean of numbers near 1e4 is good to 1e-12, and y with a spread of 0.1 to 1e-10 in any order of
# the sum. E[x**2] - E[x]**2 would be off by 1e-8, which is 1e-6 of the variance; float32 by 1e-7.
@probe("stays exact for columns far from 0, hardly any spread, and constant columns", points=1,
       rtol=1e-9, atol=1e-9)  # fmt: skip
def exact_numbers(batchnorm_forward, rng):
    x, *others = layer(rng, 6, 4)
    x = rng.normal(size=(6, 4)) * [1.0, 0.1, 1e-3, 0.0] + [1e4, -1e4, 3.0, 0.1]
    yield "the results in training mode", without_cache(batchnorm_forward(x, *others, True))
    x, *others = layer(rng, 3, 4)
    others[3] = np.array([1.0, 1e-4, 1e-6, 0.0])
    result = batchnorm_forward(x, *others, False)
    yield "the results in evaluation mode", without_cache(result)


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def clean_calls(batchnorm_forward, rng):
    names = ("x", "gamma", "beta", "running_mean", "running_var")
    first, other = layer(rng, 4, 3), layer(rng, 4, 3)
    copies = [array.copy() for array in first]
    yield "all results", in_a_row(batchnorm_forward(*first, True, 0.3, 0.05))
    for name, array, copy in zip(names, first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "all results for another batch", in_a_row(batchnorm_forward(*other, True, 0.3, 0.05))
    again = batchnorm_forward(*copies, True, 0.3, 0.05)
    yield "all results for the first batch again", in_a_row(again)


def in_a_row(results):
    return np.concatenate([np.ravel(results[0]), np.ravel(results[1]), np.ravel(results[2])])


@probe("works for two rows, a single column, any momentum, float32, parts of larger "
       "arrays, no eps, and arguments by name", points=1, hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(batchnorm_forward, rng):
    size = int(rng.integers(5, 9))
    x, gamma, beta, mean, var = layer(rng, size, 2 * size)
    single = [array.astype(np.float32) for array in layer(rng, size, 3)]
    half = [gamma[:size], beta[:size], mean[:size], var[:size]]
    cases = {
        "two rows": (*layer(rng, 2, size), True, 0.2, 0.1),
        "a single column": (*layer(rng, size, 1), True, 0.2, 0.1),
        "a single row and column": (*layer(rng, 1, 1), False, 0.2, 0.1),
        "many rows": (*layer(rng, 60 + size, 2), True, 0.2, 0.1),
        "momentum 0": (*layer(rng, size, 2), True, 0.0, 0.1),
        "momentum 1": (*layer(rng, size, 2), True, 1.0, 0.1),
        "float32": (*single, True, 0.2, 0.1),
        "every other column": (x.copy()[:, ::2], *(a.copy() for a in half), True, 0.2, 0.1),
        "a transposed array": (x.copy().T, *(a.copy() for a in half), False, 0.2, 0.1),
    }
    for name, case in cases.items():
        yield f"the results for {name}", without_cache(batchnorm_forward(*case))
    named = batchnorm_forward(
        eps=0.3, momentum=0.6, training=True, running_var=var, running_mean=mean, beta=beta,
        gamma=gamma, x=x,
    )  # fmt: skip
    yield "the results for arguments by name", without_cache(named)
    small = layer(rng, 5, 3)
    small[0] *= 0.02
    small[4] *= 0.001
    for mode, training in (("training", True), ("evaluation", False)):
        result = batchnorm_forward(*(array.copy() for array in small), training, 0.2, 0.0)
        yield f"the results for eps=0 in {mode} mode", without_cache(result)


MEAN, VAR, STD = "x.mean(axis=0)", "((x - mean) ** 2).mean(axis=0)", "np.sqrt(var + eps)"
NEW_MEAN = "(1 - momentum) * running_mean + momentum * mean"
NEW_VAR = "(1 - momentum) * running_var + momentum * unbiased_var"
MOVE = f"running_mean = {NEW_MEAN}\n    running_var = {NEW_VAR}"
RETURN = "return y, running_mean.copy(), running_var.copy(), (x_hat, gamma.copy(), std, training)"
Y, START = "gamma * x_hat + beta", "mean, var = running_mean.copy(), running_var.copy()"
CACHE = "(x_hat, gamma.copy(), std, training)"


SUBTRACTS = (
    "In training mode you subtract the running average. It is for evaluation: training uses the mean "
    "of this batch."
)
DIVIDES = (
    "In training mode you divide by the running average. It is for evaluation: training uses the "
    "variance of this batch."
)
DIFFERENCE = (
    "The mean of squares minus the square of the mean loses its digits when a column is far from 0. "
    "Average the squared distances from the mean instead."
)


def moved(mean, var):
    return f"running_mean = {mean}\n    running_var = {var}"


BUGS = [
    Edit("unbiased_in_the_normalisation", STD, "np.sqrt((unbiased_var if training else var) + eps)",
         hint="You normalise the batch by the unbiased variance (divisor N - 1). That one is for running_var; the "
         "batch itself is normalised by the biased one, divisor N."),
    Edit("biased_average", "var * len(x) / (len(x) - 1)", "var",
         hint="running_var averages the biased variance (divisor N). The task asks for the unbiased one there, "
         "divisor N - 1, since a small batch underestimates the spread."),
    Edit("variances_exchanged", f"unbiased_var = var * len(x) / (len(x) - 1)\n    {MOVE}",
         f"unbiased_var = var\n    {MOVE}\n    var = var * len(x) / (len(x) - 1)",
         hint="The two variances have changed places: normalise by the biased one (divisor N), and average the "
         "unbiased one (divisor N - 1) in running_var."),
    Edit("correction_upside_down", "var * len(x) / (len(x) - 1)", "var * (len(x) - 1) / len(x)",
         hint="Your correction of the variance for running_var is upside down: dividing by N - 1 instead of N makes "
         "it larger, not smaller."),
    Edit("eps_outside_the_root", STD, "(np.sqrt(var) + eps)",
         hint="You add eps to the standard deviation. It is added to the variance, under the root."),
    Edit("no_eps", STD, "np.sqrt(var)",
         hint="eps is not used: a constant column has variance 0 and gives 0/0. Add eps to the variance."),
    Edit("fixed_eps", STD, "np.sqrt(var + 1e-5)",
         hint="You use 1e-5 whatever eps is. Use the argument."),
    Edit("no_root", STD, "(var + eps)",
         hint="You divide by the variance. Take its root: the standard deviation has the unit of x."),
    Edit("one_mean_for_all", f"mean = {MEAN}\n    var = {VAR}",
         "mean = np.full(x.shape[1], x.mean())\n    var = np.full(x.shape[1], x.var())",
         hint="You take one mean and one variance of the whole batch. Each column is a feature with its own: axis 0."),
    Edit("one_variance_for_all", VAR, "np.full(x.shape[1], ((x - mean) ** 2).mean())",
         hint="All columns share one variance in your code. Each feature has its own: axis 0."),
    Edit("mean_of_squares", VAR, "(x ** 2).mean(axis=0)",
         hint="Your variance is the mean of x**2. Subtract the mean before you square."),
    Edit("difference_of_squares", VAR, "((x**2).mean(axis=0) - mean**2)",
         hint="The mean of squares minus the square of the mean loses its digits when a column is far from 0. "
         "Average the squared distances from the mean instead."),
    Edit("not_centred", "(x - mean) / std", "x / std",
         hint="You divide by the standard deviation without subtracting the mean first."),
    Edit("mean_added", "(x - mean) / std", "(x + mean) / std",
         hint="You add the mean. Subtract it, so that each column is centred on 0."),
    Edit("not_scaled", "(x - mean) / std", "(x - mean)",
         hint="You subtract the mean, but don't divide by the standard deviation."),
    Edit("weights_exchanged", MOVE,
         moved("momentum * running_mean + (1 - momentum) * mean", "momentum * running_var + (1 - momentum) * unbiased_var"),
         hint="momentum is the weight of the new batch here (as in PyTorch); you gave it to the old averages."),
    Edit("fixed_momentum", MOVE,
         moved("0.9 * running_mean + 0.1 * mean", "0.9 * running_var + 0.1 * unbiased_var"),
         hint="You use a momentum of 0.1 whatever the argument is."),
    Edit("old_averages_forgotten", MOVE, moved("momentum * mean", "momentum * unbiased_var"),
         hint="The old averages are lost. They keep a weight of 1 - momentum, and the new batch is added to that."),
    Edit("last_batch_only", MOVE, moved("mean", "unbiased_var"),
         hint="Your averages are those of this batch alone. Mix them with the old ones: momentum is the new batch's "
         "weight."),
    Edit("old_averages_not_shrunk", MOVE,
         moved("running_mean + momentum * mean", "running_var + momentum * unbiased_var"),
         hint="The old averages keep their full weight, so they grow without end. Their weight is 1 - momentum."),
    Edit("averages_stay", MOVE, moved("running_mean", "running_var"),
         hint="The running averages never move in training mode, so evaluation would use their start, 0 and 1."),
    Edit("running_var_stays", f"running_var = {NEW_VAR}", "pass",
         hint="running_var does not move in training mode. Both averages are updated, not only the mean."),
    Edit("averages_std", NEW_VAR, "((1 - momentum) * running_var + momentum * np.sqrt(unbiased_var))",
         hint="You average the standard deviation. running_var holds variances; the root is taken when it is used."),
    Edit("normalises_by_the_averages", MOVE, f"{MOVE}\n    mean, var = running_mean, running_var",
         hint="In training mode you normalise by the running averages. They are for evaluation: training uses the "
         "mean and variance of this very batch."),
    Edit("batch_in_evaluation", START, f"mean, var = {MEAN}, x.var(axis=0)",
         hint="In evaluation mode you use the statistics of the batch, so a prediction depends on its neighbours, and "
         "a single row becomes beta. Use the running averages."),
    Edit("averages_move_in_evaluation", START,
         f"{START}\nif not training:\n    running_mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)\n"
         "    running_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1 if len(x) > 1 else 0)",
         hint="Your running averages move in evaluation mode too. Evaluation must leave them as they are."),
    Edit("always_evaluates", "if training:", "if False:",
         hint="Your function behaves in both modes as in evaluation. When training is True, use the statistics of the "
         "batch and move the running averages."),
    Edit("modes_exchanged", "if training:", "if not training:",
         hint="The modes have changed places: training uses the statistics of the batch, evaluation the running "
         "averages."),
    Edit("std_as_the_average", STD, f"({STD} if training else running_var + eps)",
         hint="In evaluation mode you divide by running_var without a root. It holds variances."),
    Edit("not_scaled_in_evaluation", Y, "gamma * x_hat + beta if training else x_hat",
         hint="In evaluation mode gamma and beta are missing. The learned scale and shift are used in both modes."),
    Edit("no_gamma_and_beta", Y, "x_hat.copy()",
         hint="You return the normalised input. Multiply it by gamma and add beta."),
    Edit("no_beta", Y, "gamma * x_hat", hint="beta is not added."),
    Edit("no_gamma", Y, "x_hat + beta", hint="You don't multiply by gamma."),
    Edit("beta_scaled", Y, "gamma * (x_hat + beta)",
         hint="gamma multiplies beta as well. Multiply x_hat first, then add beta."),
    Edit("gamma_and_beta_exchanged", Y, "beta * x_hat + gamma",
         hint="gamma and beta have changed places: gamma multiplies, beta is added."),
    Edit("writes_into_the_averages", MOVE,
         "running_mean *= 1 - momentum\n    running_mean += momentum * mean\n    running_var *= 1 - momentum\n"
         "    running_var += momentum * unbiased_var",
         hint="You write into the caller's running averages (*=, += and [:] = do that). Return new arrays."),
    Edit("writes_into_x", "x_hat = (x - mean) / std", "x -= mean\nx /= std\nx_hat = x.copy()",
         hint="You write into x (-= and /= do that): the caller's array has changed. Make a new array."),
    Edit("returns_the_same_averages", RETURN, "return y, running_mean, running_var, (x_hat, gamma.copy(), std, training)",
         hint="In evaluation mode you return the arrays that you were given. Return copies, so that changing one does "
         "not change the other."),
    Edit("gamma_not_copied", CACHE, "(x_hat, gamma, std, training)",
         hint="The cache holds gamma itself. When the optimizer changes it in place, the backward pass would see "
         "another gamma than the forward pass: keep a copy."),
    *(Edit(f"caches_{name}", CACHE, f"({item}, gamma.copy(), std, training)",
           hint="The first item of your cache is not x_hat: the input after the mean is subtracted and after the "
           "division, before gamma and beta (y *= gamma on the same array would change it).")
      for name, item in (("x", "x.copy()"), ("centred_x", "x - mean"), ("y", "y.copy()"), ("y_without_beta", "gamma * x_hat"))),
    *(Edit(f"caches_{name}", CACHE, f"(x_hat, gamma.copy(), {item}, training)",
           hint="The third item of your cache is not what you divided by: the root of the variance, with eps under it.")
      for name, item in (("var", "var"), ("std_squared", "std**2"), ("no_eps", "np.sqrt(var)"), ("inverse", "1 / std"))),
    Edit("caches_training_always", CACHE, "(x_hat, gamma.copy(), std, True)",
         hint="Your cache always says that you are training. The backward pass needs the mode that was used."),
    Edit("cache_without_mode", CACHE, "(x_hat, gamma.copy(), std)",
         hint="The mode is missing from your cache: (x_hat, gamma, std, training)."),
    Edit("no_cache", RETURN, "return y, running_mean.copy(), running_var.copy()",
         hint="cache is missing from what you return: y, running_mean, running_var, cache."),
    Edit("y_and_cache", RETURN, f"return y, {CACHE}",
         hint="The running averages are missing from what you return: y, running_mean, running_var, cache. Changing "
         "your local names doesn't change the caller's."),
    Edit("averages_with_an_axis", RETURN, "return y, running_mean[np.newaxis], running_var[np.newaxis], " + CACHE,
         hint="Your running averages have shape (1, C), as keepdims=True gives. They keep their shape (C,)."),
    Edit("averages_exchanged", RETURN, f"return y, running_var.copy(), running_mean.copy(), {CACHE}",
         hint="You return running_var before running_mean. The order is y, running_mean, running_var, cache."),
    Edit("y_only", RETURN, "return y",
         hint="You return y alone. The task asks for y, running_mean, running_var, cache."),
    *(Edit(f"weights_exchanged_in_{which}", f"running_{which} = {new}", f"running_{which} = momentum * running_{which} + (1 - momentum) * {batch}",
           hint=f"In running_{which} momentum is the weight of the old average. It is that of the new batch, as in the other one.")
      for which, new, batch in (("mean", NEW_MEAN, "mean"), ("var", NEW_VAR, "unbiased_var"))),
    Edit("running_mean_stays", f"running_mean = {NEW_MEAN}", "pass",
         hint="running_mean does not move in training mode. Both averages are updated, not only the variance."),
    Edit("one_mean_in_the_batch", MEAN, "np.full(x.shape[1], x.mean())",
         hint="All columns share one mean in your code. Each feature has its own: axis 0."),
    Edit("batch_in_both_modes", "if training:", "if True:",
         hint="You don't ask which mode it is: evaluation uses the running averages instead of the batch, and leaves them as "
         "they are."),
    Edit("corrected_by_columns", "var * len(x) / (len(x) - 1)", "var * x.shape[1] / (x.shape[1] - 1)",
         hint="You correct the variance by the number of columns. N is that of the rows."),
    Edit("unbiased_divided_by_N_minus_2", "(len(x) - 1)", "max(len(x) - 2, 1)", hint="The unbiased variance has the divisor N - 1, not N - 2."),
    Edit("eps_in_the_average", NEW_VAR, "((1 - momentum) * running_var + momentum * (unbiased_var + eps))",
         hint="There is eps in your running_var. It belongs under the root only."),
    Edit("eps_squared", STD, "np.sqrt(var + eps**2)",
         hint="You add the square of eps. Under the root stands the variance plus eps itself."),
    Edit("eps_as_a_bound", STD, "np.sqrt(np.maximum(var, eps))",
         hint="You use eps as a lower bound of the variance. It is added to it, however large the variance is."),
    Edit("root_twice", STD, "np.sqrt(np.sqrt(var + eps))", hint="You take the root twice. Divide by the standard deviation."),
    Edit("brackets", "(x - mean) / std", "x - mean / std",
         hint="You divide the mean only: brackets are missing around the difference."),
    Edit("mean_absolute_distance", VAR, "np.abs(x - mean).mean(axis=0)",
         hint="Your variance is the mean absolute distance. Average the squared distances."),
    Edit("square_of_the_mean_distance", VAR, "np.abs(x - mean).mean(axis=0) ** 2",
         hint="You square the mean absolute distance. The variance is the mean of the squares: square first, then average."),
    Edit("sum_of_squares", VAR, "((x - mean) ** 2).sum(axis=0)",
         hint="You add the squared distances up. The variance is their mean."),
    Edit("beta_subtracted", Y, "gamma * x_hat - beta", hint="You subtract beta. It is added."),
    Edit("caches_std_second", CACHE, "(x_hat, std, gamma.copy(), training)",
         hint="std and gamma have changed places in your cache: (x_hat, gamma, std, training)."),
    Edit("caches_beta", CACHE, "(x_hat, beta.copy(), std, training)",
         hint="Your cache holds beta. The backward pass needs gamma: (x_hat, gamma, std, training)."),
    Edit("cache_second", RETURN, f"return y, {CACHE}, running_mean.copy(), running_var.copy()",
         hint="Your cache comes second. The order is y, running_mean, running_var, cache."),
    Edit("rows", f"mean = {MEAN}\n    var = {VAR}", "mean = x.mean(axis=1, keepdims=True)\n    var = x.var(axis=1, keepdims=True)",
         hint="You normalise each row. Batch normalisation takes mean and variance of each column, over the examples: axis 0."),
    Edit("nothing_copied", RETURN, "return y, running_mean, running_var, (x_hat, gamma, std, training)",
         hint="In evaluation mode you return the averages that you were given, and the cache holds gamma itself. Make copies, so "
         "that changing one does not change the other."),
    Edit("momentum_for_both", MOVE, moved("momentum * running_mean + momentum * mean", "momentum * running_var + momentum * unbiased_var"),
         hint="momentum weighs both, the old average and the new batch. The old one has the rest, 1 - momentum."),
    Edit("eps_twice", STD, "(np.sqrt(var + eps) + eps)", hint="You add eps twice. It is added to the variance, under the root, once."),
    Edit("root_of_eps_outside", STD, "(np.sqrt(var) + np.sqrt(eps))",
         hint="You take two roots and add them. eps is added to the variance, under one root."),
    Edit("largest_distance", STD, "(np.abs(x - mean).max(axis=0) + eps)",
         hint="You divide by the largest distance. The standard deviation is the root of the mean square."),
    Edit("unbiased_in_evaluation", STD, "np.sqrt((var if training else var * len(x) / max(len(x) - 1, 1)) + eps)",
         hint="In evaluation mode you correct running_var once more. Take it as it is."),
    Edit("around_the_running_mean", VAR, "((x - running_mean) ** 2).mean(axis=0)",
         hint="Your variance is around running_mean. In training mode it is around the mean of this batch."),
    Edit("around_the_moved_mean", NEW_VAR, "((1 - momentum) * running_var + momentum * ((x - running_mean) ** 2).sum(axis=0) / (len(x) - 1))",
         hint="For running_var you take the distances from running_mean. The variance of the batch is around the batch's own mean."),
    Edit("batch_mean_returned", RETURN, f"return y, mean.copy(), running_var.copy(), {CACHE}",
         hint="You return the mean of the batch in place of running_mean."),
    Edit("no_gamma_and_beta_in_training", Y, "x_hat.copy() if training else gamma * x_hat + beta",
         hint="In training mode gamma and beta are missing. The learned scale and shift are used in both modes."),
    Edit("one_gamma", Y, "gamma.mean() * x_hat + beta.mean()", hint="You use one gamma and one beta for all columns. Each column has its own."),
    Edit("divides_by_the_running_std", "(x - mean) / std", "(x - mean) / np.sqrt(running_var + eps)",
         hint="In training mode you divide by the running average. It is for evaluation: training uses the variance of this batch."),
    Edit("divided_by_N_again", STD, "np.sqrt(var / len(x) + eps)", hint="You divide the variance by N twice. A mean is divided already."),
    Edit("caches_mean", CACHE, "(x_hat, gamma.copy(), mean, training)",
         hint="The third item of your cache is the mean. The backward pass needs std: (x_hat, gamma, std, training)."),
    Edit("new_batch_not_weighed", MOVE, moved("(1 - momentum) * running_mean + mean", "(1 - momentum) * running_var + unbiased_var"),
         hint="The new batch is not weighed in your averages. momentum is its weight."),
    Edit("new_mean_not_weighed", NEW_MEAN, "(1 - momentum) * running_mean + mean",
         hint="The mean of the new batch is not weighed. momentum is its weight in both averages."),
    Edit("no_beta_in_evaluation", Y, "gamma * x_hat + beta * training",
         hint="In evaluation mode beta is missing. The learned scale and shift are used in both modes."),
    Edit("no_gamma_in_evaluation", Y, "(gamma if training else 1.0) * x_hat + beta",
         hint="In evaluation mode gamma is missing. The learned scale and shift are used in both modes."),
    *(Edit(f"eps_in_the_average_{place}", f"unbiased_var = var * len(x) / (len(x) - 1)\n    {MOVE}", new,
           hint="There is eps in your running_var. It belongs under the root only.")
      for place, new in (
          ("corrected", f"unbiased_var = (var + eps) * len(x) / (len(x) - 1)\n    {MOVE}"),
          ("afterwards", f"unbiased_var = var * len(x) / (len(x) - 1)\n    {MOVE} + eps"))),
    Edit("whole_average_corrected", f"unbiased_var = var * len(x) / (len(x) - 1)\n    {MOVE}",
         f"unbiased_var = var\n    running_mean = {NEW_MEAN}\n    running_var = ({NEW_VAR}) * len(x) / (len(x) - 1)",
         hint="You correct the whole of running_var. Only the variance of the new batch is corrected, before it is mixed in."),
    Edit("running_mean_corrected", NEW_MEAN, "(1 - momentum) * running_mean + momentum * mean * len(x) / (len(x) - 1)",
         hint="You correct the mean by N / (N - 1), too. Only the variance needs that."),
    Edit("corrected_by_all_numbers", "var * len(x) / (len(x) - 1)", "var * x.size / (x.size - 1)",
         hint="You correct the variance by the number of all entries. N is that of the rows."),
    Edit("corrected_twice", "var * len(x) / (len(x) - 1)", "var * len(x) ** 2 / (len(x) - 1) ** 2",
         hint="You correct the variance for running_var twice: where it has the divisor N - 1 already, nothing is left to do."),
    Edit("mean_by_N_minus_1", MEAN, "x.sum(axis=0) / (len(x) - 1)",
         hint="You divide the sum by N - 1 to get the mean. Its divisor is N; N - 1 is only for the variance in running_var."),
    Edit("around_the_new_running_mean", VAR, f"((x - ({NEW_MEAN})) ** 2).mean(axis=0)",
         hint="Your variance is around running_mean. In training mode it is around the mean of this batch."),
    *(Edit(f"rows_but_averages_{which}", f"std = {STD}\nx_hat = (x - mean) / std",
           "if training:\n    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)\n"
           f"std = {STD}\nx_hat = (x - mean) / std\nstd = std{flat}",
           hint="You normalise each row. Batch normalisation takes mean and variance of each column, over the examples: axis 0.")
      for which, flat in (("right", ""), ("right_flat", ".ravel()"))),
    Edit("variance_of_rows", f"{STD}\nx_hat = (x - mean) / std",
         "std = np.sqrt((x.var(axis=1, keepdims=True) if training else var) + eps)\nx_hat = (x - mean) / std",
         hint="You divide by the spread of each row. The variance is that of a column, as the mean: axis 0."),
    Edit("mean_of_rows", "(x - mean) / std", "(x - (x.mean(axis=1, keepdims=True) if training else mean)) / std",
         hint="You subtract the mean of each row. The mean is that of a column, as the variance: axis 0."),
    *(Edit(f"normalises_by_the_{which}", MOVE, f"old = running_mean, running_var\n    {MOVE}\n    {new}", hint=text)
      for which, new, text in (
          ("old_averages", "mean, var = old",
           "In training mode you normalise by the running averages. They are for evaluation: training uses the mean and "
           "variance of this very batch."),
          ("old_running_mean", "mean = old[0]", SUBTRACTS),
          ("new_running_mean", "mean = running_mean", SUBTRACTS),
          ("old_running_var", "var = old[1]", DIVIDES),
          ("new_running_var", "var = running_var", DIVIDES))),
    Edit("batch_mean_in_evaluation", START, f"mean, var = {MEAN}, running_var.copy()",
         hint="In evaluation mode you subtract the mean of the batch. Use running_mean, as you use running_var."),
    Edit("batch_variance_in_evaluation", START, "mean, var = running_mean.copy(), x.var(axis=0)",
         hint="In evaluation mode you divide by the spread of the batch. Use running_var, as you use running_mean."),
    Edit("single_row_left_alone", Y, "gamma * x_hat + beta if len(x) > 1 else gamma * x + beta",
         hint="You don't normalise a single row. In evaluation mode the running averages are there for it, too."),
    Edit("single_row_is_zero", Y, "gamma * x_hat * (len(x) > 1) + beta",
         hint="A single row becomes beta. In evaluation mode the running averages normalise it as they do many rows."),
    Edit("no_eps_in_evaluation", STD, "np.sqrt(var + eps * training)",
         hint="In evaluation mode eps is not used. It is added to running_var as it is to the variance of a batch."),
    Edit("no_eps_in_training", STD, "np.sqrt(var + (0.0 if training else eps))",
         hint="In training mode eps is not used: a constant column has variance 0 and gives 0/0. Add eps to the variance."),
    Edit("eps_outside_in_evaluation", STD, f"({STD} if training else np.sqrt(var) + eps)",
         hint="In evaluation mode you add eps to the standard deviation. It is added to the variance, under the root."),
    Edit("eps_outside_in_training", STD, f"(np.sqrt(var) + eps if training else {STD})",
         hint="In training mode you add eps to the standard deviation. It is added to the variance, under the root."),
    Edit("no_root_in_training", STD, f"(var + eps if training else {STD})",
         hint="In training mode you divide by the variance. Take its root: the standard deviation has the unit of x."),
    Edit("eps_or_default", STD, "np.sqrt(var + (eps or 1e-5))",
         hint="An eps of 0 becomes another one in your code (eps or ... does that). Use the argument as it is."),
    Edit("eps_divided", STD, "np.sqrt(var + eps / len(x))",
         hint="You divide eps by N together with the sum of squares. It is added to the variance, after the division."),
    Edit("constant_columns_by_one", STD, "np.where(var > 0, np.sqrt(var), 1.0)",
         hint="eps is not used: you make an exception for constant columns instead. Add eps to the variance of every column."),
    Edit("eps_for_constant_columns", STD, "np.sqrt(np.where(var > 0, var, eps))",
         hint="You use eps for constant columns only. It is added to the variance of every column."),
    Edit("momentum_or_default", MOVE,
         moved("(1 - (momentum or 0.1)) * running_mean + (momentum or 0.1) * mean",
               "(1 - (momentum or 0.1)) * running_var + (momentum or 0.1) * unbiased_var"),
         hint="A momentum of 0 becomes another one in your code (momentum or ... does that). Use the argument as it is."),
    Edit("last_row_left_out", "x_hat = (x - mean) / std", "x_hat = (x - mean) / std\nx_hat[-1] = 0.0\nstd = std.copy()",
         hint="The last row is not normalised: does a loop stop one too early?"),
    Edit("last_column_left_out", "x_hat = (x - mean) / std", "x_hat = (x - mean) / std\nx_hat[:, -1] = 0.0\nstd = std.copy()",
         hint="The last column is not normalised: does a loop stop one too early?"),
    Edit("median", MEAN, "np.median(x, axis=0)", hint="You subtract the median. Subtract the mean of the column."),
    Edit("between_0_and_1", "x_hat = (x - mean) / std",
         "x_hat = (x - x.min(axis=0)) / (np.ptp(x, axis=0) + eps) if training else (x - mean) / std",
         hint="You stretch each column from its smallest to its largest value. Subtract the mean, and divide by the standard deviation."),
    *(Edit(f"single_precision_{which}", old, new,
           hint="You compute in float32, which keeps 7 digits. NumPy's float64 keeps 16: leave the type of x alone.")
      for which, old, new in (
          ("inside", START, f"x = x.astype(np.float32)\n{START}"),
          ("y", Y, f"({Y}).astype(np.float32)"),
          ("x_hat", "(x - mean) / std", "((x - mean) / std).astype(np.float32)"))),
    Edit("squares_by_dot", VAR, "(np.einsum('ij,ij->j', x, x) / len(x) - mean**2)", hint=DIFFERENCE),
    Edit("squares_bounded", VAR, "np.maximum((x**2).mean(axis=0) - mean**2, 0.0)", hint=DIFFERENCE),
    Edit("squares_of_sums", VAR, "((x**2).sum(axis=0) - x.sum(axis=0) ** 2 / len(x)) / len(x)", hint=DIFFERENCE),
    Edit("caches_batch_std_in_evaluation", CACHE, "(x_hat, gamma.copy(), std if training else np.sqrt(x.var(axis=0) + eps), training)",
         hint="In evaluation mode your cache holds the spread of the batch. The input was divided by that of the running averages."),
    Edit("caches_running_std", CACHE, "(x_hat, gamma.copy(), np.sqrt(running_var + eps), training)",
         hint="In training mode your cache holds the root of running_var. The input was divided by the standard deviation of the batch."),
    Edit("caches_unbiased_std", CACHE, "(x_hat, gamma.copy(), np.sqrt((unbiased_var if training else var) + eps), training)",
         hint="The std in your cache comes from the unbiased variance. The input was divided by that of the biased one."),
    Edit("caches_other_mode", CACHE, "(x_hat, gamma.copy(), std, not training)",
         hint="The mode in your cache is the opposite of the one that was used."),
    Edit("cached_std_with_an_axis", CACHE, "(x_hat, gamma.copy(), std[np.newaxis], training)",
         hint="std in your cache has shape (1, C), as keepdims=True gives. It has one entry for each column: (C,)."),
    Edit("caches_mean_too", CACHE, "(x_hat, gamma.copy(), std, mean, training)",
         hint="Your cache holds too much. It is (x_hat, gamma, std, training)."),
    Edit("eps_as_a_factor", STD, "np.sqrt(var) * np.sqrt(1 + eps)", hint="You multiply by eps. It is added to the variance, under the root."),
    Edit("eps_subtracted", STD, "np.sqrt(var - eps)", hint="You subtract eps. It is added, so that nothing is divided by 0."),
    Edit("gamma_inside", "(x - mean) / std\ny = gamma * x_hat + beta", "(x - mean) / std\ny = (gamma * x - mean) / std + beta",
         hint="gamma multiplies x before the mean is subtracted. It multiplies x_hat."),
    Edit("averages_move_before_evaluation", START,
         f"mean, var = running_mean.copy(), running_var.copy()\nif not training:\n    mean = (1 - momentum) * running_mean + momentum * {MEAN}\n"
         "    var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1 if len(x) > 1 else 0)\n"
         "    running_mean, running_var = mean, var",
         hint="In evaluation mode you move the running averages first, so a prediction depends on its neighbours. Evaluation must leave "
         "them as they are."),
]  # fmt: skip


@bug("You normalise each row. Batch normalisation takes mean and variance of each column, over the "
     "examples: axis 0.")  # fmt: skip
def normalises_rows(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, running_mean.copy(), running_var.copy(), (x_hat, gamma, std, True)


@bug("Without the argument you add another eps than 1e-5: look at the default.")
def eps_of_keras(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-3):
    return F.batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum, eps)


@bug("Without the argument you use another momentum than 0.1: look at the default.")
def momentum_of_keras(x, gamma, beta, running_mean, running_var, training, momentum=0.01, eps=1e-5):
    return F.batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum, eps)


@bug(
    "Without the arguments you use another momentum than 0.1 and another eps than 1e-5: look at both defaults."
)
def defaults_of_keras(x, gamma, beta, running_mean, running_var, training, momentum=0.01, eps=1e-3):
    return F.batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum, eps)


@alternative
def by_numpy(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = np.mean(x, axis=0), np.var(x, axis=0)
        new_mean = running_mean + momentum * (mean - running_mean)
        new_var = running_var + momentum * (np.var(x, axis=0, ddof=1) - running_var)
    else:
        mean, var, new_mean, new_var = running_mean, running_var, +running_mean, +running_var
    scale = (var + eps) ** 0.5
    x_hat = np.subtract(x, mean) / scale
    return [x_hat * gamma + beta, new_mean, new_var, [x_hat, np.array(gamma), scale, training]]


@alternative
def column_by_column(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    n, c = x.shape
    y, x_hat, std, moved = np.zeros((n, c)), np.zeros((n, c)), np.zeros(c), np.zeros((2, c))
    for j in range(c):
        m, v, moved[0, j], moved[1, j] = (running_mean[j], running_var[j]) * 2
        if training:
            m = sum(x[:, j].astype(float)) / n
            squares = sum((float(xi) - m) ** 2 for xi in x[:, j])
            v = squares / n
            moved[:, j] = moved[:, j] * (1 - momentum) + np.array([m, squares / (n - 1)]) * momentum
        std[j] = np.sqrt(v + eps)
        x_hat[:, j] = (x[:, j] - m) / std[j]
        y[:, j] = x_hat[:, j] * gamma[j] + beta[j]
    return y, moved[0], moved[1], (x_hat, gamma * 1.0, std, np.bool_(training))


@alternative
def by_einsum(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    """Without x_hat in y, and with another root."""
    x64, keep, n = x.astype(np.float64), 1 - momentum, len(x)
    mean, var = (x64.mean(0), x64.var(0)) if training else (running_mean, running_var)
    std = np.hypot(np.sqrt(np.maximum(var, 0)), np.sqrt(eps))
    x_hat = np.divide(x64 - mean, std)
    if training:
        running_mean = keep * running_mean + momentum * mean
        squares = np.einsum("nc,nc->c", x64 - mean, x64 - mean)
        running_var = keep * running_var + momentum * squares / (n - 1)
    y = gamma / std * (x64 - mean) + beta
    return y, running_mean.copy(), running_var.copy(), (x_hat, gamma.copy(), std, training)
