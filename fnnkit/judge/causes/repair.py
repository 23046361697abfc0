"""Repair: one edit of the student's own function that makes everything right.

It is believed only where every criterion is met at the seed of the check and at three others, and where it agrees with
the reference on inputs beyond these. What is said is where the edit is and of which kind; never the new text. The budget
is a number of edits, so that the same code gets the same words on every machine.
"""

from __future__ import annotations

import ast
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from fnnkit.judge.causes.change import Change, Scope, slots_of
from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.causes.expressions import MAKERS
from fnnkit.judge.causes.finding import Finding, place_of
from fnnkit.judge.causes.partly import PARTLY, Partly
from fnnkit.judge.causes.reading import called
from fnnkit.judge.causes.statements import structure
from fnnkit.judge.exercise import Case, Exercise, Known, public_cases
from fnnkit.kernel.call import Answer

BUDGET = 300
"""Edits that are tried."""
MORE = 100
"""Edits that are still tried after a repair: another one may be of another kind."""
MOST_STOPPED = 5
"""Edits that do not come to an end, after which no more are tried."""
MOST_PLACES = 3
"""Places of one line that are said."""
MOST_PARTIAL = 3
"""Edits that set right something of several things that are wrong, after which no more of them are looked for."""
AT_ONCE = 25
"""Edits that are made before the first of them is run."""
GUARD = 5.0
"""Seconds after which a search is given up, and nothing is said of it."""
SEEDS, BEYOND = (101, 102, 103), (7001, 7002)
LARGEST_FUNCTION = 1500
"""Nodes of a function that is searched."""

BUSY = {
    "open", "input", "sleep", "exec", "eval", "system", "popen", "save", "savez", "savetxt", "load", "loadtxt", "urlopen",
    "default_rng", "rand", "randn", "randint", "seed", "shuffle", "permutation", "normal", "uniform", "choice", "display",
    "show", "plot", "setattr", "globals", "__import__", "import_module", "Thread", "Process", "run", "remove", "unlink",
    "write", "write_text", "write_bytes", "mkdir", "exit", "quit",
}  # fmt: skip
"""What a cell calls that should not be called again."""

KINDS = {
    "axis": "the axis", "keepdims": "whether the axis is kept", "function": "another function of this kind is meant",
    "operator": "the operator is another one", "order": "the two stand in the wrong order", "comparison": "the comparison",
    "branches": "the two ways are exchanged", "constant": "the number", "fixed size": "the number is right for some sizes only: "
    "which length of this call is it?", "range": "where the range begins or ends", "too much": "something in it is too much",
    "to transpose": "transposed, it would be right here", "sign": "the sign", "transposition": "the transposition",
    "index": "the index", "condition": "a condition is too much",
    "name": "another variable is meant", "result": "another variable is meant",
    "last step": "the last step on the way to it is too much", "unused": "an unused argument belongs here",
    "square": "a square is missing", "missing": "something has to happen to it first", "factor": "a factor of two",
    "reduction": "it is not summed or averaged as it should be", "type": "the type of the array", "shape": "the shape",
    "brackets": "what stands inside the brackets and what outside", "order of results": "the order of the results",
    "return": "what is returned, and where", "copy": "a copy is needed here: an array is changed that is still needed",
    "several": "this gives several things, and one of them is meant", "raise": "an error is raised with `raise`",
    "shapes": "shapes are to be compared, not something else of the arrays", "no check": "a check of the shapes is missing",
    "place": "the line stands in the wrong place",
    "loop": "without it, everything is right: it ends the loop, or a round of it, too early",
    "exchanged": "two of the arguments stand in each other's place", "factors": "these factors, or their order",
    "entry": "one entry of it is meant", "steps": "the two are done in the wrong order",
    "check": "the shapes that are compared are not those of the arguments, or they are compared too late",
    "comparing": "this compares, where the number itself is meant",
    "shift": "something is to be subtracted first", "value": "another value is meant",
    "added up": "every round of the loop overwrites what the rounds before have put there",
    "replaced": "this is added to what is there already, and is to stand in its place",
    "each round": "this is counted again in every round, and belongs there once",
    "pairs": "`:` takes every row with every column that is listed: each row is to be paired with its own",
    "letters": "the letters that name the axes", "swapped": "two things stand in each other's place here",
    "line": "this line is too much", "subtracted": "something that is counted in here has to be taken off again",
    "way": "this way out is too much", "overwritten": "the value that was there before is meant",
}  # fmt: skip
MAKES_UP = ("name", "constant", "each round", "transposition", "exchanged")
"""Kinds that often make up for a mistake that stands elsewhere: where a mistake is known by its values, they are not said."""
PROOF = "With one change there, everything is right."
EVERYWHERE = "With the same change at each such place, everything is right."


