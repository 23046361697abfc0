"""A table as a learning platform gave it, in which some cells are filled in; every other byte stays as it was."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import CourseError
from grader.disk import read_plain, trouble
from grader.gradebook.tables import LARGEST, MOST_ROWS, delimiter_of

MARK = "\ufeff"
DECIMAL_COMMA = re.compile(r"-?\d+,\d+")


@dataclass
class Row:
    """A line: what its cells hold, and where they stand in the text."""

    line: int
    cells: list[str]
    spans: list[tuple[int, int]]


@dataclass
class LmsFile:
    """A table that was read; `put` fills in, `write` writes it in the encoding and dialect in which it came."""

    path: Path
    text: str
    code: str
    mark: str
    header: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    _new: dict[tuple[int, int], str] = field(default_factory=dict)

    def column(self, row: Row, at: int) -> str:
        """The text of a cell without the spaces around it; empty where the line is too short."""
        return row.cells[at].strip() if at < len(row.cells) else ""

    def put(self, row: Row, at: int, value: str) -> None:
        """Fill in a cell.

        Raises
        ------
        CourseError
            If the line has no such cell.
        """
        if at >= len(row.spans):
            raise CourseError(f"{self.path}, line {row.line}: it has fewer cells than the first line")
        start, end = row.spans[at]
        quoted = self.text[start : start + 1] == '"' or self.mark in value
        self._new[start, end] = f'"{value}"' if quoted else value

    def filled(self) -> str:
        """The text with all that was filled in."""
        parts, at = [], 0
        for (start, end), value in sorted(self._new.items()):
            parts += [self.text[at:start], value]
            at = end
        return "".join([*parts, self.text[at:]])

    def write(self, path: Path) -> None:
        """Write it to another place: all of it, or nothing."""
        if path.exists() and path.samefile(self.path):
            raise CourseError(f"{path} is what the platform gave: say another place with --output")
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            part.write_bytes(self.filled().encode(self.code))
            part.replace(path)
        except OSError as problem:
            part.unlink(missing_ok=True)
            raise CourseError(f"{path} cannot be written ({trouble(problem)})") from None


def read(path: Path) -> LmsFile:
    """Read a table.

    Raises
    ------
    CourseError
        If it is none.
    """
    try:
        raw = read_plain(path, LARGEST)
    except OSError as problem:
        raise CourseError(f"{path} cannot be read ({problem.strerror or trouble(problem)})") from None
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise CourseError(f"{path} is a spreadsheet: the platform also gives it as CSV")
    text, code = _decoded(raw, path)
    bare = text.removeprefix(MARK)
    mark = delimiter_of(bare)
    found = LmsFile(path, text, code, mark)
    for row in _rows(text, mark, len(text) - len(bare)):
        if not any(cell.strip() for cell in row.cells) or row.cells[0].lower().startswith("sep="):
            continue
        if not found.header:
            found.header = [cell.strip() for cell in row.cells]
        elif len(found.rows) >= MOST_ROWS:
            raise CourseError(f"{path} has more than {MOST_ROWS} lines")
        else:
            found.rows.append(row)
    if not found.header:
        raise CourseError(f"{path} is empty")
    return found


def _decoded(raw: bytes, path: Path) -> tuple[str, str]:
    """The text, with its byte order mark, and the encoding that gives the same bytes again."""
    codes = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    for code in (codes[raw[:2]],) if raw[:2] in codes else ("utf-8", "cp1252"):
        try:
            text = raw.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, code
    raise CourseError(f"{path} is no text: the platform also gives it as CSV")


def _rows(text: str, mark: str, at: int) -> list[Row]:
    """All lines of a table (RFC 4180), with the place of each cell."""
    cell = re.compile(
        rf'(?:"((?:[^"]++|"")*+)")?([^{re.escape(mark)}\r\n]*)({re.escape(mark)}|\r\n|\n|\r|\Z)'
    )
    found: list[Row] = []
    cells, spans, line = list[str](), list[tuple[int, int]](), 1
    first = line
    while at <= len(text):
        match = cell.match(text, at)
        assert match is not None
        inside, rest, end = match[1], match[2], match[3]
        cells.append((inside or "").replace('""', '"') + rest)
        spans.append((match.start(), match.start(3)))
        line += match[0].count("\n")
        if end != mark:
            found.append(Row(first, cells, spans))
            cells, spans, first = [], [], line
        if not end:
            break
        at = match.end()
    return found
