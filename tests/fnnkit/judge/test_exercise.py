"""Judging: the first criterion is a gate, mistakes are known by name, and what follows from what is said first."""

from dataclasses import replace

import numpy as np
import pytest

from fnnkit.judge.compare import typed
from fnnkit.judge.criteria import agrees, both, calm, calm_outside, refuses, unwarned
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception, source_of
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer, Raised, call
from fnnkit.kernel.wire import Opaque


def double(x):
    return 2.0 * x


def square(x):
    return x * x


def negative(x):
    return -2.0 * x


def half(x):
    return 0.5 * x


def in_place(x):
    x *= 2.0
    return x


def cases(rng):
    return [
        Case((np.array([2.0]),), "value", "where twice is the square"),
        Case((np.array([3.0, -1.0]),), "value"),
        Case((np.array([0.0]),), "zero"),
        Case((np.array([5.0, 6.0, 7.0]),), "many"),
    ]


EXERCISE = Exercise(
    name="twice",
    chapter="ch1_xor",
    reference=double,
    cases=cases,
    criteria=(
        Criterion("value", 0.5, agrees()),
        Criterion("zero", 0.25, agrees()),
        Criterion("many", 0.75, agrees()),
        Criterion("calm", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(square, "squared"),
        Misconception(negative, "the sign"),
        Misconception(in_place, "in place"),
    ),
    minutes=1,
    difficulty=1,
    needs=("earlier", "other"),
)


def judged(function, exercise=EXERCISE, wrong_earlier=()):
    made = exercise.cases(np.random.default_rng(0))
    return exercise.judge(made, [call(function, c.args) for c in made], wrong_earlier)


def raising(kind, message="why"):
    def function(x):
        raise kind(message)

    return function


def test_the_right_answer_gets_all_points_and_no_remark():
    verdict = judged(double)
    assert verdict.points == EXERCISE.points == 1.75
    assert verdict.lines() == []


def test_nothing_else_earns_points_before_the_first_criterion_is_met():
    verdict = judged(half)
    assert verdict.points == 0.0
    assert [r.waits_for for r in verdict.results] == ["", "value", "value", "value"]


def test_a_later_criterion_costs_its_own_points_only():
    def wrong_at_zero(x):
        return 2.0 * x if x.any() else x + 1.0

    def wrong_for_many(x):
        return 2.0 * x if len(x) < 3 else x

    assert judged(wrong_at_zero).points == 1.5
    assert judged(wrong_for_many).points == 1.0
    assert [r.problem is None for r in judged(wrong_for_many).results] == [True, True, False, True]


# --- recognition -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "hint"), [(square, "squared"), (negative, "the sign"), (in_place, "in place")]
)
def test_a_registered_mistake_is_known_by_its_values(function, hint):
    verdict = judged(function)
    assert verdict.misconception == function.__name__
    assert verdict.hint == hint
    assert verdict.points < EXERCISE.points


def test_a_mistake_is_known_however_it_is_written():
    assert judged(lambda x: [v**2 for v in x] and np.array([v**2 for v in x])).misconception == "square"


def test_a_mistake_that_nobody_registered_gets_no_name():
    verdict = judged(half)
    assert (verdict.misconception, verdict.hint) == ("", "")
    assert verdict.problem.cause == ""  # half of one number may have come about in any way


def test_a_misconception_that_is_right_is_never_taken_for_the_cause():
    with_right_one = replace(
        EXERCISE, misconceptions=(Misconception(double, "this is right"), *EXERCISE.misconceptions)
    )
    assert judged(half, with_right_one).misconception == ""
    assert judged(square, with_right_one).misconception == "square"


def test_a_mistake_that_is_right_where_the_answer_is_inaccurate_is_not_taken_for_the_cause():
    def right_but_for_many(x):
        return 2.0 * x if len(x) < 3 else x

    asked = replace(EXERCISE, misconceptions=(Misconception(right_but_for_many, "only a few"),))
    inaccurate = judged(lambda x: 2.0 * x * (1 + 1e-8), asked)
    assert inaccurate.problem.kind == "values"
    assert inaccurate.misconception == ""


def test_of_two_mistakes_that_fit_the_failed_criterion_the_one_that_fits_more_is_named():
    def negative_but_for_many(x):
        return -2.0 * x if len(x) < 3 else 2.0 * x

    asked = replace(
        EXERCISE, misconceptions=(Misconception(negative, "a"), Misconception(negative_but_for_many, "b"))
    )
    assert judged(negative_but_for_many, asked).hint == "b"
    assert judged(negative, asked).hint == "a"


