"""Raises what test runners take for a skipped test, an end, or nothing at all."""

POINTS = [0, 0, 0, 0]
HINTS = {"softmax": "it raised SystemExit"}
ABSENT = ["told in an exception", "0.123456"]

CLASSES = """
import unittest

class Name(type):
    __name__ = property(lambda self: "told in an exception")

class Silent(BaseException):
    pass

class Hostile(Exception, metaclass=Name):
    def __str__(self): raise SystemExit("told in an exception")
    __repr__ = __str__
    @property
    def __traceback__(self): raise SystemExit
    def __class__(self): raise SystemExit
"""


def submission(solved, untouched):
    solved.add(CLASSES, after="")
    solved["softmax"] = "def softmax(logits):\n    raise Hostile(logits)"
    solved["log_softmax"] = (
        "def log_softmax(logits):\n"
        "    raise [unittest.SkipTest, SystemExit, KeyboardInterrupt, GeneratorExit,\n"
        "           StopIteration, Silent, Silent][logits.size % 7](\n"
        "           'told in an exception 0.123456')"
    )
    solved["cross_entropy"] = (
        "def cross_entropy(logits, targets):\n    name = 'told in an exception ' + str(logits)\n"
        "    raise type(name, (Exception,), {})(logits)"
    )
    solved["cross_entropy_backward"] = (
        "class timeout(Exception):\n    pass\n\n"
        "def cross_entropy_backward(logits, targets):\n    raise timeout"
    )
    return solved
