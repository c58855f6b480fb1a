"""The functions are a lambda, an object that can be called, a partial and a decorated one."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = (
        "exps = lambda z: np.exp(z - z.max(axis=1, keepdims=True))\n"
        "softmax = lambda logits: exps(logits) / exps(logits).sum(axis=1, keepdims=True)"
    )
    solved["log_softmax"] = (
        "class LogSoftmax:\n    axis = 1\n\n    def __call__(self, logits):\n"
        "        z = logits - logits.max(axis=self.axis, keepdims=True)\n"
        "        return z - np.log(np.exp(z).sum(axis=self.axis, keepdims=True))\n\n"
        "log_softmax = LogSoftmax()"
    )
    solved["cross_entropy"] = (
        "from functools import partial\n\ndef loss(logits, targets, sign):\n"
        "    return sign * log_softmax(logits)[np.arange(len(targets)), targets].mean()\n\n"
        "cross_entropy = partial(loss, sign=-1)"
    )
    solved["cross_entropy_backward"] = (
        "import functools, time\n\ndef timed(f):\n    @functools.wraps(f)\n"
        "    def wrapper(*args, **kwargs):\n        start = time.perf_counter()\n"
        "        try:\n            return f(*args, **kwargs)\n"
        "        finally:\n            wrapper.seconds = time.perf_counter() - start\n"
        "    return wrapper\n\n@timed\n" + solved["cross_entropy_backward"]
    )
    return solved