@dataclass(frozen=True)
class Repair:
    """An edit that makes everything right, or one of several things that are wrong."""

    change: Change
    number: int
    partly: bool = False

    @property
    def line(self) -> int:
        """Where it is."""
        return int(getattr(self.change.node, "lineno", 0))


def searchable(seen: Evidence) -> bool:
    """Whether edited copies of a cell are tried."""
    return seen.plain and seen.exercise.searched and harmless(seen)


def harmless(seen: Evidence, blocks: bool = False) -> bool:
    """Whether copies of a cell may be run: it has the function, is no stub, and nothing in it acts on the outside.

    Parameters
    ----------
    seen : Evidence
        The cell.
    blocks : bool
        Whether it may have `with` blocks.
    """
    if seen.function is None or not seen.verdict.attempted:
        return False
    assert seen.tree is not None
    acting: tuple[type[ast.AST], ...] = (
        ast.Global,
        ast.Nonlocal,
        ast.Await,
        ast.AsyncFunctionDef,
        ast.ClassDef,
    )
    if not blocks:
        acting = (*acting, ast.With)
    if sum(1 for _ in ast.walk(seen.tree)) > LARGEST_FUNCTION:
        return False
    for node in ast.walk(seen.tree):
        if isinstance(node, acting):
            return False
        if isinstance(node, ast.ExceptHandler) and (
            node.type is None or "BaseException" in ast.unparse(node.type)
        ):
            return False  # it would take what ends a copy, too
        if isinstance(node, ast.Call) and called(node) in BUSY and not _named(seen, called(node)):
            return False
    return not any(_stores_outside(f) for f in functions_of(seen))


def _named(seen: Evidence, name: str) -> bool:
    """Whether a busy name is a function of the cell's own."""
    return any(f.name == name for f in functions_of(seen))


def _stores_outside(function: ast.FunctionDef) -> bool:
    """Whether it puts something into a variable of the notebook."""
    own = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
    own |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            inner: ast.expr = node
            while isinstance(inner, ast.Subscript | ast.Attribute):
                inner = inner.value
            if isinstance(inner, ast.Name) and inner.id not in own:
                return True
    return False


def functions_of(seen: Evidence) -> list[ast.FunctionDef]:
    """The function that is asked for, and those of its cell that it calls."""
    assert seen.function is not None
    assert seen.tree is not None
    there = {f.name: f for f in seen.tree.body if isinstance(f, ast.FunctionDef)}
    found = [seen.function]
    for function in found:
        for node in ast.walk(function):
            other = there.get(node.id) if isinstance(node, ast.Name) else None
            if other is not None and other not in found:
                found.append(other)
    return found


def changes_of(seen: Evidence) -> list[Change]:
    """All edits, in the order in which they are tried."""
    problem = seen.verdict.problem
    refuses = problem is not None and problem.kind == "refusal"
    found: list[Change] = []
    for i, function in enumerate(functions_of(seen)):
        mine = seen.parameters if not i else [a.arg for a in function.args.args]
        scope = Scope(function, mine, refuses, list(slots_of(function)), problem.kind if problem else "")
        for maker in (structure, *MAKERS):
            found += maker(scope)
    return sorted(found, key=lambda c: c.rank)


@lru_cache(maxsize=8)
def further(exercise: Exercise) -> tuple[tuple[list[Case], Known], ...]:
    """Cases of other seeds, and what is known of them."""
    made = [exercise.cases(np.random.default_rng(seed)) for seed in (*SEEDS, *BEYOND)]
    return tuple((cases, Known(cases)) for cases in made)


