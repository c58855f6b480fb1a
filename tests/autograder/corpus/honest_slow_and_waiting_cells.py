"""Other cells train for ever, sleep, ask for input and end the kernel."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved.add("while True:\n    weight = np.random.rand(10)", after="softmax")
    solved.add("import time\ntime.sleep(10**6)", after="")
    solved.add("name = input('Who are you? ')\nexit()", after="log_softmax")
    solved.add("import os, sys\nos._exit(1)\nsys.exit()", after="cross_entropy")
    solved["softmax"] += "\n\n\nwhile True:\n    probs = softmax(np.ones((3, 3)))"
    return solved
