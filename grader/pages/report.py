"""What instructors and students read after grading: a report on the class, and a feedback page for each student.

Pages are rendered from verdicts by templates that escape everything; no page runs a script or loads anything.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib.metadata
import os
import re
import statistics
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from fnnkit.judge.registry import exercises, milestone_of
from fnnkit.judge.verdict import Verdict, code
from grader.course import Course
from grader.disk import write_atomically
from grader.entry import Batch, Entry
from grader.gradebook.scores import Mark, Score, touched_lines
from grader.gradebook.scores import scores as scores
from grader.gradebook.timestamps import MAX_TIME
from grader.marking import folder
from grader.marking.submission import BadSubmission, check_name
from grader.marking.text import visible
from grader.pages.items import EXAMPLES, FEWEST, analyse
from grader.pages.pictures import written_html
from grader.pages.table import outcome

MOST_MISTAKES = 20
WORDS = {
    "full": "solved",
    "some": "partly right",
    "none": "not right yet",
    "blank": "not answered",
    "stops": "the cell stops",
}
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("grader.pages", "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
    finalize=lambda value: _seen(value),
)
TEMPLATES.filters["code"] = code


def _seen(value: Any) -> Any:
    """What a template is given, with control, direction and zero-width characters written out."""
    if not isinstance(value, str):
        return value
    shown = visible(value, kept="\n\t")
    return Markup(shown) if isinstance(value, Markup) else shown


def write_feedback(
    batch: Batch, known: dict[str, Score], between: Callable[[], None] = lambda: None
) -> list[Path]:
    """Write the feedback page of each student, and call something after each; give the paths.

    Beside it stands what `nbgrader release_feedback` asks for: when it was handed in, and the secret of the exchange.
    """
    written = []
    for entry in batch.entries:
        if entry.state == "failed" and entry.rebuilt is None:
            page = broken_page(entry, batch.chapter)
        elif entry.marking is None or entry.state == "failed" or entry.student not in known:
            continue
        else:
            page = feedback_page(entry, batch.chapter, known[entry.student])
        path = batch.course.feedback(entry.student, batch.chapter)
        if not page:
            continue
        _write_if_new(path, page)
        for name, text in for_exchange(batch.course, entry.student, batch.chapter).items():
            _write_if_new(path.with_name(name), text)
        written.append(path)
        between()
    return written


def broken_page(entry: Entry, chapter: str) -> str:
    """The page of a student whose file could not be read; empty where the name can be no folder's."""
    try:
        check_name(entry.student)
    except BadSubmission:
        return ""
    return TEMPLATES.get_template("broken.html").render(
        student=entry.student, chapter=chapter, message=entry.message
    )


EXCHANGED = {
    "timestamp.txt": re.compile(r"[\w :.+-]{0,60}"),
    "submission_secret.txt": re.compile(r"[\w-]{1,200}"),
}
"""What nbgrader's exchange needs beside a page, and what alone may stand in it: it came with the submission."""


def for_exchange(course: Course, student: str, chapter: str) -> dict[str, str]:
    """Files beside a page that nbgrader's exchange needs; for whoever came another way, a secret that nobody has."""
    found = dict.fromkeys(EXCHANGED, "")
    place = course.submitted(student, chapter).parent
    for name in found:
        try:
            with folder.opened(place) as inside:
                text = folder.read(inside, name, MAX_TIME)[:MAX_TIME].decode().strip()
            if EXCHANGED[name].fullmatch(text):
                found[name] = text
        except (OSError, BadSubmission, UnicodeDecodeError):
            continue
    if not found["submission_secret.txt"]:
        key = f"feedback\0{student}\0{chapter}".encode()
        found["submission_secret.txt"] = hmac.new(course.secret(), key, hashlib.sha256).hexdigest()
    return found


def is_for_exchange(path: Path) -> bool:
    """Whether a file is one that nbgrader's exchange needs, and holds nothing but a time or a key."""
    form = EXCHANGED.get(path.name)
    return (
        form is not None
        and not path.is_symlink()
        and form.fullmatch(path.read_text(encoding="utf-8")) is not None
    )


