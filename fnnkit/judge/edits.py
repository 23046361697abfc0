"""Automatic mutants of a reference: small changes that make it wrong, to see whether the judge notices.

The operators are the usual ones of mutation testing (DeMillo, Lipton, Sayward 1978; Jia, Harman 2011), chosen for
numerical code: arithmetic, comparisons, constants, axes, transposes, reductions, signs, arguments left out.
"""

from __future__ import annotations

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

SWAPPED_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Pow: (ast.Mult,),
}
SWAPPED_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
SWAPPED_NAMES = {
    "maximum": "minimum", "minimum": "maximum", "max": "min", "min": "max", "mean": "sum", "sum": "mean",
    "argmax": "argmin", "argmin": "argmax", "cumsum": "cumprod", "sin": "cos", "log1p": "log", "expm1": "exp",
    "pinv": "inv", "zeros": "ones", "zeros_like": "ones_like", "ones": "zeros", "ones_like": "zeros_like",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A changed copy of a reference.

    Attributes
    ----------
    name : str
        The expression and its change: ``"y - y_mean: Sub -> Add"``.
    function : callable
        The changed function.
    text : str
        Its source.
    """

    name: str
    function: Callable[..., Any]
    text: str = ""


def mutants(reference: Callable[..., Any]) -> list[Mutant]:
    """All mutants of a function, each with one change.

    Checks of arguments (``if …: raise …`` and calls of `fnnkit.arguments`) are left alone: what they refuse is
    up to the reference, not part of what an exercise asks, unless a criterion says so.
    """
    tree = ast.parse(reference_text(reference))
    found: list[Mutant] = []
    seen: set[str] = set()
    total = sum(1 for _ in _changes(tree))
    for number in range(total):
        changed = copy.deepcopy(tree)
        label = ""
        for position, (where, apply) in enumerate(_changes(changed)):
            if position == number:
                label = where
                apply()
                break
        text = ast.unparse(ast.fix_missing_locations(changed))
        if text in seen or text == ast.unparse(tree):
            continue
        seen.add(text)
        function = _compile(text, reference)
        if function is not None:
            found.append(Mutant(_unique(label, found), function, text))
    return found


@lru_cache(maxsize=256)
def reference_text(reference: Callable[..., Any]) -> str:
    """The source of a function; read once, as whoever judges can open no file later."""
    return textwrap.dedent(inspect.getsource(reference))


def _unique(label: str, found: list[Mutant]) -> str:
    same = sum(m.name == label or m.name.startswith(label + " #") for m in found)
    return f"{label} #{same + 1}" if same else label


def _compile(text: str, reference: Callable[..., Any]) -> Callable[..., Any] | None:
    # A decorator of numpy has globals of its own: those of the function below it are meant.
    space = dict(getattr(inspect.unwrap(reference), "__globals__", {}))
    try:
        exec(compile(text, "<mutant>", "exec"), space)  # noqa: S102  # our own reference, changed by us
    except SyntaxError:
        return None
    made = space[reference.__name__]
    return made if callable(made) else None


def _changes(tree: ast.Module) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every single change, as a label and a function that makes it in this tree."""
    body = tree.body[0]
    for node in _walk(body):
        yield from _of_node(node)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes of a function's body without docstring, annotations, raise statements and argument checks."""
    if isinstance(node, ast.FunctionDef):
        children: list[ast.AST] = list(node.body[1:] if ast.get_docstring(node) else node.body)
    elif isinstance(node, ast.AnnAssign):
        children = [node.value] if node.value else []
    else:
        children = list(ast.iter_child_nodes(node))
    for child in children:
        if isinstance(child, ast.Raise) or _is_guard(child):
            continue
        if (
            isinstance(child, ast.Call)
            and isinstance(child.func, ast.Name)
            and child.func.id in ("real_array", "same_length", "whole_number", "labels")
        ):
            continue
        yield child
        yield from _walk(child)


def _is_guard(node: ast.AST) -> bool:
    """Whether it is an ``if`` that does nothing but raise."""
    return (
        isinstance(node, ast.If)
        and not node.orelse
        and all(isinstance(statement, ast.Raise) for statement in node.body)
    )


def _of_node(node: ast.AST) -> Iterator[tuple[str, Callable[[], object]]]:
    text = _text_of(node)
    if isinstance(node, ast.BinOp):
        for other in SWAPPED_OPERATORS.get(type(node.op), ()):
            name = f"{text}: {type(node.op).__name__} -> {other.__name__}"
            yield name, partial(setattr, node, "op", other())
        if isinstance(node.op, ast.MatMult):
            yield f"{text}: factors of @ swapped", partial(_swap, node, "left", "right")
        if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Pow | ast.MatMult):
            yield (
                f"{text}: right operand of {type(node.op).__name__} left out",
                partial(_become, node, node.left),
            )
        if isinstance(node.op, ast.Add | ast.Mult):
            yield (
                f"{text}: left operand of {type(node.op).__name__} left out",
                partial(_become, node, node.right),
            )
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for comparison in SWAPPED_COMPARISONS.get(type(node.ops[0]), ()):
            name = f"{text}: {type(node.ops[0]).__name__} -> {comparison.__name__}"
            yield name, partial(node.ops.__setitem__, 0, comparison())
    elif (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ):
        for value in (node.value + 1, node.value - 1):
            yield (
                f"{text}: {node.value} -> {value}",
                partial(setattr, node, "value", value),
            )
    elif (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and not isinstance(node.operand, ast.Constant)
    ):
        yield f"{text}: minus left out", partial(_become, node, node.operand)
    elif isinstance(node, ast.Attribute):
        if node.attr == "T":
            yield f"{text}: .T left out", partial(_become, node, node.value)
        if node.attr in SWAPPED_NAMES:
            other_name = SWAPPED_NAMES[node.attr]
            yield (
                f"{text}: {node.attr} -> {other_name}",
                partial(setattr, node, "attr", other_name),
            )
    elif isinstance(node, ast.Call):
        for i, keyword in enumerate(node.keywords):
            if keyword.arg in ("axis", "keepdims", "initial", "ddof", "side", "mode"):
                yield f"{text}: {keyword.arg} left out", partial(node.keywords.pop, i)
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
        yield f"{text}: returned values swapped", node.value.elts.reverse


def _text_of(node: ast.AST) -> str:
    """The expression that is changed, as it stands: a label that survives edits elsewhere in the function."""
    return ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""


def _swap(node: ast.AST, first: str, second: str) -> None:
    a, b = getattr(node, first), getattr(node, second)
    setattr(node, first, b)
    setattr(node, second, a)


def _become(node: ast.AST, other: ast.AST) -> None:
    """Turn a node into another one, in place."""
    node.__class__ = other.__class__
    node.__dict__ = dict(other.__dict__)
