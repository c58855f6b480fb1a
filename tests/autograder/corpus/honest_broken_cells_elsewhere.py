"""Cells that Python can't read, or that fail, stand around the solutions."""

POINTS = [5, 5, 5, 7]

BROKEN = [
    "this is no Python at all",
    "def f(:\n    pass",
    "return 1",
    "def f(a, a):\n    pass",
    "nonlocal x",
    "break",
    "1 / 0",
    "from nowhere import something",
    "x = '\\d' \"\\w\"",
    "1 is 1",
    "assert False",
    "raise KeyboardInterrupt",
    "await something()",
    "x = 1" + " + 1" * 20_000,
    "x = " + "(" * 150 + ")" * 150,
    "x = " + "-" * 5_000 + "1",
    "x\x00y",
    "print(“quotes from a website”)",
    "from __future__ import braces",
]


def submission(solved, untouched):
    for text in BROKEN:
        solved.add(text, after="softmax")
        solved.add(text)
    return solved
