"""A class that grows: the real command on a cluster of this machine, its memory, its cost for each submission, what it leaves.

    python tests/campaigns/growth.py [--sizes 100 1000 10000] [--workers 2] [--chapter ch1_xor] [--killed 1000] [--keep FOLDER]

Every size is a course of its own with a made-up class, no two of whom have the same notebook. One of them, the largest if no
other is named, is graded once more: killed with -9 when half is marked, and the same command goes on. What the command says
of its progress is passed on. Cost is processor time, of the main process alone and with all workers, so that it says
something on a machine that does other things too; a line is fitted to it, and what it does not explain is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np

from fnnkit.judge.exercise import source_of
from fnnkit.judge.registry import contents, exercises
from grader import answers

REPOSITORY = Path(__file__).resolve().parents[2]
LARGEST_MB = 500


@dataclass
class Size:
    """What a class of one size has cost.

    Attributes
    ----------
    students : int
        How many.
    seconds : float
        Wall clock.
    main, all : float
        Seconds of processor time, of the main process and of it with all workers and kernels.
    most_mb : float
        Memory of the main process at its largest.
    first_row : float
        Seconds until the first row was in the gradebook.
    report_mb, gradebook_mb : float
        Sizes of two files.
    """

    students: int
    seconds: float = 0.0
    main: float = 0.0
    all: float = 0.0
    most_mb: float = 0.0
    first_row: float = 0.0
    report_mb: float = 0.0
    gradebook_mb: float = 0.0


class Watch(threading.Thread):
    """Looks at a process twice a second: memory, processor time of it alone, and rows of the gradebook; says so each minute."""

    def __init__(self, pid: int, course: Path) -> None:
        super().__init__(daemon=True)
        self.pid, self.course, self.most, self.own, self.first = pid, course, 0, 0.0, 0.0
        self.start_time, self.said, self.going = time.monotonic(), 60.0, True

    def run(self) -> None:
        """Until the process ends."""
        while self.going:
            try:
                status = Path(f"/proc/{self.pid}/status").read_text()
                fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                return
            rss = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")]
            self.most = max(self.most, *rss, 0)
            self.own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            since = time.monotonic() - self.start_time
            if not self.first and rows(self.course):
                self.first = since
            if since > self.said:
                self.said += 60.0
                print(
                    f"    {since:.0f} s: {rows(self.course)} recorded, {rss[0] / 1024 if rss else 0:.0f} MB, {self.own:.0f} s of "
                    "processor time in the main process",
                    file=sys.stderr,
                    flush=True,
                )
            time.sleep(0.5)


def rows(course: Path) -> int:
    """How many submissions are in the gradebook."""
    try:
        with sqlite3.connect(f"file:{course / 'gradebook.db'}?mode=ro", uri=True, timeout=5) as book:
            return int(book.execute("select count(*) from submitted_assignment").fetchone()[0])
    except sqlite3.Error:
        return 0


def make_course(place: Path, chapter: str, students: int) -> None:
    """A course; a third of each exercise's answers is wrong, and every notebook has a line of its own."""
    for folder in ("course", "solutions"):
        shutil.copytree(REPOSITORY / folder / chapter, place / folder / chapter)
    shutil.copy(REPOSITORY / "nbgrader_config.py", place)
    rng = np.random.default_rng(1)
    right = {name: [source_of(f, name) for f in answers.right(chapter, name)] for name in contents(chapter)}
    wrong = {e.name: [source_of(m.answer, e.name) for m in e.misconceptions] for e in exercises(chapter)}
    released = nbformat.read(place / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    plain = json.loads(nbformat.writes(released))
    for number in range(students):
        for cell, written in zip(released.cells, plain["cells"], strict=True):
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if name in right and cell.metadata.nbgrader.solution:
                texts = wrong[name] if rng.random() < 1 / 3 and wrong[name] else right[name]
                written["source"] = (
                    f"# Student {number}\nimport numpy as np\n\n{texts[int(rng.integers(len(texts)))]}"
                )
        target = place / "submitted" / f"s{number:05d}" / chapter / f"{chapter}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(plain))


class Said(threading.Thread):
    """Passes on what a command says, as it says it."""

    def __init__(self, course: Path) -> None:
        super().__init__(daemon=True)
        self.path, self.going = course / "said.txt", True
        self.path.touch()

    def run(self) -> None:
        """Until it is told to end."""
        with self.path.open() as file:
            while self.going:
                for line in file:
                    print("   ", line.rstrip(), file=sys.stderr, flush=True)
                time.sleep(1.0)


def start(course: Path, chapter: str, workers: int) -> subprocess.Popen[bytes]:
    """The command that an instructor types."""
    paths = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", chapter, "--no-causes", "--cluster", f"local:{workers}"], cwd=course,
        env={**os.environ, "PYTHONPATH": paths, "NO_COLOR": "1"}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=(course / "said.txt").open("ab"), start_new_session=True,
    )  # fmt: skip


