"""Answers that are right in one regime only: they are the reference there and wrong beyond, and cases beyond find them."""

from dataclasses import replace

import numpy as np
import pytest

from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise
from fnnkit.judge.regimes import regime_mutants, right_only, spoiled
from fnnkit.kernel.call import call


def twice(z, k):
    """Twice an array of any shape."""
    return 2.0 * z


def small_cases(rng):
    return [
        Case((np.array([1.0, -2.0]), 3), "value"),
        Case((np.array([[1.0, -1.0], [3.0, 2.0]]), 1), "value"),
    ]


SMALL = Exercise(
    name="twice", chapter="ch1_xor", reference=twice, cases=small_cases,
    criteria=(Criterion("value", 1.0, agrees()),), misconceptions=(), minutes=1, difficulty=1,
)  # fmt: skip


def mutants_of(exercise):
    return {m.name: m.function for m in regime_mutants(exercise, exercise.cases(np.random.default_rng(0)))}


def survivors(exercise):
    made = exercise.cases(np.random.default_rng(0))
    full = {}
    for name, function in mutants_of(exercise).items():
        full[name] = exercise.judge(made, [call(function, c.args) for c in made]).solved
    return {name for name, solved in full.items() if solved}


def test_cases_that_stay_small_let_answers_for_small_input_survive():
    assert survivors(SMALL) == {
        "right only if `z` has fewer than 8 rows",
        "right only if `z` has fewer than 16 entries",
        "right only if `z` has fewer than 4 columns",
        "right only if `z` is square",
        "right only if `z` has at most two axes",
        "right only if `z` is negative somewhere",
        "right only if `z` is positive somewhere",
        "right only if `z` stays below 5 in size",
    }


def test_cases_beyond_each_regime_find_them_all():
    def cases(rng):
        return [
            *small_cases(rng),
            Case((np.arange(36.0).reshape(9, 4) - 70.0, 1), "value"),
            Case((np.ones((2, 1, 3)), 1), "value"),
        ]

    assert survivors(replace(SMALL, cases=cases)) == set()


def test_numbers_texts_and_functions_among_the_arguments_have_no_regime():
    assert {name.split("`")[1] for name in mutants_of(SMALL)} == {"z"}


def test_a_regime_that_the_reference_does_not_let_anybody_leave_is_left_out():
    def root(z, k):
        """Root of an array of shape (n,)."""
        if (z < 0).any():
            raise ValueError("z should not be negative")
        return np.sqrt(z)

    names = set(
        mutants_of(
            replace(SMALL, reference=root, cases=lambda rng: [Case((np.array([4.0, 1.0]), 1), "value")])
        )
    )
    assert "right only if `z` is nowhere negative" not in names
    assert "right only if `z` has at most two axes" not in names
    assert "right only if `z` stays below 5 in size" in names


def test_inside_the_regime_it_is_the_reference():
    positive = right_only(twice, 0, lambda a: bool((a > 0).all()))
    assert (positive(np.array([1.0, 2.0]), 1) == [2.0, 4.0]).all()
    assert not np.isclose(positive(np.array([1.0, -2.0]), 1), [2.0, -4.0]).any()


@pytest.mark.parametrize(
    "value",
    [
        0.0, 1.5, 3, True, "saddle", None, np.float64(-2.0), np.arange(4), np.array([True, False]), (1.0, np.ones(2)),
        np.zeros((2, 2)), np.array([np.inf, 1.0]), [1, 2], np.array([-2.0, -2.0]),
    ],
)  # fmt: skip
def test_what_is_spoiled_is_of_the_same_kind_and_agrees_nowhere(value):
    from fnnkit.judge.compare import difference

    assert difference(value, spoiled(value)) is not None
    if isinstance(value, np.ndarray):
        assert spoiled(value).dtype == value.dtype
        assert not (spoiled(value) == value).any()
