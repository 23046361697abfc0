"""Whatever a student's function does, a figure says it in words and lives on."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

Shape = tuple[int | None, ...]


class Undrawable(Exception):
    """What a student's function did cannot be drawn; the message says so to the student, in whole sentences."""


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a student's function: it gets copies, its warnings are silent, and what goes wrong becomes words.

    Parameters
    ----------
    function : callable
        The student's function, any arguments.

    Returns
    -------
    callable
        Calls it; raises `Undrawable` if it has no code yet, stops with an error, or returns nothing. What it returns
        is for `checked` to judge. Its ``each(calls)`` makes many calls, each a tuple of arguments, and gives the list of
        what they return: guarding a call takes longer than a short function does.
    """
    name = _name(function)

    @functools.wraps(function, updated=())
    def call(*args: Any, **kwargs: Any) -> Any:
        return _guarded([(_copied(args), _copied(kwargs))])[0]

    def each(calls: Iterable[tuple[Any, ...]]) -> list[Any]:
        return _guarded([(_copied(args), {}) for args in calls])

    def _guarded(calls: list[tuple[tuple[Any, ...], dict[str, Any]]]) -> list[Any]:
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # its check speaks of warnings, once and not at every step
                found = [function(*args, **kwargs) for args, kwargs in calls]
        except NotImplementedError:
            raise Undrawable(
                f"{name} has no code yet. The figure is drawn by it: write it, then run this cell again."
            ) from None
        except Undrawable:
            raise
        except Exception as error:
            said = str(error)
            what = f"{type(error).__name__}: {said}" if said else type(error).__name__
            raise _cannot(name, f"it stops with {what}") from error
        if any(given is None for given in found):
            raise _cannot(name, "it returns nothing. Is the line with return missing?")
        return found

    call.__name__ = getattr(function, "__name__", "function")
    call.each = each  # type: ignore[attr-defined]
    return call


def checked(function: Callable[..., Any], given: Any, /, finite: bool = True, **shapes: Shape) -> Any:
    """Judge what a student's function returned; give it as arrays of floats.

    Parameters
    ----------
    function : callable
        The student's function, for its name.
    given : object
        What it returned.
    finite : bool
        Whether NaN and infinite values are faults.
    **shapes : tuple of (int or None)
        The expected shape of each returned array, by the array's name; None stands for any length, ``()`` for a
        number. Several shapes: a tuple of that many arrays is expected.

    Returns
    -------
    ndarray or tuple of ndarray
        One array for one shape, else a tuple of arrays.

    Raises
    ------
    Undrawable
        If something else was returned.

    Examples
    --------
    >>> checked(max, [1, 2], h=(2,))
    array([1., 2.])
    >>> checked(max, [[1, 2]], h=(2,))
    Traceback (most recent call last):
        ...
    fnnkit.figures.engine.guard.Undrawable: Your max cannot be drawn: h should have shape (2,), and it has (1, 2). Its check says
    more; repair it, then run this cell again.
    """
    name = _name(function)
    names = list(shapes)
    if len(names) == 1:
        return _array(name, names[0], given, shapes[names[0]], finite)
    if not isinstance(given, tuple | list) or len(given) != len(names):
        kind = f"{len(given)} things" if isinstance(given, tuple | list) else f"one {type(given).__name__}"
        raise _cannot(name, f"it returns {kind} where {len(names)} are asked for: return {', '.join(names)}")
    return tuple(_array(name, n, value, shapes[n], finite) for n, value in zip(names, given, strict=True))


def in_words(error: Exception) -> str:
    """Why there is no picture, and what to do."""
    if isinstance(error, Undrawable):
        return str(error)
    return (
        f"The figure cannot be drawn: it stops with {type(error).__name__}: {str(error)[:500]}. "
        "If the check of your function is content, the fault is in the figure: please tell your instructor."
    )


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (tuple, list):
        return type(value)(_copied(v) for v in value)
    if type(value) is dict:
        return {key: _copied(v) for key, v in value.items()}
    return value


def _array(function: str, name: str, value: Any, shape: Shape, finite: bool) -> Any:
    try:
        array = np.asarray(value)
        array = array.astype(float, casting="same_kind" if array.dtype.kind in "fc" else "unsafe")
    except (TypeError, ValueError):
        raise _cannot(
            function, f"{name} is not {'a number' if shape == () else 'an array of numbers'}"
        ) from None
    fits = array.ndim == len(shape) and all(
        want in (None, have) for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = (
            "("
            + ", ".join("any" if n is None else str(n) for n in shape)
            + ("," if len(shape) == 1 else "")
            + ")"
        )
        if shape == ():
            raise _cannot(function, f"{name} should be one number, and it is an array of shape {array.shape}")
        raise _cannot(function, f"{name} should have shape {wanted}, and it has {array.shape}")
    if finite and not np.isfinite(array).all():
        raise _cannot(
            function,
            f"the value of {name} is NaN or infinite"
            if shape == ()
            else f"some values of {name} are NaN or infinite",
        )
    return array


def _cannot(name: str, what: str) -> Undrawable:
    stop = "" if what.endswith(("?", ".")) else "."
    return Undrawable(
        f"{name} cannot be drawn: {what[:500]}{stop} Its check says more; repair it, then run this cell again."
    )


def name_of(function: Callable[..., Any]) -> str:
    """Name of a function, empty if it has none that a student would know."""
    name = getattr(function, "__name__", "")
    return name if name.isidentifier() else ""


def _name(function: Callable[..., Any]) -> str:
    return f"Your {name_of(function) or 'function'}"
