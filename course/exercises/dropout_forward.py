"""dropout_forward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def coins(value):
    """How often entries are dropped, and whether each has a coin of its own.

    The fractions of two correct functions differ by more than 0.04 less often than once in 10**8
    gradings: each has a standard deviation of at most sqrt(0.21 / 9600), so that 0.04 is 6 times
    that of their difference. That two rows are equal, or that all rows, all columns or all calls
    lose the same number, happens less often than once in 10**12.
    """
    dropped = np.atleast_2d(value["mask"] == 0)
    by_row, by_column = np.count_nonzero(dropped, axis=-1), np.count_nonzero(dropped, axis=0)
    in_calls = {np.count_nonzero(mask == 0) for mask in value["masks of 15 calls"]}
    return {
        "the fraction of zeros in mask": dropped.mean(),
        "the number of different rows of mask": len({row.tobytes() for row in dropped}),
        "the number of different columns of mask": len({row.tobytes() for row in dropped.T}),
        "that the number of zeros differs from row to row": bool(np.ptp(by_row) > 0),
        "that the number of zeros differs from column to column": bool(np.ptp(by_column) > 0),
        "that the number of zeros differs from call to call": len(in_calls) > 1,
    }


@probe("zeroes entries with probability p, each by a coin of its own", points=2, rtol=0.0, atol=0.04,
       summary=coins)  # fmt: skip
def own_coins(dropout_forward, rng):
    p, wide, small = rng.uniform(0.15, 0.3), rng.normal(size=(80, 120)), rng.normal(size=(5, 8))
    return {
        "mask": dropout_forward(wide, p, True, rng)[1],
        "masks of 15 calls": [dropout_forward(small, 0.5, True, rng)[1] for _ in range(15)],
    }


def numbers_in_masks(value):
    """That 300 entries all survive or all fall happens less often than once in 10**20 gradings."""
    results = {}
    for name, mask in value.items():
        results[f"the smallest number in {name}"] = mask.min()
        results[f"the largest number in {name}"] = mask.max()
        results[f"how many different numbers are in {name}"] = len(np.unique(mask.round(9)))
    return results


@probe("puts what each entry is multiplied by into mask", points=1, rtol=1e-6,
       summary=numbers_in_masks)  # fmt: skip
def scale_of_survivors(dropout_forward, rng):
    p, more = rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.8)
    x = rng.normal(size=(15, 20))
    return {
        "mask": dropout_forward(x, p, True, rng)[1],
        "mask with a larger p": dropout_forward(x, more, True, rng)[1],
    }


def products(value):
    """That all of 150 entries survive or fall happens less often than once in 10**20 gradings."""
    x, y, mask = (value[name] for name in ("x", "y", "mask"))
    return {
        "the largest distance between y and x * mask": np.abs(y - x * mask).max(),
        "how many different numbers are in mask where x is 0": len(np.unique(mask[x == 0])),
        "x after the call": x,
    }


@probe("returns y as x times mask, also where x is 0, and leaves x as it was", points=1, rtol=1e-6,
       atol=1e-9, summary=products)  # fmt: skip
def y_and_mask(dropout_forward, rng):
    x = rng.normal(scale=3.0, size=(20, 15))
    x[::2] = 0.0
    y, mask = dropout_forward(x, rng.uniform(0.3, 0.6), True, rng)
    return {"x": x, "y": y, "mask": mask}


def sources(value):
    """That two masks of 120 coins agree by chance happens less often than once in 10**15."""
    first, second, same_seed, other_seed = value
    return {
        "that a second call throws new coins": bool((first != second).any()),
        "that generators of one seed throw the same coins": bool((first == same_seed).all()),
        "that generators of two seeds throw different coins": bool((first != other_seed).any()),
    }


@probe("takes its coins from rng, as it comes", points=1, summary=sources)
def generator(dropout_forward, rng):
    x, p = rng.normal(size=(8, 15)), rng.uniform(0.3, 0.6)
    seed, other = (int(n) for n in rng.integers(2**31, size=2))
    source = np.random.default_rng(seed)
    return [
        dropout_forward(x, p, True, source)[1],
        dropout_forward(x, p, True, source)[1],
        dropout_forward(x, p, True, np.random.default_rng(seed))[1],
        dropout_forward(x, p, True, np.random.default_rng(other))[1],
    ]


@probe("changes nothing in evaluation, and throws no coins", points=1, rtol=1e-6)
def evaluation(dropout_forward, rng):
    x, other = rng.normal(size=(2, 4, 5))
    yield "the result with p=0.3", dropout_forward(x, 0.3, False, rng)
    yield "the result with p=0.8", dropout_forward(other, 0.8, False, rng)
    yield "the next number of rng", rng.random()


@probe("makes a new array in evaluation too", points=1, rtol=1e-6)
def new_arrays(dropout_forward, rng):
    x = rng.normal(size=(3, 4))
    y, mask = dropout_forward(x, 0.3, False, rng)
    yield "y", y.copy()
    y += 1.0
    yield "x after y has changed", x
    yield "mask after y has changed", mask


def unusual_results(value):
    """As above: several hundred coins each, whose numbers in mask don't depend on chance."""
    return [
        [y.size, np.abs(y - x * mask).max(), mask.min(), mask.max(), len(np.unique(mask.round(4)))]
        for x, y, mask in value
    ]


