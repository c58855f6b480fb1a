"""Everything but the solutions was deleted."""

POINTS = [5, 5, 5, 7]
REPAIRS = ["squares_for_exponentials was missing; it was put back"]


def submission(solved, untouched):
    solved.json["cells"] = [
        c for c in solved.cells if c["metadata"].get("nbgrader", {}).get("solution")
        and c["cell_type"] == "code"
    ]  # fmt: skip
    return solved
