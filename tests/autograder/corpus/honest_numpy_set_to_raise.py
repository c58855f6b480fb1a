"""Another cell makes NumPy raise errors where it would warn, and prints in few digits."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved.add("np.seterr(all='raise')\nnp.set_printoptions(precision=2)", after="")
    return solved
