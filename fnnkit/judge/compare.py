"""Comparing what a student's function returned with what was expected, without broadcasting.

The order is fixed: type, shape, dtype, finiteness, values. The first difference is described; NaN never passes
where a number is expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from fnnkit.judge.diagnose import likely_cause
from fnnkit.judge.verdict import Problem
from fnnkit.kernel.named import Named
from fnnkit.kernel.wire import Opaque

# How far apart two roundings of the same formula may be, in units of the last place of the coarsest type used.
ROUNDINGS = 200
MAX_SHOWN = 2000
LOOK = "Make this call in a cell of your own, and print each step: which is the first that is not what you meant?"
BY_HAND = "Compute this small case by hand, and print each step of your function beside it."
MOST_PARTS, DEEPEST = 12, 6
"""What is shown of a tuple, a list or a dictionary: parts, and levels below it."""

UNDEFINED = "an operation that is not defined there, such as 0/0, or an overflow"
"""What is said of numbers that are not finite, where the operation is not known."""


def show(value: Any, limit: int = 24, tiny: bool = False) -> str:
    """Write a value as one could type it: arrays in full while they are small, by shape when they are not.

    Parameters
    ----------
    value : object
        Plain data.
    limit : int
        Entries of an array that is still written in full.
    tiny : bool
        Whether entries below 1e-12 are of interest; else they are taken for rounding errors, and shown as 0.
    """
    made, room = [], MAX_SHOWN
    # Piece by piece, and no further than there is room: a value may hold gigabytes, or itself in itself.
    for piece in _pieces(value, limit, tiny, 0):
        made.append(piece)
        room -= len(piece)
        if room < 0:
            return "".join(made)[: MAX_SHOWN - 1] + "…"
    return "".join(made)


def _pieces(value: Any, limit: int, tiny: bool, depth: int) -> Iterator[str]:
    """The text of a value in short pieces, each made when it is asked for."""
    kind = type(value)
    if kind in (tuple, list, dict):
        yield "(" if kind is tuple else "[" if kind is list else "{"
        for place, part in enumerate(value.items() if kind is dict else value):
            yield ", " if place else ""
            if place == MOST_PARTS or depth == DEEPEST:
                yield "…"
                break
            if kind is dict:
                key, part = part
                yield _scalar(key) if type(key) is float else ""
                yield from () if type(key) is float else _pieces(key, limit, tiny, depth + 1)
                yield ": "
            yield from _pieces(part, limit, False, depth + 1)
        yield ")" if kind is tuple else "]" if kind is list else "}"
    elif kind is np.ndarray:
        if not value.size:  # not entry by entry: the shape may be (1000000000, 0)
            yield f"[] (shape {value.shape})"
        else:
            yield _entries(value, tiny) if value.size <= limit else f"array of shape {value.shape}"
    elif isinstance(value, np.generic):
        plain = float(value) if isinstance(value, np.floating) else value.item()
        # The widest types have no plain item.
        yield _scalar(plain) if isinstance(plain, np.generic) else "".join(_pieces(plain, limit, tiny, depth))
    elif kind is float:
        yield f"{value + 0.0:.6g}"
    elif kind is Named:
        yield value.name if value.parameters else value.written()
    elif kind is Opaque:
        yield f"an object of type {value.type_name[:80]}"
    else:
        yield _scalar(value)


def _scalar(value: Any) -> str:
    """A number, a truth value or a text as Python writes it, cut before it is written; of anything else its type."""
    if type(value) is str:
        text = repr(value[:200])
    elif type(value) is int and value.bit_length() > 10_000:
        text = "an integer of thousands of digits"
    elif value is None or type(value) in (bool, int, float, complex) or isinstance(value, np.generic):
        text = repr(value)
    else:
        text = f"an object of type {type(value).__name__}"
    return text if len(text) <= 200 else text[:199] + "…"


def _entries(array: Any, tiny: bool) -> str:
    """Nested brackets with six digits an entry; a float that is a whole number keeps its dot."""
    if array.ndim:
        return "[" + ", ".join(_entries(part, tiny) for part in array) + "]"
    number = float(array) if array.dtype.kind == "f" else array.item()
    if not isinstance(number, float):
        text = repr(number)
        return text if len(text) <= 200 else text[:199] + "…"
    text = f"{0.0 if abs(number) < 1e-12 and not tiny else number:.6g}"
    return text + "." if text.lstrip("-").isdigit() else text


def typed(value: Any) -> str:
    """Write an argument as one could type it in a call."""
    if isinstance(value, np.ndarray) and value.ndim:
        text = show(value)
        if not text.startswith("["):
            return text
        kind = "" if value.dtype in (np.float64, np.int64) and value.size else f", dtype=np.{value.dtype}"
        return f"np.array({_entries(value, tiny=True)}{kind})" if value.size else f"np.zeros({value.shape})"
    if isinstance(value, tuple | list):
        inner = ", ".join(map(typed, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{typed(k)}: {typed(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Named):
        return value.written(typed)
    return show(value)


def precision_of(*values: Any) -> float:
    """Machine epsilon of the coarsest floating type among values (float64's if there is none)."""
    eps = float(np.finfo(np.float64).eps)
    for value in values:
        if isinstance(value, dict):
            eps = max(eps, precision_of(*value.values()))
        elif isinstance(value, tuple | list):
            eps = max(eps, precision_of(*value))
        elif isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc":
            eps = max(eps, float(np.finfo(value.dtype).eps))
    return eps


def difference(
    expected: Any,
    given: Any,
    *,
    name: str = "",
    eps: float | None = None,
    rtol: float = 1e-9,
    floor: float = 1e-12,
) -> Problem | None:
    """Describe the first difference between an expected and a given value; None if they agree.

    Parameters
    ----------
    expected, given : object
        Plain data.
    name : str
        What to call the value in the description.
    eps : float, optional
        Machine epsilon of the inputs' type. The tolerance widens with it, and with the type of ``given``.
    rtol : float
        Relative tolerance an entry.
    floor : float
        Absolute tolerance, times the largest expected magnitude where that is above 1.
    """
    label = f"`{name}`" if name else "the result"
    if isinstance(expected, tuple):
        if not isinstance(given, tuple | list) or len(given) != len(expected):
            return _type_problem(label, f"a tuple of {len(expected)} values", given)
        names = [f"{name}[{i}]" if name else f"value {i}" for i in range(len(expected))]
        return first_difference(expected, given, names, eps=eps, rtol=rtol, floor=floor)
    if isinstance(expected, list):
        if not isinstance(given, list | tuple) or len(given) != len(expected):
            return _type_problem(label, f"a list of {len(expected)} values", given)
        names = [f"{name}[{i}]" for i in range(len(expected))]
        return first_difference(expected, given, names, eps=eps, rtol=rtol, floor=floor)
    if isinstance(expected, str | bool | np.bool_) or expected is None:
        same = given == expected if type(given) in (str, bool, np.bool_, type(None)) else False
        if same is True or (isinstance(same, np.bool_) and bool(same)):
            return None
        if given is None:
            return _type_problem(label, show(expected), given)
        return Problem(
            "values",
            yours=show(given),
            expected=show(expected),
            finding=f"{label} differs",
            step=LOOK,
        )
    return _number_difference(label, expected, given, eps or precision_of(), rtol, floor)


def first_difference(
    expected: Sequence[Any], given: Sequence[Any], names: Sequence[str], **tolerance: Any
) -> Problem | None:
    """The first difference among several values, each called by its name."""
    for want, have, name in zip(expected, given, names, strict=True):
        problem = difference(want, have, name=name, **tolerance)
        if problem:
            return problem
    return None


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} `{noun}`"


