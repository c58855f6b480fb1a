"""What came out of running a function on a probe, as passive data.

The grader sends the text of this file into the sandbox, where only Python and NumPy exist:
it imports nothing else. Whatever a student's function returns leaves the sandbox as plain
JSON: numbers, and arrays as raw bytes. Nothing is ever unpickled.
"""

from __future__ import annotations

import base64
import hashlib
import inspect
import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_BYTES = 4_000_000  # of one probe's value; probes ask for a few hundred numbers
MAX_DEPTH = 4
MAX_ITEMS = 100
MAX_CHARS = 200
NUMBER_KINDS = "biufc"


@dataclass(frozen=True)
class Foreign:
    """A value that is neither a number nor an array of numbers."""

    type_name: str


@dataclass(frozen=True)
class Outcome:
    """Either a value, or the name of the exception and the line that raised it."""

    value: Any = None
    error: str | None = None
    line: int | None = None
    text: str = ""  # the exception's own words: shown locally, never sent out of the sandbox


def probe_seed(seed: int, probe_name: str) -> int:
    """The seed of one probe: the same inputs for student, reference and bugs.

    It says nothing about the seeds of other probes, so that a program that answers one can't
    know what another will ask.
    """
    return int.from_bytes(hashlib.sha256(f"{seed} {probe_name}".encode()).digest()[:16], "big")


def observe(
    probe_function: Any, function: Any, seed: int, given: dict[str, Any] | None = None
) -> Outcome:
    """Run one probe on a function; whatever the function does, an outcome comes back.

    `seed` is the probe's own; `given` is an encoded value that it gets as its third argument.
    Of a probe that yields its parts one by one, those before an exception are kept.
    """
    rng = np.random.default_rng(seed)
    inputs = (function, rng) if given is None else (function, rng, decode(given))
    parts: dict[str, Any] = {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):  # a warning costs nothing
        warnings.simplefilter("ignore")
        try:
            answer = probe_function(*inputs)
            if inspect.isgeneratorfunction(probe_function):
                for name, part in answer:
                    parts[name] = part
                answer = parts
            return Outcome(value=decode(encode(answer)))
        except (Exception, SystemExit) as error:
            return Outcome(
                value=decode(encode(parts)) if parts else None,
                error=type(error).__name__,
                line=_line_in(function, error),
                text=str(error),
            )


def encode(value: Any, depth: int = 0) -> dict[str, Any]:
    """A value as JSON-ready data; anything unexpected becomes its type's name."""
    if value is None or type(value) is bool or (type(value) is str and len(value) <= MAX_CHARS):
        return {"kind": "plain", "value": value}
    if isinstance(value, np.bool_):
        return {"kind": "plain", "value": bool(value)}
    if type(value) is float:
        return {"kind": "float", "value": value.hex()}
    if type(value) is int and abs(value) < 2**63:
        return {"kind": "plain", "value": value}
    if isinstance(value, np.generic) and value.dtype.kind in NUMBER_KINDS:
        return {**_encoded_array(np.asarray(value)), "kind": "scalar"}
    if type(value) is np.ndarray and value.dtype.kind in NUMBER_KINDS:
        return _encoded_array(value)
    if type(value) in (tuple, list) and depth < MAX_DEPTH and len(value) <= MAX_ITEMS:
        return {"kind": type(value).__name__, "items": [encode(v, depth + 1) for v in value]}
    if type(value) is dict and depth < MAX_DEPTH and len(value) <= MAX_ITEMS:
        items = [[str(key)[:80], encode(v, depth + 1)] for key, v in value.items()]
        return {"kind": "dict", "items": items}
    name = value.type_name if isinstance(value, Foreign) else type(value).__name__
    return {"kind": "foreign", "value": name[:40]}


def decode(data: dict[str, Any]) -> Any:
    """The value that `encode` described.

    Raises
    ------
    ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError
        If the data was not made by `encode`.
    """
    kind = data["kind"]
    if kind == "plain":
        value = data["value"]
        if isinstance(value, str):
            return value[:MAX_CHARS]
        return value if isinstance(value, bool | int) else None
    if kind == "float":
        return float.fromhex(data["value"])
    if kind == "array":
        return _decoded_array(data)
    if kind == "scalar":
        return _decoded_array(data).reshape(())[()]
    if kind == "foreign":
        return Foreign(str(data["value"]))
    if kind == "dict":
        return {str(key): decode(v) for key, v in data["items"]}
    return {"tuple": tuple, "list": list}[kind](decode(item) for item in data["items"])


def _encoded_array(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    if array.nbytes > MAX_BYTES:
        return {"kind": "foreign", "value": "very large array"}
    raw = base64.b64encode(array.tobytes()).decode("ascii")
    dtype = array.dtype.newbyteorder("<").str if array.dtype.byteorder == "=" else array.dtype.str
    return {"kind": "array", "dtype": dtype, "shape": list(array.shape), "data": raw}


def _decoded_array(data: dict[str, Any]) -> np.ndarray[Any, Any]:
    dtype, shape = np.dtype(str(data["dtype"])), [int(n) for n in data["shape"]]
    raw = base64.b64decode(data["data"], validate=True)
    if dtype.kind not in NUMBER_KINDS or len(shape) > 32 or min(shape, default=0) < 0:
        raise ValueError(f"not an array of numbers: {dtype}, {shape}")
    if len(raw) != dtype.itemsize * math.prod(shape):
        raise ValueError("the array's bytes do not fit its shape")
    return np.frombuffer(raw, dtype).reshape(shape).copy()


def _line_in(function: Any, error: BaseException) -> int | None:
    """The last line of the function's own file that the exception passed through."""
    code = getattr(function, "__code__", None)
    line, trace = None, error.__traceback__
    while trace is not None:
        if code is not None and trace.tb_frame.f_code.co_filename == code.co_filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
