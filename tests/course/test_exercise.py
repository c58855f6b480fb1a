"""Tests for course.exercise, course.judging and course.hints: how a function gets its grade."""

import inspect
import json
from importlib import import_module

import numpy as np
import pytest

import course.measures
from course.compare import difference, same
from course.exercise import Exercise, exercise_names, helpers_first, load_exercise
from course.hints import hint, matching_bug
from course.judging import Judged
from course.outcome import Outcome, observe, probe_seed
from course.reference import compiled, reference
from course.spec import Wrong, probe
from course.verdict import Report


def stable(logits):
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def in_place_and_over_columns(logits):
    """Two mistakes at once."""
    logits -= logits.max(axis=1, keepdims=True)
    return np.exp(logits) / np.exp(logits).sum(axis=0)


@pytest.fixture
def softmax():
    return load_exercise("softmax")


@pytest.mark.parametrize("seed", range(5))
def test_a_right_function_earns_everything_and_hears_nothing(softmax, seed):
    """There is no hint where nothing is wrong."""
    report = softmax.grade(stable, seed)
    assert report.passed
    assert (report.points, report.hint, report.bug) == (softmax.points, "", "")


def test_points_are_given_by_idea(softmax):
    """A mistake costs the points of the probes that show it, and no others."""
    report = softmax.grade(softmax.bug_function(named(softmax, "in_place")))
    assert [p.name for p in report.probes if not p.passed] == ["clean_calls"]
    assert report.points == softmax.points - 1


def test_one_mistake_out_of_two_is_named(softmax):
    """The hint says which, and that there is more."""
    report = softmax.grade(in_place_and_over_columns)
    assert report.bug == "sums_columns"
    assert report.hint.startswith(named(softmax, "sums_columns").hint)
    assert report.hint.endswith("something else may differ, too.)")


def test_an_unknown_mistake_gets_the_claim_and_what_came(softmax):
    """Without a known bug the hint is the first claim that does not hold, and a description."""
    report = softmax.grade(lambda logits: stable(logits)[:, ::-1])
    assert report.bug == ""
    assert report.hint.startswith("Not yet true: “softmax gives each row's probabilities”. There, ")
    assert "another order" in report.hint


def test_memory_goes_before_what_it_causes(softmax):
    """A result that is kept spoils every probe; the hint names the reason."""
    kept = []

    def cached(logits):
        kept.append(stable(logits))
        return kept[0]

    assert "kept from an earlier call" in softmax.grade(cached).hint


def test_a_missing_outcome_is_worth_nothing(softmax):
    """Points come from values that are there."""
    outcomes = softmax.observe(stable, 7)
    outcomes.pop("square_batch")
    report = softmax.judge(outcomes, 7)
    assert report.points == softmax.points - 1
    assert "no result came back" in report.hint


@pytest.mark.parametrize("error", ["timeout", "killed", "undefined", "NotImplementedError"])
def test_a_function_that_never_answers_gets_one_sentence(softmax, error):
    """It does not speak of any probe."""
    outcomes = {p.name: Outcome(error=error) for p in softmax.probes}
    report = softmax.judge(outcomes, 7)
    assert report.points == 0
    assert report.hint.startswith("softmax: ")


def test_a_remark_goes_before_everything(softmax):
    """What is known from elsewhere is said first, but only where something is wrong."""
    wrong, right = softmax.observe(np.copy, 7), softmax.observe(stable, 7)
    assert (
        softmax.judge(wrong, 7, "repair the other one first").hint == "repair the other one first"
    )
    assert softmax.judge(right, 7, "repair the other one first").hint == ""


def test_a_broken_helper_is_named_first():
    """Who calls a wrong function of one's own is told to repair that."""
    helper = "def softmax(z):\n    return z\n"
    namespace = {}
    exec(helper + "def cross_entropy_backward(z, t):\n    return softmax(z)", namespace)
    report = load_exercise("cross_entropy_backward").grade(namespace["cross_entropy_backward"])
    assert report.hint == helpers_first("cross_entropy_backward", ("softmax",))


def test_the_same_seed_asks_the_same(softmax):
    """A grade can be replayed from its seed."""
    assert softmax.grade(np.cos, 7) == softmax.grade(np.cos, 7)
    assert softmax.grade(np.cos, 7) != softmax.grade(np.cos, 8)


def test_a_report_survives_json(softmax):
    """It goes to a file and back."""
    report = softmax.grade(in_place_and_over_columns)
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report


def test_the_visible_exercise_hides_what_is_hidden(softmax):
    """`check` asks fewer questions than the grader does."""
    assert [p.name for p in softmax.visible.probes] == [
        p.name for p in softmax.probes if not p.hidden
    ]
    assert softmax.visible.points < softmax.points


@pytest.mark.parametrize("name", exercise_names())
def test_probes_run_where_there_is_only_numpy(name):
    """Their source, on its own, gives what the probes give."""
    exercise, namespace = load_exercise(name), {}
    exec(exercise.probe_source, namespace)
    for item in exercise.probes:
        inputs = reference(name), probe_seed(3, item.name), exercise.given(item, 3)
        alone, here = observe(namespace[item.name], *inputs), observe(item.function, *inputs)
        assert alone.error is None, alone
        assert same(here, alone, 0.0, 0.0)


def test_an_unknown_name_is_refused_with_the_known_ones():
    """The message lists what there is."""
    with pytest.raises(ValueError, match=", ".join(exercise_names())):
        load_exercise("no_such_exercise")


def named(exercise, name):
    return next(bug for bug in exercise.bugs if bug.name == name)


# How a known mistake is found, on two probes of two numbers


@probe("gives the first two", points=1)
def first(function, rng):
    return function(rng)


