"""Marking one notebook: seeds that repeat and cannot be guessed, limits that hold over all kernels."""

import asyncio
import os
import signal
import time

import numpy as np
import pytest

from fnnkit.judge import marker as marking
from fnnkit.judge.exercise import Case
from fnnkit.judge.registry import exercise, exercises
from grader.marking.drawn import encoded
from grader.marking.judge import Remembered
from grader.marking.marking import Identity, Marking, job_of, key_of, mark
from grader.marking.session import Session
from grader.sandbox import modes
from grader.sandbox.provisioner import SandboxProvisioner

needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
WHO = Identity("ada", "ch1_xor", "digest")


def test_a_seed_depends_on_the_secret_the_student_the_answers_and_the_exercise():
    seed = WHO.seed(b"secret", "mse")
    assert seed == WHO.seed(b"secret", "mse")
    others = {
        WHO.seed(b"another", "mse"),
        WHO.seed(b"secret", "fit_linear"),
        Identity("eve", "ch1_xor", "digest").seed(b"secret", "mse"),
        Identity("ada", "ch1_xor", "other").seed(b"secret", "mse"),
        Identity("ada\0ch1_xor", "", "digest").seed(b"secret", "mse"),
    }
    assert seed not in others
    assert len(others) == 5


def test_a_result_is_found_again_only_for_the_same_answers_student_and_way_of_running(classroom):
    released = classroom.released()
    key = key_of(WHO, released, b"secret", False)
    assert key == key_of(WHO, classroom.released(), b"secret", False)
    assert key != key_of(WHO, released, b"secret", True)
    assert key != key_of(WHO, released, b"another", False)
    assert key != key_of(Identity("eve", "ch1_xor", "digest"), released, b"secret", False)
    given = next(c for c in released.cells if "given" in c.metadata.get("tags", []))
    given.source += "\nX = X + 1"
    assert key != key_of(WHO, released, b"secret", False)


@needs_sandbox
def test_a_marking_survives_being_written_and_read(classroom):
    notebook = classroom.notebook({"mse": "def mse(a, b):\n    return 'no'"})
    found = asyncio.run(mark(job_of(notebook, WHO, b"secret")))
    assert Marking.from_json(found.to_json()).to_json() == found.to_json()
    assert found.verdicts["mse"].problem.kind == "type"
    assert found.kernels == 1


@needs_sandbox
def test_a_notebook_that_wastes_time_in_every_kernel_ends_when_its_time_is_used_up(classroom, monkeypatch):
    monkeypatch.setattr(marking, "MAX_SECONDS", 3.0)
    waste = "import time, os\ntime.sleep(2.5)\ndef mse(*a):\n    os._exit(0)"
    start = time.monotonic()
    found = asyncio.run(mark(job_of(classroom.notebook(classroom.right | {"mse": waste}), WHO, b"secret")))
    assert time.monotonic() - start < 40
    assert set(found.verdicts) == {e.name for e in exercises("ch1_xor")}
    assert found.verdicts["mse"].points == 0.0
    assert found.kernels <= 4
    assert "used up its kernels or its time" in str(found.verdicts["xor_network"])


@needs_sandbox
def test_a_kernel_starts_before_the_notebooks_turn_comes_and_its_code_does_not(classroom, monkeypatch):
    """Waiting for a turn is not the notebook's time either."""
    monkeypatch.setattr(marking, "MAX_SECONDS", 20.0)
    begin, started = SandboxProvisioner._begin, asyncio.Event()

    async def begin_and_tell(self):
        await begin(self)
        started.set()

    monkeypatch.setattr(SandboxProvisioner, "_begin", begin_and_tell)
    clock = time.monotonic

    async def one_waits():
        turn, told = asyncio.Semaphore(1), []
        await turn.acquire()
        notebook = classroom.notebook(classroom.right)
        task = asyncio.create_task(mark(job_of(notebook, WHO, b"secret"), told=told.append, turn=turn))
        await started.wait()
        await asyncio.sleep(0.3)
        assert told == []
        monkeypatch.setattr(marking.time, "monotonic", lambda: clock() + 60)
        turn.release()
        return await task, told

    found, told = asyncio.run(one_waits())
    assert told == [e.name for e in exercises("ch1_xor")]
    assert all(verdict.solved for verdict in found.verdicts.values())
    assert found.kernels == 1


