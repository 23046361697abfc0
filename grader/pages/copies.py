"""Answers that are more alike than chance explains: for an instructor to look at, never a verdict, never shown to students.

What two texts share is weighed by how few others have it. A short answer that half of the class writes weighs nothing; a
detour that two have alone weighs much. What two students of this class share by chance is taken off.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.pages.normalised import PIECE, normalised, pieces

LEAST = 25.0
"""Bits above what is expected, over all exercises of a chapter, from which a pair is shown in a class that is large enough."""
ENOUGH = 30
"""Students from which on a class is that: in a smaller one little is rare, and whoever shares a usual way stands out."""
RARE = 0.05
"""Share of the class from which on a piece is no longer rare: of larger groups, everybody would be paired with everybody."""
MOST = 60
"""Pairs that are shown of a chapter."""

Answers = Mapping[str, Mapping[str, str]]
"""By exercise, by student, the text of the answer cell; of those who wrote something."""


@dataclass(frozen=True)
class Shared:
    """What two students share in one exercise: bits above what is expected, and both texts."""

    exercise: str
    bits: float
    one: str
    other: str
    same: bool


@dataclass(frozen=True)
class Pair:
    """Two students, and the exercises in which they are alike, the most alike first."""

    one: str
    other: str
    shared: tuple[Shared, ...]

    @property
    def bits(self) -> float:
        """In all exercises together."""
        return sum(s.bits for s in self.shared)


def least(students: int) -> float:
    """Bits from which a pair is shown in a class of so many: the smaller it is, the more is asked for.

    Examples
    --------
    >>> least(100), least(30), least(10)
    (25.0, 25.0, 75.0)
    """
    return LEAST * max(1.0, ENOUGH / max(1, students))


def pairs(answers: Answers, given: Mapping[str, Iterable[str]] = {}) -> list[Pair]:
    """Pairs of students who are more alike than chance explains, the most alike first.

    Parameters
    ----------
    answers : mapping
        By exercise, by student, what was handed in.
    given : mapping
        By exercise, texts that everybody knows (the cell as it was handed out, the reference): what stands in them weighs
        nothing.
    """
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    normal: dict[tuple[str, str], str] = {}
    for exercise, texts in answers.items():
        of = {}
        for student, text in texts.items():
            normal[exercise, student] = normalised(text, exercise)
            of[student] = pieces(normal[exercise, student])
        known = frozenset().union(*(pieces(normalised(t, exercise)) for t in given.get(exercise, ())))
        for pair, bits in _alike(of, known).items():
            found[pair][exercise] = bits
    made = []
    enough = least(size(answers))
    for (one, other), by_exercise in found.items():
        if sum(by_exercise.values()) < enough:
            continue
        shared = [
            Shared(e, bits, answers[e][one], answers[e][other], normal[e, one] == normal[e, other])
            for e, bits in by_exercise.items()
        ]
        made.append(Pair(one, other, tuple(sorted(shared, key=lambda s: (-s.bits, s.exercise)))))
    return sorted(made, key=lambda p: (-p.bits, p.one, p.other))[:MOST]


def _alike(of: Mapping[str, frozenset[str]], known: frozenset[str]) -> dict[tuple[str, str], float]:
    """Bits that pairs share above what is expected of two of this class, for one exercise."""
    n = len(of)
    having: dict[str, list[str]] = defaultdict(list)
    for student in sorted(of):
        for piece in of[student] - known:
            having[piece].append(student)
    # Pieces overlap: each token stands in as many as a piece has tokens.
    weight = {piece: math.log2(n / len(who)) / PIECE for piece, who in having.items()}
    expected = sum(weight[p] * (len(who) / n) ** 2 for p, who in having.items())
    bits: Counter[tuple[str, str]] = Counter()
    for piece, who in having.items():
        if 2 <= len(who) <= max(3, RARE * n):
            for pair in itertools.combinations(who, 2):
                bits[pair] += weight[piece]  # type: ignore[assignment]
    return {pair: b - expected for pair, b in bits.items() if b > expected}


def size(answers: Answers) -> int:
    """How many students wrote something."""
    return len({student for texts in answers.values() for student in texts})


def groups(found: Iterable[Pair]) -> list[list[str]]:
    """Three or more who are connected by pairs, the largest group first."""
    of: dict[str, set[str]] = {}
    for pair in found:
        joined = of.get(pair.one, {pair.one}) | of.get(pair.other, {pair.other})
        for student in joined:
            of[student] = joined
    distinct = {id(group): sorted(group) for group in of.values() if len(group) > 2}
    return sorted(distinct.values(), key=lambda g: (-len(g), g))
