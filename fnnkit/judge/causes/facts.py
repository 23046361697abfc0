"""Facts that are read off the code, each said only where what was seen agrees with it.

A fact alone points; what is unusual in code may still be right. So each one names the failure that it explains.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fnnkit.judge.causes.evidence import Evidence, Said
from fnnkit.judge.causes.finding import Finding, place_of
from fnnkit.judge.causes.reading import (
    SEVERAL,
    called,
    equal,
    is_called,
    kind_of,
    loads,
    place_of_change,
    returns_of,
)
from fnnkit.judge.causes.returning import (
    nothing_returned,
    number_of_returned,
    order_of_returned,
    refusal,
    return_in_loop,
    some_refused,
)
from fnnkit.judge.recognise import same_answer
from fnnkit.kernel.call import call

Fact = Callable[[Evidence], Said]


def facts(seen: Evidence) -> list[Finding]:
    """All facts that explain what was seen, the most telling first."""
    return [] if seen.function is None else [f for fact in FACTS for f in _found(fact, seen)]


def last_facts(seen: Evidence) -> Iterator[Finding]:
    """What is so, and need not be the cause: for whoever knows nothing else."""
    for fact in (changes_argument_too, some_refused):
        yield from _found(fact, seen)


def _found(fact: Fact, seen: Evidence) -> Iterator[Finding]:
    for node, kind, words in fact(seen):
        yield Finding(place_of(node, seen.text) if node is not None else "", kind, words, "", "fact")


def unused(seen: Evidence) -> Said:
    """Arguments that the function never reads."""
    function = seen.function
    assert function is not None
    if not seen.plain or not seen.wrong or any(is_called(n, "locals") for n in ast.walk(function)):
        return
    read = {n.id for s in function.body for n in loads(s)} - _overwritten(function)
    read |= {
        n.target.id
        for n in ast.walk(function)
        if isinstance(n, ast.AugAssign) and isinstance(n.target, ast.Name)
    }
    missing = [p for i, p in enumerate(seen.parameters) if p not in read and _matters(seen, i)]
    if missing and len(missing) == len(seen.parameters):
        yield None, "no argument", "none of the arguments is used: the result is the same for every call"
    elif missing:
        listed = " and ".join(f"`{p}`" for p in missing)
        yield None, "unused", f"{listed} {'is' if len(missing) == 1 else 'are'} never used"


def _overwritten(function: ast.FunctionDef) -> set[str]:
    """Names that get a value before they are read, as far as a function runs straight on."""
    read: set[str] = set()
    found: set[str] = set()
    for statement in function.body:
        if not isinstance(statement, ast.Assign | ast.Expr):
            break
        read |= {n.id for n in loads(statement)}
        targets = getattr(statement, "targets", [])
        found |= {t.id for t in targets if isinstance(t, ast.Name) and t.id not in read}
    return found


def _matters(seen: Evidence, argument: int) -> bool:
    """Whether the right answer to a call that was wrong depends on an argument: another one changes it."""
    reference = seen.exercise.reference
    for i in seen.wrong[:6]:
        for other in seen.cases:
            args = list(seen.cases[i].args)
            if argument >= min(len(args), len(other.args)):
                continue  # it may be left out
            if _alike(args[argument], other.args[argument]):
                continue
            args[argument] = other.args[argument]
            changed = call(reference, tuple(args))
            want = seen.expected(i)
            if changed.error is not None:
                continue
            if want.error or not same_answer(want, changed, seen.cases[i].args, False, None):
                return True
    return not any(len(c.args) > argument for c in seen.cases)


def _alike(a: Any, b: Any) -> bool:
    try:
        return bool(np.array_equal(np.asarray(a), np.asarray(b)))
    except Exception:
        return a is b


def changes_argument(seen: Evidence) -> Said:
    """An argument that is changed, where the calls saw it change and nothing else is wrong."""
    function = seen.function
    assert function is not None
    changed = {i for a in seen.answers for i in a.changed if i < len(seen.parameters)}
    if not changed or seen.wrong or not seen.plain:
        return
    for i in sorted(changed):
        node = place_of_change(function, seen.parameters[i])
        if node is not None:
            yield node, "in place", _changed(seen, i)


def changes_argument_too(seen: Evidence) -> Said:
    """An argument that is changed, where other things are wrong as well: for whoever knows nothing else."""
    changed = {i for a in seen.answers for i in a.changed if i < len(seen.parameters)}
    if seen.function is None or not seen.wrong or not seen.plain:
        return
    for i in sorted(changed):
        node = place_of_change(seen.function, seen.parameters[i])
        if node is not None:
            if _read_after(seen.function, seen.parameters[i], node) and not _known_to_change(seen, i):
                yield (
                    node,
                    "changed early",
                    _changed(seen, i) + ", and what reads it afterwards reads other numbers",
                )
            else:
                yield node, "in place", _changed(seen, i)
            return


def _changed(seen: Evidence, argument: int) -> str:
    """What is said of an argument that is changed."""
    value = seen.cases[0].args[argument] if argument < len(seen.cases[0].args) else None
    what = {np.ndarray: "array", dict: "dictionary", list: "list"}.get(type(value), "argument")
    return f"this changes the {what} `{seen.parameters[argument]}` of whoever called the function"


def _read_after(function: ast.FunctionDef, parameter: str, change: ast.AST) -> bool:
    """Whether an argument is read below the line that changes it."""
    end = getattr(change, "end_lineno", 0) or 0
    return any(n.id == parameter and n.lineno > end for n in loads(function))


def _known_to_change(seen: Evidence, argument: int) -> bool:
    """Whether the mistake with the same values is one that changes this argument."""
    name = seen.verdict.misconception
    found = next((m for m in seen.exercise.misconceptions if m.name == name), None)
    if found is None:
        return False
    return any(argument in seen.known.answer(found.answer, i).changed for i in range(len(seen.cases)))


def picked(seen: Evidence) -> Said:
    """Entries that are picked by a condition, where the others are missing from the result."""
    function, problem = seen.function, seen.verdict.problem
    assert function is not None
    assert problem is not None
    if problem.kind != "shape" or not seen.wrong:
        return
    want, have = seen.expected(seen.wrong[0]).value, seen.answers[seen.wrong[0]].value
    if not isinstance(want, np.ndarray) or not isinstance(have, np.ndarray) or have.size >= want.size:
        return
    values = [r.value for r in returns_of(function)]
    values += [n.value for n in ast.walk(function) if isinstance(n, ast.Assign)]
    for value in values:
        if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Compare):
            yield (
                value,
                "picked",
                "this picks the entries for which the condition holds, and drops all others",
            )
            return


def returned_argument(seen: Evidence) -> Said:
    """A way on which an argument itself is returned, where that is all that is wrong."""
    function, problem = seen.function, seen.verdict.problem
    assert function is not None
    assert problem is not None
    shared = {i for a in seen.answers for i in a.shared if i < len(seen.parameters)}
    if seen.wrong or not shared or "not a new one" not in problem.finding:
        return
    for node in returns_of(function):
        if isinstance(node.value, ast.Name) and node.value.id in [seen.parameters[i] for i in shared]:
            yield node, "same array", f"this returns the caller's own array `{node.value.id}`, not a new one"
            return


def small_constant(seen: Evidence) -> Said:
    """A small number that is added in a logarithm or bounds a `clip`: without it the call gives something else."""
    function = seen.function
    assert function is not None
    numbers = [i for i in seen.wrong if seen.answers[i].error is None and seen.expected(i).error is None]
    if not numbers:
        return
    for node in ast.walk(function):
        constants = _small_in(node)
        for constant in constants:
            if _changed_by(seen, constant, numbers[0]):
                where = "in the logarithm" if is_called(node, "log", "log2", "log10") else "here"
                words = f"the small number {where} changes the result, and the formula has none"
                yield node, "small number", words
                return


def _small_in(node: ast.AST) -> list[ast.Constant]:
    def small(part: ast.AST) -> bool:
        return isinstance(part, ast.Constant) and isinstance(part.value, float) and 0 < part.value <= 1e-4

    if is_called(node, "log", "log2", "log10") or (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    ):
        inside = node.args[:1] if isinstance(node, ast.Call) else [node.right]  # type: ignore[attr-defined]
        return [
            part
            for whole in inside
            for sum_ in ast.walk(whole)
            if isinstance(sum_, ast.BinOp) and isinstance(sum_.op, ast.Add | ast.Sub)
            for part in (sum_.left, sum_.right)
            if isinstance(part, ast.Constant) and small(part)
        ]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [p for p in (node.left, node.right) if isinstance(p, ast.Constant) and small(p)]
    if is_called(node, "clip", "maximum", "max"):
        assert isinstance(node, ast.Call)
        return [a for a in node.args if isinstance(a, ast.Constant) and small(a)]
    return []


def _changed_by(seen: Evidence, constant: ast.Constant, position: int) -> bool:
    """Whether another value of a constant gives another answer to a call."""
    before = constant.value
    constant.value = float(str(before)) * 2.0
    try:
        edited = ast.unparse(seen.tree) if seen.tree is not None else ""
    finally:
        constant.value = before
    other = seen.run(edited, seen.cases[position])
    mine = seen.answers[position]
    return other.error is None and not equal(other.value, mine.value)


def one_maximum(seen: Evidence) -> Said:
    """`np.max(a, 0)`, whose 0 is an axis, and Python's `max(0, a)`."""
    function = seen.function
    assert function is not None
    if not seen.wrong:
        return
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or called(node) not in ("max", "min") or len(node.args) != 2:
            continue
        other = called(node) + "imum"
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "np":
            if isinstance(node.args[1], ast.Constant) and node.args[1].value == 0:
                yield (
                    node,
                    "function",
                    f"the 0 is the axis along which one {other} is taken; entry by entry it is another function",
                )
        elif isinstance(node.func, ast.Name) and any("truth value" in _message(seen, i) for i in seen.wrong):
            yield (
                node,
                "function",
                f"Python's `{called(node)}` compares whole arrays; entry by entry it is another function",
            )


