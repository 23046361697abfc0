"""Reference answers on feedback pages: by the instructor's switch, and never before nobody can hand in any more."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from typing import Any

from traitlets import Bool
from traitlets.config import Config, Configurable

from grader.course import Course, CourseError
from grader.gradebook import late
from grader.gradebook.calls import database_url
from grader.marking.submission import ANSWERED, is_answer, load_released
from grader.pages.safe_html import markdown2html
from grader.pages.written import MARKERS, model, solutions


class FeedbackPages(Configurable):
    """What stands on the pages that students get."""

    solutions = Bool(
        False,
        help="Show the reference answers of solutions/ on feedback pages, once a chapter is due for everybody, those "
        "with an extension too. A chapter without a due date never shows them.",
    ).tag(config=True)


def deadline(course: Course, chapter: str, config: Config) -> datetime | None:
    """When the last one has to hand in, in UTC: the latest of what the table of dates and the gradebook say."""
    from nbgrader.api import Gradebook, MissingEntry

    about = late.kept(course.root).get(chapter, late.Dates())
    with Gradebook(database_url(config), str(config.CourseDirectory.course_id)) as book:
        try:
            assignment = book.find_assignment(chapter)
            recorded, given = assignment.duedate, [s.extension for s in assignment.submissions if s.extension]
        except MissingEntry:
            recorded, given = None, []
    due = max((d for d in (about.due, recorded) if d is not None), default=None)
    return None if due is None else due + max([timedelta(0), *about.longer.values(), *given])


def to_show(
    course: Course, chapter: str, config: Config, wanted: bool | None = None, at_once: bool = False,
    now: datetime | None = None,
) -> tuple[dict[str, str], str]:  # fmt: skip
    """The reference answers that may be shown, as HTML by grade id; and a line about why there are none.

    Parameters
    ----------
    course, chapter, config
        Whose.
    wanted : bool, optional
        What the instructor said now; by default what the configuration says.
    at_once : bool
        Whether they may be shown although somebody can still hand in.
    now : datetime, optional
        In UTC.
    """
    if not (FeedbackPages(config=config).solutions if wanted is None else wanted):
        return {}, ""
    if not at_once:
        last = deadline(course, chapter, config)
        if last is None:
            return (
                {},
                f"no reference answers: {chapter} has no due date (`grader dates`; --before-deadline shows them)",
            )
        if (now or datetime.now(UTC).replace(tzinfo=None)) <= last:
            return {}, (
                f"no reference answers: somebody can hand in {chapter} until {last:%Y-%m-%d %H:%M} UTC "
                "(--before-deadline shows them)"
            )
    texts = solutions(course, chapter)
    if not texts:
        raise CourseError(f"solutions/{chapter}/{chapter}.ipynb is not there: run `grader build`")
    return _as_html(load_released(course.released(chapter)).cells, texts), ""


def _as_html(released: Any, texts: dict[str, str]) -> dict[str, str]:
    """Of each answer cell that was handed out without its answer, the one of the course."""
    found = {}
    for cell in released:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if not is_answer(cell) or ANSWERED in cell.metadata.get("tags", []) or name not in texts:
            continue
        if cell.cell_type == "markdown":
            found[name] = markdown2html(model(texts[name])[0], links=True)
        else:
            found[name] = f"<pre>{html.escape(MARKERS.sub('', texts[name]).strip())}</pre>"
    return found
