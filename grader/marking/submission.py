"""Reading what a student handed in, and building from it the notebook that is marked.

The notebook that is marked is the released one: its cells, in its order, with its metadata. Of the submission it
takes the text of answer cells and of written answers, and nothing else. So a deleted, moved, copied or edited check
cell means nothing, and neither does any metadata that a student wrote.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from grader.disk import read_json
from grader.marking import folder
from grader.marking.folder import BadSubmission as BadSubmission
from grader.marking.ordinary import is_ordinary
from grader.marking.text import inert

MAX_BYTES = 20 << 20
MAX_CELLS = 2_000
MAX_ANSWER = 200_000
# What nbgrader and its path patterns, a spreadsheet or a file system would read as something else than a name.
UNSAFE_NAME = re.compile(r"^[=+\-@.]|[+*?\[\]{}/\\:\"<>|]|\.\.|[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Rebuilt:
    """The notebook to mark.

    Attributes
    ----------
    notebook : NotebookNode
        The released notebook with the student's answers in it; cells without answers are those of the released one.
    notes : dict
        By grade id, remarks for the student about where an answer was found.
    """

    notebook: Any
    notes: dict[str, list[str]] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """Digest of the answers: all that a mark depends on."""
        return answers_digest(self.notebook)


def check_name(name: str) -> None:
    """Refuse a student's name that would be read as something else on its way through nbgrader and a spreadsheet.

    Raises
    ------
    BadSubmission
        If it begins with ``=``, ``+``, ``-``, ``@`` or a dot, or holds ``..``, a path separator, a wildcard, a quote,
        a control character or bytes that are not UTF-8. Spaces and accents are fine.
    """
    if not name.strip() or UNSAFE_NAME.search(name) or name != name.strip():
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
        there = folder.names(inside)
        if path.name not in there:
            raise _missing(path.name, there)
        try:
            raw = folder.read(inside, path.name, MAX_BYTES)
        except FileNotFoundError:
            raise _missing(path.name, there) from None
        if len(raw) > MAX_BYTES:
            size = os.stat(path.name, dir_fd=inside, follow_symlinks=False).st_size
            raise BadSubmission(
                f"{path.name} has {size / 1e6:.0f} MB, more than {MAX_BYTES >> 20} MB: ask for a copy without outputs"
            )
    try:
        data = read_json(raw.decode("utf-8-sig"))
    except ValueError:
        raise BadSubmission(f"{path.name} is not JSON: the file is broken, ask for it again") from None
    if not isinstance(data, dict) or not ("cells" in data or "worksheets" in data):
        raise BadSubmission(
            f"{path.name} is JSON, but not a notebook: ask for the .ipynb file of the chapter"
        )
    version = data.get("nbformat")
    if version != 4:
        raise BadSubmission(
            f"{path.name} has notebook format {_short(version)}, not 4: open it in JupyterLab, save it, submit it again"
        )
    cells = data["cells"] if isinstance(data.get("cells"), list) else None
    if cells is None or not all(isinstance(cell, dict) for cell in cells):
        raise BadSubmission(
            f"{path.name} is JSON, but its cells are not those of a notebook: ask for it again"
        )
    if len(cells) > MAX_CELLS:
        raise BadSubmission(f"{path.name} has {len(cells)} cells, more than {MAX_CELLS}: ask for a tidy copy")
    if raw.startswith(codecs.BOM_UTF8) or not is_ordinary(data):
        _check_for_nbgrader(path.name, raw)
    return data


def _missing(name: str, there: list[str]) -> BadSubmission:
    others = [other for other in there if "/" not in other and other.endswith(".ipynb")][:3]
    found = f"; the folder holds {', '.join(others)}" if others else ""
    return BadSubmission(f"there is no {name}{found}: ask for a submission with that name")


def _check_for_nbgrader(name: str, raw: bytes) -> None:
    """Refuse what nbgrader, which reads the same folder, would fail at with a line that helps nobody."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nbformat.reads(raw.decode("utf-8"), as_version=4)
    except Exception as problem:
        raise BadSubmission(
            f"{name} is a damaged notebook ({type(problem).__name__}): open it in JupyterLab, save it, submit it "
            "again"
        ) from None


def rebuild(submitted: Any, released: Any, exercise_names: list[str]) -> Rebuilt:
    """Put a student's answers into the released notebook.

    Parameters
    ----------
    submitted : dict
        What `read` gave, or a notebook.
    released : NotebookNode
        The notebook that students got.
    exercise_names : list of str
        Names of the functions of this chapter.

    Raises
    ------
    BadSubmission
        If the submission has no answer cell of this chapter.
    """
    # What is not written by students is the released notebook's own.
    cells = [own_copy(c) if is_answer(c) else c for c in released.cells]
    notebook = nbformat.NotebookNode({**released, "cells": cells})
    wanted = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if is_answer(c)}
    found: dict[str, list[str]] = {}
    loose: list[str] = []
    for cell in submitted.get("cells", []):
        source, kind = _source(cell), cell.get("cell_type")
        metadata = cell.get("metadata")
        mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        grade_id = mark.get("grade_id") if isinstance(mark, dict) else None
        if isinstance(grade_id, str) and grade_id in wanted and kind == wanted[grade_id].cell_type:
            found.setdefault(grade_id, []).append(source)
        elif kind == "code" and not (isinstance(mark, dict) and mark.get("grade_id")):
            loose.append(source)
    notes: dict[str, list[str]] = {}
    for grade_id, cell in wanted.items():
        stub = cell.source
        texts = [text for text in found.get(grade_id, []) if text.strip() != stub.strip()]
        if len(texts) > 1:
            notes.setdefault(grade_id, []).append(
                f"{len(texts)} cells answer this exercise; the last one counts."
            )
        if not texts and not found.get(grade_id) and cell.cell_type == "code" and grade_id in exercise_names:
            # The answer cell is gone; perhaps it was pasted into an ordinary cell.
            texts = [
                text for text in loose if re.search(rf"^def {re.escape(grade_id)}\(", text, re.MULTILINE)
            ]
            if texts:
                notes.setdefault(grade_id, []).append(
                    "the answer cell is missing; your function was found in another cell."
                )
        if texts:
            text = texts[-1][:MAX_ANSWER]
            # It is opened in JupyterLab and in Formgrader, where whoever marks is logged in.
            cell.source = text if cell.cell_type == "code" else inert(text)
    if not found and not notes:
        raise BadSubmission("there is no cell of this chapter in it: is it the notebook of another chapter?")
    return Rebuilt(notebook, notes)


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
    return nbformat.read(path, as_version=4)


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    # Half of a surrogate pair cannot be written to a file.
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""


def _short(value: object) -> str:
    return repr(value)[:20]
