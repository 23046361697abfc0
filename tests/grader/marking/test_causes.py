"""Causes of wrong answers when a class is marked: after all marks, the words of the check, once for each distinct text."""

import json
import os
import signal
from pathlib import Path

import nbformat
import pytest

from fnnkit.judge.attempt import diagnosed
from fnnkit.judge.registry import exercise, exercises
from grader.marking import causes, judging
from grader.marking.judging import Lost, _finding
from grader.marking.marking import Marking
from grader.marking.submission import rebuild
from grader.sandbox import modes, warm

REPOSITORY = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
WRONG = {
    "affine": "def affine(X, W, c):\n    return X * W + c",
    "relu": "def relu(z):\n    return np.minimum(0, z)",
    "xor_network": "def xor_network(X, W, c, w, b):\n    H = np.maximum(0, X @ W + c)\n    return H @ w",
    "rbf_kernel": "def rbf_kernel(A, B, gamma):\n    d = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * A @ B.T\n"
    "    return np.exp(-gamma * d)",
    "mse": "def mse(predictions, targets):\n    return np.mean(np.abs(predictions - targets) ** 3)",
}


@pytest.fixture(autouse=True)
def ended():
    yield
    judging.close()
    warm.close()


@pytest.fixture
def heard():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def pages(classroom, *students):
    from grader.commands.grade import grade_chapter

    grade_chapter(
        classroom.course, classroom.chapter, list(students), 2, False, classroom.root / "report.html"
    )
    return {
        s: classroom.course.feedback(s, classroom.chapter).read_text(encoding="utf-8")
        for s in students or [p.name for p in (classroom.root / "submitted").iterdir()]
    }


def test_marking_says_what_the_check_says(classroom, tmp_path):
    there = {e.name for e in exercises("ch1_xor")}
    wrong = {name: text for name, text in WRONG.items() if name in there}
    classroom.hand_in("ada", **wrong)
    batch = classroom.grade(causes=True)
    for name, text in wrong.items():
        verdict, found = diagnosed(name, text)
        marked = batch.entries[0].marking.verdicts[name]
        assert marked.cause == (found.said() if found else "")
        assert marked.witness == (found.witness if found else "")
        assert marked.points == verdict.points
    assert {v.witness for v in batch.entries[0].marking.verdicts.values()} >= {"repair", "fact", "trace"}
    assert classroom.gradebook()["ada"] < classroom.total


def test_right_answers_have_no_cause_and_no_kernel_for_one(classroom, monkeypatch):
    monkeypatch.setattr(causes, "_look", None)
    classroom.hand_in("ada")
    batch = classroom.grade(causes=True)
    assert all(v.solved and not v.cause for v in batch.entries[0].marking.verdicts.values())


@pytest.mark.exhaustive
def test_the_same_text_is_looked_at_once_and_what_was_found_is_kept(classroom, monkeypatch):
    looked = []
    look = causes._look

    async def counted(one, trusted, config):
        looked.append(one.exercise.name)
        return await look(one, trusted, config)

    monkeypatch.setattr(causes, "_look", counted)
    for student in ("ada", "eve", "kim"):
        classroom.hand_in(student, relu=WRONG["relu"])
    first = classroom.grade(causes=True)
    assert looked == ["relu"]
    said = [e.marking.verdicts["relu"].cause for e in first.entries]
    assert said[0]
    assert len(set(said)) == 1
    again = classroom.grade(causes=True)
    assert looked == ["relu"]
    assert [e.marking.verdicts["relu"].cause for e in again.entries] == said
    assert not any(e.marking.verdicts["relu"].cause for e in classroom.grade().entries)


def test_what_was_kept_and_changed_by_somebody_else_is_not_believed(classroom):
    classroom.hand_in("ada", relu=WRONG["relu"])
    said = classroom.grade(causes=True).entries[0].marking.verdicts["relu"].cause
    [kept] = (classroom.course.private / "causes").glob("*/*.json")
    content = json.loads(kept.read_text())
    content["finding"]["words"] = "you are the best"
    kept.write_text(json.dumps(content))
    assert classroom.grade(causes=True).entries[0].marking.verdicts["relu"].cause == said


