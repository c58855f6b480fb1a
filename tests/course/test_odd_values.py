"""Whatever a function returns, it is judged: no value stops the grading of a class."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.exercise import load_exercise
from course.outcome import Foreign, Outcome, decode, encode

NAMES = [  # of each kind of result and of probe one
    "adam_step", "batchnorm_forward", "clip_gradients", "cosine_schedule", "diagnoses",
    "early_stopping_epoch", "grid", "kaiming_normal", "linear", "minibatches", "mlp_backward",
    "one_hot", "random_search", "repair_a", "softmax", "split_indices", "successive_halving",
]  # fmt: skip
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
DTYPES = st.sampled_from(["f8", "f4", "f2", "i8", "u1", "i1", "?", "c16", ">f8", "c8"])
PLAIN = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=9)
    | st.floats() | st.builds(Foreign, st.text(max_size=9))
    | DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, SHAPES))
)  # fmt: skip
VALUES = st.recursive(
    PLAIN,
    lambda part: (
        st.lists(part, max_size=3)
        | st.lists(part, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=5), part, max_size=3)
    ),
    max_leaves=6,
)
WAYS = st.sampled_from(["instead", "of a part", "of an item", "error after a part"])


def odd(value, way, other):
    """What the reference brings, with something else in its place, or in that of a part."""
    if way == "instead" or not isinstance(value, dict) or not value:
        return Outcome(other)
    name, parts = next(iter(value)), dict(value)
    if way == "error after a part":
        return Outcome({name: other}, error="ValueError", line=3)
    items = parts[name]
    several = way == "of an item" and isinstance(items, list | tuple) and items
    parts[name] = type(items)([other, *items[1:]]) if several else other
    return Outcome(parts)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES, WAYS, st.integers(0, 2**16))
def test_any_value_is_judged(name, value, way, pick):
    """There is a report, a hint where points are missing, and no warning."""
    exercise = load_exercise(name)
    outcomes = {probe.name: exercise.expected(probe, 1) for probe in exercise.probes}
    changed = sorted(outcomes)[pick % len(outcomes)]
    with np.errstate(all="raise"):
        value = decode(encode(value))
        report = exercise.judge(outcomes | {changed: odd(outcomes[changed].value, way, value)}, 1)

    assert report.passed or report.hint
    assert 0 <= report.points <= report.max_points
