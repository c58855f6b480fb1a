"""layernorm_forward: probes, known mistakes, other correct answers."""

import numpy as np

from course.asking import alike, shaped
from course.spec import Edit, alternative, bug, probe


def layer(rng, num_rows, num_columns):
    """A batch with rows of different places and sizes, and scale and shift of each column."""
    places, sizes = rng.normal(scale=4.0, size=(num_rows, 1)), rng.uniform(0.3, 3.0, (num_rows, 1))
    return [
        places + sizes * rng.normal(size=(num_rows, num_columns)),
        rng.uniform(0.5, 2.5, size=num_columns) * rng.choice([-1.0, 1.0], size=num_columns),
        rng.normal(size=num_columns),
    ]


def only_y(result):
    return result[0] if isinstance(result, tuple | list) and len(result) == 2 else result


def what_y_depends_on(layernorm_forward, rng):
    x, gamma, beta = layer(rng, 5, 4)
    one, none = np.ones(4), np.zeros(4)

    def asked(x, gamma=gamma, beta=beta, eps=0.05):
        result = layernorm_forward(x.copy(), gamma.copy(), beta.copy(), eps)
        return shaped(only_y(result), x.shape)

    y, changed = asked(x), x.copy()
    changed[:2] += [[1.0, 2.0, 0.0, 4.0], [0.0, 3.0, 0.0, 0.0]]
    x_hat, even = asked(x, one, none), x - x.mean(axis=1, keepdims=True)
    even /= x.std(axis=1, keepdims=True)
    return {
        "that a row of y does not depend on the other rows": alike(y[2:], asked(changed)[2:]),
        "that beta is added to each row once": alike(y - asked(x, gamma, none), beta),
        "that gamma multiplies each column before beta is added": alike(asked(x, gamma, none), gamma * x_hat),
        "that all columns count alike, whatever their order": alike(x_hat[:, [2, 0, 3, 1]], asked(x[:, [2, 0, 3, 1]], one, none)),
        "that y stays when one number is added to a row of x": alike(y, asked(x + np.arange(5.0)[:, np.newaxis])),
        "that each row has the mean 0 before gamma and beta": alike(x_hat.mean(axis=1), 0.0),
        "that each row has the variance 1 before gamma and beta, without eps":
            alike(asked(x, one, none, 0.0).var(axis=1), 1.0),
        "that eps=1 divides a row with the variance 1 by the root of 2":
            alike(asked(even, one, none, 1.0).std(axis=1), np.sqrt(0.5)),
    }  # fmt: skip


@probe("normalises each row by its own mean and variance, then scales and shifts each column",
       points=2, rtol=1e-6, atol=1e-10)  # fmt: skip
def ordinary_rows(layernorm_forward, rng):
    yield from what_y_depends_on(layernorm_forward, rng).items()
    small = layer(rng, 6, 3)
    small[0] *= 0.02
    yield "y with eps=0.05", only_y(layernorm_forward(*layer(rng, 5, 3), 0.05))
    yield "y with eps=0.4", only_y(layernorm_forward(*layer(rng, 3, 6), eps=0.4))
    yield "y with eps left out", only_y(layernorm_forward(*small))


