"""A filter for the kernel: system calls that no honest submission makes.

Namespaces don't cover everything. Sockets to the hypervisor (vsock) and the kernel's key rings are
the same inside and outside, and a user namespace of one's own opens more of the kernel to attack.
So a student's process can't make such calls at all; a refused one returns an error, as if the
kernel had been built without it.

References
----------
Linux kernel documentation, "Seccomp BPF"; the numbers are those of ``asm/unistd_64.h`` (x86-64)
and ``asm-generic/unistd.h`` (arm64).
"""

from __future__ import annotations

import errno
import platform
import struct
import sys
from dataclasses import dataclass

REFUSED = {  # name: number on x86-64, on arm64
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "socket": (41, 198), "io_uring_setup": (425, 425),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "unshare": (272, 97), "setns": (308, 268), "chroot": (161, 51), "pivot_root": (155, 41),
    "mount": (165, 40), "umount2": (166, 39), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsmount": (432, 432), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265), "bpf": (321, 280), "perf_event_open": (298, 241),
    "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "userfaultfd": (323, 282), "syslog": (103, 116), "acct": (163, 89),
}  # fmt: skip
NEW_NAMESPACES = 0x7E020080  # of clone(2)
LOAD, EQUALS, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # places in the kernel's `seccomp_data`
ALLOW, REFUSE = 0x7FFF0000, 0x00050000


@dataclass(frozen=True)
class Machine:
    """What a kernel for this kind of processor calls itself and its calls."""

    audit_name: int
    column: int
    clone: int
    clone3: int = 435
    other_numbers: int = 0x40000000  # x86-64 knows its calls by a second set of numbers


MACHINES = {"x86_64": Machine(0xC000003E, 0, 56), "aarch64": Machine(0xC00000B7, 1, 220)}


def seccomp_program() -> bytes:
    """The filter for this machine; empty where it has none."""
    machine = MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    if machine is None:
        return b""
    lines = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUALS, 1, 0, machine.audit_name),
        _refusal(errno.EPERM),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, machine.other_numbers),
        _refusal(errno.EPERM),
    ]
    for numbers in REFUSED.values():
        lines += [(EQUALS, 0, 1, numbers[machine.column]), _refusal(errno.EPERM)]
    lines += [(EQUALS, 0, 1, machine.clone3), _refusal(errno.ENOSYS)]  # threads then use clone
    lines += [
        (EQUALS, 0, 3, machine.clone),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (ANY_BIT, 0, 1, NEW_NAMESPACES),
        _refusal(errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _refusal(error: int) -> tuple[int, int, int, int]:
    return (RETURN, 0, 0, REFUSE | error)
