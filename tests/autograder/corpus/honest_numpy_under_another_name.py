"""Imports NumPy as xp, inside a function, and parts of it."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = "import numpy as xp\n" + solved["softmax"].replace("np.exp", "xp.exp")
    solved["log_softmax"] = (
        solved["log_softmax"]
        .replace("shifted =", "import numpy as anp; from numpy import log\n    shifted =")
        .replace("np.log", "log")
        .replace("np.exp", "anp.exp")
    )
    solved["cross_entropy"] = "import numpy\n" + solved["cross_entropy"].replace("np.", "numpy.")
    return solved