def _message(seen: Evidence, position: int) -> str:
    error = seen.answers[position].error
    return error.message if error else ""


def type_of_array(seen: Evidence) -> Said:
    """An array of whole numbers that fractions are put into."""
    function = seen.function
    assert function is not None
    cut = [
        i
        for i in seen.wrong
        if seen.expected(i).error is None
        and seen.answers[i].error is None
        and kind_of(seen.answers[i].value) in "iu"
        and kind_of(seen.expected(i).value) == "f"
    ]
    if not cut:
        return
    fractions = any(np.mod(np.asarray(seen.expected(i).value, dtype=float), 1).any() for i in cut)
    for node in ast.walk(function):
        if fractions and is_called(node, "zeros_like", "empty_like", "ones_like", "full_like"):
            assert isinstance(node, ast.Call)
            if not any(k.arg == "dtype" for k in node.keywords):
                words = "the new array has the type of its model: of whole numbers here, and fractions are cut off"
                yield node, "type", words
                return
        if (
            isinstance(node, ast.Call)
            and called(node) == "vectorize"
            and len(node.args) == 1
            and not node.keywords
        ) and True:
            yield (
                node,
                "type",
                "`np.vectorize` takes the type of the first result, and cuts the others to it",
            )
            return
        if (
            isinstance(node, ast.Call)
            and any(
                k.arg == "dtype" and ast.unparse(k.value) in ("int", "np.int64", "np.int32")
                for k in node.keywords
            )
        ) or (is_called(node, "astype") and ast.unparse(node).endswith("int)")):
            yield node, "type", "an array of whole numbers holds no fractions"
            return


