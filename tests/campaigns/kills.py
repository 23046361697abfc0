"""Kills at random moments: of the grader, of the judge, of something of a sandbox; then the same command once more.

    python tests/campaigns/kills.py [--kills 50] [--mode namespaces|landlock] [--seed 1]

After each it is looked at what is left: every mark as if nothing had happened, no row twice, no traceback, no process, no
mount, no folder.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.attacks.attack import CHAPTER
from grader.attacks.classes import _answered, template
from grader.course import Course
from grader.sandbox.landlock import descendants

REPOSITORY = Path(__file__).resolve().parents[2]
GRADE = (sys.executable, "-m", "grader", "grade", CHAPTER, "--jobs", "2")
SUBREAPER = 36  # prctl(2)
PATIENCE = 60.0
WHOM = ("grader", "judge", "sandbox")
Rows = list[tuple[str, str, float | None]]


@dataclass
class Found:
    """What a campaign has found; `faults` are sentences."""

    kills: Counter[str] = field(default_factory=Counter)
    ended_before: int = 0
    left_until_the_next_start: int = 0
    faults: list[str] = field(default_factory=list)


def make_class(place: Path) -> Course:
    """A registered course with five students: right, wrong, slow, and with a function that ends its kernel."""
    course = template(REPOSITORY, place)
    released, solved = (
        json.loads((place / part / CHAPTER / f"{CHAPTER}.ipynb").read_text()) for part in ("course", "solutions")
    )  # fmt: skip
    right = {
        c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"])
        for c in solved["cells"]
        if c["cell_type"] == "code" and c["metadata"].get("nbgrader", {}).get("solution")
    }
    answers = {
        "ada": right,
        "ben": right | {"mse": "def mse(*a):\n    return 0.5"},
        "eve": right | {"mse": "import os\ndef mse(*a):\n    os._exit(0)"},
        "sam": right | {"mse": "import time\ntime.sleep(1)\n" + right["mse"]},
        "zoe": right,
    }
    for student, given in answers.items():
        path = course.submitted(student, CHAPTER)
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(_answered(released, given)))
    return course


def rows(course: Course) -> Rows:
    """All that the gradebook says of the chapter, as it stands in its tables."""
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        return sorted(
            book.execute(
                "select s.student_id, b.name, g.auto_score from grade g join submitted_notebook n on g.notebook_id = n.id "
                "join submitted_assignment s on n.assignment_id = s.id join base_cell b on g.cell_id = b.id"
            )
        )


class Run:
    """`grader grade` in a course, with a temporary folder of its own."""

    def __init__(self, course: Course, mode: str, temporary: Path) -> None:
        paths = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH", ""))))
        environment = {
            **os.environ, "PYTHONPATH": paths, "FNNKIT_SANDBOX": mode, "TMPDIR": str(temporary), "NO_COLOR": "1", "COLUMNS": "200"
        }  # fmt: skip
        self.said = temporary.with_suffix(".said")
        with self.said.open("ab") as file:
            self.process = subprocess.Popen(
                GRADE, cwd=course.root, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                start_new_session=True,
            )  # fmt: skip

    def end(self) -> int:
        """Wait for it; its status."""
        return self.process.wait(timeout=5 * PATIENCE)


def victims(grader: int, whom: str) -> list[int]:
    """Processes of a kind."""
    if whom == "grader":
        return [grader]
    found = []
    for pid in descendants(grader):
        with contextlib.suppress(OSError):
            is_judge = b"grader.marking.judge" in Path(f"/proc/{pid}/cmdline").read_bytes()
            if is_judge == (whom == "judge"):
                found.append(pid)
    return found


def others(but: int) -> list[int]:
    """Processes below this one; those that have ended are taken leave of."""
    for pid in children():
        if pid != but:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
    return [pid for pid in descendants(os.getpid()) if pid != but]


def children() -> list[int]:
    """Processes right below this one."""
    return [
        int(pid)
        for task in Path("/proc/self/task").iterdir()
        for pid in (task / "children").read_text().split()
    ]


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def one_kill(
    course: Course,
    mode: str,
    whom: str,
    after: float,
    rng: random.Random,
    due: Rows,
    place: Path,
    found: Found,
) -> None:
    """Kill once, look, grade again, look."""
    faults: list[str] = []
    before, mounts = set(descendants(os.getpid())), Path("/proc/self/mounts").read_text()
    temporary = place / "temporary"
    temporary.mkdir(parents=True)
    there = Course(Path(shutil.copytree(course.root, place / "course")))
    first = Run(there, mode, temporary)
    time.sleep(after)
    wait_until(lambda: first.process.poll() is not None or bool(victims(first.process.pid, whom)), PATIENCE)
    named = ""
    if first.process.poll() is None and (chosen := victims(first.process.pid, whom)):
        victim = rng.choice(chosen)
        with contextlib.suppress(OSError):
            named = (
                Path(f"/proc/{victim}/cmdline")
                .read_bytes()[:60]
                .replace(b"\0", b" ")
                .decode(errors="replace")
            )
        with contextlib.suppress(OSError):
            os.kill(victim, signal.SIGKILL)
        found.kills[whom] += 1
    else:
        found.ended_before += 1
    status = first.end()
    if whom != "grader" and status not in (0, 1):
        faults.append(f"the grader ended with {status}")
    if not wait_until(lambda: not set(others(0)) - before, PATIENCE):
        faults.append(f"{len(set(others(0)) - before)} processes were left")
    found.left_until_the_next_start += bool(list(temporary.iterdir()))
    again = Run(there, mode, temporary).end()
    said = first.said.read_text(errors="replace")
    if again:
        faults.append(f"the second run ended with {again}")
    if "Traceback" in said:
        faults.append("there is a traceback")
    if rows(there) != due:
        faults.append(f"rows differ: {sorted(set(rows(there)) ^ set(due))}"[:300])
    if not wait_until(lambda: not set(others(0)) - before, PATIENCE):
        faults.append(f"{len(set(others(0)) - before)} processes were left after the second run")
    if Path("/proc/self/mounts").read_text() != mounts:
        faults.append("mounts were left")
    if left := [p.name for p in temporary.iterdir()]:
        faults.append(f"folders were left: {left}")
    if faults:
        faults.append(f"they said {said[-1500:]!r}")
    found.faults += [f"{mode}, {whom} ({named}) after {after:.2f} s: {fault}" for fault in faults]
    subprocess.run(["rm", "-rf", "--", str(place)], check=False)


@contextlib.contextmanager
def adopting() -> Iterator[None]:
    """What loses its parent comes to this process, and is seen."""
    libc = ctypes.CDLL(None)
    libc.prctl(SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(SUBREAPER, 0, 0, 0, 0)


def campaign(kills: int, mode: str, seed: int, told: Callable[[str], None] = lambda _: None) -> Found:
    """Kill many times in one mode; what came of it."""
    rng, found = random.Random(seed), Found()
    with tempfile.TemporaryDirectory(prefix="kills-") as base, adopting():
        course = make_class(Path(base) / "class")
        whole = Course(Path(shutil.copytree(course.root, Path(base) / "whole")))
        (Path(base) / "temporary").mkdir()
        start = time.monotonic()
        if Run(whole, mode, Path(base) / "temporary").end():
            raise SystemExit((Path(base) / "temporary.said").read_text())
        takes, due = time.monotonic() - start, rows(whole)
        for number in range(kills):
            whom = WHOM[number % len(WHOM)]
            one_kill(course, mode, whom, rng.uniform(0, takes), rng, due, Path(base) / str(number), found)
            told(f"{number + 1} {whom} {len(found.faults)}")
    return found


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--mode", default="namespaces", choices=["namespaces", "landlock"])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found = campaign(
        asked.kills, asked.mode, asked.seed, lambda line: print(line, file=sys.stderr, flush=True)
    )
    print(f"mode           {asked.mode}")
    print(f"kills          {dict(found.kills)}; {found.ended_before} came too late")
    print(
        f"folders left   {found.left_until_the_next_start} until the next start, 0 after it"
        if not any("folders" in f for f in found.faults)
        else "folders left"
    )
    print("faults         " + ("\n".join(found.faults) or "none"))


if __name__ == "__main__":
    main()
