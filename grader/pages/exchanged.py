"""What stands beside a feedback page for nbgrader's exchange: when the work was handed in, and the key to its page."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

from grader.course import Course
from grader.gradebook.timestamps import MAX_TIME
from grader.marking import folder
from grader.marking.submission import BadSubmission

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
