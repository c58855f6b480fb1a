"""Tries to become root, to mount, to leave its root folder and to enter other namespaces."""

POINTS = [5, 5, 5, 7]

GAIN = """
import ctypes, glob, os, resource, subprocess

def gained():
    assert os.path.exists("/grader/runner.py")  # never outside of the walls
    found = []
    libc = ctypes.CDLL(None, use_errno=True)
    if os.getuid() == 0 or os.geteuid() == 0:
        found.append("root")
    for name, act in {
        "setuid": lambda: os.setuid(0), "setgid": lambda: os.setgid(0),
        "setgroups": lambda: os.setgroups([0]), "chroot": lambda: os.chroot("/tmp"),
        "limit": lambda: resource.setrlimit(resource.RLIMIT_NPROC, (10**6, 10**6)),
        "nice": lambda: os.nice(-5), "mknod": lambda: os.mknod("/tmp/disk", 0o60666, 2048),
    }.items():
        try:
            act()
            found.append(name)
        except (OSError, ValueError):
            pass
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
        found.append("mount")
    if libc.umount2(b"/grader/runner.py", 0) == 0:
        found.append("umount")
    for path in glob.glob("/proc/1/ns/*"):
        try:
            if libc.setns(os.open(path, os.O_RDONLY), 0) == 0:
                found.append(path)
        except OSError:
            pass
    for program in ("su", "sudo", "mount", "newgrp", "passwd", "pkexec"):
        for place in ("/bin", "/usr/bin"):
            try:
                done = subprocess.run([f"{place}/{program}", "-c", "id"], capture_output=True,
                                      stdin=subprocess.DEVNULL, timeout=1)
                if b"uid=0" in done.stdout:
                    found.append(program)
            except (OSError, subprocess.TimeoutExpired):
                pass
    return found
"""


def submission(solved, untouched):
    solved.add(GAIN, "")
    solved["softmax"] = "GAINED = gained()\n" + solved["softmax"].replace(
        "shifted =", "assert GAINED == [], GAINED\n    shifted ="
    )
    return solved
