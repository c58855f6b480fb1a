"""Tests for nnkit.search.running: the same trials in this process, in others, and on Dask."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import threadpoolctl

import nnkit
from nnkit.search import Trial, run_trials

SCRIPT = """
import sys, time
from nnkit.search import random_search

def objective(config, rng):
    with open(sys.argv[2], "a") as started:
        started.write("x")
    time.sleep(0.1)
    return config["lr"] + rng.normal()

log = sys.argv[1] if sys.argv[1] != "none" else None
result = random_search(objective, {"lr": [0.1, 0.2]}, 12, 5, workers=2, log=log)
print([trial.value for trial in result.trials])
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_trial_is_recorded_and_the_others_run(troubled, workers):
    """With a reason that helps; the search goes on to the end."""
    kinds = ["raise", "exit", "nan", "fine", "inf", "text", "nothing", "array", "fine"]

    result = run_trials(troubled, [{"what": kind} for kind in kinds], 0, workers=workers)

    assert [trial.value for trial in result.trials if trial.error is None] == [1.5, 1.5]
    reasons = {kinds[trial.index]: trial.error for trial in result.failed}
    assert re.fullmatch(r"KeyError: 'missing' \(.+, line \d+\)", reasons["raise"])
    assert reasons["exit"].startswith("SystemExit: 3")
    assert reasons["nan"] == "the objective returned nan: the training diverged"
    assert reasons["inf"] == "the objective returned inf: the training diverged"
    assert "expected the objective to return one number, got str" in reasons["text"]
    assert "got NoneType; return the loss" in reasons["nothing"]
    assert "got list" in reasons["array"]


def test_a_process_that_dies_costs_only_its_own_trial():
    """Not those that ran beside it, and not those that were waiting."""

    def objective(config, rng):
        if config["dies"]:
            os._exit(1)
        time.sleep(0.05)
        return rng.normal()

    configs = [{"dies": index in (1, 2, 6)} for index in range(8)]
    result = run_trials(objective, configs, 0, workers=2)
    healthy = run_trials(objective, [{"dies": False}] * 8, 0, workers=1)

    assert [trial.index for trial in result.failed] == [1, 2, 6]
    assert all("the process died" in trial.error for trial in result.failed)
    for trial, expected in zip(result.trials, healthy.trials, strict=True):
        assert trial.error is not None or trial.value == expected.value


@pytest.mark.parametrize("workers", [1, 2])
def test_each_trial_has_one_blas_thread(workers):
    """Two processes with two threads each would wait for one another; this one may have two."""

    def objective(config, rng):
        return nnkit.get_num_threads()

    with threadpoolctl.threadpool_limits(2):
        result = run_trials(objective, [{}, {}], 0, workers=workers)
        assert nnkit.get_num_threads() == 2

    assert [trial.value for trial in result.trials] == [1, 1]


def test_workers_read_the_number_of_threads_before_they_load_a_library():
    """What a trial imports later, such as PyTorch, has one thread too."""

    def objective(config, rng):
        return float(os.environ["OMP_NUM_THREADS"]) + float(os.environ["MKL_NUM_THREADS"])

    assert run_trials(objective, [{}], 0, workers=2).best.value == 2


def test_workers_are_not_forked(monkeypatch):
    """They share nothing with this process: no locks, no modules, no state."""
    monkeypatch.setitem(sys.modules, "only_here", sys)

    def objective(config, rng):
        return float("only_here" in sys.modules)

    assert run_trials(objective, [{}], 0, workers=2).best.value == 0
    assert run_trials(objective, [{}], 0, workers=1).best.value == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_an_objective_cannot_change_the_configurations(workers):
    """The result holds what was asked for."""

    def objective(config, rng):
        config["sizes"].append(config.pop("lr"))
        return 0.0

    configs = [{"lr": 0.1, "sizes": [1]}]

    assert run_trials(objective, configs, 0, workers=workers).best.config == configs[0]
    assert configs == [{"lr": 0.1, "sizes": [1]}]


def test_a_worker_makes_the_objective_once():
    """Data that the objective caches are loaded once in each process, not in each trial."""
    calls = []

    def objective(config, rng):
        calls.append(1)
        return len(calls)

    result = run_trials(objective, [{}] * 10, 0, workers=2)

    assert max(trial.value for trial in result.trials) >= 5
    assert calls == []


def test_no_process_is_left_behind(noisy):
    """Once the search is over, its workers are gone."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if not children.exists():
        pytest.skip("the kernel does not list child processes")

    def workers():
        lines = [Path(f"/proc/{pid}/cmdline") for pid in children.read_text().split()]
        return [line for line in lines if b"popen_loky" in line.read_bytes()]

    run_trials(noisy, [{"lr": 0.1, "hidden": 5}] * 4, 0, workers=2)

    assert workers() == []


def test_a_killed_search_goes_on_from_its_log(tmp_path):
    """After kill -9: trials that were finished are not run again, the result is the same."""
    log, started = tmp_path / "log.jsonl", tmp_path / "started"
    script = tmp_path / "search.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(log), str(started)]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while (log.read_bytes().count(b"\n") if log.exists() else 0) < 5:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    before = log.read_bytes()
    finished = before.count(b"\n") - 1
    started.write_text("")

    resumed = subprocess.run(command, capture_output=True, text=True, check=True)
    whole = subprocess.run(
        [sys.executable, str(script), "none", os.devnull],
        capture_output=True,
        text=True,
        check=True,
    )

    assert 4 <= finished < 12
    assert len(started.read_text()) == 12 - finished
    assert log.read_bytes().startswith(before[: before.rfind(b"\n") + 1])
    assert log.read_bytes().count(b"\n") == 13
    assert resumed.stdout.splitlines()[-1] == whole.stdout.splitlines()[-1]
    assert resumed.stderr == ""


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed")
    dask = pytest.importorskip("dask")
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_dask_gives_the_same_trials(client, noisy, troubled):
    """Values and reasons, as one process does."""
    configs = [{"lr": 0.1 * i, "hidden": 5} for i in range(1, 7)]

    assert run_trials(noisy, configs, 7, client=client) == run_trials(noisy, configs, 7, workers=1)
    configs = [{"what": kind} for kind in ("fine", "nan", "raise", "text")]
    here = run_trials(troubled, configs, 7, workers=1)
    assert run_trials(troubled, configs, 7, client=client) == here


def test_equal_configurations_on_dask_are_trials_of_their_own(client, noisy):
    """Dask does not take them for one and the same computation."""
    result = run_trials(noisy, [{"lr": 0.1, "hidden": 5}] * 4, 0, client=client)

    assert len({trial.value for trial in result.trials}) == 4


def test_a_dask_worker_that_dies_costs_only_its_own_trial(client, tmp_path):
    """Not those that Dask blames as well, since the worker had them; the log holds them all."""

    def objective(config, rng):
        if config["dies"]:
            os._exit(1)
        return 1.0

    configs = [{"dies": True}] + [{"dies": False}] * 5
    result = run_trials(objective, configs, 0, client=client, log=tmp_path / "log")

    assert [trial.value for trial in result.trials] == [None, 1, 1, 1, 1, 1]
    assert "the process died" in result.trials[0].error
    logged = [Trial.from_json(line) for line in (tmp_path / "log").read_text().splitlines()[1:]]
    assert sorted(logged, key=lambda trial: trial.index) == list(result.trials)
