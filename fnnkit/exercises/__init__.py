"""What the course asks: a folder a chapter, a file an exercise.

In a notebook: ``from fnnkit.exercises import check, progress``.
"""

from fnnkit.judge.check import check, progress

__all__ = ["check", "progress"]
