"""Where things are in a course, and its secret."""

from __future__ import annotations

import contextlib
import importlib
import os
import secrets
import sys
import sysconfig
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from traitlets.config import Config

from fnnkit.judge.registry import chapter_ids, folder_of, register
from grader.disk import may_be_there, read_plain

PROJECT = "project"
"""The last notebook: no assignment, so it has no source notebook of nbgrader's, and no exercise."""
CONFIG = "nbgrader_config.py"


class CourseError(ValueError):
    """Something about the course or the request is not as it should be; the message is one line."""


class WouldDrop(CourseError):
    """Marks of cells that are no longer in the chapter would be lost: somebody has to agree to it."""


@dataclass(frozen=True)
class Course:
    """An nbgrader course: a folder with ``nbgrader_config.py``, ``solutions`` and ``course``."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """The course that a folder belongs to.

        Raises
        ------
        CourseError
            If neither the folder nor any above it is a course.
        """
        here = (start or Path.cwd()).resolve()
        for place in (here, *here.parents):
            if (place / CONFIG).is_file() and (place / "solutions").is_dir():
                use_package_of(place)
                return cls(place)
        raise CourseError(
            f"{here} is not inside a course: go to the folder that holds {CONFIG} and solutions/"
        )

    @property
    def package(self) -> str:
        """Name of the package that holds its exercises: fnnkit, or the course's own."""
        return own_package(self.root) or "fnnkit"

    @property
    def answers(self) -> Path:
        """Folder of correct answers, which no student gets."""
        return self.root / ("grader" if self.package == "fnnkit" else self.package) / "answers"

    def chapters(self) -> list[str]:
        """Chapters that have a source here."""
        known = set(chapter_ids())
        return sorted(p.stem for p in (self.root / "solutions").glob("*.py") if p.stem in known)

    def handed_out(self) -> list[str]:
        """Chapters whose notebook for students is here; the project is none."""
        found = {p.name for p in (self.root / "course").glob("*") if (p / f"{p.name}.ipynb").is_file()}
        return sorted(found - {PROJECT})

    def check_chapter(self, chapter: str) -> None:
        """Refuse an unknown chapter.

        Raises
        ------
        CourseError
            If this course has no such chapter.
        """
        built = self.handed_out()
        if chapter not in built:
            raise CourseError(
                f"there is no chapter {chapter!r}; there are: {', '.join(built) or 'none (run `grader build`)'}"
            )

    def released(self, chapter: str) -> Path:
        """The notebook that students get."""
        return self.root / "course" / chapter / f"{chapter}.ipynb"

    def submitted(self, student: str, chapter: str) -> Path:
        """The notebook that a student handed in."""
        return self.root / "submitted" / student / chapter / f"{chapter}.ipynb"

    def record(self, chapter: str) -> Path:
        """The file that says whose marks of a chapter are in the gradebook."""
        return self.private / f"recorded-{chapter}.json"

    def has_new(self, chapter: str) -> bool:
        """Whether somebody seems to have handed in a chapter since it was graded last, by the times of the files."""
        record, submitted = self.record(chapter), self.root / "submitted"
        try:
            last = record.stat().st_mtime if record.exists() else 0.0
            there = (self.submitted(place.name, chapter) for place in submitted.iterdir())
            return any(path.stat().st_mtime > last for path in there if path.exists())
        except OSError:
            return False

    def handed_in(self, chapter: str) -> list[str]:
        """Who has handed in a chapter, sorted; a folder into which nobody may look counts."""
        folder = self.root / "submitted"
        there = folder.iterdir() if folder.is_dir() else ()
        return sorted(place.name for place in there if may_be_there(place / chapter))

    def feedback(self, student: str, chapter: str) -> Path:
        """The student's feedback page."""
        return self.root / "feedback" / student / chapter / f"{chapter}.html"

    @property
    def private(self) -> Path:
        """Folder for the secret and for results, for the owner alone."""
        place = self.root / ".grader"
        try:
            place.mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            raise CourseError(f"{place} cannot be made ({problem.strerror})") from None
        return place

    def secret(self) -> bytes:
        """The course's secret, made when first asked for; it decides the inputs that functions are judged on."""
        place = self.private / "secret"
        try:
            if not os.path.lexists(place):
                with contextlib.suppress(FileExistsError):  # somebody else has made it at this moment
                    _make_secret(place)
            text = read_plain(place, 10_000).decode().strip()
            if len(text) < 32:
                raise ValueError("too short")
            return bytes.fromhex(text)
        except ValueError:
            raise CourseError(
                f"{place} is damaged: delete it to get a new one (all marks will be judged on new inputs)"
            ) from None
        except OSError as problem:
            raise CourseError(f"{place} cannot be used ({problem.strerror or problem})") from None

    def config(self, **course_directory: Any) -> Config:
        """nbgrader's configuration of this course, some traits of its ``CourseDirectory`` replaced."""
        from traitlets.config.loader import PyFileConfigLoader

        put_scripts_on_path()
        config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        config.CourseDirectory.root = str(self.root)
        if "db_url" in config.CourseDirectory:
            config.CourseDirectory.db_url = with_driver(str(config.CourseDirectory.db_url))
        for name, value in course_directory.items():
            config.CourseDirectory[name] = value
        return Config(config)


