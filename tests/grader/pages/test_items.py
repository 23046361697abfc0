"""Item analysis against numbers computed by hand and by NumPy."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fnnkit.judge.verdict import Problem, Result, Verdict
from grader.entry import Entry
from grader.marking.marking import Marking
from grader.pages.items import FEWEST, analyse, correlation

ASKED = [
    SimpleNamespace(name="first", points=1.0, core=True, misconceptions=()),
    SimpleNamespace(name="second", points=2.0, core=True, misconceptions=()),
    SimpleNamespace(name="third", points=1.0, core=False, misconceptions=()),
]


def verdict(name, points, full, misconception=""):
    if points is None:
        return Verdict(name, (Result("all", full, 0.0, Problem("unanswered")),))
    if points == full:
        return Verdict(name, (Result("all", full, full),))
    wrong = Result("values", full - points, 0.0, Problem("values"))
    rest = (Result("shape", points, points),) if points else ()
    return Verdict(name, (wrong, *rest), misconception, f"hint of {misconception}" if misconception else "")


def class_of(*rows):
    """Students with points of the first, second and third exercise."""
    return [
        Entry(
            f"s{i:02}",
            marking=Marking({e.name: verdict(e.name, p, e.points) for e, p in zip(ASKED, row, strict=True)}),
        )
        for i, row in enumerate(rows)
    ]


def test_every_student_is_counted_once_in_each_exercise():
    first, second, third = analyse(
        ASKED, class_of((1, 2, None), (0.5, 0, 1), (0, None, 0), (None, 1.5, 0.25))
    )
    assert (first.full, first.some, first.none, first.blank) == (1, 1, 1, 1)
    assert (second.full, second.some, second.none, second.blank) == (1, 1, 1, 1)
    assert (third.full, third.some, third.none, third.blank) == (1, 1, 1, 1)
    assert first.difficulty == pytest.approx(1.5 / 4)
    assert second.difficulty == pytest.approx(3.5 / 8)
    assert [i.core for i in (first, second, third)] == [True, True, False]


def test_discrimination_is_the_correlation_with_all_other_core_exercises():
    rng = np.random.default_rng(4)
    points = [(0.25 * rng.integers(5), 0.25 * rng.integers(9), 0.25 * rng.integers(5)) for _ in range(30)]
    first, second, third = analyse(ASKED, class_of(*points))
    a, b, c = np.array(points).T
    assert first.discrimination == pytest.approx(
        np.corrcoef(a, b)[0, 1]
    )  # without itself, without the further one
    assert second.discrimination == pytest.approx(np.corrcoef(b, a)[0, 1])
    assert third.discrimination == pytest.approx(np.corrcoef(c, a + b)[0, 1])


def test_discrimination_is_left_open_in_small_classes_and_where_all_are_alike():
    small = analyse(ASKED, class_of(*[(i % 2, 2 * (i % 2), 0) for i in range(FEWEST - 1)]))
    large = analyse(ASKED, class_of(*[(i % 2, 2 * (i % 2), 0) for i in range(FEWEST)]))
    assert small[0].discrimination is None
    assert large[0].discrimination == pytest.approx(1.0)
    assert large[2].discrimination is None
    assert analyse(ASKED[:1], class_of())[0].discrimination is None


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=FEWEST, max_size=40))
def test_correlations_are_those_of_numpy(pairs):
    a, b = zip(*pairs, strict=True)
    found = correlation(a, b)
    if len(set(a)) < 2 or len(set(b)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(np.corrcoef(a, b)[0, 1], abs=1e-12)


def test_mistakes_come_with_all_who_made_them_the_most_frequent_first():
    names = ["a_sign", "a_factor", "a_factor", "", "a_factor", "a_sign", "no_root"]
    entries = [
        Entry(f"s{i}", marking=Marking({"first": verdict("first", 0, 1.0, name)}))
        for i, name in enumerate(names)
    ]
    [first] = analyse(ASKED[:1], entries)
    assert [(m.name, m.students) for m in first.mistakes] == [
        ("a factor", ("s1", "s2", "s4")), ("a sign", ("s0", "s5")), ("no root", ("s6",)),
    ]  # fmt: skip
    assert first.mistakes[0].hint == "hint of a_factor"
