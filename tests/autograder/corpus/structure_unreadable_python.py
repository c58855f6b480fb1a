"""Cells hold what Python's reader chokes on: zeros, depth, half characters, endless lines."""

POINTS = [0, 0, 0, 0]
HINTS = {"softmax": "Python can't read the cell of softmax"}


def submission(solved, untouched):
    solved["softmax"] += "\n\x00"
    solved["log_softmax"] += "\nx = " + "-" * 100_000 + "1"
    solved["cross_entropy"] += "\nx = " + "(" * 10_000 + "\ud800"
    solved["cross_entropy_backward"] = "x = '" + solved["cross_entropy_backward"] * 300
    return solved
