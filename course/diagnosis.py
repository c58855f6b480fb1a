"""What to say when no known bug fits: the plainest true sentence about what differs.

Messages about a hidden probe carry no numbers, so that no submission can print its inputs.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from course.compare import UNCHANGED, Difference, close, equal, is_real
from course.crashes import meaning
from course.outcome import Outcome
from course.patterns import ATOL, RTOL, Numbers, Sizes, largest, relation, remark
from course.structure import Shapes, another_length, another_type, is_reordered, other_keys
from course.substitution import substitution

ENDINGS = {
    "NotImplementedError": "it still raises NotImplementedError; write its body instead of it",
    "timeout": "it did not finish within the time limit; is there a loop that never ends?",
    "killed": "its process ended before it answered (out of memory, or it stopped Python)",
    "undefined": "no function of this name was found",
    "unreadable code": "Python can't read its cell",
    "no result": "no result came back",
}
EXCEPTIONS = {n for n in dir(builtins) if isinstance(getattr(builtins, n), type)}
EXCEPTIONS |= {"LinAlgError", "AxisError"}
MEANINGS = {  # said where the exception's own words are withheld
    "AttributeError": "a value has no attribute or method of that name",
    "AxisError": "an array has fewer axes than the code uses",
    "FloatingPointError": "a number became too large, or was divided by zero, on the way",
    "IndexError": "an index lies outside of an array",
    "KeyError": "a key is not in a dictionary",
    "NameError": "a name is not defined; a function may only use its arguments and what it makes",
    "OverflowError": "a number became too large",
    "RecursionError": "the function calls itself without an end",
    "TypeError": "a value or the number of arguments does not fit",
    "UnboundLocalError": "a variable is read before it is set",
    "ValueError": "shapes or values do not fit together",
    "ZeroDivisionError": "something is divided by 0",
}
STATEMENTS = ("“", "that ")  # begin the name of a part that says what is true


def message(difference: Difference, shapes: Shapes, *, hidden: bool) -> str:
    """One sentence about a difference.

    Parameters
    ----------
    difference : Difference
        What differs first.
    shapes : tuple of tuple of int
        The shape of the first array of each call, to explain what is off by a constant factor.
    hidden : bool
        Leave out every number that comes from the probe's inputs or the student's values.
    """
    what = difference.part or "the result"
    if is_reordered(difference):
        return "the right items came, but in another order"
    return DESCRIPTIONS[difference.kind](what, difference, shapes, hidden)


def _error(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    got: Outcome = difference.got
    if got.error is None:
        return f"expected {difference.expected} to be raised, got a result"
    if got.error in ENDINGS:
        return ENDINGS[got.error]
    asked = f", asked for {difference.part}" if difference.part else ""
    if hidden:
        return f"it raised an exception{asked}"
    if not difference.right:  # it may well fail whatever it is asked
        asked = ""
    name = got.error if got.error in EXCEPTIONS else "an exception"
    where = f" in line {got.line} of its cell" if got.line else ""
    words = got.text.strip() or MEANINGS.get(name, "")
    words += meaning(words, got.line)
    if name == "KeyError" and got.text.strip():
        words += f" ({MEANINGS[name]}: is a name of an example written into the code?)"
    return f"it raised {name}{where}{asked}{f': {words}' if words else ''}"


def _choice(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    if what.endswith(UNCHANGED):
        argument = what.removesuffix(UNCHANGED)
        return f"it changes its argument {argument}; write into a new array instead"
    if difference.expected is True and difference.got is False and _is_statement(what):
        statement = f": {what.strip('“”')}" if what.startswith("“") else f" {what}"
        return f"expected{statement}; it is not so"
    if hidden or not isinstance(difference.got, bool):
        return f"{what} is not the right one"
    return f"expected {what} as {difference.expected}, got {difference.got}"


def _is_statement(part: str) -> bool:
    return part.startswith(STATEMENTS) or " being " in part


def _shape(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    expected, got = np.asarray(difference.expected), np.asarray(difference.got)
    found = f": expected {expected.shape}, got {got.shape}"
    if hidden:
        found = ""
    elif expected.ndim == 0:
        found = f": expected a single number, got an array of shape {got.shape}"
    return f"{what} {_about_shape(expected, got)}{found}"


def _about_shape(expected: np.ndarray, got: np.ndarray) -> str:
    if got.shape == expected.T.shape and equal(expected.T, got, RTOL, ATOL):
        return "is transposed"
    if expected.ndim > 0 and len(expected) > 1 and equal(expected[0], got, RTOL, ATOL):
        return "is its first row alone (is there a return inside the loop?)"
    if expected.size == got.size and equal(expected.ravel(), got.ravel(), RTOL, ATOL):
        return "has the right numbers in the wrong shape"
    swapped = got.shape == expected.T.shape
    return "has rows and columns exchanged" if swapped else "has the wrong shape"


def _nonfinite(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    got = np.asarray(difference.got)
    name = "NaN (not a number)" if np.isnan(got).any() else "infinity"
    where = "" if hidden or got.ndim == 0 else f", first at index {_first(~np.isfinite(got))}"
    why = "something overflowed, or log(0) or 0/0 was computed"
    return f"{what} contains {name}{where}; {why}{_contrast(difference)}"


def _values(what: str, difference: Difference, shapes: Shapes, hidden: bool) -> str:
    numbers = _numbers(difference, shapes)
    if not difference.summed:  # a summary's numbers are no longer what the function computes
        noticed = _noticed(what, numbers, difference, hidden)
        if noticed:
            return noticed
    expected, got, wrong = numbers.expected, numbers.got, numbers.wrong
    if hidden:
        return f"{what} has wrong values{_contrast(difference)}"
    if expected.ndim == 0:
        found = f"expected {_short(expected)}, got {_short(got)}"
        return f"{what} is wrong: {found}{_contrast(difference)}"
    index = _first(wrong)
    return (
        f"{what} is wrong in {wrong.sum()} of {wrong.size} places, first at index {index}: "
        f"expected {_short(expected[index])}, got {_short(got[index])}{_contrast(difference)}"
    )


def _noticed(what: str, numbers: Numbers, difference: Difference, hidden: bool) -> str:
    """What one notices in the numbers, or in those of another part; empty if nothing."""
    whole = np.asarray(difference.got).dtype.kind in "iu"
    if whole and (numbers.expected != np.round(numbers.expected)).any():
        return f"{what} is made of whole numbers (int): are they cut down or rounded?"
    changed = substitution(difference)
    found = (changed, "") if changed else remark(numbers)
    if found:
        text, detail = found
        shown = f" ({detail})" if detail and not hidden else ""
        return f"{what} {text}{shown}{_contrast(difference)}"
    if not difference.twin:
        return ""
    single = numbers.expected.ndim == 0
    shown = f" ({_short(numbers.got)})" if single and not hidden else ""
    why = "does a small constant bound it" if single else "is something kept between calls"
    same = f"is the same as {difference.twin}{shown}, and should not be"
    return f"{what} {same}: {why}, or is an argument not used?"


def _contrast(difference: Difference) -> str:
    """What is right in the same probe: it narrows down where the mistake is."""
    right = [part for part in difference.right if part and not part.endswith(UNCHANGED)]
    if len(right) != 1 or right[0].startswith(STATEMENTS):
        return ""
    combined = ", so look at how rows are combined" if right[0].endswith("a single row") else ""
    return f"; {right[0]} is right{combined}"


def reason(difference: Difference, shapes: Shapes) -> str:
    """What the message is about beyond wrong numbers: nothing, lost "digits", or a "cause"."""
    if difference.kind == "choice":
        return "cause" if _is_statement(difference.part) else ""
    if difference.kind != "values":
        return "" if difference.kind in ("shape", "error") else "cause"
    if difference.summed:
        return ""
    if substitution(difference):
        return "cause"
    numbers = _numbers(difference, shapes)
    found = remark(numbers)
    if found is None or found[0].startswith("is right in some") or found[0].endswith("place only"):
        return ""  # that may be chance
    return "cause" if found == relation(numbers) else "digits"


def _numbers(difference: Difference, shapes: Shapes) -> Numbers:
    """The numbers that differ, with the probe's other numbers to hold against them."""
    sizes = _sizes(difference, shapes)
    others = tuple(
        _held_together(expected, got, difference, i, sizes)
        for i, (expected, got) in enumerate(difference.results)
        if i != difference.position and is_real(expected) and is_real(got)
        if np.shape(expected) == np.shape(got)
    )
    own = _held_together(
        difference.expected, difference.got, difference, difference.position, sizes
    )
    return replace(own, others=others)


