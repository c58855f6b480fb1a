"""Writes to the gradebook, to other submissions, to start-up files and to Python itself."""

POINTS = [5, 5, 5, 7]

WRITE = """
import os, sys, sysconfig
import numpy as np

PLACES = ["/", "/root", "/home", "/etc", "/etc/cron.d", "/var/tmp", "/usr/lib", "/usr/local/bin",
          "/grader", "/grader/site", "/grader/site/numpy", "/dev", "/proc/1", "/proc/sys/kernel",
          sys.prefix, os.path.dirname(os.__file__), os.path.dirname(np.__file__),
          os.getcwd() + "/..",
          os.path.expanduser("~root"), sysconfig.get_path("purelib"), "/run", "/sys/fs/cgroup"]
NAMES = ["gradebook.db", "course_key", "submitted/ben/work.ipynb", "home/.profile"]
FILES = ["/grader/runner.py", "/grader/outcome.py", os.__file__, np.__file__, sys.executable,
         "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger",
         "/proc/1/oom_score_adj", "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/fuse"]

def written():
    assert os.path.exists("/grader/runner.py")  # never outside of the walls
    done = []
    def attempt(act, *args):
        try:
            act(*args)
            done.append(args)
        except OSError:
            pass
    for path in (os.path.join(CANARY, name) for name in NAMES):
        attempt(open, path, "ab")
        attempt(os.unlink, path)
        attempt(os.symlink, "/tmp", path)
        attempt(os.chmod, path, 0o777)
        attempt(os.rename, path, path + "2")
        attempt(os.makedirs, os.path.dirname(path))
    done.clear()  # these would be seen from outside; inside, /tmp may be written to
    for place in PLACES:
        attempt(os.mkdir, place + "/nnkit-corpus")
        attempt(os.utime, place)
    for file in FILES:
        attempt(os.open, file, os.O_WRONLY)
    return done
"""


def submission(solved, untouched):
    solved.add(f"CANARY = {solved.canary!r}\n{WRITE}", "")
    solved["softmax"] = "DONE = written()\n" + solved["softmax"].replace(
        "shifted =", "assert DONE == [], DONE\n    shifted ="
    )
    return solved
