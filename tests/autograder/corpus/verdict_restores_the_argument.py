"""Changes its argument and is caught; changing it and putting it back is no fault."""

POINTS = [4, 5, 5, 6]
HINTS = {"softmax": "logits change too"}


def submission(solved, untouched):
    solved["softmax"] = (
        "def softmax(logits):\n    logits -= logits.max(axis=1, keepdims=True)\n"
        "    e = np.exp(logits)\n    return e / e.sum(axis=1, keepdims=True)"
    )
    solved["log_softmax"] = (
        "def log_softmax(logits):\n    before = logits.copy()\n"
        "    logits -= logits.max(axis=1, keepdims=True)\n"
        "    answer = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))\n"
        "    logits[...] = before\n    return answer"
    )
    return solved
