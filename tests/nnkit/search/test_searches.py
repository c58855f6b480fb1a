"""Tests for nnkit.search.searches."""

import subprocess
import sys
import threading

import numpy as np
import pytest

from nnkit.functional import grid
from nnkit.search import grid_search, random_search, run_trials


def test_the_number_of_workers_changes_nothing(noisy, space):
    """One process, two, or three: the same configurations, values and order."""
    results = [random_search(noisy, space, 12, 7, workers=workers) for workers in (1, 2, 3)]

    assert results[0] == results[1] == results[2]


def test_the_seed_decides(noisy, space):
    """Another seed, other trials; the same seed, the same."""
    first, again, other = (random_search(noisy, space, 5, seed, workers=1) for seed in (7, 7, 8))

    assert first == again
    assert all(a.value != b.value for a, b in zip(first.trials, other.trials, strict=True))


def test_a_longer_search_begins_with_the_shorter_one(noisy, space):
    """One may add trials."""
    short, long = (random_search(noisy, space, number, 7, workers=1) for number in (3, 9))

    assert long.trials[:3] == short.trials


def test_every_trial_has_a_generator_of_its_own():
    """Not that of another trial, and not the one that drew the configuration."""

    def objective(config, rng):
        return rng.normal() - config["drawn"]

    result = random_search(objective, {"drawn": lambda rng: rng.normal()}, 50, 0, workers=1)

    assert all(trial.value != 0 for trial in result.trials)
    assert len({trial.value for trial in result.trials}) == 50


def test_random_search_draws_from_the_space(noisy):
    """Functions are called with a generator; choices are about equally likely."""
    space = {"lr": lambda rng: rng.uniform(2, 3), "hidden": (1, 2, 4)}
    trials = random_search(noisy, space, 300, 0, workers=1).trials

    assert all(2 < trial.config["lr"] < 3 for trial in trials)
    counts = np.unique([trial.config["hidden"] for trial in trials], return_counts=True)[1]
    assert len(counts) == 3
    assert counts.min() > 70


def test_grid_search_tries_all_combinations(noisy):
    """In the order of nnkit.functional.grid."""
    space = {"lr": [0.1, 0.2, 0.3], "hidden": [1, 2]}
    result = grid_search(noisy, space, 0, workers=1)

    assert [trial.config for trial in result.trials] == grid(space)
    assert [trial.index for trial in result.trials] == list(range(6))


def test_the_best_configuration_is_found(space):
    """On a bowl, the trial nearest to its bottom."""

    def objective(config, rng):
        return (np.log10(config["lr"]) + 1) ** 2

    best = random_search(objective, space, 100, 0, workers=1).best

    assert 0.08 < best.config["lr"] < 0.125


def test_a_finished_search_is_read_from_its_log(space, tmp_path):
    """Nothing runs again, and more trials can be added; failed ones count as finished."""
    marks, log = tmp_path / "marks", tmp_path / "log.jsonl"

    def objective(config, rng):
        with marks.open("a") as file:
            file.write("x")
        return float("nan") if config["hidden"] == 200 else config["lr"]

    first = random_search(objective, space, 6, 7, workers=1, log=log)
    assert random_search(objective, space, 6, 7, workers=2, log=log) == first
    assert marks.read_text() == "x" * 6
    longer = random_search(objective, space, 8, 7, workers=1, log=log)
    assert longer.trials[:6] == first.trials
    assert marks.read_text() == "x" * 8
    assert len(first.failed) > 0


def test_settings_become_plain_python(noisy):
    """NumPy's numbers too, so that they go into the log."""
    space = {"lr": np.array([0.25]), "hidden": [np.int64(5)]}
    config = random_search(noisy, space, 1, 0, workers=1).best.config

    assert config == {"lr": 0.25, "hidden": 5}
    assert (type(config["lr"]), type(config["hidden"])) == (float, int)


def with_lock():
    lock = threading.Lock()

    def objective(config, rng):
        with lock:
            return 0.0

    return objective


WRONG = {
    "not picklable": ({"objective": with_lock()}, TypeError, "can't be pickled .*lock"),
    "no function": ({"objective": 3}, TypeError, "expected objective as a function, got int"),
    "no rng": ({"objective": lambda config: 0.0}, TypeError, r"objective\(config, rng\), got"),
    "nothing to try": ({"configs": []}, ValueError, "expected at least one configuration"),
    "no dict": ({"configs": [3]}, TypeError, "expected a configuration as a dict"),
    "a name not text": ({"configs": [{3: 4}]}, TypeError, "expected a configuration as a dict"),
    "a function as setting": ({"configs": [{"f": len}]}, TypeError, "'f' as a number.*look up"),
    "an array as setting": ({"configs": [{"w": np.ones(2)}]}, TypeError, "expected setting 'w'"),
    "nan as setting": ({"configs": [{"lr": float("nan")}]}, TypeError, "expected setting 'lr'"),
    "a real seed": ({"seed": 1.5}, TypeError, "expected seed as a whole number"),
    "negative seed": ({"seed": -1}, ValueError, "expected seed of 0 or more"),
    "no workers": ({"workers": 0}, ValueError, "expected workers of 1 or more"),
}


@pytest.mark.parametrize(("wrong", "error", "message"), WRONG.values(), ids=WRONG)
def test_wrong_arguments_are_refused(noisy, wrong, error, message):
    """Before anything runs, and the message says what to do."""
    fine = {"objective": noisy, "configs": [{"lr": 0.1, "hidden": 3}], "seed": 0, "workers": 1}

    with pytest.raises(error, match=message):
        run_trials(**{**fine, **wrong})


def test_a_script_needs_no_guard(tmp_path):
    """Workers don't run the script again: no `if __name__ == "__main__"` is needed."""
    script = tmp_path / "search.py"
    script.write_text(
        "from nnkit.search import grid_search\n"
        "print('once')\n"
        "def objective(config, rng):\n    return config['lr']\n"
        "result = grid_search(objective, {'lr': [2, 1]}, seed=0, workers=2, progress=False)\n"
        "print(result.best.value)\n"
    )

    result = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)

    assert (result.stdout, result.stderr) == ("once\n1.0\n", "")


def test_progress_is_shown_with_the_best_value_so_far(noisy, capsys):
    """On standard output; nothing goes to standard error."""
    configs = [{"lr": 0.1 * i, "hidden": 5} for i in range(1, 4)]
    best = run_trials(noisy, configs, 0, workers=1).best.value

    output = capsys.readouterr()
    last = output.out.splitlines()[-1]
    assert last.startswith(f"trial 3/3 [{'#' * 20}] 100% | best {best:.4g} | ")
    assert output.err == ""


def test_progress_begins_where_the_log_ends(noisy, tmp_path, capsys):
    """A search that goes on does not count from 0 again."""
    configs = [{"lr": 0.1, "hidden": 5}] * 3
    run_trials(noisy, configs[:2], 0, workers=1, log=tmp_path / "log")
    capsys.readouterr()

    run_trials(noisy, configs, 0, workers=1, log=tmp_path / "log")

    assert capsys.readouterr().out.startswith("trial 3/3")


def test_no_progress_is_shown_unless_wanted(noisy, capsys):
    """Quiet means quiet."""
    run_trials(noisy, [{"lr": 0.1, "hidden": 5}], 0, workers=1, progress=False)

    assert capsys.readouterr() == ("", "")
