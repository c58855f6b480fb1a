"""Cell ids and grade_ids hold HTML, paths and a million letters."""

POINTS = [5, 5, 5, 7]
ABSENT = ["alert", "../.."]


def submission(solved, untouched):
    for i, name in enumerate(("<script>alert(1)</script>", "../../gradebook.db", "x" * 10**6)):
        cell = solved.add("1 + 1", after="softmax")
        cell["id"] = name
        cell["metadata"] = {"nbgrader": {"grade_id": name, "solution": bool(i), "points": 3}}
    cell = solved.add("changed", after="softmax_check")
    cell["metadata"] = {"nbgrader": {"grade_id": "softmax_check"}}
    return solved
