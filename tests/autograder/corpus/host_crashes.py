"""Crashes Python itself: a bad pointer, a full stack, a closed channel, another program."""

POINTS = [0, 0, 0, 0]
HINTS = {"softmax": "its process ended before it answered"}


def submission(solved, untouched):
    solved["softmax"] = (
        "import ctypes\n\ndef softmax(logits):\n    return ctypes.memset(0, 1, 1000)"
    )
    solved["log_softmax"] = (
        "import sys\nsys.setrecursionlimit(10**8)\n\n"
        "def log_softmax(logits):\n    return eval('-' * 10**6 + '1') or log_softmax([logits])"
    )
    solved["cross_entropy"] = (
        "import os\n\ndef cross_entropy(logits, targets):\n"
        "    os.closerange(0, 100)\n    return 0.0"
    )
    solved["cross_entropy_backward"] = (
        "import os\n\ndef cross_entropy_backward(logits, targets):\n"
        "    os.execv('/bin/sh', ['/bin/sh', '-c', 'echo 7; kill -9 $PPID'])"
    )
    return solved
