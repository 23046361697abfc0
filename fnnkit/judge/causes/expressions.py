"""Edits of expressions, the likely ones first.

What people get wrong in code of this kind: the order of two operands, an axis, a function of the same family, something
too much, something left out. Exchanging what is there comes first, then dropping, then putting in: an edit that puts
something in can undo what another mistake has done.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from fnnkit.judge.causes.change import (
    Change,
    Scope,
    Slot,
    constant,
    expression,
    number,
    of_numpy,
    set_attribute,
    set_several,
    set_two,
)
from fnnkit.judge.causes.entries import entries
from fnnkit.judge.causes.families import (
    COMPARISONS,
    FAMILIES,
    OPERATORS,
    REDUCTIONS,
    WRAPS,
    WRAPS_OF_OPERANDS,
)
from fnnkit.judge.causes.formulas import brackets, nested, powers, shifted
from fnnkit.judge.causes.loops import loops
from fnnkit.judge.causes.reading import acts, called


def _attributes(slot: Slot) -> Iterator[ast.Attribute]:
    call = slot.node
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        yield call.func


def families(scope: Scope) -> Iterator[Change]:
    """Another function of the same family."""
    for slot in scope.slots:
        for target in _attributes(slot):
            for family in FAMILIES:
                if target.attr in family:
                    for other in family:
                        if other != target.attr:
                            yield set_attribute(20, "function", slot.node, target, "attr", other)
        call = slot.node
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            name = call.func.id
            for family in FAMILIES:
                if name in family:
                    for other in family:
                        if other != name:
                            builtin = other in ("sum", "max", "min", "any", "all", "abs", "round")
                            new = ast.Name(other, ast.Load()) if builtin else of_numpy(other)
                            yield set_attribute(22, "function", call, call, "func", new)
            if name in ("max", "min") and len(call.args) == 2:
                yield set_attribute(3, "function", call, call, "func", of_numpy(f"{name}imum"))
        if isinstance(call, ast.Call) and called(call) in ("var", "std") and len(call.args) == 1:
            square = ast.BinOp(call.args[0], ast.Pow(), ast.Constant(2))
            yield slot.change(20, "function", ast.Call(of_numpy("mean"), [square], call.keywords))
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in ("max", "min")
            and len(call.args) == 2
        ):
            yield set_attribute(3, "function", call, call.func, "attr", f"{call.func.attr}imum")


def operators(scope: Scope) -> Iterator[Change]:
    """Another operator, here or at all equal places; operands exchanged; comparisons; branches exchanged."""
    products: list[ast.BinOp] = []
    for slot in scope.slots:
        node = slot.node
        if isinstance(node, ast.BinOp):
            for i, other in enumerate(OPERATORS.get(type(node.op), ())):
                yield set_attribute(11 + 9 * i, "operator", node, node, "op", other())
            if isinstance(node.op, ast.Div) and _is_log(scope, node.left) and _is_log(scope, node.right):
                yield set_attribute(12, "operator", node, node, "op", ast.Sub())
            if isinstance(node.op, ast.MatMult | ast.Sub | ast.Div | ast.Pow | ast.FloorDiv):
                yield set_two(12, "order", node, (node, "left", node.right), (node, "right", node.left))
            if isinstance(node.op, ast.Mult):
                products.append(node)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and not _guards(slot):
            for i, comparison in enumerate(COMPARISONS.get(type(node.ops[0]), ())):
                yield set_attribute(15 + 5 * i, "comparison", node, node, "ops", [comparison()])
        elif isinstance(node, ast.BoolOp) and all(number(v) is None for v in node.values):
            other_one: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield set_attribute(14, "operator", node, node, "op", other_one)
        elif isinstance(node, ast.IfExp):
            yield set_two(16, "branches", node, (node, "body", node.orelse), (node, "orelse", node.body))
        elif isinstance(node, ast.Call) and called(node) == "where" and len(node.args) == 3:
            a, b, c = node.args
            if _replaces(a, b, c):
                continue
            yield set_attribute(16, "branches", node, node, "args", [a, c, b])
        elif isinstance(node, ast.Call) and len(node.args) == 2:
            yield set_attribute(17, "order", node, node, "args", node.args[::-1])
    if len(products) > 1:
        yield set_several(13, "operator", products[0], [(p, "op", ast.MatMult()) for p in products], True)
    for statement in ast.walk(scope.function):
        if isinstance(statement, ast.If) and statement.orelse:
            yield set_two(
                17,
                "branches",
                statement.test,
                (statement, "body", statement.orelse),
                (statement, "orelse", statement.body),
            )
        if isinstance(statement, ast.AugAssign):
            for other in OPERATORS.get(type(statement.op), ()):
                yield set_attribute(15, "operator", statement, statement, "op", other())


def _is_log(scope: Scope, node: ast.expr) -> bool:
    """Whether something is a logarithm, or a variable that holds one."""
    logs = ("log", "log2", "log10", "log1p")
    if isinstance(node, ast.Call):
        return called(node) in logs
    return isinstance(node, ast.Name) and any(
        isinstance(s, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == node.id for t in s.targets)
        and isinstance(s.value, ast.Call)
        and called(s.value) in logs
        for s in ast.walk(scope.function)
    )


def _guards(slot: Slot) -> bool:
    """Whether a comparison says which numbers are replaced by 1, before a division: turned round, it would undo what follows."""
    parent = slot.parent
    if isinstance(parent, ast.Call) and called(parent) == "where" and len(parent.args) == 3:
        return slot.node is parent.args[0] and _replaces(*parent.args)
    stored = isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store)
    return stored and _asks_for_zero(slot.node)


def _replaces(condition: ast.expr, new: ast.expr, kept: ast.expr) -> bool:
    """Whether it is ``where(x == 0, 1, x)``."""
    if not isinstance(condition, ast.Compare) or not _asks_for_zero(condition):
        return False
    return number(new) == 1 and ast.unparse(condition.left) == ast.unparse(kept)


def _asks_for_zero(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq) and number(node.comparators[0]) == 0
    )


def axes(scope: Scope) -> Iterator[Change]:
    """An axis that is another one, put in or dropped; `keepdims`; at one place, or at all."""
    named: list[tuple[ast.keyword, Any]] = []
    for slot in scope.slots:
        call = slot.node
        if not isinstance(call, ast.Call) or called(call) not in REDUCTIONS:
            continue
        axis = next((k for k in call.keywords if k.arg == "axis"), None)
        others = [0, 1, -1, 2]
        if axis is not None:
            value = number(axis.value)
            named.append((axis, value))
            for other in others:
                if other != value:
                    yield set_attribute(13 + 8 * (other == 2), "axis", call, axis, "value", constant(other))
            rest = [k for k in call.keywords if k is not axis]
            yield set_attribute(14, "axis", call, call, "keywords", rest)
        elif call.args and number(call.args[-1]) in (0, 1, -1) and called(call) not in ("max", "min", "roll"):
            for other in others[:3]:
                if other != number(call.args[-1]):
                    yield set_attribute(13, "axis", call, call, "args", [*call.args[:-1], constant(other)])
        else:
            for other in others[:3]:
                new = [*call.keywords, ast.keyword("axis", constant(other))]
                yield set_attribute(18, "axis", call, call, "keywords", new)
        keep = next((k for k in call.keywords if k.arg == "keepdims"), None)
        if keep is not None:
            yield set_attribute(
                21, "keepdims", call, call, "keywords", [k for k in call.keywords if k is not keep]
            )
        elif axis is not None:
            new = [*call.keywords, ast.keyword("keepdims", ast.Constant(True))]
            yield set_attribute(21, "keepdims", call, call, "keywords", new)
    bare = [
        s.node
        for s in scope.slots
        if isinstance(s.node, ast.Call) and called(s.node) in REDUCTIONS and not s.node.keywords
    ]
    if len(bare) > 1:
        for other in (0, 1, -1):
            sets = [(c, "keywords", [ast.keyword("axis", constant(other))]) for c in bare if len(c.args) <= 1]
            yield set_several(18, "axis", bare[0], sets, True)
            yield set_several(18, "axis", bare[0], sets[:-1], True)
    if len(named) > 1:
        for other in (0, 1, -1):
            yield set_several(
                15, "axis", named[0][0].value, [(k, "value", constant(other)) for k, _ in named], True
            )


def constants(scope: Scope) -> Iterator[Change]:
    """A number that is another one, or the length of an argument."""
    for slot in scope.slots:
        value = number(slot.node)
        parent = slot.parent
        if isinstance(slot.node, ast.Name) and _is_less(slot):
            yield slot.change(23, "value", ast.Constant(1))
        if value is None or slot.role == "keyword" or isinstance(slot.parent, ast.UnaryOp):
            continue
        index = slot.role == "index"
        for i, other in enumerate(dict.fromkeys((value + 1, value - 1, 0, 1, 2, -1, 0.5))):
            if other != value and not (index and other == 0.5):
                kind = "index" if index else "too much" if other == 1 and _scales(slot) else "constant"
                yield slot.change(19 + (4 if i > 1 else 0), kind, constant(other))
        if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub):
            beside = parent.left if parent.right is slot.node else parent.right
            for name in sorted({n.id for n in ast.walk(beside) if isinstance(n, ast.Name)} & {*scope.names}):
                yield slot.change(23, "value", ast.Name(name, ast.Load()))
        if isinstance(parent, ast.Compare) and value not in (0, 1, -1):
            for other in (10 * value, value / 10):
                yield slot.change(26, "constant", constant(other))
        if value in (2, 3, 4) and isinstance(value, int):
            for name in scope.parameters[:3]:
                for text in (f"len({name})", f"{name}.size", f"{name}.shape[-1]"):
                    yield slot.change(18 if slot.role != "index" else 30, "fixed size", expression(text))
    for node in ast.walk(scope.function):
        if isinstance(node, ast.Call) and called(node) == "range" and len(node.args) == 2:
            yield set_attribute(18, "range", node, node, "args", node.args[1:])
        if isinstance(node, ast.Call) and called(node) in ("range", "product"):
            for i, given in enumerate(node.args[:2]):
                for sign in (ast.Add(), ast.Sub()):
                    new = [*node.args]
                    new[i] = ast.BinOp(given, sign, ast.Constant(1))
                    yield set_attribute(19, "range", node, node, "args", new)


def _is_less(slot: Slot) -> bool:
    """Whether something is what another thing is subtracted from."""
    parent = slot.parent
    return isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Sub) and slot.node is parent.left


def _scales(slot: Slot) -> bool:
    """Whether a number is a factor, so that 1 in its place leaves it out."""
    parent = slot.parent
    if not isinstance(parent, ast.BinOp):
        return False
    return isinstance(parent.op, ast.Mult) or (
        isinstance(parent.op, ast.Div | ast.Pow) and parent.right is slot.node
    )


def dropped(scope: Scope) -> Iterator[Change]:
    """Something that is too much: an operand, a call, a sign, a transposition, an index."""
    for slot in scope.slots:
        node = slot.node
        if isinstance(node, ast.BinOp):
            yield slot.change(24, "too much", node.left)
            if not isinstance(node.op, ast.Pow):
                yield slot.change(24, "too much", node.right)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
            kind = "sign" if isinstance(node.op, ast.USub) else "comparison"
            yield slot.change(12, kind, node.operand)
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            yield slot.change(12, "transposition", node.value)
        elif isinstance(node, ast.Call):
            numpy = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in (
                "np",
                "np.linalg",
            )
            if isinstance(node.func, ast.Attribute) and not numpy:
                yield slot.change(25, "too much", node.func.value)
            elif called(node) not in ("len", "range", "zeros", "ones", "empty", "eye", "enumerate", "zip"):
                numbers = [a for a in node.args if number(a) is None]
                if numbers and called(node) != "where":
                    yield slot.change(24, "too much", numbers[0])
        elif isinstance(node, ast.Subscript) and slot.role != "index":
            yield slot.change(26, "index", node.value)
        elif isinstance(node, ast.BoolOp) and len(node.values) == 2:
            for value in node.values:
                yield slot.change(25, "condition", value)
        elif (
            isinstance(node, ast.Compare)
            and len(node.ops) == 1
            and isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE)
            and number(node.comparators[0]) is None
        ):
            yield set_attribute(23, "value", node.comparators[0], node, "comparators", [ast.Constant(0)])
        if isinstance(node, ast.Compare) and not _asked(slot):
            yield slot.change(26, "comparing", node.left)


def _asked(slot: Slot) -> bool:
    """Whether a comparison is a question, for an `if`, a `where` or a choice of entries."""
    parent = slot.parent
    question = isinstance(parent, ast.BoolOp | ast.If | ast.IfExp | ast.While | ast.Subscript)
    return question or (isinstance(parent, ast.Call) and called(parent) == "where")


def names(scope: Scope) -> Iterator[Change]:
    """Another variable than the one that stands there, first in what is returned; here, or everywhere."""
    lists = _lists(scope)
    for slot in scope.slots:
        if isinstance(slot.node, ast.Name) and slot.node.id in scope.names:
            returned = slot.role == "returned"
            for other in scope.names:
                # A list that holds itself has no end, and numpy looks for one.
                if other not in (slot.node.id, "_") and (returned or other not in lists):
                    kind = "name"
                    if returned:
                        kind = "last step" if _made_of(scope, slot.node.id, other) else "result"
                    yield slot.change(4 if returned else 23, kind, ast.Name(other, ast.Load()))


def _made_of(scope: Scope, name: str, other: str) -> bool:
    """Whether a variable is what a single line makes of another one."""
    made = [
        n.value
        for n in ast.walk(scope.function)
        if isinstance(n, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in n.targets)
    ]
    return len(made) == 1 and any(isinstance(n, ast.Name) and n.id == other for n in ast.walk(made[0]))


def exchanged(scope: Scope) -> Iterator[Change]:
    """Two arguments, each in the place of the other, everywhere; a product whose one factor is another one."""
    read = [s.node for s in scope.slots if isinstance(s.node, ast.Name)]
    used = [p for p in scope.parameters if any(n.id == p for n in read)]
    for a, b in itertools.combinations(used, 2):
        sets = [(n, "id", b if n.id == a else a) for n in read if n.id in (a, b)]
        first = next(n for n in read if n.id in (a, b))
        lines = {n.lineno for n in read if n.id in (a, b)}
        yield set_several(25, "exchanged", first if len(lines) == 1 else scope.function, sets)
    for slot in scope.slots:
        node = slot.node
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.MatMult):
            continue
        for kept, other in ((node.left, node.right), (node.right, node.left)):
            for name in scope.names if isinstance(other, ast.Name) else ():
                if name not in (ast.unparse(kept), ast.unparse(other)):
                    new = ast.Name(name, ast.Load())
                    pair = (kept, new) if kept is node.right else (new, kept)
                    yield slot.change(28, "factors", ast.BinOp(pair[0], ast.MatMult(), pair[1]))


def swapped(scope: Scope) -> Iterator[Change]:
    """Two names of an expression in each other's place; two functions, or two values that are put into names in a line."""
    for slot in scope.slots:
        node = slot.node
        if isinstance(node, ast.Call) and called(node) in ("minimum", "maximum", "min", "max"):
            inner = [a for a in node.args if isinstance(a, ast.Call) and isinstance(a.func, ast.Attribute)]
            for other in inner:
                if isinstance(node.func, ast.Attribute) and {called(node), called(other)} in (
                    {"minimum", "maximum"},
                    {"min", "max"},
                ):
                    one, two = (node.func, "attr", called(other)), (other.func, "attr", called(node))
                    yield set_two(18, "swapped", node, one, two)
        if slot.role not in ("assigned", "returned") or isinstance(node, ast.Tuple | ast.Name):
            continue
        read = [n for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in scope.names]
        found = sorted({n.id for n in read})
        for a, b in itertools.combinations(found, 2) if len(found) <= MOST_SWAPPED else ():
            sets = [(n, "id", b if n.id == a else a) for n in read if n.id in (a, b)]
            yield set_several(26, "swapped", node, sets)
    for statement in ast.walk(scope.function):
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
            values = statement.value
            if len(values.elts) == 2:
                yield set_attribute(11, "swapped", statement, values, "elts", values.elts[::-1])


