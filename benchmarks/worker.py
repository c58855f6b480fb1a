"""A process of its own for one implementation: builds a network, runs blocks of steps.

It reads one JSON object a line from standard input and answers each with one: first
``{"workload": "c", "threads": 1}``, then any number of ``{"steps": 20}``.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time

from workloads import WORKLOADS


def main(implementation: str) -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "workload" in request:
                step = None  # frees the network before
                use_processors(request["threads"])
                peer = importlib.import_module(f"peers.{implementation}")
                step = peer.make_step(WORKLOADS[request["workload"]], request["threads"])
                answer = {"loss": step()}
            else:
                answer = run_block(step, request["steps"])
        except (ImportError, NotImplementedError) as error:
            answer = {"unavailable": str(error)}
        print(json.dumps(answer), file=answers, flush=True)


def use_processors(number: int) -> None:
    """Leave this process no more processors than threads, where the system can.

    Some libraries start more threads than their settings allow.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-number:])


def run_block(step, num_steps: int) -> dict[str, float]:
    """Wall time and processor time of a few steps, in seconds a step."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(num_steps):
        loss = step()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wall": wall / num_steps, "cpu": cpu / num_steps, "loss": loss}


if __name__ == "__main__":
    main(sys.argv[1])
