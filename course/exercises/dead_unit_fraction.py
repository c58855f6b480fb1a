"""dead_unit_fraction: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def layer(rng, num_rows, num_units, num_dead):
    """After a ReLU: about a third is 0, some units always, and every other unit is on once."""
    table = np.maximum(rng.normal(size=(num_rows, num_units)) + 0.4, 0.0)
    table[rng.integers(num_rows, size=num_units), np.arange(num_units)] = rng.uniform(0.2, 0.9)
    table[:, rng.permutation(num_units)[:num_dead]] = 0.0
    return table


@probe("gives the share of the units that are 0 for every example", points=1, rtol=1e-6)
def ordinary_layers(dead_unit_fraction, rng):
    square = 1.0 + layer(rng, 5, 5, 0)
    square[rng.integers(5)] = square[:, 1] = square[:, 4] = 0.0
    yield "the fraction for 2 of 7 units", dead_unit_fraction(layer(rng, 5, 7, 2))
    yield "the fraction for 4 of 6 units", dead_unit_fraction(layer(rng, 9, 6, 4))
    yield "the fraction for as many rows as units", dead_unit_fraction(square)


@probe("is 0 if no unit is dead, though many entries are 0, and 1 if all are", points=1, rtol=1e-6)
def extremes(dead_unit_fraction, rng):
    once = np.zeros((6, 6))
    once[rng.permutation(6), np.arange(6)] = 1.0
    yield "the fraction for 2 of 5 units", dead_unit_fraction(layer(rng, 8, 5, 2))
    yield "the fraction where each unit is on once", dead_unit_fraction(once)
    seldom = np.zeros((3000, 7))
    rows = [*rng.integers(1, 2999, size=3), 0, 0, 2999]  # the first one twice, the last one once
    seldom[rows, np.arange(6)] = 1.0
    yield "the fraction where units are on once in 3000 rows", dead_unit_fraction(seldom)
    yield "the fraction for zeros", dead_unit_fraction(np.zeros((4, 3)))


@probe("counts tiny activations as alive, and only exact zeros as dead", points=1, rtol=1e-6)
def tiny_activations(dead_unit_fraction, rng):
    tiny = np.zeros((5, 8))
    tiny[rng.integers(5, size=5), np.arange(5)] = [1e-3, 1e-6, 1e-9, 1e-12, 1e-200]
    yield "the fraction for tiny activations", dead_unit_fraction(tiny)


@probe("leaves its argument as it was, and works for one row or unit, many units, float32, and part of "
       "a larger array", points=1, hidden=True, rtol=1e-4)  # fmt: skip
def unusual_layers(dead_unit_fraction, rng):
    n = int(rng.integers(5, 9))
    wide = layer(rng, n, 3 * n, n + 2)
    copy = wide.copy()
    yield "the fraction", dead_unit_fraction(wide)
    yield "activations unchanged", np.array_equal(wide, copy)
    yield "the fraction for a single row", dead_unit_fraction(layer(rng, 1, 3 * n, n))
    yield "the fraction for a single unit", dead_unit_fraction(layer(rng, n, 1, 1))
    yield "the fraction for many units", dead_unit_fraction(layer(rng, 3, 150 + n, 40 + n))
    yield (
        "the fraction for float32",
        dead_unit_fraction(layer(rng, n, 3 * n, n + 1).astype(np.float32)),
    )
    yield "the fraction for a part", dead_unit_fraction(layer(rng, 2 * n, n, 2)[:, 1:])
    yield "the fraction for a transposed array", dead_unit_fraction(layer(rng, n, n + 3, 2).T)
    yield "the fraction for the first layer, asked once more", dead_unit_fraction(copy)


ANY = "A unit that is 0 for some examples (whose smallest activation is 0) is not dead. It has to be 0 for all of them."
TINY = "You count tiny activations as dead, as with a threshold. They still pass a gradient: only 0 in every example is dead."
DEAD, RETURN = "(activations == 0).all(axis=0)", "return is_dead.mean().item()"
BUGS = [
    Edit("zeros_of_all_entries", DEAD, "activations == 0",
         hint="You count all zeros. A unit is dead only if it is 0 for every example."),
    Edit("any_zero", DEAD, "(activations == 0).any(axis=0)",
         hint=ANY),
    Edit("rows", DEAD, "(activations == 0).all(axis=1)",
         hint="You look for examples for which every unit is 0. A unit is a column: go along axis 0."),
    Edit("alive", DEAD, "(activations != 0).any(axis=0)",
         hint="You give the share of the units that are alive. The task asks for the dead ones."),
    Edit("always_on", DEAD, "(activations != 0).all(axis=0)",
         hint="You count the units that are on for every example. Dead ones are 0 for every example."),
    Edit("number", RETURN, "return is_dead.sum().item()",
         hint="You return how many units are dead. Divide by the number of units."),
    Edit("divided_by_rows", RETURN, "return is_dead.sum().item() / len(activations)",
         hint="You divide by the number of examples. The fraction is that of the units."),
    Edit("divided_by_entries", RETURN, "return is_dead.sum().item() / activations.size",
         hint="You divide by the number of all entries. The fraction is that of the units."),
    Edit("percent", RETURN, "return 100 * is_dead.mean().item()",
         hint="Your fraction is in percent. It goes from 0 to 1."),
    Edit("which_units", RETURN, "return is_dead.astype(float)",
         hint="You return which units are dead. The task asks for one number: their share."),
    Edit("squares", DEAD, "(activations**2).sum(axis=0) == 0",
         hint="A tiny number becomes 0 before you compare (squared, or float32?). Compare the numbers as they are with 0."),
    *(Edit(f"below_{limit}", DEAD, f"(np.abs(activations) < {limit}).all(axis=0)",
           hint=TINY)
      for limit in (1e-2, 1e-5, 1e-8, 1e-10)),
    Edit("isclose", DEAD, "np.isclose(activations, 0).all(axis=0)",
         hint=TINY),
    Edit("first_row", DEAD, "activations[0] == 0",
         hint="You look at the first example only. A dead unit is 0 for every example."),
    Edit("whole_layer", DEAD, "(activations == 0).all()",
         hint="Your result is 0 unless the whole layer is dead. Each unit is asked on its own: all(axis=0). (Or does // cut "
         "the fraction down?)"),
    *(Edit(f"share_{sign}_{share}", DEAD, f"(activations == 0).mean(axis=0) {sign} {share}",
           hint="A unit that is 0 for most examples is not dead: it is 0 for every one, without exception.")
      for share, sign in ((0.5, ">"), (0.5, ">="), (0.9, ">"), (0.9, ">="), (0.95, ">"), (0.95, ">="), (0.99, ">"))),
    Edit("last_unit_left_out", RETURN, "return is_dead[:-1].sum().item() / len(is_dead)",
         hint="The last unit is left out. range(n) ends before n already."),
    Edit("first_unit_left_out", RETURN, "return is_dead[1:].sum().item() / len(is_dead)",
         hint="The first unit is left out. Columns are counted from 0."),
    Edit("first_unit_only", RETURN, "return is_dead[0].item() / len(is_dead)",
         hint="You look at the first unit only: is there a return inside the loop?"),
    Edit("last_row_left_out", DEAD, "(activations[:-1] == 0).all(axis=0)",
         hint="The last example is left out. A unit that is on for it alone is not dead."),
    Edit("first_row_left_out", DEAD, "(activations[1:] == 0).all(axis=0)",
         hint="The first example is left out. A unit that is on for it alone is not dead."),
    Edit("last_row", DEAD, "activations[-1] == 0",
         hint="You look at the last example only. A dead unit is 0 for every example."),
    Edit("never_changes", DEAD, "(activations == activations[0]).all(axis=0)",
         hint="You count units that never change (is their deviation 0?). Dead means exactly 0 for every example."),
    Edit("of_the_living", RETURN, "return is_dead.sum().item() / max((~is_dead).sum().item(), 1)",
         hint="You divide by the number of living units. The fraction is that of all units."),
    Edit("positions", RETURN, "return np.flatnonzero(is_dead)",
         hint="You return which units are dead. The task asks for one number: their share."),
    Edit("largest_in_the_first_row", DEAD, "activations.argmax(axis=0) == 0",
         hint="argmax gives the place of the largest entry, not the entry. Dead means that all entries are 0."),
    Edit("mean_share_of_the_living", RETURN, "return np.count_nonzero(activations) / activations.size",
         hint="You count the entries that are not 0. A unit is dead if all its entries are 0; count such units."),
    Edit("zeros_for_each_unit", RETURN, "return np.count_nonzero(activations == 0) / activations.shape[1]",
         hint="You count all zeros, and divide by the number of units. A dead unit counts once, if it is 0 for every example."),
    Edit("cut_down_first", DEAD, "(activations.astype(int) == 0).all(axis=0)",
         hint="You cut the activations down to whole numbers, so 0.7 counts as 0. Compare them as they are with 0."),
    Edit("different_columns", RETURN, "return len(np.unique(activations, axis=1).T) / activations.shape[1]",
         hint="You count different columns. Count those that are 0 for every example."),
    Edit("smallest", DEAD, "activations.min(axis=0) == 0",
         hint=ANY),
    Edit("rows_of_zeros", RETURN, "return (activations == 0).all(axis=1).sum().item() / activations.shape[1]",
         hint="You look for examples for which every unit is 0. A unit is a column: go along axis 0."),
    *(Edit(f"sum_below_{limit}", DEAD, f"np.abs(activations).sum(axis=0) < {limit}",
           hint="You count units with small activations as dead. Compare each entry with 0.") for limit in (1,)),
    Edit("number_of_rows", RETURN, "return float((activations == 0).all(axis=1).sum())",
         hint="You count examples for which every unit is 0. Look at columns (axis 0), and divide by their number."),
    Edit("no_deviation", DEAD, "activations.std(axis=0) == 0",
         hint="You count units that never change (is their deviation 0?). Dead means exactly 0 for every example."),
    *(Edit(f"{of}_below_{bound}", DEAD, f"activations.{of}(axis=0) < {bound}",
           hint=TINY)
      for of in ("sum", "mean") for bound in (0.1, 0.01, 1e-3, 1e-6, 1e-8)),
    Edit("on_once", DEAD, "np.count_nonzero(activations, axis=0) <= 1",
         hint="You count units that are on for one example. A dead unit is on for none."),
]  # fmt: skip


@bug("You write into activations: the caller's array has changed. Make a new one.")
def in_place(activations):
    activations[activations != 0] = 1
    return (activations.max(axis=0) == 0).mean().item()


@alternative
def unit_by_unit(activations):
    dead = 0
    for column in activations.T:
        dead += not any(number != 0 for number in column)
    return dead / activations.shape[1]


@alternative
def largest_size(activations):
    return np.mean(np.abs(activations).max(axis=0) == 0.0)


@alternative
def sum_of_a_unit(activations):
    """After a ReLU nothing is negative, so nothing cancels."""
    return float((activations.sum(axis=0) == 0).mean())


@alternative
def never_positive(activations):
    return 1.0 - (activations > 0).any(axis=0).mean()


@alternative
def counted(activations):
    return 1 - np.count_nonzero(np.count_nonzero(activations, axis=0)) / activations.shape[1]
