"""What the course asks: exercises, their criteria, and the mistakes known by name.

In a notebook: ``from fnnkit.exercises import check, progress``.
"""

from fnnkit.exercises.call import Answer, Raised, call
from fnnkit.exercises.check import check, progress
from fnnkit.exercises.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.exercises.named import Named
from fnnkit.exercises.registry import chapter_ids, exercise, exercises
from fnnkit.exercises.verdict import Problem, Result, Verdict

__all__ = [
    "Answer",
    "Case",
    "Criterion",
    "Exercise",
    "Misconception",
    "Named",
    "Problem",
    "Raised",
    "Result",
    "Verdict",
    "call",
    "chapter_ids",
    "check",
    "exercise",
    "exercises",
    "progress",
]
