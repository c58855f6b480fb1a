"""The documentation of what nnkit exports: complete, and true to the signatures."""

import ast
import inspect
import re
import textwrap
from types import FunctionType

import pytest

import nnkit.data
import nnkit.plots
import nnkit.search
from nnkit import FunctionLayer, FunctionLoss, FunctionOptimizer, Module, Optimizer, Sequential
from nnkit.losses import Loss

PACKAGES = (nnkit, nnkit.data, nnkit.plots, nnkit.search)
PUBLIC = {
    f"{package.__name__}.{name}": getattr(package, name)
    for package in PACKAGES
    for name in package.__all__
    if not inspect.ismodule(getattr(package, name))
}
WITHOUT_A_FORMULA = {Module, Optimizer, Sequential, FunctionLayer, FunctionLoss, FunctionOptimizer}
FORMULAS = [
    name
    for name, thing in PUBLIC.items()
    if inspect.isclass(thing)
    and issubclass(thing, Module | Loss | Optimizer)
    and thing not in WITHOUT_A_FORMULA
]


def is_error(thing):
    return inspect.isclass(thing) and issubclass(thing, Exception)


def sections(thing):
    """The sections of a docstring, by their titles."""
    doc = inspect.cleandoc(thing.__doc__)
    return dict(re.findall(r"\n(\w+)\n-{4,}\n(.*?)(?=\n\w+\n-{4,}\n|\Z)", doc, re.DOTALL))


def arguments(thing):
    """Those that a caller gives by name."""
    if is_error(thing) and "__init__" not in vars(thing):
        return []
    kinds = inspect.Parameter
    return [
        p
        for p in inspect.signature(thing).parameters.values()
        if p.kind not in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD)
    ]


def line_of(name, section):
    """Where an argument is explained: one line can name several, and can go on in the next."""
    pattern = rf"^(?:[*\w]+,\s+)*\*{{0,2}}{name}(?:,\s+[*\w]+)*(?: : .*)?$"
    found = re.search(pattern, section, re.MULTILINE)
    return found and found[0]


def has_default(argument):
    """One that a reader has to know: not None, and nothing that starts empty."""
    starts_empty = argument.default == "" or "factory" in str(argument.default)
    return argument.default not in (argument.empty, None) and not starts_empty


@pytest.mark.parametrize("name", PUBLIC)
def test_every_argument_is_explained_with_its_default(name):
    """`default=0.1` in the docstring is 0.1 in the code."""
    found = sections(PUBLIC[name])
    text = f"{found.get('Parameters', '')}\n{found.get('Attributes', '')}"
    for argument in arguments(PUBLIC[name]):
        line = line_of(argument.name, text)
        assert line, f"{argument.name} is not explained"
        if has_default(argument):
            assert is_stated(argument, line, text), f"{argument.name}: {line}"


def is_stated(argument, line, text):
    """`x : float, default=0.1`, or `x` and in the next line another function that has it."""
    other = re.search(rf"^{re.escape(line)}\n    As for `(\w+)`", text, re.MULTILINE)
    if other:
        same = [thing for name, thing in PUBLIC.items() if name.endswith("." + other[1])]
        return argument.default == inspect.signature(same[0]).parameters[argument.name].default
    stated = line.partition("default=")[2]
    if callable(argument.default):
        return stated.removesuffix("()").split(".")[-1] == argument.default.__name__
    return stated != "" and ast.literal_eval(stated) == argument.default


@pytest.mark.parametrize("name", [name for name in PUBLIC if not is_error(PUBLIC[name])])
def test_everything_has_an_example(name):
    assert ">>> " in sections(PUBLIC[name])["Examples"]


@pytest.mark.parametrize("name", [n for n in PUBLIC if inspect.isfunction(PUBLIC[n])])
def test_what_a_function_returns_is_explained(name):
    returned = inspect.signature(PUBLIC[name]).return_annotation
    assert (returned in ("None", None)) == ("Returns" not in sections(PUBLIC[name]))


@pytest.mark.parametrize("name", PUBLIC)
def test_what_is_raised_is_explained(name):
    """Every error that stands in the code of a function or a class."""
    thing = PUBLIC[name]
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(thing))))
    raised = {
        node.exc.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    }
    documented = " ".join([sections(thing).get("Raises", ""), *docs_of_methods(thing)])
    assert [error for error in raised if error not in documented] == []


def docs_of_methods(thing):
    return [str(m.__doc__) for m in vars(thing).values() if isinstance(m, FunctionType | property)]


@pytest.mark.parametrize("name", FORMULAS)
def test_layers_losses_and_optimizers_have_a_formula_and_a_source(name):
    assert "::" in sections(PUBLIC[name])["Notes"]
    assert re.search(r"\(\d{4}\)", sections(PUBLIC[name])["References"])


@pytest.mark.parametrize("name", [name for name in PUBLIC if inspect.isclass(PUBLIC[name])])
def test_every_public_method_says_what_it_does(name):
    """Itself, or the abstract method that it implements."""
    for method, _ in inspect.getmembers(PUBLIC[name], inspect.isfunction):
        if not method.startswith("_"):
            assert inspect.getdoc(getattr(PUBLIC[name], method)), f"{method} has no docstring"
