"""A whole cell is indented; IPython doesn't mind."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = "    " + solved["softmax"].replace("\n", "\n    ")
    return solved
