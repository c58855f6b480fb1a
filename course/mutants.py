"""The reference with one small change, made by rule: mistakes that nobody has listed.

Where no known bug explains what came out, one of these may. What is said then is the changed
expression, which is the student's; the right one is not shown.
"""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

import numpy as np

from course.hints import Match, agreement, is_near, is_telling
from course.judging import Judged, agree
from course.outcome import Outcome
from course.reference import compiled, solution_source
from course.spec import Function, Probe, Wrong
from course.substitution import giving_the_same, is_work
from nnkit import functional

MOST_MUTANTS = 4000
LONGEST_TEXT = 46
SHORTEST_TEXT = 6  # that says enough without its statement
COMPARABLE = ("values", "nonfinite", "shape")  # kinds of differences
WRAPS = (  # what is done to a name or an expression that should be used as it is
    "-({})", "2 * ({})", "({}) / 2", "({}) ** 2", "1 - ({})", "1 / ({})", "({}) + 1", "({}) - 1",
    "({}) ** 3", "100 * ({})", "({}) / 100", "np.maximum({}, 0)", "({0}) - np.mean({0})",
    "({0}) / np.std({0})", "np.abs({})", "np.sign({})", "np.sqrt({})", "np.exp({})", "np.log({})",
    "np.linalg.norm({})",
    "np.mean({})", "np.sum({})", "np.max({})", "np.mean({}, axis=0)", "np.sum({}, axis=0)",
    "np.mean({}, axis=1, keepdims=True)", "np.sum({}, axis=1, keepdims=True)", "({}).T", "({})[0]",
    "np.mean({}, axis=-1)", "np.sum({}, axis=-1)", "({})[1:]", "({})[:-1]", "({})[:1]",
    "({})[:, :1]",
    "np.cumsum({}, axis=0)", "({0}) / np.max(np.abs({0}))", "({0}) / np.linalg.norm({0})",
    "({0}) / np.sum({0})", "0", "0.5", "1", "int({})",
)  # fmt: skip
NUMBERS = (0, 1, 2, 3, 4, 10)
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
RARE_OPERATORS = (ast.Pow, ast.FloorDiv, ast.Mod)
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
METHODS = ("sum", "mean", "max", "min", "prod", "std", "var", "median", "argmax", "argmin")
BUILTINS = ("sum", "max", "min", "len")
FUNCTIONS = ("maximum", "minimum", "sqrt", "square", "exp", "log", "abs", "sin", "cos", "tanh")
REDUCING = ("np.linalg.norm", "np.mean", "np.sum", "np.max")


@dataclass(frozen=True)
class Mutant:
    """A changed reference: its source, and the changed expression."""

    source: str
    text: str
    on_top: bool  # whether something is done to a value that is right


def matching_mutant(
    name: str, results: Sequence[Judged], outcome: Callable[[Probe, Function], Outcome]
) -> Match | None:
    """A small change of the reference that gives what the student's function gave, in all probes.

    If there is none, one that does so in all but one of many.

    Parameters
    ----------
    name : str
        The function's name.
    results : sequence of Judged
        What came out of each probe; at least one failed, and no known bug explains all.
    outcome : callable
        What a function brings on a probe.
    """
    first = next((result for result in results if _is_comparable(result)), None)
    found = first and first.difference
    if not first or not found or name not in functional.__all__:  # others may train a network
        return None
    near, several = None, is_telling(first) and np.size(found.got) > 2  # not by chance
    made = {_compiled(mutant.source, name): mutant for mutant in mutants(name)}
    for function in giving_the_same(found, made):
        mutant = made[function]
        agreed = agreement(results, partial(_agrees, function, outcome))
        hint = _hint(mutant, complete=all(agreed))
        bug = Wrong(f"with {mutant.text}", function, hint)
        match = Match(bug, complete=all(agreed), by_rule=True)
        if match.complete:
            return match
        if near is None and several and is_near(agreed, results):
            near = match
    return near


def _agrees(
    function: Function, outcome: Callable[[Probe, Function], Outcome], result: Judged
) -> bool:
    return agree(result.probe, outcome(result.probe, function), result.got)


def _is_comparable(result: Judged) -> bool:
    found = result.difference
    return found is not None and found.kind in COMPARABLE and is_work(found)


