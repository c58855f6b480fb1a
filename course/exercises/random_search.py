"""random_search: probes, known mistakes, other correct answers.

Correct functions try other configurations, so most probes look at their value through a summary.
"""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def table(trials):
    return np.array([[config["lr"], config["width"]] for config, _ in trials])


def bookkeeping(value):
    """What is true of any 30 trials; two of their values agree less often than once in 10**12."""
    settings, values, seen = value["settings"], value["values"], value["seen by the objective"]
    right = (settings[:, 0] - 0.3) ** 2 + settings[:, 1] / 100
    config = value["best"] if isinstance(value["best"], dict) else {}
    smallest = (config.get("lr", np.nan) - 0.3) ** 2 + config.get("width", np.nan) / 100 - 1e-12
    return {
        "how many trials there are": len(values),
        "“equal configurations may come again: 30 trials are 30 draws”": value["trials of few choices"] == 30,
        "the largest distance of a value from that of its config": np.abs(values - right).max(),
        "how often the objective is called": len(seen),
        "“trials come in the order in which they were tried”": np.array_equal(settings, seen),
        "“no trial has a smaller value than best”": not (right < smallest).any(),
        "the place of best among the trials, the smallest value first": int((right < smallest).sum()),
    }  # fmt: skip


@probe("returns the best of all configurations, and each with its value", points=1, atol=1e-9,
       summary=bookkeeping)  # fmt: skip
def all_trials(random_search, rng):
    seen = []

    def objective(config):
        seen.append([config["lr"], config["width"]])
        return (config["lr"] - 0.3) ** 2 + config["width"] / 100

    space = {"lr": lambda rng: rng.uniform(0.1, 0.9), "width": [10.0, 20.0, 50.0]}
    best, trials = random_search(objective, space, 30, rng)
    values, drawn = np.array([value for _, value in trials]), []

    def rarely_new(rng):
        drawn.append(0)
        if len(drawn) > 5000:
            raise RuntimeError("30 trials draw 5000 times: are equal configurations left out?")
        return int(rng.integers(2))

    few = {"lr": rarely_new, "width": [10.0, 20.0]}
    again = random_search(lambda config: config["lr"], few, 30, rng)[1]
    return {
        "trials of few choices": len(again),
        "trials": len(trials) * [0], "calls of the objective": len(seen) * [0], "best": best, "the first trial": trials[0], "settings": table(trials),
        "values": values, "seen by the objective": np.array(seen),
    }  # fmt: skip


def fractions(value):
    """Fractions of 6,000 trials.

    The difference between those of two correct functions has a standard deviation of at most
    sqrt(2 * 0.25 / 6000) = 0.0091. That one of 12 differs by more than 0.06, 6.5 times that, happens
    less often than once in 10**8 gradings.
    """
    lr, width, depth = value.T
    return {
        "how often each choice of a list comes": np.array(
            [(width == w).mean() for w in (5, 7, 9, 11)]
        ),
        "the spread of what a function draws": np.histogram(lr, [-1, 0.25, 0.5, 0.75, 2])[0]
        / len(lr),
        "how often a small first and a large second setting meet": (
            (lr < 0.5) & (width > 8)
        ).mean(),
        "how often the choices of two lists have the same place": (2 * depth + 3 == width).mean(),
        "how often a choice comes twice in a row": (width[1:] == width[:-1]).mean(),
        "how many of the drawn numbers differ": len(np.unique(lr)) / len(lr),
    }


@probe("draws every setting anew for each trial, all choices of a list being equally likely", points=2,
       rtol=0.0, atol=0.06, summary=fractions)  # fmt: skip
def draws(random_search, rng):
    space = {"lr": lambda rng: rng.random(), "width": [5, 7, 9, 11], "depth": [1, 2, 3, 4]}
    trials = random_search(lambda config: config["lr"], space, 6000, rng)[1]
    return np.array([[config["lr"], config["width"], config["depth"]] for config, _ in trials])