@probe("treats each row on its own: a single one, many, or as many as columns", points=1, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def rows_alone(layernorm_forward, rng):
    x, gamma, beta = layer(rng, 7, 4)
    single = only_y(layernorm_forward(x[:1].copy(), gamma.copy(), beta.copy(), 0.1))
    several = only_y(layernorm_forward(x.copy(), gamma.copy(), beta.copy(), 0.1))
    same = alike(shaped(single, (1, 4)), shaped(several, (7, 4))[:1])
    yield "that a single row comes out as it does among others", same
    yield "y of a single row", single
    yield "y of the same row among others", several
    yield "y of as many rows as columns", only_y(layernorm_forward(*layer(rng, 5, 5), 0.1))


def as_blanks(cache):
    """Only how many items there are."""
    return (None,) * len(cache) if isinstance(cache, tuple | list) else cache


@probe("puts x_hat, gamma and std into cache", points=1, rtol=1e-6, atol=1e-10)
def cache_for_backward(layernorm_forward, rng):
    for shape in ((5, 3), (4, 4)):
        batch = layer(rng, *shape)
        cache = layernorm_forward(*batch, 0.05)[1]
        yield f"cache for shape {shape}", as_blanks(cache)
        for name, item in zip(("x_hat", "gamma", "std"), cache, strict=False):
            yield f"{name} in cache for shape {shape}", np.copy(item) if name == "gamma" else item
        batch[1] += 1.0
        yield f"gamma in cache for shape {shape}, after gamma has changed", cache[1]


# The mean of numbers near 1e4 is good to 1e-12, and y with a spread of 0.1 to 1e-10 in any order of
# the sum. E[x**2] - E[x]**2 would be off by 1e-8, which is 1e-6 of the variance; float32 by 1e-7.
@probe("stays exact for rows far from 0, hardly any spread, and constant rows", points=1, rtol=1e-9,
       atol=1e-9)  # fmt: skip
def exact_numbers(layernorm_forward, rng):
    _, gamma, beta = layer(rng, 4, 6)
    spread = np.array([[1.0], [0.1], [1e-3], [0.0]])
    x = spread * rng.normal(size=(4, 6)) + np.array([[1e4], [-1e4], [3.0], [0.1]])
    yield "y", only_y(layernorm_forward(x, gamma.copy(), beta.copy()))
    yield "y of zeros", only_y(layernorm_forward(np.zeros((2, 6)), gamma, beta))


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-10)  # fmt: skip
def clean_calls(layernorm_forward, rng):
    first, other = layer(rng, 4, 3), layer(rng, 4, 3)
    copies = [array.copy() for array in first]
    y, _ = layernorm_forward(*first, 0.05)
    yield "y", y
    for name, array, copy in zip(("x", "gamma", "beta"), first, copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "y of another batch", layernorm_forward(*other, 0.05)[0]
    yield "y of the first batch again", layernorm_forward(*copies, 0.05)[0]


@probe("works for one or two columns, many rows, float32, parts of larger arrays, no "
       "eps, and arguments by name", points=1, hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(layernorm_forward, rng):
    size = int(rng.integers(5, 9))
    x, gamma, beta = layer(rng, size, 2 * size)
    single = [array.astype(np.float32) for array in layer(rng, size, 4)]
    half = x.copy()[:, ::2], gamma.copy()[::2], beta.copy()[::2]
    yield "y with one column", only_y(layernorm_forward(*layer(rng, size, 1), 0.2))
    yield "y with two columns", only_y(layernorm_forward(*layer(rng, size, 2), 0.2))
    yield "y with many rows", only_y(layernorm_forward(*layer(rng, 60 + size, 3), 0.2))
    yield "y in float32", only_y(layernorm_forward(*single, 0.2))
    yield "y of every other column", only_y(layernorm_forward(*half, 0.2))
    yield "y of a transposed array", only_y(layernorm_forward(x.copy().T, *layer(rng, 1, size)[1:]))
    y, cache = layernorm_forward(eps=0.3, beta=beta, gamma=gamma, x=x)
    yield "y for arguments by name", y
    yield "x_hat in cache for arguments by name", cache[0]
    small = layer(rng, 5, 4)
    small[0] *= 0.02
    yield "y with eps=0", only_y(layernorm_forward(*small, 0.0))


MEAN, VAR = "x.mean(axis=1, keepdims=True)", "((x - mean) ** 2).mean(axis=1, keepdims=True)"
STD, X_HAT, Y = "np.sqrt(var + eps)", "(x - mean) / std", "gamma * x_hat + beta"
CACHE = "(x_hat, gamma.copy(), std)"
STATISTICS = f"mean = {MEAN}\nvar = {VAR}"
DIFFERENCE = (
    "The mean of squares minus the square of the mean loses its digits when a row is far from 0. "
    "Average the squared distances from the mean instead."
)
SQUEEZED = (
    "Your result loses an axis where there is one row or one column: squeeze drops every axis of "
    "length 1. y and x_hat have the shape of x."
)
SMALL_EPS = (
    "An eps of 0 becomes another one in your code (eps or ..., or a lower bound, does that). Use the "
    "argument as it is."
)
EXCEPTION = (
    "You make an exception for constant rows, and no other row gets eps. It is added to the variance "
    "of every row."
)
BUGS = [
    Edit("normalises_columns", STATISTICS, "mean = x.mean(axis=0)\nvar = x.var(axis=0)",
         hint="You normalise each column. That is batch normalisation: here mean and variance are those of a row, axis 1."),
    Edit("normalises_everything", STATISTICS, "mean = np.full((len(x), 1), x.mean())\nvar = np.full((len(x), 1), x.var())",
         hint="You take one mean and one variance of the whole batch. Each row has its own: axis 1."),
    Edit("mean_of_columns", STATISTICS, f"mean = x.mean(axis=0)\nvar = {VAR}",
         hint="You subtract the mean of each column. The mean is that of a row, as the variance: axis 1."),
    Edit("variance_of_columns", VAR, "x.var(axis=0)",
         hint="You divide by the spread of each column. The variance is that of a row, as the mean: axis 1."),
    Edit("one_variance_for_all", VAR, "np.full((len(x), 1), ((x - mean) ** 2).mean())",
         hint="All rows share one variance in your code. Each row has its own: axis 1."),
    Edit("first_rows_statistics", STATISTICS, "mean = np.full((len(x), 1), x[0].mean())\nvar = np.full((len(x), 1), x[0].var())",
         hint="You normalise all rows by the statistics of the first one. Each row has its own."),
    Edit("unbiased_variance", VAR, "((x - mean) ** 2).sum(axis=1, keepdims=True) / (x.shape[1] - 1)",
         hint="You normalise by the unbiased variance (divisor D - 1). The task asks for the biased one, divisor D."),
    Edit("unbiased_variance_of_many_columns", VAR, "x.var(axis=1, ddof=1 if x.shape[1] > 1 else 0, keepdims=True)",
         hint="You normalise by the unbiased variance (divisor D - 1). The task asks for the biased one, divisor D."),
    Edit("divided_by_rows", VAR, "((x - mean) ** 2).sum(axis=1, keepdims=True) / len(x)",
         hint="Your variance is divided by the number of rows. A row has D entries: divide by their number."),
    Edit("eps_outside_the_root", STD, "(np.sqrt(var) + eps)",
         hint="You add eps to the standard deviation. It is added to the variance, under the root."),
    Edit("no_eps", STD, "np.sqrt(var)",
         hint="eps is not used: a row of equal numbers has variance 0 and gives 0/0. Add eps to the variance."),
    Edit("fixed_eps", STD, "np.sqrt(var + 1e-5)",
         hint="You use 1e-5 whatever eps is. Use the argument."),
    Edit("eps_as_a_bound", STD, "np.sqrt(np.maximum(var, eps))",
         hint="You use eps as a lower bound of the variance. It is added to it, however large the variance is."),
    Edit("eps_squared", STD, "np.sqrt(var + eps**2)",
         hint="You add the square of eps. Under the root stands the variance plus eps itself."),
    Edit("no_root", STD, "(var + eps)",
         hint="You divide by the variance. Take its root: the standard deviation has the unit of x."),
    Edit("mean_of_squares", VAR, "(x**2).mean(axis=1, keepdims=True)",
         hint="Your variance is the mean of x**2. Subtract the mean before you square."),
    Edit("difference_of_squares", VAR, "((x**2).mean(axis=1, keepdims=True) - mean**2)",
         hint=DIFFERENCE),
    Edit("sum_of_squares", VAR, "((x - mean) ** 2).sum(axis=1, keepdims=True)",
         hint="You add the squared distances up. The variance is their mean."),
    Edit("mean_absolute_distance", STD, "(np.abs(x - mean).mean(axis=1, keepdims=True) + eps)",
         hint="You divide by the mean absolute distance. The standard deviation is the root of the mean square."),
    Edit("not_centred", X_HAT, "x / std",
         hint="You divide by the standard deviation without subtracting the mean first."),
    Edit("mean_added", X_HAT, "(x + mean) / std",
         hint="You add the mean. Subtract it, so that each row is centred on 0."),
    Edit("not_scaled", X_HAT, "x - mean",
         hint="You subtract the mean, but don't divide by the standard deviation."),
    Edit("only_divided_by_the_root_mean_square", f"{STATISTICS}", "mean = 0.0\nvar = (x**2).mean(axis=1, keepdims=True)",
         hint="You divide by the root mean square without subtracting the mean (that is RMSNorm). Centre each row first."),
    Edit("one_gamma_and_beta_a_row", Y, "(gamma[:, np.newaxis] if len(x) == len(gamma) else gamma) * x_hat "
         "+ (beta[:, np.newaxis] if len(x) == len(beta) else beta)",
         hint="Where there are as many rows as columns you scale and shift each row. gamma and beta belong to columns."),
    Edit("no_gamma_and_beta", Y, "x_hat.copy()",
         hint="You return the normalised input. Multiply it by gamma and add beta."),
    Edit("no_beta", Y, "gamma * x_hat", hint="beta is not added."),
    Edit("no_gamma", Y, "x_hat + beta", hint="You don't multiply by gamma."),
    Edit("beta_scaled", Y, "gamma * (x_hat + beta)",
         hint="gamma multiplies beta as well. Multiply x_hat first, then add beta."),
    Edit("beta_subtracted", Y, "gamma * x_hat - beta", hint="You subtract beta. It is added."),
    Edit("gamma_and_beta_exchanged", Y, "beta * x_hat + gamma",
         hint="gamma and beta have changed places: gamma multiplies, beta is added."),
    Edit("scaled_before_normalising", MEAN, "x.mean(axis=1, keepdims=True)\nx = gamma * x + beta\nmean = x.mean(axis=1, keepdims=True)",
         hint="You scale and shift first. The input is normalised as it comes; gamma and beta are applied to x_hat."),
    Edit("writes_into_x", f"x_hat = {X_HAT}", "x -= mean\nx /= std\nx_hat = x.copy()",
         hint="You write into x (-= and /= do that): the caller's array has changed. Make a new array."),
    Edit("gamma_not_copied", CACHE, "(x_hat, gamma, std)",
         hint="The cache holds gamma itself. When the optimizer changes it in place, the backward pass would see another "
         "gamma than the forward pass: keep a copy."),
    *(Edit(f"caches_{name}", CACHE, f"({item}, gamma.copy(), std)",
           hint="The first item of your cache is not x_hat: the input after the mean is subtracted and after the "
           "division, before gamma and beta (y *= gamma on the same array would change it).")
      for name, item in (("x", "x.copy()"), ("centred_x", "x - mean"), ("y", "gamma * x_hat + beta * 1"), ("y_without_beta", "gamma * x_hat * 1.0"))),
    *(Edit(f"caches_{name}", CACHE, f"(x_hat, gamma.copy(), {item})",
           hint="The third item of your cache is not what you divided by: the root of the variance, with eps under it.")
      for name, item in (("var", "var"), ("std_squared", "std**2"), ("no_eps", "np.sqrt(var)"), ("inverse", "1 / std"))),
    Edit("flat_std", CACHE, "(x_hat, gamma.copy(), std.ravel())",
         hint="std in your cache has shape (N,), which would be divided column by column. Keep the axis: (N, 1)."),
    Edit("y_only", f"return {Y}, {CACHE}", f"return {Y}",
         hint="You return y alone. The task asks for y, cache."),
    Edit("cache_first", f"return {Y}, {CACHE}", f"return {CACHE}, {Y}",
         hint="You return cache before y. The order is y, cache."),
    Edit("one_mean_for_all", MEAN, "np.full((len(x), 1), x.mean())",
         hint="All rows share one mean in your code. Each row has its own: axis 1."),
    Edit("brackets", X_HAT, "x - mean / std",
         hint="You divide the mean only: brackets are missing around the difference."),
    Edit("mean_of_distances", VAR, "np.abs(x - mean).mean(axis=1, keepdims=True)",
         hint="Your variance is the mean absolute distance. Average the squared distances."),
    Edit("square_of_the_mean_distance", VAR, "np.abs(x - mean).mean(axis=1, keepdims=True) ** 2",
         hint="You square the mean absolute distance. The variance is the mean of the squares: square first, then average."),
    Edit("root_twice", STD, "np.sqrt(np.sqrt(var + eps))", hint="You take the root twice. Divide by the standard deviation."),
    Edit("last_row_left_out", f"x_hat = {X_HAT}", f"x_hat = {X_HAT}\nx_hat[-1] = 0.0\nstd = std.copy()",
         hint="The last row is not normalised: does a loop stop one too early?"),
    Edit("caches_gamma_first", CACHE, "(gamma.copy(), x_hat, std)",
         hint="x_hat and gamma have changed places in your cache: (x_hat, gamma, std)."),
    Edit("caches_std_second", CACHE, "(x_hat, std, gamma.copy())",
         hint="std and gamma have changed places in your cache: (x_hat, gamma, std)."),
    Edit("caches_beta", CACHE, "(x_hat, beta.copy(), std)",
         hint="Your cache holds beta. The backward pass needs gamma: (x_hat, gamma, std)."),
    Edit("caches_mean_too", CACHE, "(x_hat, gamma.copy(), std, mean)", hint="Your cache holds too much. It is (x_hat, gamma, std)."),
    Edit("wide_std", CACHE, "(x_hat, gamma.copy(), std + 0 * x)",
         hint="std in your cache has an entry for each number. There is one for each row: shape (N, 1)."),
    Edit("no_inner_tuple", f"return {Y}, {CACHE}", f"return {Y}, x_hat, gamma.copy(), std",
         hint="You return four things side by side. The task asks for two: y, and a tuple of the other three."),
    Edit("root_of_eps_outside", STD, "(np.sqrt(var) + np.sqrt(eps))",
         hint="You take two roots and add them. eps is added to the variance, under one root."),
    Edit("largest_distance", STD, "(np.abs(x - mean).max(axis=1, keepdims=True) + eps)",
         hint="You divide by the largest distance. The standard deviation is the root of the mean square."),
    Edit("median", MEAN, "np.median(x, axis=1, keepdims=True)", hint="You subtract the median. Subtract the mean of the row."),
    Edit("eps_as_a_factor", STD, "np.sqrt(var * (1 + eps))", hint="You multiply by eps. It is added to the variance, under the root."),
    Edit("eps_subtracted", STD, "np.sqrt(var - eps)", hint="You subtract eps. It is added, so that nothing is divided by 0."),
    Edit("eps_twice", STD, "(np.sqrt(var + eps) + eps)", hint="You add eps twice. It is added to the variance, under the root, once."),
    Edit("gamma_inside", Y, "(gamma * x - mean) / std + beta",
         hint="gamma multiplies x before the mean is subtracted. It multiplies x_hat."),
    Edit("one_gamma", Y, "gamma.mean() * x_hat + beta.mean()", hint="You use one gamma and one beta for all columns. Each column has its own."),
    *(Edit(f"single_row_{which}", f"x_hat = {X_HAT}", f"if len(x) == 1:\n    {new}\nx_hat = {X_HAT}",
           hint="A single row is treated in another way in your code. Each row stands for itself, so one is like many.")
      for which, new in (
          ("left_alone", "mean, std = np.zeros((1, 1)), np.ones((1, 1))"),
          ("is_zero", "mean = x"),
          ("only_centred", "std = np.ones((1, 1))"),
          ("not_centred", "mean = 0.0"))),
    *(Edit(f"single_column_{which}", f"x_hat = {X_HAT}", f"if x.shape[1] == 1:\n    {new}\nx_hat = {X_HAT}",
           hint="A single column is treated in another way in your code. Its mean is the number itself, so x_hat is 0 and y is beta.")
      for which, new in (
          ("left_alone", "mean, std = np.zeros((len(x), 1)), np.ones((len(x), 1))"),
          ("by_the_batch", "mean, std = x.mean(axis=0, keepdims=True), np.full((len(x), 1), np.sqrt(x.var() + eps))"),
          ("not_centred", "mean = 0.0"))),
    *(Edit(f"squeezed_{which}", f"return {Y}, {CACHE}", f"return {new}", hint=SQUEEZED)
      for which, new in (
          ("y", f"({Y}).squeeze(), {CACHE}"),
          ("both", f"({Y}).squeeze(), (x_hat.squeeze(), gamma.copy(), std)"))),
    Edit("mean_by_D_minus_1", MEAN, "x.sum(axis=1, keepdims=True) / max(x.shape[1] - 1, 1)",
         hint="You divide the sum by D - 1 to get the mean. Its divisor is D."),
    Edit("divided_by_rows_minus_1", VAR, "((x - mean) ** 2).sum(axis=1, keepdims=True) / max(len(x) - 1, 1)",
         hint="Your variance is divided by the number of rows minus 1. A row has D entries: divide by D."),
    Edit("divided_by_all_numbers", VAR, "((x - mean) ** 2).sum(axis=1, keepdims=True) / x.size",
         hint="Your variance is divided by the number of all entries. A row has D of them: divide by D."),
    Edit("divided_by_D_twice", STD, "np.sqrt(var / x.shape[1] + eps)", hint="You divide the variance by D twice. A mean is divided already."),
    Edit("eps_divided", STD, "np.sqrt(var + eps / x.shape[1])",
         hint="You divide eps by D together with the sum of squares. It is added to the variance, after the division."),
    Edit("eps_or_default", STD, "np.sqrt(var + (eps or 1e-5))",
         hint=SMALL_EPS),
    Edit("eps_bounded_from_below", STD, "np.sqrt(var + max(eps, 1e-5))",
         hint=SMALL_EPS),
    Edit("constant_rows_by_one", STD, "np.where(var > 0, np.sqrt(var), 1.0)",
         hint=EXCEPTION),
    Edit("eps_for_constant_rows", STD, "np.sqrt(np.where(var > 0, var, eps))",
         hint=EXCEPTION),
    Edit("eps_in_x_hat", X_HAT, "(x - mean + eps) / std", hint="You add eps to the centred input. It is added to the variance, under the root."),
    Edit("last_column_left_out", f"x_hat = {X_HAT}", f"x_hat = {X_HAT}\nx_hat[:, -1] = 0.0\nstd = std.copy()",
         hint="The last column is not normalised: does a loop stop one too early?"),
    Edit("statistics_without_the_last_column", STATISTICS,
         "part = x[:, :-1] if x.shape[1] > 1 else x\nmean = part.mean(axis=1, keepdims=True)\nvar = part.var(axis=1, keepdims=True)",
         hint="The last entry of each row is left out of mean and variance: does a loop stop one too early?"),
    Edit("last_rows_statistics", STATISTICS, "mean = np.full((len(x), 1), x[-1].mean())\nvar = np.full((len(x), 1), x[-1].var())",
         hint="You normalise all rows by the statistics of the last one. Each row has its own."),
    Edit("between_0_and_1", f"x_hat = {X_HAT}", "x_hat = (x - x.min(axis=1, keepdims=True)) / (np.ptp(x, axis=1, keepdims=True) + eps)",
         hint="You stretch each row from its smallest to its largest value. Subtract the mean, and divide by the standard deviation."),
    Edit("columns_before_rows", MEAN, "x.mean(axis=1, keepdims=True)\nx = x - x.mean(axis=0)\nmean = x.mean(axis=1, keepdims=True)",
         hint="You subtract the mean of each column, too. Here only rows are centred."),
    Edit("sum_as_the_mean", MEAN, "x.sum(axis=1, keepdims=True)", hint="You subtract the sum of the row. The mean is the sum divided by D."),
    Edit("x_minus_mean_reversed", X_HAT, "(mean - x) / std", hint="Every sign of x_hat is turned round: subtract the mean from x."),
    Edit("multiplied_by_std", X_HAT, "(x - mean) * std", hint="You multiply by the standard deviation. Divide by it."),
    Edit("divided_by_gamma", Y, "x_hat / gamma + beta", hint="You divide by gamma. It multiplies x_hat."),
    Edit("gamma_before_centring", Y, "(gamma * x - (gamma * x).mean(axis=1, keepdims=True)) / std + beta",
         hint="gamma multiplies x before the mean is subtracted. It multiplies x_hat."),
    Edit("gamma_as_a_row", Y, "x_hat * gamma.mean() + beta", hint="You use one gamma for all columns. Each column has its own."),
    Edit("gamma_plus_one", Y, "(1 + gamma) * x_hat + beta",
         hint="You multiply by 1 + gamma. Some libraries store gamma - 1; here gamma itself is the factor."),
    Edit("scaled_before_and_after", f"x_hat = {X_HAT}", f"x_hat = gamma * {X_HAT} + beta\nstd = std.copy()",
         hint="You scale and shift twice: x_hat is the normalised input before gamma and beta."),
    Edit("first_scaled_then_normalised", f"return {Y}, {CACHE}",
         "x = gamma * x + beta\nstd = np.sqrt(x.var(axis=1, keepdims=True) + eps)\n"
         "x_hat = (x - x.mean(axis=1, keepdims=True)) / std\nreturn x_hat.copy(), (x_hat, gamma.copy(), std)",
         hint="You scale and shift first. The input is normalised as it comes; gamma and beta are applied to x_hat."),
    *(Edit(f"single_precision_{which}", old, new,
           hint="You compute in float32, which keeps 7 digits. NumPy's float64 keeps 16: leave the type of x alone.")
      for which, old, new in (
          ("inside", f"mean = {MEAN}", f"x = x.astype(np.float32)\nmean = {MEAN}"),
          ("y", Y, f"({Y}).astype(np.float32)"),
          ("x_hat", X_HAT, f"({X_HAT}).astype(np.float32)"))),
    Edit("squares_by_dot", VAR, "(np.einsum('ij,ij->i', x, x)[:, np.newaxis] / x.shape[1] - mean**2)", hint=DIFFERENCE),
    Edit("squares_bounded", VAR, "np.maximum((x**2).mean(axis=1, keepdims=True) - mean**2, 0.0)", hint=DIFFERENCE),
    Edit("squares_of_sums", VAR, "((x**2).sum(axis=1, keepdims=True) - x.sum(axis=1, keepdims=True) ** 2 / x.shape[1]) / x.shape[1]",
         hint=DIFFERENCE),
    Edit("caches_unbiased_std", CACHE, "(x_hat, gamma.copy(), np.sqrt(var * x.shape[1] / max(x.shape[1] - 1, 1) + eps))",
         hint="The std in your cache comes from the unbiased variance. The input was divided by that of the biased one."),
    Edit("caches_std_of_columns", CACHE, "(x_hat, gamma.copy(), np.sqrt(x.var(axis=0) + eps))",
         hint="The std in your cache is that of columns. Each row was divided by its own: shape (N, 1)."),
    Edit("std_as_a_row", CACHE, "(x_hat, gamma.copy(), std.T)", hint="std in your cache has shape (1, N). There is one for each row: shape (N, 1)."),
    Edit("caches_mean", CACHE, "(x_hat, gamma.copy(), mean)", hint="The third item of your cache is the mean. The backward pass needs std: (x_hat, gamma, std)."),
    Edit("caches_std_plus_eps", CACHE, "(x_hat, gamma.copy(), np.sqrt(var) + eps)",
         hint="The third item of your cache is not what you divided by: the root of the variance, with eps under it."),
    Edit("cache_without_gamma", CACHE, "(x_hat, std)", hint="gamma is missing from your cache: (x_hat, gamma, std)."),
    Edit("cache_without_std", CACHE, "(x_hat, gamma.copy())", hint="std is missing from your cache: (x_hat, gamma, std)."),
]  # fmt: skip


@bug("Without keepdims=True mean and variance have shape (N,), and NumPy applies them column by column "
     "where N equals D, or stops. Keep the axis: shape (N, 1).")  # fmt: skip
def lost_axis(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1), x.var(axis=1)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma.copy(), std)


@bug("Without keepdims=True mean and variance have shape (N,), and NumPy applies them column by column "
     "where N equals D, or stops. Keep the axis: shape (N, 1).")  # fmt: skip
def lost_axis_by_hand(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=1)
    var = ((x - mean) ** 2).mean(axis=1)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma.copy(), std)


