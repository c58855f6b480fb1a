"""Hyperparameter search: grid, random, and successive halving."""

# mypy: disable-error-code="var-annotated"
# (the bodies stay bare, as students write them)

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnkit.functional._checks.callables import (
    choices_to_sample,
    lists_of_choices,
    objective_function,
)
from nnkit.functional._checks.expects import Array, expects
from nnkit.functional._checks.relations import high_above_low
from nnkit.functional._checks.scalars import (
    array_shape,
    budget_number,
    configurations,
    count,
    count_above_one,
    generator,
    positive,
)

Config = dict[str, Any]


@expects(space=lists_of_choices)
def grid(space: dict[str, Sequence[Any]]) -> list[Config]:
    r"""All combinations of the choices.

    Parameters
    ----------
    space : dict of str to list
        For each name its choices, such as ``{"lr": [0.1, 0.01], "hidden": [50, 100]}``.

    Returns
    -------
    configs : list of dict
        One dict for each combination, with the names in the order of `space`. The last name
        varies fastest. Without any names there is one combination, the empty dict.

    Raises
    ------
    ValueError, TypeError
        If `space` is no dict, or a name has no list of choices (a function has no list).

    Notes
    -----
    The number of combinations is the product of the numbers of choices, and most of them
    repeat each value of a setting that does not matter: see `random_search`.

    References
    ----------
    Bergstra and Bengio (2012), "Random search for hyper-parameter optimization", JMLR 13,
    281-305.

    Examples
    --------
    >>> for config in grid({"lr": [0.1, 0.01], "hidden": [50, 100]}):
    ...     print(config)
    {'lr': 0.1, 'hidden': 50}
    {'lr': 0.1, 'hidden': 100}
    {'lr': 0.01, 'hidden': 50}
    {'lr': 0.01, 'hidden': 100}
    """
    configs = [{}]
    for name, choices in space.items():
        configs = [{**config, name: choice} for config in configs for choice in choices]
    return configs


@expects(high_above_low, low=positive, high=positive, size=array_shape, rng=generator)
def sample_log_uniform(
    low: float, high: float, size: int | tuple[int, ...], rng: np.random.Generator
) -> Array:
    r"""Random numbers whose logarithms are uniform: as many from 0.001 to 0.01 as from 1 to 10.

    Parameters
    ----------
    low, high : float
        The range, both above 0.
    size : int or tuple of int
        Shape of the result.
    rng : numpy.random.Generator
        Source of the numbers, used as it is, never seeded anew.

    Returns
    -------
    samples : ndarray of that shape
        Independent numbers from `low` to `high`, as float64.

    Raises
    ------
    ValueError, TypeError
        If `low` is not above 0, `high` is not above `low`, or `rng` is no generator.

    Notes
    -----
    With ``u`` uniform from ``log(low)`` to ``log(high)``::

        samples = exp(u)

    References
    ----------
    Bergstra and Bengio (2012), "Random search for hyper-parameter optimization", JMLR 13,
    281-305.

    Examples
    --------
    About half of the numbers lie below 0.01, the middle of the range in powers of ten:

    >>> samples = sample_log_uniform(0.0001, 1.0, 1000, np.random.default_rng(0))
    >>> bool(0.45 < (samples < 0.01).mean() < 0.55)
    True
    """
    return np.exp(rng.uniform(np.log(low), np.log(high), size))


@expects(objective=objective_function, space=choices_to_sample, num_trials=count, rng=generator)
def random_search(
    objective: Callable[[Config], float],
    space: dict[str, Any],
    num_trials: int,
    rng: np.random.Generator,
) -> tuple[Config, list[tuple[Config, float]]]:
    r"""Try configurations at random, and keep the one with the smallest value.

    Parameters
    ----------
    objective : callable
        ``objective(config)`` returns one number, to be made small, such as a validation loss.
    space : dict of str to list or callable
        For each name either a list of choices of any kind, all equally likely, or a function that
        is called with `rng` and returns a value.
    num_trials : int
        How many configurations to try.
    rng : numpy.random.Generator
        Source of all randomness, used as it is, never seeded anew. Every trial draws a value of
        its own for each name.

    Returns
    -------
    best : dict
        The configuration with the smallest value, the first of them if several have it. A value
        of NaN (training diverged) is never the smallest.
    trials : list of tuple (config, value)
        All configurations and their values, in the order in which they were tried.

    Raises
    ------
    ValueError, TypeError
        If `space` is no dict of choices, or `objective` returns no number.

    Notes
    -----
    Unlike a grid of the same size, every trial tries a new value of each setting: better where
    few settings matter, and one doesn't know which.

    References
    ----------
    Bergstra and Bengio (2012), "Random search for hyper-parameter optimization", JMLR 13,
    281-305.

    Examples
    --------
    >>> space = {"lr": lambda rng: 10 ** rng.uniform(-3, 0), "hidden": [50, 100]}
    >>> objective = lambda config: abs(config["lr"] - 0.1) + 1 / config["hidden"]
    >>> best, trials = random_search(objective, space, 50, np.random.default_rng(0))
    >>> len(trials), best["hidden"], bool(0.05 < best["lr"] < 0.15)
    (50, 100, True)
    """
    trials = []
    for _ in range(num_trials):
        config = {
            name: choices(rng) if callable(choices) else choices[rng.integers(len(choices))]
            for name, choices in space.items()
        }
        trials.append((config, objective(config)))
    best_first = np.argsort([value for _, value in trials], kind="stable")  # NaN comes last
    best, _ = trials[best_first[0]]
    return best, trials


@expects(
    objective=objective_function,
    configs=configurations,
    min_budget=budget_number,
    eta=count_above_one,
)
def successive_halving(
    objective: Callable[[Config, float], float],
    configs: Sequence[Config],
    min_budget: float,
    eta: int = 3,
) -> Config:
    r"""Give many configurations a small budget, and the better ones more, until one is left.

    Parameters
    ----------
    objective : callable
        ``objective(config, budget)`` returns one number, to be made small, such as the
        validation loss after `budget` epochs.
    configs : list
        The configurations to choose from, at least one.
    min_budget : int or float
        The budget of each configuration in the first round.
    eta : int, default=3
        From round to round the budget is multiplied by this, and the number of configurations
        divided by it, rounded down, but not below 1.

    Returns
    -------
    best : one of `configs`
        The last one left. Each round sorts the configurations by their values, the smallest
        first and NaN last; equal values keep the order that they had. The first ones stay, in
        this order.

    Raises
    ------
    ValueError, TypeError
        If there is no configuration, the budget is not positive, or `eta` is below 2.

    Notes
    -----
    With ``n`` configurations, a round costs ``n`` times its budget; all rounds cost about the
    same.

    References
    ----------
    Jamieson and Talwalkar (2016), "Non-stochastic best arm identification and hyperparameter
    optimization", arXiv:1502.07943.
    Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar (2018), "Hyperband", arXiv:1603.06560,
    the inner loop of algorithm 1.

    Examples
    --------
    Nine configurations get a budget of 1, three a budget of 3; one is left.

    >>> configs = [{"lr": lr} for lr in (9, 8, 7, 6, 5, 4, 3, 2, 1)]
    >>> successive_halving(lambda config, budget: abs(config["lr"] - 4) / budget, configs, 1)
    {'lr': 4}
    """
    configs, budget = list(configs), min_budget
    while len(configs) > 1:
        values = [objective(config, budget) for config in configs]
        best_first = np.argsort(values, kind="stable")  # NaN comes last
        configs = [configs[i] for i in best_first[: max(1, len(configs) // eta)]]
        budget = budget * eta
    return configs[0]
