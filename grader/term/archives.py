"""What is in an archive or a folder of submissions, of which nothing is trusted.

No name in it ever becomes a path. What leads outside, is a link, too large, too deep or locked is left, and said.
"""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import CourseError
from grader.disk import read_plain
from grader.marking.submission import MAX_BYTES
from grader.marking.text import visible

MOST_FILES, MOST_BYTES, LARGEST_ZIP, DEEPEST, DEEPEST_FOLDER = 20_000, 2 << 30, 512 << 20, 3, 20
UTF8 = 0x800


@dataclass
class Contents:
    """Files by their names in the archive, and what was left, with the reason."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0

    def add(self, name: str, data: bytes) -> None:
        """Take a file.

        Raises
        ------
        CourseError
            If there are too many, or too much in all.
        """
        self.size += len(data)
        if len(self.files) >= MOST_FILES or self.size > MOST_BYTES:
            raise CourseError(
                f"it holds more than {MOST_FILES} files or {MOST_BYTES >> 30} GB in all: unpack it and collect a part"
            )
        self.files.append((name, data))

    def leave(self, name: str, why: str) -> None:
        """Say that something was left."""
        self.left.append((visible(name[:200]), why))


def read(path: Path) -> Contents:
    """All files of an archive or folder; those of archives inside it too.

    Raises
    ------
    CourseError
        If there is none, or it is no archive.
    """
    found = Contents()
    if path.is_dir():
        _folder(path, found)
    else:
        try:
            data = read_plain(path, LARGEST_ZIP)
        except OSError as problem:
            raise CourseError(f"{path} cannot be read ({problem.strerror or problem})") from None
        if not data.startswith(b"PK"):
            raise CourseError(f"{path} is neither a folder nor a zip")
        before = len(found.left)
        _zip(data, "", 1, found)
        if not found.files and found.left[before:] and not found.left[-1][0]:
            raise CourseError(f"{path} is no archive that can be read: {found.left[-1][1]}")
    return found


def _folder(path: Path, found: Contents) -> None:
    for place, folders, names in os.walk(path):
        inside = Path(place).relative_to(path)
        if len(inside.parts) >= DEEPEST_FOLDER:
            folders.clear()
        folders.sort()
        for name in sorted(names):
            shown = (inside / name).as_posix()
            try:
                raw = read_plain(
                    Path(place) / name, LARGEST_ZIP if name.lower().endswith(".zip") else MAX_BYTES
                )
            except OSError as problem:
                found.leave(shown, problem.strerror or str(problem))
            else:
                _one(shown, raw, 0, found)


def _one(name: str, raw: bytes, depth: int, found: Contents) -> None:
    """A file; an archive gives what is in it, below its own name without the ending."""
    if name.lower().endswith(".zip"):
        _zip(raw, name[:-4] + "/", depth + 1, found)
    elif len(raw) > MAX_BYTES:
        found.leave(name, f"has more than {MAX_BYTES >> 20} MB")
    else:
        found.add(name, raw)


def _zip(raw: bytes, below: str, depth: int, found: Contents) -> None:
    if depth > DEEPEST:
        found.leave(below.rstrip("/") + ".zip", f"archives inside each other, more than {DEEPEST} deep")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for about in archive.infolist():
                name = below + _name(about)
                why = _refused(about, name)
                if about.is_dir() or _hidden(name):
                    continue
                if why:
                    found.leave(name, why)
                    continue
                for content in _content(archive, about, name, found):
                    _one(name, content, depth, found)
    except CourseError:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as problem:
        found.leave(below.rstrip("/"), f"it is damaged ({problem})"[:120])


def _content(archive: zipfile.ZipFile, about: zipfile.ZipInfo, name: str, found: Contents) -> Iterator[bytes]:
    """The bytes of a file, never more than are allowed, whatever its header says."""
    most = LARGEST_ZIP if name.lower().endswith(".zip") else MAX_BYTES
    try:
        with archive.open(about) as opened:
            content = opened.read(most + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, zlib.error) as problem:
        found.leave(name, f"cannot be unpacked ({problem})"[:120])
        return
    if len(content) > most:
        found.leave(name, f"has more than {most >> 20} MB")
    else:
        yield content


def _refused(about: zipfile.ZipInfo, name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":"):
        return "its name leads out of the archive"
    kind = stat.S_IFMT(about.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or no ordinary file"
    if about.flag_bits & 1:
        return "is locked by a password"
    return ""


def _hidden(name: str) -> bool:
    """What systems put into archives by themselves."""
    parts = name.split("/")
    return any(
        p in ("__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db") or p.startswith("._") for p in parts
    )


def _name(about: zipfile.ZipInfo) -> str:
    """The name, in UTF-8 also where the archive forgot to say so, accents in one piece."""
    name = about.filename
    if not about.flag_bits & UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return unicodedata.normalize("NFC", name)