class Search:
    """The search for repairs of one function."""

    def __init__(self, seen: Evidence) -> None:
        self.seen = seen
        self.tried = 0
        self.repairs: list[Repair] = []
        self.partial: list[Repair] = []
        self.given_up = False
        self._stopped = 0
        self._partly = Partly(seen)
        public = public_cases(seen.exercise)
        self._sets = [(public, Known(public)), *further(seen.exercise)]

    def run(self) -> list[Repair]:
        """All repairs among the first edits; none if the search took too long."""
        seen, end, earliest = self.seen, time.process_time() + GUARD, time.perf_counter() + GUARD
        first = self._first()
        most = BUDGET
        edits = islice(self._edits(), BUDGET)
        while some := list(islice(edits, AT_ONCE)):
            seen.run.ahead([text for _, text in some], [seen.cases[i] for i in first])
            for change, text in some:
                if self.tried >= most or self._stopped >= MOST_STOPPED:
                    return self.repairs
                self.tried += 1
                outcome = self._repairs(text, first)
                if outcome == "all":
                    self.repairs.append(Repair(change, self.tried))
                    most = min(BUDGET, self.repairs[0].number + MORE)
                elif outcome and not change.adds:
                    self.partial.append(Repair(change, self.tried, partly=True))
                late = time.perf_counter() + seen.run.spent > earliest
                if late and time.process_time() + seen.run.spent > end:
                    self.given_up = True
                    return []
        return self.repairs

    def _edits(self) -> Iterator[tuple[Change, str]]:
        """All edits with the text that each of them makes, each text once."""
        assert self.seen.tree is not None
        texts = {ast.unparse(self.seen.tree)}
        for change in changes_of(self.seen):
            try:
                change.do()
                try:
                    text = ast.unparse(self.seen.tree)
                finally:
                    change.undo()
            except (RecursionError, ValueError, AttributeError, TypeError):
                continue
            if text not in texts:
                texts.add(text)
                yield change, text

    def _first(self) -> list[int]:
        """The calls that an edit is tried on first: one that was wrong; where none was, one that was not calm."""
        seen = self.seen
        if seen.wrong:
            return seen.wrong[:1]
        return [i for i, a in enumerate(seen.answers) if a.changed or a.warnings or a.shared][:1]

    def _repairs(self, text: str, first: Sequence[int]) -> str:
        """Whether a copy is right in ``"all"``, in ``"some"`` of what was wrong, or in nothing more than before."""
        seen, names = self.seen, set[str]()
        for i in first:
            given = seen.run(text, seen.cases[i])
            self._stopped += given.error is not None and "Timeout" in given.error.kinds
            if seen.wrong and not seen.agrees(i, given):
                names = self._partly.fewer(i, given) if len(self.partial) < MOST_PARTIAL else set()
                if not names:
                    return ""
            elif not seen.wrong and (not seen.agrees(i, given) or _not_calm(given, seen.answers[i])):
                return ""
        rest = [] if names else [i for i in seen.wrong[1:] if seen.cases[i].criterion == self._partly.failed]
        if not all(seen.agrees(i, seen.run(text, seen.cases[i])) for i in rest):
            return ""
        everything = not names
        for cases, known in self._sets:
            answers = self._answers(text, cases, known)
            if answers is None:
                return ""
            if names:
                if not self._partly.holds(names, cases, known, answers):
                    return ""
                continue
            verdict = seen.exercise.judge(cases, answers, known=known, recognised=False)
            everything = everything and verdict.solved
            if not verdict.solved and (seen.words or not self._partly.better(verdict)):
                return ""
        if everything and not all(agrees_beyond(seen, text, i) for i in range(len(seen.cases))):
            return ""
        return "all" if everything else "some"

    def _answers(self, text: str, cases: Sequence[Case], known: Known) -> list[Answer] | None:
        """What a copy gives in all of some calls; None if one of what was wrong first stops where it should not."""
        self.seen.run.ahead([text], cases)
        answers: list[Answer] = []
        for i, case in enumerate(cases):
            given = self.seen.run(text, case)
            want = known.answer(self.seen.exercise.reference, i)
            if (given.error is None) != (want.error is None) and case.criterion == self._partly.failed:
                return None
            answers.append(given)
        return answers


def agrees_beyond(seen: Evidence, text: str, position: int) -> bool:
    """Whether a copy agrees with the reference on a call like one of the cases, of other numbers."""
    case = seen.cases[position]
    args = _shaken(case.args, position)
    if args is None:
        return True
    other = replace(case, args=args)
    known = Known([other])
    want = known.answer(seen.exercise.reference, 0)
    if want.error is not None or want.warnings or not _finite(want.value):
        return True
    other_seen = replace(seen, cases=[other], answers=[want], known=known)
    return other_seen.agrees(0, seen.run(text, other))


def _not_calm(given: Answer, before: Answer) -> bool:
    return bool(given.changed or (before.warnings and given.warnings) or (before.shared and given.shared))


def _shaken(args: tuple[Any, ...], seed: int) -> tuple[Any, ...] | None:
    """Arguments with other numbers; None if none of them is an array of floating point numbers."""
    rng = np.random.default_rng(seed)
    found, changed = [], False
    for a in args:
        if isinstance(a, np.ndarray) and a.dtype == np.float64 and a.size and np.isfinite(a).all():
            factor = rng.uniform(0.8, 1.0)
            found.append(np.asarray(a * factor))  # what has no axes stays an array
            changed = True
        else:
            found.append(a)
    return tuple(found) if changed else None


