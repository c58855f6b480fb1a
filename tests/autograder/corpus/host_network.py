"""Connects to servers of this machine, by address, by abstract socket and by file."""

import pathlib

POINTS = [5, 5, 5, 7]

CONNECT = """
import os, socket

def reached():
    found = []
    tries = [(socket.AF_INET, ("127.0.0.1", PORT)), (socket.AF_INET6, ("::1", PORT)),
             (socket.AF_UNIX, "\\0" + ABSTRACT), (socket.AF_UNIX, "/run/docker.sock"),
             (socket.AF_UNIX, "/var/run/dbus/system_bus_socket")]
    for family, address in tries:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                with socket.socket(family, kind) as client:
                    client.settimeout(0.2)
                    client.connect(address)
                    if kind == socket.SOCK_STREAM:
                        found.append(address)
            except OSError:
                continue
    devices = open("/proc/net/dev").read().split("\\n")[2:]
    return found + [line for line in devices if line and not line.strip().startswith("lo:")]
"""


def submission(solved, untouched):
    port = int(pathlib.Path(solved.canary, "port").read_text())
    abstract = pathlib.Path(solved.canary, "abstract").read_text()
    solved.add(f"PORT, ABSTRACT = {port}, {abstract!r}\n{CONNECT}", "")
    solved["softmax"] = "REACHED = reached()\n" + solved["softmax"].replace(
        "shifted =", "assert REACHED == [], REACHED\n    shifted ="
    )
    return solved
