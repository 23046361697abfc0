"""Laying out files for an author: all of them or none, formatted, and with a mark where something is to be written."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from fnnkit.judge.registry import folder_of
from grader.course import Course, CourseError

PLACEHOLDER = "TO BE WRITTEN"


def mark(of: str, what: str) -> str:
    """What stands where an author has to write something; the audit looks for it."""
    return f"{PLACEHOLDER} ({of}): {what}"


def meant(name: str, known: Sequence[str]) -> str:
    """The end of a sentence that refuses an unknown name."""
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}"


def check_imported(course: Course) -> None:
    """Refuse to write into a course whose package is not the one that runs.

    Raises
    ------
    CourseError
        If it is another one.
    """
    above = folder_of(course.package).parent
    if above.resolve() != course.root.resolve():
        raise CourseError(
            f"{course.package} is imported from {above}, not from this course: install this one with pip install -e ., or "
            "begin one of your own with grader new course FOLDER"
        )


def check_python(course: Course, texts: Mapping[Path, str]) -> None:
    """Refuse texts that are no Python.

    Raises
    ------
    CourseError
        If one is not.
    """
    for path, text in texts.items():
        try:
            ast.parse(text)
        except SyntaxError as problem:
            raise CourseError(
                f"{path.relative_to(course.root)} would not be Python any more (line {problem.lineno}): add it by hand"
            ) from None


def lay_out(
    course: Course, texts: Mapping[Path, str], chapter: str, told: Callable[[str], None] = lambda _: None
) -> list[Path]:
    """Write files, and make sure that the chapter still imports and builds; else put everything back.

    Raises
    ------
    CourseError
        If it does not.
    """
    told("writing")
    check_python(course, texts)
    before = {path: path.read_bytes() if path.is_file() else None for path in texts}
    folders: list[Path] = []
    try:
        for path, text in texts.items():
            folders += _made(path.parent)
            part = path.with_name(f".{path.name}.{os.getpid()}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        told("formatting")
        _format(course, [p for p in texts if p.parent.name != "solutions"])
        told("building the chapter, to see whether it does")
        _build(course, chapter)
    except BaseException:
        for path, content in before.items():
            path.with_name(f".{path.name}.{os.getpid()}.part").unlink(missing_ok=True)
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        for folder in reversed(folders):
            shutil.rmtree(folder / "__pycache__", ignore_errors=True)
            folder.rmdir()
        raise
    return list(texts)


def _made(folder: Path) -> list[Path]:
    """Make a folder and those above it; which were not there."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()][::-1]
    for place in missing:
        place.mkdir()
    return missing


def _build(course: Course, chapter: str) -> None:
    code = (
        "from grader.course import Course; from grader.authoring.build import build\n"
        f"build(Course.find(), [{chapter!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=course.root, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(course.root), os.environ.get("PYTHONPATH", "")])},
    )  # fmt: skip
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no words"])[-1]
        raise CourseError(f"the chapter would not build any more, so nothing was changed: {said}")


def _format(course: Course, paths: Sequence[Path]) -> None:
    """Format with ruff, where it is installed; the texts are laid out by its rules anyway."""
    ruff = shutil.which("ruff")
    if ruff:
        for words in (
            ["check", "--quiet", "--no-cache", "--select", "I", "--fix"],
            ["format", "--quiet", "--no-cache"],
        ):
            subprocess.run(
                [ruff, *words, *map(str, paths)], cwd=course.root, capture_output=True, check=False
            )
