"""Faults of a cluster, with real schedulers, workers and main processes: no mark is lost, none is doubled, none is another.

    python tests/campaigns/cluster_faults.py [--kills 20] [--only NAME …] [--seed 1]

A class is graded without a cluster first. Then, for each fault, the same class is graded on a cluster in which it happens,
with the command that an instructor types, and once more without ``--cluster`` where the first run could not end. Rows of
the gradebook and ``reports/marks.csv`` have to be those of the first class.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
CHAPTER = "ch1_xor"
PATIENCE = 240.0


def _kills() -> Any:
    """The campaign of kills: it knows how to make a class and what a gradebook holds."""
    if "kills" not in sys.modules:
        spec = importlib.util.spec_from_file_location("kills", Path(__file__).with_name("kills.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules["kills"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["kills"])
    return sys.modules["kills"]


POISON = "# this kills whoever marks it"
# Loaded by a worker when it starts, as `dask worker --preload` does it.
PRELOADS = {
    "dies of one": f"""
import os, signal
from grader.cluster import work
mark = getattr(work, "really", work.mark)  # it may be loaded twice
work.really = mark
def dies(task):
    if {POISON.encode()!r} in task:
        os.kill(os.getpid(), signal.SIGKILL)
    return mark(task)
work.mark = dies
""",
    "garbage": """
from grader.cluster import work
work.mark = lambda task: b"garbage"
""",
    "a number": """
from grader.cluster import work
work.mark = lambda task: 42
""",
    "answers another": """
from grader.cluster import work
from grader.cluster.messages import Result, result_bytes
work.mark = lambda task: result_bytes(Result("gave way"), b"another task")
""",
    "raises": """
from grader.cluster import work
def mark(task):
    raise ZeroDivisionError("on purpose\\x1b[31m")
work.mark = mark
""",
    "silent": """
