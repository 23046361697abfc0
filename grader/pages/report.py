"""What instructors read after grading: a report on the class, rendered from verdicts."""

from __future__ import annotations

import os
import statistics
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from fnnkit.judge.registry import chapter_ids, exercises
from fnnkit.judge.verdict import Verdict
from grader.entry import Batch, Entry
from grader.gradebook.scores import Mark, Score, touched_lines
from grader.pages.items import EXAMPLES, FEWEST, analyse
from grader.pages.rendering import write_pieces
from grader.pages.table import outcome

MOST_MISTAKES = 20
TOGETHER = 500
"""Students of one table: a browser leaves out tables that nobody looks at, and so opens a report of ten thousand."""


def write_report(batch: Batch, path: Path, known: dict[str, Score]) -> Path:
    """Write the report on a class."""
    graded = [e for e in batch.entries if e.marking is not None and e.state != "failed"]
    items = analyse(exercises(batch.chapter), graded)
    core = [i for i in items if i.core]
    points = [_of_exercises(e, known.get(e.student)) for e in graded]
    cells: dict[Cell, Cell] = {}
    names = [i.name for i in core]
    rows = [_row(batch, e, names, known.get(e.student), path, cells) for e in graded]
    bars = histogram(points, batch.possible)
    mistakes = sorted((m for i in items for m in i.mistakes), key=lambda m: -m.count)
    lowest = sorted(rows, key=lambda row: row["total"])[:TOGETHER]
    write_pieces(
        path,
        "report.html",
        chapter=batch.chapter,
        others=_others(batch, path),
        rows=rows,
        tables=[rows[i : i + TOGETHER] for i in range(0, len(rows), TOGETHER)],
        lowest=lowest,
        links={r["student"]: r["link"] for r in rows},
        sums={r["student"]: r["sum"] for r in rows},
        failed=[e for e in batch.entries if e.state == "failed"],
        mean=statistics.mean(points) if points else None,
        median=statistics.median(points) if points else None,
        possible=batch.possible,
        sandboxed=all(e.marking.sandboxed for e in graded if e.marking),
        modes=", ".join(sorted({e.marking.mode or "none" for e in graded if e.marking})),
        histogram=bars,
        histogram_words=", ".join(f"{b['label']}: {b['count']}" for b in bars if b["count"]),
        exercises=core,
        further=[i for i in items if not i.core],
        questions=_questions([known[e.student] for e in graded if e.student in known]),
        mistakes=mistakes[:MOST_MISTAKES],
        examples=EXAMPLES,
        fewest=FEWEST,
        touched=touched_lines(known, [e.student for e in graded]),
    )
    return path


def _others(batch: Batch, path: Path) -> list[tuple[str, str]]:
    """Reports on the course's other chapters, and the way to them."""
    reports = batch.course.root / "reports"
    there = [p for c in chapter_ids() if (p := reports / f"{c}.html").is_file()]
    return [
        (place.stem, quote(os.path.relpath(place, path.parent).replace(os.sep, "/")))
        for place in there
        if place.stem != batch.chapter
    ]


def histogram(points: list[float], possible: float) -> list[dict[str, Any]]:
    """Bars of a histogram: one for each half point, or wider ones where that would be more than fourteen."""
    step = 0.5
    while possible / step > 14:
        step *= 2
    edges = [i * step for i in range(int(possible / step) + 1)]
    counts = Counter(
        max(min(int(p / step), len(edges) - 1), 0) for p in points
    )  # a bonus can be more, or less
    tallest = max(counts.values(), default=1)
    width = 600 / len(edges)
    return [
        {
            "x": round(20 + i * width + 0.1 * width, 1),
            "width": round(0.8 * width, 1),
            "height": round(120 * counts.get(i, 0) / tallest, 1),
            "count": counts.get(i, 0),
            "label": f"{edge:g}",
        }
        for i, edge in enumerate(edges)
    ]


def _questions(known: list[Score]) -> list[dict[str, Any]]:
    """Written questions: how many answers are marked, and their mean."""
    made = []
    for name, points in (known[0].written_points if known else {}).items():
        marks = [m for s in known if (m := s.manual.get(name)) is not None]
        waiting = len(known) - len(marks)
        waiting += sum(bool(m and m.flagged and m.given) for m in (s.mark(name) for s in known))  # once more
        made.append(
            {
                "name": name.replace("_", " ").capitalize(),
                "points": points,
                "marked": len(known) - waiting,
                "to_mark": waiting,
                "mean": statistics.mean(marks) / points if marks and points else None,
            }
        )
    return made


class Cell(NamedTuple):
    """A cell of the table of students: points, how they came about, and what is said where a person has changed them."""

    text: str
    state: str
    words: str = ""


def _row(
    batch: Batch, entry: Entry, names: list[str], score: Score | None, path: Path, seen: dict[Cell, Cell]
) -> dict[str, Any]:
    """One student; cells that are the same are one."""
    assert entry.marking is not None
    found = entry.marking.verdicts
    cells = [_cell(found.get(n), score.mark(n) if score else None) for n in names]
    page = batch.course.feedback(entry.student, batch.chapter)
    return {
        "student": entry.student,
        "name": score.name if score else "",
        "cells": tuple(seen.setdefault(cell, cell) for cell in cells),
        "written": "to mark" if score and score.to_mark else f"{score.written_sum if score else 0:g}",
        "late": _late(score) if score else "–",
        "total": score.total if score else entry.points,
        "sum": score.sum_words() if score else "",
        "possible": score.possible if score else batch.possible,
        "link": quote(os.path.relpath(page, path.parent).replace(os.sep, "/")),
    }


def _of_exercises(entry: Entry, score: Score | None) -> float:
    """Points of the judged exercises, with what was set by hand in their place."""
    marks = [m for m in score.marks if not m.written] if score else []
    return sum(m.points for m in marks) if marks else entry.points


def _late(score: Score) -> str:
    penalty = f"−{score.penalty:g}" if score.penalty else ""
    return ", ".join(filter(None, (penalty, score.late, score.excuse))) or "–"


def _cell(verdict: Verdict | None, mark: Mark | None) -> Cell:
    if mark is not None and mark.touched:
        full = mark.points >= mark.possible
        state = "full" if full else "some" if mark.points > 0 else "none"
        return Cell(f"{mark.points:g}*", state, mark.words())
    if verdict is None:
        return Cell("–", "")
    state = outcome(verdict)
    return Cell({"blank": "·", "stops": "!"}.get(state, f"{verdict.points:g}"), state)
