"""minibatches: probes, known mistakes, other correct answers.

Correct functions differ in the order of their examples, so each probe looks at its value through
a summary. Thresholds are set so that a correct function is refused less than once in a million.
"""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def contents(value):
    """What all passes share, whatever their order: 70 examples in batches of 30."""
    (batches,) = (as_arrays(batches) for batches in value.values())
    indices = np.concatenate(batches or [np.zeros(0)])
    return {
        "“every index is one of 0 to N - 1”": bool(((indices >= 0) & (indices < 70)).all()),
        "“the indices are integers”": indices.dtype.kind in "iu",
        "“no example comes twice in a batch”": all(len(set(b.tolist())) == b.size for b in batches),
        "“every example comes once”": all_once(batches, 70),
    }


def completeness(value):
    """The sizes are compared before; what is left is that no example gets lost."""
    cases = [as_arrays(batches) for batches in value.values()]
    once = [all_once(batches, sum(b.size for b in batches)) for batches in cases]
    return {"“every example comes once, in each of these cases”": all(once)}


def disorder(value):
    """Are these 100 passes over 24 examples in batches of 4 random permutations?

    Place: the mean of 100 uniform places out of 24 has a standard deviation of 0.692. A uniform
    variable is strictly sub-Gaussian, so 24 means all stay within 4.4 of the middle except with
    probability 48 exp(-0.5 (4.4 / 0.692)**2) = 8e-8.
    Steps: in one pass k or more of the steps from one index to the next are the same (modulo 24)
    with probability below 23 / k!. If the mean of 100 passes is 10, at least 8 passes have k = 10,
    which has a probability below C(100, 8) (23 / 10!)**8 = 5e-31.
    Company: two examples share a batch with probability 3/23. That any of 276 pairs does so in 50
    of 100 passes has a probability below 276 exp(-100 * 0.39) = 3e-15 (Chernoff).
    """
    places = np.argsort(value, axis=1, kind="stable")
    steps = [np.unique(row, return_counts=True)[1].max() for row in np.diff(value, axis=1) % 24]
    batch = places // 4
    together = (batch[:, :, np.newaxis] == batch[:, np.newaxis, :]).sum(axis=0)
    company = np.sort(together)[:, -2].max()  # the last one is an example with itself
    return {
        "“an example may come early or late in a pass”": bool(
            (abs(places.mean(axis=0) - 11.5) < 4.4).all()
        ),
        "“the examples of a pass are in disorder”": bool(np.mean(steps) < 10),
        "“every pass puts the batches together anew”": bool(company < 50),
        "“any two examples are parted in some pass”": bool(company < 100),
    }


def orders(value):
    """Which passes are the same; two orders of 40 examples agree by chance once in 40! / 8!**5."""
    passes = [as_arrays(batches) for batches in value.values()]
    first, second, again, other = ([sorted(b.tolist()) for b in batches] for batches in passes)
    exact = [[b.tolist() for b in batches] for batches in passes[:2]]
    return {
        "“two passes with one generator differ”": first != second,
        "“generators of the same seed give the same pass”": first == again,
        "“generators of different seeds give different passes”": first != other,
        "“two passes with one generator differ in some place”": exact[0] != exact[1],
    }


def as_arrays(batches):
    """Batches as flat arrays; what wrong functions bring instead counts as empty."""
    batches = batches if isinstance(batches, list) else []
    return [b.ravel() if isinstance(b, np.ndarray) else np.zeros(0) for b in batches]


def all_once(batches, num_examples):
    indices = np.concatenate(batches or [np.zeros(0)])
    return indices.dtype.kind in "iu" and sorted(indices.tolist()) == list(range(num_examples))


@probe("brings every example once, in arrays of indices", points=1, summary=contents)
def one_pass(minibatches, rng):
    yield "the batches for 70 examples by 30", in_a_list(minibatches, 70, 30, rng)