import time
from grader.cluster import work
work.about = lambda asked: time.sleep(600)
""",
}


@dataclass
class Machines:
    """A scheduler and workers, each a process with a log; all end with the block."""

    place: Path
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    port: int = 0
    tls: tuple[str, ...] = ()

    def __enter__(self) -> Machines:
        self.place.mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers, *filter(None, [self.scheduler])):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @property
    def address(self) -> str:
        """Where the scheduler is."""
        return f"{'tls' if self.tls else 'tcp'}://127.0.0.1:{self.port}"

    def make_certificate(self) -> None:
        """From now on they speak TLS."""
        from distributed import Security

        made = Security.temporary()
        files = {"ca-file": made.tls_ca_file, "cert": made.tls_scheduler_cert, "key": made.tls_scheduler_key}
        for name, text in files.items():
            (self.place / f"{name}.pem").write_text(text)
            self.tls += (f"--tls-{name}", str(self.place / f"{name}.pem"))

    def start_scheduler(self, *more: str) -> None:
        """Start it, and wait until it listens."""
        where = ["--host", self.address.rpartition(":")[0], "--port", str(self.port)]
        line = ["scheduler", *where, "--no-dashboard", "--no-show", *self.tls, *more]
        self.scheduler = self._start("scheduler", line)
        end = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            if time.monotonic() > end or self.scheduler.poll() is not None:
                raise SystemExit((self.place / "scheduler.log").read_text())
            time.sleep(0.1)

    def start_worker(
        self, preload: str = "", *, nanny: bool = True, threads: int = 1, **environment: str
    ) -> int:
        """Start a worker; its number."""
        number = len(self.workers)
        line = ["worker", self.address, "--nthreads", str(threads), "--no-dashboard", "--memory-limit", "0"]
        line += ["--local-directory", str(self.place / f"of-{number}")]
        line += [*self.tls, *([] if nanny else ["--no-nanny"])]
        if preload:
            file = self.place / f"preload_{number}.py"
            file.write_text(PRELOADS[preload])
            line += ["--preload", str(file)]
        self.workers.append(self._start(f"worker-{number}", line, **environment))
        return number

    def _start(self, name: str, line: list[str], **environment: str) -> subprocess.Popen[bytes]:
        with (self.place / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *line], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.place, start_new_session=True, env=variables() | environment,
            )  # fmt: skip

    def kill_worker(self, number: int) -> bool:
        """Kill the process that marks, and leave its nanny; whether there was one."""
        process = self.workers[number]
        below = [] if "--no-nanny" in process.args else children(process.pid)
        for pid in below or [process.pid]:
            with contextlib.suppress(OSError):
                if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)
                    return True
        return False

    def said(self) -> str:
        """All logs."""
        return "\n".join(p.read_text(errors="replace") for p in sorted(self.place.glob("*.log")))


def children(pid: int) -> list[int]:
    """Processes right below one."""
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []


def variables() -> dict[str, str]:
    """The environment of a command: a wide terminal without colours."""
    paths = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH", ""))))
    return {**os.environ, "PYTHONPATH": paths, "NO_COLOR": "1", "COLUMNS": "200"}


def start_grading(root: Path, *more: str) -> subprocess.Popen[str]:
    """`grader grade` in a course."""
    return subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", CHAPTER, *more], cwd=root, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=variables(), start_new_session=True,
    )  # fmt: skip


@dataclass
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


def end(process: subprocess.Popen[str]) -> Ended:
    """Wait for a command."""
    out, err = process.communicate(timeout=PATIENCE)
    return Ended(process.returncode, out, err)


def grading(root: Path, *more: str) -> Ended:
    """`grader grade` to its end."""
    return end(start_grading(root, *more))


def make_class(place: Path, students: int = 6, poison: bool = False) -> Path:
    """A course that is registered; right and wrong answers, one that ends its kernel, and on wish one that kills its worker."""
    kills = _kills()
    course = kills.make_class(place)
    for number in range(students - 5):
        source = course.submitted(("ada", "ben")[number % 2], CHAPTER)
        target = course.submitted(f"student {number:03d}", CHAPTER)
        target.parent.mkdir(parents=True)
        shutil.copy(source, target)
    if poison:
        target = course.submitted("poison", CHAPTER)
        target.parent.mkdir(parents=True)
        notebook = json.loads(course.submitted("ada", CHAPTER).read_text())
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "mse":
                cell["source"] = "".join(cell["source"]) + "\n" + POISON
        target.write_text(json.dumps(notebook))
    return Path(course.root)


@dataclass
class Due:
    """What a class has to come to."""

    rows: list[Any]
    marks: bytes

    @classmethod
    def of(cls, root: Path) -> Due:
        """What stands in a course."""
        from grader.course import Course

        return cls(_kills().rows(Course(root)), (root / "reports" / "marks.csv").read_bytes())

    def but(self, student: str) -> Due:
        """The same without somebody."""
        lines = [
            line
            for line in self.marks.splitlines(keepends=True)
            if not line.startswith(student.encode() + b",")
        ]
        return Due([row for row in self.rows if row[0] != student], b"".join(lines))


def results(root: Path) -> int:
    """How many markings are kept."""
    return len(list((root / ".grader" / "results").rglob("*.json")))


def wait_for(done: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether something comes true in time."""
    last = time.monotonic() + seconds
    while not done():
        if time.monotonic() > last:
            return False
        time.sleep(0.05)
    return True


