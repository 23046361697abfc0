"""Item analysis: what a class's results say about each exercise, and so about the teaching.

Terms as in classical test theory (Crocker, Algina 1986, *Introduction to Classical and Modern Test Theory*, ch. 14).
"""

from __future__ import annotations

import statistics
from collections import Counter
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
    briefs = _briefs(asked, graded)
    core = [e.name for e in asked if e.core]
    return [_item(e, [name for name in core if name != e.name], briefs) for e in asked]


@dataclass(frozen=True)
class Brief:
    """What the analysis needs of a verdict: many are the same."""

    points: float
    outcome: str
    misconception: str
    hint: str


def _briefs(asked: Sequence[Exercise], graded: Sequence[Entry]) -> list[tuple[str, dict[str, Brief]]]:
    """Of each student, each verdict in brief; a verdict is asked for once."""
    # As it is registered: a verdict may say something of the student's own code in its place.
    hints = {e.name: {m.name: m.hint for m in e.misconceptions} for e in asked}
    seen: dict[Brief, Brief] = {}

    def brief(name: str, verdict: Verdict) -> Brief:
        said = verdict.misconception
        hint = hints[name].get(said, verdict.hint) if said else ""
        made = Brief(verdict.points, outcome(verdict), said.replace("_", " "), hint)
        return seen.setdefault(made, made)

    return [
        (entry.student, {e.name: brief(e.name, found[e.name]) for e in asked if e.name in found})
        for entry in graded
        if entry.marking and (found := entry.marking.verdicts) is not None
    ]


def _item(exercise: Exercise, others: Sequence[str], briefs: Sequence[tuple[str, dict[str, Brief]]]) -> Item:
    judged = [(student, brief) for student, brief in briefs if exercise.name in brief]
    mine = [brief[exercise.name] for _, brief in judged]
    outcomes = Counter(b.outcome for b in mine)
    rest = [sum(brief[n].points for n in others if n in brief) for _, brief in judged]
    return Item(
        exercise.name,
        exercise.points,
        exercise.core,
        **{state: outcomes[state] for state in ("full", "some", "blank")},
        none=outcomes["none"] + outcomes["stops"],
        difficulty=statistics.mean(b.points / exercise.points for b in mine)
        if mine and exercise.points
        else 0.0,
        discrimination=correlation([b.points for b in mine], rest) if others else None,
        mistakes=_mistakes(exercise, [(student, brief[exercise.name]) for student, brief in judged]),
    )


def correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Pearson's correlation; None for fewer than `FEWEST` pairs, or where one side is the same for everybody."""
    if len(a) < FEWEST or len(set(a)) < 2 or len(set(b)) < 2:
        return None
    return statistics.correlation(a, b)


def _mistakes(exercise: Exercise, briefs: Sequence[tuple[str, Brief]]) -> tuple[Mistake, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for student, brief in briefs:
        if brief.misconception:
            found.setdefault((brief.misconception, brief.hint), []).append(student)
    made = [Mistake(exercise.name, name, hint, tuple(students)) for (name, hint), students in found.items()]
    return tuple(sorted(made, key=lambda m: (-m.count, m.name)))
