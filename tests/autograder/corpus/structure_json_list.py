"""The file is JSON, but a list."""

POINTS = None
REASON = "hand in the .ipynb file"


def submission(solved, untouched):
    return b"[" + solved.bytes() + b"]"
