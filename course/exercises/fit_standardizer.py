"""fit_standardizer: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, probe


def features(rng, shape):
    """Columns of different mean and scale."""
    columns = np.arange(shape[1])
    return rng.normal(size=shape) * (1.0 + columns) + 3.0 * columns - 4.0


@probe("gives the mean and the biased standard deviation of each column", points=2, rtol=1e-6)
def ordinary_columns(fit_standardizer, rng):
    yield "the result", fit_standardizer(features(rng, (5, 3)))
    yield "the result for more columns than rows", fit_standardizer(features(rng, (4, 6)))
    yield "the result for as many rows as columns", fit_standardizer(features(rng, (4, 4)))


@probe("gives exactly 0 for a constant column", points=1, rtol=1e-6, atol=0.0)
def constant_columns(fit_standardizer, rng):
    x = features(rng, (10, 4))
    x[:, 1], x[:, 3] = 0.1, -7.3
    yield "the result with two constant columns", fit_standardizer(x)
    yield "the result for a single row", fit_standardizer(features(rng, (1, 3)) + 0.1)


@probe(
    "stays exact for columns far from 0, and for very small ones", points=1, rtol=1e-6, atol=1e-18
)
def exactness(fit_standardizer, rng):
    yield "the result for columns around a million", fit_standardizer(features(rng, (6, 3)) + 1e6)
    yield "the result for columns of size 1e-9", fit_standardizer(1e-9 * features(rng, (6, 3)))


@probe("leaves its argument as it was, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(fit_standardizer, rng):
    x, other = features(rng, (5, 3)), features(rng, (5, 3)) + 1.0
    copy = x.copy()
    yield "std", fit_standardizer(x)[1]
    yield "x unchanged", np.array_equal(x, copy)
    yield "std of another x", fit_standardizer(other)[1]
    yield "std of the first x again", fit_standardizer(copy)[1]


@probe("works for many rows, one column, integers, float32, and part of a larger array", points=1,
       hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(fit_standardizer, rng):
    n = int(rng.integers(5, 9))
    wide = features(rng, (n, 2 * n))
    yield "the result for many rows", fit_standardizer(features(rng, (300 + n, 2)))
    yield "the result for one column", fit_standardizer(wide[:, :1].copy())
    yield "the result for integers", fit_standardizer(rng.integers(-9, 9, size=(n, 3)))
    yield "the result for float32", fit_standardizer(wide[:, :3].astype(np.float32))
    yield "the result for every other column", fit_standardizer(wide[:, ::2])
    yield "the result for a transposed array", fit_standardizer(wide.T)


MEAN, STD = "x[0] + (x - x[0]).mean(axis=0)", "np.sqrt(((x - mean) ** 2).mean(axis=0))"
BODY = f"mean = {MEAN}\nstd = {STD}"
BUGS = [
    Edit("unbiased", STD, "np.sqrt(((x - mean) ** 2).sum(axis=0) / max(len(x) - 1, 1))",
         hint="You divide the squares by N - 1. The biased deviation divides by N."),
    Edit("variance", STD, "((x - mean) ** 2).mean(axis=0)",
         hint="You return the variance. The standard deviation is its root."),
    Edit("whole_array", BODY, "mean, std = x.mean(), x.std()",
         hint="You take one mean and deviation of the whole array. Each column has its own: axis 0."),
    Edit("rows", BODY, "mean, std = x.mean(axis=1), x.std(axis=1)",
         hint="You take mean and deviation of each row. A feature is a column: axis 0."),
    Edit("variance_of_rows", BODY, "mean, std = x.mean(axis=1), x.var(axis=1)",
         hint="You take mean and variance of each row. A feature is a column, axis 0; and the standard deviation is the "
         "root of the variance."),
    Edit("one_std", STD, "np.full(x.shape[1], x.std())",
         hint="Your deviation is that of the whole array. Each column has its own."),
    Edit("numpy_std", BODY, "mean, std = x.mean(axis=0), x.std(axis=0)",
         hint="The mean of equal numbers can be off in the last digit, so a constant column gets a tiny "
         "deviation. Take the mean relative to one row, or test for constant columns."),
    Edit("epsilon", STD, f"{STD} + 1e-8",
         hint="You add a small constant to the deviation. It is exactly 0 for a constant column."),
    Edit("epsilon_inside", STD, "np.sqrt(((x - mean) ** 2).mean(axis=0) + 1e-8)",
         hint="You add a small constant under the root. The deviation is exactly 0 for a constant column."),
    Edit("ones_for_constants", STD, f"{STD}\nstd[std == 0] = 1.0",
         hint="You replace a deviation of 0 by 1. Return it as it is: what to do then is standardize's "
         "business."),
    Edit("not_centred", STD, "np.sqrt((x**2).mean(axis=0))",
         hint="You average the squares of x itself. Subtract the mean first."),
    Edit("mean_of_sizes", STD, "np.abs(x - mean).mean(axis=0)",
         hint="You average absolute deviations. Average their squares, then take the root."),
    Edit("difference_of_squares", STD,
         "np.where(np.ptp(x, axis=0) == 0, 0, np.sqrt(np.maximum((x**2).mean(axis=0) - mean**2, 0)))",
         hint="mean(x**2) - mean**2 loses its digits where the mean is large. Subtract the mean first, then "
         "square."),
    Edit("root_of_n", STD, "np.sqrt(((x - mean) ** 2).sum(axis=0))",
         hint="You add the squares up. They are averaged: divide by N before the root."),
    Edit("median", MEAN, "np.median(x, axis=0)", hint="The median is the middle value; the mean adds up all of them."),
    Edit("kept_axis", "return mean, std", "return mean[np.newaxis], std[np.newaxis]",
         hint="Your results have two axes. Their shape is (D,): leave keepdims out."),
    Edit("exchanged", "return mean, std", "return std, mean",
         hint="You return std first. The task asks for mean, std."),
    Edit("in_place", STD, "np.sqrt((np.subtract(x, mean, out=x if x.dtype == float else None) ** 2).mean(axis=0))",
         hint="You write into x (-= does that): the caller's data change. Make a new array."),
    Edit("around_the_mean_of_all", STD, "np.sqrt(((x - x.mean()) ** 2).mean(axis=0))",
         hint="For the deviation you subtract the mean of the whole array. Each column has its own."),
    Edit("divided_by_columns", STD, "np.sqrt(((x - mean) ** 2).sum(axis=0) / x.shape[1])",
         hint="You divide the squares by the number of columns. They are averaged over the rows."),
    Edit("smallest_and_range", BODY, "mean, std = x.min(axis=0), np.ptp(x, axis=0)",
         hint="You return the smallest number and the range. The task asks for the mean and the standard deviation."),
    Edit("range", STD, "np.ptp(x, axis=0)",
         hint="You return the range, from the smallest to the largest number. The task asks for the standard deviation."),
    Edit("first_row_not_added", MEAN, "(x - x[0]).mean(axis=0)",
         hint="Your mean is counted from the first row. Add that row again."),
    *(Edit(f"at_least_{limit}", STD, f"np.maximum({STD}, {limit})",
           hint="You bound the deviation from below. It is exactly 0 for a constant column, and may be tiny.")
      for limit in (1e-8, 1e-6, 1e-12)),
    Edit("error_of_the_mean", STD, f"{STD} / np.sqrt(len(x))",
         hint="You divide by the root of N once more: that is the error of the mean. The deviation is that of one example."),
    Edit("standardized", "return mean, std", "return (x - mean) / np.where(std == 0, 1, std)",
         hint="You return the standardised data. The task asks for the two statistics: mean, std."),
    Edit("mean_only", "return mean, std", "return mean", hint="You return the mean alone. The task asks for mean, std."),
    Edit("mean_from_the_first_row", "return mean, std", "return mean - x[0], std",
         hint="Your mean is counted from the first row. Add that row again."),
    *(Edit(f"rounded_{n}", "return mean, std", f"return mean, np.round(std, {n})",
           hint="Small deviations become 0: you round them, or take them for 0. Keep all digits.") for n in (4, 6, 8)),
    *(Edit(f"below_{limit}", STD, f"{STD}\nstd[std < {limit}] = 0.0",
           hint="Small deviations become 0: you round them, or take them for 0. Keep all digits.") for limit in (1e-4, 1e-6, 1e-7, 1e-8)),
    *(Edit(f"below_{limit}_of_numpy", BODY, f"mean, std = x.mean(axis=0), x.std(axis=0)\nstd[std < {limit}] = 0.0",
           hint="Small deviations become 0: you round them, or take them for 0. Keep all digits.") for limit in (1e-4, 1e-6, 1e-7, 1e-8)),
    *(Edit(f"{value}_for_a_single_row", STD, f"{STD}\nif len(x) == 1:\n    std = np.full(x.shape[1], {value})",
           hint="You treat a single row apart. It needs no exception: a column with one number is constant, and its deviation is 0.")
      for value in ("1.0", "np.nan", "1e-8")),
    Edit("unbiased_if_it_can_be", STD, "x.std(axis=0, ddof=1)",
         hint="You divide the squares by N - 1, which is 0 for a single row. The biased deviation divides by N."),
    Edit("unbiased_of_the_shifted", STD, "(x - x[0]).std(axis=0, ddof=1)",
         hint="You divide the squares by N - 1, which is 0 for a single row. The biased deviation divides by N."),
    Edit("first_and_last_row", MEAN, "(x[0] + x[-1]) / 2", hint="Your mean is that of the first and the last row. All rows count."),
    Edit("middle_of_the_range", MEAN, "(x.min(axis=0) + x.max(axis=0)) / 2",
         hint="Your mean is the middle between the smallest and the largest number. The mean adds all of them up and divides by N."),
    Edit("deviation_of_steps", STD, "np.diff(x, axis=0).std(axis=0) if len(x) > 1 else 0 * x[0]",
         hint="You measure how neighbouring rows differ. The deviation is that of each row from the mean."),
    *(Edit(f"mean_of_deviations_by_{name}", STD, f"np.full(x.shape[1], {what})", hint="Your deviation is one for all columns. Each column has its own.")
      for name, what in (("squares", "np.sqrt(x.var(axis=0).mean())"), ("sizes", "x.std(axis=0).mean()"))),
    Edit("mean_of_constants_is_zero", STD, f"{STD}\nmean = np.where(std == 0, 0, mean)",
         hint="Your mean of a constant column is 0. It is the number in that column: only the deviation is 0."),
    Edit("pairs", "return mean, std", "return list(zip(mean, std))",
         hint="You return a pair for each column. The task asks for two arrays: mean, std."),
    Edit("columns_stacked", "return mean, std", "return np.stack([mean, std])",
         hint="You return one table. The task asks for two arrays: mean, std."),
    Edit("whole_mean", BODY, f"mean = x[0] + (x - x[0]).sum(axis=0) // len(x)\nstd = {STD}",
         hint="// cuts the mean down to a whole number. Divide with /."),
    Edit("kept_in_the_kind_of_x", "return mean, std", "return mean.astype(x.dtype), std.astype(x.dtype)",
         hint="For integers your results are cut down to whole numbers. Keep their fractions."),
    Edit("added_one_after_the_other", MEAN, "x[0] + np.cumsum(x - x[0], axis=0)[-1] / (len(x) - 1 or 1)",
         hint="Your mean divides by N - 1. It divides by N."),
    Edit("deviation_of_the_sizes", STD, "np.abs(x).std(axis=0)",
         hint="You take absolute values before the deviation. Subtract the mean from the numbers as they are."),
    Edit("not_squared", STD, "np.sqrt(np.abs((x - mean).sum(axis=0)) / len(x))",
         hint="You average the distances with their signs, which cancel. Square them first, and take the root."),
    Edit("unbiased_variance", STD, "((x - mean) ** 2).sum(axis=0) / max(len(x) - 1, 1)",
         hint="You return the unbiased variance. The deviation is a root, and its divisor is N."),
    Edit("root_of_the_mean_size", STD, "np.sqrt(np.abs(x - mean).mean(axis=0))",
         hint="You average absolute deviations. Average their squares, then take the root."),
    Edit("quartiles", STD, "np.percentile(x, 75, axis=0) - np.percentile(x, 25, axis=0)",
         hint="You return the distance of the quartiles. The task asks for the standard deviation."),
    Edit("largest_distance", STD, "np.abs(x - mean).max(axis=0)",
         hint="You return the largest distance from the mean. The standard deviation is the root of the mean square."),
    Edit("median_distance", STD, "np.median(np.abs(x - np.median(x, axis=0)), axis=0)",
         hint="You return the median distance. The standard deviation is the root of the mean square."),
    Edit("around_the_median", STD, "np.sqrt(((x - np.median(x, axis=0)) ** 2).mean(axis=0))",
         hint="You subtract the median before you square. Subtract the mean."),
    *(Edit(f"{name}_row_left_out", BODY, f"mean, std = x[{rows}].mean(axis=0), x[{rows}].std(axis=0)",
           hint=f"The {name} row is left out. All examples count.") for name, rows in (("first", "1:"), ("last", ":-1"))),
    Edit("signs_cancel", STD, "np.abs((x - mean).mean(axis=0))",
         hint="You average the distances with their signs, which cancel. Square them first, and take the root."),
    Edit("sum_for_mean", MEAN, "x.sum(axis=0)", hint="You add the rows up. The mean divides by their number."),
    Edit("smallest_and_largest", BODY, "mean, std = x.min(axis=0), x.max(axis=0)",
         hint="You return the smallest and the largest numbers. The task asks for mean and standard deviation."),
    Edit("around_the_first_row", STD, "np.sqrt(((x - x[0]) ** 2).mean(axis=0))",
         hint="For the deviation you subtract the first row. Subtract the mean."),
    Edit("one_over_the_deviation", "return mean, std", "return mean, 1 / std",
         hint="You return one over the deviation. Return the deviation itself: standardize divides by it."),
    Edit("divided_by_N_plus_1", STD, "np.sqrt(((x - mean) ** 2).sum(axis=0) / (len(x) + 1))",
         hint="You divide the squares by N + 1. They are averaged: divide by N."),
    Edit("std_of_rows", STD, "x.std(axis=1)", hint="Your deviation is that of each row. A feature is a column: axis 0."),
    Edit("negative_mean", "return mean, std", "return -mean, std", hint="Your mean has the wrong sign."),
    Edit("median_returned", "return mean, std", "return np.median(x, axis=0), std",
         hint="The median is the middle value; the mean adds up all of them."),
    Edit("ones_for_numpy_zeros", BODY, "mean = x.mean(axis=0)\nstd = x.std(axis=0)\nstd[std == 0] = 1.0",
         hint="You replace a deviation of 0 by 1. Return it as it is: what to do then is standardize's business."),
    Edit("square_of_the_mean", BODY, "mean = x.mean(axis=0)\nstd = np.sqrt(np.maximum((x**2).mean(axis=0) - mean**2, 0))",
         hint="The mean of the squares minus the square of the mean loses all digits where the mean is large. Subtract the mean first, then square."),
]  # fmt: skip


@alternative
def constant_columns_first(x):
    x = np.asarray(x, dtype=np.float64)
    std = x.std(axis=0)
    std[(x == x[0]).all(axis=0)] = 0
    return x.mean(axis=0), std


@alternative
def column_by_column(x):
    mean, std = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for j in range(x.shape[1]):
        column = [float(number) for number in x[:, j]]
        shifted = [number - column[0] for number in column]
        mean[j] = column[0] + sum(shifted) / len(shifted)
        std[j] = (sum((number - mean[j]) ** 2 for number in column) / len(column)) ** 0.5
    return [mean, std]


@alternative
def std_of_the_shifted(x):
    shifted = x.astype(float) - x[-1]
    return x[-1] + np.einsum("nd->d", shifted) / len(x), shifted.std(axis=0)
