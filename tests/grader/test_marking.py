"""Marking one notebook: seeds that repeat and cannot be guessed, limits that hold over all kernels."""

import asyncio
import time

import pytest

from fnnkit.exercises import exercises
from grader import marking, sandbox
from grader.marking import Identity, Marking, key_of, mark

needs_sandbox = pytest.mark.skipif(
    not sandbox.available(), reason="bubblewrap is missing or cannot make namespaces"
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
    found = asyncio.run(mark(notebook, WHO, b"secret"))
    assert Marking.from_json(found.to_json()).to_json() == found.to_json()
    assert found.verdicts["mse"].problem.kind == "type"
    assert found.kernels == 1


@needs_sandbox
def test_a_notebook_that_wastes_time_in_every_kernel_ends_when_its_time_is_used_up(classroom, monkeypatch):
    monkeypatch.setattr(marking, "MAX_SECONDS", 3.0)
    waste = "import time, os\ntime.sleep(2.5)\ndef mse(*a):\n    os._exit(0)"
    start = time.monotonic()
    found = asyncio.run(mark(classroom.notebook(classroom.right | {"mse": waste}), WHO, b"secret"))
    assert time.monotonic() - start < 40
    assert set(found.verdicts) == {e.name for e in exercises("ch1_xor")}
    assert found.verdicts["mse"].points == 0.0
    assert found.kernels <= 2
    assert "used up its kernels or its time" in str(found.verdicts["xor_network"])
