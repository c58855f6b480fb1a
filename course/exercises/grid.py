"""grid: probes, known mistakes, other correct answers."""

import itertools

import numpy as np

from course.spec import Edit, alternative, bug, probe


def choices(rng, count):
    """That many different numbers, in no order."""
    return (rng.permutation(50)[:count] + rng.integers(1, 9) / 10).tolist()


@probe("gives one dict for each combination of two or three settings", points=1)
def combinations(grid, rng):
    space = {"width": choices(rng, 2), "lr": choices(rng, 3), "depth": choices(rng, 4)}
    found = grid({name: list(space[name]) for name in space})
    size, again = len(found) if isinstance(found, list) else 0, grid(dict(space))
    plain = size > 0 and all(isinstance(config, dict) for config in found)
    yield (
        "“a call gives its own combinations, and none of earlier ones”",
        not plain or len(again) == size <= 24,
    )
    full = plain and all(set(config) == set(space) for config in found)
    yield "“each combination has all three names, and no other”", full or not plain
    own = full and all(config[name] in space[name] for config in found for name in space)
    yield "“each choice is one of the list of its name”", own or not full
    rows = [[space[name].index(config[name]) for name in space] for config in found] if own else []
    different = set(map(tuple, rows))
    yield "“no combination comes twice”", len(different) == len(rows)
    yield (
        "“every choice meets every other: 2 times 3 times 4 combinations”",
        not own or len(different) >= 24,
    )
    complete = len(different) == 24
    yield "“the first name varies slowest”", not complete or rows[0][0] == rows[11][0]
    yield "“the last name varies fastest”", not complete or len({row[2] for row in rows[:4]}) == 4
    yield "“the choices come in the order of their lists”", not complete or rows == sorted(rows)
    yield "the configs of two settings", grid({"lr": choices(rng, 3), "momentum": choices(rng, 2)})
    three = {"width": choices(rng, 2), "lr": choices(rng, 4), "depth": choices(rng, 3)}
    yield "the configs of three settings", grid(three)
    square = {"eps": choices(rng, 3), "decay": choices(rng, 3)}
    yield "the configs when both have three choices", grid(square)


@probe("works for one setting, and for settings with one choice", points=1)
def few_choices(grid, rng):
    yield "the configs of one setting", grid({"lr": choices(rng, 4)})
    yield "the config when there is one choice", grid({"lr": choices(rng, 1)})
    single = {"lr": choices(rng, 1), "width": choices(rng, 3), "depth": choices(rng, 1)}
    yield "the configs when some settings have one choice", grid(single)
    yield "the one config of an empty space", grid({})


@probe("hands on choices of any kind as they are", points=1)
def kinds_of_choices(grid, rng):
    numbers = choices(rng, 2)
    kinds = {"optimizer": ["sgd", "adam"], "nesterov": [True, False]}
    yield "the configs with words, True and False", grid(kinds)
    yield "the configs with None and 0", grid({"clip": [None, 0, numbers[0]], "lr": numbers})
    layers = [(64, 32), (100,)]
    kept = [config["layers"] in layers for config in grid({"layers": layers, "lr": numbers})]
    yield "whether choices that are tuples stay what they are", kept
    yield "the configs of equal choices", grid({"seed": [7, 7], "lr": numbers})


@probe("makes dicts that are independent, leaves space as it was, and keeps nothing between calls",
       points=1)  # fmt: skip
def clean_calls(grid, rng):
    space = {"lr": choices(rng, 2), "width": choices(rng, 3)}
    other, same = {"decay": choices(rng, 3)}, {name: list(space[name]) for name in space}
    configs = grid(space)
    yield "the configs", [config.copy() for config in configs]
    yield "space unchanged", space == same and list(space) == list(same)
    configs[0]["lr"] = -1.0
    configs[3]["new"] = -2.0
    kept = [configs[i].copy() for i in (1, 2, 4, 5)]
    yield "the other configs after two have changed", kept
    yield "the configs of another space", grid(other)
    yield "the configs of the first space again", grid(same)


