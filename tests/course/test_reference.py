"""Tests for course.reference."""

import doctest

import numpy as np
import pytest

from course.exercise import exercise_names
from course.reference import compiled, edited_reference, reference, solution_source, stub_source
from nnkit import functional


@pytest.mark.parametrize("name", exercise_names())
def test_stub_keeps_signature_and_docstring_but_no_formula(name):
    """The stub is the task: shapes and an example, no notes that give the solution away."""
    stub = stub_source(name)

    assert stub.startswith(f"def {name}(")
    assert "Parameters\n" in stub or f"def {name}():" in stub
    assert "Examples\n" in stub
    assert "Notes\n" not in stub
    with pytest.raises(NotImplementedError):
        compiled(stub, name)(*range(compiled(stub, name).__code__.co_argcount))


@pytest.mark.parametrize("name", sorted({*exercise_names()} - {*functional.__all__}))
def test_examples_of_a_reference_outside_of_the_library_are_right(name):
    """Students read them in the stub."""
    names = {"np": np, name: reference(name)}
    test = doctest.DocTestParser().get_doctest(reference(name).__doc__, names, name, None, None)

    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("name", exercise_names())
def test_solution_runs_without_decorators_and_annotations(name):
    """A student's cell has NumPy and the other exercises, nothing else."""
    source = solution_source(name, "### BEGIN SOLUTION", "### END SOLUTION")

    assert "@" not in source.split("def ")[0]
    assert "->" not in source.splitlines()[0]
    assert source.index("### BEGIN SOLUTION") < source.index("### END SOLUTION")
    assert callable(compiled(source, name))


def test_edit_changes_the_function_and_leaves_the_reference():
    """A bug is the reference with one place changed."""
    logits = np.array([[0.0, 1.0]])
    wrong = edited_reference("softmax", "np.exp(shifted)", "np.exp2(shifted)")

    assert not np.allclose(wrong(logits), reference("softmax")(logits))


@pytest.mark.parametrize("old", ["no such text", "logits"])
def test_edit_must_fit_in_one_place(old):
    """An edit that fits nowhere or twice would be a different mistake than its hint says."""
    with pytest.raises(ValueError, match="once"):
        edited_reference("softmax", old, "x")
