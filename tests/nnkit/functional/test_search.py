"""Tests for nnkit.functional.search."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from nnkit.functional import grid, random_search, sample_log_uniform, successive_halving


@given(
    st.dictionaries(
        st.text(max_size=3), st.lists(st.integers(), min_size=1, max_size=3), max_size=4
    )
)
def test_grid_is_the_product_of_the_choices(space):
    """Each combination once, in the order of nested loops: the last name varies fastest."""
    expected = [
        dict(zip(space, values, strict=True)) for values in itertools.product(*space.values())
    ]

    assert grid(space) == expected


def test_grid_keeps_names_in_order_and_choices_as_they_are():
    """Lists, None and mixed types are choices like any other."""
    space = {"layers": [[50], [50, 50]], "decay": (None, 0.1), "seed": range(1), "p": np.ones(1)}

    configs = grid(space)

    assert [list(config) for config in configs] == [["layers", "decay", "seed", "p"]] * 4
    assert configs[1] == {"layers": [50], "decay": 0.1, "seed": 0, "p": 1.0}


def test_grid_gives_each_combination_a_dict_of_its_own():
    """Changing one configuration leaves the others alone."""
    configs = grid({"lr": [1, 2]})
    configs[0]["lr"] = 99

    assert configs[1] == {"lr": 2}
    assert len({id(config) for config in configs}) == 2


@given(st.floats(-8, 3), st.floats(0.1, 8), st.integers(0, 2**32 - 1))
def test_samples_stay_in_their_range(exponent, width, seed):
    """Whatever the range, up to rounding of the last digit."""
    low, high = 10**exponent, 10 ** (exponent + width)

    samples = sample_log_uniform(low, high, 200, np.random.default_rng(seed))

    assert samples.min() >= low * (1 - 1e-12)
    assert samples.max() <= high * (1 + 1e-12)


def test_logarithms_of_samples_are_uniform(rng):
    """Their distribution function is a straight line (Kolmogorov and Smirnov, 1 in 10,000)."""
    low, high, n = 0.001, 10.0, 20_000

    logs = np.sort(np.log10(sample_log_uniform(low, high, n, rng)))

    expected = (logs - np.log10(low)) / np.log10(high / low)
    assert abs(expected - (np.arange(n) + 0.5) / n).max() < 2.23 / np.sqrt(n)


@pytest.mark.parametrize(("size", "shape"), [(5, (5,)), (0, (0,)), ((2, 3), (2, 3)), ((), ())])
def test_samples_have_the_shape_that_was_asked_for(rng, size, shape):
    """A length, or a tuple of lengths."""
    assert np.shape(sample_log_uniform(0.1, 1.0, size, rng)) == shape


def test_samples_go_on_where_the_generator_was():
    """The same seed gives the same numbers, the next call others."""
    rng, again = np.random.default_rng(0), np.random.default_rng(0)

    first, second = (sample_log_uniform(0.1, 1.0, 4, rng) for _ in range(2))

    assert_array_equal(first, sample_log_uniform(0.1, 1.0, 4, again))
    assert not np.isin(first, second).any()


def test_random_search_returns_the_best_of_its_trials(rng):
    """The smallest value wins, and every trial is there in order, with its value."""
    seen = []

    def objective(config):
        seen.append(config)
        return (config["x"] - 0.3) ** 2

    best, trials = random_search(objective, {"x": lambda rng: rng.random()}, 30, rng)

    assert [config for config, _ in trials] == seen
    assert len(trials) == 30
    assert all(value == (config["x"] - 0.3) ** 2 for config, value in trials)
    assert best == min(trials, key=lambda trial: trial[1])[0]


def test_random_search_draws_every_setting_anew(rng):
    """Trials differ in every setting, and settings are drawn independently of each other."""
    space = {"a": lambda rng: rng.random(), "b": lambda rng: rng.random(), "c": [1, 2, 3]}

    _, trials = random_search(lambda config: 0.0, space, 400, rng)

    a, b = (np.array([config[name] for config, _ in trials]) for name in "ab")
    assert len(set(a)) == len(set(b)) == 400
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.2
    counts = np.bincount([config["c"] for config, _ in trials])
    assert counts[1:] == pytest.approx(400 / 3, abs=5 * np.sqrt(400 * 2 / 9))
    assert all(list(config) == ["a", "b", "c"] for config, _ in trials)


def test_random_search_hands_its_own_generator_to_the_space():
    """All randomness comes from it, so that a search can be repeated."""
    rng, handed = np.random.default_rng(0), []
    space = {"x": lambda rng: handed.append(rng) or rng.random(), "y": [1, 2, 3]}

    first = random_search(lambda config: config["x"], space, 5, rng)

    assert all(generator is rng for generator in handed)
    assert first == random_search(lambda config: config["x"], space, 5, np.random.default_rng(0))


def test_random_search_keeps_choices_as_they_are(rng):
    """A choice is not turned into an array or a NumPy number on the way."""
    choices = [[50, 50], None, "tanh", (1, 2), 3]

    _, trials = random_search(lambda config: 0, {"x": choices}, 100, rng)

    for config, _ in trials:
        assert any(config["x"] is choice for choice in choices)


def test_random_search_prefers_the_first_of_equal_values(rng):
    """Later trials have to be better, not as good."""
    values = iter([3.0, 2.0, *rng.integers(1, 3, size=300).tolist()])

    best, trials = random_search(
        lambda config: next(values), {"x": lambda rng: rng.random()}, 302, rng
    )

    assert best == next(config for config, value in trials if value == 1)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_diverged_trial_is_never_the_best(rng, bad):
    """NaN loses against every number, and is kept in the record."""
    values = iter([bad, 3.0, bad, 2.0, bad])

    best, trials = random_search(
        lambda config: next(values), {"x": lambda rng: rng.random()}, 5, rng
    )

    assert best == trials[3][0]
    assert_array_equal([value for _, value in trials], [bad, 3.0, bad, 2.0, bad])


def test_search_in_which_all_trials_diverged_still_returns_its_record(rng):
    """Hours of computing are not thrown away by an exception."""
    best, trials = random_search(lambda config: np.nan, {"x": [1]}, 3, rng)

    assert best == {"x": 1}
    assert len(trials) == 3


def test_objective_that_changes_its_configuration_does_no_harm(rng):
    """It works on a copy: `config.pop` is a common way to read settings."""
    best, trials = random_search(lambda config: config.pop("x"), {"x": [5]}, 2, rng)

    assert best == {"x": 5}
    assert trials == [({"x": 5}, 5), ({"x": 5}, 5)]
    configs = [{"lr": 2}, {"lr": 1}]
    assert successive_halving(lambda config, _: config.pop("lr"), configs, 1) == {"lr": 1}
    assert configs == [{"lr": 2}, {"lr": 1}]


def rounds_of(configs, **settings):
    """Which configurations were tried with which budget, and the winner; small ones are good."""
    calls = []
    best = successive_halving(
        lambda config, budget: calls.append((config, budget)) or config, configs, **settings
    )
    return calls, best


@pytest.mark.parametrize(
    ("num_configs", "settings", "rounds"),
    [
        (9, {"min_budget": 1}, [(9, 1), (3, 3)]),
        (27, {"min_budget": 2, "eta": 3}, [(27, 2), (9, 6), (3, 18)]),
        (8, {"min_budget": 1, "eta": 2}, [(8, 1), (4, 2), (2, 4)]),
        (10, {"min_budget": 5, "eta": 4}, [(10, 5), (2, 20)]),  # 10 / 4 is rounded down
        (2, {"min_budget": 1, "eta": 5}, [(2, 1)]),
        (1, {"min_budget": 1}, []),
        (4, {"min_budget": 0.5, "eta": 2}, [(4, 0.5), (2, 1.0)]),
    ],
)
def test_rounds_of_successive_halving(num_configs, settings, rounds):
    """Fewer configurations with larger budgets, until one is left."""
    calls, best = rounds_of(list(range(num_configs))[::-1], **settings)

    assert [(len(list(group)), budget) for budget, group in
            itertools.groupby(calls, key=lambda call: call[1])] == rounds  # fmt: skip
    assert best == 0


@given(st.lists(st.integers(0, 99), min_size=1, max_size=40), st.integers(2, 5))
def test_the_best_wins_when_budgets_do_not_matter(configs, eta):
    """Each round keeps the smallest values."""
    calls, best = rounds_of(configs, min_budget=1, eta=eta)

    assert best == min(configs)
    for budget in {budget for _, budget in calls}:
        tried = sorted(config for config, at in calls if at == budget)
        assert tried == sorted(configs)[: len(tried)]


def test_whole_budgets_stay_whole():
    """A budget often counts epochs: range(budget) must work."""
    calls, _ = rounds_of(list(range(9)), min_budget=np.int64(2))

    assert {type(budget) for _, budget in calls} == {int}


def test_diverged_configuration_is_dropped_first():
    """NaN counts as the largest value."""
    best = successive_halving(lambda lr, _: np.nan if lr > 1 else -lr, [3.0, 0.5, 2.0], 1, eta=2)

    assert best == 0.5


def test_configuration_that_comes_first_wins_a_tie():
    """Also when there are many."""
    configs = [{"name": i, "value": i % 3} for i in range(301)]

    best = successive_halving(lambda config, _: config["value"], configs[1:], 1, eta=7)

    assert best == {"name": 3, "value": 0}


def test_equal_values_of_a_later_round_keep_the_order_of_the_last_one():
    """The one that was better with a smaller budget wins."""
    values = {1: [3, 1, 2, 9, 8, 7], 2: [0, 0, 0, 0, 0, 0]}

    best = successive_halving(lambda config, b: values[b][config], list(range(6)), 1, eta=2)

    assert best == 1


def test_later_rounds_can_turn_the_order_round():
    """Only the values of the current round count: a slow starter that got through can win."""
    quick, slow, hopeless = {"at": {1: 1, 2: 5}}, {"at": {1: 2, 2: 0}}, {"at": {1: 9, 2: -9}}
    configs = [hopeless, quick, slow, hopeless]

    assert successive_halving(lambda config, b: config["at"][b], configs, 1, eta=2) is slow
