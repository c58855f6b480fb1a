"""What a function needs while it is defined stands in a cell further down."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = "@plain\n" + solved["softmax"].replace("axis=1", "axis=AXES[-1]")
    solved.add("AXES = [first + 1]")
    solved.add("def plain(f):\n    return f")
    solved.add("first = 0")
    return solved
