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

from grader import sandbox

pytestmark = [
    pytest.mark.skipif(not sandbox.available(), reason="bubblewrap is missing or cannot make namespaces"),
    pytest.mark.usefixtures("way"),  # every test runs with forked kernels, and with ones started the long way
]

# tests/attacks tries the same with forked kernels, each in a class of its own; here all sit in one class.
only_cold = pytest.mark.parametrize("way", ["cold"], indirect=True)

# Functions that exist and are wrong: what a trick is worth shows in the difference.
WRONG = {name: f"def {name}(*args):\n    return 0.5\n" for name in ("mse", "fit_linear", "xor_network")}

REPLY = """
import json
from IPython import get_ipython
kernel = get_ipython().kernel

def answer(value, index, error=None, **more):
    content = dict(exercise="mse", index=index, value=value, error=error, warnings=[], changed=[]) | more
    kernel.session.send(kernel.iopub_socket, "fnnkit_answer", content, parent=kernel.get_parent("shell"))
"""

# Each stands in the first answer cell, before wrong functions.
PATCHES = {
    "a assertions of numpy": """
        import numpy as np
        for name in ("allclose", "isclose", "array_equal", "array_equiv"):
            setattr(np, name, lambda *a, **k: True)
        np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
    """,
    "a2 assertions stripped from the syntax tree": """
        import ast
        from IPython import get_ipython
        class Strip(ast.NodeTransformer):
            def visit_Assert(self, node): return ast.Pass()
            def visit_Expr(self, node): return ast.Pass()
        get_ipython().ast_transformers.append(Strip())
    """,
    "a3 every later input becomes pass": """
        from IPython import get_ipython
        get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\\n"])
    """,
    "a5 displayhook inside the function": """
        from IPython import get_ipython
        def mse(*a):
            get_ipython().displayhook(1.0)
            return 0.5
        get_ipython().displayhook(1.0)
    """,
    "b the library's own functions": """
        try:
            from fnnkit.losses import mse as right
        except ImportError:
            right = lambda *a: 0.5
        import fnnkit
        def mse(*a):
            return right(*a)
    """,
    "b2 the exercise's own reference": """
        import fnnkit.exercises as e
        def mse(*a):
            return e.exercise("mse").reference(*a)
    """,
    "f showtraceback, run_code, run_cell": """
        from IPython import get_ipython
        shell = get_ipython()
        shell.showtraceback = lambda *a, **k: None
        async def nothing(*a, **k): return False
        shell.run_code = nothing
        shell.run_cell = lambda *a, **k: None
    """,
    "m clear_output": """
        from IPython.display import clear_output, display
        def mse(*a):
            clear_output()
            return display("1.0")
    """,
    "equal to everything": """
        class Yes:
            def __eq__(self, other): return True
            def __ne__(self, other): return False
            def __lt__(self, other): return True
            __le__ = __gt__ = __ge__ = __lt__
            def __sub__(self, other): return 0
            __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
            def __array__(self, *a, **k): return 0.25
            def __float__(self): return 0.25
            def __len__(self): return 2
            def __iter__(self): return iter((self, self))
            def __getitem__(self, i): return self
            shape, dtype, ndim, size = (), float, 0, 1
        mse = fit_linear = xor_network = lambda *a: Yes()
    """,
    "a float that lies": """
        class Lie(float):
            def __eq__(self, other): return True
            def hex(self): return (0.25).hex()
            def __sub__(self, other): return 0.0
        mse = lambda *a: Lie(0.5)
    """,
    "an array subclass": """
        import numpy as np
        class Lie(np.ndarray):
            def __eq__(self, other): return np.True_
            def __array_ufunc__(self, *a, **k): return np.zeros(())
        mse = lambda *a: np.zeros(()).view(Lie)
    """,
    "an array of objects": """
        import numpy as np
        class Yes:
            __eq__ = __lt__ = __le__ = lambda self, other: True
        mse = lambda *a: np.array(Yes(), dtype=object)
    """,
    "not a number": "mse = fit_linear = xor_network = lambda *a: float('nan')",
    "infinite": "import numpy as np\nmse = lambda *a: np.longdouble('inf')\nfit_linear = lambda *a: (np.inf, -np.inf)",
    "re-seeding and caching": """
        import numpy as np, functools, random
        random.seed(0); np.random.seed(0)
        np.random.default_rng = lambda *a: np.random.Generator(np.random.PCG64(0))
        seen = []
        def mse(*a):
            seen.append(a)
            return seen[0][0].sum()
    """,
    "frames, garbage and modules searched for what is expected": """
        import gc, sys
        def mse(*a):
            frame, found = sys._getframe(), []
            while frame is not None:
                found += [v for k, v in frame.f_locals.items() if "expect" in k or "reference" in k or "right" in k]
                frame = frame.f_back
            found += [o for o in gc.get_objects() if type(o).__name__ in ("Trial", "Case", "Exercise", "Verdict")]
            found += [m for m in sys.modules if "reference" in m or m.startswith(("grader", "fnnkit.losses"))]
            return found[0] if found else 0.5
    """,
    "the caller replaced": """
        import fnnkit.exercises.call as call, fnnkit.exercises.serve as serve
        serve.call = call.call = lambda function, args, watch=None: call.Answer(value=0.25)
    """,
    "the server replaced": """
        import fnnkit.exercises.serve as serve
        serve.serve = lambda name: None
    """,
    "the encoding replaced": """
        import fnnkit.exercises.wire as wire, fnnkit.exercises.serve as serve
        serve.encode = wire.encode = lambda value: ('{"named": "sine", "parameters": {"dict": []}}', [])
    """,
    "answers many times over": REPLY
    + """
def mse(*a):
    for index in (*range(-50, 50), 10**30):
        answer('{"float": "0x1.0p-2"}', index)
    return 0.5
""",
    "answers of every odd form": REPLY
    + """
def mse(*a):
    for value in ('{"float": 1}', '[]', '"x"', 'null', '{"dict": [[{"dict": []}, null]]}', '{', '{"opaque": []}',
                  '{"dtype": "O", "shape": [], "buffer": 0}', '{"dtype": "f8", "shape": [-1], "buffer": 0}',
                  '{"int": "' + '9' * 5000 + '"}', '{"tuple": ' * 5000, 'NaN', '{"named": "exec", "parameters": null}'):
        answer(value, 0)
""",
    "an exception of the wanted kind, always": REPLY
    + """
def mse(*a):
    answer("null", 0, error=[["ValueError"], "", ""])
    raise ValueError
""",
    "answers that are not objects": REPLY
    + """
def mse(*a):
    kernel.session.send(kernel.iopub_socket, "fnnkit_answer", [1, 2], parent=kernel.get_parent("shell"))
    answer(None, None, error=5, warnings="x", changed={})
""",
    "a header of ten megabytes": REPLY
    + """
def mse(*a):
    parent = dict(kernel.get_parent("shell"))
    kernel.session.send(kernel.iopub_socket, "fnnkit_answer", {"exercise": "mse", "index": 0},
        parent=parent, metadata={"x": "y" * 10**7})
    answer('"' + "x" * 10**7 + '"', 0)
""",
    "no more protocol": """
        from IPython import get_ipython
        session = get_ipython().kernel.session
        session.pack = lambda thing: b"\\xff\\x00 nonsense"
    """,
    "wrong signatures": """
        from IPython import get_ipython
        session = get_ipython().kernel.session
        session.sign = lambda parts: b"0" * 64
    """,
    "half a surrogate pair everywhere": """
        import json
        from IPython import get_ipython
        session = get_ipython().kernel.session
        session.pack = lambda thing: json.dumps(thing, default=str).encode()
        print("\\ud800")
        def mse(*a):
            raise type("\\ud800", (ValueError,), {})("\\udfff")
        def fit_linear(*a):
            return "\\ud800"
        def xor_network(*a):
            return {"\\ud800": type("\\ud800", (), {})()}
    """,
    "an empty array of a billion rows": """
        import numpy as np
        mse = fit_linear = xor_network = lambda *a: np.empty((10**9, 0))
    """,
    "a view that claims a terabyte": """
        import numpy as np
        mse = fit_linear = lambda *a: np.broadcast_to(1.0, (10**6, 10**6))
    """,
    "markup": """
        from IPython.display import HTML, Javascript, Markdown, SVG, display
        evil = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"
        for kind in (HTML, Javascript, Markdown):
            display(kind(evil))
        display({"image/png": evil, "text/plain": evil, "image/svg+xml": evil}, raw=True)
        print(evil)
        def mse(*a):
            raise ValueError(evil)
        def fit_linear(*a):
            return evil
    """,
}

