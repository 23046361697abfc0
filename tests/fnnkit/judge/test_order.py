"""Cases are called in an order that the seed decides, and judged in the order in which they are declared."""

import numpy as np
import pytest

from fnnkit.judge.compare import typed
from fnnkit.judge.criteria import UNUSUAL, agrees, calm, refuses
from fnnkit.judge.exercise import Case, Criterion, Exercise, Known
from fnnkit.kernel.call import Answer, Raised, call


def root(x):
    if np.ndim(x) > 1:
        raise ValueError("one axis at most")
    return np.sqrt(x)


def cases(rng):
    return [
        *(Case((np.round(rng.uniform(1, 9, n), 2),), "value") for n in (2, 3, 4)),
        *(Case((np.ones((n, n)),), "refused") for n in (2, 3)),
        Case((np.zeros(0),), UNUSUAL, "no entry: `x` has length 0"),
        Case((np.array([4, 9]),), UNUSUAL, "whole numbers"),
        Case((np.arange(1.0, 4.0),), "slow", last=True),
    ]


EXERCISE = Exercise(
    name="root",
    chapter="ch1_xor",
    reference=root,
    cases=cases,
    criteria=(
        Criterion("value", 0.5, agrees()),
        Criterion("refused", 0.25, refuses("Refuse it.")),
        Criterion("slow", 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("calm", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(),
    minutes=1,
    difficulty=1,
)


def made(seed):
    return EXERCISE.cases(np.random.default_rng(seed))


def judged(function, seed=0):
    asked = made(seed)
    return EXERCISE.judge(asked, [call(function, c.args) for c in asked])


def test_the_seed_decides_the_order_of_calls_and_the_same_seed_repeats_it():
    orders = [[c.place for c in made(seed)] for seed in range(40)]
    assert len({tuple(o) for o in orders}) > 20
    assert orders == [[c.place for c in made(seed)] for seed in range(40)]
    assert all(sorted(o) == list(range(8)) for o in orders)
    for position in range(5):  # neither a value nor a refusal has a position of its own
        assert {o[position] for o in orders} == set(range(5))


def test_ordinary_input_comes_first_then_what_is_unusual_then_what_is_slow():
    for seed in range(10):
        assert [c.stage for c in made(seed)] == [0] * 5 + [1] * 2 + [2]


def test_the_inputs_of_a_seed_do_not_depend_on_the_order():
    for seed in range(5):
        declared = EXERCISE.cases.declared(np.random.default_rng(seed))
        assert [c.args[0].tolist() for c in sorted(made(seed), key=lambda c: c.place)] == [
            c.args[0].tolist() for c in declared
        ]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_order_the_first_declared_failure_is_told(seed):
    verdict = judged(lambda x: 2 * np.sqrt(x) if x.ndim == 1 else root(x), seed)
    [first] = [c for c in made(seed) if c.place == 0]
    assert verdict.problem.call.startswith(f"root(x=np.array({first.args[0].tolist()}")


def test_counting_calls_does_not_tell_which_are_to_be_refused():
    earned = []
    for seed in range(30):
        count = iter(range(100))

        def refuses_the_last_ones(x, count=count):
            if next(count) in (3, 4):
                raise ValueError
            return np.sqrt(x)

        earned.append(judged(refuses_the_last_ones, seed).points)
    assert np.mean([p == EXERCISE.points for p in earned]) < 0.25


def test_an_exercise_made_from_another_one_draws_the_order_once():
    from dataclasses import replace

    again = replace(EXERCISE, minutes=2)
    assert again.cases is EXERCISE.cases


@pytest.mark.parametrize("seed", range(8))
def test_a_call_that_does_not_end_costs_the_same_wherever_the_seed_puts_it(seed):
    """What was called before it by chance earns nothing; earlier stages keep what they have."""
    for place, points in ((1, 0.0), (3, 0.0), (5, 1.0), (7, 1.25)):
        asked, answers, over = made(seed), [], False
        for c in asked:
            over = over or c.place == place
            answers.append(Answer(error=Raised(("Timeout",), "stopped")) if over else call(root, c.args))
        verdict = EXERCISE.judge(asked, answers)
        assert verdict.points == points, place
        [hung] = [c for c in asked if c.place == place]
        assert verdict.problem.call.startswith(f"root(x={typed(hung.args[0])})")


def test_answers_known_by_their_position_are_those_of_the_call():
    asked = made(3)
    known = Known(asked)
    assert EXERCISE.judge(asked, [call(root, c.args) for c in asked], known=known).solved
    for position, case in enumerate(asked):
        if case.args[0].ndim == 1:
            assert (known.answer(root, position).value == np.sqrt(case.args[0])).all()


def test_what_is_unusual_is_said_first_and_in_words():
    verdict = judged(lambda x: np.sqrt(x) + 0 * x[0] if x.ndim == 1 else root(x))
    assert verdict.points == EXERCISE.points - 0.25
    assert verdict.lines()[0] == ("Unusual", "no entry: `x` has length 0")
    assert "# no entry" not in verdict.problem.call


def test_a_warning_on_unusual_input_costs_nothing_by_itself():
    import warnings

    def warns_at_whole_numbers(x):
        if x.dtype.kind == "i":
            warnings.warn("whole", RuntimeWarning, stacklevel=1)
        return root(x)

    assert judged(warns_at_whole_numbers).solved
