"""Likely causes are true of the numbers they are read off; where no simple relation holds, none is claimed."""

import math
import warnings

import numpy as np
import pytest

from fnnkit.judge.attempt import judged
from fnnkit.judge.diagnose import likely_cause

W = np.array([[1.0, 2.0, -4.0], [0.5, 3.0, 8.0]])


@pytest.mark.parametrize(
    ("have", "cause"),
    [
        (-W, "every entry has the other sign"),
        (np.zeros_like(W), ""),
        (np.abs(W), "negative entries came out positive, all of the right size"),
        (W + 0.25, "every entry is off by the same +0.25"),
        (W - 1.5, "every entry is off by the same -1.5"),
        (W[:, ::-1], "the right numbers stand in other places"),
        (W * 7, "every entry is 7 times too large"),
        (W / 7, "every entry is 7 times too small"),
        (
            W * 6,
            "every entry is 6 times too large (6 is also the number of entries)",
        ),
        (
            W / 3,
            "every entry is 3 times too small (3 is also the length of axis 1)",
        ),
        (
            W * 2,
            "every entry is 2 times too large (2 is also the length of axis 0)",
        ),
        (W + np.arange(6).reshape(2, 3), ""),
    ],
)
def test_relations_between_arrays_are_said(have, cause):
    assert likely_cause(W, have) == cause


def test_a_square_matrix_that_is_transposed_is_recognised():
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert likely_cause(A, A.T) == "it is transposed"


@pytest.mark.parametrize("factor", [2.0, 0.5, 4.0, 0.25, -1.0])
def test_of_a_single_number_nothing_is_said(factor):
    """The difference of squares may be minus the right number, a count over another range twice the right one."""
    assert likely_cause(np.array(3.0), np.array(3.0 * factor)) == ""


@pytest.mark.parametrize("factor", [1.0 + 1e-7, 289.5, 1.37, 1 / 289.5])
def test_a_factor_that_no_formula_has_is_not_said(factor):
    assert likely_cause(W, factor * W) == ""


def test_nearly_right_numbers_of_one_sign_are_no_absolute_values():
    assert likely_cause(np.abs(W), np.abs(W) * (1 + 1e-8)) == ""


def test_a_single_number_off_by_an_unusual_factor_proves_nothing():
    assert likely_cause(np.array(3.0), np.array(5.1)) == ""


def test_entries_that_should_be_zero_must_be_zero_for_a_factor_to_be_claimed():
    assert "2 times too large" in likely_cause(np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 6.0]))
    assert "times" not in likely_cause(np.array([0.0, 1.0, 3.0]), np.array([0.5, 2.0, 6.0]))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nothing_is_claimed_about_numbers_that_are_not_finite(bad):
    assert likely_cause(np.array([1.0, 2.0]), np.array([1.0, bad])) == ""
    assert likely_cause(np.array([1.0, bad]), np.array([1.0, 2.0])) == ""


def test_nothing_is_claimed_about_empty_arrays():
    assert likely_cause(np.zeros((0, 2)), np.zeros((0, 2))) == ""


@pytest.mark.parametrize(
    ("want", "have"),
    [([1e-3, -1e308], [1e308, 1e308]), ([1e-3], [1e308]), ([1e-300, 1e-300], [1e300, 1e300]), ([1.0, 2.0], [1e308, -1e308])],
)  # fmt: skip
def test_huge_wrong_numbers_neither_warn_nor_give_an_infinite_factor(want, have):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "inf" not in likely_cause(np.array(want), np.array(have))


def test_a_function_of_one_number_that_is_given_an_array_is_said_to_be_one():
    said = judged("tanh_grad", lambda z: 1 - math.tanh(z) ** 2).problem.cause
    assert said.startswith("a function of one number")
