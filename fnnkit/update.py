"""Carry your work from an older folder of the course into a new one.

In the new folder: ``python -m fnnkit.update OLD_FOLDER``. Answers go into the cells with the same id, cells of your own to
the place where they stood. The old folder stays as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fnnkit.judge.logbook import NAME as LOGBOOK
from fnnkit.judge.notebook import as_handed_out, is_touched, load
from fnnkit.judge.registry import chapter_ids
from fnnkit.judge.which import PROJECT, lying, of_a_chapter

Raw = dict[str, Any]


@dataclass
class Carried:
    """What came of one chapter: ids of answers that were carried over, and the number of cells of the student's own.

    ``new`` are answers that the old chapter did not ask for; ``gone`` are those that the new one does not ask for any more,
    which are kept as cells of one's own.
    """

    answers: list[str] = field(default_factory=list)
    own: int = 0
    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = [f"{len(self.answers)} answer{'s' * (len(self.answers) != 1)} carried over"]
        if self.own:
            said.append(f"{self.own} cell{'s' * (self.own != 1)} of your own")
        if self.new:
            said.append(f"new: {', '.join(self.new)}")
        if self.gone:
            said.append(f"not asked any more, and kept: {', '.join(self.gone)}")
        return "; ".join(said)


def carry(old: Raw, new: Raw) -> tuple[Raw, Carried]:
    """Put what a student wrote in one notebook of a chapter into another, which was just handed out."""
    asked = [_id(cell) for cell in new["cells"] if _is_answer(cell)]
    before = {_id(cell) for cell in old["cells"] if _is_answer(cell)}
    known = {_id(cell) for cell in new["cells"] if _id(cell)}
    texts: dict[str, list[str]] = {}
    beside: dict[str, list[Raw]] = {}
    came = Carried(new=[name for name in asked if name not in before])
    anchor = ""
    for cell in old["cells"]:
        name, text = _id(cell), _text(cell)
        anchor = name if name in known else anchor
        untouched = bool(as_handed_out({"cells": [cell]}))
        if not text.strip() or untouched:
            continue
        if name in asked:
            texts.setdefault(name, []).append(text)
        elif not name or _is_answer(cell):
            if name:
                came.gone.append(name)
            came.own += not name
            beside.setdefault(anchor, []).append(_own(cell))
    came.answers = list(texts)
    cells = beside.pop("", [])
    for cell in new["cells"]:
        name = _id(cell)
        cells.append({**cell, "source": "\n\n".join(texts[name])} if name in texts else cell)
        cells += beside.pop(name, [])
    return {**new, "cells": cells}, came


def _id(cell: Raw) -> str:
    mark = cell.get("metadata", {}).get("nbgrader")
    return str(mark.get("grade_id", "")) if isinstance(mark, dict) else ""


def _is_answer(cell: Raw) -> bool:
    mark = cell.get("metadata", {}).get("nbgrader")
    return isinstance(mark, dict) and bool(mark.get("solution"))


def _text(cell: Raw) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source))


def _own(cell: Raw) -> Raw:
    """A cell that belongs to nobody but the student."""
    metadata = {key: value for key, value in cell.get("metadata", {}).items() if key != "nbgrader"}
    return {**cell, "id": uuid.uuid4().hex[:8], "metadata": metadata}


def keep_project(old: Path, new: Path) -> str:
    """Put the project as the student has it beside the new one, if it is another: no cell of it belongs anywhere.

    Gives what was done, in a line; empty if there was nothing to do.
    """
    source, kept = old / PROJECT / f"{PROJECT}.ipynb", new / PROJECT / f"{PROJECT}-yours.ipynb"
    mine, fresh = load(source), load(new / PROJECT / f"{PROJECT}.ipynb")
    if mine is None or [*map(_text, mine["cells"])] == [*map(_text, (fresh or {"cells": []})["cells"])]:
        return ""
    if kept.exists():
        return f"{PROJECT}: {kept.name} is there already; left as it is"
    kept.parent.mkdir(exist_ok=True)
    _write(kept, source.read_text(encoding="utf-8"))
    return f"{PROJECT}: yours is kept as {PROJECT}/{kept.name}, beside the new one"


def update(old: Path, new: Path) -> list[str]:
    """Carry all chapters over; gives a line for each, and changes nothing in the old folder.

    ValueError if one of the folders is none, or both are the same, or there is nothing to carry over.
    """
    for folder in (old, new):
        if not folder.is_dir():
            raise ValueError(f"{folder} is not a folder")
    if old.resolve() == new.resolve():
        raise ValueError(f"{old} is this folder: name the older one")
    said = []
    for chapter in chapter_ids():
        target, found = new / chapter / f"{chapter}.ipynb", of_a_chapter(lying(old), chapter)
        if not found or not found[0][1]:  # nobody has worked in any
            continue
        source = found[0][0]
        fresh = load(target)
        if fresh is None:
            said.append(f"{chapter}: this folder has no {chapter}/{chapter}.ipynb; left out")
        elif is_touched(fresh):
            said.append(f"{chapter}: there is work in this folder's notebook already; left as it is")
        else:
            carried, came = carry(load(source) or {"cells": []}, fresh)
            _write(target, json.dumps(carried, indent=1, ensure_ascii=False) + "\n")
            said.append(f"{chapter}: {came}")
    if project := keep_project(old, new):
        said.append(project)
    if not said:
        raise ValueError(f"there is no chapter with work in {old}, nor in a folder of it")
    if (old / LOGBOOK).is_file() and not (new / LOGBOOK).exists():
        shutil.copy(old / LOGBOOK, new / LOGBOOK)
    return said


def _write(path: Path, text: str) -> None:
    """Write a whole file or none."""
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m fnnkit.update",
        description="Carry your answers from an older folder of the course into this one. The old folder stays as it is.",
    )
    parser.add_argument("old", type=Path, help="the folder in which you have worked so far")
    parser.add_argument(
        "new", type=Path, nargs="?", default=Path(), help="the new folder; by default this one"
    )
    asked = parser.parse_args(arguments)
    try:
        print("\n".join(update(asked.old, asked.new)))
    except (ValueError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
