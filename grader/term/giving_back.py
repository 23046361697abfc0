"""Feedback pages on their way back: an archive that the platform takes, pages under the names that it gave."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.course import Course, CourseError
from grader.gradebook.tables import read_table, write_table

COLUMNS = ("student", "platform", "name")
PLATFORMS = ("moodle", "canvas")


def place_of(course: Course, chapter: str) -> Path:
    """Where a course keeps what a platform called the students of a chapter."""
    return course.private / f"collected-{chapter}.csv"


def names(course: Course, chapter: str) -> dict[tuple[str, str], str]:
    """By student and platform, the beginning of the names of their files."""
    path = place_of(course, chapter)
    if not path.is_file():
        return {}
    return {(student, platform): name for _, (student, platform, name) in read_table(path).rows}


def remember(course: Course, chapter: str, new: Mapping[tuple[str, str], str]) -> None:
    """Keep what a platform called students."""
    known = {**names(course, chapter), **new}
    write_table(place_of(course, chapter), COLUMNS, [(*key, name) for key, name in sorted(known.items())])


def archive(course: Course, chapter: str, platform: str) -> tuple[Path, list[str], list[str]]:
    """Write the archive; gives its path, who is in it, and who has a page and no name on the platform.

    Raises
    ------
    CourseError
        If nobody has both.
    """
    known = names(course, chapter)
    pages = {
        p.parent.parent.name: p
        for p in sorted((course.root / "feedback").glob(f"*/{chapter}/{chapter}.html"))
    }
    inside = [student for student in pages if (student, platform) in known]
    if not inside:
        raise CourseError(
            f"nobody with a feedback page of {chapter} came through {platform}: `grader collect` what it hands out, "
            "then `grader grade`"
        )
    path = course.root / "reports" / f"feedback-{chapter}-{platform}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as made:
        for student in inside:
            name = known[student, platform]
            inner = f"{name}/{chapter}.html" if platform == "moodle" else f"{name}_{chapter}.html"
            made.writestr(inner, pages[student].read_bytes())
    part.replace(path)
    return path, inside, [student for student in pages if student not in inside]