def _type_problem(label: str, wanted: str, given: Any) -> Problem:
    kind = given.type_name if isinstance(given, Opaque) else type(given).__name__
    if given is None:
        cause, step = (
            "nothing is returned",
            "End the function with a `return` line; with `if`, on every way through it.",
        )
    elif isinstance(given, Opaque):
        cause, step = f"{_a(kind)} is neither an array nor a number", f"Return {wanted}."
    elif isinstance(given, list | tuple):
        cause = f"a {kind} of {len(given)} values came back"
        arrays = sum(isinstance(v, np.ndarray) for v in given)
        step = f"Return {wanted}" + (" alone: one of these." if kind == "tuple" and arrays else ".")
    else:
        cause, step = "", f"Return {wanted}."
    return Problem(
        "type",
        yours=show(given),
        expected=wanted,
        finding=f"{label} is of type {kind}",
        cause=cause,
        step=step,
    )


def _number_difference(
    label: str, expected: Any, given: Any, eps: float, rtol: float, floor: float
) -> Problem | None:
    want = np.asarray(expected)
    wanted = "a number" if want.ndim == 0 else f"an array of shape {want.shape}"
    if want.ndim == 0:
        if not isinstance(given, int | float | complex | np.generic | np.ndarray):
            return _type_problem(label, wanted, given)
    elif not isinstance(given, np.ndarray | np.generic):
        problem = _type_problem(label, wanted, given)
        if isinstance(given, list):
            return Problem(**{**problem.__dict__, "step": "Turn it into an array: `np.array(…)`."})
        return problem
    have = np.asarray(given)
    if have.shape != want.shape:
        return Problem(
            "shape",
            yours=show(given),
            expected=f"{wanted}: {show(expected)}",
            finding=f"{label} has shape {have.shape}, expected {want.shape}",
            cause=_shape_cause(have, want),
            step="Print the shape of each intermediate array, and compare it with the docstring.",
        )
    wrong_dtype = _dtype_problem(label, want, have)
    if wrong_dtype:
        return wrong_dtype
    return _value_problem(label, want, have, max(eps, precision_of(have)), rtol, floor)


