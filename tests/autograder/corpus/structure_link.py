"""The file is a link to somebody else's work."""

POINTS = None
REASON = "is a link"


def submission(solved, untouched):
    return lambda path: path.symlink_to(f"{solved.canary}/submitted/ben/work.ipynb")
