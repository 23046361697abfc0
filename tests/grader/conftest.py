"""A fresh copy of the course for each test, and a class that hands in whatever the test wants."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from fnnkit.judge.registry import exercises
from grader.batch import grade
from grader.course import CONFIG, Course
from grader.entry import Batch
from grader.gradebook import calls
from grader.sandbox import provisioner
from grader.sandbox.provisioner import SandboxProvisioner

REPOSITORY = Path(__file__).resolve().parents[2]
CHAPTER = "ch1_xor"
FULL = {e.name: e.worth for e in exercises(CHAPTER)}
NOTHING = dict.fromkeys(FULL, 0.0)


@dataclass(frozen=True)
class Classroom:
    """A course in a folder of its own, with a class that hands in whatever a test wants."""

    course: Course
    as_typed: bool = False

    chapter = CHAPTER
    full = FULL
    nothing = NOTHING
    total = sum(FULL.values())

    @property
    def root(self) -> Path:
        return self.course.root

    @property
    def right(self) -> dict[str, str]:
        """Source of the right answer to each exercise."""
        solutions = self.root / "solutions" / CHAPTER / f"{CHAPTER}.ipynb"
        return {
            c.metadata.nbgrader.grade_id: c.source
            for c in nbformat.read(solutions, as_version=4).cells
            if c.metadata.get("nbgrader", {}).get("grade_id") in FULL
        }

    def released(self) -> Any:
        return nbformat.read(self.course.released(CHAPTER), as_version=4)

    def notebook(self, answers: dict[str, str]) -> Any:
        """The released notebook with some answers in it; what is not named stays as it was handed out."""
        notebook = copy.deepcopy(self.released())
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell.source = textwrap.dedent(answers[name]).strip("\n")
        return notebook

    def place(self, student: str) -> Path:
        path = self.course.submitted(student, CHAPTER)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def hand_in(self, student: str, answers: dict[str, str] | None = None, **more: str) -> Path:
        """Hand in answers: `answers`, by default the right ones, with some replaced."""
        notebook = self.notebook((self.right if answers is None else answers) | more)
        return self.hand_in_text(student, str(nbformat.writes(notebook, version=4)))

    def hand_in_text(self, student: str, text: str | bytes) -> Path:
        path = self.place(student)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def grade(self, *students: str, jobs: int = 2, **settings: Any) -> Batch:
        return grade(self.course, CHAPTER, students, jobs=jobs, **settings)

    def points(self, batch: Batch) -> dict[str, dict[str, float] | str]:
        """By student, the points of each exercise, or the line that says why there are none."""
        return {
            e.student: {n: v.marks for n, v in e.marking.verdicts.items()} if e.marking else e.message
            for e in batch.entries
        }

    def gradebook(self) -> dict[str, float]:
        """By student, the score that nbgrader recorded."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "fnnkit") as book:
            return {s.student_id: float(s.score) for s in book.assignment_submissions(CHAPTER)}

    def without_gradebook(self) -> None:
        """As a course is before anything is graded or entered."""
        (self.root / "gradebook.db").unlink()

    def formgrader(self, student: str, cell: str, **data: float) -> None:
        """Save a mark as Formgrader does (`GradeHandler.put`)."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "fnnkit") as book:
            grade = book.find_grade(cell, CHAPTER, CHAPTER, student)
            grade.manual_score = data.get("manual_score")
            grade.extra_credit = data.get("extra_credit")
            grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
            book.db.commit()

    def flagged(self, student: str) -> set[str]:
        """Cells for which nbgrader waits until somebody looks at them."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "fnnkit") as book:
            [notebook] = book.find_submission(CHAPTER, student).notebooks
            return {grade.name for grade in notebook.grades if grade.needs_manual_grade}

    def command(self, *line: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `grader` or `nbgrader` in the course: as an instructor does, or, in the short run, as a fork."""
        if not self.as_typed and not environment:
            return self.quick_command(*line)
        return subprocess.run(
            [sys.executable, "-m", *line], cwd=self.root, capture_output=True, text=True, timeout=300, check=False,
            env=self.environment() | environment,
        )  # fmt: skip

    def quick_command(self, *line: str) -> subprocess.CompletedProcess[str]:
        """The same in a fork of a process that has loaded what commands need (`warm_commands`)."""
        files = [str(self.root.parent / f"said-{name}") for name in ("out", "err")]
        order = {
            "line": line, "folder": str(self.root), "variables": self.environment(), "out": files[0], "err": files[1]
        }  # fmt: skip
        status = warm_commands(json.dumps(order))
        return subprocess.CompletedProcess(
            line, status, *(Path(f).read_text(encoding="utf-8") for f in files)
        )

    def environment(self) -> dict[str, str]:
        """Variables for a command: a wide terminal without colours."""
        paths = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH", ""))))
        return {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONPATH": paths}


_warm: list[subprocess.Popen[str]] = []


def warm_commands(order: str) -> int:
    """Have a command run by the process that is kept for that; its exit status."""
    if not _warm or _warm[0].poll() is not None:
        program = [sys.executable, str(Path(__file__).with_name("warm_commands.py"))]
        paths = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH", ""))))
        _warm[:] = [
            subprocess.Popen(
                program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths},
            )
        ]  # fmt: skip
    asked, answered = _warm[0].stdin, _warm[0].stdout
    assert asked is not None
    assert answered is not None
    asked.write(order + "\n")
    asked.flush()
    return int(answered.readline())


@pytest.fixture(scope="session", autouse=True)
def _warm_commands_end() -> Iterator[None]:
    yield
    for process in _warm:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


@pytest.fixture(params=["warm", "cold"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both ways to start a kernel; a test that asks for this runs with each, and no kernel starts the other way."""
    started = []
    begin = SandboxProvisioner._begin

    async def begin_and_tell(self: SandboxProvisioner) -> None:
        await begin(self)
        started.append(self.started)

    monkeypatch.setattr(SandboxProvisioner, "_begin", begin_and_tell)
    if request.param == "cold":
        monkeypatch.setattr(provisioner, "running", lambda *_: None)
    yield request.param
    assert set(started) <= {request.param}


def new_course(root: Path) -> Course:
    """A course of one chapter in an empty folder."""
    root.mkdir()
    shutil.copy(REPOSITORY / CONFIG, root)
    for folder in ("solutions", "course"):
        shutil.copytree(REPOSITORY / folder / CHAPTER, root / folder / CHAPTER)
    return Course(root)


@pytest.fixture(scope="session")
def gradebook_of_the_chapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook in which nbgrader has entered the cells of the chapter, and nobody yet: a second that each test would take."""
    course = new_course(tmp_path_factory.mktemp("registered") / "course")
    calls.register(course, CHAPTER)
    return course.root / "gradebook.db"


@pytest.fixture(scope="session")
def new_classroom(
    gradebook_of_the_chapter: Path, request: pytest.FixtureRequest
) -> Callable[[Path], Classroom]:
    """Make a class in a folder."""

    def made(folder: Path) -> Classroom:
        course = new_course(folder / "a course")
        shutil.copy(gradebook_of_the_chapter, course.root)
        return Classroom(course, bool(request.config.getoption("--exhaustive")))

    return made


@pytest.fixture
def classroom(tmp_path: Path, new_classroom: Callable[[Path], Classroom]) -> Classroom:
    return new_classroom(tmp_path)


POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)), None)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A PostgreSQL server of its own, behind a socket; its folder."""
    pytest.importorskip("psycopg", reason="psycopg is missing")
    if POSTGRES is None:
        pytest.skip("PostgreSQL is missing")
    place = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # the path of a socket has to be short
    as_user: list[str] = []
    if os.getuid() == 0:  # it refuses to run as root
        shutil.chown(place, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *line: str) -> None:
        command = [*as_user, str(POSTGRES.with_name(program)), *line]
        subprocess.run(command, cwd=place, check=True, capture_output=True, timeout=120)

    run("initdb", "-D", str(place / "data"), "-A", "trust", "-U", "lecturer", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories='{place}' -c fsync=off"
    run("pg_ctl", "-D", str(place / "data"), "-w", "-l", str(place / "log"), "-o", options, "start")
    yield place
    run("pg_ctl", "-D", str(place / "data"), "-m", "immediate", "stop")
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def postgresql(postgresql_server: Path) -> Iterator[str]:
    """The address of an empty database."""
    import psycopg

    name = f"grades_{uuid.uuid4().hex[:12]}"
    where = f"host={postgresql_server} user=lecturer"
    with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield f"postgresql://lecturer@/{name}?host={postgresql_server}"
    with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