def test_an_exception_is_compared_by_its_kind():
    def no_zero(x):
        if not x.any():
            raise ZeroDivisionError
        return 2.0 * x

    asked = replace(EXERCISE, misconceptions=(Misconception(no_zero, "divides"),))

    def same_kind(x):
        return 2.0 * x if x.any() else 1 // 0

    def other_kind(x):
        return 2.0 * x if x.any() else {}["x"]

    assert judged(same_kind, asked).misconception == "no_zero"
    assert judged(other_kind, asked).misconception == ""


def test_an_error_that_numpy_raises_for_many_reasons_is_recognised_by_its_words():
    def only_scalars(x):
        return 2.0 * x if x > 0 else -(-2.0 * x)

    asked = replace(EXERCISE, misconceptions=(Misconception(only_scalars, "if compares one number"),))

    def also_only_scalars(x):
        if x[:2] < 0:
            return -(-2.0 * x)
        return 2.0 * x

    def does_not_fit(x):
        return x + np.resize(x, 5 - len(x)) if len(x) > 1 else 2.0 * x

    assert "ambiguous" in judged(also_only_scalars, asked).problem.yours
    assert judged(also_only_scalars, asked).misconception == "only_scalars"
    assert judged(does_not_fit, asked).problem.yours.startswith("ValueError")
    assert judged(does_not_fit, asked).misconception == ""


@pytest.mark.parametrize(
    "value", [np.array([1j, 2.0]), {"a": np.zeros(2)}, Opaque("X"), "text", None, [1.0, "a"], 10**400]
)
def test_strange_values_are_judged_and_compared_with_strange_mistakes(value):
    asked = replace(EXERCISE, misconceptions=(Misconception(lambda x: value, "strange"),))
    made = asked.cases(np.random.default_rng(0))
    verdict = asked.judge(made, [Answer(value)] * len(made))
    assert verdict.points == 0.0
    assert verdict.problem.kind in ("type", "shape", "dtype")


# --- what stops a judgement ------------------------------------------------------------------------------


def test_code_not_written_yet_is_unanswered_and_not_wrong():
    verdict = judged(raising(NotImplementedError))
    assert verdict.problem.kind == "unanswered"
    assert not verdict.attempted
    assert verdict.points == 0.0


def test_calling_a_function_that_is_not_written_yet_is_told_apart_from_having_written_nothing():
    made = EXERCISE.cases(np.random.default_rng(0))
    calls_another = Answer(error=Raised(("NotImplementedError",), "", "return 2 * half(x)"))
    verdict = EXERCISE.judge(made, [calls_another] * 4)
    assert verdict.attempted
    assert verdict.points == 0.0
    assert "`return 2 * half(x)` calls a function that has no code yet" in verdict.problem.finding
    stub = Answer(error=Raised(("NotImplementedError",), "", "raise NotImplementedError()"))
    assert not EXERCISE.judge(made, [stub] * 4).attempted


def test_a_function_that_is_not_there_is_missing():
    made = EXERCISE.cases(np.random.default_rng(0))
    missing = Answer(error=Raised(("Missing",), "its cell stops with SyntaxError"))
    verdict = EXERCISE.judge(made, [missing] * 4)
    assert verdict.problem.kind == "missing"
    assert "SyntaxError" in verdict.problem.finding


def test_one_case_not_implemented_is_enough_to_be_unanswered():
    def some(x):
        if len(x) == 3:
            raise NotImplementedError
        return 2.0 * x

    assert judged(some).points == 0.0


def test_the_librarys_own_function_earns_nothing_although_its_values_are_right():
    made = EXERCISE.cases(np.random.default_rng(0))
    answers = [replace(call(double, c.args), library="double") for c in made]
    verdict = EXERCISE.judge(made, answers)
    assert verdict.points == 0.0
    assert verdict.problem.kind == "library"
    assert "`double`" in verdict.problem.finding


def test_what_an_earlier_mistake_explains_is_said_first():
    assert judged(half, wrong_earlier=["other"]).lines()[0] == (
        "First", "this follows from `other`, which is wrong too: repair it first.",
    )  # fmt: skip
    assert judged(half, wrong_earlier=["other", "earlier"]).follows_from == "earlier"
    assert judged(half, wrong_earlier=["unrelated"]).follows_from == ""
    assert judged(double, wrong_earlier=["earlier"]).follows_from == ""


