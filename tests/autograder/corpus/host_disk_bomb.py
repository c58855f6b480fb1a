"""Fills every place that can be written to, with large files and with many small ones."""

POINTS = [5, 5, 5, 7]

FILL = """
import os

def fill():
    assert os.path.exists("/grader/runner.py")  # never outside of the walls
    for place in ("/tmp", "/dev/shm", "/var/tmp", ".", "/grader", "/dev"):
        for number in range(20):
            try:
                with open(f"{place}/{number}", "wb") as file:
                    for _ in range(200):
                        file.write(bytes(10**6))
            except OSError:
                pass
        for number in range(2_000):
            try:
                os.mkdir(f"{place}/small-{number}")
            except OSError:
                break
    free = os.statvfs("/tmp")
    assert free.f_bavail * free.f_frsize < 10**9
    return True

FILLED = fill()
"""


def submission(solved, untouched):
    solved.add(FILL, after="")
    solved["softmax"] = solved["softmax"].replace("shifted =", "assert FILLED\n    shifted =")
    return solved
