"""The stub stayed; the function stands elsewhere, or is set by a line below it."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    untouched.add(solved["softmax"])
    untouched["log_softmax"] += (
        "\n\n"
        + solved["log_softmax"].replace("def log_softmax", "def mine")
        + "\n\nlog_softmax = mine"
    )
    untouched.add(solved["cross_entropy"], after="")
    untouched.add("if True:\n    " + solved["cross_entropy_backward"].replace("\n", "\n    "))
    return untouched
