"""What a search demands of its objective and its configurations."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from nnkit.search.pickling import pickled
from nnkit.search.trials import Config

Objective = Callable[[Config, np.random.Generator], float]


def plain_configs(configs: Sequence[Config]) -> list[Config]:
    """The configurations with Python's own numbers; each must go to JSON and back."""
    if len(configs) == 0:
        raise ValueError("expected at least one configuration, got none; list what to try")
    return [_plain(config) for config in configs]


def _plain(config: Config) -> Config:
    if not isinstance(config, Mapping) or not all(isinstance(name, str) for name in config):
        raise TypeError(
            f"expected a configuration as a dict of names and settings, got {config!r}; "
            'for example {"lr": 0.1}'
        )
    plain = {
        name: setting.item() if isinstance(setting, np.generic) else setting
        for name, setting in config.items()
    }
    for name, setting in plain.items():
        try:
            json.dumps(setting, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"expected setting {name!r} as a number, text, True, False, None, or a list or "
                f"dict of them, got {setting!r}; pass a name, and look up what it stands for in "
                "the objective"
            ) from error
    return plain


def pickled_objective(objective: Objective) -> bytes:
    """The objective as bytes, for other processes."""
    if not callable(objective):
        raise TypeError(
            f"expected objective as a function, got {type(objective).__name__}; "
            "pass the function itself, without calling it"
        )
    try:
        inspect.signature(objective).bind({}, np.random.default_rng(0))
    except TypeError as error:
        raise TypeError(
            f"expected an objective to call as objective(config, rng), got one that takes "
            f"{inspect.signature(objective)}; take all randomness from rng"
        ) from error
    try:
        return pickled(objective)
    except Exception as error:  # objects raise what they like here
        raise TypeError(
            f"expected an objective that can be sent to other processes, got one that can't be "
            f"pickled ({error}); open files, locks and connections inside of it, and keep them "
            "out of its closure"
        ) from error
