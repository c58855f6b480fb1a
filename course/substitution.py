"""Do wrong numbers come out of the reference, too, when one of its arguments is changed?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from course.calls import Call
from course.compare import Difference, equal, is_real, is_simple
from course.patterns import ATOL, RTOL, largest
from course.spec import Function

MOST_WAYS = 2  # that are told; more say nothing


def substitution(difference: Difference) -> str:
    """What one would have to change in the call, in words; empty if nothing explains the numbers.

    It has to explain all parts of the probe, right ones as well, and numbers that nobody gets by
    chance.
    """
    calls, place = difference.calls, _place_in_call(difference)
    if place is None:
        return ""
    parts = zip(calls, difference.results, strict=True)
    pairs = [(call, _at(got, place)) for call, (_, got) in parts]
    own = calls[difference.position].variants
    ways = [w for w, value in own.items() if _is_like(_at(value, place), difference.got)]
    ways = [w for w in ways if _explains(w, place, pairs)]
    ways = [w for w in ways if "exchanged" not in w] or ways
    if not 0 < len(ways) <= MOST_WAYS or not _is_evidence(difference, pairs):
        return ""
    return f"is what comes out with {', or with '.join(ways)}"


def is_work(difference: Difference) -> bool:
    """Whether numbers are the result of a call, and neither 0 nor an argument of it.

    Who returns those has hardly begun, and should not be shown a part of the formula.
    """
    if _place_in_call(difference) is None or not np.any(difference.got):
        return False
    arguments = difference.calls[difference.position].numbers.values()
    return not any(_is_like(value, difference.got) for value in arguments)


def giving_the_same(difference: Difference, functions: Iterable[Function]) -> Iterator[Function]:
    """Those functions that give what came, in the call that the difference is about.

    All of them, where that call can't be made again.
    """
    place = _place_in_call(difference)
    if place is None:
        yield from functions
        return
    call, got = difference.calls[difference.position], difference.got
    yield from (f for f in functions if _is_like(_at(call.by(f), place), got))


def _place_in_call(difference: Difference) -> int | str | None:
    """Where in a call's result the numbers stand, if there is one call for each part."""
    calls, results, position = difference.calls, difference.results, difference.position
    if len(calls) != len(results) or position >= len(calls) or difference.summed:
        return None
    place = _place(difference.expected, results[position][0])
    if place is None or not _is_like(_at(calls[position].result, place), difference.expected):
        return None
    return place


def _place(item: Any, whole: Any) -> int | str | None:
    """Where the item stands in what the function returned: "whole", or its number."""
    if item is whole:
        return "whole"
    items = whole if isinstance(whole, list | tuple) else ()
    return next((i for i, other in enumerate(items) if other is item), None)


def _at(value: Any, place: int | str) -> Any:
    if isinstance(place, str):
        return value
    several = isinstance(value, list | tuple) and len(value) > place
    return value[place] if several else None


def _is_like(one: Any, other: Any) -> bool:
    if not is_real(one) or not is_real(other):
        return False
    one, other = np.asarray(one), np.asarray(other)
    return equal(one, other, RTOL, ATOL * largest(one))


def _explains(words: str, place: int | str, pairs: list[tuple[Call, Any]]) -> bool:
    """Whether what came in all parts is what the change gives there, as far as that is known."""
    for call, got in pairs:
        meant = _at(call.variants.get(words, call.result), place)
        if is_real(got) and is_real(meant) and not _is_like(meant, got):
            return False
    return True


def _is_evidence(difference: Difference, pairs: list[tuple[Call, Any]]) -> bool:
    got = np.asarray(difference.got)
    odd = np.unique(got[np.isfinite(got) & (np.abs(got * 1000 - np.round(got * 1000)) > 1e-6)])
    alone = odd.size == got.size == 1 and not is_simple(odd[0])
    different = {np.asarray(value).tobytes() for _, value in pairs}
    return odd.size > 2 or alone or (len(pairs) > 3 and len(different) > 2)