@pytest.mark.exhaustive
def test_other_cells_of_a_notebook_have_no_part_in_it(classroom):
    """Who hands in a text that others have handed in cannot choose what is said to them."""
    liar = WRONG["relu"]
    lies = """
        import fnnkit.kernel.trying as trying, fnnkit.kernel.serve as serve
        def mse(a, b):
            return 0.0
        trying.Trying.answers = lambda *_: iter(())
        serve._say = lambda *_, **__: None
    """
    classroom.hand_in("eve", relu=liar, mse=lies)
    classroom.hand_in("kim", relu=liar)
    entries = {e.student: e for e in classroom.grade(causes=True).entries}
    assert entries["kim"].marking.verdicts["relu"].cause == diagnosed("relu", liar)[1].said()


@pytest.mark.sampled
@pytest.mark.parametrize(
    "text",
    [
        "import os\ndef relu(z, seen=[]):\n    seen.append(1)\n    if len(seen) > 40:\n        os._exit(1)\n    return -z",
        "def relu(z, seen=[]):\n    seen.append(1)\n    while len(seen) > 40:\n        pass\n    return -z",
        "import fnnkit.kernel.trying as trying\ntrying.Trying.answers = lambda *_: iter([(1, 2)])\ndef relu(z):\n    return -z",
        "import fnnkit.kernel.serve as serve\ndef relu(z):\n    return -z\n"
        "say = serve._say\n"
        "serve._say = lambda line, name, i, answer, **more: say(line, name, i, answer, **more) if ' ' not in name else "
        "serve._send(line, {'exercise': name, 'index': i, 'spent': 1e308, 'error': None, 'warnings': [], 'changed': [], "
        "'shared': []}, [b'[' * 10**6])",
    ],
    ids=["dies", "hangs", "malformed", "bomb"],
)
def test_a_kernel_that_lies_dies_or_hangs_costs_its_own_cause_and_no_mark(classroom, monkeypatch, text):
    monkeypatch.setattr(causes, "SECONDS", 2.0)
    classroom.hand_in("ada", relu=text)
    classroom.hand_in("kim", relu=WRONG["relu"])
    entries = {e.student: e for e in classroom.grade(causes=True).entries}
    assert entries["kim"].marking.verdicts["relu"].cause
    assert entries["ada"].marking.verdicts["relu"].points == 0.0
    assert entries["ada"].marking.verdicts["mse"].solved
    assert classroom.gradebook()["ada"] == pytest.approx(classroom.total - exercise("relu").points)


def test_what_a_page_quotes_of_the_code_is_text(classroom):
    text = 'def relu(z):\n    return np.minimum(0, z) if "<script>alert(1)</script>\\u202e" else z'
    classroom.hand_in("ada", relu=text)
    [page] = pages(classroom).values()
    assert "In your code" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_a_cause_that_is_none_is_not_taken():
    good = {"place": "Line 2", "kind": "axis", "words": "the axis", "proof": "", "witness": "repair"}
    assert _finding(good).words == "the axis"
    assert len(_finding(good | {"words": "x" * 10**6}).words) <= 5000
    assert "\x1b" not in _finding(good | {"words": "\x1b[31m"}).words
    for bad in ({}, {"place": 1}, [], "text", good | {"words": 5}, good | {"points": "10"}):
        with pytest.raises(Lost):
            _finding(bad)


def test_who_is_judged_otherwise_than_by_the_check_is_told_nothing():
    asked = exercise("relu")
    verdict, finding = diagnosed("relu", WRONG["relu"])
    found = causes.Found(finding, causes.judged_as(verdict))
    other, _ = diagnosed("relu", "def relu(z):\n    return np.maximum(0, z).tolist()")
    assert found.holds(verdict)
    assert not found.holds(other)
    marking = Marking({"relu": other})
    causes._say(causes.Wrong("", asked, (), "", [marking]), found)
    assert marking.verdicts["relu"].cause == ""


