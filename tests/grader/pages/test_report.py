"""Pages for instructors and students: the numbers add up, and nothing that a student wrote becomes markup."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Problem, Result, Verdict
from grader.course import Course
from grader.entry import Batch, Entry
from grader.marking.marking import Identity, Marking
from grader.marking.outputs import OutputBudget
from grader.marking.submission import Rebuilt, rebuild
from grader.pages.report import Score, feedback_page, histogram, write_feedback, write_report

ROOT = Path(__file__).resolve().parents[3]
CHAPTER = "ch1_xor"
RELEASED = nbformat.read(ROOT / "course" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
POINTS = {e.name: e.points for e in exercises(CHAPTER) if e.core}
POSSIBLE = sum(POINTS.values())
HOSTILE = "</pre></td><script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{ 7 * 7 }}`"


class Page(HTMLParser):
    """Tags, attributes and text of a page, as a browser would see them."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.addresses, self.text = set(), set(), [], ""
        self.rows, self.policy, self.in_cell = [], "", False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        about = dict(attrs)
        self.addresses += [v for k, v in attrs if k in ("src", "href")]
        if about.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = about["content"]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.in_cell = False

    def handle_data(self, data):
        self.text += data
        if self.in_cell:
            self.rows[-1][-1] += data


def verdict(name, points, *, misconception="", hint="", problem=None, blank=False):
    full = POINTS[name]
    if blank:
        problem = Problem("unanswered", step="write it")
    elif points < full:
        problem = problem or Problem("values", "f(1)", "2", "3")
    return Verdict(name, (Result("all of it", full, points, problem),), misconception, hint)


def entry(student, verdicts=(), *, state="graded", message="", answers=None, cells=None, sandboxed=True):
    marking = Marking({v.exercise: v for v in verdicts}, cells or {}, sandboxed, 1)
    submitted = nbformat.from_dict(RELEASED)
    for cell in submitted.cells:
        name = cell.metadata.nbgrader.grade_id
        if answers and name in answers:
            cell.source = answers[name]
    rebuilt = rebuild(submitted, RELEASED, list(POINTS))
    return Entry(student, state, message, marking, rebuilt, Identity(student, CHAPTER, "0"))


def all_right(student, **more):
    return entry(student, [verdict(name, points) for name, points in POINTS.items()], **more)


def nothing(student):
    return entry(student, [verdict(name, 0.0, blank=True) for name in POINTS])


def score(total=5.0, **more):
    values = {
        "total": total, "possible": POSSIBLE + 1, "penalty": 0.0, "to_mark": False, "manual": {"why_not_linear": 1.0},
        "comments": {}, "written_points": {"why_not_linear": 1.0},
    }  # fmt: skip
    return Score(**(values | more))


def report(tmp_path, entries, known=None):
    batch = Batch(Course(tmp_path), CHAPTER, entries)
    return write_report(batch, tmp_path / "reports" / "r.html", known or {}).read_text(encoding="utf-8")


def harmless(text):
    page = Page(text)
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "form", "base"}
    assert not [a for a in page.attributes if a.startswith("on")]
    assert "default-src 'none'" in page.policy
    assert "script-src" not in page.policy
    assert not [a for a in page.addresses if re.match(r"(?i)\s*(javascript|https?|//)", a)]
    return page


# --- the numbers -----------------------------------------------------------------------------------------


@given(
    st.integers(1, 100)
    .map(lambda n: n / 4)
    .flatmap(
        lambda possible: st.tuples(
            st.just(possible), st.lists(st.integers(0, int(4 * possible)).map(lambda n: n / 4), max_size=40)
        )
    )
)
def test_every_student_stands_in_one_bar_of_the_histogram(case):
    possible, points = case
    bars = histogram(points, possible)
    assert sum(b["count"] for b in bars) == len(points)
    assert len(bars) <= 15
    assert float(bars[0]["label"]) == 0.0
    edges = [float(b["label"]) for b in bars]
    for bar, low, high in zip(bars, edges, [*edges[1:], possible + 1], strict=True):
        assert bar["count"] == sum(low <= p < high for p in points)
    assert all(0 <= b["height"] <= 120 for b in bars)
    assert all(b["x"] >= 20 and b["x"] + b["width"] <= 620.2 for b in bars)


def test_the_tallest_bar_is_the_largest_group():
    bars = histogram([5.0, 5.0, 5.0, 0.0], 5.0)
    assert [b["count"] for b in bars if b["count"]] == [1, 3]
    assert [b["height"] for b in bars if b["count"]] == [40.0, 120.0]
    assert bars[-1]["count"] == 3


def test_success_per_exercise_counts_every_student_once(tmp_path):
    class_ = [
        all_right("a"),
        all_right("b"),
        entry("c", [verdict("mse", 0.75), verdict("fit_linear", 0.0), verdict("xor_network", 2.0)]),
        nothing("d"),
    ]
    rows = {r[0]: r for r in Page(report(tmp_path, class_)).rows if r and r[0] in POINTS and len(r) == 6}
    assert list(rows) == list(POINTS)  # further exercises stand in a table of their own
    counts = {"mse": "2 / 1 / 0 / 1", "fit_linear": "2 / 0 / 1 / 1", "xor_network": "3 / 0 / 0 / 1"}
    assert {name: rows[name][4] for name in counts} == counts
    assert rows["mse"][2].split("\xa0")[0] == "69"  # (1 + 1 + ¾ + 0) / 4
    assert rows["fit_linear"][2].split("\xa0")[0] == "50"


