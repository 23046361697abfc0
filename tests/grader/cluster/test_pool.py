"""The same class, marked here and on clusters of this machine: the same bytes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from grader.cluster.address import Place
from grader.cluster.pool import Cluster
from grader.sandbox import modes
from grader.term.marks import write_marks

pytestmark = pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")
CHAPTER = "ch1_xor"


def hand_in_all_kinds(classroom):
    classroom.hand_in("ada")
    classroom.hand_in("ben", mse="def mse(a, b):\n    return 'no \\u202e /etc/passwd'")
    classroom.hand_in("eve", mse="import os\ndef mse(*a):\n    os._exit(0)")
    classroom.hand_in("kim", mse="raise ValueError('Zoë\\x1b[31m')\ndef mse(a, b):\n    return 0")
    classroom.hand_in(
        "zoe", {"relu": "print('ü' * 30)\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"}
    )


def kept(root):
    """The markings that are kept, sealed, by their keys."""
    return {path.name: path.read_bytes() for path in (root / ".grader" / "results").rglob("*.json")}


@pytest.mark.exhaustive
def test_one_two_and_four_workers_give_the_same_verdicts_and_the_same_table_as_none(classroom, thorough):
    hand_in_all_kinds(classroom)
    batch = classroom.grade()
    assert {e.state for e in batch.entries} == {"graded"}
    assert len({e.points for e in batch.entries}) >= 3
    table, markings, rows = write_marks(batch).read_bytes(), kept(classroom.root), classroom.gradebook()
    assert len(markings) == 5
    for workers in (1, 2, 4) if thorough else (2,):
        shutil.rmtree(classroom.root / ".grader" / "results")
        (classroom.root / "reports" / "marks.csv").unlink()
        said = []
        batch = classroom.grade(pool=Cluster(Place(workers=workers), CHAPTER, say=said.append), force=True)
        assert write_marks(batch).read_bytes() == table
        assert kept(classroom.root) == markings
        assert classroom.gradebook() == rows
        assert said == []
    assert {e.state for e in classroom.grade().entries} == {"unchanged"}


def ends(session):
    """Whether all processes of a session end."""
    for _ in range(100):
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.exhaustive
def test_the_command_is_stopped_by_ctrl_c_leaves_no_process_and_goes_on_without_a_cluster(classroom):
    for n in range(6):
        classroom.hand_in(f"student {n}", mse=f"import time\ntime.sleep({n % 2})\n" + classroom.right["mse"])
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "grade", CHAPTER, "--cluster", "local:1"], cwd=classroom.root,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=classroom.environment(), start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 120
    while not kept(classroom.root) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert err.strip().splitlines() == [
        "stopped; what was graded so far is kept, run the same command again to go on"
    ]
    assert ends(process.pid)
    done = len(kept(classroom.root))
    assert 0 < done < 6
    again = classroom.command("grader", "grade", CHAPTER)
    assert again.returncode == 0, again.stderr
    assert classroom.gradebook() == {f"student {n}": classroom.total for n in range(6)}
