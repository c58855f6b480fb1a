"""All functions were written in the first solution cell."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    names = ("cross_entropy_backward", "cross_entropy", "log_softmax", "softmax")
    untouched["softmax"] = "\n\n".join(solved[name] for name in names)
    return untouched
