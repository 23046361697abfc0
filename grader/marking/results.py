"""Results of markings on disk: written whole or not at all, found again by their key."""

from __future__ import annotations

import json
import os
from pathlib import Path

from grader.marking.marking import Marking


class Results:
    """A folder of markings. A key changes with whatever could change a result, so nothing is ever out of date."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, key: str) -> Marking | None:
        """The marking with a key, if it was made before."""
        try:
            return Marking.from_json(json.loads(self._path(key).read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def keep(self, key: str, marking: Marking) -> None:
        """Write a marking; a reader sees all of it or nothing."""
        write_atomically(self._path(key), json.dumps(marking.to_json()))

    def tidy(self) -> None:
        """Remove what a run that was killed had not written to the end."""
        for part in self.folder.glob("*/.*.part"):
            part.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


def write_atomically(path: Path, text: str) -> None:
    """Replace a file's text in one step."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
