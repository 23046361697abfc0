"""`numerical_gradient`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from fnnkit.judge.attempt import judged
from fnnkit.kernel.named import Named
from grader.answers import right

WORTH = 2.0
# What each mistake leaves, by hand, of 2: the slope along every entry 1, differences to both sides 0.25,
# matrices and more axes 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "one_sided": 1.25,
    "divided_by_eps": 0.0,
    "not_divided": 0.0,
    "precedence_of_the_division": 0.0,
    "all_entries_at_once": 0.0,
    "others_at_zero": 0.0,
    "left_where_it_was_moved_to": 1.25,
    "both_left_where_they_were_moved_to": 0.0,
    "moved_up_for_good": 0.0,
    "up_from_the_one_before": 1.25,
    "callers_array_moved": 1.5,
    "flat_result": 1.5,
    "first_axis_only": 1.5,
    "whole_numbers_stay_whole": 1.75,
    "downhill": 0.0,
    "backwards_on_one_side": 1.25,
    "up_and_down_are_one_array": 0.0,
    "matrices_only": 0.0,
    "returns_in_the_loop": 0.0,
    "half_a_step_each": 0.0,
    "half_of_one_side": 0.0,
    "half_steps": 1.75,
    "own_step": 1.75,
    "relative_step": 1.75,
    "relative_step_divided_by_eps": 0.0,
    "second_difference": 0.0,
    "one_number": 0.0,
    "one_sided_twice_as_far": 1.25,
    "size_of_the_slopes": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["one_sided", "left_where_it_was_moved_to"]


@pytest.mark.parametrize("function", right("ch5_backprop", "numerical_gradient"))
def test_every_listed_answer_finds_the_derivative_of_a_cubic(function):
    rng = np.random.default_rng(99)
    C, theta = rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 3, 2))
    exact = 3 * C * theta**2
    exact[0, 0, 0] += 2 * theta[-1, -1, -1]
    exact[-1, -1, -1] += 2 * theta[0, 0, 0]
    found = function(Named("cubic", C=C, k=2.0).function(), theta, 1e-4)
    np.testing.assert_allclose(found, exact, atol=1e-6)


def test_one_sided_differences_of_scipy_earn_what_one_sided_differences_earn():
    def by_scipy(f, theta, eps):
        return approx_fprime(theta.ravel().astype(float), lambda t: f(t.reshape(theta.shape)), eps).reshape(
            theta.shape
        )

    assert judged("numerical_gradient", by_scipy).points == COSTS["one_sided"]


def test_a_copy_that_is_moved_and_restored_exactly_is_right():
    def restored(f, theta, eps):
        moved, out = np.array(theta, dtype=float), np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            kept = moved[i]
            values = []
            for moved[i] in (kept + eps, kept - eps):
                values.append(f(moved))
            moved[i] = kept
            out[i] = (values[0] - values[1]) / (2 * eps)
        return out

    assert judged("numerical_gradient", restored).solved
