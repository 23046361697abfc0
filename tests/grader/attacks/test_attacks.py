"""Hostile notebooks, each in a class of three: the honest keep full marks, nobody gains, nothing is left behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from grader.attacks import ATTACKS, Attack
from grader.attacks.attack import WRONG
from grader.attacks.classes import attempt, full_marks
from grader.attacks.harms import harms
from grader.attacks.suite import chosen
from grader.course import CourseError
from grader.sandbox import modes

needs_sandbox = pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")

# Where there are no namespaces these hold as well; they are those that a namespace would answer.
WITHOUT_NAMESPACES = (
    "the network",
    "other processes traced",
    "everything in sight killed",
    "becoming root",
    "a process that outlives its kernel",
    "memory spread over processes",
    "programs of the grader overwritten",
    "shared memory that no process owns",
    "the line replaced by another socket",
    "fork bomb",
    "a dictionary of arrays without end",
    "a test function without its parameters",
    "pictures that are too much together",
    "pages beside the notebook",
    "links that lead into the server",
    "a name with U+009B",
    "a folder that nobody may open",
    "a file that becomes a link",
    "a result without verdicts",
)


def test_every_class_of_attacks_is_there():
    assert len({a.name for a in ATTACKS}) == len(ATTACKS) >= 60
    assert set(Counter(a.aim for a in ATTACKS)) == {"marks", "machine", "grader", "people"}
    asked = {
        "marks": {"patching", "frames", "transformers", "hooks", "metadata", "reference reuse", "caching inputs", "objects",
                  "ndarray subclasses", "wrong dtypes", "forged results"},
        "machine": {"fork", "memory", "disk", "inodes", "output", "sockets", "signals", "symlinks", "ptrace", "kernel interface"},
        "grader": {"malformed messages", "giant headers", "socket swap", "notebook bombs", "output bombs", "broken states"},
        "people": {"script in feedback", "CSV formulas", "path traversal", "reading others' work", "file swap"},
    }  # fmt: skip
    for aim, kinds in asked.items():
        assert kinds <= {a.kind for a in ATTACKS if a.aim == aim}


@pytest.mark.sampled(by=("attack.aim",))
@needs_sandbox
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.name)
def test_it_gains_nothing_and_harms_nobody(attack, attacked, tmp_path):
    assert attempt(attack, attacked, tmp_path / "class").faults == []


@pytest.mark.sampled
@needs_sandbox
@pytest.mark.parametrize("name", WITHOUT_NAMESPACES)
def test_it_gains_nothing_and_harms_nobody_without_namespaces(name, attacked, tmp_path, monkeypatch):
    try:
        modes.landlocked()
    except modes.SandboxUnavailable as problem:
        pytest.skip(str(problem))
    monkeypatch.setenv(modes.CHOICE, "landlock")
    [attack] = [a for a in ATTACKS if a.name == name]
    # What it shows says how namespaces answer.
    assert attempt(replace(attack, shows="", explains=""), attacked, tmp_path / "class").faults == []


@pytest.mark.exhaustive
@needs_sandbox
def test_an_attack_that_succeeds_is_seen(attacked, tmp_path):
    """A wrong answer that is right, a neighbour who is not honest, an attack that was never tried."""
    solves = Attack("solves", "sabotage", "", honest=("mse",))
    assert attempt(solves, attacked, tmp_path / "1").faults == []
    greedy = replace(
        solves,
        honest=(),
        answers={"mse": "import numpy as np\ndef mse(a, b):\n    return np.mean((a - b) ** 2)"},
    )
    [gained] = attempt(greedy, attacked, tmp_path / "2").faults
    assert gained.startswith("it got 0.75 points where its honest part earns 0")
    [untried] = attempt(replace(solves, shows="never printed"), attacked, tmp_path / "3").faults
    assert "never printed" in untried

    def harms_ada(folder, root):
        ada = root / "submitted" / "ada" / "ch1_xor" / "ch1_xor.ipynb"
        ada.write_text(ada.read_text().replace("return ", "return 2 * "))

    faults = attempt(replace(solves, folder=harms_ada), attacked, tmp_path / "4").faults
    assert any(fault.startswith("ada, who is honest, got") for fault in faults)


def test_the_attacked_chapter_holds_the_exercises_that_are_attacked(attacked):
    assert set(full_marks(attacked)) == set(WRONG)


def test_what_would_run_in_a_page_is_found():
    head = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    assert harms(head + "<p>&lt;script&gt;</p><img src='data:image/png;base64,AA'>") == []
    for harm in (
        "<script>1</script>", "<p onclick=x>", "<a href='java\nscript:x'>", "<img src='http://x'>", "<iframe>", "<form>",
        "<svg onload=x>", "<p style='background: url(x)'>", "<meta http-equiv=refresh content=0>", "<base href=x>",
        "<link rel=stylesheet href=x>", "<object data=x>",
    ):  # fmt: skip
        assert harms(head + harm), harm
    assert harms("<p>x</p>") == ["no content security policy"]


def test_attacks_are_chosen_by_aim_kind_and_name():
    assert {a.aim for a in chosen("people")} == {"people"}
    assert {a.kind for a in chosen("Hooks")} == {"hooks"}
    assert [a.name for a in chosen("fork bomb")] == ["fork bomb"]
    assert len(chosen(None)) == len(ATTACKS)
    with pytest.raises(CourseError, match=r"no attack is called 'nonsense words'; there are: .*fork"):
        chosen("nonsense words")
