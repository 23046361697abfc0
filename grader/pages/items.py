"""Item analysis: what a class's results say about each exercise, and so about the teaching.

Terms as in classical test theory (Crocker, Algina 1986, *Introduction to Classical and Modern Test Theory*, ch. 14).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from fnnkit.judge.exercise import Exercise
from fnnkit.judge.verdict import Verdict
from grader.entry import Entry
from grader.pages.table import outcome

FEWEST = 10
"""Students below which a correlation is mostly chance, and is not shown."""
EXAMPLES = 3


@dataclass(frozen=True)
class Mistake:
    """A registered wrong answer that was recognised, with those who gave it."""

    exercise: str
    name: str
    hint: str
    students: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many gave it."""
        return len(self.students)


@dataclass(frozen=True)
class Item:
    """One exercise over a class.

    Attributes
    ----------
    name : str
        The exercise.
    points : float
        What it is worth if everything is right; of a further exercise, the weight of its criteria.
    core : bool
        Whether it counts.
    full, some, none, blank : int
        Students with all points, some points, no points though something was written, nothing written.
    difficulty : float
        Mean share of the points, 0 to 1: the higher, the easier.
    discrimination : float or None
        Correlation of its points with the student's points in all other core exercises; None where it is not defined, or
        the class is small.
    mistakes : tuple of Mistake
        Recognised wrong answers, the most frequent first.
    """

    name: str
    points: float
    core: bool
    full: int = 0
    some: int = 0
    none: int = 0
    blank: int = 0
    difficulty: float = 0.0
    discrimination: float | None = None
    mistakes: tuple[Mistake, ...] = field(default=())

    @property
    def students(self) -> int:
        """How many were judged."""
        return self.full + self.some + self.none + self.blank


def analyse(asked: Sequence[Exercise], graded: Sequence[Entry]) -> list[Item]:
    """Analyse exercises.

    Parameters
    ----------
    asked : sequence of Exercise
        All exercises of the chapter.
    graded : sequence of Entry
        Students with a marking.
    """
    return [_item(e, [x.name for x in asked if x.core and x is not e], graded) for e in asked]


def _item(exercise: Exercise, others: Sequence[str], graded: Sequence[Entry]) -> Item:
    judged = [
        (entry.student, entry.marking.verdicts)
        for entry in graded
        if entry.marking and exercise.name in entry.marking.verdicts
    ]
    mine = [verdicts[exercise.name] for _, verdicts in judged]
    outcomes = [outcome(v) for v in mine]
    rest = [sum(v[n].points for n in others if n in v) for _, v in judged]
    return Item(
        exercise.name,
        exercise.points,
        exercise.core,
        **{state: outcomes.count(state) for state in ("full", "some", "blank")},
        none=outcomes.count("none") + outcomes.count("stops"),
        difficulty=statistics.mean(v.points / exercise.points for v in mine)
        if mine and exercise.points
        else 0.0,
        discrimination=correlation([v.points for v in mine], rest) if others else None,
        mistakes=_mistakes(exercise, [(s, v[exercise.name]) for s, v in judged]),
    )


def correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Pearson's correlation; None for fewer than `FEWEST` pairs, or where one side is the same for everybody."""
    if len(a) < FEWEST or len(set(a)) < 2 or len(set(b)) < 2:
        return None
    return statistics.correlation(a, b)


def _mistakes(exercise: Exercise, verdicts: Sequence[tuple[str, Verdict]]) -> tuple[Mistake, ...]:
    # As it is registered: a verdict may say something of the student's own code in its place.
    hints = {m.name: m.hint for m in exercise.misconceptions}
    found: dict[tuple[str, str], list[str]] = {}
    for student, verdict in verdicts:
        if verdict.misconception:
            hint = hints.get(verdict.misconception, verdict.hint)
            found.setdefault((verdict.misconception.replace("_", " "), hint), []).append(student)
    made = [Mistake(exercise.name, name, hint, tuple(students)) for (name, hint), students in found.items()]
    return tuple(sorted(made, key=lambda m: (-m.count, m.name)))
