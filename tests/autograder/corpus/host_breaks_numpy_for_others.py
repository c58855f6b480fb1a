"""One exercise breaks NumPy, Python and the process for all that follow; it alone suffers."""

POINTS = [0, 5, 5, 7]

BROKEN = """
def softmax(logits):
    import builtins, os, sys, threading
    for name in ("exp", "log", "sum", "max", "asarray"):
        setattr(np, name, None)
    builtins.len = builtins.range = builtins.sum = None
    sys.modules["numpy"] = None
    sys.setrecursionlimit(60)
    threading.Timer(0.01, os._exit, [0]).start()
    return logits
"""


ALONE = """
def cross_entropy_backward(logits, targets):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad_logits = exp / exp.sum(axis=1, keepdims=True)
    grad_logits[np.arange(len(targets)), targets] -= 1
    return grad_logits / len(targets)
"""


def submission(solved, untouched):
    solved["softmax"], solved["cross_entropy_backward"] = BROKEN, ALONE
    return solved