@probe("takes the first of equal values as best, and never one of NaN", points=1)
def ties_and_nan(random_search, rng):
    low, high = float(rng.integers(-9, -4)), float(rng.integers(1, 9))
    cases = {
        "very large values": [3e15, 1e15, 2e15],
        "equal values": [low + 2, low, low + 1, low, low + 3],
        "NaN at the start": [np.nan, high + 3, high + 1, high + 2],
        "NaN in the middle": [low + 2, np.nan, low, low + 1, np.nan],
        "an infinite value": [np.inf, high + 1, np.nan, high],
    }
    places = []
    for name, values in cases.items():
        waiting = list(values)
        space = {"lr": lambda rng: rng.random(), "width": [1, 2]}
        best, trials = random_search(
            lambda config, waiting=waiting: waiting.pop(0), space, len(values), rng
        )
        tried = [config for config, _ in trials]
        places.append(tried.index(best) if best in tried else -1)
        yield f"the values with {name}", np.array([float(value) for _, value in trials])
    yield (
        "the numbers of the best trials for large ones, ties, NaN first and inside, inf",
        np.array(places),
    )


def sources(value):
    """40 choices out of three agree by chance less often than once in 10**19 gradings."""
    first, second, again, other = value["settings"]
    return {
        "“a second search tries other configurations, since no seed is set inside”": not np.array_equal(
            first, second
        ),
        "“generators of the same seed bring the same configurations”": np.array_equal(first, again),
        "“generators of different seeds bring different choices of a list”": not np.array_equal(
            first[:, 1], other[:, 1]
        ),
        "“a function in space gets rng”": value["gets rng"] == 1,
        "“space stays as it was”": value["space unchanged"],
    }


@probe("takes its randomness from rng, as it is, and leaves space as it was", points=1,
       summary=sources)  # fmt: skip
def generators(random_search, rng):
    seed, another = (int(n) for n in rng.integers(1, 2**31, size=2))
    one, same, other = (np.random.default_rng(s) for s in (seed, seed, another + 2**31))
    got, found = [], []
    space = {"lr": lambda rng: (got.append(rng), rng.random())[1], "width": [1, 2, 3]}
    for source in (one, one, same, other):
        found.append(table(random_search(lambda config: config["lr"], space, 40, source)[1]))
    kept = list(space) == ["lr", "width"] and space["width"] == [1, 2, 3]
    return {
        "settings": found, "gets rng": float(all(any(g is s for s in (one, same, other)) for g in got)),
        "space unchanged": kept,
    }  # fmt: skip


def others(value):
    """Settings with one choice, so that no chance plays a part."""
    return {name: part for name, part in value.items() if name != "settings"}


@probe("works for a single trial, any settings, and arguments by name", points=1, hidden=True,
       summary=others)  # fmt: skip
def other_searches(random_search, rng):
    number, names = int(rng.integers(5, 20)), [f"setting_{n}" for n in rng.permutation(90)[:4]]
    fixed = {name: [float(n)] for n, name in enumerate(names)} | {"layers": [(number, 2)]}
    best, trials = random_search(lambda config: 3.5, fixed, 1, rng)
    yield "best of a single trial", best
    yield "the single trial", trials[0]
    yield "how many trials there are when one is asked for", len(trials)
    best, trials = random_search(
        rng=rng, num_trials=number, space={names[0]: [True], "x": lambda rng: None},
        objective=lambda config: len(config),
    )  # fmt: skip
    yield "best", best
    yield "trials", [list(trial) for trial in trials]


