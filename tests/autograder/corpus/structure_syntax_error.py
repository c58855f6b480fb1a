"""A bracket is missing in one cell: it costs that function, and the one that calls it."""

POINTS = [5, 0, 0, 7]
HINTS = {
    "log_softmax": "'(' was never closed in line",
    "cross_entropy": "calls your log_softmax, which is not right yet",
}


def submission(solved, untouched):
    solved["log_softmax"] = solved["log_softmax"].replace("keepdims=True)", "keepdims=True", 1)
    return solved
