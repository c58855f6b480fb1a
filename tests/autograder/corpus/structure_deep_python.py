"""Cells hold expressions of a depth at which Python still reads, but a walk may fail."""

POINTS = [5, 5, 5, 7]

EXPRESSIONS = [
    "1" + " + 1" * 2_000,
    "a" + ".b" * 2_000,
    "a" + "[0]" * 2_000,
    "a" + ".append(1)" * 1_000,
    "[" * 90 + "]" * 90,
    "lambda: " * 500 + "1",
    "1" + " if a else 1" * 900,
    "f'" + "{a}" * 5_000 + "'",
]


def submission(solved, untouched):
    solved.add("a = 1\n" + "\n".join(f"x = {e}; {e}; y = a" for e in EXPRESSIONS), after="")
    solved.add("if a:\n    pass\n" + "elif a:\n    pass\n" * 900, after="")
    solved["softmax"] = solved["softmax"].replace("shifted =", "(a, x, y)\n    shifted =")
    return solved
