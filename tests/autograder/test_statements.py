"""Tests for autograder.statements: what a statement sets, changes and uses."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.statements import is_stub, parse, statements


def only(text):
    (statement,) = statements(text, 0)
    return statement


BINDS = {
    "x = y = 1": {"x", "y"},
    "x, (y, *z) = 1, (2, 3)": {"x", "y", "z"},
    "x += 1": {"x"},
    "x: int = 1": {"x"},
    "del x": {"x"},
    "import a.b, c as d": {"a", "d"},
    "from a import b as c, d": {"c", "d"},
    "from a import *": {"*"},
    "for i in y:\n    z = i": {"i", "z"},
    "with a as b:\n    c = 1": {"b", "c"},
    "try:\n    pass\nexcept E as e:\n    pass": {"e"},
    "if (n := f()):\n    pass": {"n"},
    "match x:\n    case [a, *b] | {'k': a, **b}:\n        pass": {"a", "b"},
    "def f(a):\n    b = 1": {"f"},
    "class C:\n    b = 1": {"C", "b"},
    "if x:\n    def f(): pass": {"f"},
    "[i for i in x]": set(),
    "x[0] = 1": set(),
    "x.a = 1": set(),
    "f = lambda a: (b := a)": {"f"},
}


@pytest.mark.parametrize("text", BINDS)
def test_names_that_a_statement_sets(text):
    """Also in patterns and in compound statements; not those local to a function."""
    assert only(text).binds == BINDS[text]


CHANGES = {
    "x[0] = 1": {"x"},
    "x.a.b[0] += 1": {"x"},
    "del x[0]": {"x"},
    "x.append(1)": {"x"},
    "x[0].rows.sort()": {"x"},
    "y = x.pop()": {"x"},
    "y = x.mean()": set(),
    "[x.append(i) for i in y]": {"x"},
    "for i in y:\n    x.append(i)": {"x"},
    "for row in x:\n    row /= row.sum()": {"x"},
    "for a, row in enumerate(zip(x, y)):\n    row.fill(a)": {"x", "y", "row"},
    "for a, b in zip(x, y):\n    a[0] = b": {"x", "y", "a"},
    "for row in x:\n    total = row": set(),
    "f(x).append(1)": set(),
    "def f():\n    x.append(1)": set(),
    "print(x)": set(),
}


@pytest.mark.parametrize("text", CHANGES)
def test_names_that_a_statement_stores_into(text):
    """A method whose value is dropped was called for what it does."""
    assert only(text).changes == CHANGES[text]


HANDED = {
    "fill(x)": {"x"},
    "np.fill_diagonal(x, 0)": {"x"},
    "np.add(x, 1, out=y)": {"x", "y"},
    "fill(x[0].rows, *y)": {"x", "y"},
    "fill(f(x))": {"x"},
    "y = fill(x)": set(),
    "print(x)": set(),
    "check(x)": set(),
}


@pytest.mark.parametrize("text", HANDED)
def test_names_that_a_statement_hands_to_a_call(text):
    """Where the value is dropped, the call may have changed them."""
    assert only(text).hands_over == HANDED[text]


USES = {
    "def f(a):\n    b = a + c\n    return g(b)": {"c", "g"},
    "def f(a=x) -> y:\n    global d\n    d = 1\n    return d": {"x", "y", "d"},
    "class C(B):\n    e = z\n    def m(self):\n        return e": {"B", "z", "e"},
    "@decorated\ndef f(): pass": {"decorated"},
    "x = [i + y for i in z]": {"y", "z"},
    "f = lambda a: a + b": {"b"},
}


@pytest.mark.parametrize("text", USES)
def test_global_names_that_a_statement_uses(text):
    """Also from inside functions; locals are nobody's business."""
    assert only(text).uses == USES[text]


EFFECTS = {
    "def f():\n    global x\n    x = 1": {"x"},
    "def f(y):\n    y[0] = x[0] = 1": {"x"},
    "def f():\n    x.append(1)": {"x"},
    "class C:\n    def m(self):\n        self.a = 1\n        x.update(b=1)": {"x"},
    "f = lambda: x.pop()": {"x"},
    "def f():\n    x = []\n    x.append(1)": set(),
    "x.append(1)": set(),
}


@pytest.mark.parametrize("text", EFFECTS)
def test_names_that_a_function_changes_when_it_is_called(text):
    """Its own locals are not among them."""
    assert only(text).effects == EFFECTS[text]


def test_each_statement_has_its_own_text_and_line():
    """Several may share a line; decorators belong to what they decorate."""
    text = "a = 'é'; b = '''1\n2'''; c = 3  # end\n@d\ndef f():\n    pass\n"

    found = [(s.text, s.line) for s in statements(text, 0)]

    assert found == [
        ("a = 'é'", 1), ("b = '''1\n2'''", 1), ("c = 3", 2), ("@d\ndef f():\n    pass", 3),
    ]  # fmt: skip


def test_a_statement_that_python_would_refuse_is_left_out():
    """The rest of the cell still counts."""
    assert [s.text for s in statements("def f(a, a): pass\nx = 1\nnonlocal y", 0)] == ["x = 1"]


STUBS = {
    "def f():\n    '''Text.'''\n    raise NotImplementedError()": True,
    "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError": True,
    "def f():\n    pass": True,
    "def f():\n    ...": True,
    "def f():\n    '''Text.'''": True,
    "def f():\n    x = 1\n    raise NotImplementedError": False,
    "def f():\n    raise ValueError('NotImplementedError')": False,
    "def f():\n    return": False,
    "f = None": False,
}


@pytest.mark.parametrize("text", STUBS)
def test_a_stub_is_a_function_with_nothing_in_it(text):
    """Wrong work is still work."""
    assert is_stub(ast.parse(text).body[0]) == STUBS[text]


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="ab=+[](){}:;.,\"'#\n\\ \t@*01éλ", max_size=60))
def test_any_text_is_statements_or_nothing(text):
    """And a statement's own text means the same as it did in its cell."""
    for statement in statements(text, 0):
        again = parse(statement.text)
        assert again is not None
        assert [ast.dump(n) for n in again.body] == [ast.dump(statement.node)]
        assert statement.binds | statement.changes | statement.effects | statement.mentions >= set()
