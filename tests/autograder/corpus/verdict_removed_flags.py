"""Solution cells are marked as tests and tests as solutions, under each other's names."""

POINTS = [0, 5, 0, 0]


def submission(solved, untouched):
    solved["softmax"] = untouched["softmax"]
    for name in ("softmax", "log_softmax"):
        solution, check = solved.cell(name), solved.cell(f"{name}_check")
        solution["metadata"]["nbgrader"] |= {"solution": False, "grade": True, "points": 100}
        check["metadata"]["nbgrader"] |= {"solution": True, "grade": False}
    one, other = solved.cell("cross_entropy"), solved.cell("cross_entropy_check")
    one["id"], other["id"] = other["id"], one["id"]
    names = one["metadata"]["nbgrader"], other["metadata"]["nbgrader"]
    names[0]["grade_id"], names[1]["grade_id"] = names[1]["grade_id"], names[0]["grade_id"]
    other["source"] = "pass"
    one["source"] = "check = print"
    solved.add("points = 1000", after="")["metadata"] = {
        "nbgrader": {"grade": True, "grade_id": "bonus", "points": 1000, "solution": False}
    }
    return solved
