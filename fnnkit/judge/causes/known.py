"""Another function altogether: what came back is what a function of this course gives, in every call, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.causes.finding import Finding
from fnnkit.judge.compare import close, precision_of

FEWEST = 6
"""Different numbers that have to agree."""
FUNCTIONS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("`{}` itself", lambda z: z),
    ("max(0, {})", lambda z: np.maximum(0, z)),
    ("min(0, {})", lambda z: np.minimum(0, z)),
    ("the absolute value of `{}`", np.abs),
    ("the square of `{}`", np.square),
    ("exp({})", np.exp),
    ("log({})", np.log),
    ("the sigmoid of `{}`", lambda z: 0.5 * (1 + np.tanh(z / 2))),
    ("the softplus of `{}`, log(1 + exp({}))", lambda z: np.logaddexp(0, z)),
    ("tanh({})", np.tanh),
    ("the slope of the sigmoid, σ(1 − σ)", lambda z: 0.25 * (1 - np.tanh(z / 2) ** 2)),
    ("the slope of tanh, 1 − tanh²", lambda z: 1 - np.tanh(z) ** 2),
    ("1 where `{}` is above 0, and 0 elsewhere", lambda z: (z > 0).astype(float)),
    ("the sign of `{}`", np.sign),
    ("`{}` cut off at 0 and 1", lambda z: np.clip(z, 0, 1)),
    ("`{}` cut off at −1 and 1", lambda z: np.clip(z, -1, 1)),
    ("1 − `{}`", lambda z: 1 - z),
    ("−`{}`", lambda z: -z),
)
"""What beginners take for each other, by what is said of it."""


def another(seen: Evidence) -> Iterator[Finding]:
    """Say which function it is, of one array; nothing if it is none of these, or if somebody has registered it."""
    if seen.verdict.misconception or not seen.plain or len(seen.parameters) != 1 or not seen.wrong:
        return
    pairs = [
        (case.args[0], given.value)
        for i, (case, given) in enumerate(zip(seen.cases, seen.answers, strict=True))
        if given.error is None and seen.expected(i).error is None
    ]
    pairs = [
        (z, y)
        for z, y in pairs
        if isinstance(z, np.ndarray) and z.dtype.kind == "f" and np.abs(z).max(initial=0) < 30
    ]
    if len({float(v) for z, _ in pairs for v in z.flat}) < FEWEST:
        return
    for words, function in FUNCTIONS:
        with np.errstate(all="ignore"):
            alike = all(_same(function(z), y, z) for z, y in pairs)
        if alike:
            said = f"what comes back is {words.replace('{}', seen.parameters[0])}, entry by entry"
            yield Finding("", "another", said, "That holds in every call.", "relation")
            return


def _same(wanted: Any, given: Any, z: Any) -> bool:
    if not isinstance(given, np.ndarray | np.generic | float) or np.asarray(given).dtype.kind not in "fiu":
        return False
    return close(wanted, given, eps=precision_of(z), rtol=1e-7, floor=1e-9)