def feedback_page(entry: Entry, chapter: str, score: Score) -> str:
    """The feedback page of one student."""
    assert entry.marking is not None
    assert entry.rebuilt is not None
    parts: list[dict[str, Any]] = []
    for cell in entry.rebuilt.notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if not about.get("solution"):
            continue
        name = about["grade_id"]
        part: dict[str, Any] = {"title": name, "verdict": "", "written": None, "manual": None, "points": 0.0}
        part |= {"points_text": "", "word": "", "by_hand": ""}
        mark = score.mark(name)
        part |= {"comment": score.comments.get(name, ""), "code": "", "outputs": []}
        if cell.cell_type == "markdown":
            part |= {
                "title": name.replace("_", " ").capitalize(),
                "written": written_html(cell, links=True),
                "manual": score.manual.get(name),
                "points": score.written_points.get(name, float(about.get("points", 0))),
            }
            given = "?" if part["manual"] is None else f"{part['manual']:g}"
            part["points_text"] = f"{given} / {part['points']:g}"
            part["word"] = "marked by hand"
        else:
            verdict = entry.marking.verdicts.get(name)
            if verdict:
                part["points_text"] = f"{verdict.points:g} / {verdict.possible:g}" if verdict.core else "–"
                part["word"] = WORDS[outcome(verdict)] + ("" if verdict.core else " (further, no points)")
            part["verdict"] = verdict._repr_html_() if verdict else ""
            part["code"] = cell.source
            part["outputs"] = [_plain(output) for output in entry.marking.cells.get(name, [])]
        if mark is not None and mark.touched:
            part |= _by_hand(mark, part["word"])
        parts.append(part)
    milestone = milestone_of(chapter)
    return TEMPLATES.get_template("feedback.html").render(
        student=entry.student,
        chapter=chapter,
        milestone=milestone if milestone and milestone.all_right(entry.marking.verdicts) else None,
        score=score,
        parts=parts,
        sandboxed=entry.marking.sandboxed,
        mode=entry.marking.mode,
        version=importlib.metadata.version("fnnkit"),
    )


def _by_hand(mark: Mark, word: str) -> dict[str, str]:
    """What a page says of a mark that a person has changed, in the place of what was judged."""
    points = f"{mark.before_bonus:g}" if mark.given else "?"
    if mark.bonus:
        points += f" {'+' if mark.bonus > 0 else '−'} {abs(mark.bonus):g}"
    overridden = mark.by_hand is not None and not mark.written
    said = ", ".join(
        [word, *(["set by hand"] if overridden else []), *([mark.bonus_words()] if mark.bonus else [])]
    )
    return {"points_text": f"{points} / {mark.possible:g}", "word": said, "by_hand": mark.words()}


def _plain(output: dict[str, Any]) -> dict[str, str]:
    if output["output_type"] == "stream":
        return {"text": ANSI.sub("", output.get("text", "")), "png": ""}
    if output["output_type"] == "error":
        return {
            "text": ANSI.sub("", "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"),
            "png": "",
        }
    data = output.get("data", {})
    png = data.get("image/png", "")
    return {"text": "" if png else ANSI.sub("", data.get("text/plain", "")), "png": png}


def write_report(batch: Batch, path: Path, known: dict[str, Score]) -> Path:
    """Write the report on a class."""
    graded = [e for e in batch.entries if e.marking is not None and e.state != "failed"]
    items = analyse(exercises(batch.chapter), graded)
    core = [i for i in items if i.core]
    points = [_of_exercises(e, known.get(e.student)) for e in graded]
    rows = [_row(batch, e, [i.name for i in core], known.get(e.student), path) for e in graded]
    bars = histogram(points, batch.possible)
    mistakes = sorted((m for i in items for m in i.mistakes), key=lambda m: -m.count)
    page = TEMPLATES.get_template("report.html").render(
        chapter=batch.chapter,
        others=_others(batch, path),
        rows=rows,
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
    _write_if_new(path, page)
    return path


def _others(batch: Batch, path: Path) -> list[tuple[str, str]]:
    """Reports on the course's other chapters, and the way to them."""
    there = sorted((batch.course.root / "reports").glob("ch*.html"))
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
        made.append(
            {
                "name": name.replace("_", " ").capitalize(),
                "points": points,
                "marked": len(marks),
                "to_mark": len(known) - len(marks),
                "mean": statistics.mean(marks) / points if marks and points else None,
            }
        )
    return made


def _row(batch: Batch, entry: Entry, names: list[str], score: Score | None, path: Path) -> dict[str, Any]:
    assert entry.marking is not None
    page = batch.course.feedback(entry.student, batch.chapter)
    return {
        "student": entry.student,
        "name": score.name if score else "",
        "cells": [_cell(entry.marking.verdicts.get(n), score.mark(n) if score else None) for n in names],
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


def _cell(verdict: Verdict | None, mark: Mark | None) -> dict[str, str]:
    """A cell of the table of students: points, and what is said of them where a person has changed them."""
    if mark is not None and mark.touched:
        full = mark.points >= mark.possible
        state = "full" if full else "some" if mark.points > 0 else "none"
        return {"text": f"{mark.points:g}*", "state": state, "words": mark.words()}
    if verdict is None:
        return {"text": "–", "state": "", "words": ""}
    state = outcome(verdict)
    text = {"blank": "·", "stops": "!"}.get(state, f"{verdict.points:g}")
    return {"text": text, "state": state, "words": ""}


def _write_if_new(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text)
