"""Which known mistake explains what came out of the probes? And what is the one thing to say?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from course.compare import close, is_simple
from course.diagnosis import ENDINGS, memory_remark
from course.judging import Judged, agree
from course.outcome import Outcome
from course.spec import Edit, Probe, Wrong

Bug = Edit | Wrong
NO_ANSWER = set(ENDINGS.values())
MANY_PROBES = 5


@dataclass(frozen=True)
class Match:
    """A mistake, and whether it explains everything that came out.

    One that was made by rule, and not by a teacher, is told after what one sees.
    """

    bug: Bug
    complete: bool
    by_rule: bool = False


def matching_bug(
    bugs: Sequence[Bug], results: Sequence[Judged], outcome_of: Callable[[Bug, Probe], Outcome]
) -> Match | None:
    """The known bug that gives what the student's function gave.

    One that agrees on all probes is the mistake. If there is none, one of several mistakes is one
    that agrees on all but one of many probes, or on most of the failed probes with numbers that
    nobody gets by chance: at least half, and one of the first two. Where bugs with different hints
    agree equally well, none is claimed.

    Parameters
    ----------
    bugs : sequence of Edit or Wrong
    results : sequence of Judged
        What came out of each probe; at least one failed.
    outcome_of : callable
        What a bug brings on a probe.
    """

    def agrees(bug: Bug, result: Judged) -> bool:
        return agree(result.probe, outcome_of(bug, result.probe), result.got)

    failed = [result for result in results if result.difference]
    complete = [b for b in bugs if agrees(b, failed[0]) and all(agrees(b, r) for r in results)]
    if all(_is_crash(result) for result in failed):  # many mistakes end so
        words = failed[0].got.text
        if words or len(failed) == len(results):
            complete = [b for b in complete if words == outcome_of(b, failed[0].probe).text]
    if complete:
        return _claimed(complete, complete=True)
    near = [bug for bug in bugs if is_near(agreement(results, partial(agrees, bug)), results)]
    if near:
        return _claimed(near, complete=False)
    telling = [result for result in failed if is_telling(result)]
    likely = [bug for bug in bugs if any(agrees(bug, result) for result in telling[:2])]
    counts = {bug: sum(agrees(bug, result) for result in telling) for bug in likely}
    most = max(counts.values(), default=0)
    if 2 * most < max(len(telling), 1):
        return None
    return _claimed([bug for bug, count in counts.items() if count == most], complete=False)


def hint(name: str, results: Sequence[Judged], match: Match | None, remark: str) -> str:
    """The one thing to say about a function that failed a probe; empty if it failed none.

    A `remark` that comes from elsewhere goes first, then what explains everything, then what
    explains a part.
    """
    failed = [result for result in results if result.difference]
    if not failed or remark:
        return remark if failed else ""
    first = failed[0]
    if len({result.message for result in failed}) == 1 and first.message in NO_ANSWER:
        return f"{name}: {_ended(first.message)}"
    if match and match.complete and not match.by_rule:
        return match.bug.hint
    memory = next(filter(None, _memory_remarks(results)), "")
    if memory:
        return f"{name} {memory}"
    if match and not match.by_rule:
        return f"{match.bug.hint} (Then check again: something else may differ, too.)"
    changed = next((r for r in failed if r.changes_argument), None)  # may cause all the rest
    telling = (r for r in failed if r.reason == "cause" and not r.probe.hidden)
    told = changed or (next(telling, first) if first.is_plain else first)
    seen = f"Not yet true: “{name} {told.probe.claim}”. There, {_ended(told.message)}"
    return f"{seen} {match.bug.hint}" if match else seen


def _memory_remarks(results: Sequence[Judged]) -> Iterator[str]:
    """What each probe says about memory between calls, and nothing where a summary is compared."""
    answers = {r.probe.name: r.got.value for r in results if isinstance(r.got.value, dict)}
    for result in results:
        if result.probe.summary is None:
            others = (parts for name, parts in answers.items() if name != result.probe.name)
            elsewhere = [value for parts in others for value in parts.values()]
            yield memory_remark(result.expected, result.got, elsewhere)


def _claimed(bugs: Sequence[Bug], *, complete: bool) -> Match | None:
    """The first of these bugs, if all of them have the same hint."""
    return Match(bugs[0], complete) if len({bug.hint for bug in bugs}) == 1 else None


def agreement(results: Sequence[Judged], agrees: Callable[[Judged], bool]) -> list[bool]:
    """In which probes a mistake brings what came; after two that differ it isn't asked any more.

    Those that failed are asked first.
    """
    found: dict[str, bool] = {}
    for result in sorted(results, key=lambda result: result.difference is None):
        asked = list(found.values()).count(False) < 2
        found[result.probe.name] = asked and agrees(result)
    return [found[result.probe.name] for result in results]


def is_near(agreed: Sequence[bool], results: Sequence[Judged]) -> bool:
    """Whether a mistake explains all but one of many probes, a failed one among them."""
    failed = (
        yes and r.difference and not _is_crash(r) and not _is_zero(r)
        for yes, r in zip(agreed, results, strict=True)
    )
    return len(results) >= MANY_PROBES and sum(agreed) == len(results) - 1 and any(failed)


def _is_zero(result: Judged) -> bool:
    """Whether 0 came, as it does for many reasons."""
    found = result.difference
    return found is not None and found.kind == "values" and not np.any(found.got)


def _is_crash(result: Judged) -> bool:
    """Whether an exception came before any right answer."""
    found = result.difference
    return found is not None and found.kind == "error" and not found.right


def is_telling(result: Judged) -> bool:
    """Whether the wrong numbers are such that two mistakes don't share them by chance."""
    found = result.difference
    if found is None or found.kind not in ("values", "shape") or result.probe.summary:
        return False  # those that a summary makes of random numbers are alike by chance
    expected, got = np.asarray(found.expected), np.asarray(found.got)
    if not (np.abs(got) > 9 * found.atol).any():  # zeros
        return False
    if expected.shape == got.shape:
        wrong = ~close(expected, got, found.rtol, found.atol)
        if 3 <= wrong.sum() < wrong.size:  # which ones are wrong tells enough
            return True
        got = got[wrong]
    odd = np.unique(got[np.isfinite(got) & (got != np.round(got))])
    if got.size == 1:
        return bool(odd.size) and not is_simple(odd[0])
    return len(odd) >= 2 or bool((odd != np.round(odd, 3)).any())


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", ".")) else f"{sentence}."
