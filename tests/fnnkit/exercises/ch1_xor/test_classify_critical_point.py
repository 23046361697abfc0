"""`classify_critical_point`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 2.0
# What each mistake leaves, by hand,
# of 2: signs of the eigenvalues 1, eigenvalues within tol count as zero 0.75, calm 0.25
COSTS = {
    "sign_of_the_determinant": 0.0,
    "signs_of_the_diagonal": 0.0,
    "any_zero_is_degenerate": 1.25,
    "tolerance_ignored": 1.25,
    "tie_is_not_zero": 1.25,
    "minimum_and_maximum_swapped": 0.0,
    "flat_counts_as_minimum": 1.25,
    "sum_of_the_eigenvalues": 0.0,
    "sign_of_the_product": 0.0,
    "saddle_without_tolerance": 1.25,
    "zeros_left_out": 1.25,
    "valley_is_minimum": 1.25,
    "ridge_is_maximum": 1.25,
    "any_positive_is_minimum": 0.0,
    "singular_values": 0.0,
    "any_negative_is_saddle": 0.0,
    "rest_is_saddle": 1.25,
    "majority_of_signs": 0.0,
    "first_two_eigenvalues": 0.0,
    "eigenvalues_taken_unsorted": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["sign_of_the_determinant", "signs_of_the_diagonal", "any_zero_is_degenerate"]


SEEDS = range(20)


def test_every_word_is_the_answer_to_some_input_of_both_kinds():
    asked = exercise("classify_critical_point")
    for seed in SEEDS:
        words = {}
        for case in asked.cases(np.random.default_rng(seed)):
            words.setdefault(case.criterion, set()).add(asked.reference(*case.args))
        assert words["signs of the eigenvalues"] == {"minimum", "maximum", "saddle"}
        assert words["eigenvalues within tol count as zero"] == {"minimum", "maximum", "saddle", "degenerate"}


@pytest.mark.parametrize("word", ["minimum", "maximum", "saddle", "degenerate", "Minimum", None, 1])
def test_one_word_for_everything_earns_nothing(word):
    assert judged("classify_critical_point", lambda H, tol: word).points == 0.0
