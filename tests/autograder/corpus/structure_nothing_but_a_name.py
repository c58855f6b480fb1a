"""Empty cells with the right names, and no cells at all beside them."""

POINTS = [0, 0, 0, 0]
HINTS = {"softmax": "no function of this name was found"}


def submission(solved, untouched):
    names = ("softmax", "log_softmax", "cross_entropy", "cross_entropy_backward")
    solved.json["cells"] = [{"id": name, "cell_type": "code"} for name in names]
    return solved
