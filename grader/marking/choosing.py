"""Which of the files that a student handed in is the notebook of the chapter.

Learning platforms and browsers rename what is handed in (``ch1_xor-1.ipynb``, ``ch1_xor (1).ipynb``), put it into a folder or
into an archive, and people work in a copy. What is unmistakable is graded, and said; what is not is one line.
"""

from __future__ import annotations

import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fnnkit.judge import notes
from fnnkit.judge.answers import cells_of, means
from grader.marking import folder
from grader.marking.submission import (
    MAX_BYTES,
    BadSubmission,
    answers_digest,
    is_answer,
    parsed,
    read_inside,
    rebuild,
)

MOST = 20
"""Other notebooks that are looked at."""


def choose(path: Path, released: Any, exercise_names: list[str]) -> tuple[Any, str]:
    """Read what a student handed in.

    Parameters
    ----------
    path : Path
        Where the notebook should be.
    released : NotebookNode
        The notebook that students got.
    exercise_names : list of str
        Names of the functions of this chapter.

    Returns
    -------
    notebook : dict
        The one that counts.
    note : str
        A remark for the student, if it is not the one at that place.

    Raises
    ------
    BadSubmission
        If none can be marked, or it cannot be told which one.
    """
    with folder.opened(path.parent) as inside:
        there = folder.names(inside)
        own = read_inside(inside, path.name) if path.name in there else None
        if own is not None and is_touched(own, released, exercise_names):
            return own, ""
        others, names = [], []
        for name, raw in other_notebooks(inside, [n for n in there if n != path.name]):
            names.append(name)
            try:
                data = parsed(name, raw)
                if has_cells(data, released):
                    rebuilt = rebuild(data, released, exercise_names).notebook
                    written = tuple(c.source for c in rebuilt.cells if is_answer(c))
                    others.append((name, data, (answers_digest(rebuilt), written)))
            except BadSubmission:
                continue
    filled = [o for o in others if is_touched(o[1], released, exercise_names)]
    if len({what for _, _, what in filled}) > 1:
        listed = ", ".join(name for name, _, _ in filled[:3])
        state = "is untouched" if own is not None else "is missing"
        raise BadSubmission(
            f"{path.name} {state}, and there are {len(filled)} notebooks with different answers ({listed}): "
            f"rename the one that counts to {path.name}"
        )
    if filled:
        said = notes.opened if own is None else notes.opened_instead
        return filled[0][1], said(filled[0][0], path.name)
    if own is not None:
        return own, ""
    if others:
        return others[0][1], notes.opened(others[0][0], path.name)
    found = f"; the folder holds {', '.join(names[:3])}, without a cell of this chapter" if names else ""
    raise BadSubmission(f"there is no {path.name}{found}: ask for a submission with that name")


def has_cells(notebook: Any, released: Any) -> bool:
    """Whether there is an answer cell of the chapter in a notebook."""
    wanted = {c.metadata.nbgrader.grade_id for c in released.cells if is_answer(c)}
    return any(c.grade_id in wanted for c in cells_of(notebook))


def is_touched(notebook: Any, released: Any, exercise_names: list[str]) -> bool:
    """Whether a student has written anything into it that counts."""
    handed_out = {c.metadata.nbgrader.grade_id: c.source.strip() for c in released.cells if is_answer(c)}
    for cell in cells_of(notebook):
        text = cell.source.strip()
        if cell.grade_id in handed_out:
            if text not in ("", handed_out[cell.grade_id]):
                return True
        elif not cell.grade_id and cell.kind == "code" and any(means(text, n) for n in exercise_names):
            return True
    return False


def other_notebooks(inside: int, there: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of notebooks in an open folder, in folders below it, in archives."""
    count = 0
    for name in there:
        if any(part.startswith((".", "__")) for part in name.split("/")) or count >= MOST:
            continue
        if name.endswith((".ipynb", ".zip")):
            try:
                raw = folder.read(inside, name, MAX_BYTES)
            except FileNotFoundError:
                continue
            if len(raw) > MAX_BYTES:
                continue
            if name.endswith(".ipynb"):
                count += 1
                yield name, raw
            else:
                for inner, content in itertools.islice(_archived(raw), MOST - count):
                    count += 1
                    yield f"{name}/{inner}", content


def _archived(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Notebooks in an archive; none if it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for about in archive.infolist()[:1000]:
                parts = about.filename.split("/")
                hidden = any(part.startswith((".", "__")) for part in parts)
                if (
                    about.is_dir()
                    or hidden
                    or not parts[-1].endswith(".ipynb")
                    or about.file_size > MAX_BYTES
                ):
                    continue
                with archive.open(about) as opened:
                    content = opened.read(MAX_BYTES + 1)
                if len(content) <= MAX_BYTES:
                    yield about.filename, content
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError, zlib.error):
        return
