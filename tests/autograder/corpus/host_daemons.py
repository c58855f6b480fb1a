"""Daemons in sessions of their own stay behind and wait for the next student."""

POINTS = [5, 5, 5, 7]

DAEMON = """
import os, subprocess, sys

def leave_behind(left=[]):
    assert os.path.exists("/grader/runner.py")  # never outside of the walls
    if left:
        return
    left.append(True)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for fd in range(64):
                try: os.close(fd)
                except OSError: pass
            os.execv(sys.executable, [sys.executable, "-S", "-c",
                     "import time; time.sleep(100000)", "nnkit-corpus-marker"])
        os._exit(0)
    subprocess.Popen(["/bin/sh", "-c", "trap '' TERM HUP INT; while :; do sleep 1; done",
                      "nnkit-corpus-marker"], start_new_session=True)
"""


def submission(solved, untouched):
    solved.add(DAEMON, after="")
    for name in ("softmax", "cross_entropy"):
        head, tail = solved[name].rsplit('"""', 1)
        solved[name] = f'{head}"""\n    leave_behind()\n    np.ones(3){tail}'
    return solved
