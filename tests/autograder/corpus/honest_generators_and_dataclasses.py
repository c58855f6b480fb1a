"""Helpers are generators, dataclasses, enumerations and named tuples."""

POINTS = [5, 5, 5, 7]

HELPERS = """
from __future__ import annotations
import enum
import typing
from dataclasses import dataclass, field

class Axis(enum.IntEnum):
    ROWS = 0
    COLUMNS = 1

@dataclass
class Shifted:
    values: np.ndarray
    tags: list[str] = field(default_factory=list)

class Pair(typing.NamedTuple):
    top: np.ndarray
    bottom: np.ndarray

def rows(table: NotDefinedAnywhere) -> typing.Iterator[np.ndarray]:
    for row in table:
        yield row

if __name__ == "__main__":
    def pair(z):
        e = np.exp(Shifted(z - z.max(axis=Axis.COLUMNS, keepdims=True)).values)
        return Pair(e, e.sum(axis=Axis.COLUMNS, keepdims=True))
"""


def submission(solved, untouched):
    solved["softmax"] = HELPERS + (
        "\ndef softmax(logits: np.ndarray) -> 'np.ndarray':\n    match pair(logits):\n"
        "        case (top, bottom):\n            return np.stack(list(rows(top / bottom)))"
    )
    return solved
