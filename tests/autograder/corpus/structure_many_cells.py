"""The notebook has 2,000 cells."""

POINTS = None
REASON = "expected at most 1000 cells"


def submission(solved, untouched):
    for _ in range(2_000):
        solved.cells.append({"cell_type": "code", "source": "1"})
    return solved
