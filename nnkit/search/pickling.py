"""Functions as bytes, for other processes; also those that were defined in a notebook."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from typing import Any


def pickled(function: Callable[..., Any]) -> bytes:
    """A function as bytes: what can be imported by name, everything else by value.

    Parameters
    ----------
    function : callable
        May be a lambda, a closure, or defined in a notebook, and use others that are.

    Returns
    -------
    content : bytes
        What `unpickled` takes.

    Raises
    ------
    TypeError, pickle.PicklingError
        If the function holds something that belongs to this process, such as an open file.

    Notes
    -----
    cloudpickle does the work, but takes ``functools.lru_cache`` to be importable always. An
    objective keeps its data in one, and in a notebook it is not.
    """
    import cloudpickle  # type: ignore[import-untyped, unused-ignore]

    class Pickler(cloudpickle.Pickler):
        def reducer_override(self, value: Any) -> Any:
            if isinstance(value, functools._lru_cache_wrapper) and _is_local(value):
                return _cached, (value.__wrapped__, value.cache_parameters())
            return super().reducer_override(value)

    buffer = io.BytesIO()
    Pickler(buffer).dump(function)
    return buffer.getvalue()


@functools.lru_cache(maxsize=1)
def unpickled(content: bytes) -> Callable[..., Any]:
    """The function, made once in each process: what it caches stays cached."""
    import cloudpickle  # type: ignore[import-untyped, unused-ignore]

    return cloudpickle.loads(content)


def _is_local(function: Any) -> bool:
    return function.__module__ == "__main__" or "<locals>" in function.__qualname__


def _cached(function: Callable[..., Any], parameters: dict[str, Any]) -> Callable[..., Any]:
    return functools.lru_cache(**parameters)(function)