@probe("works for p = 0, any number of axes, float32, and part of a larger array", points=1,
       hidden=True, rtol=1e-4, atol=1e-5, summary=unusual_results)  # fmt: skip
def unusual_input(dropout_forward, rng):
    size, p = int(rng.integers(20, 30)), rng.uniform(0.3, 0.6)
    wide = rng.normal(size=(size, 2 * size))
    return [
        [wide, *dropout_forward(wide, 0.0, True, rng)],
        [wide.ravel(), *dropout_forward(wide.ravel(), p, True, rng)],
        [wide[:, ::2].T, *dropout_forward(wide[:, ::2].T, p, True, rng)],
        [wide.astype(np.float32), *dropout_forward(wide.astype(np.float32), p, True, rng)],
        [wide.reshape(2, size, size), *dropout_forward(wide.reshape(2, size, size), p, True, rng)],
    ]


KEEP, MASK = "rng.random(x.shape) >= p", "(keep / (1 - p)).astype(x.dtype)"
EVALUATION, RETURN = "return x.copy(), np.ones_like(x)", "return x * mask, mask"
WHOLE = f"keep = {KEEP}\nmask = {MASK}\n"
BUGS = [
    Edit("p_keeps", KEEP, "rng.random(x.shape) < p",
         hint="You keep an entry with probability p. Here p is the probability of zeroing it."),
    *(Edit(name, WHOLE, f"keep = rng.random(x.shape) < p\nmask = keep / {kept}\n",
           hint="You take p as the probability of keeping an entry. Here it is that of zeroing it, so "
           "that 1 - p survive.")
      for name, kept in (
          ("p_keeps_throughout", "p"), ("p_keeps_throughout_above_0", "max(p, 1e-12)"))),
    Edit("never_scaled", MASK, "keep.astype(x.dtype)",
         hint="Survivors are not scaled, so the mean of an entry shrinks while training. Multiply them "
         "by 1 / (1 - p)."),
    Edit("scaled_by_the_fraction_kept", MASK, "keep * (1 - p)",
         hint="You multiply survivors by 1 - p, which makes them smaller still. They make up for those "
         "that were dropped: divide."),
    Edit("divided_by_p", MASK, "keep / p",
         hint="You divide by p, the probability of dropping. Divide by that of surviving."),
    Edit("scaled_by_what_happened", MASK, "keep / max(keep.mean(), 1e-12)",
         hint="You divide by the fraction that happened to survive. Use the probability 1 - p: it makes "
         "the mean right, and does not depend on the other coins."),
    Edit("mask_not_scaled", RETURN, "return x * mask, keep.astype(x.dtype)",
         hint="Your y is scaled, and your mask is not. mask holds what each entry was multiplied by, for "
         "the way back."),
    Edit("y_not_scaled", RETURN, "return x * keep, mask",
         hint="Your mask is scaled, and your y is not: y is x times mask."),
    Edit("scaled_twice", RETURN, "return x * mask / (1 - p), mask",
         hint="You scale y twice: mask holds the factor 1 / (1 - p) already."),
    Edit("mask_tells_what_fell", RETURN, "return x * mask, (1 - keep) / (1 - p)",
         hint="Your mask marks the entries that were dropped. It holds what each entry was multiplied "
         "by: 0 for those."),
    *(Edit(name, KEEP, f"np.broadcast_to(rng.random(x.shape[{axes}:]) >= p, x.shape)",
           hint="All examples of a batch lose the same entries. Each entry of x needs its own coin: draw "
           "as many as x has entries.")
      for name, axes in (("coin_for_each_column", 1), ("coin_for_each_place_in_the_last_axis", -1))),
    Edit("coin_for_each_row", KEEP,
         "np.broadcast_to(rng.random((len(x),) + (1,) * (x.ndim - 1)) >= p, x.shape)",
         hint="You drop or keep whole examples. Each entry of x needs its own coin: draw as many as x "
         "has entries."),
    Edit("one_coin", KEEP, "np.full(x.shape, rng.random() >= p)",
         hint="One coin decides for all entries together. Draw as many as x has entries."),
    Edit("exact_number", KEEP, "rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)",
         hint="You drop an exact number of entries, so their coins depend on each other. Each entry is "
         "dropped with probability p on its own."),
    Edit("exact_number_in_each_row", KEEP,
         "rng.random(x.shape).argsort(axis=-1).argsort(axis=-1) >= round(p * x.shape[-1])",
         hint="You drop the same number in every row, so the coins of a row depend on each other. Each "
         "entry is dropped with probability p on its own."),
    Edit("smallest_entries", KEEP, "np.abs(x) >= np.quantile(np.abs(x), p)",
         hint="You drop the smallest entries. Chance decides, not the size: draw coins from rng."),
    Edit("fair_coins", KEEP, "rng.random(x.shape) >= 0.5",
         hint="You drop half of the entries, whatever p is. Compare your random numbers with p."),
    Edit("p_is_half", f"keep = {KEEP}", f"p = 0.5\nkeep = {KEEP}",
         hint="Your result does not depend on p. Use the argument, in the coins and in the scale."),
    Edit("bell_shaped_coins", KEEP, "rng.normal(size=x.shape) >= p",
         hint="Your random numbers are not uniform from 0 to 1 (rng.normal, or other bounds?). Only those "
         "are below p with probability p."),
    Edit("random_numbers_in_mask", MASK, "rng.random(x.shape) * keep / (1 - p)",
         hint="Your mask holds random numbers. Only whether an entry survives is random; all survivors "
         "are multiplied by the same number."),
    Edit("seeded_inside", KEEP, "np.random.default_rng(0).random(x.shape) >= p",
         hint="You make a generator with a fixed seed inside, so every call drops the same entries. Use "
         "the rng that you are given."),
    Edit("not_from_rng", KEEP, "np.random.default_rng().random(x.shape) >= p",
         hint="Your coins don't come from rng, so nobody can repeat an experiment. Call the methods of "
         "the generator that you are given."),
    Edit("mask_from_y", RETURN, "return x * mask, (x * mask != 0) / (1 - p)",
         hint="You read the mask off y. Where x is 0 that looks like a dropped entry; keep the coins "
         "themselves."),
    Edit("in_place", RETURN, "x *= mask\nreturn x, mask",
         hint="You write into x (*= and x[...] = do that): the caller's array has changed. Make a new "
         "one."),
    Edit("y_is_the_mask", RETURN, "return mask.copy(), mask",
         hint="Your y is the mask itself: multiply x by it."),
    Edit("mask_holds_the_random_numbers", WHOLE, "mask = rng.random(x.shape)\n"
         "return x * (mask >= p) / (1 - p), mask\n",
         hint="Your mask holds the random numbers. It holds what each entry was multiplied by."),
    Edit("exchanged", RETURN, "return mask, x * mask",
         hint="You return mask first while training. The task asks for y, mask."),
    Edit("drops_in_evaluation", "if not training:", "if False:",
         hint="You drop entries in evaluation too. There everything passes: look at training first."),
    Edit("modes_exchanged", "if not training:", "if training:",
         hint="You drop in evaluation and let everything pass while training: it is the other way "
         "round."),
    Edit("scaled_in_evaluation", EVALUATION, "return x * (1 - p), np.ones_like(x)",
         hint="You scale in evaluation. Survivors were scaled while training, so that evaluation can "
         "leave everything as it is."),
    Edit("mask_scaled_in_evaluation", EVALUATION, "return x.copy(), np.ones_like(x) / (1 - p)",
         hint="Your mask in evaluation is 1 / (1 - p). There each entry was multiplied by 1."),
    Edit("y_and_mask_scaled_in_evaluation", EVALUATION,
         "return x / (1 - p), np.ones_like(x) / (1 - p)",
         hint="In evaluation you scale by 1 / (1 - p). Nothing is dropped there, so nothing is made up for."),
    Edit("mask_of_zeros_in_evaluation", EVALUATION, "return x.copy(), np.zeros_like(x)",
         hint="Your mask in evaluation is 0, which would stop every gradient. There each entry was "
         "multiplied by 1."),
    Edit("coins_in_evaluation", EVALUATION, f"rng.random(x.shape)\n    {EVALUATION}",
         hint="You draw random numbers in evaluation and don't use them. That moves rng on: draw only "
         "while training."),
    Edit("x_itself_in_evaluation", EVALUATION, "return x, np.ones_like(x)",
         hint="In evaluation you return x itself: who changes y changes x. Return a copy."),
]  # fmt: skip


