"""What is said of a mutant of a reference is the same whatever inputs were drawn: points, success, and the cause.

A cause is looked for on the inputs of the check, and said of an answer that is judged as it is there (`Found.holds`). So
it is said at every seed, or at none, where points, the criterion that failed first, and how it failed are the same; and
so has a registered mistake to be.
"""

import numpy as np
import pytest

from fnnkit.judge.edits import mutants
from fnnkit.judge.exercise import Known, public_cases
from fnnkit.judge.registry import chapter_ids, exercises
from grader import answers
from grader.authoring.witnesses import answers_of
from grader.marking.causes import judged_as

SEEDS = 6
# Counts and classes are small whole numbers: those of a mutant can be those of a registered mistake by chance, in every
# call of a criterion.
BY_CHANCE = {
    "activation_patterns": {"1: 1 -> 2 #2"},
    "count_xor_solutions": {"w * max(0, x1 * w1 + x2 * w2 + c): Mult -> Add"},
    "sample_multinoulli": {"np.cumsum: cumsum -> cumprod"},
}
EACH = [e for chapter in chapter_ids() for e in exercises(chapter)]


def said_at(exercise, mutant, known):
    """What decides which cause is said."""
    verdict = exercise.judge(known.cases, answers_of(mutant.function, known, exercise.seconds), known=known)
    return verdict.solved, verdict.misconception, judged_as(verdict)


@pytest.mark.sampled(by=("chapter",))
@pytest.mark.parametrize(("chapter", "exercise"), [(e.chapter, e) for e in EACH], ids=[e.name for e in EACH])
def test_a_mutant_has_the_same_cause_at_every_seed(chapter, exercise):
    drawn = [Known(exercise.cases(np.random.default_rng(seed))) for seed in range(1, SEEDS + 1)]
    sets = [Known(public_cases(exercise)), *drawn]
    let_off = {*answers.equivalent_mutants(chapter, exercise.name), *BY_CHANCE.get(exercise.name, ())}
    asked = [m for m in mutants(exercise.reference) if m.name not in let_off]
    found = {m.name: {said_at(exercise, m, known) for known in sets} for m in asked}
    assert {name: said for name, said in found.items() if len(said) > 1} == {}