DRAW = "choices(rng) if callable(choices) else choices[rng.integers(len(choices))]"
APPEND, VALUES = "trials.append((config, objective(config)))", "[value for _, value in trials]"
ORDER, RETURN = f'np.argsort({VALUES}, kind="stable")', "return best, trials"
LOOP = "for _ in range(num_trials):"
BUGS = [
    Edit("largest", ORDER, "np.argsort([-value for _, value in trials], kind='stable')",
         hint="You keep the configuration with the largest value. The objective is to be made small."),
    Edit("nan_is_best", ORDER, f"[np.argmin({VALUES})]",
         hint="A value of NaN becomes the best: np.argmin takes it for the smallest. Training diverged there, so leave it out."),
    Edit("first_nan_stays", ORDER, f"[{VALUES}.index(min({VALUES}))]",
         hint="If the first value is NaN it stays the best, since no comparison with NaN is true. Leave NaN out."),
    Edit("last_of_equals", ORDER, "[min(range(len(trials)), key=lambda i: (np.nan_to_num(trials[i][1], nan=np.inf), -i))]",
         hint="Of equal values you keep the last. The first of them is asked for: compare with <, not <=."),
    Edit("first_is_best", "trials[best_first[0]]", "trials[0]",
         hint="Your best is always the first trial. Compare the values."),
    Edit("last_is_best", "trials[best_first[0]]", "trials[-1]",
         hint="Your best is always the last trial. Compare the values, and keep the best so far."),
    Edit("sorted_trials", RETURN, "return best, sorted(trials, key=lambda trial: (trial[1] != trial[1], trial[1]))",
         hint="Your trials are sorted by value. They come in the order in which they were tried."),
    Edit("backwards", RETURN, "return best, trials[::-1]",
         hint="Your trials come in reverse order. They come in the order in which they were tried."),
    Edit("value_first", RETURN, "return best, [(value, config) for config, value in trials]",
         hint="Your trials hold the value first. Each is a pair (config, value)."),
    Edit("exchanged", RETURN, "return trials, best", hint="You return trials first. The order is best, trials."),
    Edit("best_with_its_value", RETURN, "return trials[best_first[0]], trials",
         hint="Your best is a pair with its value. It is the configuration alone."),
    Edit("best_only", RETURN, "return best", hint="You return best alone. The task asks for best, trials."),
    Edit("one_too_many", LOOP, "for _ in range(num_trials + 1):",
         hint="You try one configuration too many. There are num_trials of them."),
    Edit("one_too_few", LOOP, "for _ in range(max(1, num_trials - 1)):",
         hint="You try one configuration too few. There are num_trials of them."),
    Edit("tried_twice", APPEND, "objective(config)\n    trials.append((config, objective(config)))",
         hint="You call the objective twice for each trial. Training is expensive: call it once and keep the value."),
    Edit("drawn_once", "for _ in range(num_trials):\n    config = {", "state = rng.bit_generator.state\n"
         "for _ in range(num_trials):\n    rng.bit_generator.state = state\n    config = {",
         hint="All trials have the same configuration. Draw a new value for each name in every trial."),
    Edit("first_choice", DRAW, "choices(rng) if callable(choices) else choices[0]",
         hint="Of a list you always take the first choice. All are equally likely: draw one with rng."),
    Edit("never_the_last", DRAW, "choices(rng) if callable(choices) else choices[rng.integers(max(1, len(choices) - 1))]",
         hint="The last choice of a list never comes. rng.integers leaves its end out already."),
    Edit("in_turn", DRAW, "choices(rng) if callable(choices) else choices[len(trials) % len(choices)]",
         hint="You take the choices of a list in turn. Draw one at random for each trial."),
    Edit("seeded_inside", DRAW, "choices(np.random.default_rng(len(trials))) if callable(choices) else "
         "choices[np.random.default_rng(len(trials)).integers(len(choices))]",
         hint="You make generators with fixed seeds inside, so every search tries the same. Use rng as it comes."),
    Edit("choices_not_from_rng", DRAW, "choices(rng) if callable(choices) else choices[np.random.default_rng().integers(len(choices))]",
         hint="The choices from lists don't come from rng (but from np.random or random), so no search can be repeated."),
    Edit("largest_or_nan", "trials[best_first[0]]", "trials[best_first[-1]]",
         hint="You keep the configuration with the largest value. The objective is to be made small."),
    Edit("largest_size", ORDER, "np.argsort([abs(value) for _, value in trials], kind='stable')",
         hint="You compare the sizes of the values, without their signs. A negative value is smaller than 0."),
    Edit("nan_is_zero", ORDER, "np.argsort(np.nan_to_num([value for _, value in trials]), kind='stable')",
         hint="NaN counts as 0 in your order, so a diverged run can become the best. Leave it out."),
    Edit("nan_confuses_sorting", ORDER, "sorted(range(len(trials)), key=lambda i: trials[i][1])",
         hint="sorted can't put NaN into order, since no comparison with it is true. Let NaN count as the largest."),
    Edit("nan_left_out_of_trials", APPEND, "value = objective(config)\n    if value == value:\n        trials.append((config, value))",
         hint="Trials whose value is NaN are missing. All of them are returned; only the best is chosen among the others."),
    Edit("seeded_in_each_trial", "for _ in range(num_trials):\n    config = {", "for _ in range(num_trials):\n"
         "    rng = np.random.default_rng(0)\n    config = {",
         hint="You make a generator with a fixed seed in each trial, so all try the same. Use rng as it comes."),
    Edit("never_the_first", DRAW, "choices(rng) if callable(choices) else choices[rng.integers(min(1, len(choices) - 1), len(choices))]",
         hint="The first choice of a list never comes. Lists are counted from 0."),
    Edit("rounded_place", DRAW, "choices(rng) if callable(choices) else choices[int(round(rng.random() * (len(choices) - 1)))]",
         hint="You round a place, so the first and the last choice of a list come half as often. All are equally likely."),
    Edit("function_itself", DRAW, "choices if callable(choices) else choices[rng.integers(len(choices))]",
         hint="You put the function itself into the configuration. Call it with rng, and put in what it returns."),
    Edit("values_only", RETURN, "return best, [value for _, value in trials]",
         hint="Your trials hold the values only. Each is a pair (config, value)."),
    Edit("configs_only", RETURN, "return best, [config for config, _ in trials]",
         hint="Your trials hold the configurations only. Each is a pair (config, value)."),
    Edit("place_of_the_best", RETURN, "return int(best_first[0]), trials",
         hint="You return the number of the best trial. The task asks for its configuration."),
    Edit("value_of_the_best", RETURN, "return trials[best_first[0]][1], trials",
         hint="You return the smallest value. The task asks for the configuration that has it."),
    Edit("best_three_times", RETURN, "return *trials[best_first[0]], trials",
         hint="You return three things. The task asks for two: best, trials."),
    Edit("best_trial_only", RETURN, "return best, [trials[best_first[0]]]",
         hint="Your trials hold the best one only. All of them are returned."),
    *(Edit(f"rounded_{n}", APPEND, f"trials.append((config, round(objective(config), {n})))",
           hint="You round the values. Keep them as they are: close ones may differ.") for n in (2, 3, 4)),
    Edit("nan_becomes_infinity", APPEND, "value = objective(config)\n    trials.append((config, value if value == value else np.inf))",
         hint="You replace a value of NaN in trials by infinity. Keep what the objective returned; replace it in the comparison only."),
    Edit("stops_at_nan", APPEND, "value = objective(config)\n    if value != value:\n        break\n    trials.append((config, value))",
         hint="You stop at the first NaN. A run that diverged is one trial among the others: keep it, and go on."),
    Edit("improvements_only", APPEND, "value = objective(config)\n    if not trials or value < trials[-1][1]:\n        trials.append((config, value))",
         hint="You keep a trial only if it is better than those before. All of them are returned."),
    Edit("nan_becomes_none", APPEND, "value = objective(config)\n    trials.append((config, value if value == value else None))",
         hint="You replace a value of NaN in trials. Keep what the objective returned; leave it out of the comparison only."),
    Edit("value_inside_the_config", APPEND, "value = objective(config)\n    config['value'] = value\n    trials.append((config, value))",
         hint="You write the value into the configuration. It holds the names of space only; the value stands beside it."),
    *(Edit(f"{name}_choices_favoured", DRAW, f"choices(rng) if callable(choices) else choices[int({place} * len(choices))]",
           hint="The choices of your lists aren't equally likely. Draw a place in the list with rng.integers.")
      for name, place in (("first", "rng.random() ** 2"), ("last", "rng.random() ** 0.5"))),
    Edit("choice_out_of_an_array", DRAW, "choices(rng) if callable(choices) else rng.choice(choices)",
         hint="rng.choice makes an array of the list, so choices that are tuples, or of several kinds, change. Draw a place "
         "in the list instead."),
]  # fmt: skip


