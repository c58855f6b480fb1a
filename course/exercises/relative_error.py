"""relative_error: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, probe


@probe("divides the difference of two entries by the sum of their sizes", points=1, rtol=1e-6)
def a_single_pair(relative_error, rng):
    a, b = rng.uniform(0.1, 0.4, size=1), rng.uniform(2.0, 3.0, size=1)
    yield "the error where b is larger", relative_error(a.copy(), b.copy())
    yield "the error where a is larger", relative_error(b.copy(), a.copy())
    yield "the error of another pair", relative_error(a + 1.0, 2.0 * b)
    yield "the error of equal numbers", relative_error(b.copy(), b.copy())


@probe("takes the largest of the errors of all entries", points=1, rtol=1e-6)
def largest_error(relative_error, rng):
    a, b = rng.uniform(1.0, 2.0, size=(2, 6)) + rng.uniform(20.0, 30.0)
    large, small = rng.uniform(50.0, 90.0, size=(3, 4)), rng.uniform(0.5, 0.7, size=(3, 4))
    long, place = rng.normal(size=300) + 5.0, rng.integers(100, 290)
    factors = np.where(np.arange(300) == place, 1.002, 1.0)
    first, second = np.vstack([large, small, large]), np.vstack([large + small, small**2, large])
    yield "the error of two vectors", relative_error(a * [1, 1, 3, 1, 1, 1], b * [1, 1, 1, 1, 2, 1])
    yield "the error where small entries differ most", relative_error(first, second)
    yield "the error where one of 300 entries is wrong", relative_error(long, long * factors)


@probe("counts negative entries by their size, and is 1 for opposite signs", points=1, rtol=1e-6)
def negative_entries(relative_error, rng):
    a, factors = rng.uniform(1.0, 2.0, size=4), rng.uniform(0.5, 0.9, size=4)
    a *= [-1.0, 1.0, -1.0, 1.0]
    yield "the error of equal signs", relative_error(a.copy(), a * factors)
    yield "the error of opposite signs", relative_error(a.copy(), -a * factors)
    yield "the error where one entry is 0", relative_error(a.copy(), a * [0, 1, 1, 1])


@probe("measures pairs of zeros and of tiny numbers against 1e-8", points=1, rtol=1e-6)
def tiny_entries(relative_error, rng):
    tiny = rng.uniform(1e-9, 2e-9, size=(2, 3))
    exponents = np.array([-13.0, -9.0, -8.5, -8.2])
    smaller, larger = 10**exponents, 10 ** (exponents + 0.2)
    yield "the error of zeros", relative_error(np.zeros(3), np.zeros(3))
    yield "the error of tiny numbers", relative_error(*tiny)
    yield "the error of tiny numbers and zeros", relative_error(np.append(tiny[0], 0), np.zeros(4))
    for i in range(4):
        error = relative_error(smaller[i : i + 1], larger[i : i + 1])
        yield f"the error of numbers around 10 to the power of {exponents[i]}", error


@probe("returns one number, leaves its arguments as they were, and keeps nothing between calls",
       points=1, rtol=1e-6)  # fmt: skip
def clean_calls(relative_error, rng):
    a, c, near = rng.uniform(1.0, 1.2, size=(3, 3, 4))
    b, d = a * near, c * near
    b[1, 2] = d[1, 2] = 5.0
    same_a, same_b = a.copy(), b.copy()
    yield "the error", relative_error(a, b)
    yield "a unchanged", np.array_equal(a, same_a)
    yield "b unchanged", np.array_equal(b, same_b)
    yield "the error of other arrays", relative_error(c, d)
    yield "the error of the first arrays again", relative_error(same_a, same_b)


@probe("works for any shape, part of a larger array, and very large numbers", points=1, hidden=True,
       rtol=1e-6)  # fmt: skip
def unusual_arrays(relative_error, rng):
    size = int(rng.integers(3, 6))
    a, b = rng.uniform(1.0, 2.0, size=(2, size, 2 * size))
    factors = rng.uniform(0.8, 0.9, size=(3, size, 2 * size))
    yield "the error of large numbers", relative_error(1e9 * a[0, :1], 1e9 * b[0, :1])
    yield "the error of arrays with three axes", relative_error(factors, factors * factors[::-1])
    yield "the error of every other column", relative_error(a.copy()[:, ::2], -1e6 * b[:, ::2])
    yield "the error of transposed arrays", relative_error(a.copy().T, b.copy().T)


SIZE = "np.maximum(np.abs(a) + np.abs(b), 1e-8)"
RATIO = "(np.abs(a - b) / size).max().item()"
BUGS = [
    Edit("no_floor", SIZE, "np.abs(a) + np.abs(b)",
         hint="Two zeros give 0/0 here. The size of a pair is at least 1e-8."),
    Edit("nan_becomes_zero", RATIO, "np.nan_to_num(np.abs(a - b) / (np.abs(a) + np.abs(b))).max().item()",
         hint="You turn the NaN of two zeros into 0, but tiny numbers are still compared with their own "
         "size. The size of a pair is at least 1e-8."),
    Edit("never_below_one", "1e-8", "1.0",
         hint="Your size is at least 1, so small entries are not compared with their own size. The "
         "lower bound is 1e-8."),
    Edit("floor_is_added", SIZE, "np.abs(a) + np.abs(b) + 1e-8",
         hint="You add 1e-8 to the size. It should be the larger of the two, so that pairs of ordinary "
         "size stay as they are."),
    Edit("floor_for_each", SIZE, "np.maximum(np.abs(a), 1e-8) + np.maximum(np.abs(b), 1e-8)",
         hint="You bound each entry by 1e-8 and then add. It is their sum that counts as at least 1e-8."),
    Edit("smaller_floor", "1e-8", "1e-12",
         hint="Your lower bound for the size of a pair is not the 1e-8 of the task."),
    Edit("floor_of_1e8", "1e-8", "1e8",
         hint="1e8 is a hundred million. The floor is 1e-8."),
    Edit("smaller_of_the_two", "np.maximum", "np.minimum",
         hint="You take the smaller of the size and 1e-8. The floor takes over where the size is below it: "
         "take the larger."),
    Edit("larger_of_the_two", SIZE, "np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-8)",
         hint="You compare with the larger of the two entries. Here the size of a pair is the sum of "
         "both absolute values, so the error never exceeds 1."),
    Edit("smaller_entry", SIZE, "np.maximum(np.minimum(np.abs(a), np.abs(b)), 1e-8)",
         hint="You compare with the smaller of the two entries. Here the size of a pair is the sum of both "
         "absolute values."),
    Edit("mean_size", SIZE, "np.maximum((np.abs(a) + np.abs(b)) / 2, 1e-8)",
         hint="You compare with the mean of the two absolute values, and get twice the error. Here the "
         "size of a pair is their sum."),
    Edit("size_of_a", SIZE, "np.maximum(np.abs(a), 1e-8)",
         hint="You compare with the size of a alone. Neither argument is the right one: add both "
         "absolute values."),
    Edit("size_of_b", SIZE, "np.maximum(np.abs(b), 1e-8)",
         hint="You compare with the size of b alone. Neither argument is the right one: add both "
         "absolute values."),
    Edit("size_of_the_sum", SIZE, "np.maximum(np.abs(a + b), 1e-8)",
         hint="With opposite signs a + b nearly vanishes. Take each absolute value first, then add."),
    Edit("no_abs_in_the_size", SIZE, "np.maximum(a + b, 1e-8)",
         hint="Negative entries make your size negative, and the bound takes over. The size is made of "
         "absolute values."),
    Edit("euclidean_size", SIZE, "np.maximum(np.sqrt(a**2 + b**2), 1e-8)",
         hint="You take the root of the squares as the size of a pair; here it is the sum of the "
         "absolute values."),
    Edit("absolute_error", RATIO, "np.abs(a - b).max().item()",
         hint="That is the absolute error. Whether 0.01 is much depends on the size of the entries: "
         "divide by it."),
    Edit("no_abs_in_the_difference", "np.abs(a - b)", "(a - b)",
         hint="Where b is larger than a, your difference is negative and the maximum overlooks it. Take "
         "its absolute value."),
    Edit("difference_of_sizes", "np.abs(a - b)", "np.abs(np.abs(a) - np.abs(b))",
         hint="You subtract absolute values, so opposite signs look equal. Subtract first, then take "
         "the absolute value."),
    Edit("squared", RATIO, "((a - b) ** 2 / size**2).max().item()",
         hint="You square the ratios. The task asks for the differences themselves, without a square."),
    Edit("squared_sizes", RATIO, "((a - b) ** 2 / np.maximum(a**2 + b**2, 1e-8)).max().item()",
         hint="You square difference and sizes. Take absolute values instead."),
    Edit("mean", ".max()", ".mean()",
         hint="You average over the entries, and one wrong entry among many disappears. Take the "
         "largest."),
    Edit("median", RATIO, "np.median(np.abs(a - b) / size).item()",
         hint="The median overlooks a few wrong entries. Take the largest error."),
    Edit("length_of_the_errors", RATIO, "np.linalg.norm(np.abs(a - b) / size).item()",
         hint="np.linalg.norm adds up the squares of all errors. Take the largest error."),
    Edit("sum", ".max()", ".sum()",
         hint="You add the errors of all entries. The task asks for the largest of them."),
    Edit("smallest", ".max()", ".min()",
         hint="You return the smallest error. The check is as good as its worst entry: the largest."),
    Edit("first_entry", ".max()", ".ravel()[0]",
         hint="You look at the first entry only. Every entry counts: take the largest error."),
    Edit("error_of_each_entry", ".max().item()", "",
         hint="You return the error of every entry. The task asks for one number: the largest."),
    Edit("error_of_each_column", ".max().item()", ".max(axis=0)",
         hint="Your maximum runs over axis 0 only. The task asks for one number for the whole array."),
    Edit("where_it_is", ".max()", ".argmax()",
         hint="argmax says where the largest error is. Return the error itself."),
    Edit("largest_difference_and_size", RATIO, "np.abs(a - b).max().item() / size.max().item()",
         hint="You divide the largest difference by the largest size, which may belong to different "
         "entries. Divide entry by entry, then take the largest."),
    Edit("largest_of_each", RATIO,
         "np.abs(a - b).max().item() / max(np.abs(a).max().item() + np.abs(b).max().item(), 1e-8)",
         hint="You divide the largest difference by the largest size, which may belong to different "
         "entries. Divide entry by entry, then take the largest."),
    Edit("ratio_of_norms", RATIO,
         "(np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-8)).item()",
         hint="You compare the lengths of whole arrays, and large entries hide the errors of small ones. "
         "Divide entry by entry, then take the largest."),
    *(Edit(f"ratio_of_norms_{i}", RATIO, f"(np.linalg.norm(a - b) / {size}).item()",
           hint="You compare the lengths of whole arrays, and large entries hide the errors of small ones. "
           "Divide entry by entry, then take the largest.")
      for i, size in enumerate((
          "max(np.linalg.norm(a), np.linalg.norm(b), 1e-8)", "max(np.linalg.norm(a), 1e-8)",
          "max(np.linalg.norm(b), 1e-8)", "(np.linalg.norm(a) + np.linalg.norm(b) + 1e-8)",
          "(max(np.linalg.norm(a), np.linalg.norm(b)) + 1e-8)", "(np.linalg.norm(b) + 1e-8)"))),
    Edit("ratio_of_sums", RATIO, "np.abs(a - b).sum().item() / max(size.sum().item(), 1e-8)",
         hint="You divide sums by sums, and large entries hide the errors of small ones. Divide entry "
         "by entry, then take the largest."),
    Edit("in_percent", RATIO, "100 * (np.abs(a - b) / size).max().item()",
         hint="Your error is in percent. The task counts opposite signs as 1, not as 100."),
    Edit("in_place", "np.abs(a - b)", "np.abs(np.subtract(a, b, out=a))",
         hint="You write the difference into a: the caller's array changes too. Make a new array."),
]  # fmt: skip


@alternative
def entry_by_entry(a, b):
    worst = 0.0
    for p, q in zip(a.ravel(), b.ravel(), strict=True):
        size = abs(p) + abs(q)
        worst = max(worst, abs(p - q) / (size if size > 1e-8 else 1e-8))
    return worst


@alternative
def by_where(a, b):
    size = np.abs(a) + np.abs(b)
    ratios = np.abs(b - a) / np.where(size < 1e-8, 1e-8, size)
    return float(np.max(ratios))


@alternative
def clipped_and_sorted(a, b):
    size = np.clip(abs(a) + abs(b), 1e-8, None)
    return np.sort((np.maximum(a, b) - np.minimum(a, b)) / size, axis=None)[-1]


@alternative
def norm_of_the_ratios(a, b):
    ratios = (a - b) / np.fmax(1e-8, np.add(np.fabs(a), np.fabs(b)))
    return np.linalg.norm(ratios.ravel(), np.inf)


@alternative
def by_index(a, b):
    size = np.stack([np.abs(a) + np.abs(b), np.full(a.shape, 1e-8)]).max(axis=0)
    index = np.unravel_index(np.argmax(np.abs(a - b) / size), a.shape)
    return np.abs(a[index] - b[index]) / size[index]
