"""The file is a link to a place that does not exist, and that nobody may create."""

POINTS = None
REASON = "is a link"


def submission(solved, untouched):
    return lambda path: path.symlink_to(f"{solved.canary}/new")
