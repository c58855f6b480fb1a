"""Tests for nnkit.search.pickling."""

import functools
import subprocess
import sys
import threading

import pytest

from nnkit.search.pickling import pickled, unpickled


def test_closures_and_lambdas_travel_by_value():
    """With what they hold."""
    base = [1, 2]

    again = unpickled(pickled(lambda x: [*base, x]))

    assert again(3) == [1, 2, 3]


def test_a_cache_travels_empty_and_works_again():
    """The cached function is called once in the other process, whatever happened here."""
    calls = []

    @functools.lru_cache(maxsize=5, typed=True)
    def data(number):
        calls.append(number)
        return len(calls)

    data(1)
    again = unpickled(pickled(lambda: (data(1), data(1), data.cache_parameters(), list(calls))))

    assert again() == (2, 2, {"maxsize": 5, "typed": True}, [1, 1])
    assert calls == [1]


def test_what_can_be_imported_travels_by_name():
    """Its cache, and its module, are the other process's own."""
    assert unpickled(pickled(unpickled)) is unpickled
    assert len(pickled(pickled)) < 200


def test_functions_of_a_script_travel(tmp_path):
    """With a cache, as an objective of a script or a notebook has it."""
    script = tmp_path / "search.py"
    script.write_text(
        "import functools\n"
        "from nnkit.search import run_trials\n"
        "@functools.cache\n"
        "def data():\n    return [1.5]\n"
        "def objective(config, rng):\n    return data()[0]\n"
        "print(run_trials(objective, [{}, {}], 0, workers=2, progress=False).best.value)\n"
    )

    result = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)

    assert (result.stdout, result.stderr) == ("1.5\n", "")


def test_what_belongs_to_this_process_does_not_travel():
    """Locks, say."""
    lock = threading.Lock()

    with pytest.raises(TypeError, match="lock"):
        pickled(lambda: lock)