@probe("works for more settings, of other names and numbers of choices", points=1, hidden=True)
def more_settings(grid, rng):
    sizes = [int(size) for size in rng.integers(2, 4, size=4)]
    names = [f"setting_{number}" for number in rng.permutation(90)[:4]]
    many = {name: choices(rng, size) for name, size in zip(names, sizes, strict=True)}
    yield "the configs of four settings", grid(many)
    yield "the configs of a space by name", grid(space={names[1]: choices(rng, 5)})
    five = {name: choices(rng, 2) for name in (*names, "name")}
    yield "the configs of five settings", grid(five)
    yield "the configs of many choices", grid({"config": choices(rng, 40), "x": choices(rng, 2)})


JOIN = "configs = [{**config, name: choice} for config in configs for choice in choices]"
WHOLE = f"configs = [{{}}]\nfor name, choices in space.items():\n    {JOIN}\nreturn configs"
BUGS = [
    Edit("first_name_fastest", JOIN,
         "configs = [{**config, name: choice} for choice in choices for config in configs]",
         hint="Your first name varies fastest. It is the last one: its loop is the innermost."),
    Edit("side_by_side", WHOLE, "return [dict(zip(space, row)) for row in zip(*space.values())]",
         hint="zip pairs the first choices, then the second ones. Every choice of one setting meets every choice of the others."),
    Edit("last_missing", "return configs", "return configs[:-1]",
         hint="The last combination is missing."),
    Edit("first_missing", "return configs", "return configs[1:]",
         hint="The first combination is missing."),
    Edit("only_the_first_config", "return configs", "return configs[0]",
         hint="You return a single configuration. Collect all of them in a list."),
    Edit("stops_after_the_first_name", JOIN, f"{JOIN}\n    return configs",
         hint="You stop after the first name (is there a return inside the loop?). Go through all names first."),
    Edit("last_name_only", JOIN, "configs = [{name: choice} for choice in choices]",
         hint="Your configurations hold the last name only. Each keeps what it has, and gets one more name."),
    Edit("one_after_the_other", WHOLE, "return [{name: choice} for name, choices in space.items() for choice in choices]",
         hint="Each of your dicts holds one setting. A configuration has all names, and there is one for each combination."),
    Edit("one_setting_at_a_time", WHOLE,
         "first = {name: choices[0] for name, choices in space.items()}\n"
         "return [{**first, name: choice} for name, choices in space.items() for choice in choices]",
         hint="You change one setting at a time and leave the others at their first choice. Every choice meets every other."),
    Edit("choices_in_lists", JOIN, JOIN.replace("name: choice}", "name: [choice]}"),
         hint="Your settings are lists of one item. Put in the choice itself."),
    Edit("positions", JOIN, "configs = [{**config, name: i} for config in configs for i in range(len(choices))]",
         hint="Your settings are the positions of the choices. Put in the choices themselves."),
    Edit("texts", JOIN, JOIN.replace("name: choice}", "name: str(choice)}"),
         hint="Your choices became texts. Hand them on as they are (an array of mixed kinds turns numbers into texts)."),
    Edit("names_in_another_order", "return configs", "return [dict(sorted(config.items())) for config in configs]",
         hint="The names of your configurations are sorted. They come in the order of space."),
    Edit("names_backwards", "return configs", "return [dict(reversed(config.items())) for config in configs]",
         hint="The names of your configurations come in reverse order. They come in the order of space."),
    Edit("configs_backwards", "return configs", "return configs[::-1]",
         hint="Your combinations come in reverse order. The first choices come first."),
    Edit("choices_sorted", JOIN, JOIN.replace("in choices]", "in sorted(choices, key=str)]"),
         hint="You sort the choices. They come in the order of the lists in space."),
    Edit("choices_once", JOIN, JOIN.replace("in choices]", "in dict.fromkeys(choices)]"),
         hint="Equal choices come once only. Take the list as it is: the number of combinations is the product of the lengths."),
    Edit("skips_single_choices", "return configs",
         "return [{n: c for n, c in config.items() if len(space[n]) > 1} for config in configs]",
         hint="Settings with one choice are missing. They belong to every configuration."),
    Edit("skips_what_is_false", JOIN, JOIN.replace("in choices]", "in choices if choice]"),
         hint="Choices such as 0, False and None get lost: they count as false in an if. Take every choice."),
    Edit("same_dict", WHOLE, "configs, config = [], {}\ncombinations = [[]]\nfor choices in space.values():\n"
         "    combinations = [[*row, choice] for row in combinations for choice in choices]\n"
         "for row in combinations:\n    config.update(zip(space, row))\n    configs.append(config)\nreturn configs",
         hint="All entries of your list are the same dict, so the last combination overwrites the others. Make a new dict "
         "for each."),
    Edit("plain_tuples", WHOLE, "configs = [()]\nfor choices in space.values():\n"
         "    configs = [(*config, choice) for config in configs for choice in choices]\nreturn configs",
         hint="Your combinations are bare choices. Each is a dict, which says which setting a choice belongs to."),
    Edit("named_by_number", "return configs", "return dict(enumerate(configs))",
         hint="You return a dict of numbered configurations. The task asks for a list of them."),
    Edit("lists_of_all", WHOLE, f"{WHOLE[:-len('return configs')]}return {{name: [config[name] for config in configs] for name in space}}",
         hint="You return one dict of long lists. The task asks for a list with one dict for each combination."),
    Edit("how_many", "return configs", "return len(configs)",
         hint="You return the number of combinations. Return the combinations."),
    Edit("last_choices_missing", JOIN, JOIN.replace("in choices]", "in choices[:-1]]"),
         hint="The last choice of each setting is missing. range(n) ends before n already."),
    Edit("first_choices_missing", JOIN, JOIN.replace("in choices]", "in choices[1:]]"),
         hint="The first choice of each setting is missing. Lists are counted from 0."),
    Edit("starts_empty", "configs = [{}]", "configs = []",
         hint="Your list starts empty, so there is nothing to extend. Before the first name there is one configuration, without settings."),
    Edit("sorted_from_the_start", "space.items()", "sorted(space.items())",
         hint="You go through the names in alphabetical order. They come in the order of space."),
    Edit("reversed_from_the_start", "space.items()", "reversed(list(space.items()))",
         hint="You go through the names in reverse order. They come in the order of space."),
    Edit("floats", JOIN, JOIN.replace("name: choice}", "name: float(choice)}"),
         hint="You make numbers with a point of all choices. Hand them on as they are, of any kind."),
    Edit("last_name_left_out", "space.items()", "list(space.items())[:-1]",
         hint="The last name is left out: does a loop stop one too early?"),
    Edit("first_name_left_out", "space.items()", "list(space.items())[1:]",
         hint="The first name is left out: does a loop start one too late?"),
    Edit("incomplete_ones_kept", JOIN, JOIN.replace("configs = [", "configs = configs + ["),
         hint="You keep the shorter configurations, too. With each name, the extended ones take their place."),
    Edit("one_key_for_all", JOIN, JOIN.replace("name: choice", '"name": choice'),
         hint="Your key is the word \"name\". It is the name of the setting."),
    Edit("cut_to_the_longest", WHOLE, "n = max(len(choices) for choices in space.values())\n"
         "return [{name: choices[i % len(choices)] for name, choices in space.items()} for i in range(n)]",
         hint="You go through all lists side by side. Every choice of one setting meets every choice of the others."),
    Edit("names_combined", WHOLE, "return [dict(zip(space, row)) for row in __import__('itertools').product(space, repeat=len(space))]",
         hint="You combine the names. A dict gives its names when you loop over it; the choices are its values."),
    Edit("numbered_keys", "return configs", "return [dict(enumerate(config.values())) for config in configs]",
         hint="Your keys are numbers. They are the names of the settings."),
    Edit("only_one_config", WHOLE, "return [{name: list(choices) for name, choices in space.items()}]",
         hint="You return one configuration that holds all choices. Each combination takes one choice of each setting."),
    Edit("first_name_with_each", WHOLE, "(first, choices), *rest = space.items()\nif not rest:\n    return [{first: a} for a in choices]\n"
         "return [{first: a, name: b} for a in choices for name, found in rest for b in found]",
         hint="You pair the first setting with each of the others. A configuration has all names."),
    Edit("first_then_changes", WHOLE,
         "first = {name: choices[0] for name, choices in space.items()}\n"
         "return [first] + [{**first, name: choice} for name, choices in space.items() for choice in choices[1:]]",
         hint="You change one setting at a time and leave the others at their first choice. Every choice meets every other."),
    Edit("second_name_slowest", WHOLE, "names = list(space)\nnames[:2] = names[:2][::-1]\nconfigs = [{}]\nfor name in names:\n"
         "    configs = [{**config, name: choice} for config in configs for choice in space[name]]\n"
         "return [{name: config[name] for name in space} for config in configs]",
         hint="Your second name varies slowest (np.meshgrid does that). The first one does, and the last one varies fastest."),
    Edit("first_and_last_choices", WHOLE, "configs = [{}]\nfor name, choices in space.items():\n"
         "    configs = [{**config, name: choice} for config in configs for choice in choices[:2]]\nreturn configs",
         hint="You take the first two choices of each name only. All of them meet all others."),
    *(Edit(f"at_most_{n}_settings", "space.items()", f"list(space.items())[:{n}]",
           hint="You have a loop for each of a few settings, and leave the others out. Let it work for any number of them: start with one "
           "empty configuration, and let each name extend all that you have.") for n in (2, 3, 4)),
    Edit("names_with_tuples", "return configs", "return [tuple(config.items()) for config in configs]",
         hint="Your combinations are pairs of names and choices. Each is a dict."),
    Edit("empty_for_an_empty_space", "return configs", "return configs if space else []",
         hint="Your list is empty if space is. There is one combination then: the empty dict."),
]  # fmt: skip


