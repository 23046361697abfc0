"""Facts about what a function returns, prints and raises."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from fnnkit.judge.causes.evidence import Evidence, Said
from fnnkit.judge.causes.reading import IN_PLACE, called, is_called, returns_of


def nothing_returned(seen: Evidence) -> Said:
    """Printed and not returned; no `return` at all; a way without one."""
    function = seen.function
    assert function is not None
    none = [i for i in seen.wrong if seen.answers[i].error is None and seen.answers[i].value is None]
    if not none or all(seen.expected(i).value is None for i in none):
        return
    returns = [r for r in returns_of(function) if r.value is not None]
    if returns:
        if len(none) < len(seen.cases) and all(seen.expected(i).error is None for i in none):
            yield (
                None,
                "no return",
                "there is a way through the function on which it ends without `return`; the call above took it",
            )
        elif any(isinstance(r.value, ast.Call) and called(r.value) in IN_PLACE for r in returns):
            node = next(r for r in returns if isinstance(r.value, ast.Call) and called(r.value) in IN_PLACE)
            yield node, "no value", "this works in place, and itself gives None"
        return
    printed = [n for n in ast.walk(function) if is_called(n, "print")]
    if printed:
        yield (
            printed[-1],
            "printed",
            "the result is printed, and not returned: whoever calls the function gets None",
        )
    else:
        yield (
            function.body[-1],
            "no return",
            "the function ends here without `return`, so whoever calls it gets None",
        )


def return_in_loop(seen: Evidence) -> Said:
    """A `return` that ends a loop in its first round."""
    function = seen.function
    assert function is not None
    if not seen.wrong:
        return
    for loop in ast.walk(function):
        if isinstance(loop, ast.For | ast.While):
            for statement in loop.body:
                if isinstance(statement, ast.Return):
                    yield (
                        statement,
                        "return",
                        "this stands in the loop, so it ends the loop in its first round",
                    )


def order_of_returned(seen: Evidence) -> Said:
    """Returned values in another order, by their names or by what they are."""
    function, problem = seen.function, seen.verdict.problem
    assert function is not None
    assert problem is not None
    names = seen.exercise.returns
    if not names or not seen.wrong:
        return
    for node in returns_of(function):
        if not isinstance(node.value, ast.Tuple) or len(node.value.elts) != len(names):
            continue
        here = [e.id if isinstance(e, ast.Name) else "" for e in node.value.elts]
        if sorted(here) == sorted(names) and tuple(here) != tuple(names) and _exchanged(seen, here):
            yield (
                node,
                "order",
                f"the values are returned in another order than asked for, ({', '.join(names)})",
            )


def _exchanged(seen: Evidence, here: list[str]) -> bool:
    for i in seen.wrong:
        given, want = seen.answers[i], seen.expected(i)
        if given.error or want.error or not isinstance(given.value, tuple | list):
            return False
        order = [here.index(name) for name in seen.exercise.returns]
        if len(given.value) != len(order):
            return False
        turned = type(given)(tuple(given.value[j] for j in order))
        if not seen.agrees(i, turned):
            return False
    return True


def number_of_returned(seen: Evidence) -> Said:
    """One value where several are asked for."""
    function = seen.function
    assert function is not None
    names = seen.exercise.returns
    if (
        not names
        or any(a.error for a in seen.answers)
        or any(isinstance(v, tuple | list) for v in seen.values)
    ):
        return
    returns = [r for r in returns_of(function) if r.value is not None]
    if seen.wrong and returns and all(v is not None for v in seen.values):
        listed = ", ".join(f"`{n}`" for n in names)
        yield returns[-1], "returned", f"one value is returned, and {len(names)} are asked for: {listed}"


def refusal(seen: Evidence) -> Said:
    """An error that is returned, printed or asserted; nothing that raises."""
    function, problem = seen.function, seen.verdict.problem
    assert function is not None
    assert problem is not None
    if problem.kind != "refusal":
        return
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            yield (
                node,
                "assert",
                "`assert` raises an AssertionError, and vanishes with `python -O`; `raise` is asked for",
            )
            return
        if (
            isinstance(node, ast.Return)
            and node.value is not None
            and "Error" in ast.unparse(node.value)[:20]
        ):
            yield node, "returned error", "this returns the error as if it were a result; an error is raised"
            return
    raises = [n for n in ast.walk(function) if isinstance(n, ast.Raise)]
    compared = [n for n in ast.walk(function) if isinstance(n, ast.Compare)]
    if not raises:
        printed = next((n for n in ast.walk(function) if is_called(n, "print")), None)
        words = (
            "a message is printed, and no error raised"
            if printed
            else "nothing in the function raises an error"
        )
        yield printed, "no raise", words
    yield from _sizes_compared(compared)


def some_refused(seen: Evidence) -> Said:
    """An error that is raised in some of the calls that ask for one: which are left out."""
    problem = seen.verdict.problem
    if problem is None or problem.kind != "refusal":
        return
    asked = [i for i in range(len(seen.cases)) if seen.expected(i).error is not None]
    done = [i for i in asked if seen.agrees(i, seen.answers[i])]
    missed = [i for i in asked if i not in done]
    if not done or not missed:
        return
    where = ""
    for position, parameter in enumerate(seen.parameters):
        negative = [_has_negative(seen.cases[i].args, position) for i in missed]
        if all(negative) and not any(_has_negative(seen.cases[i].args, position) for i in done):
            where = f": none is where `{parameter}` has a negative number"
    words = "an error is raised in some of the calls that ask for one, and not in all"
    yield None, "some refused", f"{words}{where}"


def _has_negative(args: tuple[Any, ...], position: int) -> bool:
    value = args[position] if position < len(args) else None
    if not isinstance(value, np.ndarray | int | float | np.generic):
        return False
    array = np.asarray(value)
    return array.dtype.kind in "if" and bool((array < 0).any())


def _sizes_compared(compared: list[ast.Compare]) -> Said:
    """Comparisons of lengths, or of numbers of entries, where shapes are meant."""
    for node in compared:
        text = ast.unparse(node)
        if "len(" in text and ".shape" not in text and "ndim" not in text:
            yield node, "lengths", "this compares lengths, and arrays of one length can differ in shape"
        elif ".size" in text and ".shape" not in text:
            yield (
                node,
                "sizes",
                "this compares numbers of entries, and arrays of as many entries can differ in shape",
            )
