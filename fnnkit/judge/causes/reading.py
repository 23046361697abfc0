"""Reading code: what a function loads, returns, calls and changes."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

IN_PLACE = ("sort", "fill", "fill_diagonal", "append", "extend", "put", "copyto", "shuffle", "reverse", "insert", "setdiag",
)  # fmt: skip


SEVERAL = {"lstsq": "four things, of which the solution is the first", "eig": "eigenvalues and eigenvectors",
           "eigh": "eigenvalues and eigenvectors", "svd": "three matrices"}  # fmt: skip
"""Functions that give several things."""


def loads(node: ast.AST) -> list[ast.Name]:
    """The names that are read in it."""
    return [n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]


def returns_of(function: ast.FunctionDef) -> list[ast.Return]:
    """Its own `return`s, not those of functions within it."""
    found: list[ast.Return] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Return):
            found.append(node)
        elif not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
    return sorted(found, key=lambda r: r.lineno)


def is_called(node: ast.AST, *names: str) -> bool:
    """Whether it is a call of a function, or of a method, of one of these names."""
    return isinstance(node, ast.Call) and called(node) in names


def called(node: ast.Call) -> str:
    """The last part of the name of what is called."""
    target = node.func
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def place_of_change(function: ast.FunctionDef, name: str) -> ast.AST | None:
    """Where a function changes an array in place."""
    for node in ast.walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Assign):
            targets = [t for t in node.targets if isinstance(t, ast.Subscript)]
        elif isinstance(node, ast.Call):
            targets = [k.value for k in node.keywords if k.arg == "out"]
            if called(node) in IN_PLACE:
                targets += node.args[:1]
                targets += [node.func.value] if isinstance(node.func, ast.Attribute) else []
        for target in targets:
            while isinstance(target, ast.Subscript | ast.Attribute):
                target = target.value
            if isinstance(target, ast.Name) and target.id == name:
                return node
    return None


def equal(a: Any, b: Any) -> bool:
    """Whether two values are the same to the last bit."""
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(a[k], b[k]) for k in a)
    try:
        return bool(np.array_equal(np.asarray(a), np.asarray(b), equal_nan=True))
    except TypeError:
        return bool(np.all(np.asarray(a) == np.asarray(b)))


def kind_of(value: Any) -> str:
    """The kind of numbers that an array holds; empty if it is none."""
    return str(value.dtype.kind) if isinstance(value, np.ndarray | np.generic) else ""


def acts(node: ast.AST) -> bool:
    """Whether a line is a call whose result nobody takes: what it does, it does to its arguments."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
