"""successive_halving: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, probe


def race(rng, count, crossing=True):
    """Configurations, and an objective whose order changes with the budget."""
    early, late = rng.permutation(count), rng.permutation(count)
    calls = []

    def objective(config, budget):
        calls.append((config["number"], float(budget)))
        number = config["number"]
        return float(early[number] + (late[number] * np.log(budget) if crossing else 0.0))

    return [{"number": number} for number in range(count)], objective, calls


def by_round(calls):
    """The budgets in their order, and which configurations each was spent on, by number."""
    rounds = {}
    for number, budget in calls:
        rounds.setdefault(budget, []).append(number)
    budgets = np.array(list(rounds))
    return budgets, np.array([n for numbers in rounds.values() for n in sorted(numbers)])


@probe("returns the configuration that is left at the end", points=1)
def last_one_left(successive_halving, rng):
    for count, budget in ((9, 1), (27, 2)):
        configs, objective, _ = race(rng, count)
        yield f"the best of {count}", successive_halving(objective, configs, budget)
    configs, objective, _ = race(rng, 8)
    yield "the best of 8 with eta=2", successive_halving(objective, configs, 1.5, 2)
    configs, objective, _ = race(rng, 16, crossing=False)
    yield "the best of 16 with eta=4", successive_halving(objective, configs, 3, eta=4)


@probe("gives the better ones a larger budget from round to round", points=2, rtol=1e-9)
def rounds(successive_halving, rng):
    for count, budget, eta in ((9, 1, 3), (16, 2, 2), (32, 0.5, 4)):
        configs, objective, calls = race(rng, count)
        successive_halving(objective, configs, budget, eta)
        budgets, numbers = by_round(calls)
        yield f"the budgets for {count} configs, eta={eta}", budgets
        yield f"the configs that get them, for {count} configs, eta={eta}", numbers
    configs, objective, calls = race(rng, 10)
    successive_halving(objective, configs, 1)
    yield "the configs that get a budget when eta is left out", by_round(calls)[1]


@probe("rounds the number of configurations down, but keeps at least one", points=1, rtol=1e-9)
def uneven_numbers(successive_halving, rng):
    for count, eta in ((11, 2), (8, 3), (2, 3), (5, 4), (3, 7)):
        configs, objective, calls = race(rng, count)
        yield f"the best of {count} with eta={eta}", successive_halving(objective, configs, 1, eta)
        yield f"the configs that get a budget, {count} with eta={eta}", by_round(calls)[1]
    configs, objective, _ = race(rng, 1)
    yield "the best of one", successive_halving(objective, configs, 1)


@probe("keeps the first of equal values, and counts NaN as the largest", points=1)
def ties_and_nan(successive_halving, rng):
    good = int(rng.integers(3, 7))
    cases = {
        "equal values": [5.0, 2.0, 3.0, 2.0, 2.0, 4.0, 2.0, 6.0, 7.0],
        "equal values of all": [1.0] * 6,
        "NaN at the start": [np.nan, np.nan, *np.roll([1.0, 2.0, 3.0, 4.0, 5.0], good), np.nan],
        "NaN beside negative values": [np.nan, -1.0, -3.0, np.nan, -2.0, np.nan],
        "NaN in the middle": [3.0, np.nan, 1.0, np.nan, 2.0, np.nan, 4.0, np.nan, 5.0],
        "a value that turns to NaN": [3.0, 1.0, 2.0, 5.0, 4.0, 6.0, 7.0, 8.0, 9.0],
    }
    for name, values in cases.items():
        turns = name == "a value that turns to NaN"

        def objective(config, budget, values=values, turns=turns):
            return (
                np.nan if turns and budget > 1 and config["n"] == 1 else float(values[config["n"]])
            )

        configs = [{"n": number} for number in range(len(values))]
        yield f"the best with {name}", successive_halving(objective, configs, 1)
        yield f"the best with {name}, eta=2", successive_halving(objective, configs, 1, 2)


@probe("leaves configs as they were, and works for other configurations and arguments by name",
       points=1, hidden=True)  # fmt: skip
def other_configs(successive_halving, rng):
    count, budget = int(rng.integers(12, 30)), int(rng.integers(2, 5))
    configs, objective, _ = race(rng, count)
    same = [config.copy() for config in configs]
    yield "the best", successive_halving(objective, configs, budget)
    yield "configs unchanged", configs == same
    names = [f"model {n}" for n in rng.permutation(50)[:count]]
    values = dict(zip(names, rng.permutation(count).tolist(), strict=True))
    found = successive_halving(
        eta=2, min_budget=0.25, configs=names, objective=lambda name, budget: values[name] / budget
    )
    yield "the best of configurations that are words", found
    backwards = successive_halving(lambda c, budget: -c["number"] * budget, configs, 1, eta=3)
    yield "the best of negative values", backwards


VALUES = "[objective(config, budget) for config in configs]"
ORDER, KEPT = 'np.argsort(values, kind="stable")', "max(1, len(configs) // eta)"
BUDGET, LOOP = "budget = budget * eta", "while len(configs) > 1:"
BUGS = [
    Edit("largest_stay", ORDER, "np.argsort([-value for value in values], kind='stable')",
         hint="You keep the configurations with the largest values. The objective is to be made small."),
    Edit("in_the_given_order", ORDER, "range(len(values))",
         hint="You keep the first configurations of the list. Those with the smallest values stay."),
    Edit("no_order", KEPT, "min(len(configs) - 1, max(1, len(configs) // eta) + 1)",
         hint="You keep one configuration too many in each round. Divide their number by eta, rounded down."),
    Edit("one_leaves", KEPT, "len(configs) - 1",
         hint="You drop one configuration in each round. Their number is divided by eta."),
    Edit("rounds_up", KEPT, "min(len(configs) - 1, -(-len(configs) // eta))",
         hint="You round the number of configurations up. It is rounded down, but not below 1."),
    Edit("rounds_to_the_nearest", KEPT, "min(len(configs) - 1, max(1, round(len(configs) / eta)))",
         hint="You round the number of configurations to the nearest. It is rounded down, but not below 1."),
    Edit("nobody_left", "configs[i] for i in best_first[: max(1, len(configs) // eta)]",
         "configs[i] for i in best_first[: len(configs) // eta]",
         hint="When there are fewer than eta configurations, none is left. At least one stays."),
    Edit("halves", KEPT, "max(1, len(configs) // 2)",
         hint="You keep half of the configurations whatever eta is. Divide by eta."),
    Edit("thirds", KEPT, "max(1, len(configs) // 3)",
         hint="You divide the number of configurations by 3 whatever eta is. Use the argument."),
    Edit("same_budget", BUDGET, "pass",
         hint="Every round has the same budget. The better ones get more: multiply it by eta from round to round, and "
         "hand it to the objective."),
    Edit("budget_doubles", BUDGET, "budget = budget * 2",
         hint="You double the budget whatever eta is. Multiply by eta."),
    Edit("budget_added", BUDGET, "budget = budget + min_budget",
         hint="The budget grows by the same amount. It is multiplied by eta from round to round."),
    Edit("eta_added", BUDGET, "budget = budget + eta",
         hint="You add eta to the budget. It is multiplied by it from round to round."),
    Edit("budget_grows_first", f"values = {VALUES}", f"budget = budget * eta\n    values = {VALUES}\n    budget = budget / eta",
         hint="Your first round has eta times min_budget already. The budget grows after a round."),
    Edit("one_round", BUDGET, "break",
         hint="You decide after one round. Give more budget to those that did well, and go on until one is left."),
    Edit("stops_early", LOOP, "while len(configs) >= eta:",
         hint="You stop when fewer than eta configurations are left. Go on until there is one."),
    Edit("one_more_round", "return configs[0]", "objective(configs[0], budget)\nreturn configs[0]",
         hint="You try the last configuration once more when it is alone. Nothing is left to decide: save that budget."),
    Edit("calls_twice", f"values = {VALUES}", f"values = {VALUES}\n    values = {VALUES}",
         hint="You call the objective twice for each configuration in a round. Once is enough: training is expensive."),
    Edit("list_of_one", "return configs[0]", "return configs",
         hint="You return a list of what is left. Return the configuration itself."),
    Edit("position", "return configs[0]", "return 0",
         hint="You return a position. Return the configuration itself."),
    Edit("with_its_value", "return configs[0]", "return configs[0], objective(configs[0], budget)",
         hint="You return a pair with the value. Return the configuration alone."),
    Edit("nan_is_smallest", ORDER, "np.argsort(np.nan_to_num(values, nan=-np.inf), kind='stable')",
         hint="NaN counts as the smallest value, so diverged runs stay. It counts as the largest."),
    Edit("nan_is_zero", ORDER, "np.argsort(np.nan_to_num(values), kind='stable')",
         hint="NaN counts as 0 in your order, so diverged runs stay. It counts as the largest."),
    Edit("last_of_equals", ORDER, "sorted(range(len(values)), key=lambda i: (np.nan_to_num(values[i], nan=np.inf), -i))",
         hint="Of equal values you keep the last. The one that comes first in configs stays."),
    Edit("nan_confuses_sorting", ORDER, "sorted(range(len(values)), key=lambda i: values[i])",
         hint="sorted can't put NaN into order, since no comparison with it is true. Let NaN count as the largest."),
]  # fmt: skip


@alternative
def by_sorting_pairs(objective, configs, min_budget, eta=3):
    left, budget = list(enumerate(configs)), min_budget
    while len(left) != 1:
        values = {i: objective(config, budget) for i, config in left}
        left.sort(key=lambda pair: (np.isnan(values[pair[0]]), values[pair[0]], pair[0]))
        left = left[: int(len(left) / eta) or 1]
        left.sort(key=lambda pair: pair[0])
        budget *= eta
    return left[0][1]


@alternative
def by_recursion(objective, configs, min_budget, eta=3):
    def winner(left, budget):
        if len(left) == 1:
            return left[0]
        values = np.array([objective(config, budget) for config in left], dtype=float)
        values[np.isnan(values)] = np.inf
        order = np.lexsort((np.arange(len(left)), values))
        return winner([left[i] for i in order[: max(len(left) // eta, 1)]], eta * budget)

    return winner(list(configs), min_budget)


@alternative
def takes_the_best_one_by_one(objective, configs, min_budget, eta=3):
    left, number = list(configs), 0
    while len(left) > 1:
        values = [float(objective(config, min_budget * eta**number)) for config in left]
        values = [np.inf if value != value else value for value in values]
        kept = []
        for _ in range(max(1, len(left) // eta)):
            place = min(range(len(values)), key=values.__getitem__)
            kept.append(left.pop(place))
            values.pop(place)
        left, number = kept, number + 1
    return left.pop()
