"""A line that the function needs never ends; the function itself is right."""

POINTS = [0, 5, 5, 0]
HINTS = {"softmax": "did not finish within the time limit"}


def submission(solved, untouched):
    solved["softmax"] = "TABLE = {}\nwhile True:\n    TABLE[0] = 1\n\n" + solved["softmax"].replace(
        "shifted =", "TABLE\n    shifted ="
    )
    return solved
