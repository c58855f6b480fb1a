"""An editor saved the file as UTF-16 with a byte order mark."""

POINTS = [5, 5, 5, 7]
REPAIRS = ["it was read as utf-16"]


def submission(solved, untouched):
    return solved.bytes().decode().encode("utf-16")
