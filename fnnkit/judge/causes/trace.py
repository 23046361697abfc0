"""Trace: where the numbers are lost, if what came back is not finite, was warned of, or has lost its digits.

The function is run once more on a call that failed, with each of its operations in the hands of
`fnnkit.kernel.tracing`. The first one that gives ∞ or NaN from finite numbers is named, with its numbers; so is one that
rounds to 0 what a logarithm or a division is then given, one that subtracts what is nearly equal, and one that takes each
entry of a row with each of a column where so many are not asked for.
"""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fnnkit.judge.causes.evidence import Evidence, size
from fnnkit.judge.causes.finding import LONGEST, Finding, place_of
from fnnkit.judge.causes.reading import called
from fnnkit.judge.causes.repair import functions_of, harmless
from fnnkit.kernel.tracing import INFINITE, LOST, SPREAD, ZERO

TRACE = "_fnnkit_trace"
OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.Pow: "pow", ast.MatMult: "matmul",
}  # fmt: skip
SIGNS = {"add": "+", "sub": "−", "mul": "·", "truediv": "/", "pow": "to the power of", "matmul": "@"}
LEFT_ALONE = {
    "locals",
    "globals",
    "super",
    "vars",
    "range",
    "len",
    "zip",
    "enumerate",
    "print",
    "isinstance",
    "type",
}
MOST_ERROR = 1e4
"""Roundings of what was subtracted that an error of lost digits may have."""


@dataclass(frozen=True)
class Event:
    """An operation that lost numbers: which, what went in, and what came out."""

    node: ast.expr
    given: tuple[float, ...]
    out: float


def trace(seen: Evidence) -> Iterator[Finding]:
    """Say where the numbers of a call are lost; nothing where the failure is another one."""
    case, lost = _failed(seen)
    slow = not seen.exercise.searched
    if case < 0 or slow or not seen.plain or not harmless(seen, blocks=True):
        return
    text, nodes = traced(seen)
    events = _events(seen.run(text, seen.cases[case]).value, nodes)
    if lost:
        if LOST in events and _explains(seen, case, events[LOST]):
            yield Finding(
                place_of(events[LOST].node, seen.text), "cancels", _cancels(events[LOST]), "", "trace"
            )
        elif SPREAD in events and _too_many(seen, case, events[SPREAD]):
            yield Finding(
                place_of(events[SPREAD].node, seen.text), "spread", _spread(events[SPREAD]), "", "trace"
            )
    elif INFINITE in events:
        node = events[INFINITE].node
        yield Finding(place_of(node, seen.text), "not finite", _infinite(events, seen.text), "", "trace")


def _failed(seen: Evidence) -> tuple[int, bool]:
    """The call that failed by its numbers, and whether they have lost digits; -1 if none did."""
    problem = seen.verdict.problem
    assert problem is not None
    if problem.kind == "finite":
        found = [
            i for i in seen.wrong if seen.answers[i].error is None and not _all_finite(seen.answers[i].value)
        ]
        return _shown(seen, found), False
    if problem.kind == "claim" and not seen.wrong:
        found = [i for i, answer in enumerate(seen.answers) if answer.warnings and answer.error is None]
        return _shown(seen, found), False
    if problem.kind in ("values", "property", "shape") and seen.wrong:
        return seen.wrong[0], True
    return -1, False


def _shown(seen: Evidence, found: Sequence[int]) -> int:
    """Of some calls the one that the verdict shows, or else the first; -1 if there is none."""
    assert seen.verdict.problem is not None
    shown = [i for i in found if seen.called(i) == seen.verdict.problem.call]
    return (shown or [*found, -1])[0]


def traced(seen: Evidence) -> tuple[str, list[ast.expr]]:
    """The text of a copy in which each operation is looked at, and the operations by their numbers."""
    assert seen.tree is not None
    tree = copy.deepcopy(seen.tree)
    mine = functions_of(seen)
    originals = dict(zip(ast.walk(tree), ast.walk(seen.tree), strict=True))
    inside = [new for new, old in originals.items() if old in mine]
    nodes: list[ast.expr] = []
    wrapping = _Wrapping(originals, nodes)
    for function in inside:
        assert isinstance(function, ast.FunctionDef)
        function.body = [wrapping.visit(statement) for statement in function.body]
    name = seen.exercise.name
    lines = (
        f"from fnnkit.kernel.tracing import Trace as {TRACE}_made, operator as {TRACE}_operator",
        f"{TRACE} = {TRACE}_made()",
        ast.unparse(ast.fix_missing_locations(tree)),
        f"{TRACE}_own = {name}",
        f"def {name}(*args):",
        f"    return {TRACE}.call({TRACE}_own, args)",
    )
    return "\n".join(lines), nodes


