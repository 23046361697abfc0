"""Answers that look at no number: by position, by shape and type, always the same; drawn outcomes defeat them."""

from dataclasses import replace

import numpy as np

from fnnkit.judge.constants import Seen, constant_answers, looking, sight
from fnnkit.judge.criteria import agrees, refuses
from fnnkit.judge.exercise import Case, Criterion, Exercise
from fnnkit.kernel.call import call


def sign(x):
    """Sign of the sum."""
    if len(x) == 5:
        raise ValueError("five")
    return "up" if x.sum() > 0 else "down"


def fixed_outcomes(rng):
    """Inputs are drawn; what comes out is always the same."""
    size = np.round(rng.uniform(1, 2, 2), 2)
    return [Case((np.append(size, 1.0),), "value"), Case((-size,), "value"), Case((np.ones(5),), "refused")]


def drawn_outcomes(rng):
    signs = rng.permuted([1.0] * 6 + [-1.0] * 6)
    return [Case((s * np.round(rng.uniform(1, 2, 2), 2),), "value") for s in signs] + [
        Case((np.ones(5),), "refused")
    ]


FIXED = Exercise(
    name="sign", chapter="ch1_xor", reference=sign, cases=fixed_outcomes,
    criteria=(Criterion("value", 1.0, agrees()), Criterion("refused", 0.25, refuses("Refuse."))),
    misconceptions=(), minutes=1, difficulty=1,
)  # fmt: skip
DRAWN = replace(FIXED, cases=drawn_outcomes)


def earned(exercise):
    most = {}
    for name, made in constant_answers(Seen(exercise)):
        points = []
        for seed in range(30):
            cases = exercise.cases(np.random.default_rng(seed))
            function = made()
            points.append(exercise.judge(cases, [call(function, c.args) for c in cases]).points)
        most[name.split(" (")[0]] = max(points)
    return most


def test_where_only_inputs_are_drawn_shapes_tell_the_answers():
    assert earned(FIXED)["the usual answer to these shapes and types"] == FIXED.points


def test_where_outcomes_are_drawn_nothing_is_earned_by_any():
    assert set(earned(DRAWN).values()) == {0.0}


def test_no_number_is_looked_at():
    args = (np.array([1.0, 2.0]), 3, [0.5], "a")
    others = (np.array([5.0, -2.0]), 4, [1.5], "b")
    assert sight(args) == sight(others)
    for other in (
        (np.array([1, 2]), 3, [0.5], "a"),
        (np.ones(3), 3, [0.5], "a"),
        (np.ones(2), 3.0, [0.5], "a"),
    ):
        assert sight(args) != sight(other)


def test_an_answer_by_shape_refuses_where_the_reference_refused():
    by_sight = looking(Seen(FIXED).by_sight())
    assert call(by_sight, (np.zeros(5),)).error.kind == "ValueError"
    assert by_sight(np.zeros(3)) == "up"
    assert by_sight(np.zeros(7)) is None
