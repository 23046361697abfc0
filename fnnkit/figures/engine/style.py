"""Our pictures look the same whatever plot style a student has set, and theirs keep it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, ParamSpec, TypeVar

import matplotlib

GROUPS = {
    "axes", "xtick", "ytick", "xaxis", "yaxis", "lines", "patch", "font", "text", "mathtext", "legend", "grid", "hatch",
    "figure", "image", "contour", "errorbar", "hist", "scatter", "boxplot", "path", "polaraxes", "axes3d", "markers",
    "agg", "pcolor", "pcolormesh",
}  # fmt: skip
DEFAULT: Any = matplotlib.rcParamsDefault
OURS: dict[str, Any] = {k: v for k, v in dict.items(DEFAULT) if k.split(".")[0] in GROUPS}
_OWN = itemgetter(*OURS)

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def own_style() -> Iterator[None]:
    """Draw in our style; the student's comes back afterwards."""
    theirs: Any = matplotlib.rcParams
    # Read and written as a dict: each of three hundred values is checked otherwise, and this stands in every step.
    saved = _OWN(dict(dict.items(theirs)))
    dict.update(theirs, OURS)
    try:
        yield
    finally:
        dict.update(theirs, zip(OURS, saved, strict=True))


def in_own_style(make: Callable[P, R]) -> Callable[P, R]:
    """Have a function that makes a figure run in our style: artists take theirs when they are made."""

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        with own_style():
            return make(*args, **kwargs)

    return made
