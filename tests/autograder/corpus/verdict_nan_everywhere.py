"""Returns NaN and infinities, which are neither smaller nor larger than anything."""

POINTS = [0, 0, 0, 0]
HINTS = {"softmax": "NaN"}


def submission(solved, untouched):
    solved["softmax"] = "def softmax(logits):\n    return np.full(logits.shape, np.nan)"
    solved["log_softmax"] = "def log_softmax(logits):\n    return np.full(logits.shape, -np.inf)"
    solved["cross_entropy"] = "def cross_entropy(logits, targets):\n    return float('nan')"
    solved["cross_entropy_backward"] = (
        "def cross_entropy_backward(logits, targets):\n    return logits * np.inf"
    )
    return solved
