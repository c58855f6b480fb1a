"""Leaves modules, sockets and shared memory behind for the exercises that follow."""

POINTS = [5, 5, 5, 7]

POISON = """
import ctypes, os, pathlib, socket

def poison():
    for place in ("/tmp", "/dev/shm", "."):
        for name in ("numpy", "json", "random", "outcome", "runner", "sitecustomize", "base64"):
            try:
                pathlib.Path(place, name + ".py").write_text("raise SystemExit")
            except OSError:
                pass
    libc = ctypes.CDLL(None)
    libc.shmget(4242, 4096, 0o1666)
    os.chdir("/tmp")
    os.umask(0o777)
    os.environ["PYTHONPATH"] = "/tmp"
    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    return libc
"""

FIND = """
import ctypes

def poisoned():
    return ctypes.CDLL(None).shmget(4242, 4096, 0) != -1
"""


def submission(solved, untouched):
    solved.add(POISON + FIND, "")
    solved["softmax"] = "LIBC = poison()\n" + solved["softmax"].replace(
        "shifted =", "assert LIBC\n    shifted ="
    )
    solved["log_softmax"] = "import random, base64, statistics, decimal\n" + solved["log_softmax"]
    return solved
