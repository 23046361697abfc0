"""A failed check's message can be copied; what a browser does with it is tested in tests/browser."""

import json
import re

import pytest

from fnnkit.judge.copying import LABEL, Copyable
from fnnkit.judge.verdict import Problem, Result, Verdict


def verdict(problem, call="f(1)"):
    problem = problem and Problem(problem, call=call)
    return Verdict("f", (Result("values", 1.0, 0.0 if problem else 1.0, problem),))


def test_the_text_behind_a_failed_message_is_the_message():
    page = Copyable(verdict("values"))._repr_html_()
    [text] = re.findall(r'<script type="application/json">(.*?)</script>', page, re.S)
    assert json.loads(text) == str(verdict("values"))
    assert page.startswith(verdict("values")._repr_html_())
    assert repr(Copyable(verdict("values"))) == str(verdict("values"))


@pytest.mark.parametrize("problem", [None, "unanswered", "missing"])
def test_what_is_solved_or_not_answered_has_nothing_to_copy(problem):
    assert Copyable(verdict(problem))._repr_html_() == verdict(problem)._repr_html_()


@pytest.mark.parametrize("hostile", ["</script><script>alert(1)</script>", "<!-- <script>", "\u2028"])
def test_no_message_ends_the_script_that_holds_it(hostile):
    page = Copyable(verdict("values", hostile))._repr_html_()
    assert page.count("</script>") == 2
    [text] = re.findall(r'<script type="application/json">(.*?)</script>', page, re.S)
    assert hostile in json.loads(text)


def test_without_a_script_there_is_no_button():
    page = Copyable(verdict("values"))._repr_html_()
    without = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert LABEL not in without
    assert "<button" not in without
