"""early_stopping_epoch: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def history(rng, num_falling, *later):
    """Losses that fall to a best one below 1, and then differ from it by these numbers."""
    falling, best = np.sort(rng.uniform(1.0, 2.0, num_falling - 1))[::-1], rng.uniform(0.5, 0.9)
    return [*falling.tolist(), best, *(best + x for x in later)]


@probe("finds the best epoch and stops patience epochs after it", points=2)
def ordinary_losses(early_stopping_epoch, rng):
    n, m = (int(k) for k in rng.integers(3, 7, size=2))
    large = [1e6 * loss for loss in history(rng, n, 0.3, 0.2, 0.4, -0.4, -0.3)]
    yield "patience 2, two worse epochs", early_stopping_epoch(history(rng, n, 0.1, 0.2, -0.3), 2)
    yield (
        "patience 3, three worse epochs",
        early_stopping_epoch(history(rng, m, 0.1, 0.3, 0.2, -0.2, -0.3), 3),
    )
    yield "patience 1, one worse epoch", early_stopping_epoch(history(rng, m, 0.1, -0.2, -0.3), 1)
    yield (
        "patience 2, the first epoch is the best",
        early_stopping_epoch(history(rng, 1, 0.9, 0.7, 0.5, 0.3, -0.1), 2),
    )
    yield "patience 3, losses around a million", early_stopping_epoch(large, 3)


@probe("starts counting anew after each improvement", points=1)
def recovering_losses(early_stopping_epoch, rng):
    n = int(rng.integers(2, 6))
    waves = history(rng, n, 0.2, -0.1, 0.0, -0.05, -0.2, -0.1, -0.15, -0.19, -0.4, -0.45)
    yield "patience 3 and two recoveries", early_stopping_epoch(waves.copy(), 3)
    yield "patience 2 and one recovery", early_stopping_epoch(waves.copy(), 2)
    yield "patience 4 and three recoveries", early_stopping_epoch(waves.copy(), 4)
    yield (
        "losses that fall again without reaching the best",
        early_stopping_epoch(history(rng, n, 0.9, 0.7, 0.5, 0.3, -0.1), 3),
    )


@probe("runs to the last epoch when patience does not run out", points=1)
def patience_is_enough(early_stopping_epoch, rng):
    n = int(rng.integers(4, 9))
    yield "losses that always fall", early_stopping_epoch(history(rng, n), 2)
    yield "losses that rise at the end", early_stopping_epoch(history(rng, n, 0.1, 0.2), 4)
    yield (
        "patience that ends with the last loss",
        early_stopping_epoch(history(rng, n, 1.0, 2.0), 2),
    )
    yield "a single loss", early_stopping_epoch(history(rng, 1), 3)


# Losses and min_delta are fractions of 8, which floats hold exactly: ties are ties in any formula.
@probe("counts an epoch as an improvement if it is better by more than min_delta", points=1)
def size_of_an_improvement(early_stopping_epoch, rng):
    top = float(rng.integers(3, 9))
    level = [top + x for x in (1, 0, 0, 0, 0, -0.5)]
    steps = [top - k / 4 for k in range(int(rng.integers(1, 4)))]
    creeping = [*steps, *(steps[-1] - k / 8 for k in range(1, 10))]
    slowly = [top - k * 1e-9 for k in range(6)]
    yield "tiny improvements without min_delta", early_stopping_epoch(slowly, 2)
    yield "equal losses", early_stopping_epoch(level.copy(), 2)
    yield "equal losses with min_delta=0.25", early_stopping_epoch(level.copy(), 2, 0.25)
    yield "better by exactly min_delta", early_stopping_epoch(steps + level, 2, min_delta=0.25)
    yield "small steps that add up", early_stopping_epoch(creeping.copy(), 4, min_delta=0.25)
    yield "small steps and little patience", early_stopping_epoch(creeping, 2, 0.5)
    yield (
        "an improvement that is too small",
        early_stopping_epoch([top + x for x in (2, 1, 0.5, 0.25, -0.75, -0.5)], 2, 0.75),
    )


@probe("returns whole numbers that can serve as indices, leaves losses as they were, and keeps nothing "
       "between calls", points=1)  # fmt: skip
def clean_calls(early_stopping_epoch, rng):
    losses, other = history(rng, 3, 0.2, 0.1, -0.2), history(rng, 2, 0.3, 0.1, 0.2)
    same = losses.copy()
    stop_epoch, best_epoch = early_stopping_epoch(losses, 2)
    yield "the losses at both epochs", np.array([same[stop_epoch], same[best_epoch]])
    yield "losses unchanged", losses == same
    stop_epoch, best_epoch = early_stopping_epoch(other, 2)
    yield "the losses at both epochs of others", np.array([other[stop_epoch], other[best_epoch]])
    stop_epoch, best_epoch = early_stopping_epoch(same.copy(), 2)
    yield "the losses at both epochs again", np.array([same[stop_epoch], same[best_epoch]])


@probe("is right for long histories, negative losses and tuples", points=1, hidden=True)
def long_histories(early_stopping_epoch, rng):
    length = int(rng.integers(60, 90))
    steps = rng.integers(-8, 8, size=(4, length)) / 16
    slope = np.round(8 * np.exp(-np.arange(length) / 25) * 16) / 16
    shuffled = [float(n) for n in rng.permutation(12)]
    yield "patience 6", early_stopping_epoch((slope + steps[0]).tolist(), 6)
    yield "patience 10, a tuple", early_stopping_epoch(tuple((slope + steps[1]).tolist()), 10)
    yield "negative losses", early_stopping_epoch((slope + steps[2] - 9).tolist(), 8, 0.25)
    yield "min_delta=0.5", early_stopping_epoch((slope + steps[3]).tolist(), 5, 0.5)
    yield "patience 1, whole numbers", early_stopping_epoch(shuffled, 1)


BETTER, UPDATE = "loss < best_loss - min_delta", "best_loss, best_epoch = loss, epoch"
STOP, RETURN = "epoch - best_epoch >= patience", "return epoch, best_epoch"
BUGS = [
    Edit("one_epoch_late", STOP, "epoch - best_epoch > patience",
         hint="You stop one epoch late: with patience 1, training ends at the first epoch that is no "
         "improvement."),
    Edit("one_epoch_early", STOP, "epoch > best_epoch and epoch - best_epoch >= patience - 1",
         hint="You stop one epoch early: with patience 2, two epochs after the best one are run."),
    Edit("ignores_patience", STOP, "epoch > best_epoch",
         hint="You stop at the first epoch that is no improvement. patience says how many to wait."),
    Edit("never_stops", STOP, "False",
         hint="Your stop_epoch always is the last one. Training ends when patience runs out."),
    Edit("looks_beyond_the_stop", RETURN, "return epoch, int(np.argmin(losses))",
         hint="You search all losses for the best one, but training had stopped: what comes later was "
         "never seen."),
    Edit("smallest_until_the_stop", RETURN, "return epoch, int(np.argmin(losses[:epoch + 1]))",
         hint="Your best_epoch is that of the smallest loss. It is that of the last improvement, which "
         "has to be better by more than min_delta."),
    Edit("exchanged", RETURN, "return best_epoch, epoch",
         hint="You return best_epoch first. The task asks for stop_epoch, best_epoch."),
    Edit("counts_from_one", RETURN, "return epoch + 1, best_epoch + 1",
         hint="You count epochs from 1. Here the first one is epoch 0."),
    Edit("stop_counts_from_one", RETURN, "return epoch + 1, best_epoch",
         hint="Your stop_epoch is one too large. It is the last epoch that was run, and epochs count "
         "from 0."),
    Edit("loss_for_epoch", RETURN, "return epoch, losses[best_epoch]",
         hint="You return the best loss. The task asks for the epoch that it belongs to."),
    Edit("stop_epoch_only", RETURN, "return epoch",
         hint="best_epoch is missing from what you return: stop_epoch, best_epoch."),
    Edit("ties_improve", BETTER, "loss <= best_loss - min_delta",
         hint="A loss that is better by exactly min_delta (or equal, with 0) is no improvement: more "
         "than min_delta is asked."),
    Edit("ignores_min_delta", BETTER, "loss < best_loss",
         hint="min_delta changes nothing in your result. An improvement has to be larger than it."),
    Edit("min_delta_added", BETTER, "loss < best_loss + min_delta",
         hint="You add min_delta, so that even a slightly worse loss counts as an improvement. It makes "
         "improving harder, not easier."),
    Edit("relative_min_delta", BETTER, "loss < best_loss * (1 - min_delta)",
         hint="You take min_delta as a fraction of the best loss. It is a difference between losses."),
    Edit("distance_from_the_best", BETTER, "epoch == 0 or abs(best_loss - loss) > min_delta",
         hint="abs() makes a loss that has got worse look like an improvement. Only lower losses "
         "count."),
    Edit("higher_is_better", "loss < best_loss - min_delta",
         "epoch == 0 or loss > best_loss + min_delta",
         hint="You wait for the loss to grow, as for an accuracy. A smaller loss is better."),
    Edit("compares_with_the_epoch_before", BETTER,
         "epoch == 0 or loss < losses[epoch - 1] - min_delta",
         hint="You compare with the epoch before. An improvement has to beat the best loss so far."),
    Edit("best_follows_small_steps", f"    {UPDATE}",
         f"    {UPDATE}\n    best_loss = min(best_loss, loss)",
         hint="Your best loss moves on with every small step, so steps below min_delta never add up. "
         "Keep the loss of the last improvement."),
    Edit("best_loss_not_kept", UPDATE, "best_loss, best_epoch = min(losses[0], best_loss), epoch",
         hint="You compare with the first loss all the time. Remember the loss of each improvement."),
    Edit("best_starts_at_zero", "best_loss, best_epoch = np.inf, 0", "best_loss, best_epoch = 0.0, 0",
         hint="Your best loss starts at 0, which a positive loss never beats. The first epoch is an "
         "improvement over anything."),
    Edit("best_starts_at_one", "best_loss, best_epoch = np.inf, 0", "best_loss, best_epoch = 1.0, 0",
         hint="Your best loss starts too low: losses may be larger than that. The first epoch is an "
         "improvement over anything."),
    Edit("best_is_always_patience_before", RETURN, "return epoch, max(epoch - patience, 0)",
         hint="You take the epoch that is patience before the last. If patience did not run out, the "
         "best one is somewhere else."),
    Edit("runs_to_the_end_is_minus_one", RETURN,
         "return (epoch if epoch - best_epoch >= patience else -1), best_epoch",
         hint="When patience does not run out, stop_epoch is the epoch of the last loss, not -1."),
    Edit("stop_is_best_plus_patience", RETURN, "return best_epoch + patience, best_epoch",
         hint="Your stop_epoch is best_epoch + patience even where the losses end before. There it is "
         "the epoch of the last loss."),
    Edit("last_loss_not_seen", "enumerate(losses)", "enumerate(losses[:-1] or losses)",
         hint="Your loop ends before the last loss, which may be the best one."),
    Edit("one_past_the_end", RETURN,
         "return (epoch if epoch - best_epoch >= patience else len(losses)), best_epoch",
         hint="When patience does not run out, stop_epoch is that of the last loss: one less than their "
         "number."),
]  # fmt: skip


@bug("You never set the count of bad epochs back, so patience runs out over the whole training. Every "
     "improvement starts the count anew.")  # fmt: skip
def counter_not_reset(losses, patience, min_delta=0.0):
    best_loss, best_epoch, bad = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best_loss - min_delta:
            best_loss, best_epoch = loss, epoch
        else:
            bad += 1
        if bad >= patience:
            break
    return epoch, best_epoch


@bug(
    "Without the argument you ask for more than any improvement: look at the default of min_delta."
)
def default_min_delta(losses, patience, min_delta=1e-4):
    best_loss, best_epoch = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best_loss - min_delta:
            best_loss, best_epoch = loss, epoch
        if epoch - best_epoch >= patience:
            break
    return epoch, best_epoch


@bug("You search all losses for the best one, but training had stopped: what comes later was never "
     "seen.")  # fmt: skip
def searches_all_losses(losses, patience, min_delta=0.0):
    best_epoch = int(np.argmin(losses))
    return min(best_epoch + patience, len(losses) - 1), best_epoch


@bug("Your best loss is the smallest one, your count asks for more than min_delta. Update best loss, best "
     "epoch and count together, at an improvement only.")  # fmt: skip
def two_kinds_of_best(losses, patience, min_delta=0.0):
    best_loss, best_epoch, bad = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        bad = 0 if loss < best_loss - min_delta else bad + 1
        if loss < best_loss:
            best_loss, best_epoch = loss, epoch
        if bad >= patience:
            break
    return epoch, best_epoch


@bug("You stop only when the loss has grown several times in a row. Every epoch counts that does not "
     "beat the best one, also if it is better than the epoch before.")  # fmt: skip
def counts_rises(losses, patience, min_delta=0.0):
    best_loss, best_epoch, rises = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best_loss - min_delta:
            best_loss, best_epoch = loss, epoch
        rises = rises + 1 if epoch > 0 and loss > losses[epoch - 1] else 0
        if rises >= patience:
            break
    return epoch, best_epoch


@bug("You sort the losses, or write into them: the caller's list has changed, and the order of epochs "
     "is lost.")  # fmt: skip
def empties_the_list(losses, patience, min_delta=0.0):
    best_loss, best_epoch, epoch = np.inf, 0, -1
    losses = losses if isinstance(losses, list) else list(losses)
    while losses and (epoch < 0 or epoch - best_epoch < patience):
        loss, epoch = losses.pop(0), epoch + 1
        if loss < best_loss - min_delta:
            best_loss, best_epoch = loss, epoch
    return epoch, best_epoch


@alternative
def with_a_counter(losses, patience, min_delta=0.0):
    best_loss, best_epoch, waited = losses[0], 0, 0
    for epoch in range(1, len(losses)):
        if best_loss - losses[epoch] > min_delta:
            best_loss, best_epoch, waited = losses[epoch], epoch, 0
        else:
            waited += 1
            if waited == patience:
                return epoch, best_epoch
    return len(losses) - 1, best_epoch


@alternative
def from_one_improvement_to_the_next(losses, patience, min_delta=0.0):
    losses, best = np.asarray(losses, dtype=float), 0
    while True:
        window = losses[best + 1 : best + 1 + patience]
        better = np.flatnonzero(window + min_delta < losses[best])
        if len(better) == 0:
            return min(best + patience, len(losses) - 1), best
        best += 1 + better[0]


@alternative
def with_a_while_loop(losses, patience, min_delta=0.0):
    epoch = best_epoch = np.int64(0)
    while epoch - best_epoch < patience and epoch + 1 < len(losses):
        epoch = epoch + 1
        if losses[epoch] < losses[best_epoch] - min_delta:
            best_epoch = epoch
    return [epoch, best_epoch]


@alternative
def all_improvements_first(losses, patience, min_delta=0.0):
    improvements, last = [0], len(losses) - 1
    for epoch, loss in enumerate(losses):
        if losses[improvements[-1]] - loss > min_delta:
            improvements.append(epoch)
    gaps = np.diff([*improvements, last + patience + 1])
    best = improvements[np.argmax(gaps > patience)]
    return min(best + patience, last), best
