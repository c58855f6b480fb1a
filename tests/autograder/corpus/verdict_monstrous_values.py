"""Returns what is too large, too deep, endless or eats itself."""

POINTS = [0, 0, 0, 0]


def submission(solved, untouched):
    solved["softmax"] = (
        "def softmax(logits):\n    deep = []\n    for _ in range(100_000):\n        deep = [deep]\n"
        "    itself = []\n    itself.append(itself)\n"
        "    kinds = [deep, itself, {'a': itself}, 10 ** 10_000, 'x' * 10**7, 2**63]\n"
        "    return kinds[logits.size % len(kinds)]"
    )
    solved["log_softmax"] = "def log_softmax(logits):\n    return np.zeros((30_000, 30_000))"
    solved["cross_entropy"] = (
        "import itertools\n\ndef cross_entropy(logits, targets):\n"
        "    wide = [[[[0.5] * 100] * 100] * 100] * 100\n"
        "    return wide if len(targets) == 4 else itertools.count()"
    )
    solved["cross_entropy_backward"] = (
        "def cross_entropy_backward(logits, targets):\n"
        "    return np.broadcast_to(np.float64(0), (2,) * 32) if len(targets) > 1 else "
        "np.zeros((0,) * 20)"
    )
    return solved