def _held_together(
    expected: Any, got: Any, difference: Difference, position: int, sizes: Sequence[Sizes]
) -> Numbers:
    with np.errstate(over="ignore"):  # a long double can be too large
        one, other = (np.asarray(value).astype(np.float64) for value in (expected, got))
    calls = difference.calls  # told apart where there is one for each result
    known = calls[position].numbers if len(calls) == len(sizes) else {}
    wrong = ~close(one, other, difference.rtol, difference.atol)
    return Numbers(one, other, wrong, sizes[position], arguments=known)


def _sizes(difference: Difference, shapes: Shapes) -> list[Sizes]:
    """How many rows and columns the batch of each result had; nothing where that isn't clear."""
    sizes: list[Sizes] = [tuple(zip(s, ("rows", "columns"), strict=False)) for s in shapes]
    count = max(len(difference.results), difference.position + 1)
    if len(sizes) == count:  # one call for each result
        return sizes
    first = sizes[0] if sizes else ()
    return [first, *(count - 1) * [first if len(set(sizes)) == 1 else ()]]


KEPT = (
    "is something kept from an earlier call "
    "(a global variable, a default argument, one array for all results, one that is never filled)?"
)
DESCRIPTIONS: dict[str, Callable[[str, Difference, Shapes, bool], str]] = {
    "error": _error,
    "type": another_type,
    "length": another_length,
    "keys": other_keys,
    "choice": _choice,
    "shape": _shape,
    "nonfinite": _nonfinite,
    "values": _values,
}