def _hint(mutant: Mutant, *, complete: bool) -> str:
    much = "exactly" if complete else "mostly"
    return f"A solution with {mutant.text} in it, or something equal, gives {much} your results."


@lru_cache(maxsize=8192)
def _compiled(source: str, name: str) -> Function:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as an index into a number
        return compiled(source, name)


@cache
def mutants(name: str) -> tuple[Mutant, ...]:
    """All small changes of the reference of that name, the likeliest first.

    These are other names, numbers and operations, before something done on top; the shortest text
    comes first.

    There are none of a reference with a ``while``, which might never end.
    """
    tree = ast.parse(solution_source(name))
    if any(isinstance(node, ast.While) for node in ast.walk(tree)):
        return ()
    (definition,) = tree.body
    assert isinstance(definition, ast.FunctionDef)
    del definition.body[0]  # the docstring
    found: dict[str, Mutant] = {}
    for text, on_top in _changed(definition):
        source = ast.unparse(tree)
        found.setdefault(source, Mutant(source, text, on_top))
        if len(found) >= MOST_MUTANTS:
            break
    return tuple(sorted(found.values(), key=_likeliness))


def _likeliness(mutant: Mutant) -> tuple[bool, bool, int]:
    return mutant.on_top, "..." in mutant.text, len(mutant.text)


def _changed(definition: ast.FunctionDef) -> Iterator[tuple[str, bool]]:
    """Changes one expression after the other in place, and says which one is changed now."""
    arguments = [argument.arg for argument in definition.args.args]
    stored = (n for n in ast.walk(definition) if isinstance(n, ast.Name))
    names = sorted({*arguments, *(n.id for n in stored if isinstance(n.ctx, ast.Store))})
    yield from _other_updates(definition)
    parents = {child: node for node in ast.walk(definition) for child in ast.iter_child_nodes(node)}
    for node in [n for statement in definition.body for n in ast.walk(statement)]:
        if not isinstance(node, ast.expr) or not _is_value(node, parents[node]):
            continue
        parent = parents[node]
        for others, on_top in ((_instead(node, names, arguments), False), (_on_top(node), True)):
            for other in others:
                _exchange(parent, node, other)
                yield _shown(other, parent, parents), on_top
                _exchange(parent, other, node)


def _other_updates(definition: ast.FunctionDef) -> Iterator[tuple[str, bool]]:
    """As `_changed`, for += and its like."""
    for node in ast.walk(definition):
        if isinstance(node, ast.AugAssign):
            right = node.op
            for operator in OPERATORS:
                if not isinstance(right, operator):
                    node.op = operator()
                    yield ast.unparse(node), False
            node.op = right


def _is_value(node: ast.expr, parent: ast.AST) -> bool:
    """Whether an expression stands for a value: not what is called, nor where something is put."""
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return False
    if isinstance(node, ast.Name) and node.id == "np":
        return False
    return not (isinstance(parent, ast.Call) and parent.func is node)


def _exchange(parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for field, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, field, new)
        elif isinstance(value, list) and any(item is old for item in value):
            setattr(parent, field, [new if item is old else item for item in value])


