"""The feedback page: mistakes first, and nothing that a student wrote becomes markup."""

import re
import sys
from pathlib import Path

import nbformat
import pytest

from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Problem, Result, Verdict
from grader.course import Course
from grader.entry import Batch, Entry
from grader.gradebook.scores import Mark
from grader.marking.marking import Identity, Marking
from grader.marking.outputs import OutputBudget
from grader.marking.submission import Rebuilt, rebuild
from grader.pages.feedback import broken_page, feedback_page, handed_out, write_feedback

ROOT = Path(__file__).resolve().parents[3]
CHAPTER = "ch1_xor"


def test_feedback_has_each_exercise_with_its_verdict_the_code_and_the_marks(made):
    bad = made.verdict("mse", 0.75, hint="the shapes")
    handed_in = made.entry(
        "Ana", [bad, made.verdict("fit_linear", 2.0)], answers={"mse": "def mse(a, b):\n    return 7 < 8"}
    )
    page = made.Page(
        feedback_page(handed_in, CHAPTER, made.score(3.75, comments={"why_not_linear": "well argued"}))
    )
    assert f"Ana · 3.75 of {made.possible + 1:g} points" in page.text
    assert "mse: 0.75 of 1 points" in page.text
    assert "fit_linear: 2 of 2 points" in page.text
    assert "return 7 < 8" in page.text
    assert "well argued" in page.text
    assert "1 of 1 points" in page.text


def test_a_mark_still_to_come_and_a_penalty_are_said(made):
    text = made.Page(
        feedback_page(made.all_right("a"), CHAPTER, made.score(to_mark=True, penalty=1.5, manual={}))
    ).text
    assert "so far; a written answer is still to be marked by hand" in text
    assert "1.5 taken off for being late" in text
    assert "1 point, to be marked by hand" in text


def test_who_failed_or_is_unknown_to_the_gradebook_gets_no_page(made, tmp_path):
    class_ = [made.all_right("a"), made.all_right("b", state="failed"), made.all_right("c")]
    written = write_feedback(Batch(Course(tmp_path), CHAPTER, class_), {"a": made.score(), "b": made.score()})
    assert written == [tmp_path / "feedback" / "a" / CHAPTER / f"{CHAPTER}.html"]


def test_a_rebuilt_notebook_is_what_the_page_shows_and_not_what_was_handed_in(made):
    assert isinstance(made.all_right("a").rebuilt, Rebuilt)
    page = feedback_page(made.entry("a", answers={"check_mse": "steal()"}), CHAPTER, made.score())
    assert "steal" not in page