def memory_remark(expected: Outcome, got: Outcome, elsewhere: Sequence[Any] = ()) -> str:
    """What to say when answers depend on chance or on earlier calls; empty if they don't.

    This shows in a probe that asks its first question again, in a part whose name ends so, and
    another one in between. `elsewhere` is what came out of other probes.
    """
    if not isinstance(expected.value, dict) or not isinstance(got.value, dict):
        return ""
    right, found = expected.value, got.value
    names = [n for n in right if n in found and is_real(right[n]) and is_real(found[n])]
    names = [n for n in names if np.ndim(found[n]) or not np.ndim(right[n])]  # one number says less
    for again in (name for name in names if name.endswith(" again")):
        asked = [name for name in names if _is_same(right[name], right[again])]
        if not _is_same(found[asked[0]], found[again]):
            return f"gives two different results for the same input: is it random, or {KEPT}"
        others = [name for name in names if name not in asked]
        telling = _is_telling(found[again], [right[again], *elsewhere])
        if telling and any(_is_same(found[other], found[again]) for other in others):
            return f"gives the same result for different inputs: does it not use them, or {KEPT}"
    return ""


def _is_same(one: Any, other: Any) -> bool:
    """Whether two answers are the same up to the last digits."""
    one, other = np.asarray(one), np.asarray(other)
    return equal(one, other, 1e-12, 1e-15 * largest(one))


def _is_telling(found: Any, known: Sequence[Any]) -> bool:
    """Whether an answer is such that other inputs don't bring the same by chance.

    That holds for different odd numbers, and for a single one that is known: it is right, or came
    out of another probe, too.
    """
    odd = np.isfinite(found) & (np.asarray(found) != np.round(found))
    if not odd.any():
        return False
    varied = bool(np.ptp(np.abs(found)) > 0)
    return varied or any(is_real(other) and _is_same(other, found) for other in known)


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _short(number: Any) -> str:
    return f"{float(number):.6g}"