def with_eps(eps, x, gamma, beta):
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, gamma.copy(), std)


@bug("Without the argument you add another eps than 1e-5: look at the default.")
def default_eps_of_1e3(x, gamma, beta, eps=1e-3):
    return with_eps(eps, x, gamma, beta)


@bug("Without the argument you add another eps than 1e-5: look at the default.")
def default_eps_of_1e6(x, gamma, beta, eps=1e-6):
    return with_eps(eps, x, gamma, beta)


@bug("Without the argument you add another eps than 1e-5: look at the default.")
def default_eps_of_1e8(x, gamma, beta, eps=1e-8):
    return with_eps(eps, x, gamma, beta)


@bug("Without the argument you add another eps than 1e-5: look at the default.")
def default_eps_of_1e12(x, gamma, beta, eps=1e-12):
    return with_eps(eps, x, gamma, beta)


@alternative
def by_numpy(x, gamma, beta, eps=1e-5):
    std = (np.var(x, axis=-1) + eps)[:, None] ** 0.5
    x_hat = np.subtract(x, np.mean(x, axis=-1)[:, None]) / std
    return [x_hat * gamma + beta, [x_hat, np.array(gamma), std]]


@alternative
def row_by_row(x, gamma, beta, eps=1e-5):
    x_hat, std = np.zeros(x.shape), np.zeros((x.shape[0], 1))
    for i, row in enumerate(x.astype(float)):
        m = sum(row) / len(row)
        std[i] = np.sqrt(sum((v - m) ** 2 for v in row) / len(row) + eps)
        x_hat[i] = (row - m) / std[i]
    return np.array([gamma * row + beta for row in x_hat]), (x_hat, +gamma, std)


@alternative
def on_the_transposed(x, gamma, beta, eps=1e-5):
    z = x.T - np.average(x, axis=1)
    inverse = 1 / np.sqrt(np.einsum("dn,dn->n", z, z) / len(z) + eps)
    x_hat = (z * inverse).T
    return np.multiply(x_hat, gamma[np.newaxis]) + beta, (x_hat, gamma.copy(), 1 / inverse[:, None])


@alternative
def by_a_centring_matrix(x, gamma, beta, eps=1e-5):
    """float64 inside; the length of the centred row instead of its variance."""
    d = x.shape[1]
    z = x.astype(np.float64) - np.median(x, axis=1, keepdims=True)
    z = z @ (np.eye(d) - 1 / d)
    std = np.hypot(np.linalg.norm(z, axis=1, keepdims=True) / np.sqrt(d), np.sqrt(eps))
    y = z / std
    y *= gamma
    y += beta
    return y, (z / std, gamma.copy(), std)
