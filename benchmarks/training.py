"""How long a step of training takes: nnkit beside its peers, in one interleaved run.

    python benchmarks/training.py                          all workloads, one thread
    python benchmarks/training.py --threads 2 --workloads cde
    python benchmarks/training.py --python torch_usual=/envs/torch/bin/python \
        --python torch_tuned=/envs/torch/bin/python --python jax_jit=/envs/jax/bin/python

Every implementation runs in a process of its own, which stays for the whole run, with the same
number of threads. They take turns, in an order that rotates, a short block of steps each; a step
is a minibatch sampled from 60,000 rows, forward, backward and update. What is reported is the
median of the blocks that were not disturbed by other programs. Peers that are not installed are
left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from workloads import WORKLOADS

HERE = Path(__file__).parent
IMPLEMENTATIONS = (
    "nnkit_numpy",
    "nnkit_numba",
    "floor",
    "plain_numpy",
    "torch_usual",
    "torch_tuned",
    "sklearn_mlp",
    "jax_jit",
)
BLOCK_SECONDS = 0.15
LARGEST_WAIT = 0.05  # of a block's time: more, and it was disturbed


class Peer:
    """A process that runs one implementation."""

    def __init__(self, name: str, python: str, num_threads: int) -> None:
        self.name = name
        self.num_threads = num_threads
        self.blocks: list[dict[str, float]] = []
        self.num_steps = 1
        self._process = subprocess.Popen(
            [python, str(HERE / "worker.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | thread_variables(num_threads),
        )

    def ask(self, **request: object) -> dict:
        """Send a request, wait for the answer."""
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        return json.loads(answer) if answer else {"unavailable": "the process ended"}

    def prepare(self, workload: str) -> bool:
        """Build the network and find out how many steps make a block; False if it can't."""
        self.blocks = []
        if "unavailable" in self.ask(workload=workload, threads=self.num_threads):
            return False
        self.num_steps = 3
        for _ in range(3):
            wall = self.ask(steps=self.num_steps)["wall"]
            self.num_steps = max(3, round(BLOCK_SECONDS / wall))
        return True

    def run_block(self) -> None:
        """Run a block and keep its times."""
        self.blocks.append(self.ask(steps=self.num_steps))

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()


def main() -> None:
    """Measure, print, write JSON."""
    options = parse_options()
    pythons = dict(pair.split("=", 1) for pair in options.python)
    names = options.only or IMPLEMENTATIONS
    peers = [Peer(name, pythons.get(name, sys.executable), options.threads) for name in names]
    results = {}
    for workload in options.workloads:
        print(f"\n{workload}: {WORKLOADS[workload].describe()}, {options.threads} thread(s)")
        results[workload] = measure(peers, workload, options.seconds)
        print_table(results[workload])
    for peer in peers:
        peer.close()
    report = {"machine": machine(options.threads), "results": results}
    Path(options.json).write_text(json.dumps(report, indent=1) + "\n")
    print(f"\nwritten to {options.json}")


def measure(peers: list[Peer], workload: str, seconds: float) -> dict[str, dict]:
    """Blocks in rotating order until the time is over."""
    present = [peer for peer in peers if peer.prepare(workload)]
    end, first = time.monotonic() + seconds * len(present), 0
    while time.monotonic() < end or first < 10:
        for peer in present[first % len(present) :] + present[: first % len(present)]:
            peer.run_block()
        first += 1
    return {peer.name: summary(peer) for peer in present}


def summary(peer: Peer) -> dict[str, float | str]:
    """Median time of the blocks in which the process hardly waited for the processor.

    On a machine that is never quiet there are none; then processor time stands for wall time,
    which is fair as long as there is one thread. With more, waiting can't be told from sharing
    work, and the faster half of the blocks counts.
    """
    blocks, measure = peer.blocks, "wall"
    calm = [b for b in blocks if b["wall"] - b["cpu"] < LARGEST_WAIT * b["wall"]]
    if peer.num_threads > 1:
        calm = sorted(blocks, key=lambda block: block["wall"])[: -(-len(blocks) // 2)]
    elif len(calm) < 5:
        calm, measure = blocks, "cpu"
    return {
        "microseconds": 1e6 * statistics.median(block[measure] for block in calm),
        "fastest": 1e6 * min(block[measure] for block in calm),
        "measure": measure,
        "undisturbed_blocks": len(calm) if measure == "wall" else 0,
        "blocks": len(blocks),
        "loss": blocks[-1]["loss"],
    }


def print_table(results: dict[str, dict]) -> None:
    """Times, and how nnkit compares."""
    print(f"  {'':<12}{'us a step':>12}{'nnkit / it':>12}{'with numba':>12}  undisturbed blocks")
    for name, result in results.items():
        time_of = result["microseconds"]
        ratios = [
            f"{results[ours]['microseconds'] / time_of:.2f}" if ours in results else ""
            for ours in ("nnkit_numpy", "nnkit_numba")
        ]
        blocks = f"{result['undisturbed_blocks']} of {result['blocks']}"
        note = "" if result["measure"] == "wall" else ", so processor time"
        print(f"  {name:<12}{time_of:>12.1f}{ratios[0]:>12}{ratios[1]:>12}  {blocks}{note}")


def thread_variables(num_threads: int) -> dict[str, str]:
    """What makes BLAS libraries, OpenMP and XLA use that many threads."""
    names = ("OPENBLAS", "MKL", "OMP", "BLIS", "NUMEXPR", "VECLIB")
    multi = "true" if num_threads > 1 else "false"
    flags = f"--xla_cpu_multi_thread_eigen={multi} intra_op_parallelism_threads={num_threads}"
    return {f"{name}_NUM_THREADS": str(num_threads) for name in names} | {"XLA_FLAGS": flags}


def machine(num_threads: int) -> dict[str, object]:
    """What the figures depend on."""
    return {
        "threads": num_threads,
        "cores": os.cpu_count(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
    }


def parse_options() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workloads", default="abcde", help="letters, such as cd")
    parser.add_argument("--threads", type=int, default=1, help="for every implementation")
    parser.add_argument("--seconds", type=float, default=6.0, help="for each implementation")
    parser.add_argument("--only", nargs="+", choices=IMPLEMENTATIONS, help="leave the others out")
    parser.add_argument("--json", default="training_benchmark.json", help="where to write results")
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="the Python that has a peer installed; may be given several times",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
