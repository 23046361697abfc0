"""Calling nbgrader: its converters, its gradebook, its words when something goes wrong."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from traitlets.config import Config

from grader import scratch
from grader.course import Course, CourseError, WouldDrop
from grader.gradebook.changing import Changes, changes, recorded_cells, released_cells
from grader.marking.submission import load_released
from grader.marking.text import visible

LOG = logging.getLogger("fnnkit.nbgrader")
LOG.propagate = False
LOG.addHandler(logging.NullHandler())
LOG.setLevel(logging.INFO)

NEW_CELL = "Cannot modify existing assignment|Cannot add or remove cells"


def api(config: Config) -> Any:
    """nbgrader's own interface to a course, silent on the terminal."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    course_directory = CourseDirectory(config=config)
    course_directory.log = LOG
    made = NbGraderAPI(course_directory, config=config)
    made.log = LOG
    return made


def generate(config: Config, chapter: str, *, database: bool) -> None:
    """Run nbgrader's generate step.

    Parameters
    ----------
    config : Config
        Says where from and where to.
    chapter : str
        Name of the assignment.
    database : bool
        Whether to register the cells in the gradebook.

    Raises
    ------
    CourseError
        If nbgrader refuses; its own words follow.
    """
    config = Config(config)
    config.GenerateAssignment.no_database = not database
    config.SaveCells.enabled = config.SaveChangedCells.enabled = database
    result = api(config).generate_assignment(chapter, force=True, create=True)
    if not result["success"]:
        raise CourseError(f"nbgrader could not generate {chapter}: {last_words(result)}")


def register(
    course: Course, chapter: str, config: Config | None = None, *, drop_removed: bool = False
) -> Changes:
    """Make sure that the gradebook knows the released cells of a chapter, and their points; gives what changed.

    Parameters
    ----------
    course, chapter, config
        Which chapter, and nbgrader's configuration.
    drop_removed : bool
        Whether marks of cells that are no longer in the chapter may leave the gradebook.

    Raises
    ------
    WouldDrop
        If there are such marks, and they may not.
    CourseError
        If the configuration leaves this to nbgrader's own step, which cannot add cells once submissions are graded.
    """
    import tempfile

    with tempfile.TemporaryDirectory(prefix="fnnkit-release-", dir=scratch.place()) as folder:
        settings = Config(config or course.config())
        settings.CourseDirectory.release_directory = folder
        settings.SaveChangedCells.drop_removed = drop_removed
        found = pending(course, chapter, settings)
        if found.marks and not drop_removed:
            told = ", ".join(f"{n} of {name}" for name, n in found.marks.items())
            raise WouldDrop(
                f"{chapter} has marks of what is no longer in it ({told}): `grader grade {chapter} --drop-removed` "
                f"takes them out of the gradebook, and keeps them in reports/removed-{chapter}.csv"
            )
        try:
            generate(settings, chapter, database=True)
        except CourseError as error:
            if re.search(NEW_CELL, str(error), re.IGNORECASE):
                raise CourseError(
                    f"{chapter} has graded cells that were not there when submissions were first graded, and nbgrader "
                    "cannot add them by itself: put grader.gradebook.plugins.SaveChangedCells into the place of "
                    "nbgrader.preprocessors.SaveCells in nbgrader_config.py"
                ) from None
            raise
    return found


def pending(course: Course, chapter: str, config: Config | None = None) -> Changes:
    """What of a chapter is different from the gradebook, where somebody has handed in."""
    from nbgrader.api import Gradebook

    settings = config or course.config()
    wanted = released_cells(load_released(course.released(chapter)))
    with Gradebook(database_url(settings), str(settings.CourseDirectory.course_id)) as book:
        return changes(book, chapter, wanted)


def registered(course: Course, chapter: str, config: Config | None = None) -> bool:
    """Whether the gradebook holds exactly the graded cells and points of the released notebook."""
    from nbgrader.api import Gradebook, MissingEntry

    settings = config or course.config()
    released = load_released(course.released(chapter))
    with Gradebook(database_url(settings), str(settings.CourseDirectory.course_id)) as book:
        try:
            notebook = book.find_notebook(chapter, chapter)
        except MissingEntry:
            return False
        return recorded_cells(notebook) == released_cells(released)


def has_gradebook(config: Config) -> bool:
    """Whether there is a gradebook to ask; asking nbgrader would make one."""
    path = database_url(config).partition("sqlite:///")[2].partition("?")[0]
    return not path or Path(path).is_file()


def database_url(config: Config) -> str:
    """The gradebook of a configuration; SQLite in the course's root unless it says otherwise."""
    from nbgrader.coursedir import CourseDirectory

    return str(CourseDirectory(config=config).db_url)


def shown_url(url: str) -> str:
    """The address of a gradebook as it may be shown: without its password.

    Examples
    --------
    >>> shown_url("postgresql://ada:p%40ss@host/grades"), shown_url("sqlite:////tmp/gradebook.db")
    ('postgresql://ada:***@host/grades', 'sqlite:////tmp/gradebook.db')
    """
    shown = re.sub(r"(://[^:@/?#]*):.*@", r"\1:***@", re.sub(r"\bpostgresql\+\w+://", "postgresql://", url))
    return re.sub(r"(?i)((?:password|passwd|pwd|secret|token)=)[^&\s]*", r"\1***", shown)


def without_password(text: str, url: str) -> str:
    """A text in which the password of a gradebook's address does not stand, however it is written."""
    found = re.search(r"://[^:@/?#]*:(.*)@", url)
    text = text.replace(url, shown_url(url))
    for secret in {found[1], unquote(found[1])} if found and found[1] else ():
        text = text.replace(secret, "***")
    return shown_url(text)


def last_words(result: dict[str, Any]) -> str:
    """The last line of a failure that says what happened, out of nbgrader's log."""
    text = str(result.get("log", "")) + "\n" + str(result.get("error", ""))
    lines = [line.strip() for line in text.splitlines()]
    telling = [
        line
        for line in lines
        if re.match(r"[\w.]+(Error|Exception|Entry|Submission|Unavailable|Lost)\b.*: ", line)
    ]
    telling = [line for line in telling if "Please see the" not in line]
    line = telling[-1] if telling else next((line for line in reversed(lines) if line), "no message")
    return visible(shown_url(re.sub(r"^[\w.]+: ", "", line)[:400]))
