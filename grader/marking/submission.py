"""Reading what a student handed in, and building from it the notebook that is marked.

The notebook that is marked is the released one: its cells, in its order, with its metadata. Of the submission it
takes the text of answer cells and of written answers, and nothing else. So a deleted, moved, copied or edited check
cell means nothing, and neither does any metadata that a student wrote.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import warnings
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from fnnkit.judge.answers import cells_of, find, look
from fnnkit.judge.notebook import python_of
from grader.disk import read_json
from grader.marking import folder
from grader.marking.folder import BadSubmission as BadSubmission
from grader.marking.ordinary import is_ordinary
from grader.marking.text import visible
from grader.marking.written import Submitted

MAX_BYTES = 20 << 20
MAX_CELLS = 2_000
# What nbgrader and its path patterns, a spreadsheet or a file system would read as something else than a name.
UNSAFE_NAME = re.compile(r"^[=+\-@.]|[+*?\[\]{}/\\:\"<>|]|\.\.")


class Rebuilt:
    """The notebook to mark.

    Parameters
    ----------
    notebook : NotebookNode
        The released notebook with the student's answers in it; cells without answers are those of the released one.
    notes : dict
        By grade id, remarks for the student about where an answer was found.
    """

    def __init__(self, notebook: Any, notes: dict[str, list[str]]) -> None:
        self._notebook, self.notes = notebook, notes
        self._changes: bytes | None = None

    @property
    def notebook(self) -> Any:
        """The notebook; once it is `thin`, made anew each time."""
        if self._changes is None:
            return self._notebook
        cells = list(self._notebook.cells)
        for position, changed, metadata in json.loads(zlib.decompress(self._changes)):
            cell = cells[position] = own_copy(cells[position])
            cell.update(changed)
            cell.metadata.update(metadata)
        return nbformat.NotebookNode({**self._notebook, "cells": cells})

    def thin(self, released: Any) -> Rebuilt:
        """Keep of it only what is not in the released notebook that it was made from, compressed: a thirtieth of the memory."""
        news = [
            (position, _news(cell, blank), _news(cell.metadata, blank.metadata))
            for position, (cell, blank) in enumerate(zip(self.notebook.cells, released.cells, strict=True))
            if cell is not blank and cell != blank
        ]
        self._changes = zlib.compress(json.dumps(news).encode(), 1)
        self._notebook = released
        return self

    def fingerprint(self) -> str:
        """Digest of the answers: all that a mark depends on."""
        return answers_digest(self.notebook)


def _news(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that are other ones, or were not there; the metadata of a cell has its own."""
    return {name: value for name, value in new.items() if name != "metadata" and old.get(name) != value}


def check_name(name: str) -> None:
    """Refuse a student's name that would be read as something else on its way through nbgrader and a spreadsheet.

    Raises
    ------
    BadSubmission
        If it begins with ``=``, ``+``, ``-``, ``@`` or a dot, or holds ``..``, a path separator, a wildcard, a quote,
        a character that is not seen (control, direction, zero width) or bytes that are not UTF-8. Spaces and accents are fine.
    """
    if not name.strip() or UNSAFE_NAME.search(name) or name != name.strip() or visible(name) != name:
        raise BadSubmission(
            "this is not a safe name for a student: rename the folder (letters of any language, digits, spaces, "
            "- and _ inside)"
        )


def read(path: Path) -> Any:
    """Read a submitted notebook.

    Raises
    ------
    BadSubmission
        If it is missing, too large, not JSON, not a notebook, or of an old format.
    """
    with folder.opened(path.parent) as inside:
        if path.name not in folder.names(inside):
            raise BadSubmission(f"there is no {path.name}: ask for a submission with that name")
        return read_inside(inside, path.name)


def read_inside(inside: int, name: str) -> Any:
    """Read a notebook in a folder that is open.

    Raises
    ------
    BadSubmission
        As `read`.
    """
    try:
        raw = folder.read(inside, name, MAX_BYTES)
    except FileNotFoundError:
        raise BadSubmission(f"there is no {name}: ask for a submission with that name") from None
    if len(raw) > MAX_BYTES:
        size = os.stat(name, dir_fd=inside, follow_symlinks=False).st_size
        raise BadSubmission(
            f"{name} has {size / 1e6:.0f} MB, more than {MAX_BYTES >> 20} MB: ask for a copy without outputs"
        )
    return parsed(name, raw)


def parsed(name: str, raw: bytes) -> Any:
    """The notebook in the bytes of a file; a byte order mark, as some editors write it, is no fault.

    Raises
    ------
    BadSubmission
        If it is not JSON, not a notebook, or of an old format.
    """
    try:
        text = raw.decode("utf-8-sig")
        data = read_json(text)
    except ValueError:
        raise BadSubmission(f"{name} is not JSON: the file is broken, ask for it again") from None
    if not isinstance(data, dict) or not ("cells" in data or "worksheets" in data):
        raise BadSubmission(f"{name} is JSON, but not a notebook: ask for the .ipynb file of the chapter")
    version = data.get("nbformat")
    if version != 4:
        raise BadSubmission(
            f"{name} has notebook format {_short(version)}, not 4: open it in JupyterLab, save it, submit it again"
        )
    cells = data["cells"] if isinstance(data.get("cells"), list) else None
    if cells is None or not all(isinstance(cell, dict) for cell in cells):
        raise BadSubmission(f"{name} is JSON, but its cells are not those of a notebook: ask for it again")
    if len(cells) > MAX_CELLS:
        raise BadSubmission(f"{name} has {len(cells)} cells, more than {MAX_CELLS}: ask for a tidy copy")
    if not is_ordinary(data):
        _check_for_nbgrader(name, text)
    return data


