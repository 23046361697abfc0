"""Edited copies run beside the student's own functions, and nothing of the student's changes."""

import random
import signal
import sys
import time
import warnings

import numpy as np
import pytest

from fnnkit.kernel.copies import Copies


def own(x):
    return x + 1


@pytest.fixture
def copies():
    return Copies({"np": np, "kept": 3}, "f", own)


def test_a_copy_is_called_with_the_names_of_the_notebook_and_leaves_them(copies):
    space = {"np": np, "kept": 3}
    answer = Copies(space, "f", own)("kept = 4\ndef f(x):\n    return x + kept", (1,))
    assert answer.value == 5
    assert space == {"np": np, "kept": 3}


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n        pass",
        "for i in range(10**9):\n        x += 1",
        "f(x)",
        "any(i < 0 for i in range(10**9))",
    ],
)
def test_what_does_not_end_is_ended(copies, body):
    begin = time.perf_counter()
    answer = copies(f"def f(x):\n    {body}\n    return x", (1,))
    assert answer.error is not None
    assert time.perf_counter() - begin < 2


def test_numbers_and_arrays_that_grow_without_end_are_ended(copies):
    assert (
        copies("def f(x):\n    x = 3\n    while x:\n        x = x * x\n    return x", (1,)).error is not None
    )
    grown = "def f(x):\n    a = np.ones(8)\n    while True:\n        a = np.concatenate([a, a])\n    return a"
    assert copies(grown, (1,)).error is not None


def test_signal_handlers_tracers_output_warnings_and_random_numbers_are_as_before(copies, capfd):
    handlers = [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)]
    tracer, filters = sys.gettrace(), list(warnings.filters)
    random.seed(1), np.random.seed(1)  # noqa: NPY002
    states = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    copies(
        "import random, warnings, sys\ndef f(x):\n    print('loud')\n    print('loud', file=sys.stderr)\n"
        "    random.random(); np.random.rand()\n"
        "    warnings.simplefilter('error'); np.seterr(all='raise')\n    return np.exp(1e9)",
        (1,),
    )
    assert capfd.readouterr() == ("", "")
    assert [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)] == handlers
    assert sys.gettrace() is tracer
    assert warnings.filters == filters
    assert (random.getstate(), np.random.get_state()[1].tolist()) == states  # noqa: NPY002
    assert np.geterr()["over"] == "warn"


def test_a_copy_that_is_no_python_or_has_no_such_function_is_an_answer(copies):
    assert copies("def f(x:", (1,)).error.kind == "Missing"
    assert copies("g = 1", (1,)).error.kind == "Missing"
