"""A cell was copied: once with the stub, once with the work, once as it is."""

import copy

POINTS = [5, 5, 5, 7]
REPAIRS = ["softmax was there 2 times", "log_softmax was there 3 times"]


def submission(solved, untouched):
    stub = copy.deepcopy(untouched.cell("softmax")) | {"id": "copy-1"}
    solved.cells.insert(solved.cells.index(solved.cell("softmax")) + 1, stub)
    for i in (2, 3):
        solved.cells.append(copy.deepcopy(solved.cell("log_softmax")) | {"id": f"copy-{i}"})
    return solved
