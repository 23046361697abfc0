"""Who is slow goes behind, and has only the time that the class has for the slow."""

from __future__ import annotations

from grader.marking import order
from grader.marking.order import SHORT_SECONDS, SLOW_SECONDS, SLOW_SECONDS_EACH, Order


def test_everybody_has_a_short_turn_before_the_slow_have_a_long_one():
    waiting = Order("abc")
    assert waiting.next() == "a"
    assert not waiting.gives_way(SHORT_SECONDS / 2)
    assert waiting.gives_way(SHORT_SECONDS + 1)
    waiting.behind("a")
    assert [waiting.next(), waiting.next()] == ["b", "c"]
    assert not waiting.gives_way(100)  # nobody waits who has not had a turn
    waiting.behind("c")
    assert [waiting.next(), waiting.next(), waiting.next()] == ["a", "c", None]
    assert waiting.left() == []


def test_the_time_for_the_slow_ends():
    now = [1000.0]
    for size in (3, 1000):
        waiting = Order(range(size), lambda: now[0])
        slow = [waiting.next() for _ in range(size)]
        for one in slow:
            waiting.behind(one)
        assert waiting.next() == 0
        now[0] += max(SLOW_SECONDS, size * SLOW_SECONDS_EACH) - 1
        assert waiting.next() == 1
        now[0] += 2
        assert waiting.next() is None
        assert waiting.left() == slow[2:]


def test_an_ordinary_notebook_is_far_from_slow():
    assert order.SHORT_SECONDS > 10