def test_the_reference_is_called_once_for_equal_inputs_whoever_is_judged(monkeypatch):
    monkeypatch.setattr(Remembered, "_kept", {})
    mse = exercise("mse")
    called = []

    def counted(*args):
        called.append(args)
        return mse.reference(*args)

    asked = mse.__class__(**{**mse.__dict__, "reference": counted})
    same, other = np.array([1.0, 2.0]), np.array([1.0, 3.0])
    cases = [Case((a, np.zeros(2)), "") for a in (same, other, same.copy(), same.astype(np.float32))]
    for _ in range(3):
        known = Remembered(asked, cases, encoded(cases))
        assert [known.answer(counted, i).value for i in range(4)] == [2.5, 5.0, 2.5, 2.5]
        wrong = [known.answer(lambda *_: "wrong", i).value for i in range(4)]
        assert wrong == ["wrong"] * 4
    assert len(called) == 3


def test_what_is_kept_of_the_reference_has_an_end(monkeypatch):
    monkeypatch.setattr(Remembered, "_kept", {})
    monkeypatch.setattr(Remembered, "KEPT", 5)
    mse = exercise("mse")
    cases = [Case((np.array([float(i)]), np.zeros(1)), "") for i in range(12)]
    known = Remembered(mse, cases, encoded(cases))
    assert [known.answer(mse.reference, i).value for i in range(12)] == [i**2 for i in range(12)]
    assert len(Remembered._kept) <= 5


@pytest.mark.sampled
@needs_sandbox
@pytest.mark.parametrize("moment", ["ask", "run"])
def test_a_kernel_that_somebody_outside_kills_costs_nothing_and_one_that_dies_of_its_own_code_does(
    classroom, monkeypatch, moment
):
    """The machine's own killer of processes, for one, when memory is short."""
    told, killed = [], []
    work = getattr(Session, moment)

    async def worked(self, *args):
        if (moment == "run" or args[0] == "fit_linear") and not killed:
            killed.append(self.provisioner.init)
            os.kill(self.provisioner.init, signal.SIGKILL)
        return await work(self, *args)

    monkeypatch.setattr(Session, moment, worked)
    dies = {"xor_network": "import os\ndef xor_network(*a):\n    os._exit(0)"}
    found = asyncio.run(
        mark(job_of(classroom.notebook(classroom.right | dies), WHO, b"secret"), told=told.append)
    )
    assert killed
    lost = {name for name, verdict in found.verdicts.items() if not verdict.solved}
    assert lost == {"xor_network"}
    assert "the kernel died" in str(found.verdicts["xor_network"])
    assert found.kernels == 3
    assert told == [e.name for e in exercises("ch1_xor")]


@needs_sandbox
def test_a_cell_gets_no_more_time_than_the_notebook_has_left(classroom, monkeypatch):
    """The deadline was looked at before the first cell only: the last kernel could take as long again."""
    monkeypatch.setattr(marking, "MAX_SECONDS", 6.0)
    sleeps = {
        e.name: "import time\ntime.sleep(4)\n" + classroom.right[e.name]
        for e in exercises("ch1_xor")
        if e.core
    }
    start = time.monotonic()
    found = asyncio.run(mark(job_of(classroom.notebook(sleeps), WHO, b"secret")))
    assert time.monotonic() - start < 6 + 20  # starting and ending kernels is not its time
    assert found.kernels == 1
    assert all("used up its kernels or its time" in str(v) for v in found.verdicts.values())


@needs_sandbox
def test_who_takes_long_gives_way_and_is_marked_from_the_beginning_later(classroom):
    notebook = classroom.notebook(
        classroom.right | {"mse": "import time\ntime.sleep(1.5)\n" + classroom.right["mse"]}
    )
    asked = []

    def gives_way(used):
        asked.append(used)
        return used > 1.0

    with pytest.raises(marking.GaveWay):
        asyncio.run(mark(job_of(notebook, WHO, b"secret"), gives_way=gives_way))
    assert asked[-1] > 1.0
    assert max(asked[:-1]) < 1.5
    found = asyncio.run(mark(job_of(notebook, WHO, b"secret")))
    assert all(verdict.solved for verdict in found.verdicts.values())
