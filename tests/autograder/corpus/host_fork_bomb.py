"""Processes that start processes, each of which waits for ever and can't be interrupted."""

POINTS = [0, 5, 5, 0]


def submission(solved, untouched):
    solved["softmax"] = (
        "import os, signal\n\ndef softmax(logits):\n"
        "    assert os.path.exists('/grader/runner.py')\n    while True:\n        try:\n"
        "            os.fork()\n            os.setsid()\n"
        "        except BaseException:\n            pass"
    )
    return solved
