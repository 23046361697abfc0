"""Verdicts and entries as marking gives them, and a page as a browser would read it."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Problem, Result, Verdict
from grader.entry import Entry
from grader.gradebook.scores import Score
from grader.marking.marking import Identity, Marking
from grader.marking.submission import rebuild

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


def harmless(text):
    page = Page(text)
    assert not page.tags & {"script", "iframe", "object", "embed", "link", "form", "base"}
    assert not [a for a in page.attributes if a.startswith("on")]
    assert "default-src 'none'" in page.policy
    assert "script-src" not in page.policy
    assert not [a for a in page.addresses if re.match(r"(?i)\s*(javascript|https?|//)", a)]
    return page


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


@pytest.fixture(scope="session")
def made():
    """What a test of a page is made of."""
    return SimpleNamespace(
        Page=Page, verdict=verdict, entry=entry, all_right=all_right, nothing=nothing, score=score, harmless=harmless,
        hostile_entry=hostile_entry, hostile=HOSTILE,
        points=POINTS, possible=POSSIBLE,
    )  # fmt: skip