# Slow ones: each takes the time or the memory that it is allowed.
ASSAULTS = {
    "g endless loop": {"mse": "def mse(*a):\n    while True: pass"},
    "g2 endless loop that ignores signals": {
        "mse": """
            import signal
            for number in range(1, 32):
                if number not in (9, 19): signal.signal(number, signal.SIG_IGN)
            while True: pass
        """
    },
    "c os._exit in a function": {"mse": "import os\ndef mse(*a):\n    os._exit(0)"},
    "c2 os._exit while the cell runs": {"mse": "import os\nos._exit(0)"},
    "c3 exit, quit, SystemExit": {"mse": "import sys\ndef mse(*a):\n    sys.exit(0)\nexit()\nquit()"},
    "h ten gigabytes": {"mse": "def mse(*a):\n    return bytearray(10 << 30)"},
    "i a hundred megabytes of text": {"mse": "print('x' * 100_000_000)\ndef mse(*a):\n    return 'x' * 100_000_000"},
    "i2 a million lines": {"mse": "for i in range(300_000): print(i, 'and some more')\ndef mse(*a):\n    return 0.5"},
    "SIGSTOP": {"mse": "import os, signal\ndef mse(*a):\n    os.kill(os.getpid(), signal.SIGSTOP)"},
    "fork bomb": {"mse": "import os\ndef mse(*a):\n    while True:\n        try: os.fork()\n        except OSError: pass"},
    "everything in sight killed": {"mse": "import os, signal\ndef mse(*a):\n    os.kill(-1, signal.SIGKILL)\n    os._exit(1)"},
    "threads that go on": {
        "mse": """
            import threading
            def noise():
                while True: print("x" * 1000)
            for _ in range(4): threading.Thread(target=noise, daemon=True).start()
        """
    },
    "l a process that outlives the kernel": {
        "mse": """
            import os, time
            if os.fork() == 0:
                try: os.setsid()
                except OSError: pass
                if os.fork() == 0:
                    time.sleep(1000)
                os._exit(0)
        """
    },
    "sockets replaced by links": {
        "mse": """
            import os
            for name in os.listdir("/ipc"):
                os.unlink("/ipc/" + name)
                os.symlink("/tmp/elsewhere", "/ipc/" + name)
        """
    },
    "the kernel's sockets closed": {
        "mse": """
            import os, stat
            def mse(*a):
                for fd in map(int, os.listdir("/proc/self/fd")):
                    try:
                        if stat.S_ISSOCK(os.fstat(fd).st_mode): os.close(fd)
                    except OSError: pass
        """
    },
}  # fmt: skip


