"""Any course's notebooks, run by nbgrader as it does, in a kernel behind walls.

For a course that has nothing to do with ours, in its ``nbgrader_config.py``::

    from autograder.walled_kernel import behind_walls
    behind_walls(c)

Whoever runs the notebooks, the scores are still those that nbgrader reads from their outputs: the
walls protect the machine and other people's files, not the points.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets import Integer, List, Unicode
from traitlets.config import Config

from autograder.runner import others_of_our_user
from autograder.sandbox import BUBBLEWRAP, bubblewrap_variant, check_level
from autograder.walls import CLOSED, environment, free_uid, python_parts, walled

PROCESSES = 256


def behind_walls(config: Config) -> None:
    """Let `nbgrader autograde` run every notebook behind walls; all else stays as it is.

    Parameters
    ----------
    config : traitlets.config.Config
        The ``c`` of ``nbgrader_config.py``.
    """
    steps = config.Autograde.get("autograde_preprocessors", Autograde().autograde_preprocessors)
    config.Autograde.autograde_preprocessors = [
        ExecuteBehindWalls if step in (Execute, "nbgrader.preprocessors.Execute") else step
        for step in steps
    ]
    config.Autograde.setdefault("pre_convert_hook", "autograder.plugin.drop_links")


class ExecuteBehindWalls(Execute):
    """nbgrader's own step, with kernels that see the system, Python and their folder only.

    There is no network. The folder is a copy: what a notebook writes is gone afterwards.
    """

    memory_mb = Integer(4096, help="Memory for each notebook.").tag(config=True)
    show = List(Unicode(), help="More folders that notebooks may read, such as data.").tag(
        config=True
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(kernel_manager_class=WalledKernelManager, **kwargs)

    def create_kernel_manager(self) -> Any:
        manager = super().create_kernel_manager()
        manager.walls = {
            "memory_mb": self.memory_mb,
            "show": [Path(folder) for folder in self.show],
        }
        return manager


class WalledKernelManager(AsyncKernelManager):
    """Speaks to its kernel through sockets in a folder, since there is no network."""

    def __init__(self, **kwargs: Any) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="nnkit-kernel-")
        file = Path(self.folder.name, "kernel.json")
        super().__init__(transport="ipc", connection_file=str(file), **kwargs)

    async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]
        assert self.kernel_spec
        self.kernel_spec.interrupt_mode = "message"  # a signal would end the walls
        self.provisioner = WalledProvisioner(
            kernel_id=str(uuid.uuid4()), kernel_spec=self.kernel_spec, parent=self
        )
        await super().start_kernel(**kwargs)

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        await super().cleanup_resources(restart)
        if not restart:
            self.folder.cleanup()


class WalledProvisioner(LocalProvisioner):
    """Starts the kernel's own command behind walls."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        manager, work = self.parent, Path(kwargs["cwd"]).resolve()
        meeting = Path(manager.folder.name)
        copy = meeting / "work"
        shutil.copytree(work, copy, symlinks=True)
        command = kernel_command(cmd, work, copy, meeting, **manager.walls)
        return await super().launch_kernel(command, **{**kwargs, "cwd": "/"})


def kernel_command(
    kernel: list[str], work: Path, copy: Path, meeting: Path, memory_mb: int, show: list[Path]
) -> list[str]:
    """The kernel behind walls, in a copy of its folder that seems to be the folder itself."""
    check_level(BUBBLEWRAP)
    variant = str(bubblewrap_variant())
    python = [*python_parts(Path(sys.base_prefix)), *_environment_parts()]
    shown = {part: str(part) for part in dict.fromkeys([*python, *show])}
    command = walled(variant, shown)
    for source, place in ((copy, work), (meeting, meeting)):
        command += ["--bind", str(source), str(place)]
    command += [*CLOSED, "--chdir", str(work), "--clearenv"]
    for name, value in {**environment(), "PATH": f"{sys.prefix}/bin:/usr/bin:/bin"}.items():
        command += ["--setenv", name, value]
    return [*command, *_own_user(variant, meeting), *_limits(variant, memory_mb), *kernel]


def _environment_parts() -> list[Path]:
    """What a virtual environment consists of."""
    if sys.prefix == sys.base_prefix:
        return []
    names = ("bin", "lib", "lib64", "share", "pyvenv.cfg")
    return [part for part in (Path(sys.prefix, name) for name in names) if part.exists()]


def _own_user(variant: str, meeting: Path) -> list[str]:
    """Root gives itself up for a user to whom nothing else belongs than these folders."""
    if variant != "root":
        return []
    uid = free_uid()
    for place in (meeting, *meeting.rglob("*")):
        os.chown(place, uid, uid, follow_symlinks=False)
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]


def _limits(variant: str, memory_mb: int) -> list[str]:
    processes = PROCESSES + (0 if variant == "root" else others_of_our_user())
    return ["prlimit", f"--as={memory_mb * 2**20}", f"--nproc={processes}", "--core=0"]