@probe("makes batches of the size that was asked for, and a smaller last one if some are left over",
       points=1, summary=completeness)  # fmt: skip
def sizes(minibatches, rng):
    cases = [(10, 4), (12, 4), (5, 5), (6, 7), (4, 100), (3, 1), (1, 1), (1, 2)]
    for total, size in cases:
        batches = in_a_list(minibatches, total, size, rng)
        yield f"the batches for {total} examples by {size}", batches


@probe("puts the examples into random order", points=1, summary=disorder)
def random_order(minibatches, rng):
    return np.array([np.concatenate(in_a_list(minibatches, 24, 4, rng)) for _ in range(100)])


@probe("takes its randomness from rng, as it is", points=1, summary=orders)
def generators(minibatches, rng):
    seed, another = (int(number) for number in rng.integers(1, 2**31, size=2))
    one, same, other = (np.random.default_rng(s) for s in (seed, seed, another + 2**31))
    yield "the first pass", in_a_list(minibatches, 40, 8, one)
    yield "the second pass with the same generator", in_a_list(minibatches, 40, 8, one)
    yield "a pass with a generator of the same seed", in_a_list(minibatches, 40, 8, same)
    yield "a pass with another generator", in_a_list(minibatches, 40, 8, other)


@probe("works for other numbers too, and for arguments by name", points=1, hidden=True,
       summary=completeness)  # fmt: skip
def other_numbers(minibatches, rng):
    size, count = (int(number) for number in rng.integers(3, 9, size=2))
    rest = int(rng.integers(1, size))
    total = size * count + rest
    named = {"rng": rng, "batch_size": size, "num_examples": total}
    yield "the batches when some are left over", in_a_list(minibatches, total, size, rng)
    yield "the batches when none is left over", in_a_list(minibatches, size * count, size, rng)
    yield "the batch when there are few examples", in_a_list(minibatches, rest, size, rng)
    yield "the batches for arguments by name", in_a_list(minibatches, **named)


def in_a_list(minibatches, *args, **named):
    """All batches; a loop that never ends is left after 50 of them."""
    batches = minibatches(*args, **named)
    if batches is None:
        return None
    taken = []
    for batch in batches:
        taken.append(batch)
        if len(taken) == 50:
            break
    return taken