@pytest.mark.exhaustive
def test_ctrl_c_ends_the_search_and_loses_no_mark(classroom, monkeypatch, heard, capsys):
    look, looked = causes._look, []

    async def pressed(one, trusted, config):
        looked.append(one)
        if len(looked) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return await look(one, trusted, config)

    monkeypatch.setattr(causes, "_look", pressed)
    for i, student in enumerate(("ada", "eve", "kim", "lea")):
        classroom.hand_in(student, relu=WRONG["relu"] + f"  # {i}", mse=WRONG["mse"] + f"  # {i}")
    made = pages(classroom)
    assert len(classroom.gradebook()) == len(made) == 4
    assert "not searched for their cause" in capsys.readouterr().err
    before = classroom.gradebook()
    monkeypatch.setattr(causes, "_look", look)
    made = pages(classroom)
    assert all("In your code" in page for page in made.values())
    assert classroom.gradebook() == before


@pytest.mark.exhaustive
def test_no_causes_are_looked_for_if_nobody_wants_them(classroom):
    classroom.hand_in("ada", relu=WRONG["relu"])
    done = classroom.command("grader", "grade", "ch1_xor", "--no-causes")
    assert done.returncode == 0, done.stderr
    page = classroom.course.feedback("ada", "ch1_xor")
    assert "In your code" not in page.read_text(encoding="utf-8")
    done = classroom.command("grader", "grade", "ch1_xor")
    assert "In your code" in page.read_text(encoding="utf-8")
    assert "nothing has changed" in done.stdout


LEDGERS = {
    "backprop": ("ch5_backprop", ("hidden_delta(", "2 * hidden_delta("), "hidden_delta", "adagrad_step", "δ_h"),
    "bptt": ("ch6_vanishing_gradients", ("rnn_hidden_delta(", "2 * rnn_hidden_delta("), "rnn_forward", "spectral_radius", "δ"),
}  # fmt: skip
FORGED = """
import fnnkit.kernel.recording as recording, fnnkit.kernel.trying as trying
def _recorded(function, args):
    answer, _ = kept(function, args)
    return answer, [{claim}] * 300
kept, trying.recorded = recording.recorded, _recorded
"""


def looked_at(name, forged=""):
    """The cause of a wrong gradient, from its own sandbox, and the words with which it is a wrong one."""
    chapter, (here, there), *_ = LEDGERS[name]
    released = nbformat.read(REPOSITORY / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    solved = nbformat.read(REPOSITORY / "solutions" / chapter / f"{chapter}.ipynb", as_version=4)
    right = {c.metadata.nbgrader.grade_id: c.source for c in solved.cells if c.metadata.get("nbgrader")}
    wrong = forged + right[name].replace(here, there)
    assert wrong != right[name]
    for cell in released.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in right and cell.metadata.nbgrader.solution:
            cell.source = wrong if grade_id == name else right[grade_id]
    rebuilt = rebuild(released, released, [e.name for e in exercises(chapter)])
    marking = Marking({name: diagnosed(name, wrong.removeprefix(forged))[0]})
    [one] = causes.wrong_answers([(rebuilt.notebook, marking)], chapter)
    before = marking.verdicts[name]
    assert causes.find([one], causes.Store(Path("/nonexistent/causes"), b"secret"), 1) == 0
    assert marking.verdicts[name].points == before.points
    return one, marking.verdicts[name], right


@pytest.mark.parametrize("name", LEDGERS)
def test_a_wrong_gradient_has_its_ledger_on_the_page(name):
    _, _, needed, other, first = LEDGERS[name]
    one, verdict, _ = looked_at(name)
    assert needed in {step.grade_id for step in one.steps}
    assert other not in {step.grade_id for step in one.steps}
    assert verdict.witness == "ledger"
    assert verdict.cause.startswith(f"first wrong: {first}")
    assert "follows from it" in verdict._repr_html_()


@pytest.mark.sampled
@pytest.mark.parametrize("name", LEDGERS)
@pytest.mark.parametrize(
    "claim", ["np.full((5, 4), np.nan)", "np.full((3, 2), 1e308)", "'<script>'", "np.array(0.25)"]
)
def test_whoever_forges_what_variables_held_gets_other_words_and_nothing_else(name, claim):
    _, verdict, right = looked_at(name, FORGED.replace("{claim}", claim))
    assert verdict.points == diagnosed(name, right[name].replace(*LEDGERS[name][1]))[0].points
    page = verdict._repr_html_()
    assert "<script>" not in page
    assert not [line for line in lines_of(right[name]) if line in page]


def lines_of(solution):
    """Lines of an answer by which it would be known."""
    return [line.strip() for line in solution.splitlines() if "=" in line and len(line.strip()) > 30]
