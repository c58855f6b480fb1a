"""Each cell defines a helper of the same name anew: what counts is the one at the check."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = (
        "def helper(z):\n    return np.exp(z - z.max(axis=1, keepdims=True))\n\n"
        "def softmax(logits):\n    e = helper(logits)\n    return e / e.sum(axis=1, keepdims=True)"
    )
    solved["log_softmax"] = (
        "def helper(z):\n    return z - z.max(axis=1, keepdims=True)\n\n"
        "def log_softmax(logits):\n    z = helper(logits)\n"
        "    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))"
    )
    solved["cross_entropy"] = (
        "def cross_entropy(logits, targets):\n"
        "    return -log_softmax(logits)[np.arange(len(targets)), targets].mean()"
    )
    solved["cross_entropy_backward"] = (
        "def probabilities(z):\n"
        "    e = np.exp(z - z.max(axis=1, keepdims=True))\n"
        "    return e / e.sum(axis=1, keepdims=True)\n\n"
        "def cross_entropy_backward(logits, targets):\n    grad = probabilities(logits)\n"
        "    grad[np.arange(len(targets)), targets] -= 1\n    return grad / len(targets)"
    )
    solved.add("def helper(z):\n    return 'an experiment'\n\ndef probabilities(z):\n    return 0")
    return solved