@bug("You have a loop for each of two settings. Let it work for any number of them: start with one empty configuration, "
     "and let each name extend all that you have.")  # fmt: skip
def two_settings(space):
    names = list(space)
    first, last = names[0], names[-1]
    if len(names) == 1:
        return [{first: choice} for choice in space[first]]
    return [{first: a, last: b} for a in space[first] for b in space[last]]


@bug(
    "You take the names out of space (pop does that), so the caller's dict is empty afterwards. Read it only."
)
def empties_space(space):
    configs = [{}]
    while space:
        name = next(iter(space))
        found = space.pop(name)
        configs = [{**config, name: choice} for config in configs for choice in found]
    return configs


@bug("You have a loop for each of two settings. Let it work for any number of them: start with one empty configuration, "
     "and let each name extend all that you have.")  # fmt: skip
def always_two_settings(space):
    names = list(space)
    return [{names[0]: a, names[1]: b} for a in space[names[0]] for b in space[names[1]]]


@bug("You have a loop for each of three settings. Let it work for any number of them: start with one empty configuration, "
     "and let each name extend all that you have.")  # fmt: skip
def always_three_settings(space):
    a, b, c = space
    return [{a: x, b: y, c: z} for x in space[a] for y in space[b] for z in space[c]]


@bug(
    "You combine choices whichever setting they belong to. Each combination takes one choice of each setting."
)
def any_choices(space):
    everything = [choice for found in space.values() for choice in found]
    return [dict(zip(space, row)) for row in itertools.combinations(everything, len(space))]  # noqa: B905


