"""The file is a PDF with the notebook's name."""

POINTS = None
REASON = "not a notebook"


def submission(solved, untouched):
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 20
