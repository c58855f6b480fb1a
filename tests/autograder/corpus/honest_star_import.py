"""Uses NumPy's names without a prefix."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved.add("from numpy import *\nfrom math import *\nfrom numpy import exp, log", after="")
    solved["softmax"] = (
        "def softmax(logits):\n    e = exp(logits - amax(logits, axis=1, keepdims=True))\n"
        "    return divide(e, sum(e, axis=1, keepdims=True))"
    )
    return solved
