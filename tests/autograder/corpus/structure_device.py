"""A device without end has the notebook's name; or, without the right to make one, a link to it."""

import os
import stat

POINTS = None
REASON = "hand in the notebook file itself"


def submission(solved, untouched):
    def make(path):
        try:
            os.mknod(path, 0o644 | stat.S_IFCHR, os.makedev(1, 5))
        except PermissionError:
            path.symlink_to("/dev/zero")

    return make
