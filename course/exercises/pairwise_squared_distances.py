"""pairwise_squared_distances: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def points(rng, num_a, num_b, num_coordinates):
    """Two sets of points around different centres."""
    a = rng.normal(size=(num_a, num_coordinates)) + 0.5
    return a, 1.5 * rng.normal(size=(num_b, num_coordinates)) - 0.5


@probe("gives every row of a its distances to all rows of b", points=1, rtol=1e-6, atol=1e-6)
def two_sets(distances, rng):
    yield "the result for 4 and 6 points", distances(*points(rng, 4, 6, 3))
    yield "the result for 7 and 3 points", distances(*points(rng, 7, 3, 5))
    yield "the result for one point each", distances(*points(rng, 1, 1, 4))


@probe("keeps rows, points and coordinates apart, also where there are as many of each", points=1,
       rtol=1e-6, atol=1e-6)  # fmt: skip
def all_sizes_equal(distances, rng):
    yield "the result for 5 and 5 points of 5 coordinates", distances(*points(rng, 5, 5, 5))
    yield "the result for 4 and 4 points of 2 coordinates", distances(*points(rng, 4, 4, 2))
    yield "the result for 3 and 6 points of 6 coordinates", distances(*points(rng, 3, 6, 6))


@probe("gives 0 for equal points, and for no others", points=1, rtol=1e-6, atol=1e-6)
def equal_points(distances, rng):
    a = rng.normal(size=(5, 3))
    b = np.concatenate([a[[3, 0]], rng.normal(size=(2, 3)), a[[0]]])
    yield "the result for points of which some are in both sets", distances(a.copy(), b.copy())
    yield "the result for a set and itself", distances(*[a.copy()] * 2)
    yield "the result for another set and itself reversed", distances(b.copy(), b[::-1].copy())


@probe("keeps all digits, for points that are near or far", points=1, atol=1e-24)
def all_digits(distances, rng):
    a, b = points(rng, 3, 4, 5)
    yield "the result for ordinary points", distances(a.copy(), b.copy())
    yield "the result for points near 0", distances(1e-6 * a, 1e-6 * b)
    yield "the result for points far away", distances(1e5 * a, 1e5 * b)


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6,
       atol=1e-6)  # fmt: skip
def clean_calls(distances, rng):
    a, b = points(rng, 3, 4, 2)
    same_a, same_b = a.copy(), b.copy()
    yield "the result", distances(a, b)
    yield "a unchanged", np.array_equal(a, same_a)
    yield "b unchanged", np.array_equal(b, same_b)
    yield "the result for other points", distances(*points(rng, 3, 4, 2))
    yield "the result for the first points again", distances(same_a, same_b)


@probe("works for any sizes, a single point or coordinate, float32, whole numbers and parts of arrays",
       points=1, hidden=True, rtol=1e-4, atol=1e-4)  # fmt: skip
def unusual_input(distances, rng):
    size = int(rng.integers(3, 8))
    a, b = points(rng, size + 1, size, 2 * size)
    single = [table.astype(np.float32) for table in points(rng, size, size + 2, 3)]
    yield "the result for other sizes", distances(a.copy(), b.copy())
    yield "the result for a single point in a", distances(*points(rng, 1, size, 3))
    yield "the result for a single point in b", distances(*points(rng, size, 1, 3))
    yield "the result for a single coordinate", distances(*points(rng, size, size + 2, 1))
    yield "the result for many points", distances(*points(rng, 70, 12, 3))
    yield "the result for many coordinates", distances(*points(rng, 2, 3, 200))
    yield "the result in float32", distances(*single)
    yield (
        "the result for whole numbers in a",
        distances(np.arange(2 * size).reshape(size, 2), b.copy()[:, :2]),
    )
    yield "the result for every other coordinate", distances(a.copy()[:, ::2], b.copy()[:, ::2])
    yield "the result for transposed arrays", distances(a.copy()[:size].T, b.copy().T)


DIFFERENCES = "a[:, np.newaxis, :] - b[np.newaxis, :, :]"
SQUARES, SUM, WHOLE = "(differences**2)", ".sum(axis=2)", "(differences**2).sum(axis=2)"
EXPANSION = "a**2 - 2*a*b + b**2"
BUGS = [
    Edit("root", SUM, f"{SUM} ** 0.5",
         hint="You take a root (np.linalg.norm does that too). The task asks for squared distances."),
    Edit("fourth_power", SQUARES, "(differences**4)", hint="You square twice. Once is enough."),
    Edit("square_of_the_distance", SUM, f"{SUM} ** 2", hint="You square the squared distances once more."),
    Edit("absolute", SQUARES, "np.abs(differences)",
         hint="You add absolute differences (that is the Manhattan distance). Square them instead."),
    Edit("square_of_the_absolute_sum", WHOLE, "np.abs(differences).sum(axis=2) ** 2",
         hint="You add up absolute differences and square the sum. Square each difference first, then add up."),
    Edit("no_square", SQUARES, "differences", hint="The square is missing: differences of either sign cancel."),
    Edit("square_of_the_sum", WHOLE, "differences.sum(axis=2) ** 2",
         hint="You add up first and square then, so that differences of either sign cancel. Square each one first."),
    Edit("doubled_differences", SQUARES, "(differences * 2)",
         hint="You multiply the differences by 2. In NumPy a square is ** 2."),
    Edit("mean", SUM, ".mean(axis=2)",
         hint="You average over the coordinates. The squared distance is their sum."),
    Edit("root_of_the_mean", WHOLE, "np.sqrt((differences**2).mean(axis=2))",
         hint="You average over the coordinates and take a root. The squared distance is their sum."),
    Edit("half", SUM, f"{SUM} / 2", hint="Your distances are half of the right ones. There is no factor one half."),
    Edit("largest_coordinate", SUM, ".max(axis=2)",
         hint="You take the largest coordinate's square. The squared distance adds up all of them."),
    Edit("summed_over_a", SUM, ".sum(axis=0)",
         hint="You add up over the points of a (axis 0). The coordinates lie along the last axis."),
    Edit("summed_over_b", SUM, ".sum(axis=1)",
         hint="You add up over the points of b (axis 1). The coordinates lie along the last axis."),
    Edit("not_summed", SUM, "",
         hint="You return a square for each coordinate. Add them up, for each pair of points."),
    Edit("summed_to_a_number", SUM, ".sum()",
         hint="You add up everything. Every pair of points has a number of its own: sum over the coordinates only."),
    Edit("total_distance_of_a", WHOLE, f"{WHOLE}.sum(axis=1)",
         hint="You add up the distances of each point of a. Every pair of points has a number of its own."),
    Edit("keeps_an_axis", SUM, ".sum(axis=2, keepdims=True)",
         hint="There is an axis too many: shape (N, M, 1). The sum over the coordinates takes their axis away."),
    Edit("running_total", WHOLE, "np.cumsum((differences**2).sum(axis=2)).reshape(len(a), len(b))",
         hint="Each pair's sum contains those of the pairs before: set the running sum back to 0 for each pair."),
    Edit("running_total_of_a_row", WHOLE, f"{WHOLE}.cumsum(axis=1)",
         hint="Each pair's sum contains those of the pairs before: set the running sum back to 0 for each pair."),
    Edit("nearest", WHOLE, f"{WHOLE}.argmin(axis=1)",
         hint="You return which point of b is nearest. The task asks for all distances."),
    Edit("flat", WHOLE, f"{WHOLE}.ravel()",
         hint="Your distances are strung together. Put them into rows: shape (N, M)."),
    Edit("transposed", DIFFERENCES, "a[np.newaxis, :, :] - b[:, np.newaxis, :]",
         hint="Your result is transposed: each point of a gets a row, each point of b a column."),
    Edit("transposed_if_as_many", WHOLE, f"{WHOLE} if len(a) != len(b) else {WHOLE}.T",
         hint="Where a and b have as many points, your result is transposed: each point of a gets a row, each point of "
         "b a column."),
    Edit("added", "] - b[", "] + b[", hint="You add two points' coordinates, or the mixed term 2*a*b. What counts is the difference of the points."),
    Edit("multiplied", SQUARES, "(a[:, np.newaxis, :] * b[np.newaxis, :, :])",
         hint="You multiply the points' coordinates (that is the dot product). Square their differences."),
    Edit("difference_of_squares", SQUARES, "(a[:, np.newaxis, :] ** 2 - b[np.newaxis, :, :] ** 2)",
         hint="You square before subtracting. First the difference, then its square; or is the mixed term 2*a*b of "
         f"{EXPANSION} missing?"),
    Edit("mixed_term_missing", SQUARES, "(a[:, np.newaxis, :] ** 2 + b[np.newaxis, :, :] ** 2)",
         hint=f"The mixed term is missing: {EXPANSION}."),
    Edit("mixed_term_once", SQUARES, "(a[:, np.newaxis, :] ** 2 + b[np.newaxis, :, :] ** 2 - a[:, np.newaxis, :] * b)",
         hint=f"The factor 2 of the mixed term is missing: {EXPANSION}."),
    Edit("without_the_square_of_a", SQUARES, "(b[np.newaxis, :, :] ** 2 - 2 * a[:, np.newaxis, :] * b)",
         hint=f"The square of a is missing: {EXPANSION}."),
    Edit("without_the_square_of_b", SQUARES, "(a[:, np.newaxis, :] ** 2 - 2 * a[:, np.newaxis, :] * b)",
         hint=f"The square of b is missing: {EXPANSION}."),
    Edit("square_of_b_subtracted", SQUARES, "(a[:, np.newaxis, :] ** 2 - 2 * a[:, np.newaxis, :] * b - b**2)",
         hint=f"The square of b has the wrong sign: {EXPANSION}."),
    Edit("only_the_mixed_term", SQUARES, "(-2 * a[:, np.newaxis, :] * b)",
         hint=f"The two squares are missing: {EXPANSION}."),
    Edit("absolute_mixed_term", SQUARES, "(a[:, np.newaxis, :] ** 2 - 2 * np.abs(a[:, np.newaxis, :] * b) + b**2)",
         hint="You use the coordinates without their signs. The difference of -1 and 1 is 2, not 0."),
    Edit("among_a", "b[np.newaxis, :, :]", "np.resize(a, b.shape)",
         hint="Your distances are among the points of a. b is not used."),
    Edit("a_with_a", "b[np.newaxis, :, :]", "a[np.newaxis, :, :]",
         hint="Your distances are among the points of a. b is not used."),
    Edit("length_of_a", "- b[np.newaxis, :, :]", "- 0 * b[np.newaxis, :, :]",
         hint="Your numbers do not depend on b. What counts is the difference between two points."),
    Edit("length_of_b", "a[:, np.newaxis, :]", "0 * a[:, np.newaxis, :]",
         hint="Your numbers do not depend on a. What counts is the difference between two points."),
    Edit("first_point_of_b", WHOLE, f"np.repeat({WHOLE}[:, :1], len(b), axis=1)",
         hint="You use the first point of b for all columns."),
    Edit("first_point_of_a", WHOLE, f"np.repeat({WHOLE}[:1], len(a), axis=0)",
         hint="You use the first point of a for all rows."),
    Edit("pairs_only", WHOLE, "((a[: min(len(a), len(b))] - b[: min(len(a), len(b))]) ** 2).sum(axis=1)",
         hint="You compare row i of a with row i of b only. Every row of a meets every row of b: N times M pairs."),
    *(Edit(f"pairs_{i}", WHOLE, new,
           hint="You compare row i of a with row i of b only. Every row of a meets every row of b: N times M pairs.")
      for i, new in enumerate((
          "((a - b) ** 2).sum(axis=1)", "((a - b) ** 2).sum(axis=1, keepdims=True)", f"{WHOLE} * np.eye(len(a), len(b))",
          "np.diag(np.diag((differences**2).sum(axis=2)))",
          "np.array([((p - q) ** 2).sum() for p, q in zip(a, b)])"))),
    Edit("first_coordinate", SUM, "[:, :, 0]",
         hint="Only the first coordinate counts in your distances. Add up over all of them."),
    Edit("two_coordinates", WHOLE, "(differences[:, :, :2] ** 2).sum(axis=2)",
         hint="Only the first two coordinates count in your distances. There may be more, or one alone."),
    Edit("without_the_first_coordinate", WHOLE, "(differences[:, :, 1:] ** 2).sum(axis=2)",
         hint="The first coordinate does not count in your distances. Python counts from 0."),
    Edit("all_but_the_last_coordinate", WHOLE, "(differences[:, :, :-1] ** 2).sum(axis=2)",
         hint="The last coordinate does not count in your distances: does a loop end one too early?"),
    Edit("without_the_last_coordinate", WHOLE, "(differences[:, :, : max(differences.shape[2] - 1, 1)] ** 2).sum(axis=2)",
         hint="The last coordinate does not count in your distances: does a loop end one too early?"),
    Edit("last_coordinate_alone", SUM, "[:, :, -1]",
         hint="Only the last coordinate counts in your distances, as if each overwrote the one before. Add them up."),
    Edit("first_row_only", WHOLE, f"{WHOLE} * (np.arange(len(a)) == 0)[:, np.newaxis]",
         hint="Only the first row is filled: is there a return inside the loop?"),
    *(Edit(f"triangle_{i}", WHOLE, f"np.{part.replace('D', WHOLE)}",
           hint="Half of your table is 0. a and b are different sets, so the distance from i to j is not that from j to i.")
      for i, part in enumerate(("triu(D)", "triu(D, 1)", "tril(D)", "tril(D, -1)"))),
    Edit("mirrored", WHOLE, f"np.triu(d := {WHOLE}) + np.triu(d, 1).T if len(a) == len(b) else {WHOLE}",
         hint="You mirror your table on its diagonal. a and b are different sets, so the distance from i to j is not "
         "that from j to i."),
    Edit("zero_diagonal", WHOLE, f"{WHOLE} * (1 - np.eye(len(a), len(b)))",
         hint="Your diagonal is 0. Point i of a and point i of b are different points, unless a and b are the same."),
    *(Edit(f"unit_length_{i}", WHOLE, new, hint="You scale the points to length 1 first, as for the cosine. Their lengths count here.")
      for i, new in enumerate((
          "((a / np.linalg.norm(a, axis=1, keepdims=True))[:, None] - b / np.linalg.norm(b, axis=1, keepdims=True)) ** 2 @ np.ones(a.shape[1])",
          "1 - (a @ b.T) / np.linalg.norm(a, axis=1)[:, None] / np.linalg.norm(b, axis=1)",
          "(a @ b.T) / np.linalg.norm(a, axis=1)[:, None] / np.linalg.norm(b, axis=1)"))),
    Edit("centred_apart", WHOLE, "((a - a.mean(axis=0))[:, None] - (b - b.mean(axis=0))) ** 2 @ np.ones(a.shape[1])",
         hint="You subtract each set's own mean, which moves the sets towards each other. Compare the points as they are."),
    Edit("without_the_last_row", WHOLE, f"{WHOLE} * (np.arange(len(a)) < len(a) - 1)[:, np.newaxis]",
         hint="The last row is 0: does a loop end one too early?"),
    Edit("without_the_last_point", WHOLE, f"{WHOLE} * (np.arange(len(b)) < len(b) - 1)",
         hint="The last column is 0: does a loop end one too early?"),
    Edit("reversed_b", "b[np.newaxis, :, :]", "b[np.newaxis, ::-1, :]",
         hint="Your columns are in reverse order. Column j belongs to row j of b."),
    Edit("sorted", WHOLE, f"np.sort({WHOLE}, axis=1)",
         hint="You sort the distances. Column j belongs to row j of b."),
    Edit("similarity", WHOLE, f"np.exp(-{WHOLE})",
         hint="Your numbers get smaller with the distance (exp of its negative). The task asks for the distances."),
    Edit("negative", WHOLE, f"-{WHOLE}", hint="Your distances are negative. A sum of squares has no minus sign."),
    Edit("type_of_a", WHOLE, f"{WHOLE}.astype(a.dtype)",
         hint="Your results have the type of a (dtype=a.dtype and zeros_like do that): if a holds whole numbers, the digits "
         "behind the point are cut off. Distances are float64."),
    Edit("adds_epsilon", WHOLE, f"{WHOLE} + 1e-8",
         hint="You add a small constant. Equal points have the distance 0, exactly."),
    Edit("rounds", WHOLE, f"{WHOLE}.round(4)",
         hint="You round the distances. Keep all digits; round only when you print."),
]  # fmt: skip


NORMS_A, NORMS_B = "np.linalg.norm(a, axis=1)[:, None]", "np.linalg.norm(b, axis=1)"
OTHERS = {  # other distances, and other ways to miss the right one
    "You compare the lengths of the points only. Two points of the same length can be far apart: subtract coordinates.": {
        "difference_of_lengths": f"({NORMS_A} - {NORMS_B}) ** 2", "difference_of_square_lengths": f"({NORMS_A} ** 2 - {NORMS_B} ** 2) ** 2",
        "difference_of_squares_without_sign": f"np.abs({NORMS_A} ** 2 - {NORMS_B} ** 2)", "distance_of_lengths": f"np.abs({NORMS_A} - {NORMS_B})"},
    f"The lengths in the expansion are not squared (np.linalg.norm takes a root): {EXPANSION}.": {
        "lengths_not_squared": f"{NORMS_A} + {NORMS_B} - 2 * a @ b.T", "length_of_a_not_squared": f"{NORMS_A} + {NORMS_B} ** 2 - 2 * a @ b.T",
        "length_of_b_not_squared": f"{NORMS_A} ** 2 + {NORMS_B} - 2 * a @ b.T"},
    "You scale the coordinates first (by their spread or range). Every coordinate counts as it is.": {
        "standardised_together": "(differences**2 / np.concatenate([a, b]).var(axis=0)).sum(axis=2)",
        "divided_by_spread": "(differences**2 / (np.concatenate([a, b]).std(axis=0) + 1e-12) ** 2).sum(axis=2)",
        "by_spread_of_a": "(differences**2 / a.var(axis=0)).sum(axis=2)", "by_spread_of_b": "(differences**2 / b.var(axis=0)).sum(axis=2)",
        "by_range": "(differences**2 / np.ptp(np.concatenate([a, b]), axis=0) ** 2).sum(axis=2)"},
    "Differences of one sign do not count in your distances. Either sign counts.": {
        "a_above_b": "(np.maximum(differences, 0) ** 2).sum(axis=2)", "a_below_b": "(np.minimum(differences, 0) ** 2).sum(axis=2)"},
    "Your loop over the coordinates ends at the number of points. Add up over all coordinates.": {
        "as_many_coordinates_as_in_a": "(differences[:, :, : len(a)] ** 2).sum(axis=2)", "as_many_coordinates_as_in_b": "(differences[:, :, : len(b)] ** 2).sum(axis=2)"},
    "Your numbers are the same along a row: the point of b does not change with the column (b[i] for b[j]?).": {
        "row_of_b_by_i": "np.repeat(((a - b[np.arange(len(a)) % len(b)]) ** 2).sum(axis=1)[:, None], len(b), axis=1)",
        "row_of_b_by_i_or_crash": "np.repeat(((a - b[np.arange(len(a))]) ** 2).sum(axis=1)[:, None], len(b), axis=1)",
        "last_point_of_b": "np.repeat((differences**2).sum(axis=2)[:, -1:], len(b), axis=1)"},
    "Your numbers are the same along a column: the point of a does not change with the row (a[j] for a[i]?).": {
        "row_of_a_by_j": "np.repeat(((a[np.arange(len(b)) % len(a)] - b) ** 2).sum(axis=1)[None], len(a), axis=0)",
        "row_of_a_by_j_or_crash": "np.repeat(((a[np.arange(len(b))] - b) ** 2).sum(axis=1)[None], len(a), axis=0)",
        "last_point_of_a": "np.repeat((differences**2).sum(axis=2)[-1:], len(a), axis=0)"},
    "You measure distances to a set's mean. Every pair of points has a distance of its own.": {
        "to_the_mean_of_b": "np.repeat(((a - b.mean(axis=0)) ** 2).sum(axis=1)[:, None], len(b), axis=1)",
        "to_the_mean_of_a": "np.repeat(((a.mean(axis=0) - b) ** 2).sum(axis=1)[None], len(a), axis=0)"},
    "You repeat both sets in the same way, so that the same pairs come again and others never. Repeat each row of a, and the whole of b.": {
        "tiled_both": "((np.tile(a, (len(b), 1)) - np.tile(b, (len(a), 1))) ** 2).sum(axis=1).reshape(len(a), len(b))",
        "repeated_both": "((np.repeat(a, len(b), axis=0) - np.repeat(b, len(a), axis=0)) ** 2).sum(axis=1).reshape(len(a), len(b))"},
    "reshape keeps the numbers in their order; it does not turn rows into columns. All points of b come for the first of a, then for the second.": {
        "reshaped": "(differences**2).sum(axis=2).reshape(len(b), len(a))", "reshaped_transposed": "(differences**2).sum(axis=2).T.reshape(len(a), len(b))"},
    "That is another distance (third powers, or the largest difference). Add up the squares of the differences.": {
        "third_powers": "np.abs(differences**3).sum(axis=2)", "third_powers_with_signs": "(differences**3).sum(axis=2)",
        "largest_difference": "np.abs(differences).max(axis=2)", "smallest_difference": "(differences**2).min(axis=2)",
        "middle_difference": "np.median(differences**2, axis=2)", "root_of_absolute": "np.sqrt(np.abs(differences)).sum(axis=2)",
        "absolute_mean": "np.abs(differences).mean(axis=2)"},
    "You count in how many coordinates the points differ. It matters how far.": {
        "hamming": "(a[:, None] != b).sum(axis=2)", "hamming_share": "(a[:, None] != b).mean(axis=2)"},
    "You divide the differences by the size of the coordinates. They count as they are.": {
        "canberra": "(np.abs(differences) / (np.abs(a[:, None]) + np.abs(b))).sum(axis=2)", "relative": "(differences**2 / b**2).sum(axis=2)"},
    "You multiply a by b itself. For the mixed term every row of a meets every row of b: transpose b.": {
        "product_not_transposed": "(a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b",
        "product_not_transposed_if_square": "(a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ (b if len(a) == len(b) == a.shape[1] else b.T)"},
    "You turn the distances into similarities (exp, or 1 / (1 + d)). The task asks for the distances.": {
        "gaussian": "np.exp(-(differences**2).sum(axis=2) / 2)", "inverse": "1 / (1 + (differences**2).sum(axis=2))"},
    "You divide by a number of points, or by a root. The squared distance is the plain sum over the coordinates.": {
        "by_points_of_a": "(differences**2).sum(axis=2) / len(a)", "by_points_of_b": "(differences**2).sum(axis=2) / len(b)",
        "by_root_of_coordinates": "(differences**2).sum(axis=2) / np.sqrt(a.shape[1])", "by_one_less": "(differences**2).sum(axis=2) / max(a.shape[1] - 1, 1)",
        "by_largest": "(differences**2).sum(axis=2) / (differences**2).sum(axis=2).max()"},
    "Your distances are twice the right ones. Each coordinate counts once.": {"twice": "2 * (differences**2).sum(axis=2)"},
    "You multiply the coordinates' squares. Add them up.": {"product": "(differences**2).prod(axis=2)", "product_of_differences": "differences.prod(axis=2)"},
    "You sort the coordinates of each point. Coordinate d of a belongs with coordinate d of b.": {
        "sorted_coordinates": "((np.sort(a, axis=1)[:, None] - np.sort(b, axis=1)) ** 2).sum(axis=2)"},
    "You sort the points first. Row i belongs to row i of a, and column j to row j of b.": {
        "sorted_points": "((np.sort(a, axis=0)[:, None] - np.sort(b, axis=0)) ** 2).sum(axis=2)"},
    "You compute with whole numbers (int), which cuts off the digits behind the point.": {
        "whole_differences": "(differences.astype(int) ** 2).sum(axis=2)", "whole_distances": "(differences**2).sum(axis=2).astype(int)"},
    "You return the nearest point's distance only. The task asks for the distance to every point.": {
        "smallest": "(differences**2).sum(axis=2).min(axis=1)", "smallest_alone": "(d := (differences**2).sum(axis=2)) * (d == d.min(axis=1, keepdims=True))"},
    "You compare every coordinate with every other. A point's coordinates belong together: add up over them.": {
        "all_coordinates": "(a.reshape(-1, 1) - b.ravel()) ** 2"},
    "The first row or column is 0. Python counts from 0.": {
        "without_first_row": "(differences**2).sum(axis=2) * (np.arange(len(a)) > 0)[:, None]", "without_first_point_of_b": "(differences**2).sum(axis=2) * (np.arange(len(b)) > 0)"},
}  # fmt: skip
BUGS += [
    Edit(name, WHOLE, new, hint) for hint, ways in OTHERS.items() for name, new in ways.items()
]


@bug(
    "The squares of b are added along the wrong axis: one for each row, where each column needs its own."
)
def squares_of_b_in_rows(a, b):
    return (a**2).sum(1)[:, None] - 2 * a @ b.T + np.resize((b**2).sum(1), len(a))[:, None]


@bug(
    "The squares of a are added along the wrong axis: one for each column, where each row needs its own."
)
def squares_of_a_in_columns(a, b):
    return np.resize((a**2).sum(1), len(b)) - 2 * a @ b.T + (b**2).sum(1)


@bug("You mirror your table on its diagonal. a and b are different sets, so the distance from i to j "
     "is not that from j to i.")  # fmt: skip
def mirrored_in_a_loop(a, b):
    table = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(i, len(b)):
            table[i, j] = table[j, i] = ((a[i] - b[j]) ** 2).sum()
    return table


@bug("You mirror your table on its diagonal. a and b are different sets, so the distance from i to j "
     "is not that from j to i.")  # fmt: skip
def mirrored_within_the_table(a, b):
    distances, size = ((a[:, None] - b) ** 2).sum(axis=-1), min(len(a), len(b))
    table = np.triu(distances)
    table[:size, :size] += np.triu(distances[:size, :size], 1).T
    return table


SIZE = "Your table has the wrong size. It has a row for each point of a, and a column for each point of b."


@bug(SIZE)
def as_many_columns_as_rows(a, b):
    return np.array([[((a[i] - b[j]) ** 2).sum() for j in range(len(a))] for i in range(len(a))])


@bug(SIZE)
def as_many_rows_as_columns(a, b):
    return np.array([[((a[i] - b[j]) ** 2).sum() for j in range(len(b))] for i in range(len(b))])


@bug(SIZE)
def sizes_exchanged(a, b):
    table = np.zeros((len(b), len(a)))
    for i in range(len(a)):
        for j in range(len(b)):
            table[i, j] = ((a[i] - b[j]) ** 2).sum()
    return table


@bug(SIZE)
def square_table(a, b):
    table = np.zeros((len(a), len(a)))
    for i in range(len(a)):
        for j in range(len(b)):
            table[i, j] = ((a[i] - b[j]) ** 2).sum()
    return table


LEFT = (
    "You subtract in place (-=), so the next point is subtracted from what is left of the one before, and the caller's "
    "array changes. Make a new array of differences each time."
)  # fmt: skip


@bug(LEFT)
def subtracts_from_a(a, b):
    columns = []
    for row in b:
        a -= row
        columns.append((a**2).sum(axis=1))
    return np.stack(columns, axis=1)


@bug(LEFT)
def subtracts_from_b(a, b):
    rows = []
    for row in a:
        b -= row
        rows.append((b**2).sum(axis=1))
    return np.stack(rows)


@bug("You write into a: the caller's array changes too. Make a new one.")
def centres_a(a, b):
    centre = b.mean(axis=0)
    a -= centre
    return ((a[:, None] - (b - centre)) ** 2).sum(axis=-1)


@bug("You write into b: the caller's array changes too. Make a new one.")
def centres_b(a, b):
    centre = a.mean(axis=0)
    b -= centre
    return (((a - centre)[:, None] - b) ** 2).sum(axis=-1)


@alternative
def pair_by_pair(a, b):
    distances = np.zeros((len(a), len(b)))
    for i in range(len(a)):
        for j in range(len(b)):
            for d in range(a.shape[1]):
                distances[i, j] += (float(a[i, d]) - float(b[j, d])) ** 2
    return distances


@alternative
def by_expansion(a, b):
    return (a**2).sum(axis=1, keepdims=True) - 2 * a @ b.T + (b**2).sum(axis=1)


@alternative
def row_by_row(a, b):
    return np.stack([np.square(np.subtract(b, row)).sum(axis=1) for row in a])


@alternative
def by_einsum(a, b):
    gaps = b[None, :, :] - a[:, None, :]
    return np.einsum("nmd,nmd->nm", gaps, gaps)


@alternative
def squared_norm(a, b):
    return np.linalg.norm(a[:, None].astype(float) - b[None], axis=-1) ** 2


@alternative
def expansion_made_non_negative(a, b):
    squares = np.add.outer(np.einsum("nd,nd->n", a, a), np.einsum("md,md->m", b, b))
    return np.maximum(squares - 2.0 * np.dot(a, b.T), 0.0)
