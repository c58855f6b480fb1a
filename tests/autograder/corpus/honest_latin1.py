"""The file holds bytes that neither UTF-8 nor Windows' encoding has."""

POINTS = [5, 5, 5, 7]
REPAIRS = ["it was read as latin-1"]


def submission(solved, untouched):
    solved["softmax"] = "# f-r\n" + solved["softmax"]
    return solved.bytes().replace(b"f-r", b"f\xfcr\x81")
