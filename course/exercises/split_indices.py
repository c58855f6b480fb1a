"""split_indices: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def completeness(value):
    """The sizes are compared before; what is left is that every example is in one part."""
    results = {}
    for name, parts in value.items():
        parts = [np.ravel(part) for part in parts]
        indices = np.concatenate([np.zeros(0, dtype=int), *parts])
        once = sorted(indices.tolist()) == list(range(indices.size))
        results |= {
            f"“indices are integers in {name}”": indices.dtype.kind in "iu",
            f"“indices go from 0 to N - 1 in {name}”": set(indices) <= set(range(indices.size)),
            f"“no example comes twice in a part of {name}”": all(len(set(p)) == p.size for p in parts),
            f"“every example comes once in {name}”": once,
        }  # fmt: skip
    return results


@probe("puts every example into one part, in arrays of indices", points=1, summary=completeness)
def parts_of_the_usual_sizes(split_indices, rng):
    yield "100 examples, (0.8, 0.1, 0.1)", split_indices(100, (0.8, 0.1, 0.1), rng)
    yield "20 examples, (0.25, 0.75)", split_indices(20, (0.25, 0.75), rng)
    yield (
        "16 examples, (0.5, 0.25, 0.125, 0.125)",
        split_indices(16, (0.5, 0.25, 0.125, 0.125), rng),
    )


@probe("ends each part at the rounded sum of the fractions so far", points=2, summary=completeness)
def rounding(split_indices, rng):
    third = 1 / 3
    yield "7 examples, (0.5, 0.25, 0.25)", split_indices(7, (0.5, 0.25, 0.25), rng)
    yield "5 examples, (0.5, 0.5)", split_indices(5, (0.5, 0.5), rng)
    yield "11 examples in thirds", split_indices(11, (third, third, third), rng)
    yield "10 examples, (0.26, 0.26, 0.26, 0.22)", split_indices(10, (0.26, 0.26, 0.26, 0.22), rng)
    yield "29 examples, (0.7, 0.15, 0.15)", split_indices(29, (0.7, 0.15, 0.15), rng)


def disorder(value):
    """The first halves of 100 splits of 20 examples.

    An example is in one 50 times: 35 more or less with probability 20 * 2 exp(-24.5) = 1e-9
    (Hoeffding). Two are on one side with probability 9/19; that any of 190 pairs is so in 80 splits
    has a probability below 190 exp(-100 * 0.225) = 4e-8 (Chernoff). A part is a run of neighbours with
    probability 11 / 184756, and all 100 never are.
    """
    inside = np.array([np.isin(np.arange(20), half) for half in value])
    together = (inside[:, :, np.newaxis] == inside[:, np.newaxis, :]).sum(axis=0)
    return {
        "“a part is more than a run of neighbours”": bool((np.ptp(value, axis=-1) > 9).any()),
        "“an example may be in either part”": bool((abs(inside.sum(axis=0) - 50) < 35).all()),
        "“any two examples are parted often”": bool(np.sort(together)[:, -2].max() < 80),
    }  # the last one is an example with itself


@probe("divides the examples at random", points=1, summary=disorder)
def random_parts(split_indices, rng):
    return np.array([split_indices(20, (0.5, 0.5), rng)[0] for _ in range(100)])


def sources(value):
    """Two splits of 60 examples into halves agree by chance once in 1e17."""
    first, second, again, other = (
        [set(np.ravel(part).tolist()) for part in parts] for parts in value.values()
    )
    return {
        "“two splits with one generator differ, since no seed is set inside”": first != second,
        "“generators of the same seed give the same split”": first == again,
        "“generators of different seeds give different splits”": first != other,
    }


@probe("takes its randomness from rng, as it is", points=1, summary=sources)
def generators(split_indices, rng):
    seed, another = (int(number) for number in rng.integers(1, 2**31, size=2))
    one, same, other = (np.random.default_rng(s) for s in (seed, seed, another + 2**31))
    yield "the split", split_indices(60, (0.5, 0.5), one)
    yield "a second split", split_indices(60, (0.5, 0.5), one)
    yield "the split from the same seed", split_indices(60, (0.5, 0.5), same)
    yield "the split from another seed", split_indices(60, (0.5, 0.5), other)


@probe("works for one part, empty parts, many parts, and arguments by name", points=1, hidden=True,
       summary=completeness)  # fmt: skip
def other_numbers(split_indices, rng):
    n = int(rng.integers(20, 90))
    shares = rng.permutation([0.05, 0.07, 0.11, 0.18, 0.23, 0.36])  # no end is near a half of 61
    yield "one part", split_indices(n, (1.0,), rng)
    yield "an empty part in the middle", split_indices(n, [0.5, 0.0, 0.5], rng)
    yield "an empty part at the end", split_indices(n, (0.75, 0.25, 0.0), rng)
    yield "two examples for three parts", split_indices(2, (0.4, 0.4, 0.2), rng)
    yield "six parts", split_indices(61, shares, rng)
    yield "by name", split_indices(rng=rng, fractions=[0.25, 0.75], num_examples=n)


ORDER, ENDS = (
    "rng.permutation(num_examples)",
    "np.round(num_examples * np.cumsum(fractions)).astype(int)",
)
BODY = f"order = {ORDER}\nends = {ENDS}\nreturn np.split(order, ends[:-1])"
SIZES = (
    "You round or cut each size on its own, so the errors add up, or fall to one part. Add the fractions up first, then round "
    "each end."
)
BUGS = [
    Edit("no_shuffle", ORDER, "np.arange(num_examples)",
         hint="Your parts are made of neighbours. Shuffle the examples with rng first."),
    Edit("starts_at_random", ORDER, "np.roll(np.arange(num_examples), rng.integers(num_examples))",
         hint="Neighbours stay together. Shuffle the examples one by one, instead of choosing a place to start or moving blocks."),
    Edit("with_replacement", ORDER, "rng.integers(0, num_examples, num_examples)",
         hint="You draw with replacement, so some examples come twice and others never. Shuffle instead."),
    Edit("seeded_inside", ORDER, "np.random.default_rng(0).permutation(num_examples)",
         hint="Every split is the same, whatever rng says: a fixed seed inside, or a fixed order? Use rng as it comes."),
    Edit("ignores_rng", ORDER, "np.random.default_rng().permutation(num_examples)",
         hint="Your split doesn't come from rng, so no run can be repeated. Call its methods."),
    Edit("cuts_down", ENDS, "np.floor(num_examples * np.cumsum(fractions) + 1e-9).astype(int)",
         hint="You cut the ends down. Round them to the nearest integer."),
    Edit("rounds_up", ENDS, "np.ceil(num_examples * np.cumsum(fractions) - 1e-9).astype(int)",
         hint="You round the ends up. Round them to the nearest integer."),
    Edit("half_up", ENDS, "np.floor(num_examples * np.cumsum(fractions) + 0.5).astype(int)",
         hint="You round halves up. np.round takes them to the even integer, and so does this task."),
    Edit("each_size_rounded", ENDS, "np.cumsum(np.round(num_examples * np.array(fractions))).astype(int)",
         hint=SIZES),
    Edit("each_size_cut_down", ENDS, "np.cumsum(np.floor(num_examples * np.array(fractions) + 1e-9)).astype(int)",
         hint=SIZES),
    Edit("not_added_up", ENDS, "np.round(num_examples * np.array(fractions)).astype(int)",
         hint="You cut at the sizes. A part ends where the sum of all sizes so far says: add them up."),
    Edit("last_part_missing", "ends[:-1])", "ends[:-1])[:-1]",
         hint="The last part is missing. There is one for each fraction."),
    Edit("empty_part_at_the_end", "ends[:-1]", "ends",
         hint="An empty part comes at the end: np.split makes one part more than there are cuts."),
    Edit("equal_parts", BODY, f"return np.array_split({ORDER}, len(fractions))",
         hint="You make equal parts. fractions says what share each is to have."),
    Edit("counts_from_1", ORDER, f"{ORDER} + 1", hint="Your indices count from 1. They count from 0, as NumPy does."),
    Edit("floats", ORDER, f"{ORDER}.astype(float)",
         hint="Your indices are floating-point numbers, which can't index an array. Make integers."),
    Edit("lists", "return np.split(order, ends[:-1])", "return [p.tolist() for p in np.split(order, ends[:-1])]",
         hint="You return lists. Each part is an ndarray, with which others can be indexed."),
    Edit("sizes", "return np.split(order, ends[:-1])", "return np.diff(ends, prepend=0)",
         hint="You return how large the parts are. The task asks for the indices in them."),
    *(Edit(f"each_size_{name}_on_its_own", BODY, f"order, parts, start = {ORDER}, [], 0\nfor fraction in fractions:\n"
           f"    size = int({expression})\n    parts.append(order[start : start + size])\n    start += size\nreturn parts",
           hint=SIZES)
      for name, expression in (("rounded", "np.round(num_examples * fraction)"), ("cut", "num_examples * fraction"),
                               ("rounded_up", "np.ceil(num_examples * fraction)"))),
    Edit("last_of_each_part_missing", "return np.split(order, ends[:-1])", "return [part[:-1] for part in np.split(order, ends[:-1])]",
         hint="The last example of each part is missing. A slice leaves out its end already."),
    Edit("one_example_in_two_parts", "return np.split(order, ends[:-1])",
         "return [order[start : end + 1] for start, end in zip([0, *ends[:-1]], ends)]",
         hint="Neighbouring parts share an example. A slice leaves out its end, so one part starts where the other ends."),
    Edit("parts_backwards", "return np.split(order, ends[:-1])", "return np.split(order, ends[:-1])[::-1]",
         hint="Your parts come in reverse order. There is one for each fraction, in their order."),
    Edit("each_from_the_start", "return np.split(order, ends[:-1])", "return [order[:end] for end in ends]",
         hint="All your parts start at the first example. Each starts where the one before it ends."),
    Edit("masks", "return np.split(order, ends[:-1])",
         "return [np.isin(np.arange(num_examples), part) for part in np.split(order, ends[:-1])]",
         hint="Your parts are masks of True and False. The task asks for the indices of the examples."),
    Edit("one_example_missing", ORDER, "rng.permutation(num_examples - 1)",
         hint="One example is missing: a permutation of N - 1 goes from 0 to N - 2."),
    Edit("fractions_backwards", ENDS, "np.round(num_examples * np.cumsum(fractions[::-1])).astype(int)",
         hint="You take the fractions from the last to the first. The parts come in the order of fractions."),
    Edit("fractions_sorted", ENDS, "np.round(num_examples * np.cumsum(sorted(fractions))).astype(int)",
         hint="You sort the fractions. The parts come in their order."),
    Edit("fractions_shuffled", ENDS, "np.round(num_examples * np.cumsum(rng.permutation(fractions))).astype(int)",
         hint="You shuffle the fractions, too. Shuffle the examples only: the parts come in the order of fractions."),
    Edit("drawn_again_for_each", "return np.split(order, ends[:-1])",
         "return [rng.permutation(num_examples)[a:b] for a, b in zip([0, *ends[:-1]], ends)]",
         hint="You draw each part anew, so an example can be in two parts. Shuffle once, then cut."),
    Edit("two_parts", BODY, f"order = {ORDER}\nn = round(num_examples * fractions[0])\nreturn [order[:n], order[n:]]",
         hint="You make two parts, however many fractions there are. Make one for each of them."),
    Edit("share_of_the_rest", BODY, f"parts, rest = [], {ORDER}\nfor fraction in fractions:\n    size = round(len(rest) * fraction)\n"
         "    parts.append(rest[:size])\n    rest = rest[size:]\nreturn parts",
         hint="You take each fraction of what is left. They are fractions of all examples."),
    Edit("one_part_for_all", "return np.split(order, ends[:-1])", "return [order[: ends[0]] for _ in fractions]",
         hint="All your parts are the first one. Each starts where the one before it ends."),
    Edit("cut_at_the_starts", "ends[:-1]", "[0, *ends[:-1]]",
         hint="An empty part comes at the beginning: np.split starts at 0 by itself."),
    Edit("random_numbers", ORDER, "rng.random(num_examples)",
         hint="Your parts hold random numbers. They hold indices: whole numbers from 0 to N - 1, shuffled."),
    Edit("drawn_again_for_each_size", BODY, "return [rng.permutation(num_examples)[: round(num_examples * f)] for f in fractions]",
         hint="You draw each part anew, so an example can be in two parts. Shuffle once, then cut."),
    *(Edit(f"rest_to_the_{where}_{how}", BODY, f"sizes = [int({size}) for fraction in fractions]\n"
           f"sizes[{place}] += num_examples - sum(sizes)\nreturn np.split({ORDER}, np.cumsum(sizes)[:-1])",
           hint=SIZES)
      for how, size in (("cut", "num_examples * fraction + 1e-9"), ("rounded", "np.round(num_examples * fraction)"), ("up", "np.ceil(num_examples * fraction - 1e-9)"))
      for where, place in (("first", "0"), ("last", "-1"), ("largest", "int(np.argmax(fractions))"))),
    Edit("largest_remainders", BODY, "exact = num_examples * np.array(fractions)\nsizes = np.floor(exact + 1e-9).astype(int)\n"
         "for i in np.argsort(sizes - exact, kind='stable')[: num_examples - sizes.sum()]:\n    sizes[i] += 1\n"
         f"return np.split({ORDER}, np.cumsum(sizes)[:-1])",
         hint=SIZES),
    Edit("cut_at_the_sizes", BODY, f"order, start, parts = {ORDER}, 0, []\nfor fraction in fractions:\n"
         "    end = round(num_examples * fraction)\n    parts.append(order[start:end])\n    start = end\nreturn parts",
         hint="You cut at the sizes. A part ends where the sum of all sizes so far says: add them up."),
    Edit("last_part_ends_at_its_size", BODY, f"order, sizes = {ORDER}, [round(num_examples * f) for f in fractions]\n"
         "return [order[end - size : end] for size, end in zip(sizes, np.cumsum(sizes))]",
         hint=SIZES),
    Edit("shares_of_one_less", "num_examples * np.cumsum", "(num_examples - 1) * np.cumsum",
         hint="You take the shares of N - 1 examples. A part ends at its share of all N, and a slice leaves out its end already."),
    Edit("ends_at_the_shares_of_one_less", BODY, f"order, ends = {ORDER}, np.round((num_examples - 1) * np.cumsum(fractions)).astype(int)\n"
         "return [order[a:b] for a, b in zip([0, *ends[:-1]], ends)]",
         hint="You take the shares of N - 1 examples. A part ends at its share of all N, and a slice leaves out its end already."),
    Edit("empty_parts_left_out", "return np.split(order, ends[:-1])", "return [part for part in np.split(order, ends[:-1]) if part.size]",
         hint="You leave out empty parts. There is one for each fraction, even if no example is in it."),
    Edit("blocks_moved", "return np.split(order, ends[:-1])", "blocks = np.split(np.arange(num_examples), ends[:-1])\n"
         "return [rng.permutation(block) for block in blocks]",
         hint="Your parts are made of neighbours. Shuffle the examples with rng first."),
    Edit("example_0_missing", ORDER, "rng.permutation(np.arange(1, num_examples))",
         hint="Example 0 is missing: indices go from 0 to N - 1."),
]  # fmt: skip


@bug("You draw each part anew, so an example can be in two parts. Shuffle once, then cut.")
def parts_drawn_anew(num_examples, fractions, rng):
    sizes = np.diff(np.round(num_examples * np.cumsum(fractions)).astype(int), prepend=0)
    return [rng.permutation(num_examples)[:size] for size in sizes]


@bug("You make three parts, however many fractions there are. Make one for each of them.")
def three_parts(num_examples, fractions, rng):
    ends = np.round(num_examples * np.cumsum(fractions)).astype(int)
    return [*np.split(rng.permutation(num_examples), [*ends, num_examples][:2]), np.zeros(0)][:3]


@bug(
    "You draw a part for each example, so the sizes are left to chance. Shuffle the examples, then cut."
)
def sizes_by_chance(num_examples, fractions, rng):
    part = rng.choice(len(fractions), size=num_examples, p=fractions)
    return [np.flatnonzero(part == k) for k in range(len(fractions))]


@bug(
    "You decide for each part and example by chance, so one can be in two parts or in none. Shuffle once, then cut."
)
def each_by_chance(num_examples, fractions, rng):
    return [np.flatnonzero(rng.random(num_examples) < fraction) for fraction in fractions]


@alternative
def sorted_parts(num_examples, fractions, rng):
    order, parts, start, total = np.argsort(rng.random(num_examples)), [], 0, 0.0
    for fraction in fractions:
        total += fraction
        end = round(total * num_examples)
        parts.append(np.sort(order[start:end]))
        start = end
    return tuple(parts)


@alternative
def labels(num_examples, fractions, rng):
    ends = [round(num_examples * sum(fractions[: k + 1])) for k in range(len(fractions))]
    label = np.repeat(np.arange(len(fractions)), np.diff([0, *ends]))
    rng.shuffle(label)
    return [np.flatnonzero(label == k) for k in range(len(fractions))]


@alternative
def without_replacement(num_examples, fractions, rng):
    left, parts, total = np.arange(num_examples, dtype=np.int32), [], 0.0
    for fraction in fractions:
        end, total = int(np.rint(num_examples * (total + fraction))), total + fraction
        part = rng.choice(left, end - (num_examples - len(left)), replace=False)
        left = np.setdiff1d(left, part)
        parts.append(part)
    return parts
