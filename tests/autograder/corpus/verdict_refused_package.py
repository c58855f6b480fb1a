"""Imports a package that is not there, without which it says so, and one that it never needs."""

POINTS = [0, 5, 5, 0]
HINTS = {"softmax": "needs scipy"}


def submission(solved, untouched):
    solved["softmax"] = (
        "from scipy.special import softmax as ready_made\n\n"
        "def softmax(logits):\n    return ready_made(logits, axis=1)"
    )
    solved["log_softmax"] = "import pandas, torch\n" + solved["log_softmax"]
    return solved