def children() -> set[str]:
    """Processes that this one has started and that still exist."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        found |= set((task / "children").read_text().split())
    return found


@pytest.fixture
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After the test: no process, no temporary folder, no mount that was not there before."""
    from grader import edition, scratch

    edition.folder("ch1_xor")  # kept until this process ends
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


def attack(classroom, tricks):
    """Hand in wrong answers with a trick before them, and honest work between."""
    for position, (name, trick) in enumerate(tricks.items()):
        if position % 8 == 0:
            classroom.hand_in(f"honest {position}")
        answers = trick if isinstance(trick, dict) else {"mse": trick}
        for exercise, source in WRONG.items():
            # The trick's own function stays, if it defines one; what it leaves undefined is wrong.
            source = f"if {exercise!r} not in globals():\n" + "".join(
                f"    {line}\n" for line in source.splitlines()
            )
            answers = {exercise: ""} | answers
            answers = answers | {exercise: classroom_text(answers[exercise]) + "\n" + source}
        classroom.hand_in(name.replace("[", "").replace(":", ""), answers)
    classroom.hand_in("zz honest")


def classroom_text(text):
    import textwrap

    return textwrap.dedent(text).strip("\n")


def earned(classroom, batch):
    """Who got anything but nothing, and which honest student anything but full marks."""
    wrong = {}
    for student, points in classroom.points(batch).items():
        due = classroom.full if "honest" in student else classroom.nothing
        if points != due:
            wrong[student] = points
    return wrong


