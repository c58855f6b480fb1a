"""A named pipe, which never ends, has the notebook's name."""

import os

POINTS = None
REASON = "not a file"


def submission(solved, untouched):
    return os.mkfifo