def kept(course: Path) -> int:
    """How many markings are kept."""
    return sum(1 for _ in (course / ".grader" / "results").rglob("*.json"))


def grow(base: Path, chapter: str, students: int, workers: int) -> Size:
    """Grade a class of one size."""
    course = base / f"of-{students}"
    course.mkdir()
    make_course(course, chapter, students)
    began = time.monotonic()
    process = start(course, chapter, workers)
    watch, said = Watch(process.pid, course), Said(course)
    watch.start()
    said.start()
    _, status, usage = os.wait4(process.pid, 0)
    watch.going = said.going = False
    if os.waitstatus_to_exitcode(status):
        raise SystemExit((course / "said.txt").read_text())
    found = Size(
        students,
        time.monotonic() - began,
        watch.own,
        usage.ru_utime + usage.ru_stime,
        watch.most / 1024,
        watch.first,
    )
    if rows(course) != students:
        raise SystemExit(f"{rows(course)} of {students} are in the gradebook")
    found.report_mb = (course / "reports" / f"{chapter}.html").stat().st_size / 1e6
    found.gradebook_mb = (course / "gradebook.db").stat().st_size / 1e6
    return found


def interrupted(base: Path, chapter: str, students: int, workers: int, whole: Path) -> str:
    """Kill the main process when half is marked, and give the command again; what came of it."""
    course = base / "interrupted"
    course.mkdir()
    make_course(course, chapter, students)
    shutil.copytree(
        whole / ".grader", course / ".grader", ignore=shutil.ignore_patterns("results", "recorded*", "lock")
    )
    process = start(course, chapter, workers)
    while kept(course) < students / 2 and process.poll() is None:
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    half, recorded = kept(course), rows(course)
    before = {path: path.stat().st_mtime_ns for path in (course / ".grader" / "results").rglob("*.json")}
    process = start(course, chapter, workers)
    if process.wait():
        raise SystemExit((course / "said.txt").read_text())
    again = sum(path.stat().st_mtime_ns != stamp for path, stamp in before.items())
    same = (course / "reports" / "marks.csv").read_bytes() == (whole / "reports" / "marks.csv").read_bytes()
    return (
        f"killed with {half} of {students} marked and {recorded} recorded; then {rows(course)} recorded, {again} marked twice, "
        f"marks.csv {'is that of the whole run' if same else 'DIFFERS'}"
    )


def fit(sizes: list[Size], what: str) -> str:
    """A line through costs, and how far they are from it."""
    n = np.array([size.students for size in sizes], float)
    cost = np.array([getattr(size, what) for size in sizes])
    if len(sizes) < 3:
        return "too few sizes for a line"
    slope, offset = np.polyfit(n, cost, 1)
    left = cost - (offset + slope * n)
    return f"{offset:.1f} s + {1e3 * slope:.1f} ms for each submission; left over {', '.join(f'{x:+.1f}' for x in left)} s"


HEADER = "students  wall s  a second  main cpu s  all cpu s  main MB  first row s  report MB  gradebook MB"


def row(s: Size) -> str:
    """A line of the table."""
    return (
        f"{s.students:8}  {s.seconds:6.0f}  {s.students / s.seconds:8.1f}  {s.main:10.1f}  {s.all:9.1f}  {s.most_mb:7.0f}"
        f"  {s.first_row:11.0f}  {s.report_mb:9.2f}  {s.gradebook_mb:12.2f}"
    )


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 300, 1000, 3000, 10000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--chapter", default="ch1_xor")
    parser.add_argument(
        "--killed", type=int, help="the size that is killed and goes on; the largest by default"
    )
    parser.add_argument("--keep", type=Path, help="an empty folder in which the courses stay")
    asked = parser.parse_args()
    sizes: list[Size] = []
    killed = asked.killed or max(asked.sizes)
    with contextlib.ExitStack() as held:
        base = asked.keep or Path(held.enter_context(tempfile.TemporaryDirectory(prefix="growth-")))
        print(HEADER, flush=True)
        for students in sorted(asked.sizes):
            sizes.append(grow(base, asked.chapter, students, asked.workers))
            print(row(sizes[-1]), flush=True)
        print("main process  ", fit(sizes, "main"))
        print("all processes ", fit(sizes, "all"))
        each = (sizes[-1].most_mb - sizes[0].most_mb) / max(sizes[-1].students - sizes[0].students, 1)
        print(
            f"memory         {1e3 * each:.0f} kB more for each submission; {LARGEST_MB} MB are allowed",
            flush=True,
        )
        print(
            "interrupted   ", interrupted(base, asked.chapter, killed, asked.workers, base / f"of-{killed}")
        )


if __name__ == "__main__":
    main()
