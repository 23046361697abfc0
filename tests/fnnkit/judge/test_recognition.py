"""A mistake is known by the part that failed; warnings count only where they are the failure; no cause that is untrue."""

from dataclasses import replace

import numpy as np
import pytest

from fnnkit.judge import check as checking
from fnnkit.judge.criteria import agrees, both, calm, unwarned
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.judge.verdict import Problem, Result, Verdict
from fnnkit.kernel.call import Answer, Raised, call
from fnnkit.kernel.wire import Opaque


def layer(x, w):
    h = x * w
    return h, h.sum()


def sum_is_mean(x, w):
    h = x * w
    return h, h.mean()


def cases(rng):
    return [
        Case((np.array([1.0, 2.5, -3.0]), np.array([2.0, 0.5, 1.5])), part)
        for part in ("the features", "the sum")
    ]


LAYER = Exercise(
    name="layer", chapter="ch1_xor", reference=layer, cases=cases, returns=("h", "y"),
    criteria=(Criterion("the features", 0.5, agrees(part=0)), Criterion("the sum", 0.5, agrees(part=1))),
    misconceptions=(Misconception(sum_is_mean, "a mean"),), minutes=1, difficulty=1,
)  # fmt: skip


def judged(exercise, function):
    made = exercise.cases(np.random.default_rng(0))
    return exercise.judge(made, [call(function, c.args) for c in made])


def test_a_mistake_in_one_returned_value_is_known_whatever_else_is_wrong():
    column = judged(LAYER, lambda x, w: (x * w, (x * w).mean()))
    assert column.misconception == "sum_is_mean"
    features = replace(LAYER, criteria=LAYER.criteria[1:])
    assert judged(features, lambda x, w: (x + w, (x * w).mean())).misconception == "sum_is_mean"


def test_values_that_are_exchanged_are_said_to_be_in_any_exercise():
    verdict = judged(LAYER, lambda x, w: layer(x, w)[::-1])
    assert verdict.problem.cause == "the right values came back in another order"
    assert verdict.problem.step == "Return them as asked: `return h, y`."
    assert judged(LAYER, lambda x, w: (x, w)).problem.cause == ""


def log_of_a_size(x):
    return np.log1p(np.abs(x))


def negative_refused(x):
    if x.min() < 0:
        raise ValueError("a negative number")
    return np.log1p(x)


def sizes(rng):
    return [Case((np.array(x),), "the logarithm") for x in ([0.5, 2.0], [-1.5, 4.0])]


def refused(line):
    """What a student's check or numpy says in the second call: other words than those of the mistake."""
    error = Raised(("ValueError", "Exception", "BaseException"), "below zero", line)
    return [call(log_of_a_size, (np.array([0.5, 2.0]),)), Answer(error=error)]


@pytest.mark.parametrize(
    ("line", "known"),
    [('raise ValueError("below zero")', "negative_refused"), ("return np.log1p(A @ x)", "")],
)
def test_a_check_of_ones_own_is_known_whatever_its_words_and_an_error_of_numpys_is_not(line, known):
    exercise = Exercise(
        name="log_of_a_size", chapter="ch1_xor", reference=log_of_a_size, cases=sizes, minutes=1, difficulty=1,
        criteria=(Criterion("the logarithm", 1.0, agrees()),), misconceptions=(Misconception(negative_refused, "too much"),),
    )  # fmt: skip
    assert exercise.judge(sizes(None), refused(line)).misconception == known


def log_ratio(x):
    return -np.log1p(np.exp(-np.abs(x))) + np.minimum(x, 0)


def through_the_sigmoid(x):
    return np.log(1 / (1 + np.exp(-x)))


