"""Tests for nnkit.search.log."""

import json
import re

import pytest

from nnkit.search import LogError, Trial
from nnkit.search.log import open_log

CONFIGS = [{"lr": 0.1, "hidden": (64, 64)}, {"lr": 0.2, "hidden": (8,)}, {"lr": 0.3, "hidden": ()}]
TRIALS = [Trial(i, config, i / 10, None, 1.0) for i, config in enumerate(CONFIGS)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "logs" / "search.jsonl"


def opened(path, objective="train", seed=3, configs=CONFIGS):
    return open_log(path, objective, seed, configs)


def write(path, trials, **how):
    with opened(path, **how) as log:
        for trial in trials:
            log.add(trial)


def finished(path, **how):
    with opened(path, **how) as log:
        return dict(log.finished)


def test_what_was_added_is_found_again(path):
    """By number, with the search's own configurations, tuples included."""
    write(path, [TRIALS[2], TRIALS[0]])

    assert finished(path) == {0: TRIALS[0], 2: TRIALS[2]}


def test_each_line_is_there_at_once(path):
    """Another process, or the next run after a kill, sees it."""
    with opened(path) as log:
        log.add(TRIALS[0])

        lines = path.read_text().splitlines()
        assert [json.loads(line).get("index") for line in lines] == [None, 0]


def test_opening_again_adds_nothing(path):
    """The header stands there once."""
    write(path, TRIALS[:1])
    before = path.read_bytes()

    assert finished(path) == {0: TRIALS[0]}
    assert path.read_bytes() == before


def test_wherever_a_line_was_cut_off_the_ones_before_count(path):
    """A killed run leaves half a line, which is removed; what is added next is whole."""
    write(path, TRIALS[:2])
    content = path.read_bytes()
    ends = [position + 1 for position, byte in enumerate(content) if byte == ord("\n")]

    for length in range(len(content) + 1):
        path.write_bytes(content[:length])
        number = max(0, sum(end <= length for end in ends) - 1)
        assert finished(path) == dict(enumerate(TRIALS[:number]))
        write(path, TRIALS[2:])
        assert finished(path) == dict(enumerate(TRIALS[:number])) | {2: TRIALS[2]}


@pytest.mark.parametrize("other", [{"objective": "evaluate"}, {"seed": 4}], ids=str)
def test_the_log_of_another_search_is_refused(path, other):
    """Another objective or seed; the file stays as it was."""
    write(path, TRIALS)
    before = path.read_bytes()

    with pytest.raises(LogError, match=r"begin with .* got .*no log of this search"):
        write(path, [], **other)
    assert path.read_bytes() == before


def test_the_log_of_another_space_is_refused(path):
    """The message shows the first trial that differs."""
    write(path, TRIALS)

    with pytest.raises(LogError, match=re.escape("trial 1 in")):
        finished(path, configs=[CONFIGS[0], {"lr": 0.5}, CONFIGS[2]])


@pytest.mark.parametrize("content", ["my notes", "my notes\nabout this\n"], ids=["a word", "lines"])
def test_a_file_that_is_no_log_is_not_touched(path, content):
    """One doesn't lose a file by a slip of the fingers."""
    path.parent.mkdir()
    path.write_text(content)

    with pytest.raises(LogError, match="got my notes"):
        finished(path)
    assert path.read_text() == content


def test_a_damaged_line_in_the_middle_is_named(path):
    """With its number, and what to do."""
    write(path, TRIALS)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[1][:20] + "\n" + lines[2])

    with pytest.raises(LogError, match=r"in line 2 of .*; delete that line"):
        finished(path)


def test_trials_beyond_the_search_are_left_out(path):
    """A shorter search can use a longer one's log."""
    write(path, TRIALS)

    assert finished(path, configs=CONFIGS[:1]) == {0: TRIALS[0]}


def test_without_a_path_nothing_is_kept():
    """The log is optional."""
    write(None, TRIALS)

    assert finished(None) == {}
