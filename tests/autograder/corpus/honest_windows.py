"""The file has Windows' line ends and a byte order mark."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    for name in ("softmax", "log_softmax"):
        solved[name] = solved[name].replace("\n", "\r\n")
    solved["cross_entropy"] = solved["cross_entropy"].replace("\n", "\r")
    return b"\xef\xbb\xbf" + solved.bytes().replace(b"\n", b"\r\n")
