"""Getting ready: what judges and what forks kernels take a second for that, in which the grader can read and import."""

from __future__ import annotations

from grader.course import Course
from grader.marking import edition, judging
from grader.sandbox import modes, warm


def begin(course: Course, chapter: str, *, anyhow: bool = False) -> None:
    """Start both, if somebody seems to have handed in something new, and there is a sandbox with namespaces.

    Parameters
    ----------
    course, chapter
        What will be marked.
    anyhow : bool
        Whether everything is marked again, new or not.
    """
    if (anyhow or course.has_new(chapter)) and modes.available() and modes.mode() == "namespaces":
        warm.begin()
        warm.running(edition.folder(chapter), edition.PROGRAM)
        judging.start(chapter)
