"""A folder has the notebook's name."""

POINTS = None
REASON = "not a file"


def submission(solved, untouched):
    return lambda path: path.mkdir()
