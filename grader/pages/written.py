"""A page for each written question: what was asked, the rubric, the model answer, and what the class wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup

from grader.course import Course
from grader.disk import write_atomically
from grader.gradebook.hand_marks import Question
from grader.marking.submission import is_answer, load_released
from grader.pages.pictures import written_html
from grader.pages.rendering import TEMPLATES
from grader.pages.safe_html import markdown2html

RUBRIC = re.compile(r"\s*[*_]{0,3}(?:rubric|marking|mark scheme)\b", re.IGNORECASE)
MARKERS = re.compile(r"^[^\n]*(?:BEGIN|END) (?:SOLUTION|MARK SCHEME|HIDDEN TESTS)[^\n]*\n?", re.MULTILINE)
MOST_BYTES = 100 << 20
"""Of pictures on one page: more, and no browser opens it."""
TOO_MANY = "[A picture is not shown: this page has too many. It is in Formgrader.]"


def place_of(course: Course, chapter: str, question: str) -> Path:
    """Where the page of a question is written."""
    return course.root / "reports" / f"written-{chapter}-{question}.html"


def model(text: str) -> tuple[str, str]:
    r"""The model answer and the rubric in the text of an answer cell of the course's own.

    Examples
    --------
    >>> model("Both cannot be.\n\n*Rubric.* A half for each step.")
    ('Both cannot be.', '*Rubric.* A half for each step.')
    """
    answer, rubric = list[str](), list[str]()
    for part in re.split(r"\n[ \t]*\n", MARKERS.sub("", text).strip()):
        (rubric if rubric or RUBRIC.match(part) else answer).append(part)
    return "\n\n".join(answer), "\n\n".join(rubric)


def solutions(course: Course, chapter: str) -> dict[str, str]:
    """By grade id, the text of the answer cells in `solutions/`; empty where that is not built."""
    path = course.root / "solutions" / chapter / f"{chapter}.ipynb"
    try:
        cells = nbformat.read(path, as_version=4).cells
    except (OSError, ValueError):
        return {}
    return {c.metadata.nbgrader.grade_id: c.source for c in cells if is_answer(c)}


def asked(course: Course, chapter: str, question: str) -> str:
    """What was asked: the text before the answer cell."""
    cells = load_released(course.released(chapter)).cells
    names = [c.metadata.get("nbgrader", {}).get("grade_id") for c in cells]
    before = [c for c in cells[: names.index(question)] if c.cell_type == "markdown" and not is_answer(c)]
    return before[-1].source if before else ""


def write_page(
    course: Course,
    chapter: str,
    question: Question,
    groups: Sequence[Any],
    away: Mapping[str, str],
    table: str,
) -> Path:
    """Write the page of a question.

    Parameters
    ----------
    course, chapter, question
        Which question.
    groups : sequence of `grader.term.marking_sheet.Group`
        The answers.
    away : mapping
        Students without an answer that can be shown, and why.
    table : str
        Where the table to fill in is.
    """
    answer, rubric = model(solutions(course, chapter).get(question.name, ""))
    left = MOST_BYTES
    shown = []
    for group in groups:
        first = group.answers[0]
        size = sum(len(d) for b in first.attachments.values() for d in b.values())
        left -= size
        cell = {"source": first.text or "", "attachments": first.attachments if left > 0 else {}}
        html = written_html(cell)
        if size and left <= 0:
            html += f"<p>{TOO_MANY}</p>"
        shown.append({"group": group, "html": Markup(html), "marks": _marks(group, question)})
    page = TEMPLATES.get_template("written.html").render(
        chapter=chapter,
        question=question,
        title=question.name.replace("_", " ").capitalize(),
        asked=Markup(markdown2html(asked(course, chapter, question.name))),
        answer=Markup(markdown2html(answer)) if answer else "",
        rubric=Markup(markdown2html(rubric)) if rubric else "",
        answers=[s for s in shown if not s["group"].blank],
        blank=[a for s in shown if s["group"].blank for a in s["group"].answers],
        handed_in=sum(len(g.answers) for g in groups),
        to_mark=sum(a.waiting for g in groups for a in g.answers),
        together=sum(1 for g in groups if not g.blank and len(g.answers) > 1),
        away=away,
        table=table,
    )
    path = place_of(course, chapter, question.name)
    write_atomically(path, page)
    return path


def _marks(group: Any, question: Question) -> list[dict[str, str]]:
    """What the answers of a group have so far; one line if that is the same for all."""
    found: dict[tuple[str, str], list[str]] = {}
    for answer in group.answers:
        if answer.waiting:
            state = (
                "to mark"
                if answer.points is None
                else f"{answer.points:g} of {question.points:g}, to be looked at again"
            )
        else:
            given = answer.points if answer.points is not None else answer.judged
            state = f"{given or 0:g} of {question.points:g}"
        found.setdefault((state, answer.comment), []).append(answer.student)
    return [
        {"state": state, "comment": comment, "who": ", ".join(who) if len(found) > 1 else ""}
        for (state, comment), who in found.items()
    ]
