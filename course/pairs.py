"""Two known mistakes at once, where neither explains everything alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import combinations

from course.hints import Bug, Match, is_telling
from course.judging import Judged, agree
from course.outcome import Outcome
from course.reference import places_of, twice_edited_reference
from course.spec import Edit, Function, Probe, Wrong
from course.substitution import giving_the_same, is_work

Pair = tuple[Edit, Edit]
SECOND = "There is a second mistake, too."


def matching_pair(
    name: str,
    bugs: Sequence[Bug],
    results: Sequence[Judged],
    fails: Callable[[Bug], Set[str]],
    outcome: Callable[[Probe, Function], Outcome],
) -> Match | None:
    """Two edits of the reference that together give what the student's function gave.

    They must agree on every probe, and bring numbers that nobody gets by chance. Where pairs with
    other hints do so, too, none is claimed.

    Parameters
    ----------
    name : str
        The function's name.
    bugs : sequence of Edit or Wrong
    results : sequence of Judged
        What came out of each probe; at least one failed, and no single bug explains all.
    fails : callable
        The names of the probes that a bug fails.
    outcome : callable
        What a function brings on a probe.
    """
    telling = [result for result in results if is_telling(result)]
    if not telling:
        return None
    first = next((r for r in telling if r.difference and is_work(r.difference)), telling[0])
    order = [first, *(r for r in results if r is not first)]
    failed = {r.probe.name for r in results if r.difference}
    asked = {r.probe.name for r in results}
    alone = {bug: fails(bug) & asked for bug in bugs if isinstance(bug, Edit)}
    made = {
        twice_edited_reference(name, *((edit.old, edit.new) for edit in pair)): pair
        for pair in _pairs(name, alone)
        if alone[pair[0]] | alone[pair[1]] == failed
    }
    assert first.difference
    found = [
        (made[function], function)
        for function in giving_the_same(first.difference, made)
        if all(agree(r.probe, outcome(r.probe, function), r.got) for r in order)
    ]
    hints = {frozenset((one.hint, other.hint)) for (one, other), _ in found}
    if len(hints) != 1:  # none, or several that would be a guess
        return None
    (one, other), function = found[0]
    both = one.hint if one.hint == other.hint else f"{one.hint} {SECOND} {other.hint}"
    return Match(Wrong(f"{one.name}, {other.name}", function, both), complete=True)


def _pairs(name: str, bugs: Iterable[Edit]) -> Iterator[Pair]:
    """All pairs of edits that change different places of the reference."""
    edits = [(bug, *places_of(name, bug.old)) for bug in bugs]
    for (one, start, end), (other, other_start, other_end) in combinations(edits, 2):
        if end <= other_start or other_end <= start:
            yield one, other
