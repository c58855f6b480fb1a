"""Looks for the course key, other submissions, passwords, and the environment of others."""

POINTS = [5, 5, 5, 7]

READ = """
import glob, os, pathlib, sys

def secrets():
    found = [p for p in (CANARY, "/etc/passwd", "/etc/shadow", "/etc/hostname", "/work", "/var")
             if os.path.exists(p)]
    for place in ("/root", "/home", os.path.expanduser("~root"), "/tmp", "/srv", "/mnt", "/opt"):
        for path in glob.glob(place + "/**", recursive=True, include_hidden=True):
            if os.path.isfile(path) and not path.startswith(sys.base_prefix):
                found.append(path)
    for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
        try:
            data = pathlib.Path(path).read_bytes()
        except OSError:
            continue
        if b"canary" in data or b"pytest" in data or b"NNKIT_SECRET" in data:
            found.append(path)
    found += [name for name in os.environ if "SECRET" in name or "TOKEN" in name]
    for name in ("runner.py", "grading.py", "autograder", "course_key", "gradebook.db"):
        found += glob.glob("/grader/site/" + name) + glob.glob("/tmp/**/" + name, recursive=True)
    return found
"""


def submission(solved, untouched):
    solved.add(f"CANARY = {solved.canary!r}\n{READ}", "")
    solved["softmax"] = "FOUND = secrets()\n" + solved["softmax"].replace(
        "shifted =", "assert FOUND == [], FOUND\n    shifted ="
    )
    return solved
