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
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup
from traitlets.config import Config

from fnnkit.judge.registry import exercises, milestone_of
from fnnkit.judge.verdict import Verdict, code
from grader.course import Course
from grader.disk import write_atomically
from grader.entry import Batch, Entry
from grader.gradebook import calls
from grader.gradebook.timestamps import MAX_TIME, lateness
from grader.marking import folder
from grader.marking.submission import BadSubmission, check_name
from grader.marking.text import visible
from grader.pages.items import EXAMPLES, FEWEST, analyse
from grader.pages.safe_html import markdown2html
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


@dataclass(frozen=True)
class Score:
    """A student's score as the gradebook has it: judged, written, late, all."""

    total: float
    possible: float
    penalty: float
    to_mark: bool
    manual: dict[str, float | None]
    comments: dict[str, str]
    written_points: dict[str, float]
    seconds_late: float = 0.0
    name: str = ""

    @property
    def late(self) -> str:
        """How late it was handed in, in words; empty if it was not."""
        return lateness(self.seconds_late)


def scores(batch: Batch, config: Config) -> dict[str, Score]:
    """Scores of all students of a chapter, manual marks and penalties included."""
    from nbgrader.api import Assignment, Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy.orm import selectinload, undefer

    found = {}
    with Gradebook(calls.database_url(config), str(config.CourseDirectory.course_id)) as book:
        # All rows in a few questions: nbgrader's own way asks for what belongs to each of them by itself.
        parts = selectinload(SubmittedAssignment.notebooks)
        submissions = (
            book.db.query(SubmittedAssignment)
            .join(Assignment)
            .filter(Assignment.name == batch.chapter)
            .options(
                undefer(SubmittedAssignment.score),
                undefer(SubmittedAssignment.max_score),
                undefer(SubmittedAssignment.late_submission_penalty),
                parts.selectinload(SubmittedNotebook.grades).selectinload(Grade.cell),
                parts.selectinload(SubmittedNotebook.comments).selectinload(Comment.cell),
            )
        )
        for submission in submissions:
            manual, comments, points, to_mark = {}, {}, {}, False
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    if grade.cell.cell_type == "markdown":
                        manual[grade.name] = grade.manual_score
                        points[grade.name] = float(grade.cell.max_score)
                        if grade.manual_score is None and grade.auto_score is not None:
                            manual[grade.name] = (
                                grade.auto_score
                            )  # nobody answered: nbgrader gives 0 by itself
                        to_mark = to_mark or bool(grade.needs_manual_grade)
                for comment in notebook.comments:
                    # Only what a person wrote: nbgrader's own "No response." says nothing new.
                    if comment.manual_comment:
                        comments[comment.name] = str(comment.manual_comment)
            penalty = float(submission.late_submission_penalty or 0.0)
            found[submission.student_id] = Score(
                max(float(submission.score) - penalty, 0.0), float(submission.max_score), penalty, to_mark, manual,
                comments, points, float(submission.total_seconds_late),
                _name(submission.student),
            )  # fmt: skip
    return found


def _name(student: Any) -> str:
    """The name of a student as it is spoken; empty where it is not known, or is the id itself."""
    name = " ".join(part for part in (student.first_name, student.last_name) if part).strip()
    return "" if name == student.id else name


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
        part |= {"points_text": "", "word": ""}
        part |= {"comment": score.comments.get(name, ""), "code": "", "outputs": []}
        if cell.cell_type == "markdown":
            part |= {
                "title": name.replace("_", " ").capitalize(),
                "written": markdown2html(cell.source, links=True),
                "manual": score.manual.get(name),
                "points": score.written_points.get(name, float(about.get("points", 0))),
            }
            mark = "?" if part["manual"] is None else f"{part['manual']:g}"
            part["points_text"] = f"{mark} / {part['points']:g}"
            part["word"] = "marked by hand"
        else:
            verdict = entry.marking.verdicts.get(name)
            if verdict:
                part["points_text"] = f"{verdict.points:g} / {verdict.possible:g}" if verdict.core else "–"
                part["word"] = WORDS[outcome(verdict)] + ("" if verdict.core else " (further, no points)")
            part["verdict"] = verdict._repr_html_() if verdict else ""
            part["code"] = cell.source
            part["outputs"] = [_plain(output) for output in entry.marking.cells.get(name, [])]
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
    points = [e.points for e in graded]
    rows = [_row(batch, e, [i.name for i in core], known.get(e.student), path) for e in graded]
    bars = histogram(points, batch.possible)
    mistakes = sorted((m for i in items for m in i.mistakes), key=lambda m: -m.count)
    page = TEMPLATES.get_template("report.html").render(
        chapter=batch.chapter,
        others=_others(batch, path),
        rows=rows,
        links={r["student"]: r["link"] for r in rows},
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
    counts = Counter(min(int(p / step), len(edges) - 1) for p in points)
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
    manual = score.manual if score else {}
    got = sum(v for v in manual.values() if v is not None)
    return {
        "student": entry.student,
        "name": score.name if score else "",
        "cells": [_cell(entry.marking.verdicts.get(n)) for n in names],
        "written": "to mark" if score and score.to_mark else f"{got:g}",
        "late": _late(score) if score else "–",
        "total": score.total if score else entry.points,
        "possible": score.possible if score else batch.possible,
        "link": quote(os.path.relpath(page, path.parent).replace(os.sep, "/")),
    }


def _late(score: Score) -> str:
    penalty = f"−{score.penalty:g}" if score.penalty else ""
    return ", ".join(filter(None, (penalty, score.late))) or "–"


def _cell(verdict: Verdict | None) -> dict[str, str]:
    if verdict is None:
        return {"text": "–", "state": ""}
    state = outcome(verdict)
    text = {"blank": "·", "stops": "!"}.get(state, f"{verdict.points:g}")
    return {"text": text, "state": state}


def _write_if_new(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text)
