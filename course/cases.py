"""Broken programs to be diagnosed and repaired: which mistake stands where.

The exercise of a case says ``STARTS = [Edit(...), ...]``: mistakes of its reference, one of which
the lesson plants. Which one is decided by ``variant = ...`` in the lesson's row of `course.toml`.
The name of such an edit begins with a key of `CAUSES`, the list from which students choose a
diagnosis.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import cache

from course.reference import edited_source
from course.spec import Edit
from course.table import lesson_row

CAUSES = {
    "unscaled_inputs": "The inputs are not scaled.",
    "huge_weights": "The weights are much too large at the start.",
    "tiny_weights": "The weights are much too small at the start.",
    "equal_units": "All hidden units start equal.",
    "dead_units": "Hidden units are off for every example from the start.",
    "unpaired_labels": "Inputs and labels don't belong together.",
    "summed_gradient": "The gradient is a sum over the examples where it should be a mean.",
    "uphill": "The steps go uphill.",
    "no_gate": "The way back ignores where ReLU was off.",
    "not_reset": "Gradients of earlier steps are added to the new ones.",
    "state_anew": "The optimizer forgets its state in each step.",
    "step_not_counted": "The optimizer takes each step for the first one.",
    "dropout_stays_on": "Dropout stays on when the network is used.",
    "other_statistics": "New data are standardized by other numbers than the training data.",
    "tiny_rate": "The learning rate is much too small.",
    "overfitting": "The network is too large for its few examples.",
}
DIAGNOSES = """What is wrong in each case.

    Returns
    -------
    causes : dict of str to int
        For each letter from ``"a"`` to ``"h"`` the number of the cause in the list, as in
        ``{"a": 16, "b": 16, "c": 16, "d": 16, "e": 16, "f": 16, "g": 16, "h": 16}``.

    Examples
    --------
    >>> len(diagnoses())
    8
    """


def starts(exercise: str) -> tuple[Edit, ...]:
    """The mistakes that a lesson may plant into the reference of an exercise."""
    module = importlib.import_module(f"course.exercises.{exercise}")
    return tuple(getattr(module, "STARTS", ()))


def start(exercise: str, variant: int) -> Edit:
    """The mistake that a variant of the lesson plants."""
    edits = starts(exercise)
    return edits[variant % len(edits)]


def case_name(exercise: str) -> str:
    """The broken program's name: that of ``repair_a`` is ``case_a``."""
    return exercise.replace("repair", "case", 1)


def case_source(exercise: str, variant: int) -> str:
    """The broken program, as students get it."""
    edit = start(exercise, variant)
    return edited_source(exercise, edit.old, edit.new, case_name(exercise))


def diagnosis(exercise: str, variant: int) -> int:
    """The number of what is wrong in the list of causes, counted from 1."""
    name = start(exercise, variant).name
    return next(number for number, cause in enumerate(CAUSES, 1) if name.startswith(cause))


@cache
def planted_variant(exercise: str) -> int:
    """The variant of the lesson that asks for an exercise."""
    return int(lesson_row(exercise).get("variant", 0))


def diagnoses_source(exercises: Sequence[str], variant: int) -> str:
    """The function that returns the right number for each case, as text."""
    numbers = {name[-1]: diagnosis(name, variant) for name in exercises}
    return f'def diagnoses():\n    """{DIAGNOSES}"""\n    return {numbers}\n'.replace("'", '"')
