"""Reads and writes the runner's memory, pipes and environment, and traces it."""

POINTS = [5, 5, 5, 7]

REACH = """
import ctypes, glob, os

def reached():
    assert os.path.exists("/grader/runner.py")  # never outside of the walls
    found = []
    libc = ctypes.CDLL(None, use_errno=True)
    others = [int(p.split("/")[2]) for p in glob.glob("/proc/[0-9]*/status")]
    for pid in (pid for pid in others if pid != os.getpid()):
        for name, mode in (("mem", "rb"), ("mem", "wb"), ("environ", "rb"), ("maps", "r"),
                           ("fd/0", "rb"), ("fd/1", "wb"), ("root/etc/passwd", "rb")):
            try:
                with open(f"/proc/{pid}/{name}", mode) as file:
                    if "w" in mode or file.read(1):
                        found.append((pid, name, mode))
            except (OSError, ValueError):
                pass
        for request in (16, 0x4206):  # PTRACE_ATTACH, PTRACE_SEIZE
            if libc.ptrace(request, pid, 0, 0) == 0:
                found.append((pid, "ptrace"))
        buffer = ctypes.create_string_buffer(8)
        class Vector(ctypes.Structure):
            _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
        mine = Vector(ctypes.addressof(buffer), 8)
        theirs = Vector(id(found), 8)
        read = libc.process_vm_readv(pid, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)
        if read > 0:
            found.append((pid, "process_vm_readv"))
    return found
"""


def submission(solved, untouched):
    solved.add(REACH, "")
    solved["softmax"] = "REACHED = reached()\n" + solved["softmax"].replace(
        "shifted =", "assert REACHED == [], REACHED\n    shifted ="
    )
    return solved
