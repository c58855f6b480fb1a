"""Tests for autograder.ipython: a cell's text as Python."""

import ast

import pytest

from autograder.ipython import functions_in, is_readable, readable

REWRITTEN = {
    "a magic": ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    "a cell magic": ("%%time\nx = 1", "pass\nx = 1"),
    "a shell command": ("if x:\n    !ls", "if x:\n    pass"),
    "a timed assignment": ("%time x = f()", "x = f()"),
    "output of a command": ("files = !ls -l", "files = None"),
    "help before": ("?np.exp\nx = 1", "pass\nx = 1"),
    "help after": ("np.exp??\nx = 1", "pass\nx = 1"),
    "an indented cell": ("  x = 1\n  if x:\n    y = 2", "x = 1\nif x:\n  y = 2"),
}


@pytest.mark.parametrize("case", REWRITTEN)
def test_what_only_ipython_understands_is_rewritten(case):
    """Line numbers stay, so that messages name the right line."""
    text, python = REWRITTEN[case]

    assert readable(text) == python
    assert text.count("\n") == python.count("\n")


@pytest.mark.parametrize("text", ["x = 7\\\n% 3", "x = '''\n%time\n!ls'''", "x = (1\n% 2)"])
def test_python_stays_as_it_is(text):
    """A percent sign at the start of a line may belong to Python."""
    assert readable(text) == text
    ast.parse(text)


@pytest.mark.parametrize(
    "text", ["x = = 1", "%%bash\nfor i in *; do echo $i; done", "x\x00", "é€("]
)
def test_what_is_no_python_is_no_python(text):
    """It is left alone, and said to be unreadable."""
    assert readable(text) == text
    assert not is_readable(text)
    assert functions_in(text) == {}


def test_functions_are_found_with_or_without_a_body():
    """The last definition of a name counts, as in Python."""
    text = (
        "%time 1\ndef f():\n    return 1\ndef g():\n    raise NotImplementedError()\n"
        "def h():\n    pass\ndef f():\n    ...\nclass C:\n    def inner(self): return 1"
    )

    assert functions_in(text) == {"f": False, "g": False, "h": False}