@bug("You return mask first. The task asks for y, mask.")
def exchanged_in_both_modes(x, p, training, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p) if training else np.ones_like(x)
    return mask, x * mask


@bug("You scale in evaluation instead of while training. The network is the same, but this task scales "
     "survivors while training, so that evaluation leaves everything as it is.")  # fmt: skip
def scaled_in_the_wrong_mode(x, p, training, rng):
    if not training:
        return x * (1 - p), np.full_like(x, 1 - p)
    keep = (rng.random(x.shape) >= p).astype(float)
    return x * keep, keep


@alternative
def binomial_coins(x, p, training, rng):
    if training:
        mask = rng.binomial(1, 1 - p, size=x.shape) / (1 - p)
        return mask * x, mask
    return np.array(x), np.ones(x.shape)


@alternative
def chosen_from_two_numbers(x, p, training, rng):
    mask = rng.choice([0.0, 1 / (1 - p)], size=x.shape, p=[p, 1 - p]) if training else x * 0 + 1
    return np.multiply(x, mask), mask


@alternative
def below_the_fraction_kept(x, p, training, rng):
    if not training:
        return 1.0 * x, np.ones_like(x)
    mask = np.zeros(x.shape)
    mask[rng.uniform(0, 1, size=x.shape) < 1 - p] = 1 / (1 - p)
    return x * mask, mask


@alternative
def entry_by_entry(x, p, training, rng):
    y, mask = np.empty(x.shape), np.empty(x.shape)
    for i in np.ndindex(x.shape):
        mask[i] = 1.0 if not training else 0.0 if rng.random() < p else 1.0 / (1.0 - p)
        y[i] = x[i] * mask[i]
    return y, mask


@alternative
def cut_from_a_copy(x, p, training, rng):
    y, scale = x.copy(), np.ones_like(x)
    if training:
        fallen = rng.random(x.size, dtype=np.float32).reshape(x.shape) <= p - 1e-12
        y /= 1 - p
        y[fallen] = 0
        scale = np.where(fallen, 0, 1 / (1 - p))
    return [y, scale]