def own_package(root: Path) -> str:
    """The package of a course of one's own, as its ``pyproject.toml`` says under ``[tool.fnnkit]``; empty for any other.

    Raises
    ------
    CourseError
        If that file cannot be read, or names what cannot be a package.
    """
    place = root / "pyproject.toml"
    if not place.is_file():
        return ""
    try:
        name = (
            tomllib.loads(place.read_text(encoding="utf-8"))
            .get("tool", {})
            .get("fnnkit", {})
            .get("package", "")
        )
    except (OSError, ValueError) as problem:
        raise CourseError(f"{place} cannot be read: {problem}") from None
    if not isinstance(name, str) or (name and not name.isidentifier()):
        raise CourseError(f"{place}, [tool.fnnkit]: package has to be the name of a package, and is {name!r}")
    return name


def use_package_of(root: Path) -> None:
    """Let the chapters of a course of one's own be found, and no others; of any other course nothing changes.

    Parameters
    ----------
    root : Path
        The course's folder; the package lies in it, installed or not.

    Raises
    ------
    CourseError
        If the package is not there, or another one of that name is in its place.
    """
    name = own_package(root)
    if not name:
        return
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        importlib.import_module(f"{name}.exercises")
    except ImportError as problem:
        raise CourseError(f"{root / name} cannot be used: {problem}") from None
    there = folder_of(name).resolve()
    if there != (root / name).resolve():
        raise CourseError(f"{name} is imported from {there}, not from this course: pip uninstall {name}")
    register(f"{name}.exercises", alone=True)


DRIVERS = ("psycopg", "psycopg2", "pg8000")


def with_driver(url: str) -> str:
    """The address of a gradebook in PostgreSQL, with the driver that is installed here.

    Raises
    ------
    CourseError
        If none is.
    """
    scheme, _, rest = url.partition("://")
    if scheme in ("postgresql", "postgres"):
        driver = next((name for name in DRIVERS if find_spec(name)), None)
        if driver is None:
            raise CourseError("a gradebook in PostgreSQL needs a driver: pip install 'psycopg[binary]'")
        return f"postgresql+{driver}://{rest}"
    return url


def _make_secret(place: Path) -> None:
    """Write a new secret: all of it or, where there is no room, nothing."""
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    except OSError:
        place.unlink()
        raise


def put_scripts_on_path() -> None:
    """Make the environment's own programs findable: nbgrader starts ``alembic`` by name when it makes a gradebook."""
    scripts = sysconfig.get_path("scripts")
    if scripts not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + os.environ.get("PATH", "")
