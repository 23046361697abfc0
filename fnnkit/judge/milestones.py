"""Milestones: what a chapter's functions do together. Kept while the kernel lives; no points, and never run when marking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fnnkit.judge.verdict import Verdict


@dataclass(frozen=True)
class Milestone:
    """A chapter's milestone.

    Attributes
    ----------
    title : str
        What the student's functions do, as a clause: "your own network learns".
    chained : tuple of str
        The core exercises whose functions its cell runs.
    """

    title: str
    chained: tuple[str, ...]

    def all_right(self, verdicts: Mapping[str, Verdict]) -> bool:
        """Whether every function that it chains has full marks."""
        return all(
            name in verdicts and verdicts[name].points >= verdicts[name].possible for name in self.chained
        )


_reached: set[str] = set()


def keep(chapter: str) -> None:
    """Keep that a chapter's milestone was reached."""
    _reached.add(chapter)


def reached(chapter: str) -> bool:
    """Whether it was, in this session."""
    return chapter in _reached


def forget() -> None:
    """Forget all of them."""
    _reached.clear()
