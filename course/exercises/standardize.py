"""standardize: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def features(rng, num_rows, num_columns):
    """Rows, and the statistics of others: means around 2 and deviations from 0.3 to 4."""
    x = 3.0 * rng.normal(size=(num_rows, num_columns)) + 2.0
    return x, rng.normal(size=num_columns) + 2.0, rng.uniform(0.3, 4.0, size=num_columns)


@probe("subtracts each column's mean and divides by its standard deviation", points=1, rtol=1e-6)
def ordinary_columns(standardize, rng):
    yield "z", standardize(*features(rng, 5, 3))
    yield "z of more columns than rows", standardize(*features(rng, 4, 6))
    yield "z of as many rows as columns", standardize(*features(rng, 4, 4))
    yield "z of a single row", standardize(*features(rng, 1, 5))


@probe("makes 0 of a column whose std is 0, also where its numbers differ from the mean", points=1,
       rtol=1e-6)  # fmt: skip
def constant_columns(standardize, rng):
    x, mean, std = features(rng, 5, 4)
    std[[1, 3]] = 0.0
    x[:, 1] = mean[1]
    yield "z", standardize(x, mean, std)
    yield "z where all std are 0", standardize(x, mean, np.zeros(4))


@probe("stays exact, also for very small and very large std", points=1)
def exactness(standardize, rng):
    x, mean, std = features(rng, 6, 5)
    sizes = np.array([1e-12, 1e-7, 1.0, 1e5, 0.0])
    yield "z for ordinary std", standardize(x.copy(), mean.copy(), std.copy())
    yield "z for std from 1e-12 to 1e5", standardize(sizes * x, sizes * mean, sizes * std)


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(standardize, rng):
    x, mean, std = features(rng, 5, 3)
    std[1] = 0.0
    copies = [array.copy() for array in (x, mean, std)]
    yield "z", standardize(x, mean, std)
    for name, array, copy in zip(("x", "mean", "std"), (x, mean, std), copies, strict=True):
        yield f"{name} unchanged", np.array_equal(array, copy)
    yield "z of another x", standardize(*features(rng, 5, 3))
    yield "z of the first x again", standardize(*copies)
    plain, ones = rng.normal(size=(3, 4)), np.ones(4)
    z = standardize(plain, np.zeros(4), ones)
    plain[...] = 7.0  # a result that shares its memory changes too
    yield "z for mean 0 and std 1, after x was overwritten", z


@probe("works for integers, float32, many rows, one column, and part of a larger array", points=1,
       hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(standardize, rng):
    n = int(rng.integers(5, 9))
    x, mean, std = features(rng, n, 2 * n)
    std[2] = 0.0
    single = [array.astype(np.float32) for array in (x, mean, std)]
    whole = rng.integers(-9, 9, size=(n, 2 * n))
    yield "z of integers", standardize(whole, mean.copy(), std.copy())
    yield "z of float32", standardize(*single)
    yield "z of many rows", standardize(*features(rng, 200 + n, 2))
    yield "z of one column", standardize(*features(rng, n, 1))
    yield "z of every other column", standardize(x.copy()[:, ::2], mean[::2], std[::2])
    yield "z of a transposed array", standardize(x[:, :n].copy().T, mean[:n], std[:n])


WHOLE = "np.where(constant, 0, (x - mean) / np.where(constant, 1, std))"
SMALL = "A small constant changes every result a little, and a large one where std is tiny. Divide by std itself where it is not 0."
BUGS = [
    Edit("divides_by_zero", WHOLE, "(x - mean) / std",
         hint="A column whose std is 0 becomes NaN or infinite. There the result is 0."),
    Edit("nan_becomes_zero", WHOLE, "np.nan_to_num((x - mean) / std)",
         hint="You repair NaN after the division, but a number that differs from the mean becomes infinite, not "
         "NaN. Ask where std is 0."),
    Edit("one_for_zero", WHOLE, "(x - mean) / np.where(constant, 1, std)",
         hint="You divide by 1 where std is 0. A new number may differ from the mean there: the column becomes "
         "0 all the same."),
    Edit("not_touched", WHOLE, "np.where(constant, x, (x - mean) / np.where(constant, 1, std))",
         hint="You leave a column whose std is 0 as it is. It becomes 0."),
    *(Edit(f"epsilon_{eps}", WHOLE, f"np.where(constant, 0, (x - mean) / (std + {eps}))", hint=SMALL)
      for eps in (1e-7, 1e-8)),
    *(Edit(f"epsilon_{eps}_for_all", WHOLE, f"(x - mean) / (std + {eps})", hint=SMALL)
      for eps in (1e-7, 1e-8)),
    *(Edit(f"below_{limit}", "std == 0", f"std < {limit}",
           hint="You take a very small std for 0. Only a std of exactly 0 makes a column 0.")
      for limit in (1e-3, 1e-6, 1e-8, 1e-10)),
    *(Edit(f"at_least_{eps}", WHOLE, f"(x - mean) / np.maximum(std, {eps})",
           hint="You bound std from below, so a column whose std is 0 gets huge, and a tiny std is not used. "
           "Ask where std is 0.")
      for eps in (1e-6, 1e-8, 1e-10)),
    Edit("own_statistics", WHOLE, "(x - x.mean(axis=0)) / np.where(x.std(axis=0) == 0, 1, x.std(axis=0))",
         hint="You use the statistics of x. x may be the test set: use mean and std as they are given."),
    Edit("own_mean", "x - mean", "x - x.mean(axis=0)",
         hint="You subtract the mean of x. x may be the test set: use the mean that is given."),
    Edit("mean_not_subtracted", "x - mean", "x", hint="You do not subtract the mean."),
    Edit("not_divided", WHOLE, "np.where(constant, 0, x - mean)",
         hint="You subtract the mean, but do not divide by std."),
    Edit("multiplied", "(x - mean) /", "(x - mean) *", hint="You multiply by std. Divide by it."),
    Edit("divided_by_the_variance", "1, std)", "1, std**2)",
         hint="You divide by the square of std. Divide by std itself."),
    Edit("divided_by_the_root", "1, std)", "1, np.sqrt(std))",
         hint="You take the root of std, which is a root already."),
    Edit("precedence", "(x - mean) / np.where(constant, 1, std)", "x - mean / np.where(constant, 1, std)",
         hint="You divide the mean only: brackets are missing around the difference."),
    Edit("wrong_sign", "x - mean", "mean - x", hint="Every sign is turned round: subtract mean from x."),
    Edit("added", "x - mean", "x + mean", hint="You add the mean. Subtract it."),
    Edit("constant_rows", WHOLE, "np.zeros_like(x) if constant.any() else (x - mean) / std",
         hint="One std of 0 makes your whole result 0. Only its own column becomes 0."),
    Edit("column_left_out", WHOLE, "((x - mean) / np.where(constant, 1, std))[:, ~constant]",
         hint="You leave out columns whose std is 0. They stay where they are, as zeros."),
    *(Edit(f"{eps}_under_the_root", WHOLE, f"(x - mean) / np.sqrt(std**2 + {eps})", hint=SMALL)
      for eps in (1e-8, 1e-7, 1e-5, 1e-12)),
    *(Edit(f"epsilon_{eps}_for_all", WHOLE, f"(x - mean) / (std + {eps})", hint=SMALL)
      for eps in (1e-5, 1e-6, 1e-10, 1e-12)),
    Edit("at_least_one", WHOLE, "np.where(constant, 0, (x - mean) / np.maximum(std, 1))",
         hint="You divide by 1 where std is below 1. Only a std of 0 is special."),
    Edit("ones", "np.where(constant, 0,", "np.where(constant, 1,", hint="A column whose std is 0 becomes 1. There the result is 0."),
    Edit("the_mean", "np.where(constant, 0,", "np.where(constant, mean,",
         hint="A column whose std is 0 becomes its mean. There the result is 0."),
    Edit("mean_of_the_means", "x - mean", "x - mean.mean()",
         hint="You subtract one number from all columns. Each has its own mean, as it is given."),
    Edit("mean_of_the_deviations", "1, std)", "1, std.mean())",
         hint="You divide all columns by one number. Each has its own std, as it is given."),
    Edit("smallest_and_range", WHOLE, "(x - x.min(axis=0)) / np.where(np.ptp(x, axis=0) == 0, 1, np.ptp(x, axis=0))",
         hint="You scale each column from 0 to 1 by its smallest and largest number. Use mean and std as they are given."),
    *(Edit(f"clipped_to_{most}", WHOLE, f"np.clip({WHOLE}, -{most}, {most})",
           hint="You cut large results off. They stay as they are.") for most in (1, 3)),
    Edit("exchanged", WHOLE, "np.where(constant, 0, (x - std) / np.where(mean == 0, 1, mean))",
         hint="mean and std have changed places: subtract mean, divide by std."),
    Edit("mean_of_each_row", "x - mean", "x - x.mean(axis=1, keepdims=True)",
         hint="You subtract the mean of each row. Each column has its own mean, as it is given."),
    Edit("squared", "(x - mean) /", "(x - mean) ** 2 /", hint="You square the difference. It keeps its sign and size."),
    Edit("squashed", WHOLE, f"np.tanh({WHOLE})", hint="You squash the result. It stays as it is, however large."),
    Edit("divided_by_the_root_of_n", "1, std)", "1, std) / np.sqrt(len(x))",
         hint="You divide by the root of the number of rows, too. Divide by std only."),
    Edit("stops_at_a_constant", WHOLE, f"{WHOLE} * (np.cumsum(constant) == 0)",
         hint="All columns after one whose std is 0 are 0, too: is there a return or break inside the loop?"),
    Edit("all_or_none", WHOLE, "(x - mean) / std if std.all() else x - mean",
         hint="One std of 0 changes your whole result. Only its own column is special."),
    Edit("zero_at_the_mean", WHOLE, "np.where(x == mean, 0, (x - mean) / std)",
         hint="You ask where x is the mean. Ask where std is 0: there the column becomes 0, whatever x is."),
    Edit("no_signs", "x - mean", "np.abs(x - mean)", hint="Your result has lost its signs: leave the absolute value out."),
    Edit("difference_left", WHOLE, "np.where(constant, x - mean, (x - mean) / np.where(constant, 1, std))",
         hint="You divide by 1 where std is 0. A new number may differ from the mean there: the column becomes "
         "0 all the same."),
    Edit("constant_in_x", "constant = std == 0", "constant = (std == 0) | (np.ptp(x, axis=0) == 0)",
         hint="You look for constant columns in x, and a single row has only such. Whether a column is constant is what std says: ask where it is 0."),
    Edit("constant_in_x_alone", "constant = std == 0", "constant = np.ptp(x, axis=0) == 0",
         hint="You look for constant columns in x, and a single row has only such. Whether a column is constant is what std says: ask where it is 0."),
    Edit("kept_in_the_kind_of_x", WHOLE, f"({WHOLE}).astype(x.dtype)",
         hint="For integers your result is cut down to whole numbers. Write into an array of floats, not into one like x."),
    Edit("own_statistics_of_a_single_row", WHOLE, f"(x - x.mean()) / (x.std() or 1) if len(x) == 1 else {WHOLE}",
         hint="You treat a single row apart. It needs no exception: mean and std are given."),
    Edit("unchanged_single_row", WHOLE, f"x if len(x) == 1 else {WHOLE}",
         hint="You treat a single row apart. It needs no exception: mean and std are given."),
    *(Edit(f"rounded_{n}", WHOLE, f"np.round({WHOLE}, {n})", hint="You round the result. Keep all digits.") for n in (2, 3, 6)),
    Edit("float32", WHOLE, f"({WHOLE}).astype(np.float32)",
         hint="Your result is float32, which keeps 7 digits. Stay with float64."),
    Edit("own_range", "1, std)", "1, np.where(np.ptp(x, axis=0) == 0, 1, np.ptp(x, axis=0)))",
         hint="You divide by the range of x. x may be the test set: use the std that is given."),
    Edit("length_of_each_column", "1, std)", "1, np.maximum(np.linalg.norm(x - mean, axis=0), 1e-300))",
         hint="You divide by a length that comes from x. x may be the test set: use the std that is given."),
    Edit("own_deviation", "1, std)", "1, np.where(x.std(axis=0) == 0, 1, x.std(axis=0)))",
         hint="You divide by the deviation of x. x may be the test set: use the std that is given."),
    Edit("mean_added_again", WHOLE, f"{WHOLE} + mean", hint="You add the mean again at the end. The result has its middle at 0."),
    Edit("whole_numbers", "(x - mean) /", "(x - mean) //", hint="// cuts the result down to whole numbers. Divide with /."),
    Edit("mean_subtracted_last", WHOLE, "np.where(constant, 0, x / np.where(constant, 1, std) - mean)",
         hint="You subtract the mean after the division. Subtract it first, then divide."),
]  # fmt: skip


@bug(
    "You write into std to avoid the division by 0: the caller's array has changed. Make a new one."
)
def std_in_place(x, mean, std):
    constant = std == 0
    std[constant] = 1.0
    return np.where(constant, 0.0, (x - mean) / std)


@bug("You write into x (-= and /= do that): the caller's array has changed. Make a new one.")
def in_place(x, mean, std):
    x = x if x.dtype.kind == "f" else x.astype(float)
    x -= mean
    x /= np.where(std == 0, np.inf, std)
    return x


@alternative
def column_by_column(x, mean, std):
    z = np.zeros(x.shape)
    for j in range(x.shape[1]):
        if std[j] != 0:
            z[:, j] = (x[:, j] - mean[j]) / std[j]
    return z


@alternative
def divided_where(x, mean, std):
    z = np.zeros(x.shape)
    np.divide(x - mean, std, out=z, where=std != 0)
    return z


@alternative
def zero_after_the_division(x, mean, std):
    with np.errstate(all="ignore"):
        z = (x.astype(np.float64) - mean) / std
    z[:, std == 0] = 0
    return z


@alternative
def times_the_inverse(x, mean, std):
    inverse = np.array([1 / s if s > 0 else 0.0 for s in std])
    return np.einsum("nd,d->nd", x - mean, inverse)
