"""Grading attacks beside honest work, and looking at what came of it.

Two honest students hand in the right answers; between them sits the attacker. Whatever the attacker does, the two keep
full marks, nobody gains anything, the grader ends in time, and afterwards nothing is left that was not there before.
Attackers who want nothing of the machine can sit in one class; where anything is amiss there, each is tried alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import hashlib
import html
import json
import os
import re
import secrets
import shutil
import socket
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.attacks.attack import CHAPTER, WRITTEN, WRONG, Attack
from grader.attacks.harms import harms, lines_of_solutions
from grader.attacks.processes import bury, children, name_of
from grader.course import CONFIG, Course
from grader.marking.outputs import MOST_PICTURES, MOST_POINTS
from grader.marking.picture import points
from grader.marking.text import visible
from grader.pages.exchanged import is_for_exchange

NEIGHBOURS = ("ada", "zoe")
PATIENCE = 5.0
CHILD_SUBREAPER = 36  # prctl(2)
PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/")


@dataclass
class Outcome:
    """What came of an attack; `faults` are sentences, and empty if all held."""

    attack: Attack
    points: float = 0.0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    said: str = ""


def template(repository: Path, folder: Path, *, whole: bool = False) -> Course:
    """A course with the chapter that is attacked, registered in its gradebook; it is copied for each class.

    Parameters
    ----------
    repository : Path
        The course that it is made from.
    folder : Path
        Where; it must not exist.
    whole : bool
        Leave the chapter as it is. Otherwise only the cells stay that attacks and marks depend on: honest neighbours
        who solve three exercises are as good as ones who solve twelve, and are marked in a third of the time.
    """
    from grader.gradebook import calls

    folder.mkdir(parents=True)
    shutil.copy(repository / CONFIG, folder)
    for part in ("solutions", "course"):
        shutil.copytree(repository / part / CHAPTER, folder / part / CHAPTER)
        if not whole:
            path = folder / part / CHAPTER / f"{CHAPTER}.ipynb"
            notebook = json.loads(path.read_text(encoding="utf-8"))
            notebook["cells"] = [c for c in notebook["cells"] if _needed(c)]
            path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    course = Course(folder)
    calls.register(course, CHAPTER)
    course.secret()
    return course


def _needed(cell: dict[str, Any]) -> bool:
    name = str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
    return (
        name.removeprefix("check_") in WRONG or name == WRITTEN or "given" in cell["metadata"].get("tags", [])
    )


def attempt(attack: Attack, course: Course, folder: Path) -> Outcome:
    """Grade one attack in a class of three.

    Parameters
    ----------
    attack : Attack
        What is tried.
    course : Course
        What `template` gave.
    folder : Path
        Where the class is made; it must not exist.
    """
    [outcome] = _attempt([attack], course, folder)
    return outcome


def attempt_together(attacks: Sequence[Attack], course: Course, folder: Path) -> list[Outcome]:
    """Grade attacks in one class; if anything is amiss with it, each in a class of three, so that it is known whose it is.

    Parameters
    ----------
    attacks : sequence of Attack
        What is tried: attacks that leave each other time and memory, and that agree about `Attack.causes`.
    course : Course
        What `template` gave.
    folder : Path
        Where the classes are made; it must not exist.
    """
    seated = [
        replace(attack, student=f"eve {number}") if attack.student == "eve" else attack
        for number, attack in enumerate(attacks)
    ]
    outcomes = _attempt(seated, course, folder / "together")
    if any(outcome.faults for outcome in outcomes):
        return [attempt(attack, course, folder / str(number)) for number, attack in enumerate(attacks)]
    return [replace(outcome, attack=attack) for outcome, attack in zip(outcomes, attacks, strict=True)]


def _attempt(attacks: Sequence[Attack], course: Course, folder: Path) -> list[Outcome]:
    """Grade attacks in one class. What may be the work of any of them is a fault of each."""
    from grader.batch import grade

    outcomes, shared = [Outcome(attack) for attack in attacks], list[str]()
    [causes] = {attack.causes for attack in attacks}
    shutil.copytree(course.root, folder)
    attacked = Course(folder)
    token = "t" + secrets.token_hex(12)
    hand_in(attacks, attacked, token)
    digest = _digest(attacked)
    batch, seconds = None, 0.0
    limit = min(attack.seconds for attack in attacks) * _busy()
    with _listening(folder / "listening") as heard, _watched(shared, folder):
        start = time.monotonic()
        try:
            batch = grade(attacked, CHAPTER, jobs=3, causes=causes)
        except BaseException as problem:
            if isinstance(problem, KeyboardInterrupt):
                raise
            shared.append(f"the grader ended with {type(problem).__name__}: {problem}")
        else:
            _look_at_pages(outcomes, shared, batch)
            seconds = time.monotonic() - start
    if batch is not None:
        if heard():
            shared.append("the grader connected to another socket than the kernel's")
        if seconds > limit:
            shared.append(f"the class took {seconds:.0f} s, more than {limit:g}")
        _look_at_marks(outcomes, shared, batch, attacked)
        _look_at_table(shared, attacked)
        _look_at_served(attacks, shared, batch, attacked)
        if _digest(attacked) != digest:
            shared.append("files of the course, or what the neighbours handed in, have changed")
        left = [str(p) for place in PLACES for p in _found(Path(place), token)]
        if left:
            shared.append(f"it left {', '.join(left[:3])}")
        _remove(folder)
    for outcome in outcomes:
        outcome.seconds = seconds
        outcome.faults[:0] = shared
    return outcomes


def _busy() -> float:
    """How many times longer everything takes because of what else the machine does, before an attack adds to it."""
    return max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))


def hand_in(attacks: Sequence[Attack], course: Course, token: str) -> None:
    """Hand in two honest notebooks and the attackers'."""
    notebook = json.loads(course.released(CHAPTER).read_text(encoding="utf-8"))
    solved = json.loads(
        (course.root / "solutions" / CHAPTER / f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
    )
    right = {
        c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"])
        for c in solved["cells"]
        if c["cell_type"] == "code" and c["metadata"].get("nbgrader", {}).get("solution")
    }
    for student in NEIGHBOURS:
        _write(course, student, json.dumps(_answered(notebook, right)).encode())
    for attack in attacks:
        answers = attack.sources(right, token, course.root)
        _write(course, attack.student, attack.text(_answered(notebook, answers)))
        if attack.folder is not None:
            attack.folder(course.submitted(attack.student, CHAPTER).parent, course.root)


def _answered(notebook: dict[str, Any], answers: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(notebook))
    for cell in made["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name]
    return made


def _write(course: Course, student: str, text: bytes) -> None:
    path = course.submitted(student, CHAPTER)
    path.parent.mkdir(parents=True)
    path.write_bytes(text)


def full_marks(course: Course) -> dict[str, float]:
    """Marks of an honest student, by exercise of the released notebook."""
    from fnnkit.judge.registry import exercises

    released = json.loads(course.released(CHAPTER).read_text(encoding="utf-8"))
    there = {c["metadata"].get("nbgrader", {}).get("grade_id") for c in released["cells"]}
    return {e.name: e.worth for e in exercises(CHAPTER) if e.name in there}


def _look_at_marks(outcomes: Sequence[Outcome], shared: list[str], batch: Any, course: Course) -> None:
    from nbgrader.api import Gradebook

    from grader.gradebook.calls import database_url

    full = full_marks(course)
    settings = course.config()
    with Gradebook(database_url(settings), str(settings.CourseDirectory.course_id)) as book:
        recorded = {s.student_id: float(s.score) for s in book.assignment_submissions(CHAPTER)}
    for entry in batch.entries:
        if entry.student in NEIGHBOURS:
            got = {n: v.marks for n, v in entry.marking.verdicts.items()} if entry.marking else entry.message
            if got != full or recorded.get(entry.student) != sum(full.values()):
                shared.append(
                    f"{entry.student}, who is honest, got {got}, recorded {recorded.get(entry.student)}"
                )
    # A name that is refused is told as it can be shown.
    rows = {visible(entry.student): entry for entry in batch.entries}
    seated = {*NEIGHBOURS, *(outcome.attack.student for outcome in outcomes)}
    if sorted(visible(entry.student) for entry in batch.entries) != sorted(map(visible, seated)):
        shared.append(f"the rows of the class are {[entry.student for entry in batch.entries]}")
        return
    if set(recorded) - seated:
        shared.append(f"the gradebook knows {sorted(set(recorded) - set(NEIGHBOURS))}")
    for outcome in outcomes:
        student = outcome.attack.student
        _look_at_one(outcome, rows[visible(student)], recorded.get(student, 0.0), full)


def _look_at_one(outcome: Outcome, eve: Any, recorded: float, full: dict[str, float]) -> None:
    """Look at what came of one attacker."""
    attack = outcome.attack
    due = sum(full[name] for name in attack.honest)
    outcome.points = max(eve.points, recorded)
    if outcome.points > due:
        outcome.faults.append(f"it got {outcome.points:g} points where its honest part earns {due:g}")
    outcome.said = eve.message
    if attack.refused:
        if eve.state != "failed" or not re.search(attack.refused, eve.message) or "\n" in eve.message:
            outcome.faults.append(f"not refused as it should be: {eve.state} {eve.message!r}")
        return
    if attack.perhaps and eve.state == "failed" and re.search(attack.perhaps, eve.message):
        return
    if eve.state != "graded" or eve.marking is None:
        outcome.faults.append(f"it was not graded: {eve.message}")
        return
    shown = "".join(
        output.get("text", "") or str(output.get("data", {}).get("text/plain", ""))
        for output in eve.marking.cells.get("mse", [])
    )
    if attack.shows and not re.search(attack.shows, shown):
        outcome.faults.append(f"its cell shows {shown[-300:]!r}, not {attack.shows!r}")
    told = str(eve.marking.verdicts["mse"])
    if attack.explains and not re.search(attack.explains, told):
        outcome.faults.append(f"the feedback says {told[:400]!r}, not {attack.explains!r}")
    outcome.said = outcome.said or (shown.strip().splitlines() or told.strip().splitlines() or [""])[-1][:120]


def _look_at_pages(outcomes: Sequence[Outcome], shared: list[str], batch: Any) -> None:
    """Feedback and report can be written, and hold nothing that a browser would run or load."""
    from grader.gradebook.scores import scores
    from grader.pages.feedback import write_feedback
    from grader.pages.report import write_report

    known = scores(batch, batch.course.config())
    pages = write_feedback(batch, known)
    pages.append(write_report(batch, batch.course.root / "report.html", known))
    by_student = {outcome.attack.student: outcome for outcome in outcomes}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        shared += [f"{page.parent.parent.name}: {harm}" for harm in harms(text)]
        theirs = by_student.get(page.parent.parent.name)
        if theirs and theirs.attack.causes:
            own = str(dict(theirs.attack.answers))  # what it has written itself may stand there
            lines = [line for line in lines_of_solutions(batch.course) if html.unescape(line) not in own]
            if "LEAKED" in text or any(line in text for line in lines):
                theirs.faults.append("its page holds a line of a solution, or what nobody may see")
        if page.stat().st_size > 8_000_000:
            shared.append(f"{page.name} has {page.stat().st_size >> 20} MB")


def _look_at_served(attacks: Sequence[Attack], shared: list[str], batch: Any, course: Course) -> None:
    """Beside notebooks lies nothing that somebody else than the instructor has put there; nothing leads into the server."""
    for wing in ("autograded", "feedback"):
        for path in (course.root / wing).rglob("*"):
            ours = path.name == f"{CHAPTER}.{'ipynb' if wing == 'autograded' else 'html'}"
            if wing == "autograded" and any(_is_kept(attack, path, course) for attack in attacks):
                continue
            if wing == "feedback" and is_for_exchange(path):
                continue
            if path.is_symlink() or (not path.is_dir() and not ours):
                shared.append(f"{wing}/ holds {path.name}, which a student has put there")
            elif ours and wing == "feedback":
                links = re.findall(r'href="([^"]*)"', path.read_text(encoding="utf-8"))
                inward = [link for link in links if not re.match(r"#|https?://[^/]|mailto:", link)]
                shared += [f"a link of the feedback leads to {link!r}" for link in inward]
    for entry in batch.entries:
        shown = [o["data"]["image/png"] for cell in (entry.marking.cells if entry.marking else {}).values() for o in cell
                 if "image/png" in o.get("data", {})]  # fmt: skip
        total = sum(points(b64decode(png)) for png in shown)
        if total > MOST_POINTS or len(shown) > MOST_PICTURES:
            shared.append(f"{len(shown)} pictures of {total} points on a page")


def _is_kept(attack: Attack, path: Path, course: Course) -> bool:
    """Whether a file is one of the attacker's that the instructor wants, with the text that it was handed in with."""
    place = course.root / "autograded" / attack.student / CHAPTER
    name = path.relative_to(place).as_posix() if path.is_relative_to(place) else ""
    return name in attack.kept and not path.is_symlink() and path.read_text() == attack.kept[name]


def _look_at_table(shared: list[str], course: Course) -> None:
    """Tables for spreadsheets hold no formula and no shifted column."""
    from grader.pages.safe_csv import table_of

    rows = table_of(course)
    for row in rows[1:]:
        if len(row) != len(rows[0]):
            shared.append("a row of the exported table has another length")
        for cell in row:
            if cell[:1] in ("=", "+", "@", "\t", "\r") or (
                cell[:1] == "-" and not re.fullmatch(r"-?[\d.]+", cell)
            ):
                shared.append(f"the exported table holds {cell!r}")


@contextlib.contextmanager
def _listening(place: Path) -> Iterator[Any]:
    """A socket of the host, with a path that an attack can know: nobody may ever connect to it."""
    came: list[bool] = []
    with socket.socket(socket.AF_UNIX) as server:
        # The path of a class can be longer than the name of a socket may be: a link leads to a short one.
        short = Path(tempfile.mkdtemp(prefix="fnnkit-listening-"))
        server.bind(str(short / "s"))
        server.listen()
        server.setblocking(False)
        place.symlink_to(short / "s")
        try:
            yield lambda: bool(came)
        finally:
            with contextlib.suppress(BlockingIOError):
                server.accept()[0].close()
                came.append(True)
            shutil.rmtree(short)


@contextlib.contextmanager
def _watched(faults: list[str], folder: Path) -> Iterator[None]:
    """Compare processes, descriptors, mounts and temporary files of this process before and after."""
    from grader.marking import edition

    edition.folder(CHAPTER)  # kept until this process ends
    temporary = folder / "temporary"
    temporary.mkdir()
    libc = ctypes.CDLL(None)
    libc.prctl(CHILD_SUBREAPER, 1, 0, 0, 0)  # what loses its parent comes to this process, and is seen
    before_dir, tempfile.tempdir = tempfile.tempdir, str(temporary)
    gc.collect()
    before = _state()
    try:
        yield
    finally:
        tempfile.tempdir = before_dir
        gc.collect()
        # What is ended is gone only when its last process was taken leave of: a moment later, on a busy machine.
        deadline = time.monotonic() + PATIENCE
        while (after := _state())["processes"] - before["processes"] and time.monotonic() < deadline:
            bury()
            time.sleep(0.05)
        for what in before:
            more = after[what] - before[what]
            if more:
                faults.append(f"{what} left behind: {', '.join(sorted(more))[:200]}")
        libc.prctl(CHILD_SUBREAPER, 0, 0, 0, 0)
        files = sorted(p.name for p in temporary.iterdir())
        if files:
            faults.append(f"temporary files left behind: {', '.join(files)[:200]}")


def _state() -> dict[str, set[str]]:
    descriptors = set()
    for fd in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            descriptors.add(f"{fd.name} {os.readlink(fd)}")
    return {
        # What has ended and waits to be read by whoever adopts it is no process any more.
        "processes": {
            f"{pid} {name}" for pid in children() if not (name := name_of(pid)).endswith((" Z", "?"))
        },
        "mounts": set(Path("/proc/self/mounts").read_text().splitlines()),
        "descriptors": {d for d in descriptors if "/proc/" not in d},
    }


def _digest(course: Course) -> str:
    digest = hashlib.sha256()
    places = [
        course.root / CONFIG,
        *sorted((course.root / "solutions").rglob("*")),
        *sorted((course.root / "course").rglob("*")),
    ]
    places += [course.submitted(student, CHAPTER) for student in NEIGHBOURS]
    for path in places:
        if path.is_file():
            digest.update(str(path).encode() + b"\0" + path.read_bytes())
    digest.update((course.root / ".grader" / "secret").read_bytes())
    return digest.hexdigest()


def _found(place: Path, token: str) -> list[Path]:
    try:
        return [p for p in place.iterdir() if token in p.name]
    except OSError:
        return []


def _remove(folder: Path) -> None:
    """Remove a class: nbgrader makes folders read-only, and an attack may have made them too deep for recursion."""
    import subprocess

    subprocess.run(["chmod", "-R", "u+rwX", "--", str(folder)], check=False, capture_output=True)
    subprocess.run(["rm", "-rf", "--", str(folder)], check=False, capture_output=True)
