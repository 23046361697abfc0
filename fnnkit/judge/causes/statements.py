"""Edits of statements: what is returned and where, copies of arguments, types of arrays, where a line stands."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from typing import Any

from fnnkit.judge.causes.change import Change, Scope, set_attribute, set_several
from fnnkit.judge.causes.loops import blocks
from fnnkit.judge.causes.reading import SEVERAL, acts, called, place_of_change


def structure(scope: Scope) -> Iterator[Change]:
    """All edits of statements."""
    yield from _returned(scope)
    yield from _copies(scope)
    yield from _types(scope)
    if scope.refuses:
        yield from _refusals(scope)
    yield from _moved(scope)
    yield from _ended_early(scope)
    yield from _too_early(scope)
    yield from _left_out(scope)


def _returned(scope: Scope) -> Iterator[Change]:
    function = scope.function
    for owner, name, block in blocks(function):
        for i, statement in enumerate(block):
            if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Tuple):
                parts = statement.value.elts
                for order in itertools.permutations(range(len(parts))) if len(parts) <= 3 else ():
                    if order != tuple(range(len(parts))):
                        new = [parts[j] for j in order]
                        yield set_attribute(1, "order of results", statement, statement.value, "elts", new)
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                printed = called(statement.value) == "print"
                value = statement.value.args[-1] if printed and statement.value.args else statement.value
                new_block = [*block[:i], ast.Return(value), *block[i + 1 :]]
                yield set_attribute(2, "return", statement, owner, name, new_block)
            elif isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant):
                new_block = [*block[:i], ast.Return(statement.value), *block[i + 1 :]]
                yield set_attribute(2, "return", statement, owner, name, new_block)
            if isinstance(statement, ast.For | ast.While):
                for kept in (r for r in statement.body if isinstance(r, ast.Return)):
                    rest = [s for s in statement.body if s is not kept] or [ast.Pass()]
                    yield set_several(
                        1,
                        "return",
                        kept,
                        [(statement, "body", rest), (owner, name, [*block[: i + 1], kept, *block[i + 1 :]])],
                    )
    last = function.body[-1]
    if isinstance(last, ast.Assign) and isinstance(last.targets[0], ast.Name):
        ending = ast.Return(ast.Name(last.targets[0].id, ast.Load()))
        yield set_attribute(2, "return", last, function, "body", [*function.body, ending])


def _copies(scope: Scope) -> Iterator[Change]:
    function = scope.function
    first = 1 if ast.get_docstring(function) and len(function.body) > 1 else 0
    for parameter in scope.parameters:
        place = place_of_change(function, parameter)
        if place is not None:
            line = ast.parse(f"{parameter} = {parameter}.copy()").body
            new = [*function.body[:first], *line, *function.body[first:]]
            yield set_attribute(0, "copy", place, function, "body", new)
    for owner, name, block in blocks(function):
        for i, statement in enumerate(block):
            if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
                target = statement.target
                value = ast.BinOp(ast.Name(target.id, ast.Load()), statement.op, statement.value)
                plain = ast.Assign([ast.Name(target.id, ast.Store())], value)
                ast.copy_location(plain, statement)
                ast.fix_missing_locations(plain)
                yield set_attribute(0, "copy", statement, owner, name, [*block[:i], plain, *block[i + 1 :]])
            elif (
                isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name | ast.Subscript)
            ) or (isinstance(statement, ast.Return) and isinstance(statement.value, ast.Name)):
                copied = ast.Call(ast.Attribute(statement.value, "copy", ast.Load()), [], [])
                yield set_attribute(10, "copy", statement, statement, "value", copied)
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and called(node) in ("append", "insert") and node.args:
            given = node.args[-1]
            if isinstance(given, ast.Name):
                copied = ast.Call(ast.Attribute(given, "copy", ast.Load()), [], [])
                yield set_attribute(5, "copy", node, node, "args", [*node.args[:-1], copied])
        if isinstance(node, ast.Call) and any(k.arg == "out" for k in node.keywords):
            rest = [k for k in node.keywords if k.arg != "out"]
            yield set_attribute(5, "copy", node, node, "keywords", rest)


MAKERS_OF_ARRAYS = (
    "zeros_like",
    "ones_like",
    "empty_like",
    "full_like",
    "array",
    "asarray",
    "copy",
    "arange",
)


def _types(scope: Scope) -> Iterator[Change]:
    for node in ast.walk(scope.function):
        if not isinstance(node, ast.Call):
            continue
        typed = [k for k in node.keywords if k.arg == "dtype"]
        if typed and ast.unparse(typed[0].value) != "float":
            new = ast.keyword("dtype", ast.Name("float", ast.Load()))
            yield set_attribute(
                8, "type", node, node, "keywords", [*(k for k in node.keywords if k not in typed), new]
            )
        elif (
            called(node) in MAKERS_OF_ARRAYS
            and isinstance(node.func, ast.Attribute)
            and node.args
            and not typed
        ):
            of_numpy = isinstance(node.func.value, ast.Name) and node.func.value.id == "np"
            if of_numpy and called(node) != "copy":
                new = ast.keyword("dtype", ast.Name("float", ast.Load()))
                yield set_attribute(8, "type", node, node, "keywords", [*node.keywords, new])
        elif called(node) == "copy" and isinstance(node.func, ast.Attribute) and not node.args:
            yield set_several(
                9,
                "type",
                node,
                [(node.func, "attr", "astype"), (node, "args", [ast.Name("float", ast.Load())])],
            )
        elif called(node) == "vectorize" and not any(k.arg == "otypes" for k in node.keywords):
            new = ast.keyword("otypes", ast.List([ast.Name("float", ast.Load())], ast.Load()))
            yield set_attribute(8, "type", node, node, "keywords", [*node.keywords, new])
        elif called(node) == "astype" and node.args and ast.unparse(node.args[0]) != "float":
            yield set_attribute(8, "type", node, node, "args", [ast.Name("float", ast.Load())])
    for slot in scope.slots:
        if isinstance(slot.node, ast.Call) and called(slot.node) in SEVERAL:
            yield slot.change(6, "several", ast.Subscript(slot.node, ast.Constant(0), ast.Load()))


def _refusals(scope: Scope) -> Iterator[Change]:
    function = scope.function
    raising = ast.parse("raise ValueError('refused')").body[0]
    for owner, name, block in blocks(function):
        for i, statement in enumerate(block):
            if isinstance(statement, ast.Assert):
                new: ast.stmt = ast.If(ast.UnaryOp(ast.Not(), statement.test), [raising], [])
            elif isinstance(owner, ast.If) and isinstance(statement, ast.Return | ast.Expr):
                new = raising
            else:
                continue
            yield set_attribute(3, "raise", statement, owner, name, [*block[:i], new, *block[i + 1 :]])
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            text = ast.unparse(node)
            for old in ("len({})", "{}.size", "{}.ndim", "{}.shape[0]"):
                sides = [node.left, *node.comparators]
                owners = [p for p in scope.names if any(ast.unparse(s) == old.format(p) for s in sides)]
                if len(owners) == 2:
                    for p in owners:
                        text = text.replace(old.format(p), f"{p}.shape")
                    made = ast.parse(text, mode="eval").body
                    assert isinstance(made, ast.Compare)
                    yield set_several(
                        3,
                        "shapes",
                        node,
                        [(node, "left", made.left), (node, "comparators", made.comparators)],
                    )
    first = 1 if ast.get_docstring(function) and len(function.body) > 1 else 0
    for a, b in itertools.combinations(scope.parameters, 2):
        line = ast.parse(f"if {a}.shape != {b}.shape: raise ValueError('refused')").body
        body = [*function.body[:first], *line, *function.body[first:]]
        kind = "check" if any(isinstance(n, ast.Raise) for n in ast.walk(function)) else "no check"
        yield set_attribute(35, kind, function, function, "body", body)


def _moved(scope: Scope) -> Iterator[Change]:
    """A line into a loop, out of it, or before it; two neighbours exchanged."""
    for owner, name, block in blocks(scope.function):
        for i, statement in enumerate(block):
            if not isinstance(statement, ast.For | ast.While):
                continue
            before, after = block[:i], block[i + 1 :]
            if len(statement.body) > 1:
                first, last = statement.body[0], statement.body[-1]
                yield set_several(
                    9,
                    "place",
                    last,
                    [
                        (statement, "body", statement.body[:-1]),
                        (owner, name, [*before, statement, last, *after]),
                    ],
                )
                yield set_several(
                    9,
                    "place",
                    first,
                    [
                        (statement, "body", statement.body[1:]),
                        (owner, name, [*before, first, statement, *after]),
                    ],
                )
            if before and not isinstance(before[-1], ast.Return):
                moved = before[-1]
                yield set_several(
                    9,
                    "place",
                    moved,
                    [
                        (statement, "body", [moved, *statement.body]),
                        (owner, name, [*before[:-1], statement, *after]),
                    ],
                )
            if after and not isinstance(after[0], ast.Return):
                moved = after[0]
                yield set_several(
                    9,
                    "place",
                    moved,
                    [
                        (statement, "body", [*statement.body, moved]),
                        (owner, name, [*before, statement, *after[1:]]),
                    ],
                )
        for i in range(len(block) - 1):
            if isinstance(block[i], ast.Assign | ast.AugAssign | ast.Expr) and not isinstance(
                block[i + 1], ast.Return
            ):
                new = [*block[:i], block[i + 1], block[i], *block[i + 2 :]]
                yield set_attribute(9, "place", block[i], owner, name, new)
    for node in ast.walk(scope.function):
        if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            other = node.orelse[0]
            yield set_several(
                12,
                "place",
                node.test,
                [
                    (node, "test", other.test),
                    (node, "body", other.body),
                    (other, "test", node.test),
                    (other, "body", node.body),
                ],
            )


def _ended_early(scope: Scope) -> Iterator[Change]:
    """A `break` or `continue` that is too much, with the question before it; a `return` on the way that is."""
    for owner, name, block in blocks(scope.function):
        for i, statement in enumerate(block):
            if not isinstance(statement, ast.If) or statement.orelse or len(statement.body) != 1:
                continue
            rest = [*block[:i], *block[i + 1 :]] or [ast.Pass()]
            if isinstance(statement.body[0], ast.Break | ast.Continue):
                yield set_attribute(13, "loop", statement.test, owner, name, rest)
            elif isinstance(statement.body[0], ast.Return) and i + 1 < len(block):
                yield set_attribute(27, "way", statement.test, owner, name, rest)


def _too_early(scope: Scope) -> Iterator[Change]:
    """A name that is overwritten while its value before is still meant."""
    function = scope.function
    for position, statement in enumerate(function.body):
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target = statement.targets[0]
        if not isinstance(target, ast.Name) or not (
            target.id in scope.parameters or any(_stores(s, target.id) for s in function.body[:position])
        ):
            continue
        kept = ast.Assign([ast.Name(f"{target.id}_before", ast.Store())], ast.Name(target.id, ast.Load()))
        ast.copy_location(kept, statement)
        ast.fix_missing_locations(kept)
        new = [*function.body[:position], kept, *function.body[position:]]
        for node in (n for s in function.body[position + 1 :] for n in ast.walk(s)):
            if isinstance(node, ast.Name) and node.id == target.id and isinstance(node.ctx, ast.Load):
                sets = [(node, "id", f"{target.id}_before"), (function, "body", new)]
                yield set_several(5, "overwritten", node, sets)
        for later in function.body[position + 1 :]:
            read = [
                n
                for n in ast.walk(later)
                if isinstance(n, ast.Name) and n.id == target.id and isinstance(n.ctx, ast.Load)
            ]
            if len(read) > 1:  # all of a line
                every: list[tuple[ast.AST, str, Any]] = [(n, "id", f"{target.id}_before") for n in read]
                yield set_several(5, "overwritten", read[0], [*every, (function, "body", new)], True)


def _stores(node: ast.AST, name: str) -> bool:
    return any(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in ast.walk(node)
    )


def _left_out(scope: Scope) -> Iterator[Change]:
    """A line that does something to an array, and is too much."""
    for owner, name, block in blocks(scope.function):
        for i, statement in enumerate(block):
            entries = isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript)
            if acts(statement) or entries or isinstance(statement, ast.AugAssign):
                rest = [*block[:i], *block[i + 1 :]] or [ast.Pass()]
                yield set_attribute(20, "line", statement, owner, name, rest)
