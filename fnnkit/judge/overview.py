"""All chapters at a glance, from what is kept beside the notebooks."""

from __future__ import annotations

import html
from dataclasses import dataclass

from fnnkit.judge.logbook import Logbook
from fnnkit.judge.registry import chapter_ids, exercises


@dataclass(frozen=True)
class Line:
    """One chapter: what was done of it."""

    chapter: str
    solved: int
    of: int
    points: float
    possible: float
    tries: int
    milestone: bool
    guesses: int
    right: int

    def cells(self) -> tuple[str, ...]:
        """As words, for a table."""
        return (
            self.chapter,
            f"{self.solved} of {self.of}",
            f"{self.points:g} of {self.possible:g}",
            str(self.tries),
            "★" if self.milestone else "",
            f"{self.right} of {self.guesses}" if self.guesses else "",
        )


TITLES = ("chapter", "solved", "points", "checks run", "milestone", "guesses that came true")


class Overview:
    """What was done of all chapters; a notebook shows it as a table."""

    def __init__(self, book: Logbook) -> None:
        self.lines = tuple(_line(chapter, book) for chapter in chapter_ids())

    def headline(self) -> str:
        """One line."""
        solved, of = sum(line.solved for line in self.lines), sum(line.of for line in self.lines)
        return f"{solved} of {of} exercises solved, as of the checks run beside these notebooks (this counts for no mark)"

    def __repr__(self) -> str:
        rows = [TITLES, *(line.cells() for line in self.lines)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(TITLES))]
        table = ("  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip() for row in rows)
        return "\n".join([self.headline(), *(f"  {line}" for line in table)])

    def _repr_html_(self) -> str:
        style = 'style="text-align:left;padding:.1em .9em .1em 0"'
        head = "".join(f'<th scope="col" {style}>{html.escape(title)}</th>' for title in TITLES)
        rows = "".join(
            '<tr style="background:none">'
            + "".join(f"<td {style}>{html.escape(cell)}</td>" for cell in line.cells())
            + "</tr>"
            for line in self.lines
        )
        return (
            f"<div><strong>{html.escape(self.headline())}</strong>"
            f'<table style="border:0"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        )


def _line(chapter: str, book: Logbook) -> Line:
    asked = exercises(chapter)
    tried = [(e, book.exercises[e.name]) for e in asked if e.name in book.exercises]
    made = [right for key, right in book.guesses.items() if key.startswith(f"{chapter}/")]
    return Line(
        chapter=chapter,
        solved=sum(t.solved for _, t in tried),
        of=len(asked),
        points=float(sum(min(t.points, e.worth) for e, t in tried)),
        possible=float(sum(e.worth for e in asked)),
        tries=sum(t.tries for _, t in tried),
        milestone=chapter in book.milestones,
        guesses=len(made),
        right=sum(made),
    )
