"""How long a class takes: `grader grade` against stock `nbgrader autograde`, on the same notebooks, in one run.

    python tests/benchmarks/grading.py [--chapters ch1_xor … | all] [--students 100] [--stock-students 4] [--repeat 1]
    python tests/benchmarks/grading.py --parts [--students 60]
    python tests/benchmarks/grading.py --cluster 2 [--students 60] [--repeat 3]

The class is honest (correct answers, several styles), so both sides give full marks: that is checked, mark by mark.
Each repetition grades the class with both, one after the other, from a fresh gradebook: first one student alone, then
everybody, again (``--force``). The difference, divided by all but one, is what one further submission takes; the rest is
the start. Medians and ratios are printed, with the load of the machine, and processor time, which counts all processes and
says something on a machine that does other things too. The stock side runs check cells in the student's kernel, without a
sandbox.

Stock nbgrader takes a quarter of a minute for each: ``--stock-students`` gives it the first few of the class alone, and what it
would take for all is computed from its start and its further submission. What was measured and what was computed is printed.

``--parts`` says where the processor time of a submission goes, against the floor: a fork of a warm process that runs
the cells of the notebook and nothing else. ``--cluster`` compares a cluster of so many workers of this machine with as
many jobs of the local pool.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from fnnkit.judge.exercise import source_of
from fnnkit.judge.registry import chapter_ids, contents, exercises
from grader import answers

ROOT = Path(__file__).resolve().parents[2]
LEAST = 10
"""Submissions for each worker of a cluster: half of them keep it busy, whenever it has joined."""
STOCK = """c = get_config()
c.CourseDirectory.course_id = "fnnkit"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
c.CourseDirectory.ignore = ["*.py", "README.md"]
"""


def make_course(place: Path, chapter: str, students: int, config: str) -> None:
    """A course with a class that hands in correct answers."""
    known = {name: answers.right(chapter, name) for name in contents(chapter)}
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder / chapter, place / folder / chapter)
    (place / "nbgrader_config.py").write_text(config)
    for number in range(students):
        notebook = nbformat.read(place / "course" / chapter / f"{chapter}.ipynb", as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.nbgrader.grade_id
            if name in known:
                cell.source = "import numpy as np\n\n" + source_of(
                    known[name][number % len(known[name])], name
                )
        target = place / "submitted" / f"s{number:03d}" / chapter / f"{chapter}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(notebook, target)


class Memory(threading.Thread):
    """Watches the memory that a process and all below it hold together (proportional set size), ten times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most, self.going = pid, 0, True

    def run(self) -> None:
        while self.going:
            self.most = max(self.most, sum(map(proportional, below(self.pid))))
            time.sleep(0.1)


def below(pid: int) -> list[int]:
    """A process and all its descendants."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                waiting += map(int, Path(f"/proc/{one}/task/{task}/children").read_text().split())
        except OSError:
            continue
    return found


def proportional(pid: int) -> int:
    """Bytes of memory of a process, shared pages divided by the number of those that share them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


class FirstResult(threading.Thread):
    """Watches for the first result that a grader keeps."""

    def __init__(self, results: Path) -> None:
        super().__init__(daemon=True)
        self.results, self.start_time, self.after = results, time.perf_counter(), 0.0

    def run(self) -> None:
        while not any(self.results.rglob("*.json")):
            time.sleep(0.005)
        self.after = time.perf_counter() - self.start_time


@dataclass(frozen=True)
class Cost:
    """What something took: seconds of wall clock, of processor time with all its processes, and bytes at the most."""

    seconds: float
    cpu: float
    memory: int = 0


