"""NaN, a number with 10,000 digits, unknown fields and wrong types stand in the file."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved.json["metadata"] = [float("nan"), float("inf"), float("-inf"), None]
    solved.json |= {"nbformat": "four", "worksheets": [1, None], "unknown": {"": [[]]}}
    solved.cell("softmax")["outputs"] = "none"
    solved.cell("softmax")["metadata"]["nbgrader"] |= {"points": "many", "checksum": 3}
    solved.cell("log_softmax")["execution_count"] = {"a": "b"}
    solved.cell("log_softmax")["metadata"] = []
    solved.cell("cross_entropy")["metadata"]["nbgrader"]["grade_id"] = ["a"]
    solved.cell("cross_entropy_backward").pop("cell_type")
    solved.cells[3:3] = [1, "text", None, [], {}, {"source": {"a": 1}}, {"source": [1, None]}]
    return solved.bytes().replace(b'"unknown"', b'"big": ' + b"7" * 10_000 + b', "unknown"')
