"""Loops without end: one ignores all signals and errors, one sits in C, one stops itself."""

POINTS = [0, 0, 5, 0]
HINTS = {"softmax": "did not finish within the time limit"}


def submission(solved, untouched):
    solved["softmax"] = (
        "import signal\n\ndef softmax(logits):\n"
        "    for number in range(1, 65):\n        try:\n"
        "            signal.signal(number, signal.SIG_IGN)\n"
        "        except (OSError, ValueError):\n            pass\n"
        "    while True:\n        try:\n            while True:\n                pass\n"
        "        except BaseException:\n            pass"
    )
    solved["log_softmax"] = (
        "def log_softmax(logits):\n    return 7 ** 7 ** 10 or len(str(9 ** 10 ** 8))"
    )
    solved["cross_entropy"] = (
        "def cross_entropy(logits, targets):\n    z = logits - logits.max(axis=1, keepdims=True)\n"
        "    z = z - np.log(np.exp(z).sum(axis=1, keepdims=True))\n"
        "    return -z[np.arange(len(targets)), targets].mean()"
    )
    solved["cross_entropy_backward"] = (
        "import os, signal\n\ndef cross_entropy_backward(logits, targets):\n"
        "    os.kill(os.getpid(), signal.SIGSTOP)"
    )
    return solved
