"""accuracy: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def batch(rng, num_rows, num_classes):
    """Logits, and targets that are right in about every other row."""
    logits = rng.normal(size=(num_rows, num_classes))
    best, others = logits.argmax(axis=1), rng.integers(0, num_classes, num_rows)
    return logits, np.where(rng.uniform(size=num_rows) < 0.5, best, others)


@probe("gives the fraction of the rows that are right", points=1, rtol=1e-6)
def ordinary_batches(accuracy, rng):
    yield "the accuracy of a batch", accuracy(*batch(rng, 83, 5))
    yield "the accuracy of a second batch", accuracy(*batch(rng, 97, 4))
    yield "the accuracy of as many rows as classes", accuracy(*batch(rng, 41, 41))
    logits, targets = batch(rng, 89, 4)
    best = logits.argmax(axis=1)
    yield "the accuracy of negative logits", accuracy(logits - 9.0, targets)
    yield "the accuracy where all rows are right", accuracy(logits.copy(), best.copy())
    yield "the accuracy where no row is right", accuracy(logits.copy(), (best + 1) % 4)
    yield "the accuracy of one row, which is right", accuracy(logits[:1].copy(), best[:1].copy())
    yield "the accuracy of one row, which is wrong", accuracy(logits[:1].copy(), (best[:1] + 2) % 4)


@probe("looks at the logits as they are, however large or small", points=1, rtol=1e-6)
def close_logits(accuracy, rng):
    logits, targets = batch(rng, 79, 5)
    yield "the accuracy of a batch", accuracy(logits.copy(), targets.copy())
    yield "the accuracy of logits near 1000", accuracy(1000.0 + logits, targets.copy())
    yield "the accuracy of logits near -1000", accuracy(logits - 1003.0, targets.copy())
    yield "the accuracy of logits in the thousands", accuracy(3000.0 * logits, targets.copy())
    yield "the accuracy of logits that hardly differ", accuracy(1.0 + 1e-8 * logits, targets)


@probe("takes the first of several equal logits, where they are a row's largest", points=1,
       rtol=1e-6)  # fmt: skip
def equal_logits(accuracy, rng):
    ties = rng.integers(0, 3, size=(240, 4)) - 1.0
    first = ties.argmax(axis=1)
    targets = np.where(rng.uniform(size=240) < 0.7, first, (first + 1) % 4)
    yield "the accuracy without equal logits", accuracy(*batch(rng, 61, 4))
    yield "the accuracy with equal logits", accuracy(ties, targets)


@probe("returns one number, leaves its arguments as they were, and keeps nothing between calls",
       points=1, rtol=1e-6)  # fmt: skip
def clean_calls(accuracy, rng):
    (logits, targets), other = batch(rng, 71, 5), batch(rng, 73, 5)
    same_logits, same_targets = logits.copy(), targets.copy()
    yield "the accuracy", accuracy(logits, targets)
    yield "logits unchanged", np.array_equal(logits, same_logits)
    yield "targets unchanged", np.array_equal(targets, same_targets)
    yield "the accuracy of another batch", accuracy(*other)
    yield "the accuracy of the first batch again", accuracy(same_logits, same_targets)


@probe("works for any size, probabilities, a single class, one-byte targets, float32 and parts of arrays",
       points=1, hidden=True, rtol=1e-4, atol=1e-5)  # fmt: skip
def unusual_input(accuracy, rng):
    size = int(rng.integers(60, 90))
    logits, targets = batch(rng, size, 11)
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    every_second, targets_of_seconds = batch(rng, 67, 6)
    rows_first, targets_of_columns = batch(rng, 59, 7)
    columns_first = rows_first.T.copy()
    many, one_byte = batch(rng, 600, 3)
    yield "the accuracy of another size", accuracy(logits.copy(), targets.copy())
    yield "the accuracy of probabilities", accuracy(probs, targets.copy())
    yield "the accuracy with a single class", accuracy(logits[:, :1].copy(), 0 * targets)
    yield "the accuracy with two classes", accuracy(*batch(rng, size, 2))
    yield "the accuracy of one-byte targets", accuracy(many, one_byte.astype(np.uint8))
    yield "the accuracy in float32", accuracy(logits.astype(np.float32), targets.copy())
    yield (
        "the accuracy of every other row",
        accuracy(np.repeat(every_second, 2, axis=0)[::2], np.repeat(targets_of_seconds, 2)[::2]),
    )
    yield "the accuracy of a transposed array", accuracy(columns_first.T, targets_of_columns)


PREDICTED, HITS, MEAN = "logits.argmax(axis=1)", "(predicted == targets)", ".mean().item()"
FRACTION = "(predicted == targets).mean().item()"
START = (
    "Your search for the largest logit starts from a fixed number, such as 0 or -1000, and finds none above it in a row "
    "of very negative logits. Start from the row's first logit."
)  # fmt: skip
COARSE = "Some logits that differ become equal: you round them, or convert them to int or float32. Leave them as they are."
OVERFLOWS = (
    "Where logits are large in size, your exponentials overflow or round to 0 or 1. No softmax or sigmoid is needed: the largest logit "
    "has the largest probability."
)  # fmt: skip
BUGS = [
    Edit("count", ".mean()", ".sum()",
         hint="You count the rows that are right. The task asks for their fraction: divide by the number of rows."),
    Edit("error_rate", FRACTION, f"1 - {FRACTION}", hint="You return the fraction of the rows that are wrong."),
    Edit("number_of_errors", HITS + ".mean()", "(predicted != targets).sum()",
         hint="You count the rows that are wrong. The task asks for the fraction of those that are right."),
    Edit("percent", FRACTION, f"100 * {FRACTION}", hint="Your accuracy is in percent. The task asks for a fraction, from 0 to 1."),
    *(Edit(f"rounded_to_{digits}", FRACTION, f"round({FRACTION}, {digits})",
           hint="You round the accuracy. Keep all digits; round only when you print.")
      for digits in (1, 2, 3, 4)),
    Edit("whole_number", FRACTION, f"int({FRACTION})",
         hint="You get 1 only where all rows are right, and 0 else: is the fraction cut down to a whole number (int or // "
         "does that), or do you ask whether all are right?"),
    Edit("divides_by_classes", ".mean().item()", ".sum().item() / logits.shape[1]",
         hint="You divide by the number of classes. The fraction is one of the rows."),
    Edit("divides_by_all_entries", ".mean().item()", ".sum().item() / logits.size",
         hint="You divide by rows times classes. The fraction is one of the rows."),
    Edit("divides_twice", MEAN, ".mean().item() / len(targets)",
         hint="You divide by the number of rows twice: the mean already does it once."),
    Edit("one_less", MEAN, ".sum().item() / max(len(targets) - 1, 1)",
         hint="You divide by one row less than there are."),
    Edit("smallest", "argmax", "argmin", hint="You take the smallest logit of each row. The prediction is the largest."),
    Edit("largest_size", PREDICTED, "np.abs(logits).argmax(axis=1)",
         hint="You take absolute values. A very negative logit belongs to an unlikely class."),
    Edit("last_of_equals", PREDICTED, "logits.shape[1] - 1 - logits[:, ::-1].argmax(axis=1)",
         hint="Where several logits of a row are the largest, you take the last of them (>= in a loop, or a sort, does "
         "that); the task says the first."),
    Edit("columns", PREDICTED, "np.resize(logits.argmax(axis=0), len(targets))",
         hint="You look for the largest logit of each column (axis=0), which is a row's number. The classes of one "
         "example lie along axis 1."),
    *(Edit(f"columns_{i}", old, new,
           hint="You look for the largest logit of each column (axis=0), which is a row's number. The classes of one "
           "example lie along axis 1.")
      for i, (old, new) in enumerate((
          (PREDICTED, "logits.argmax(axis=0)"),
          (FRACTION, "sum(p == t for p, t in zip(logits.argmax(axis=0), targets)) / len(targets)"),
          (FRACTION, "np.mean([p == t for p, t in zip(logits.argmax(axis=0), targets)])")))),
    Edit("columns_if_square", "axis=1", "axis=int(len(logits) != logits.shape[1])",
         hint="Where there are as many rows as classes, you look for the largest logit of each column, not row."),
    Edit("of_the_whole_batch", PREDICTED, "logits.argmax()",
         hint="argmax without an axis looks for one place in the whole batch. Each row has its own largest logit."),
    Edit("largest_of_the_batch", HITS, "(logits == logits.max())[np.arange(len(targets)), targets]",
         hint="You look for the largest logit of the whole batch. Each row has its own largest logit."),
    Edit("largest_logit_itself", PREDICTED, "logits.max(axis=1)",
         hint="You compare the largest logit itself with the target. What is compared is its place: argmax."),
    Edit("rounded_logit", PREDICTED, "logits.max(axis=1).round()",
         hint="You compare the largest logit itself with the target. What is compared is its place: argmax."),
    Edit("threshold", FRACTION, "((logits > 0.5)[np.arange(len(targets)), targets]).mean().item()",
         hint="You call a row right if its right logit exceeds one half. A row is right if no other logit is larger."),
    Edit("majority", HITS, "((np.exp(logits - logits.max(axis=1, keepdims=True)) / np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)) > 0.5)[np.arange(len(targets)), targets]",
         hint="You call a row right if its right class has more than half of the probability. The largest share is enough."),
    Edit("distances_of_classes", FRACTION, "1 - np.abs(predicted - targets.astype(int)).mean()",
         hint="You use how far apart the numbers of two classes are. A prediction is right or wrong; classes 0 and 2 are "
         "no closer than 0 and 9."),
    Edit("positive", FRACTION, "((logits > 0)[np.arange(len(targets)), targets]).mean().item()",
         hint="You call a row right if its right logit is positive. A row is right if no other logit is larger."),
    Edit("sorted_places", PREDICTED, "np.argsort(logits, axis=1)[:, -1]",
         hint="Where several logits of a row are the largest, you take the last of them (>= in a loop, or a sort, does "
         "that); the task says the first."),
    Edit("close_is_right", HITS, "np.isclose(logits[np.arange(len(targets)), targets], logits.max(axis=1))",
         hint="You call a row right if its right logit is close to the largest. However small the gap, the largest "
         "decides."),
    Edit("zeros_agree_too", FRACTION, "(np.eye(logits.shape[1])[predicted] == np.eye(logits.shape[1])[targets]).mean().item()",
         hint="You compare zeros and ones entry by entry, where two zeros count as a hit. Compare one class for each "
         "row."),
    Edit("mean_over_predicted_classes", FRACTION, "np.mean([(predicted == targets)[predicted == c].mean() for c in np.unique(predicted)])",
         hint="You average over the predicted classes (that is the precision). Every row counts the same here."),
    Edit("error_in_percent", FRACTION, f"100 * (1 - {FRACTION})",
         hint="You return how many percent of the rows are wrong. The task asks for the fraction of those that are right."),
    Edit("ties_are_right", HITS, "(logits[np.arange(len(targets)), targets] == logits.max(axis=1))",
         hint="You call a row right whenever its right logit is one of several largest. The task says that only the "
         "first of them counts."),
    Edit("ties_are_wrong", HITS, "((predicted == targets) & ((logits == logits.max(axis=1, keepdims=True)).sum(axis=1) == 1))",
         hint="You call a row wrong whenever several logits are the largest. The task says that the first of them "
         "counts."),
    Edit("ties_are_shared", HITS, "((logits == logits.max(axis=1, keepdims=True)) / (logits == logits.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))[np.arange(len(targets)), targets]",
         hint="Where several logits are the largest, you count a part of a hit. The task says that the first of them "
         "counts."),
    Edit("second_best", PREDICTED, "np.argsort(-logits, axis=1, kind='stable')[:, min(1, logits.shape[1] - 1)]",
         hint="You take the second largest logit of each row. The prediction is the largest: does an index count from "
         "1?"),
    Edit("top_two", HITS, "(np.argsort(-logits, axis=1, kind='stable')[:, :2] == targets[:, np.newaxis]).any(axis=1)",
         hint="You call a row right if its class is among the best two. Only the best one counts."),
    Edit("counts_from_one", PREDICTED, "logits.argmax(axis=1) + 1",
         hint="You count the classes from 1. argmax and targets both count from 0."),
    Edit("counts_targets_from_one", PREDICTED, "logits.argmax(axis=1) - 1",
         hint="You take targets to count from 1. argmax and targets both count from 0."),
    Edit("all_pairs", HITS, "(predicted[:, np.newaxis] == targets)",
         hint="You compare every row's prediction with every row's target, N times N pairs: one of them has shape "
         "(N, 1). Row i belongs with targets[i]."),
    Edit("membership", HITS, "np.isin(predicted, targets)",
         hint="You ask whether a prediction occurs anywhere in targets. Row i belongs with targets[i]."),
    Edit("sorted", HITS, "(np.sort(predicted) == np.sort(targets))",
         hint="You sort predictions and targets, and they no longer belong together."),
    Edit("reversed", HITS, "(predicted == targets[::-1])",
         hint="You read targets in reverse order. Row i belongs with targets[i]."),
    Edit("first_row", FRACTION, "float(predicted[0] == targets[0])",
         hint="Only the first row counts in your accuracy: is there a return inside the loop?"),
    Edit("last_row", FRACTION, "float(predicted[-1] == targets[-1])",
         hint="Only the last row counts in your accuracy, as if each row overwrote the one before. Count all hits."),
    Edit("without_the_first_row", HITS, "np.where(np.arange(len(targets)) == 0, False, predicted == targets)",
         hint="The first row does not count in your accuracy. Python counts from 0."),
    Edit("without_the_last_row", HITS, "np.where(np.arange(len(targets)) == len(targets) - 1, False, predicted == targets)",
         hint="The last row does not count in your accuracy: does a loop end one too early?"),
    *(Edit(f"mean_without_{row}_row", HITS, f"(predicted[{part}] == targets[{part}])",
           hint=f"The {row} row does not count in your accuracy: {why}")
      for row, part, why in (("first", "1:", "Python counts from 0."), ("last", ":-1", "does a loop end one too early?"))),
    Edit("loops_over_classes", FRACTION, "sum([predicted[i] == targets[i] for i in range(logits.shape[1])]) / len(targets)",
         hint="Your loop over the rows ends at the number of classes. Every row counts."),
    Edit("mean_over_all_classes", FRACTION, "sum((predicted == targets)[targets == c].mean() for c in np.unique(targets)) / logits.shape[1]",
         hint="You average the accuracy over classes. Every row counts the same here, however rare its class."),
    Edit("mean_over_classes", FRACTION, "np.mean([(predicted == targets)[targets == c].mean() for c in np.unique(targets)])",
         hint="You average the accuracy over classes. Every row counts the same here, however rare its class."),
    Edit("probability", FRACTION, "(lambda e: (e / e.sum(axis=1, keepdims=True))[np.arange(len(targets)), targets].mean().item())(np.exp(logits - logits.max(axis=1, keepdims=True)))",
         hint="You average the right classes' probabilities. A row is either right, 1, or wrong, 0."),
    Edit("no_mean", MEAN, "* 1.0",
         hint="You return a 0 or 1 for each row. Their mean is the accuracy."),
    Edit("keeps_the_axis", MEAN, ".mean(keepdims=True)",
         hint="Your accuracy is an array with one entry (keepdims keeps the axis). The task asks for a plain number."),
    Edit("ignores_the_last_class", PREDICTED, "logits[:, : max(logits.shape[1] - 1, 1)].argmax(axis=1)",
         hint="You never look at the last class: does a loop end one too early?"),
    Edit("ignores_the_first_class", PREDICTED, "logits[:, min(1, logits.shape[1] - 1) :].argmax(axis=1) + min(1, logits.shape[1] - 1)",
         hint="You never look at the first class. Classes count from 0."),
    *(Edit(f"starts_at_{start}_with_{place}", PREDICTED, f"np.where(logits.max(axis=1) > {start}, logits.argmax(axis=1), {place})", hint=START)
      for start, place in ((0, 0), (0, -1), (-1, -1), (-100, 0), (-100, -1), (-1000, 0), (-1000, -1))),
    *(Edit(f"coarse_{i}", PREDICTED, f"logits.{coarse}.argmax(axis=1)", hint=COARSE)
      for i, coarse in enumerate(("astype(int)", "round()", "round(1)", "round(2)", "round(3)", "round(4)", "round(6)", "astype(np.float32)", "astype(np.float16)"))),
    *(Edit(f"overflow_{i}", PREDICTED, f"{new}.argmax(axis=1)", hint=OVERFLOWS)
      for i, new in enumerate(("np.exp(logits)", "(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))",
                               "np.exp(logits - logits.max())", "np.nan_to_num(np.exp(logits))",
                               "(1 / (1 + np.exp(-logits)))", "np.tanh(logits)"))),
]  # fmt: skip


PROBS = "(p := np.exp(logits - logits.max(axis=1, keepdims=True))) / p.sum(axis=1, keepdims=True)"
ORDER = "np.argsort(-logits, axis=1, kind='stable')"
RATE = "(predicted == targets).mean()"
OTHERS = {  # what else is done with the hits, or done instead of counting them
    "You compare hits with misses (their ratio or their difference). The fraction is hits divided by all rows.": {
        "odds": f"{RATE} / max(1 - {RATE}, 1 / len(targets))", "odds_to_infinity": f"{RATE} / (1 - {RATE})",
        "difference": f"2 * {RATE} - 1", "count_difference": "(predicted == targets).sum() - (predicted != targets).sum()",
        "errors_to_hits": f"(1 - {RATE}) / {RATE}"},
    "You divide by more than the number of rows: the fraction is hits divided by rows, with nothing added.": {
        "jaccard": f"{RATE} / (2 - {RATE})", "one_row_more": "(predicted == targets).sum() / (len(targets) + 1)",
        "laplace": "((predicted == targets).sum() + 1) / (len(targets) + 2)",
        "laplace_with_classes": "((predicted == targets).sum() + 1) / (len(targets) + logits.shape[1])",
        "one_hit_more": "((predicted == targets).sum() + 1) / (len(targets) + 1)", "rows_plus_classes": "(predicted == targets).sum() / (len(targets) + logits.shape[1])",
        "half": f"{RATE} / 2"},
    "You correct for guessing (as Cohen's kappa does). The plain fraction is asked.": {
        "kappa": f"({RATE} - 1 / logits.shape[1]) / max(1 - 1 / logits.shape[1], 1e-12)",
        "kappa_to_nan": f"({RATE} - 1 / logits.shape[1]) / (1 - 1 / logits.shape[1])",
        "above_guessing": f"{RATE} - 1 / logits.shape[1]"},
    "Equal pairs of prediction and target are counted only once (is += used with repeated indices?). Every row counts.": {
        "pairs_once": "(lambda m: (m.__setitem__((targets, predicted), 1), np.trace(m) / m.sum())[1])(np.zeros((logits.shape[1],) * 2))",
        "pairs_as_a_set": "len({(p, t) for p, t in zip(predicted.tolist(), targets.tolist()) if p == t}) / len(targets)"},
    "You leave out rows, such as those whose largest logit is small or negative. Every row counts.": {
        "positive_rows": "(predicted == targets)[logits.max(axis=1) > 0].mean()",
        "positive_rows_or_0": "(predicted == targets)[s].mean() if (s := logits.max(axis=1) > 0).any() else 0.0",
        "sure_rows": f"(predicted == targets)[({PROBS}).max(axis=1) > 0.5].mean()"},
    "Class 0 is left out. It is a class as any other: a row whose class is 0 counts, and can be right.": {
        "not_class_0": "(predicted == targets)[targets != 0].mean()", "no_hits_of_class_0": "((predicted == targets) & (targets != 0)).mean()",
        "not_predicted_0": "(predicted == targets)[predicted != 0].mean()",
        "not_class_0_or_0": "(((predicted == targets) & (targets != 0)).sum() / max((targets != 0).sum(), 1))"},
    "You look at two classes only. There may be more, or one: the prediction is the largest of all logits of the row.": {
        "last_above_first": "((logits[:, -1] > logits[:, 0]) == targets).mean()", "second_above_first": "((logits[:, 1] > logits[:, 0]) == targets).mean()",
        "first_two": "(logits[:, :2].argmax(axis=1) == targets).mean()", "last_positive": "((logits[:, -1] > 0) == targets).mean()",
        "second_positive": "((logits[:, 1] > 0) == targets).mean()", "last_above_half": "((logits[:, -1] > 0.5) == targets).mean()",
        "second_above_half": "((logits[:, 1] > 0.5) == targets).mean()", "first_above_half": "((logits[:, 0] > 0.5) == targets).mean()"},
    "You stop at the first row that is wrong. Go on to the last row, and count all hits.": {
        "streak": "np.cumprod(predicted == targets).sum() / len(targets)", "all_so_far": "np.cumprod(predicted == targets).mean()"},
    "You sort a row before you look for its largest logit, which then is at the same place in every row (and if it sorts in place, the caller's array changes).": {
        "always_the_last": "(logits.shape[1] - 1 == targets).mean()", "always_the_first": "(0 == targets).mean()",
        "always_the_last_in_place": "(logits.sort(axis=1), (logits.shape[1] - 1 == targets).mean())[1]"},
    "You count how high the right class is ranked, not only whether it is first. Only the first place counts.": {
        "reciprocal_rank": f"(1 / (1 + ({ORDER} == targets[:, None]).argmax(axis=1))).mean()",
        "mean_rank": f"({ORDER} == targets[:, None]).argmax(axis=1).mean()",
        "share_of_classes_below": "(logits < logits[np.arange(len(targets)), targets][:, None]).mean()",
        "top_three": f"({ORDER}[:, :3] == targets[:, None]).any(axis=1).mean()", "top_five": f"({ORDER}[:, :5] == targets[:, None]).any(axis=1).mean()"},
    "You count neighbouring classes as right. Only the class itself is right.": {
        "within_one": "(np.abs(predicted - targets.astype(int)) <= 1).mean()", "close_numbers": "np.isclose(predicted, targets, rtol=0.5).mean()"},
    "You change each column first (its mean or its largest is taken away, or it is normalised), so that another class of a row can win. Compare a row's logits as they are.": {
        "minus_column_means": "((logits - logits.mean(axis=0)).argmax(axis=1) == targets).mean()",
        "minus_column_largest": "((logits - logits.max(axis=0)).argmax(axis=1) == targets).mean()",
        "standard_columns": "(((logits - logits.mean(axis=0)) / (logits.std(axis=0) + 1e-8)).argmax(axis=1) == targets).mean()",
        "standard_columns_exactly": "(((logits - logits.mean(axis=0)) / logits.std(axis=0)).argmax(axis=1) == targets).mean()",
        "softmax_of_columns": "((p := np.exp(logits - logits.max(axis=0))) / p.sum(axis=0)).argmax(axis=1).__eq__(targets).mean()"},
    "You use one row's prediction for all rows. Each row has its own.": {
        "first_prediction": "(predicted[0] == targets).mean()", "last_prediction": "(predicted[-1] == targets).mean()",
        "prediction_of_the_mean": "(logits.mean(axis=0).argmax() == targets).mean()", "prediction_of_the_sum": "(logits.sum(axis=0).argmax() % logits.shape[1] == targets[0]).mean()",
        "place_in_the_batch": "(logits.argmax() % logits.shape[1] == targets).mean()"},
    "You compare the right logit with the row's mean, middle or smallest. It has to be the largest of the row.": {
        "above_mean": "(logits[np.arange(len(targets)), targets] > logits.mean(axis=1)).mean()", "not_below_mean": "(logits[np.arange(len(targets)), targets] >= logits.mean(axis=1)).mean()",
        "above_middle": "(logits[np.arange(len(targets)), targets] > np.median(logits, axis=1)).mean()", "above_smallest": "(logits[np.arange(len(targets)), targets] > logits.min(axis=1)).mean()",
        "not_the_smallest": "(logits.argmin(axis=1) != targets).mean()", "above_fair_share": f"(({PROBS})[np.arange(len(targets)), targets] > 1 / logits.shape[1]).mean()"},
    "You compare the right logit with the largest of its column, or of all rows. It has to be the largest of its row.": {
        "largest_of_the_column": "(logits[np.arange(len(targets)), targets] == logits.max(axis=0)[targets]).mean()", "row_of_the_column": "(logits.argmax(axis=0)[targets] == np.arange(len(targets))).mean()"},
    "You compare how often each class occurs, or the sums of the classes. Row i belongs with targets[i].": {
        "counts_of_classes": "np.minimum(np.bincount(predicted, minlength=logits.shape[1]), np.bincount(targets, minlength=logits.shape[1])).sum() / len(targets)",
        "equal_counts": "(np.bincount(predicted, minlength=logits.shape[1]) == np.bincount(targets, minlength=logits.shape[1])).mean()",
        "sums_of_classes": "1 - abs(predicted.sum() - targets.astype(int).sum()) / len(targets)", "ratio_of_sums": "predicted.sum() / targets.sum()"},
    "You treat targets as one-hot rows (argmax). They are the numbers of the classes already.": {
        "argmax_of_targets": "(predicted == targets.argmax()).mean()", "argmax_of_a_column": "(predicted == targets[:, None].argmax(axis=1)).mean()"},
    "You take the right class's logits or their sum. A row is either right, 1, or wrong, 0.": {
        "mean_logit": "logits[np.arange(len(targets)), targets].mean()", "mean_largest": "logits.max(axis=1).mean()", "mean_confidence": f"({PROBS}).max(axis=1).mean()"},
    "You use the first row's target for all rows. Each row has its own.": {"first_target": "(predicted == targets[0]).mean()"},
    "You average over parts of the batch first, and the last part is smaller. Count all hits and divide once.": {
        f"parts_of_{n}": f"np.mean([(predicted == targets)[i : i + {n}].mean() for i in range(0, len(targets), {n})])" for n in (8, 10, 16, 20, 32, 50, 64)},
    "Only every other row counts in your accuracy.": {
        "every_other": "(predicted == targets)[::2].mean()", "every_other_of_all": "(predicted == targets)[::2].sum() / len(targets)"},
    "You divide inside the loop, so early hits are divided again and again. Divide once, after it.": {
        "running_division": "[m := 0.0, *(m := (m + h) / len(targets) for h in (predicted == targets))][-1]",
        "running_halves": "[m := 0.0, *(m := (m + h) / 2 for h in (predicted == targets))][-1]"},
    "You take a square or a root of the fraction. It is the plain number of hits divided by rows.": {
        "square": f"{RATE} ** 2", "root": f"np.sqrt({RATE})", "root_of_rows": "(predicted == targets).sum() / np.sqrt(len(targets))"},
    "You return the hits' standard deviation or variance. The mean is asked.": {
        "deviation": "(predicted == targets).std()", "variance": "(predicted == targets).var()"},
    "You return the loss or a difference of numbers, not how many rows are right.": {
        "mean_difference": "(predicted - targets.astype(int)).mean()", "mean_square": "((predicted - targets.astype(int)) ** 2).mean()",
        "mean_distance": "np.abs(predicted - targets.astype(int)).mean()"},
}  # fmt: skip
BUGS += [
    Edit(name, FRACTION, f"float({new})", hint)
    for hint, ways in OTHERS.items()
    for name, new in ways.items()
]


@bug("You write into logits: the caller's array changes too. Make a new array.")
def shifts_in_place(logits, targets):
    logits -= logits.max(axis=1, keepdims=True)
    return np.mean(logits.argmax(axis=1) == targets)


@bug("You write into targets: the caller's array changes too. Make a new array.")
def writes_into_targets(logits, targets):
    targets[...] = logits.argmax(axis=1) == targets
    return float(targets.mean())


@alternative
def row_by_row(logits, targets):
    hits = 0
    for row, target in zip(logits.tolist(), targets.tolist(), strict=True):
        hits += row.index(max(row)) == target
    return hits / len(targets)


@alternative
def by_counting(logits, targets):
    return np.count_nonzero(np.argmax(logits, axis=-1) == targets) / logits.shape[0]


@alternative
def through_one_hot(logits, targets):
    first = np.eye(logits.shape[1])[logits.argmax(1)]
    return np.einsum("nc,nc->", first, np.eye(logits.shape[1])[targets]) / len(first)


@alternative
def one_minus_the_errors(logits, targets):
    return 1.0 - np.mean(np.argsort(-logits, axis=1, kind="stable")[:, 0] != targets)


@alternative
def rivals(logits, targets):
    """A row is right if every class before is smaller, and none after is larger."""
    own = np.take_along_axis(logits, targets.astype(np.int64)[:, None], 1)
    before = np.arange(logits.shape[1]) < targets[:, None]
    return np.array((np.where(before, logits < own, logits <= own)).all(axis=1).mean())