@only_cold
def test_no_trick_inside_the_kernel_earns_anything(classroom, nothing_left, way):
    attack(classroom, PATCHES)
    batch = classroom.grade()
    assert earned(classroom, batch) == {}
    assert {s: p for s, p in classroom.gradebook().items() if p} == {
        s: classroom.total for s in classroom.gradebook() if "honest" in s
    }
    # Pages about all of them can be written, and nothing on them runs.
    from grader.report import scores, write_feedback, write_report

    known = scores(batch, classroom.course.config())
    pages = write_feedback(batch, known)
    pages.append(write_report(batch, classroom.root / "report.html", known))
    assert len(pages) == len(batch.entries) + 1
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<img src=x" not in text


@only_cold
def test_no_assault_on_the_machine_harms_the_neighbours(classroom, nothing_left, way):
    attack(classroom, ASSAULTS)
    batch = classroom.grade()
    assert earned(classroom, batch) == {}
    assert [e.message for e in batch.by_state("failed")] == []


def test_a_dead_or_hung_function_costs_one_exercise(classroom, nothing_left):
    classroom.hand_in("dies", mse="import os\ndef mse(*a):\n    os._exit(0)")
    classroom.hand_in("hangs", fit_linear="def fit_linear(*a):\n    while True: pass")
    classroom.hand_in("cell dies", xor_network="import os\nos._exit(0)")
    assert classroom.points(classroom.grade()) == {
        "dies": classroom.full | {"mse": 0.0},
        "hangs": classroom.full | {"fit_linear": 0.0},
        "cell dies": classroom.full | {"xor_network": 0.0},
    }


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


def test_the_real_nbgrader_gives_the_same_marks_to_cheats(classroom):
    """Stock nbgrader gives these 13 of 13, and stops the whole batch at a check that was pasted twice."""
    attack(classroom, {n: PATCHES[n] for n in ("a3 every later input becomes pass", "equal to everything")})
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
        for place in ("/edition/fnnkit/exercises/serve.py", "/site/x", "/launcher.py", "/x", "/usr/bin/x", "/dev/x",
                      "/proc/sys/kernel/hostname", "/edition/fnnkit/losses.py"):
            try:
                open(place, "a").close()
                found.append("writes " + place)
            except OSError:
                pass
        try:
            os.remove("/edition/fnnkit/exercises/serve.py")
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
        names = set(os.environ) - {set(sandbox.ENVIRONMENT)!r}
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
                     "fnnkit.exercises.ch1_xor", "fnnkit.exercises.exercise", "pip", "setuptools"):
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


def test_the_secret_and_the_results_are_for_the_owner_alone(classroom):
    classroom.hand_in("ada")
    classroom.grade()
    assert (classroom.course.private / "secret").stat().st_mode & 0o777 == 0o600
    assert classroom.course.private.stat().st_mode & 0o777 == 0o700


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
