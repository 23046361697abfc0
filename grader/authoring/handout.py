"""What students get: the chapters, a wheel of fnnkit, and what they need to know; a folder and the same as a zip.

Students never get the repository, which holds the solutions. Their wheel is not the repository's own: it has neither the
grader nor its command, kernel and entry points. It is made from the same sources and the same ``pyproject.toml``, so
there is one list of dependencies. Of a course of one's own there are two wheels: its package without the answers, and fnnkit as
it is installed, without the grader.

The version says what is in it: to the number in ``pyproject.toml`` a digest of all that is handed out is added. So pip
installs a wheel that is another, and a handout never unpacks over an older one. Notebooks are stamped with it afterwards.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from fnnkit.judge import versions
from fnnkit.judge.registry import folder_of
from fnnkit.judge.released import FOLDER
from grader import scratch
from grader.authoring.build import BEGIN, END, build, stale
from grader.course import CONFIG, Course, CourseError

NAME = "fnnkit-course"
PYTHON = "{}.{}".format(*sys.version_info)
# Of nothing that students get may a part of the path be called so.
FORBIDDEN = re.compile(
    r"grader|answers|solutions|tests?|submitted|autograded|feedback|gradebook\.db|nbgrader_config\.py|secret"
    r"|entry_points\.txt|\.git|\.grader|__pycache__|.*\.pyc",
)
HIDDEN = (BEGIN, END, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN MARK SCHEME")
# Notebooks say BEGIN SOLUTION nowhere; the modules of fnnkit may well speak of solutions.
SCANNED_FOR_MARKS = (".ipynb", ".md", ".txt")

OWN_CONFIG = '''\
"""nbgrader on your side: to which course `nbgrader submit` and JupyterLab's Assignment List belong."""

c = get_config()  # noqa: F821  # nbgrader defines it

