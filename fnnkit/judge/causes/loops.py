"""Edits of loops: what is overwritten or added up, which terms belong into a round, where a step of an index goes."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from fnnkit.judge.causes.change import Change, Scope, Slot, set_attribute, set_several
from fnnkit.judge.causes.reading import called

Loop = ast.For | ast.While
Made = ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp
MAKES = ("copy", "zeros", "ones", "array", "list(", "dict(", "empty", "full")
"""What stands in a line that makes something afresh."""
MOST_STEPS = 6
"""Variables by which an index may be multiplied."""


def loops(scope: Scope) -> Iterator[Change]:
    """All edits of loops."""
    yield from _added_up(scope)
    yield from _terms_of_rounds(scope)
    yield from _terms_of_sums(scope)
    yield from _made_afresh(scope)
    yield from _strides(scope)


def blocks(node: ast.AST) -> Iterator[tuple[ast.AST, str, list[ast.stmt]]]:
    """Every list of statements in a function."""
    for inner in ast.walk(node):
        for name in ("body", "orelse"):
            found = getattr(inner, name, None)
            if isinstance(found, list) and found and isinstance(found[0], ast.stmt):
                yield inner, name, found


def in_place_of(old: ast.stmt, new: ast.stmt) -> ast.stmt:
    """A statement with the line of another one."""
    return ast.fix_missing_locations(ast.copy_location(new, old))


def _root(target: ast.expr) -> str:
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _reads(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(node))


def _stored(node: ast.AST) -> set[str]:
    """Names that something in a node is put into, whole or in part."""
    whole = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    parts = {
        _root(n) for n in ast.walk(node) if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)
    }
    return whole | parts


def _added_up(scope: Scope) -> Iterator[Change]:
    """What is put where something was before is added to it, or the other way round."""
    begun: dict[str, int] = dict.fromkeys(scope.parameters, 0)
    for n in ast.walk(scope.function):
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store):
            begun[n.id] = min(begun.get(n.id, n.lineno), n.lineno)
    for loop in ast.walk(scope.function):
        if not isinstance(loop, Loop):
            continue
        inside = [s for s in loop.body if not isinstance(s, Loop)]
        for owner, name, block in itertools.chain(
            [(loop, "body", loop.body)], *(blocks(s) for s in inside if not isinstance(s, ast.FunctionDef))
        ):
            for i, statement in enumerate(block):
                if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                    target = statement.targets[0]
                    root = _root(target)
                    if isinstance(target, ast.Tuple) or begun.get(root, loop.lineno) >= loop.lineno:
                        continue
                    if _reads(statement.value, {root}):
                        continue
                    new: ast.stmt = ast.AugAssign(target, ast.Add(), statement.value)  # type: ignore[arg-type]
                    rank, kind = 10, "added up"
                elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Subscript):
                    new = ast.Assign([statement.target], statement.value)
                    rank, kind = 24, "replaced"
                else:
                    continue
                put = [*block[:i], in_place_of(statement, new), *block[i + 1 :]]
                yield set_attribute(rank, kind, statement, owner, name, put)


def _terms(node: ast.expr, sign: bool = True) -> list[tuple[bool, ast.expr]]:
    """The terms of a sum, each with whether it is added."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return [*_terms(node.left, sign), *_terms(node.right, sign == isinstance(node.op, ast.Add))]
    return [(sign, node)]


def _sum(terms: Sequence[tuple[bool, ast.expr]]) -> ast.expr:
    first, *rest = terms
    found = first[1] if first[0] else ast.UnaryOp(ast.USub(), first[1])
    for plus, term in rest:
        found = ast.BinOp(found, ast.Add() if plus else ast.Sub(), term)
    return found


def _terms_of_rounds(scope: Scope) -> Iterator[Change]:
    """A term that is added in every round, or put down anew in each, and belongs there once."""
    for owner, name, block in blocks(scope.function):
        for i, loop in enumerate(block):
            if not isinstance(loop, ast.For):
                continue
            changing = _stored(loop)
            for j, statement in enumerate(loop.body):
                found = _target_and_terms(statement)
                if found is None or _reads(found[0], _stored(loop.target)):
                    continue
                target, terms, anew = found
                for k, (plus, term) in enumerate(terms):
                    rest = [t for m, t in enumerate(terms) if m != k]
                    if not rest or _reads(term, changing):
                        continue
                    inner = in_place_of(statement, ast.AugAssign(target, ast.Add(), _sum(rest)))  # type: ignore[arg-type]
                    once: ast.stmt = (
                        ast.Assign([target], _sum([(plus, term)]))
                        if anew
                        else ast.AugAssign(target, ast.Add() if plus else ast.Sub(), term)  # type: ignore[arg-type]
                    )
                    once = in_place_of(statement, once)
                    body = [*loop.body[:j], inner, *loop.body[j + 1 :]]
                    around = [once, loop] if anew else [loop, once]
                    sets: list[tuple[ast.AST, str, Any]] = [
                        (loop, "body", body),
                        (owner, name, [*block[:i], *around, *block[i + 1 :]]),
                    ]
                    if anew:
                        yield set_several(11, "added up", statement, sets)
                    else:
                        yield set_several(11, "each round", term, sets)


