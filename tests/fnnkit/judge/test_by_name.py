"""Results under names: what is compared, and what is said of a missing key or another type."""

import numpy as np
import pytest

from fnnkit.judge.by_name import agrees_on
from fnnkit.judge.exercise import Case, Criterion, Exercise
from fnnkit.kernel.call import call


def reference(x):
    return {"a": x + 1.0, "b": 2.0 * x}


def pair(x):
    return x.sum(), {"a": x + 1.0, "b": 2.0 * x}


def judged(answer, test, asked=reference, returns=()):
    exercise = Exercise("f", "c", asked, lambda rng: [], (Criterion("v", 1.0, test),), (), 1, 1, returns)
    cases = [Case((np.array([1.0, -2.0]),), "v")]
    return exercise.judge(cases, [call(answer, c.args) for c in cases]).results[0].problem


def test_other_keys_and_another_order_do_not_matter():
    assert judged(lambda x: {"more": 1, "b": 2.0 * x, "a": x + 1.0}, agrees_on()) is None
    assert judged(lambda x: {"a": x + 1.0, "b": None}, agrees_on("a")) is None
    assert judged(lambda x: (0.0, {"b": 2 * x, "a": x + 1}), agrees_on(part=1), pair, ("s", "d")) is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: {"a": x + 1.0}, "has no key 'b'"),
        (lambda x: {"a": x + 1.0, "b": x}, "`b"),
        (lambda x: [x + 1.0, 2.0 * x], "of type list"),
        (lambda x: None, "None"),
    ],
)
def test_the_first_difference_is_named(answer, words):
    assert words in judged(answer, agrees_on()).finding


def test_a_single_value_where_several_are_asked_for():
    problem = judged(reference, agrees_on(part=1), pair, ("s", "d"))
    assert "return s, d" in problem.step


def test_an_error_is_described():
    assert judged(lambda x: x["a"], agrees_on()).kind == "raised"
