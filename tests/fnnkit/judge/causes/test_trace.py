"""Where numbers are lost: the first operation that gives ∞ or NaN from finite numbers, rounds to 0 or cancels."""

import ast
import re

import numpy as np
import pytest

from fnnkit.judge.attempt import diagnosed
from fnnkit.judge.causes.trace import Event, _events, _infinite
from fnnkit.kernel.tracing import Trace, operator

SAID = {
    "overflow": (
        "softplus",
        "def softplus(z):\n    return np.log(1 + np.exp(z))",
        "Line 2, `np.exp(z)`: it gives ∞ for ",
    ),
    "logarithm of 0": (
        "log_softmax",
        "def log_softmax(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
        "    return np.log(e / e.sum(axis=-1, keepdims=True))",
        "the logarithm of a number that was rounded to 0 before: in line 2, `np.exp(",
    ),
    "the way that is not taken": (
        "sigmoid",
        "def sigmoid(z):\n    return np.where(z > 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))",
        "Line 2, `np.exp(-z)`: it gives ∞ where `-z` is ",
    ),
    "in a block": (
        "softmax",
        "def softmax(z):\n    with np.errstate(over='warn'):\n        e = np.exp(z)\n"
        "    return e / e.sum(axis=-1, keepdims=True)",
        "Line 3, `np.exp(z)`: it gives ∞ for ",
    ),
    "digits": (
        "rbf_kernel",
        "def rbf_kernel(A, B, gamma):\n    d = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * A @ B.T\n"
        "    return np.exp(-gamma * d)",
        "are subtracted, and ",
    ),
    "a row against a column": (
        "heteroscedastic_nll",
        "def heteroscedastic_nll(a, y):\n    mu, s = a[:, :1], softplus(a[:, 1:])\n"
        "    return np.mean(0.5 * ((y - mu) / s) ** 2 + np.log(s) + 0.5 * np.log(2 * np.pi))",
        "Line 3, `y - mu`: one side has shape (2,) and the other (2, 1), so numpy takes each entry of the one with each of the",
    ),
}


@pytest.mark.usefixtures("nothing_registered")
@pytest.mark.parametrize("what", SAID)
def test_the_place_and_its_numbers_are_said(what):
    name, text, words = SAID[what]
    verdict, found = diagnosed(name, text)
    assert not verdict.solved
    assert found.witness == "trace"
    assert words in found.said()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "softmax",
            "def softmax(z):\n    e = np.exp(z)\n    return e / np.sum(e ** 2)",
        ),  # another mistake fails first
        (
            "rbf_kernel",
            "def rbf_kernel(A, B, gamma):\n    return np.exp(-gamma * (A - 1 - A)[:, :1] * (B + 1 - B)[:, 0])",
        ),
        ("softplus", "def softplus(z):\n    raise ValueError"),
    ],
)
def test_where_numbers_are_not_what_failed_nothing_is_said(name, text):
    found = diagnosed(name, text)[1]
    assert found is None or found.witness != "trace"


def test_a_traced_call_within_another_gives_its_own_value():
    trace = Trace()

    def down(n):
        return 1.0 if not n else trace.run(n, operator.truediv, trace.call(down, (n - 1,)), 1e-200)

    assert trace.call(down, (0,)) == []
    assert trace.call(down, (2,)) == [["infinite", 2, [1e200, 1e-200], np.inf]]


def test_the_first_operation_that_loses_a_number_is_kept():
    trace = Trace()

    def work(x):
        a = trace.run(3, np.exp, x)
        b = trace.run(4, np.exp, 2 * x)
        return trace.run(5, operator.sub, a, b)

    with np.errstate(all="ignore"):
        assert trace.call(work, (np.array([1.0, 800.0]),)) == [["infinite", 3, [800.0], np.inf]]
        assert trace.call(work, (np.array([np.inf]),)) == []  # nothing finite went in
        assert trace.call(work, (np.array([-800.0]),)) == [["zero", 3, [-800.0], 0.0]]


@pytest.mark.parametrize(
    "lie",
    [None, "text", [1, 2], [["infinite", 99, [1.0], 2.0]], [["infinite", "0", [1.0], 2.0]], [["<b>", 0, [1.0], 2.0]],
     [["infinite", 0, ["x"], 2.0]], [["infinite", -1, [1.0], 2.0]], [["infinite", 0, [10**400], 2.0]], [[]]],
)  # fmt: skip
def test_what_a_copy_says_is_taken_only_if_it_can_be(lie):
    assert _events(lie, [ast.expr()]) == {}


def test_numbers_of_any_size_are_written_in_a_few_characters():
    node = ast.parse("a / b", mode="eval").body
    for number in (1e308, -5e-324, np.nan, 1 / 3, 12345678.9, 0.0):
        assert len(_infinite({"infinite": Event(node, (number, number), np.inf)}, "a / b")) < 60


def test_an_error_far_beyond_roundings_is_another_mistake():
    name, text, _ = SAID["digits"]
    wrong = text.replace("np.exp(-gamma * d)", "np.exp(-gamma * d) + 1")
    found = diagnosed(name, wrong)[1]
    assert found is None or found.witness != "trace"


def test_the_call_that_is_traced_is_the_one_that_is_shown():
    """Which branch overflows depends on the call."""
    verdict, found = diagnosed(
        "softplus_grad",
        "def softplus_grad(z):\n    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (np.exp(z) + 1))",
    )
    assert "-10000" in verdict.problem.call
    assert "Line 2, `np.exp(-z)`: it gives ∞ where `-z` is 800" in found.said()


def test_a_number_that_overflows_is_one_of_the_call_that_is_shown():
    verdict, found = diagnosed(
        "bump",
        "def own(z):\n    e = np.exp(z)\n    return e / (1 + e)\n\n\ndef bump(x, left, right, height, sharpness):\n"
        "    return height * (own(sharpness * (x - left)) - own(sharpness * (x - right)))",
    )
    assert verdict.problem.kind == "finite"
    x = np.array(re.search(r"array\(\[(.*?)\]\)", verdict.problem.call)[1].split(","), dtype=float)
    left, right = (
        float(re.search(rf"{name}=([-.\d]+)", verdict.problem.call)[1]) for name in ("left", "right")
    )
    sharpness = float(re.search(r"sharpness=([.\d]+)", verdict.problem.call)[1])
    exponents = sharpness * np.concatenate([x - left, x - right])
    assert np.isclose(
        float(found.words.split()[-1].rstrip(".").replace("−", "-")), exponents, rtol=1e-3
    ).any()
