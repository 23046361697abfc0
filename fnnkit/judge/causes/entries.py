"""Edits of what is taken out of an array: which entries, before or after a function, and by which letters axes are named."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import partial

from fnnkit.judge.causes.change import Change, Scope, Slot, expression, set_attribute
from fnnkit.judge.causes.reading import called


def entries(scope: Scope) -> Iterator[Change]:
    """All edits of indices."""
    yield from _cut(scope)
    yield from _neighbours(scope)
    yield from _pairs(scope)
    yield from _letters(scope)


def _cut(scope: Scope) -> Iterator[Change]:
    """What is cut out of a result, where it should have been cut out before, and the other way round."""
    for slot in scope.slots:
        node = slot.node
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call):
            call = node.value
            if len(call.args) == 1 and not isinstance(call.args[0], ast.Constant):
                inside = ast.Subscript(call.args[0], node.slice, ast.Load())
                yield slot.change(16, "steps", ast.Call(call.func, [inside], call.keywords))
        elif isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.args[0], ast.Subscript):
            given = node.args[0]
            if called(node) in ("len", "range", "float", "int", "append"):
                continue
            outside = ast.Call(node.func, [given.value], node.keywords)
            yield slot.change(19, "steps", ast.Subscript(outside, given.slice, ast.Load()))


def _neighbours(scope: Scope) -> Iterator[Change]:
    """An entry beside the one that is taken, where the number of a round says which."""
    rounds = {
        n.id
        for loop in ast.walk(scope.function)
        if isinstance(loop, ast.For | ast.comprehension)
        for n in ast.walk(loop.target)
        if isinstance(n, ast.Name)
    }
    for slot in scope.slots:
        node = slot.node
        if slot.role == "index" and isinstance(node, ast.Name) and node.id in rounds:
            if isinstance(slot.parent, ast.BinOp):
                continue
            for sign in ("-", "+"):
                yield slot.change(22, "index", expression(f"{node.id} {sign} 1"))
    for whole in (s for s in scope.slots if s.role == "assigned" and isinstance(s.node, ast.BinOp)):
        inside = set(ast.walk(whole.node))
        places = [
            s for s in scope.slots if s.node in inside and s.role == "index" and _name(s.node) in rounds
        ]
        if len(places) > 1 and len({_name(s.node) for s in places}) == 1:
            for sign in ("-", "+"):
                yield _all_beside(places, sign)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _all_beside(places: Sequence[Slot], sign: str) -> Change:
    """All entries of an expression one further, or one back."""

    def put(new: bool) -> None:
        for slot in places:
            slot.put(expression(f"{_name(slot.node)} {sign} 1") if new else slot.node)

    return Change(23, "index", places[0].node, partial(put, True), partial(put, False), everywhere=True)


def _pairs(scope: Scope) -> Iterator[Change]:
    """`:` where each row is to be paired with an entry of its own."""
    for node in ast.walk(scope.function):
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
            continue
        parts = node.slice.elts
        whole = [i for i, p in enumerate(parts) if isinstance(p, ast.Slice) and ast.unparse(p) == ":"]
        others = [p for i, p in enumerate(parts) if i not in whole]
        if whole != list(range(len(parts) - 1)) or not isinstance(others[0], ast.Name | ast.Call):
            continue
        array = ast.unparse(node.value)
        new: list[ast.expr] = []
        for i in whole:
            beside = ", None" * (len(whole) - 1 - i)
            new.append(expression(f"np.arange({array}.shape[{i}])" + (f"[:{beside}]" if beside else "")))
        yield set_attribute(12, "pairs", node, node.slice, "elts", [*new, *others])


def _letters(scope: Scope) -> Iterator[Change]:
    """Another letter in the text that tells `einsum` its axes; the letters of the result in another order."""
    for slot in scope.slots:
        call = slot.node
        if not isinstance(call, ast.Call) or called(call) != "einsum" or not call.args:
            continue
        given = call.args[0]
        text = given.value if isinstance(given, ast.Constant) else None
        if not isinstance(text, str):
            continue
        letters = sorted({c for c in text if c.isalpha()})
        for i, c in enumerate(text):
            for other in letters:
                if c.isalpha() and other != c:
                    yield set_attribute(
                        14, "letters", given, given, "value", text[:i] + other + text[i + 1 :]
                    )
        for i in range(len(text) - 1):
            if text[i : i + 2].isalpha() and text[i] != text[i + 1]:
                turned = text[:i] + text[i + 1] + text[i] + text[i + 2 :]
                yield set_attribute(14, "letters", given, given, "value", turned)
        begin, arrow, end = text.partition("->")
        if arrow and len(end.strip()) > 1:
            yield set_attribute(14, "letters", given, given, "value", begin + arrow + end.strip()[::-1])
