"""Solution cells became Markdown and raw cells, the answer became code."""

POINTS = [5, 5, 5, 7]
REPAIRS = ["softmax was no code cell any more"]
ANSWER = "Zero is forbidden"


def submission(solved, untouched):
    solved.cell("softmax")["cell_type"] = "markdown"
    solved.cell("log_softmax")["cell_type"] = "raw"
    solved.cell("cross_entropy")["cell_type"] = "heading"
    solved.cell("cross_entropy_backward")["cell_type"] = 7
    solved["squares_for_exponentials"] = "Zero is forbidden."
    solved.cell("squares_for_exponentials")["cell_type"] = "code"
    return solved
