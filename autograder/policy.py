"""What an answer may use, found in its text; what it did use is noticed in the sandbox, too.

`course.toml` states it, for the course and where needed for one exercise::

    [policy]
    imports = ["numpy", "math"]
    cost = "report"                      # or "exercise": what breaks the rule earns nothing

    [policy.exercises.minibatches]
    imports = ["numpy", "math", "random"]
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.statements import Statement
from course.exercise import load_exercise
from course.outcome import Outcome
from course.table import LessonError, course_table

REPORT, EXERCISE = COSTS = ("report", "exercise")
FORBIDDEN = ("eval", "exec", "compile", "__import__", "open", "globals", "input", "breakpoint")
LANGUAGE = {  # modules that compute nothing one would have to be taught
    "__future__", "collections", "copy", "dataclasses", "functools", "itertools", "numbers",
    "operator", "time", "typing", "warnings",
}  # fmt: skip
FOR_SHOW = {"matplotlib", "IPython", "tqdm"}  # may be imported too, but show nothing
DIFFERENTIATION_ERRORS = (1e-13, 1e-3)  # relative: above rounding, below a mistake


@dataclass(frozen=True)
class Policy:
    """The rule for one exercise."""

    imports: frozenset[str]
    cost: str

    @property
    def modules(self) -> tuple[str, ...]:
        """All that may be imported."""
        return tuple(sorted(self.imports | LANGUAGE | FOR_SHOW))

    def allows(self, module: str) -> bool:
        return module.split(".")[0] in self.modules


def policy_of(exercise: str) -> Policy:
    """What `course.toml` says about an exercise.

    Raises
    ------
    LessonError
        If it says something that can't be meant.
    """
    table = course_table().get("policy", {})
    rule = {"imports": ["numpy", "math"], "cost": REPORT, **table}
    rule |= table.get("exercises", {}).get(exercise, {})
    if rule["cost"] not in COSTS:
        raise LessonError(
            f"course.toml, [policy]: expected cost {' or '.join(COSTS)}, got {rule['cost']!r}"
        )
    return Policy(frozenset(rule["imports"]), rule["cost"])


def breaches_in_text(statements: Sequence[Statement], policy: Policy) -> Iterator[str]:
    """What the text of an answer uses against the rule, each with its cell and line."""
    for statement in statements:
        for node in ast.walk(statement.node):
            for what in _used(node, policy):
                line = statement.line + getattr(node, "lineno", 1) - statement.node.lineno
                yield described(what, statement.cell, line)


def described(what: str, cell: int, line: int) -> str:
    """One finding in words."""
    return f"{what} (cell {cell + 1}, line {line})"


def is_numerical_differentiation(exercise: str, outcomes: Mapping[str, Outcome], seed: int) -> bool:
    """Is a gradient wrong only by as much as finite differences are?

    Steps of 1e-5 leave relative errors of about 1e-10 to 1e-6 in double precision; a mistake in a
    formula leaves far more, rounding far less.
    """
    if not (exercise.endswith("_backward") or exercise == "mlp_loss"):
        return False
    errors = [
        error
        for probe in load_exercise(exercise).visible.probes
        for error in _relative_errors(
            outcomes[probe.name].value, load_exercise(exercise).expected(probe, seed).value
        )
    ]
    low, high = DIFFERENTIATION_ERRORS
    return bool(errors) and max(errors) < high and max(errors) > low


def _used(node: ast.AST, policy: Policy) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (f"import {a.name}" for a in node.names if not policy.allows(a.name))
    elif isinstance(node, ast.ImportFrom) and not policy.allows(node.module or "."):
        yield f"from {node.module} import"
    elif isinstance(node, ast.Name) and node.id in FORBIDDEN and isinstance(node.ctx, ast.Load):
        yield node.id


def _relative_errors(got: object, expected: object) -> Iterator[float]:
    """The largest difference of each array, relative to the array's own largest number.

    What can't be compared counts as infinitely wrong.
    """
    if isinstance(expected, dict) and isinstance(got, dict):
        for name, value in expected.items():
            yield from _relative_errors(got.get(name), value)
    elif isinstance(expected, tuple | list) and isinstance(got, tuple | list):
        pairs = zip(got, expected, strict=False)
        yield from (e for pair in pairs for e in _relative_errors(*pair))
        if len(got) != len(expected):
            yield np.inf
    elif isinstance(expected, np.ndarray | float):
        same_shape = isinstance(got, np.ndarray | float) and np.shape(got) == np.shape(expected)
        if not same_shape:
            yield np.inf
        elif np.size(expected):
            error = np.abs(np.asarray(got) - expected).max() / (np.abs(expected).max() + 1e-300)
            yield float(error) if np.isfinite(error) else np.inf