def _check_for_nbgrader(name: str, text: str) -> None:
    """Refuse what nbgrader, which reads the same folder, would fail at with a line that helps nobody."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nbformat.reads(text, as_version=4)
    except Exception as problem:
        raise BadSubmission(
            f"{name} is a damaged notebook ({type(problem).__name__}): open it in JupyterLab, save it, submit it "
            "again"
        ) from None


def rebuild(submitted: Any, released: Any, exercise_names: list[str], note: str = "") -> Rebuilt:
    """Put a student's answers into the released notebook.

    Parameters
    ----------
    submitted : dict
        What `read` gave, or a notebook.
    released : NotebookNode
        The notebook that students got.
    exercise_names : list of str
        Names of the functions of this chapter.
    note : str
        A remark about the whole notebook: it is put to the first of its answers.

    Raises
    ------
    BadSubmission
        If the submission has no answer cell of this chapter.
    """
    # What is not written by students is the released notebook's own.
    cells = [own_copy(c) if is_answer(c) else c for c in released.cells]
    notebook = nbformat.NotebookNode({**released, "cells": cells})
    wanted = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if is_answer(c)}
    code = [i for i, c in wanted.items() if c.cell_type == "code"]
    handed_in = cells_of(submitted)
    answers = find(
        handed_in,
        code,
        [i for i in code if i in exercise_names],
        given=[c.source for c in released.cells if "given" in c.metadata.get("tags", [])],
        handed_out=[c.source for c in released.cells],
    )
    notes = {i: list(answer.notes) for i, answer in answers.items() if answer.notes}
    if note and code:
        notes[code[0]] = [note, *notes.get(code[0], [])]
    kept: dict[str, list[str]] = {}
    for name, answer in answers.items():
        kept.setdefault(answer.within or name, []).append(name)
    version = python_of(submitted)
    for grade_id, answer in answers.items():
        cell = wanted[grade_id]
        if answer.text:
            cell.source = answer.text
        about: dict[str, Any] = {"notes": notes[grade_id]} if grade_id in notes else {}
        if answer.within or len(answer.parts) > 1:
            about["parts"] = list(answer.parts)
        if kept.get(grade_id, []) != [grade_id]:
            about["keep"] = kept.get(grade_id, [])
        if version and not all(look(part).compiles for part in answer.parts):
            about["python"] = version
        if about:
            cell.metadata["fnnkit"] = about
    if not notes and not any(c.grade_id in wanted for c in handed_in):
        raise BadSubmission("there is no cell of this chapter in it: is it the notebook of another chapter?")
    texts = Submitted(submitted, released.cells)
    for grade_id, cell in wanted.items():
        if cell.cell_type != "code":
            _take_text(grade_id, cell, texts, notes)
    return Rebuilt(notebook, notes)


def _take_text(grade_id: str, cell: Any, handed_in: Submitted, notes: dict[str, list[str]]) -> None:
    """Take a written answer; it is opened in JupyterLab and in Formgrader, where whoever marks is logged in."""
    found = handed_in.answer(grade_id, cell.source)
    if found is None:
        return
    cell.source = found.source
    if found.notes:
        notes[grade_id] = list(found.notes)
        cell.metadata["fnnkit"] = {"notes": notes[grade_id]}
    if found.pictures:
        cell["attachments"] = nbformat.from_dict(found.pictures)


def own_copy(cell: Any) -> Any:
    """A cell that can be given another text, other outputs and more metadata; it shares the rest with the first one.

    Of a whole cell a deep copy is 20 times as slow: 3 ms for the answers of one student.
    """
    made, made_metadata = nbformat.NotebookNode(), nbformat.NotebookNode()
    dict.update(made_metadata, cell.metadata)
    dict.update(made, cell, metadata=made_metadata)
    return made


ANSWERED = "answered"
"""Tag of an answer cell that is handed out with its solution in it."""


def is_answer(cell: Any) -> bool:
    """Whether a released cell is written by the student: code or text."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def answers_digest(notebook: Any) -> str:
    """Digest of the answers in a rebuilt notebook."""
    digest = hashlib.sha256()
    for cell in notebook.cells:
        if is_answer(cell) and cell.cell_type == "code":
            for text in (cell.metadata.nbgrader.grade_id, cell.source):
                digest.update(text.encode("utf-8", "replace") + b"\0")
            about = {k: v for k, v in cell.metadata.get("fnnkit", {}).items() if k != "notes"}
            if about:
                digest.update(json.dumps(about, sort_keys=True).encode())
    return digest.hexdigest()


def load_released(path: Path) -> Any:
    """Read the notebook that students got.

    Raises
    ------
    BadSubmission
        If it has not been built.
    """
    if not path.is_file():
        raise BadSubmission(f"{path} does not exist: run `grader build` first")
    try:
        read_json(path.read_bytes())  # nbformat would run out of stack on some
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, RecursionError) as problem:
        raise BadSubmission(
            f"{path} cannot be read ({type(problem).__name__}): run `grader build` again"
        ) from None


def _short(value: object) -> str:
    return repr(value)[:20]
