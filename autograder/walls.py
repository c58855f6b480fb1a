"""The command lines that start the runner, and what each lets it see of this machine."""

from __future__ import annotations

import os
import stat
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import course.outcome
from autograder import answering, runner
from autograder.seccomp import seccomp_program

PROGRAMS = tuple(Path(str(module.__file__)) for module in (runner, answering, course.outcome))
FIRST_FREE_UID = 61184  # nobody's; root hands each sandbox a user of its own
ROOT_VARIANT = [
    "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
    "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
]  # fmt: skip
VARIANTS = {"root": ROOT_VARIANT, "user": ["--unshare-all"]}
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
TMPFS_BYTES = 2**26
CLOSED = ("--remount-ro", "/dev", "--remount-ro", "/")  # when all is in its place


def free_uid() -> int:
    """A user that owns nothing, for the sandboxes of this process."""
    return FIRST_FREE_UID + os.getpid() % 4000


def environment() -> dict[str, str]:
    """All that the runner's environment holds."""
    fixed = {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
    }
    names = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # the machine's own BLAS settings
    return {**fixed, **{name: os.environ[name] for name in names if name in os.environ}}


def process_command(folder: Path) -> list[str]:
    """The runner without walls, with NumPy alone on its path."""
    folder.chmod(0o755)
    for part in _numpy_parts():
        (folder / part.name).symlink_to(part)
    uid = str(free_uid()) if os.getuid() == 0 and _open_to_all() else "0"
    files = [*map(str, PROGRAMS), str(folder)]
    return [*_python(), *files, uid, seccomp_program().hex()]


def bubblewrap_command(variant: str) -> list[str]:
    """The runner behind walls: what it sees is read-only, /tmp and /dev/shm aside.

    As process 1 it can't be killed or stopped from inside, and nobody else holds its pipes.
    """
    prefix = Path(sys.base_prefix)
    shown = {part: str(part) for part in python_parts(prefix)}
    inside = {file: f"/grader/{file.name}" for file in PROGRAMS}
    numpy = {part: f"/grader/site/{part.name}" for part in _numpy_parts()}
    command = walled(variant, {**shown, **inside, **numpy}, _folders_to_hide(prefix))
    command += [*CLOSED, "--as-pid-1", "--chdir", "/tmp"]
    uid = str(free_uid()) if variant == "root" else "0"
    files = [*inside.values(), "/grader/site"]
    return [*command, *_python(), *files, uid, seccomp_program().hex()]


def walled(variant: str, shown: dict[Path, str], hidden: Sequence[str] = ()) -> list[str]:
    """Bubblewrap around the system and what is shown, each in its place and read-only.

    What is hidden is a folder in one that is shown, and seems empty. /tmp and /dev/shm can be
    written to, and are gone afterwards; once `CLOSED` follows, nothing else can.
    """
    command = ["bwrap", *VARIANTS[variant], "--die-with-parent", "--new-session"]
    for place in SYSTEM:
        if Path(place).is_symlink():
            command += ["--symlink", os.readlink(place), place]
        elif Path(place).exists():
            command += ["--ro-bind", place, place]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for place in ("/dev/shm", "/tmp"):
        command += ["--perms", "1777", "--size", str(TMPFS_BYTES), "--tmpfs", place]
    passages = {folder for place in shown.values() for folder in Path(place).parents}
    for folder in sorted(passages - {Path("/"), Path("/usr"), Path("/tmp")}):
        if not folder.is_relative_to("/usr"):
            command += ["--perms", "0755", "--dir", str(folder)]  # others may pass through
    for source, place in shown.items():
        command += ["--ro-bind", str(source), place]
    for place in hidden:
        command += ["--tmpfs", place, "--remount-ro", place]
    return command


def _open_to_all() -> bool:
    """May every user of this machine read Python and NumPy?"""
    needed = [Path(os.__file__), Path(np.__file__), Path(os.path.realpath(sys.executable))]
    return all(
        place.stat().st_mode & (stat.S_IXOTH if place.is_dir() else stat.S_IROTH)
        for file in needed
        for place in (file, *file.parents)
    )


def _python() -> list[str]:
    return [os.path.realpath(sys.executable), "-I", "-S"]


def python_parts(prefix: Path) -> list[Path]:
    """Python itself; an environment of conda holds other people's packages beside it."""
    if prefix.is_relative_to("/usr"):
        return []
    return [prefix / name for name in ("bin", "lib", "lib64") if (prefix / name).exists()]


def _folders_to_hide(prefix: Path) -> list[str]:
    """Folders under what is shown that hold other packages, this project, or people's files."""
    shown = [Path("/usr"), *python_parts(prefix)]
    packages = {Path(sysconfig.get_path(name, vars={"base": str(prefix), "platbase": str(prefix)}))
                for name in ("purelib", "platlib")}  # fmt: skip
    packages |= {folder for place in ("lib", "local/lib")
                 for folder in Path("/usr", place).glob("python3*/*-packages")}  # fmt: skip
    packages |= set((prefix / "lib").glob("python3*/*-packages"))
    private = {Path(course.outcome.__file__).parents[1], Path.cwd(), Path.home()}
    hidden = {
        str(folder)
        for folder in packages | private
        if folder.is_dir()
        and any(folder.is_relative_to(place) for place in shown)
        and not any(place.is_relative_to(folder) for place in shown)
    }
    return sorted(hidden)


def _numpy_parts() -> list[Path]:
    folder = Path(np.__file__).parent
    return [p for p in (folder, folder.with_name("numpy.libs")) if p.exists()]