def test_the_milestone_is_said_when_all_that_it_chains_has_full_marks_and_only_then(made, monkeypatch):
    chapter = "ch5_backprop"
    released = nbformat.read(ROOT / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    core = {e.name: e.points for e in exercises(chapter) if e.core}

    def page(**lower):
        verdicts = {}
        for name, points in core.items():
            got = lower.get(name, points)
            problem = None if got == points else Problem("values", "f(1)", "2", "3")
            verdicts[name] = Verdict(name, (Result("all of it", points, got, problem),))
        rebuilt = rebuild(nbformat.from_dict(released), released, list(core))
        handed_in = Entry(
            "a", "graded", "", Marking(verdicts, {}, True, 1), rebuilt, Identity("a", chapter, "0")
        )
        return made.Page(feedback_page(handed_in, chapter, made.score())).text

    assert "Milestone: your own network learns. All functions that it runs have full marks" in page()
    # adagrad_step is not part of it; forward is.
    assert "Milestone: your own network learns" in page(adagrad_step=0.0)
    assert "Milestone" not in page(forward=core["forward"] - 0.25)
    assert (
        "Milestone: XOR, 1969. All functions"
        in made.Page(feedback_page(made.all_right("a"), CHAPTER, made.score())).text
    )
    monkeypatch.delattr(sys.modules["fnnkit.exercises.ch1_xor"], "MILESTONE")
    assert "Milestone" not in made.Page(feedback_page(made.all_right("a"), CHAPTER, made.score())).text


def test_work_without_a_sandbox_is_said(made):
    warning = "run without a sandbox"
    assert warning in feedback_page(made.all_right("a", sandboxed=False), CHAPTER, made.score())
    assert warning not in feedback_page(made.all_right("b"), CHAPTER, made.score())


def mixed(made, **more):
    """Solved, partly right, wrong twice with the same advice, and not answered."""
    same = Problem("values", "f(1)", "2", "3", step="Compute it by hand.")
    verdicts = {name: made.verdict(name, points) for name, points in made.points.items()}
    verdicts |= {
        "relu": made.verdict("relu", 0.0, blank=True),
        "collapse_linear": made.verdict("collapse_linear", 0.0, problem=same),
        "mse": made.verdict("mse", 0.5, problem=same),
    }
    return made.entry("Ana", list(verdicts.values()), answers={"mse": "def mse(a, b): ..."}, **more)


def test_mistakes_come_first_and_what_is_solved_is_folded(made):
    page = feedback_page(mixed(made), CHAPTER, made.score())
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings == ["To look at", "Written", "Not answered", "Solved"]
    wrong, _, rest = page.partition("<h2>Written</h2>")
    assert re.findall(r'<section class="exercise" id="(\w+)">', wrong) == ["mse", "collapse_linear"]
    solved = rest.partition("<h2>Solved</h2>")[2]
    # Of further ones, which come last, the tests' class has no verdict.
    names = [e.name for e in sorted(exercises(CHAPTER), key=lambda e: not e.core)]
    expected = [name for name in names if name not in ("mse", "collapse_linear", "relu")]
    assert re.findall(r'<details class="solved folded" id="(\w+)">', solved) == expected


def test_partial_credit_has_a_sign_of_its_own(made):
    page = feedback_page(mixed(made), CHAPTER, made.score())
    assert "◐ mse: 0.5 of 1 points" in page
    assert "✗ collapse_linear: 0 of" in page
    assert "✗ mse" not in page
    assert "✓ fit_linear: 2 of 2 points" in page


def test_the_same_advice_is_given_once_on_a_page(made):
    assert feedback_page(mixed(made), CHAPTER, made.score()).count("Compute it by hand.") == 1


def test_what_was_left_out_is_one_line_that_asks_for_nothing(made):
    nobody = Mark("why_not_linear", 1.0, judged=0.0, written=True)
    page = made.Page(
        feedback_page(
            mixed(made),
            CHAPTER,
            made.score(manual={"why_not_linear": 0.0}, marks=(nobody,)),
        )
    )
    left = page.text.partition("Not answered")[2].partition("Solved")[0].split()
    assert left == ["Why", "not", "linear", "0", "/", "1", "relu", "0", "/", "1"]
    assert "write it" not in page.text
    assert "run both cells" not in page.text


def test_what_an_instructor_wrote_is_never_folded(made):
    page = feedback_page(mixed(made), CHAPTER, made.score(comments={"fit_linear": "neat", "relu": "ask me"}))
    assert '<details class="solved folded" id="fit_linear" open>' in page
    assert page.count("Your instructor:") == 2


def test_the_page_is_headed_by_the_title_of_the_chapter(made):
    page = feedback_page(mixed(made), CHAPTER, made.score())
    assert "<h1>Chapter 1 · Learning XOR</h1>" in page


def test_a_student_whose_file_is_broken_gets_a_page(made, tmp_path):
    course = Course(ROOT)
    broken = Entry("Ben", "failed", "ch1_xor.ipynb is not JSON")
    batch = Batch(course, CHAPTER, [broken])
    page = broken_page(broken, CHAPTER, handed_out(batch), made.score(name="Ben Broken"))
    text = made.harmless(page).text
    assert "Chapter 1 · Learning XOR" in text
    assert "Ben Broken" in text
    assert "could not be marked: ch1_xor.ipynb is not JSON." in text
    assert handed_out(Batch(Course(tmp_path), CHAPTER)) == CHAPTER
    assert broken_page(Entry("../x", "failed", "no"), CHAPTER, CHAPTER) == ""


# --- nothing becomes markup ------------------------------------------------------------------------------


def test_a_hostile_student_stays_text_on_the_feedback_page(made):
    known = made.score(comments={"mse": made.hostile})
    page = made.harmless(feedback_page(made.hostile_entry(), CHAPTER, known))
    assert page.text.count("<script>alert(1)</script>") >= 8
    assert "{{ 7 * 7 }}" in page.text
    assert "img" not in page.tags


@pytest.mark.parametrize(
    "written",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<a href='javascript:alert(1)'>x</a>",
     "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe src='data:text/html,x'></iframe>",
     "<form action='/'><button>x</button></form>",
     "<style>body{display:none}</style>", "<p style='position:fixed;top:0'>x</p>", "![x](data:text/html,x)"],
)  # fmt: skip
def test_a_hostile_written_answer_is_harmless(made, written):
    handed_in = made.entry("a", answers={"why_not_linear": written})
    page = made.harmless(feedback_page(handed_in, CHAPTER, made.score()))
    assert not page.tags & {"svg", "img", "button"}
    assert not re.search(r"<[^>]*style=[\"'][^>]*position", feedback_page(handed_in, CHAPTER, made.score()))


def test_a_written_answer_keeps_its_form_and_its_mathematics(made):
    text = feedback_page(
        made.entry("a", answers={"why_not_linear": "**So** $w_2 < 1$ and\n\n- one\n- two"}),
        CHAPTER,
        made.score(),
    )
    page = made.Page(text)
    assert {"strong", "li"} <= page.tags
    assert "<msub><mi>w</mi><mn>2</mn></msub>" in text
    assert "w2<1" in page.text


def test_half_a_surrogate_pair_in_outputs_and_messages_can_be_written(made, tmp_path):
    budget = OutputBudget()
    budget.take("stream", {"name": "stdout", "text": "a\ud800b"})
    budget.take("error", {"ename": "E\ud800", "evalue": "\ud800", "traceback": ["\ud800"]})
    budget.take("display_data", {"data": {"text/plain": "\ud800"}})
    handed_in = made.all_right("a", cells={"mse": budget.outputs})
    [path] = write_feedback(Batch(Course(tmp_path), CHAPTER, [handed_in]), {"a": made.score()})
    assert "a?b" in path.read_text(encoding="utf-8")


def test_colours_of_a_terminal_are_left_out(made):
    outputs = [{"output_type": "error", "ename": "E", "evalue": "", "traceback": ["\x1b[0;31mred\x1b[0m"]}]
    text = feedback_page(made.all_right("a", cells={"mse": outputs}), CHAPTER, made.score())
    assert "<pre>red</pre>" in text
