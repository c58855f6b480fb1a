"""cross_entropy: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("averages the negative log-probability of the right class", points=1, rtol=1e-6)
def ordinary_batch(cross_entropy, rng):
    small, large = rng.normal(size=(5, 7)), rng.normal(scale=3.0, size=(8, 3))
    return {
        "the loss": cross_entropy(small, np.array([6, 0, 3, 3, 5])),
        "the loss of a second batch": cross_entropy(
            large, rng.permutation([0, 1, 2, 0, 1, 2, 2, 2])
        ),
    }


@probe("pairs each row with its own target, also when there are as many rows as classes", points=1,
       rtol=1e-6)  # fmt: skip
def square_batch(cross_entropy, rng):
    logits = rng.normal(scale=2.0, size=(6, 6)) + 5.0 * np.arange(6)[:, np.newaxis]
    return cross_entropy(logits, np.array([1, 2, 0, 5, 5, 4]))


@probe("stays exact when the right class is 1000 behind, and when it is far ahead", points=1)
def large_logits(cross_entropy, rng):
    low, high = rng.normal(size=2)
    behind = np.array([[1000.0, low, -1000.0], [-1000.0, -2000.0, high]])
    ahead = np.array([[1000.0, low, -1000.0], [-1000.0, -1004.0, -2000.0]])
    return {
        "the loss with the right class behind": cross_entropy(behind, np.array([1, 0])),
        "the loss with the right class ahead": cross_entropy(ahead, np.array([0, 0])),
    }


@probe("returns one number and leaves its arguments as they were", points=1, rtol=1e-6)
def unchanged_arguments(cross_entropy, rng):
    logits, targets = rng.normal(size=(4, 5)), np.array([4, 0, 2, 2])
    loss = cross_entropy(logits, targets)
    return {"the loss": loss, "logits after the call": logits, "targets after the call": targets}


@probe("works for a single row, one-byte targets, and part of a larger array", points=1, hidden=True,
       rtol=1e-6)  # fmt: skip
def unusual_input(cross_entropy, rng):
    size = int(rng.integers(5, 9))
    wide, targets = rng.normal(size=(size, 2 * size + 2)), rng.integers(0, size + 1, size)
    return [
        cross_entropy(wide[:1], targets[:1]),
        cross_entropy(wide[:, ::2], targets.astype(np.uint8)),
        cross_entropy(wide.T, np.repeat(targets, 3)[: 2 * size + 2] % size),
    ]


BUGS = [
    Edit("sums_the_loss", ".mean()", ".sum()",
         hint="You add up the losses of the rows; the task asks for their mean, so that the loss "
         "does not grow with the batch."),
    Edit("forgets_the_minus", "return -log_probs", "return log_probs",
         hint="A loss is to be made small, so it is the negative log-probability: the minus sign "
         "is missing."),
    Edit("all_pairs", "log_probs[rows, targets]", "log_probs[:, targets]",
         hint="[:, targets] takes every target's column from every row, N times N numbers. Pair "
         "row i with targets[i]: two index arrays of the same length do that."),
    Edit("whole_rows_of_targets", "log_probs[rows, targets]", "log_probs[targets % len(targets)]",
         hint="You use targets to choose rows; they name a column (a class) in each row."),
    Edit("mean_over_all_entries", "log_probs[rows, targets].mean()", "log_probs.mean()",
         hint="You average over all classes. Only the right class of each row counts."),
    Edit("divides_by_classes_too", ".mean().item()", ".sum().item() / log_probs.size",
         hint="You divide by N times C. The mean is over the N rows; one entry of each row counts."),
    Edit("divides_by_classes", ".mean().item()", ".sum().item() / log_probs.shape[1]",
         hint="You divide by the number of classes; the mean is over the rows of the batch."),
    Edit("best_class", "log_probs[rows, targets]", "log_probs.max(axis=1)",
         hint="You take the most likely class of each row, not the right one: targets are not used."),
    Edit("off_by_one", "log_probs[rows, targets]", "log_probs[rows, targets - 1]",
         hint="You look at the class before the right one. Classes count from 0, as NumPy does."),
    Edit("sorted_targets", "log_probs[rows, targets]", "log_probs[rows, np.sort(targets)]",
         hint="You sort the targets, and they no longer belong to their rows."),
    Edit("first_class", "log_probs[rows, targets]", "log_probs[rows, 0]",
         hint="You always charge for the first class. Charge for the class that targets names."),
    Edit("first_row_only", "log_probs[rows, targets].mean()", "log_probs[0, targets[0]]",
         hint="You use the first row only. Take the mean over all rows."),
    Edit("median", "log_probs[rows, targets].mean()", "np.median(log_probs[rows, targets])",
         hint="You take the median; the empirical risk is the mean."),
    Edit("base_two", "-log_probs[rows, targets]",
         "-(log_probs / np.log(2))[rows, targets]",
         hint="Your loss is measured in bits (logarithm to base 2). Use the natural logarithm."),
    Edit("loss_for_each_row", ".mean().item()", "",
         hint="You return the loss of every row. The task asks for one number: their mean."),
    Edit("array_of_one", ".mean().item()", ".mean(keepdims=True)",
         hint="You return an array that holds one number; return the number itself."),
]  # fmt: skip


def probabilities(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def naive_probabilities(logits):
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def picked(table, targets):
    return table[np.arange(len(targets)), targets]


@bug("You take the log of the softmax, which is -inf where the probability rounds to 0. Build on "
     "log_softmax instead.")  # fmt: skip
def log_of_softmax(logits, targets):
    return -np.log(picked(probabilities(logits), targets)).mean().item()


@bug("exp(1000) overflows. Build on log_softmax, which never raises e to a positive number.")
def overflows(logits, targets):
    return -np.log(picked(naive_probabilities(logits), targets)).mean().item()


@bug("A small constant inside the logarithm bounds the loss at about 18, however wrong the "
     "prediction. Build on log_softmax instead.")  # fmt: skip
def epsilon_inside(logits, targets):
    return -np.log(picked(probabilities(logits), targets) + 1e-8).mean().item()


@bug("Clipping the probabilities bounds the loss, however wrong the prediction. Build on "
     "log_softmax instead.")  # fmt: skip
def clipped(logits, targets):
    return -np.log(np.clip(picked(probabilities(logits), targets), 1e-12, 1.0)).mean().item()


@bug("0 times -inf is NaN: your sum over the one-hot row meets log(0) at the wrong classes. Build "
     "on log_softmax, or pick the right class by its index.")  # fmt: skip
def one_hot_of_infinities(logits, targets):
    one_hot = np.eye(logits.shape[1])[targets]
    return -(one_hot * np.log(probabilities(logits))).sum(axis=1).mean().item()


@bug("You average the right classes' probabilities; their logarithm is missing.")
def no_logarithm(logits, targets):
    return -picked(probabilities(logits), targets).mean().item()


@bug("You take one minus the probability; cross-entropy is the negative logarithm of it.")
def one_minus(logits, targets):
    return (1 - picked(probabilities(logits), targets)).mean().item()


@bug("You take the logarithm of the mean; the task asks for the mean of the logarithms.")
def log_of_the_mean(logits, targets):
    return -np.log(picked(probabilities(logits), targets).mean()).item()


@bug("You average the logits of the right classes; turn them into log-probabilities first.")
def logits_as_log_probs(logits, targets):
    return -picked(logits, targets).mean().item()


@bug("You apply softmax twice: log_softmax gets probabilities where it needs logits.")
def softmax_twice(logits, targets):
    probs = probabilities(logits)
    log_probs = probs - np.log(np.exp(probs).sum(axis=1, keepdims=True))
    return -picked(log_probs, targets).mean().item()


@bug("You charge for the wrong classes as well (the formula for yes-or-no targets). With a softmax "
     "only the right class of each row counts.")  # fmt: skip
def binary_formula(logits, targets):
    probs, one_hot = probabilities(logits), np.eye(logits.shape[1])[targets]
    rest = np.log(np.where(one_hot == 1, 1.0, 1 - probs))
    return -(np.log(picked(probs, targets)) + rest.sum(axis=1)).mean().item()


@bug("You write into logits (-= does that): the caller's array changes too. Make a new array.")
def in_place(logits, targets):
    logits -= logits.max(axis=1, keepdims=True)
    log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -picked(log_probs, targets).mean().item()


@alternative
def row_by_row(logits, targets):
    total = 0.0
    for z, y in zip(logits, targets, strict=True):
        m = max(z)
        total += m + np.log(sum(np.exp(z - m))) - z[y]
    return total / len(targets)


@alternative
def by_one_hot(logits, targets):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    one_hot = np.zeros(logits.shape)
    one_hot[np.arange(logits.shape[0]), targets] = 1.0
    return -np.sum(one_hot * log_probs) / logits.shape[0]


@alternative
def log_sum_exp_minus_the_right_logit(logits, targets):
    right = np.take_along_axis(logits, targets.reshape(-1, 1).astype(np.int64), axis=1)[:, 0]
    return float(np.mean(np.logaddexp.reduce(logits, axis=1) - right))


@alternative
def by_margins(logits, targets):
    margins = logits - logits[np.arange(len(targets)), targets][:, None]
    m = margins.max(axis=1)
    return np.mean(m + np.log(np.exp(margins - m[:, None]).sum(axis=1)))


@alternative
def by_einsum(logits, targets):
    z = logits - np.amax(logits, axis=1)[:, None]
    log_probs = z - np.log(np.sum(np.exp(z), axis=1))[:, None]
    return -np.einsum("nc,nc->", np.eye(logits.shape[1])[targets], log_probs) / len(logits)
