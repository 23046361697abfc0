"""A folder that somebody handed in: opened once, looked at and copied through its descriptor, never following a link.

A name can lead elsewhere a moment after one has looked at it. A descriptor cannot: what was looked at is what is read.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path

MAX_FILES, MAX_DEPTH, MAX_FOLDER_BYTES = 1_000, 20, 200 << 20
LINK = "{name} is a link to another place: ask for the files themselves, or delete the link"
INTO = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
OF = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class BadSubmission(ValueError):
    """A submission that cannot be marked; the message is one line that says what to do."""


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[int]:
    """The descriptor of a student's folder for a chapter, ``submitted/STUDENT/CHAPTER``.

    Raises
    ------
    BadSubmission
        If it, or the student's folder above it, is a link or cannot be opened.
    """
    with contextlib.ExitStack() as held:
        above = _open(str(folder.parent), INTO, None, folder.parent.name)
        held.callback(os.close, above)
        descriptor = _open(folder.name, INTO, above, folder.name)
        held.callback(os.close, descriptor)
        yield descriptor


def _open(name: str, flags: int, above: int | None, shown: str) -> int:
    try:
        return os.open(name, flags, dir_fd=above)
    except OSError as problem:
        with contextlib.suppress(OSError):
            if stat.S_ISLNK(os.stat(name, dir_fd=above, follow_symlinks=False).st_mode):
                raise BadSubmission(LINK.format(name=shown)) from None
        raise BadSubmission(_unreadable(shown, problem)) from None


def _unreadable(name: str, problem: OSError) -> str:
    advice = ": change its permissions" if isinstance(problem, PermissionError) else ""
    return f"{name} cannot be read ({problem.strerror or type(problem).__name__}){advice}"


def names(descriptor: int) -> list[str]:
    """All files in an open folder and below it, by their place in it.

    Raises
    ------
    BadSubmission
        If it holds links, pipes, too many files, too many bytes, or folders nested too deeply.
    """
    found: list[str] = []
    size = _look(descriptor, "", 0, found, itertools.count(1))
    if size > MAX_FOLDER_BYTES:
        raise BadSubmission(
            f"it holds {size / 1e6:.0f} MB, more than {MAX_FOLDER_BYTES >> 20} MB in all: ask for the notebook alone"
        )
    return sorted(found)


def _look(descriptor: int, place: str, depth: int, found: list[str], counted: Iterator[int]) -> int:
    """Add the files of a folder and of those below it; the bytes that they hold."""
    if depth > MAX_DEPTH:
        raise BadSubmission(f"its folders are nested more than {MAX_DEPTH} deep: ask for a tidy copy")
    size = 0
    try:
        with os.scandir(descriptor) as there:
            for entry in there:
                name = entry.name.encode("utf-8", "replace").decode()
                if next(counted) > MAX_FILES:
                    raise BadSubmission(f"it holds more than {MAX_FILES} files: ask for the notebook alone")
                if entry.is_symlink():
                    raise BadSubmission(LINK.format(name=name))
                if entry.is_dir(follow_symlinks=False):
                    below = _open(entry.name, INTO, descriptor, name)
                    try:
                        size += _look(below, f"{place}{entry.name}/", depth + 1, found, counted)
                    finally:
                        os.close(below)
                elif not entry.is_file(follow_symlinks=False):
                    raise BadSubmission(f"{name} is no ordinary file: delete it")
                else:
                    size += entry.stat(follow_symlinks=False).st_size
                    found.append(place + entry.name)
    except OSError as problem:
        raise BadSubmission(_unreadable(place.rstrip("/") or "its folder", problem)) from None
    return size


def read(descriptor: int, name: str, most: int) -> bytes:
    """The content of a file in an open folder, at most some bytes and one more.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    BadSubmission
        If it is no ordinary file, or cannot be read.
    """
    with _file(descriptor, name) as file:
        return _some(file, most + 1, name)


def copy(descriptor: int, name: str, target: Path) -> None:
    """Copy a file out of an open folder, to a place where there is none.

    Raises
    ------
    BadSubmission
        If it has become something else since one looked.
    """
    with _file(descriptor, name) as file:
        left = MAX_FOLDER_BYTES
        target.parent.mkdir(parents=True, exist_ok=True)
        made = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        with os.fdopen(made, "wb") as copied:
            while left > 0 and (some := _some(file, 1 << 20, name)):
                copied.write(some)
                left -= len(some)


@contextlib.contextmanager
def _file(descriptor: int, name: str) -> Iterator[int]:
    """A file in an open folder, opened step by step."""
    *folders, last = name.split("/")
    with contextlib.ExitStack() as held:
        for part in folders:
            descriptor = _open(part, INTO, descriptor, part)
            held.callback(os.close, descriptor)
        try:
            file = os.open(last, OF, dir_fd=descriptor)
        except FileNotFoundError:
            raise
        except OSError:
            file = _open(last, OF, descriptor, last)  # says what is wrong
        held.callback(os.close, file)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise BadSubmission(f"{last} is no ordinary file: delete it")
        yield file


def _some(file: int, size: int, name: str) -> bytes:
    try:
        chunks = []
        while size > 0 and (chunk := os.read(file, min(size, 1 << 22))):
            chunks.append(chunk)
            size -= len(chunk)
        return b"".join(chunks)
    except OSError as problem:
        raise BadSubmission(_unreadable(name, problem)) from None
