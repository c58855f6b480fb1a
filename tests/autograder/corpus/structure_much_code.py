"""A cell holds a megabyte of data as code, another as much in small pieces."""

POINTS = None
REASON = "characters of code"


def submission(solved, untouched):
    for i in range(10):
        solved.add(f"data_{i} = '{'x' * 10**5}'")
    return solved
