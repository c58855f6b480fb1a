"""Ends its process in the third call; what was answered before counts."""

POINTS = [1, 5, 5, 0]


def submission(solved, untouched):
    solved["softmax"] = "calls = []\n\n" + solved["softmax"].replace(
        "shifted =",
        "calls.append(1)\n    if len(calls) == 3:\n        import os; os._exit(0)\n    shifted =",
    )
    return solved