@dataclass(frozen=True)
class Line:
    """What a class takes by its size: a start, and so much for each submission; from a class of one, or a few, and of all."""

    one: Cost
    all: Cost
    students: int
    few: int = 1

    def each(self, what: str = "seconds") -> float:
        """One further submission."""
        return float(getattr(self.all, what) - getattr(self.one, what)) / (self.students - self.few)

    def of(self, students: int, what: str = "seconds") -> float:
        """A class of another size."""
        return float(getattr(self.all, what)) + (students - self.students) * self.each(what)

    def words(self, students: int) -> str:
        """What a class of a size takes, and of what that is made."""
        return (
            f"{students} submissions {self.of(students):.1f} s, {self.of(students, 'cpu'):.1f} s of processor time; "
            f"one alone {self.one.seconds:.1f} s; each further {1e3 * self.each():.0f} ms, "
            f"{1e3 * self.each('cpu'):.0f} ms of processor time"
        )


def timed(place: Path, *command: str) -> Cost:
    """What a command takes, that has to succeed."""
    scripts = str(Path(sys.executable).parent)
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"], "PYTHONPATH": paths}
    start, before = time.perf_counter(), sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    with subprocess.Popen(
        command, cwd=place, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        memory = Memory(process.pid)
        memory.start()
        _, said = process.communicate()
        memory.going = False
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {said.decode()[-2000:]}")
    cpu = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before
    return Cost(time.perf_counter() - start, cpu, memory.most)


def marks(place: Path, chapter: str) -> dict[tuple[str, str], float | None]:
    """By student and cell, the points that were recorded."""
    with Gradebook(f"sqlite:///{place}/gradebook.db", "fnnkit") as book:
        return {
            (submission.student_id, grade.name): grade.auto_score
            for submission in book.assignment_submissions(chapter)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def check_marks(place: Path, chapter: str, students: int) -> dict[tuple[str, str], float | None]:
    """Everybody has full marks in every judged exercise; give them.

    Written answers are left out: nobody in this class gave any, and the two sides write that down differently.
    """
    found = {key: mark for key, mark in marks(place, chapter).items() if key[1].startswith("check_")}
    for number in range(students):
        for exercise in exercises(chapter):
            got = found[f"s{number:03d}", f"check_{exercise.name}"]
            assert got == exercise.worth, (number, exercise.name, got)
    return found


def compare(chapter: str, students: int, stock_students: int, repeat: int) -> None:
    """Grade the class with both, the stock side so many of it or none, and print what that took."""
    ours: list[Line] = []
    stock: list[Line] = []
    first: list[float] = []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            found, after, right = grade_ours(Path(folder) / "ours", chapter, students)
            ours.append(found)
            first.append(after)
            if stock_students:
                found, peers = grade_stock(Path(folder) / "stock", chapter, stock_students)
                stock.append(found)
                assert peers == {key: mark for key, mark in right.items() if key in peers}
    a = middle(ours)
    print(
        f"{chapter}: {a.words(students)}; the first is marked after {statistics.median(first):.1f} s; "
        f"{max(x.all.memory for x in ours) >> 20} MB in all; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    if not stock:
        return
    b = middle(stock)
    how = "measured" if stock_students == students else f"computed from {stock_students} and one alone"
    whole, further = b.of(students) / a.all.seconds, b.each() / a.each()
    cpu_whole, cpu_further = b.of(students, "cpu") / a.all.cpu, b.each("cpu") / a.each("cpu")
    print(f"    nbgrader autograde, {how}: {b.words(students)}")
    print(
        f"    {whole:.1f} times as fast ({cpu_whole:.1f} by processor time); one further in 1/{further:.0f} of its time "
        f"(1/{cpu_further:.0f}); marks of {stock_students} compared one by one: equal",
        flush=True,
    )


def middle(lines: list[Line]) -> Line:
    """That of the median class."""
    return sorted(lines, key=lambda line: line.all.seconds)[(len(lines) - 1) // 2]


def grade_ours(
    place: Path, chapter: str, students: int, *more: str, few: int = 1
) -> tuple[Line, float, dict[tuple[str, str], float | None]]:
    """Grade one student or a few, then everybody, with `grader grade`: what it took, when the first was marked, the marks."""
    make_course(place, chapter, students, (ROOT / "nbgrader_config.py").read_text())
    timed(place, "grader", "init")
    watch = FirstResult(place / ".grader" / "results")
    watch.start()
    named = [word for number in range(few) for word in ("--student", f"s{number:03d}")]
    one = timed(place, "grader", "grade", chapter, *named, *more)
    watch.join()
    everybody = timed(place, "grader", "grade", chapter, "--force", *more)
    return Line(one, everybody, students, few), watch.after, check_marks(place, chapter, students)


def grade_stock(place: Path, chapter: str, students: int) -> tuple[Line, dict[tuple[str, str], float | None]]:
    """The same with stock nbgrader."""
    make_course(place, chapter, students, STOCK)
    timed(place, "nbgrader", "generate_assignment", chapter, "--force")
    one = timed(place, "nbgrader", "autograde", chapter, "--student", "s000")
    everybody = timed(place, "nbgrader", "autograde", chapter, "--force")
    return Line(one, everybody, students), check_marks(place, chapter, students)


def efficiency(chapter: str, students: int, workers: int, repeat: int) -> None:
    """Print what a further submission takes on a cluster of this machine, and with as many jobs of the local pool, in turn.

    What every worker takes to begin is no part of it: half of the class is graded first.
    """
    ways: dict[str, list[Line]] = {f"--jobs {workers}": [], f"--cluster local:{workers}": []}
    for _ in range(repeat):
        for way, found in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                place = Path(folder) / "course"
                found.append(grade_ours(place, chapter, students, *way.split(), few=students // 2)[0])
    pool, cluster = (
        {what: statistics.median(line.each(what) for line in found) for what in ("seconds", "cpu")}
        for found in ways.values()
    )
    for way, each in zip(ways, (pool, cluster), strict=True):
        print(
            f"{way:20} each further submission of {chapter} {1e3 * each['seconds']:.0f} ms, "
            f"{1e3 * each['cpu']:.0f} ms of processor time"
        )
    print(
        f"efficiency of {workers} workers, {students} submissions, {repeat} rounds: "
        f"{pool['seconds'] / cluster['seconds']:.2f} by the clock, {pool['cpu'] / cluster['cpu']:.2f} by processor time; "
        f"load {os.getloadavg()[0]:.1f}"
    )


def parts(chapter: str, students: int) -> None:
    """Print where the processor time of a submission goes."""
    from grader import batch
    from grader.course import Course, put_scripts_on_path
    from grader.gradebook import calls
    from grader.gradebook.scores import scores
    from grader.marking import judging
    from grader.marking.marking import exercise_version
    from grader.pages.feedback import write_feedback
    from grader.pages.report import write_report
    from grader.sandbox import namespaces, packages, provisioner, warm

    put_scripts_on_path()
    spent: dict[str, float] = defaultdict(float)
    kill = provisioner.SandboxProvisioner.kill
    seen: set[int] = set()

    async def kill_and_count(self: Any, restart: bool = False) -> None:
        if self.process is not None and self.process.poll() is None and id(self) not in seen:
            seen.add(id(self))
            spent["bubblewrap"] += sum(map(used, (self.process.pid, self.init, self._inside)))
            spent["kernels: start, cells, calls"] += used(self._kernel_pid) if self._kernel_pid else 0.0
        await kill(self, restart)

    provisioner.SandboxProvisioner.kill = kill_and_count  # type: ignore[method-assign]
    close, once = warm.Zygote.close, {}

    def close_and_count(self: Any) -> None:
        once["warm process: imports and forks"] = used(self.process.pid)
        close(self)

    warm.Zygote.close = close_and_count  # type: ignore[method-assign]
    end = judging.close

    def end_and_count() -> None:
        for process in judging._processes.values():
            judges = below(process.process.pid)
            spent["judges"] += sum(map(used, judges[1:]))
            once["judge: imports, every exercise once"] = used(judges[0])
        end()

    judging.close = end_and_count
    moments: list[tuple[str, float]] = []

    def moment(name: str, _number: int = 0) -> None:
        moments.append((name, time.process_time()))

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "course"
        make_course(place, chapter, students, (ROOT / "nbgrader_config.py").read_text())
        course = Course(place)
        calls.register(course, chapter)
        namespaces.bubblewrap()
        exercise_version(chapter)
        packages.site_entries()
        moment("reading")
        found = batch.grade(course, chapter, progress=batch.Progress(moment, lambda _: None))
        moment("feedback and report")
        known = scores(found, course.config())
        write_feedback(found, known)
        write_report(found, place / "report.html", known)
        moment("")
        floor = floor_of(course, chapter)
    for (name, start), (_, end) in itertools.pairwise(moments):
        spent[f"grader: {name}"] += end - start
    total = sum(spent.values())
    print(f"processor time a submission of {chapter}, {students} of them, load {os.getloadavg()[0]:.1f}")
    for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
        print(f"  {name:32} {1e3 * seconds / students:7.1f} ms")
    print(f"  {'all':32} {1e3 * total / students:7.1f} ms")
    print(f"  {'floor: fork and cells alone':32} {1e3 * floor:7.1f} ms")
    for name, seconds in once.items():
        print(f"once: {name} {seconds:.2f} s")


def floor_of(course: Any, chapter: str) -> float:
    """Seconds of processor time of a fork that runs the cells of a student's notebook, and nothing else."""
    import matplotlib.pyplot  # noqa: F401
    import numpy  # noqa: F401

    from grader.marking.marking import runs_when_marking

    notebook = nbformat.read(course.submitted("s000", chapter), as_version=4)
    sources = [cell.source for cell in notebook.cells if runs_when_marking(cell)]
    times = []
    for _ in range(15):
        before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        start = time.process_time()
        child = os.fork()
        if child == 0:
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
            names: dict[str, Any] = {"__name__": "__main__"}
            for source in sources:
                exec(source, names)  # noqa: S102
            os._exit(0)
        os.waitpid(child, 0)
        times.append(
            sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before + time.process_time() - start
        )
    return statistics.median(times)


def used(pid: int) -> float:
    """Seconds of processor time of a process, all its threads together."""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        return sum(int(Path(f"/proc/{pid}/task/{t}/schedstat").read_text().split()[0]) for t in tasks) / 1e9
    except OSError:
        return 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument(
        "--stock-students", type=int, help="so many of them by stock nbgrader; all by default"
    )
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--chapters", nargs="+", default=["ch1_xor"], help="their ids, or: all")
    parser.add_argument("--parts", action="store_true", help="say where the processor time goes")
    parser.add_argument(
        "--cluster", type=int, help="compare so many workers with as many jobs of the local pool"
    )
    parser.add_argument("--only-ours", action="store_true", help="leave stock nbgrader out")
    asked = parser.parse_args()
    chapters = chapter_ids() if asked.chapters == ["all"] else asked.chapters
    stock = 0 if asked.only_ours else min(asked.stock_students or asked.students, asked.students)
    if asked.students < 2 or stock == 1:
        parser.error("what a further submission takes is known from two students on")
    if asked.cluster and asked.students < LEAST * asked.cluster:
        parser.error(f"for so many workers, at least {LEAST * asked.cluster} students are needed")
    if asked.parts and len(chapters) > 1:
        parser.error("--parts looks at one chapter")
    for chapter in chapters:
        if asked.parts:
            parts(chapter, asked.students)
        elif asked.cluster:
            efficiency(chapter, asked.students, asked.cluster, asked.repeat)
        else:
            compare(chapter, asked.students, stock, asked.repeat)


if __name__ == "__main__":
    main()