class Campaign:
    """All faults, one after the other, on copies of one class."""

    def __init__(self, base: Path, students: int = 12, seed: int = 1, kills: int = 20) -> None:
        self.base, self.rng, self.kills = base, random.Random(seed), kills
        self.template = make_class(base / "class", students)
        whole = Path(shutil.copytree(self.template, base / "whole"))
        ended = grading(whole)
        if ended.status:
            raise SystemExit(ended.err)
        self.due = Due.of(whole)
        self.faults: list[str] = []
        self.told: dict[str, str] = {}

    @contextlib.contextmanager
    def trial(self, name: str, *, scheduler: bool = True) -> Iterator[tuple[Path, Machines]]:
        """A copy of the class, and machines."""
        place = self.base / name.replace(" ", "-")
        shutil.rmtree(place, ignore_errors=True)
        root = Path(shutil.copytree(self.template, place / "course"))
        with Machines(place / "machines") as machines:
            if scheduler:
                machines.start_scheduler()
            yield root, machines
        shutil.rmtree(place, ignore_errors=True)

    def expect(self, name: str, true: bool, what: str, ended: Ended | None = None) -> None:
        """Note what is not as it should be."""
        if not true:
            said = f": ended with {ended.status}, {ended.err[-600:]!r}" if ended else ""
            self.faults.append(f"{name}: {what}{said}")

    def whole(self, name: str, root: Path, ended: Ended, due: Due | None = None, status: int = 0) -> None:
        """Everything is as in the class that was graded without a cluster."""
        due = due or self.due
        self.expect(name, ended.status == status, f"not {status}", ended)
        self.expect(name, "Traceback" not in ended.err + ended.out, "a traceback", ended)
        with contextlib.suppress(OSError):
            found = Due.of(root)
            self.expect(
                name,
                found.rows == due.rows,
                f"rows differ: {sorted(set(found.rows) ^ set(due.rows))[:4]}",
                ended,
            )
            self.expect(name, found.marks == due.marks, "marks.csv differs", ended)
            return
        self.expect(name, False, "there is no table of marks", ended)

    def one_line(self, name: str, ended: Ended, *words: str) -> None:
        """It could not work, and says so in one line."""
        # Before it there may be a line for each worker that was turned away or lost.
        lines = [line for line in ended.err.strip().splitlines() if not line.startswith("worker ")]
        self.expect(name, ended.status == 2, "not 2", ended)
        self.expect(name, len(lines) == 1 and all(w in lines[0] for w in words), "not one line", ended)
        self.told[name] = lines[-1] if lines else ""

    def goes_on(self, name: str, root: Path) -> None:
        """The same command without a cluster ends what was begun."""
        self.whole(name + ", then here", root, grading(root))

    # Each of the following is one fault.

    def worker_killed(self) -> None:
        """A worker is killed in the middle, many times; its nanny starts another one."""
        done = 0
        while done < self.kills:
            name = "a worker is killed"
            with self.trial(name) as (root, machines):
                for _ in range(2):
                    machines.start_worker()
                process = start_grading(root, "--cluster", machines.address)
                wait_for(lambda root=root, process=process: results(root) > 0 or process.poll() is not None)
                for _ in range(min(3, self.kills - done)):
                    time.sleep(self.rng.uniform(0, 2))
                    if process.poll() is not None:
                        break
                    done += machines.kill_worker(self.rng.randrange(2))
                self.whole(name, root, end(process))
        self.told["a worker is killed"] = f"{done} times"

    def worker_for_good(self) -> None:
        """The only worker is killed and nobody starts another one."""
        name = "the only worker is killed"
        with self.trial(name) as (root, machines):
            machines.start_worker(nanny=False)
            process = start_grading(root, "--cluster", machines.address)
            wait_for(lambda: results(root) > 0)
            machines.kill_worker(0)
            self.one_line(name, end(process), "had no worker for 30 s")
            self.goes_on(name, root)

    def scheduler_killed(self) -> None:
        """The scheduler is killed, started again, and the command is given again."""
        name = "the scheduler is killed"
        with self.trial(name) as (root, machines):
            machines.start_worker(threads=2)
            process = start_grading(root, "--cluster", machines.address)
            wait_for(lambda: results(root) > 0)
            assert machines.scheduler is not None
            machines.scheduler.kill()
            machines.scheduler.wait()
            self.one_line(name, end(process), "is lost", "go on")
            machines.start_scheduler()
            machines.start_worker(threads=2)
            self.whole(name + ", then again", root, grading(root, "--cluster", machines.address))

    def main_killed(self) -> None:
        """The main process is killed, and started again beside the same workers."""
        name = "the main process is killed"
        with self.trial(name) as (root, machines):
            machines.start_worker(threads=2)
            process = start_grading(root, "--cluster", machines.address)
            wait_for(lambda: results(root) > 0)
            process.kill()
            process.communicate()
            kept = results(root)
            self.whole(name, root, grading(root, "--cluster", machines.address))
            self.told[name] = f"{kept} of {len(list((root / 'submitted').iterdir()))} were kept"

    def no_sandbox(self) -> None:
        """A worker without a sandbox beside one with it; then alone."""
        name = "a worker without sandbox"
        with self.trial(name) as (root, machines):
            machines.start_worker(FNNKIT_SANDBOX="namespaces", PATH="/nowhere")
            process = start_grading(root, "--cluster", machines.address)
            self.one_line(name, end(process), "all 1 workers", "it has no sandbox")
            machines.start_worker()
            ended = grading(root, "--cluster", machines.address)
            self.expect(
                name, "is turned away: it has no sandbox" in ended.err, "nobody was turned away", ended
            )
            self.whole(name + " beside another", root, ended)

    def other_version(self) -> None:
        """A worker with another exercise, in a copy of the packages."""
        name = "a worker with another version"
        with self.trial(name) as (root, machines):
            other = self.base / "other"
            for package in ("fnnkit", "grader"):
                shutil.copytree(
                    REPOSITORY / package,
                    other / package,
                    ignore=shutil.ignore_patterns("__pycache__"),
                    dirs_exist_ok=True,
                )
            with (other / "fnnkit" / "exercises" / CHAPTER / "mse.py").open("a") as file:
                file.write("\n# Another version.\n")
            machines.start_worker(PYTHONPATH=str(other))
            self.one_line(
                name, grading(root, "--cluster", machines.address), "its exercises or its judge are not those"
            )
            machines.start_worker()
            self.whole(name + " beside another", root, grading(root, "--cluster", machines.address))

    def garbage(self) -> None:
        """Workers that answer anything else than a result, beside one that works."""
        for kind in ("garbage", "a number", "answers another", "raises"):
            name = f"a worker that {'answers ' if kind in ('garbage', 'a number') else ''}{kind}"
            with self.trial(name) as (root, machines):
                machines.start_worker(kind)
                machines.start_worker()
                ended = grading(root, "--cluster", machines.address)
                self.whole(name, root, ended)
                self.told[name] = next(
                    (line for line in ended.err.splitlines() if "turned away" in line), "was not asked"
                )

    def poison(self) -> None:
        """A submission that kills its worker costs itself, and nobody else."""
        name = "a submission that kills its worker"
        before, self.template = self.template, make_class(self.base / "poisoned", 8, poison=True)
        try:
            with self.trial(name) as (root, machines):
                whole = Path(shutil.copytree(root, self.base / "poisoned-whole"))
                ended = grading(whole)
                due = Due.of(whole).but("poison")
                for _ in range(2):
                    machines.start_worker("dies of one")
                ended = grading(root, "--cluster", machines.address)
                self.whole(name, root, ended, due, status=1)
                self.expect(
                    name, "poison: it was not marked: three workers were lost" in ended.err, "not said", ended
                )
                self.expect(name, ended.err.count("is lost; what it was") == 3, "not three workers", ended)
                self.whole(name + ", then here", root, grading(root), Due.of(whole))
        finally:
            self.template = before

    def nobody(self) -> None:
        """No scheduler, no worker, a worker that never says what it is, something that is no scheduler."""
        with self.trial("wrong address", scheduler=False) as (root, machines):
            self.one_line(
                "wrong address",
                grading(root, "--cluster", machines.address),
                "no scheduler answers at tcp://",
            )
            self.goes_on("wrong address", root)
        with self.trial("no worker") as (root, machines):
            start = time.monotonic()
            self.one_line("no worker", grading(root, "--cluster", machines.address), "had no worker for 30 s")
            self.expect("no worker", time.monotonic() - start < 60, "it took longer than a minute")
        with self.trial("no scheduler", scheduler=False) as (root, _machines), socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
            self.one_line(
                "no scheduler", grading(root, "--cluster", address), "no scheduler answers at tcp://"
            )

    def tls(self) -> None:
        """With certificates, and by somebody who has none."""
        name = "tls"
        with self.trial(name, scheduler=False) as (root, machines):
            machines.make_certificate()
            machines.start_scheduler()
            machines.start_worker()
            for address in (machines.address, machines.address.replace("tls", "tcp")):
                self.one_line(name, grading(root, "--cluster", address), "no scheduler answers at t")
            self.whole(name, root, grading(root, "--cluster", machines.address, *machines.tls))


FAULTS = (
    "worker_killed",
    "worker_for_good",
    "scheduler_killed",
    "main_killed",
    "no_sandbox",
    "other_version",
    "garbage",
    "poison",
    "nobody",
    "tls",
)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument("--only", nargs="*", choices=FAULTS, default=FAULTS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cluster-") as base:
        campaign = Campaign(Path(base), asked.students, asked.seed, asked.kills)
        for name in asked.only:
            start = time.monotonic()
            getattr(campaign, name)()
            print(
                f"{name} {time.monotonic() - start:.0f} s, {len(campaign.faults)} faults",
                file=sys.stderr,
                flush=True,
            )
    for name, said in campaign.told.items():
        print(f"{name:<36} {said}")
    print("faults", *(campaign.faults or ["none"]), sep="\n  ")


if __name__ == "__main__":
    main()
