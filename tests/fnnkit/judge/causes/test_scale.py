"""By which factor, or term, a result is off in every call, told by the arguments of the call."""

from dataclasses import replace

import pytest

from fnnkit.judge.attempt import evidence
from fnnkit.judge.causes.known import another
from fnnkit.judge.causes.scale import scaled

OFF = {
    "entries": ("mse", "return float(((y_pred - y_true) ** 2).sum())", "is as many times too large as `y_pred` has entries"),
    "rows": ("gaussian_nll", "return RIGHT * len(y)", "is as many times too large as `y` has rows"),
    "number": ("standard_error", "return RIGHT * m", "is the right one times `m`"),
    "divided": ("standard_error", "return RIGHT / m", "is the right one divided by `m`"),
    "two": ("gaussian_nll", "return 2 * RIGHT", "is 2 times too large"),
    "sign": ("gaussian_nll", "return -RIGHT", "has the other sign"),
    "term": ("affine", "return RIGHT - c", "is too small by just `c`"),
}  # fmt: skip


def answer(name, line):
    heads = {
        "mse": "y_pred, y_true", "gaussian_nll": "y, mean", "standard_error": "per_example, m", "affine": "X, W, c",
    }  # fmt: skip
    right = {
        "gaussian_nll": "(0.5 * ((y - mean) ** 2).sum(axis=1) + y.shape[1] / 2 * np.log(2 * np.pi)).mean()",
        "standard_error": "(np.std(per_example, ddof=1) / np.sqrt(m))",
        "affine": "(X @ W + c)",
    }
    guard = (
        "    if y_pred.shape != y_true.shape:\n        raise ValueError('shapes')\n" if name == "mse" else ""
    )
    return f"def {name}({heads[name]}):\n{guard}    {line.replace('RIGHT', right.get(name, ''))}\n"


def unnamed(name, text):
    """What was seen, as if nobody had registered the mistake."""
    seen, _ = evidence(name, text)
    return replace(seen, verdict=replace(seen.verdict, misconception=""))


@pytest.mark.parametrize("kind", OFF)
def test_the_factor_is_told_by_the_arguments(kind):
    name, line, words = OFF[kind]
    [found] = scaled(unnamed(name, answer(name, line)))
    assert words in found.said()
    assert found.witness == "relation"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("gaussian_nll", "return RIGHT + 1e-3 * y.size"),
        ("affine", "return X @ W - c * c"),
        ("standard_error", "return 0.0"),
    ],
)
def test_nothing_is_said_where_no_factor_holds_in_every_call(name, line):
    assert list(scaled(unnamed(name, answer(name, line)))) == []


def test_somebody_who_has_registered_the_mistake_knows_more():
    seen, _ = evidence("mse", answer(*OFF["entries"][:2]))
    assert list(scaled(replace(seen, verdict=replace(seen.verdict, misconception="summed")))) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("np.log(1 + np.exp(z))", "the softplus of `z`"),
        ("np.abs(z)", "the absolute value of `z`"),
        ("z * 1.0", "`z` itself"),
    ],
)
def test_another_function_of_the_course_is_named(body, words):
    [found] = another(unnamed("relu", f"def relu(z):\n    return {body}"))
    assert f"what comes back is {words}" in found.words


def test_a_function_that_is_none_of_these_has_no_name():
    assert list(another(unnamed("relu", "def relu(z):\n    return np.maximum(0.1, z)"))) == []
