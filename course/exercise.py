"""An exercise: probes, known bugs and points for one function, and the grading of values."""

from __future__ import annotations

import ast
import copy
import hashlib
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache, partial
from types import ModuleType
from typing import Any

import numpy as np

import course.exercises
from course import asking
from course.calls import Call, CallRecorder
from course.hints import Match, hint, matching_bug
from course.judging import MOST_SUMMED, Judged, agree, judged
from course.mutants import matching_mutant
from course.outcome import Outcome, encode, observe, probe_seed
from course.pairs import matching_pair
from course.reference import (
    edited_reference,
    reference,
    return_names,
    stub_source,
)
from course.spec import Alternative, Edit, Function, Probe, Wrong
from course.verdict import ProbeResult, Report

MISSING = Outcome(error="no result")


class Exercise:
    """One exercise file, ready to grade.

    Attributes
    ----------
    name : str
        The name of the function, in `nnkit.functional` and in the notebook.
    probes : tuple of Probe
    bugs : tuple of Edit or Wrong
        Known mistakes, each with a name and a hint.
    alternatives : tuple of Alternative
        Correct solutions written another way, each with a name.
    seconds : float or None
        The time limit for its probes, where its file says ``SECONDS = ...``.
    """

    def __init__(self, name: str, module: ModuleType) -> None:
        found = list(vars(module).values())
        self.name = name
        self.module_source = inspect.getsource(module)
        imported = {v.__module__ for v in found if inspect.isfunction(v)} - {module.__name__}
        self.helpers = {m for m in imported if m.startswith("course.") and m != Probe.__module__}
        self.probes = tuple(p for p in found if isinstance(p, Probe))
        self.bugs: tuple[Edit | Wrong, ...] = (
            *getattr(module, "BUGS", ()),
            *(b for b in found if isinstance(b, Wrong)),
        )
        self.alternatives = tuple(a for a in found if isinstance(a, Alternative))
        self.seconds: float | None = getattr(module, "SECONDS", None)

    @property
    def points(self) -> float:
        return sum(probe.points for probe in self.probes)

    @property
    def stub(self) -> str:
        return stub_source(self.name)

    @cached_property
    def digest(self) -> str:
        """A hash of all that its grades depend on: probes, tolerances, bugs and the reference.

        What its file imports from elsewhere in the course counts as well.
        """
        shared = [inspect.getsource(sys.modules[name]) for name in sorted(self.helpers)]
        asked = [probe.name for probe in self.probes]
        own = [self.module_source, inspect.getsource(reference(self.name))]
        said = "".join([*own, *shared, *asked])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @cached_property
    def visible(self) -> Exercise:
        """The same exercise without its hidden probes, as `check` asks it."""
        shown = copy.copy(self)
        shown.probes = tuple(probe for probe in self.probes if not probe.hidden)
        return shown

    @cached_property
    def probe_source(self) -> str:
        """The probes, and the helpers that they call, as plain functions.

        This is all that goes into the sandbox, from the exercise's own file and `course.asking`.
        Bugs, alternatives and their helpers, which contain solutions, stay behind.
        """
        functions = {**_functions(inspect.getsource(asking)), **_functions(self.module_source)}
        wanted = {probe.name for probe in self.probes}
        waiting = list(wanted)
        while waiting:
            called = _names_in(functions[waiting.pop()]) & functions.keys() - wanted
            waiting += called
            wanted |= called
        kept = [node for name, node in functions.items() if name in wanted]
        return "import numpy as np\n\n" + "\n\n".join(ast.unparse(node) for node in kept)

    def bug_function(self, bug: Edit | Wrong) -> Function:
        """The wrong function of a known bug."""
        if isinstance(bug, Wrong):
            return bug.function
        return edited_reference(self.name, bug.old, bug.new)

    def observe(self, function: Function, seed: int) -> dict[str, Outcome]:
        """Run all probes on a function, in this process: for trusted code only."""
        return {probe.name: self.outcome(probe, function, seed) for probe in self.probes}

    def outcome(self, probe: Probe, function: Function, seed: int) -> Outcome:
        """Run one probe on a function, in this process: for trusted code only."""
        own_seed = probe_seed(seed, probe.name)
        return observe(probe.function, function, own_seed, self.given(probe, seed))

    def expected(self, probe: Probe, seed: int) -> Outcome:
        """What the reference brings."""
        return _expected_with_calls(self, probe, seed)[0]

    def given(self, probe: Probe, seed: int) -> dict[str, Any] | None:
        """What a probe needs from the reference, encoded; None if it needs nothing."""
        return None if probe.given is None else _given(probe, seed)

    def with_key(self, probe: Probe, seed: int) -> Probe:
        """The probe, its summary with the key that it needs, if it needs one."""
        if not (probe.key and probe.summary):
            return probe
        key = probe.key(_rng_for_given(probe, seed))
        return replace(probe, summary=partial(probe.summary, key=key))

    def grade(self, function: Function, seed: int = 0) -> Report:
        """Grade a function in this process: for trusted code only.

        Parameters
        ----------
        function : callable
            The student's function.
        seed : int
            Decides the inputs of all probes.

        Examples
        --------
        >>> load_exercise("softmax").grade(lambda logits: logits).points
        0
        """
        helpers = broken_helpers(self.name, function, seed)
        return self.judge(self.observe(function, seed), seed, helpers_first(self.name, helpers))

    def judge(self, outcomes: Mapping[str, Outcome], seed: int, remark: str = "") -> Report:
        """Grade what a function returned, without running it.

        Parameters
        ----------
        outcomes : mapping of str to Outcome
            What came out of each probe; a missing one is worth nothing.
        seed : int
            The seed that the probes were run with.
        remark : str
            What is known about the function from elsewhere; if something is wrong, it comes
            before any other hint.
        """
        results = [self._judged(p, outcomes.get(p.name, MISSING), seed) for p in self.probes]
        match = self._match(results, seed)
        return Report(
            exercise=self.name,
            points=sum(result.probe.points for result in results if not result.difference),
            max_points=self.points,
            hint=hint(self.name, results, match, remark),
            bug=match.bug.name if match else "",
            probes=tuple(map(ProbeResult.of, results)),
        )

    def is_right(self, asked: Sequence[str], outcomes: Mapping[str, Outcome], seed: int) -> bool:
        """Whether those probes, by name, brought what the reference brings."""
        return all(
            agree(self.with_key(p, seed), self.expected(p, seed), outcomes.get(p.name, MISSING))
            for p in self.probes
            if p.name in asked
        )

    def _judged(self, probe: Probe, got: Outcome, seed: int) -> Judged:
        expected, calls = _expected_with_calls(self, probe, seed)
        return judged(self.with_key(probe, seed), expected, got, return_names(self.name), calls)

    def _match(self, results: Sequence[Judged], seed: int) -> Match | None:
        """The known bug that explains the results, if any is wrong."""
        if not any(result.difference for result in results):
            return None

        def outcome_of(bug: Edit | Wrong, probe: Probe) -> Outcome:
            return _outcome_of_bug(self, bug, probe, seed)

        match = matching_bug(self.bugs, results, outcome_of)
        if match and match.complete:
            return match

        def outcome(probe: Probe, function: Function) -> Outcome:
            return self.outcome(probe, function, seed)

        fails = partial(_probes_failed, load_exercise(self.name))
        pair = matching_pair(self.name, self.bugs, results, fails, outcome)
        if pair:
            return pair
        mutant = matching_mutant(self.name, results, outcome)
        return mutant if mutant and (mutant.complete or not match) else match


