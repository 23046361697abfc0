"""A single edit of a function: made in its tree, and undone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

Do = Callable[[], object]


@dataclass(frozen=True)
class Change:
    """One edit.

    Attributes
    ----------
    rank : int
        Less is tried earlier.
    kind : str
        A word for what was changed.
    node : ast.AST
        Where, before the edit.
    do, undo : callable
        Make it in the tree, and take it back.
    everywhere : bool
        Whether the same is done at several places at once.
    adds : bool
        Whether something is put in that was not there: that can make up for another mistake.
    """

    rank: int
    kind: str
    node: ast.AST
    do: Do = field(repr=False)
    undo: Do = field(repr=False)
    everywhere: bool = False
    adds: bool = False


@dataclass(frozen=True)
class Slot:
    """A place for an expression: what is in it, what puts another one in, and what it stands in."""

    node: ast.expr
    put: Callable[[Any], object]
    parent: ast.AST
    role: str

    def change(self, rank: int, kind: str, new: ast.expr, adds: bool = False) -> Change:
        """Put another expression here."""
        return Change(rank, kind, self.node, partial(self.put, new), partial(self.put, self.node), adds=adds)


@dataclass(frozen=True)
class Scope:
    """The function that is edited, and what its expressions can name."""

    function: ast.FunctionDef
    parameters: Sequence[str]
    refuses: bool
    slots: list[Slot]
    failure: str = ""

    @property
    def names(self) -> list[str]:
        """Its variables: arguments that are never read first, then arguments, then locals."""
        read = {s.node.id for s in self.slots if isinstance(s.node, ast.Name)}
        stored = [
            n.id for n in ast.walk(self.function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        ]
        fresh = [p for p in self.parameters if p not in read]
        return list(dict.fromkeys([*fresh, *self.parameters, *stored]))

    @property
    def unused(self) -> list[str]:
        """Arguments that are never read."""
        read = {s.node.id for s in self.slots if isinstance(s.node, ast.Name)}
        return [p for p in self.parameters if p not in read]


def slots_of(function: ast.FunctionDef) -> Iterator[Slot]:
    """All places for expressions in the body of a function, but for docstrings, targets and what is raised."""

    def walk(node: ast.AST, role: str) -> Iterator[Slot]:
        for name, value in ast.iter_fields(node):
            if name in ("decorator_list", "annotation", "returns", "type_comment", "ctx", "func") and not (
                name == "func" and isinstance(value, ast.Attribute)
            ):
                continue
            children = list(enumerate(value)) if isinstance(value, list) else [(-1, value)]
            for i, child in children:
                if not isinstance(child, ast.AST) or isinstance(child, ast.Raise | ast.JoinedStr):
                    continue
                if isinstance(node, ast.Expr) and isinstance(child, ast.Constant):
                    continue
                put = partial(value.__setitem__, i) if i >= 0 else partial(setattr, node, name)
                inside = _role(node, name, role)
                read = name != "func" and isinstance(getattr(child, "ctx", ast.Load()), ast.Load)
                if read and isinstance(child, ast.expr):
                    yield Slot(child, put, node, inside)
                yield from walk(child, inside)

    body = ast.Module(body=function.body, type_ignores=[])
    yield from walk(body, "")


def _role(parent: ast.AST, field_name: str, outer: str) -> str:
    if isinstance(parent, ast.Return) or (isinstance(parent, ast.Tuple | ast.Dict) and outer == "returned"):
        return "returned"
    if isinstance(parent, ast.Assign | ast.AugAssign | ast.AnnAssign) and field_name == "value":
        return "assigned"
    if (isinstance(parent, ast.Subscript) and field_name == "slice") or outer == "index":
        return "index"
    if isinstance(parent, ast.Call) and field_name == "args":
        return "argument"
    if isinstance(parent, ast.keyword):
        return "keyword"
    if isinstance(parent, ast.BinOp):
        return "operand"
    return "other"


def set_attribute(rank: int, kind: str, at: ast.AST, owner: ast.AST, name: str, new: Any) -> Change:
    """An edit that gives a node of the tree another part."""
    old = getattr(owner, name)
    return Change(rank, kind, at, partial(setattr, owner, name, new), partial(setattr, owner, name, old))


def set_several(
    rank: int, kind: str, at: ast.AST, sets: Sequence[tuple[ast.AST, str, Any]], everywhere: bool = False
) -> Change:
    """An edit that gives several nodes another part at once."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in sets]

    def put(values: Sequence[tuple[ast.AST, str, Any]]) -> None:
        for owner, name, value in values:
            setattr(owner, name, value)

    return Change(rank, kind, at, partial(put, sets), partial(put, before), everywhere and len(sets) > 1)


def set_two(
    rank: int, kind: str, at: ast.AST, one: tuple[ast.AST, str, Any], other: tuple[ast.AST, str, Any]
) -> Change:
    """An edit of two parts."""
    return set_several(rank, kind, at, [one, other])


def of_numpy(name: str) -> ast.Attribute:
    """A function of numpy."""
    return ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())


def constant(value: float) -> ast.expr:
    """A number as an expression."""
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def number(node: ast.AST) -> Any:
    """The number that a literal is; None if it is none."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    return None


def expression(text: str) -> ast.expr:
    """A text as an expression."""
    return ast.parse(text, mode="eval").body