def test_the_number_of_answers_must_be_that_of_the_cases():
    made = EXERCISE.cases(np.random.default_rng(0))
    with pytest.raises(ValueError, match="shorter"):
        EXERCISE.judge(made, [Answer(1.0)])


# --- criteria --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "problem", "said"),
    [
        ("Timeout", "stopped", "while"),
        ("KernelDied", "stopped", "process"),
        ("NameError", "raised", "answer cell"),
        ("ZeroDivisionError", "raised", "Make this call"),
    ],
)
def test_each_kind_of_end_gets_its_own_advice(kind, problem, said):
    made = EXERCISE.cases(np.random.default_rng(0))
    verdict = EXERCISE.judge(made, [Answer(error=Raised((kind, "Exception"), "m"))] * 4)
    assert verdict.problem.kind == problem
    assert said in verdict.problem.cause + verdict.problem.step
    first = min(made, key=lambda c: c.place) if problem == "raised" else made[0]  # the one that was called
    assert f"twice(x={typed(first.args[0])})" in verdict.problem.call


def test_refusing_takes_a_value_error_or_one_of_its_kind_and_nothing_else():
    asked = replace(
        EXERCISE, criteria=(Criterion("value", 1.0, refuses("Raise ValueError.")),), misconceptions=()
    )

    class ShapeError(ValueError):
        pass

    assert judged(raising(ValueError), asked).points == 1.0
    assert judged(raising(ShapeError), asked).points == 1.0
    assert judged(raising(TypeError), asked).points == 0.0
    assert judged(raising(AssertionError), asked).points == 0.0
    assert judged(double, asked).problem.expected == "a ValueError"
    assert judged(lambda x: ValueError(), asked).points == 0.0


def test_a_later_case_of_a_criterion_counts_as_much_as_the_first():
    def only_first(x):
        return 2.0 * x if len(x) == 1 else x

    assert judged(only_first).points == 0.0


def test_calm_names_the_argument_that_changed():
    problem = judged(in_place).problem
    assert problem.kind == "claim"
    assert "`x`" in problem.finding


@pytest.mark.parametrize("changed", [(99,), (-1,), (-5, 7)])
def test_a_claim_about_an_argument_that_does_not_exist_is_no_finding(changed):
    made = EXERCISE.cases(np.random.default_rng(0))
    answers = [replace(call(double, c.args), changed=changed) for c in made]
    assert EXERCISE.judge(made, answers).points == EXERCISE.points


def test_calm_shows_the_warning():
    made = EXERCISE.cases(np.random.default_rng(0))
    answers = [replace(call(double, c.args), warnings=("RuntimeWarning: overflow",)) for c in made]
    verdict = EXERCISE.judge(made, answers)
    assert verdict.points == 1.5
    assert verdict.problem.yours == "RuntimeWarning: overflow"


EXTREME = replace(
    EXERCISE,
    cases=lambda rng: [
        Case((np.array([2.0]),), "value"),
        Case((np.array([800.0]),), "stable"),
    ],
    criteria=(
        Criterion("value", 0.5, agrees()),
        Criterion("stable", 0.5, both(agrees(), unwarned)),
        Criterion("calm", 0.25, calm_outside("stable"), every=True, claim=True),
    ),
    misconceptions=(),
)


def test_a_warning_on_extreme_inputs_costs_the_criterion_about_them_and_nothing_else():
    def overflows_on_the_side(x):
        np.exp(x)
        return 2.0 * x

    verdict = judged(overflows_on_the_side, EXTREME)
    assert [r.earned for r in verdict.results] == [0.5, 0.0, 0.25]
    assert verdict.problem.yours == "RuntimeWarning: overflow encountered in exp"
    assert "`exp` of something large" in verdict.problem.cause


def test_a_warning_or_a_changed_input_elsewhere_still_costs_the_mark_for_calm():
    def warns_always(x):
        np.log(np.zeros(1))
        return 2.0 * x

    assert [r.earned for r in judged(warns_always, EXTREME).results] == [0.5, 0.0, 0.0]
    assert [r.earned for r in judged(in_place, EXTREME).results] == [0.5, 0.5, 0.0]


def test_wrong_values_come_before_warnings():
    def wrong_and_loud(x):
        return 2.0 * x if x[0] < 700.0 else np.exp(x)

    problem = judged(wrong_and_loud, EXTREME).problem
    assert problem.kind == "finite"


def two(x):
    return 1.0 * x, 2.0 * x


