"""Tricks that get marks out of other autograders: here each earns what an unsolved notebook earns, and harms nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from grader.attacks import ATTACKS
from grader.attacks.attack import WRONG, Attack
from grader.sandbox import modes, surroundings

pytestmark = [
    pytest.mark.skipif(not modes.available(), reason="bubblewrap is missing or cannot make namespaces"),
    pytest.mark.usefixtures("way"),  # every test runs with forked kernels, and with ones started the long way
]

# tests/attacks tries all attacks with forked kernels, each in a class of its own; here some sit in one class.
only_cold = pytest.mark.parametrize("way", ["cold"], indirect=True)

IN_ONE_NOTEBOOK = [
    a for a in ATTACKS if not (a.file or a.folder or a.refused or a.honest) and a.student == "eve"
]
BY_NAME = {attack.name: attack for attack in IN_ONE_NOTEBOOK}


def one_of_each_kind(machine: bool) -> list[Attack]:
    """The first attack of each kind, on the machine or on anything else."""
    return list({a.kind: a for a in reversed(IN_ONE_NOTEBOOK) if (a.aim == "machine") is machine}.values())


def children() -> set[str]:
    """Processes that this one has started and that still exist."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        found |= set((task / "children").read_text().split())
    return found


@pytest.fixture
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After the test: no process, no temporary folder, no mount that was not there before."""
    from grader import scratch
    from grader.marking import edition
    from grader.sandbox import packages

    edition.folder("ch1_xor")  # kept until this process ends, and so is this:
    packages.site_folder()
    kept = set(scratch.place().iterdir())
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before, mounts = children(), Path("/proc/self/mounts").read_text()
    yield
    assert children() <= before
    assert list(temporary.iterdir()) == []
    assert set(scratch.place().iterdir()) == kept
    assert Path("/proc/self/mounts").read_text() == mounts


def attack(classroom, attacks):
    """Hand in wrong answers with a trick before them, and honest work between."""
    for position, one in enumerate(attacks):
        if position % 8 == 0:
            classroom.hand_in(f"honest {position}")
        classroom.hand_in(one.name, one.sources({}, "left-behind", classroom.root))
    classroom.hand_in("zz honest")


def earned(classroom, batch):
    """Who got anything but nothing, and which honest student anything but full marks."""
    wrong = {}
    for student, points in classroom.points(batch).items():
        due = classroom.full if "honest" in student else classroom.nothing
        if points != due:
            wrong[student] = points
    return wrong


@pytest.mark.sampled
@only_cold
def test_no_trick_inside_the_kernel_earns_anything(classroom, nothing_left, way):
    attack(classroom, one_of_each_kind(machine=False))
    batch = classroom.grade()
    assert earned(classroom, batch) == {}
    assert {s: p for s, p in classroom.gradebook().items() if p} == {
        s: classroom.total for s in classroom.gradebook() if "honest" in s
    }
    # Pages about all of them can be written, and nothing on them runs.
    from grader.gradebook.scores import scores
    from grader.pages.feedback import write_feedback
    from grader.pages.report import write_report

    known = scores(batch, classroom.course.config())
    pages = write_feedback(batch, known)
    pages.append(write_report(batch, classroom.root / "report.html", known))
    assert len(pages) == len(batch.entries) + 1
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<img src=x" not in text


@pytest.mark.exhaustive
@only_cold
def test_no_assault_on_the_machine_harms_the_neighbours(classroom, nothing_left, way):
    attack(classroom, one_of_each_kind(machine=True))
    batch = classroom.grade(jobs=4)  # most of them are waited for
    assert earned(classroom, batch) == {}
    assert [e.message for e in batch.by_state("failed")] == []


@pytest.mark.sampled
def test_a_dead_or_hung_function_costs_one_exercise(classroom, nothing_left):
    classroom.hand_in("dies", mse="import os\ndef mse(*a):\n    os._exit(0)")
    classroom.hand_in("hangs", fit_linear="def fit_linear(*a):\n    while True: pass")
    classroom.hand_in("cell dies", xor_network="import os\nos._exit(0)")
    assert classroom.points(classroom.grade()) == {
        "dies": classroom.full | {"mse": 0.0},
        "hangs": classroom.full | {"fit_linear": 0.0},
        "cell dies": classroom.full | {"xor_network": 0.0},
    }


@pytest.mark.sampled
def test_another_students_marks_cannot_be_changed_by_changing_checks(classroom):
    def change(edit):
        notebook = classroom.notebook(WRONG)
        for cell in notebook.cells:
            if cell.metadata.nbgrader.grade_id.startswith("check_"):
                edit(cell)
        return nbformat.writes(notebook)

    classroom.hand_in("honest")
    # nbclient skips cells with this tag, and nbgrader gives full marks for a check that says nothing.
    classroom.hand_in_text("a4 skipped", change(lambda c: c.metadata.update(tags=["skip-execution"])))
    classroom.hand_in_text("emptied", change(lambda c: c.update(source="1.0")))
    classroom.hand_in_text("ungraded", change(lambda c: c.metadata.nbgrader.update(grade=False)))
    classroom.hand_in_text("more points", change(lambda c: c.metadata.nbgrader.update(points=100)))
    classroom.hand_in_text(
        "unlocked", change(lambda c: c.metadata.nbgrader.update(locked=False, solution=True))
    )
    classroom.hand_in_text("stripped", change(lambda c: c.metadata.clear()))
    batch = classroom.grade()
    assert earned(classroom, batch) == {}
    assert classroom.gradebook() == {
        e.student: classroom.total * (e.student == "honest") for e in batch.entries
    }


@pytest.mark.sampled
def test_a_course_inside_a_submission_is_not_the_course_that_grades_it(classroom):
    """Whoever hands in a folder could put a configuration, solutions, results and a secret into it."""
    folder = classroom.hand_in("eve", WRONG).parent
    classroom.hand_in("honest")
    shutil.copytree(classroom.root / "solutions", folder / "solutions")
    shutil.copytree(classroom.root / "course", folder / "course")
    (folder / ".grader").mkdir()
    (folder / ".grader" / "secret").write_text("00" * 32)
    planted = 'c = get_config()\nc.JudgedExecute.trust_submissions = True\nraise SystemExit("read")\n'
    for name in ("nbgrader_config.py", "numpy.py", "sitecustomize.py", "fnnkit.py", "grader.py"):
        (folder / name).write_text(planted)
    (folder / "submitted" / "eve" / "ch1_xor").mkdir(parents=True)
    shutil.copy(classroom.course.submitted("honest", "ch1_xor"), folder / "submitted" / "eve" / "ch1_xor")
    assert earned(classroom, classroom.grade()) == {}
    assert classroom.gradebook() == {"eve": 0.0, "honest": classroom.total}


@pytest.mark.exhaustive
@pytest.mark.sampled
def test_the_real_nbgrader_gives_the_same_marks_to_cheats(classroom):
    """Stock nbgrader gives these 13 of 13, and stops the whole batch at a check that was pasted twice."""
    attack(classroom, [BY_NAME["every later input becomes pass"], BY_NAME["equal to everything"]])
    notebook = classroom.notebook(WRONG)
    for cell in list(notebook.cells):
        if cell.metadata.nbgrader.grade_id.startswith("check_"):
            cell.metadata.tags = ["skip-execution"]
            notebook.cells.append(cell.copy())
    classroom.hand_in_text("a4 doubled and skipped", nbformat.writes(notebook))
    folder = classroom.hand_in("eve", WRONG).parent
    shutil.copytree(classroom.root / "solutions", folder / "solutions")
    (folder / "nbgrader_config.py").write_text("raise SystemExit('read')")
    assert classroom.command("grader", "init").returncode == 0
    done = classroom.command("nbgrader", "autograde", "ch1_xor", "--create")
    assert done.returncode == 0, done.stderr
    marks = classroom.gradebook()
    assert marks == {student: classroom.total if "honest" in student else 0.0 for student in marks}
    assert len(marks) == 6


@pytest.mark.sampled
def test_nothing_of_the_course_and_of_the_machine_is_within_reach(classroom):
    """Every path that leads to solutions, marks, secrets or neighbours, tried from inside."""
    classroom.course.secret()
    probe = f"""
        import ctypes, os, socket, subprocess
        found = []
        root = {str(classroom.root)!r}
        for place in (root, root + "/gradebook.db", root + "/.grader/secret", root + "/solutions", "../../solutions",
                      "/root", "/home", "/var", "/sys", "/etc/passwd", "/etc/shadow", "/mnt", "/opt", "/run",
                      {sys.prefix!r}, {os.getcwd()!r}):
            # The folders that lead to the interpreter are there, and empty but for that.
            if os.path.exists(place) and not {str(Path(sys.base_prefix).resolve())!r}.startswith(place + "/"):
                found.append("sees " + place)
        for base, folders, files in os.walk("/"):
            if base.startswith(("/proc", "/usr", "/site", "/sys")):
                folders[:] = []
            for name in files:
                if "gradebook" in name or name in ("secret", "losses.py", "ch1_xor.ipynb", "judge.py", "exercise.py"):
                    found.append("file " + base + "/" + name)
        pids = [p for p in os.listdir("/proc") if p.isdigit()]
        if len(pids) > 3:
            found.append(f"processes {{pids}}")
        for pid in pids:
            for link in ("root", "cwd"):
                try:
                    seen = os.listdir(f"/proc/{{pid}}/{{link}}")
                except OSError:
                    continue
                if "gradebook.db" in seen or "home" in seen:
                    found.append(f"through /proc/{{pid}}/{{link}}")
        for place in ("/edition/fnnkit/kernel/serve.py", "/site/x", "/launcher.py", "/x", "/usr/bin/x", "/dev/x",
                      "/proc/sys/kernel/hostname", "/edition/fnnkit/losses.py"):
            try:
                open(place, "a").close()
                found.append("writes " + place)
            except OSError:
                pass
        try:
            os.remove("/edition/fnnkit/kernel/serve.py")
            found.append("removes")
        except OSError:
            pass
        for family, target in ((socket.AF_INET, ("127.0.0.1", 22)), (socket.AF_INET, ("1.1.1.1", 53)),
                               (socket.AF_INET6, ("::1", 22)), (socket.AF_UNIX, "/run/docker.sock"),
                               (socket.AF_UNIX, "\\0/tmp/.X11-unix/X0")):
            try:
                with socket.socket(family) as s:
                    s.settimeout(1)
                    s.connect(target)
                found.append(f"reaches {{target}}")
            except OSError:
                pass
        try:
            socket.socket(40, socket.SOCK_STREAM)
            found.append("vsock")
        except OSError:
            pass
        if os.getuid() == 0 or os.geteuid() == 0 or os.getgroups():
            found.append(f"user {{os.getuid()}} groups {{os.getgroups()}}")
        for attempt in (os.setuid, os.setgid):
            try:
                attempt(0)
                found.append("becomes root")
            except OSError:
                pass
        libc = ctypes.CDLL(None, use_errno=True)
        for name, call in (("unshare", lambda: libc.unshare(0x10000000)),
                           ("mount", lambda: libc.mount(b"x", b"/tmp", b"tmpfs", 0, 0)),
                           ("ptrace", lambda: libc.ptrace(16, 1, 0, 0)), ("memfd", lambda: libc.memfd_create(b"x", 0)),
                           ("shmget", lambda: libc.shmget(0, 1 << 20, 0o1600)), ("setns", lambda: libc.setns(0, 0))):
            if call() >= 0:
                found.append(name)
        names = set(os.environ) - {set(surroundings.ENVIRONMENT)!r}
        names -= {{"NBGRADER_EXECUTION", "PWD", "LC_CTYPE", "OLDPWD"}}
        terminal = ("JPY_", "PYDEVD", "KERNEL", "COLUMNS", "TERM", "CLICOLOR", "FORCE_COLOR", "PAGER", "GIT_PAGER")
        found += ["variable " + name for name in names if not name.startswith(terminal)]
        for fd in os.listdir("/proc/self/fd"):
            try:
                target = os.readlink("/proc/self/fd/" + fd)
            except OSError:
                continue
            if target.startswith("/") and not target.startswith(("/dev/", "/proc", "/memfd", "/tmp", "/usr", "/site")):
                found.append("descriptor " + target)
        for name in ("scipy", "torch", "sklearn", "nbgrader", "grader", "fnnkit.losses", "fnnkit.linear", "fnnkit.xor",
                     "fnnkit.exercises.ch1_xor", "fnnkit.judge.exercise", "pip", "setuptools"):
            try:
                __import__(name)
                found.append("imports " + name)
            except ImportError:
                pass
        print("searched;", found)
    """
    classroom.hand_in("eve", mse=probe)
    classroom.hand_in("honest")
    [eve, honest] = classroom.grade().entries
    assert eve.marking.cells["mse"][0].get("text") == "searched; []\n", eve.marking.cells["mse"]
    assert honest.points == classroom.total


@pytest.mark.sampled
def test_the_secret_and_the_results_are_for_the_owner_alone(classroom):
    classroom.hand_in("ada")
    classroom.grade()
    assert (classroom.course.private / "secret").stat().st_mode & 0o777 == 0o600
    assert classroom.course.private.stat().st_mode & 0o777 == 0o700


@pytest.mark.sampled
def test_a_killed_grader_leaves_no_process_no_mount_and_no_file(classroom, tmp_path, way):
    """Killed as the system kills: it runs no handler. What it has started notices, and tidies up."""
    temporary = tmp_path / "t"
    temporary.mkdir()
    if way == "cold":
        with (classroom.root / "nbgrader_config.py").open("a") as file:
            file.write("\nc.SandboxProvisioner.warm = False\n")
    mounts = Path("/proc/self/mounts").read_text()
    for student in ("eve", "mallory"):
        classroom.hand_in(student, mse="import time\ntime.sleep(1000)")
    environment = classroom.environment() | {"TMPDIR": str(temporary), "JUPYTER_RUNTIME_DIR": str(temporary)}
    line = [sys.executable, "-m", "grader", "grade", "ch1_xor"]
    running = subprocess.Popen(
        line, cwd=classroom.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    started = wait_for(lambda: descendants(running.pid), 200)
    assert started
    assert list(temporary.iterdir()) != []
    running.kill()
    running.wait()
    assert wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), 60)
    assert Path("/proc/self/mounts").read_text() == mounts
    if way == "cold":  # nobody was there to tidy up: the next grader does
        classroom.hand_in("eve")
        classroom.hand_in("mallory")
        done = subprocess.run(
            line, cwd=classroom.root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert wait_for(lambda: list(temporary.iterdir()) == [], 20)


def descendants(pid: int) -> list[int]:
    """Processes below a process, once there is a kernel among them."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue
        found.append(one)
    return found[1:] if any(map(is_kernel, found[1:])) else []


def is_kernel(pid: int) -> bool:
    """Whether a process is an interpreter in a namespace of processes of its own."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    about = dict(line.split(":", 1) for line in lines if ":" in line)
    return "python" in about["Name"] and len(about["NSpid"].split()) > 1


def wait_for(condition, seconds):
    import time

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    return condition()