def _finite(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_finite, value))
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    array = np.asarray(value)
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())


def told(
    repairs: Sequence[Repair], text: str, name: str, tree: ast.AST | None = None, place_only: bool = False
) -> Finding | None:
    """What is said of repairs: the place; the kind where all agree on it.

    A right helper can be bent so that it makes up for the mistake, so the function that is asked for comes first; and a line
    in which one thing can be changed in several ways is more likely the one.
    """
    if not repairs:
        return None
    # One name tells more than two in each other's place.
    repairs = [r for r in repairs if r.change.kind != "exchanged"] or repairs
    # Where a line is too much, what else takes away its effect says less.
    too_much = {r.line for r in repairs if r.change.kind == "line"}
    repairs = [r for r in repairs if r.change.kind == "line" or r.line not in too_much]
    best = _likeliest(repairs, text, name)
    if isinstance(best.change.node, ast.FunctionDef):
        return Finding("", best.change.kind, KINDS[best.change.kind], _after(best.change.kind), "repair")
    here = [r for r in repairs if r.line == best.line]
    kinds = {r.change.kind for r in here}
    one_kind = len(kinds) == 1 and len(here) == len(repairs)
    one_kind = one_kind and not (place_only and best.change.adds)
    words = KINDS[best.change.kind] if one_kind else ""
    places: dict[int, list[str]] = {}
    for r in sorted(_asked(repairs, text, name), key=lambda r: r.line):
        places.setdefault(r.line, []).append(place_of(r.change.node, text, tree))
    if len(places) == 2 and (line := _before_it_is_returned(places, text)):
        place = _either(places[line], f"Line {line}")
    elif len(places) == 2:
        first, second = (_either(said, f"Line {line}") for line, said in places.items())
        place = f"{first}, or l{second[1:]}"
    else:
        place = _either([place_of(r.change.node, text, tree) for r in here], f"Line {best.line}")
    proof = PARTLY if best.partly else EVERYWHERE if all(r.change.everywhere for r in here) else PROOF
    return Finding(place, best.change.kind if one_kind else "", words, proof, "repair")


def _before_it_is_returned(lines: Collection[int], text: str) -> int:
    """The one of two lines at which something is computed, where at the other it is returned by its name; 0 if there is none."""
    returns = {
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Return)
        and all(isinstance(part, ast.Name) for part in getattr(node.value, "elts", [node.value]))
    }
    computed = [line for line in lines if line not in returns]
    return computed[0] if len(computed) == 1 else 0


def _either(places: Sequence[str], line: str) -> str:
    """One place, or what is in either of two or three of one line, the largest of them; the line alone where they are more."""
    parts = [p.removeprefix(f"{line}, ") for p in dict.fromkeys(places)]
    codes = [part.split("` in `")[0].strip("`") for part in parts]
    parts = [
        part
        for part, code in zip(parts, codes, strict=True)
        if not any(code != other and code in other for other in codes)
    ]
    if len(parts) > MOST_PLACES or line in parts:
        return line
    return f"{line}, {' or '.join(parts)}"


def _after(kind: str) -> str:
    """What is said of a change that is at no one place."""
    if kind == "exchanged":
        return "With them exchanged, everything is right."
    return (
        "Compared at the beginning, everything is right."
        if kind == "check"
        else "With it, everything is right."
    )


def _asked(repairs: Sequence[Repair], text: str, name: str) -> list[Repair]:
    """The repairs that count: in the function that is asked for, and, if there are such, without anything put in."""
    lines = [r for r in repairs if not isinstance(r.change.node, ast.FunctionDef)]
    own = range(0)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            own = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    asked = [r for r in lines if r.line in own] or lines or list(repairs)
    return [r for r in asked if not r.change.adds] or asked


def _likeliest(repairs: Sequence[Repair], text: str, name: str) -> Repair:
    asked = _asked(repairs, text, name)
    often = Counter(r.line for r in asked).most_common(1)[0][0]
    return next(r for r in asked if r.line == often)


def repaired(seen: Evidence) -> Iterator[Finding]:
    """What one edit that makes everything right says, if there is one."""
    if not searchable(seen):
        return
    named = bool(seen.verdict.misconception)
    search = Search(seen)
    repairs = search.run()
    if not repairs and not named and not search.given_up:
        repairs = search.partial
    if (
        seen.words or named
    ):  # few values are right by chance; and where a mistake is known, what is put around it says less
        repairs = [r for r in repairs if not r.change.adds and not (named and r.change.kind in MAKES_UP)]
    found = told(repairs, seen.text, seen.exercise.name, seen.tree, place_only=named)
    if found is not None and not (named and ", or line " in found.place):
        yield found