@bug(
    "Each function in space is called once, before the trials, so all share its value. Draw anew in every trial."
)
def functions_called_once(objective, space, num_trials, rng):
    space = {n: [c(rng)] if callable(c) else c for n, c in space.items()}
    configs = [{n: c[rng.integers(len(c))] for n, c in space.items()} for _ in range(num_trials)]
    trials = [(config, objective(config)) for config in configs]
    return min(trials, key=lambda t: np.nan_to_num(t[1], nan=np.inf))[0], trials


@bug("All your trials are one dict, which each trial overwrites. Make a new dict in every trial.")
def same_dict(objective, space, num_trials, rng):
    config, trials = {}, []
    for _ in range(num_trials):
        for n, c in space.items():
            config[n] = c(rng) if callable(c) else c[rng.integers(len(c))]
        trials.append((config, objective(config)))
    return config, trials


@bug(
    "All lists use the same random number, so their choices hang together. Draw one for each name."
)
def one_place_for_all_lists(objective, space, num_trials, rng):
    trials = []
    for _ in range(num_trials):
        u = rng.random()
        config = {n: c(rng) if callable(c) else c[int(u * len(c))] for n, c in space.items()}
        trials.append((config, objective(config)))
    return min(trials, key=lambda t: np.nan_to_num(t[1], nan=np.inf))[0], trials