PAIR = replace(
    EXERCISE,
    reference=two,
    returns=("one", "twice"),
    criteria=(Criterion("value", 0.5, agrees(part=0)), Criterion("many", 0.5, agrees(part=1)), Criterion("zero", 1.0, agrees())),
    misconceptions=(),
)  # fmt: skip


def test_parts_of_a_returned_tuple_are_judged_apart_and_called_by_name():
    assert judged(two, PAIR).points == 2.0
    verdict = judged(lambda x: (x, 3.0 * x), PAIR)
    assert [r.earned for r in verdict.results] == [0.5, 0.0, 1.0]
    assert "`twice[" in verdict.problem.finding
    assert judged(lambda x: (2.0 * x, x), PAIR).points == 0.0


@pytest.mark.parametrize("wrong", [lambda x: x, lambda x: (x,), lambda x: (x, 2 * x, x), lambda x: None])
def test_the_wrong_number_of_returned_values_lists_what_is_asked(wrong):
    problem = judged(wrong, PAIR).problem
    assert problem.kind == "type"
    assert problem.expected == "(one, twice)"
    assert problem.step == "Return all of them: `return one, twice`."


# --- declarations ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", [0.0, -0.25, 0.3, 1 / 3])
def test_points_that_are_no_quarters_are_refused(points):
    with pytest.raises(ValueError, match="quarters"):
        replace(EXERCISE, criteria=(Criterion("value", points, agrees()),))


def test_two_criteria_of_one_name_are_refused():
    with pytest.raises(ValueError, match="different names"):
        replace(EXERCISE, criteria=(Criterion("value", 1.0, agrees()), Criterion("value", 1.0, agrees())))


def test_the_source_of_an_answer_defines_the_function_that_the_notebook_asks_for():
    space = {}
    exec(source_of(square, "twice"), space)  # noqa: S102
    assert space["twice"](3.0) == 9.0
    with pytest.raises(ValueError, match="lambda"):
        source_of(lambda x: x, "twice")


def test_a_whole_array_asked_for_one_truth_value_is_explained():
    def by_if(x):
        return x if x > 0 else 0.0 * x

    many = replace(EXERCISE, misconceptions=(), cases=lambda rng: [Case((np.array([1.0, -1.0]),), "value")])
    cause = judged(by_if, many).problem.cause
    assert "np.where" in cause
    assert "whole array" in cause


def criteria(**withdrawn):
    """The criteria of `EXERCISE`, one of them withdrawn."""
    return tuple(
        replace(c, withdrawn="the text left it open", credited=withdrawn[c.name])
        if c.name in withdrawn
        else c
        for c in EXERCISE.criteria
    )


def right_but_zero(x):
    return np.where(x == 0, 1.0, 2.0 * x)


def test_a_withdrawn_criterion_is_out_of_the_total_and_costs_nobody_anything():
    exercise = replace(EXERCISE, criteria=criteria(zero=False))
    assert exercise.points == EXERCISE.points - 0.25
    for answer in (double, right_but_zero):
        verdict = judged(answer, exercise)
        assert verdict.solved
        assert verdict.points == verdict.possible == exercise.points
    assert "withdrawn: the text left it open" in str(verdict)
    assert "withdrawn: the text left it open" in verdict._repr_html_()
    assert Verdict.from_json(verdict.to_json()) == verdict


def test_a_credited_criterion_is_full_for_everybody():
    exercise = replace(EXERCISE, criteria=criteria(zero=True))
    assert exercise.points == EXERCISE.points
    assert judged(right_but_zero, exercise).points == exercise.points
    blank = judged(raising(NotImplementedError), exercise)
    assert (blank.points, blank.attempted, blank.solved) == (0.25, False, False)
    assert "0.25/0.25 for everybody" in str(judged(square, exercise))


def test_the_gate_can_be_withdrawn_too():
    exercise = replace(EXERCISE, criteria=criteria(value=False))
    assert judged(right_but_zero, exercise).results[2].waits_for == "zero"
    assert judged(double, exercise).points == exercise.points == 1.25
    assert not judged(raising(NotImplementedError), exercise).attempted
    nothing = replace(EXERCISE, criteria=criteria(**dict.fromkeys(("value", "zero", "many", "calm"), False)))
    assert judged(square, nothing).points == nothing.points == 0.0


def test_points_are_credited_only_with_a_reason():
    with pytest.raises(ValueError, match="say why"):
        replace(EXERCISE, criteria=(Criterion("value", 1.0, agrees(), credited=True),))