def test_mean_and_median_are_those_of_the_judged_points(tmp_path):
    text = Page(report(tmp_path, [all_right("a"), all_right("b"), nothing("c")])).text
    assert "3 submissions graded" in text
    assert f"mean {2 * POSSIBLE / 3:.2f}, median {POSSIBLE:.2f} of {POSSIBLE:g} points" in text


def test_misconceptions_are_counted_and_the_most_common_comes_first(tmp_path):
    def made(student, name, which):
        return entry(student, [verdict(name, 0.0, misconception=which, hint=f"hint of {which}")])

    class_ = [made(f"s{i}", "mse", "half_the_mean") for i in range(3)]
    class_ += [
        made("t", "fit_linear", "no_intercept"),
        made("u", "mse", "sum_of_squares"),
        made("v", "mse", "sum_of_squares"),
    ]
    rows = [r for r in Page(report(tmp_path, class_)).rows if len(r) == 4 and r[0].isdigit()]
    assert [tuple(" ".join(c.split()) for c in r) for r in rows] == [
        ("3", "msehalf the mean", "hint of half_the_mean", "s0, s1, s2"),
        ("2", "msesum of squares", "hint of sum_of_squares", "u, v"),
        ("1", "fit_linearno intercept", "hint of no_intercept", "t"),
    ]


def test_who_could_not_be_graded_is_listed_apart_with_the_reason(tmp_path):
    text = report(tmp_path, [all_right("a"), Entry("b", "failed", "the file is broken, ask for it again")])
    page = Page(text)
    assert "1 submission graded, 1 could not be graded" in page.text
    assert ["b", "the file is broken, ask for it again"] in page.rows


def test_a_class_that_handed_in_nothing_readable_still_has_a_report(tmp_path):
    page = harmless(report(tmp_path, [Entry("b", "failed", "broken")]))
    assert "0 submissions graded, 1 could not be graded" in page.text


def test_the_table_of_students_has_points_penalty_and_total_of_the_gradebook(tmp_path):
    known = {"a": score(4.5, penalty=0.5), "b": score(2.0, to_mark=True)}
    rows = {r[0]: r[1:] for r in Page(report(tmp_path, [all_right("a"), nothing("b")], known)).rows if r}
    possible = f"{POSSIBLE + 1:g}"
    assert rows["a"] == [f"4.5 / {possible}", "−0.5", "1", *(f"{p:g}" for p in POINTS.values())]
    assert rows["b"] == [f"2 / {possible}", "–", "to mark", *"·" * len(POINTS)]


def test_links_lead_to_the_feedback_pages(tmp_path):
    name = "Zoë O'Neil #1 100%"
    batch = Batch(Course(tmp_path), CHAPTER, [all_right(name)])
    [written] = write_feedback(batch, {name: score()})
    page = Page(report(tmp_path, batch.entries, {name: score()}))
    from urllib.parse import unquote

    [link] = page.addresses
    assert (tmp_path / "reports" / unquote(link)).resolve() == written.resolve()


def test_pages_are_the_same_at_every_run(tmp_path):
    class_ = [all_right("a"), nothing("b")]
    assert report(tmp_path, class_) == report(tmp_path, class_)
    stamp = (tmp_path / "reports" / "r.html").stat().st_mtime_ns
    report(tmp_path, class_)
    assert (tmp_path / "reports" / "r.html").stat().st_mtime_ns == stamp


def test_work_without_a_sandbox_is_said_on_both_pages(tmp_path):
    trusted = all_right("a", sandboxed=False)
    warning = "run without a sandbox"
    assert warning in report(tmp_path, [trusted, all_right("b")])
    assert warning in feedback_page(trusted, CHAPTER, score())
    assert warning not in report(tmp_path, [all_right("b")])
    assert warning not in feedback_page(all_right("b"), CHAPTER, score())


# --- nothing becomes markup ------------------------------------------------------------------------------


def hostile_entry(state="graded"):
    problem = Problem("raised", *[HOSTILE] * 6)
    bad = verdict("mse", 0.0, misconception=HOSTILE, hint=HOSTILE, problem=problem)
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": HOSTILE},
        {"output_type": "error", "ename": HOSTILE, "evalue": HOSTILE, "traceback": [HOSTILE]},
        {"output_type": "error", "ename": HOSTILE, "evalue": HOSTILE, "traceback": []},
        {"output_type": "display_data", "data": {"text/plain": HOSTILE}, "metadata": {}},
    ]
    answers = {"mse": f"def mse(a, b):\n    # {HOSTILE}\n    return 1", "why_not_linear": HOSTILE}
    return entry(HOSTILE, [bad], state=state, message=HOSTILE, answers=answers, cells={"mse": outputs})