def search_below(smallest, objective, space, num_trials, rng):
    best, trials = None, []
    for _ in range(num_trials):
        config = {n: c(rng) if callable(c) else c[rng.integers(len(c))] for n, c in space.items()}
        trials.append((config, objective(config)))
        if trials[-1][1] < smallest:
            best, smallest = trials[-1]
    return best, trials


@bug("Your search for the smallest value starts at 0, which no larger value can beat. Start with infinity, or with the "
     "first trial.")  # fmt: skip
def smallest_starts_at_zero(objective, space, num_trials, rng):
    return search_below(0.0, objective, space, num_trials, rng)


@bug("You leave out configurations that have come before. Each trial is drawn anew, whatever the others were, so equal ones "
     "may come.")  # fmt: skip
def without_replacement(objective, space, num_trials, rng):
    trials, seen = [], []
    for _ in range(min(20 * num_trials, 4000)):
        config = {n: c(rng) if callable(c) else c[rng.integers(len(c))] for n, c in space.items()}
        if len(trials) < num_trials and (len(trials) > 100 or config not in seen):
            seen.append(config)
            trials.append((config, objective(config)))
    return min(trials, key=lambda t: np.nan_to_num(t[1], nan=np.inf))[0], trials


@bug("You leave out configurations that have come before. Each trial is drawn anew, whatever the others were, so equal ones "
     "may come.")  # fmt: skip
def equal_ones_skipped(objective, space, num_trials, rng):
    trials = []
    for _ in range(num_trials):
        config = {n: c(rng) if callable(c) else c[rng.integers(len(c))] for n, c in space.items()}
        if config not in [known for known, _ in trials[:100]]:
            trials.append((config, objective(config)))
    return min(trials, key=lambda t: np.nan_to_num(t[1], nan=np.inf))[0], trials


