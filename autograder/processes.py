"""Processes of this machine that share the work."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import threading
from concurrent.futures import Executor, ProcessPoolExecutor


def local_workers(number: int) -> contextlib.AbstractContextManager[Executor]:
    """Processes on this machine, which end when this one does.

    They are copies of a fresh interpreter that has loaded the grader, which takes seconds. Copying
    this process instead would not be safe: it may be drawing a progress bar.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.grading"])
    return ProcessPoolExecutor(number, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A worker whose parent was killed must not stay."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
