"""Takes memory until there is none left, in one array, in small pieces and in many processes."""

POINTS = [0, 0, 5, 0]
HINTS = {"softmax": "MemoryError"}


def submission(solved, untouched):
    solved["softmax"] = (
        "def softmax(logits):\n    try:\n        return np.ones(10**10)\n"
        "    except MemoryError:\n        return np.ones((10**6, 10**6))"
    )
    solved["log_softmax"] = (
        "import os\n\ndef log_softmax(logits):\n"
        "    assert os.path.exists('/grader/runner.py')\n"
        "    for _ in range(4):\n        os.fork()\n"
        "    kept = []\n    while True:\n        kept.append(bytearray(10**7))"
    )
    solved["cross_entropy"] = (
        "def cross_entropy(logits, targets):\n    z = logits - logits.max(axis=1, keepdims=True)\n"
        "    z = z - np.log(np.exp(z).sum(axis=1, keepdims=True))\n"
        "    return -z[np.arange(len(targets)), targets].mean()"
    )
    return solved
