"""A verdict says the same as text, HTML and JSON, and no text in it becomes markup."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnnkit.judge.verdict import Problem, Result, Verdict, code

texts = st.text(max_size=30)
problems = st.builds(
    Problem,
    st.sampled_from(["values", "shape", "raised", "missing", "unanswered"]),
    texts,
    texts,
    texts,
    texts,
    texts,
    texts,
)
quarters = st.integers(1, 12).map(lambda n: n / 4)
results = st.builds(Result, texts, quarters, quarters, st.one_of(st.none(), problems), texts, st.booleans())
verdicts = st.builds(
    Verdict, texts, st.lists(results, min_size=1, max_size=4).map(tuple), texts, texts, texts,
    st.lists(texts, max_size=2).map(tuple),
)  # fmt: skip


class Seen(HTMLParser):
    """What a browser would make of a page: tags, attributes, text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = set(), set(), "", []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("br",):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def verdict_with(problem=None, **more):
    failed = Result("the mean", 0.5, 0.0 if problem else 0.5, problem)
    waiting = Result("the rest", 0.25, 0.0 if problem else 0.25, waits_for="the mean" if problem else "")
    return Verdict("mse", (failed, waiting), **more)


WRONG = Problem("values", "mse(1, 2)", "3", "4", "entry [0]: yours 3, expected 4", "a `cause`", "one step")


@given(verdicts)
def test_json_brings_back_the_same_verdict(verdict):
    assert Verdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict


@given(verdicts)
def test_html_holds_only_the_verdicts_own_tags_and_attributes_whatever_the_texts_are(verdict):
    seen = Seen(verdict._repr_html_())
    assert seen.tags <= {"div", "strong", "table", "tr", "td", "th", "code", "br"}
    assert seen.attributes <= {"role", "aria-label", "style", "scope"}
    assert seen.open == []


HOSTILE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "`<b>`", "&lt;script&gt;",
    "</td></tr></table></div><script>alert(1)</script>", "<!-- ", "`" * 3 + "<svg onload=alert(1)>",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(
    "place", ["exercise", "hint", "follows_from", "note", "criterion", "call", "yours", "expected", "finding", "cause", "step"]
)  # fmt: skip
def test_a_hostile_text_in_any_place_is_shown_and_not_obeyed(place, hostile):
    fields = dict.fromkeys(("call", "yours", "expected", "finding", "cause", "step"), "x")
    if place in fields:
        fields[place] = hostile
    verdict = Verdict(
        hostile if place == "exercise" else "mse",
        (Result(hostile if place == "criterion" else "the mean", 1.0, 0.0, Problem("raised", **fields)),),
        hint=hostile if place == "hint" else "",
        follows_from=hostile if place == "follows_from" else "",
        notes=(hostile,) if place == "note" else (),
    )
    page = verdict._repr_html_()
    seen = Seen(page)
    assert seen.tags <= {"div", "strong", "table", "tr", "td", "th", "code"}
    assert seen.attributes <= {"role", "aria-label", "style", "scope"}
    assert hostile.replace("`", "") in seen.text.replace("`", "")


def test_text_between_backticks_is_code_and_an_unpaired_backtick_is_left_as_it_is():
    assert Seen(code("use `X @ W` here")).tags == {"code"}
    assert Seen(code("use `X @ W` here")).text == "use X @ W here"
    assert Seen(code("a ` b")).tags == set()
    assert Seen(code("a ` b")).text == "a ` b"
    assert Seen(code("a `b` c", whole=True)).text == "a `b` c"


def test_the_text_has_every_part_of_the_explanation_in_the_order_of_reading():
    text = str(verdict_with(WRONG, follows_from="relu", notes=("by the way",)))
    parts = [
        "✗ mse: 0 of 0.75 points",
        "relu",
        "mse(1, 2)",
        "3",
        "4",
        "entry [0]",
        "a `cause`",
        "one step",
        "by the way",
    ]
    places = [text.index(part) for part in parts[:2]] + [text.index(p, text.index("Run:")) for p in parts[2:]]
    assert places == sorted(places)
    assert text == repr(verdict_with(WRONG, follows_from="relu", notes=("by the way",)))


def test_text_and_html_say_the_same():
    verdict = verdict_with(WRONG, hint="hinted", notes=("a note",))
    said = Seen(verdict._repr_html_()).text
    for label, text in verdict.lines():
        assert label in said
        assert text.replace("`", "") in said.replace("`", "")
        assert text in str(verdict)


def test_the_hint_of_a_recognised_mistake_stands_in_the_place_of_the_guess():
    labels = dict(verdict_with(WRONG, hint="known mistake").lines())
    assert labels["Likely cause"] == "known mistake"
    assert dict(verdict_with(WRONG).lines())["Likely cause"] == "a `cause`"


def test_a_criterion_that_waits_says_for_which_one():
    assert "judged once “the mean” is right" in str(verdict_with(WRONG))
    assert verdict_with(WRONG).rows()[1][0] == "·"


@pytest.mark.parametrize(
    ("earned", "points"),
    [((0.5, 0.25), 0.75), ((0.0, 0.0), 0.0), ((0.5, 0.0), 0.5), ((9.0, 9.0), 1.0), ((-3.0, 0.5), 0.0)],
)
def test_points_are_the_sum_between_nothing_and_everything(earned, points):
    verdict = Verdict("f", (Result("a", 0.5, earned[0]), Result("b", 0.5, earned[1])))
    assert verdict.points == points
    assert type(verdict.points) is float
    assert verdict.possible == 1.0
    assert type(verdict.possible) is float


def test_a_sum_of_many_quarters_is_never_a_rounding_error_above_the_maximum():
    verdict = Verdict("f", tuple(Result(str(i), 0.25, 0.25) for i in range(40)))
    assert verdict.points == verdict.possible == 10.0


@pytest.mark.parametrize(
    ("kind", "attempted", "mark"),
    [("missing", False, "○"), ("unanswered", False, "○"), ("values", True, "✗")],
)
def test_what_was_never_written_is_not_called_wrong(kind, attempted, mark):
    verdict = verdict_with(Problem(kind, step="write it"))
    assert verdict.attempted is attempted
    assert verdict.headline().startswith(mark)
    assert ("not answered yet" in verdict.headline()) is not attempted


def test_solved_means_that_every_criterion_is_met():
    assert verdict_with().solved
    assert verdict_with().headline() == "✓ mse: 0.75 of 0.75 points"
    assert not verdict_with(WRONG).solved
    last_wrong = Verdict("f", (Result("a", 0.5, 0.5), Result("b", 0.5, 0.0, WRONG)))
    assert not last_wrong.solved
    assert last_wrong.problem is WRONG


def test_lines_of_a_message_are_kept_apart_and_indented():
    text = str(verdict_with(Problem("raised", yours="first\nsecond")))
    assert "Yours:        first\n" + " " * 16 + "second" in text
