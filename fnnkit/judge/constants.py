"""Answers that never look at a number: they know where a call stands, and the shapes and types of what it is given.

What they say was right for other inputs of the same exercise. Whoever sees the expected answers in a check could write
them down; they must earn nothing on the inputs of a mark.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from fnnkit.judge.exercise import Case, Exercise
from fnnkit.kernel.call import Answer, call
from fnnkit.kernel.named import Named
from fnnkit.kernel.wire import encode

SEEN = tuple(range(9001, 9021))
"""Seeds of the inputs whose expected answers such an answer has seen."""

Sight = tuple[Any, ...]
Table = dict[Any, Answer]


def sight(value: Any) -> Sight:
    """What is left of a value if no number in it may be looked at."""
    if isinstance(value, np.ndarray):
        return "array", value.shape, str(value.dtype)
    if isinstance(value, tuple | list):
        return (type(value).__name__, *map(sight, value))
    if isinstance(value, Named):
        return "function", value.name
    return (type(value).__name__,)


class Seen:
    """The reference's answers to inputs of other seeds."""

    def __init__(self, exercise: Exercise, seeds: Sequence[int] = SEEN) -> None:
        self.sets: list[list[tuple[Case, Answer]]] = []
        for seed in seeds:
            cases = exercise.cases(np.random.default_rng(seed))
            self.sets.append([(c, call(exercise.reference, c.args)) for c in cases])

    def by_position(self, number: int) -> Table:
        """By the position of the call, as in one set."""
        return {i: answer for i, (_, answer) in enumerate(self.sets[number])}

    def by_sight(self, criterion: str = "") -> Table:
        """By shapes and types: the most frequent answer of all sets, of one criterion or of all."""
        kept: dict[Any, list[Answer]] = {}
        for cases in self.sets:
            for case, answer in cases:
                if criterion in ("", case.criterion):
                    kept.setdefault(sight(case.args), []).append(answer)
        return {what: _most_frequent(answers) for what, answers in kept.items()}

    def everywhere(self) -> Answer:
        """The most frequent answer to the cases of the first criterion's stage, whatever they are."""
        return _most_frequent([a for cases in self.sets for c, a in cases if not c.stage])


def _most_frequent(answers: Sequence[Answer]) -> Answer:
    keys = [_key(a) for a in answers]
    return answers[keys.index(Counter(keys).most_common(1)[0][0])]


def _key(answer: Answer) -> str:
    if answer.error:
        return "error " + answer.error.kind
    text, arrays = encode(answer.value)
    return json.dumps([str(text), *(repr(a) for a in arrays)])


def constant_answers(seen: Seen) -> list[tuple[str, Callable[[], Callable[..., Any]]]]:
    """Answers that look at no number, each with a name; a new function is made for each set of inputs."""
    found: list[tuple[str, Callable[[], Callable[..., Any]]]] = []
    for i in range(3):
        name = f"the answers at the same places of other inputs ({SEEN[i]})"
        found.append((name, partial(_counting, seen.by_position(i))))
    by_sight, one = seen.by_sight(), seen.everywhere()
    found.append(("the usual answer to these shapes and types", partial(looking, by_sight)))
    found.append(("one answer to everything", lambda: lambda *args: said(one)))
    return found


def _counting(table: Table) -> Callable[..., Any]:
    calls = iter(range(len(table)))

    def answer(*args: Any) -> Any:
        return said(table.get(next(calls, None)))

    return answer


def looking(table: Table) -> Callable[..., Any]:
    """An answer by shapes and types alone; None to what was never seen."""

    def answer(*args: Any) -> Any:
        return said(table.get(sight(args)))

    return answer


def said(answer: Answer | None) -> Any:
    """Return what an answer returned; refuse where it refused."""
    if answer is None:
        return None
    if answer.error:
        raise ValueError(answer.error.message)
    return answer.value
