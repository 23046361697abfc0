"""A course that uses nothing of this one but the sandbox: nbgrader's own pipeline, and one line of settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from grader.sandbox import modes

pytestmark = pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")

SETTINGS = 'c = get_config()\nc.Execute.kernel_name = "fnnkit-sandbox"\n'
GOOD = "import numpy as np\n\ndef norm(x):\n    return float(np.sqrt(np.sum(np.square(x))))\n"
HALF = "def norm(x):\n    return float(abs(x[0]))\n"


def cell(source: str, grade_id: str, **settings: Any) -> Any:
    mark = {
        "grade_id": grade_id, "schema_version": 3, "solution": False, "grade": False, "locked": False, "task": False, **settings,
    }  # fmt: skip
    return new_code_cell(source, metadata={"nbgrader": mark})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "another course"
    source = root / "source" / "vectors" / "vectors.ipynb"
    source.parent.mkdir(parents=True)
    check = {"grade": True, "locked": True}
    cells = [
        cell(f"### BEGIN SOLUTION\n{GOOD}### END SOLUTION", "norm", solution=True),
        cell("assert norm([3.0]) == 3.0", "one", points=1, **check),
        cell("assert norm([3.0, 4.0]) == 5.0", "two", points=2, **check),
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), source)
    (root / "nbgrader_config.py").write_text(SETTINGS)
    nbgrader(root, "generate_assignment", "vectors", "--create")
    return root


SCRIPTS = Path(sys.executable).parent  # nbgrader calls alembic by its name


def nbgrader(root: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], cwd=root, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def hand_in(root: Path, student: str, answer: str) -> None:
    notebook = nbformat.read(root / "release" / "vectors" / "vectors.ipynb", as_version=4)
    notebook.cells[0].source = answer
    place = root / "submitted" / student / "vectors" / "vectors.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(notebook, place)


@pytest.mark.exhaustive
def test_stock_autograde_runs_in_the_sandbox_and_gives_the_marks(root):
    secret = Path(root, "solutions of the exam.txt")
    secret.write_text("42")
    (root.parent / "neighbour.txt").write_text("43")
    processes, mounts = kernels(), Path("/proc/self/mounts").read_text()
    spy = f"""
import os, socket
found = []
for place in ({str(root)!r}, {str(secret)!r}, {str(root.parent / "neighbour.txt")!r}, {str(root / "gradebook.db")!r},
              {str(root / "source")!r}, {str(Path(__file__))!r}, "/etc/passwd", "/mnt", "/srv", "source", "vectors.ipynb"):
    if os.path.exists(place): found.append(place)
for family, target in ((2, ("127.0.0.1", 22)), (2, ("1.1.1.1", 53)), (10, ("::1", 22))):
    try:
        with socket.socket(family) as s:
            s.settimeout(1)
            s.connect(target)
        found.append(target)
    except OSError:
        pass
# Only the loopback of the sandbox's own network, which is down or leads nowhere.
found += [name for _, name in socket.if_nameindex() if name != "lo"]
if len([p for p in os.listdir("/proc") if p.isdigit()]) > 4: found.append("processes")
if os.getuid() == 0: found.append("root")
print("found", found, "in", os.getcwd())
"""
    hand_in(root, "ada", GOOD)
    hand_in(root, "ben", HALF)
    hand_in(root, "eve", spy + GOOD)
    nbgrader(root, "autograde", "vectors", "--create")

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        scores = {s.student_id: (s.score, s.max_score) for s in book.assignment_submissions("vectors")}
    assert scores == {"ada": (3.0, 3.0), "ben": (1.0, 3.0), "eve": (3.0, 3.0)}
    graded = nbformat.read(root / "autograded" / "eve" / "vectors" / "vectors.ipynb", as_version=4)
    [said] = [o.text for o in graded.cells[0].outputs if o.output_type == "stream" and o.name == "stdout"]
    assert said.startswith("found [] in /")
    assert not said.rstrip().endswith(str(root))
    # Nothing is left of its kernels.
    assert kernels() <= processes
    assert Path("/proc/self/mounts").read_text() == mounts


def kernels() -> set[str]:
    """Processes that this one has started, and those that they have."""
    from grader.sandbox.landlock import descendants

    return {str(pid) for pid in descendants(os.getpid())}


@pytest.mark.exhaustive
def test_a_course_that_asks_for_the_sandbox_gets_no_kernel_without_one(root, monkeypatch, tmp_path):
    """It fails closed: no mark, no run, one line that says why."""
    place = tmp_path / "touched"
    hand_in(root, "ada", f"open({str(place)!r}, 'w').close()\n{GOOD}")
    empty = tmp_path / "bin"
    empty.mkdir()
    (empty / "alembic").symlink_to(SCRIPTS / "alembic")
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", "vectors", "--create"], cwd=root, capture_output=True, text=True,
        timeout=300, check=False, env={**os.environ, "PATH": str(empty), modes.CHOICE: "namespaces"},
    )  # fmt: skip
    assert done.returncode != 0
    assert "bubblewrap" in done.stderr
    assert not place.exists()
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        assert [s.score for s in book.assignment_submissions("vectors") if s.score] == []
