"""The answer was typed into the question's cell."""

POINTS = [0, 0, 0, 0]
ANSWER = "Zero is forbidden"


def submission(solved, untouched):
    place = untouched.cells.index(untouched.cell("squares_for_exponentials"))
    question = untouched.cells[place - 1]
    question["source"] = "".join(question["source"]) + "\n\nZero is forbidden."
    return untouched
