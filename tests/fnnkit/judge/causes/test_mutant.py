"""A mutant of the reference with the same values says, in words, what is true of these values."""

from dataclasses import replace

import numpy as np
import pytest

from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.causes.here import Here
from fnnkit.judge.causes.mutant import WORDS, _mutants, _words, mutated
from fnnkit.judge.edits import Mutant, mutants
from fnnkit.judge.exercise import Known, public_cases
from fnnkit.judge.registry import chapter_ids, exercise, exercises
from fnnkit.kernel.call import call

WRONG = {
    "missing term": (
        "fit_linear",
        """
def fit_linear(X, y):
    centred = np.column_stack([X - X.mean(axis=0), np.ones(len(X))])
    found = np.linalg.lstsq(centred, y, rcond=None)[0]
    return found[:-1], float(found[-1])
""",
        "A term of a sum is missing. A right function with this one change gives what yours gives, in every call.",
    ),
    "function": (
        "mse",
        """
def mse(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes differ")
    return float(np.linalg.norm(y_pred - y_true) ** 2)
""",
        "The sum stands for the mean. A right function with this one change gives what yours gives, in every call.",
    ),
}


def evidence(name, text, registered=""):
    asked = exercise(name)
    cases = public_cases(asked)
    space = {"np": np}
    exec(compile(text, "<answer>", "exec"), space)  # noqa: S102
    answers = [call(space[name], c.args) for c in cases]
    known = Known(cases)
    verdict = replace(asked.judge(cases, answers, known=known), misconception=registered)
    return Evidence(text, asked, cases, answers, Here(space, name, space[name]), verdict, known)


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_said_is_what_was_changed(kind):
    name, text, words = WRONG[kind]
    [found] = mutated(evidence(name, text))
    assert (found.witness, found.kind) == ("mutant", kind)
    assert found.said() == words


def test_it_is_silent_where_a_registered_mistake_speaks():
    name, text, _ = WRONG["function"]
    assert list(mutated(evidence(name, text, "sum_of_squares"))) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mse", WRONG["function"][1].replace("** 2)", "** 2) + 1e-3")),  # near it is not the same
        (
            "mse",
            WRONG["function"][1].replace("** 2)", "** 2 if y_pred.size != 4 else 0.0)"),
        ),  # not in every call
        ("mse", "def mse(y_pred, y_true):\n    return float('nan')"),
        ("mse", "def mse(y_pred, y_true):\n    raise ValueError('everything')"),
        ("mse", "def mse(y_pred, y_true):\n    return 0.0"),
    ],
)
def test_what_agrees_in_part_only_is_not_believed(name, text):
    assert list(mutated(evidence(name, text))) == []


def test_mutants_that_would_say_different_things_say_nothing(monkeypatch):
    name, text, _ = WRONG["function"]
    seen = evidence(name, text)
    [one] = [m for m in _mutants(seen.exercise) if _words(m)[0] == "function"]
    monkeypatch.setattr(
        "fnnkit.judge.causes.mutant._mutants", lambda _: (one, replace(one, name="x: minus left out"))
    )
    assert list(mutated(seen)) == []


def test_words_hold_nothing_of_the_reference():
    said = {words for _, _, words in WORDS}
    for name in ("mse", "fit_linear", "affine"):
        assert {_words(m)[1] for m in mutants(exercise(name).reference)} <= said | {""}
    assert _words(Mutant("a + b: Add -> Sub #2", len)) == _words(Mutant("a + b: Add -> Sub", len))
    assert not any("`" in words for words in said)


def test_a_judge_has_read_the_references_before_it_can_open_no_file():
    import inspect

    from fnnkit.judge.edits import reference_text
    from grader.marking import judge

    reference_text.cache_clear()
    judge._try_out("ch1_xor")
    missed = reference_text.cache_info().misses
    for e in exercises("ch1_xor"):
        reference_text(inspect.unwrap(e.reference))
    assert reference_text.cache_info().misses == missed
    assert sum(len(exercises(c)) for c in chapter_ids()) < reference_text.cache_info().maxsize
