"""Saving and loading: models, optimizers, generators and whole runs, in one file of arrays."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from nnkit.module import Module
from nnkit.parameter import Array


class Stateful(Protocol):
    """What can be saved: a model, an optimizer, a run, or anything else with these two."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: Any, /) -> None: ...


def save(path: str | Path, **parts: Stateful | np.random.Generator) -> None:
    """Write the states of models, optimizers and generators into one file.

    Parameters
    ----------
    path : path
        Of the file, usually ending in ``.npz``. An older file is replaced in one move, so that
        a crash never leaves half a file.
    **parts : Module, Optimizer, Run or numpy.random.Generator
        What to save, each under a name of its own.

    Notes
    -----
    The file is a NumPy archive: arrays, and one text in JSON that says where they belong. There
    is no pickle in it, so that a file from somebody else can't run code. A model's part holds
    the states of its generators (dropout's), too: with model, optimizer and the generator of
    the batches, training goes on exactly as if it had never stopped.

    Examples
    --------
    >>> import tempfile
    >>> from nnkit import Adam, Linear
    >>> rng = np.random.default_rng(0)
    >>> model = Linear(2, 3, rng)
    >>> optimizer = Adam(model.parameters())
    >>> path = Path(tempfile.mkdtemp()) / "model.npz"
    >>> save(path, model=model, optimizer=optimizer, rng=rng)
    >>> other = Linear(2, 3, np.random.default_rng(1))
    >>> load(path, model=other)
    >>> bool((other.weight.data == model.weight.data).all())
    True
    """
    arrays: dict[str, Array] = {}
    tree = _without_arrays({name: state_of(part) for name, part in parts.items()}, "", arrays)
    text = np.frombuffer(json.dumps(tree).encode(), np.uint8)
    path = Path(path)
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        np.savez(file, allow_pickle=False, **{"json": text, **arrays})
    os.replace(unfinished, path)


def load(path: str | Path, **parts: Stateful | np.random.Generator) -> None:
    """Give models, optimizers and generators the states that they were saved with.

    Parameters
    ----------
    path : path
        Of a file written by `save`.
    **parts
        Under the names that they were saved under; not all that was saved need be loaded. Each
        must be built as it was then: a state has no layers, only their numbers.

    Raises
    ------
    ValueError
        If the file was not written by `save`, or a part is missing or was built differently.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "rng.npz"
    >>> rng = np.random.default_rng(0)
    >>> save(path, rng=rng)
    >>> next_number = rng.random()
    >>> load(path, rng=rng)
    >>> rng.random() == next_number
    True
    """
    try:
        with Path(path).open("rb") as file:
            arrays = dict(np.load(file, allow_pickle=False))
        tree = json.loads(arrays.pop("json").tobytes())
    except (zipfile.BadZipFile, EOFError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"expected a file written by nnkit.save, got {path}: {error}") from error
    states = _with_arrays(tree, arrays)
    missing = sorted(set(parts) - set(states))
    if missing:
        raise ValueError(
            f"expected {missing} in {path}, which holds {sorted(states)}; "
            "load under the names that were used in save"
        )
    for name, part in parts.items():
        restore(part, states[name])


def state_of(part: Stateful | np.random.Generator) -> dict[str, Any]:
    """All that a part's future depends on: nested dicts of arrays, numbers and texts."""
    if isinstance(part, np.random.Generator):
        return dict(part.bit_generator.state)
    if isinstance(part, Module):
        generators = [state_of(generator) for generator in part.generators()]
        return {"arrays": part.state_dict(), "generators": generators}
    return part.state_dict()


def restore(part: Stateful | np.random.Generator, state: dict[str, Any]) -> None:
    """Put a part into a state that `state_of` gave."""
    if isinstance(part, np.random.Generator):
        part.bit_generator.state = state
    elif isinstance(part, Module):
        generators, states = part.generators(), state["generators"]
        if len(generators) != len(states):
            raise ValueError(
                f"expected a model with {len(states)} random generators, got {len(generators)}; "
                "build the model as it was when it was saved"
            )
        part.load_state_dict(state["arrays"])
        for generator, its_state in zip(generators, states, strict=True):
            restore(generator, its_state)
    else:
        part.load_state_dict(state)


def _without_arrays(value: Any, key: str, arrays: dict[str, Array]) -> Any:
    """The tree with the key of each array in its place; the arrays go into `arrays`."""
    if isinstance(value, np.ndarray):
        arrays[key] = value
        return {"array": key}
    if isinstance(value, dict):
        return {k: _without_arrays(v, f"{key}/{k}", arrays) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_arrays(v, f"{key}/{i}", arrays) for i, v in enumerate(value)]
    return value


def _with_arrays(value: Any, arrays: dict[str, Array]) -> Any:
    if isinstance(value, dict):
        if list(value) == ["array"]:
            return arrays[value["array"]]
        return {k: _with_arrays(v, arrays) for k, v in value.items()}
    if isinstance(value, list):
        return [_with_arrays(v, arrays) for v in value]
    return value
