"""Tables of people with spreadsheets: read in whatever dialect they come, written so that nothing is computed.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a return is computed by a spreadsheet, which can call
programs and send data away. Such texts get an apostrophe in front, which spreadsheets read as "this is text"
(OWASP, "CSV Injection"). Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import CourseError
from grader.disk import read_plain, trouble, write_atomically
from grader.marking.text import visible

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
LARGEST, LONGEST_CELL, MOST_ROWS = 20 << 20, 2_000, 100_000
MARK = "\ufeff"
"""A byte order mark: without it, spreadsheets take names with accents for another encoding."""


def harmless(value: object) -> str:
    """A value as the text of a cell that no spreadsheet computes.

    Examples
    --------
    >>> harmless("=HYPERLINK(A1)"), harmless(-0.5), harmless("Zoë"), harmless(None)
    ("'=HYPERLINK(A1)", '-0.5', 'Zoë', '')
    """
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = visible(str(value), kept="\t")
    return "'" + text if text.lstrip(" ").startswith(FORMULA) or str(value).startswith(FORMULA) else text


def table_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as comma-separated values, the same bytes for the same rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table in one step, in a form that spreadsheets take for what it is."""
    write_atomically(path, MARK + table_text(header, rows))


@dataclass(frozen=True)
class Table:
    """A header, and rows of the same length with the numbers of their lines."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(path: Path, largest: int = LARGEST, most: int = MOST_ROWS) -> Table:
    """Read a table with commas, semicolons or tabs between its cells, in UTF-8, UTF-16 or Windows' Latin.

    Parameters
    ----------
    path : Path
        Its file.
    largest, most : int
        Bytes and lines that it may have.

    Raises
    ------
    CourseError
        If it is none; the message names the file and, where it can, the line.
    """
    try:
        raw = read_plain(path, largest)
    except OSError as problem:
        raise CourseError(f"{path} cannot be read ({problem.strerror or trouble(problem)})") from None
    text = _decoded(raw, path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    header: tuple[str, ...] | None = None
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for line in reader:
            cells = [plain(cell) for cell in line]
            if not any(cells):
                continue
            if header is None:
                header = tuple(cells)
                continue
            if len(rows) >= most:
                raise CourseError(f"{path} has more than {most} lines")
            full = (*cells, *[""] * (len(header) - len(cells)))
            rows.append((reader.line_num, full[: len(header)]))
    except csv.Error as problem:
        raise CourseError(f"{path}, line {reader.line_num}: this is no table ({problem})") from None
    if header is None:
        raise CourseError(f"{path} is empty")
    return Table(header, tuple(rows))


def _decoded(raw: bytes, path: Path) -> str:
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise CourseError(f"{path} is a spreadsheet: save it as CSV")
    codes = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for code in codes:
        try:
            text = raw.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise CourseError(f"{path} is no text: save it as CSV (UTF-8)")


def delimiter_of(text: str) -> str:
    """What stands between the cells, by the first line that says anything."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    named = first.lower().removeprefix("sep=")
    if named != first.lower() and len(named) == 1:
        return named
    return max(",;\t", key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))


def plain(cell: str) -> str:
    """A cell without the spaces around it, and without the apostrophe that kept it from being computed."""
    cell = cell.strip().strip("\u00a0").strip()[:LONGEST_CELL]
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" ").startswith(FORMULA) else cell
