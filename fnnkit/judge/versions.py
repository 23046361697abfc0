"""Whether a notebook and the fnnkit that is installed were handed out together.

`grader handout` puts the version of its wheel into the metadata of each notebook. A clone of the repository has no such
version, and notebooks that came another way have no such mark: then there is nothing to say.
"""

from __future__ import annotations

import functools
import importlib.metadata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fnnkit.judge.notebook import load
from fnnkit.judge.registry import folder_of, top_of
from fnnkit.judge.released import FOLDER
from fnnkit.judge.which import running

KEY = "fnnkit"
"""Where a notebook's metadata say with which version it was handed out."""
LONGEST = 60


def stamped(notebook: Mapping[str, Any], version: str) -> dict[str, Any]:
    """A notebook that says with which version it is handed out."""
    return {**notebook, "metadata": {**notebook.get("metadata", {}), KEY: {"version": version}}}


def version_of(notebook: Mapping[str, Any]) -> str:
    """The version with which a notebook was handed out; empty if it does not say."""
    found: Any = notebook
    for part in ("metadata", KEY, "version"):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found[:LONGEST] if isinstance(found, str) and found.isprintable() else ""


def installed(package: str = "fnnkit") -> str:
    """The version of the fnnkit that runs, or of a course of one's own; empty if it was not handed out."""
    if not (folder_of(package) / FOLDER).is_dir():
        return ""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def notebook_here(chapter: str) -> Path | None:
    """The notebook in which code runs, as far as that is known."""
    path = running() or Path.cwd() / f"{chapter}.ipynb"
    return path if path.is_file() else None


@functools.lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> str:
    return version_of(load(path) or {})


def differs(chapter: str) -> str:
    """A line about a notebook and an fnnkit that do not belong together; empty if they do, or nobody knows."""
    package = top_of(chapter)
    here = installed(package)
    try:
        path = notebook_here(chapter) if here else None
        there = _read(path, path.stat().st_mtime_ns) if path is not None else ""
    except OSError:
        return ""
    if not there or there == here:
        return ""
    return (
        f"this notebook is of version {there} of the course, and the {package} that runs is of {here}: they may ask different "
        "things. If there is a newer folder of the course, `pip install -r requirements.txt` in it, then "
        "`python -m fnnkit.update OLD_FOLDER` there takes your work along; if this is the newest, install in this folder, "
        "and restart the kernel."
    )
