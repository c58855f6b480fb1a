"""The notebook has 6,000 cells."""

POINTS = None
REASON = "expected at most 5000 cells"


def submission(solved, untouched):
    for _ in range(6_000):
        solved.cells.append({"cell_type": "code", "source": "1"})
    return solved