def _shown(node: ast.AST, parent: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """The changed expression, with what stands around it if that is short."""
    text = ast.unparse(node)
    if len(text) > LONGEST_TEXT:
        return _shortened(node, None)
    if isinstance(parent, ast.If):
        return f"if {text}"
    while isinstance(parent, ast.expr | ast.keyword):
        longer = ast.unparse(parent)
        if len(longer) > LONGEST_TEXT:
            return _shortened(parent, node) if len(text) < LONGEST_TEXT / 3 else text
        called = isinstance(parents[parent], ast.Call) and isinstance(parent, ast.Attribute)
        node, parent = parent, parents[parent]
        text = text if called else longer
        if len(text) > LONGEST_TEXT / 3:
            break
    if len(text) < SHORTEST_TEXT and isinstance(parent, ast.Assign | ast.Return):
        statement = ast.unparse(parent)
        return statement if len(statement) <= LONGEST_TEXT else text
    return text


def _shortened(node: ast.AST, kept: ast.AST | None) -> str:
    """The outermost operation, with dots for what is long in it, or for all but one part."""
    shown = copy.copy(node)
    for child in ast.iter_child_nodes(node):
        long = len(ast.unparse(child)) > (5 if kept else LONGEST_TEXT / 2)
        called = isinstance(node, ast.Call) and child is node.func
        if isinstance(child, ast.expr) and child is not kept and long and not called:
            _exchange(shown, child, ast.Name("...", ast.Load()))
    return ast.unparse(shown)


def _instead(node: ast.expr, names: list[str], arguments: list[str]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Constant):
        yield from _other_numbers(node)
        return
    if isinstance(node, ast.Name):
        yield from (_parsed(name) for name in names if name != node.id)
        both = (f"{node.id} {o} {name}" for name in arguments for o in "+-*" if name != node.id)
        yield from map(_parsed, both)
    if isinstance(node, ast.Tuple):
        yield from (*node.elts, ast.Tuple(node.elts[::-1], ast.Load()))
    if isinstance(node, ast.BinOp):
        yield from _other_operations(node)
    if isinstance(node, ast.Call):
        yield from _other_calls(node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for comparison in COMPARISONS:
            if not isinstance(node.ops[0], comparison):
                yield ast.Compare(node.left, [comparison()], node.comparators)
        yield from (ast.Constant(True), ast.Constant(False))


def _on_top(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Name | ast.BinOp | ast.Call | ast.Subscript | ast.Attribute):
        text = ast.unparse(node)
        yield from (_parsed(wrap.format(text)) for wrap in WRAPS)


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _other_numbers(node: ast.Constant) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    others = {float(n) if isinstance(value, float) else n for n in NUMBERS}
    yield from (ast.Constant(n) for n in sorted(others - {value}))
    yield from (_parsed(repr(n)) for n in (value + 1, value - 1, value * 10, value / 10, -value))


def _other_operations(node: ast.BinOp) -> Iterator[ast.expr]:
    left, right = node.left, node.right
    yield from (left, right)
    others = (o for o in (*OPERATORS, *RARE_OPERATORS) if not isinstance(node.op, o))
    yield from (ast.BinOp(left, o(), right) for o in others)
    if not isinstance(node.op, ast.Add):
        yield ast.BinOp(right, ast.Div() if isinstance(node.op, ast.Mult) else node.op, left)
    for op in OPERATORS:  # brackets around other things, perhaps with another operation
        if isinstance(left, ast.BinOp):
            yield ast.BinOp(left.left, left.op, ast.BinOp(left.right, op(), right))
            yield ast.BinOp(left.left, op(), ast.BinOp(left.right, node.op, right))
        if isinstance(right, ast.BinOp):
            yield ast.BinOp(ast.BinOp(left, node.op, right.left), op(), right.right)
            yield ast.BinOp(ast.BinOp(left, op(), right.left), right.op, right.right)


def _other_calls(node: ast.Call) -> Iterator[ast.expr]:
    arguments, keywords = node.args, node.keywords
    if arguments:
        yield arguments[0]
    if isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
        others = (name for name in BUILTINS if name != node.func.id)
        yield from (ast.Call(_parsed(name), arguments, keywords) for name in others)
    if isinstance(node.func, ast.Attribute):
        yield from _other_functions(node.func.value, node.func.attr, arguments, keywords)
    for i, keyword in enumerate(keywords):
        rest = [*keywords[:i], *keywords[i + 1 :]]
        yield ast.Call(node.func, arguments, rest)
        if keyword.arg == "axis":
            axes = (ast.keyword("axis", ast.Constant(axis)) for axis in (0, 1))
            yield from (ast.Call(node.func, arguments, [axis, *rest]) for axis in axes)


def _other_functions(
    owner: ast.expr, kind: str, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> Iterator[ast.expr]:
    """Other methods of an object, or functions of NumPy, called in the same way."""
    family = next((names for names in (METHODS, FUNCTIONS) if kind in names), ())
    for name in family:
        if name != kind:
            yield ast.Call(ast.Attribute(owner, name, ast.Load()), arguments, keywords)
    if kind in FUNCTIONS:
        yield from (ast.Call(_parsed(name), arguments, keywords) for name in REDUCING)
    if kind in METHODS:
        flat = ast.Call(ast.Attribute(owner, "ravel", ast.Load()), [], [])
        yield from (ast.Subscript(flat, ast.Constant(i), ast.Load()) for i in (0, -1))
    if kind in METHODS or kind in ("item", "copy", "astype"):
        yield owner
