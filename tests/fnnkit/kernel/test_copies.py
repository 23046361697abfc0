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


@pytest.mark.parametrize(
    "body",
    [
        "sum(range(10**12))",
        "list(range(10**30))",
        "max(range(-(10**13), 0, 1))",
        "list(itertools.count())",
        "sum(1 for _ in itertools.product(range(10), repeat=20))",
        "max(cycle([1, 2]))",
        "import itertools as it\n    list(it.repeat(1))",
        "from itertools import count\n    sum(count())",
        "np.zeros(10**11)",
        "np.ones((10**6, 10**6))",
        "np.arange(1e13)",
        "np.arange(0, 1, 1e-13)",
        "np.linspace(0, 1, 10**11)",
        "np.linspace(0, 1, num=10**11)",
        "np.eye(10**6)",
        "np.tile(np.ones(1000), (10**9, 1))",
        "np.repeat(np.ones(1000), 10**9)",
        "np.kron(np.ones(10**5), np.ones(10**5))",
        "import numpy\n    numpy.zeros(10**11)",
        "zeros((10**6, 10**6))",
    ],
)
def test_what_works_in_c_for_ever_or_takes_all_memory_is_ended(body):
    import itertools
    from itertools import cycle

    space = {"np": np, "itertools": itertools, "cycle": cycle, "zeros": np.zeros}
    begin = time.perf_counter()
    answer = Copies(space, "f", own)(f"def f(x):\n    {body}\n    return x", (1,))
    assert answer.error is not None
    assert answer.error.kind not in ("NameError", "TypeError")
    assert time.perf_counter() - begin < 5


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process cannot be held to its memory")
@pytest.mark.parametrize("body", ["[0] * 10**9", "np.ones(10**5)[:, None] * np.ones(10**5)", "'a' * 10**10"])
def test_on_linux_nothing_takes_all_memory(copies, body):
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    assert copies(f"def f(x):\n    y = {body}\n    return x", (1,)).error.kind == "MemoryError"
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert np.ones(10**6).sum() == 10**6


def test_what_is_held_back_is_otherwise_as_it_was():
    import itertools

    text = """
import numpy.linalg as la
from numpy import zeros
def f(x):
    a = np.zeros((2, 3), dtype=int).shape, zeros(3).size, np.full((2,), 7.0).sum(), np.arange(2, 8, 2).tolist()
    b = [i for i in range(3)], list(range(5, 0, -2)), list(itertools.product([0, 1], repeat=2)), la.norm(np.eye(2))
    c = np.linspace(0, 1, num=3).tolist(), np.tile([1, 2], 2).tolist(), np.repeat([1, 2], [2, 1]).tolist(), len(range(4))
    d = np.arange(3.0).dtype.kind, np.outer([1, 2], [3]).tolist(), next(itertools.count(5)), isinstance(np.ones(1), np.ndarray)
    return list(a + b + c + d)
"""
    answer = Copies({"np": np, "itertools": itertools}, "f", own)(text, (1,))
    space = {"np": np, "itertools": itertools}
    exec(text, space)  # noqa: S102
    assert answer.error is None
    assert answer.value == space["f"](1)


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
