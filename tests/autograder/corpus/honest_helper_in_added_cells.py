"""Helpers stand in cells of their own, above and below the functions that call them."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved.add("def exps(z):\n    return np.exp(shifted(z))", after="")
    solved.add("def shifted(z):\n    return z - z.max(axis=1, keepdims=True)")
    solved["softmax"] = (
        "def softmax(logits):\n    e = exps(logits)\n    return e / e.sum(axis=1, keepdims=True)"
    )
    return solved
