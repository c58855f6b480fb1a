"""Line ends and tabs stand unescaped in the JSON strings."""

import re

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["log_softmax"] = solved["log_softmax"].replace("    ", "\t")
    for name in ("softmax", "log_softmax"):
        solved[name] = solved[name] + "\n"
    return re.sub(rb"(?<!\\)\\([nt])", lambda m: {b"n": b"\n", b"t": b"\t"}[m[1]], solved.bytes())
