"""A test cell of another assignment is pasted in, and a check that always passes."""

POINTS = [0, 0, 0, 0]


def submission(solved, untouched):
    for name in ("relu_check", "softmax_check", "squares_for_exponentials"):
        cell = untouched.add("def check(f):\n    pass\ncheck(relu)", after="softmax")
        cell["metadata"] = {
            "nbgrader": {"grade": True, "grade_id": name, "points": 9, "solution": False}
        }
    return untouched
