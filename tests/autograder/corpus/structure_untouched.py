"""Nothing was done."""

POINTS = [0, 0, 0, 0]
HINTS = {"softmax": "it still raises NotImplementedError"}


def submission(solved, untouched):
    return untouched