c.CourseDirectory.course_id = {course_id}
'''

# JupyterLab's pane in which one makes an assignment comes with nbgrader, and a student can only be confused by it.
FOR_STUDENTS = {"fnnkit/panes.json": "etc/jupyter/labconfig/page_config.d/fnnkit.json"}

REQUIREMENTS = """\
# pip install -r requirements.txt, in this folder: fnnkit, and with it NumPy, Matplotlib, ipywidgets, JupyterLab, nbgrader.
# Marked with Python {python}: what only a newer one understands does not run then.
{wheels}
"""


@dataclass(frozen=True)
class Handout:
    """Where it was put, and what is in it."""

    folder: Path
    archive: Path
    files: tuple[str, ...]
    version: str


def handout(
    course: Course,
    chapters: Sequence[str] = (),
    place: Path | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Handout:
    """Make what students get.

    Parameters
    ----------
    course : Course
        A clone of the repository.
    chapters : sequence of str
        Only these; all by default.
    place : Path, optional
        Folder to put it into; ``dist`` in the course by default.
    told : callable, optional
        Told each step.

    Raises
    ------
    CourseError
        If a notebook is stale, something would leak, or the folder is somebody else's. Nothing is changed then.
    """
    place = place or course.root / "dist"
    if place.exists() and not place.is_dir():
        raise CourseError(f"{place} is not a folder")
    told("building the chapters, to see whether what is committed is fresh")
    built = build(course, list(chapters) or None)
    for path in stale(course, built):
        raise CourseError(
            f"{path.relative_to(course.root)} is stale: run `grader build`, and look at what changes"
        )
    with tempfile.TemporaryDirectory(prefix="fnnkit-handout-", dir=scratch.place()) as made:
        folder = Path(made) / NAME
        folder.mkdir()
        told("copying chapters and pages")
        for one in built:
            released = folder / one.chapter / f"{one.chapter}.ipynb"
            released.parent.mkdir()
            released.write_text(one.release, encoding="utf-8")
        for page in ("course/README.md", "course/AGENTS.md", "LICENSE"):
            if (course.root / page).is_file():  # a course of one's own need not have them all
                shutil.copy(course.root / page, folder)
        (folder / CONFIG).write_text(own_config(course), encoding="utf-8")
        (folder / "requirements.txt").write_text(
            REQUIREMENTS.format(wheels="", python=PYTHON), encoding="utf-8"
        )
        version = version_of(course, folder)
        target = place / f"{course.package}-course-{version.replace('+', '-')}"
        archive = place / f"{target.name}.zip"
        _refuse_what_is_not_ours(target)
        for one in built:
            _stamp(folder / one.chapter / f"{one.chapter}.ipynb", version)
        told("building the wheel")
        wheels = [student_wheel(course, folder, version)]
        if course.package != "fnnkit":
            wheels.insert(0, wheel_of_fnnkit(course, folder))
        listed = "\n".join(f"./{wheel.name}" for wheel in wheels)
        (folder / "requirements.txt").write_text(
            REQUIREMENTS.format(wheels=listed, python=PYTHON), encoding="utf-8"
        )
        told("looking for leaks")
        scan(folder, course)
        told("writing")
        zipped = Path(made) / archive.name
        files = _zip(folder, zipped, target.name)
        place.mkdir(parents=True, exist_ok=True)
        swap(folder, target)
        swap(zipped, archive)
    return Handout(target, archive, files, version)


def own_config(course: Course) -> str:
    """A student's ``nbgrader_config.py``: the id of the course, and nothing else of the instructor's."""
    about = course.config().CourseDirectory
    return OWN_CONFIG.format(
        course_id=json.dumps(str(about.course_id if "course_id" in about else ""), ensure_ascii=False)
    )


def version_of(course: Course, folder: Path) -> str:
    """The version of what is in a folder and of the package's sources: the course's own, and what they hold.

    Raises
    ------
    CourseError
        If the course does not hold the sources of its package.
    """
    sources, project = course.root / course.package, course.root / "pyproject.toml"
    if not (sources / "__init__.py").is_file() or not project.is_file():
        raise CourseError(
            f"{course.root} holds no sources of {course.package}: `grader handout` runs in a clone of the repository, or in "
            "what `grader new course` made"
        )
    digest = hashlib.sha256()
    about = tomllib.loads(project.read_text(encoding="utf-8"))
    found = [(student_project(about, package=course.package), b"")]
    for wing, top in (("handout", folder), (course.package, sources)):
        for path in sorted(p for p in top.rglob("*") if p.is_file()):
            inner = path.relative_to(top)
            hidden = any(part.startswith((".", "__pycache__")) for part in inner.parts)
            if not hidden and not _is_answer(top, path) and path.suffix != ".pyc":
                found.append((f"{wing}/{inner.as_posix()}", path.read_bytes()))
    for name, content in found:
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    # A letter first: a part of digits alone would lose zeros in front.
    return f"{about['project']['version']}+c{digest.hexdigest()[:8]}"


def _is_answer(sources: Path, path: Path) -> bool:
    """Whether a file holds right answers: those of a course of one's own lie in its package, fnnkit's with the grader."""
    return path.relative_to(sources).parts[0] == "answers"


def _stamp(notebook: Path, version: str) -> None:
    """Put the version into a notebook's metadata."""
    stamped = versions.stamped(json.loads(notebook.read_text(encoding="utf-8")), version)
    text = json.dumps(stamped, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    notebook.write_text(text, encoding="utf-8")


def _refuse_what_is_not_ours(target: Path) -> None:
    if target.exists() and not (target.is_dir() and list(target.glob("fnnkit-*.whl"))):
        raise CourseError(f"{target} exists and was not made by `grader handout`: move it away")


def student_wheel(course: Course, folder: Path, version: str) -> Path:
    """Build the wheel that students install: the course's package without grader and answers, with the folder's notebooks.

    Raises
    ------
    CourseError
        If the build fails.
    """
    about = tomllib.loads((course.root / "pyproject.toml").read_text(encoding="utf-8"))
    project = student_project(about, version, course.package)
    return _wheel(course, course.root / course.package, project, folder, sorted(folder.glob("*/*.ipynb")))


def wheel_of_fnnkit(course: Course, folder: Path) -> Path:
    """Build the wheel of fnnkit that a course of one's own needs, from what is installed: without the grader.

    Raises
    ------
    CourseError
        If the build fails.
    """
    about = importlib.metadata.metadata("fnnkit")
    needs = importlib.metadata.requires("fnnkit") or []
    project = {
        "name": "fnnkit", "version": about["Version"], "description": about["Summary"],
        "requires-python": about["Requires-Python"], "license": "MIT",
        "dependencies": [line for line in needs if "extra ==" not in line],
    }  # fmt: skip
    wheel = {"shared-data": {"fnnkit/nodelay.json": "etc/jupyter/jupyter_server_config.d/fnnkit.json"}}
    tool = {"hatch": {"build": {"targets": {"wheel": wheel}}}}
    return _wheel(
        course, folder_of("fnnkit"), student_project({"project": project, "tool": tool}), folder, []
    )


def _wheel(course: Course, sources: Path, project: str, folder: Path, notebooks: Sequence[Path]) -> Path:
    """Build the students' wheel of a package, from a copy of what may be in it."""
    with tempfile.TemporaryDirectory(prefix="fnnkit-wheel-", dir=scratch.place()) as made:
        place = Path(made)
        aside = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", FOLDER)
        shutil.copytree(sources, place / sources.name, ignore=aside)
        shutil.rmtree(place / sources.name / "answers", ignore_errors=True)
        # `reset` and an update of the course need the chapters as they are handed out, and no others.
        for notebook in notebooks:
            released = place / sources.name / FOLDER / notebook.name
            released.parent.mkdir(exist_ok=True)
            shutil.copy(notebook, released)
        if (course.root / "LICENSE").is_file():
            shutil.copy(course.root / "LICENSE", place)
        shutil.copy(course.root / "course" / "README.md", place)
        (place / "pyproject.toml").write_text(project, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place / "dist")],
            cwd=place, capture_output=True, text=True, check=False,
        )  # fmt: skip
        wheels = list((place / "dist").glob("*.whl"))
        if done.returncode or len(wheels) != 1:
            said = (done.stderr.strip().splitlines() or ["no words"])[-1]
            raise CourseError(f"the wheel could not be built: {said}")
        return Path(shutil.move(wheels[0], folder))


def student_project(project: dict[str, Any], version: str = "", package: str = "fnnkit") -> str:
    """``pyproject.toml`` of the students' wheel, from the repository's own; with another version, if one is given."""
    about = {**project["project"], **({"version": version} if version else {})}
    kept = ("name", "version", "description", "requires-python", "license", "license-files", "dependencies")
    lines = [
        "[build-system]",
        'requires = ["hatchling"]',
        'build-backend = "hatchling.build"',
        "",
        "[project]",
    ]
    # JSON's texts and lists of texts are TOML's as well.
    lines += [f"{key} = {json.dumps(about[key], ensure_ascii=False)}" for key in kept if key in about]
    lines += ['readme = "README.md"', "", "[tool.hatch.build.targets.wheel]", f'packages = ["{package}"]', ""]
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"].get("shared-data", {})
    lines += ["[tool.hatch.build.targets.wheel.shared-data]"]
    lines += [f"{json.dumps(a)} = {json.dumps(b)}" for a, b in shared.items() if a.startswith(f"{package}/")]
    lines += [f"{json.dumps(a)} = {json.dumps(b)}" for a, b in FOR_STUDENTS.items() if package == "fnnkit"]
    lines += [""]
    return "\n".join(lines)


def scan(folder: Path, course: Course) -> None:
    """Refuse a handout that gives something away: by the names of its files, those inside the wheel too, and their text.

    Raises
    ------
    CourseError
        With the first leak.
    """
    secret = course.root / ".grader" / "secret"
    secrets = [text.encode()] if secret.is_file() and (text := secret.read_text().strip()) else []
    for name, content in _contents(folder):
        if name == CONFIG and content.decode("utf-8", "replace") == own_config(course):
            continue
        for part in PurePosixPath(name.replace("::", "/")).parts:
            if FORBIDDEN.fullmatch(part):
                raise CourseError(f"students would get {name}: {part!r} is not for them")
        if any(word in content for word in secrets):
            raise CourseError(f"students would get the course's secret, in {name}")
        if name.endswith(SCANNED_FOR_MARKS):
            text = content.decode("utf-8", "replace")
            for word in HIDDEN:
                if word in text:
                    raise CourseError(f"students would get {word!r}, in {name}")
        if name.endswith(".ipynb"):
            cells = json.loads(content)["cells"]
            if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
                raise CourseError(f"students would get outputs, in {name}")


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of all files, those inside a wheel after ``::``."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        yield name, path.read_bytes()
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                for inner in wheel.namelist():
                    yield f"{name}::{inner}", wheel.read(inner)


def _zip(folder: Path, archive: Path, top: str) -> tuple[str, ...]:
    """Zip a folder under a name of its own, the same bytes for the same files."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    names = tuple(path.relative_to(folder).as_posix() for path in files)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, name in zip(files, names, strict=True):
            about = zipfile.ZipInfo(f"{top}/{name}", (2020, 2, 2, 0, 0, 0))
            about.external_attr, about.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            packed.writestr(about, path.read_bytes())
    return names


def swap(new: Path, old: Path) -> None:
    """Put something into the place of something else; what is there stays until the new one is complete."""
    part = old.with_name(f".{old.name}.{os.getpid()}.part")
    shutil.move(new, part)
    if old.is_dir():
        gone = old.with_name(f".{old.name}.{os.getpid()}.old")
        old.rename(gone)
        part.rename(old)
        shutil.rmtree(gone)
    else:
        part.replace(old)
