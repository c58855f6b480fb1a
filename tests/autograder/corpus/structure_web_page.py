"""The file is the log-in page that the download gave."""

POINTS = None
REASON = "not a notebook"


def submission(solved, untouched):
    return b"<!DOCTYPE html><script>alert(1)</script>"
