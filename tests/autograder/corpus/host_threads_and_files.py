"""Starts threads and opens files until it may not any more, and answers all the same."""

POINTS = [5, 5, 5, 7]

BOMB = """
import os, socket, threading, time

def exhaust():
    assert os.path.exists("/grader/runner.py")  # never outside of the walls
    started, opened = 0, []
    try:
        while started < 10_000:
            threading.Thread(target=time.sleep, args=(10**6,)).start()
            started += 1
    except RuntimeError:
        pass
    try:
        while len(opened) < 10_000:
            opened.append(os.dup(0))
    except OSError:
        pass
    assert started < 200 and len(opened) < 200, (started, opened)
    for fd in opened:
        os.close(fd)
    return True

EXHAUSTED = exhaust()
"""


def submission(solved, untouched):
    solved.add(BOMB, after="")
    solved["softmax"] = solved["softmax"].replace("shifted =", "assert EXHAUSTED\n    shifted =")
    return solved
