"""What stands beside a notebook in ``autograded/``: the instructor's files, and what he named of the student's, as data.

Formgrader and JupyterLab serve what lies there from the origin in which the instructor is logged in. So nothing that a
student added gets there by itself, and never what a browser would run: only files of a few forms of data.
"""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from nbgrader.utils import find_all_files
from traitlets import List, Unicode
from traitlets.config import Config, Configurable

from grader.marking import folder

TIMESTAMP = "timestamp.txt"
DATA = ("csv", "gif", "jpeg", "jpg", "json", "npy", "npz", "png", "tsv", "txt")
"""Forms of data: what is not one of these, by the last and only dot in its name, is never kept."""
NAME = re.compile(rf"(?:\w[\w -]*/)*\w[\w -]*\.(?:{'|'.join(DATA)})", re.IGNORECASE)


class StudentFiles(Configurable):
    """Which of the files that students hand in beside their notebooks are kept for whoever marks."""

    keep = List(
        Unicode(),
        help="Patterns of names, such as 'data/*.csv'. Only files of data are kept, whatever the pattern says: "
        + ", ".join(DATA),
    ).tag(config=True)


def kept(config: Config, names: Collection[str]) -> list[str]:
    """Which of a student's files are kept: the time of submission, and what the instructor names."""
    patterns = StudentFiles(config=config).keep
    return [
        name
        for name in names
        if name == TIMESTAMP
        or (NAME.fullmatch(name) and any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns))
    ]


def lay_out(target: Path, submitted: Path, config: Config, own: Mapping[str, str]) -> None:
    """Put files beside a notebook, into a folder that holds none of them.

    Parameters
    ----------
    target : Path
        A student's folder in ``autograded/``.
    submitted : Path
        What the student handed in.
    config : Config
        nbgrader's configuration.
    own : mapping
        By their place in the folder, the instructor's files, which come before those of students.

    Raises
    ------
    BadSubmission
        If what was handed in cannot be copied.
    """
    with folder.opened(submitted) as inside:
        for name in kept(config, folder.names(inside)):
            if name not in own:
                folder.copy(inside, name, target / name)
    for name, path in own.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def clear(target: Path, notebooks: Collection[str]) -> None:
    """Take everything out of a folder but some notebooks."""
    for entry in list(os.scandir(target)) if target.is_dir() else []:
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        elif entry.name not in notebooks or not entry.is_file(follow_symlinks=False):
            os.unlink(entry.path)


def own_files(directory: Any, chapter: str, excluded: Any) -> dict[str, str]:
    """Files of the instructor that stand beside a chapter's notebook; by their place in a submission."""
    place = directory.format_path(directory.source_directory, ".", chapter)
    students_own = {os.path.join(place, name) for name in excluded.get(chapter, [])}
    found = find_all_files(place, [*directory.ignore, "*.ipynb"])
    return {os.path.relpath(path, place): path for path in found if path not in students_own}
