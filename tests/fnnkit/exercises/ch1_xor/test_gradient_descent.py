"""`gradient_descent`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest

from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 2.0
# What each mistake leaves, by hand, of 2: each step goes against the gradient 1.25, edges 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "uphill": 0.0,
    "path_without_the_start": 0.0,
    "path_of_one_array": 0.0,
    "gradient_of_the_start": 0.0,
    "always_from_the_start": 0.0,
    "learning_rate_forgotten": 0.0,
    "only_the_last_point": 0.0,
    "one_step_too_few": 0.0,
    "steps_of_one_length": 0.0,
    "start_overwritten": 1.5,
    "whole_numbers_stay_whole": 1.75,
    "rows_moved_in_place": 0.0,
    "stops_when_flat": 1.75,
    "rate_shrinks": 0.0,
    "one_coordinate_at_a_time": 0.0,
    "gradients_collected": 0.0,
    "moves_collected": 0.0,
    "one_step_too_many": 0.0,
    "point_before_the_step": 0.0,
    "point_not_carried_on": 0.0,
    "divided_by_the_rate": 0.0,
    "signs_of_the_gradient": 0.0,
    "momentum_kept": 0.0,
    "last_row_left_empty": 0.0,
    "gradient_of_the_point_before": 0.0,
    "first_row_left_empty": 0.0,
    "rate_on_point_and_gradient": 0.0,
    "last_step_missing": 0.0,
    "start_at_zero": 0.0,
    "first_row_from_the_last": 0.0,
    "each_point_after_its_step": 0.0,
    "points_as_columns": 0.0,
    "last_row_still_the_start": 0.0,
    "moves_from_the_start": 0.0,
    "newest_point_first": 0.0,
    "start_at_the_end": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["uphill", "path_without_the_start", "path_of_one_array", "start_overwritten"]


@pytest.mark.parametrize(("product", "end"), [(0.5, 0.0), (1.9, 0.0), (2.0, 1.0), (2.1, np.inf)])
def test_on_a_bowl_it_converges_below_two_oscillates_at_two_and_diverges_above(product, end):
    curvature = 4.0
    path = exercise("gradient_descent").reference(
        lambda theta: curvature * theta, np.array([1.0]), product / curvature, 400
    )
    distance = abs(path[-1, 0])
    assert distance == pytest.approx(end, abs=1e-9) if np.isfinite(end) else distance > 1e9


def test_integers_in_place_are_refused_by_numpy_and_the_message_says_why():
    def in_place(grad, theta0, learning_rate, steps):
        theta = theta0.copy()
        path = [theta.copy()]
        for _ in range(steps):
            theta -= learning_rate * grad(theta)
            path.append(theta.copy())
        return np.array(path)

    verdict = judged("gradient_descent", in_place)
    assert verdict.points == 1.75
    assert verdict.lines()[0] == ("Unusual", "whole numbers: `theta0` is an array of integers")
    assert "an array of integers cannot hold fractions" in verdict.problem.cause


def test_the_call_that_is_shown_can_be_typed_the_function_among_its_arguments_too():
    verdict = judged("gradient_descent", lambda grad, theta0, learning_rate, steps: theta0)
    text = verdict.problem.call.split("  # ")[0]
    path = eval(text, {"np": np, "gradient_descent": exercise("gradient_descent").reference})
    assert path.shape == (5, 2)
    np.testing.assert_allclose(path, eval(verdict.problem.expected.split(": ", 1)[1]), rtol=1e-5)
