"""A changed test cell is there 900 times; that is said once."""

POINTS = [5, 5, 5, 7]
REPAIRS = ["softmax_check was changed"]


def submission(solved, untouched):
    for _ in range(900):
        solved.add("softmax(1)")["metadata"] = {"nbgrader": {"grade_id": "softmax_check"}}
    return solved
