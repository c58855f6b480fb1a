"""The upload broke off in the middle."""

POINTS = None
REASON = "it may be cut off"


def submission(solved, untouched):
    return solved.bytes()[:20_000]