class _Wrapping(ast.NodeTransformer):
    """Puts each operation into the hands of the trace."""

    def __init__(self, originals: dict[ast.AST, ast.AST], nodes: list[ast.expr]) -> None:
        self.originals, self.nodes = originals, nodes

    def _run(self, node: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]) -> ast.Call:
        original = self.originals[node]
        assert isinstance(original, ast.expr)
        self.nodes.append(original)
        number = ast.Constant(len(self.nodes) - 1)
        function = ast.Attribute(ast.Name(TRACE, ast.Load()), "run", ast.Load())
        return ast.Call(function, [number, *args], keywords)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """``a - b``."""
        self.generic_visit(node)
        name = OPERATORS.get(type(node.op))
        if name is None:
            return node
        operation = ast.Attribute(ast.Name(f"{TRACE}_operator", ast.Load()), name, ast.Load())
        return self._run(node, [operation, node.left, node.right], [])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """``np.exp(z)``."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in LEFT_ALONE:
            return node
        return self._run(node, [node.func, *node.args], node.keywords)


def _events(value: Any, nodes: list[ast.expr]) -> dict[str, Event]:
    """What a traced copy says, as far as it can be so."""
    found: dict[str, Event] = {}
    for said in value if isinstance(value, list) else ():
        try:
            kind, number, given, out = said
            numbers = tuple(float(n) for n in given)[:2]
            if kind in (INFINITE, ZERO, LOST, SPREAD) and type(number) is int and 0 <= number < len(nodes):
                found[kind] = Event(nodes[number], numbers, float(out))
        except (TypeError, ValueError, OverflowError):
            continue
    return found


def _infinite(events: dict[str, Event], text: str) -> str:
    event = events[INFINITE]
    node, out = event.node, _written(event.out)
    zero = events.get(ZERO)
    if zero is not None and 0.0 in event.given and zero.node is not node:
        what = "the logarithm of" if isinstance(node, ast.Call) and "log" in called(node) else f"{out} from"
        place = place_of(zero.node, text)
        return f"{what} a number that was rounded to 0 before: in {place[0].lower()}{place[1:]}"
    if isinstance(node, ast.BinOp) and len(event.given) == 2:
        a, b = map(_written, event.given)
        return f"{a} {SIGNS[OPERATORS[type(node.op)]]} {b} is {out} here"
    if len(event.given) == 1:
        number = _written(event.given[0])
        # `np.exp(-z)` is given −z, and not z.
        if isinstance(node, ast.Call) and len(node.args) == 1 and not isinstance(node.args[0], ast.Name):
            given = " ".join((ast.get_source_segment(text, node.args[0]) or "").split())
            if given and len(given) <= LONGEST and "`" not in given:
                return f"it gives {out} where `{given}` is {number}"
        return f"it gives {out} for {number}"
    return f"it gives {out}, though every number that goes in is finite"


def _cancels(event: Event) -> str:
    size = max(map(abs, event.given))
    return f"numbers of size {size:.1g} are subtracted, and {_written(event.out)} is left: most digits are lost on the way"


def _spread(event: Event) -> str:
    n = int(event.given[0])
    return (
        f"one side has shape ({n},) and the other ({n}, 1), so numpy takes each entry of the one with each of the other, "
        f"({n}, {n}) in all"
    )


def _too_many(seen: Evidence, case: int, event: Event) -> bool:
    """Whether so many numbers are more than the result has, and nobody has asked for them by an index."""
    n = event.given[0]
    asked = "None" in ast.unparse(event.node) or "newaxis" in ast.unparse(event.node)
    return not seen.verdict.misconception and not asked and size(seen.expected(case).value) < n * n


def _written(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    plain = number == int(number) and abs(number) < 1e6
    return (str(int(number)) if plain else f"{number:.4g}").replace("-", "−")


def _explains(seen: Evidence, case: int, event: Event) -> bool:
    """Whether what came back is off by roundings of what was subtracted, and by no more."""
    want, have = seen.expected(case).value, seen.answers[case].value
    try:
        a, b = np.asarray(want, dtype=float), np.asarray(have, dtype=float)
        if a.shape != b.shape or not np.isfinite(b).all():
            return False
        error = float(np.max(np.abs(a - b), initial=0.0))
    except (TypeError, ValueError):
        return False
    eps = float(np.finfo(np.float64).eps)
    return 0 < error <= MOST_ERROR * eps * max(map(abs, event.given), default=0.0)


def _all_finite(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_all_finite, value))
    if isinstance(value, dict):
        return all(map(_all_finite, value.values()))
    array = np.asarray(value)
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())
