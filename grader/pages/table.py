"""The class in a terminal: one line a student, one narrow column an exercise, as wide as the terminal is.

Exercises are numbered, totals come first, and a legend below says what the numbers mean. Points are quarters, so two
signs hold most of them. Where even narrow columns of points do not fit, each exercise shrinks to one sign; where these
do not fit either, totals are left.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from fnnkit.judge.exercise import Exercise
from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Verdict
from grader.entry import Batch, Entry
from grader.gradebook.scores import Mark, Score, touched_lines
from grader.marking.text import visible

SHORTEST_NAME, LONGEST_NAME = 14, 28
FIXED = len("  total written")
QUARTERS = {0.25: "¼", 0.5: "½", 0.75: "¾"}
SIGNS = {
    "full": ("●", "green"),
    "some": ("◐", "yellow"),
    "none": ("○", "red"),
    "blank": ("·", "dim"),
    "stops": ("!", "red"),
}

MOST_ROWS = 1000
"""Students in the table of a terminal; the report has all."""
MOST_LINES = 20
"""Students of whom it is said below the table what was set by hand."""
NEITHER = "· not answered  ! the cell stops"


def class_table(batch: Batch, known: dict[str, Any], width: int) -> tuple[Table, list[str]]:
    """The table of a class, and the lines of its legend.

    Parameters
    ----------
    batch : Batch
        What grading gave.
    known : dict
        By student, the `Score` of the gradebook.
    width : int
        Columns of the terminal.
    """
    asked = [e for e in exercises(batch.chapter) if e.core]
    names = ["student", *(_who(e, known.get(e.student)) for e in batch.entries)]
    longest = min(max(map(len, names)), LONGEST_NAME)
    possible = max((s.possible for s in known.values()), default=batch.possible)
    by_hand = sum(next((s.written_points.values() for s in known.values()), ()))
    style, name_width, cell = _layout(asked, longest, width)

    table = Table(title=batch.chapter, title_justify="left", box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    table.show_footer = bool(known)
    graded = [e for e in batch.entries if e.marking is not None and e.state != "failed"]
    totals = [known[e.student].total for e in graded if e.student in known]
    table.add_column("student\n[dim]of[/]", "mean", width=name_width, no_wrap=True, overflow="ellipsis")
    table.add_column(
        f"total\n[dim]{short(possible)}[/]", _quarters(statistics.mean(totals)) if totals else "", justify="right",
        no_wrap=True, width=6,
    )  # fmt: skip
    table.add_column(f"written\n[dim]{short(by_hand)}[/]", justify="right", no_wrap=True, width=7)
    shown = asked if style != "totals" else []
    for number, e in enumerate(shown, 1):
        if style == "points":
            header, footer = f"{number}\n[dim]{short(e.points)}[/]", _mean(e, graded, known)
        else:  # digits of a number below each other
            header, footer = "\n".join(f"{number:>2}"), ""
        table.add_column(header, footer, justify="right", no_wrap=True, width=cell)
    for entry in batch.entries[:MOST_ROWS]:
        table.add_row(*_row(entry, known.get(entry.student), shown, style))
    more = len(batch.entries) - MOST_ROWS
    left = [f"… and {more} students more: the report has them"] if more > 0 else []
    return table, [*left, *_legend(asked, style, any(s.to_mark for s in known.values()), width)]


def _layout(asked: Sequence[Exercise], longest: int, width: int) -> tuple[str, int, int]:
    """What is shown of an exercise, and the widths of the names' column and of an exercise's."""
    shortest = min(longest, SHORTEST_NAME)
    for style, cell in (("points", 4), ("points", 3), ("points", 2), ("signs", 1)):
        needed = len(asked) * (cell + 1) + FIXED
        if style == "points" and cell < max((len(short(e.points)) for e in asked), default=0):
            continue
        if needed + shortest <= width:
            return style, min(longest, width - needed), cell
    return "totals", min(longest, width - FIXED), 0


def short(points: float) -> str:
    """Points in as few signs as can be: quarters as fractions."""
    whole, part = divmod(points, 1)
    if part and part not in QUARTERS:  # a late penalty, or a mark given by hand
        return f"{points:.2f}".rstrip("0")
    return (f"{whole:.0f}" if whole or not part else "") + QUARTERS.get(part, "")


def _row(entry: Entry, score: Score | None, shown: Sequence[Exercise], style: str) -> list[str]:
    name = escape(_who(entry, score))
    if entry.marking is None or entry.state == "failed":
        return [f"[red]{name}[/]", "[red]failed[/]", "", *("–" for _ in shown)]
    total = f"[bold]{short(score.total)}[/]" if score else short(entry.points)
    by_hand = score.written_sum if score else 0.0
    waits = bool(score and score.to_mark)  # with points of earlier marks, which count until then
    written = f"{short(by_hand) if by_hand or not waits else ''}{'[yellow]?[/]' if waits else ''}"
    verdicts = entry.marking.verdicts
    cells = (_cell(verdicts.get(e.name), score.mark(e.name) if score else None, style) for e in shown)
    return [name, total, written, *cells]


def _who(entry: Entry, score: Any) -> str:
    """The id, and the name beside it where that says more."""
    return visible(" ".join(filter(None, (entry.student, getattr(score, "name", "")))))


def _cell(verdict: Verdict | None, mark: Mark | None, style: str) -> str:
    if mark is not None and mark.touched:
        sign, colour = SIGNS[
            "full" if mark.points >= mark.possible else "some" if mark.points > 0 else "none"
        ]
        return f"[underline {colour}]{sign if style == 'signs' else short(mark.points)}[/]"
    if verdict is None:
        return "–"
    state = outcome(verdict)
    sign, colour = SIGNS[state]
    text = sign if style == "signs" or state in ("blank", "stops") else short(verdict.points)
    return f"[{colour}]{text}[/]"


def lines_by_hand(known: dict[str, Any], students: Sequence[str]) -> list[str]:
    """What a person has changed of marks, a line a student; the underlined cells of the table."""
    found = touched_lines(known, students)
    more = (
        [f"… and {len(found) - MOST_LINES} students more: the report has them"]
        if len(found) > MOST_LINES
        else []
    )
    return [*(f"{student}: {words}" for student, words in found[:MOST_LINES]), *more]


def outcome(verdict: Verdict) -> str:
    """How an exercise came out: ``"full"``, ``"some"`` or ``"none"`` of its points, ``"blank"``; ``"stops"`` if its cell does."""
    if not verdict.attempted:
        return "blank"
    if verdict.cell_stops:
        return "stops"
    return "full" if verdict.solved else "some" if verdict.points else "none"


def _mean(exercise: Exercise, graded: Sequence[Entry], known: dict[str, Any]) -> str:
    points = [
        mark.points
        if e.student in known and (mark := known[e.student].mark(exercise.name)) and mark.touched
        else e.marking.verdicts[exercise.name].points
        for e in graded
        if e.marking and exercise.name in e.marking.verdicts
    ]
    return _quarters(statistics.mean(points)) if points else ""


def _quarters(points: float) -> str:
    """A mean, to the nearest quarter as all points are."""
    return short(round(4 * points) / 4)


def _legend(asked: Sequence[Exercise], style: str, to_mark: bool, width: int) -> list[str]:
    lines: list[str] = []
    room = 0
    for number, e in enumerate(asked if style != "totals" else [], 1):
        needed = len(f"  {number} {e.name}")
        if needed > room:
            lines.append("")
            room = width + 2
        lines[-1] += f"{'  ' if lines[-1] else ''}[bold]{number}[/] {e.name}"
        room -= needed
    if style == "signs":
        lines.append(f"● all points  ◐ some  ○ none  {NEITHER}")
    elif style == "points":
        lines.append(NEITHER)
    else:
        lines.append(f"{len(asked)} exercises do not fit into this terminal: the report has them")
    if to_mark:
        lines[-1] += "  [yellow]?[/] still to be marked by hand (grader written, Formgrader)"
    return lines
