"""Edits of formulas: what stands inside of brackets and what outside, powers of products, what is subtracted first."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fnnkit.judge.causes.change import Change, Scope, constant, expression
from fnnkit.judge.causes.reading import called

SHIFTED = ("exp", "log", "log1p", "expm1")
"""Functions before which something may have to be subtracted, as in a softmax."""


def brackets(scope: Scope) -> Iterator[Change]:
    """A square, or a factor, inside of a call that should stand outside of it, and the other way round."""
    for slot in scope.slots:
        node = slot.node
        if isinstance(node, ast.BinOp):
            for inner, other, left in ((node.left, node.right, True), (node.right, node.left, False)):
                if not isinstance(inner, ast.Call):
                    continue
                if isinstance(inner.func, ast.Name):
                    if isinstance(node.op, ast.Pow) and left and len(inner.args) == 1:
                        power = ast.BinOp(inner.args[0], node.op, other)
                        yield slot.change(16, "brackets", ast.Call(inner.func, [power], inner.keywords))
                    continue
                assert isinstance(inner.func, ast.Attribute)
                from_numpy = isinstance(inner.func.value, ast.Name) and inner.func.value.id == "np"
                inside = inner.args[0] if from_numpy and inner.args else inner.func.value
                if from_numpy and not inner.args:
                    continue
                moved = ast.BinOp(inside, node.op, other) if left else ast.BinOp(other, node.op, inside)
                new = (
                    ast.Call(inner.func, [moved, *inner.args[1:]], inner.keywords)
                    if from_numpy
                    else ast.Call(
                        ast.Attribute(moved, inner.func.attr, ast.Load()), inner.args, inner.keywords
                    )
                )
                yield slot.change(16, "brackets", new)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            from_numpy = isinstance(node.func.value, ast.Name) and node.func.value.id == "np"
            inside = node.args[0] if from_numpy and node.args else node.func.value
            if isinstance(inside, ast.BinOp):
                for part, left in ((inside.left, True), (inside.right, False)):
                    outer = (
                        ast.Call(node.func, [part, *node.args[1:]], node.keywords)
                        if from_numpy
                        else ast.Call(
                            ast.Attribute(part, node.func.attr, ast.Load()), node.args, node.keywords
                        )
                    )
                    rest = inside.right if left else inside.left
                    new_outside = (
                        ast.BinOp(outer, inside.op, rest) if left else ast.BinOp(rest, inside.op, outer)
                    )
                    yield slot.change(16, "brackets", new_outside)
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.BinOp):
            a, b, c = node.left.left, node.left.right, node.right
            yield slot.change(22, "brackets", ast.BinOp(a, node.left.op, ast.BinOp(b, node.op, c)))
        if isinstance(node, ast.BinOp) and isinstance(node.right, ast.BinOp):
            a, b, c = node.left, node.right.left, node.right.right
            yield slot.change(22, "brackets", ast.BinOp(ast.BinOp(a, node.op, b), node.right.op, c))


def powers(scope: Scope) -> Iterator[Change]:
    """A power of a difference that is a difference of powers, a factor that stands in a square, a product of a sum."""
    for slot in scope.slots:
        node = slot.node
        if not isinstance(node, ast.BinOp):
            continue
        a, b, op = node.left, node.right, node.op
        if (
            isinstance(op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.FloorDiv)
            and isinstance(a, ast.BinOp)
            and isinstance(b, ast.BinOp)
            and type(a.op) is type(b.op)
            and (isinstance(op, ast.Add | ast.Sub) or isinstance(a.op, ast.Pow))
            and ast.unparse(a.right) == ast.unparse(b.right)
        ):
            yield slot.change(16, "brackets", ast.BinOp(ast.BinOp(a.left, op, b.left), a.op, a.right))
        if isinstance(op, ast.Pow) and isinstance(a, ast.BinOp) and isinstance(a.op, ast.Mult | ast.Div):
            yield slot.change(16, "brackets", ast.BinOp(a.left, a.op, ast.BinOp(a.right, op, b)))
            yield slot.change(16, "brackets", ast.BinOp(ast.BinOp(a.left, op, b), a.op, a.right))
        if (
            isinstance(op, ast.Pow)
            and isinstance(a, ast.Call)
            and a.args
            and isinstance(a.args[0], ast.BinOp)
        ):
            inside = a.args[0]
            if isinstance(inside.op, ast.Mult | ast.Div):
                for factor, rest in ((inside.left, inside.right), (inside.right, inside.left)):
                    if isinstance(inside.op, ast.Mult) or factor is inside.right:
                        power = ast.BinOp(ast.Call(a.func, [rest, *a.args[1:]], a.keywords), op, b)
                        outside = (factor, power) if isinstance(inside.op, ast.Mult) else (power, factor)
                        yield slot.change(16, "brackets", ast.BinOp(outside[0], inside.op, outside[1]))
        if isinstance(op, ast.Mult | ast.MatMult | ast.Div):
            if isinstance(a, ast.BinOp) and isinstance(a.op, ast.Add | ast.Sub):
                yield slot.change(17, "brackets", ast.BinOp(ast.BinOp(a.left, op, b), a.op, a.right))
            if (
                isinstance(b, ast.BinOp)
                and isinstance(b.op, ast.Add | ast.Sub)
                and not isinstance(op, ast.Div)
            ):
                yield slot.change(17, "brackets", ast.BinOp(ast.BinOp(a, op, b.left), b.op, b.right))


def shifted(scope: Scope) -> Iterator[Change]:
    """A variable that is subtracted before a function is applied, as in a softmax; a number in the place of a variable."""
    for slot in scope.slots:
        node, parent = slot.node, slot.parent
        if not isinstance(node, ast.Name) or not isinstance(parent, ast.Call):
            continue
        if called(parent) in SHIFTED and slot.role == "argument":
            for name in scope.names:
                if name != node.id:
                    yield slot.change(30, "shift", expression(f"{node.id} - {name}"), True)
        elif called(parent) == "where" and parent.args and node is not parent.args[0]:
            if ast.unparse(parent.args[0]).startswith(f"{node.id} == 0"):
                continue  # it is kept from being divided by
            for value in (1, 0):
                yield slot.change(25, "value", constant(float(value)))


def _in_turn(outer: ast.Call, inner: ast.Call) -> ast.expr | None:
    """A function that is applied to what a method gives, the other way round; None if they are not of this form."""
    if not isinstance(outer.func, ast.Attribute) or not isinstance(inner.func, ast.Attribute):
        return None
    if not (isinstance(outer.func.value, ast.Name) and outer.func.value.id == "np"):
        return None
    if isinstance(inner.func.value, ast.Name) and inner.func.value.id == "np":
        return None
    first = ast.Call(outer.func, [inner.func.value, *outer.args[1:]], outer.keywords)
    return ast.Call(ast.Attribute(first, inner.func.attr, ast.Load()), inner.args, inner.keywords)


def nested(scope: Scope) -> Iterator[Change]:
    """Of two functions, one applied to the result of the other, the order: the mean of logarithms for the logarithm of a mean."""
    for slot in scope.slots:
        outer = slot.node
        inner = outer.args[0] if isinstance(outer, ast.Call) and outer.args else None
        if not isinstance(outer, ast.Call) or not isinstance(inner, ast.Call):
            continue
        if (turned := _in_turn(outer, inner)) is not None:
            yield slot.change(18, "steps", turned)
            continue
        if not inner.args:
            continue
        if called(outer) != called(inner) and all(isinstance(c.func, ast.Attribute) for c in (outer, inner)):
            first = ast.Call(outer.func, [inner.args[0], *outer.args[1:]], outer.keywords)
            yield slot.change(18, "steps", ast.Call(inner.func, [first, *inner.args[1:]], inner.keywords))
