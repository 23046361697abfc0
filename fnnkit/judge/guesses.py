"""Guesses that students make before a figure shows them: kept while the kernel lives, never graded.

Whether they came true stands in the logbook too, which outlives it.
"""

from __future__ import annotations

from dataclasses import dataclass

from fnnkit.judge import logbook


@dataclass(frozen=True)
class Guess:
    """One guess: what was asked, what was guessed, and whether it came true."""

    question: str
    guessed: str
    right: bool


_made: dict[tuple[str, str], Guess] = {}


def keep(chapter: str, figure: str, guess: Guess) -> None:
    """Keep a guess; the first one of a figure counts."""
    _made.setdefault((chapter, figure), guess)
    logbook.guessed(chapter, figure, guess.right)


def kept(chapter: str, figure: str) -> Guess | None:
    """The guess that was made at a figure."""
    return _made.get((chapter, figure))


def of(chapter: str) -> list[Guess]:
    """All guesses of a chapter."""
    return [guess for (c, _), guess in _made.items() if c == chapter]


def forget() -> None:
    """Forget all of them."""
    _made.clear()
