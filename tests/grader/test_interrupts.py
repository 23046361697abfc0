"""Ctrl-C is heard where work can stop, and never lost."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from grader import interrupts


@pytest.fixture(autouse=True)
def heard():
    """Whoever runs tests in the background hands the ignoring of Ctrl-C down to them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Interrupted:
    """A finaliser into which Ctrl-C falls: Python prints the exception, and goes on."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)


def interrupted_work(reached):
    """Somebody presses Ctrl-C in the middle."""
    with interrupts.held() as stop_if_asked:
        stop_if_asked()
        Interrupted()
        reached.append("after it was pressed")
        stop_if_asked()
        reached.append("too far")


def test_it_ends_the_work_where_that_is_asked():
    reached = []
    with pytest.raises(KeyboardInterrupt):
        interrupted_work(reached)
    assert reached == ["after it was pressed"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def work_that_never_asks(problem=None):
    """Somebody presses Ctrl-C, and something goes wrong perhaps."""
    with interrupts.held():
        Interrupted()
        if problem:
            raise problem


def test_at_the_end_it_is_asked_for():
    with pytest.raises(KeyboardInterrupt):
        work_that_never_asks()


def test_another_exception_is_not_hidden():
    with pytest.raises(ValueError, match="mine"):
        work_that_never_asks(ValueError("mine"))


def test_an_inner_one_leaves_it_to_the_outer_one():
    reached = []
    with pytest.raises(KeyboardInterrupt), interrupts.held():
        reached.append(interrupted_work(reached))
    assert reached == ["after it was pressed", "too far", None]


def test_in_another_thread_it_does_nothing():
    done = []

    def work():
        with interrupts.held() as stop_if_asked:
            stop_if_asked()
            done.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [signal.default_int_handler]