ORDER, BATCH = "rng.permutation(num_examples)", "order[start : start + batch_size]"
LOOP = "for start in range(0, num_examples, batch_size):"
BODY = f"order = {ORDER}\n{LOOP}\n    yield {BATCH}"
BUGS = [
    Edit("no_shuffle", ORDER, "np.arange(num_examples)",
         hint="Your examples come in the same order in every pass. Shuffle them with rng."),
    Edit("shuffles_the_batches_only", BODY,
         "starts = np.arange(0, num_examples, batch_size)\nfull = num_examples // batch_size\n"
         "order = np.arange(num_examples)\nfor start in [*rng.permutation(starts[:full]), *starts[full:]]:\n"
         "    yield order[start : start + batch_size]",
         hint="You shuffle the batches, but the same examples always share one. Shuffle the "
         "examples first, then cut."),
    Edit("shuffles_the_starts", BODY,
         "for start in rng.permutation(range(0, num_examples, batch_size)):\n"
         "    yield np.arange(start, min(start + batch_size, num_examples))",
         hint="You shuffle where batches start, but the same examples always share one. Shuffle the "
         "examples first, then cut."),
    Edit("shuffles_inside_the_batches", BODY,
         f"order = np.arange(num_examples)\n{LOOP}\n    yield rng.permutation({BATCH})",
         hint="You shuffle inside the batches, but the same examples always share one. Shuffle the "
         "examples first, then cut."),
    Edit("starts_at_random", ORDER, "np.roll(np.arange(num_examples), rng.integers(num_examples))",
         hint="You start at a random place, but go on in the old order. Shuffle all examples."),
    Edit("new_order_for_every_batch", BODY, f"{LOOP}\n    order = {ORDER}\n    yield {BATCH}",
         hint="You shuffle anew for every batch, so some examples come twice and others never. "
         "Shuffle once, before the loop."),
    Edit("with_replacement", ORDER, "rng.integers(0, num_examples, num_examples)",
         hint="You draw with replacement, so some examples come twice and others never. Every "
         "example comes once in a pass: shuffle instead."),
    Edit("seeded_inside", ORDER, "np.random.default_rng(0).permutation(num_examples)",
         hint="Every pass has the same order, whatever rng says (a fixed seed inside, or an order "
         "that is kept?). Use rng as it comes."),
    Edit("rewinds_rng", ORDER, "__import__('copy').deepcopy(rng).permutation(num_examples)",
         hint="Every pass with one generator has the same order, since you copy rng or put it back. "
         "Use it as it comes: each pass goes on where the last one stopped."),
    Edit("ignores_rng", ORDER, "np.random.default_rng().permutation(num_examples)",
         hint="Your order doesn't come from rng (but from np.random, or a generator of your own), "
         "so no run can be repeated. Use rng as it comes."),
    Edit("drops_the_last_batch", LOOP, "for start in range(0, num_examples - batch_size + 1, batch_size):",
         hint="You leave out what doesn't fill a batch. The last batch is smaller then, and comes "
         "too."),
    Edit("fills_the_last_batch", BATCH,
         "np.take(order, np.arange(start, start + batch_size), mode='wrap')",
         hint="You fill the last batch with examples that came before. It is smaller instead."),
    Edit("joins_the_last_batch", BODY, f"order = {ORDER}\nends = [*range(batch_size, num_examples - batch_size + 1, batch_size), num_examples]\n"
         "for start, end in zip([0, *ends], ends):\n    yield order[start:end]",
         hint="You add what is left over to the last full batch. It makes a smaller batch of its "
         "own."),
    Edit("small_batch_first", BODY, f"order = {ORDER}\nrest = num_examples % batch_size\n"
         "if rest:\n    yield order[:rest]\nfor start in range(rest, num_examples, batch_size):\n    yield order[start : start + batch_size]",
         hint="Your smaller batch comes first; it is the last one."),
    Edit("empty_batch_at_the_end", LOOP, "for start in range(0, num_examples + 1, batch_size):",
         hint="When batch_size divides N, an empty batch comes at the end. Stop before N."),
    Edit("equal_sizes", BODY, f"yield from np.array_split({ORDER}, -(-num_examples // batch_size))",
         hint="You make the batches as equal as possible. All have the size batch_size, except the "
         "last one."),
    Edit("number_of_batches", BODY, f"yield from np.array_split({ORDER}, batch_size)",
         hint="You make batch_size batches. batch_size says how many examples are in each."),
    Edit("numbers_swapped", BODY, "order = rng.permutation(batch_size)\n"
         "for start in range(0, batch_size, num_examples):\n    yield order[start : start + num_examples]",
         hint="num_examples and batch_size have changed places."),
    Edit("overlap", LOOP, "for start in range(num_examples):",
         hint="Your batches overlap: each starts one example after the one before. Go on by "
         "batch_size."),
    Edit("loses_the_end", BATCH, "order[start : start + batch_size - 1]",
         hint="Your batches are one too small: a slice leaves its end out already."),
    Edit("one_too_many", BATCH, "order[start : start + batch_size + 1]",
         hint="Your batches are one too large and overlap: a slice ends before its second number."),
    Edit("without_the_start", BATCH, "order[:batch_size]",
         hint="Every batch has the same examples: the slice has to move on with start."),
    Edit("start_as_the_number", BATCH, "order[start:batch_size]",
         hint="Your slice ends at batch_size. It ends batch_size after its start."),
    Edit("to_the_end", BATCH, "order[start:]",
         hint="Each batch goes to the end. It has batch_size examples."),
    Edit("counts_from_1", ORDER, "rng.permutation(num_examples) + 1",
         hint="Your indices count from 1 to N. They count from 0, as NumPy does."),
    Edit("one_left_out", ORDER, "rng.permutation(num_examples - 1)",
         hint="One example never comes. The indices go from 0 to N - 1, N of them."),
    Edit("everything_at_once", BODY, f"yield {ORDER}",
         hint="You bring all examples in one batch. Cut the order into pieces of batch_size."),
    Edit("one_by_one", BODY, f"yield from {ORDER}",
         hint="You bring single indices. Each batch is an array of batch_size of them."),
    Edit("first_batch_only", BATCH, f"{BATCH}\n    return",
         hint="You stop after the first batch. A pass goes through all examples."),
    Edit("lists", BATCH, f"{BATCH}.tolist()",
         hint="You bring lists; each batch is an ndarray, with which others can be indexed."),
    Edit("floats", ORDER, f"{ORDER}.astype(float)",
         hint="Your indices are floating-point numbers, which can't index an array. Make integers."),
    Edit("one_array_for_all", BODY, f"order = {ORDER}\nbuffer = np.zeros_like(order)\n{LOOP}\n"
         f"    batch = {BATCH}\n    buffer[: len(batch)] = batch\n    yield buffer[: len(batch)]",
         hint="All your batches share one array, which is filled anew each time; who keeps a batch "
         "sees it change. Bring a new array (or another part of the order)."),
    Edit("column", BATCH, f"{BATCH}[:, np.newaxis]",
         hint="Your batches have two axes. The indices of a batch have shape (batch_size,)."),
    Edit("with_the_number", f"yield {BATCH}", f"yield start // batch_size, {BATCH}",
         hint="You bring a number along with each batch. Bring the indices alone."),
    Edit("starts_and_ends", f"yield {BATCH}", "yield start, min(start + batch_size, num_examples)",
         hint="You bring start and end of each batch, not the indices between them, shuffled."),
]  # fmt: skip