@probe("gives the last two", points=1)
def last(function, rng):
    return function(rng)


RIGHT = {"first": [0.5, 1.5], "last": [2.5, 3.5]}
BUGS = {
    "A": {"first": [0.7, 1.7], "last": [2.7, 3.7]},
    "B": {"first": [0.7, 1.7], "last": [2.5, 3.5]},
    "also B": {"first": [0.7, 1.7], "last": [2.5, 3.5]},
    "C": {"first": [0.5, 1.5], "last": [2.5, 9.5]},
    "zeros": {"first": [0.0, 0.0], "last": [4.0, 4.0]},
    "crash": {"first": "unreadable", "last": "unreadable"},
}


def outcome(value):
    """An outcome of two numbers, or of an exception with these words."""
    return (
        Outcome(error="ValueError", text=value) if type(value) is str else Outcome(np.array(value))
    )


def found(got, *names, hints=None):
    """The match among these bugs for values that came, and the name of the bug."""
    hints = hints or {}
    bugs = [Wrong(name, lambda: None, hints.get(name, name)) for name in names]
    results = []
    for item in (first, last):
        wanted, came = outcome(RIGHT[item.name]), outcome(got[item.name])
        wrong = difference(wanted, came, item.rtol, item.atol)
        results.append(Judged(item, wanted, came, wrong, "it is wrong" if wrong else ""))
    match = matching_bug(bugs, results, lambda bug, item: outcome(BUGS[bug.name][item.name]))
    return (match.bug.name, match.complete) if match else None


def test_a_bug_that_explains_everything_is_the_one():
    """It agrees on all probes, those that passed included."""
    assert found(BUGS["A"], "A", "B", "C") == ("A", True)
    assert found(BUGS["B"], "A", "B", "C") == ("B", True)


def test_of_bugs_that_agree_equally_none_is_claimed():
    """Two hints for one behaviour would be a guess; one hint is not."""
    assert found(BUGS["B"], "B", "also B") is None
    assert found(BUGS["B"], "B", "also B", hints={"B": "b", "also B": "b"}) == ("B", True)


def test_a_bug_that_explains_half_is_one_of_several():
    """The numbers on one probe are too odd to be chance."""
    assert found({"first": [0.7, 1.7], "last": [8.1, 8.2]}, "A", "C") == ("A", False)


def test_chance_is_no_match():
    """Whole numbers, such as counts and zeros, are shared by many mistakes."""
    assert found({"first": [0.0, 0.0], "last": [8.1, 8.2]}, "zeros") is None


def test_a_bug_that_explains_nothing_is_not_claimed():
    """Other wrong numbers have another cause."""
    assert found({"first": [0.1, 0.2], "last": [0.3, 0.4]}, "A", "B", "C", "crash") is None


def test_a_crash_is_told_by_its_words():
    """Many mistakes end in the same kind of exception; its words tell them apart."""
    assert found(BUGS["crash"], "crash") == ("crash", True)
    assert found({"first": "other words", "last": "other words"}, "crash") is None


def test_without_a_match_the_first_message_is_the_hint():
    """The claim says what should be, the message what is."""
    wrong = difference(outcome([1.0]), outcome([2.0]), 0, 0)
    result = Judged(first, outcome([1.0]), outcome([2.0]), wrong, "it is wrong")
    assert (
        hint("f", [result], None, "")
        == "Not yet true: “f gives the first two”. There, it is wrong."
    )


FOUR = ["softmax", "log_softmax", "cross_entropy", "cross_entropy_backward"]


@pytest.mark.parametrize("name", FOUR)
def test_no_known_bug_is_a_mere_crash(name):
    """A bug whose own edit does not run would match every crash."""
    exercise = load_exercise(name)
    for bug in exercise.bugs:
        outcomes = exercise.observe(exercise.bug_function(bug), 3).values()
        assert any(o.error is None or o.value for o in outcomes), bug.name


@pytest.mark.parametrize("name", FOUR)
def test_bugs_have_hints_that_are_short_and_give_no_code(name):
    """A hint is one or two sentences; the solution's calls are not in it."""
    for bug in load_exercise(name).bugs:
        assert len(bug.hint) < 200, bug.name
        assert not any(code in bug.hint for code in ("np.arange(", "logits.max(", "axis=1, k")), (
            bug.name
        )


@pytest.mark.parametrize("name", sorted({*exercise_names()} - {"train_classifier"}))
def test_names_of_parts_come_whole_out_of_the_sandbox(name):
    """Longer ones are cut, and two of them could become one."""
    exercise = load_exercise(name)
    values = [outcome.value for outcome in exercise.observe(reference(name), seed=0).values()]

    assert all(len(part) < 80 for value in values if isinstance(value, dict) for part in value)


@pytest.mark.parametrize("name", FOUR)
def test_the_reference_as_handed_in_passes(name):
    """What is compiled from its text is as right as the function itself."""
    exercise = load_exercise(name)
    assert exercise.grade(reference(name), 11).passed
    assert exercise.grade(compiled(exercise.stub, name), 11).points == 0


def test_what_an_exercise_imports_counts_for_its_digest(monkeypatch):
    """A bound in `course.measures` decides points, so results from before are out of date."""
    names = ("repair_a", "softmax")
    before = [Exercise(name, import_module(f"course.exercises.{name}")).digest for name in names]
    source_of = inspect.getsource

    def changed(thing):
        return source_of(thing) + ("# changed" if thing is course.measures else "")

    monkeypatch.setattr(inspect, "getsource", changed)
    after = [Exercise(name, import_module(f"course.exercises.{name}")).digest for name in names]

    assert after[0] != before[0]
    assert after[1] == before[1]
