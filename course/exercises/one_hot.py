"""one_hot: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("puts a 1 at each row's class, and 0 elsewhere", points=1, rtol=1e-6)
def ordinary_targets(one_hot, rng):
    few, many = rng.permutation([0, 1, 2, 3, 4]), rng.permutation([0, 1, 1, 2, 2, 2, 0, 2])
    yield "the rows for as many targets as classes", one_hot(few, 5)
    yield "the rows for more targets than classes", one_hot(many, 3)
    yield "the rows for fewer targets than classes", one_hot(np.array([6, 0, 3, 3]), 7)


@probe("has a column for every class, also for those that do not occur", points=1, rtol=1e-6)
def missing_classes(one_hot, rng):
    yield "the rows without the last classes", one_hot(np.array([2, 0, 1, 2, 0]), 6)
    yield "the rows without the first classes", one_hot(np.array([4, 2, 5, 3]), 6)
    yield "the rows with gaps between the classes", one_hot(np.array([7, 1, 4, 4, 1]), 8)
    yield "the rows for equal targets, as many as classes", one_hot(np.full(4, 2), 4)


@probe(
    "gives zeros and ones as float64, also when num_classes is given by name", points=1, rtol=1e-6
)
def numbers(one_hot, rng):
    encoded = one_hot(rng.permutation(4), num_classes=6)
    yield "the rows", encoded
    yield "the type of the numbers, which should be float64,", str(encoded.dtype)


@probe("leaves targets as they were, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(one_hot, rng):
    targets, others = np.array([3, 6, 4, 4, 1, 5]), np.array([1, 2, 2, 6, 5, 3])
    copy = targets.copy()
    first = one_hot(targets, 7)
    yield "the rows", first
    yield "targets unchanged", np.array_equal(targets, copy)
    yield "the rows for other targets", one_hot(others, 7)
    yield "the first rows, looked at after the second call", [first]
    yield "the rows for the first targets again", one_hot(copy, 7)


@probe("works for any sizes, a single target or class, one-byte targets and parts of arrays", points=1,
       hidden=True, rtol=1e-6)  # fmt: skip
def unusual_input(one_hot, rng):
    size = int(rng.integers(4, 9))
    targets = rng.integers(0, size, size + 3)
    one_byte = np.tile(targets, 41).astype(np.uint8)
    yield "the rows for another size", one_hot(targets.copy(), size)
    yield "the row for a single target", one_hot(np.array([size]), num_classes=size + 2)
    yield "the rows for a single class", one_hot(np.zeros(size, dtype=int), 1)
    yield "the rows for many targets", one_hot(np.arange(70) % size, size)
    yield "the rows for many classes", one_hot(np.array([256, 3, 300, 140]), 310)
    yield "the rows for one-byte targets", one_hot(one_byte, size)[::6]
    yield "the rows for every other target", one_hot(np.arange(2 * size)[::2] // 2, size + 1)
    yield "the rows for targets read backwards", one_hot(targets.copy()[::-1], size)


ZEROS, PUT = (
    "np.zeros((len(targets), num_classes))",
    "encoded[np.arange(len(targets)), targets] = 1",
)
RETURN = "return encoded"
ROWS_AS_COLUMNS = "You have as many columns as targets. The number of columns is num_classes."
COUNTS = "A batch may lack the highest class: the number of columns is num_classes, not the largest target plus 1."
BUGS = [
    Edit("columns_from_the_largest", ZEROS, "np.zeros((len(targets), targets.max() + 1))", hint=COUNTS),
    Edit("columns_from_the_different", ZEROS, "np.zeros((len(targets), max(len(np.unique(targets)), targets.max() + 1)))",
         hint=COUNTS),
    Edit("only_classes_that_occur", PUT, "encoded = np.eye(len(np.unique(targets)))[np.unique(targets, return_inverse=True)[1]]",
         hint="You number the classes that occur anew. A class keeps its number, and its column, also when others "
         "are missing."),
    Edit("numbered_anew", PUT, PUT.replace("targets]", "np.unique(targets, return_inverse=True)[1]]"),
         hint="You number the classes that occur anew. A class keeps its number, and its column, also when others "
         "are missing."),
    Edit("one_column_short", ZEROS, "np.zeros((len(targets), num_classes - 1))",
         hint="The last column is missing. There is one for each class, the first too: num_classes columns."),
    Edit("one_column_too_many", ZEROS, "np.zeros((len(targets), num_classes + 1))",
         hint="You have a column too many. Classes count from 0, so num_classes columns are enough."),
    Edit("one_column_too_few", RETURN, "return encoded[:, :-1]",
         hint="The last column is missing. There is one for each class, the first too: num_classes columns."),
    Edit("without_the_first_column", RETURN, "return encoded[:, 1:]",
         hint="The first column is missing: class 0 has a column, too."),
    Edit("transposed", RETURN, "return encoded.T",
         hint="Your result is transposed: each target gets a row, each class a column."),
    Edit("all_columns", PUT, "encoded[:, targets] = 1",
         hint="Every row has a 1 at all targets of the batch: [:, targets] does that, and so do rows that are one and the "
         "same list ([row] * N). Row i gets its 1 at targets[i] only."),
    Edit("exchanged_indices", PUT, "encoded[targets, np.arange(len(targets))] = 1",
         hint="Row and column are exchanged where you write the 1: first the number of the row, then the class."),
    Edit("loops_over_classes", PUT, "for i in range(num_classes):\n    encoded[i, targets[i]] = 1",
         hint="Your loop over the rows ends at the number of classes. There is one row for each target."),
    Edit("whole_rows", PUT, "encoded[targets % len(targets)] = 1",
         hint="You use targets to choose rows; they name a column (a class) in each row."),
    Edit("places_in_the_flat_array", PUT, "encoded.flat[targets] = 1",
         hint="You count the places through the whole array. In row i the place is targets[i] within that row."),
    Edit("off_by_one", PUT, PUT.replace("targets]", "targets - 1]"),
         hint="Your 1 stands one column too far to the left. Classes count from 0."),
    Edit("off_by_one_up", PUT, PUT.replace("targets]", "(targets.astype(int) + 1) % num_classes]"),
         hint="Your 1 stands one column too far to the right. Classes count from 0."),
    Edit("counts_from_the_end", PUT, PUT.replace("targets]", "-1 - targets.astype(int)]"),
         hint="Your columns are in reverse order. Class 0 is the first column."),
    Edit("the_number_itself", PUT, PUT.replace("= 1", "= targets"),
         hint="You write the number of the class. Whichever class it is, the entry is 1."),
    Edit("the_number_plus_one", PUT, PUT.replace("= 1", "= targets.astype(int) + 1"),
         hint="You write the number of the class. Whichever class it is, the entry is 1."),
    Edit("cold", PUT, f"encoded += 1\n{PUT.replace('= 1', '= 0')}",
         hint="0 and 1 are exchanged: the 1 belongs at the right class, the zeros elsewhere."),
    Edit("plus_and_minus_one", ZEROS, f"{ZEROS} - 1",
         hint="You write -1 where 0 belongs."),
    Edit("true_everywhere", ZEROS, "np.ones((len(targets), num_classes))",
         hint="You start from ones, so every entry is 1. Start from zeros."),
    Edit("all_zeros", PUT, "", hint="There is no 1 in your rows. Each row has one, at its class."),
    *(Edit(f"places_in_sorted_order_{i}", PUT, PUT.replace("targets]", f"{new} % num_classes]"),
           hint="You use the rows' places in sorted order (argsort) as classes. The class of row i is targets[i] itself.")
      for i, new in enumerate(("np.argsort(targets)", "np.argsort(np.argsort(targets))"))),
    Edit("places_in_sorted_order", PUT, PUT.replace("targets]", "np.argsort(targets)]"),
         hint="You use the rows' places in sorted order (argsort) as classes. The class of row i is targets[i] itself."),
    Edit("binary_digits", PUT, "encoded += np.arange(num_classes) < 0\nfor c in range(min(num_classes, 62)):\n    encoded[:, c] = targets.astype(int) >> c & 1",
         hint="You write the class as a binary number. Each class has a column of its own."),
    Edit("reshaped_columns", RETURN, "return encoded.T.reshape(encoded.shape)",
         hint="reshape keeps the numbers in their order; it does not turn columns into rows. Start with a row for each target, "
         "or transpose (.T)."),
    Edit("reshaped_rows", RETURN, "return encoded.reshape(encoded.shape[::-1])",
         hint="Your result has a row for each class. It has one for each target: shape (N, C)."),
    Edit("without_repeats", PUT, f"{PUT}\nencoded[1:][targets[1:] == targets[:-1]] = 0",
         hint="A row whose target is that of the row before stays empty. Every row has a 1."),
    Edit("column_in_front", RETURN, "return np.pad(encoded, ((0, 0), (1, 0)))",
         hint="You have a column too many, in front. Classes count from 0, so class 0 is the first column."),
    *(Edit(f"{name}", PUT, f"{PUT}\nencoded = {new}",
           hint="Classes of earlier rows stay in a row: is one array used again for all rows? Start each row from zeros.")
      for name, new in (("rows_fill_up", "np.maximum.accumulate(encoded, axis=0)"), ("rows_add_up", "encoded.cumsum(axis=0)"))),
    Edit("running_sum_in_the_row", PUT, f"{PUT}\nencoded = encoded.cumsum(axis=1)",
         hint="You fill a row from its class on. Only the class itself gets a 1."),
    Edit("last_class_left_out", PUT, f"{PUT}\nencoded[:, -1] = 0",
         hint="Rows of the last class are empty. It has a column as any other."),
    Edit("last_target", PUT, "encoded[:, targets[-1]] = 1",
         hint="All rows are that of the last target. Is one and the same row appended each time? Make a new one for each target."),
    Edit("last_row_only", PUT, "encoded[-1, targets[-1]] = 1",
         hint="Only the last row is filled: are the others made anew in a loop?"),
    Edit("negative_targets", PUT, PUT.replace("targets]", "-targets.astype(int)]"),
         hint="You use the negative of the class, which counts columns from the end."),
    Edit("rows_of_the_different", RETURN, "return encoded[np.unique(targets, return_index=True)[1]]",
         hint="Equal targets have only one row in your result. Every target has a row of its own, in their order."),
    Edit("diagonal_of_any_size", PUT, "encoded[np.arange(len(targets)), np.arange(len(targets)) % num_classes] = 1",
         hint="You place the 1 by the number of the row. In row i it belongs at column targets[i]."),
    Edit("and_the_diagonal", PUT, f"{PUT}\nencoded = np.maximum(encoded, np.eye(len(targets), num_classes))",
         hint="There is a second 1 in some rows, on the diagonal. Start from zeros, not from np.eye."),
    Edit("two_neighbours", PUT, f"{PUT}\nencoded[:, 1:] += encoded[:, :-1]",
         hint="There are two ones in a row. A slice such as [t:t + 2] is too long: the class alone gets a 1."),
    *(Edit(f"zeros_are_{i}", PUT, f"encoded += {number}\n{PUT}",
           hint="Where no class is, you have another number than 0. Start from zeros: np.empty does not clear its memory.")
      for i, number in enumerate((0.1, 0.01, 0.5, 1e-3, 1e-6, 1e-8, "np.nan"))),
    Edit("two_instead_of_one", PUT, PUT.replace("= 1", "= 2"), hint="You write 2 where a 1 belongs."),
    Edit("diagonal", PUT, "encoded += np.eye(len(targets), num_classes)",
         hint="Your 1 stands on the diagonal: row i, column i. In row i it belongs at column targets[i]."),
    Edit("sorted", PUT, PUT.replace("targets]", "np.sort(targets)]"),
         hint="You sort the targets, and the rows are no longer in their order."),
    Edit("reversed", PUT, PUT.replace("targets]", "targets[::-1]]"),
         hint="Your rows are in reverse order. Row i belongs to targets[i]."),
    Edit("first_target", PUT, "encoded[:, targets[0]] = 1",
         hint="You use the first target for all rows. Each row has its own."),
    Edit("first_row_only", PUT, "encoded[0, targets[0]] = 1",
         hint="Only the first row is filled: is there a return inside the loop?"),
    Edit("without_the_first_row", PUT, "encoded[np.arange(1, len(targets)), targets[1:]] = 1",
         hint="The first row is empty. Python counts from 0."),
    Edit("without_the_last_row", PUT, "encoded[np.arange(len(targets) - 1), targets[:-1]] = 1",
         hint="The last row is empty: does a loop end one too early?"),
    Edit("each_class_once", PUT, "encoded[np.unique(targets, return_index=True)[::-1]] = 1",
         hint="A class gets its 1 only in the first row where it occurs. Every row has one."),
    Edit("each_class_once_at_last", PUT, "encoded[list({t: i for i, t in enumerate(targets)}.values()), list(dict.fromkeys(targets))] = 1",
         hint="A class gets its 1 only in the last row where it occurs. Every row has one."),
    Edit("class_0_left_out", PUT, f"{PUT}\nencoded[:, 0] = 0",
         hint="Rows of class 0 are empty. Class 0 is a class as any other, with the first column."),
    Edit("up_to_the_class", PUT, "encoded += np.arange(num_classes) <= targets[:, np.newaxis]",
         hint="You fill a row up to its class. Only the class itself gets a 1."),
    Edit("below_the_class", PUT, "encoded += np.arange(num_classes) < targets[:, np.newaxis]",
         hint="You fill the columns before the class, not its own. Only the class itself gets a 1."),
    Edit("from_the_class_on", PUT, "encoded += np.arange(num_classes) >= targets[:, np.newaxis]",
         hint="You fill a row from its class on. Only the class itself gets a 1."),
    Edit("counted_together", RETURN, "return encoded.sum(axis=0)",
         hint="You add the rows up, which counts the classes. Each target keeps a row of its own."),
    Edit("smoothed", RETURN, "return 0.9 * encoded + 0.1 / num_classes",
         hint="You smooth the labels: a tenth of the 1 goes to all classes. Here the right class has all of it."),
    Edit("shares", RETURN, "return encoded / len(targets)",
         hint="You divide by the number of rows. Every row has a whole 1."),
    Edit("normalised_columns", RETURN, "return encoded / np.maximum(encoded.sum(axis=0), 1)",
         hint="You divide by how often a class occurs. Every row has a whole 1."),
    Edit("normalised_rows_of_ones", PUT, "encoded += 1 / num_classes",
         hint="All classes get the same share. The 1 belongs to the row's class alone."),
    Edit("from_the_smallest", PUT, PUT.replace("targets]", "targets - targets.min()]"),
         hint="You count the classes from the smallest target on. Class 0 is the first column also where it does not "
         "occur."),
    Edit("in_one_byte", PUT, PUT.replace("targets]", "targets.astype(np.uint8) % num_classes]"),
         hint="You store the classes in one byte, which ends at 255. Leave targets as they are."),
    Edit("squeezed", RETURN, "return encoded.squeeze()",
         hint="A single row or column loses its axis (squeeze does that). The shape is always (N, C)."),
    Edit("row_alone_squeezed", RETURN, "return encoded[0] if len(targets) == 1 else encoded",
         hint="A single row loses its axis. The shape is always (N, C), also for N = 1."),
    Edit("three_axes", RETURN, "return encoded[:, np.newaxis, :]",
         hint="There is an axis too many: shape (N, 1, C). Does targets have one where it was indexed, [:, None]? "
         "The task asks for (N, C)."),
    Edit("flat", RETURN, "return encoded.ravel()", hint="Your rows are strung together. Keep them apart: shape (N, C)."),
    Edit("list_of_arrays", RETURN, "return list(encoded)",
         hint="You return a list of rows; the task asks for one array. np.array(...) makes one of them."),
    Edit("integers", RETURN, "return encoded.astype(int)",
         hint="Your zeros and ones are whole numbers (int); the task asks for float64. In an array of integers later "
         "results are cut down."),
    *(Edit(f"transposed_{kind}", RETURN, f"return encoded.T.astype({kind})",
           hint="Your result is transposed: each target gets a row, each class a column. There is a second mistake, too. "
           f"Your entries are {what}; the task asks for zeros and ones as float64.")
      for kind, what in (("int", "whole numbers (int)"), ("bool", "True and False"))),
    Edit("booleans", RETURN, "return encoded.astype(bool)",
         hint="Your entries are True and False, as a comparison makes them. The task asks for zeros and ones as float64."),
    *(Edit(f"type_{kind}", RETURN, f"return encoded.astype({kind})",
           hint="The type of your zeros and ones is another one; the task asks for float64.")
      for kind in ("np.float16", "complex", "object", "str", "np.uint8", "np.int32")),
    Edit("nested_lists", RETURN, "return encoded.tolist()",
         hint="You return a list of lists; the task asks for an array. np.array(...) makes one of it."),
    Edit("single_precision", RETURN, "return encoded.astype(np.float32)",
         hint="Your zeros and ones are float32; the task asks for float64."),
    Edit("ignores_num_classes", ZEROS, "np.zeros((len(targets), 10))\ntargets = targets % 10",
         hint="The number of your columns is fixed at 10. Use the argument num_classes."),
    *(Edit(f"rows_as_columns_{i}", RETURN, f"return {new}", hint=ROWS_AS_COLUMNS)
      for i, new in enumerate(("np.eye(max(len(targets), targets.max() + 1))[targets]", "np.eye(len(targets))[targets]",
                               "np.eye(max(len(targets), num_classes))[targets][:, : len(targets)]"))),
    Edit("rows_as_columns", ZEROS, "np.zeros((len(targets), len(targets)))", hint=ROWS_AS_COLUMNS),
    *(Edit(f"always_{num}", RETURN, f"return np.eye({num})[targets]",
           hint="The number of your columns is always the same: is it written into the code, or kept from the first call "
           "(in a global variable or a default argument)? Each call says its own num_classes.")
      for num in (3, 4, 5, 10)),
]  # fmt: skip


@bug("Where there are as many targets as classes, your result is transposed: each target gets a row, each class a "
     "column.")  # fmt: skip
def transposed_if_square(targets, num_classes):
    encoded = np.eye(num_classes)[targets]
    return encoded.T if len(targets) == num_classes else encoded


@bug("You write into targets: the caller's array changes too. Make a new one.")
def shifts_in_place(targets, num_classes):
    encoded = np.eye(num_classes)[targets]
    targets -= targets.min()
    return encoded


@bug("You write into targets: the caller's array changes too. Make a new one.")
def sorts_in_place(targets, num_classes):
    encoded = np.eye(num_classes)[targets]
    targets.sort()
    return encoded


@alternative
def row_by_row(targets, num_classes):
    rows = []
    for target in targets:
        row = [0.0] * num_classes
        row[int(target)] = 1.0
        rows.append(row)
    return np.array(rows)


@alternative
def rows_of_the_identity(targets, num_classes):
    return np.eye(num_classes)[targets]


@alternative
def by_comparison(targets, num_classes):
    return (np.arange(num_classes) == targets[:, None]).astype(np.float64)


@alternative
def by_put_along_axis(targets, num_classes):
    encoded = np.zeros((targets.shape[0], num_classes))
    np.put_along_axis(encoded, targets.astype(np.int64).reshape(-1, 1), 1.0, axis=1)
    return encoded


@alternative
def in_the_flat_array(targets, num_classes):
    flat = np.zeros(targets.size * num_classes)
    flat[np.arange(targets.size) * num_classes + targets] = 1
    return flat.reshape(targets.size, -1)


@alternative
def columns_first(targets, num_classes):
    return np.stack([np.where(targets == c, 1.0, 0.0) for c in range(num_classes)]).T
