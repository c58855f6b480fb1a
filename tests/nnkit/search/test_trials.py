"""Tests for nnkit.search.trials."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnkit.search import NoTrialSucceededError, SearchResult, Trial

finite = st.floats(allow_nan=False, allow_infinity=False)
settings = st.none() | st.booleans() | st.integers() | finite | st.text()
trials = st.builds(
    Trial,
    index=st.integers(0, 1000),
    config=st.dictionaries(st.text(), settings),
    value=st.none() | finite,
    error=st.none() | st.text(),
    seconds=st.floats(0, 1e6),
)


@given(trials)
def test_a_trial_goes_to_json_and_back(trial):
    """To the last digit, and in one line of standard JSON."""
    line = trial.to_json()
    again = Trial.from_json(line)

    assert (again, again.seconds) == (trial, trial.seconds)
    assert "\n" not in line
    json.loads(line, parse_constant=pytest.fail)


def test_json_holds_no_nan():
    """Other programs could not read it."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        Trial(0, {}, float("nan"), None, 0.0).to_json()


def test_trials_that_differ_in_time_only_are_equal():
    """The clock is no part of the result."""
    assert Trial(0, {}, 1.0, None, seconds=1) == Trial(0, {}, 1.0, None, seconds=2)
    assert Trial(0, {}, 1.0, None, seconds=1) != Trial(0, {}, 2.0, None, seconds=1)


def result_of(*values):
    return SearchResult(
        tuple(
            Trial(i, {}, value, None if value is not None else f"reason {i}", 0.0)
            for i, value in enumerate(values)
        )
    )


def test_the_best_trial_has_the_smallest_value():
    """The first of them; failed trials don't take part."""
    assert result_of(None, 3.0, -1.0, 2.0, -1.0).best.index == 2
    assert [trial.index for trial in result_of(None, 3.0, None).failed] == [0, 2]


def test_without_a_success_there_is_no_best_trial():
    """The message says what the first one failed of."""
    with pytest.raises(NoTrialSucceededError, match="got 2 failed ones; the first: reason 0"):
        _ = result_of(None, None).best
