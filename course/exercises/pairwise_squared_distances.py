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


@probe("works for any sizes, a single point or coordinate, float32 and parts of larger arrays",
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
    yield "the result for every other coordinate", distances(a.copy()[:, ::2], b.copy()[:, ::2])
    yield "the result for transposed arrays", distances(a.copy()[:size].T, b.copy().T)


DIFFERENCES = "a[:, np.newaxis, :] - b[np.newaxis, :, :]"
SQUARES, SUM, WHOLE = "(differences**2)", ".sum(axis=2)", "(differences**2).sum(axis=2)"
EXPANSION = "a**2 - 2*a*b + b**2"
BUGS = [
    Edit("root", WHOLE, f"np.sqrt({WHOLE})",
         hint="You take a root (np.linalg.norm does that too). The task asks for squared distances."),
    Edit("fourth_power", SQUARES, "(differences**4)", hint="You square twice. Once is enough."),
    Edit("square_of_the_distance", WHOLE, f"{WHOLE} ** 2", hint="You square the squared distances once more."),
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
    Edit("half", WHOLE, f"{WHOLE} / 2", hint="Your distances are half of the right ones. There is no factor one half."),
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
    Edit("nearest", WHOLE, f"{WHOLE}.argmin(axis=1)",
         hint="You return which point of b is nearest. The task asks for all distances."),
    Edit("flat", WHOLE, f"{WHOLE}.ravel()",
         hint="Your distances are strung together. Put them into rows: shape (N, M)."),
    Edit("transposed", WHOLE, f"{WHOLE}.T",
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
    Edit("first_coordinate", SUM, "[:, :, 0]",
         hint="Only the first coordinate counts in your distances. Add up over all of them."),
    Edit("two_coordinates", WHOLE, "(differences[:, :, :2] ** 2).sum(axis=2)",
         hint="Only the first two coordinates count in your distances. There may be more, or one alone."),
    Edit("without_the_last_coordinate", WHOLE, "(differences[:, :, : max(differences.shape[2] - 1, 1)] ** 2).sum(axis=2)",
         hint="The last coordinate does not count in your distances: does a loop end one too early?"),
    Edit("last_coordinate_alone", SUM, "[:, :, -1]",
         hint="Only the last coordinate counts in your distances, as if each overwrote the one before. Add them up."),
    Edit("first_row_only", WHOLE, f"{WHOLE} * (np.arange(len(a)) == 0)[:, np.newaxis]",
         hint="Only the first row is filled: is there a return inside the loop?"),
    Edit("upper_triangle", WHOLE, f"np.triu({WHOLE})",
         hint="Half of your table is 0. a and b are different sets, so the distance from i to j is not that from j to i."),
    Edit("mirrored", WHOLE, f"np.triu(d := {WHOLE}) + np.triu(d, 1).T if len(a) == len(b) else {WHOLE}",
         hint="You mirror your table on its diagonal. a and b are different sets, so the distance from i to j is not "
         "that from j to i."),
    Edit("zero_diagonal", WHOLE, f"{WHOLE} * (1 - np.eye(len(a), len(b)))",
         hint="Your diagonal is 0. Point i of a and point i of b are different points, unless a and b are the same."),
    Edit("without_the_last_point", WHOLE, f"{WHOLE} * (np.arange(len(b)) < len(b) - 1)",
         hint="The last column is 0: does a loop end one too early?"),
    Edit("reversed_b", "b[np.newaxis, :, :]", "b[np.newaxis, ::-1, :]",
         hint="Your columns are in reverse order. Column j belongs to row j of b."),
    Edit("sorted", WHOLE, f"np.sort({WHOLE}, axis=1)",
         hint="You sort the distances. Column j belongs to row j of b."),
    Edit("similarity", WHOLE, f"np.exp(-{WHOLE})",
         hint="Your numbers get smaller with the distance (exp of its negative). The task asks for the distances."),
    Edit("negative", WHOLE, f"-{WHOLE}", hint="Your distances are negative. A sum of squares has no minus sign."),
    Edit("adds_epsilon", WHOLE, f"{WHOLE} + 1e-8",
         hint="You add a small constant. Equal points have the distance 0, exactly."),
    Edit("rounds", WHOLE, f"{WHOLE}.round(4)",
         hint="You round the distances. Keep all digits; round only when you print."),
]  # fmt: skip


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