@bug("np.meshgrid lets the second name vary slowest, and makes all choices of one kind. Lists and loops keep them as "
     "they are.")  # fmt: skip
def by_meshgrid(space):
    tables = np.meshgrid(*space.values())
    return [dict(zip(space, row)) for row in zip(*(t.ravel() for t in tables))]  # noqa: B905


@bug("You arrange all choices in every order, whichever setting they belong to. Each combination takes one choice of each "
     "setting.")  # fmt: skip
def all_orders(space):
    everything = [choice for found in space.values() for choice in found]
    return [dict(zip(space, row)) for row in itertools.permutations(everything, len(space))]  # noqa: B905


@alternative
def by_product(space):
    return [dict(zip(space, row, strict=True)) for row in itertools.product(*space.values())]


@alternative
def by_recursion(space):
    def configs_of(items):
        if not items:
            return [{}]
        (name, first), *rest = items
        return [{name: choice, **config} for choice in first for config in configs_of(rest)]

    return configs_of(list(space.items()))


@alternative
def by_index(space):
    configs = []
    for where in np.ndindex(*map(len, space.values())):
        config = {}
        for i, name in zip(where, space, strict=True):
            config[name] = space[name][i]
        configs.append(config)
    return tuple(configs)


@alternative
def by_counting(space):
    total = int(np.prod([len(found) for found in space.values()]))
    configs = [{} for _ in range(total)]
    block = total
    for name, found in space.items():
        block //= len(found)
        for i, config in enumerate(configs):
            config[name] = found[i // block % len(found)]
    return configs
