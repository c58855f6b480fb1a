"""What an exception's own words mean, for somebody who meets them for the first time."""

from __future__ import annotations

import re

KEPT = "one number for each row is lined up with the columns: keepdims=True keeps it a column"
WORDS = (  # what is said, and what that means; the first that fits is told
    (r"shapes? \((\d+),\d+\) (?:and )?\(\1,\)", KEPT),
    (r"shapes? \((\d+),\) (?:and )?\(\1,\d+\)", KEPT),
    (
        "non-broadcastable output",
        "what is on the right of += or its like has more axes than what is written into: is a "
        "sum missing?",
    ),
    ("could not be broadcast", "shapes are compared from the last axis on; print both"),
    (
        "could not broadcast",
        "what is put in doesn't have the shape of its place; print both shapes",
    ),
    (
        "mismatch in its core dimension|not aligned",
        "in a @ b, a must have as many columns as b has rows: is one of them to be transposed?",
    ),
    (
        "does not have enough dimensions|scalar operand",
        "@ takes arrays of one or two axes, not numbers",
    ),
    (
        "truth value of an array",
        "if, and, or, max() and min() want one number: np.where, np.max, np.maximum?",
    ),
    (
        r"[Cc]annot cast ufunc .* to dtype\('u?int",
        "an array of whole numbers can't take fractions in place; make a new array",
    ),
    (
        "only (?:length-1|0-dimensional) arrays|only size-1 arrays",
        "a function for single numbers, as those of math are, got an array: take NumPy's",
    ),
    (
        "setting an array element with a sequence|inhomogeneous",
        "a place for one number got an array, or rows have different lengths",
    ),
    (
        "arrays used as indices must be of integer|only integers, slices",
        "an index is no whole number",
    ),
    (
        r"out of bounds for axis \d+ with size (\d+)",
        "counted from 0, so the last index is one less than the size",
    ),
    (
        r"axis -?\d+ is out of bounds",
        "the array has fewer axes than that: a single row has one, axis 0",
    ),
    ("too many indices", "the array has fewer axes than the brackets ask for"),
    (
        r"'(?:numpy\.)?(?:ndarray|float64|float|int|tuple|list)' object is not callable",
        "round brackets call a function: is a * missing, or are square ones meant?",
    ),
    (
        "'(?:builtin_function_or_method|function|method)' object is not subscriptable",
        "square brackets take an item: round ones call a function",
    ),
    (
        "unsupported operand .*'(?:builtin_function_or_method|function|method)'",
        "a function stands there without its brackets ()",
    ),
    (
        "unsupported operand .*'(?:list|tuple)'|can't multiply sequence",
        "lists and tuples don't compute entry by entry: np.array does",
    ),
    (
        "missing .* required positional argument",
        "a function is called with fewer arguments than it has",
    ),
    ("positional arguments? but .* given", "a function is called with more arguments than it has"),
    (
        "not enough values to unpack|too many values to unpack",
        "the names on the left of = are not as many as the values on the right",
    ),
    ("cannot reshape array", "the new shape has another number of entries"),
    (
        "'numpy.ndarray' object has no attribute 'append'",
        "arrays don't grow: collect in a list, then np.array",
    ),
)


def meaning(words: str, line: int | None) -> str:
    """What stands behind an exception's words, in brackets; empty if nothing is known.

    Parameters
    ----------
    words : str
        The exception's message.
    line : int or None
        The line of the student's cell that raised it; None if the question did.

    Examples
    --------
    >>> meaning("truth value of an array", line=2)
    ' (if, and, or, max() and min() want one number: np.where, np.max, np.maximum?)'
    """
    if "NoneType" in words:
        if line is None:
            return " (the function returned None: is a return statement missing in a branch?)"
        return " (what changes its argument, as shuffle and sort do, returns None)"
    return next((f" ({told})" for said, told in WORDS if re.search(said, words)), "")