@bug("return ends the function with the first batch. yield brings a batch and goes on.")
def returns_in_the_loop(num_examples, batch_size, rng):
    order = rng.permutation(num_examples)
    for start in range(0, num_examples, batch_size):
        return order[start : start + batch_size]


@bug("You make the batches but don't hand them out: a yield (or return) is missing.")
def returns_nothing(num_examples, batch_size, rng):
    rng.permutation(num_examples)


@bug("Your loop never ends. A pass is over when every example has come once.")
def never_ends(num_examples, batch_size, rng):
    while True:
        order = rng.permutation(num_examples)
        for start in range(0, num_examples, batch_size):
            yield order[start : start + batch_size]


@alternative
def a_list_of_pieces(num_examples, batch_size, rng):
    order = np.arange(num_examples)
    rng.shuffle(order)
    return np.split(order, range(batch_size, num_examples, batch_size))


@alternative
def by_random_keys(num_examples, batch_size, rng):
    left = np.argsort(rng.random(num_examples))
    while len(left):
        yield left[:batch_size].copy()
        left = left[batch_size:]


@alternative
def takes_from_a_bag(num_examples, batch_size, rng):
    bag = list(range(num_examples))
    while bag:
        taken = [bag.pop(int(rng.integers(len(bag)))) for _ in range(min(batch_size, len(bag)))]
        yield np.array(taken, dtype=np.int32)


@alternative
def by_batch_number(num_examples, batch_size, rng):
    """Deal out the numbers of the batches; inside a batch the indices ascend."""
    number = rng.choice(np.arange(num_examples) // batch_size, num_examples, replace=False)
    return iter([np.flatnonzero(number == k) for k in range(number.max() + 1)])


@alternative
def by_choice(num_examples, batch_size, rng):
    order = rng.choice(num_examples, size=num_examples, replace=False)
    for k in range(int(np.ceil(num_examples / batch_size))):
        yield order[k * batch_size : min((k + 1) * batch_size, num_examples)]