def _shape_cause(have: Any, want: Any) -> str:
    if have.ndim == want.ndim == 2 and have.shape == want.shape[::-1] and have.size:
        return "rows and columns are exchanged"
    if have.size == want.size and have.size and have.ndim != want.ndim:
        return "there are as many entries as there should be, along other axes"
    if have.ndim > want.ndim:
        return "there is an axis too many"
    return ""


def _dtype_problem(label: str, want: Any, have: Any) -> Problem | None:
    kind = have.dtype.kind
    whole = want.dtype.kind in "iu"
    if want.dtype.kind == "b":
        if kind == "b":
            return None
        return Problem(
            "dtype",
            yours=show(have),
            expected=show(want),
            finding=f"{label} has dtype {have.dtype}, expected truth values",
            step="Return `True` and `False`: what a comparison such as `z > 0` gives.",
        )
    if kind in "iu" or (kind == "f" and not whole and have.dtype.itemsize >= 4):
        return None
    wanted = "integers" if whole else "real floating-point numbers"
    causes = {
        "c": "complex numbers came back",
        "b": "truth values came back",
        "f": "half precision has three digits only" if not whole else "the numbers are exact integers here",
    }
    return Problem(
        "dtype",
        yours=show(have),
        expected=show(want),
        finding=f"{label} has dtype {have.dtype}, expected {wanted}",
        cause=causes.get(kind, ""),
        step=f"Return {wanted}.",
    )


def _apart(want: Any, have: Any, eps: float, rtol: float, floor: float) -> tuple[Any, Any]:
    """Which entries are further apart than allowed, and how far apart all are."""
    if want.dtype.kind in "iu" and have.dtype.kind in "iu":
        bad = want != have
        gap = np.abs(want.astype(float) - have.astype(float))
    else:
        # Computed in long double: the comparison itself must neither overflow nor round.
        w, h = want.astype(np.longdouble), have.astype(np.longdouble)
        finite = np.isfinite(w)
        largest = np.abs(w[finite]).max(initial=1.0)
        allowed = max(rtol, ROUNDINGS * eps) * np.abs(w) + max(floor, ROUNDINGS * eps) * largest
        if floor < 1e-12:  # an exercise that asks for small numbers exactly
            allowed = max(rtol, ROUNDINGS * eps) * np.abs(w) + floor
        with np.errstate(all="ignore"):
            gap = np.abs(w - h)
            bad = np.where(finite, ~(gap <= allowed), ~((w == h) | (np.isnan(w) & np.isnan(h))))
            gap = np.where(np.isfinite(gap), gap, np.inf)
    return bad, gap


def close(first: Any, second: Any, *, eps: float, rtol: float = 1e-9, floor: float = 1e-12) -> bool:
    """Whether two arrays of real numbers agree in shape and in values, as `difference` would find, and much faster."""
    with np.errstate(all="ignore"):  # the widest types hold more than fits
        a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if a.shape != b.shape:
        return False
    return bool((a == b).all()) or not _apart(a, b, eps, rtol, floor)[0].any()


def _value_problem(label: str, want: Any, have: Any, eps: float, rtol: float, floor: float) -> Problem | None:
    if want.dtype.kind != "b" and (want == have).all():
        return None
    bad, _ = _apart(want, have, eps, rtol, floor)
    if not bad.any():
        return None
    gone = bad & np.isfinite(want) & ~np.isfinite(have)
    flat = int(np.argmax(gone if gone.any() else bad))  # the first one
    index = tuple(int(i) for i in np.unravel_index(flat, want.shape)) if want.ndim else ()
    entry = f"`{label.strip('`')}{list(index)}`" if index and label.startswith("`") else label
    if index and not label.startswith("`"):
        entry = f"entry {list(index)} of {label}"
    w0, h0 = want[index], have[index]
    lost = not np.isfinite(h0) and bool(np.isfinite(w0))
    kind = "finite" if lost else "values"
    if floor >= 1e-12 and bool(np.abs(w0) < 1e-12):
        w0 = w0 * 0  # a rounding error is not worth seventeen digits
    yours, right = show(h0), show(w0)
    tiny = floor < 1e-12
    if yours == right:  # they differ further to the right
        yours, right = repr(h0.item()), repr(w0.item())
    finding = f"{entry}: yours {yours}, expected {right}"
    if not index and not label.startswith("`") and show(h0) != show(w0):
        finding = ""  # the lines above say it already
    wrong = int(bad.sum())
    if want.size > 1:
        finding += f" ({wrong} of {want.size} entries differ)"
    cause = UNDEFINED if lost else likely_cause(want, have)
    return Problem(
        kind,
        yours=show(have, tiny=tiny),
        expected=show(want, tiny=tiny),
        finding=finding,
        cause=cause,
        step=LOOK,
    )
