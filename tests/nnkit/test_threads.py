"""Tests for nnkit.threads."""

import os
import subprocess
import sys

import pytest

from nnkit import get_num_threads, set_num_threads, threads
from nnkit.threads import VARIABLES


@pytest.fixture(autouse=True)
def _one_thread_afterwards():
    before = get_num_threads()
    yield
    set_num_threads(before)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({}, 1), ({"OPENBLAS_NUM_THREADS": "2"}, 2), ({"OMP_NUM_THREADS": "2"}, 2)],
    ids=str,
)
def test_one_thread_unless_the_environment_says_otherwise(variables, expected):
    environment = {k: v for k, v in os.environ.items() if k not in VARIABLES} | variables
    code = "import nnkit; print(nnkit.get_num_threads())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == min(expected, os.cpu_count() or 1)


@pytest.mark.parametrize("library", ["OPENBLAS", "MKL", "BLIS", "OMP"])
def test_a_number_in_the_environment_is_left_alone(monkeypatch, library):
    """Whatever library NumPy's products come from."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    set_num_threads(2)
    monkeypatch.setenv(f"{library}_NUM_THREADS", "7")
    threads.use_one_thread_by_default()
    assert get_num_threads() == 2


@pytest.mark.parametrize(
    ("pools", "expected"),
    [([("blas", 1), ("blas", 3), ("openmp", 8)], 3), ([("openmp", 8)], 1), ([], 1)],
    ids=["two libraries", "none that multiplies", "none"],
)
def test_the_number_is_that_of_the_busiest_library_that_multiplies(monkeypatch, pools, expected):
    infos = [{"user_api": api, "num_threads": number} for api, number in pools]
    monkeypatch.setattr(threads.threadpoolctl, "threadpool_info", lambda: infos)
    assert get_num_threads() == expected


def test_the_number_can_be_set():
    for number in (2, 1):
        set_num_threads(number)
        assert get_num_threads() == number


def test_a_number_below_one_is_refused():
    with pytest.raises(ValueError, match="expected a number of threads of 1 or more, got 0"):
        set_num_threads(0)
