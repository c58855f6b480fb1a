"""Tests for autograder.slicing: what a function needs runs, and nothing else."""

import pytest

from autograder.slicing import Slices, imported_packages
from autograder.statements import statements

CASES = {  # cell texts; lines that must run; lines that must not
    "a chain of helpers": (["def f(): return g()", "def g(): return H", "H = 1", "x = f()"],
                           {"def f(): return g()", "def g(): return H", "H = 1"}),
    "a table filled later": (["T = []", "T.append(1)", "print(T)", "def f(): return T"],
                             {"T = []", "T.append(1)", "def f(): return T"}),
    "a table filled by a helper": (["T = []", "def fill(): T.append(1)", "fill()",
                                    "def f(): return T"],
                                   {"T = []", "def fill(): T.append(1)", "fill()",
                                    "def f(): return T"}),
    "a table filled through two helpers": (
        ["T = {}", "def put(): T[0] = 1", "def fill(): put()", "y = fill()", "def f(): return T"],
        {"T = {}", "def put(): T[0] = 1", "def fill(): put()", "y = fill()", "def f(): return T"}),
    "a table handed to a function": (["T = [2, 1]", "import random", "random.shuffle(T)",
                                      "def f(): return T"],
                                     {"T = [2, 1]", "import random", "random.shuffle(T)",
                                      "def f(): return T"}),
    "a module's state": (["import numpy as np", "np.random.seed(0)", "np.save('x', f)",
                          "def f(): return np.ones(1)"],
                         {"import numpy as np", "def f(): return np.ones(1)"}),
    "tries and training": (["def f(): return 1", "f()", "plot(f)", "while True: w = f()",
                            "assert f() == 1"], {"def f(): return 1"}),
    "all names of a module": (["from math import *", "def f(): return exp(1)"],
                              {"from math import *", "def f(): return exp(1)"}),
    "an attribute of the function": (["def f(): f.n += 1", "f.n = 0"],
                                     {"def f(): f.n += 1", "f.n = 0"}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_function_needs_is_found(case):
    """One statement too few costs a student points."""
    texts, expected = CASES[case]
    everything = [s for i, text in enumerate(texts) for s in statements(text, i)]

    found = Slices(everything).needed("f", len(everything))

    assert {s.text for s in found} == expected
    assert [s.cell for s in found] == sorted(s.cell for s in found)


def needed(before, *texts):
    everything = [s for i, text in enumerate(texts) for s in statements(text, i)]
    return [s.text for s in Slices(everything).needed("f", before)]


def test_a_helper_is_the_one_that_stood_there_at_the_check():
    """What a later cell makes of the name is another thing."""
    assert needed(2, "g = 1", "def f(): return g", "g = 2", "del g") == [
        "g = 1",
        "def f(): return g",
    ]


def test_a_helper_that_only_stands_below_is_taken_from_there():
    """In the student's kernel it was there."""
    assert needed(1, "def f(): return g", "g = 2") == ["def f(): return g", "g = 2"]


def test_pythons_own_names_are_not_taken_from_below():
    """Whoever overwrites `len` at the end had the real one before."""
    assert needed(1, "def f(): return len(x)", "len = None") == ["def f(): return len(x)"]
    assert needed(2, "len = id", "def f(): return len(x)")[0] == "len = id"


def test_packages_are_found_wherever_they_are_imported():
    """Also inside a function."""
    everything = list(statements("import a.b\ndef f():\n    from c.d import e\nfrom . import g", 0))

    assert imported_packages(everything) == {"a", "c"}