def _outcome_of_bug(exercise: Exercise, bug: Edit | Wrong, probe: Probe, seed: int) -> Outcome:
    kept = _numbers_of_bug if probe.summary is None else _many_numbers_of_bug
    return kept(exercise, bug, probe, seed)


def _observed_bug(exercise: Exercise, bug: Edit | Wrong, probe: Probe, seed: int) -> Outcome:
    return exercise.outcome(probe, exercise.bug_function(bug), seed)


# In a notebook, all checks have the same seed.
_numbers_of_bug = lru_cache(maxsize=2048)(_observed_bug)
_many_numbers_of_bug = lru_cache(maxsize=MOST_SUMMED)(_observed_bug)


@cache  # for one seed, as hardly a mistake fails other probes for others
def _probes_failed(exercise: Exercise, bug: Edit | Wrong) -> frozenset[str]:
    function = exercise.bug_function(bug)
    return frozenset(
        p.name
        for p in exercise.probes
        if not agree(
            exercise.with_key(p, 0), exercise.expected(p, 0), exercise.outcome(p, function, 0)
        )
    )


@lru_cache(maxsize=256)  # when one seed is asked for many functions, as `nnkit verify` does
def _expected_with_calls(
    exercise: Exercise, probe: Probe, seed: int
) -> tuple[Outcome, tuple[Call, ...]]:
    recorder = CallRecorder(reference(exercise.name))
    return exercise.outcome(probe, recorder, seed), recorder.calls


@lru_cache(maxsize=32)  # all known mistakes are asked with the inputs of the student
def _given(probe: Probe, seed: int) -> dict[str, Any]:
    assert probe.given is not None
    return encode(probe.given(_rng_for_given(probe, seed)))


def _rng_for_given(probe: Probe, seed: int) -> np.random.Generator:
    return np.random.default_rng(probe_seed(seed, f"{probe.name}, given"))


def _functions(source: str) -> dict[str, ast.FunctionDef]:
    """The functions of a file by name, without decorators and annotations."""
    found = {n.name: n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}
    for outer in found.values():
        outer.decorator_list = []
        for node in ast.walk(outer):
            if isinstance(node, ast.FunctionDef):
                node.returns = None
            elif isinstance(node, ast.arg):
                node.annotation = None
    return found


def _names_in(function: ast.FunctionDef) -> set[str]:
    """Names in the body; what the decorator names stays outside of the sandbox."""
    return {n.id for s in function.body for n in ast.walk(s) if isinstance(n, ast.Name)}


def broken_helpers(name: str, function: Function, seed: int) -> tuple[str, ...]:
    """Other exercises' functions that this one calls and that fail their own probes."""
    code, namespace = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    called = [n for n in getattr(code, "co_names", ()) if n in exercise_names() and n != name]
    own = [n for n in called if callable(namespace.get(n)) and namespace[n] is not reference(n)]
    return tuple(n for n in own if not load_exercise(n).grade(namespace[n], seed).passed)


def helpers_first(name: str, broken: tuple[str, ...]) -> str:
    """What to say when a function calls others that are not right."""
    if not broken:
        return ""
    return (
        f"{name} calls your {' and '.join(broken)}, which {'is' if len(broken) == 1 else 'are'} "
        "not right yet: repair that first, then check again."
    )


@cache
def exercise_names() -> tuple[str, ...]:
    """The names of all exercises, in alphabetical order."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(course.exercises.__path__)))


@cache
def load_exercise(name: str) -> Exercise:
    """The exercise for one function.

    Parameters
    ----------
    name : str
        The function's name, such as ``"softmax"``.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> load_exercise("softmax").stub.splitlines()[0]
    'def softmax(logits):'
    """
    if name not in exercise_names():
        raise ValueError(f"expected one of {', '.join(exercise_names())}; got {name!r}")
    return Exercise(name, importlib.import_module(f"course.exercises.{name}"))
