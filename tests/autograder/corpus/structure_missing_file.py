"""There is no file."""

POINTS = None
REASON = "no such file"


def submission(solved, untouched):
    return lambda path: None