def test_a_hostile_student_stays_text_in_the_report(tmp_path):
    page = harmless(
        report(tmp_path, [hostile_entry(), Entry(HOSTILE, "failed", HOSTILE)], {HOSTILE: score()})
    )
    assert page.text.count("<script>alert(1)</script>") >= 4
    assert "49" not in page.text
    assert "img" not in page.tags


def test_a_hostile_student_stays_text_on_the_feedback_page():
    known = score(comments={"mse": HOSTILE})
    page = harmless(feedback_page(hostile_entry(), CHAPTER, known))
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
def test_a_hostile_written_answer_is_harmless(written):
    handed_in = entry("a", answers={"why_not_linear": written})
    page = harmless(feedback_page(handed_in, CHAPTER, score()))
    assert not page.tags & {"svg", "img", "button"}
    assert not re.search(r"<[^>]*style=[\"'][^>]*position", feedback_page(handed_in, CHAPTER, score()))


def test_a_written_answer_keeps_its_form_and_its_mathematics():
    text = feedback_page(
        entry("a", answers={"why_not_linear": "**So** $w_2 < 1$ and\n\n- one\n- two"}), CHAPTER, score()
    )
    page = Page(text)
    assert {"strong", "li"} <= page.tags
    assert "<msub><mi>w</mi><mn>2</mn></msub>" in text
    assert "w2<1" in page.text


def test_half_a_surrogate_pair_in_outputs_and_messages_can_be_written(tmp_path):
    budget = OutputBudget()
    budget.take("stream", {"name": "stdout", "text": "a\ud800b"})
    budget.take("error", {"ename": "E\ud800", "evalue": "\ud800", "traceback": ["\ud800"]})
    budget.take("display_data", {"data": {"text/plain": "\ud800"}})
    handed_in = all_right("a", cells={"mse": budget.outputs})
    [path] = write_feedback(Batch(Course(tmp_path), CHAPTER, [handed_in]), {"a": score()})
    assert "a?b" in path.read_text(encoding="utf-8")


def test_colours_of_a_terminal_are_left_out():
    outputs = [{"output_type": "error", "ename": "E", "evalue": "", "traceback": ["\x1b[0;31mred\x1b[0m"]}]
    text = feedback_page(all_right("a", cells={"mse": outputs}), CHAPTER, score())
    assert "<pre>red</pre>" in text


# --- what a student reads --------------------------------------------------------------------------------


def test_feedback_has_each_exercise_with_its_verdict_the_code_and_the_marks():
    bad = verdict("mse", 0.75, hint="the shapes")
    handed_in = entry(
        "Ana", [bad, verdict("fit_linear", 2.0)], answers={"mse": "def mse(a, b):\n    return 7 < 8"}
    )
    page = Page(feedback_page(handed_in, CHAPTER, score(3.75, comments={"why_not_linear": "well argued"})))
    assert f"Ana · 3.75 of {POSSIBLE + 1:g} points" in page.text
    assert "mse: 0.75 of 1 points" in page.text
    assert "fit_linear: 2 of 2 points" in page.text
    assert "return 7 < 8" in page.text
    assert "well argued" in page.text
    assert "1 of 1 points" in page.text


def test_a_mark_still_to_come_and_a_penalty_are_said():
    text = Page(feedback_page(all_right("a"), CHAPTER, score(to_mark=True, penalty=1.5, manual={}))).text
    assert "so far; a written answer is still to be marked by hand" in text
    assert "1.5 taken off for being late" in text
    assert "1 point, marked by hand" in text


def test_who_failed_or_is_unknown_to_the_gradebook_gets_no_page(tmp_path):
    class_ = [all_right("a"), all_right("b", state="failed"), all_right("c")]
    written = write_feedback(Batch(Course(tmp_path), CHAPTER, class_), {"a": score(), "b": score()})
    assert written == [tmp_path / "feedback" / "a" / CHAPTER / f"{CHAPTER}.html"]


def test_a_rebuilt_notebook_is_what_the_page_shows_and_not_what_was_handed_in():
    assert isinstance(all_right("a").rebuilt, Rebuilt)
    page = feedback_page(entry("a", answers={"check_mse": "steal()"}), CHAPTER, score())
    assert "steal" not in page


def test_the_milestone_is_said_when_all_that_it_chains_has_full_marks_and_only_then(monkeypatch):
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
        return Page(feedback_page(handed_in, chapter, score())).text

    assert "Milestone: your own network learns. All functions that it runs have full marks" in page()
    # adagrad_step is not part of it; forward is.
    assert "Milestone: your own network learns" in page(adagrad_step=0.0)
    assert "Milestone" not in page(forward=core["forward"] - 0.25)
    assert "Milestone: XOR, 1969. All functions" in Page(feedback_page(all_right("a"), CHAPTER, score())).text
    monkeypatch.delattr(sys.modules["fnnkit.exercises.ch1_xor"], "MILESTONE")
    assert "Milestone" not in Page(feedback_page(all_right("a"), CHAPTER, score())).text
