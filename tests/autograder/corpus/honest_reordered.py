"""All cells stand in the opposite order."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved.json["cells"] = solved.cells[::-1]
    return solved
