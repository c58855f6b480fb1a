"""Tests for nnkit.threads."""

import os
import subprocess
import sys

import pytest

from nnkit import get_num_threads, set_num_threads
from nnkit.threads import VARIABLES


@pytest.fixture(autouse=True)
def _one_thread_afterwards():
    before = get_num_threads()
    yield
    set_num_threads(before)


@pytest.mark.parametrize(("variables", "expected"), [({}, 1), ({"OPENBLAS_NUM_THREADS": "2"}, 2)])
def test_one_thread_unless_the_environment_says_otherwise(variables, expected):
    environment = {k: v for k, v in os.environ.items() if k not in VARIABLES} | variables
    code = "import nnkit; print(nnkit.get_num_threads())"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == min(expected, os.cpu_count() or 1)


def test_the_number_can_be_set():
    for number in (2, 1):
        set_num_threads(number)
        assert get_num_threads() == number


def test_a_number_below_one_is_refused():
    with pytest.raises(ValueError, match="expected a number of threads of 1 or more, got 0"):
        set_num_threads(0)