STABLE = Exercise(
    name="log_ratio", chapter="ch1_xor", reference=log_ratio,
    cases=lambda rng: [Case((np.array([0.5, -1.0]),), "value"), Case((np.array([-900.0, 1.0]),), "stable")],
    criteria=(
        Criterion("value", 0.5, agrees()), Criterion("stable", 0.5, both(agrees(), unwarned), claim=True),
        Criterion("calm", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(Misconception(through_the_sigmoid, "rounded"),), minutes=1, difficulty=1,
)  # fmt: skip


def test_silencing_a_warning_does_not_hide_the_mistake():
    def silenced(x):
        with np.errstate(all="ignore"):
            return through_the_sigmoid(x)

    assert judged(STABLE, through_the_sigmoid).misconception == "through_the_sigmoid"
    assert judged(STABLE, silenced).misconception == "through_the_sigmoid"


def log_of_a_share(x):
    with np.errstate(divide="ignore"):
        return np.log(x / x.sum())


def kept_off_zero(x, eps=1e-12):
    return np.log(x / x.sum() + eps)


SHARES = Exercise(
    name="log_of_a_share", chapter="ch1_xor", reference=log_of_a_share,
    cases=lambda rng: [Case((np.array([0.5, 1.0, 0.25]),), "value"), Case((np.array([0.0, 1.0, 3.0]),), "ends")],
    criteria=(Criterion("value", 0.5, agrees(rtol=1e-4)), Criterion("ends", 0.5, agrees())),
    misconceptions=(Misconception(kept_off_zero, "a small constant", any_size="eps"),), minutes=1, difficulty=1,
)  # fmt: skip


@pytest.mark.parametrize(
    "size", [0.1, 1e-3, 5e-6, 1e-8, 1e-12, 1e-30, 1e-300, 2.0**-52, np.finfo(np.float32).eps]
)
def test_a_mistake_with_a_number_in_it_is_known_whatever_the_number_is(size):
    verdict = judged(SHARES, lambda x: np.log(x / x.sum() + size))
    assert verdict.misconception == "kept_off_zero"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: np.log(x / x.sum() + 3.2718e-9),  # nobody types that
        lambda x: np.maximum(log_of_a_share(x), -100.0),
        lambda x: np.maximum(log_of_a_share(x), -1e10),
        lambda x: log_of_a_share(x) + 1e-3,
        lambda x: np.log(x / x.sum() + 1e-8) * 1.0000001,
        lambda x: np.where(x == 0, np.log(1e-8), np.log(x / x.sum()) + 1e-7),
    ],
)
def test_what_only_looks_like_it_is_not_taken_for_it(wrong):
    verdict = judged(SHARES, wrong)
    assert not verdict.solved
    assert verdict.misconception == ""


def test_numbers_are_not_taken_for_truth_values():
    asked = replace(
        SHARES, reference=lambda x: (x > 0.4).astype(float),
        criteria=(Criterion("value", 0.5, agrees()), Criterion("ends", 0.5, agrees())),
        misconceptions=(Misconception(lambda x: x > 0.4, "truth values"),),
    )  # fmt: skip
    assert judged(asked, lambda x: x > 0.4).hint == "truth values"
    assert judged(asked, lambda x: (x > 0.4) * (1 - 1e-8)).hint == ""


def test_what_to_check_is_the_exercises_own_where_nobody_can_compute_it():
    asked = replace(LAYER, verify="Multiply back.")
    assert judged(asked, lambda x, w: (x * w, 0.5)).problem.step == "Multiply back."
    large = replace(
        LAYER, cases=lambda rng: [Case((np.ones(20), np.ones(20)), c.name) for c in LAYER.criteria]
    )
    assert "by hand" not in judged(large, lambda x, w: (x * w, 0.5)).problem.step


def test_a_value_of_an_unknown_type_is_named_by_its_type():
    made = LAYER.cases(np.random.default_rng(0))
    answers = [replace(call(layer, c.args), value=(c.args[0] * c.args[1], Opaque("EigResult"))) for c in made]
    problem = LAYER.judge(made, answers).problem
    assert problem.cause == "an `EigResult` is neither an array nor a number"


def test_only_exercises_that_a_function_calls_can_have_spoilt_it():
    space = {"np": np}
    exec(  # noqa: S102  # our own text
        compile(
            "def helper(z):\n    return sigmoid(z)\n\ndef slope(z):\n    return helper(z) * relu(z)\n",
            "<cell>",
            "exec",
        ),
        space,
    )
    assert {"sigmoid", "relu", "helper"} <= checking.names_used(space["slope"])
    assert "softplus" not in checking.names_used(space["slope"])
    assert checking.names_used(np.maximum) == set()


def test_what_is_stressed_is_shown_so_and_code_keeps_its_asterisks():
    result = Result(
        "value", 1.0, 0.0, Problem("values", call="f(x**2)", finding="`x ** 2` and **all** of it")
    )
    verdict = Verdict("f", (result,), hint="a **sum** over `a**b`")
    assert "<strong>sum</strong>" in verdict._repr_html_()
    assert "<strong>all</strong>" in verdict._repr_html_()
    text = str(verdict)
    assert "a sum over `a**b`" in text
    assert "f(x**2)" in text
