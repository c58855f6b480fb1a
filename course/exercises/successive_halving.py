"""successive_halving: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def race(rng, count, crossing=True):
    """Configurations, and an objective whose order changes with the budget."""
    early, late = rng.permutation(count), rng.permutation(count)
    calls = []

    def objective(config, budget):
        number = config["number"]
        value = float(
            early[number] + (late[number] * np.log(max(budget, 1e-9)) if crossing else 0.0)
        )
        calls.append((number, float(budget), value))
        return value

    return [{"number": number} for number in range(count)], objective, calls


def by_round(calls):
    """The budgets in their order, and which configurations each was spent on, by number."""
    rounds = {}
    for number, budget, _ in calls:
        rounds.setdefault(budget, []).append(number)
    budgets = np.array(list(rounds))
    return budgets, np.array([n for numbers in rounds.values() for n in sorted(numbers)])


def is_near(one, other):
    return bool(abs(one - other) <= 1e-9 * abs(other))


def story(calls, count, min_budget, eta):
    """What is true of a race: in the order in which one would look for a mistake."""
    rounds = []
    for call in calls:
        if not rounds or call[1] != rounds[-1][-1][1]:
            rounds.append([])
        rounds[-1].append(call)
    budgets, sizes = [r[0][1] for r in rounds], [len(r) for r in rounds]
    numbers = [[call[0] for call in r] for r in rounds]
    pairs = [rounds[i : i + 2] for i in range(len(rounds) - 1)]
    steps = [budgets[i : i + 2] for i in range(len(rounds) - 1)]
    alone = sizes[-1:] == [1] and count > 1
    left = sizes[:-1] if alone else sizes  # a round for the last one has its own statement
    ends = bool(left) and left[-1] // eta <= 1
    grows = all(one < other for one, other in steps)
    kept = [max(1, size // eta) for size in left]
    best = [sorted(one, key=lambda call: call[2])[: len(other)] for one, other in pairs]
    return {
        "“the objective is asked for values”": bool(calls),
        "“no config is tried twice with the same budget”": all(len(set(n)) == len(n) for n in numbers),
        "“the first round tries all configs”": sorted(set(numbers[0] if numbers else [])) == list(range(count)),
        "“the first round has min_budget”": bool(budgets) and is_near(budgets[0], min_budget),
        "“there is more than one round”": len(rounds) > 1,
        "“the budget grows from round to round, and never restarts”": grows,
        "“each budget is eta times the one before: no share, sum or bound”":
            all(is_near(other, one * eta) for one, other in steps),
        "“the configs with the smallest values in a round are those of the next”":
            all({c[0] for c in chosen} == {c[0] for c in other} for chosen, (_, other) in zip(best, pairs, strict=True)),
        "“no more configs stay than their number by eta, rounded down”":
            all(other <= k for other, k in zip(sizes[1:], kept, strict=False)),
        "“no fewer configs stay than their number by eta, rounded down”":
            all(other >= k for other, k in zip(sizes[1:], kept, strict=False)),
        "“the rounds go on until one is left, however many that takes”": ends,
        "“the last one left isn't tried again”": not alone,
    }  # fmt: skip


def stories(value):
    """What is true of all races, then the numbers of each."""
    results, numbers = {}, {}
    for name, (table, count, min_budget, eta) in value.items():
        calls = [tuple(row) for row in table.tolist() if row[0] >= 0]
        for statement, holds in story(calls, count, min_budget, eta).items():
            results[statement] = results.get(statement, True) and holds
        budgets, configs = by_round(calls)
        numbers |= {
            f"the budgets of {name}": budgets,
            f"the configs that get them, of {name}": configs,
        }
    return results | numbers


@probe("gives the better ones a larger budget from round to round", points=2, rtol=1e-9,
       summary=stories)  # fmt: skip
def rounds(successive_halving, rng):
    for count, budget, eta in ((9, 1, 3), (16, 2, 2), (32, 0.3, 4), (100, 1, 2), (10, 1, None)):
        configs, objective, calls = race(rng, count)
        successive_halving(objective, configs, budget, *([eta] if eta else []))
        table = np.full((400, 3), -1.0)  # of one shape for all, so that the story is what is told
        table[: len(calls)] = np.array(calls[:400]).reshape(-1, 3)
        name = f"{count} configs, eta={eta}" if eta else f"{count} configs, eta left out"
        yield name, [table, count, budget, eta or 3]


@probe("returns the configuration that is left at the end", points=1)
def last_one_left(successive_halving, rng):
    for count, budget in ((9, 1), (27, 2)):
        configs, objective, _ = race(rng, count)
        yield f"the best of {count}", successive_halving(objective, configs, budget)
    configs, objective, _ = race(rng, 8)
    yield "the best of 8 with eta=2", successive_halving(objective, configs, 1.5, 2)
    configs, objective, _ = race(rng, 16, crossing=False)
    yield "the best of 16 with eta=4", successive_halving(objective, configs, 3, eta=4)


@probe("rounds the number of configurations down, but keeps at least one", points=1, rtol=1e-9)
def uneven_numbers(successive_halving, rng):
    for count, eta in ((11, 2), (8, 3), (2, 3), (5, 4), (3, 7)):
        configs, objective, calls = race(rng, count)
        yield f"the best of {count} with eta={eta}", successive_halving(objective, configs, 1, eta)
        yield f"the configs that get a budget, {count} with eta={eta}", by_round(calls)[1]
        yield f"the budgets, {count} with eta={eta}", by_round(calls)[0]
    configs, objective, _ = race(rng, 1)
    yield "the best of one", successive_halving(objective, configs, 1)


@probe("keeps equal values in the order that they had, and counts NaN as the largest", points=1)
def ties_and_nan(successive_halving, rng):
    good = int(rng.integers(3, 7))
    cases = {
        "equal values": [5.0, 2.0, 3.0, 2.0, 2.0, 4.0, 2.0, 6.0, 7.0],
        "equal values of all": [1.0] * 6,
        "NaN at the start": [np.nan, np.nan, *np.roll([1.0, 2.0, 3.0, 4.0, 5.0], good), np.nan],
        "NaN beside negative values": [np.nan, -1.0, -3.0, np.nan, -2.0, np.nan],
        "NaN in the middle": [3.0, np.nan, 1.0, np.nan, 2.0, np.nan, 4.0, np.nan, 5.0],
        "NaN everywhere": [np.nan] * 5,
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
    ranks = [*rng.permutation([0, 2, 1]), *range(3, 9)]
    ranks[:2] = sorted(ranks[:2], reverse=True)  # the first one is not the best
    best = successive_halving(
        lambda config, budget: ranks[config["n"]] if budget == 1 else 0.5,
        [{"n": number} for number in range(9)], 1,
    )  # fmt: skip
    yield "the best with equal values in the second round", best
    many, objective, calls = race(rng, 60)
    successive_halving(lambda c, budget: objective(c, budget) // 30, many, 1)
    yield "the configs that get a budget where many of 60 values are equal", by_round(calls)[1]
    values, budgets = rng.permutation([1.0, 2.0, *[np.nan] * 7]), []
    successive_halving(
        lambda config, budget: (budgets.append(float(budget)), values[config["n"]])[1],
        [{"n": number} for number in range(9)], 1,
    )  # fmt: skip
    yield "how many configs get a budget where most values are NaN", len(budgets)


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
         hint="You keep the first configurations of the list. Those with the smallest values stay: put the configurations into order, not the values alone."),
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
         hint="Of equal values you keep the last. They keep the order that they had, so the first stays."),
    Edit("nan_confuses_sorting", ORDER, "sorted(range(len(values)), key=lambda i: values[i])",
         hint="sorted can't put NaN into order, since no comparison with it is true. Let NaN count as the largest."),
    Edit("in_the_order_of_configs", "in best_first[: max(1, len(configs) // eta)]", "in sorted(best_first[: max(1, len(configs) // eta)])",
         hint="You put what is left back into the order of configs. It keeps the order of this round's values, which decides "
         "between equal values in the next round."),
    Edit("whole_budgets", BUDGET, "budget = int(budget * eta)",
         hint="You cut the budget down to a whole number. It may be a fraction."),
    Edit("budget_to_the_power", BUDGET, "budget = budget**eta",
         hint="You raise the budget to a power. It is multiplied by eta from round to round."),
    Edit("budget_shrinks", BUDGET, "budget = budget / eta",
         hint="Your budget shrinks. The better ones get more: multiply it by eta from round to round."),
    Edit("budget_from_the_start", BUDGET, "budget = min_budget * eta",
         hint="Your budget grows once only. It is multiplied by eta after every round."),
    Edit("eta_leave", KEPT, "max(1, len(configs) - eta)",
         hint="You drop eta configurations in each round. Their number is divided by eta."),
    Edit("eta_stay", KEPT, "max(1, min(len(configs) - 1, eta))",
         hint="You keep eta configurations. Their number is divided by eta."),
    Edit("two_stay_at_least", KEPT, "max(min(2, len(configs) - 1), len(configs) // eta)",
         hint="You keep at least two. One is enough: then the race is over."),
    Edit("arguments_exchanged", "objective(config, budget)", "objective(budget, config)",
         hint="You hand the budget over first. The objective takes config, then budget."),
    Edit("largest_or_nan_stay", "for i in best_first[: ", "for i in best_first[::-1][: ",
         hint="You keep the configurations with the largest values. The objective is to be made small."),
    Edit("value", "return configs[0]", "return objective(configs[0], budget / eta)",
         hint="You return a value. Return the configuration that has it."),
    Edit("eta_of_three", VALUES, "[objective(config, budget) for config in configs]; eta = 3",
         hint="You use an eta of 3 whatever the argument is."),
    Edit("shared_budget", VALUES, "[objective(config, budget / len(configs)) for config in configs]",
         hint="You share the budget among the configurations. Each of them gets all of it."),
    Edit("eta_and_one", KEPT, "max(1, len(configs) // (eta + 1))",
         hint="You divide the number of configurations by eta + 1. Divide it by eta."),
    Edit("stops_at_eta", LOOP, "while len(configs) > eta:",
         hint="You stop when eta configurations are left. Go on until there is one."),
    Edit("budgets_added_up", BUDGET, "budget = budget * eta + min_budget",
         hint="You add the budgets of the rounds up. Each is eta times the one before it."),
    Edit("budgets_rounded_up", BUDGET, "budget = -(-budget * eta // 1)",
         hint="You round the budget to a whole number. It may be a fraction."),
    Edit("order_turned_round", ORDER, "np.argsort(np.array(values)[::-1], kind='stable')",
         hint="You sort the values backwards, so the places belong to other configurations."),
    Edit("half_of_the_share", KEPT, "max(1, len(configs) // eta // 2)",
         hint="You keep half of what should stay. The number of configurations is divided by eta, once."),
    Edit("unstable", ORDER, "np.argsort(values)",
         hint="np.argsort alone does not keep equal values in their order; with kind='stable' it does."),
    Edit("nan_dropped", ORDER, "[i for i in np.argsort(values, kind='stable') if not np.isnan(values[i])]",
         hint="You drop configurations whose value is NaN. They count as the largest, so they stay where too few others are there."),
    Edit("total_shared_by_the_rest", BUDGET, "budget = budget * len(values) / len(configs)",
         hint="You share one total among those left. The budget is multiplied by eta, also where their number isn't divided evenly."),
    *(Edit(f"only_{n}_rounds", BUDGET, f"budget = budget * eta\n    if budget > min_budget * eta**{n - 1} * 1.001:\n        break",
           hint="You have a fixed number of rounds, or the largest budget is fixed. Go on until one is left, however many rounds "
           "that takes.") for n in (2, 3, 4)),
    *(Edit(f"budget_bounded_by_{n}", BUDGET, f"budget = min(budget * eta, {n} * min_budget)",
           hint="Your budget stops growing at some point. It is multiplied by eta after every round.") for n in (4, 8, 9, 10, 16)),
    Edit("eta_of_two", VALUES, "[objective(config, budget) for config in configs]; eta = 2",
         hint="You use an eta of 2 whatever the argument is."),
]  # fmt: skip


@bug(
    "You add up the values of all rounds. Only those of this round count: with more budget a slow starter may lead."
)
def values_added_up(objective, configs, min_budget, eta=3):
    left, budget = [(0.0, config) for config in configs], min_budget
    while len(left) > 1:
        values = [total + objective(config, budget) for total, config in left]
        kept = np.argsort(values, kind="stable")[: max(1, len(left) // eta)]
        left, budget = [(values[i], left[i][1]) for i in kept], budget * eta
    return left[0][1]


@bug(
    "You sort by the values of the first round only. Each round asks for new values, with its own budget."
)
def values_of_the_first_round(objective, configs, min_budget, eta=3):
    values, budget = [objective(config, min_budget) for config in configs], min_budget
    left = list(np.argsort(values, kind="stable"))
    while len(left) > 1:
        _ = [objective(configs[i], budget) for i in left] if budget != min_budget else None
        left, budget = left[: max(1, len(left) // eta)], budget * eta
    return configs[left[0]]


@bug("Without the argument you divide by another number than 3: look at the default of eta.")
def default_eta(objective, configs, min_budget, eta=2):
    left, budget = list(configs), min_budget
    while len(left) > 1:
        values = [objective(config, budget) for config in left]
        order = np.argsort(values, kind="stable")
        left, budget = [left[i] for i in order[: max(1, len(left) // eta)]], budget * eta
    return left[0]


@bug("You sort the list that you were given: the caller's order has changed. Make a new list.")
def sorts_in_place(objective, configs, min_budget, eta=3):
    left, budget = configs, min_budget
    while len(left) > 1:
        values = {id(config): objective(config, budget) for config in left}
        left.sort(key=lambda config: (np.isnan(values[id(config)]), values[id(config)]))
        left, budget = left[: max(1, len(left) // eta)], budget * eta
    return left[0]


@bug(
    "You keep the smallest value of any round. Values of different budgets say little about each other: the last one left wins."
)
def best_of_all_rounds(objective, configs, min_budget, eta=3):
    left, budget, best = list(configs), min_budget, (np.inf, configs[0])
    while len(left) > 1:
        values = [objective(config, budget) for config in left]
        kept = np.argsort(values, kind="stable")[: max(1, len(left) // eta)]
        best = (values[kept[0]], left[kept[0]]) if values[kept[0]] < best[0] else best
        left, budget = [left[i] for i in kept], budget * eta
    return best[1]


@bug(
    "You use the values as the keys of a dict, so of equal values only the last stays. Sort pairs, or places."
)
def values_as_keys(objective, configs, min_budget, eta=3):
    left, budget = list(configs), min_budget
    while len(left) > 1:
        by_value = {objective(config, budget): config for config in left}
        left = [by_value[v] for v in sorted(by_value)][: max(1, len(left) // eta)]
        budget *= eta
    return left[0]


@bug("You keep every configuration that is at least as good as the last one that stays, so ties keep too many. As many "
     "stay as their number divided by eta.")  # fmt: skip
def all_below_a_threshold(objective, configs, min_budget, eta=3):
    left, budget = list(configs), min_budget
    for _ in range(60):
        if len(left) < 2:
            break
        values = np.array([objective(config, budget) for config in left])
        limit = np.sort(values)[max(1, len(left) // eta) - 1]
        left = [c for c, v in zip(left, values, strict=True) if v <= limit] or left[:1]
        budget *= eta
    return left[0]


@alternative
def by_sorting_pairs(objective, configs, min_budget, eta=3):
    left, budget = list(enumerate(configs)), min_budget
    while len(left) != 1:
        values = {i: objective(config, budget) for i, config in left}
        left.sort(key=lambda pair: (np.isnan(values[pair[0]]), values[pair[0]]))
        left = left[: int(len(left) / eta) or 1]
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
