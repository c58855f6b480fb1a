"""Processes of this machine that share the work."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import os
import threading
from concurrent.futures import Executor, ProcessPoolExecutor


def start_loading() -> None:
    """Start an interpreter that loads the grader; workers will be copies of it.

    Copying this process instead would not be safe: it may be drawing a progress bar.
    """
    multiprocessing.get_context("forkserver").set_forkserver_preload(["autograder.grading"])
    multiprocessing.forkserver.ensure_running()


def local_workers(number: int) -> contextlib.AbstractContextManager[Executor]:
    """Processes on this machine, which end when this one does."""
    start_loading()
    context = multiprocessing.get_context("forkserver")
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
