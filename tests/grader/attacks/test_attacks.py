"""Hostile notebooks beside honest ones: the honest keep full marks, nobody gains, nothing is left behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import pytest

from grader.attacks import ATTACKS, Attack
from grader.attacks.attack import WRONG
from grader.attacks.classes import Outcome, attempt, attempt_together, full_marks
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


RIGHT_MSE = "import numpy as np\ndef mse(a, b):\n    return np.mean((a - b) ** 2)"


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


# They take memory or time from everybody, or what they do is seen only where nothing else happens.
NOT_IN_COMPANY = {
    "giant headers", "values that are dear to look at", "output bombs", "notebook bombs", "file swap", "search for causes",
}  # fmt: skip
AT_MOST = 8


def may_sit_together(attack: Attack) -> bool:
    """Whether an attack wants nothing of the machine, and does not change the course that it is graded in."""
    return attack.aim != "machine" and attack.kind not in NOT_IN_COMPANY and attack.seconds == 60.0


@dataclass(frozen=True)
class Company:
    """Attacks with the same aim that sit in one class."""

    aim: str
    attacks: tuple[Attack, ...]

    @property
    def name(self) -> str:
        return f"{self.attacks[0].name}, and {len(self.attacks) - 1} more"


ALONE = [a for a in ATTACKS if not may_sit_together(a)]
# The short run waits for none that may take two minutes.
EACH_ALONE = [pytest.param(a, marks=[pytest.mark.exhaustive] if a.seconds > 60.0 else []) for a in ALONE]
COMPANIES = [
    Company(aim, tuple(sitting[first::classes]))
    for aim in ("marks", "grader", "people")
    for sitting in [[a for a in ATTACKS if a.aim == aim and may_sit_together(a)]]
    for classes in [-(-len(sitting) // AT_MOST)]
    for first in range(classes)
]


def faults(outcomes: list[Outcome]) -> dict[str, list[str]]:
    """By name of the attack, what was amiss."""
    return {outcome.attack.name: outcome.faults for outcome in outcomes if outcome.faults}


def test_every_attack_is_tried():
    tried = [*ALONE, *(attack for company in COMPANIES for attack in company.attacks)]
    assert sorted(a.name for a in tried) == sorted(a.name for a in ATTACKS)


@pytest.mark.sampled(by=("attack.aim",))
@needs_sandbox
@pytest.mark.parametrize("attack", EACH_ALONE, ids=lambda a: a.name)
def test_it_gains_nothing_and_harms_nobody(attack, attacked, tmp_path):
    assert attempt(attack, attacked, tmp_path / "class").faults == []


@pytest.mark.sampled(by=("company.aim",))
@needs_sandbox
@pytest.mark.parametrize("company", COMPANIES, ids=lambda c: c.name)
def test_they_gain_nothing_and_harm_nobody(company, attacked, tmp_path):
    assert faults(attempt_together(company.attacks, attacked, tmp_path / "classes")) == {}


@pytest.fixture
def no_namespaces(monkeypatch):
    try:
        modes.landlocked()
    except modes.SandboxUnavailable as problem:
        pytest.skip(str(problem))
    monkeypatch.setenv(modes.CHOICE, "landlock")


# What they show says how namespaces answer.
ANYWHERE = [replace(a, shows="", explains="") for a in ATTACKS if a.name in WITHOUT_NAMESPACES]
ALONE_ANYWHERE = [a for a in ANYWHERE if not may_sit_together(a)]
TOGETHER_ANYWHERE = [a for a in ANYWHERE if may_sit_together(a)]


@pytest.mark.sampled
@needs_sandbox
@pytest.mark.parametrize("attack", ALONE_ANYWHERE, ids=lambda a: a.name)
def test_it_gains_nothing_and_harms_nobody_without_namespaces(attack, attacked, tmp_path, no_namespaces):
    assert attempt(attack, attacked, tmp_path / "class").faults == []


@pytest.mark.exhaustive
@needs_sandbox
def test_they_gain_nothing_and_harm_nobody_without_namespaces(attacked, tmp_path, no_namespaces):
    assert len(ANYWHERE) == len(WITHOUT_NAMESPACES)
    assert faults(attempt_together(TOGETHER_ANYWHERE, attacked, tmp_path / "classes")) == {}


@pytest.mark.exhaustive
@needs_sandbox
def test_an_attack_that_succeeds_is_seen(attacked, tmp_path):
    """A wrong answer that is right, a neighbour who is not honest, an attack that was never tried."""
    solves = Attack("solves", "sabotage", "", honest=("mse",))
    assert attempt(solves, attacked, tmp_path / "1").faults == []
    greedy = replace(
        solves,
        honest=(),
        answers={"mse": RIGHT_MSE},
    )
    [gained] = attempt(greedy, attacked, tmp_path / "2").faults
    assert gained.startswith("it got 0.75 points where its honest part earns 0")
    [untried] = attempt(replace(solves, shows="never printed"), attacked, tmp_path / "3").faults
    assert "never printed" in untried

    def harms_ada(folder, root):
        ada = root / "submitted" / "ada" / "ch1_xor" / "ch1_xor.ipynb"
        ada.write_text(ada.read_text().replace("return ", "return 2 * "))

    amiss = attempt(replace(solves, folder=harms_ada), attacked, tmp_path / "4").faults
    assert any(fault.startswith("ada, who is honest, got") for fault in amiss)


@pytest.mark.exhaustive
@needs_sandbox
def test_in_a_class_of_several_it_is_known_whose_fault_it_is(attacked, tmp_path):
    solves = Attack("solves", "sabotage", "", honest=("mse",))
    greedy = replace(solves, name="greedy", honest=(), answers={"mse": RIGHT_MSE})
    named = replace(solves, name="named", student="=cmd", refused="not a safe name")

    def harms_ada(folder, root):
        ada = root / "submitted" / "ada" / "ch1_xor" / "ch1_xor.ipynb"
        ada.write_text(ada.read_text().replace("return ", "return 2 * "))

    harmful = replace(solves, name="harmful", folder=harms_ada)
    assert faults(attempt_together((solves, named, solves), attacked, tmp_path / "1")) == {}
    [gained] = faults(attempt_together((solves, greedy, named), attacked, tmp_path / "2")).items()
    assert gained[0] == "greedy"
    assert gained[1][0].startswith("it got 0.75 points where its honest part earns 0")
    assert set(faults(attempt_together((solves, harmful), attacked, tmp_path / "3"))) == {"harmful"}


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