def _target_and_terms(
    statement: ast.stmt,
) -> tuple[ast.expr, list[tuple[bool, ast.expr]], bool] | None:
    """What a line of a loop adds to, the terms that it adds, and whether it puts them down anew."""
    if isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add):
        return statement.target, _terms(statement.value), False
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, terms = statement.targets[0], _terms(statement.value)
        if isinstance(target, ast.Tuple):
            return None
        own = [t for t in terms if t[0] and ast.unparse(t[1]) == ast.unparse(target)]
        if own:
            return target, [t for t in terms if t is not own[0]], False
        return target, terms, True
    return None


def _terms_of_sums(scope: Scope) -> Iterator[Change]:
    """A term that stands in what is summed, and belongs beside the sum."""
    for slot in scope.slots:
        call = slot.node
        if not isinstance(call, ast.Call) or called(call) != "sum" or not call.args:
            continue
        made = call.args[0]
        if not isinstance(made, ast.ListComp | ast.GeneratorExp):
            continue
        changing = set[str]().union(*(_stored(g.target) for g in made.generators))
        terms = _terms(made.elt)
        for k, (plus, term) in enumerate(terms):
            rest = [t for m, t in enumerate(terms) if m != k]
            if not rest or _reads(term, changing):
                continue
            inner = ast.Call(call.func, [type(made)(_sum(rest), made.generators), *call.args[1:]], [])
            new = ast.BinOp(inner, ast.Add() if plus else ast.Sub(), term)
            change = slot.change(11, "each round", new)
            yield Change(change.rank, change.kind, term, change.do, change.undo)


def _made_afresh(scope: Scope) -> Iterator[Change]:
    """A line that makes something once before a loop, and belongs into each round of it, or of one in it."""
    for owner, name, block in blocks(scope.function):
        for i, loop in enumerate(block):
            if not isinstance(loop, Loop):
                continue
            within = [n for n in ast.walk(loop) if isinstance(n, Loop)]
            copies = [s for s in block[:i] if isinstance(s, ast.Assign) and "copy" in ast.unparse(s.value)]
            for inner in within if len(copies) > 1 else ():
                rest = [s for s in block if s not in copies]
                both: list[tuple[ast.AST, str, Any]] = [
                    (inner, "body", [*copies, *inner.body]),
                    (owner, name, rest),
                ]
                yield set_several(9, "place", copies[0], both, True)
            for moved in (s for s in block[:i] if isinstance(s, ast.Assign)):
                if not _makes(moved.value):
                    continue
                rest = [s for s in block if s is not moved]
                for inner in within:
                    body = [moved, *inner.body]
                    yield set_several(9, "place", moved, [(inner, "body", body), (owner, name, rest)])


def _makes(value: ast.expr) -> bool:
    text = ast.unparse(value)
    return isinstance(value, ast.Constant | ast.List | ast.Dict) or any(word in text for word in MAKES)


def _strides(scope: Scope) -> Iterator[Change]:
    """The number of a round where the place of its first entry is meant: it has to be multiplied by a length."""
    for loop in ast.walk(scope.function):
        parts = [loop] if isinstance(loop, ast.For) else getattr(loop, "generators", [])
        for part in parts:
            if not isinstance(part.target, ast.Name) or not isinstance(part.iter, ast.Call):
                continue
            if called(part.iter) != "range":
                continue
            i, inside = part.target.id, set(ast.walk(loop))
            places = [s for s in scope.slots if s.role == "index" and s.node in inside and _is(s.node, i)]
            places = [s for s in places if _of_a_slice(scope, s)]
            for other in [n for n in scope.names if n != i][:MOST_STEPS] if places else ():
                yield _all_times(places, i, other)


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _of_a_slice(scope: Scope, slot: Slot) -> bool:
    """Whether a place is in a range of entries."""
    return any(
        isinstance(n, ast.Slice) and any(m is slot.node for m in ast.walk(n))
        for n in ast.walk(scope.function)
    )


def _all_times(places: Sequence[Slot], name: str, other: str) -> Change:
    def put(new: bool) -> None:
        for slot in places:
            product = ast.BinOp(ast.Name(name, ast.Load()), ast.Mult(), ast.Name(other, ast.Load()))
            slot.put(product if new else slot.node)

    return Change(21, "index", places[0].node, partial(put, True), partial(put, False))
