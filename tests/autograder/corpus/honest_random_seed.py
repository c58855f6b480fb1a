"""Seeds NumPy's global generator and draws from it, in a cell and in a function."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved.add("np.random.seed(1)\nnoise = np.random.rand(3)", after="softmax_check")
    solved["softmax"] = solved["softmax"].replace(
        "shifted =", "np.random.seed(0)\n    np.random.rand()\n    shifted ="
    )
    return solved
