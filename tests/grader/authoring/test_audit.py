"""The auditor reports what it should: tests that accept too much, and tests that refuse what is right."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Criterion, Misconception
from fnnkit.judge.registry import exercise, exercises
from grader.answers.ch1_xor import fit_linear as answers_to_fit_linear
from grader.answers.ch1_xor import mse as answers_to_mse
from grader.authoring.audit import audit, audit_all
from grader.authoring.witnesses import time_limit, verdict_of
from grader.course import CourseError

ROOT = Path(__file__).resolve().parents[3]
MSE = exercise("mse")


def anything(trials):
    return None


def right(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError
    return ((y_pred - y_true) ** 2).mean()


def half_of_it(y_pred, y_true):
    return 0.5 * right(y_pred, y_true)


def half_of_it_too(y_pred, y_true):
    return right(y_pred, y_true) / 2


def wrong(y_pred, y_true):
    return 1.0


def endless(y_pred, y_true):
    while True:
        pass


def changed(trial, how):
    """A trial whose answer, where there is one, is another number."""
    value = trial.given.value
    return trial if value is None else replace(trial, given=replace(trial.given, value=how(value)))


def value_criterion(test):
    return (Criterion("the mean of the squares", 1.0, test), *MSE.criteria[1:])


def test_the_exercise_as_it_stands_has_no_fault():
    found = audit(MSE, seeds=3)
    assert found.faults == []
    assert (found.survived, found.refused) == (0, 0)
    assert found.misconceptions == len(MSE.misconceptions) >= 7
    assert found.wrong == found.misconceptions + found.mutants + found.regimes + found.constants
    assert found.right == 1 + len(answers_to_mse.ANSWERS)
    assert found.mutants >= 5


def test_a_test_that_accepts_everything_lets_wrong_answers_survive():
    asleep = replace(MSE, criteria=tuple(replace(c, test=anything) for c in MSE.criteria))
    found = audit(asleep, seeds=2)
    assert found.survived == found.wrong > 10
    assert found.refused == 0
    assert any("sum_of_squares loses no marks" in fault for fault in found.faults)
    assert any("mutant" in fault and "full marks" in fault for fault in found.faults)


def test_a_test_that_forgets_the_sign_lets_a_mutant_survive_and_no_more():
    def up_to_sign(trials):
        return agrees()([changed(t, np.abs) for t in trials])

    def negative(y_pred, y_true):
        return -right(y_pred, y_true)

    asked = replace(
        MSE, criteria=value_criterion(up_to_sign), misconceptions=(Misconception(negative, "sign"),)
    )
    found = audit(asked, seeds=2)
    assert [f.splitlines()[0] for f in found.faults] == ["the misconception negative loses no marks (seed 0)"]
    assert found.survived == 1


def test_a_mutant_that_only_some_inputs_give_away_is_a_survivor():
    def lenient_for_small_numbers(trials):
        return None if trials[1].case.args[0].sum() > 0 else agrees()(trials)

    asked = replace(MSE, criteria=value_criterion(lenient_for_small_numbers), misconceptions=())
    sums = [asked.cases.declared(np.random.default_rng(seed))[1].args[0].sum() for seed in range(5)]
    assert min(sums) < 0 < max(sums)
    found = audit(asked, seeds=5)
    first = next(seed for seed, total in enumerate(sums) if total > 0)
    assert found.survived > 0
    assert any(f"gets full marks (seed {first})" in fault for fault in found.faults)
    assert not any(f"(seed {seed})" in fault for seed in range(first) for fault in found.faults)


def test_a_misconception_that_is_right_is_reported():
    asked = replace(MSE, misconceptions=(*MSE.misconceptions, Misconception(right, "not wrong at all")))
    found = audit(asked, seeds=2)
    assert found.survived == 1
    assert found.faults == ["the misconception right loses no marks (seed 0)"]


def test_an_exercise_that_is_not_trivial_needs_four_misconceptions():
    few = replace(MSE, misconceptions=MSE.misconceptions[:3])
    assert audit(few, seeds=1).faults == []
    assert "3 misconceptions are listed; 4 are needed" in audit(replace(few, difficulty=2), seeds=1).faults


def test_two_misconceptions_that_cannot_be_told_apart_are_reported():
    asked = replace(MSE, misconceptions=(Misconception(half_of_it, "a"), Misconception(half_of_it_too, "b")))
    found = audit(asked, seeds=2)
    assert found.survived == 1
    assert found.faults[0].startswith("the misconception half_of_it_too is taken for half_of_it (seed 0)")


def test_a_correct_answer_that_is_refused_is_reported_once():
    def too_strict(trials):
        return agrees(rtol=0.0, floor=0.0)([changed(t, lambda value: value * 1.001) for t in trials])

    found = audit(replace(MSE, criteria=value_criterion(too_strict)), seeds=3)
    assert found.refused == found.right == 5
    refused = [f for f in found.faults if f.startswith("the correct answer")]
    assert len(refused) == 5
    assert "✗ mse" in refused[0]


def test_a_wrong_function_in_the_list_of_right_answers_is_reported(monkeypatch):
    monkeypatch.setattr(answers_to_mse, "ANSWERS", [right, answers_to_mse.mse_loop, wrong])
    found = audit(MSE, seeds=2)
    assert (found.right, found.refused) == (4, 1)
    assert found.faults[0].startswith("the correct answer wrong is refused (seed 0)")


@pytest.mark.parametrize("listed", [[], [right, answers_to_mse.mse_loop]])
def test_fewer_than_three_right_answers_are_a_fault(monkeypatch, listed):
    monkeypatch.setattr(answers_to_mse, "ANSWERS", listed)
    assert (
        f"{len(listed)} differently written correct answers are listed; 3 are needed"
        in audit(MSE, seeds=1).faults
    )


def test_a_listed_equivalent_that_is_caught_is_reported(monkeypatch):
    name = next(m for m in (f.name for f in mutants_of_mse()) if "Pow -> Mult" in m)
    monkeypatch.setattr(answers_to_mse, "EQUIVALENT_MUTANTS", {name: "thought to be equal"}, raising=False)
    found = audit(MSE, seeds=1)
    assert found.equivalent == 1
    assert found.faults == [f"the mutant {name!r} is listed as equivalent, but it is caught: unlist it"]


def test_a_listed_equivalent_that_does_not_exist_is_reported(monkeypatch):
    monkeypatch.setattr(answers_to_mse, "EQUIVALENT_MUTANTS", {"x + y: Add -> Sub": "gone"}, raising=False)
    assert audit(MSE, seeds=1).faults == [
        "the listed equivalent mutant 'x + y: Add -> Sub' does not exist any more"
    ]


def test_equivalent_mutants_that_are_not_listed_are_survivors(monkeypatch):
    listed = dict(answers_to_fit_linear.EQUIVALENT_MUTANTS)
    monkeypatch.setattr(answers_to_fit_linear, "EQUIVALENT_MUTANTS", {})
    found = audit(exercise("fit_linear"), seeds=5)
    survivors = {fault.split("'")[1] for fault in found.faults}
    assert survivors == set(listed)
    assert "x_mean @ w: factors of @ swapped" in survivors
    assert found.survived == len(found.faults) == len(listed)


def test_a_criterion_without_cases_and_a_case_without_criterion_are_reported():
    asked = replace(MSE, criteria=(*MSE.criteria, Criterion("typing error", 0.25, agrees())))
    assert "the criterion 'typing error' has no case: everybody meets it" in audit(asked, seeds=1).faults
    fewer = replace(MSE, criteria=(MSE.criteria[0], MSE.criteria[2]))
    assert (
        "there are cases for 'different shapes are refused', which is no criterion"
        in audit(fewer, seeds=1).faults
    )


def test_an_endless_answer_is_stopped_and_wrong():
    quick = replace(MSE, seconds=0.2)
    verdict = verdict_of(quick, endless, quick.cases(np.random.default_rng(0))[:1])
    assert verdict.points == 0.0


def test_the_limit_on_time_ends_with_its_block():
    import signal

    before = signal.getsignal(signal.SIGALRM)
    with time_limit(30.0):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is before
    with pytest.raises(TimeoutError), time_limit(0.05):
        endless(0, 0)


def test_the_limit_holds_for_all_cases_together_as_when_marking():
    quick = replace(MSE, seconds=0.3)
    cases = quick.cases(np.random.default_rng(0))
    calls = []

    def endless_and_counted(y_pred, y_true):
        calls.append(1)
        endless(y_pred, y_true)

    verdict = verdict_of(quick, endless_and_counted, cases)
    assert verdict.points == 0.0
    assert len(calls) == 1 < len(cases)


def test_reference_and_misconceptions_are_called_once_a_case():
    calls = Counter()

    def counted(function):
        def told(y_pred, y_true):
            calls[function.__name__] += 1
            return function(y_pred, y_true)

        told.__name__ = function.__name__
        return told

    asked = replace(
        MSE,
        misconceptions=tuple(Misconception(counted(m.answer), m.hint) for m in MSE.misconceptions),
    )
    found = audit(asked, seeds=5)
    assert found.faults == []
    assert found.wrong > 10
    cases = 5 * len(MSE.cases(np.random.default_rng(0)))
    assert set(calls) == {m.name for m in MSE.misconceptions}
    assert max(calls.values()) <= cases


def test_several_at_a_time_find_what_one_by_one_finds():
    sleepy = replace(MSE, criteria=tuple(replace(c, test=anything) for c in MSE.criteria))
    asked = [MSE, sleepy, exercise("fit_linear")]
    told = []
    one, two = audit_all(asked, 2, 1), audit_all(asked, 2, 3, lambda a: told.append(a.exercise))
    assert [replace(a, seconds=0.0) for a in one] == [replace(a, seconds=0.0) for a in two]
    assert sorted(told) == sorted(e.name for e in asked)
    assert two[1].survived > 10
    assert (two[0].survived, two[2].survived) == (0, 0)


def test_an_answer_that_ends_the_process_is_one_line():
    def leaves(y_pred, y_true):
        os._exit(3)

    fatal = replace(MSE, misconceptions=(Misconception(leaves, "gone"),))
    with pytest.raises(CourseError, match=r"ended from inside, by one of .*mse.*--jobs 1"):
        audit_all([fatal, fatal], 1, 2)


def test_cases_that_cannot_be_made_are_a_finding():
    def broken(rng):
        return [1 / 0]

    found = audit(replace(MSE, cases=broken), seeds=1)
    assert found.faults == ["the cases cannot be made: ZeroDivisionError: division by zero"]


# --- the command -----------------------------------------------------------------------------------------


def grader(code, *arguments):
    """Run the command line in a process of its own, after some changes to what is registered."""
    start = f"import sys\n{code}\nsys.argv = ['grader', *{list(arguments)!r}]\nfrom grader.commands import run\nrun()"
    return subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, cwd=ROOT)


def test_the_command_ends_with_its_count_and_status_0_when_all_is_well():
    done = grader("", "audit", "mse", "--seeds", "2")
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    assert last.endswith("wrong answers, 0 survived; 5 correct answers, 0 refused")
    assert int(last.split()[0]) >= 12


@pytest.mark.exhaustive
def test_the_command_ends_with_status_1_when_a_wrong_answer_survives():
    code = (
        "from dataclasses import replace\n"
        "from fnnkit.exercises.ch1_xor import mse\n"
        "sleepy = tuple(replace(c, test=lambda trials: None) for c in mse.EXERCISE.criteria)\n"
        "mse.EXERCISE = replace(mse.EXERCISE, criteria=sleepy)\n"
    )
    done = grader(code, "audit", "mse", "--seeds", "1")
    assert done.returncode == 1
    assert "sum_of_squares loses no marks" in done.stderr
    count = int(done.stdout.splitlines()[-1].split(" wrong answers, ")[1].split()[0])
    assert count > 10


@pytest.mark.exhaustive
def test_the_command_ends_with_status_1_when_a_right_answer_is_refused():
    code = "from grader.answers.ch1_xor import mse\nmse.ANSWERS.append(lambda a, b: 0.0)\n"
    done = grader(code, "audit", "mse", "--seeds", "1")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].endswith("6 correct answers, 1 refused")


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("msee", "did you mean 'mse'?"),
        ("ch1_xo", "did you mean 'ch1_xor'?"),
        ("?", "the chapters are ch1_xor"),
    ],
)
def test_an_unknown_exercise_or_chapter_is_one_line_with_the_nearest_name(asked, meant):
    done = grader("", "audit", "mse", asked)
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    assert line.startswith(f"grader: there is no exercise or chapter {asked!r}; {meant}")


def test_a_chapter_is_audited_by_its_name_and_nothing_twice():
    code = "from fnnkit.exercises import ch1_xor\nch1_xor.EXERCISES = ch1_xor.EXERCISES[:2]\n"
    done = grader(code, "audit", "ch1_xor", "mse", "--seeds", "1", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    names = [e.name for e in exercises("ch1_xor")[:2]]
    first, second = done.stdout.split("\n\n")
    assert [line.split()[0] for line in first.splitlines()[2:]] == names
    assert [line.split()[0] for line in second.splitlines()[2:-1]] == [
        n for n in [*names, "all"] for _ in range(3)
    ]


def test_the_command_says_who_names_what_before_its_count():
    done = grader("", "audit", "relu", "--seeds", "1")
    lines = done.stdout.splitlines()
    assert lines[-1].endswith("0 refused")
    [head] = [line.split() for line in lines if line.startswith("said of")]
    [known] = [line.split() for line in lines if "misconceptions" in line]
    assert head[2:5] == ["kind", "answers", "named"]
    assert known[2] == known[3] == str(len(exercise("relu").misconceptions))
    assert "said of" not in grader("", "audit", "relu", "--seeds", "1", "--no-causes").stdout


def test_what_is_said_of_a_mistake_is_counted_by_who_says_it():
    found = audit(exercise("relu"), seeds=1, causes=True).said
    assert found["misconceptions"].by["registered"] == len(exercise("relu").misconceptions)
    assert found["misconceptions"].by["fact"] >= 1
    assert found["mutants"].by["repair"] >= 1
    assert found["correct answers"].named == 0
    assert found["correct answers"].answers > 4
    assert (found["mutants"] + found["misconceptions"]).answers == sum(
        found[kind].answers for kind in ("mutants", "misconceptions")
    )


def mutants_of_mse():
    from fnnkit.judge.edits import mutants
    from fnnkit.losses import mse

    return mutants(mse)