MOST_SWAPPED = 4
"""Names of an expression of which two may stand in each other's place."""

GROWS = ("append", "extend", "insert")


def _lists(scope: Scope) -> set[str]:
    """Variables that hold lists, however they came to: what something is appended to is one."""
    found: set[str] = set()
    for node in ast.walk(scope.function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                pairs = zip(target.elts, node.value.elts, strict=False) if several else [(target, node.value)]  # type: ignore[attr-defined]
                found |= {a.id for a, b in pairs if isinstance(a, ast.Name) and _is_list(b)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in GROWS:
            found |= {n.id for n in ast.walk(node.func.value) if isinstance(n, ast.Name)}
    return found


def _is_list(value: ast.expr) -> bool:
    """Whether an expression makes a list."""
    return isinstance(value, ast.List | ast.ListComp) or ast.unparse(value).startswith(
        ("list(", "[", "deque(")
    )


def transposed(scope: Scope) -> Iterator[Change]:
    """A transposition that is missing."""
    for slot in scope.slots:
        product = isinstance(slot.parent, ast.BinOp) and isinstance(slot.parent.op, ast.MatMult)
        whole = slot.role in ("returned", "assigned")
        if (product or whole) and not isinstance(slot.node, ast.Constant | ast.Tuple):
            if isinstance(slot.node, ast.Attribute) and slot.node.attr == "T":
                continue
            rank = 14 if product else 28
            kind = "transposition" if product else "to transpose"
            yield slot.change(rank, kind, ast.Attribute(slot.node, "T", ast.Load()), not product)


def put_in(scope: Scope) -> Iterator[Change]:
    """Something that is missing: a function, a factor, a term, a square, a sign."""
    acting = {s.value for s in ast.walk(scope.function) if isinstance(s, ast.Expr) and acts(s)}
    for slot in scope.slots:
        node = slot.node
        if slot.parent in acting and _is_changed(slot):
            continue  # it would be a new array that is changed, and the old one is left alone
        if isinstance(
            node, ast.Constant | ast.Tuple | ast.Dict | ast.Compare | ast.Starred | ast.List | ast.Lambda
        ):
            continue
        whole = slot.role in ("returned", "assigned", "argument")
        inner = slot.role == "operand"
        if slot.role in ("index", "keyword") or not (whole or inner):
            continue
        text = f"({ast.unparse(node)})"
        returned = slot.role == "returned"
        for name in scope.unused:
            for pattern in ("{} + " + name, "{} * " + name, "{} - " + name, "{} / " + name):
                yield slot.change(16 if whole else 29, "unused", expression(pattern.format(text)), True)
        for pattern, kind, rank in WRAPS if whole else WRAPS_OF_OPERANDS:
            if kind == "type" and pattern.startswith("float") and scope.failure == "values":
                continue
            if pattern == "np.maximum(0, {})" and _stands_elsewhere(scope, "maximum"):
                rank = 40
            yield slot.change(rank - returned, kind, expression(pattern.format(text)), True)
        if whole and not isinstance(slot.parent, ast.Call):
            for name in scope.parameters:
                if name not in scope.unused:
                    for pattern in ("{} / len({})", "{} + {}", "{} * {}", "{} / {}", "{} - {}"):
                        yield slot.change(33, "missing", expression(pattern.format(text, name)), True)


def less_another(scope: Scope) -> Iterator[Change]:
    """A value of the function's own that has to be subtracted: what is there already, or at the start."""
    own = [n for n in scope.names if n not in scope.parameters]
    for slot in scope.slots:
        node = slot.node
        made = isinstance(slot.parent, ast.ListComp | ast.GeneratorExp) and slot.node is slot.parent.elt
        if isinstance(node, ast.Call | ast.BinOp) and (made or slot.role in ("assigned", "returned")):
            for name in own:
                new = ast.BinOp(node, ast.Sub(), ast.Name(name, ast.Load()))
                yield slot.change(20 if made else 34, "subtracted", new, True)


def _is_changed(slot: Slot) -> bool:
    """Whether something is what a call changes: its first argument, or what is given to it as `out`."""
    call = slot.parent
    return (
        isinstance(call, ast.Call)
        and called(call) not in ("append", "extend", "add", "update")
        and (bool(call.args) and slot.node is call.args[0])
    )


def _stands_elsewhere(scope: Scope, name: str) -> bool:
    return any(isinstance(s.node, ast.Call) and called(s.node) == name for s in scope.slots)


MAKERS: tuple[Callable[[Scope], Iterator[Change]], ...] = (
    operators,
    families,
    axes,
    constants,
    transposed,
    names,
    exchanged,
    swapped,
    dropped,
    brackets,
    powers,
    nested,
    shifted,
    put_in,
    less_another,
    loops,
    entries,
)
