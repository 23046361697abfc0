"""Which file is meant: the notebook in which code runs, or the one of a chapter in which somebody has worked."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from fnnkit.judge.notebook import chapter_of, is_touched, load
from fnnkit.judge.registry import chapter_ids

PROJECT = "project"
"""Folder of the last notebook, which is no chapter."""

LARGEST = 100_000_000
"""Bytes of the largest file that is looked into."""


def running() -> Path | None:
    """The notebook in which code runs, as far as Jupyter's server, or VS Code, says."""
    main = sys.modules.get("__main__")
    for told in (os.environ.get("JPY_SESSION_NAME"), getattr(main, "__vsc_ipynb_file__", None)):
        if told and str(told).endswith(".ipynb") and Path(told).is_file():
            return Path(told)
    return None


def course_folder(folder: Path) -> Path:
    """The folder that holds the chapters: the one above that of a chapter, or of the project, by its name.

    Above any other folder there may be whatever there is, such as the submissions of others.
    """
    return folder.parent if folder.name in (*chapter_ids(), PROJECT) else folder


def lying(folder: Path) -> list[Path]:
    """Notebooks in a folder and in those of it; the hidden ones are copies that an editor keeps."""
    return sorted({*folder.glob("*.ipynb"), *folder.glob("[!.]*/*.ipynb")})


def of_a_chapter(places: Iterable[Path], chapter: str = "") -> list[tuple[Path, bool]]:
    """Of some files the notebooks of a chapter, or of any: those with work first, and of these the newest.

    Parameters
    ----------
    places : iterable of Path
        Where they may be.
    chapter : str
        Its id; all chapters by default.

    Returns
    -------
    list of (Path, bool)
        With each, whether a student has written code into it.
    """
    found = []
    for place in dict.fromkeys(places):
        try:
            about = place.stat()
            if not place.is_file() or about.st_size > LARGEST:
                continue
        except OSError:
            continue
        belongs, touched = _looked_into(place, about.st_mtime_ns, about.st_size)
        if belongs and chapter in ("", belongs):
            found.append((touched, about.st_mtime_ns, place))
    return [(place, touched) for touched, _, place in sorted(found, reverse=True)]


@functools.lru_cache(maxsize=1024)
def _looked_into(path: Path, _changed: int, _size: int) -> tuple[str, bool]:
    """The chapter of a notebook, empty if it has none, and whether it has been worked in; kept, as reading takes long."""
    try:
        if (
            b'"grade_id"' not in path.read_bytes()
        ):  # of all notebooks that somebody has, most are of no chapter
            return "", False
    except OSError:
        return "", False
    data = load(path)
    chapter = "" if data is None else chapter_of(data)
    return chapter, bool(data is not None and chapter and is_touched(data))
