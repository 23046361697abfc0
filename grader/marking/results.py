"""Results of markings on disk: written whole or not at all, found again by their key, sealed with the course's secret.

A file that is anything else than what was written here, in whatever way, counts as none: the marking is made again.
"""

from __future__ import annotations

from pathlib import Path

from grader.disk import read_plain, seal, unseal, write_atomically
from grader.marking.marking import Marking


class Results:
    """A folder of markings. A key changes with whatever could change a result, so nothing is ever out of date.

    Parameters
    ----------
    folder : Path
        Where they are.
    secret : bytes
        The course's secret: what was not written with it, or was written under another key, is no result.
    instead : str
        Another folder, into which new ones are written; this one then stays as it is.
    """

    def __init__(self, folder: Path, secret: bytes, instead: str = "") -> None:
        self.folder, self.secret = folder, secret
        self.into = Path(instead) if instead else folder

    def find(self, key: str) -> Marking | None:
        """The marking with a key, if it was made before."""
        for folder in dict.fromkeys((self.into, self.folder)):
            try:
                found = unseal(self.secret, key, read_plain(_path(folder, key)))
                if found is not None:
                    return Marking.from_json(found)
            except Exception:  # a file can become anything, and none of it is the student's fault
                continue
        return None

    def keep(self, key: str, marking: Marking) -> None:
        """Write a marking; a reader sees all of it or nothing."""
        write_atomically(_path(self.into, key), seal(self.secret, key, marking.to_json()))

    def tidy(self) -> None:
        """Remove what a run that was killed had not written to the end."""
        for part in self.into.glob("*/.*.part"):
            part.unlink(missing_ok=True)


def _path(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.json"
