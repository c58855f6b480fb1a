"""Writes without end to every open file, with line ends and without."""

POINTS = [0, 0, 0, 0]


def submission(solved, untouched):
    flood = (
        "import os\n\ndef {name}(*args):\n    data = {data}\n    while True:\n"
        "        for fd in range(3, 64):\n            try:\n                os.write(fd, data)\n"
        "            except OSError:\n                pass"
    )
    data = {
        "softmax": "b'x' * 65536",
        "log_softmax": "b'\\n' * 65536",
        "cross_entropy": "b'[]\\n{\"a\": 1}\\n' * 6000",
        "cross_entropy_backward": "b'[' * 60000 + b'\\n'",
    }
    for name, text in data.items():
        solved[name] = flood.format(name=name, data=text)
    return solved
