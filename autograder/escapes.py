"""Small programs that try to break out of the sandbox; `nnkit doctor` runs them in it, as students.

Each stands alone, since its source is what is sent. None does harm where a wall is missing: it
touches only what doctor has laid out, takes a bounded amount, and ends by itself.
"""

from __future__ import annotations


def tcp(facts: dict) -> str:
    import socket

    with socket.create_connection(("127.0.0.1", facts["port"]), timeout=1):
        return "connected"


def abstract_socket(facts: dict) -> str:
    import socket

    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        client.connect("\0" + facts["mark"])
        return "connected"


def read_canaries(facts: dict) -> list:
    found = []
    for path in facts["canaries"]:
        try:
            with open(path) as file:
                found.append(file.read(100))
        except OSError as error:
            found.append(type(error).__name__)
    return found


def read_checkout(facts: dict) -> str:
    import hashlib

    with open(facts["checkout"] + "/autograder/grading.py", "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def import_reference(facts: dict) -> str:
    import hashlib
    import importlib.util
    import sys

    sys.path[:0] = facts["packages"]
    spec = importlib.util.find_spec("nnkit")  # what an import would run
    if spec is None:
        return "not found"
    with open(str(spec.origin), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def own_environment(facts: dict) -> list:
    import os

    return [value[:100] for name, value in os.environ.items() if name.startswith("NNKIT")]


def environment_of_others(facts: dict) -> list:
    found = []
    for pid in facts["pids"]:
        try:
            with open(f"/proc/{pid}/environ") as file:
                values = dict(line.split("=", 1) for line in file.read().split("\0") if "=" in line)
            found.append(values.get("NNKIT_DOCTOR", "")[:100])
        except OSError as error:
            found.append(type(error).__name__)
    return found


def write_canaries(facts: dict) -> list:
    import pathlib

    acts: tuple = (
        lambda file: file.write_text("changed"),
        lambda file: file.with_name("new").touch(),
        lambda file: file.chmod(0o640),
        lambda file: file.rename(f"{file}-moved"),
    )
    tried = []
    for path in facts["canaries"]:
        for act in acts:
            try:
                act(pathlib.Path(path))
                tried.append("done")
            except OSError as error:
                tried.append(type(error).__name__)
    return tried


def memory(facts: dict) -> int:
    import time

    kept = []
    try:
        for _ in range(8):  # never touched: so it is only promised, not taken
            kept.append(bytearray(2**27))
    except MemoryError:
        pass
    time.sleep(0.1)  # to be seen from outside
    return len(kept) * 128


def processes(facts: dict) -> int:
    import os
    import time

    started = []
    try:
        for _ in range(40):
            pid = os.fork()
            if pid == 0:
                time.sleep(1)
                os._exit(0)
            started.append(pid)
    except OSError:
        pass
    time.sleep(0.2)  # to be counted from outside
    return len(started)


def orphan(facts: dict) -> str:
    import ctypes
    import os
    import signal
    import time

    libc, (ready, tell) = ctypes.CDLL(None), os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            libc.prctl(15, facts["mark"].encode(), 0, 0, 0)  # its name, seen outside
            os.write(tell, b"1")
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            time.sleep(20)
        os._exit(0)
    os.waitpid(child, 0)
    os.read(ready, 1)
    time.sleep(0.5)
    return "left one behind"


def kill_parent(facts: dict) -> str:
    import os
    import signal
    import time

    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(0.2)
    return "sent"


def kill_other(facts: dict) -> str:
    import os
    import signal

    os.kill(facts["pids"][0], signal.SIGKILL)
    return "sent"


def become_root(facts: dict) -> str:
    import ctypes
    import os
    import time

    for act in (os.setuid, os.setgid):
        try:
            act(0)
        except OSError:
            continue
    ctypes.CDLL(None).prctl(15, facts["mark"].encode(), 0, 0, 0)
    time.sleep(0.2)  # to be seen from outside
    return "tried"


def compute_without_end(facts: dict) -> str:
    import time

    end = time.monotonic() + 15
    while time.monotonic() < end:
        try:
            sum(range(1000))
        except BaseException:
            continue
    return "ended by itself"


def wait_without_end(facts: dict) -> str:
    import signal
    import time

    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    time.sleep(15)
    return "ended by itself"


def flood(facts: dict) -> int:
    import os

    written, text = 0, b"x" * 65536
    while written < 2**26:
        before = written
        for fd in range(1, 64):
            try:
                written += os.write(fd, text) if fd > 2 else 0
            except OSError:
                continue
        if written == before:
            break
    return written


def large_file(facts: dict) -> int:
    import os

    path, size = f"/tmp/{facts['mark']}", 0
    try:
        with open(path, "wb", buffering=0) as file:
            while size < 2**25:
                size += file.write(bytes(2**20))
    except OSError:
        pass
    finally:
        if os.path.exists(path):
            os.unlink(path)
    return size


def many_files(facts: dict) -> int:
    import os

    size, paths = 0, [f"/tmp/{facts['mark']}-{number}" for number in range(24)]
    try:
        for path in paths:
            with open(path, "wb", buffering=0) as file:
                for _ in range(4):
                    size += file.write(bytes(2**20))
    except OSError:
        pass
    finally:
        for path in paths:
            if os.path.exists(path):
                os.unlink(path)
    return size


def trace_runner(facts: dict) -> str:
    import ctypes
    import os

    libc, seize, detach = ctypes.CDLL(None), 0x4206, 17
    if libc.ptrace(seize, os.getppid(), 0, 0) == 0:
        libc.ptrace(detach, os.getppid(), 0, 0)
        return "traced"
    return "refused"


def memory_of_runner(facts: dict) -> str:
    import os

    with open(f"/proc/{os.getppid()}/maps") as file:
        start = int(file.read().split("-")[0], 16)
    with open(f"/proc/{os.getppid()}/mem", "rb") as file:
        file.seek(start)
        return "read" if file.read(4) else "empty"