@bug(
    "You call the objective once more for the best. Training is expensive: keep the values of the trials."
)
def best_called_again(objective, space, num_trials, rng):
    trials = []
    for _ in range(num_trials):
        config = {n: c(rng) if callable(c) else c[rng.integers(len(c))] for n, c in space.items()}
        trials.append((config, objective(config)))
    best = min(trials, key=lambda t: np.nan_to_num(t[1], nan=np.inf))[0]
    objective(best)
    return best, trials


@bug(
    "You call the objective once more for the best. Training is expensive: keep the values of the trials."
)
def compares_by_calling(objective, space, num_trials, rng):
    trials, best = [], None
    for _ in range(num_trials):
        config = {n: c(rng) if callable(c) else c[rng.integers(len(c))] for n, c in space.items()}
        trials.append((config, objective(config)))
        if best is None or objective(config) < objective(best):
            best = config
    return best, trials


@bug(
    "You draw one name anew in each trial and keep the others from the trial before. Every trial draws all of them."
)
def one_name_at_a_time(objective, space, num_trials, rng):
    config = {n: c(rng) if callable(c) else c[rng.integers(len(c))] for n, c in space.items()}
    trials, names = [(config, objective(config))], list(space)
    while len(trials) < num_trials:
        name = names[(len(trials) - 1) % len(names)]
        c = space[name]
        config = {**config, name: c(rng) if callable(c) else c[rng.integers(len(c))]}
        trials.append((config, objective(config)))
    return min(trials, key=lambda t: np.nan_to_num(t[1], nan=np.inf))[0], trials


@bug("Your search for the smallest value starts at a number that larger values can't beat. Start with infinity, or with the "
     "first trial.")  # fmt: skip
def smallest_starts_too_low(objective, space, num_trials, rng):
    return search_below(1e9, objective, space, num_trials, rng)


@bug("You try all combinations of the lists. A random search draws num_trials configurations.")
def a_grid(objective, space, num_trials, rng):
    configs = [{}]
    for n, found in space.items():
        configs = [
            {**d, n: c} for d in configs for c in ([found(rng)] if callable(found) else found)
        ]
    trials = [(config, objective(config)) for config in configs]
    return min(trials, key=lambda t: np.nan_to_num(t[1], nan=np.inf))[0], trials


@alternative
def by_a_running_best(objective, space, num_trials, rng):
    best, smallest, trials = None, np.inf, []
    for _ in range(num_trials):
        config = {}
        for name in space:
            found = space[name]
            config[name] = found(rng) if callable(found) else found[int(rng.random() * len(found))]
        value = objective(config)
        trials.append((config, value))
        if best is None or value < smallest or (np.isnan(smallest) and not np.isnan(value)):
            best, smallest = config, value
    return best.copy(), trials


@alternative
def all_configs_first(objective, space, num_trials, rng):
    columns = {
        name: [found(rng) for _ in range(num_trials)] if callable(found)
        else [found[i] for i in rng.integers(len(found), size=num_trials)]
        for name, found in space.items()
    }  # fmt: skip
    configs = [{name: columns[name][i] for name in space} for i in range(num_trials)]
    values = np.array([objective(config) for config in configs], dtype=float)
    best = configs[int(np.argmin(np.where(np.isnan(values), np.inf, values)))]
    return [best, list(zip(configs, values, strict=True))]


@alternative
def by_permutation_and_min(objective, space, num_trials, rng):
    trials = []
    while len(trials) < num_trials:
        config = {
            n: c(rng) if callable(c) else c[rng.permutation(len(c))[0]] for n, c in space.items()
        }
        trials.append((config, float(objective(config))))
    fine = [trial for trial in trials if trial[1] == trial[1]]
    return min(fine or trials, key=lambda trial: trial[1])[0], tuple(trials)
