"""Sends lines that break a careless reader: too deep, too large, of wrong types, half of them."""

POINTS = [0, 0, 5, 7]

SEND = r"""
import json, os
def line(value, **more):
    return json.dumps({"probe": "ordinary_rows", "error": None, "line": None, "value": value,
                       **more})
big = "9" * 4000
lines = [
    "", "null", "[]", "{", "\x00", "1" * 10_000, "[" * 100_000, '{"probe": "ordinary_rows"}',
    line(None), line([]), line({}), line({"kind": ["list"]}), line({"kind": "plain", "value": []}),
    line({"kind": "float", "value": "0x1p99999999"}), line({"kind": "float", "value": 3}),
    line({"kind": "array", "dtype": "O", "shape": [1], "data": ""}),
    line({"kind": "array", "dtype": "<f8", "shape": [10**18], "data": ""}),
    line({"kind": "array", "dtype": "<f8", "shape": [-1], "data": "AAAAAAAAAAA="}),
    line({"kind": "array", "dtype": "<f8", "shape": [big, big], "data": "AAAAAAAAAAA="}),
    line({"kind": "array", "dtype": "<f8", "shape": [1] * 60, "data": "AAAAAAAAAAA="}),
    line({"kind": "array", "dtype": "f8," * 10_000, "shape": [1], "data": "AAAAAAAAAAA="}),
    line({"kind": "array", "dtype": "<M8[ns]", "shape": [1], "data": "AAAAAAAAAAA="}),
    line({"kind": "array", "dtype": "<f8", "shape": [1], "data": "no base64"}),
    line({"kind": "scalar", "dtype": "<f8", "shape": [0], "data": ""}),
    line({"kind": "dict", "items": [[[], 1]]}), line({"kind": "tuple", "items": 7}),
    line({"kind": "plain", "value": True}, error=["a"], line={"a": 1}),
    line({"kind": "plain", "value": True}, error="x" * 10**6, line=10**9),
    '{"probe": ["a"], "error": null, "line": null, "value": {"kind": "plain", "value": 1}}',
    '{"end": "done"}', '{"ready": true}', '{"broken": "x"}', "\xff\xfe",
]
data = "\n".join(lines).encode("latin-1") + b"\nhalf a li"
"""


def submission(solved, untouched):
    every_fd = "for fd in range(64):\n    try: os.write(fd, data)\n    except OSError: pass\n"
    once = SEND + every_fd + "os._exit(0)"
    solved["softmax"] = f"def softmax(logits):\n    exec({once!r}, {{}})"
    flood = "import os\ndata = b'x' * 65536\nwhile True:\n    " + every_fd.replace("\n", "\n    ")
    solved["log_softmax"] = f"def log_softmax(logits):\n    exec({flood!r}, {{}})"
    solved["cross_entropy"] = solved["cross_entropy"].replace(
        "log_probs = log_softmax(logits)", "log_probs = np.log(1e-300 + softmax_(logits))"
    )
    solved["cross_entropy"] = (
        "def cross_entropy(logits, targets):\n    z = logits - logits.max(axis=1, keepdims=True)\n"
        "    z = z - np.log(np.exp(z).sum(axis=1, keepdims=True))\n"
        "    return -z[np.arange(len(targets)), targets].mean()"
    )
    solved["cross_entropy_backward"] = (
        "def cross_entropy_backward(logits, targets):\n"
        "    e = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
        "    grad = e / e.sum(axis=1, keepdims=True)\n"
        "    grad[np.arange(len(targets)), targets] -= 1\n    return grad / len(targets)"
    )
    return solved
