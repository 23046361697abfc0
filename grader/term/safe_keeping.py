"""Backup and restore of what cannot be made again: the gradebook, the secret, results, dates and roster.

The gradebook is read in one transaction, row by row, so that it is whole although others work in it, and whatever
database it is in; it can be restored into another kind.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from grader.course import Course, CourseError
from grader.disk import read_plain, trouble, write_atomically
from grader.gradebook.calls import database_url, has_gradebook
from grader.gradebook.copying import fill, tables

FORM = 1
ABOUT, BOOK = "backup.json", "gradebook.json"
NAME = re.compile(r"\.grader/(?:[\w.-]+/){0,3}[\w][\w.-]*")
LARGEST = 1 << 30


def backup(course: Course, path: Path) -> int:
    """Write everything into an archive for its owner alone; gives the number of files in it."""
    config = course.config()
    files: dict[str, bytes] = {}
    if has_gradebook(config):
        rows = {
            table: [{key: _to_json(value) for key, value in row.items()} for row in found]
            for table, found in tables(database_url(config)).items()
        }
        files[BOOK] = json.dumps(rows, sort_keys=True).encode()
    for place in sorted(course.private.rglob("*")):
        name = place.relative_to(course.root).as_posix()
        if place.is_file() and not place.is_symlink() and NAME.fullmatch(name) and place.name != "lock":
            try:
                files[name] = read_plain(place)
            except FileNotFoundError:  # replaced or removed by whoever works here
                continue
    about = {"form": FORM, "course": str(config.CourseDirectory.course_id), "files": len(files)}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {ABOUT: json.dumps(about).encode(), **files}.items():
            archive.writestr(name, data)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(made.getvalue())
        part.replace(path)
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise CourseError(f"{path} cannot be written ({trouble(problem)})") from None
    return len(files)


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    return value


def _from_json(value: Any) -> Any:
    if isinstance(value, dict):
        if "time" in value:
            return datetime.fromisoformat(value["time"])
        if "seconds" in value:
            return timedelta(seconds=value["seconds"])
        return base64.b64decode(value["bytes"])
    return value


def contents(course: Course, path: Path) -> dict[str, bytes]:
    """What is in a backup of this course.

    Raises
    ------
    CourseError
        If it is none, or of another course.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(read_plain(path, LARGEST))) as archive:
            if sum(about.file_size for about in archive.infolist()) > 4 * LARGEST:
                raise CourseError(f"{path} is too large for a backup")
            files = {name: archive.read(name) for name in archive.namelist()}
        about = json.loads(files.pop(ABOUT))
        form, of = about["form"], about["course"]
    except CourseError:
        raise
    except FileNotFoundError:
        raise CourseError(f"there is no {path}") from None
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, RuntimeError):
        raise CourseError(f"{path} is not a backup made by `grader backup`") from None
    if form != FORM:
        raise CourseError(f"{path} has form {form} of backups; this grader reads form {FORM}")
    mine = str(course.config().CourseDirectory.course_id)
    if of != mine:
        raise CourseError(f"{path} is a backup of the course {of!r}, and this is {mine!r}")
    for name in files:
        if name != BOOK and (not NAME.fullmatch(name) or ".." in name):
            raise CourseError(f"{path} holds {name!r}, which no backup does")
    return files


def restore(course: Course, files: dict[str, bytes]) -> int:
    """Put a backup into the place of what is there: the gradebook in one transaction, then the files."""
    if BOOK in files:
        try:
            rows = {
                table: [{key: _from_json(value) for key, value in row.items()} for row in found]
                for table, found in json.loads(files[BOOK]).items()
            }
            fill(database_url(course.config()), rows)
        except (ValueError, KeyError, AttributeError) as problem:
            raise CourseError(f"the gradebook in the backup is damaged ({problem})") from None
    for name, data in files.items():
        if name != BOOK:
            place = course.root / name
            write_atomically(place, data.decode("utf-8"))
            place.chmod(0o600)
    return len(files)


def name_now(prefix: str = "backup") -> str:
    """Name of a backup that is made now."""
    return f"{prefix} {datetime.now(UTC):%Y-%m-%d %H-%M-%S}.zip"