def words_never_returned(seen: Evidence) -> Said:
    """A word that is asked for and does not stand in the code, or is written otherwise."""
    function = seen.function
    assert function is not None
    here = {
        n.value
        for n in ast.walk(seen.tree or function)
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }
    wanted = [seen.expected(i).value for i in seen.wrong if isinstance(seen.expected(i).value, str)]
    for word in dict.fromkeys(wanted):
        if word in here:
            continue
        other = next((w for w in here if w.strip().lower() == word.lower()), None)
        if other is not None:
            yield None, "word", f"the word is `{word}`, and the code says `{other}`"
        else:
            yield None, "word", f"`{word}` is never returned: the word does not stand in the code"
        return


def several_for_one(seen: Evidence) -> Said:
    """Several results that are taken for one."""
    function = seen.function
    assert function is not None
    if not seen.wrong:
        return
    apart: set[ast.AST] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript | ast.Attribute | ast.Starred):
            apart.add(node.value)
        if isinstance(node, ast.Assign) and (
            isinstance(node.targets[0], ast.Tuple) or _taken_apart(function, node.targets[0])
        ):
            apart.add(node.value)
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and called(node) in SEVERAL and node not in apart:
            if called(node) == "svd" and any(k.arg == "compute_uv" for k in node.keywords):
                continue
            yield (
                node,
                "several",
                f"`{called(node)}` gives {SEVERAL[called(node)]}, and all of it is taken for one",
            )
            return


def _taken_apart(function: ast.FunctionDef, target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and any(
        isinstance(n, ast.Subscript | ast.Attribute | ast.Assign) and isinstance(n.value, ast.Name)
        and n.value.id == target.id and not (isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name))
        for n in ast.walk(function)
    )  # fmt: skip


def variable_of_the_notebook(seen: Evidence) -> Said:
    """A function of the cell that reads a name of the notebook, where an argument of that name is meant."""
    function = seen.function
    assert function is not None
    assert seen.tree is not None
    if not seen.wrong:
        return
    for helper in seen.tree.body:
        if not isinstance(helper, ast.FunctionDef) or helper is function:
            continue
        if not any(n.id == helper.name for n in loads(function)):
            continue
        bound = {a.arg for a in ast.walk(helper) if isinstance(a, ast.arg)}
        bound |= {
            n.id for n in ast.walk(helper) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
        }
        top = {
            t.id
            for s in seen.tree.body
            if isinstance(s, ast.Assign)
            for t in s.targets
            if isinstance(t, ast.Name)
        }
        for name in loads(helper):
            if name.id in seen.parameters and name.id not in bound and name.id not in top:
                words = f"in `{helper.name}` this is the notebook's `{name.id}`, not the argument of `{function.name}`"
                yield name, "notebook", words
                return


FACTS: tuple[Fact, ...] = (
    return_in_loop,
    nothing_returned,
    order_of_returned,
    refusal,
    changes_argument,
    returned_argument,
    words_never_returned,
    several_for_one,
    picked,
    one_maximum,
    variable_of_the_notebook,
    number_of_returned,
    unused,
    small_constant,
    type_of_array,
)
